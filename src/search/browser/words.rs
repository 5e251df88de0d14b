//! Words and what they are compared by, as a script reads them, and the numbers that both go by.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::digits::Digits;
use super::kept::{Reader, Writer};
use crate::language::Family;
use crate::search::analyzer;
use crate::search::han::is_unspaced;

/// Sorted words, each as what it has more than the one before: `Aabide` `Eing` is "abide", "abiding". The
/// capital is the number of letters kept, in UTF-16 as scripts count.
pub(super) fn front_coded<'w>(words: impl IntoIterator<Item = &'w str>) -> String {
    let mut out = String::new();
    let mut last = "";
    for word in words {
        let mut kept = 0;
        let mut rest = word;
        for (one, other) in word.chars().zip(last.chars()) {
            if one != other || kept + one.len_utf16() > 25 {
                break;
            }
            kept += one.len_utf16();
            rest = &rest[one.len_utf8()..];
        }
        out.push(char::from(b'A' + kept as u8));
        out.push_str(rest);
        last = word;
    }
    out
}

/// Whether a word can stand in such a list: nothing that is read in lower case has capitals.
pub(super) fn fits(word: &str) -> bool {
    !word.is_empty() && !word.bytes().any(|byte| byte.is_ascii_uppercase())
}

/// Whether it is one character of a script without spaces.
pub(super) fn is_character(part: &str) -> bool {
    let mut chars = part.chars();
    chars.next().is_some_and(is_unspaced) && chars.next().is_none()
}

/// The words of a family in a script.
#[derive(Debug, Serialize)]
pub(super) struct Vocabulary {
    /// Front-coded.
    words: String,
    /// How roots are made of words: so many letters off, and these put on; one space apart.
    ways: String,
    /// The way of each word.
    roots: String,
    /// How often each word is there.
    counts: String,
}

impl Vocabulary {
    /// Of words without their family's letter and how often each is there.
    pub fn new(family: Family, words: &BTreeMap<&str, u32>) -> Self {
        let ways: Vec<String> = words.keys().map(|word| way(word, &root(family, word))).collect();
        let mut common: BTreeMap<&str, u32> = BTreeMap::new();
        ways.iter().for_each(|way| *common.entry(way).or_default() += 1);
        let mut order: Vec<(&str, u32)> = common.into_iter().collect();
        order.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        let places: HashMap<&str, u32> = order.iter().zip(0..).map(|((way, _), at)| (*way, at)).collect();
        Vocabulary {
            words: front_coded(words.keys().copied()),
            ways: order.iter().map(|(way, _)| *way).collect::<Vec<_>>().join(" "),
            roots: ways.iter().map(|way| places[way.as_str()]).collect::<Digits>().into_text(),
            counts: words.values().copied().collect::<Digits>().into_text(),
        }
    }
}

/// What a written word is compared by.
pub(super) fn root(family: Family, word: &str) -> Cow<'_, str> {
    match family {
        Family::English | Family::Malay => analyzer::stem(family, word).unwrap_or(Cow::Borrowed(word)),
        _ => Cow::Borrowed(word),
    }
}

fn way(word: &str, root: &str) -> String {
    let same = word.chars().zip(root.chars()).take_while(|(one, other)| one == other);
    let kept: usize = same.map(|(one, _)| one.len_utf8()).sum();
    format!("{}{}", word[kept..].encode_utf16().count(), &root[kept..])
}

/// The numbers of what texts are compared by: characters, roots, and `=` with words that bear marks.
#[derive(Debug, Clone, Default)]
pub(super) struct Ids(HashMap<String, u32>);

impl Ids {
    /// Gives the next number to a key that has none.
    pub fn add(&mut self, key: &str) {
        let next = self.0.len() as u32;
        if !self.0.contains_key(key) {
            self.0.insert(key.to_owned(), next);
        }
    }

    /// The number of a key.
    pub fn of(&self, key: &str) -> Option<u32> {
        self.0.get(key).copied()
    }

    /// The characters of scripts without spaces that have one.
    pub fn characters(&self) -> impl Iterator<Item = char> + '_ {
        let alone = |key: &String| {
            let mut chars = key.chars();
            chars.next().filter(|_| chars.next().is_none())
        };
        self.0.keys().filter_map(alone)
    }

    /// All keys with their numbers, in no order.
    pub fn all(&self) -> impl Iterator<Item = (&str, u32)> {
        self.0.iter().map(|(key, &id)| (key.as_str(), id))
    }

    /// All keys in the order of their numbers, to be read by [`Ids::read`].
    pub fn write(&self, out: &mut Writer) {
        let mut keys: Vec<(u32, &str)> = self.0.iter().map(|(key, &id)| (id, key.as_str())).collect();
        keys.sort_unstable();
        out.number(keys.len() as u32);
        keys.into_iter().for_each(|(_, key)| out.text(key));
    }

    pub fn read(bytes: &mut Reader<'_>) -> Option<Self> {
        let keys = bytes.all(|bytes| bytes.text().map(str::to_owned))?;
        Some(Ids(keys.into_iter().zip(0..).collect()))
    }

    /// Whether a key has a number.
    pub fn has(&self, key: &str) -> bool {
        self.0.contains_key(key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_share_their_beginnings() {
        assert_eq!(front_coded(["a", "abide", "abiding", "b"]), "AaBbideEingAb");
        assert_eq!(front_coded(["đất", "đắt", "đắtx"]), "AđấtBắtDx");
        assert_eq!(front_coded([]), "");
    }

    #[test]
    fn roots_are_told_by_their_ways() {
        let words = BTreeMap::from([("expensive", 3), ("expenses", 1), ("price", 2), ("pricey", 1)]);
        let told = Vocabulary::new(Family::English, &words);
        let words: Vec<&str> = told.words.split(|c: char| c.is_ascii_uppercase()).skip(1).collect();
        assert_eq!(words, ["expenses", "ive", "price", "y"]);
        for (word, root) in [("happy", "happi"), ("running", "run"), ("b2b", "b2b")] {
            let way = way(word, root);
            let (off, on) = way.split_at(1);
            let off: usize = off.parse().unwrap();
            assert_eq!(format!("{}{on}", &word[..word.len() - off]), root);
        }
    }
}
