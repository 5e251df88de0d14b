//! A file of a book as text, and places in it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

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
}

impl SourceFile {
    /// Takes the text over. Lines end with `\n` (or `\r\n`), as in every editor.
    pub fn new(name: impl Into<Arc<str>>, text: impl Into<String>) -> Self {
        let text = text.into();
        let line_starts = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
        SourceFile { name: name.into(), text, line_starts }
    }

    /// The path relative to the book, with `/`.
    pub fn name(&self) -> &Arc<str> {
        &self.name
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
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
