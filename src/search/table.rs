//! What the lexicons say, as one block of bytes that is looked into and never parsed.
//!
//! A cold `find` has two milliseconds: it maps this block and touches the few places that a query
//! asks for. The block is a hash table over features ([`super::features`]), stop phrases, greetings
//! and words, then the groups' names and the words in order.
//!
//! ```text
//! magic · slots · groups · words · lists (u32 each: how many, or how many bytes)
//! slots   (check u32, payload u32) each; a power of two of them, open addressing
//! lists   groups of features that several groups have: count u16, then (group u16, weight u8) each
//! groups  offset u32 each, then "family TAB id TAB category TAB wider LF" each
//! words   offset u32 each, then "letter word LF" each, sorted
//! ```

use std::fmt;
use std::sync::Arc;

use tantivy::directory::OwnedBytes;

use crate::language::Family;

const MAGIC: u32 = 0x6362_6B32;
const HEADER: usize = 24;
/// A payload with this bit is a place in the lists, one without is `group << 8 | weight`.
const LISTED: u32 = 1 << 31;
/// Weights are kept in steps of this.
pub(super) const STEP: f32 = 1.0 / 32.0;

/// What a key in the table is, so that a word and a feature of the same letters stay apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shelf {
    /// A feature: groups and weights.
    Sense = 1,
    /// A stop word or phrase as it is said.
    Stop = 2,
    /// The same without marks.
    BareStop = 3,
    /// The first word of a stop phrase, with or without marks.
    StopHead = 7,
    /// A greeting.
    Greeting = 4,
    /// A word of the sayings: how often it is said.
    Word = 5,
    /// A feature that is a word: in how many sayings of its family it is; under the family's letter alone, how
    /// many sayings there are.
    Count = 6,
}

/// The block.
#[derive(Clone)]
pub(super) struct Table(Block);

#[derive(Clone)]
enum Block {
    Own(Arc<[u8]>),
    Mapped(OwnedBytes),
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("bytes", &self.bytes().len()).finish()
    }
}

/// A group of the lexicons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<'t> {
    pub family: Family,
    pub id: &'t str,
    pub category: Option<&'t str>,
    /// The group of a wider situation, whose cards answer this one where it has none of its own.
    pub wider: Option<usize>,
}

/// A quick hash, the same on every machine; not against malice.
fn hash(shelf: Shelf, key: &str) -> u64 {
    // Shelf and length are mixed in before the letters, so that no letter can undo them.
    let start = (shelf as u64) << 32 | key.len() as u64;
    let mut state = (0x9E37_79B9_7F4A_7C15 ^ start).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    state ^= state >> 29;
    for chunk in key.as_bytes().chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = (state.rotate_left(23) ^ u64::from_le_bytes(word)).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }
    state ^= state >> 32;
    state = state.wrapping_mul(0xD6E8_FEB8_6659_FD93);
    state ^ (state >> 29)
}

/// What a feature is looked up by: two features alike in it are one.
pub(super) fn sense_hash(feature: &str) -> u64 {
    hash(Shelf::Sense, feature)
}

/// Where the count of a feature stands.
pub(super) fn count_hash(feature: &str) -> u64 {
    hash(Shelf::Count, feature)
}

fn check(hash: u64) -> u32 {
    // Nought marks an empty slot.
    ((hash >> 32) as u32).max(1)
}

impl Table {
    pub fn own(bytes: Vec<u8>) -> Self {
        Table(Block::Own(bytes.into()))
    }

    pub fn mapped(bytes: OwnedBytes) -> Self {
        Table(Block::Mapped(bytes))
    }

    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Block::Own(bytes) => bytes,
            Block::Mapped(bytes) => bytes,
        }
    }

    /// Whether the block is one of ours and whole; what is not is never looked into.
    pub fn is_sound(&self) -> bool {
        let [slots, groups, words, lists] = self.sizes();
        let least = HEADER + slots * 8 + lists + (groups + words) * 4;
        self.u32(0) == MAGIC && slots.is_power_of_two() && least <= self.bytes().len()
    }

    fn u32(&self, at: usize) -> u32 {
        self.bytes()
            .get(at..at + 4)
            .map_or(0, |four| u32::from_le_bytes([four[0], four[1], four[2], four[3]]))
    }

    /// Slots, groups, words, and the bytes of the lists.
    fn sizes(&self) -> [usize; 4] {
        [4, 8, 12, 16].map(|at| self.u32(at) as usize)
    }

    fn payload(&self, shelf: Shelf, key: &str) -> Option<u32> {
        self.payload_of(hash(shelf, key))
    }

    fn payload_of(&self, hash: u64) -> Option<u32> {
        let slots = self.sizes()[0];
        let check = check(hash);
        let mut slot = hash as usize & (slots.checked_sub(1)?);
        for _ in 0..slots {
            let at = HEADER + slot * 8;
            match self.u32(at) {
                0 => return None,
                found if found == check => return Some(self.u32(at + 4)),
                _ => slot = (slot + 1) & (slots - 1),
            }
        }
        None
    }

    /// Whether a key stands on a shelf.
    pub fn has(&self, shelf: Shelf, key: &str) -> bool {
        self.payload(shelf, key).is_some()
    }

    /// How often a word is said in the sayings of a family (`letter` and word).
    pub fn said(&self, key: &str) -> u32 {
        self.payload(Shelf::Word, key).unwrap_or(0)
    }

    /// The share of a family's sayings (`letter`) that have a word; nought for pairs.
    pub fn share(&self, letter: char, feature: &str) -> f32 {
        let all = self.payload(Shelf::Count, letter.encode_utf8(&mut [0; 4])).unwrap_or(0).max(1);
        self.payload(Shelf::Count, feature).unwrap_or(0) as f32 / all as f32
    }

    /// The groups that a feature tells of, and how strongly.
    pub fn senses(&self, feature: &str, each: impl FnMut(usize, f32)) {
        self.senses_of(sense_hash(feature), each);
    }

    /// The same for a feature's [hash](sense_hash).
    pub fn senses_of(&self, hash: u64, mut each: impl FnMut(usize, f32)) {
        let Some(payload) = self.payload_of(hash) else { return };
        if payload & LISTED == 0 {
            each((payload >> 8) as usize, (payload & 0xFF) as f32 * STEP);
            return;
        }
        let [slots, _, _, lists] = self.sizes();
        let start = HEADER + slots * 8;
        let list = self.bytes().get(start + (payload & !LISTED) as usize..start + lists).unwrap_or_default();
        let Some((count, entries)) = list.split_first_chunk::<2>() else { return };
        let count = usize::from(u16::from_le_bytes(*count));
        for entry in entries.chunks_exact(3).take(count) {
            each(usize::from(u16::from_le_bytes([entry[0], entry[1]])), f32::from(entry[2]) * STEP);
        }
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.sizes()[1]
    }

    /// A group by its number.
    pub fn group(&self, number: usize) -> Option<Group<'_>> {
        let [slots, groups, _, lists] = self.sizes();
        let line = self.line(HEADER + slots * 8 + lists, groups, number)?;
        let mut parts = line.split('\t');
        let family = parts.next()?;
        Some(Group {
            family: Family::ALL.into_iter().find(|one| one.tag() == family)?,
            id: parts.next()?,
            category: parts.next().filter(|name| !name.is_empty()),
            wider: parts.next().and_then(|number| number.parse().ok()),
        })
    }

    /// Line `number` of a section of `count` offsets and the text behind them.
    fn line(&self, section: usize, count: usize, number: usize) -> Option<&str> {
        if number >= count {
            return None;
        }
        let start = self.u32(section + number * 4) as usize;
        let rest = self.bytes().get(start..)?;
        let end = rest.iter().take(400).position(|&byte| byte == b'\n')?;
        std::str::from_utf8(&rest[..end]).ok()
    }

    fn word(&self, number: usize) -> Option<&str> {
        let [slots, groups, words, lists] = self.sizes();
        self.line(HEADER + slots * 8 + lists + groups * 4, words, number)
    }

    /// The words that begin with these letters (the family's letter first), in order, as long as
    /// `each` says yes.
    pub fn words_from<'t>(&'t self, prefix: &str, mut each: impl FnMut(&'t str) -> bool) {
        let count = self.sizes()[2];
        let (mut low, mut high) = (0, count);
        while low < high {
            let middle = (low + high) / 2;
            match self.word(middle) {
                Some(word) if word < prefix => low = middle + 1,
                _ => high = middle,
            }
        }
        let matching = (low..count).map_while(|at| self.word(at)).take_while(|word| word.starts_with(prefix));
        for word in matching {
            if !each(word) {
                return;
            }
        }
    }
}

/// Puts a table together.
#[derive(Debug, Default)]
pub(super) struct Builder {
    entries: Vec<(u64, u32)>,
    lists: Vec<u8>,
    groups: Vec<String>,
    words: Vec<String>,
}

impl Builder {
    /// Adds a group; it is numbered in the order of adding.
    pub fn group(&mut self, family: Family, id: &str, category: Option<&str>, wider: Option<usize>) {
        let wider = wider.map_or_else(String::new, |number| number.to_string());
        self.groups.push(format!("{}\t{id}\t{}\t{wider}\n", family.tag(), category.unwrap_or("")));
    }

    /// Adds a feature, by its [hash](sense_hash), with the groups that it tells of.
    pub fn senses_at(&mut self, hash: u64, senses: &[(usize, f32)]) {
        let quantized = |weight: f32| (weight / STEP).round().clamp(1.0, 255.0) as u8;
        let payload = match senses {
            [(group, weight)] => ((*group as u32) << 8) | u32::from(quantized(*weight)),
            _ => {
                let place = self.lists.len() as u32;
                self.lists.extend((senses.len() as u16).to_le_bytes());
                for &(group, weight) in senses {
                    self.lists.extend((group as u16).to_le_bytes());
                    self.lists.push(quantized(weight));
                }
                place | LISTED
            }
        };
        self.entries.push((hash, payload));
    }

    /// Puts something where a [count](count_hash) stands.
    pub fn put_at(&mut self, hash: u64, payload: u32) {
        self.entries.push((hash, payload));
    }

    /// Puts a key on a shelf.
    pub fn put(&mut self, shelf: Shelf, key: &str, payload: u32) {
        self.entries.push((hash(shelf, key), payload));
        if shelf == Shelf::Word {
            self.words.push(format!("{key}\n"));
        }
    }

    pub fn finish(mut self) -> Table {
        let slots = (self.entries.len() * 4 / 3 + 1).next_power_of_two();
        let mut table = vec![(0_u32, 0_u32); slots];
        for (hash, payload) in self.entries {
            let mut slot = hash as usize & (slots - 1);
            while table[slot].0 != 0 && table[slot].0 != check(hash) {
                slot = (slot + 1) & (slots - 1);
            }
            if table[slot].0 == 0 {
                table[slot] = (check(hash), payload);
            }
        }
        self.words.sort();
        let sizes = [slots, self.groups.len(), self.words.len(), self.lists.len(), 0];
        let mut bytes = MAGIC.to_le_bytes().to_vec();
        sizes.iter().for_each(|&size| bytes.extend((size as u32).to_le_bytes()));
        for (check, payload) in table {
            bytes.extend(check.to_le_bytes());
            bytes.extend(payload.to_le_bytes());
        }
        bytes.extend(&self.lists);
        let mut text = bytes.len() + (self.groups.len() + self.words.len()) * 4;
        for line in self.groups.iter().chain(&self.words) {
            bytes.extend((text as u32).to_le_bytes());
            text += line.len();
        }
        for line in self.groups.iter().chain(&self.words) {
            bytes.extend(line.as_bytes());
        }
        Table::own(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Table {
        let mut builder = Builder::default();
        builder.group(Family::English, "price", Some("price"), None);
        builder.group(Family::Malay, "masa", None, Some(0));
        builder.senses_at(sense_hash("epric"), &[(0, 1.5)]);
        builder.senses_at(sense_hash("etime"), &[(0, 0.25), (1, 2.0)]);
        for word in ["epricey", "eprices", "mmasa"] {
            builder.put(Shelf::Word, word, 7);
        }
        builder.put(Shelf::Stop, "ethe", 0);
        builder.finish()
    }

    fn senses(table: &Table, feature: &str) -> Vec<(usize, f32)> {
        let mut found = Vec::new();
        table.senses(feature, |group, weight| found.push((group, weight)));
        found
    }

    #[test]
    fn what_is_put_in_comes_out() {
        let table = small();
        assert!(table.is_sound());
        assert_eq!(senses(&table, "epric"), [(0, 1.5)]);
        assert_eq!(senses(&table, "etime"), [(0, 0.25), (1, 2.0)]);
        assert!(senses(&table, "enone").is_empty());
        assert_eq!((table.said("epricey"), table.said("ethe")), (7, 0));
        assert!(table.has(Shelf::Stop, "ethe") && !table.has(Shelf::Greeting, "ethe"));
        assert_eq!(table.group(0).unwrap().category, Some("price"));
        assert_eq!(table.group(1).map(|group| (group.family, group.id)), Some((Family::Malay, "masa")));
        assert_eq!((table.group(0).unwrap().wider, table.group(1).unwrap().wider), (None, Some(0)));
        assert_eq!(table.group(2), None);
        let mut words = Vec::new();
        table.words_from("epri", |word| {
            words.push(word.to_owned());
            true
        });
        assert_eq!(words, ["eprices", "epricey"]);
    }

    /// Whatever the key, a shelf holds only what was put on it.
    #[test]
    fn shelves_stay_apart() {
        let shelves =
            [Shelf::Sense, Shelf::Stop, Shelf::BareStop, Shelf::Greeting, Shelf::Word, Shelf::Count];
        let mut seen = std::collections::BTreeSet::new();
        for c in ('\u{4E00}'..'\u{9000}').chain('a'..='z') {
            for shelf in shelves {
                assert!(seen.insert(hash(shelf, &format!("z{c}"))), "{c}");
            }
        }
    }

    #[test]
    fn nonsense_is_not_looked_into_beyond_its_end() {
        let whole = small();
        for length in 0..whole.bytes().len() {
            let cut = Table::own(whole.bytes()[..length].to_vec());
            let _ = (cut.is_sound(), senses(&cut, "etime"), cut.group(1), cut.said("mmasa"));
            cut.words_from("e", |_| true);
        }
        assert!(!Table::own(Vec::new()).is_sound());
        assert!(!Table::own(vec![7; 400]).is_sound());
    }
}
