//! What search in the page is made of: the same cards, sayings and constants that `search::rank` goes by,
//! as text that a script reads (`templates/site/search.js`). Same cards, same bytes.
//!
//! ```text
//! core      constants, stop words; of every card: id, lengths, situations, its texts word for word
//! families  in the core, per language family: the words of its cards, and what is in which shard
//! words     per language family: the words of the sayings
//! told      per language family: features → groups of situations, and how often
//! shards    features → cards, and how often; one where the book is small
//! ```
//!
//! Numbers are letters (`digits`); words and pairs of words go by numbers that both sides give in the
//! same order (`words::Ids`). Sayings are told as counts and not as weights: most are one, so they take
//! little room, and the script comes to the very weights that the table has.

mod book;
mod digits;
mod kept;
mod lexicon;
mod lists;
mod settings;
mod words;

use std::sync::Arc;

use serde::Serialize;

use crate::card::Card;
use crate::language::Family;

use super::lexicon::Lexicon;

pub use digits::Digits;
pub use kept::{Keep, Memory, Nowhere, Reader, Writer, name, sum};

/// What search in the page is made of; each a text of JSON but for the core, to which a site adds.
#[derive(Debug)]
pub struct Pack {
    /// What is always read.
    pub core: Core,
    /// The words of the sayings, a family each, in the order of the core's families.
    pub words: Vec<Arc<str>>,
    /// What they tell, likewise: read when a query may be in that family.
    pub told: Vec<Arc<str>>,
    /// What is read when a word in it is looked up.
    pub shards: Vec<String>,
    /// The families of the core.
    pub families: Vec<Family>,
    /// The numbers of the cards given, in the order in which the core has them.
    pub order: Vec<usize>,
}

/// What is always read.
#[derive(Debug, Serialize)]
pub struct Core {
    settings: settings::Settings,
    /// Front-coded, in the order of the cards.
    ids: String,
    families: Vec<book::Family>,
    #[serde(flatten)]
    cards: book::Columns,
}

/// Makes it of cards and the book's own lexicons. A shard has about `shard` bytes where there is more than
/// `whole` in all. What the lexicons say is most of the work, and what `keep` has of it is not made anew.
pub fn pack(cards: &[Card], own: &[Lexicon], keep: &dyn Keep, whole: usize, shard: usize) -> Pack {
    let order = book::in_order(cards);
    let sorted: Vec<&Card> = order.iter().map(|&at| &cards[at]).collect();
    let families = book::families(&sorted);
    let (lexicons, told) =
        rayon::join(|| lexicon::for_lookup(own, keep), || lexicon::of_families(&families, own, keep));
    let made = book::make(&sorted, (&lexicons, own), &families, &told, (whole, shard), keep);
    Pack {
        core: Core {
            settings: settings::Settings::new(&made.known),
            ids: words::front_coded(sorted.iter().map(|card| card.id.as_str())),
            families: made.families,
            cards: made.columns,
        },
        words: told.iter().map(|one| Arc::clone(&one.text)).collect(),
        told: told.iter().map(|one| Arc::clone(&one.lists)).collect(),
        shards: made.shards,
        families,
        order,
    }
}

/// What a text is cut into, as the script has to cut it: each token with its marks and without, and whether
/// it is joined to the one before.
pub fn tokens(text: &str) -> Vec<(String, String, bool)> {
    super::analyzer::analyze(text)
        .into_iter()
        .map(|token| (token.exact, token.folded, token.joined))
        .collect()
}
