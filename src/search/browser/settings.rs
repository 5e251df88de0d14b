//! The constants of lookup, by the names that the script has for them: no number is written twice.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::language::Family;
use crate::search::stopwords::{self, GREETINGS, NEGATIONS, SMALL_TALK};
use crate::search::{analyzer, guess, han, lexicon, query, rank, schema, sense, spelling};

/// What is the same for all families.
#[derive(Debug, Serialize)]
pub(super) struct Settings {
    /// In the order in which the script names them.
    of: &'static [f32],
    /// Classes of characters: scripts without spaces, what folding takes away, apostrophes, what is read over,
    /// signs that a sum of money begins with. Then greetings, small talk and negations, each between two `~`, and what is
    /// written for another character, each behind a space: a Traditional one's Simplified one, letters.
    texts: [String; 9],
}

/// See [`crate::search::han::is_unspaced`].
const UNSPACED: &str = "\u{3005}\u{3007}\u{3400}-\u{4DBF}\u{4E00}-\u{9FFF}\u{F900}-\u{FAFF}\u{20000}-\u{3FFFF}\u{E00}-\u{EFF}\
    \u{1000}-\u{109F}\u{1100}-\u{11FF}\u{1780}-\u{17FF}\u{2E80}-\u{2FDF}\u{3021}-\u{3029}\u{3040}-\u{31BF}\u{31F0}-\u{31FF}\u{A960}-\u{A97F}\u{AC00}-\u{D7FF}";

/// See [`analyzer::fold_word`].
const MARKS: &str = "\u{300}-\u{36f}\u{591}-\u{5c7}\u{64b}-\u{65f}\u{670}\u{1ab0}-\u{1aff}\u{1dc0}-\u{1dff}\u{20d0}-\u{20ff}\u{fe20}-\u{fe2f}%$€£¥₫₹";

/// What the analyzer takes for an apostrophe, and what it reads over.
const QUOTES: &str = "\u{2018}\u{2019}\u{201b}\u{2bc}\u{2bb}\u{b4}`\u{2032}\u{ff07}";
const GONE: &str = "\u{ad}\u{200c}-\u{200f}\u{2060}\u{feff}";

/// Letters that no decomposition takes apart.
const LETTERS: &str = "đðıłøħŧςßæœþ";

macro_rules! constants {
    ($($name:ident: $value:expr),+ $(,)?) => {
        #[cfg(test)]
        const NAMES: &[&str] = &[$(stringify!($name)),+];
        const CONSTANTS: &[f32] = &[$($value as f32),+];
    };
}

constants! {
    floor: rank::FLOOR, beside: rank::BESIDE, most_near: rank::MOST_NEAR,
    k: rank::K, b: rank::B, usual_said: rank::USUAL_SAID, usual_body: rank::USUAL_BODY,
    assumed: rank::ASSUMED, said: rank::SAID, body: rank::BODY,
    strength: rank::STRENGTH, share: rank::SHARE, levels: sense::LEVELS,
    category_lift: rank::CATEGORY_LIFT, ours: rank::OURS_COUNT, foreign: rank::FOREIGN, chatter: rank::CHATTER,
    alone: rank::ALONE,
    scale: rank::SCALE, scale_characters: rank::SCALE_CHARACTERS,
    named: rank::NAMED, word_for_word: rank::WORD_FOR_WORD,
    most: query::MOST, likely: query::LIKELY, most_senses: query::MOST_SENSES, wider: query::WIDER,
    word: query::WORD, folded: query::FOLDED, exact: query::EXACT, character: query::CHARACTER,
    pair: query::PAIR, spelt: query::SPELT, begun: query::BEGUN,
    most_like: spelling::MOST_LIKE, most_begun: spelling::MOST_BEGUN,
    unseen: guess::UNSEEN, listed: guess::LISTED, latin: guess::LATIN, sayings: guess::SAYINGS,
    cards: guess::CARDS, common: guess::COMMON,
    least: sense::LEAST, alpha: lexicon::ALPHA, own: lexicon::OWN, usual: lexicon::USUAL,
    step: crate::search::table::STEP,
    worth_character: lexicon::CHARACTER, worth_pair: lexicon::PAIR, worth_exact: lexicon::EXACT,
    phrase: stopwords::LONGEST, longest_word: analyzer::LONGEST, longest_query: schema::LONGEST_WHOLE,
}

impl Settings {
    /// For texts in which these characters are known: a Traditional one is sent only where its Simplified
    /// form can be found.
    pub fn new(known: &BTreeSet<char>) -> Self {
        let table = han::TABLE.lines().filter_map(|line| line.chars().next());
        let mut pairs: Vec<char> = table.chain(han::BESIDES).collect();
        pairs.retain(|&c| known.contains(&han::simplified(c)));
        pairs.sort_unstable();
        let letters =
            LETTERS.chars().map(|c| format!(" {c}{}", analyzer::fold_word(c.encode_utf8(&mut [0; 4]))));
        let pairs = pairs.into_iter().map(|c| format!(" {c}{}", han::simplified(c)));
        let between = |texts: &[String]| format!("~{}~", texts.join("~"));
        let greetings = GREETINGS.map(|text| stopwords::folded_key(&analyzer::analyze(text)));
        let small_talk = SMALL_TALK.map(|text| stopwords::exact_key(&analyzer::analyze(text)));
        Settings {
            of: CONSTANTS,
            texts: [
                UNSPACED.to_owned(),
                MARKS.to_owned(),
                QUOTES.to_owned(),
                GONE.to_owned(),
                analyzer::CURRENCIES.iter().collect(),
                between(&greetings),
                between(&small_talk),
                between(&NEGATIONS.map(str::to_owned)),
                letters.chain(pairs).chain([" ".to_owned()]).collect(),
            ],
        }
    }
}

/// The stop words and phrases of a family, and the same without marks, each between two `~`.
#[derive(Debug, Serialize)]
pub(super) struct Stops {
    stops: String,
    bare: String,
}

impl Stops {
    pub fn of(family: Family) -> Self {
        let words = stopwords::stop_words(family);
        let all = |words: &BTreeSet<String>| words.iter().fold("~".to_owned(), |out, word| out + word + "~");
        Stops { stops: all(&words.exact), bare: all(&words.folded) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn the_script_names_the_constants_in_their_order() {
        let script = include_str!("../../../templates/site/search.js");
        let (before, _) = script.split_once("] = core.of").expect("the list");
        let (_, list) = before.rsplit_once('[').expect("its beginning");
        let theirs: Vec<String> = list.split(',').map(|name| name.trim().to_lowercase()).collect();
        assert_eq!(theirs, NAMES);
    }

    #[test]
    fn classes_of_characters_are_those_of_the_analyzer() {
        let within = |class: &str| {
            let chars: Vec<char> = class.chars().collect();
            let mut all = BTreeSet::new();
            let mut at = 0;
            while at < chars.len() {
                let end = if chars.get(at + 1) == Some(&'-') { at + 2 } else { at };
                all.extend(chars[at]..=chars[end]);
                at = end + 1;
            }
            all
        };
        let unspaced = within(UNSPACED);
        for c in '\0'..=char::MAX {
            assert_eq!(unspaced.contains(&c), han::is_unspaced(c), "{c:?}");
        }
        let marks = within(MARKS);
        for c in ('\0'..=char::MAX).filter(|&c| std::iter::once(c).nfkd().eq([c])) {
            let folded = analyzer::fold_word(c.encode_utf8(&mut [0; 4]));
            assert_eq!(marks.contains(&c), folded.is_empty(), "{c:?}");
            let other = !folded.is_empty() && !folded.chars().eq([c]);
            assert_eq!(LETTERS.contains(c), other, "{c:?}");
        }
    }
}
