//! The cards of a book as a script reads them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rayon::prelude::*;
use serde::Serialize;

use super::digits::Digits;
use super::kept::{self, Keep, Reader, Writer};
use super::lexicon::Told;
use super::lists::{Entry, columns};
use super::settings::stops;
use super::words::{Ids, Vocabulary, fits, front_coded, is_character, root};
use crate::card::Card;
use crate::language;
use crate::search::features::{Sort, letter};
use crate::search::lexicon::{Lexicon, Lexicons};
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
    /// A word, or the first and one more than the second of a pair, by their places in the keys of the batch;
    /// how often it is said and how often it is a word of the body.
    features: Vec<[u32; 4]>,
    said: u32,
    body: u32,
    groups: Vec<(usize, u8)>,
    whole: Vec<u32>,
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
        let name = kept::name("cut", (own, Texts(&some)));
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
            out.number(cut.whole.len() as u32);
            cut.whole.iter().for_each(|number| out.number(*number));
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
                whole: bytes.all(Reader::number)?,
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
            Some((first, second)) => (self.place(first), self.place(second) + 1),
            None => (self.place(key), 0),
        }
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
        features.sort_unstable();
        features.dedup_by(|[first, second, said, body], before| {
            let same = before[..2] == [*first, *second];
            if same {
                before[2] += *said;
                before[3] += *body;
            }
            same
        });
        for word in filling.words.iter().map(|word| &word[1..]).filter(|word| fits(word)) {
            match self.words.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(self.words.insert(word.to_owned(), 1)),
            }
        }
        let told: Vec<Vec<u64>> = utterances.iter().map(|cut| cut.hashes()).collect();
        let told: Vec<&[u64]> = told.iter().map(Vec::as_slice).collect();
        let mut whole: Vec<u32> =
            utterances.iter().chain([&title]).flat_map(|cut| &cut.whole).map(|text| hash(text)).collect();
        whole.sort_unstable();
        whole.dedup();
        self.cuts.push(Cut {
            features,
            said,
            body,
            groups: sense::of_card(&lexicons.table, &title.hashes(), &told, &all.hashes()),
            whole,
        });
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

/// The cards of a family as they are cut up, with their numbers, in order.
fn all_cuts(batches: &[Batch]) -> Vec<(u32, &Cut)> {
    let cuts = batches.iter().flat_map(|batch| batch.numbers.iter().copied().zip(&batch.cuts));
    let mut cuts: Vec<(u32, &Cut)> = cuts.collect();
    cuts.sort_unstable_by_key(|(number, _)| *number);
    cuts
}

/// Makes the columns of cards, which are in order.
pub(super) fn make(
    cards: &[&Card],
    (lexicons, own): (&Lexicons, &[Lexicon]),
    families: &[language::Family],
    told: &[Arc<Told>],
    (whole, shard): (usize, usize),
    keep: &dyn Keep,
) -> Made {
    let place = |card: &Card| families.iter().position(|family| *family == card.language.family());
    let family_of: Vec<usize> = cards.iter().map(|card| place(card).unwrap_or(0)).collect();
    let (mut made, mut shards, mut known) = (Vec::new(), Vec::new(), BTreeSet::new());
    let mut batches: Vec<Vec<Batch>> = Vec::new();
    for (number, &family) in families.iter().enumerate() {
        let here = cards.iter().zip(&family_of).filter(|(_, of)| **of == number).map(|(card, _)| *card);
        let cut = cut_up(&here.collect::<Vec<_>>(), lexicons, own, keep);
        let (new, columns, ids) = of_family(family, &cut, told.get(number), whole, shard, shards.len());
        known.extend(ids.characters());
        made.push(new);
        shards.extend(columns);
        batches.push(cut);
    }
    let mut cuts: Vec<_> = batches.iter().map(|batches| all_cuts(batches).into_iter()).collect();
    let mut of_cards = <[Digits; 9]>::default();
    for (card, &family) in cards.iter().zip(&family_of) {
        let Some((_, cut)) = cuts.get_mut(family).and_then(Iterator::next) else { continue };
        let first = told.get(family).map_or(0, |told| told.first_group);
        let mut put = |column: usize, numbers: &mut dyn Iterator<Item = u32>| {
            numbers.for_each(|number| of_cards[column].put(number));
        };
        put(0, &mut [family as u32].into_iter());
        put(1, &mut [u32::from(schema::is_ours(card.kind))].into_iter());
        put(2, &mut [rounded(cut.said)].into_iter());
        put(3, &mut [rounded(cut.body)].into_iter());
        put(4, &mut [cut.groups.len() as u32].into_iter());
        put(6, &mut cut.groups.iter().map(|(_, level)| u32::from(*level)));
        put(7, &mut [cut.whole.len() as u32].into_iter());
        put(8, &mut cut.whole.iter().copied());
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
    batches: &[Batch],
    told: Option<&Arc<Told>>,
    whole: usize,
    shard: usize,
    first_shard: usize,
) -> (Family, Vec<String>, Ids) {
    let mut words: BTreeMap<&str, u32> = BTreeMap::new();
    for (word, count) in batches.iter().flat_map(|batch| &batch.words) {
        *words.entry(word).or_default() += count;
    }
    let mut ids = told.map(|told| told.ids.clone()).unwrap_or_default();
    let keys = || batches.iter().flat_map(|batch| &batch.keys).map(String::as_str);
    let characters: BTreeSet<&str> = keys().filter(|key| is_character(key) && !ids.has(key)).collect();
    let marked: BTreeSet<&str> =
        keys().filter(|key| key.starts_with('=') && fits(&key[1..]) && !ids.has(key)).collect();
    characters.iter().for_each(|key| ids.add(key));
    words.keys().for_each(|word| ids.add(&root(family, word)));
    marked.iter().for_each(|key| ids.add(key));

    let entries: Vec<Entry> = batches
        .par_iter()
        .flat_map_iter(|batch| {
            let own: Arc<[Option<u32>]> = batch.keys.iter().map(|key| ids.of(key)).collect();
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
    let (texts, firsts) = split(entries, &ids, whole, shard);
    let made = Family {
        letter: letter(family),
        stops: stops(family),
        words: Vocabulary::new(family, &words),
        characters: characters.iter().copied().collect(),
        marked: front_coded(marked.iter().copied()),
        shards: firsts.into_iter().zip(first_shard..).collect(),
    };
    (made, texts, ids)
}

/// The entries as one shard or as several, and the first key of each. What is under one key is never
/// parted. An entry is taken for two bytes.
fn split(mut entries: Vec<Entry>, ids: &Ids, whole: usize, shard: usize) -> (Vec<String>, Vec<String>) {
    entries.par_sort_unstable();
    if entries.len() * 2 <= whole {
        return (vec![text(&entries)], vec![String::new()]);
    }
    let under: BTreeMap<u32, usize> =
        entries.chunk_by(|a, b| a.first == b.first).map(|part| (part[0].first, part.len())).collect();
    let mut keys: Vec<(&str, u32)> = ids.all().filter(|(_, id)| under.contains_key(id)).collect();
    // Scripts compare texts by their UTF-16 units.
    keys.sort_unstable_by(|a, b| a.0.encode_utf16().cmp(b.0.encode_utf16()));
    let mut firsts = vec![String::new()];
    let mut shard_of: HashMap<u32, usize> = HashMap::new();
    let mut size = 0;
    for (key, id) in keys {
        let more = under.get(&id).map_or(0, |entries| entries * 2);
        if size > 0 && size + more > shard {
            firsts.push(key.to_owned());
            size = 0;
        }
        size += more;
        shard_of.insert(id, firsts.len() - 1);
    }
    let mut parts: Vec<Vec<Entry>> = vec![Vec::new(); firsts.len()];
    for part in entries.chunk_by(|a, b| a.first == b.first) {
        let shard = shard_of.get(&part[0].first).copied().unwrap_or(0);
        parts[shard].extend_from_slice(part);
    }
    (parts.par_iter().map(|part| text(part)).collect(), firsts)
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
