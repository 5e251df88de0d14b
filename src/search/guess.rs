//! Which language a query is in: from its script, its marks, and the words that the book knows.
//!
//! A rep types "dat qua" or "email je lah" without saying in what language. The guess decides
//! which stop words and lexicons apply and lets cards in that language win over translations of
//! the same card; it never keeps a card out.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, Searcher, TERMINATED, Term};

use crate::language::{Family, Language};

use super::SearchError;
use super::analyzer::Token;
use super::han::is_han;
use super::schema::{FAMILY, Fields, family_number};
use super::stopwords::stop_words;

/// How likely each family is, the likeliest being 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Likely([f32; Family::ALL.len()]);

/// The chance of a word that nothing is known of.
const UNSEEN: f32 = 0.01;
/// What standing in a list of stop words adds to the chance of a word.
const LISTED: f32 = 0.12;
/// How unlikely Chinese is where there is not one character of it, as a logarithm.
const LATIN: f32 = 4.0;
/// A card in five: more than this says nothing more about a language.
const COMMON: f32 = 0.2;

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

    /// Guesses among all languages, or among the given ones.
    pub fn guess(
        searcher: &Searcher,
        fields: &Fields,
        tokens: &[Token],
        among: &[Language],
    ) -> Result<Self, SearchError> {
        let mut logs = [0.0_f32; Family::ALL.len()];
        let cards = cards_by_family(searcher, fields)?;
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
            let seen = cards_with(searcher, fields, &token.folded)?;
            for (number, family) in Family::ALL.into_iter().enumerate() {
                let share = seen[number] as f32 / cards[number].max(1) as f32;
                let listed = stop_words(family).has(&token.exact, unmarked);
                let chance = UNSEEN + share.min(COMMON) + if listed { LISTED } else { 0.0 };
                logs[number] += chance.ln();
            }
        }
        if !tokens.iter().any(|token| token.single) {
            // Chinese cards are full of "email" and "demo", but nobody types Chinese in Latin.
            logs[family_number(Family::Chinese)] -= LATIN;
        }
        if !among.is_empty() {
            for (number, family) in Family::ALL.into_iter().enumerate() {
                if !among.iter().any(|language| language.family() == family) {
                    logs[number] = f32::NEG_INFINITY;
                }
            }
        }
        let most = logs.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        Ok(Likely(logs.map(|log| (log - most).exp())))
    }
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

fn cards_by_family(searcher: &Searcher, fields: &Fields) -> Result<[u64; 5], SearchError> {
    let mut cards = [0; 5];
    for (number, count) in cards.iter_mut().enumerate() {
        *count = searcher.doc_freq(&Term::from_field_u64(fields.family, number as u64))?;
    }
    Ok(cards)
}

/// In how many cards of each family the buyer says a word.
fn cards_with(searcher: &Searcher, fields: &Fields, word: &str) -> Result<[u64; 5], SearchError> {
    let mut seen = [0; 5];
    let field = fields.areas[0].folded;
    for reader in searcher.segment_readers() {
        let inverted = reader.inverted_index(field)?;
        let term = Term::from_field_text(field, word);
        let Some(mut postings) = inverted.read_postings(&term, IndexRecordOption::Basic).map_err(engine)?
        else {
            continue;
        };
        let families = reader.fast_fields().u64(FAMILY)?;
        while postings.doc() != TERMINATED {
            let number = families.first(postings.doc()).unwrap_or(4) as usize;
            seen[number.min(4)] += 1;
            postings.advance();
        }
    }
    Ok(seen)
}

fn engine(error: std::io::Error) -> SearchError {
    SearchError::Engine(Box::new(error))
}
