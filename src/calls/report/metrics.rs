//! The book's metrics against their targets.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde::Serialize;

use super::funnel::reached;
use super::names::is_called;
use crate::book::Book;
use crate::book::model::{Metric, Target};
use crate::calls::Record;
use crate::rate::{Rate, rounded};

/// A metric and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetricLine {
    /// The id.
    pub id: String,
    /// The playbook or library that it is written in.
    pub playbook: String,
    /// The language tag.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Whose target it is: person, team, company.
    pub whose: Option<String>,
    /// In which time: day, week, month, quarter, year, call.
    pub per: Option<String>,
    /// What is aimed at: a share from 0 to 1, or a number.
    pub target: Option<f64>,
    /// How it is measured.
    pub measure: Measure,
    /// What is counted: calls, or prospects over all of their calls.
    pub counted: &'static str,
    /// The share: those that came to `to`, of those that came to `from`. Of a number: how many came, of all.
    pub rate: Rate,
    /// A number in the metric's time, on average over the report's; for a person's metric, of a rep on
    /// average. None for a share.
    pub value: Option<f64>,
    /// Where it stands to the target.
    pub stand: Option<Stand>,
    /// Each rep's, where the target is a person's.
    pub people: Vec<PersonLine>,
}

/// Where a person stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonLine {
    /// The rep.
    pub rep: String,
    /// As in the metric.
    pub rate: Rate,
    /// As in the metric.
    pub value: Option<f64>,
    /// As in the metric.
    pub stand: Option<Stand>,
}

/// How a metric is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Measure {
    /// As a share.
    Share,
    /// As a number.
    Number,
    /// Not at all: it names neither what is counted nor what comes of it.
    Unmeasured,
}

/// Where a metric stands to its target. Whether above is good only the book's people know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// At the target or above; a share by more than chance.
    Above,
    /// Below; a share by more than chance.
    Below,
    /// The target is within the interval.
    Unclear,
    /// Too few were counted, or the report's time is shorter than the metric's.
    TooFew,
}

struct Measured<'a> {
    metric: &'a Metric,
    volume: usize,
    measure: Measure,
    follow: bool,
    rate: Rate,
    people: BTreeMap<String, (String, Rate)>,
}

/// What a prospect came to, newest call first: by the metric's number.
#[derive(Default)]
struct Followed {
    to: HashSet<usize>,
    from: HashSet<usize>,
    hit: HashSet<usize>,
}

/// Metrics that are being measured.
pub(super) struct Counting<'a> {
    book: &'a Book,
    metrics: Vec<Measured<'a>>,
    /// The metrics that a playbook's calls count for.
    of: HashMap<usize, Vec<usize>>,
    prospects: HashMap<String, Followed>,
}

fn measure(metric: &Metric) -> Measure {
    match (&metric.from, &metric.to, metric.target) {
        (None, None, _) => Measure::Unmeasured,
        (_, _, Some(target)) if target > 1.0 => Measure::Number,
        (Some(_), Some(_), _) | (_, _, Some(_)) => Measure::Share,
        _ => Measure::Number,
    }
}

impl<'a> Counting<'a> {
    pub fn new(book: &'a Book) -> Self {
        let mut metrics = Vec::new();
        for (volume, found) in book.volumes.iter().enumerate() {
            for metric in &found.metrics {
                // A call has one outcome; what came after one is in the prospect's later calls.
                let follow = matches!((&metric.from, &metric.to), (Some(Target::Outcome(_)), Some(_)));
                let (measure, rate, people) = (measure(metric), Rate::default(), BTreeMap::new());
                metrics.push(Measured { metric, volume, measure, follow, rate, people });
            }
        }
        Counting { book, metrics, of: HashMap::new(), prospects: HashMap::new() }
    }

    fn came_to(&self, record: &Record, volume: usize, target: Target) -> bool {
        let short = |id: &'_ str| id.rsplit_once('/').map_or(0, |(path, _)| path.len() + 1);
        let book = self.book;
        match target {
            Target::Stage(stage) => stage.volume == volume && reached(record, book.get(stage)),
            Target::Close(close) => {
                let close = book.get(close);
                let same = |name: &str| is_called(&close.id, &close.common, &name[short(name)..]);
                record.closes.iter().any(|closing| same(&closing.close))
            }
            Target::Objection(card) => {
                let card = book.get(card);
                let same = |name: &str| is_called(&card.id, &card.common, &name[short(name)..]);
                record.objections.iter().any(|heard| same(&heard.card))
            }
            Target::Outcome(outcome) => {
                let outcome = book.get(outcome);
                record.outcome.as_deref().is_some_and(|id| is_called(&outcome.id, &outcome.common, id))
            }
        }
    }

    /// Counts a call of a playbook. Calls come newest first.
    pub fn add(&mut self, playbook: usize, prospect: Option<&str>, rep: &str, record: &Record) {
        if !self.of.contains_key(&playbook) {
            let scope: Vec<usize> = self.book.scope(playbook).map(|(number, _)| number).collect();
            let within = |number: &usize| scope.contains(&self.metrics[*number].volume);
            let of = (0..self.metrics.len()).filter(within).collect();
            self.of.insert(playbook, of);
        }
        let of = std::mem::take(self.of.entry(playbook).or_default());
        for number in &of {
            let measured = &self.metrics[*number];
            let came = |target: Option<Target>| target.map(|target| self.came_to(record, playbook, target));
            let (from, to) = (came(measured.metric.from), came(measured.metric.to));
            if measured.follow {
                self.follow(*number, prospect, from == Some(true), to == Some(true));
                continue;
            }
            let (counts, is_meant) = match (measured.measure, from, to) {
                (Measure::Unmeasured, ..) => continue,
                (Measure::Share, Some(from), Some(to)) => (from, to),
                (_, from, to) => (true, from.unwrap_or(true) && to.unwrap_or(true)),
            };
            if !counts {
                continue;
            }
            let measured = &mut self.metrics[*number];
            measured.rate.add(is_meant);
            if measured.metric.whose.as_deref() == Some("person") && !rep.is_empty() {
                let name = || record.rep.clone().unwrap_or_default().trim().to_string();
                let person = measured.people.entry(rep.to_string());
                person.or_insert_with(|| (name(), Rate::default())).1.add(is_meant);
            }
        }
        self.of.insert(playbook, of);
    }

    fn follow(&mut self, number: usize, prospect: Option<&str>, from: bool, to: bool) {
        if !from && !to {
            return;
        }
        let Some(prospect) = prospect else {
            // Nobody knows of a later call.
            if from {
                self.metrics[number].rate.add(to);
            }
            return;
        };
        if !self.prospects.contains_key(prospect) {
            self.prospects.insert(prospect.to_string(), Followed::default());
        }
        let Some(followed) = self.prospects.get_mut(prospect) else { return };
        if to {
            followed.to.insert(number);
        }
        if from {
            followed.from.insert(number);
            if followed.to.contains(&number) {
                followed.hit.insert(number);
            }
        }
    }

    /// The metrics of the playbooks that were called with, and of their libraries. `days` is the length of the
    /// report's time.
    pub fn finish(mut self, days: i64) -> Vec<MetricLine> {
        for followed in self.prospects.values() {
            for number in &followed.from {
                self.metrics[*number].rate.add(followed.hit.contains(number));
            }
        }
        let used: HashSet<usize> = self.of.values().flatten().copied().collect();
        let mut lines: Vec<MetricLine> = Vec::new();
        for (number, measured) in self.metrics.into_iter().enumerate() {
            if !used.contains(&number) {
                continue;
            }
            let volume = &self.book.volumes[measured.volume];
            let metric = measured.metric;
            let person = metric.whose.as_deref() == Some("person");
            let stands = |rate: Rate, among: usize| stands(metric, measured.measure, rate, days, among);
            let (value, stand) = stands(measured.rate, if person { measured.people.len().max(1) } else { 1 });
            let people = measured.people.values().map(|(rep, rate)| {
                let (value, stand) = stands(*rate, 1);
                PersonLine { rep: rep.clone(), rate: *rate, value, stand }
            });
            lines.push(MetricLine {
                id: metric.id.to_string(),
                playbook: volume.id.to_string(),
                language: volume.language.to_string(),
                title: metric.title.clone(),
                whose: metric.whose.clone(),
                per: metric.per.clone(),
                target: metric.target,
                measure: measured.measure,
                counted: if measured.follow { "prospects" } else { "calls" },
                rate: measured.rate,
                value,
                stand,
                people: people.collect(),
            });
        }
        lines
    }
}

/// The length of a metric's time in days, a year having 365.25.
fn length(per: &str) -> Option<f64> {
    Some(match per {
        "day" => 1.0,
        "week" => 7.0,
        "month" => 365.25 / 12.0,
        "quarter" => 365.25 / 4.0,
        "year" => 365.25,
        _ => return None,
    })
}

fn stands(
    metric: &Metric,
    measure: Measure,
    rate: Rate,
    days: i64,
    among: usize,
) -> (Option<f64>, Option<Stand>) {
    let target = metric.target;
    match measure {
        Measure::Unmeasured => (None, None),
        Measure::Share => {
            let stand = target.map(|target| match rate {
                rate if !rate.is_enough() => Stand::TooFew,
                rate if rate.low() >= target => Stand::Above,
                rate if rate.high() < target => Stand::Below,
                _ => Stand::Unclear,
            });
            (None, stand)
        }
        Measure::Number => {
            let count = rate.count as f64 / among as f64;
            let per = metric.per.as_deref();
            let time = per.and_then(length);
            let short = time.is_some_and(|time| (days as f64) < time.floor());
            let value = match time {
                // A part of the time is not blown up to the whole of it.
                Some(time) if !short => count * time / days.max(1) as f64,
                None if per == Some("call") => count / rate.of.max(1) as f64,
                _ => count,
            };
            let stand = target.map(|target| match value >= target {
                true => Stand::Above,
                false if short => Stand::TooFew,
                false => Stand::Below,
            });
            (Some(rounded(value)), stand)
        }
    }
}
