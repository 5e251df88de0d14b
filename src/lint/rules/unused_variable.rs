//! A variable that is declared, asked of the rep, and used in no text.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::model::{Variable, Volume};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unused-variable", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    let used: Vec<BTreeSet<&str>> = book
        .volumes
        .iter()
        .map(|volume| {
            let mut names = names(book.sources.file(volume.common.place.file).text());
            names.extend(volume.questions.iter().filter_map(|question| question.field.as_deref()));
            names
        })
        .collect();
    let mut tell = |variable: &Variable, whose: &str| {
        let message = format!("no text of {whose} uses the variable `{}`", variable.name);
        let hint = format!("write `{{{{ {} }}}}` where it belongs, or take it away", variable.name);
        sink.tell(&variable.common.place, message, hint);
    };
    for (number, volume) in book.volumes.iter().enumerate() {
        // A volume's own value is also the one that the texts of its libraries are filled with.
        let users = |other: &(usize, &Volume)| {
            other.0 == number || other.1.uses.contains(&number) || volume.uses.contains(&other.0)
        };
        for variable in &volume.variables {
            let mut readers = book.volumes.iter().enumerate().filter(users);
            if !readers.any(|(reader, _)| used[reader].contains(variable.name.as_str())) {
                tell(variable, &format!("`{}`", volume.id));
            }
        }
    }
    // Files count that could not be read.
    let anywhere: BTreeSet<&str> = book.sources.files().flat_map(|file| names(file.text())).collect();
    for variable in &book.variables {
        if !anywhere.contains(variable.name.as_str())
            && !used.iter().any(|names| names.contains(variable.name.as_str()))
        {
            tell(variable, "the book");
        }
    }
}

/// The names between braces in a file, and each of their beginnings: a text may test `prospect` before
/// it says `prospect.first_name`.
fn names(text: &str) -> BTreeSet<&str> {
    let mut out = BTreeSet::new();
    let mut rest = text;
    while let Some(at) = rest.find('{') {
        rest = &rest[at + 1..];
        let close = match rest.as_bytes().first() {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => continue,
        };
        let inside = &rest[1..];
        let end = inside.find(close).unwrap_or(inside.len());
        for name in inside[..end].split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.')) {
            out.extend(name.match_indices('.').map(|(dot, _)| &name[..dot]));
            out.insert(name);
        }
        rest = &inside[end..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_between_braces() {
        let found =
            names("Hi {{ prospect.first_name|upper }}, {% if team_size > 3 %}x{% endif %} {no} {{a}}");
        for name in ["prospect.first_name", "prospect", "team_size", "a"] {
            assert!(found.contains(name), "{name}: {found:?}");
        }
        assert!(!found.contains("no"));
    }
}
