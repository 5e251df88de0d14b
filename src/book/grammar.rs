//! What ids, names and texts may be made of.

/// The start of a text that may be long, on one line, for messages.
pub fn brief(text: &str) -> String {
    let mut out: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(40).is_some() {
        out.push('…');
    }
    out
}

/// A noun with its article.
pub fn article(noun: &str) -> String {
    match noun.as_bytes().first() {
        _ if noun.starts_with("this") => noun.to_string(),
        Some(b'a' | b'e' | b'i' | b'o' | b'u') => format!("an {noun}"),
        _ => format!("a {noun}"),
    }
}

/// Control characters (but line break and tab), and the marks that override the direction of text:
/// what is shown would not be what is written.
pub fn is_unwanted(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t' && c != '\r')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{FEFF}' | '\u{E000}'..='\u{E003}')
}

/// Names that Windows keeps for devices; a page could not be written under them.
const RESERVED: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9",
    "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// What is wrong with an id, and what to do.
pub fn id_fault(id: &str) -> Option<(String, String)> {
    let shown = brief(id);
    if RESERVED.contains(&id.to_ascii_lowercase().as_str()) {
        let message = format!("`{shown}` cannot be an id: some computers keep that name for themselves");
        return Some((message, format!("write `{id}-1`, or a name that says more")));
    }
    if id.len() > 64 {
        let message = format!("an id has at most 64 characters; `{shown}` has {}", id.chars().count());
        return Some((message, "shorten it".into()));
    }
    let good = !id.is_empty()
        && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !id.starts_with('-')
        && !id.ends_with('-');
    if good {
        return None;
    }
    let message = format!("`{shown}` cannot be an id: only a-z, 0-9 and - (not at the ends)");
    Some((message, format!("write `{}`", super::values::slug(id))))
}

/// What to do about a name that no variable can have.
pub const VARIABLE_HINT: &str = "use letters, digits and _, with dots between parts: prospect.first_name";

/// Whether a name can be written in a template: letters, digits and `_`, parts joined by dots.
pub fn is_variable_name(name: &str) -> bool {
    name.len() <= 64
        && name.split('.').all(|part| {
            part.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}
