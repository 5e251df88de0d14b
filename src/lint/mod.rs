//! What is wrong with a book that can be read: one rule a file, each with its documentation. And
//! the list of every code that `check` can report, whichever floor finds it.

mod allow;
mod codes;
mod facts;
mod fix;
mod rules;

use std::sync::Arc;

use rayon::prelude::*;

use crate::book::Book;
use crate::book::model::{CheckSeverity, Date, Place};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, sort};
use crate::source::Span;

pub use codes::{CODES, Code, code};
pub use facts::Facts;
pub use fix::{Fix, apply, fixes};

/// What a look at a book goes by besides the book.
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
    pub check: fn(&Book, &Facts<'_>, &mut Sink<'_>),
}

/// The rules, in the order of their documentation.
pub const RULES: &[Rule] = rules::ALL;

/// The code of findings about the settings of `check` themselves.
const SETTING: &str = "check-setting";

/// Where a rule's findings go.
pub struct Sink<'a> {
    book: &'a Book,
    code: &'static str,
    severity: Severity,
    findings: Vec<Diagnostic>,
}

impl Sink<'_> {
    /// Tells of something at a place.
    pub fn tell(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.finding(place, false, message, hint);
        self.findings.push(finding);
    }

    /// The same at the key of a place, for what is missing below it.
    pub fn tell_key(&mut self, place: &Place, message: impl Into<String>, hint: impl Into<String>) {
        let finding = self.finding(place, true, message, hint);
        self.findings.push(finding);
    }

    /// The same with the other one of two places, and what is there.
    pub fn tell_both(
        &mut self,
        place: &Place,
        message: impl Into<String>,
        hint: impl Into<String>,
        (other, there): (&Place, &str),
    ) {
        let sources = &self.book.sources;
        let finding = self.finding(place, false, message, hint);
        self.findings.push(finding.label(sources.name(other), sources.span(other), there));
    }

    /// The same at a stretch of a file.
    pub fn tell_span(
        &mut self,
        file: &Arc<str>,
        span: Span,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        let finding = Diagnostic::error(self.code, file, span, message).severity(self.severity).hint(hint);
        self.findings.push(finding);
    }

    fn finding(
        &self,
        place: &Place,
        key: bool,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Diagnostic {
        let sources = &self.book.sources;
        let span = if key { sources.key_span(place) } else { sources.span(place) };
        Diagnostic::error(self.code, sources.name(place), span, message).severity(self.severity).hint(hint)
    }
}

/// Runs every rule, at the severities that the book sets, and leaves out what the book allows. The
/// findings are sorted by file and line.
pub fn lint(book: &Book, context: &Context) -> Vec<Diagnostic> {
    lint_for(book, context, Severity::Info)
}

/// The same of what is at least so bad: rules whose findings are less are not asked.
pub fn lint_for(book: &Book, context: &Context, least: Severity) -> Vec<Diagnostic> {
    let asked: Vec<(&Rule, &Code, Severity)> = RULES
        .iter()
        .filter_map(|rule| {
            let code = code(rule.id)?;
            let severity = match book.check.severity.get(rule.id) {
                None => code.severity,
                Some(CheckSeverity::Error) => Severity::Error,
                Some(CheckSeverity::Warning) => Severity::Warning,
                Some(CheckSeverity::Info) => Severity::Info,
                Some(CheckSeverity::Off) => return None,
            };
            (severity <= least).then_some((rule, code, severity))
        })
        .collect();
    let mut findings: Vec<Diagnostic> = Vec::new();
    if !asked.is_empty() {
        let facts = Facts::new(book, context.today);
        // Each rule by itself: none knows of the others.
        let found = asked.par_iter().with_max_len(1).map(|(rule, code, severity)| {
            let mut sink = Sink { book, code: code.id, severity: *severity, findings: Vec::new() };
            (rule.check)(book, &facts, &mut sink);
            sink.findings
        });
        findings = found.flatten_iter().collect();
    }
    allow::apply(book, &mut findings);
    settings(book, &mut findings);
    findings.retain(|finding| finding.severity <= least);
    sort(&mut findings);
    findings
}

/// Tells of codes in the book's settings that no rule has. A warning, so that a book may name rules of
/// a later callbook.
fn settings(book: &Book, findings: &mut Vec<Diagnostic>) {
    let Some(place) = &book.check.place else { return };
    for code in book.check.severity.keys() {
        if let Some((message, hint)) = no_rule(code) {
            let place = place.key("severity").key(code);
            let (name, span) = (book.sources.name(&place), book.sources.key_span(&place));
            let finding = Diagnostic::error(SETTING, name, span, message);
            findings.push(finding.severity(Severity::Warning).maybe_hint(hint));
        }
    }
}

/// Why a code cannot be changed or allowed, if it cannot.
fn no_rule(code: &str) -> Option<(String, Option<String>)> {
    if RULES.iter().any(|rule| rule.id == code) {
        return None;
    }
    let shown = crate::book::brief(code);
    if codes::code(code).is_some() {
        let message = format!("`{shown}` is a fault of the file, which cannot be changed or allowed");
        return Some((message, Some("take it away, and mend the fault where it stands".into())));
    }
    let hint = did_you_mean(code, RULES.iter().map(|rule| rule.id))
        .or_else(|| Some("`callbook check` shows the code of every finding in brackets".into()));
    Some((format!("no rule has the code `{shown}`"), hint))
}

/// How many of the findings have a severity.
pub fn count(findings: &[Diagnostic], severity: Severity) -> usize {
    findings.iter().filter(|finding| finding.severity == severity).count()
}
