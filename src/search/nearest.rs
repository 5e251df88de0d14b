//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use std::collections::HashMap;

use crate::card::Card;

use super::analyzer::{self, Token};
use super::features;
use super::query::Plan;
use super::schema::{LONGEST_WHOLE, clipped, names, whole};
use super::sense;
use super::stopwords::stops_of;
use super::table::{Table, sense_hash};

/// The title or the utterance that is the query word for word, else the one that has most of it, the
/// title of two alike; of several that have as much, the one that speaks most of the same situations. Nothing
/// if none does, or if the card was asked for by its id or code: then nothing was heard.
pub(super) fn nearest(card: &Card, plan: &Plan, table: &Table) -> Option<String> {
    let texts: Vec<(&String, Vec<Token>)> = std::iter::once(&card.title)
        .chain(&card.utterances)
        .map(|text| (text, analyzer::analyze(clipped(text, LONGEST_WHOLE))))
        .collect();
    // The key with marks comes last.
    for key in plan.whole.iter().rev() {
        if let Some((text, _)) = texts.iter().find(|(_, tokens)| whole(tokens).contains(key)) {
            return Some((*text).clone());
        }
    }
    if names(card).any(|name| name == plan.name) {
        return None;
    }
    let family = card.language.family();
    let voice = plan.voices.iter().find(|voice| voice.family == family)?;
    let weights: HashMap<&str, f32> = voice
        .sought
        .iter()
        .flat_map(|sought| sought.keys.iter().map(|(key, worth)| (key.as_str(), worth * sought.rarity.get())))
        .collect();
    let cut: Vec<(&String, Vec<String>, f32)> = texts
        .into_iter()
        .map(|(text, tokens)| {
            let stops = stops_of(table, family, &tokens);
            let features = features::features(family, &tokens, &stops);
            let mut keys: Vec<String> = features.into_iter().map(|feature| feature.key).collect();
            keys.sort_unstable();
            keys.dedup();
            // How much it has of what was said, less where much else is said.
            let said: f32 = keys.iter().filter_map(|key| weights.get(key.as_str())).sum();
            (text, keys, said / (tokens.len() as f32 + 4.0).sqrt())
        })
        .collect();
    let most = cut.iter().map(|(_, _, said)| *said).fold(0.0, f32::max);
    let mut best: Vec<_> = cut.iter().filter(|(_, _, said)| *said == most).collect();
    if most > 0.0 && best.len() == 1 {
        return best.pop().map(|(text, ..)| (*text).clone());
    }
    // How much of what was meant.
    let meant = |keys: &[String]| -> f32 {
        let sums = sense::sums(table, keys.iter().map(|key| sense_hash(key)));
        voice.senses.iter().filter_map(|sense| Some(sense.share * sums.get(&sense.group)?)).sum()
    };
    let mut nearest: Option<(f32, &String)> = None;
    for (text, keys, _) in best {
        let meant = meant(keys);
        if nearest.map_or(most > 0.0 || meant > 0.0, |(so_far, _)| meant > so_far) {
            nearest = Some((meant, text));
        }
    }
    nearest.map(|(_, text)| text.clone())
}
