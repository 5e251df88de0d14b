//! The texts that cards of a family are compared by, each once.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::lexicon::alone;
use super::records;

/// The texts so far. Their numbers are of the order in which they came, which is not the same every time.
#[derive(Default)]
pub(super) struct Names(Mutex<FxHashMap<Box<str>, Name>>);

struct Name {
    number: u32,
    /// Whether something is found by it.
    key: bool,
    /// In how many cards it is as a word, as it is written.
    cards: u32,
}

/// All texts, when no more come.
pub(super) struct Sorted {
    /// Those that something is found by, in the order of scripts.
    pub keys: Vec<Box<str>>,
    /// The place there of the text of each number.
    pub places: Vec<u32>,
    /// The words as they are written, and in how many cards each is.
    pub words: HashMap<Box<str>, u32>,
    /// The characters of scripts without spaces that stand alone.
    pub characters: BTreeSet<char>,
}

impl Names {
    /// Takes in the texts of a batch, of which the first `keys` lead to something, with the words among them
    /// and in how many cards they are. Gives the number of each.
    pub fn note(&self, texts: &[&str], keys: usize, words: &[(u32, u32)]) -> Vec<u32> {
        let mut cards = vec![0; texts.len()];
        words.iter().for_each(|(text, many)| cards[*text as usize] = *many);
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut number = |(at, text): (usize, &&str)| {
            if let Some(name) = all.get_mut(*text) {
                name.key |= at < keys;
                name.cards += cards[at];
                return name.number;
            }
            let number = all.len() as u32;
            all.insert(Box::from(*text), Name { number, key: at < keys, cards: cards[at] });
            number
        };
        texts.iter().enumerate().map(&mut number).collect()
    }

    /// The texts in their order.
    pub fn sorted(self) -> Sorted {
        let all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mut places = vec![u32::MAX; all.len()];
        let (mut keys, mut words) = (Vec::new(), HashMap::new());
        for (text, Name { number, key, cards }) in all {
            if cards > 0 {
                words.insert(text.clone(), cards);
            }
            if key {
                keys.push((text, number));
            }
        }
        records::sort(&mut keys, |(key, _)| key);
        keys.iter().zip(0..).for_each(|((_, number), place)| places[*number as usize] = place);
        let keys: Vec<Box<str>> = keys.into_iter().map(|(key, _)| key).collect();
        let characters = keys.iter().filter_map(|key| alone(key)).collect();
        Sorted { keys, places, words, characters }
    }
}
