//! The pack in the making, from pieces: a playbook or a library each, new or as it was kept.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::cut::{self, Batch, Kept};
use super::names::Names;
use super::{Core, Pack, book, lexicon, settings};
use crate::card::Card;
use crate::digest::hash_of;
use crate::keep::{self, Keep};
use crate::language::Family;
use crate::search::lexicon::{Lexicon, Lexicons};

/// What decides the order of cards; those of a piece have to come in it.
pub fn order(card: &Card) -> String {
    crate::search::schema::order(card)
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
    /// They are in a group.
    Kept,
}

/// What is known of a piece whose cards were cut up before.
pub struct Known<'a> {
    /// The family of its language.
    pub family: Family,
    /// What decides the order of each of its cards.
    pub orders: Vec<&'a str>,
    /// Under which names is kept what was cut up of them.
    pub names: &'a [String],
}

/// Pieces that were put together.
struct Group {
    family: Family,
    /// By their numbers.
    pieces: Vec<usize>,
    batch: Batch,
}

/// No batch has more cards.
const BATCH: usize = 128;

/// No group has more pieces. A text that they have in common is looked up once for each group, and of a group
/// in which a piece is new the others are put together anew.
const GROUP: usize = 16;

/// As many as there are families.
const FAMILIES: usize = Family::ALL.len();

/// A pack in the making: cards are cut up with the book's own lexicons, or what was kept of that is taken.
pub struct Packing<'k> {
    own: &'k [Lexicon],
    /// What it is kept by.
    place: &'k str,
    keep: &'k dyn Keep,
    names: [Names; FAMILIES],
    groups: Vec<Group>,
}

impl<'k> Packing<'k> {
    /// A pack of nothing yet. `place` says of which book, among those of which something is kept there.
    pub fn new(own: &'k [Lexicon], place: &'k str, keep: &'k dyn Keep) -> Self {
        Packing { own, place, keep, names: Default::default(), groups: Vec::new() }
    }

    /// Under which names is kept what is cut up of the cards of a piece.
    pub fn names_of(&self, cards: &[Card]) -> Vec<String> {
        batches(cards).map(|cards| cut::name(&cards, self.own)).collect()
    }

    /// A piece whose cards are new, with the order of each.
    pub fn fresh<'a>(&self, family: Family, orders: Vec<&'a str>, cards: &'a [Card]) -> Piece<'a> {
        Piece { family, orders, cards: Cards::New(cards) }
    }

    /// The pieces whose cards were cut up before, where that was kept; by their numbers among all.
    pub fn again<'a>(&mut self, known: Vec<Option<Known<'a>>>) -> Vec<Option<Piece<'a>>> {
        let mut parts: BTreeMap<(Family, usize), Vec<usize>> = BTreeMap::new();
        for (number, known) in known.iter().enumerate() {
            if let Some(known) = known {
                parts.entry((known.family, number / GROUP)).or_default().push(number);
            }
        }
        let group = |((family, number), pieces): ((Family, usize), Vec<usize>)| {
            let pieces = pieces.into_iter().filter_map(|piece| Some((piece, known[piece].as_ref()?)));
            self.group(family, number, pieces.collect())
        };
        self.groups = parts.into_par_iter().map(group).collect();
        let there: BTreeSet<usize> =
            self.groups.iter().flat_map(|group| group.pieces.iter().copied()).collect();
        let piece = |(number, known): (usize, Option<Known<'a>>)| {
            let Known { family, orders, .. } = known.filter(|_| there.contains(&number))?;
            Some(Piece { family, orders, cards: Cards::Kept })
        };
        known.into_iter().enumerate().map(piece).collect()
    }

    /// Those of some pieces that can be read, put together.
    fn group(&self, family: Family, number: usize, pieces: Vec<(usize, &Known)>) -> Group {
        let many = |pieces: &[(usize, &Known)]| pieces.iter().map(|(_, known)| known.orders.len()).sum();
        let made_of = |pieces: &[(usize, &Known)]| {
            let names: Vec<&[String]> = pieces.iter().map(|(_, known)| known.names).collect();
            hash_of(names).to_le_bytes()
        };
        let finished = |pieces: &[(usize, &Known)], batch: Batch| Group {
            family,
            pieces: pieces.iter().map(|(piece, _)| *piece).collect(),
            batch,
        };
        let name = keep::name("group", (self.place, family, number));
        let names = &self.names[family as usize];
        let of = made_of(&pieces);
        let told = self.keep.get(&name).filter(|bytes| bytes.starts_with(&of));
        if let Some(kept) = told.as_ref().and_then(|bytes| Kept::read(&bytes[of.len()..], many(&pieces))) {
            return finished(&pieces, kept.batch(names));
        }
        let bytes = |(piece, known): (usize, &'_ Known)| {
            let parts = known.orders.chunks(BATCH).map(<[&str]>::len);
            let bytes: Vec<Vec<u8>> =
                known.names.iter().map(|name| self.keep.get(name)).collect::<Option<_>>()?;
            let sound = bytes.len() == parts.len()
                && bytes.iter().zip(parts).all(|(bytes, many)| Kept::read(bytes, many).is_some());
            sound.then_some((piece, bytes))
        };
        let read: Vec<(usize, Vec<Vec<u8>>)> = pieces.iter().copied().filter_map(bytes).collect();
        let pieces: Vec<(usize, &Known)> =
            pieces.into_iter().filter(|(piece, _)| read.iter().any(|(one, _)| one == piece)).collect();
        let parts: Vec<&Vec<u8>> = read.iter().flat_map(|(_, bytes)| bytes).collect();
        let kept = parts.iter().filter_map(|bytes| Kept::of_any(bytes)).collect();
        let mut bytes = made_of(&pieces).to_vec();
        bytes.extend(cut::together(kept));
        let batch = Kept::read(&bytes[of.len()..], many(&pieces)).map(|kept| kept.batch(names));
        if parts.len() > 1 {
            self.keep.put(&name, bytes);
        }
        finished(&pieces, batch.unwrap_or_default())
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
    pub fn pack(mut self, pieces: Vec<Piece>, whole: usize, shard: usize) -> Pack {
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
        for group in &mut self.groups {
            group.batch.numbers =
                group.pieces.iter().flat_map(|piece| numbers[*piece].iter().copied()).collect();
        }
        let cut = |(piece, numbers): (Piece, Vec<u32>)| {
            let mut all: Vec<Batch> = match (piece.cards, &lexicons) {
                (Cards::New(cards), Some(lexicons)) => {
                    batches(cards).map(|cards| self.cut(&cards, lexicons)).collect()
                }
                _ => Vec::new(),
            };
            let parts = all.iter_mut().zip(numbers.chunks(BATCH));
            parts.for_each(|(batch, numbers)| batch.numbers = numbers.to_vec());
            (piece.family, all)
        };
        let cut: Vec<(Family, Vec<Batch>)> = pieces.into_par_iter().zip(numbers).map(cut).collect();
        let mut of_families: [Vec<Batch>; FAMILIES] = Default::default();
        cut.into_iter().for_each(|(family, batches)| of_families[family as usize].extend(batches));
        self.groups.into_iter().for_each(|group| of_families[group.family as usize].push(group.batch));
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
            parts: made.parts,
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
