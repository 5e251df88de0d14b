//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use rustc_hash::FxHashMap;

use crate::card::Card;

use super::query::Plan;
use super::schema::names;
use super::told::{Text, key};

/// The title or the utterance that is the query word for word, else the one that has most of it, the
/// title of two alike; of several that have as much, the one that speaks most of the same situations. Nothing
/// if none does, or if the card was asked for by its id or code: then nothing was heard. `told` is of the
/// title and then of each utterance.
pub(super) fn nearest(card: &Card, told: &[Text], plan: &Plan) -> Option<String> {
    let texts = || std::iter::once(&card.title).chain(&card.utterances).zip(told);
    // The key with marks comes last.
    for whole in plan.whole.iter().rev() {
        let whole = key(whole);
        if let Some((text, _)) = texts().find(|(_, told)| told.whole.contains(&whole)) {
            return Some(text.clone());
        }
    }
    if names(card).any(|name| name == plan.name) {
        return None;
    }
    let family = card.language.family();
    let voice = plan.voices.iter().find(|voice| voice.family == family)?;
    let keys =
        voice.sought.iter().flat_map(|sought| sought.keys.iter().map(|one| (one, sought.rarity.get())));
    let weights: FxHashMap<u32, f32> =
        keys.map(|((text, worth), rarity)| (key(text), worth * rarity)).collect();
    let meant: FxHashMap<usize, f32> = voice.senses.iter().map(|sense| (sense.group, sense.share)).collect();
    let mut nearest: Option<((f32, f32), &String)> = None;
    for (text, told) in texts() {
        let said: f32 = told.features.iter().filter_map(|feature| weights.get(feature)).sum();
        let meant: f32 =
            told.groups.iter().filter_map(|(group, share)| Some(share * meant.get(group)?)).sum();
        // How much it has of what was said, less where much else is said; then of what was meant.
        let has = (said / (told.words as f32 + 4.0).sqrt(), meant);
        if nearest.map_or(has > (0.0, 0.0), |(so_far, _)| has > so_far) {
            nearest = Some((has, text));
        }
    }
    nearest.map(|(_, text)| text.clone())
}
