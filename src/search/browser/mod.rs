//! What search in the page is made of: the same cards, sayings and constants that `search::rank` goes by,
//! as text that a script reads (`templates/site/search.js`). Same cards, same bytes.
//!
//! ```text
//! core      constants, stop words; of every card: its family
//! families  in the core, per language family: the words of its cards, their lengths and situations, and
//!           what is in which shard
//! words     per language family: the words of the sayings
//! told      per language family: features → groups of situations, and how often
//! cards     per language family: features, and texts word for word → cards, and how often; in shards where
//!           there are many cards
//! ```
//!
//! Numbers are letters (`digits`); all else is sorted text that a script looks up where it stands
//! (`records`), for what would have to be unpacked first takes longer than the look-up. Sayings are told as counts
//! and not as weights: most are one, so they take little room, and the script comes to the very weights that
//! the table has.

mod book;
mod cut;
mod digits;
mod lexicon;
mod names;
mod packing;
mod records;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::card::CardKind;
use crate::language::Family;

pub use super::features::letter;
pub use digits::Digits;
pub use packing::{Known, Packing, Piece, order};

/// Whether a card of a kind is what we say, and not what a buyer does.
pub fn is_ours(kind: CardKind) -> bool {
    super::schema::is_ours(kind)
}

/// What search in the page is made of: texts as `records` has them, but for the core, to which a site adds, and
/// the words, which are JSON.
#[derive(Debug)]
pub struct Pack {
    /// What is always read.
    pub core: Core,
    /// The words of the sayings: a list, in the order of the core's families.
    pub words: String,
    /// What is read when a query may be in a family, likewise: each part with its name.
    pub parts: Vec<Vec<(String, Arc<str>)>>,
    /// What is read when a word in it is looked up, in families of many cards.
    pub shards: Vec<String>,
    /// The families of the core.
    pub families: Vec<Family>,
    /// The cards in the order in which the core has them: the number of the piece, and of the card in it.
    pub order: Vec<(usize, usize)>,
}

/// What is always read.
#[derive(Debug, Serialize)]
pub struct Core {
    #[serde(flatten)]
    settings: settings::Settings,
    families: Vec<book::Family>,
    /// The place of its family in the families, of every card.
    family: String,
}

/// Lists of numbers by their names as one text, in which the script finds them. Names that cannot stand in it
/// lose what hinders.
pub fn named(lists: BTreeMap<String, Vec<u32>>) -> String {
    let mut all: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    for (name, numbers) in lists {
        let name = name.replace(['~', '}'], "");
        all.entry(name).or_default().extend(numbers.into_iter().map(|number| (number, 0)));
    }
    records::named(&all)
}

/// What a text is cut into, as the script has to cut it: each token with its marks and without, and whether
/// it is joined to the one before.
pub fn tokens(text: &str) -> Vec<(String, String, bool)> {
    super::analyzer::analyze(text)
        .into_iter()
        .map(|token| (token.exact, token.folded, token.joined))
        .collect()
}
