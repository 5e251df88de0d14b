//! The slips that people make when they write YAML by hand, told in their words and at the line where
//! they were made. The parser tells only where it could not go on.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::grammar::brief;
use super::schema::{FileKind, Shape, shape};
use crate::source::{Position, SourceFile, Span};

/// A slip: where it is, what it is, and what to do.
pub(super) struct Slip {
    pub span: Span,
    pub message: String,
    pub hint: String,
}

impl Slip {
    /// A slip in a line, from a column (counted from 0) on.
    fn new(
        line: u32,
        from: usize,
        length: usize,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        let column = |column: usize| Position::new(line, column as u32 + 1);
        let span = Span { start: column(from), end: column(from + length) };
        Slip { span, message: message.into(), hint: hint.into() }
    }
}

/// Looks for a known slip in the line where the parser stopped and in the few above it, the nearest
/// first.
pub(super) fn slip(source: &SourceFile, stopped: Span) -> Option<Slip> {
    let at = stopped.start.line;
    let near: Vec<u32> = (1..=at)
        .rev()
        .filter(|number| source.line(*number).is_some_and(|line| !line.trim().is_empty()))
        .take(3)
        .collect();
    let each =
        |look: fn(&SourceFile, u32) -> Option<Slip>| near.iter().find_map(|number| look(source, *number));
    each(|source, number| in_line(source.line(number)?, number))
        .or_else(|| each(missing_colon))
        .or_else(|| near.iter().take(2).find_map(|number| out_of_line(source, *number)))
}

/// Whether a key is the first of an item of a list.
pub(super) fn opens_item(source: &SourceFile, key: Span) -> bool {
    let column = key.start.column as usize - 1;
    source.line(key.start.line).map(parts).is_some_and(|line| line.dash.is_some() && line.column == column)
}

/// Whether a key stands below another one of the same mapping, so that it belongs to the same lost item.
pub(super) fn follows(first: Span, key: Span) -> bool {
    key.start.column == first.start.column && key.start.line > first.start.line
}

/// Every key that a file may have.
fn keys() -> &'static BTreeSet<String> {
    fn collect(shape: &Shape, into: &mut BTreeSet<String>) {
        match shape {
            Shape::List(inner, _) | Shape::Map(inner) => collect(inner, into),
            Shape::Either(all) => all.iter().for_each(|one| collect(one, into)),
            Shape::Object(object) => {
                into.extend(object.keys.keys().cloned());
                object.keys.values().for_each(|one| collect(one, into));
            }
            Shape::Text(_) | Shape::Number { .. } | Shape::Bool | Shape::OneOf(_) | Shape::Any => {}
        }
    }
    static KEYS: OnceLock<BTreeSet<String>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = BTreeSet::new();
        let kinds = [FileKind::Book, FileKind::Playbook, FileKind::Library, FileKind::Lexicon];
        kinds.iter().for_each(|kind| collect(shape(*kind), &mut keys));
        keys
    })
}

/// A line taken apart: where its dash stands, where its key would, and what is from there on.
struct Parts<'a> {
    dash: Option<usize>,
    column: usize,
    rest: &'a str,
}

fn parts(line: &str) -> Parts<'_> {
    let rest = line.trim_start_matches(' ');
    let indent = line.len() - rest.len();
    match rest.strip_prefix("- ") {
        Some(after) => {
            let body = after.trim_start_matches(' ');
            Parts { dash: Some(indent), column: line.len() - body.len(), rest: body }
        }
        None => Parts { dash: None, column: indent, rest },
    }
}

/// The word at the beginning that may be a key, and what stands behind it.
fn word(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !"_-".contains(c)).unwrap_or(text.len());
    text.split_at(end)
}

fn is_key(text: &str) -> bool {
    let (word, rest) = word(text);
    !word.is_empty() && (rest == ":" || rest.starts_with(": "))
}

/// The nearest line below (or above, going up) in which something stands.
fn beside(source: &SourceFile, number: u32, down: bool) -> Option<&str> {
    let mut at = number;
    loop {
        at = if down { at + 1 } else { at.checked_sub(1)? };
        let line = source.line(at)?;
        let body = line.trim_start();
        if !body.is_empty() && !body.starts_with('#') {
            return Some(line);
        }
    }
}

/// A key without the colon behind it: `title No time`, `responses`, `title = No time`.
fn missing_colon(source: &SourceFile, number: u32) -> Option<Slip> {
    let Parts { column, rest, .. } = parts(source.line(number)?);
    let (key, behind) = word(rest.trim_end());
    if !keys().contains(key) {
        return None;
    }
    let text = behind.trim();
    let value = text.trim_start_matches(['=', '：']).trim_start();
    let below = beside(source, number, true).map(parts);
    if text.is_empty() {
        // What is in it stands below, further in.
        let inner = below.is_some_and(|below| below.column > column);
        let hint = format!("write `{key}:`");
        return inner.then(|| {
            Slip::new(number, column, key.len(), format!("there is no colon behind `{key}`"), hint)
        });
    }
    // A key among keys, and no line of a long text.
    let above = beside(source, number, false).map(parts);
    let like = |one: Option<Parts>| one.is_some_and(|one| one.column == column && is_key(one.rest));
    if !behind.starts_with([' ', '=', '：']) || !(like(above) || like(below)) {
        return None;
    }
    let message = match text.chars().next() {
        Some('=') => format!("a colon belongs behind `{key}`, and no `=`"),
        Some('：') => format!("the colon behind `{key}` is a wide one, which YAML takes for a letter"),
        _ => format!("there is no colon behind `{key}`"),
    };
    let hint = format!("write `{key}: {}`", brief(value));
    Some(Slip::new(number, column, key.len(), message, hint))
}

/// A line that begins where nothing above it does.
fn out_of_line(source: &SourceFile, number: u32) -> Option<Slip> {
    /// How far up the lines are looked at that a line may belong to.
    const FAR: u32 = 2_000;
    let line = source.line(number)?;
    let own = parts(line);
    let at = own.dash.unwrap_or(own.column);
    if own.dash.is_none() && !is_key(own.rest) {
        return None;
    }
    // Where lines above begin that are still open, the nearest first: column, whether a dash, the key.
    let mut open: Vec<(usize, bool, &str)> = Vec::new();
    let mut opener = false;
    for above in (number.saturating_sub(FAR).max(1)..number).rev() {
        let Some(line) = source.line(above) else { continue };
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        let parts = parts(line);
        let key = word(parts.rest).0;
        if open.is_empty() {
            opener = line.trim_end().ends_with([':', '|', '>', '-']);
        }
        let least = open.last().map_or(usize::MAX, |(column, ..)| *column);
        if parts.column < least && is_key(parts.rest) {
            open.push((parts.column, false, key));
        }
        let least = open.last().map_or(usize::MAX, |(column, ..)| *column);
        if let Some(dash) = parts.dash.filter(|dash| *dash < least) {
            open.push((dash, true, key));
        }
        if open.last().is_some_and(|(column, ..)| *column == 0) {
            break;
        }
    }
    let spaces = |count: usize| match count {
        0 => "without a space".to_string(),
        1 => "with 1 space".to_string(),
        _ => format!("with {count} spaces"),
    };
    let (nearest, _, above) = *open.first()?;
    let tell = |message: String, hint: String| Some(Slip::new(number, 0, at.max(1), message, hint));
    if at > nearest && !opener {
        let hint = format!("begin it {}, as `{above}`", spaces(nearest));
        return tell(format!("this line begins further in than `{above}` above it"), hint);
    }
    let same = open.iter().find(|(column, ..)| *column == at);
    match (same, own.dash) {
        // A dash left of the dashes of its list.
        (Some((_, false, _)) | None, Some(_)) => {
            let (column, ..) = open.iter().rev().find(|(column, is_dash, _)| *is_dash && *column > at)?;
            let message = "the dash of this line does not stand below the dashes above it".to_string();
            tell(message, format!("begin it {}", spaces(*column)))
        }
        (Some((column, true, _)), None) => {
            let (inner, ..) = open.iter().rev().find(|(one, is_dash, _)| !is_dash && one > column)?;
            let message =
                "this line stands where an item of the list above begins, without a dash".to_string();
            tell(
                message,
                format!("begin it {} to go on with that item, or write `- ` for a new one", spaces(*inner)),
            )
        }
        (None, None) => {
            let distance = |column: usize| column.abs_diff(at);
            let keys = open.iter().filter(|(_, is_dash, _)| !is_dash);
            let (column, _, key) = keys.min_by_key(|(column, ..)| distance(*column))?;
            let message = "this line begins where none above it does".to_string();
            tell(message, format!("begin it {}, as `{key}`", spaces(*column)))
        }
        _ => None,
    }
}

fn in_line(line: &str, number: u32) -> Option<Slip> {
    let body = line.trim_start();
    let indent = line.chars().count() - body.chars().count();
    let found = |from: usize, length: usize, message: &str, hint: &str| {
        Some(Slip::new(number, from, length, message, hint))
    };
    if let Some(tab) = line[..line.len() - body.len()].chars().position(|c| c == '\t') {
        return found(
            tab,
            1,
            "a tab stands in the indent of this line",
            "indent with spaces, two for each level",
        );
    }
    if body.starts_with('#') || body.starts_with("---") {
        return None;
    }
    if let Some(rest) = body.strip_prefix('-')
        && rest.starts_with(char::is_alphabetic)
    {
        return found(
            indent,
            1,
            "there is no space behind this dash",
            "write a space behind it: `- title: …`",
        );
    }
    if let Some(bullet) = body.chars().next().filter(|c| "*•–—·".contains(*c))
        && body[bullet.len_utf8()..].starts_with(' ')
    {
        let message = format!("an item of a list begins with a dash, not with `{bullet}`");
        return found(indent, 1, &message, "write `- ` in its place");
    }
    // The key and what stands behind it.
    let after_dash = body.trim_start_matches("- ");
    let before = indent + body.chars().count() - after_dash.chars().count();
    let word = after_dash.chars().take_while(|c| c.is_ascii_alphanumeric() || "_-".contains(*c)).count();
    let rest: String = after_dash.chars().skip(word).collect();
    let (value, from) = match rest.strip_prefix(':') {
        Some(value) if word > 0 => {
            if value.starts_with(|c: char| c.is_alphanumeric() || c == '"' || c == '\'')
                && !value.starts_with("//")
            {
                let hint = "write a space behind it: `title: …`";
                return found(before + word, 1, "there is no space behind this colon", hint);
            }
            let trimmed = value.trim_start();
            let gap = value.chars().count() - trimmed.chars().count();
            if value[..value.len() - trimmed.len()].contains('\t') {
                return found(
                    before + word + 1,
                    1,
                    "a tab stands behind this colon",
                    "write a space in its place",
                );
            }
            (trimmed.to_string(), before + word + 1 + gap)
        }
        _ => (after_dash.to_string(), before),
    };
    let value = value.trim_end();
    let length = value.chars().count();
    let mut chars = value.chars();
    match chars.next() {
        Some('{') if value.starts_with("{{") => found(
            from,
            length,
            "a text that begins with `{{` looks like something else to YAML",
            "put the whole text in double quotes",
        ),
        Some('\'') if inner_quotes(value, '\'') => found(
            from,
            length,
            "the apostrophe in this text ends its single quotes",
            "put the text in double quotes, or in none: It's too dear",
        ),
        Some('"') if inner_quotes(value, '"') => found(
            from,
            length,
            "the quotation marks in this text end too early",
            "put the whole text in single quotes, or write `\\\"` for each mark within it",
        ),
        Some('"' | '\'') if !chars.as_str().contains(['"', '\'']) => found(
            from,
            length,
            "the quotation mark at the beginning of this text has no partner",
            "write one at the end of the text, or take this one away",
        ),
        Some('@' | '`' | '%' | '!' | '|' | '>' | '&' | '*') if length > 2 && !value.starts_with("|-") => {
            found(
                from,
                length,
                "a text that begins with this character looks like something else to YAML",
                "put the whole text in double quotes",
            )
        }
        Some('[') if value.replace(' ', "").contains(",,") => {
            found(from, length, "two commas stand here with nothing between them", "take one of them away")
        }
        Some('[') if !value.contains(']') => found(
            from,
            length,
            "this list is not closed",
            "write `]` at its end, or one item a line, each behind `- `",
        ),
        Some('“' | '”' | '‘' | '’') => found(
            from,
            length,
            "these are curly quotation marks, which YAML takes for letters",
            "use straight ones: \" \"",
        ),
        Some(c) if !"[{\"'".contains(c) && (value.contains(": ") || value.ends_with(':')) => {
            let colon = value.find(": ").unwrap_or(value.len() - 1);
            let colon = value[..colon].chars().count();
            let hint = "put the whole text in double quotes";
            found(from + colon, 1, "a colon within a text begins something new to YAML", hint)
        }
        _ => None,
    }
}

/// Whether a text in quotes has the same mark inside, so that it ends before its end.
fn inner_quotes(value: &str, mark: char) -> bool {
    let body: String = value.chars().skip(1).collect();
    let body = if mark == '"' { body.replace("\\\"", "") } else { body.replace("''", "") };
    match body.find(mark) {
        Some(end) => {
            let tail = body[end + mark.len_utf8()..].trim_start();
            !(tail.is_empty() || tail.starts_with(['#', ',', ']', '}', ':']))
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, line: u32, expected: Option<(u32, u32, &str)>) {
        let source = SourceFile::new("a.yaml", text);
        let found = slip(&source, Span::at(Position::new(line, 1)));
        let found = found.map(|slip| (slip.span.start.line, slip.span.start.column, slip.message));
        match (found, expected) {
            (Some((line, column, message)), Some((l, c, part))) => {
                assert_eq!((line, column), (l, c), "{text}: {message}");
                assert!(message.contains(part), "{text}: {message}");
            }
            (found, expected) => assert_eq!(found.is_some(), expected.is_some(), "{text}: {found:?}"),
        }
    }

    #[test]
    fn slips_are_told_where_they_were_made() {
        check("title:T\nlanguage: en\n", 2, Some((1, 6, "colon")));
        check("a:\n  -title: x\n    b: c\n", 3, Some((2, 3, "dash")));
        check("title: 'It's too dear'\n", 1, Some((1, 8, "apostrophe")));
        check("say: \"Fine,\" she said\n", 1, Some((1, 6, "end too early")));
        check("say: {{ company }} here\n", 1, Some((1, 6, "`{{`")));
        check("say: @home\n", 1, Some((1, 6, "this character")));
        check("u: [a, , b]\n", 1, Some((1, 4, "two commas")));
        check("a:\n\tb: c\n", 2, Some((2, 1, "tab")));
        check("say: well: no\n", 1, Some((1, 10, "colon")));
        check("say: \"open\nask: b\n", 2, Some((1, 6, "partner")));
        check("a:\n  • id: x\n", 2, Some((2, 3, "with a dash, not with `•`")));
        check("title: fine\nlanguage: en\n", 2, None);
        check("link: https://example.com\n", 1, None);
    }

    #[test]
    fn a_key_without_its_colon_is_found_among_keys() {
        check("  - id: a\n    title No time\n    category: b\n", 3, Some((2, 5, "no colon behind `title`")));
        check("  - id: a\n    responses\n      - say: b\n", 3, Some((2, 5, "no colon behind `responses`")));
        check("  - title No time\n    category: b\n", 2, Some((1, 5, "no colon behind `title`")));
        check("id: a\ntitle = No time\n", 2, Some((2, 1, "no `=`")));
        check("id: a\ntitle：No time\n", 2, Some((2, 1, "a wide one")));
        // A line of a long text is none.
        check("say: |\n  ask them first\n  when they are done\nid: b\n", 4, None);
    }

    #[test]
    fn a_line_that_stands_where_none_does() {
        let item = "objections:\n  - id: a\n    title: T\n";
        let check =
            |line: &str, expected: Option<(u32, u32, &str)>| check(&format!("{item}{line}\n"), 4, expected);
        check("     category: b", Some((4, 1, "further in than `title`")));
        check("   category: b", Some((4, 1, "begins where none above")));
        check("  category: b", Some((4, 1, "without a dash")));
        check("- id: b", Some((4, 1, "does not stand below the dashes")));
        check(" - id: b", Some((4, 1, "does not stand below the dashes")));
        check("    category: b", None);
        check("  - id: b", None);
        check("closes:", None);
    }
}
