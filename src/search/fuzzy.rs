//! Words spelt like one that no card has.
//!
//! Fuzzy search on every word hurts; on unknown words only, over the unstemmed dictionary, it gains
//! nine points on typos and loses nothing elsewhere (`dependencies.md`). The first letter need not
//! be kept.

use std::collections::BTreeMap;

use tantivy::query::FuzzyTermQuery;
use tantivy::{Searcher, Term};

use super::SearchError;
use super::schema::Fields;

/// No more words than so many stand in for an unknown one.
const MOST: usize = 3;

/// The words of utterances, titles and bodies that are nearest to an unknown one: one slip away
/// for words of four to seven letters, two for longer ones; none for shorter ones and numbers.
pub(super) fn candidates(
    searcher: &Searcher,
    fields: &Fields,
    word: &str,
) -> Result<Vec<String>, SearchError> {
    let letters = word.chars().count();
    if letters < 4 || !word.chars().all(char::is_alphabetic) {
        return Ok(Vec::new());
    }
    let slips = if letters < 8 { 1 } else { 2 };
    // How often each is said; what stands in a body alone comes after what buyers say.
    let mut found: BTreeMap<String, u64> = BTreeMap::new();
    for area in &fields.areas {
        let term = Term::from_field_text(area.folded, word);
        let automaton = FuzzyTermQuery::new(term, slips, true).automaton()?;
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(area.folded)?;
            let mut stream = inverted.terms().search(&automaton).into_stream().map_err(engine)?;
            while stream.advance() {
                if let Ok(candidate) = std::str::from_utf8(stream.key()) {
                    let cards = u64::from(stream.value().doc_freq);
                    *found.entry(candidate.to_owned()).or_default() +=
                        cards * area.boost as u64 * area.boost as u64;
                }
            }
        }
    }
    let mut ranked: Vec<(usize, u64, String)> = found
        .into_iter()
        .map(|(candidate, cards)| (strsim::osa_distance(word, &candidate), cards, candidate))
        .collect();
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    ranked.truncate(MOST);
    Ok(ranked.into_iter().map(|(_, _, candidate)| candidate).collect())
}

fn engine(error: std::io::Error) -> SearchError {
    SearchError::Engine(Box::new(error))
}
