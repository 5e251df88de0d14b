//! What is wrong with a book, as plain data. A diagnostic never formats itself: `cli::ui` does.

use std::sync::Arc;

use serde::Serialize;

use crate::source::Span;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Cannot be meant; `check` fails.
    Error,
    /// Means something, but probably not what the reader needs.
    Warning,
    /// Worth knowing.
    Info,
}

/// A second place that explains the finding: where the other one of two stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Label {
    /// The file, relative to the book.
    pub file: Arc<str>,
    /// The stretch of it.
    pub span: Span,
    /// What is there.
    pub message: String,
}

/// One finding of `check`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Diagnostic {
    /// The file, relative to the book, with `/`.
    pub file: Arc<str>,
    /// The place.
    pub span: Span,
    /// How bad it is.
    pub severity: Severity,
    /// One of [`crate::lint::CODES`], stable, for people to search and silence.
    pub code: &'static str,
    /// What is wrong: lower case, no full stop, what was expected.
    pub message: String,
    /// One next step.
    pub hint: Option<String>,
    /// Other places that matter.
    pub labels: Vec<Label>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: &'static str, file: &Arc<str>, span: Span, message: impl Into<String>) -> Self {
        Diagnostic {
            file: file.clone(),
            span,
            severity: Severity::Error,
            code,
            message: message.into(),
            hint: None,
            labels: Vec::new(),
        }
    }

    /// The same with another severity.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the next step where there is one.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        if hint.is_some() {
            self.hint = hint;
        }
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn label(mut self, file: &Arc<str>, span: Span, message: impl Into<String>) -> Self {
        self.labels.push(Label { file: file.clone(), span, message: message.into() });
        self
    }
}

/// Sorts by file, line and column, and drops exact repeats.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort();
    diagnostics.dedup();
}

/// The nearest known name, when it is near enough to have been meant.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = given.to_lowercase();
    let mut best: Option<(usize, &str)> = None;
    for name in known {
        let distance = if name.to_lowercase() == lower {
            0
        } else if lower.chars().count() > 64 {
            continue;
        } else {
            strsim::damerau_levenshtein(&lower, name)
        };
        let size = lower.chars().count().max(name.chars().count());
        let near = distance <= 1 + size / 4 && distance < size;
        // Half a name typed is a name meant, too: `budget` for `no-budget`.
        let part = size > 3
            && lower.chars().count() >= 4
            && (name.contains(lower.as_str()) || (name.len() >= 4 && lower.contains(name)));
        let rank = if near {
            distance
        } else if part {
            50 + size
        } else {
            continue;
        };
        if best.is_none_or(|(other, kept)| (rank, name) < (other, kept)) {
            best = Some((rank, name));
        }
    }
    best.map(|(_, name)| name)
}

/// A hint that names the nearest known name, or else all of a short list.
pub fn did_you_mean<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let known: Vec<&str> = known.into_iter().collect();
    if let Some(name) = nearest(given, known.iter().copied()) {
        return Some(format!("did you mean `{name}`?"));
    }
    if known.is_empty() || known.len() > 16 {
        return None;
    }
    Some(format!("use one of: {}", known.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_one_that_may_have_been_meant() {
        let known = ["utterances", "title", "too-expensive", "no-budget"];
        let near = |given| nearest(given, known);
        assert_eq!(near("utterance"), Some("utterances"));
        assert_eq!(near("Title"), Some("title"));
        assert_eq!(near("to-expensive"), Some("too-expensive"));
        assert_eq!(near("budget"), Some("no-budget"));
        assert_eq!(near("zebra"), None);
    }
}
