//! The tags of a text, as the engine finds them, and what is wrong with them before it reads them.

use std::ops::Range;

use super::spoken::Fault;

/// How long a variable or condition may be, and how many a text may have.
pub(super) const MAX_TAG: usize = 300;
pub(super) const MAX_TAGS: usize = 300;

#[rustfmt::skip]
pub(super) const FILTERS: [&str; 16] = [
    "upper", "lower", "title", "capitalize", "trim", "default", "d", "join",
    "length", "count", "first", "last", "round", "int", "float", "abs",
];
pub(super) const TESTS: [&str; 6] = ["defined", "undefined", "none", "number", "string", "in"];
pub(super) const STATEMENTS: [&str; 9] =
    ["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw", "-"];

/// A `{{ … }}`, `{% … %}` or `{# … #}`.
pub(super) struct Tag {
    /// All of it, and what is between its signs.
    pub(super) whole: Range<usize>,
    pub(super) body: Range<usize>,
    /// Its two first characters and the body, with texts in quotes taken out.
    pub(super) code: String,
}

impl Tag {
    pub(super) fn is(&self, open: &str) -> bool {
        self.code.starts_with(open)
    }

    pub(super) fn inside(&self) -> &str {
        &self.code[2..]
    }

    /// Its names: dotted, as written, and whether each is a filter's.
    pub(super) fn names(&self) -> impl Iterator<Item = (&str, bool)> {
        let inside = self.inside();
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
        let mut at = 0;
        std::iter::from_fn(move || {
            let start = at + inside[at..].find(is_name)?;
            let end = inside[start..].find(|c| !is_name(c)).map_or(inside.len(), |end| start + end);
            at = end;
            Some((&inside[start..end], inside[..start].trim_end().ends_with('|')))
        })
    }

    /// The first variable in it.
    pub(super) fn variable(&self) -> &str {
        const WORDS: &str = " not and or in is if else true false none True False None self ";
        let is_variable =
            |name: &str| !WORDS.contains(&format!(" {name} ")) && !name.starts_with(|c: char| c.is_numeric());
        let mut names = self.names().filter(|(_, filter)| !filter).map(|(name, _)| name.trim_matches('.'));
        names.find(|name| !name.is_empty() && is_variable(name)).unwrap_or("…")
    }
}

/// The tags of a text, as the engine finds them: no tag ends within brackets or quotes, and what
/// stands between `raw` and `endraw` is text.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let mut out: Vec<Tag> = Vec::new();
    let mut raw = false;
    // The engine reads no further than to a tag that is never closed.
    let mut broken = false;
    let mut from = 0;
    while let Some(at) = text[from..].find('{').map(|at| from + at) {
        from = at + 1;
        let close = match text[from..].chars().next() {
            Some('{') => "}}",
            Some('%') => "%}",
            Some('#') => "#}",
            _ => continue,
        };
        if raw && !is_word(&text[at..], "endraw") {
            continue;
        }
        let start = at + 2 + usize::from(text[at + 2..].starts_with(['-', '+']));
        let mut code = text[at..at + 2].to_string();
        let found = match close {
            _ if broken => None,
            "#}" => text[start..].find(close),
            _ => code_of(&text[start..], close, &mut code),
        };
        let found = found.map(|end| start + end);
        // A tag that is never closed ends where it looks closed, or with its line.
        let end = found
            .or_else(|| text[start..].find([close.as_bytes()[0] as char, '\n']).map(|end| start + end))
            .unwrap_or(text.len());
        if broken {
            code.push_str(&text[start..end]);
        }
        broken |= found.is_none();
        let body = start..if text[start..end].ends_with(['-', '+']) { end - 1 } else { end };
        from = if text[end..].starts_with(close) { end + 2 } else { end };
        raw = close == "%}" && is_word(&text[at..], "raw");
        out.push(Tag { whole: at..from, body, code });
    }
    out
}

/// Whether a text begins with a statement of this one word.
pub(super) fn is_word(text: &str, word: &str) -> bool {
    let inside = text.strip_prefix("{%").map(|rest| rest.strip_prefix(['-', '+']).unwrap_or(rest));
    let rest = inside.and_then(|inside| inside.trim_ascii_start().strip_prefix(word));
    let rest = rest.map(|rest| rest.trim_ascii_start());
    rest.is_some_and(|rest| rest.strip_prefix(['-', '+']).unwrap_or(rest).starts_with("%}"))
}

/// Copies the code of a tag without what is in quotes, up to the sign that closes it.
pub(super) fn code_of(body: &str, close: &str, code: &mut String) -> Option<usize> {
    let mut quote: Option<char> = None;
    let mut depth = 0i64;
    let mut chars = body.char_indices();
    while let Some((index, c)) = chars.next() {
        match quote {
            Some(_) if c == '\\' => drop(chars.next()),
            Some(q) if c == q => quote = None,
            Some(_) => {}
            None if depth == 0 && body[index..].starts_with(close) => return Some(index),
            None if c == '"' || c == '\'' => {
                quote = Some(c);
                code.push('"');
            }
            None => {
                depth += match c {
                    '(' | '[' | '{' => 1,
                    ')' | ']' | '}' => -1,
                    _ => 0,
                };
                code.push(c);
            }
        }
    }
    None
}

/// What is wrong with the tags of a text, as far as it can be seen without the engine. The engine
/// reads expressions and branches by recursion, so their length and number are bounded here.
pub(super) fn tags_faults(text: &str, faults: &mut Vec<Fault>) {
    let mut tags = tags(text);
    tags.retain(|tag| !tag.is("{#"));
    if tags.len() > MAX_TAGS || tags.iter().any(|tag| tag.code.len() > MAX_TAG) {
        faults.push(Fault {
            code: "template-too-costly",
            message: format!(
                "a text may have {MAX_TAGS} variables and conditions, of {MAX_TAG} characters each"
            ),
            hint: Some("write it more simply, or split it up".into()),
        });
        return;
    }
    tags.iter().for_each(|tag| tag_faults(tag, faults));
}

pub(super) fn tag_faults(tag: &Tag, faults: &mut Vec<Fault>) {
    let inside = tag.inside().trim_matches(['-', '+', ' ', '\n', '\t', '\r']);
    let first_word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut push = |code, message: String, hint: String| {
        faults.push(Fault { code, message, hint: Some(hint) });
    };
    if tag.names().any(|(name, _)| name == "self" || name.starts_with("self.")) {
        push(
            "template-variable",
            "no variable is called `self`".into(),
            "declare what you mean under `variables`, by another name".into(),
        );
    }
    if tag.is("{%") {
        let word = first_word(inside);
        if !STATEMENTS.contains(&word.as_str()) {
            push(
                "template-forbidden",
                format!("`{{% {word} %}}` is not available in a playbook's texts"),
                "only if, elif, else, for and raw are".into(),
            );
            return;
        }
    }
    for (index, _) in inside.match_indices('|') {
        let name = first_word(&inside[index + 1..]);
        if !FILTERS.contains(&name.as_str()) {
            let hint = crate::diagnostic::did_you_mean(&name, FILTERS);
            push(
                "template-syntax",
                format!("no filter is called `{name}`"),
                hint.unwrap_or_else(|| "use upper, lower, default, join, round, …".into()),
            );
        }
    }
    let words: Vec<&str> = inside.split_whitespace().collect();
    for pair in words.windows(3) {
        if pair[0] == "is" {
            let name = if pair[1] == "not" { pair[2] } else { pair[1] };
            known_test(name, &mut push);
        }
    }
    if let [.., "is", name] = words[..] {
        known_test(name, &mut push);
    }
    // A text or a list times a number can grow without bound before anything is written.
    let times = inside.matches('*').count();
    if times > 2 || (times > 0 && inside.contains(['"', '[', '~'])) {
        push(
            "template-too-costly",
            "only numbers can be multiplied in a playbook's texts".into(),
            "write the text out".into(),
        );
    }
}

pub(super) fn known_test(name: &str, push: &mut impl FnMut(&'static str, String, String)) {
    let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if !TESTS.contains(&name.as_str()) {
        push(
            "template-syntax",
            format!("no test is called `is {name}`"),
            format!("use one of: {}", TESTS.join(", ")),
        );
    }
}
