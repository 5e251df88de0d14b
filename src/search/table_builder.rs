//! Puts a [table](super::table) together.

use crate::language::Family;

use super::table::{LISTED, MAGIC, STEP, Shelf, Table, check, hash, head, place};

/// Puts a table together.
#[derive(Debug, Default)]
pub(super) struct Builder {
    entries: Vec<(u64, u32)>,
    /// Those of the small shelves.
    few: Vec<(u64, u32)>,
    lists: Vec<u8>,
    groups: Vec<String>,
    words: Vec<String>,
}

/// Entries as they lie in slots: each as near behind its place as there is room.
fn slotted(entries: &[(u64, u32)]) -> Vec<(u32, u32)> {
    let slots = entries.len() * 4 / 3 + 1;
    let mut table = vec![(0_u32, 0_u32); slots];
    for &(hash, payload) in entries {
        let mut slot = place(hash, slots).unwrap_or_default();
        while table[slot].0 != 0 && table[slot].0 != check(hash) {
            slot = (slot + 1) % slots;
        }
        if table[slot].0 == 0 {
            table[slot] = (check(hash), payload);
        }
    }
    table
}

impl Builder {
    /// Adds a group; it is numbered in the order of adding.
    pub fn group(&mut self, family: Family, id: &str, category: Option<&str>, wider: Option<usize>) {
        let wider = wider.map_or_else(String::new, |number| number.to_string());
        self.groups.push(format!("{}\t{id}\t{}\t{wider}\n", family.tag(), category.unwrap_or("")));
    }

    /// Adds a feature, by its [hash](super::table::sense_hash), with the groups that it tells of.
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

    /// Puts something where a [count](super::table::count_hash) stands.
    pub fn put_at(&mut self, hash: u64, payload: u32) {
        self.entries.push((hash, payload));
    }

    /// Puts a key on a shelf.
    pub fn put(&mut self, shelf: Shelf, key: &str, payload: u32) {
        let entries = if shelf.is_small() { &mut self.few } else { &mut self.entries };
        entries.push((hash(shelf, key), payload));
        if shelf == Shelf::Word {
            self.words.push(format!("{key}\n"));
        }
    }

    pub fn finish(mut self) -> Table {
        self.words.sort();
        let mut heads: Vec<(u64, u32)> = Vec::new();
        for (word, number) in self.words.iter().zip(0..) {
            let hash = hash(Shelf::Head, head(word.trim_end()));
            if heads.last().is_none_or(|(last, _)| *last != hash) {
                heads.push((hash, number));
            }
        }
        self.few.append(&mut heads);
        let (few, table) = (slotted(&self.few), slotted(&self.entries));
        let sizes = [table.len(), self.groups.len(), self.words.len(), self.lists.len(), few.len()];
        let mut bytes = MAGIC.to_le_bytes().to_vec();
        sizes.iter().for_each(|&size| bytes.extend((size as u32).to_le_bytes()));
        for (check, payload) in few.into_iter().chain(table) {
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
