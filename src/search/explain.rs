//! Why a card ranks where it does: `find --explain`.

use serde::Serialize;

use super::SearchError;
use super::query::Plan;
use super::rank::{Cause, Place, Ranker, factor};
use super::table::Table;

/// One reason for a card's score.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Reason {
    /// What sort of reason: `words`, `situation`, `name`, `kind-and-category`.
    pub kind: &'static str,
    /// The words that both have, or the situation's name.
    pub what: String,
    /// Which words of the query tell of the situation, the strongest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub told_by: Vec<String>,
    /// Its part of the score; parts add up to the score.
    pub part: f32,
}

/// No more words are named that tell of a situation.
const TOLD: usize = 3;

/// The reasons for a card's score, the weightiest first.
pub(super) fn reasons(
    ranker: &Ranker<'_>,
    plan: &Plan,
    place: Place,
    score: f32,
    table: &Table,
) -> Result<Vec<Reason>, SearchError> {
    let mut reasons: Vec<Reason> = Vec::new();
    for voice in &plan.voices {
        let factor = factor(voice);
        ranker.each(voice, |cause, at, part| {
            if at != place {
                return;
            }
            let (kind, what, told_by) = match cause {
                Cause::Feature(sought) => ("words", sought.text.clone(), Vec::new()),
                Cause::Sense(sense) => {
                    let mut told: Vec<(f32, &str)> = Vec::new();
                    for sought in &voice.sought {
                        table.senses(&sought.keys[0].0, |group, weight| {
                            if group == sense.group {
                                told.push((weight, &sought.text));
                            }
                        });
                    }
                    told.sort_by(|a, b| b.0.total_cmp(&a.0));
                    let told = told.into_iter().take(TOLD).map(|(_, text)| text.to_owned()).collect();
                    let name = table.group(sense.group).map_or_else(String::new, |group| group.id.to_owned());
                    ("situation", name, told)
                }
            };
            reasons.push(Reason { kind, what, told_by, part: factor * part });
        })?;
    }
    let sum: f32 = reasons.iter().map(|reason| reason.part).sum();
    let weight = ranker.weight_of(&plan.voices, place)?;
    let mut other = |kind, what: &str, part: f32| {
        if part.abs() > 0.0005 {
            reasons.push(Reason { kind, what: what.to_owned(), told_by: Vec::new(), part });
        }
    };
    other(
        "kind-and-category",
        if weight < 1.0 { "not what a buyer says" } else { "category" },
        sum * (weight - 1.0),
    );
    other("name", "the id, the code or all of the words", score - sum * weight);
    reasons.sort_by(|a, b| b.part.total_cmp(&a.part).then_with(|| a.what.cmp(&b.what)));
    Ok(reasons)
}
