//! What changed between two books, in a trainer's words: parts added, removed and renamed, texts
//! reworded. Files do not matter, only what they say: a file under another name changes nothing.

mod compare;
mod fields;
mod words;

use serde::Serialize;

use crate::book::Book;

pub use words::{human, markdown};

/// What happened to a part, or to a piece of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It has another id, and remembers the old one.
    Renamed,
    /// It stands in another playbook or library.
    Moved,
    /// It says something with other words.
    Reworded,
    /// Its value is another one.
    Changed,
    /// The same items in another order.
    Reordered,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// The playbook or library; nothing for `book.yaml` and lexicons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub playbook: Option<String>,
    /// Its language, or a lexicon's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// What sort of part: objection, stage, … or playbook, library, book, lexicon.
    pub part: &'static str,
    /// The part's id; empty for the book.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// What happened.
    pub change: Kind,
    /// To which piece of the part, from the outside in: `response isolate`, `say`. Nothing where it
    /// happened to the part itself.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub at: Vec<String>,
    /// What was there before: a text, or the old id, playbook or order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
}

/// Everything that changed from one book to another: the book itself first, then playbooks and
/// libraries by language and id, each with its parts in the order in which the new book has them, what is
/// gone last.
pub fn diff(old: &Book, new: &Book) -> Vec<Change> {
    compare::books(old, new)
}
