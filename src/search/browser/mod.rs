//! What search in the page is made of: the same cards, sayings and constants that `search::rank` goes by,
//! as text that a script reads (`templates/site/search.js`). Same cards, same bytes.
//!
//! ```text
//! core      constants, stop words; of every card: its family
//! families  in the core, per language family: the words of its cards, their lengths and situations, and
//!           what is in which shard
//! words     per language family: the words of the sayings
//! told      per language family: features → groups of situations, and how often
//! shards    features, and texts word for word → cards, and how often; one where the book is small
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
mod records;
mod settings;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use crate::card::{Card, CardKind};
use crate::keep::Keep;
use crate::language::Family;

use self::cut::{Batch, Kept};
use self::names::Names;
use super::lexicon::{Lexicon, Lexicons};

pub use digits::Digits;

/// Whether a card of a kind is what we say, and not what a buyer does.
pub fn is_ours(kind: CardKind) -> bool {
    super::schema::is_ours(kind)
}

/// What search in the page is made of; each a text of JSON but for the core, to which a site adds.
#[derive(Debug)]
pub struct Pack {
    /// What is always read.
    pub core: Core,
    /// The words of the sayings: a list, in the order of the core's families.
    pub words: String,
    /// What they tell, likewise: read when a query may be in that family.
    pub told: Vec<Arc<str>>,
    /// What is read when a word in it is looked up.
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

/// What decides the order of cards; those of a piece have to come in it.
pub fn order(card: &Card) -> String {
    super::schema::order(card)
}

/// What is to be packed of a playbook or a library.
pub struct Piece<'a> {
    family: Family,
    orders: Vec<&'a str>,
    cards: Cards<'a>,
}

enum Cards<'a> {
    /// As they are.
    New(&'a [Card]),
    /// As they were cut up.
    Kept(Vec<Batch>),
}

/// No batch has more cards.
const BATCH: usize = 128;

/// As many as there are families.
const FAMILIES: usize = Family::ALL.len();

/// A pack in the making: cards are cut up with the book's own lexicons, or what was kept of that is taken.
pub struct Packing<'k> {
    own: &'k [Lexicon],
    keep: &'k dyn Keep,
    names: [Names; FAMILIES],
}

impl<'k> Packing<'k> {
    /// A pack of nothing yet.
    pub fn new(own: &'k [Lexicon], keep: &'k dyn Keep) -> Self {
        Packing { own, keep, names: Default::default() }
    }

    /// Under which names is kept what is cut up of the cards of a piece.
    pub fn names_of(&self, cards: &[Card]) -> Vec<String> {
        batches(cards).map(|cards| cut::name(&cards, self.own)).collect()
    }

    /// A piece whose cards are new, with the order of each.
    pub fn fresh<'a>(&self, family: Family, orders: Vec<&'a str>, cards: &'a [Card]) -> Piece<'a> {
        Piece { family, orders, cards: Cards::New(cards) }
    }

    /// A piece whose cards were cut up before, where that was kept under these names.
    pub fn again<'a>(&self, family: Family, orders: Vec<&'a str>, names: &[String]) -> Option<Piece<'a>> {
        let many: Vec<usize> = orders.chunks(BATCH).map(<[&str]>::len).collect();
        let kept = (many.len() == names.len()).then(|| names.iter().map(|name| self.keep.get(name)))?;
        let kept: Vec<Vec<u8>> = kept.collect::<Option<_>>()?;
        // All of them or none: what came to the other names would stay there.
        let kept = kept.iter().zip(many).map(|(bytes, many)| Kept::read(bytes, many));
        let kept: Vec<Kept> = kept.collect::<Option<_>>()?;
        let batch = |kept: Kept| kept.batch(&self.names[family as usize]);
        Some(Piece { family, orders, cards: Cards::Kept(kept.into_iter().map(batch).collect()) })
    }

    fn cut(&self, cards: &[&Card], lexicons: &Lexicons) -> Batch {
        let name = cut::name(cards, self.own);
        let names = cards.first().map(|card| &self.names[card.language.family() as usize]);
        let Some(names) = names else { return Batch::default() };
        let read = |bytes: &[u8]| Kept::read(bytes, cards.len()).map(|kept| kept.batch(names));
        if let Some(batch) = self.keep.get(&name).and_then(|bytes| read(&bytes)) {
            return batch;
        }
        let bytes = cut::cut(cards, lexicons);
        let batch = read(&bytes);
        self.keep.put(&name, bytes);
        batch.unwrap_or_default()
    }

    /// Packs the pieces. A shard has about `shard` bytes where there is more than `whole` in all. What the
    /// lexicons say is most of the work, and what was kept of it is not made anew.
    pub fn pack(self, pieces: Vec<Piece>, whole: usize, shard: usize) -> Pack {
        let there = |family: &Family| {
            let mut of_family = pieces.iter().filter(|piece| piece.family == *family);
            of_family.any(|piece| !piece.orders.is_empty())
        };
        let families: Vec<Family> = Family::ALL.into_iter().filter(there).collect();
        let place = |piece: usize| families.iter().position(|family| *family == pieces[piece].family);
        let mut order: Vec<(&str, usize, usize)> = Vec::new();
        for (number, piece) in pieces.iter().enumerate() {
            order.extend(piece.orders.iter().zip(0..).map(|(order, card)| (*order, number, card)));
        }
        order.par_sort_unstable();
        // Cards are counted in each family.
        let mut numbers: Vec<Vec<u32>> = pieces.iter().map(|piece| vec![0; piece.orders.len()]).collect();
        let mut counts = vec![0; families.len()];
        let mut family_of = Vec::with_capacity(order.len());
        for (_, piece, card) in &order {
            let family = place(*piece).unwrap_or(0);
            numbers[*piece][*card] = counts[family];
            counts[family] += 1;
            family_of.push(family);
        }
        let order = order.into_iter().map(|(_, piece, card)| (piece, card)).collect();

        let new = pieces.iter().any(|piece| matches!(piece.cards, Cards::New(_)));
        let (lexicons, told) = rayon::join(
            || new.then(|| lexicon::for_lookup(self.own, self.keep)),
            || lexicon::of_families(&families, self.own, self.keep),
        );
        let cut = |(piece, numbers): (Piece, Vec<u32>)| {
            let mut all: Vec<Batch> = match (piece.cards, &lexicons) {
                (Cards::Kept(batches), _) => batches,
                (Cards::New(cards), Some(lexicons)) => {
                    batches(cards).map(|cards| self.cut(&cards, lexicons)).collect()
                }
                (Cards::New(_), None) => Vec::new(),
            };
            let parts = all.iter_mut().zip(numbers.chunks(BATCH));
            parts.for_each(|(batch, numbers)| batch.numbers = numbers.to_vec());
            (piece.family, all)
        };
        let cut: Vec<(Family, Vec<Batch>)> = pieces.into_par_iter().zip(numbers).map(cut).collect();
        let mut of_families: [Vec<Batch>; FAMILIES] = Default::default();
        cut.into_iter().for_each(|(family, batches)| of_families[family as usize].extend(batches));
        let all = Family::ALL.into_iter().zip(of_families).zip(self.names);
        let all = all.map(|((family, batches), names)| (family, batches, names));
        let all = all.filter(|(family, ..)| families.contains(family)).collect();
        let made = book::make(&family_of, all, &told, (whole, shard));
        Pack {
            core: Core {
                settings: settings::Settings::new(&made.known),
                families: made.families,
                family: made.family,
            },
            words: format!("[{}]", told.iter().map(|one| &*one.text).collect::<Vec<_>>().join(",")),
            told: told.iter().map(|one| Arc::clone(&one.lists)).collect(),
            shards: made.shards,
            families,
            order,
        }
    }
}

/// Cards of a piece, as many at a time as are cut up together.
fn batches(cards: &[Card]) -> impl Iterator<Item = Vec<&Card>> {
    cards.chunks(BATCH).map(|cards| cards.iter().collect())
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
