//! The slips that people make when they write YAML by hand, told in their words and at the line where
//! they were made. The parser tells only where it could not go on.

use crate::source::{Position, SourceFile, Span};

/// A slip: where it is, what it is, and what to do.
pub(super) struct Slip {
    pub span: Span,
    pub message: &'static str,
    pub hint: &'static str,
}

/// Looks for a known slip in the line where the parser stopped and in the few above it, the nearest
/// first.
pub(super) fn slip(source: &SourceFile, stopped: Span) -> Option<Slip> {
    let at = stopped.start.line;
    let above =
        (1..=at).rev().filter(|number| source.line(*number).is_some_and(|line| !line.trim().is_empty()));
    above.take(3).find_map(|number| in_line(source.line(number)?, number))
}

fn in_line(line: &str, number: u32) -> Option<Slip> {
    let body = line.trim_start();
    let indent = line.chars().count() - body.chars().count();
    let found = |from: usize, length: usize, message, hint| {
        let column = |column: usize| Position::new(number, column as u32 + 1);
        Some(Slip { span: Span { start: column(from), end: column(from + length) }, message, hint })
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
        check("title: fine\nlanguage: en\n", 2, None);
        check("link: https://example.com\n", 1, None);
    }
}
