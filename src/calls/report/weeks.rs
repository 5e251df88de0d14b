//! Calls week by week.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::rate::Rate;

/// A week with calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WeekLine {
    /// Its Monday.
    pub week: Date,
    /// The calls, and those that were won.
    pub won: Rate,
}

/// Weeks that are being counted.
#[derive(Default)]
pub(super) struct Counting(BTreeMap<Date, Rate>);

/// The Monday of a day's week.
fn monday(day: Date) -> Date {
    let back = i64::from(day.weekday().to_monday_zero_offset());
    day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day)
}

impl Counting {
    pub fn add(&mut self, day: Date, won: bool) {
        self.0.entry(monday(day)).or_default().add(won);
    }

    pub fn finish(self) -> Vec<WeekLine> {
        self.0.into_iter().map(|(week, won)| WeekLine { week, won }).collect()
    }
}

/// What was won in the earlier and in the later half of the time between the first week and the last.
pub(super) fn halves(weeks: &[WeekLine]) -> (Rate, Rate) {
    let (mut earlier, mut later) = (Rate::default(), Rate::default());
    let (Some(first), Some(last)) = (weeks.first(), weeks.last()) else { return (earlier, later) };
    let days = |from: Date, to: Date| i64::from((to - from).get_days());
    let whole = days(first.week, last.week);
    for line in weeks {
        let half = if days(first.week, line.week) * 2 <= whole { &mut earlier } else { &mut later };
        *half = Rate::new(half.count + line.won.count, half.of + line.won.of);
    }
    (earlier, later)
}
