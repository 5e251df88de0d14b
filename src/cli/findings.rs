//! Findings for people, for programs, and as annotations of a review.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use rayon::prelude::*;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use super::excerpt::{Look, Shown};
use crate::book::model::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::source::Span;

/// For people: the source line with a caret below it.
pub fn human(findings: &[&Diagnostic], sources: &Sources, folder: &Path, look: Look) -> String {
    let mut files: HashMap<&str, Shown<'_>> = HashMap::new();
    for finding in findings {
        for name in finding.labels.iter().map(|label| &label.file).chain([&finding.file]) {
            files
                .entry(name)
                .or_insert_with(|| Shown { path: path_of(folder, name), source: sources.by_name(name) });
        }
    }
    let piece = |some: &[&Diagnostic]| {
        let mut out = String::new();
        some.iter().for_each(|finding| look.write(&mut out, finding, |name| files.get(name)));
        out
    };
    findings.par_chunks(128).map(piece).collect::<Vec<String>>().concat()
}

/// A file of the book as people would type it.
fn path_of(folder: &Path, file: &str) -> String {
    let path = folder.join(file).display().to_string();
    path.strip_prefix("./").unwrap_or(&path).to_string()
}

/// The last line: how many of what.
pub fn summary(findings: &[Diagnostic], book: &crate::book::Book, files: usize) -> String {
    let plural = |count: usize, noun: &str| match count {
        1 => format!("1 {noun}"),
        _ => format!("{count} {noun}s"),
    };
    let errors = lint::count(findings, Severity::Error);
    let warnings = lint::count(findings, Severity::Warning);
    let cards: usize = book.volumes.iter().map(|volume| volume.objections.len()).sum();
    let playbooks = book.playbooks().count();
    let mut line = String::new();
    let _ = write!(
        line,
        "{} in {}: {}, {}",
        plural(files, "file"),
        plural(playbooks, "playbook"),
        plural(cards, "objection"),
        plural(
            book.volumes
                .iter()
                .map(|volume| &volume.language)
                .collect::<std::collections::BTreeSet<_>>()
                .len(),
            "language"
        ),
    );
    let _ = match (errors, warnings) {
        (0, 0) => write!(line, ". No faults."),
        _ => write!(line, ". {}, {}.", plural(errors, "error"), plural(warnings, "warning")),
    };
    line.push('\n');
    line
}

/// One finding as programs read it: frozen, whatever becomes of [`Diagnostic`].
#[derive(Serialize)]
struct Finding<'a> {
    code: &'a str,
    severity: Severity,
    file: &'a str,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
    message: &'a str,
    hint: Option<&'a str>,
}

impl<'a> Finding<'a> {
    fn new(finding: &'a Diagnostic) -> Self {
        let Span { start, end } = finding.span;
        Finding {
            code: finding.code,
            severity: finding.severity,
            file: &finding.file,
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            message: &finding.message,
            hint: finding.hint.as_deref(),
        }
    }
}

/// For programs.
pub fn json(findings: &[Diagnostic]) -> String {
    #[derive(Serialize)]
    struct All<'a> {
        version: u8,
        findings: Vec<Finding<'a>>,
        errors: usize,
        warnings: usize,
    }
    let all = All {
        version: 1,
        findings: findings.iter().map(Finding::new).collect(),
        errors: lint::count(findings, Severity::Error),
        warnings: lint::count(findings, Severity::Warning),
    };
    format!("{}\n", serde_json::to_string_pretty(&all).unwrap_or_default())
}

/// Annotations that GitHub shows beside the lines of a change.
pub fn github(findings: &[Diagnostic], folder: &Path) -> String {
    let data = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |text: &str| data(text).replace(':', "%3A").replace(',', "%2C");
    let mut out = String::new();
    for finding in findings {
        let level = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "notice",
        };
        let file = path_of(folder, &finding.file);
        let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        let _ = writeln!(
            out,
            "::{level} file={},line={},col={},endLine={},endColumn={},title={}::{}",
            property(&file),
            finding.span.start.line,
            finding.span.start.column,
            finding.span.end.line,
            finding.span.end.column,
            property(finding.code),
            data(&format!("{}{hint}", finding.message)),
        );
    }
    out
}

/// SARIF 2.1.0 (OASIS), which review tools and editors read.
pub fn sarif(findings: &[Diagnostic], folder: &Path) -> String {
    let level = |severity| match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    };
    let rule = |code: &lint::Code| {
        json!({
            "id": code.id,
            "shortDescription": {"text": code.title},
            "fullDescription": {"text": code.explain},
            "defaultConfiguration": {"level": level(code.severity)},
        })
    };
    let place = |file: &str, span: Span| {
        json!({"physicalLocation": {
            "artifactLocation": {"uri": uri(&folder.join(file))},
            "region": {
                "startLine": span.start.line,
                "startColumn": span.start.column,
                "endLine": span.end.line,
                "endColumn": span.end.column,
            },
        }})
    };
    let result = |finding: &Diagnostic| {
        let hint = finding.hint.as_ref().map(|hint| format!(" ({hint})")).unwrap_or_default();
        json!({
            "ruleId": finding.code,
            "level": level(finding.severity),
            "message": {"text": format!("{}{hint}", finding.message)},
            "locations": [place(&finding.file, finding.span)],
            "relatedLocations": finding.labels.iter().map(|label| {
                let mut place = place(&label.file, label.span);
                place["message"] = json!({"text": label.message});
                place
            }).collect::<Vec<Value>>(),
        })
    };
    /// The results, made one by one while they are written: all at once they fill the memory.
    struct Results<F>(F);
    impl<F: Fn() -> I, I: Iterator<Item = Value>> Serialize for Results<F> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.collect_seq(self.0())
        }
    }
    #[derive(Serialize)]
    struct Run<R> {
        tool: Value,
        #[serde(rename = "columnKind")]
        column_kind: &'static str,
        results: R,
    }
    #[derive(Serialize)]
    struct Log<R> {
        #[serde(rename = "$schema")]
        schema: &'static str,
        version: &'static str,
        runs: [Run<R>; 1],
    }
    let tool = json!({"driver": {
        "name": "callbook",
        "version": env!("CARGO_PKG_VERSION"),
        "rules": lint::CODES.iter().map(rule).collect::<Vec<Value>>(),
    }});
    let results = Results(|| findings.iter().map(result));
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run { tool, column_kind: "unicodeCodePoints", results }],
    };
    format!("{}\n", serde_json::to_string_pretty(&log).unwrap_or_default())
}

/// A path as the address of a file: `/` between its parts, everything odd encoded.
fn uri(path: &Path) -> String {
    let path = path.display().to_string().replace('\\', "/");
    let mut out = String::new();
    for byte in path.strip_prefix("./").unwrap_or(&path).bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(byte as char)
            }
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}
