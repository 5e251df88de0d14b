//! The cards of a book as a script reads them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::cut::{Batch, Cut, Feature};
use super::digits::Digits;
use super::lexicon::Told;
use super::names::{Names, Sorted};
use super::records::{self, Entry, Keys, Packed, Widths};
use super::settings::Stops;
use crate::digest::sum;
use crate::language;
use crate::search::features::letter;

/// A language family of the book.
#[derive(Debug, Serialize)]
pub(super) struct Family {
    letter: char,
    #[serde(flatten)]
    stops: Stops,
    words: String,
    /// How many features are said in each of its cards, and how many words its body has, as the index rounds
    /// them.
    said: String,
    body: String,
    /// The cards in each situation, and how much.
    groups: String,
    /// What the name of the part that sayings tell ends in.
    told: String,
    /// The first key of each shard, as scripts compare texts, and what its name ends in.
    shards: Vec<(String, String)>,
}

/// What is made of cards.
pub(super) struct Made {
    pub families: Vec<Family>,
    /// The place of its family in the core, of every card.
    pub family: String,
    /// What every look-up in a family reads, each with its name.
    pub parts: Vec<Vec<(String, Arc<str>)>>,
    pub shards: Vec<String>,
    /// The characters that are compared by.
    pub known: BTreeSet<char>,
}

/// A length as the engine's index rounds it: exact below 40, then to three bits less each doubling.
fn rounded(length: u32) -> u32 {
    const EXACT: u32 = 24;
    match length.checked_sub(EXACT) {
        Some(more) if more >= 16 => {
            let shift = more.ilog2() - 3;
            EXACT + (more >> shift << shift)
        }
        _ => length,
    }
}

/// The cards of a family as they are cut up, with their numbers, in order.
fn all_cuts(batches: &[Batch]) -> Vec<(u32, &Cut)> {
    let cuts = batches.iter().flat_map(|batch| batch.numbers.iter().copied().zip(&batch.cuts));
    let mut cuts: Vec<(u32, &Cut)> = cuts.collect();
    cuts.sort_unstable_by_key(|(number, _)| *number);
    cuts
}

/// Makes what a script reads of the cards of families, of which each is given with its batches and names.
/// `family_of` has the place of its family of every card, in order.
pub(super) fn make(
    family_of: &[usize],
    families: Vec<(language::Family, Vec<Batch>, Names)>,
    told: &[Arc<Told>],
    (whole, shard): (usize, usize),
) -> Made {
    let (mut made, mut parts, mut shards, mut known) =
        (Vec::new(), Vec::new(), Vec::<String>::new(), BTreeSet::new());
    for ((family, batches, names), told) in families.into_iter().zip(told) {
        let names = names.sorted();
        known.extend(&names.characters);
        known.extend(&told.characters);
        let (firsts, texts): (Vec<String>, Vec<String>) =
            lists(&batches, &names, whole, shard).into_iter().map(|(text, first)| (first, text)).unzip();
        // What is always read goes by what is in it: it may be there from before, beside another core.
        let is_whole = texts.len() == 1;
        let all = [&*told.lists, if is_whole { &texts[0] } else { "" }].map(|text| sum(text.as_bytes()));
        let version = format!("{:x}", all[0] ^ all[1].rotate_left(1));
        let name = |at: usize| if is_whole { version.clone() } else { (shards.len() + at).to_string() };
        let firsts = firsts.into_iter().enumerate().map(|(at, first)| (first, name(at))).collect();
        made.push(of_family(family, (&batches, &names), told.first_group, (version.clone(), firsts)));
        let mut always = vec![(format!("told-{version}"), Arc::clone(&told.lists))];
        if is_whole {
            always.extend(texts.into_iter().map(|text| (format!("cards-{version}"), text.into())));
        } else {
            shards.extend(texts);
        }
        parts.push(always);
    }
    let family = family_of.iter().map(|&place| place as u32).collect::<Digits>().into_text();
    Made { families: made, family, parts, shards, known }
}

/// What the core has of the cards of one family, which are in order.
fn of_family(
    family: language::Family,
    (batches, names): (&[Batch], &Sorted),
    first_group: usize,
    (told, shards): (String, Vec<(String, String)>),
) -> Family {
    let words = names.words.iter().map(|(word, cards)| (&**word, *cards)).collect();
    let all = all_cuts(batches);
    let cuts = || all.iter().map(|(_, cut)| *cut);
    let mut groups: BTreeMap<String, Vec<(u32, u32)>> = BTreeMap::new();
    for (cut, number) in cuts().zip(0..) {
        for (group, level) in &cut.groups {
            let group = group.saturating_sub(first_group).to_string();
            groups.entry(group).or_default().push((number, u32::from(*level)));
        }
    }
    Family {
        letter: letter(family),
        stops: Stops::of(family),
        words: records::words(family, &words),
        said: cuts().map(|cut| rounded(cut.said)).collect::<Digits>().into_text(),
        body: cuts().map(|cut| rounded(cut.body)).collect::<Digits>().into_text(),
        groups: records::named(&groups),
        told,
        shards,
    }
}

/// What leads to the cards of one family: texts, each with its first key.
fn lists(batches: &[Batch], names: &Sorted, whole: usize, shard: usize) -> Vec<(String, String)> {
    let keys = Keys::sorted(names.keys.iter().map(|key| &**key).collect());
    let last = batches.iter().flat_map(|batch| &batch.numbers).max().copied().unwrap_or(0);
    let most =
        Entry { first: names.keys.len() as u32, second: names.keys.len() as u32, number: last, value: 0 };
    // Half the room does but for the very largest books.
    match Widths::of(most) {
        widths if widths.all() <= u64::BITS => {
            packed_lists::<u64>(batches, names, widths, &keys, (whole, shard))
        }
        widths => packed_lists::<u128>(batches, names, widths, &keys, (whole, shard)),
    }
}

fn packed_lists<P: Packed>(
    batches: &[Batch],
    names: &Sorted,
    widths: Widths,
    keys: &Keys,
    (whole, shard): (usize, usize),
) -> Vec<(String, String)> {
    let many: Vec<usize> = batches.iter().map(Batch::many).collect();
    let mut entries = vec![P::default(); many.iter().sum()];
    let mut rest = &mut entries[..];
    let mut parts = Vec::with_capacity(batches.len());
    for (batch, many) in batches.iter().zip(many) {
        let (part, behind) = std::mem::take(&mut rest).split_at_mut(many);
        parts.push((batch, part));
        rest = behind;
    }
    let place = |name: u32| names.places.get(name as usize).copied().unwrap_or_default();
    parts.into_par_iter().for_each(|(batch, part)| {
        for (entry, feature) in part.iter_mut().zip(batch.features()) {
            let Feature { first, second, number, value } = feature;
            let second = second.map_or(0, |second| place(second) + 1);
            *entry = widths.pack(Entry { first: place(first), second, number, value });
        }
    });
    entries.par_sort_unstable();
    keys.lists(&entries, |entry| widths.unpack(entry), whole, shard)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_rounded_as_in_the_index() {
        for (length, expected) in [
            (0, 0),
            (39, 39),
            (40, 40),
            (41, 40),
            (42, 42),
            (55, 54),
            (56, 56),
            (59, 56),
            (60, 60),
            (87, 84),
            (88, 88),
            (95, 88),
            (96, 96),
        ] {
            assert_eq!(rounded(length), expected, "{length}");
        }
    }
}
