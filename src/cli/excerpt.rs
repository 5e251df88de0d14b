//! One finding as people see it: what is wrong, the line of the file with a caret below what is meant,
//! the next step.
//!
//! A book may have tens of thousands of findings, and all of them are shown: nothing here is laid out
//! before it is written.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Color, Style};
use unicode_width::UnicodeWidthChar;

use super::ui::Ui;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Excerpt, SourceFile, Span, excerpt};

const ERROR: Style = bold(AnsiColor::BrightRed);
const WARNING: Style = bold(AnsiColor::Yellow);
const FRAME: Style = bold(AnsiColor::BrightBlue);
const BOLD: Style = Style::new().bold();

const fn bold(color: AnsiColor) -> Style {
    Style::new().fg_color(Some(Color::Ansi(color))).bold()
}

/// How much stays free before a stretch that is far to the right, in columns.
const BEFORE: usize = 12;

/// How findings are shown.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The columns of the terminal.
    columns: usize,
    /// Whether there are colours.
    styled: bool,
}

/// A file as it is shown: the path as people would type it, and its text where it could be read.
pub struct Shown<'a> {
    pub path: String,
    pub source: Option<&'a SourceFile>,
}

/// A stretch of a file.
struct Stretch<'a> {
    path: &'a str,
    span: Span,
    line: Option<Excerpt>,
    mark: char,
    style: Style,
    /// What is there.
    label: String,
}

impl Look {
    /// As results are shown.
    pub fn of(ui: &Ui) -> Self {
        let (columns, _) = ui.size();
        Look { columns: columns.clamp(60, 140), styled: ui.is_styled() }
    }

    /// Writes one finding, with an empty line behind it. `file` knows the files by their names.
    pub fn write<'a>(
        self,
        out: &mut String,
        finding: &Diagnostic,
        file: impl Fn(&str) -> Option<&'a Shown<'a>>,
    ) {
        let (word, style) = match finding.severity {
            Severity::Error => ("error", ERROR),
            Severity::Warning => ("warning", WARNING),
            Severity::Info => ("info", FRAME),
        };
        self.paint(out, style, |out| {
            let _ = write!(out, "{word}[{}]", finding.code);
        });
        self.paint(out, BOLD, |out| {
            out.push_str(": ");
            clean(out, &finding.message);
        });
        out.push('\n');
        let stretch = |name: &str, span, mark, style, label| {
            let file = file(name)?;
            let line = file.source.and_then(|source| excerpt(source, span));
            Some(Stretch { path: &file.path, span, line, mark, style, label })
        };
        let mut all: Vec<Stretch<'_>> = Vec::new();
        all.extend(stretch(&finding.file, finding.span, '^', style, String::new()));
        for label in &finding.labels {
            let mut text = String::new();
            clean(&mut text, &label.message);
            all.extend(stretch(&label.file, label.span, '-', FRAME, text).filter(|one| one.line.is_some()));
        }
        let gutter = all.iter().map(|one| digits(one.span.start.line)).max().unwrap_or(1);
        for (index, one) in all.iter().enumerate() {
            self.stretch(out, one, index == 0, gutter);
            if index + 1 < all.len() || finding.hint.is_some() && one.line.is_some() {
                self.frame(out, gutter, "|");
                out.push('\n');
            }
        }
        if let Some(hint) = &finding.hint {
            self.frame(out, gutter, "= ");
            self.paint(out, BOLD, |out| out.push_str("help"));
            out.push_str(": ");
            clean(out, hint);
            out.push('\n');
        }
        out.push('\n');
    }

    fn stretch(self, out: &mut String, one: &Stretch<'_>, first: bool, gutter: usize) {
        let Span { start, .. } = one.span;
        pad(out, gutter);
        self.paint(out, FRAME, |out| out.push_str(if first { "--> " } else { "::: " }));
        let _ = write!(out, "{}:{}", one.path, start.line);
        let Some(Excerpt { text, line, range }) = &one.line else {
            out.push('\n');
            return;
        };
        let _ = writeln!(out, ":{}", start.column);
        self.frame(out, gutter, "|");
        out.push('\n');
        self.paint(out, FRAME, |out| {
            let _ = write!(out, "{line:>gutter$} | ");
        });
        let room = self.columns.saturating_sub(gutter + 3);
        let (from, marks) = window(out, text, range, one.label.len(), room);
        out.push('\n');
        self.frame(out, gutter, "| ");
        pad(out, from);
        self.paint(out, one.style, |out| {
            out.extend(std::iter::repeat_n(one.mark, marks));
            if !one.label.is_empty() {
                out.push(' ');
                out.push_str(&one.label);
            }
        });
        out.push('\n');
    }

    /// The beginning of a line that has no number.
    fn frame(self, out: &mut String, gutter: usize, sign: &str) {
        pad(out, gutter + 1);
        self.paint(out, FRAME, |out| out.push_str(sign));
    }

    fn paint(self, out: &mut String, style: Style, text: impl FnOnce(&mut String)) {
        if !self.styled {
            return text(out);
        }
        let _ = write!(out, "{style}");
        text(out);
        let _ = write!(out, "{style:#}");
    }
}

/// Writes as much of a line as there is room for, the stretch and some columns for its label with it.
/// Tells where the marks below begin, in columns, and how many there are.
fn window(
    out: &mut String,
    text: &str,
    range: &std::ops::Range<usize>,
    label: usize,
    room: usize,
) -> (usize, usize) {
    let (start, marked) = (columns(&text[..range.start]), columns(&text[range.clone()]).max(1));
    let end = start + marked;
    let all = end + columns(&text[range.end..]);
    let wanted = (end + label + 1).min(start + room.saturating_sub(BEFORE));
    // What goes away at either end leaves a sign behind.
    let first = if all <= room { 0 } else { wanted.saturating_sub(room.saturating_sub(1)) };
    let last = if all - first <= room { all } else { (first + room).saturating_sub(1) };
    let mut at = 0;
    for c in text.chars() {
        let next = at + wide(c);
        if first == 0 || at > first {
            if next > last {
                break;
            }
            out.push(seen(c));
        } else if next > first {
            // The sign, and a blank for the half of a wide character.
            out.push('…');
            pad(out, next - first - 1);
        }
        at = next;
    }
    if last < all {
        out.push('…');
    }
    (start - first, end.min(last).saturating_sub(start).max(1))
}

fn columns(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.chars().map(wide).sum() }
}

fn wide(c: char) -> usize {
    seen(c).width().unwrap_or(0)
}

/// What is shown of a character: nothing that a terminal could take for a command, or that turns round
/// what stands behind it.
fn seen(c: char) -> char {
    let turns =
        matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    if turns || c.is_control() { '\u{FFFD}' } else { c }
}

fn digits(number: u32) -> usize {
    number.max(1).ilog10() as usize + 1
}

fn pad(out: &mut String, columns: usize) {
    out.extend(std::iter::repeat_n(' ', columns));
}

/// A message, which may quote the book.
fn clean(out: &mut String, text: &str) {
    out.extend(text.chars().map(|c| if matches!(c, '\n' | '\t') { ' ' } else { seen(c) }));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A line as it is shown, and the marks below the stretch that stands in brackets.
    fn shown(line: &str, label: usize, room: usize) -> String {
        let (open, close) = (line.find('[').unwrap_or(0), line.find(']').unwrap_or(0));
        let mut out = String::new();
        let (from, marks) =
            window(&mut out, &line.replacen(['[', ']'], "", 2), &(open..close - 1), label, room);
        format!("{out}\n{}{}", " ".repeat(from), "^".repeat(marks))
    }

    #[test]
    fn marks_stand_below_what_is_meant() {
        let check = |line, room, wanted| assert_eq!(shown(line, 0, room), wanted, "{line}");
        check("say: [rất đắt] quá", 40, "say: rất đắt quá\n     ^^^^^^^");
        check("說: [太貴了]吧", 40, "說: 太貴了吧\n    ^^^^^^");
        check("[]", 40, "\n^");
        check("a [\u{202E}b\u{9b}] c", 40, "a \u{FFFD}b\u{FFFD} c\n  ^^^");
        let far = format!("{}[here] it is", "123456789 ".repeat(5));
        check(&far, 40, "…89 123456789 123456789 123456789 here …\n                                  ^^^^");
        // Half of a wide character is a blank.
        let wide = format!("{}[太貴了]", "貴".repeat(20));
        check(&wide, 30, "… 貴貴貴貴貴貴貴貴貴貴太貴了\n                      ^^^^^^");
        let long = format!("[{}]", "0123456789".repeat(6));
        check(&long, 30, "01234567890123456789012345678…\n^^^^^^^^^^^^^^^^^^^^^^^^^^^^^");
    }

    proptest! {
        /// Whatever a line has: it fits, and the marks stand below it.
        #[test]
        fn lines_fit(before in ".{0,90}", meant in ".{0,90}", after in ".{0,90}", label in 0usize..20, room in 40usize..130) {
            let text = format!("{before}{meant}{after}");
            let range = before.len()..before.len() + meant.len();
            let mut out = String::new();
            let (from, marks) = window(&mut out, &text, &range, label, room);
            prop_assert!(columns(&out) <= room, "{out:?}");
            prop_assert!(!out.chars().any(char::is_control));
            prop_assert!(marks >= 1 && from + marks <= columns(&out).max(from + 1));
            let first = meant.chars().find(|c| wide(*c) > 0);
            let below = out.chars().scan(0, |at, c| { let here = *at; *at += wide(c); Some((here, c)) });
            if let Some(first) = first.map(seen) {
                prop_assert!(below.into_iter().any(|(at, c)| at == from && c == first), "{out:?} {from}");
            }
        }
    }
}
