//! From the engine's scores to ours, and which cards are good enough.
//!
//! The engine's score of a card is a sum over the words of the query; how large it can get depends
//! on how many words were said and how rare they are. Ours is comparable between queries, so that
//! one floor ([`FLOOR`]) tells a match from "no objection here".

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::Column;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use crate::language::Family;

use super::query::Plan;
use super::schema::{CATEGORY, FAMILY, family_number};

/// No hit has a lower score.
///
/// A score is `10 × S / √(I × R)`: what the engine gave the card (`S`), against what a card would
/// get that says all of the query (`I`: how large a share was met) and what one rare word would get
/// (`R`: how much was met at all, so that a lone everyday word is no match); times a little where
/// a lexicon knows part of the query, and less for cards in an unlikely language.
///
/// Calibrated on the starter book (573 cards): of 503 paraphrases in four languages (also misspelt,
/// without marks and in the other script) 8 fall under this floor, of 46 lines of small talk 31. A
/// higher floor costs more than it gains: at 7 it is 14 and 38.
pub const FLOOR: f32 = 5.5;

/// How much a card in an unlikely language loses.
const FOREIGN: f32 = 0.35;
/// How much a card gains whose category the query speaks of.
const CATEGORY_LIFT: f32 = 0.08;
/// How much every card gains where a lexicon knows part of the query: 74 in 100 paraphrases have
/// such a part, 7 in 100 lines of small talk.
const SPOKEN: f32 = 1.3;

/// Turns the engine's score into ours.
#[derive(Debug, Clone)]
pub(super) struct Scale {
    ideal: f32,
    rare: f32,
    lift: f32,
    families: [f32; Family::ALL.len()],
    categories: Vec<String>,
}

impl Scale {
    pub fn of(plan: &Plan) -> Self {
        let mut families = [1.0; Family::ALL.len()];
        for family in Family::ALL {
            families[family_number(family)] = 1.0 - FOREIGN * (1.0 - plan.likely.of(family));
        }
        Scale {
            ideal: plan.ideal,
            rare: plan.rare,
            lift: if plan.groups > 0 { SPOKEN } else { 1.0 },
            families,
            categories: plan.categories.clone(),
        }
    }

    fn score(&self, raw: f32) -> f32 {
        10.0 * raw * self.lift / (self.ideal * self.rare).sqrt().max(f32::MIN_POSITIVE)
    }
}

/// What the engine must give a card for it to have a score, in a query without a lexicon's lift.
pub(super) fn raw(score: f32, ideal: f32, rare: f32) -> f32 {
    score * (ideal * rare).sqrt() / 10.0
}

/// Keeps every card at or over the floor, best first; equal scores in the order of the index.
pub(super) struct Ranking {
    pub scale: Scale,
}

pub(super) struct SegmentRanking {
    scale: Scale,
    segment: SegmentOrdinal,
    families: Option<Column<u64>>,
    categories: Option<Column<u64>>,
    /// Which of the segment's categories the query speaks of.
    lifted: Vec<u64>,
    ranked: Vec<(Score, DocAddress)>,
}

impl Collector for Ranking {
    type Fruit = Vec<(Score, DocAddress)>;
    type Child = SegmentRanking;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentRanking> {
        let fast = reader.fast_fields();
        let (mut lifted, mut categories) = (Vec::new(), None);
        if !self.scale.categories.is_empty()
            && let Some(column) = fast.str(CATEGORY)?
        {
            for category in &self.scale.categories {
                lifted.extend(column.dictionary().term_ord(category.as_bytes())?);
            }
            categories = Some(column.ords().clone());
        }
        Ok(SegmentRanking {
            scale: self.scale.clone(),
            segment,
            families: fast.u64(FAMILY).ok(),
            categories: categories.filter(|_| !lifted.is_empty()),
            lifted,
            ranked: Vec::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        true
    }

    fn merge_fruits(
        &self,
        fruits: Vec<Vec<(Score, DocAddress)>>,
    ) -> tantivy::Result<Vec<(Score, DocAddress)>> {
        let mut all: Vec<_> = fruits.into_iter().flatten().collect();
        all.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        Ok(all)
    }
}

impl SegmentCollector for SegmentRanking {
    type Fruit = Vec<(Score, DocAddress)>;

    fn collect(&mut self, doc: DocId, raw: Score) {
        let mut score = self.scale.score(raw);
        if let Some(family) = self.families.as_ref().and_then(|column| column.first(doc)) {
            score *= self.scale.families.get(family as usize).copied().unwrap_or(1.0);
        }
        if let Some(category) = self.categories.as_ref().and_then(|column| column.first(doc))
            && self.lifted.contains(&category)
        {
            score *= 1.0 + CATEGORY_LIFT;
        }
        if score >= FLOOR {
            self.ranked.push((score, DocAddress::new(self.segment, doc)));
        }
    }

    fn harvest(self) -> Self::Fruit {
        self.ranked
    }
}
