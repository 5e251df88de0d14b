//! What each rep's calls came to.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::funnel::is_won;
use crate::calls::{Record, folded};
use crate::rate::{Rate, rounded};

/// What the calls of a rep came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RepLine {
    /// The name, as it was written last; none for the calls of nobody.
    pub rep: Option<String>,
    /// Their place by the lower end of the interval of what they won, among those with enough calls;
    /// none where they have not enough, or nobody else has.
    pub rank: Option<usize>,
    /// How many calls.
    pub calls: usize,
    /// On how many days.
    pub days: usize,
    /// Calls on a day with calls.
    pub per_day: f64,
    /// How long they talked, in seconds.
    pub seconds: i64,
    /// The calls that were won.
    pub won: Rate,
    /// Of the responses whose end was noted, those that landed.
    pub landed: Rate,
    /// The calls after which a next step was agreed, of those that were not lost.
    pub next_steps: Rate,
    /// How often there was no answer.
    pub no_answer: usize,
}

#[derive(Default)]
struct Counted {
    name: Option<String>,
    calls: usize,
    days: BTreeSet<Date>,
    seconds: i64,
    won: Rate,
    landed: Rate,
    next_steps: Rate,
    no_answer: usize,
}

/// Reps that are being counted.
#[derive(Default)]
pub(super) struct Counting(BTreeMap<String, Counted>);

/// How a rep is told from others; empty for nobody.
pub(super) fn key(record: &Record) -> String {
    record.rep.as_deref().map(folded).unwrap_or_default()
}

impl Counting {
    /// Counts a call. Calls come newest first.
    pub fn add(&mut self, key: &str, day: Date, record: &Record) {
        if !self.0.contains_key(key) {
            let name = record.rep.as_deref().map(|rep| rep.split_whitespace().collect::<Vec<_>>().join(" "));
            let name = name.filter(|name| !name.is_empty());
            self.0.insert(key.to_string(), Counted { name, ..Counted::default() });
        }
        let Some(rep) = self.0.get_mut(key) else { return };
        rep.calls += 1;
        rep.days.insert(day);
        rep.seconds = rep.seconds.saturating_add(record.seconds.unwrap_or(0).max(0));
        rep.won.add(is_won(record));
        for (_, landed) in record.objections.iter().flat_map(super::objections::said) {
            if let Some(landed) = landed {
                rep.landed.add(landed);
            }
        }
        if record.result.as_deref() != Some("lost") {
            rep.next_steps.add(record.next_step.is_some());
        }
        rep.no_answer += record.no_answer.len();
    }

    pub fn finish(self) -> Vec<RepLine> {
        let line = |rep: Counted| RepLine {
            rep: rep.name,
            rank: None,
            calls: rep.calls,
            days: rep.days.len(),
            per_day: rounded(rep.calls as f64 / rep.days.len().max(1) as f64),
            seconds: rep.seconds,
            won: rep.won,
            landed: rep.landed,
            next_steps: rep.next_steps,
            no_answer: rep.no_answer,
        };
        let mut lines: Vec<RepLine> = self.0.into_values().map(line).collect();
        let ranked = |line: &RepLine| line.rep.is_some() && line.won.is_enough();
        lines.sort_by(|a, b| {
            let low = |line: &RepLine| if ranked(line) { line.won.low() } else { -1.0 };
            let nobody = |line: &RepLine| line.rep.is_none();
            nobody(a).cmp(&nobody(b)).then(low(b).total_cmp(&low(a))).then_with(|| a.rep.cmp(&b.rep))
        });
        let enough = lines.iter().filter(|line| ranked(line)).count();
        for (place, line) in lines.iter_mut().take(enough).enumerate().filter(|_| enough > 1) {
            line.rank = Some(place + 1);
        }
        lines
    }
}
