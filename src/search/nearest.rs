//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::card::Card;

use super::analyzer::{self, Token};
use super::features;
use super::query::Plan;
use super::schema::{LONGEST_WHOLE, clipped, is_whole, names};
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
        if let Some((text, _)) = texts.iter().find(|(_, tokens)| is_whole(tokens, key)) {
            return Some((*text).clone());
        }
    }
    if names(card).any(|name| name == plan.name) {
        return None;
    }
    let family = card.language.family();
    let voice = plan.voices.iter().find(|voice| voice.family == family)?;
    let weights: FxHashMap<&str, f32> = voice
        .sought
        .iter()
        .flat_map(|sought| sought.keys.iter().map(|(key, worth)| (key.as_str(), worth * sought.rarity.get())))
        .collect();
    // What a text is compared by.
    let cut = |tokens: &[Token], each: &mut dyn FnMut(&str)| {
        let stops = stops_of(table, family, tokens);
        features::each(family, tokens, &stops, |key, _, _| each(key));
    };
    let said = texts.iter().map(|(_, tokens)| {
        let mut found: Vec<(&str, f32)> = Vec::new();
        cut(tokens, &mut |key| found.extend(weights.get_key_value(key).map(|(key, weight)| (*key, *weight))));
        found.sort_unstable_by_key(|(key, _)| *key);
        found.dedup_by_key(|(key, _)| *key);
        // How much it has of what was said, less where much else is said.
        found.iter().map(|(_, weight)| weight).sum::<f32>() / (tokens.len() as f32 + 4.0).sqrt()
    });
    let said: Vec<f32> = said.collect();
    let most = said.iter().copied().fold(0.0, f32::max);
    let mut best: Vec<_> = texts.iter().zip(said).filter(|(_, said)| *said == most).collect();
    if most > 0.0 && best.len() == 1 {
        return best.pop().map(|((text, _), _)| (*text).clone());
    }
    // How much of what was meant.
    let meant = |tokens: &[Token]| -> f32 {
        let mut keys = BTreeSet::new();
        cut(tokens, &mut |key| _ = keys.insert(key.to_owned()));
        let sums = sense::of_each(table, keys.iter().map(|key| sense_hash(key)));
        voice.senses.iter().filter_map(|sense| Some(sense.share * sums.get(sense.group)?)).sum()
    };
    let mut nearest: Option<(f32, &String)> = None;
    for ((text, tokens), _) in best {
        let meant = meant(tokens);
        if nearest.map_or(most > 0.0 || meant > 0.0, |(so_far, _)| meant > so_far) {
            nearest = Some((meant, text));
        }
    }
    nearest.map(|(_, text)| text.clone())
}
