//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use std::collections::BTreeMap;

use crate::card::Card;

use super::analyzer;
use super::features;
use super::query::{Plan, Voice};
use super::schema::{LONGEST_WHOLE, clipped, whole};
use super::sense;
use super::stopwords::stops_of;
use super::table::{Table, sense_hash};

/// The title or the utterance that is the query word for word, else the one that has most of it, the
/// title of two alike; else the one that speaks most of the same situations. Nothing if none does.
pub(super) fn nearest(card: &Card, plan: &Plan, table: &Table) -> Option<String> {
    let family = card.language.family();
    let texts = || std::iter::once(&card.title).chain(&card.utterances);
    // The key with marks comes last.
    for key in plan.whole.iter().rev() {
        let is_whole = |text: &&String| whole(&analyzer::analyze(clipped(text, LONGEST_WHOLE))).contains(key);
        if let Some(text) = texts().find(is_whole) {
            return Some(text.clone());
        }
    }
    let voice = plan.voices.iter().find(|voice| voice.family == family)?;
    let weights: BTreeMap<&str, f32> = voice
        .sought
        .iter()
        .flat_map(|sought| sought.keys.iter().map(|(key, worth)| (key.as_str(), worth * sought.rarity.get())))
        .collect();
    let mut best: Option<((f32, f32), &String)> = None;
    for text in texts() {
        let likeness = likeness(text, voice, &weights, table);
        if likeness > best.map_or((0.0, 0.0), |(likeness, _)| likeness) {
            best = Some((likeness, text));
        }
    }
    best.map(|(_, text)| text.clone())
}

/// How much a text has of what was said, less where much else is said; then of what was meant.
fn likeness(text: &str, voice: &Voice, weights: &BTreeMap<&str, f32>, table: &Table) -> (f32, f32) {
    let tokens = analyzer::analyze(clipped(text, LONGEST_WHOLE));
    let stops = stops_of(table, voice.family, &tokens);
    let mut keys: Vec<String> =
        features::features(voice.family, &tokens, &stops).into_iter().map(|feature| feature.key).collect();
    keys.sort();
    keys.dedup();
    let said: f32 = keys.iter().filter_map(|key| weights.get(key.as_str())).sum();
    let sums = sense::sums(table, keys.iter().map(|key| sense_hash(key)));
    let meant: f32 =
        voice.senses.iter().filter_map(|sense| Some(sense.share * sums.get(&sense.group)?)).sum();
    (said / (tokens.len() as f32 + 4.0).sqrt(), meant)
}
