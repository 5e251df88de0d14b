//! A line of text with a cursor.
//!
//! The cursor stands between characters as people see them: a letter with all of its marks, whether
//! they were typed composed or one after the other, is one step and one Backspace.

use ratatui::style::Style;
use ratatui::text::Span;
use unicode_width::UnicodeWidthStr;

use super::key::Key;

/// The longest text of a field, in bytes; what is pasted beyond it is cut.
const LONGEST: usize = 4096;

/// What a key did to a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edit {
    /// Nothing: the key is no concern of a field.
    Ignored,
    /// The text is as it was; the cursor may have moved.
    Moved,
    /// The text is another one.
    Changed,
}

/// A line of text with a cursor.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Field {
    text: String,
    /// In bytes, always between two characters as people see them.
    cursor: usize,
}

/// The part of a field that a width shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visible {
    /// The text, with an ellipsis where it goes on to the left.
    pub text: String,
    /// The column of the cursor, from 0.
    pub cursor: usize,
}

impl Field {
    /// A field with a text, the cursor behind it.
    pub fn new(text: &str) -> Self {
        let mut field = Field::default();
        field.insert(text);
        field
    }

    /// The text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor stands, in bytes of the text.
    pub fn cursor(&self) -> usize {
        self.cursor
    }

    /// Whether nothing has been written.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether the cursor stands at the end, before it nothing or a space: a word would begin here.
    pub fn at_new_word(&self) -> bool {
        self.cursor == self.text.len() && self.text.chars().next_back().is_none_or(char::is_whitespace)
    }

    /// Whether the cursor stands at the end, behind a word that no code begins with: a longer one, one that is
    /// not the first, or one of another script.
    pub fn behind_a_word(&self) -> bool {
        let word = self.text.rsplit(char::is_whitespace).next().unwrap_or_default();
        let is_one = !word.is_empty() && word.chars().all(char::is_alphabetic);
        self.cursor == self.text.len()
            && is_one
            && (word.chars().count() > 2 || !word.is_ascii() || word.len() < self.text.trim_start().len())
    }

    /// Writes a text at the cursor: line breaks and tabs become one space, what cannot be seen goes.
    /// Whether anything was written.
    pub fn insert(&mut self, text: &str) -> bool {
        let mut clean = String::new();
        for c in text.chars() {
            let c = if c.is_whitespace() || c.is_control() && "\r\n\t".contains(c) { ' ' } else { c };
            if self.text.len() + clean.len() + c.len_utf8() > LONGEST {
                break;
            }
            // A typed space is kept; of a pasted break with its indentation one is enough.
            let again = c == ' ' && clean.ends_with(' ');
            if !c.is_control() && !is_hidden(c) && !again {
                clean.push(c);
            }
        }
        self.text.insert_str(self.cursor, &clean);
        // A mark joins the letter before it, and one behind the cursor joins what was written.
        let to = self.cursor + clean.len();
        self.cursor = self.stops().into_iter().find(|stop| *stop >= to).unwrap_or(self.text.len());
        !clean.is_empty()
    }

    /// Takes everything out.
    pub fn clear(&mut self) {
        *self = Field::default();
    }

    /// Acts on a key as editors and shells do.
    pub fn press(&mut self, key: Key) -> Edit {
        match key {
            Key::Char(c) => {
                let mut bytes = [0; 4];
                let changed = self.insert(c.encode_utf8(&mut bytes));
                return if changed { Edit::Changed } else { Edit::Moved };
            }
            Key::Left | Key::Ctrl('b') => self.cursor = self.before(self.cursor),
            Key::Right | Key::Ctrl('f') => self.cursor = self.after(self.cursor),
            Key::WordLeft | Key::Alt('b') => self.cursor = self.word_before(),
            Key::WordRight | Key::Alt('f') => self.cursor = self.word_after(),
            Key::Home | Key::Ctrl('a') => self.cursor = 0,
            Key::End | Key::Ctrl('e') => self.cursor = self.text.len(),
            Key::Backspace | Key::Ctrl('h') => return self.cut(self.before(self.cursor), self.cursor),
            Key::Delete | Key::Ctrl('d') => return self.cut(self.cursor, self.after(self.cursor)),
            Key::Ctrl('w') | Key::DeleteWord => return self.cut(self.word_before(), self.cursor),
            Key::Alt('d') => return self.cut(self.cursor, self.word_after()),
            Key::Ctrl('u') => return self.cut(0, self.cursor),
            Key::Ctrl('k') => return self.cut(self.cursor, self.text.len()),
            _ => return Edit::Ignored,
        }
        Edit::Moved
    }

    /// The part that so many columns show, the cursor in it; the cursor takes up a column.
    pub fn visible(&self, columns: usize) -> Visible {
        let columns = columns.max(2);
        let width = |from: usize, to: usize| UnicodeWidthStr::width(&self.text[from..to]);
        let stops = self.stops();
        let mut from = 0;
        let mut lead = 0;
        if width(0, self.cursor) + 1 > columns {
            // One column for the ellipsis, one for the cursor.
            let fits = |stop: &usize| *stop <= self.cursor && width(*stop, self.cursor) + 2 <= columns;
            from = stops.iter().copied().find(fits).unwrap_or(self.cursor);
            lead = 1;
        }
        let to = stops.iter().copied().rfind(|to| *to >= from && lead + width(from, *to) <= columns);
        let shown = &self.text[from..to.unwrap_or(from)];
        let text = if lead == 1 { format!("…{shown}") } else { shown.to_string() };
        Visible { text, cursor: lead + width(from, self.cursor) }
    }

    fn cut(&mut self, from: usize, to: usize) -> Edit {
        if from >= to {
            return Edit::Moved;
        }
        self.text.replace_range(from..to, "");
        // What was apart may be one character now.
        self.cursor = self.stops().into_iter().rfind(|stop| *stop <= from).unwrap_or(0);
        Edit::Changed
    }

    /// Where the cursor can stand, in bytes, from 0 to the end.
    fn stops(&self) -> Vec<usize> {
        let span = Span::raw(self.text.as_str());
        let mut stops = vec![0];
        let mut at = 0;
        for part in span.styled_graphemes(Style::default()) {
            at += part.symbol.len();
            stops.push(at);
        }
        debug_assert_eq!(at, self.text.len(), "a field holds nothing that the screen leaves out");
        stops
    }

    fn before(&self, at: usize) -> usize {
        self.stops().into_iter().rfind(|stop| *stop < at).unwrap_or(0)
    }

    fn after(&self, at: usize) -> usize {
        self.stops().into_iter().find(|stop| *stop > at).unwrap_or(self.text.len())
    }

    /// The beginning of the word before the cursor.
    fn word_before(&self) -> usize {
        let before = self.text[..self.cursor].trim_end();
        let start = before.char_indices().rfind(|(_, c)| c.is_whitespace());
        start.map_or(0, |(at, c)| at + c.len_utf8())
    }

    /// The end of the word behind the cursor.
    fn word_after(&self) -> usize {
        let rest = &self.text[self.cursor..];
        let word = rest.len() - rest.trim_start().len();
        let end = rest[word..].find(char::is_whitespace).map_or(rest.len(), |at| word + at);
        self.cursor + end
    }
}

/// What turns the direction of a text around or marks the order of bytes: nobody types it.
fn is_hidden(c: char) -> bool {
    matches!(c, '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with the cursor as `|`, after keys: letters are typed, names in `<>` are keys.
    fn after(start: &str, keys: &[Key]) -> String {
        let mut field = Field::new(start);
        for key in keys {
            field.press(*key);
        }
        let (before, behind) = field.text.split_at(field.cursor);
        format!("{before}|{behind}")
    }

    #[test]
    fn keys_edit_as_people_expect() {
        use Key::{
            Alt, Backspace, Char, Ctrl, Delete, DeleteWord, Enter, Home, Left, Right, WordLeft, WordRight,
        };
        for (start, keys, expected) in [
            ("", &[Char('a'), Char('b')][..], "ab|"),
            ("too pricey", &[Ctrl('w')], "too |"),
            ("too pricey  ", &[DeleteWord], "too |"),
            ("too pricey", &[Home, Alt('d')], "| pricey"),
            ("too pricey", &[Left, Ctrl('u')], "|y"),
            ("too pricey", &[WordLeft, Ctrl('k')], "too |"),
            ("too pricey", &[Ctrl('a'), WordRight, Char('!')], "too!| pricey"),
            ("ab", &[Left, Left, Left, Delete, Right, Right], "b|"),
            ("ab", &[Enter], "ab|"),
            // Composed and decomposed: one step, one Backspace.
            ("đắt quá", &[Backspace], "đắt qu|"),
            ("que\u{302}\u{301}", &[Backspace], "qu|"),
            ("que\u{302}\u{301}", &[Left], "qu|e\u{302}\u{301}"),
            ("que", &[Char('\u{302}'), Char('\u{301}'), Left, Left, Char('x')], "qx|ue\u{302}\u{301}"),
            ("e\u{301}", &[Home, Char('a'), Char('\u{301}'), Backspace], "|e\u{301}"),
            // A mark alone, a family, a flag.
            ("", &[Char('\u{301}'), Backspace], "|"),
            ("a👩\u{200D}👩\u{200D}👧", &[Backspace], "a|"),
            ("🇻🇳🇲🇾", &[Backspace, Char('a')], "🇻🇳a|"),
            ("太貴了", &[Left, Backspace], "太|了"),
            ("", &[Backspace, Delete, Left, Ctrl('w'), Ctrl('k')], "|"),
        ] {
            assert_eq!(after(start, keys), expected, "{start:?} {keys:?}");
        }
    }

    #[test]
    fn pastes_become_one_clean_line() {
        for (pasted, expected) in [
            ("two\r\n   lines\tand  more", "two lines and more"),
            ("\u{1b}[31mred\u{7}", "[31mred"),
            ("\u{202E}drow\u{FEFF}", "drow"),
            ("全形\u{3000}空白", "全形 空白"),
        ] {
            assert_eq!(Field::new(pasted).text(), expected, "{pasted:?}");
        }
        let long = Field::new(&"貴".repeat(100_000));
        assert!(long.text().len() <= LONGEST && long.cursor() == long.text().len());
    }

    #[test]
    fn a_narrow_width_shows_where_the_cursor_is() {
        let shown = |text: &str, keys: &[Key], columns: usize| {
            let mut field = Field::new(text);
            keys.iter().for_each(|key| {
                field.press(*key);
            });
            let visible = field.visible(columns);
            format!("{}@{}", visible.text, visible.cursor)
        };
        assert_eq!(shown("too pricey", &[], 20), "too pricey@10");
        assert_eq!(shown("too pricey", &[], 11), "too pricey@10");
        assert_eq!(shown("too pricey", &[], 10), "…o pricey@9");
        assert_eq!(shown("too pricey", &[Key::Home], 5), "too p@0");
        assert_eq!(shown("太貴了太貴了", &[], 8), "…太貴了@7");
        assert_eq!(shown("太貴了太貴了", &[], 7), "…貴了@5");
        assert_eq!(shown("太貴了", &[Key::Left], 20), "太貴了@4");
        assert_eq!(shown("đa\u{301}t", &[], 20), "đa\u{301}t@3");
        assert_eq!(shown("太", &[], 0), "…@1");
    }
}
