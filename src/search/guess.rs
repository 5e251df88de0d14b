//! Which language a query is in: from its script, its marks, and the words that cards and sayings have.
//!
//! A rep types "dat qua" or "email je lah" without saying in what language. The guess decides
//! how the query is read and lets cards in that language win over translations of
//! the same card; it never keeps a card out.

use crate::language::{Family, Language};

use super::SearchError;
use super::analyzer::Token;
use super::features::word_key;
use super::han::is_han;
use super::rank::{Counts, alive};
use super::schema::family_number;
use super::spelling::Words;
use super::stopwords::is_stop;

/// How likely each family is, the likeliest being 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likely([f32; Family::ALL.len()]);

/// The chance of a word that nothing is known of.
pub(super) const UNSEEN: f32 = 0.001;
/// What standing in a list of stop words adds to the chance of a word.
pub(super) const LISTED: f32 = 0.05;
/// How unlikely Chinese is where there is not one character of it, as a logarithm.
pub(super) const LATIN: f32 = 4.0;
/// Sayings of a language, roughly: what a word's count in them is divided by.
pub(super) const SAYINGS: f32 = 10_000.0;
/// What standing in a card counts beside standing in a saying.
pub(super) const CARDS: f32 = 0.3;
/// A card in five: more than this says nothing more about a language.
pub(super) const COMMON: f32 = 0.2;

impl Likely {
    /// How likely a family is, from 0 to 1.
    pub fn of(&self, family: Family) -> f32 {
        self.0[family_number(family)]
    }

    /// The families that are at least so likely, the likeliest first.
    pub fn at_least(&self, share: f32) -> Vec<Family> {
        let mut families: Vec<Family> =
            Family::ALL.into_iter().filter(|&family| self.of(family) >= share).collect();
        families.sort_by(|&a, &b| self.of(b).total_cmp(&self.of(a)));
        families
    }

    /// Guesses among the languages that have cards, or among the given ones.
    pub fn guess(
        words: &Words<'_>,
        counts: &Counts,
        tokens: &[Token],
        among: &[Language],
    ) -> Result<Self, SearchError> {
        let mut logs = [0.0_f32; Family::ALL.len()];
        // Those that cards are in, of those that are wanted; words of the others tell too.
        let open = Family::ALL.map(|family| {
            let asked = among.is_empty() || among.iter().any(|language| language.family() == family);
            asked && counts.of(family) > 0
        });
        let unmarked = !tokens.iter().any(Token::is_marked);
        for token in tokens {
            if token.single {
                let han = token.folded.chars().all(is_han);
                logs[family_number(if han { Family::Chinese } else { Family::Other })] += 2.0;
                continue;
            }
            if is_vietnamese(&token.exact) {
                logs[family_number(Family::Vietnamese)] += 5.0;
            } else if token.is_marked() {
                logs[family_number(Family::Vietnamese)] += 1.0;
                logs[family_number(Family::Other)] += 1.0;
            }
            let mut shares = [0.0; Family::ALL.len()];
            for (number, family) in Family::ALL.into_iter().enumerate() {
                shares[number] = share(words, counts, family, &token.folded)?;
            }
            if shares.iter().all(|&share| share == 0.0) {
                // A slip: which language has a word spelt like it?
                for (number, family) in
                    Family::ALL.into_iter().enumerate().filter(|(number, _)| open[*number])
                {
                    if let Some(like) = words.like(family, &token.folded)?.first() {
                        shares[number] = share(words, counts, family, like)?;
                    }
                }
            }
            for (number, family) in Family::ALL.into_iter().enumerate() {
                let share = shares[number];
                let listed = is_stop(words.table, family, &token.exact, unmarked);
                let chance = UNSEEN + share.min(COMMON) + if listed { LISTED } else { 0.0 };
                logs[number] += chance.ln();
            }
        }
        if !tokens.iter().any(|token| token.single) {
            // Chinese cards are full of "email" and "demo", but nobody types Chinese in Latin.
            logs[family_number(Family::Chinese)] -= LATIN;
        }
        for (log, _) in logs.iter_mut().zip(open).filter(|(_, open)| !open) {
            *log = f32::NEG_INFINITY;
        }
        let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        if most == f32::NEG_INFINITY {
            return Ok(Likely([0.0; Family::ALL.len()]));
        }
        Ok(Likely(logs.map(|log| (log - most).exp())))
    }
}

/// In what share of a family's cards and sayings a word is, roughly.
fn share(words: &Words<'_>, counts: &Counts, family: Family, folded: &str) -> Result<f32, SearchError> {
    if family == Family::Other && counts.of(family) == 0 {
        // There is nothing to be found in it.
        return Ok(0.0);
    }
    let key = word_key(family, folded);
    let cards = match counts.of(family) {
        0 => 0.0,
        all => alive(words.segments, words.fields.word, &key)? as f32 / all as f32,
    };
    Ok(words.table.said(&key) as f32 / SAYINGS + CARDS * cards)
}

/// Letters and marks that only Vietnamese uses: đ, ă, ơ, ư, dots below, hooks above, and a tone on
/// top of a circumflex.
fn is_vietnamese(word: &str) -> bool {
    use unicode_normalization::UnicodeNormalization;
    let mut circumflex = false;
    word.nfd().any(|c| match c {
        'đ' | '\u{0306}' | '\u{031B}' | '\u{0323}' | '\u{0309}' => true,
        '\u{0302}' => {
            circumflex = true;
            false
        }
        '\u{0300}' | '\u{0301}' | '\u{0303}' => circumflex,
        c if c.is_alphabetic() => {
            circumflex = false;
            false
        }
        _ => false,
    })
}
