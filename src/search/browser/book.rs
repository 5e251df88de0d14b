//! The cards of a book as a script reads them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::digits::Digits;
use super::lexicon::Told;
use super::lists::{Entry, columns};
use super::settings::stops;
use super::words::{Ids, Vocabulary, fits, front_coded, is_character, root};
use crate::card::Card;
use crate::language;
use crate::search::features::{Sort, letter};
use crate::search::lexicon::Lexicons;
use crate::search::schema::{self, Filling};
use crate::search::sense;

/// A language family of the book.
#[derive(Debug, Serialize)]
pub(super) struct Family {
    letter: char,
    /// What stop words are found by, one line feed apart.
    stops: String,
    #[serde(flatten)]
    words: Vocabulary,
    /// Characters that no saying has.
    characters: String,
    /// Words with their marks and amounts that no saying has, by their keys, front-coded.
    marked: String,
    /// The first key of each shard, as scripts compare texts, and its number.
    shards: Vec<(String, usize)>,
}

/// What is known of every card, card after card.
#[derive(Debug, Default, Serialize)]
pub(super) struct Columns {
    /// The place of its family in the core.
    family: String,
    /// One for what we say and buyers do not.
    ours: String,
    /// How many features are said in it, and how many words its body has, as the index rounds them.
    said: String,
    body: String,
    /// How many situations it is in; which; how much.
    situations: String,
    groups: String,
    levels: String,
    /// How many texts it has word for word; what each comes to by [`hash`].
    wholes: String,
    whole: String,
}

/// What is made of cards.
pub(super) struct Made {
    pub families: Vec<Family>,
    pub columns: Columns,
    pub shards: Vec<String>,
    /// The characters that are compared by.
    pub known: BTreeSet<char>,
}

/// A card cut up.
struct Cut {
    /// Features with how often they are said and how often they are words of the body.
    features: HashMap<String, (Sort, u32, u32)>,
    words: Vec<String>,
    said: u32,
    body: u32,
    groups: Vec<(usize, u8)>,
    whole: Vec<u32>,
}

/// The numbers of cards in the order that decides between equal scores.
pub(super) fn in_order(cards: &[Card]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..cards.len()).collect();
    order.sort_by_cached_key(|&at| schema::order(&cards[at]));
    order
}

/// The families that cards are in, in their order.
pub(super) fn families(cards: &[&Card]) -> Vec<language::Family> {
    let found: BTreeSet<language::Family> = cards.iter().map(|card| card.language.family()).collect();
    found.into_iter().collect()
}

/// Words that bear marks stand under their own key, all others under themselves.
fn cut(card: &Card, lexicons: &Lexicons) -> Cut {
    let family = card.language.family();
    let mut filling = Filling { lexicons, family, words: Default::default() };
    let title = filling.cut(&card.title);
    let utterances: Vec<_> =
        card.utterances.iter().take(schema::LONGEST).map(|text| filling.cut(text)).collect();
    let all = filling.cut_all(schema::body_texts(card));
    let mut features: HashMap<String, (Sort, u32, u32)> = HashMap::new();
    let (mut said, mut body) = (0, 0);
    for (key, sort) in utterances.iter().chain([&title]).flat_map(|cut| &cut.keys) {
        said += 1;
        if *sort == Sort::Amount {
            continue;
        }
        features.entry(key[1..].to_owned()).or_insert((*sort, 0, 0)).1 += 1;
    }
    for (key, sort) in all.keys.iter().filter(|(_, sort)| matches!(sort, Sort::Word | Sort::Character)) {
        body += 1;
        features.entry(key[1..].to_owned()).or_insert((*sort, 0, 0)).2 += 1;
    }
    let told: Vec<Vec<u64>> = utterances.iter().map(|cut| cut.hashes()).collect();
    let told: Vec<&[u64]> = told.iter().map(Vec::as_slice).collect();
    let mut whole: Vec<u32> =
        utterances.iter().chain([&title]).flat_map(|cut| &cut.whole).map(|text| hash(text)).collect();
    whole.sort_unstable();
    whole.dedup();
    Cut {
        features,
        words: filling.words.into_iter().collect(),
        said,
        body,
        groups: sense::of_card(&lexicons.table, &title.hashes(), &told, &all.hashes()),
        whole,
    }
}

/// What a text is known by: FNV-1a of its UTF-16 units, as many bits as three letters of numbers hold.
fn hash(text: &str) -> u32 {
    let all = text
        .encode_utf16()
        .fold(0x811c_9dc5_u32, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193));
    (all ^ (all >> 16)) % 8192
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

/// Makes the columns of cards, which are in order.
pub(super) fn make(
    cards: &[&Card],
    lexicons: &Lexicons,
    families: &[language::Family],
    told: &[Arc<Told>],
    whole: usize,
    shard: usize,
) -> Made {
    let cuts: Vec<Cut> = cards.par_iter().map(|card| cut(card, lexicons)).collect();
    let family_of: Vec<usize> = cards
        .iter()
        .map(|card| families.iter().position(|family| *family == card.language.family()).unwrap_or(0))
        .collect();
    let (mut made, mut shards, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, &family) in families.iter().enumerate() {
        let own: Vec<&Cut> =
            cuts.iter().zip(&family_of).filter(|(_, of)| **of == number).map(|(cut, _)| cut).collect();
        let (new, columns, ids) = of_family(family, &own, told.get(number), whole, shard, shards.len());
        known.extend(ids.characters());
        made.push(new);
        shards.extend(columns);
    }
    let mut of_cards = <[Digits; 9]>::default();
    for ((cut, &family), card) in cuts.iter().zip(&family_of).zip(cards) {
        let first = told.get(family).map_or(0, |told| told.first_group);
        let lists = [
            vec![family as u32],
            vec![u32::from(schema::is_ours(card.kind))],
            vec![rounded(cut.said)],
            vec![rounded(cut.body)],
            vec![cut.groups.len() as u32],
            Vec::new(),
            cut.groups.iter().map(|(_, level)| u32::from(*level)).collect(),
            vec![cut.whole.len() as u32],
            cut.whole.clone(),
        ];
        for (column, numbers) in of_cards.iter_mut().zip(lists) {
            numbers.into_iter().for_each(|number| column.put(number));
        }
        of_cards[5].put_rising(cut.groups.iter().map(|(group, _)| group.saturating_sub(first) as u32));
    }
    let [family, ours, said, body, situations, groups, levels, wholes, whole] =
        of_cards.map(Digits::into_text);
    let columns = Columns { family, ours, said, body, situations, groups, levels, wholes, whole };
    Made { families: made, columns, shards, known }
}

/// What is made of the cards of one family, which are in order.
fn of_family(
    family: language::Family,
    cuts: &[&Cut],
    told: Option<&Arc<Told>>,
    whole: usize,
    shard: usize,
    first_shard: usize,
) -> (Family, Vec<String>, Ids) {
    let mut words: BTreeMap<&str, u32> = BTreeMap::new();
    for word in cuts.iter().flat_map(|cut| &cut.words).map(|word| &word[1..]).filter(|word| fits(word)) {
        *words.entry(word).or_default() += 1;
    }
    let mut ids = told.map(|told| told.ids.clone()).unwrap_or_default();
    let mut characters: BTreeSet<&str> = BTreeSet::new();
    let mut marked: BTreeSet<&str> = BTreeSet::new();
    for (key, (sort, ..)) in cuts.iter().flat_map(|cut| &cut.features) {
        match sort {
            Sort::Exact if fits(&key[1..]) && !ids.has(key) => drop(marked.insert(key)),
            Sort::Pair => {
                characters.extend(key.split(' ').filter(|part| is_character(part) && !ids.has(part)))
            }
            Sort::Character if !ids.has(key) => drop(characters.insert(key)),
            _ => {}
        }
    }
    characters.iter().for_each(|key| ids.add(key));
    words.keys().for_each(|word| ids.add(&root(family, word)));
    marked.iter().for_each(|key| ids.add(key));

    let mut keyed: Vec<(&str, Entry)> = Vec::new();
    for (number, cut) in (0..).zip(cuts) {
        for (key, &(sort, said, body)) in &cut.features {
            let said = said.min(7);
            let (first, second, value) = match key.split_once(' ').filter(|_| sort == Sort::Pair) {
                Some((first, second)) => (first, ids.of(second).map(|id| id + 1), said - 1),
                None => (key.as_str(), Some(0), said + 8 * body.min(100)),
            };
            if let Some((id, second)) = ids.of(first).zip(second) {
                keyed.push((first, Entry { first: id, second, number, value }));
            }
        }
    }
    let (texts, starts) = split(keyed, whole, shard);
    let made = Family {
        letter: letter(family),
        stops: stops(family),
        words: Vocabulary::new(family, &words),
        characters: characters.iter().copied().collect(),
        marked: front_coded(marked.iter().copied()),
        shards: starts.into_iter().zip(first_shard..).collect(),
    };
    (made, texts, ids)
}

/// The entries as one shard or as several, and the first key of each. What is under one key is never
/// parted. An entry is taken for two bytes.
fn split(mut keyed: Vec<(&str, Entry)>, whole: usize, shard: usize) -> (Vec<String>, Vec<String>) {
    if keyed.len() * 2 <= whole {
        let mut entries: Vec<Entry> = keyed.into_iter().map(|(_, entry)| entry).collect();
        entries.par_sort_unstable();
        return (vec![text(&entries)], vec![String::new()]);
    }
    // Scripts compare texts by their UTF-16 units.
    keyed.par_sort_unstable_by(|a, b| {
        if a.0 == b.0 { a.1.cmp(&b.1) } else { a.0.encode_utf16().cmp(b.0.encode_utf16()) }
    });
    let mut parts: Vec<(String, Vec<Entry>)> = vec![(String::new(), Vec::new())];
    for of_key in keyed.chunk_by(|a, b| a.0 == b.0) {
        let full =
            parts.last().is_some_and(|(_, part)| !part.is_empty() && (part.len() + of_key.len()) * 2 > shard);
        if full {
            parts.push((of_key[0].0.to_owned(), Vec::new()));
        }
        if let Some((_, part)) = parts.last_mut() {
            part.extend(of_key.iter().map(|(_, entry)| *entry));
        }
    }
    let texts = parts.par_iter_mut().map(|(_, part)| {
        part.sort_unstable();
        text(part)
    });
    let texts = texts.collect();
    (texts, parts.into_iter().map(|(start, _)| start).collect())
}

fn text(entries: &[Entry]) -> String {
    serde_json::to_string(&columns(entries)).unwrap_or_default()
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
