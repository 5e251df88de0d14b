//! Sorted records as one text, in which a script finds a key by halving: `~key}part}part~key}part~`. Nothing
//! has to be unpacked before it can be asked for.
//!
//! In lists a part is a second key, empty for what is under the first alone, a space and the numbers that both
//! lead to: `~price} #%}is #$~`. Scripts compare texts by their UTF-16 units, and so are keys sorted.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::digits::Digits;
use crate::language::Family;
use crate::search::analyzer;

/// That a feature leads to a number, with a value. Keys go by their places in [`Keys`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The word, or the first of a pair.
    pub first: u32,
    /// The second of a pair, plus one; nought for a word.
    pub second: u32,
    pub number: u32,
    pub value: u32,
}

/// Keys in the order of scripts, each once.
#[derive(Debug, Default)]
pub(super) struct Keys<'k> {
    sorted: Vec<&'k str>,
    places: HashMap<&'k str, u32>,
}

impl<'k> Keys<'k> {
    pub fn new(mut keys: Vec<&'k str>) -> Self {
        // Only beyond the first plane do bytes and units come in another order.
        if keys.iter().any(|key| key.bytes().any(|byte| byte >= 0xf0)) {
            keys.par_sort_unstable_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
        } else {
            keys.par_sort_unstable();
        }
        keys.dedup();
        let places = keys.iter().zip(0..).map(|(key, place)| (*key, place)).collect();
        Keys { sorted: keys, places }
    }

    /// The place of a key.
    pub fn of(&self, key: &str) -> Option<u32> {
        self.places.get(key).copied()
    }

    fn at(&self, place: u32) -> &'k str {
        self.sorted.get(place as usize).copied().unwrap_or_default()
    }

    /// Sorted entries as one text, or where it would be longer than `whole` as texts of about `shard` bytes;
    /// each with its first key. What is under one key is never parted.
    pub fn lists(&self, entries: &[Entry], whole: usize, shard: usize) -> Vec<(String, String)> {
        debug_assert!(entries.is_sorted());
        let firsts: Vec<&[Entry]> = entries.chunk_by(|a, b| a.first == b.first).collect();
        let size = |entries: &[Entry]| -> usize {
            let seconds = entries.chunk_by(|a, b| a.second == b.second);
            seconds.map(|part| self.second(part[0].second).len() + 2 + 5 * part.len() / 2).sum()
        };
        let sizes: Vec<usize> = firsts.par_iter().map(|entries| size(entries)).collect();
        let most = if sizes.iter().sum::<usize>() > whole { shard } else { usize::MAX };
        let mut shards: Vec<&[&[Entry]]> = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (at, size) in sizes.iter().enumerate() {
            if sum > 0 && sum + size > most {
                shards.push(&firsts[start..at]);
                (start, sum) = (at, 0);
            }
            sum += size;
        }
        shards.push(&firsts[start..]);
        let named = |(number, firsts): (usize, &&[&[Entry]])| {
            let first = firsts.first().filter(|_| number > 0).map_or("", |of| self.at(of[0].first));
            (self.text(firsts), first.to_owned())
        };
        shards.par_iter().enumerate().map(named).collect()
    }

    fn second(&self, second: u32) -> &'k str {
        second.checked_sub(1).map_or("", |place| self.at(place))
    }

    fn text(&self, firsts: &[&[Entry]]) -> String {
        let mut out = String::from("~");
        for of_first in firsts {
            out.push_str(self.at(of_first[0].first));
            for part in of_first.chunk_by(|a, b| a.second == b.second) {
                let mut digits = Digits::default();
                digits.put_rising(part.iter().map(|entry| (entry.number, entry.value)));
                for text in ["}", self.second(part[0].second), " ", &digits.into_text()] {
                    out.push_str(text);
                }
            }
            out.push('~');
        }
        out
    }
}

/// Lists of numbers, each with its value, by their names.
pub(super) fn named(lists: &BTreeMap<String, Vec<(u32, u32)>>) -> String {
    let keys = Keys::new(lists.keys().map(String::as_str).collect());
    let mut entries = Vec::new();
    for (key, numbers) in lists {
        let first = keys.of(key).unwrap_or_default();
        let entry = |&(number, value): &(u32, u32)| Entry { first, second: 0, number, value };
        entries.extend(numbers.iter().map(entry));
    }
    entries.sort_unstable();
    entries.dedup();
    keys.lists(&entries, usize::MAX, 0).pop().map(|(text, _)| text).unwrap_or_default()
}

/// The words of a family with how often each is there, and its root where that is another.
pub(super) fn words(family: Family, words: &HashMap<&str, u32>) -> String {
    let keys = Keys::new(words.keys().copied().collect());
    let mut out = String::from("~");
    for word in &keys.sorted {
        let count: Digits = words.get(word).into_iter().copied().collect();
        for text in [word, "}", &count.into_text()] {
            out.push_str(text);
        }
        let root = root(family, word);
        if root != *word {
            out.push('}');
            out.push_str(&root);
        }
        out.push('~');
    }
    out
}

/// Whether a text can be a key: nothing that is cut out of a text has these signs.
pub(super) fn is_key(text: &str) -> bool {
    !text.is_empty() && !text.contains(['~', '}', ' '])
}

/// What a written word is compared by.
pub(super) fn root(family: Family, word: &str) -> Cow<'_, str> {
    match family {
        Family::English | Family::Malay => analyzer::stem(family, word).unwrap_or(Cow::Borrowed(word)),
        _ => Cow::Borrowed(word),
    }
}

#[cfg(test)]
mod tests {
    use super::super::digits::read;
    use super::*;
    use proptest::prelude::*;

    /// What a script finds: the numbers under a key, by halving.
    fn find(text: &str, first: &str, second: &str) -> Option<Vec<u32>> {
        let records: Vec<&str> = text.trim_matches('~').split('~').collect();
        let at = records.partition_point(|record| {
            let key = record.split('}').next().unwrap_or_default();
            key.encode_utf16().lt(first.encode_utf16())
        });
        let mut parts = records.get(at)?.split('}');
        (parts.next()? == first).then_some(())?;
        parts.find_map(|part| part.strip_prefix(second)?.strip_prefix(' ')).map(read)
    }

    #[test]
    fn lists_stand_sorted() {
        let keys = Keys::new(vec!["b", "a", "b", "z"]);
        let entry = |first, second, number, value| Entry { first, second, number, value };
        let entries = [entry(0, 0, 5, 1), entry(0, 0, 9, 0), entry(0, 2, 3, 7), entry(2, 1, 0, 2)];
        assert_eq!(keys.lists(&entries, 1000, 10), [("~a} ($&#}b &*~z}a #%~".to_owned(), String::new())]);
        let parts = keys.lists(&entries, 5, 5);
        assert_eq!(
            parts,
            [("~a} ($&#}b &*~".to_owned(), String::new()), ("~z}a #%~".to_owned(), "z".to_owned())]
        );
        assert_eq!(keys.lists(&[], 5, 5), [("~".to_owned(), String::new())]);
    }

    #[test]
    fn words_have_their_roots() {
        let all = HashMap::from([("expensive", 3), ("price", 50), ("b2b", 1)]);
        assert_eq!(words(Family::English, &all), "~b2b}$~expensive}&}expens~price}Q(~");
        assert_eq!(words(Family::Vietnamese, &HashMap::from([("dat", 1)])), "~dat}$~");
    }

    proptest! {
        #[test]
        fn what_is_put_in_is_found(lists in prop::collection::btree_map(
            "[a-z𠮷豈貴]{1,4}", prop::collection::btree_map(0..3000_u32, 0..90_u32, 1..6), 1..30,
        )) {
            let lists: BTreeMap<String, Vec<(u32, u32)>> =
                lists.into_iter().map(|(key, numbers)| (key, numbers.into_iter().collect())).collect();
            let text = named(&lists);
            for (key, numbers) in &lists {
                let mut found = find(&text, key, "").unwrap();
                for at in (2..found.len()).step_by(2) {
                    found[at] += found[at - 2] + 1;
                }
                let expected: Vec<u32> = numbers.iter().flat_map(|(number, value)| [*number, *value]).collect();
                prop_assert_eq!(found, expected);
            }
            prop_assert_eq!(find(&text, "0", ""), None);
        }
    }
}
