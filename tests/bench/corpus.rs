//! Books of any size, of words that people say: what the speed of things is measured on.
//!
//! Runs of two to four neighbouring words are taken from the starter book's own cards, so that words are as
//! frequent as in speech and neighbours are neighbours; names that no other card has come among them. The same
//! size gives the same bytes.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use callbook::card::Card;
use callbook::language::Family;

/// How many cards stand in a file.
pub const PER_FILE: usize = 100;

const CATEGORIES: [&str; 6] = ["price", "timing", "authority", "trust", "fit", "risk"];
const LANGUAGES: [(&str, Family); 4] = [
    ("en", Family::English),
    ("vi", Family::Vietnamese),
    ("zh-Hant", Family::Chinese),
    ("ms", Family::Malay),
];

/// A quick row of numbers, the same each time (xorshift, Marsaglia 2003).
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end as u64) as usize
    }
}

/// The words of a language in the order in which its cards say them; Chinese in pairs of characters.
fn running_words(cards: &[Card], family: Family) -> Vec<String> {
    let mut words = Vec::new();
    for card in cards.iter().filter(|card| card.language.family() == family) {
        let said = card.responses.iter().map(|response| &response.say);
        for text in card.utterances.iter().chain(said) {
            let plain = |c: char| c.is_alphanumeric() || c == '\'';
            for word in text.split(|c| !plain(c)).filter(|word| !word.is_empty()) {
                match family {
                    Family::Chinese => {
                        let letters: Vec<char> = word.chars().collect();
                        words.extend(letters.chunks(2).map(|pair| pair.iter().collect::<String>()));
                    }
                    _ => words.push(word.to_owned()),
                }
            }
        }
    }
    words
}

/// A saying of about so many words.
fn saying(dice: &mut Dice, words: &[String], length: usize, family: Family) -> String {
    let mut parts: Vec<String> = Vec::new();
    while parts.len() < length {
        let start = dice.below(words.len() - 4);
        let run = 2 + dice.below(3);
        parts.extend_from_slice(&words[start..start + run]);
        if dice.below(12) == 0 {
            parts.push(format!("x{:x}", dice.below(40_000)));
        }
    }
    parts.truncate(length);
    parts.join(if family == Family::Chinese { "" } else { " " })
}

/// Writes a book of so many cards into a folder: files of [`PER_FILE`] cards, four languages by turns.
pub fn write_book(folder: &Path, count: usize, cards: &[Card]) {
    fs::create_dir_all(folder).expect("a folder");
    fs::write(folder.join("book.yaml"), "title: Measured\nlanguage: en\n").expect("book.yaml");
    let pools = LANGUAGES.map(|(_, family)| running_words(cards, family));
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    for file in 0..count.div_ceil(PER_FILE) {
        let (tag, family) = LANGUAGES[file % LANGUAGES.len()];
        let pool = &pools[file % LANGUAGES.len()];
        let mut text = format!("playbook: p{file}\ntitle: P{file}\nlanguage: {tag}\nobjections:\n");
        for card in 0..PER_FILE.min(count - file * PER_FILE) {
            let mut say = |length| saying(&mut dice, pool, length, family);
            let title = say(4);
            let _ = write!(text, "  - id: o{file}-{card}\n    title: \"{title}\"\n");
            let _ = writeln!(text, "    category: {}\n    utterances:", CATEGORIES[card % CATEGORIES.len()]);
            for _ in 0..6 {
                let _ = writeln!(text, "      - \"{}\"", say(7));
            }
            text.push_str("    responses:\n");
            for response in ["first", "second"] {
                let (bridge, words, ask) = (say(5), say(25), say(8));
                let _ = writeln!(
                    text,
                    "      - id: {response}\n        bridge: \"{bridge}\"\n        say: \"{words}\"\n        ask: \"{ask}\""
                );
            }
        }
        fs::write(folder.join(format!("p{file}.yaml")), text).expect("a playbook");
    }
}
