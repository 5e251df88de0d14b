//! Cards cut up into what they are found by, some of one playbook or library at a time: what they have in
//! common is kept once, and what did not change is not cut up again.

use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash, Hasher};

use rustc_hash::FxHashMap;

use super::names::Names;
use super::records::{is_key, root};
use crate::card::Card;
use crate::keep::{self, Reader, Writer};
use crate::search::features::Sort;
use crate::search::lexicon::{Lexicon, Lexicons};
use crate::search::schema::{self, Filling};
use crate::search::sense;

/// What of a card is no feature.
pub(super) struct Cut {
    /// How many features are said in it, and how many words its body has.
    pub said: u32,
    pub body: u32,
    pub groups: Vec<(usize, u8)>,
    /// How many features it has.
    features: u32,
}

/// Cards that were cut up together.
#[derive(Default)]
pub(super) struct Batch {
    /// Which cards of the family these are.
    pub numbers: Vec<u32>,
    pub cuts: Vec<Cut>,
    /// The places of its texts among [`Names`].
    names: Vec<u32>,
    /// The features of its cards, one behind the other, each by three numbers: how much further the first of
    /// its texts is than that of the one before, one more than the second or nought, and a value.
    features: Box<[u8]>,
}

/// That a feature leads to a card, with a value.
pub(super) struct Feature {
    /// The word, or the first of a pair, by its place among [`Names`].
    pub first: u32,
    /// The second of a pair.
    pub second: Option<u32>,
    /// The card's number.
    pub number: u32,
    pub value: u32,
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

/// Under which name is kept what is cut up of cards.
pub(super) fn name(cards: &[&Card], own: &[Lexicon]) -> String {
    keep::name("cut", (own, Texts(cards)))
}

/// Cuts up cards; to be read by [`Kept::read`].
pub(super) fn cut(cards: &[&Card], lexicons: &Lexicons) -> Vec<u8> {
    let mut cutting = Cutting::default();
    cards.iter().for_each(|card| cutting.add(card, lexicons));
    cutting.written()
}

impl Batch {
    /// How many features its cards have.
    pub fn many(&self) -> usize {
        self.cuts.iter().map(|cut| cut.features as usize).sum()
    }

    /// The features of its cards.
    pub fn features(&self) -> impl Iterator<Item = Feature> {
        let name = |place: u32| self.names.get(place as usize).copied();
        features(&self.cuts, &self.features).filter_map(move |(card, [first, second, value])| {
            let second = match second.checked_sub(1) {
                Some(place) => Some(name(place)?),
                None => None,
            };
            Some(Feature { first: name(first)?, second, number: *self.numbers.get(card)?, value })
        })
    }
}

/// The features of cards as they are written, each with the number of its card among them.
fn features(cuts: &[Cut], bytes: &[u8]) -> impl Iterator<Item = (usize, [u32; 3])> {
    let mut bytes = Reader(bytes);
    let cards = cuts.iter().enumerate();
    let cards = cards.flat_map(|(card, cut)| std::iter::repeat_n(card, cut.features as usize));
    cards.scan((0_u32, usize::MAX), move |(first, last), card| {
        // The next card begins anew.
        let before = if *last == card { *first } else { 0 };
        *first = before.wrapping_add(bytes.number()?);
        *last = card;
        Some((card, [*first, bytes.number()?, bytes.number()?]))
    })
}

/// Writes the features of a card, which are in order.
fn write_features(features: &[[u32; 3]], out: &mut Writer) {
    let mut last = 0;
    for [first, second, value] in features {
        [first - last, *second, *value].into_iter().for_each(|number| out.number(number));
        last = *first;
    }
}

/// What [`cut`] made of some cards.
pub(super) struct Kept<'b> {
    texts: Vec<&'b str>,
    /// The first so many of the texts lead to something.
    keys: usize,
    /// Those that are words, and in how many cards each is.
    words: Vec<(u32, u32)>,
    cuts: Vec<Cut>,
    features: &'b [u8],
}

impl<'b> Kept<'b> {
    /// Reads it; nothing where it is not of so many cards.
    pub fn read(bytes: &'b [u8], many: usize) -> Option<Self> {
        Self::of_any(bytes).filter(|kept| kept.cuts.len() == many)
    }

    /// Reads it, however many cards it is of.
    pub fn of_any(bytes: &'b [u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let texts = bytes.all(Reader::text)?;
        let keys = bytes.number()? as usize;
        let words = bytes.all(|bytes| Some((bytes.number()?, bytes.number()?)))?;
        let cuts = bytes.all(|bytes| {
            let [said, body, features] = [bytes.number()?, bytes.number()?, bytes.number()?];
            let groups =
                bytes.all(|bytes| Some((bytes.number()? as usize, bytes.number()?.try_into().ok()?)))?;
            Some(Cut { said, body, groups, features })
        })?;
        let features = bytes.bytes()?;
        let sound = keys <= texts.len() && words.iter().all(|(text, _)| (*text as usize) < texts.len());
        sound.then_some(Kept { texts, keys, words, cuts, features })
    }

    /// To be read by [`Kept::read`].
    fn written(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.texts(&self.texts);
        out.number(self.keys as u32);
        out.number(self.words.len() as u32);
        self.words.iter().for_each(|(word, count)| {
            out.number(*word);
            out.number(*count);
        });
        out.number(self.cuts.len() as u32);
        for Cut { said, body, groups, features } in &self.cuts {
            [*said, *body, *features, groups.len() as u32].into_iter().for_each(|number| out.number(number));
            for (group, level) in groups {
                out.number(*group as u32);
                out.number(u32::from(*level));
            }
        }
        out.bytes(self.features);
        out.0
    }

    /// Its texts come to the others of the family. Which cards these are is to be told.
    pub fn batch(self, names: &Names) -> Batch {
        let Kept { texts, keys, words, cuts, features } = self;
        let names = names.note(&texts, keys, &words);
        Batch { numbers: Vec::new(), cuts, names, features: features.into() }
    }
}

/// Cards that are being cut up.
#[derive(Default)]
struct Cutting {
    /// The texts that cards are compared by, in the order in which they came up.
    keys: Vec<String>,
    places: HashMap<String, u32>,
    /// In how many of the cards each word is, as it is written.
    words: BTreeMap<String, u32>,
    cuts: Vec<Cut>,
    features: Writer,
}

impl Cutting {
    fn place(&mut self, key: &str) -> u32 {
        if let Some(place) = self.places.get(key) {
            return *place;
        }
        let place = self.keys.len() as u32;
        self.keys.push(key.to_owned());
        self.places.insert(key.to_owned(), place);
        place
    }

    /// Notes a word or a pair; what cannot stand among records is left out.
    fn feature(&mut self, features: &mut Vec<[u32; 4]>, first: &str, second: Option<&str>, counts: [u32; 2]) {
        if is_key(first) && second.is_none_or(is_key) {
            let (first, second) = (self.place(first), second.map_or(0, |second| self.place(second) + 1));
            features.push([first, second, counts[0], counts[1]]);
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
        // The first letter of a key is the family's.
        let parts = |key: &'_ str, sort: Sort| -> (String, Option<String>) {
            match key[1..].split_once(' ').filter(|_| sort == Sort::Pair) {
                Some((first, second)) => (first.to_owned(), Some(second.to_owned())),
                None => (key[1..].to_owned(), None),
            }
        };
        for (key, sort) in utterances.iter().chain([&title]).flat_map(|cut| &cut.keys) {
            said += 1;
            // The script compares amounts by their words alone.
            if *sort != Sort::Amount {
                let (first, second) = parts(key, *sort);
                self.feature(&mut features, &first, second.as_deref(), [1, 0]);
            }
        }
        for (key, _) in all.keys.iter().filter(|(_, sort)| matches!(sort, Sort::Word | Sort::Character)) {
            body += 1;
            self.feature(&mut features, &key[1..], None, [0, 1]);
        }
        // A text word for word stands under its first root.
        for text in utterances.iter().chain([&title]) {
            let first = text.whole.first().and_then(|folded| folded.split(' ').next()).unwrap_or_default();
            for key in &text.whole {
                self.feature(&mut features, &root(filling.family, first), Some(&hash(key)), [1, 0]);
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
        let valued = features.iter().map(|[first, second, said, body]| {
            let said = (*said).min(7);
            let value = if *second > 0 { said - 1 } else { said + 8 * (*body).min(100) };
            [*first, *second, value]
        });
        write_features(&valued.collect::<Vec<_>>(), &mut self.features);
        for word in filling.words.iter().map(|word| &word[1..]).filter(|word| is_key(word)) {
            match self.words.get_mut(word) {
                Some(count) => *count += 1,
                None => drop(self.words.insert(word.to_owned(), 1)),
            }
        }
        let shares = utterances.iter().map(|cut| sense::shares(&sense::sums(&lexicons.table, cut.hashes())));
        let shares: Vec<_> = shares.collect();
        let groups = sense::of_card(&lexicons.table, &title.hashes(), &shares, &all.hashes());
        self.cuts.push(Cut { said, body, groups, features: features.len() as u32 });
    }

    fn written(mut self) -> Vec<u8> {
        let keys = self.keys.len();
        let words = std::mem::take(&mut self.words);
        let words: Vec<(u32, u32)> = words.iter().map(|(word, count)| (self.place(word), *count)).collect();
        let texts: Vec<&str> = self.keys.iter().map(String::as_str).collect();
        Kept { texts, keys, words, cuts: self.cuts, features: &self.features.0 }.written()
    }
}

/// Puts together what was made of some cards and of others: their texts are there once.
pub(super) fn together(parts: Vec<Kept>) -> Vec<u8> {
    let mut keys: FxHashMap<&str, u32> = FxHashMap::default();
    let mut words: FxHashMap<&str, u32> = FxHashMap::default();
    let mut texts = Vec::new();
    let mut place = |text, texts: &mut Vec<_>| {
        *keys.entry(text).or_insert_with(|| {
            texts.push(text);
            texts.len() as u32 - 1
        })
    };
    let places: Vec<Vec<u32>> = parts
        .iter()
        .map(|part| part.texts.iter().take(part.keys).map(|text| place(*text, &mut texts)).collect())
        .collect();
    let many = texts.len();
    for part in &parts {
        for (text, cards) in &part.words {
            *words.entry(part.texts[*text as usize]).or_default() += cards;
        }
    }
    let mut words: Vec<(u32, u32)> =
        words.into_iter().map(|(word, cards)| (place(word, &mut texts), cards)).collect();
    words.sort_unstable();
    let mut out = Writer::default();
    let mut cuts = Vec::new();
    for (part, places) in parts.into_iter().zip(places) {
        let of = |place: u32| places.get(place as usize).copied().unwrap_or_default();
        let all: Vec<(usize, [u32; 3])> = features(&part.cuts, part.features).collect();
        for of_card in all.chunk_by(|(one, _), (other, _)| one == other) {
            let mapped = of_card.iter().map(|(_, [first, second, value])| {
                [of(*first), second.checked_sub(1).map_or(0, |second| of(second) + 1), *value]
            });
            let mut mapped: Vec<[u32; 3]> = mapped.collect();
            mapped.sort_unstable();
            write_features(&mapped, &mut out);
        }
        cuts.extend(part.cuts);
    }
    Kept { texts, keys: many, words, cuts, features: &out.0 }.written()
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
