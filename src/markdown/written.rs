//! Texts written as Markdown again: values escaped, nothing active.

use std::fmt::Write as _;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::{blank, is_absurd, is_safe_link, joined, options};
use crate::template::spoken::{Filled, Piece};

/// Markdown in which values are the very characters that were filled in, and the book's own text
/// brings neither HTML nor links that may not be published.
pub fn to_markdown(filled: &Filled) -> String {
    let filled = filled.now();
    let out = written(filled);
    if !is_absurd(&out) {
        return neutral(out);
    }
    let mut plain = String::new();
    for piece in &filled.0 {
        match piece {
            Piece::Text(text) | Piece::Value(text) | Piece::Named { value: text, .. } => {
                escape_markdown(text, &mut plain);
            }
            Piece::Blank(name) => escape_markdown(&blank(name), &mut plain),
            Piece::Cases(_) => {}
        }
    }
    plain
}

/// The stretches of a text that are code within a line.
fn code_spans(text: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(text, options()).into_offset_iter();
    events.filter(|(event, _)| matches!(event, Event::Code(_))).map(|(_, range)| range).collect()
}

/// Whether an odd number of backslashes stands before a place.
fn is_escaped(text: &str) -> bool {
    (text.len() - text.trim_end_matches('\\').len()) % 2 == 1
}

/// Takes what is active out of Markdown. It may be joined to one line and put beside other texts,
/// so what is HTML or a link is judged by its characters; only code that is surely code is let be.
fn neutral(text: String) -> String {
    if !text.contains(['<', ']', '`']) {
        return text;
    }
    let mut text = text;
    // What is escaped can open or close code further on: look again until nothing changes.
    for _ in 0..4 {
        let one_line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let stray = {
            let spans = code_spans(&one_line);
            let inside = |at: usize| spans.iter().any(|span| span.contains(&at));
            one_line.match_indices('`').any(|(at, _)| !is_escaped(&one_line[..at]) && !inside(at))
        };
        let spans = if text == one_line { code_spans(&text) } else { Vec::new() };
        let next = defused(&text, &spans, stray);
        if next == text {
            return text;
        }
        text = next;
    }
    defused(&text, &[], true)
}

/// How long the address of a link may be, in bytes.
const LONGEST_TARGET: usize = 4000;

fn defused(text: &str, code: &[Range<usize>], no_backticks: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut code = code.iter().peekable();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        while code.peek().is_some_and(|span| span.start < at) {
            code.next();
        }
        if let Some(span) = code.next_if(|span| span.start == at && span.end > at) {
            out.push_str(&text[span.clone()]);
            at = span.end;
            continue;
        }
        let rest = &text[at + c.len_utf8()..];
        let escaped = matches!(c, '<' | ']' | '`') && is_escaped(&out);
        if !escaped && (c == '`' && no_backticks || c == '<' && begins_tag(rest)) {
            out.push('\\');
        }
        out.push(c);
        at += c.len_utf8();
        if c == ']' && !escaped && rest.starts_with(['(', ':']) {
            let blank = |c: char| c.is_whitespace() || c == '>';
            let lead = 1 + rest[1..].len() - rest[1..].trim_start_matches(blank).len();
            let body = &rest[lead..];
            let length = match body.strip_prefix('<') {
                Some(inner) => inner.find(['>', '\n']).map_or(body.len(), |end| end + 2),
                None => target_length(body, rest.starts_with('(')),
            };
            if length > LONGEST_TARGET || length > 0 && !is_safe_target(&body[..length]) {
                out.push_str(&rest[..lead]);
                out.push('#');
                at += lead + length;
            }
        }
    }
    out
}

/// How long the address at the start of a text is: to a space, or to the bracket that closes it.
fn target_length(body: &str, in_brackets: bool) -> usize {
    let mut depth = 0usize;
    let mut previous = ' ';
    for (at, c) in body.char_indices() {
        match c {
            _ if c.is_whitespace() => return at,
            '(' if previous != '\\' => depth += 1,
            ')' if previous != '\\' && depth == 0 && in_brackets => return at,
            ')' if previous != '\\' => depth = depth.saturating_sub(1),
            _ => {}
        }
        previous = c;
    }
    body.len()
}

/// Whether the address of a link, as it is written, may be published.
fn is_safe_target(written: &str) -> bool {
    let link = format!("[x]({written})");
    let read = Parser::new_ext(&link, options()).find_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    is_safe_link(written.trim_matches(['<', '>'])) && read.is_none_or(|read| is_safe_link(&read))
}

/// Whether what follows a `<` makes a tag of it; addresses in angle brackets may stay.
fn begins_tag(rest: &str) -> bool {
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
        return false;
    }
    let end = rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\'' | '='));
    let inside = match end {
        Some(end) if rest[end..].starts_with('>') => &rest[..end],
        _ => return true,
    };
    let web = ["http:", "https:", "mailto:", "tel:"];
    let is_web = web.iter().any(|scheme| inside.to_ascii_lowercase().starts_with(scheme));
    let is_mail = inside.contains('@') && !inside.contains([':', '/']);
    !is_web && !is_mail
}

/// Markdown in which values are the very characters that were filled in.
fn written(filled: &Filled) -> String {
    let mut out = String::new();
    for piece in &filled.0 {
        match piece {
            Piece::Text(text) => {
                // A number that was filled in must not become that of a list.
                if text.starts_with(['.', ')'])
                    && begins_line(&out)
                    && out.ends_with(|c: char| c.is_ascii_digit())
                {
                    out.push('\\');
                }
                out.push_str(&joined(text));
            }
            Piece::Value(value) | Piece::Named { value, .. } => {
                let value = value.replace(['\n', '\r'], " ");
                // A backslash that stands before the value must not take the first escape away from it.
                if (out.len() - out.trim_end_matches('\\').len()) % 2 == 1 {
                    out.push('\\');
                }
                escape_markdown(&value, &mut out);
            }
            Piece::Blank(name) => {
                let _ = write!(out, "\\_\\_\\_\\_ ({})", name.replace('_', "\\_"));
            }
            Piece::Cases(_) => {}
        }
    }
    out
}

/// Whether nothing but signs of lists, quotations and headings stands on the last line.
fn begins_line(text: &str) -> bool {
    let line = text.rsplit('\n').next().unwrap_or_default();
    line.chars().all(|c| matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '#' | '.' | ')' | '0'..='9'))
}

/// Plain text as Markdown that shows just these characters.
pub fn escape_markdown(text: &str, out: &mut String) {
    let mut at_start = begins_line(out);
    let mut previous = out.chars().next_back();
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let special = match c {
            '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '|' | '~' | '&' => true,
            '_' => !(word(previous) && word(chars.peek().copied())),
            '#' | '+' | '-' | '=' => at_start,
            // Before what follows the value, it could make a picture of a link.
            '!' => chars.peek().is_none(),
            '.' | ')' => {
                previous.is_some_and(|c| c.is_ascii_digit()) && chars.peek().is_none_or(|c| c.is_whitespace())
            }
            _ => false,
        };
        if special {
            out.push('\\');
        }
        out.push(c);
        at_start = at_start && c == ' ';
        previous = Some(c);
    }
}
