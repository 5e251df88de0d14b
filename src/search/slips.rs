//! Which words are so few slips away from one: a letter too many, one too few, another one, or two swapped.
//!
//! The distance is that of optimal string alignment (Damerau's, no piece changed twice), a row of its table
//! for every letter read and of that only what can still come to few enough slips. As an automaton it leads
//! through a dictionary past all that is further away.

use tantivy_fst::Automaton;

/// No more slips are looked for.
const MOST: usize = 2;
/// What of a row can hold so few slips: as many places on either side of the diagonal.
const BAND: usize = 2 * MOST + 1;

/// Words that are near one of ASCII letters.
#[derive(Debug)]
pub(super) struct Slips<'w> {
    word: &'w [u8],
    most: u8,
    /// So many bytes stand before each word.
    skip: u8,
}

/// What was read of a word.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    skip: u8,
    letters: u8,
    last: u8,
    /// The slips of what was read against each beginning of the word; and those of what was read before the
    /// last letter.
    now: [u8; BAND],
    before: [u8; BAND],
}

impl<'w> Slips<'w> {
    /// Words at most so many slips away, each behind `skip` bytes of something else. Nothing for a word of
    /// other than ASCII letters, and for more slips than are looked for.
    pub fn of(word: &'w str, most: usize, skip: usize) -> Option<Self> {
        let fits = word.is_ascii() && word.len() < 128 && most <= MOST && skip < 128;
        fits.then_some(Slips { word: word.as_bytes(), most: most as u8, skip: skip as u8 })
    }

    /// Whether a word is near.
    pub fn are_few(&self, word: &str) -> bool {
        let most = usize::from(self.most);
        if word.len() + most < self.word.len() || (word.len() > self.word.len() + most && word.is_ascii()) {
            return false;
        }
        let mut row = self.start();
        row.skip = 0;
        for byte in word.bytes() {
            row = self.accept(&row, byte);
            if !self.can_match(&row) {
                return false;
            }
        }
        self.is_match(&row)
    }
}

impl Automaton for Slips<'_> {
    type State = Row;

    fn start(&self) -> Row {
        let far = self.most + 1;
        let mut now = [far; BAND];
        for (place, slips) in (MOST..BAND).zip(0..) {
            now[place] = far.min(slips);
        }
        Row { skip: self.skip, letters: 0, last: 0, now, before: [far; BAND] }
    }

    fn is_match(&self, row: &Row) -> bool {
        let place = (self.word.len() + MOST).checked_sub(usize::from(row.letters));
        place.and_then(|place| row.now.get(place)).is_some_and(|slips| *slips <= self.most)
    }

    fn can_match(&self, row: &Row) -> bool {
        // Two swapped letters lead from the row before to the next.
        row.now.iter().any(|slips| *slips <= self.most) || row.before.iter().any(|slips| *slips < self.most)
    }

    fn accept(&self, row: &Row, byte: u8) -> Row {
        if row.skip > 0 {
            return Row { skip: row.skip - 1, ..*row };
        }
        // A letter that is no ASCII has several bytes and is one letter, like none of the word.
        if (0x80..0xC0).contains(&byte) {
            return *row;
        }
        let far = self.most + 1;
        let letters = row.letters.saturating_add(1);
        let mut now = [far; BAND];
        for place in 0..BAND {
            // The row's places are those of the word around as many letters as were read.
            let Some(length) = (usize::from(letters) + place).checked_sub(MOST) else { continue };
            if length == 0 {
                now[place] = far.min(letters);
                continue;
            }
            let Some(letter) = self.word.get(length - 1) else { break };
            let mut slips = row.now[place] + u8::from(*letter != byte);
            if place > 0 {
                slips = slips.min(now[place - 1] + 1);
            }
            if let Some(without) = row.now.get(place + 1) {
                slips = slips.min(without + 1);
            }
            if length > 1 && row.letters > 0 && self.word[length - 2] == byte && *letter == row.last {
                slips = slips.min(row.before[place] + 1);
            }
            now[place] = slips.min(far);
        }
        Row { skip: 0, letters, last: byte, now, before: row.now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tantivy_fst::{IntoStreamer, Streamer};

    proptest! {
        #[test]
        fn as_many_as_are_counted_by_hand(word in "[a-d]{0,9}", other in "[a-dđé]{0,9}", most in 0..=2_usize) {
            let slips = Slips::of(&word, most, 0).unwrap();
            prop_assert_eq!(slips.are_few(&other), strsim::osa_distance(&word, &other) <= most);
        }

        #[test]
        fn a_dictionary_gives_the_near_words(
            words in prop::collection::btree_set("e[a-c]{1,7}", 1..40), word in "[a-c]{1,7}", most in 1..=2_usize,
        ) {
            let all = tantivy_fst::Map::from_iter(words.iter().zip(0..)).unwrap();
            let mut stream = all.search(Slips::of(&word, most, 1).unwrap()).into_stream();
            let mut found = Vec::new();
            while let Some((key, _)) = stream.next() {
                found.push(String::from_utf8(key.to_vec()).unwrap());
            }
            let near = |other: &&String| strsim::osa_distance(&word, &other[1..]) <= most;
            prop_assert_eq!(found, words.iter().filter(near).cloned().collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_cannot_be_compared_by_letters_is_refused() {
        assert!(Slips::of("đắt", 1, 0).is_none());
        assert!(Slips::of(&"x".repeat(200), 1, 0).is_none());
        assert!(Slips::of("price", 3, 0).is_none());
        assert!(!Slips::of("price", 2, 0).unwrap().are_few(&"x".repeat(100_000)));
    }
}
