//! A book's own tests of its lookup: how many of the words that were heard find their card.
//!
//! A lookup is asked as a rep would ask it, among all cards of the book and in every language. What
//! it must find is the card with its id, in its own language, from its own volume or a library that
//! this uses. Pure: a book and an index in, a [`Trial`] out.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::book::model::{Lookup, LookupFloors};
use crate::book::{Book, Wanted};
use crate::card::Card;
use crate::language::Language;
use crate::search::{Filters, SearchError, SearchIndex};

/// How deep is looked first; only a card that is further down costs a second look.
const DEEP: usize = 10;

/// Which lookups are tried. An empty list means all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Among {
    /// Those written in one of these language ranges.
    pub languages: Vec<Language>,
    /// Those of these playbooks and libraries, also by ids of before.
    pub playbooks: Vec<String>,
}

/// What came of the lookups.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// One for each language with lookups, by its tag.
    pub scores: Vec<Score>,
    /// The lookups whose card did not come first, by file and place.
    pub misses: Vec<Miss>,
    /// What the book asks for.
    pub floors: LookupFloors,
}

/// How well one language does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    /// The language.
    pub language: Language,
    /// How many lookups there are.
    pub lookups: usize,
    /// How many of their cards come first.
    pub first: usize,
    /// How many are among the first three.
    pub first_three: usize,
}

/// A lookup whose card did not come first.
#[derive(Debug, Clone, PartialEq)]
pub struct Miss {
    /// What was heard.
    pub heard: String,
    /// The language of the lookup.
    pub language: Language,
    /// The playbook or library that it is written in.
    pub playbook: String,
    /// The id of the card that should have come.
    pub finds: String,
    /// That card as it can be quoted, `core-objections/no-time`.
    pub card: String,
    /// Its title.
    pub title: String,
    /// Where the card came instead, from 1; nothing if it was not found at all.
    pub rank: Option<usize>,
    /// What came first; nothing if nothing did.
    pub came: Option<Card>,
    /// The file of the lookup, relative to the book, with `/`.
    pub file: Arc<str>,
    /// Its line, from 1.
    pub line: u32,
    /// Its column in characters, from 1.
    pub column: u32,
}

impl Score {
    /// The share whose card comes first, from 0 to 1.
    pub fn recall_at_1(&self) -> f64 {
        share(self.first, self.lookups)
    }

    /// The share whose card is among the first three, from 0 to 1.
    pub fn recall_at_3(&self) -> f64 {
        share(self.first_three, self.lookups)
    }

    /// Whether it is what a book asks for.
    pub fn reaches(&self, floors: LookupFloors) -> bool {
        self.shortfalls(floors).is_empty()
    }

    /// What is under what a book asks for: the name of the figure, what it is, what it should be.
    pub fn shortfalls(&self, floors: LookupFloors) -> Vec<(&'static str, f64, f64)> {
        let figures = [
            ("recall@1", self.recall_at_1(), floors.recall_at_1),
            ("recall@3", self.recall_at_3(), floors.recall_at_3),
        ];
        let under = |(name, is, floor): (&'static str, f64, Option<f64>)| {
            // Counts are whole, so a share that is a hair under its floor is the rounding of the two.
            floor.filter(|floor| is + 1e-9 < *floor).map(|floor| (name, is, floor))
        };
        figures.into_iter().filter_map(under).collect()
    }
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

impl Trial {
    /// Whether every language is what the book asks for.
    pub fn passed(&self) -> bool {
        self.scores.iter().all(|score| score.reaches(self.floors))
    }

    /// How many lookups were tried.
    pub fn lookups(&self) -> usize {
        self.scores.iter().map(|score| score.lookups).sum()
    }
}

/// Tries the lookups of a book on an index of it. Errors only where the index cannot be read.
pub fn trial(book: &Book, index: &SearchIndex, among: &Among) -> Result<Trial, SearchError> {
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    let mut misses = Vec::new();
    for (number, volume) in book.volumes.iter().enumerate() {
        let language = &volume.language;
        let named = |id: &str| among.playbooks.iter().any(|playbook| playbook.eq_ignore_ascii_case(id));
        let ids = || std::iter::once(&volume.id).chain(&volume.common.was);
        let wanted = (among.playbooks.is_empty() || ids().any(|id| named(id.as_str())))
            && (among.languages.is_empty() || among.languages.iter().any(|range| language.in_range(range)));
        if !wanted {
            continue;
        }
        for lookup in &volume.lookups {
            let (rank, came) = rank(book, number, index, lookup)?;
            let score = scores.entry(language.as_str().to_string()).or_insert_with(|| Score {
                language: language.clone(),
                lookups: 0,
                first: 0,
                first_three: 0,
            });
            score.lookups += 1;
            score.first += usize::from(rank == Some(1));
            score.first_three += usize::from(rank.is_some_and(|rank| rank <= 3));
            if rank == Some(1) {
                continue;
            }
            let place = lookup.common.place.key("heard");
            let start = book.sources.span(&place).start;
            let wanted = book.wanted(number, lookup);
            let card = wanted.first().map(|part| format!("{}/{}", part.volume.id, part.id));
            let title = wanted.first().map(|part| part.title.to_string());
            misses.push(Miss {
                heard: lookup.heard.clone(),
                language: language.clone(),
                playbook: volume.id.to_string(),
                finds: lookup.finds.to_string(),
                card: card.unwrap_or_default(),
                title: title.unwrap_or_default(),
                rank,
                came,
                file: book.sources.name(&place).clone(),
                line: start.line,
                column: start.column,
            });
        }
    }
    misses.sort_by(|a, b| (&a.file, a.line, a.column).cmp(&(&b.file, b.line, b.column)));
    Ok(Trial { scores: scores.into_values().collect(), misses, floors: book.lookup })
}

/// Where the card of a lookup comes, from 1, and what comes first.
fn rank(
    book: &Book,
    volume: usize,
    index: &SearchIndex,
    lookup: &Lookup,
) -> Result<(Option<usize>, Option<Card>), SearchError> {
    let wanted = book.wanted(volume, lookup);
    let place = |hits: &[crate::search::Hit]| hits.iter().position(|hit| is_wanted(&hit.card, &wanted));
    let mut found = index.find(&lookup.heard, &Filters::default(), DEEP)?;
    let mut at = place(&found.hits);
    if at.is_none() && found.total > found.hits.len() {
        found = index.find(&lookup.heard, &Filters::default(), found.total)?;
        at = place(&found.hits);
    }
    let first = (!found.hits.is_empty()).then(|| found.hits.swap_remove(0).card);
    Ok((at.map(|at| at + 1), first))
}

fn is_wanted(card: &Card, wanted: &[Wanted<'_>]) -> bool {
    wanted.iter().any(|part| {
        card.id == part.id.as_str()
            && card.playbook == part.volume.id.as_str()
            && card.language == part.volume.language
    })
}
