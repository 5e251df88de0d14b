//! The sayings of a language family as a script reads them.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use rayon::prelude::*;
use serde::Serialize;

use super::digits::Digits;
use super::kept::{self, Keep, Reader, Writer};
use super::lists::{Entry, columns};
use super::words::{Ids, Vocabulary, fits, front_coded, is_character, root};
use crate::language::Family;
use crate::search::features::{self, Sort, letter};
use crate::search::lexicon::{Lexicon, Lexicons, Merged, add, cut, merged, shipped, wider, with_own};
use crate::search::table::{Table, sense_hash};

/// What the sayings of a family tell.
#[derive(Debug)]
pub(super) struct Told {
    /// The words, for the script.
    pub text: Arc<str>,
    /// What they tell, for the script: most of the bytes.
    pub lists: Arc<str>,
    /// The numbers that it gives to what it compares by.
    pub ids: Ids,
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
        self.ids.write(&mut out);
        out.0
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut bytes = Reader(bytes);
        let (text, lists) = (bytes.text()?.into(), bytes.text()?.into());
        let first_group = bytes.number()? as usize;
        Some(Told { text, lists, first_group, ids: Ids::read(&mut bytes)? })
    }
}

#[derive(Serialize)]
struct Text {
    #[serde(flatten)]
    words: Vocabulary,
    /// Characters of scripts without spaces, the most frequent first.
    characters: String,
    /// Words with their marks and amounts, by their keys, front-coded.
    marked: String,
    /// How many sayings there are.
    sayings: u32,
    /// How many each group has.
    sizes: String,
    /// The category of each group, from 1; nought for none.
    categories: String,
    /// The categories, one space apart.
    names: String,
    /// The group of the wider situation of each, from 1; nought for none.
    wider: String,
}

/// What ships, once made: none of it changes while the program runs.
static SHIPPED: LazyLock<Mutex<BTreeMap<Family, Arc<Told>>>> = LazyLock::new(Mutex::default);

/// The lexicons as lookup has them.
pub(super) fn for_lookup(own: &[Lexicon], keep: &dyn Keep) -> Lexicons {
    let name = kept::name("table", own);
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
        let name = kept::name("told", (letter(family), own));
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
        for token in tokens.iter().filter(|token| !token.single && fits(&token.folded)) {
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
    let mut words: BTreeMap<&str, u32> = BTreeMap::new();
    let mut marked: BTreeSet<&str> = BTreeSet::new();
    // Characters: how often they come second.
    let mut characters: HashMap<&str, u32> = HashMap::new();
    for group in &heard {
        for (word, count) in &group.words {
            *words.entry(word).or_default() += count;
        }
        for (key, (sort, count)) in &group.features {
            match sort {
                Sort::Exact if fits(&key[1..]) => drop(marked.insert(key)),
                Sort::Pair => {
                    for (part, more) in key.split(' ').zip([0, *count]).filter(|(part, _)| is_character(part))
                    {
                        *characters.entry(part).or_default() += more;
                    }
                }
                Sort::Character => *characters.entry(key).or_default() += 0,
                _ => {}
            }
        }
    }
    let mut roots: HashMap<Cow<'_, str>, (u32, usize)> = HashMap::new();
    for (number, (word, count)) in words.iter().enumerate() {
        roots.entry(root(family, word)).or_insert((0, number)).0 += count;
    }
    let mut characters: Vec<(&str, u32)> = characters.into_iter().collect();
    characters.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let mut roots: Vec<(Cow<'_, str>, (u32, usize))> = roots.into_iter().collect();
    // The most frequent first; of two alike, the one whose word comes first.
    roots.sort_unstable_by(|a, b| b.1.0.cmp(&a.1.0).then(a.1.1.cmp(&b.1.1)));
    let mut ids = Ids::default();
    characters.iter().for_each(|(key, _)| ids.add(key));
    roots.iter().for_each(|(key, _)| ids.add(key));
    marked.iter().for_each(|key| ids.add(key));

    let entry = |key: &str, sort: Sort, number: usize, count: u32| -> Option<Entry> {
        let (first, second) = match key.split_once(' ').filter(|_| sort == Sort::Pair) {
            Some((first, second)) => (first, ids.of(second)? + 1),
            None => (key, 0),
        };
        Some(Entry { first: ids.of(first)?, second, number: number as u32, value: count - 1 })
    };
    let mut entries: Vec<Entry> = heard
        .par_iter()
        .enumerate()
        .flat_map_iter(|(number, group)| {
            group.features.iter().filter_map(move |(key, (sort, count))| entry(key, *sort, number, *count))
        })
        .collect();
    entries.par_sort_unstable();
    let categories = || groups.values().map(|(category, _)| category.as_deref());
    let names: BTreeSet<&str> = categories().flatten().collect();
    let place = |category: &str| names.iter().position(|name| *name == category);
    let from_one = |place: Option<usize>| place.map_or(0, |place| place as u32 + 1);
    let column = |numbers: &mut dyn Iterator<Item = u32>| numbers.collect::<Digits>().into_text();
    let text = Text {
        words: Vocabulary::new(family, &words),
        characters: characters.iter().map(|(key, _)| *key).collect(),
        marked: front_coded(marked.iter().copied()),
        sayings: heard.iter().map(|group| group.size).sum(),
        sizes: column(&mut heard.iter().map(|group| group.size)),
        categories: column(&mut categories().map(|category| from_one(category.and_then(place)))),
        wider: column(&mut groups.keys().map(|(_, id)| from_one(wider(groups, family, id)))),
        names: names.iter().copied().collect::<Vec<_>>().join("\n"),
    };
    let json = |text: serde_json::Result<String>| text.unwrap_or_default().into();
    Told {
        text: json(serde_json::to_string(&text)),
        lists: json(serde_json::to_string(&columns(&entries))),
        ids,
        first_group,
    }
}
