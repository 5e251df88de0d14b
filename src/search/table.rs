//! What the lexicons say, as one block of bytes that is looked into and never parsed.
//!
//! A cold `find` has two milliseconds: it reads the few places of the file that a query asks for, a hundred
//! short reads instead of eight megabytes; who asks on is answered from memory. The block is a hash table
//! over features ([`super::features`]), stop phrases, greetings and words, then the groups' names and the
//! words in order.
//!
//! ```text
//! magic · slots · groups · words · lists · few (u32 each: how many, or how many bytes)
//! few     slots as below, of stop words and greetings: asked for so often that they are read at once
//! slots   (check u32, payload u32) each, open addressing
//! lists   groups of features that several groups have: count u16, then (group u16, weight u8) each
//! groups  offset u32 each, then "family TAB id TAB category TAB wider LF" each
//! words   offset u32 each, then "letter word LF" each, sorted
//! ```

use std::fmt;
use std::fs::File;
use std::io;
use std::sync::{Arc, OnceLock};

use crate::language::Family;

pub(super) const MAGIC: u32 = 0x6362_6B35;
const HEADER: usize = 24;
const SLOT: usize = 8;
/// So many slots are read at a time: who is not in its own is most often in the next ones.
const SLOTS: usize = 8;
/// A line is not longer.
const LINE: usize = 400;
/// Words are gone through so many bytes at a time.
const CHUNK: usize = 4 << 10;
/// After so many reads of a file the rest is asked of memory.
const READS: u32 = 2_000;
/// A payload with this bit is a place in the lists, one without is `group << 8 | weight`.
pub(super) const LISTED: u32 = 1 << 31;
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
    /// A family's letter and the first of a word: the number of the first such word.
    Head = 8,
    /// What is said in every talk.
    SmallTalk = 9,
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
pub(super) struct Table {
    block: Block,
    /// Slots, groups, words, the bytes of the lists, and the slots of the small shelves.
    sizes: [usize; 5],
    /// The slots of the small shelves, once they were asked for.
    few: Arc<OnceLock<Vec<u8>>>,
    /// The groups' offsets and lines, once they were asked for.
    groups: Arc<OnceLock<[Vec<u8>; 2]>>,
}

#[derive(Clone)]
enum Block {
    Own(Arc<[u8]>),
    #[cfg(unix)]
    Filed(Arc<Filed>),
}

/// A file of which few places are read.
#[cfg(unix)]
struct Filed {
    file: File,
    length: usize,
    reads: std::sync::atomic::AtomicU32,
    whole: OnceLock<Vec<u8>>,
}

#[cfg(unix)]
impl Filed {
    fn some(&self, at: usize, into: &mut [u8]) -> usize {
        use std::os::unix::fs::FileExt;
        use std::sync::atomic::Ordering;

        if let Some(whole) = self.whole.get() {
            return copied(whole, at, into);
        }
        if self.reads.fetch_add(1, Ordering::Relaxed) >= READS {
            return copied(self.whole.get_or_init(|| self.all()), at, into);
        }
        let most = into.len().min(self.length.saturating_sub(at));
        match self.file.read_exact_at(&mut into[..most], at as u64) {
            Ok(()) => most,
            Err(_) => 0,
        }
    }

    /// What there is of it: a file that has become shorter since is as if it ended there.
    fn all(&self) -> Vec<u8> {
        use std::os::unix::fs::FileExt;

        let mut all = vec![0; self.length];
        let mut read = 0;
        while read < all.len() {
            match self.file.read_at(&mut all[read..], read as u64) {
                Ok(more) if more > 0 => read += more,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                _ => break,
            }
        }
        all.truncate(read);
        all
    }
}

/// As many bytes of a place as there are.
fn copied(bytes: &[u8], at: usize, into: &mut [u8]) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    let most = rest.len().min(into.len());
    into[..most].copy_from_slice(&rest[..most]);
    most
}

impl fmt::Debug for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table").field("bytes", &self.length()).finish()
    }
}

impl Shelf {
    /// Whether it is one of the small ones.
    pub(super) fn is_small(self) -> bool {
        matches!(
            self,
            Shelf::Stop
                | Shelf::BareStop
                | Shelf::StopHead
                | Shelf::Greeting
                | Shelf::Head
                | Shelf::SmallTalk
        )
    }
}

/// A group of the lexicons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Group<'t> {
    pub family: Family,
    pub id: &'t str,
    pub category: Option<&'t str>,
}

/// A quick hash, the same on every machine; not against malice.
pub(super) fn hash(shelf: Shelf, key: &str) -> u64 {
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

/// The first slot of a hash among so many, by its lower half: the upper is its check.
pub(super) fn place(hash: u64, slots: usize) -> Option<usize> {
    (slots > 0).then(|| ((u64::from(hash as u32) * slots as u64) >> 32) as usize)
}

pub(super) fn check(hash: u64) -> u32 {
    // Nought marks an empty slot.
    ((hash >> 32) as u32).max(1)
}

/// What of a word, with its family's letter, its [`Shelf::Head`] goes by.
pub(super) fn head(word: &str) -> &str {
    word.char_indices().nth(2).map_or(word, |(end, _)| &word[..end])
}

fn number(bytes: &[u8], at: usize) -> usize {
    let four = bytes.get(at..).and_then(|rest| rest.first_chunk::<4>());
    four.map_or(0, |four| u32::from_le_bytes(*four) as usize)
}

impl Table {
    pub fn own(bytes: Vec<u8>) -> Self {
        Self::over(Block::Own(bytes.into()))
    }

    /// One that is read from its file, place by place (whole, where files cannot be read so).
    pub fn filed(file: File) -> io::Result<Self> {
        #[cfg(unix)]
        {
            let length = file.metadata()?.len() as usize;
            let (reads, whole) = (0.into(), OnceLock::new());
            Ok(Self::over(Block::Filed(Arc::new(Filed { file, length, reads, whole }))))
        }
        #[cfg(not(unix))]
        {
            let mut whole = Vec::new();
            io::Read::read_to_end(&mut &file, &mut whole)?;
            Ok(Self::own(whole))
        }
    }

    fn over(block: Block) -> Self {
        let mut table = Table { block, sizes: [0; 5], few: Arc::default(), groups: Arc::default() };
        let mut header = [0; HEADER];
        if table.some(0, &mut header) == HEADER && number(&header, 0) == MAGIC as usize {
            table.sizes = [4, 8, 12, 16, 20].map(|at| number(&header, at));
        }
        table
    }

    fn length(&self) -> usize {
        match &self.block {
            Block::Own(bytes) => bytes.len(),
            #[cfg(unix)]
            Block::Filed(filed) => filed.length,
        }
    }

    /// All of it, of one that is in memory.
    pub fn bytes(&self) -> &[u8] {
        match &self.block {
            Block::Own(bytes) => bytes,
            #[cfg(unix)]
            Block::Filed(_) => &[],
        }
    }

    /// As many bytes of a place as there are.
    fn some(&self, at: usize, into: &mut [u8]) -> usize {
        match &self.block {
            Block::Own(bytes) => copied(bytes, at, into),
            #[cfg(unix)]
            Block::Filed(filed) => filed.some(at, into),
        }
    }

    fn piece(&self, at: usize, length: usize) -> Vec<u8> {
        let mut piece = vec![0; length.min(self.length().saturating_sub(at))];
        let read = self.some(at, &mut piece);
        piece.truncate(read);
        piece
    }

    /// Whether the block is one of ours and whole; what is not is never looked into.
    pub fn is_sound(&self) -> bool {
        let [slots, groups, words, ..] = self.sizes;
        slots > 0 && self.groups_at() + (groups + words) * 4 <= self.length()
    }

    fn slots_at(&self) -> usize {
        HEADER + self.sizes[4] * SLOT
    }

    fn lists_at(&self) -> usize {
        self.slots_at() + self.sizes[0] * SLOT
    }

    fn groups_at(&self) -> usize {
        self.lists_at() + self.sizes[3]
    }

    fn payload(&self, shelf: Shelf, key: &str) -> Option<u32> {
        if !shelf.is_small() {
            return self.payload_of(hash(shelf, key));
        }
        let slots = self.few.get_or_init(|| self.piece(HEADER, self.sizes[4] * SLOT));
        let (hash, count) = (hash(shelf, key), slots.len() / SLOT);
        let (mut slot, check) = (place(hash, count)?, check(hash));
        for _ in 0..count {
            match number(slots, slot * SLOT) as u32 {
                0 => return None,
                found if found == check => return Some(number(slots, slot * SLOT + 4) as u32),
                _ => slot = (slot + 1) % count,
            }
        }
        None
    }

    fn payload_of(&self, hash: u64) -> Option<u32> {
        let slots = self.sizes[0];
        let check = check(hash);
        let mut slot = place(hash, slots)?;
        let mut some = [0; SLOTS * SLOT];
        for _ in 0..=slots / SLOTS {
            let ahead = SLOTS.min(slots - slot);
            let read = self.some(self.slots_at() + slot * SLOT, &mut some[..ahead * SLOT]);
            for at in (0..ahead * SLOT).step_by(SLOT) {
                match number(&some[..read], at) as u32 {
                    0 => return None,
                    found if found == check => return Some(number(&some[..read], at + 4) as u32),
                    _ => {}
                }
            }
            slot = (slot + ahead) % slots;
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
        let lists = self.sizes[3];
        let (start, place) = (self.lists_at(), (payload & !LISTED) as usize);
        // Two hundred groups; a feature that tells of more tells nothing, but is read to its end.
        let mut some = [0; 602];
        let most = some.len().min(lists.saturating_sub(place));
        let read = self.some(start + place, &mut some[..most]);
        let Some((count, entries)) = some[..read].split_first_chunk::<2>() else { return };
        let count = usize::from(u16::from_le_bytes(*count));
        let mut entry = |entry: &[u8]| {
            each(usize::from(u16::from_le_bytes([entry[0], entry[1]])), f32::from(entry[2]) * STEP);
        };
        if count * 3 <= entries.len() {
            entries.chunks_exact(3).take(count).for_each(&mut entry);
        } else {
            let most = (count * 3).min(lists.saturating_sub(place + 2));
            self.piece(start + place + 2, most).chunks_exact(3).for_each(&mut entry);
        }
    }

    /// How many groups there are.
    pub fn groups(&self) -> usize {
        self.sizes[1]
    }

    /// A group by its number.
    pub fn group(&self, number: usize) -> Option<Group<'_>> {
        let mut parts = self.line(number)?.split('\t');
        let family = parts.next()?;
        Some(Group {
            family: Family::ALL.into_iter().find(|one| one.tag() == family)?,
            id: parts.next()?,
            category: parts.next().filter(|name| !name.is_empty()),
        })
    }

    /// The group of the wider situation of one, whose cards answer it where it has none of its own.
    pub fn wider(&self, number: usize) -> Option<usize> {
        self.line(number)?.rsplit('\t').next()?.parse().ok()
    }

    /// The line of a group.
    fn line(&self, group: usize) -> Option<&str> {
        let [_, groups, words, ..] = self.sizes;
        let [offsets, lines] = self.groups.get_or_init(|| {
            let section = self.groups_at();
            let offsets = self.piece(section, groups * 4);
            let start = number(&offsets, 0);
            let end = if words == 0 { self.length() } else { self.u32(section + groups * 4) };
            [offsets, self.piece(start, end.saturating_sub(start))]
        });
        if group >= groups {
            return None;
        }
        let start = number(offsets, group * 4).checked_sub(number(offsets, 0))?;
        let rest = lines.get(start..)?;
        let end = rest.iter().take(LINE).position(|&byte| byte == b'\n')?;
        std::str::from_utf8(&rest[..end]).ok()
    }

    fn u32(&self, at: usize) -> usize {
        let mut four = [0; 4];
        self.some(at, &mut four);
        number(&four, 0)
    }

    /// Where a word stands.
    fn place_of(&self, number: usize) -> usize {
        self.u32(self.groups_at() + (self.sizes[1] + number) * 4)
    }

    /// The number of the first word that is not before this one.
    fn first_from(&self, prefix: &str) -> usize {
        let (mut low, mut high) = (0, self.sizes[2]);
        let mut line = [0; LINE];
        while low < high {
            let middle = (low + high) / 2;
            let read = self.some(self.place_of(middle), &mut line[..LINE.min(prefix.len() + 1)]);
            let word = &line[..read];
            let word = &word[..word.iter().position(|&byte| byte == b'\n').unwrap_or(read)];
            if word < prefix.as_bytes() {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The words that begin with these letters (the family's letter first), in order, as long as
    /// `each` says yes.
    pub fn words_from(&self, prefix: &str, mut each: impl FnMut(&str) -> bool) {
        let count = self.sizes[2];
        // To read on from the first letter is quicker than to halve, as long as few more are known.
        let low = match prefix.chars().count() {
            2 | 3 => self.payload(Shelf::Head, head(prefix)).map_or(count, |first| first as usize).min(count),
            _ => self.first_from(prefix),
        };
        // They stand one behind the other.
        let (mut at, mut left) = (if low < count { self.place_of(low) } else { return }, count - low);
        loop {
            let chunk = self.piece(at, CHUNK);
            let Some(end) = chunk.iter().rposition(|&byte| byte == b'\n') else { return };
            let Ok(words) = std::str::from_utf8(&chunk[..end]) else { return };
            for word in words.split('\n') {
                let is_wanted = word.starts_with(prefix);
                if left == 0 || (!is_wanted && word > prefix) || (is_wanted && !each(word)) {
                    return;
                }
                left -= 1;
            }
            at += end + 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table_builder::Builder;
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
        assert_eq!((table.wider(0), table.wider(1)), (None, Some(0)));
        assert_eq!(table.group(2), None);
        let mut words = Vec::new();
        table.words_from("epri", |word| {
            words.push(word.to_owned());
            true
        });
        assert_eq!(words, ["eprices", "epricey"]);
    }

    /// A file answers as memory does, before and after it has been read whole, and one that was cut off
    /// under way is as if it ended there.
    #[test]
    fn a_file_answers_as_memory_does() {
        let mut builder = Builder::default();
        for number in 0..300 {
            builder.group(Family::English, &format!("g{number}"), None, None);
        }
        let all: Vec<(usize, f32)> = (0..300).map(|group| (group, 1.0)).collect();
        builder.senses_at(sense_hash("eall"), &all);
        let words: Vec<String> = (0..1500).map(|number| format!("ew{number}")).collect();
        words.iter().for_each(|word| builder.put(Shelf::Word, word, word.len() as u32));
        let own = builder.finish();
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, own.bytes()).unwrap();
        let filed = Table::filed(file.try_clone().unwrap()).unwrap();
        assert!(filed.is_sound());
        for _ in 0..2 {
            assert_eq!(senses(&filed, "eall"), all);
            assert!(
                words
                    .iter()
                    .all(|word| filed.said(word) == word.len() as u32 && !filed.has(Shelf::Stop, word))
            );
            for prefix in ["e", "ew1", "ew1499", "ew1500", "f", &"e".repeat(9_000)] {
                let from = |table: &Table| {
                    let mut found = Vec::new();
                    table.words_from(prefix, |word| {
                        found.push(word.to_owned());
                        true
                    });
                    found
                };
                assert_eq!(from(&filed), from(&own), "{prefix:.9}");
                assert_eq!(from(&own).len(), words.iter().filter(|word| word.starts_with(prefix)).count());
            }
            assert_eq!((filed.group(299), filed.group(300)), (own.group(299), None));
        }
        let cut = Table::filed(file.try_clone().unwrap()).unwrap();
        file.set_len(100).unwrap();
        assert_eq!((senses(&cut, "eall"), cut.said("ew7"), cut.group(7)), (vec![], 0, None));
    }

    /// Whatever the key, a shelf holds only what was put on it.
    #[test]
    fn shelves_stay_apart() {
        let shelves = [
            Shelf::Sense,
            Shelf::Stop,
            Shelf::BareStop,
            Shelf::Greeting,
            Shelf::Word,
            Shelf::Count,
            Shelf::Head,
        ];
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
