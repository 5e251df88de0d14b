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

/// Names that are known, measured once, so that the nearest one is found quickly among many.
#[derive(Debug)]
pub struct Known<N> {
    names: Vec<(N, Measure)>,
}

/// What tells two names apart without comparing them letter by letter.
#[derive(Debug, Clone, Copy)]
struct Measure {
    length: usize,
    /// Which letters it has, as bits; rare ones share theirs.
    letters: u64,
}

impl Measure {
    fn of(name: &str) -> Self {
        let bit = |c: char| match c {
            'a'..='z' => c as u32 - 'a' as u32,
            '0'..='9' => 26 + c as u32 - '0' as u32,
            _ => 36 + c as u32 % 28,
        };
        let mut measure = Measure { length: 0, letters: 0 };
        for c in name.chars() {
            measure.length += 1;
            measure.letters |= 1 << bit(c);
        }
        measure
    }

    /// No fewer changes make the one of the other: each mends one letter that is too many and one that
    /// is missing at most.
    fn least(self, other: Measure) -> usize {
        let lacks = |a: u64, b: u64| (a & !b).count_ones() as usize;
        let letters = lacks(self.letters, other.letters).max(lacks(other.letters, self.letters));
        letters.max(self.length.abs_diff(other.length))
    }

    /// Whether it may stand within the other.
    fn may_be_in(self, other: Measure) -> bool {
        self.length <= other.length && self.letters & !other.letters == 0
    }
}

/// How many letters differ, two that changed places counting as one.
fn distance(one: &str, other: &str) -> usize {
    let same = |a: &mut dyn Iterator<Item = char>, b: &mut dyn Iterator<Item = char>| -> usize {
        a.zip(b).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum()
    };
    // What both begin and end with changes nothing.
    let head = same(&mut one.chars(), &mut other.chars());
    let (one, other) = (&one[head..], &other[head..]);
    let tail = same(&mut one.chars().rev(), &mut other.chars().rev());
    let (one, other) = (&one[..one.len() - tail], &other[..other.len() - tail]);
    match (one, other) {
        ("", rest) | (rest, "") => rest.chars().count(),
        _ => strsim::damerau_levenshtein(one, other),
    }
}

impl<N: AsRef<str>> Known<N> {
    /// Measures the names.
    pub fn new(names: impl IntoIterator<Item = N>) -> Self {
        let measured = names.into_iter().map(|name| {
            let measure = Measure::of(name.as_ref());
            (name, measure)
        });
        Known { names: measured.collect() }
    }

    /// The nearest one, when it is near enough to have been meant.
    pub fn nearest(&self, given: &str) -> Option<&N> {
        let lower = given.to_lowercase();
        let here = Measure::of(&lower);
        let mut best: Option<(usize, &N)> = None;
        for (known, measure) in &self.names {
            let name = known.as_ref();
            let size = here.length.max(measure.length);
            let same = match name.is_ascii() {
                true => name.eq_ignore_ascii_case(&lower),
                false => name.to_lowercase() == lower,
            };
            if !same && here.length > 64 {
                continue;
            }
            let most = (1 + size / 4).min(size.saturating_sub(1));
            let near = match here.least(*measure) {
                _ if same => (size > 0).then_some(0),
                least if least > most => None,
                // There is a nearer one already.
                least if best.is_some_and(|(rank, _)| rank < least) => continue,
                _ => Some(distance(&lower, name)).filter(|distance| *distance <= most),
            };
            // Half a name typed is a name meant, too: `budget` for `no-budget`.
            let part = || {
                here.length >= 4
                    && (here.may_be_in(*measure) && name.contains(lower.as_str())
                        || name.len() >= 4 && measure.may_be_in(here) && lower.contains(name))
            };
            let rank = match near {
                Some(distance) => distance,
                None if part() => 50 + size,
                None => continue,
            };
            if best.is_none_or(|(other, kept)| (rank, name) < (other, kept.as_ref())) {
                best = Some((rank, known));
            }
        }
        best.map(|(_, name)| name)
    }
}

/// The nearest known name, when it is near enough to have been meant.
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    Known::new(known).nearest(given).copied()
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
