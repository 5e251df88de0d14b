//! The constants of lookup, by the names that the script has for them: no number is written twice.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::language::Family;
use crate::search::stopwords::{self, GREETINGS, NEGATIONS};
use crate::search::{analyzer, guess, han, lexicon, query, rank, schema, sense, spelling};

/// What is the same for all families.
#[derive(Debug, Serialize)]
pub(super) struct Settings {
    #[serde(rename = "of")]
    constants: Constants,
    /// One line feed apart.
    greetings: String,
    negations: String,
    /// The signs that a sum of money begins with.
    currencies: String,
    /// A Traditional and a Simplified character after the other.
    han: String,
}

macro_rules! constants {
    ($($name:ident: $value:expr),+ $(,)?) => {
        /// Constants by name.
        #[derive(Debug, Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Constants { $($name: f32),+ }
        const CONSTANTS: Constants = Constants { $($name: $value as f32),+ };
    };
}

constants! {
    floor: rank::FLOOR, beside: rank::BESIDE, most_near: rank::MOST_NEAR,
    k: rank::K, b: rank::B, usual_said: rank::USUAL_SAID, usual_body: rank::USUAL_BODY,
    assumed: rank::ASSUMED, said: rank::SAID, body: rank::BODY,
    strength: rank::STRENGTH, share: rank::SHARE, levels: sense::LEVELS,
    category_lift: rank::CATEGORY_LIFT, ours: rank::OURS_COUNT, foreign: rank::FOREIGN, chatter: rank::CHATTER,
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
        Settings {
            constants: CONSTANTS,
            greetings: GREETINGS.map(|text| stopwords::folded_key(&analyzer::analyze(text))).join("\n"),
            currencies: analyzer::CURRENCIES.iter().collect(),
            negations: NEGATIONS.join("\n"),
            han: pairs.into_iter().flat_map(|c| [c, han::simplified(c)]).collect(),
        }
    }
}

/// The stop words and phrases of a family, one line feed apart.
pub(super) fn stops(family: Family) -> String {
    let stops = stopwords::stop_words(family);
    stops.exact.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
}
