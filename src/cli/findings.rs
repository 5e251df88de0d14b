//! Findings for people, for programs, and as annotations of a review.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use rayon::prelude::*;
use serde_json::{Value, json};

use crate::book::model::Sources;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::source::{Excerpt, SourceFile, Span, excerpt};

/// For people: the source line with a caret below it.
pub fn human(findings: &[Diagnostic], sources: &Sources, folder: &Path, columns: usize) -> String {
    let pieces = findings.par_chunks(128).map(|some| piece(some, sources, folder, columns));
    pieces.collect::<Vec<String>>().concat()
}

fn piece(findings: &[Diagnostic], sources: &Sources, folder: &Path, columns: usize) -> String {
    let renderer = Renderer::styled().term_width(columns.clamp(60, 140));
    let mut out = String::new();
    let mut files: BTreeMap<&str, Option<&SourceFile>> = BTreeMap::new();
    for finding in findings {
        let source = *files.entry(&finding.file).or_insert_with(|| sources.by_name(&finding.file));
        let level = match finding.severity {
            Severity::Error => Level::ERROR,
            Severity::Warning => Level::WARNING,
            Severity::Info => Level::INFO,
        };
        let message = clean(&finding.message);
        let hint = finding.hint.as_deref().map(clean);
        let path = path_of(folder, &finding.file);
        let shown = source.and_then(|source| excerpt(source, finding.span));
        let labels: Vec<_> = finding
            .labels
            .iter()
            .filter_map(|label| {
                let source = sources.by_name(&label.file)?;
                Some((path_of(folder, &label.file), excerpt(source, label.span)?, clean(&label.message)))
            })
            .collect();
        let title = level.primary_title(message.as_str()).id(finding.code);
        let mut group = match &shown {
            Some(Excerpt { text, line, range }) => Group::with_title(title).element(
                Snippet::source(text.as_str())
                    .line_start(*line)
                    .path(path.as_str())
                    .annotation(AnnotationKind::Primary.span(range.clone())),
            ),
            None => Group::with_title(title).element(
                annotate_snippets::Origin::path(path.as_str()).line(finding.span.start.line as usize),
            ),
        };
        for (path, Excerpt { text, line, range }, message) in &labels {
            group = group.element(
                Snippet::source(text.as_str())
                    .line_start(*line)
                    .path(path.as_str())
                    .annotation(AnnotationKind::Context.span(range.clone()).label(message.as_str())),
            );
        }
        if let Some(hint) = &hint {
            group = group.element(Level::HELP.message(hint.as_str()));
        }
        out += &renderer.render(&[group]);
        out += "\n\n";
    }
    out
}

/// A file of the book as people would type it.
fn path_of(folder: &Path, file: &str) -> String {
    let path = folder.join(file).display().to_string();
    path.strip_prefix("./").unwrap_or(&path).to_string()
}

/// Text of a book for a terminal: nothing that it could take for a command.
fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
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

/// For programs.
pub fn json(findings: &[Diagnostic]) -> String {
    let one = |finding: &Diagnostic| {
        json!({
            "code": finding.code,
            "severity": finding.severity,
            "file": &*finding.file,
            "line": finding.span.start.line,
            "column": finding.span.start.column,
            "end_line": finding.span.end.line,
            "end_column": finding.span.end.column,
            "message": finding.message,
            "hint": finding.hint,
        })
    };
    let all = json!({
        "version": 1,
        "findings": findings.iter().map(one).collect::<Vec<Value>>(),
        "errors": lint::count(findings, Severity::Error),
        "warnings": lint::count(findings, Severity::Warning),
    });
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
        let file = folder.join(&*finding.file).display().to_string();
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
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "callbook",
                "version": env!("CARGO_PKG_VERSION"),
                "rules": lint::CODES.iter().map(rule).collect::<Vec<Value>>(),
            }},
            "columnKind": "unicodeCodePoints",
            "results": findings.iter().map(result).collect::<Vec<Value>>(),
        }],
    });
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
