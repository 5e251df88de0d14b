//! How far the team's process has come: none, non-standard, standard, followed, improving. Each step
//! stands on evidence from the records.

use serde::Serialize;

use crate::rate::Rate;

/// A step of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// There are no calls.
    None,
    /// There are calls, each as the rep likes.
    NonStandard,
    /// At least four of five calls go by a playbook of the book.
    Standard,
    /// At least four of five of those end in an outcome, and what became of at least half of the responses
    /// said is noted.
    Followed,
    /// Metrics with targets have enough calls behind them, for at least one objection the responses can be
    /// compared, and what is won has not become less by more than chance.
    Improving,
}

/// How far the process has come.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Maturity {
    /// The highest step that stands, with all below it.
    pub level: Level,
    /// What the steps stand on.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// What the steps of the ladder stand on.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Evidence {
    /// The calls that went by a playbook of the book, with stages.
    pub by_playbook: Rate,
    /// Of those, the ones that ended in an outcome.
    pub ended: Rate,
    /// The responses said of which it was noted whether they landed.
    pub noted: Rate,
    /// The metrics with a target that have enough behind them, of those that have a target.
    pub measured: Rate,
    /// The objections met whose responses can be compared.
    pub compared: Rate,
    /// What was won in the earlier half of the time.
    pub earlier: Rate,
    /// What was won in the later half.
    pub later: Rate,
}

/// At least so many of a hundred.
fn at_least(rate: Rate, percent: usize) -> bool {
    rate.of > 0 && rate.count * 100 >= rate.of * percent
}

impl Maturity {
    /// What evidence comes to.
    pub(super) fn of(evidence: Evidence) -> Self {
        let steps = [
            (Level::NonStandard, evidence.by_playbook.of > 0),
            (Level::Standard, at_least(evidence.by_playbook, 80)),
            (Level::Followed, at_least(evidence.ended, 80) && at_least(evidence.noted, 50)),
            (
                Level::Improving,
                evidence.measured.count > 0
                    && evidence.compared.count > 0
                    && !evidence.earlier.is_above(evidence.later),
            ),
        ];
        let stands = steps.iter().take_while(|(_, stands)| *stands).last();
        Maturity { level: stands.map_or(Level::None, |(level, _)| *level), evidence }
    }
}
