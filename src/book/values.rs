//! Ids, dates, stretches of time and texts: what the parts of a book are made of.

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Reads `2027-01-31`; nothing else is a date.
pub fn parse_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| {
        bytes.get(range).is_some_and(|part| part.iter().all(u8::is_ascii_digit))
    };
    let shaped = bytes.len() == 10
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && digits(0..4)
        && digits(5..7)
        && digits(8..10);
    shaped.then(|| text.parse().ok()).flatten()
}

/// A stretch of time as trainers write it: `4h`, `3d`, `2w`, `6m`, `1y`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(into = "String")]
pub struct Days {
    written: String,
    /// Whole days; months count 30 and years 365.
    pub days: u32,
}

impl Days {
    /// Reads a number and a unit.
    pub fn parse(text: &str) -> Option<Self> {
        let unit = text.chars().last()?;
        let number: u32 = text[..text.len() - unit.len_utf8()].trim().parse().ok()?;
        let days = match unit {
            'h' => number / 24,
            'd' => number,
            'w' => number.checked_mul(7)?,
            'm' => number.checked_mul(30)?,
            'y' => number.checked_mul(365)?,
            _ => return None,
        };
        (number <= 10_000).then(|| Days { written: text.to_string(), days })
    }
}

impl From<Days> for String {
    fn from(days: Days) -> String {
        days.written
    }
}

impl fmt::Display for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.written)
    }
}

/// A stable name that people can quote: `a-z`, `0-9`, `-`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Id(Arc<str>);

impl Id {
    /// Takes a text that is an id by the grammar; anything else becomes its slug.
    pub fn new(text: &str) -> Self {
        match super::grammar::id_fault(text) {
            None => Id(text.into()),
            Some(_) => Id(slug(text).into()),
        }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// An id made from a text in any script: `Nó đắt quá!` becomes `no-dat-qua`.
pub fn slug(text: &str) -> String {
    let mut out = String::new();
    let text: String = text.chars().take(200).collect();
    for c in deunicode::deunicode(&text).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('-') && !out.is_empty() && c != '\'' {
            out.push('-');
        }
        if out.len() >= 60 {
            break;
        }
    }
    let out = out.trim_matches('-').to_string();
    match out.as_str() {
        "" => "part".to_string(),
        _ if super::grammar::id_fault(&out).is_some() => format!("{out}-1"),
        _ => out,
    }
}

/// Markdown that may have minijinja variables in it; checked, not filled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Markup(pub String);

impl Markup {
    /// The text as it was written.
    pub fn source(&self) -> &str {
        &self.0
    }
}
