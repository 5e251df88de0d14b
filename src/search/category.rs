//! Which category of objection a text tells of, by the lexicons: a guess for lists that come without.

use std::collections::BTreeMap;

use crate::language::Family;

use super::lexicon::Lexicons;
use super::stopwords::stops_of;
use super::table::sense_hash;
use super::{analyzer, features, sense};

/// A category of which the sayings give less than this share is not named. Of the starter's 216
/// objections, guessed by title and utterances, see the test in `tests/it/exchange.rs`.
const SURE: f32 = 0.5;

impl Lexicons {
    /// The category that texts tell of, all together, where one is likelier than all the others.
    pub fn category(&self, family: Family, texts: &[&str]) -> Option<String> {
        let mut shares: BTreeMap<&str, f32> = BTreeMap::new();
        let mut told = 0;
        for text in texts {
            let tokens = analyzer::analyze(text);
            let stops = stops_of(&self.table, family, &tokens);
            let found = features::features(family, &tokens, &stops);
            let sums = sense::sums(&self.table, found.iter().map(|feature| sense_hash(&feature.key)));
            told += usize::from(!sums.is_empty());
            for (group, share) in sense::shares(&sums) {
                let category = self.table.group(group).and_then(|group| group.category);
                *shares.entry(category.unwrap_or_default()).or_default() += share;
            }
        }
        let (category, share) = shares.into_iter().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let named = !category.is_empty() && category != sense::CHATTER;
        (named && share >= SURE * told as f32).then(|| category.to_string())
    }
}
