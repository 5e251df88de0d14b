//! What is wrong with a book that can be read: one rule a file, each with its documentation. And
//! the list of every code that `check` can report, whichever floor finds it.

mod codes;
mod rules;

use crate::book::Book;
use crate::book::model::{Date, Place};
use crate::diagnostic::{Diagnostic, Severity, sort};

pub use codes::{CODES, Code, code};

/// What rules may know besides the book.
#[derive(Debug, Clone, Copy)]
pub struct Context {
    /// The day that dates are compared with.
    pub today: Date,
}

/// A rule over a whole book.
pub struct Rule {
    /// The code of its findings; its documentation is in [`CODES`].
    pub id: &'static str,
    /// Looks at the book and tells what it finds.
    pub check: fn(&Book, &Context, &mut Sink<'_>),
}

/// The rules, in the order of their documentation.
pub const RULES: &[Rule] = rules::ALL;

/// Where a rule's findings go.
pub struct Sink<'a> {
    book: &'a Book,
    code: &'static Code,
    findings: Vec<Diagnostic>,
}

impl Sink<'_> {
    /// Tells of something at a place.
    pub fn tell(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        self.push(place, false, message, Some(hint.into()));
    }

    /// The same at the key of a place, for what is missing below it.
    pub fn tell_key(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        self.push(place, true, message, Some(hint.into()));
    }

    fn push(&mut self, place: &Place, key: bool, message: impl Into<String>, hint: Option<String>) {
        let sources = &self.book.sources;
        let span = if key { sources.key_span(place) } else { sources.span(place) };
        let finding = Diagnostic::error(self.code.id, sources.name(place), span, message)
            .severity(self.code.severity)
            .maybe_hint(hint);
        self.findings.push(finding);
    }
}

/// Runs every rule. The findings are sorted by file and line.
pub fn lint(book: &Book, context: &Context) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    for rule in RULES {
        let Some(code) = code(rule.id) else { continue };
        let mut sink = Sink { book, code, findings: Vec::new() };
        (rule.check)(book, context, &mut sink);
        findings.append(&mut sink.findings);
    }
    sort(&mut findings);
    findings
}

/// How many of the findings have a severity.
pub fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}
