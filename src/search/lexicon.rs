//! What buyers say, by situation: sayings that tell what a query and a card are about.
//!
//! A book is looked up in the buyer's words, and buyers say "pricey", "north of what we had in mind"
//! and "you're having a laugh". The lexicons that ship hold tens of thousands of such sayings in
//! some ninety situations and four languages; a book can add its own groups. From them every
//! feature ([`super::features`]) gets a weight for every group whose sayings have it: how much more often
//! it is heard there than anywhere. A query and a card that tell of the same group belong together,
//! though they share no word. Over titles and answers alone this takes recall at 1 on the tuning
//! sets of `tests/search/` from .20–.49 to .75–.89, and every further saying makes it better.
//!
//! The weight is `ln(1 + α · (n / (.7 · size + 18)) / (N / all))`: `n` sayings of the group, of which there
//! are `size`, have the feature, and `N` of all; a small group does not shout.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::sync::{LazyLock, OnceLock};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use crate::book::{Book, model};
use crate::language::{Family, Language};

use super::analyzer::{self, Token};
use super::features::{self, Sort};
use super::schema::filter_value;
use super::stopwords;
use super::table::{Shelf, Table, count_hash, sense_hash};
use super::table_builder::Builder;

/// Sayings that mean the same.
#[derive(Debug, Clone, PartialEq, Hash, Eq, Serialize, Deserialize)]
pub struct LexiconGroup {
    /// Its name within the lexicon.
    pub id: String,
    /// The category of objection that it tells of: cards of it get a small lift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The words and phrases, as people say them.
    pub expressions: Vec<String>,
}

/// The groups of a language.
#[derive(Debug, Clone, PartialEq, Hash, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// The language its expressions are in.
    #[serde(alias = "lexicon")]
    pub language: Language,
    /// The groups.
    pub groups: Vec<LexiconGroup>,
}

impl Lexicon {
    /// A book's own lexicons.
    pub fn of_book(book: &Book) -> Vec<Lexicon> {
        let group = |group: &model::LexiconGroup| LexiconGroup {
            id: group.id.to_string(),
            category: group.category.clone(),
            expressions: group.expressions.clone(),
        };
        let lexicon = |lexicon: &model::Lexicon| Lexicon {
            language: lexicon.language.clone(),
            groups: lexicon.groups.iter().map(group).collect(),
        };
        book.lexicons.iter().map(lexicon).collect()
    }
}

/// The sayings that ship: `## id category` begins a group, every other line is a saying.
pub(super) const SOURCES: [(&str, &str); 4] = [
    ("en", include_str!("situations/en.txt")),
    ("vi", include_str!("situations/vi.txt")),
    ("zh-Hant", include_str!("situations/zh.txt")),
    ("ms", include_str!("situations/ms.txt")),
];

/// The lexicons that come with the program, one a language.
pub fn shipped() -> &'static [Lexicon] {
    static SHIPPED: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
        let lexicons = SOURCES.iter().filter_map(|(tag, text)| {
            let mut groups: Vec<LexiconGroup> = Vec::new();
            for line in text.lines().filter(|line| !line.is_empty()) {
                if let Some(head) = line.strip_prefix("## ") {
                    let mut parts = head.split(' ').map(str::to_owned);
                    let id = parts.next().unwrap_or_default();
                    groups.push(LexiconGroup { id, category: parts.next(), expressions: Vec::new() });
                } else if let Some(group) = groups.last_mut() {
                    group.expressions.push(line.to_owned());
                }
            }
            Some(Lexicon { language: Language::parse(tag).ok()?, groups })
        });
        lexicons.collect()
    });
    &SHIPPED
}

/// Situations of which a book may well have no card, and the wider one whose card answers them then.
const WIDER: [(&str, &str); 22] = [
    ("already-have-a-board", "using-a-competitor"),
    ("after-holidays", "next-quarter"),
    ("ask-family", "ask-my-spouse"),
    ("chat-groups-work", "happy-as-is"),
    ("deposit", "payment-terms"),
    ("economy", "no-budget"),
    ("free-alternative", "cheaper-elsewhere"),
    ("headquarters-decides", "not-my-decision"),
    ("integration", "missing-feature"),
    ("invoice-tax", "payment-terms"),
    ("know-someone", "using-a-competitor"),
    ("language-support", "missing-feature"),
    ("legal-review", "compliance"),
    ("loyal-to-supplier", "happy-as-is"),
    ("minimum-order", "too-small"),
    ("mobile-offline", "missing-feature"),
    ("paper-works", "spreadsheets-work"),
    ("price-increase", "too-expensive"),
    ("prove-it", "too-good-to-be-true"),
    ("reorganisation", "not-now"),
    ("scam-fear", "never-heard-of-you"),
    ("training-burden", "team-wont-use-it"),
];

/// No saying has more tokens; what is longer is no saying.
const LONGEST: usize = 40;
/// What a feature is worth beside a word, in telling situations.
pub(super) const CHARACTER: f32 = 0.6;
pub(super) const PAIR: f32 = 0.6;
pub(super) const EXACT: f32 = 0.4;
const AMOUNT: f32 = 0.6;
/// See the formula above.
pub(super) const ALPHA: f32 = 0.7;
pub(super) const OWN: f32 = 0.7;
pub(super) const USUAL: f32 = 18.0;
/// A saying of the book's own counts as so many: a team writes a few, and means them.
const BOOKS_OWN: u32 = 8;
/// No lexicon has more groups: what is beyond is left out.
const MOST_GROUPS: usize = 60_000;

/// Lexicons made ready for lookup: what an index carries.
#[derive(Debug, Clone)]
pub struct Lexicons {
    pub(super) table: Table,
}

impl Default for Lexicons {
    fn default() -> Self {
        static SHIPPED: OnceLock<Lexicons> = OnceLock::new();
        made(&SHIPPED, || Lexicons::compile(shipped()))
    }
}

/// What is in a cell, else what is made now. Nobody waits for one who makes it: that one waits for the pool of
/// threads, where one that waited here would hold it up for ever. At worst it is made twice.
fn made<T: Clone>(cell: &OnceLock<T>, make: impl FnOnce() -> T) -> T {
    if let Some(there) = cell.get() {
        return there.clone();
    }
    let new = make();
    cell.get_or_init(|| new).clone()
}

/// The category and the sayings of a group, from all lexicons that have it, and how often each counts.
type Sayings<'l> = (Option<String>, BTreeMap<&'l str, u32>);
/// The groups of lexicons, in the order of their numbers.
pub(super) type Merged<'l> = BTreeMap<(Family, &'l str), Sayings<'l>>;

/// The lexicons that ship and a book's own, with how often each of their sayings counts.
pub(super) fn with_own(own: &[Lexicon]) -> impl Iterator<Item = (&Lexicon, u32)> {
    let own = own.iter().map(|lexicon| (lexicon, BOOKS_OWN));
    shipped().iter().map(|lexicon| (lexicon, 1)).chain(own)
}

/// A group of one language has more sayings where a book adds to it under its id.
pub(super) fn merged<'l>(lexicons: impl Iterator<Item = (&'l Lexicon, u32)>) -> Merged<'l> {
    let mut merged = Merged::new();
    for (lexicon, times) in lexicons {
        for group in &lexicon.groups {
            let key = (lexicon.language.family(), group.id.as_str());
            if merged.len() == MOST_GROUPS && !merged.contains_key(&key) {
                continue;
            }
            let entry = merged.entry(key).or_default();
            let category = group.category.as_deref().map(filter_value);
            entry.0 = entry.0.take().or(category);
            entry.1.extend(group.expressions.iter().map(|saying| (saying.as_str(), times)));
        }
    }
    merged
}

/// The number of the group of the wider situation of one.
pub(super) fn wider(merged: &Merged<'_>, family: Family, id: &str) -> Option<usize> {
    let wide = WIDER.iter().find(|(narrow, _)| *narrow == id).map(|(_, wide)| *wide)?;
    merged.keys().position(|key| *key == (family, wide))
}

impl Lexicons {
    /// The shipped lexicons and a book's own.
    pub fn new(book: &[Lexicon]) -> Self {
        match book {
            [] => Self::default(),
            own => Self::counted(with_own(own)),
        }
    }

    /// Only the lexicons that are given.
    pub fn compile<'l>(lexicons: impl IntoIterator<Item = &'l Lexicon>) -> Self {
        Self::counted(lexicons.into_iter().map(|lexicon| (lexicon, 1)))
    }

    fn counted<'l>(lexicons: impl Iterator<Item = (&'l Lexicon, u32)>) -> Self {
        let merged = merged(lexicons);
        let mut builder = Builder::default();
        stopwords::shelve(&mut builder);
        for ((family, id), (category, _)) in &merged {
            builder.group(*family, id, category.as_deref(), wider(&merged, *family, id));
        }
        let heard: Vec<(Family, Heard)> = merged
            .par_iter()
            .map(|((family, _), (_, sayings))| (*family, Heard::in_all(*family, sayings)))
            .collect();
        let mut sayings: BTreeMap<Family, u32> = BTreeMap::new();
        let mut words: BTreeMap<(char, &str), u32> = BTreeMap::new();
        let mut features: Vec<(u64, usize, &Feature)> = Vec::new();
        for (number, (family, group)) in heard.iter().enumerate() {
            *sayings.entry(*family).or_default() += group.size;
            for (word, count) in &group.words {
                *words.entry((features::letter(*family), word)).or_default() += count;
            }
            features.extend(group.features.iter().map(|(hash, feature)| (*hash, number, feature)));
        }
        features.par_sort_unstable_by_key(|&(hash, number, _)| (hash, number));
        let mut weights: Vec<(usize, f32)> = Vec::new();
        for groups in features.chunk_by(|one, other| one.0 == other.0) {
            let (hash, first, feature) = groups[0];
            let count = groups.iter().map(|(_, _, feature)| feature.count).sum::<u32>();
            if is_chance(feature.sort, count, sayings[&heard[first].0]) {
                continue;
            }
            let everywhere = count as f32 / sayings[&heard[first].0] as f32;
            let worth = match feature.sort {
                Sort::Character => CHARACTER,
                Sort::Pair => PAIR,
                Sort::Exact => EXACT,
                Sort::Amount => AMOUNT,
                Sort::Word => 1.0,
            };
            weights.clear();
            weights.extend(groups.iter().map(|&(_, number, feature)| {
                let here = feature.count as f32 / (OWN * heard[number].1.size as f32 + USUAL);
                (number, worth * (ALPHA * here / everywhere).ln_1p())
            }));
            builder.senses_at(hash, &weights);
            if let Some(hash) = feature.counted {
                builder.put_at(hash, count);
            }
        }
        for (family, count) in sayings {
            builder.put(Shelf::Count, &features::letter(family).to_string(), count);
        }
        for ((letter, word), count) in words {
            builder.put(Shelf::Word, &format!("{letter}{word}"), count);
        }
        Lexicons { table: builder.finish() }
    }
}

/// A feature of the sayings of a group.
#[derive(Debug)]
struct Feature {
    sort: Sort,
    /// In how many sayings of the group it is.
    count: u32,
    /// Where its count stands, for one that is a word.
    counted: Option<u64>,
}

/// What was heard in the sayings of a group.
#[derive(Debug, Default)]
struct Heard {
    /// How many sayings there are.
    size: u32,
    /// How often each word is said, without the family's letter.
    words: FxHashMap<String, u32>,
    /// By their hash.
    features: FxHashMap<u64, Feature>,
}

impl Heard {
    fn in_all(family: Family, sayings: &BTreeMap<&str, u32>) -> Self {
        let mut heard = Heard::default();
        let mut seen = FxHashSet::default();
        for (saying, &times) in sayings {
            let Some((tokens, stops)) = cut(family, saying) else { continue };
            heard.size += times;
            for token in tokens.iter().filter(|token| !token.single) {
                add(&mut heard.words, &token.folded, times);
            }
            seen.clear();
            features::each(family, &tokens, &stops, |key, sort, _| {
                let hash = sense_hash(key);
                if seen.insert(hash) {
                    let is_word = matches!(sort, Sort::Word | Sort::Character);
                    let new = || Feature { sort, count: 0, counted: is_word.then(|| count_hash(key)) };
                    heard.features.entry(hash).or_insert_with(new).count += times;
                }
            });
        }
        heard
    }
}

/// Where a language has so many sayings, words that stand together in one of them only do so by chance: English
/// answers as well without them (.88 of titles first with and without on the sets that are measured only, .95 on
/// those tuned on), and half of what it tells is of that sort. Languages of fewer sayings lose up to .02.
const MANY: u32 = 60_000;

/// Whether a feature that so many of a language's sayings have tells nothing.
pub(super) fn is_chance(sort: Sort, count: u32, sayings: u32) -> bool {
    sort == Sort::Pair && count == 1 && sayings >= MANY
}

/// A saying in tokens, and which of them are stop words. Nothing where it says nothing.
pub(super) fn cut(family: Family, saying: &str) -> Option<(Vec<Token>, Vec<bool>)> {
    let mut tokens = analyzer::analyze(saying);
    tokens.truncate(LONGEST);
    let stops = stopwords::stop_words(family).marked(&tokens);
    (!tokens.is_empty()).then_some((tokens, stops))
}

/// Counts a word; most have been heard before.
pub(super) fn add(words: &mut HashMap<String, u32, impl BuildHasher>, word: &str, times: u32) {
    match words.get_mut(word) {
        Some(count) => *count += times,
        None => drop(words.insert(word.to_owned(), times)),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn what_ships_is_whole() {
        assert_eq!(shipped().len(), SOURCES.len());
        let ids: BTreeSet<&str> = shipped()[0].groups.iter().map(|group| group.id.as_str()).collect();
        for lexicon in shipped() {
            let mut seen = BTreeSet::new();
            assert_eq!(lexicon.groups.len(), ids.len(), "{}", lexicon.language.as_str());
            for group in &lexicon.groups {
                assert!(ids.contains(group.id.as_str()), "{}", group.id);
                assert!(WIDER.iter().all(|(narrow, wide)| ids.contains(narrow) && ids.contains(wide)));
                assert!(group.expressions.len() >= 30, "{}", group.id);
                for expression in &group.expressions {
                    assert!(!analyzer::analyze(expression).is_empty(), "{expression}");
                    assert!(seen.insert(expression), "{} twice", expression);
                }
            }
        }
    }

    /// Threads of a pool that make the same by means of the pool do not wait for one another.
    #[test]
    fn what_a_pool_makes_for_itself_is_made() {
        let (done, all) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
            let cell = OnceLock::new();
            let slowly = |number: u64| {
                std::thread::sleep(std::time::Duration::from_millis(1));
                number
            };
            let sum = || made(&cell, || (0..32_u64).into_par_iter().map(slowly).sum::<u64>());
            let sums: Vec<u64> = pool.install(|| (0..16).into_par_iter().map(|_| sum()).collect());
            done.send(sums).ok();
        });
        let sums = all.recv_timeout(std::time::Duration::from_secs(60)).expect("nobody waits for ever");
        assert_eq!(sums, [496; 16]);
    }

    #[test]
    fn a_book_adds_to_a_group_and_makes_its_own() {
        let own: Lexicon = serde_yaml::from_str(
            "{lexicon: en, groups: [{id: too-expensive, expressions: [zlotys blorp]}, {id: ours, category: Fit, expressions: [fits the quux]}]}",
        )
        .unwrap();
        let lexicons = Lexicons::new(&[own]);
        let groups = |feature: &str| {
            let mut found = Vec::new();
            lexicons.table.senses(feature, |group, _| found.push(lexicons.table.group(group).unwrap()));
            found.iter().map(|group| (group.id, group.category)).collect::<Vec<_>>()
        };
        assert_eq!(groups("eblorp"), [("too-expensive", Some("price"))]);
        assert_eq!(groups("equux"), [("ours", Some("fit"))]);
        assert!(lexicons.table.is_sound());
    }
}
