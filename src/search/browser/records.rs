//! Sorted records as one text, in which a script finds a key by halving: `~key}part}part~key}part~`. Nothing
//! has to be unpacked before it can be asked for.
//!
//! In lists a part is a second key, empty for what is under the first alone, a space and the numbers that both
//! lead to: `~price} $$}is $#~`. Scripts compare texts by their UTF-16 units, and so are keys sorted.

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

/// As many bits as each number of an entry needs, so that an entry is one number: they are sorted fastest.
#[derive(Debug, Clone, Copy)]
pub(super) struct Widths {
    first: u32,
    second: u32,
    number: u32,
}

impl Widths {
    /// Values are below a thousand.
    const VALUE: u32 = 10;

    /// For entries whose numbers are no greater than these.
    pub fn of(most: Entry) -> Self {
        let bits = |number: u32| u32::BITS - number.leading_zeros();
        Widths { first: bits(most.first), second: bits(most.second), number: bits(most.number) }
    }

    /// Bits in all.
    pub fn all(self) -> u32 {
        self.first + self.second + self.number + Self::VALUE
    }

    pub fn pack<P: Packed>(self, entry: Entry) -> P {
        let Entry { first, second, number, value } = entry;
        debug_assert!(value >> Self::VALUE == 0);
        let second = u128::from(first) << self.second | u128::from(second);
        P::of((second << self.number | u128::from(number)) << Self::VALUE | u128::from(value))
    }

    pub fn unpack<P: Packed>(self, packed: P) -> Entry {
        let mut rest: u128 = packed.into();
        let mut take = |bits: u32| {
            let number = rest & ((1 << bits) - 1);
            rest >>= bits;
            number as u32
        };
        let (value, number, second) = (take(Self::VALUE), take(self.number), take(self.second));
        Entry { first: take(self.first), second, number, value }
    }
}

/// An entry as one number.
pub(super) trait Packed: Copy + Ord + Default + Send + Sync + Into<u128> {
    /// The number where it has room for it.
    fn of(number: u128) -> Self;
}

impl Packed for u64 {
    fn of(number: u128) -> Self {
        number as u64
    }
}

impl Packed for u128 {
    fn of(number: u128) -> Self {
        number
    }
}

/// Brings keys into the order of scripts.
pub(super) fn sort<T: Send>(all: &mut [T], key: impl Fn(&T) -> &str + Sync) {
    // Only beyond the first plane do bytes and units come in another order.
    if all.iter().any(|one| key(one).bytes().any(|byte| byte >= 0xf0)) {
        all.par_sort_unstable_by(|a, b| key(a).encode_utf16().cmp(key(b).encode_utf16()));
    } else {
        all.par_sort_unstable_by(|a, b| key(a).cmp(key(b)));
    }
}

/// Keys in the order of scripts, each once.
#[derive(Debug, Default)]
pub(super) struct Keys<'k> {
    sorted: Vec<&'k str>,
    places: HashMap<&'k str, u32>,
}

impl<'k> Keys<'k> {
    pub fn new(mut keys: Vec<&'k str>) -> Self {
        sort(&mut keys, |key| key);
        keys.dedup();
        let places = keys.iter().zip(0..).map(|(key, place)| (*key, place)).collect();
        Keys { sorted: keys, places }
    }

    /// Keys that are in order, each once, of which nobody asks the places.
    pub fn sorted(keys: Vec<&'k str>) -> Self {
        Keys { sorted: keys, places: HashMap::new() }
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
    pub fn lists<E: Copy + Sync>(
        &self,
        entries: &[E],
        of: impl Fn(E) -> Entry + Sync,
        whole: usize,
        shard: usize,
    ) -> Vec<(String, String)> {
        debug_assert!(entries.is_sorted_by_key(|entry| of(*entry)));
        let firsts: Vec<&[E]> = entries.chunk_by(|a, b| of(*a).first == of(*b).first).collect();
        let size = |entries: &[E]| -> usize {
            let seconds = entries.chunk_by(|a, b| of(*a).second == of(*b).second);
            seconds.map(|part| self.second(of(part[0]).second).len() + 2 + 5 * part.len() / 2).sum()
        };
        let sizes: Vec<usize> = firsts.par_iter().map(|entries| size(entries)).collect();
        let most = if sizes.iter().sum::<usize>() > whole { shard } else { usize::MAX };
        let mut shards: Vec<&[&[E]]> = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (at, size) in sizes.iter().enumerate() {
            if sum > 0 && sum + size > most {
                shards.push(&firsts[start..at]);
                (start, sum) = (at, 0);
            }
            sum += size;
        }
        shards.push(&firsts[start..]);
        let named = |(number, firsts): (usize, &&[&[E]])| {
            let first = firsts.first().filter(|_| number > 0).map_or("", |all| self.at(of(all[0]).first));
            (self.text(firsts, &of), first.to_owned())
        };
        shards.par_iter().enumerate().map(named).collect()
    }

    fn second(&self, second: u32) -> &'k str {
        second.checked_sub(1).map_or("", |place| self.at(place))
    }

    fn text<E: Copy>(&self, firsts: &[&[E]], of: impl Fn(E) -> Entry) -> String {
        let mut out = String::from("~");
        for of_first in firsts {
            out.push_str(self.at(of(of_first[0]).first));
            for part in of_first.chunk_by(|a, b| of(*a).second == of(*b).second) {
                for text in ["}", self.second(of(part[0]).second), " "] {
                    out.push_str(text);
                }
                let mut digits = Digits::behind(out);
                digits.put_rising(part.iter().map(|entry| {
                    let Entry { number, value, .. } = of(*entry);
                    (number, value)
                }));
                out = digits.into_text();
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
    keys.lists(&entries, |entry| entry, usize::MAX, 0).pop().map(|(text, _)| text).unwrap_or_default()
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
        assert_eq!(
            keys.lists(&entries, |entry| entry, 1000, 10),
            [("~a} .#)}b *)~z}a $$~".to_owned(), String::new())]
        );
        let parts = keys.lists(&entries, |entry| entry, 5, 5);
        assert_eq!(
            parts,
            [("~a} .#)}b *)~".to_owned(), String::new()), ("~z}a $$~".to_owned(), "z".to_owned())]
        );
        assert_eq!(keys.lists(&[], |entry: Entry| entry, 5, 5), [("~".to_owned(), String::new())]);
    }

    #[test]
    fn words_have_their_roots() {
        let all = HashMap::from([("expensive", 3), ("price", 50), ("b2b", 1)]);
        assert_eq!(words(Family::English, &all), "~b2b}$~expensive}&}expens~price}Q(~");
        assert_eq!(words(Family::Vietnamese, &HashMap::from([("dat", 1)])), "~dat}$~");
    }

    proptest! {
        #[test]
        fn packed_entries_are_in_the_same_order(numbers in prop::collection::vec(
            (0..5_000_u32, 0..5_000_u32, 0..90_000_u32, 0..1_000_u32), 1..20,
        )) {
            let mut entries: Vec<Entry> = numbers
                .into_iter()
                .map(|(first, second, number, value)| Entry { first, second, number, value })
                .collect();
            let widths = Widths::of(Entry { first: 5_000, second: 5_000, number: 90_000, value: 0 });
            prop_assert!(widths.all() <= u64::BITS);
            let mut packed: Vec<u64> = entries.iter().map(|entry| widths.pack(*entry)).collect();
            let mut wide: Vec<u128> = entries.iter().map(|entry| widths.pack(*entry)).collect();
            entries.sort_unstable();
            packed.sort_unstable();
            wide.sort_unstable();
            prop_assert_eq!(&packed.iter().map(|entry| widths.unpack(*entry)).collect::<Vec<_>>(), &entries);
            prop_assert_eq!(&wide.iter().map(|entry| widths.unpack(*entry)).collect::<Vec<_>>(), &entries);
        }

        #[test]
        fn what_is_put_in_is_found(lists in prop::collection::btree_map(
            "[a-z𠮷豈貴]{1,4}", prop::collection::btree_map(0..3000_u32, 0..90_u32, 1..6), 1..30,
        )) {
            let lists: BTreeMap<String, Vec<(u32, u32)>> =
                lists.into_iter().map(|(key, numbers)| (key, numbers.into_iter().collect())).collect();
            let text = named(&lists);
            for (key, numbers) in &lists {
                let mut digits = find(&text, key, "").unwrap().into_iter();
                let (mut found, mut next) = (Vec::new(), 0);
                while let Some(more) = digits.next() {
                    let value = if more % 2 > 0 { digits.next().unwrap() + 1 } else { 0 };
                    found.push((next + more / 2, value));
                    next += more / 2 + 1;
                }
                prop_assert_eq!(&found, numbers);
            }
            prop_assert_eq!(find(&text, "0", ""), None);
        }
    }
}
