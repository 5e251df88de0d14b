//! Lists that features lead to, as columns of numbers: which groups of the lexicons, or which cards.

use super::digits::Digits;

/// That a feature leads to a number, with a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Entry {
    /// The word, or the first of a pair.
    pub first: u32,
    /// The second of a pair, plus one; nought for a word.
    pub second: u32,
    pub number: u32,
    pub value: u32,
}

/// How many columns there are.
const COLUMNS: usize = 9;

/// Sorted entries as columns: the words that begin a feature; how long the list of each is, and how many
/// words follow it in pairs; the second words; how long the lists of pairs are, less one; numbers and
/// values of words' lists; those of pairs'.
pub(super) fn columns(entries: &[Entry]) -> [String; COLUMNS] {
    debug_assert!(entries.is_sorted());
    let mut columns: [Digits; COLUMNS] = Default::default();
    let mut next_first = 0;
    for of_first in entries.chunk_by(|a, b| a.first == b.first) {
        let first = of_first[0].first;
        columns[0].put(first - next_first);
        next_first = first + 1;
        let words = of_first.partition_point(|entry| entry.second == 0);
        let (word, pairs) = of_first.split_at(words);
        columns[1].put(words as u32);
        columns[5].put_rising(word.iter().map(|entry| entry.number));
        word.iter().for_each(|entry| columns[6].put(entry.value));
        let mut followers = 0;
        let mut next_second = 1;
        for pair in pairs.chunk_by(|a, b| a.second == b.second) {
            followers += 1;
            columns[3].put(pair[0].second - next_second);
            next_second = pair[0].second + 1;
            columns[4].put(pair.len() as u32 - 1);
            columns[7].put_rising(pair.iter().map(|entry| entry.number));
            pair.iter().for_each(|entry| columns[8].put(entry.value));
        }
        columns[2].put(followers);
    }
    columns.map(Digits::into_text)
}

#[cfg(test)]
mod tests {
    use super::super::digits::read;
    use super::*;

    #[test]
    fn entries_become_columns() {
        let entry = |first, second, number, value| Entry { first, second, number, value };
        let told = columns(&[
            entry(2, 0, 5, 1),
            entry(2, 0, 9, 0),
            entry(2, 1, 3, 7),
            entry(2, 8, 3, 0),
            entry(2, 8, 4, 0),
            entry(6, 7, 0, 2),
        ]);
        let told = told.map(|column| read(&column));
        let expected: [&[u32]; COLUMNS] = [
            &[2, 3],
            &[2, 0],
            &[2, 1],
            &[0, 6, 6],
            &[0, 1, 0],
            &[5, 3],
            &[1, 0],
            &[3, 3, 0, 0],
            &[7, 0, 0, 2],
        ];
        assert_eq!(told.each_ref().map(Vec::as_slice), expected);
    }
}
