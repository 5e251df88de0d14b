//! Changes in words: for the terminal, and as Markdown for a review.

use std::fmt::Write;

use super::{Change, Kind};
use crate::book::brief;
use crate::markdown::escape_markdown;
use crate::render::wrap::harmless;

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Added => "added",
            Kind::Removed => "removed",
            Kind::Renamed => "renamed",
            Kind::Moved => "moved",
            Kind::Reworded => "reworded",
            Kind::Changed => "changed",
            Kind::Reordered => "in another order",
        }
    }
}

/// What happened, in one sentence without the part's name: "response `isolate`: say reworded".
fn sentence(change: &Change) -> String {
    let at = |name: &String| match name.split_once(' ') {
        Some((noun, id)) => format!("{noun} `{}`", harmless(id)),
        None => harmless(&name.replace('_', " ")),
    };
    let place: Vec<String> = change.at.iter().map(at).collect();
    let place = place.join(": ");
    let (before, after) = (short(&change.before), short(&change.after));
    let what = match (change.change, before, after) {
        (Kind::Renamed, Some(before), _) => format!("renamed, was `{before}`"),
        (Kind::Moved, Some(before), Some(after)) => format!("moved from `{before}` to `{after}`"),
        (Kind::Changed, Some(before), Some(after)) => format!("changed from {before} to {after}"),
        (kind, ..) => kind.word().to_string(),
    };
    if place.is_empty() { what } else { format!("{place} {what}") }
}

fn short(text: &Option<String>) -> Option<String> {
    text.as_ref().map(|text| harmless(&brief(text)))
}

/// Whether the words before and after are worth showing.
fn shown(change: &Change) -> bool {
    match change.change {
        Kind::Added | Kind::Removed | Kind::Reworded | Kind::Reordered => {
            change.before.is_some() || change.after.is_some()
        }
        Kind::Renamed | Kind::Moved | Kind::Changed => false,
    }
}

fn heading(change: &Change) -> String {
    match (&change.playbook, &change.language) {
        (Some(playbook), Some(language)) => format!("{playbook} ({language})"),
        (None, Some(language)) => format!("lexicon ({language})"),
        _ => "book.yaml".to_string(),
    }
}

/// The part that a change is about, `None` for the playbook itself.
fn subject(change: &Change) -> Option<String> {
    let whole = matches!(change.part, "playbook" | "library" | "book" | "lexicon");
    (!whole).then(|| format!("{} {}", change.part, harmless(&change.id)))
}

fn counted(changes: &[Change]) -> String {
    match changes.len() {
        1 => "1 change".to_string(),
        count => format!("{count} changes"),
    }
}

/// For people at a terminal. `since` is what the book is compared with.
pub fn human(changes: &[Change], since: &str) -> String {
    let since = harmless(since);
    if changes.is_empty() {
        return format!("nothing in the book has changed since {since}\n");
    }
    let mut out = String::new();
    let mut group = String::new();
    for change in changes {
        let heading = heading(change);
        if heading != group {
            let gap = if group.is_empty() { "" } else { "\n" };
            let _ = writeln!(out, "{gap}{heading}");
            group = heading;
        }
        let sentence = sentence(change);
        let _ = match subject(change) {
            Some(subject) => writeln!(out, "  {subject}: {sentence}{}", titled(change)),
            None if change.at.is_empty() => writeln!(out, "  {} {sentence}{}", change.part, titled(change)),
            None => writeln!(out, "  {sentence}"),
        };
        if shown(change) {
            for (sign, text) in [('-', &change.before), ('+', &change.after)] {
                for line in text.iter().flat_map(|text| text.lines()) {
                    let _ = writeln!(out, "    {sign} {}", harmless(line));
                }
            }
        }
    }
    let _ = writeln!(out, "\n{} since {since}", counted(changes));
    out
}

/// What is new or gone is not known by its id alone.
fn titled(change: &Change) -> String {
    let whole = change.at.is_empty() && matches!(change.change, Kind::Added | Kind::Removed);
    let title = harmless(&brief(&change.title));
    if whole && !title.is_empty() { format!(" ({title})") } else { String::new() }
}

/// For a pull request: a heading for each playbook, an item for each change, old and new words below.
pub fn markdown(changes: &[Change], since: &str) -> String {
    let escaped = |text: &str| {
        let mut out = String::new();
        escape_markdown(&harmless(text), &mut out);
        out
    };
    let code = |text: &str| format!("`{}`", harmless(text).replace('`', "'"));
    let mut out = format!("# What changed since {}\n", code(since));
    if changes.is_empty() {
        out += "\nNothing in the book has changed.\n";
        return out;
    }
    let mut group = String::new();
    for change in changes {
        let heading = heading(change);
        if heading != group {
            let _ = writeln!(out, "\n## {}\n", escaped(&heading));
            group = heading;
        }
        let sentence = sentence(change);
        let words: Vec<&str> = sentence.split('`').collect();
        let mut told = String::new();
        for (index, word) in words.iter().enumerate() {
            told += &if index % 2 == 1 { code(word) } else { escaped(word) };
        }
        let title = escaped(&titled(change));
        let _ = match subject(change) {
            Some(_) => writeln!(out, "- {} **{}**: {told}{title}", change.part, escaped(&change.id)),
            None if change.at.is_empty() => writeln!(out, "- {} {told}{title}", change.part),
            None => writeln!(out, "- {told}"),
        };
        if shown(change) {
            for (word, text) in [("before", &change.before), ("after", &change.after)] {
                if let Some(text) = text {
                    let lines: Vec<String> = text.lines().map(escaped).collect();
                    let _ = writeln!(out, "  - {word}: {}", lines.join("  \n    "));
                }
            }
        }
    }
    let _ = writeln!(out, "\n{}.", counted(changes));
    out
}
