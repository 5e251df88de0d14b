//! Words spelt like one that nobody has, and words that begin like one that is still being typed.
//!
//! Fuzzy search on every word hurts; on unknown words only it gains nine points on typos and loses
//! nothing elsewhere (`dependencies.md`). Words are known from the cards and from the lexicons.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tantivy::SegmentReader;
use tantivy_fst::Automaton;

use crate::language::Family;

use super::SearchError;
use super::features::word_key;
use super::rank::{alive, alive_in};
use super::schema::Fields;
use super::slips::{Row, Slips};
use super::table::Table;

/// No more words than so many stand in for one.
pub(super) const MOST_LIKE: usize = 3;
pub(super) const MOST_BEGUN: usize = 12;
/// No more words with the same beginning are looked at.
const MOST_SEEN: usize = 20_000;

/// A family's words, in cards and sayings.
pub(super) struct Words<'w> {
    pub segments: &'w [SegmentReader],
    pub fields: &'w Fields,
    pub table: &'w Table,
    /// What was found of words that nobody has: they are asked for when the language is guessed, and again
    /// when the query is read in it.
    like: RefCell<HashMap<(Family, String), Vec<String>>>,
    begun: &'w Begun,
}

/// What words begin with one or two letters: hundreds do, and they are asked for again with every word that
/// is typed. Good for one index.
#[derive(Debug, Default)]
pub(super) struct Begun(Mutex<HashMap<(Family, String), Vec<String>>>);

impl Begun {
    const LONGEST: usize = 2;
    /// All pairs of letters of four languages, nearly.
    const MOST: usize = 2_000;

    fn get(&self, family: Family, letters: &str) -> Option<Vec<String>> {
        self.known().get(&(family, letters.to_owned())).cloned()
    }

    fn keep(&self, family: Family, letters: &str, words: &[String]) {
        let mut known = self.known();
        if letters.chars().count() <= Self::LONGEST && known.len() < Self::MOST {
            known.insert((family, letters.to_owned()), words.to_vec());
        }
    }

    fn known(&self) -> MutexGuard<'_, HashMap<(Family, String), Vec<String>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Which words of a dictionary are gone through.
struct Through<'w>(Option<Slips<'w>>);

impl Automaton for Through<'_> {
    type State = Option<Row>;

    fn start(&self) -> Self::State {
        self.0.as_ref().map(Automaton::start)
    }

    fn is_match(&self, row: &Self::State) -> bool {
        self.0.as_ref().zip(row.as_ref()).is_none_or(|(slips, row)| slips.is_match(row))
    }

    fn can_match(&self, row: &Self::State) -> bool {
        self.0.as_ref().zip(row.as_ref()).is_none_or(|(slips, row)| slips.can_match(row))
    }

    fn accept(&self, row: &Self::State, byte: u8) -> Self::State {
        self.0.as_ref().zip(row.as_ref()).map(|(slips, row)| slips.accept(row, byte))
    }
}

impl<'w> Words<'w> {
    pub fn of(segments: &'w [SegmentReader], fields: &'w Fields, table: &'w Table, begun: &'w Begun) -> Self {
        Words { segments, fields, table, like: RefCell::default(), begun }
    }

    /// In how many cards and sayings a word is.
    pub fn known(&self, family: Family, folded: &str) -> Result<u32, SearchError> {
        let key = word_key(family, folded);
        Ok(self.table.said(&key) + alive(self.segments, self.fields.word, &key)?)
    }

    /// Every word of a family with this beginning that is wanted, in order, without the family's letter, and
    /// how often it is there; of those that are so few slips away from a word, if one is given.
    fn beginning(
        &self,
        family: Family,
        prefix: &str,
        near: Option<(&str, usize)>,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<(String, u32)>, SearchError> {
        let start = word_key(family, prefix);
        let slips = |skip| near.and_then(|(word, most)| Slips::of(word, most, skip));
        let mut found: Vec<(String, u32)> = Vec::new();
        let mut seen = 0;
        let few = slips(0);
        self.table.words_from(&start, |word| {
            if few.as_ref().is_none_or(|slips| slips.are_few(&word[1..])) && wanted(&word[1..]) {
                found.push((word[1..].to_owned(), self.table.said(word)));
            }
            seen += 1;
            seen < MOST_SEEN
        });
        for reader in self.segments {
            let inverted = reader.inverted_index(self.fields.word)?;
            let terms = inverted.terms().search(Through(slips(1))).ge(start.as_bytes());
            let mut stream = terms.into_stream().map_err(tantivy::TantivyError::from)?;
            // Both are in order, so they are gone through side by side.
            let (mut at, mut seen, mut more) = (0, 0, Vec::new());
            while stream.advance() && stream.key().starts_with(start.as_bytes()) && seen < MOST_SEEN {
                seen += 1;
                let Ok(key) = std::str::from_utf8(stream.key()) else { continue };
                let word = &key[1..];
                if !wanted(word) {
                    continue;
                }
                let cards = match reader.has_deletes() {
                    true => alive_in(reader, self.fields.word, key)?,
                    false => stream.value().doc_freq,
                };
                while found.get(at).is_some_and(|(other, _)| other.as_str() < word) {
                    at += 1;
                }
                match found.get_mut(at) {
                    Some((other, count)) if other == word => *count += cards,
                    _ if cards > 0 => more.push((word.to_owned(), cards)),
                    _ => {}
                }
            }
            if !more.is_empty() {
                found.append(&mut more);
                found.sort_by(|a, b| a.0.cmp(&b.0));
            }
        }
        Ok(found)
    }

    /// The words that are nearest to one that is not known: one slip away for words of four to seven
    /// letters, two for longer ones; none for shorter ones and numbers. The first letter is kept, but for
    /// its being swapped with the second or left out. Vietnamese typed as Telex leaves it (`dawts`) is read.
    pub fn like(&self, family: Family, folded: &str) -> Result<Vec<String>, SearchError> {
        let asked = (family, folded.to_owned());
        if let Some(found) = self.like.borrow().get(&asked) {
            return Ok(found.clone());
        }
        let found = self.look_for_like(family, folded)?;
        self.like.borrow_mut().insert(asked, found.clone());
        Ok(found)
    }

    fn look_for_like(&self, family: Family, folded: &str) -> Result<Vec<String>, SearchError> {
        let letters: Vec<char> = folded.chars().collect();
        if letters.len() < 4 || !letters.iter().all(|c| c.is_alphabetic()) {
            return Ok(Vec::new());
        }
        if family == Family::Vietnamese
            && let Some(read) = telex(folded)
            && self.known(family, &read)? > 0
        {
            return Ok(vec![read]);
        }
        let slips = if letters.len() < 8 { 1 } else { 2 };
        let mut ranked: Vec<(usize, u32, String)> = Vec::new();
        let first = letters[0].to_string();
        let mut starts = vec![first.clone()];
        if letters[1] != letters[0] {
            // Another first letter only by a swap or a loss at the very front.
            starts.push(format!("{}{first}", letters[1]));
            let lost: String = letters[1..].iter().collect();
            let count = self.known(family, &lost)?;
            if count > 0 && !lost.starts_with(&starts[1]) {
                ranked.push((1, count, lost));
            }
        }
        let near = |word: &str| {
            let length = word.chars().count();
            length.abs_diff(letters.len()) <= slips
                && length >= 3
                && strsim::osa_distance(folded, word) <= slips
        };
        for start in &starts {
            for (word, count) in self.beginning(family, start, Some((folded, slips)), near)? {
                ranked.push((strsim::osa_distance(folded, &word), count, word));
            }
        }
        ranked.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
        // Two slips away is only asked where nothing is nearer.
        let nearest = ranked.first().map_or(0, |first| first.0);
        ranked.retain(|(distance, ..)| *distance == nearest);
        ranked.truncate(MOST_LIKE);
        Ok(ranked.into_iter().map(|(_, _, word)| word).collect())
    }

    /// The words that begin like one that is still being typed, the most frequent first.
    pub fn begun(&self, family: Family, folded: &str) -> Result<Vec<String>, SearchError> {
        if let Some(words) = self.begun.get(family, folded) {
            return Ok(words);
        }
        let mut found = self.beginning(family, folded, None, |_| true)?;
        let order = |a: &(String, u32), b: &(String, u32)| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0));
        if found.len() > MOST_BEGUN {
            found.select_nth_unstable_by(MOST_BEGUN, order);
            found.truncate(MOST_BEGUN);
        }
        found.sort_by(order);
        let words: Vec<String> = found.into_iter().map(|(word, _)| word).collect();
        self.begun.keep(family, folded, &words);
        Ok(words)
    }
}

/// A Vietnamese syllable as Telex leaves it when its keys are typed without it, without marks:
/// `dawts` → `dat`, `ddoongf` → `dong`. Nothing if there is no such key in it.
fn telex(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let letters: Vec<char> = word.chars().collect();
    for (at, &c) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let tone = matches!(c, 's' | 'f' | 'r' | 'x' | 'j') && at > 1;
        let doubled = matches!(c, 'a' | 'e' | 'o' | 'd') && before == Some(c);
        let hooked = c == 'w' && matches!(before, Some('a' | 'o' | 'u'));
        if !(tone || doubled || hooked) {
            out.push(c);
        }
    }
    (out != word && !out.is_empty()).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn telex_is_read() {
        for (typed, read) in [("dawts", "dat"), ("ddoongf", "dong"), ("nguowif", "nguoi"), ("quas", "qua")] {
            assert_eq!(telex(typed).as_deref(), Some(read), "{typed}");
        }
        assert_eq!(telex("bang"), None);
    }
}
