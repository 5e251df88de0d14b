//! The sayings of a language family as a script reads them.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rayon::prelude::*;
use serde::Serialize;

use super::digits::Digits;
use super::records::{self, Entry, Keys, is_key};
use crate::keep::{self, Keep, Reader, Writer};
use crate::language::Family;
use crate::search::features::{self, Sort, letter};
use crate::search::han::is_unspaced;
use crate::search::lexicon::{
    Lexicon, Lexicons, Merged, add, cut, is_chance, merged, shipped, wider, with_own,
};
use crate::search::table::{Table, sense_hash};

/// What the sayings of a family tell.
#[derive(Debug)]
pub(super) struct Told {
    /// The words, for the script.
    pub text: Arc<str>,
    /// What they tell, for the script: most of the bytes.
    pub lists: Arc<str>,
    /// The characters of scripts without spaces that are said.
    pub characters: BTreeSet<char>,
    /// The number of the family's first group among all groups of the lexicons.
    pub first_group: usize,
}

impl Told {
    /// To be read by [`Told::read`].
    fn written(&self) -> Vec<u8> {
        let mut out = Writer::default();
        out.text(&self.text);
        out.text(&self.lists);
        out.number(self.first_group as u32);
        out.text(&self.characters.iter().collect::<String>());
        out.0
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let (text, lists) = (bytes.text()?.into(), bytes.text()?.into());
        let first_group = bytes.number()? as usize;
        Some(Told { text, lists, first_group, characters: bytes.text()?.chars().collect() })
    }
}

#[derive(Serialize)]
struct Text {
    words: String,
    /// How many sayings there are.
    sayings: u32,
    /// How many each group has.
    sizes: String,
    /// The category of each group, from 1; nought for none.
    categories: String,
    /// The categories.
    names: Vec<String>,
    /// The group of the wider situation of each, from 1; nought for none.
    wider: String,
}

/// What ships, once made: none of it changes while the program runs.
static SHIPPED: LazyLock<Mutex<BTreeMap<Family, Arc<Told>>>> = LazyLock::new(Mutex::default);

/// The lexicons as lookup has them.
pub(super) fn for_lookup(own: &[Lexicon], keep: &dyn Keep) -> Lexicons {
    let name = keep::name("table", own);
    let table = keep.get(&name).map(Table::own).filter(Table::is_sound);
    let lexicons = table.map(|table| Lexicons { table });
    lexicons.unwrap_or_else(|| {
        let lexicons = Lexicons::new(own);
        keep.put(&name, lexicons.table.bytes().to_vec());
        lexicons
    })
}

/// What is told in families, in their order, with a book's own sayings.
pub(super) fn of_families(families: &[Family], own: &[Lexicon], keep: &dyn Keep) -> Vec<Arc<Told>> {
    let kept = || SHIPPED.lock().unwrap_or_else(PoisonError::into_inner);
    let fresh = |family: Family| {
        if let Some(told) = kept().get(&family).filter(|_| own.is_empty()) {
            return Arc::clone(told);
        }
        let name = keep::name("told", (letter(family), own));
        let known = keep.get(&name).and_then(|bytes| Told::read(&bytes));
        let told = Arc::new(known.unwrap_or_else(|| {
            let of = |(lexicon, _): &(&Lexicon, u32)| lexicon.language.family() == family;
            let groups = merged(with_own(own).filter(of));
            let told = tell(family, &groups, first_group(family, own));
            keep.put(&name, told.written());
            told
        }));
        if own.is_empty() {
            kept().insert(family, Arc::clone(&told));
        }
        told
    };
    families.par_iter().map(|&family| fresh(family)).collect()
}

/// How many groups the families before this one have.
fn first_group(family: Family, own: &[Lexicon]) -> usize {
    let lexicons = shipped().iter().chain(own).filter(|lexicon| lexicon.language.family() < family);
    let groups = lexicons.flat_map(|lexicon| {
        lexicon.groups.iter().map(|group| (lexicon.language.family(), group.id.as_str()))
    });
    groups.collect::<BTreeSet<_>>().len()
}

/// What was heard in the sayings of a group.
#[derive(Default)]
struct Heard {
    /// How many there are.
    size: u32,
    /// How often each word is said.
    words: HashMap<String, u32>,
    /// In how many each feature is; keys without the family's letter.
    features: HashMap<String, (Sort, u32)>,
}

fn heard(family: Family, sayings: &BTreeMap<&str, u32>) -> Heard {
    let mut heard = Heard::default();
    let mut seen = HashSet::new();
    for (saying, &times) in sayings {
        let Some((tokens, stops)) = cut(family, saying) else { continue };
        heard.size += times;
        for token in tokens.iter().filter(|token| !token.single && is_key(&token.folded)) {
            add(&mut heard.words, &token.folded, times);
        }
        seen.clear();
        features::each(family, &tokens, &stops, |key, sort, _| {
            // The script compares amounts by their words alone.
            if sort != Sort::Amount && seen.insert(sense_hash(key)) {
                let key = &key[1..];
                match heard.features.get_mut(key) {
                    Some((_, count)) => *count += times,
                    None => drop(heard.features.insert(key.to_owned(), (sort, times))),
                }
            }
        });
    }
    heard
}

fn tell(family: Family, groups: &Merged<'_>, first_group: usize) -> Told {
    let heard: Vec<Heard> = groups.par_iter().map(|(_, (_, sayings))| heard(family, sayings)).collect();
    let mut words: HashMap<&str, u32> = HashMap::new();
    for (word, count) in heard.iter().flat_map(|group| &group.words) {
        *words.entry(word).or_default() += count;
    }
    let sayings = heard.iter().map(|group| group.size).sum();
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for (key, (_, count)) in heard.iter().flat_map(|group| &group.features) {
        *counts.entry(key).or_default() += count;
    }
    let features = || {
        heard.iter().zip(0..).flat_map(|(group, number)| {
            let telling = group.features.iter().filter(|(key, (sort, _))| {
                !is_chance(*sort, counts.get(key.as_str()).copied().unwrap_or(0), sayings)
            });
            telling.map(move |(key, (sort, count))| {
                let pair = key.split_once(' ').filter(|_| *sort == Sort::Pair);
                let (first, second) =
                    pair.map_or((key.as_str(), None), |(first, second)| (first, Some(second)));
                (first, second, number, *count)
            })
        })
    };
    let single: BTreeSet<&str> =
        features().flat_map(|(first, second, ..)| second.into_iter().chain([first])).collect();
    let characters = single.iter().filter_map(|key| alone(key)).collect();
    let keys = Keys::new(single.into_iter().collect());
    let entry = |(first, second, number, count): (&str, Option<&str>, u32, u32)| -> Option<Entry> {
        let second = second.map_or(Some(0), |second| Some(keys.of(second)? + 1))?;
        Some(Entry { first: keys.of(first)?, second, number, value: count - 1 })
    };
    let mut entries: Vec<Entry> = features().filter_map(entry).collect();
    entries.par_sort_unstable();
    let categories = || groups.values().map(|(category, _)| category.as_deref());
    let names: BTreeSet<&str> = categories().flatten().collect();
    let place = |category: &str| names.iter().position(|name| *name == category);
    let from_one = |place: Option<usize>| place.map_or(0, |place| place as u32 + 1);
    let column = |numbers: &mut dyn Iterator<Item = u32>| numbers.collect::<Digits>().into_text();
    let text = Text {
        words: records::words(family, &words),
        sayings,
        sizes: column(&mut heard.iter().map(|group| group.size)),
        categories: column(&mut categories().map(|category| from_one(category.and_then(place)))),
        wider: column(&mut groups.keys().map(|(_, id)| from_one(wider(groups, family, id)))),
        names: names.iter().map(|name| (*name).to_owned()).collect(),
    };
    let lists =
        keys.lists(&entries, |entry| entry, usize::MAX, 0).pop().map(|(text, _)| text).unwrap_or_default();
    Told {
        text: serde_json::to_string(&text).unwrap_or_default().into(),
        lists: lists.into(),
        characters,
        first_group,
    }
}

/// The one character of a script without spaces that a key is.
pub(super) fn alone(key: &str) -> Option<char> {
    let mut chars = key.chars();
    chars.next().filter(|&c| is_unspaced(c) && chars.next().is_none())
}
