//! What had no answer.

use std::collections::{BTreeSet, HashMap};

use serde::Serialize;

use crate::calls::{Record, folded};

/// So much of what was heard tells one thing from another, in characters.
const LONGEST: usize = 300;

/// Something that was heard and had no answer; the same but for case, spaces and the marks around it counts
/// as one.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnansweredLine {
    /// The words, as they were heard last; empty where nobody wrote them down.
    pub heard: String,
    /// How often.
    pub times: usize,
    /// The newest call in which it was heard.
    pub call: String,
    /// The cards that were open and did not fit.
    pub cards: BTreeSet<String>,
}

/// What had no answer, being counted.
#[derive(Default)]
pub(super) struct Counting(HashMap<String, UnansweredLine>);

impl Counting {
    /// Counts what had no answer in a call. Calls come newest first.
    pub fn add(&mut self, record: &Record) {
        for missing in &record.no_answer {
            let words: String = missing.heard.chars().take(LONGEST).collect();
            let key = folded(&words).trim_matches(|c: char| !c.is_alphanumeric()).to_string();
            let line = self.0.entry(key).or_insert_with(|| UnansweredLine {
                heard: words.split_whitespace().collect::<Vec<_>>().join(" "),
                times: 0,
                call: record.id.clone(),
                cards: BTreeSet::new(),
            });
            line.times += 1;
            if let Some(card) = missing.card.as_ref().filter(|card| !line.cards.contains(*card)) {
                line.cards.insert(card.clone());
            }
        }
    }

    pub fn finish(self) -> Vec<UnansweredLine> {
        let mut lines: Vec<UnansweredLine> = self.0.into_values().collect();
        // What has no words comes last: there is nothing to make a card of.
        lines.sort_by(|a, b| {
            (a.heard.is_empty(), b.times, &a.heard).cmp(&(b.heard.is_empty(), a.times, &b.heard))
        });
        lines
    }
}
