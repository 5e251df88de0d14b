//! Adds a part to a list of a file and touches no other byte: comments, blank lines, indentation and
//! line ends stay as they are.

use serde_yaml::{Mapping, Value};

use super::lenient::Lenient;
use super::spans::{Spans, YamlPath};

/// A value to be written, with remarks beside it.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// A text.
    Text(String),
    /// A list of texts, one a line.
    Texts(Vec<String>),
    /// A list of parts.
    Parts(Vec<Vec<Entry>>),
}

/// A key of a part to be written.
#[derive(Debug, Clone, PartialEq)]
pub enum Entry {
    /// A key and its value.
    Key(&'static str, Written),
    /// A remark: a key that may be added, and what it is for.
    Remark(&'static str),
}

/// How a file is indented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Style {
    /// From a key to the dashes of its list.
    dash: usize,
    /// From a dash to the keys behind it.
    keys: usize,
}

const USUAL: Style = Style { dash: 2, keys: 2 };

/// The text of a file with one part more at the end of a list, which is made if it is not there. Errors
/// with what is in the way, in words for a person.
pub fn append(text: &str, list: &str, part: &[Entry]) -> Result<String, String> {
    append_all(text, list, std::slice::from_ref(&part)).map(|(text, _)| text)
}

/// The same with several parts, in order, and the line (from 1) at which each of them begins in the new
/// text; where the list stands in brackets that is one line for all.
pub fn append_all<P: AsRef<[Entry]>>(
    text: &str,
    list: &str,
    parts: &[P],
) -> Result<(String, Vec<u32>), String> {
    let body = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mark = text.len() - body.len();
    let (spans, trouble) = Spans::read(body);
    if !trouble.is_empty() {
        return Err("the file is not sound YAML; `callbook check` shows where".into());
    }
    let old: Value = read(body)?;
    let Some(top) = old.as_mapping() else {
        return Err("the file is not made of lines of `key: value`".into());
    };
    let root = YamlPath::root();
    let start = spans.find(&root).value.start;
    let first = body.lines().nth(start.line as usize - 1).unwrap_or_default();
    if first.trim_start().starts_with('{')
        || first[..first.len().min(start.column as usize - 1)].contains('{')
    {
        return Err("the whole file stands in braces".into());
    }
    let indent = start.column as usize - 1;
    let path = root.key(list);
    let (at, added) = match top.get(list) {
        None => at_end(body, indent, list, parts),
        Some(Value::Null) => {
            let line = spans.find(&path).key.map_or(1, |key| key.start.line as usize);
            let style = style_of(body, &spans, top, indent);
            (after_line(body, line), all_lines(parts, indent + style.dash, style, false))
        }
        Some(Value::Sequence(items)) => {
            let key = spans.find(&path).key.map_or(start, |key| key.start);
            let value = spans.find(&path).value.start;
            let here = offset(body, value.line, value.column);
            if body[here..].starts_with('[') {
                in_brackets(body, here, items.len(), parts)?
            } else {
                let last = spans.find(&path.item(items.len().saturating_sub(1))).value.start;
                let (dash, keys) = dash_column(body, last.line, last.column)
                    .ok_or("the last item of the list does not begin with a dash of its own")?;
                let style =
                    Style { dash: dash.saturating_sub(key.column as usize - 1), keys: (keys - dash).max(2) };
                let apart = items.len() > 1 && blank_above(body, last.line);
                let mut added = all_lines(parts, dash, style, apart);
                if apart {
                    added.before(String::new());
                }
                (after_line(body, end_of_item(body, last.line as usize, dash)), added)
            }
        }
        Some(_) => return Err(format!("`{list}` is not a list")),
    };
    let end = if body.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len() + 400);
    out.push_str(&text[..mark]);
    out.push_str(&body[..at]);
    let mut line = body[..at].matches('\n').count() as u32 + 1;
    let mut begins = Vec::with_capacity(parts.len());
    if added.whole_lines {
        if at > 0 && !body[..at].ends_with('\n') {
            out.push_str(end);
            line += 1;
        }
        let mut firsts = added.firsts.iter().peekable();
        for (index, text) in added.lines.iter().enumerate() {
            if firsts.next_if_eq(&&index).is_some() {
                begins.push(line);
            }
            out.push_str(text);
            out.push_str(end);
            line += 1;
        }
    } else {
        out.push_str(&added.lines.concat());
        begins.resize(parts.len(), line);
    }
    out.push_str(&body[at..]);
    verify(&old, &out[mark..], list, parts.len())?;
    Ok((out, begins))
}

/// What is put into a file.
struct Added {
    lines: Vec<String>,
    /// The line at which each part begins.
    firsts: Vec<usize>,
    /// Whether these are lines, and no piece of one.
    whole_lines: bool,
}

impl Added {
    /// Puts a line before everything else.
    fn before(&mut self, line: String) {
        self.lines.insert(0, line);
        self.firsts.iter_mut().for_each(|first| *first += 1);
    }
}

/// Parts as lines, the dash of each at a column, with a blank line between them or without.
fn all_lines<P: AsRef<[Entry]>>(parts: &[P], dash: usize, style: Style, apart: bool) -> Added {
    let mut added = Added { lines: Vec::new(), firsts: Vec::new(), whole_lines: true };
    for (index, part) in parts.iter().enumerate() {
        if apart && index > 0 {
            added.lines.push(String::new());
        }
        added.firsts.push(added.lines.len());
        added.lines.extend(lines(part.as_ref(), dash, style));
    }
    added
}

fn read(text: &str) -> Result<Value, String> {
    let value: Result<Lenient, _> = serde_yaml::from_str(text);
    value
        .map(|Lenient(value)| value)
        .map_err(|_| "the file is not sound YAML; `callbook check` shows where".into())
}

/// Makes sure that the file says what it said before, and so many parts more.
fn verify(old: &Value, text: &str, list: &str, parts: usize) -> Result<(), String> {
    let fail = || "the end of the list cannot be found with certainty; add the part by hand".to_string();
    let new: Value = read(text).map_err(|_| fail())?;
    let without = |value: &Value| -> Option<(Mapping, Vec<Value>)> {
        let mut map = value.as_mapping()?.clone();
        let items = match map.shift_remove(list) {
            Some(Value::Sequence(items)) => items,
            Some(Value::Null) | None => Vec::new(),
            Some(_) => return None,
        };
        Some((map, items))
    };
    let ((before, first), (after, second)) = without(old).zip(without(&new)).ok_or_else(fail)?;
    let grown = second.len() == first.len() + parts && second.starts_with(&first);
    if before == after && grown { Ok(()) } else { Err(fail()) }
}

fn offset(text: &str, line: u32, column: u32) -> usize {
    let start = after_line(text, line as usize - 1);
    let rest = &text[start..];
    start + rest.char_indices().nth(column as usize - 1).map_or(rest.len(), |(at, _)| at)
}

/// The byte behind a line (from 1) and its line break.
fn after_line(text: &str, line: usize) -> usize {
    let mut breaks = text.match_indices('\n').map(|(at, _)| at + 1);
    if line == 0 { 0 } else { breaks.nth(line - 1).unwrap_or(text.len()) }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// The columns (from 0) of the dash before an item and of what stands behind it; a place within braces
/// is that of its first key.
fn dash_column(text: &str, line: u32, column: u32) -> Option<(usize, usize)> {
    let line = text.lines().nth(line as usize - 1)?;
    let before: String = line.chars().take(column as usize - 1).collect();
    let dash = before.find('-')?;
    let between = &before[dash + 1..];
    let gap = between.len() - between.trim_start_matches(' ').len();
    let alone = before[..dash].trim().is_empty() && matches!(between.trim(), "" | "{");
    (alone && gap > 0).then_some((dash, dash + 1 + gap))
}

/// Whether the line above an item, remarks put aside, is blank.
fn blank_above(text: &str, line: u32) -> bool {
    let lines: Vec<&str> = text.lines().take(line as usize - 1).collect();
    let above = lines.iter().rev().find(|line| !line.trim_start().starts_with('#'));
    above.is_some_and(|line| line.trim().is_empty())
}

/// The last line (from 1) of the item that begins at a line: what is indented deeper than its dash.
fn end_of_item(text: &str, begin: usize, dash: usize) -> usize {
    let mut end = begin;
    for (index, line) in text.lines().enumerate().skip(begin) {
        let blank = line.trim().is_empty();
        if blank {
            continue;
        }
        if indent_of(line) <= dash {
            break;
        }
        end = index + 1;
    }
    end
}

/// How the file's other lists are indented.
fn style_of(text: &str, spans: &Spans, top: &Mapping, indent: usize) -> Style {
    let lists = top.iter().filter(|(_, value)| value.as_sequence().is_some_and(|items| !items.is_empty()));
    lists
        .filter_map(|(key, _)| {
            let at = spans.find(&YamlPath::root().key(key.as_str()?).item(0)).value.start;
            let (dash, keys) = dash_column(text, at.line, at.column)?;
            Some(Style { dash: dash.saturating_sub(indent), keys: (keys - dash).max(2) })
        })
        .next()
        .unwrap_or(USUAL)
}

/// A new list at the end of the file, before what ends the document.
fn at_end<P: AsRef<[Entry]>>(text: &str, indent: usize, list: &str, parts: &[P]) -> (usize, Added) {
    let (spans, _) = Spans::read(text);
    let top = read(text).ok().and_then(|value| value.as_mapping().cloned()).unwrap_or_default();
    let style = style_of(text, &spans, &top, indent);
    let mut at = text.len();
    if let Some((before, _)) = text.rsplit_once("\n...") {
        let rest = &text[before.len() + 4..];
        if rest.trim().is_empty() {
            at = before.len() + 1;
        }
    }
    let mut added = all_lines(parts, indent + style.dash, style, false);
    added.before(format!("{}{list}:", " ".repeat(indent)));
    if !text[..at].trim_end_matches([' ', '\r']).ends_with("\n\n") && !text[..at].ends_with("\n\r\n") {
        added.before(String::new());
    }
    (at, added)
}

/// A list in brackets takes the parts in braces, before its last bracket.
fn in_brackets<P: AsRef<[Entry]>>(
    text: &str,
    open: usize,
    items: usize,
    parts: &[P],
) -> Result<(usize, Added), String> {
    let close = open + closing(&text[open..]).ok_or("the list in brackets has no end")?;
    let before = text[..close].trim_end();
    let comma = if items == 0 || before.ends_with(',') { "" } else { ", " };
    let at = if text[before.len()..close].contains('\n') { before.len() } else { close };
    let parts: Vec<String> = parts.iter().map(|part| braces(part.as_ref())).collect();
    let line = format!("{comma}{}", parts.join(", "));
    Ok((at, Added { lines: vec![line], firsts: Vec::new(), whole_lines: false }))
}

/// The bracket that closes the one that a text begins with. What is read wrongly here is seen when the
/// result is verified.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    let mut quote: Option<char> = None;
    let mut before = '[';
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some('"'), '\\') => drop(chars.next()),
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if matches!(before, '[' | '{' | ',' | ':') => quote = Some(c),
            (None, '#') if text[..at].ends_with([' ', '\n', '\t']) => {
                chars.by_ref().find(|(_, c)| *c == '\n');
            }
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at);
                }
            }
            (None, _) => {}
        }
        if !c.is_whitespace() {
            before = c;
        }
    }
    None
}

fn braces(part: &[Entry]) -> String {
    let json = |text: &String| serde_json::to_string(text).unwrap_or_default();
    let keys = part.iter().filter_map(|entry| match entry {
        Entry::Remark(_) => None,
        Entry::Key(key, Written::Text(text)) => Some(format!("{key}: {}", json(text))),
        Entry::Key(key, Written::Texts(texts)) => {
            Some(format!("{key}: [{}]", texts.iter().map(json).collect::<Vec<_>>().join(", ")))
        }
        Entry::Key(key, Written::Parts(parts)) => {
            Some(format!("{key}: [{}]", parts.iter().map(|part| braces(part)).collect::<Vec<_>>().join(", ")))
        }
    });
    format!("{{{}}}", keys.collect::<Vec<_>>().join(", "))
}

/// A part as lines, its dash at a column.
fn lines(part: &[Entry], dash: usize, style: Style) -> Vec<String> {
    let mut out = Vec::new();
    let mut lead = format!("{}-{}", " ".repeat(dash), " ".repeat(style.keys - 1));
    let column = dash + style.keys;
    let plain = " ".repeat(column);
    for entry in part {
        match entry {
            // The dash belongs to a key.
            Entry::Remark(remark) => out.push(format!("{plain}# {remark}")),
            Entry::Key(key, Written::Text(text)) => out.push(format!("{lead}{key}: {}", scalar(text))),
            Entry::Key(key, Written::Texts(texts)) => {
                out.push(format!("{lead}{key}:"));
                let inner = " ".repeat(column + style.dash);
                let gap = " ".repeat(style.keys - 1);
                out.extend(texts.iter().map(|text| format!("{inner}-{gap}{}", scalar(text))));
            }
            Entry::Key(key, Written::Parts(parts)) => {
                out.push(format!("{lead}{key}:"));
                parts.iter().for_each(|part| out.extend(lines(part, column + style.dash, style)));
            }
        }
        if matches!(entry, Entry::Key(..)) {
            lead.clone_from(&plain);
        }
    }
    out
}

/// The keys of a whole file, top level, as lines.
pub fn file(entries: &[Entry]) -> String {
    let mut out = String::new();
    for line in lines(entries, 0, USUAL) {
        // The lines of a part, without its dash.
        out.push_str(line.get(2..).unwrap_or_default());
        out.push('\n');
    }
    out
}

/// A text as YAML on one line: without quotes where nothing in it could mean anything else.
pub fn scalar(text: &str) -> String {
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    let plain = |c: char| {
        c.is_alphanumeric() || matches!(c, ' ' | '.' | '?' | '!' | '\'' | '’' | '-' | '(' | ')' | '/' | '%')
    };
    let safe = text.starts_with(char::is_alphabetic)
        && text.chars().all(plain)
        && text.trim() == text
        && !words.contains(&text.to_lowercase().as_str());
    if safe { text.to_string() } else { serde_json::to_string(text).unwrap_or_default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part() -> Vec<Entry> {
        vec![
            Entry::Key("id", Written::Text("new".into())),
            Entry::Remark("code: P1"),
            Entry::Key("title", Written::Text("It's: new".into())),
            Entry::Key("utterances", Written::Texts(vec!["one".into(), "# two".into()])),
        ]
    }

    #[track_caller]
    fn check(before: &str, after: &str) {
        assert_eq!(append(before, "objections", &part()).as_deref(), Ok(after));
    }

    #[test]
    fn a_part_goes_behind_the_last_one_and_nothing_else_changes() {
        let new = "  - id: new\n    # code: P1\n    title: \"It's: new\"\n    utterances:\n      - one\n      - \"# two\"\n";
        check(
            "playbook: p # x\nobjections:\n  - id: a\n    say: |\n      one\n\n      two # no remark\n    # a's own\n\n# of the next\ncloses: []\n",
            &format!(
                "playbook: p # x\nobjections:\n  - id: a\n    say: |\n      one\n\n      two # no remark\n    # a's own\n{new}\n# of the next\ncloses: []\n"
            ),
        );
        check(
            "objections:\n  - {id: a}\n  - {id: b} # x\n",
            &format!("objections:\n  - {{id: a}}\n  - {{id: b}} # x\n{new}"),
        );
        // Blank lines between parts are kept up; a file may end without a line break.
        check(
            "objections:\n  - id: a\n\n  - id: b",
            &format!("objections:\n  - id: a\n\n  - id: b\n\n{new}"),
        );
        check("playbook: p", &format!("playbook: p\n\nobjections:\n{new}"));
        check("objections:\ncloses: []\n", &format!("objections:\n{new}closes: []\n"));
        check("a: b\n...\n", &format!("a: b\n\nobjections:\n{new}...\n"));
    }

    #[test]
    fn the_style_of_the_file_is_kept() {
        check(
            "objections:\n- id: a\nb: c\n",
            "objections:\n- id: a\n- id: new\n  # code: P1\n  title: \"It's: new\"\n  utterances:\n  - one\n  - \"# two\"\nb: c\n",
        );
        check(
            "objections:\r\n    -   id: a\r\n",
            "objections:\r\n    -   id: a\r\n    -   id: new\r\n        # code: P1\r\n        title: \"It's: new\"\r\n        utterances:\r\n            -   one\r\n            -   \"# two\"\r\n",
        );
        let flow = r##"{id: "new", title: "It's: new", utterances: ["one", "# two"]}"##;
        check("objections: []\n", &format!("objections: [{flow}]\n"));
        check("objections: [{id: a}] # x\n", &format!("objections: [{{id: a}}, {flow}] # x\n"));
        check(
            "\u{FEFF}objections: [\n  {id: a},\n]\n",
            &format!("\u{FEFF}objections: [\n  {{id: a}},{flow}\n]\n"),
        );
    }

    #[test]
    fn what_cannot_be_done_safely_is_not() {
        for text in ["{objections: []}", "objections: x", "a: [", "- a", "a: &x [{b: c}]\nobjections: *x\n"] {
            assert!(append(text, "objections", &part()).is_err(), "{text}");
        }
    }

    #[test]
    fn any_text_is_written_so_that_it_reads_the_same() {
        for text in [
            "yes",
            "It's",
            "a: b",
            "# x",
            "12",
            "嗎？",
            "say \"no\"",
            "- x",
            "tab\there",
            "a\nb",
            "*x",
            "",
            " x",
        ] {
            let value: Value = serde_yaml::from_str(&format!("- {}\n", scalar(text))).expect(text);
            assert_eq!(value[0], Value::String(text.into()), "{text}");
        }
    }
}
