//! The words around the search screen.

/// What stands around cards and query.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)]
pub struct Words {
    /// Between a label and what it is of.
    pub colon: &'static str,
    /// Words that somebody said, where the braces are.
    pub quoted: &'static str,
    pub placeholder: &'static str,
    pub language: &'static str,
    pub stage: &'static str,
    pub all: &'static str,
    pub objection: &'static str,
    pub objections: &'static str,
    pub card: &'static str,
    pub cards: &'static str,
    pub unreadable: &'static str,
    pub being_read: &'static str,
    pub empty_shelf: &'static str,
    /// The query stands where the braces are.
    pub nothing: &'static str,
    pub near: &'static str,
    pub tab_leads_on: &'static str,
    pub above: &'static str,
    pub more: &'static str,
    /// What the keys do, the most needed first: a narrow screen leaves the last ones out.
    pub keys: &'static [(&'static str, &'static str)],
}

/// In English, for `find`.
pub const ENGLISH: Words = Words {
    colon: ": ",
    quoted: "“{}”",
    placeholder: "type what you heard",
    language: "language",
    stage: "stage",
    all: "all",
    objection: "objection",
    objections: "objections",
    card: "card",
    cards: "cards",
    unreadable: "cannot look it up",
    being_read: "the book is being read; type already",
    empty_shelf: "no objection lies ready here; type what you heard",
    nothing: "nothing in the book fits “{}”",
    near: "nearest, though they do not fit:",
    tab_leads_on: "Tab leads on to other filters",
    above: "above",
    more: "more",
    keys: &[
        ("Enter", "print"),
        ("Esc", "leave"),
        ("↑↓", "move"),
        ("1-9", "open"),
        ("Tab", "filter"),
        ("F1", "help"),
        ("PgDn", "scroll"),
        ("F2", "language or stage"),
    ],
};
