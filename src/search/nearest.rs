//! Which of a card's utterances is nearest to what was heard: shown beside the hit.

use crate::card::Card;
use crate::language::Family;

use super::analyzer::{self, Token};
use super::query::{Needle, Plan};
use super::schema::{LONGEST_WHOLE, clipped, pair, whole};

/// The title or the utterance that is the query word for word, else the one that has most of it, the
/// title of two alike; nothing if neither has any of it. What a lexicon puts beside the query counts where nothing has the words said.
pub(super) fn nearest(card: &Card, plan: &Plan) -> Option<String> {
    let family = card.language.family();
    let texts = || std::iter::once(&card.title).chain(&card.utterances);
    // The key with marks comes last.
    for key in plan.whole.iter().rev() {
        let is_whole = |text: &&String| whole(&analyzer::analyze(clipped(text, LONGEST_WHOLE))).contains(key);
        if let Some(text) = texts().find(is_whole) {
            return Some(text.clone());
        }
    }
    let mut best: Option<(Overlap, &String)> = None;
    for text in texts() {
        let overlap = overlap(text, family, &plan.needles);
        if overlap > best.map_or(Overlap::default(), |(overlap, _)| overlap) {
            best = Some((overlap, text));
        }
    }
    best.map(|(_, text)| text.clone())
}

/// How much a text has of what was said, then of what means the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, PartialOrd)]
struct Overlap {
    said: f32,
    meant: f32,
}

/// The weight of the needles found, less where much else is said.
fn overlap(text: &str, family: Family, needles: &[Needle]) -> Overlap {
    let tokens = analyzer::analyze(text);
    if tokens.is_empty() {
        return Overlap::default();
    }
    let stem = |token: &Token| analyzer::stem(family, &token.folded).map(std::borrow::Cow::into_owned);
    let stems: Vec<Option<String>> = tokens.iter().map(stem).collect();
    let (mut said, mut meant) = (0.0_f32, 0.0_f32);
    for needle in needles {
        let own_stem = stem(&needle.token);
        let likeness = tokens.iter().enumerate().map(|(at, token)| {
            if needle.token.single {
                let one = if token.folded == needle.token.folded { 0.4 } else { 0.0 };
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
        let found = needle.weight * likeness.fold(0.0, f32::max);
        if needle.said {
            said += found;
        } else {
            // Of all that means the same, the best counts, once.
            meant = meant.max(found);
        }
    }
    let length = (tokens.len() as f32 + 4.0).sqrt();
    Overlap { said: said / length, meant: meant / length }
}
