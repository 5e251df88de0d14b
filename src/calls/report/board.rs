//! The board: every prospect, and exactly where each one is.

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;

use super::funnel::{StageLine, is_won};
use crate::calls::Record;
use crate::rate::Rate;

/// A prospect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProspectLine {
    /// What people call them.
    pub prospect: String,
    /// The playbook of the last call.
    pub playbook: String,
    /// What it is called.
    pub playbook_title: String,
    /// The stage that the last call ended in; none where its record names none.
    pub stage: Option<String>,
    /// What it is called.
    pub stage_title: Option<String>,
    /// For how many days they have been in it, over all calls that ended in it without another between.
    pub days: i64,
    /// What the last call's outcome means: won, upgraded, paused, lost, open; none where there is none.
    pub result: Option<String>,
    /// The last call's outcome.
    pub outcome: Option<String>,
    /// What is done next.
    pub next_step: Option<String>,
    /// When.
    pub next_date: Option<Date>,
    /// By how many days the next step is overdue; none where it is not.
    pub overdue: Option<i64>,
    /// Who called last.
    pub rep: Option<String>,
    /// How many calls.
    pub calls: usize,
    /// The day of the last call.
    pub last: Date,
    /// The id of the last call.
    pub call: String,
}

impl ProspectLine {
    /// Whether the sale is still open: neither won nor lost.
    pub fn is_open(&self) -> bool {
        !matches!(self.result.as_deref(), Some("won" | "upgraded" | "lost"))
    }
}

/// What became of the prospects that have a name, over all of their calls.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Prospects {
    /// Those that were won in any call.
    pub won: Rate,
    /// Of those that reached the moment of truth in any call, those that were won in any.
    pub moment_of_truth: Rate,
    /// How many calls name no prospect; they are not on the board.
    pub unnamed_calls: usize,
}

struct Standing {
    line: ProspectLine,
    funnel: usize,
    number: Option<usize>,
    since: Date,
    moved: bool,
    won: bool,
    truth: bool,
}

/// The board that is being made.
#[derive(Default)]
pub(super) struct Counting {
    prospects: HashMap<String, Standing>,
    unnamed: usize,
}

/// Where a call ended: the funnel and the stage in it with their numbers.
pub(super) struct Ended<'a> {
    pub funnel: usize,
    pub playbook: (&'a str, &'a str),
    pub stage: Option<(usize, &'a StageLine)>,
    pub truth: bool,
}

impl Counting {
    /// Adds a call. Calls come newest first. `entered` is the day on which its last stage was entered.
    pub fn add(&mut self, key: Option<&str>, record: &Record, day: Date, entered: Date, ended: &Ended) {
        let Some(key) = key else {
            self.unnamed += 1;
            return;
        };
        let number = ended.stage.as_ref().map(|(number, _)| *number);
        match self.prospects.get_mut(key) {
            Some(standing) => {
                standing.line.calls += 1;
                standing.won |= is_won(record);
                standing.truth |= ended.truth;
                if (standing.funnel, standing.number) != (ended.funnel, number) {
                    standing.moved = true;
                } else if !standing.moved {
                    standing.since = standing.since.min(entered);
                }
            }
            None => {
                let step = record.next_step.as_ref();
                let line = ProspectLine {
                    prospect: record.prospect_name(),
                    playbook: ended.playbook.0.to_string(),
                    playbook_title: ended.playbook.1.to_string(),
                    stage: ended.stage.as_ref().map(|(_, stage)| stage.stage.clone()),
                    stage_title: ended.stage.as_ref().map(|(_, stage)| stage.title.clone()),
                    days: 0,
                    result: record.result.clone(),
                    outcome: record.outcome.clone(),
                    next_step: step.map(|step| step.what.clone()).filter(|what| !what.is_empty()),
                    next_date: step.and_then(|step| step.date),
                    overdue: None,
                    rep: record.rep.clone().filter(|rep| !rep.trim().is_empty()),
                    calls: 1,
                    last: day,
                    call: record.id.clone(),
                };
                let standing = Standing {
                    line,
                    funnel: ended.funnel,
                    number,
                    since: entered,
                    moved: false,
                    won: is_won(record),
                    truth: ended.truth,
                };
                self.prospects.insert(key.to_string(), standing);
            }
        }
    }

    /// The board as it was on a day: open ones first, of those the longest overdue, then the next to be
    /// called, then those that have been in their stage longest.
    pub fn finish(self, as_of: Date) -> (Prospects, Vec<ProspectLine>) {
        let mut prospects = Prospects { unnamed_calls: self.unnamed, ..Prospects::default() };
        let days = |from: Date| i64::from((as_of - from).get_days());
        let mut lines: Vec<ProspectLine> = Vec::with_capacity(self.prospects.len());
        for standing in self.prospects.into_values() {
            prospects.won.add(standing.won);
            if standing.truth {
                prospects.moment_of_truth.add(standing.won);
            }
            let mut line = standing.line;
            line.days = days(standing.since).max(0);
            line.overdue = line.next_date.map(days).filter(|late| *late > 0);
            lines.push(line);
        }
        lines.sort_by_cached_key(|line| {
            (
                !line.is_open(),
                -line.overdue.unwrap_or(0),
                line.next_date.is_none(),
                line.next_date,
                -line.days,
                line.prospect.clone(),
                line.call.clone(),
            )
        });
        (prospects, lines)
    }
}
