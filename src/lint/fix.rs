//! What has one right answer, as changes to the files: an id that is written out, a remark that allows
//! nothing any more, a language tag with the wrong dash.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::book::Book;
use crate::book::model::{Part, Sources};
use crate::diagnostic::Diagnostic;
use crate::language::Language;
use crate::source::{Position, SourceFile, Span};

/// One change of a file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// The file, relative to the book.
    pub file: Arc<str>,
    /// What is replaced; nothing where it has no width.
    pub span: Span,
    /// What stands there afterwards.
    pub text: String,
    /// What was done, for people.
    pub what: String,
}

/// Every finding that has one right answer, as a change; sorted by file and line.
pub fn fixes(book: &Book, findings: &[Diagnostic]) -> Vec<Fix> {
    let mut out = Vec::new();
    for volume in &book.volumes {
        macro_rules! each {
            ($($list:ident)*) => {$( ids(book, &volume.$list, findings, &mut out); )*};
        }
        each!(stages questions objections closes signals competitors proofs outcomes metrics roles);
    }
    for finding in findings {
        let Some(source) = book.sources.by_name(&finding.file) else { continue };
        match finding.code {
            "unused-allow" => out.extend(remark(source, finding.span, findings)),
            "bad-language" => out.extend(tag(source, finding.span)),
            _ => {}
        }
    }
    out.sort();
    out.dedup();
    out
}

/// The ids that were derived: each as the first key of its part.
fn ids<T: Part>(book: &Book, parts: &[T], findings: &[Diagnostic], out: &mut Vec<Fix>) {
    let sources: &Sources = &book.sources;
    for part in parts {
        let place = &part.common().place;
        if sources.has(&place.key("id")) {
            continue;
        }
        let (file, span) = (sources.name(place), sources.span(place));
        // What is silenced or off is not touched.
        let told = |one: &Diagnostic| one.code == "derived-id" && one.file == *file && one.span == span;
        if !findings.iter().any(told) {
            continue;
        }
        let source = sources.file(place.file);
        let before = &source.text()[..source.offset(span.start)];
        let flow = before.trim_end().ends_with(['{', ',']);
        let end = if source.text().contains("\r\n") { "\r\n" } else { "\n" };
        let indent = " ".repeat(span.start.column as usize - 1);
        let id = part.id();
        out.push(Fix {
            file: file.clone(),
            span: Span::at(span.start),
            text: if flow { format!("id: {id}, ") } else { format!("id: {id}{end}{indent}") },
            what: format!("wrote the id `{id}` of the {}", T::NOUN),
        });
    }
}

/// A remark that allows only what is not found, with the blanks before it; its line, where that is all.
fn remark(source: &SourceFile, span: Span, findings: &[Diagnostic]) -> Option<Fix> {
    let line = source.line(span.start.line)?;
    let codes =
        line.split("allow").nth(1)?.split(" - ").next()?.split([',', ' ']).filter(|code| !code.is_empty());
    let unused = findings
        .iter()
        .filter(|one| one.code == "unused-allow" && one.file == *source.name() && one.span == span);
    // One of several codes may still be needed.
    if codes.count() != unused.count() {
        return None;
    }
    let begin = line.char_indices().nth(span.start.column as usize - 1)?.0;
    let left = line[..begin].trim_end();
    let (start, end) = match left.is_empty() {
        true => (Position::new(span.start.line, 1), Position::new(span.start.line + 1, 1)),
        false => (Position::new(span.start.line, left.chars().count() as u32 + 1), span.end),
    };
    let what = "took a remark away that allowed nothing".to_string();
    Some(Fix { file: source.name().clone(), span: Span { start, end }, text: String::new(), what })
}

/// `en_US` is meant as `en-US`.
fn tag(source: &SourceFile, span: Span) -> Option<Fix> {
    let written = &source.text()[source.offset(span.start)..source.offset(span.end)];
    let dashed = written.replace('_', "-");
    let good = dashed != written && Language::parse(&dashed).is_ok();
    let what = format!("wrote the language `{dashed}`");
    good.then(|| Fix { file: source.name().clone(), span, text: dashed.clone(), what })
}

/// The files with their changes made, by name. The texts are those that the book was read from.
pub fn apply(book: &Book, fixes: &[Fix]) -> BTreeMap<Arc<str>, String> {
    let mut out: BTreeMap<Arc<str>, String> = BTreeMap::new();
    // From the back, so that what is before stays where it is.
    for fix in fixes.iter().rev() {
        let Some(source) = book.sources.by_name(&fix.file) else { continue };
        let text = out.entry(fix.file.clone()).or_insert_with(|| source.text().to_string());
        let (start, end) =
            (source.offset(fix.span.start), source.offset(fix.span.end).max(source.offset(fix.span.start)));
        text.replace_range(start..end, &fix.text);
    }
    out
}
