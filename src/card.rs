//! Cards: what is looked up, shown, exported and put in the browser. One form for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::language::Language;

/// What sort of part of a book a card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// What the buyer says against going on, with its responses.
    Objection,
    /// What is not an objection but should be noticed.
    Signal,
    /// A way to ask for the decision.
    Close,
    /// A discovery question.
    Question,
    /// A battlecard.
    Competitor,
    /// A stage of a playbook.
    Stage,
}

impl CardKind {
    /// Every kind, in the order that breaks ties.
    pub const ALL: [CardKind; 6] = [
        CardKind::Objection,
        CardKind::Signal,
        CardKind::Close,
        CardKind::Question,
        CardKind::Competitor,
        CardKind::Stage,
    ];

    /// The name in JSON and in filters.
    pub fn as_str(self) -> &'static str {
        match self {
            CardKind::Objection => "objection",
            CardKind::Signal => "signal",
            CardKind::Close => "close",
            CardKind::Question => "question",
            CardKind::Competitor => "competitor",
            CardKind::Stage => "stage",
        }
    }
}

/// Something to say, ready to be read out: template variables filled with the book's defaults,
/// others left as visible blanks; Markdown put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardResponse {
    /// The response's id within its card.
    pub id: String,
    /// How it answers: `laer`, `isolate`, …
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub technique: Option<String>,
    /// Which situation it fits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<String>,
    /// Said first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bridge: Option<String>,
    /// The answer; the steps of a response in turns, joined by line breaks.
    pub say: String,
    /// The question that hands the word back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ask: Option<String>,
    /// Claims behind it: the claim with its source.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub proof: Vec<String>,
    /// What not to do.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub avoid: Vec<String>,
}

/// A part of the book as it is looked up. `(playbook, kind, id, language)` is unique in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it shows.
    pub kind: CardKind,
    /// The part's id.
    pub id: String,
    /// The playbook or library it is written in.
    pub playbook: String,
    /// Every playbook and library that may use it: its own and those that name its library.
    pub used_by: Vec<String>,
    /// The stages it is prepared for, as `playbook/stage` (a stage card: itself).
    pub stages: Vec<String>,
    /// The language it is written in.
    pub language: Language,
    /// The short code typed by heart.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The heading, as plain text.
    pub title: String,
    /// The objection's category.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<String>,
    /// The objection's kind: question, brush-off, smokescreen, objection or condition.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub objection_kind: Option<String>,
    /// Free tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub tags: BTreeMap<String, Vec<String>>,
    /// What the buyer says, in the buyer's words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub utterances: Vec<String>,
    /// Why it is said, what to listen for: one line of plain text for the rep.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// What to say, best first. Other kinds than objections have one, with their words in `say`.
    pub responses: Vec<CardResponse>,
    /// Further plain text that is worth finding but not shown in a list of hits.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub more: Vec<String>,
    /// Whether the card is internal to the team.
    pub internal: bool,
    /// The file it is written in, relative to the book, with `/`.
    pub file: Arc<str>,
    /// The line it begins at, from 1.
    pub line: u32,
}

impl Card {
    /// The id that a person can quote: `saas-outbound/too-expensive`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.playbook, self.id)
    }
}
