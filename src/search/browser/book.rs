//! The cards of a book as a script reads them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::digits::Digits;
use super::lexicon::{Told, alone};
use super::records::{self, Entry, Keys, is_key, root};
use super::settings::Stops;
use crate::card::Card;
use crate::keep::{self, Keep, Reader, Writer};
use crate::language;
use crate::search::features::{Sort, letter};
use crate::search::lexicon::{Lexicon, Lexicons, add};
use crate::search::schema::{self, Filling};
use crate::search::sense;

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
    /// The first key of each shard, as scripts compare texts, and its number.
    shards: Vec<(String, usize)>,
}

/// What is made of cards.
pub(super) struct Made {
    pub families: Vec<Family>,
    /// The place of its family in the core, of every card.
    pub family: String,
    pub shards: Vec<String>,
    /// The characters that are compared by.
    pub known: BTreeSet<char>,
}

/// A card cut up.
struct Cut {
    /// A word, or the first and one more than the second of a pair, by their places in the keys of the batch;
    /// how often it is said and how often it is a word of the body.
    features: Vec<[u32; 4]>,
    said: u32,
    body: u32,
    groups: Vec<(usize, u8)>,
}

/// Cards of one family that are cut up together: what they have in common is kept once.
#[derive(Default)]
struct Batch {
    /// What they are compared by, in the order in which it came up.
    keys: Vec<String>,
    places: HashMap<String, u32>,
    /// In how many of the cards each word is, as it is written.
    words: HashMap<String, u32>,
    cuts: Vec<Cut>,
    /// Which cards of the family these are.
    numbers: Vec<u32>,
}

/// No batch has more cards.
const BATCH: usize = 128;

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

/// The cards of a family as batches, each of one playbook or library, so that a changed card makes none
/// new but its own: the others are kept.
fn cut_up(cards: &[&Card], lexicons: &Lexicons, own: &[Lexicon], keep: &dyn Keep) -> Vec<Batch> {
    let mut of_books: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
    for (card, number) in cards.iter().zip(0..) {
        of_books.entry(&card.playbook).or_default().push(number);
    }
    let numbers: Vec<&[u32]> = of_books.values().flat_map(|numbers| numbers.chunks(BATCH)).collect();
    let of = |numbers: &&[u32]| {
        let some: Vec<&Card> =
            numbers.iter().filter_map(|number| cards.get(*number as usize).copied()).collect();
        let name = keep::name("cut", (own, Texts(&some)));
        let known = keep.get(&name).and_then(|bytes| Batch::read(&bytes));
        let mut batch = known.filter(|batch| batch.cuts.len() == some.len()).unwrap_or_else(|| {
            let batch = Batch::of(&some, lexicons);
            keep.put(&name, batch.written());
            batch
        });
        batch.numbers = numbers.to_vec();
        batch
    };
    numbers.par_iter().map(of).collect()
}

/// What of cards is cut up.
struct Texts<'a>(&'a [&'a Card]);

impl Hash for Texts<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        for card in self.0 {
            (card.language.family(), &card.title, card.utterances.len()).hash(state);
            card.utterances
                .iter()
                .map(String::as_str)
                .chain(schema::body_texts(card))
                .for_each(|text| text.hash(state));
        }
    }
}

impl Batch {
    fn of(cards: &[&Card], lexicons: &Lexicons) -> Self {
        let mut batch = Batch::default();
        cards.iter().for_each(|card| batch.add(card, lexicons));
        batch.places = HashMap::new();
        batch
    }

    /// To be read by [`Batch::read`].
    fn written(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.number(self.keys.len() as u32);
        self.keys.iter().for_each(|key| out.text(key));
        out.number(self.words.len() as u32);
        for (word, count) in &self.words {
            out.text(word);
            out.number(*count);
        }
        out.number(self.cuts.len() as u32);
        for cut in &self.cuts {
            out.number(cut.features.len() as u32);
            cut.features.iter().flatten().for_each(|number| out.number(*number));
            out.number(cut.said);
            out.number(cut.body);
            out.number(cut.groups.len() as u32);
            for (group, level) in &cut.groups {
                out.number(*group as u32);
                out.number(u32::from(*level));
            }
        }
        out.0
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let text = |bytes: &mut Reader<'_>| bytes.text().map(str::to_owned);
        let keys = bytes.all(text)?;
        let words = bytes.all(|bytes| Some((text(bytes)?, bytes.number()?)))?.into_iter().collect();
        let cuts = bytes.all(|bytes| {
            let mut feature = [0; 4];
            let features = bytes.all(|bytes| {
                for number in &mut feature {
                    *number = bytes.number()?;
                }
                Some(feature)
            });
            Some(Cut {
                features: features?,
                said: bytes.number()?,
                body: bytes.number()?,
                groups: bytes
                    .all(|bytes| Some((bytes.number()? as usize, bytes.number()?.try_into().ok()?)))?,
            })
        })?;
        Some(Batch { keys, words, cuts, ..Batch::default() })
    }

    fn place(&mut self, key: &str) -> u32 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.keys.len() as u32;
        self.keys.push(key.to_owned());
        self.places.insert(key.to_owned(), place);
        place
    }

    fn feature(&mut self, key: &str, sort: Sort) -> (u32, u32) {
        // The first letter is the family's.
        let key = &key[1..];
        match key.split_once(' ').filter(|_| sort == Sort::Pair) {
            Some((first, second)) => self.pair(first, second),
            None => (self.place(key), 0),
        }
    }

    fn pair(&mut self, first: &str, second: &str) -> (u32, u32) {
        (self.place(first), self.place(second) + 1)
    }

    fn add(&mut self, card: &Card, lexicons: &Lexicons) {
        let mut filling = Filling { family: card.language.family(), words: Default::default() };
        let title = filling.cut(&card.title);
        let utterances: Vec<_> =
            card.utterances.iter().take(schema::LONGEST).map(|text| filling.cut(text)).collect();
        let all = filling.cut_all(schema::body_texts(card));
        let mut features: Vec<[u32; 4]> = Vec::with_capacity(all.keys.len());
        let (mut said, mut body) = (0, 0);
        for (key, sort) in utterances.iter().chain([&title]).flat_map(|cut| &cut.keys) {
            said += 1;
            // The script compares amounts by their words alone.
            if *sort != Sort::Amount {
                let (first, second) = self.feature(key, *sort);
                features.push([first, second, 1, 0]);
            }
        }
        for (key, sort) in all.keys.iter().filter(|(_, sort)| matches!(sort, Sort::Word | Sort::Character)) {
            body += 1;
            let (first, second) = self.feature(key, *sort);
            features.push([first, second, 0, 1]);
        }
        // A text word for word stands under its first root.
        for text in utterances.iter().chain([&title]) {
            let first = text.whole.first().and_then(|folded| folded.split(' ').next()).unwrap_or_default();
            for key in &text.whole {
                let (first, second) = self.pair(&root(filling.family, first), &hash(key));
                features.push([first, second, 1, 0]);
            }
        }
        features.sort_unstable();
        features.dedup_by(|[first, second, said, body], before| {
            let same = before[..2] == [*first, *second];
            if same {
                before[2] += *said;
                before[3] += *body;
            }
            same
        });
        for word in filling.words.iter().map(|word| &word[1..]).filter(|word| is_key(word)) {
            add(&mut self.words, word, 1);
        }
        let told: Vec<Vec<u64>> = utterances.iter().map(|cut| cut.hashes()).collect();
        let told: Vec<&[u64]> = told.iter().map(Vec::as_slice).collect();
        self.cuts.push(Cut {
            features,
            said,
            body,
            groups: sense::of_card(&lexicons.table, &title.hashes(), &told, &all.hashes()),
        });
    }
}

/// What a text is known by: FNV-1a of its UTF-16 units, in digits and letters behind a sign that no word has.
fn hash(text: &str) -> String {
    let all = text
        .encode_utf16()
        .fold(0x811c_9dc5_u32, |hash, unit| (hash ^ u32::from(unit)).wrapping_mul(0x0100_0193));
    let (mut left, mut digits) = (all ^ (all >> 16), Vec::new());
    while left > 0 || digits.is_empty() {
        digits.push(char::from_digit(left % 36, 36).unwrap_or('0'));
        left /= 36;
    }
    digits.iter().rev().fold("^".to_owned(), |mut out, digit| {
        out.push(*digit);
        out
    })
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

/// Makes what a script reads of cards, which are in order.
pub(super) fn make(
    cards: &[&Card],
    (lexicons, own): (&Lexicons, &[Lexicon]),
    families: &[language::Family],
    told: &[Arc<Told>],
    (whole, shard): (usize, usize),
    keep: &dyn Keep,
) -> Made {
    let place = |card: &&Card| families.iter().position(|family| *family == card.language.family());
    let family_of: Vec<usize> = cards.iter().map(|card| place(card).unwrap_or(0)).collect();
    let (mut made, mut shards, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (number, &family) in families.iter().enumerate() {
        let here = cards.iter().zip(&family_of).filter(|(_, of)| **of == number).map(|(card, _)| *card);
        let cut = cut_up(&here.collect::<Vec<_>>(), lexicons, own, keep);
        known.extend(cut.iter().flat_map(|batch| &batch.keys).filter_map(|key| alone(key)));
        let first_group = told.get(number).map_or(0, |told| told.first_group);
        let lists = lists(&cut, whole, shard);
        made.push(of_family(family, &cut, first_group, lists.iter().map(|(_, first)| first), shards.len()));
        shards.extend(lists.into_iter().map(|(text, _)| serde_json::to_string(&text).unwrap_or_default()));
    }
    known.extend(told.iter().flat_map(|told| &told.characters));
    let family = family_of.iter().map(|&place| place as u32).collect::<Digits>().into_text();
    Made { families: made, family, shards, known }
}

/// What the core has of the cards of one family, which are in order.
fn of_family<'f>(
    family: language::Family,
    batches: &[Batch],
    first_group: usize,
    firsts: impl Iterator<Item = &'f String>,
    first_shard: usize,
) -> Family {
    let mut words: HashMap<&str, u32> = HashMap::new();
    for (word, count) in batches.iter().flat_map(|batch| &batch.words) {
        *words.entry(word).or_default() += count;
    }
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
        shards: firsts.cloned().zip(first_shard..).collect(),
    }
}

/// What leads to the cards of one family: texts, each with its first key.
fn lists(batches: &[Batch], whole: usize, shard: usize) -> Vec<(String, String)> {
    let keys: Vec<&str> = batches.iter().flat_map(|batch| &batch.keys).map(String::as_str).collect();
    let keys = Keys::new(keys.into_iter().filter(|key| is_key(key)).collect());
    let mut entries: Vec<Entry> = batches
        .par_iter()
        .flat_map_iter(|batch| {
            let own: Arc<[Option<u32>]> = batch.keys.iter().map(|key| keys.of(key)).collect();
            batch.cuts.iter().zip(&batch.numbers).flat_map(move |(cut, &number)| {
                let own = Arc::clone(&own);
                cut.features.iter().filter_map(move |&[first, second, said, body]| {
                    let first = *own.get(first as usize)?;
                    let second = match second.checked_sub(1) {
                        Some(second) => (*own.get(second as usize)?)? + 1,
                        None => 0,
                    };
                    let said = said.min(7);
                    let value = if second > 0 { said - 1 } else { said + 8 * body.min(100) };
                    Some(Entry { first: first?, second, number, value })
                })
            })
        })
        .collect();
    entries.par_sort_unstable();
    keys.lists(&entries, whole, shard)
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
