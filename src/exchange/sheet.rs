//! Tables as they are read: rows of texts that know where they stood.

use std::fmt;

use serde::Serialize;

/// No cell has more characters; what is longer is no text for a card (and most often a quote that was
/// never closed).
pub(super) const LONGEST: usize = 10_000;
/// No list has more rows.
pub(super) const MOST_ROWS: usize = 200_000;
/// No row has more columns.
pub(super) const MOST_COLUMNS: usize = 500;

/// Where something stood in a file that was imported.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Where {
    /// The sheet, where there may be several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The row of a spreadsheet, the line of a text or the number of a record, from 1.
    pub row: u32,
    /// Which of the three: `row`, `line` or `record`.
    pub unit: &'static str,
}

impl fmt::Display for Where {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(sheet) = &self.sheet {
            write!(f, "sheet `{sheet}`, ")?;
        }
        write!(f, "{} {}", self.unit, self.row)
    }
}

/// What was not taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Left {
    /// Where it stands; nothing for the whole file.
    #[serde(flatten)]
    pub place: Option<Where>,
    /// Why, in words for a person.
    pub why: String,
    /// The beginning of what stands there.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
}

impl Left {
    /// What stands at a place and was not taken over.
    pub fn at(place: &Where, why: impl Into<String>, text: &str) -> Self {
        Left { place: Some(place.clone()), why: why.into(), text: crate::book::brief(text) }
    }
}

/// A row with its cells, which are trimmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Where it stands.
    pub place: Where,
    /// The cells, from the first column on.
    pub cells: Vec<String>,
}

impl Row {
    /// The text of a cell; empty where there is none.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Whether there is nothing in it.
    pub fn is_blank(&self) -> bool {
        self.cells.iter().all(String::is_empty)
    }

    /// What stands in it, for people.
    pub fn text(&self) -> String {
        let cells: Vec<&str> =
            self.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty()).collect();
        cells.join(" | ")
    }
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet {
    /// Its name, where there may be several.
    pub name: Option<String>,
    /// The rows that are not blank.
    pub rows: Vec<Row>,
}

/// The letters of a column, as spreadsheets count: A, B, …, AA.
pub(super) fn letters(column: usize) -> String {
    let mut out = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        out.push(b'A' + ((rest - 1) % 26) as u8);
        rest = (rest - 1) / 26;
    }
    out.iter().rev().map(|letter| *letter as char).collect()
}

/// A cell as a card can have it: line breaks as `\n`, what cannot be shown taken out, the apostrophe
/// taken away that kept a spreadsheet from running it.
pub(super) fn clean(text: &str) -> String {
    let odd = |c: &char| {
        crate::book::is_unwanted(*c) || matches!(c, '\u{FFFE}' | '\u{FFFF}' | '\u{2028}' | '\u{2029}')
    };
    let text = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{000B}'], "\n");
    let text: String = text.replace(['\t', '\u{00A0}'], " ").chars().filter(|c| !odd(c)).collect();
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let text = lines.join("\n").trim().to_string();
    match text.strip_prefix('\'') {
        Some(rest) if crate::calls::table::is_formula(rest.strip_prefix('\'').unwrap_or(rest)) => {
            rest.to_string()
        }
        _ => text,
    }
}
