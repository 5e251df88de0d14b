//! A file of a book as text, and places in it.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use crate::digest;

/// A place in a file as people count: lines and columns from 1, columns in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl Position {
    /// The first character of a file.
    pub const START: Position = Position { line: 1, column: 1 };

    /// A position from a line and a column, both counted from 1.
    pub fn new(line: u32, column: u32) -> Self {
        Position { line, column }
    }
}

/// A stretch of a file, from `start` up to and without `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// The character behind the last one.
    pub end: Position,
}

impl Span {
    /// The very beginning of a file, for faults that have no better place.
    pub const START: Span = Span { start: Position::START, end: Position::START };

    /// A span of no width.
    pub fn at(position: Position) -> Self {
        Span { start: position, end: position }
    }
}

/// A file of the book: its name relative to the book (with `/`), and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    name: Arc<str>,
    text: String,
    line_starts: Vec<usize>,
    sum: OnceLock<u64>,
}

impl SourceFile {
    /// Takes the text over. Lines end with `\n` (or `\r\n`), as in every editor.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        SourceFile { name: name.into(), text, line_starts, sum: OnceLock::new() }
    }

    /// The path relative to the book, with `/`.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What tells its text from others, worked out once.
    pub fn sum(&self) -> u64 {
        *self.sum.get_or_init(|| digest::sum(self.text.as_bytes()))
    }

    /// A line without its line break, or nothing past the end.
    pub fn line(&self, line: u32) -> Option<&str> {
        let index = (line as usize).checked_sub(1)?;
        let start = *self.line_starts.get(index)?;
        let end = self.line_starts.get(index + 1).copied().unwrap_or(self.text.len());
        Some(self.text[start..end].trim_end_matches(['\n', '\r']))
    }

    /// The byte that a position stands at, clamped to its line and to the file.
    pub fn offset(&self, position: Position) -> usize {
        let Some(line) = self.line(position.line) else {
            return self.text.len();
        };
        let start = self.line_starts[position.line as usize - 1];
        let column = (position.column as usize).saturating_sub(1);
        start + line.char_indices().nth(column).map_or(line.len(), |(byte, _)| byte)
    }

    /// The position of a byte; a byte inside a character counts as that character.
    pub fn position(&self, offset: usize) -> Position {
        let mut offset = offset.min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_starts.partition_point(|start| *start <= offset);
        let start = self.line_starts[line - 1];
        Position { line: line as u32, column: self.text[start..offset].chars().count() as u32 + 1 }
    }
}

/// A line of a file as it is shown with a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Excerpt {
    /// The line, or the piece of a very long one: blanks for tabs and control characters.
    pub text: String,
    /// Its number, from 1.
    pub line: usize,
    /// The stretch that is meant, in bytes of `text`; never empty where there is any text.
    pub range: std::ops::Range<usize>,
}

/// The longest line that is shown whole, in bytes.
const LONGEST: usize = 400;

/// The line that a span begins in; nothing past the end of the file.
pub fn excerpt(source: &SourceFile, span: Span) -> Option<Excerpt> {
    let line = source.line(span.start.line)?;
    let column = |column: u32| {
        line.char_indices().nth(column.saturating_sub(1) as usize).map_or(line.len(), |(byte, _)| byte)
    };
    let start = column(span.start.column);
    let end = if span.end.line == span.start.line { column(span.end.column) } else { line.trim_end().len() };
    let (mut start, mut end) = (start, end.max(start));
    // A line of megabytes is cut around its place.
    let mut text = line;
    if line.len() > LONGEST {
        let mut from = start.saturating_sub(LONGEST / 4);
        while !line.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (from + LONGEST).min(line.len());
        while !line.is_char_boundary(to) {
            to -= 1;
        }
        text = &line[from..to];
        start -= from;
        end = (end - from).min(text.len());
    }
    // A caret needs something to stand below.
    if start == end {
        end = text[start..].chars().next().map_or(end, |c| start + c.len_utf8());
    }
    // Same width in bytes for tabs and control characters, so that offsets stay right.
    let text: String =
        text.chars().map(|c| if c.is_control() && c.len_utf8() == 1 { ' ' } else { c }).collect();
    Some(Excerpt { text, line: span.start.line as usize, range: start..end })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_count_characters() {
        let file = SourceFile::new("a.yaml", "tiêu đề: x\r\n太貴了: y\n");
        assert_eq!(file.line(1), Some("tiêu đề: x"));
        assert_eq!(file.line(2), Some("太貴了: y"));
        assert_eq!(file.line(3), Some(""));
        assert_eq!(file.line(4), None);
        let at = file.offset(Position::new(2, 3));
        assert_eq!(&file.text()[at..at + 3], "了");
        assert_eq!(file.position(at), Position::new(2, 3));
        assert_eq!(file.offset(Position::new(9, 9)), file.text().len());
    }
}
