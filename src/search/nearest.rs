//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use crate::card::Card;

use super::analyzer::{self, Token};
use super::query::Needle;
use super::schema::pair;

/// The utterance that has most of the query, else the title; nothing if neither has any of it.
pub(super) fn nearest(card: &Card, needles: &[Needle]) -> Option<String> {
    let family = card.language.family();
    let mut best: Option<(f32, &String)> = None;
    for utterance in &card.utterances {
        let score = overlap(utterance, family, needles);
        if score > best.map_or(0.0, |(score, _)| score) {
            best = Some((score, utterance));
        }
    }
    if let Some((_, utterance)) = best {
        return Some(utterance.clone());
    }
    (overlap(&card.title, family, needles) > 0.0).then(|| card.title.clone())
}

/// The weight of the needles found, less where much else is said.
fn overlap(text: &str, family: crate::language::Family, needles: &[Needle]) -> f32 {
    let tokens = analyzer::analyze(text);
    if tokens.is_empty() {
        return 0.0;
    }
    let stem =
        |token: &Token| analyzer::stem(family, &token.folded).map(std::borrow::Cow::into_owned);
    let stems: Vec<Option<String>> = tokens.iter().map(stem).collect();
    let mut weight = 0.0;
    for needle in needles {
        let own_stem = stem(&needle.token);
        let likeness = tokens.iter().enumerate().map(|(at, token)| {
            if needle.token.single {
                let one = if token.folded == needle.token.folded {
                    0.4
                } else {
                    0.0
                };
                let two = needle.pair.is_some() && pair(&tokens, at) == needle.pair;
                if two { 1.0 } else { one }
            } else if token.exact == needle.token.exact {
                1.0
            } else if token.folded == needle.token.folded {
                0.7
            } else if own_stem.is_some() && stems[at] == own_stem {
                0.6
            } else {
                0.0
            }
        });
        weight += needle.weight * likeness.fold(0.0, f32::max);
    }
    weight / (tokens.len() as f32 + 4.0).sqrt()
}
