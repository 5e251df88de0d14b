//! The way through a playbook: who reached which stage, who passed it, where more are lost than elsewhere.

use std::collections::HashMap;

use serde::Serialize;

use super::names::is_called;
use crate::book::Book;
use crate::calls::Record;
use crate::rate::Rate;

/// The funnel of a playbook in a language.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Funnel {
    /// The playbook's id.
    pub playbook: String,
    /// The language tag.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Whether the book has it still.
    pub known: bool,
    /// How many calls.
    pub calls: usize,
    /// The calls that were won.
    pub won: Rate,
    /// Of the calls that reached the moment of truth, those that were won.
    pub moment_of_truth: Rate,
    /// The stages, in the playbook's order; then those that it no longer has.
    pub stages: Vec<StageLine>,
    /// The stages where more are lost than elsewhere, by more than chance; worst first.
    pub leaks: Vec<Leak>,
}

/// A stage of a funnel.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct StageLine {
    /// The id.
    pub stage: String,
    /// What it is called.
    pub title: String,
    /// Whether the sale is decided here.
    pub moment_of_truth: bool,
    /// Whether the playbook has it still.
    pub known: bool,
    /// The calls that came to it.
    pub reached: usize,
    /// Those of them that came to a later stage or were won.
    pub passed: Rate,
    /// How many objections were met in it.
    pub objections: usize,
    /// How long a call was in it on average, in seconds.
    pub seconds: Option<i64>,
    /// How long it should take, in minutes.
    pub minutes: Option<f64>,
}

/// A stage where more calls end than elsewhere in the funnel. The last stage is not compared: what is
/// lost there is not sold, which is another thing than not to go on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Leak {
    /// The stage's id.
    pub stage: String,
    /// What it is called.
    pub title: String,
    /// Of the calls that reached it, those that went no further.
    pub lost: Rate,
    /// The same of the funnel's other stages together, the last left out.
    pub elsewhere: Rate,
}

/// Whether a call was won.
pub(super) fn is_won(record: &Record) -> bool {
    matches!(record.result.as_deref(), Some("won" | "upgraded"))
}

/// A funnel that is being counted.
pub(super) struct Counting {
    pub volume: Option<usize>,
    line: Funnel,
    order: HashMap<String, usize>,
    times: Vec<(i64, i64)>,
    known: usize,
    visited: Vec<bool>,
}

impl Counting {
    pub fn new(book: &Book, volume: Option<usize>, record: &Record) -> Self {
        let found = volume.map(|volume| &book.volumes[volume]);
        let stages = found.map_or(&[][..], |volume| &volume.stages);
        let mut order = HashMap::new();
        for (number, stage) in stages.iter().enumerate() {
            for id in std::iter::once(&stage.id).chain(&stage.common.was) {
                order.entry(id.to_string()).or_insert(number);
            }
        }
        let line = |stage: &crate::book::model::Stage| StageLine {
            stage: stage.id.to_string(),
            title: stage.title.clone(),
            moment_of_truth: stage.moment_of_truth,
            known: true,
            minutes: stage.minutes,
            ..StageLine::gone(stage.id.as_str())
        };
        Counting {
            volume,
            known: stages.len(),
            times: vec![(0, 0); stages.len()],
            line: Funnel {
                playbook: found.map_or_else(|| record.playbook.clone(), |volume| volume.id.to_string()),
                language: found.map_or_else(|| record.language.clone(), |volume| volume.language.to_string()),
                title: found.map_or_else(|| record.playbook.clone(), |volume| volume.title.clone()),
                known: found.is_some(),
                calls: 0,
                won: Rate::default(),
                moment_of_truth: Rate::default(),
                stages: stages.iter().map(line).collect(),
                leaks: Vec::new(),
            },
            order,
            visited: Vec::new(),
        }
    }

    /// The number of a stage; a new one for one that the playbook does not have.
    pub fn stage(&mut self, id: &str) -> usize {
        if let Some(number) = self.order.get(id) {
            return *number;
        }
        self.line.stages.push(StageLine::gone(id));
        self.times.push((0, 0));
        let number = self.line.stages.len() - 1;
        self.order.insert(id.to_string(), number);
        number
    }

    /// What a stage is called, by its number.
    pub fn named(&self, number: usize) -> &StageLine {
        &self.line.stages[number]
    }

    /// The playbook's id and title.
    pub fn called(&self) -> (&str, &str) {
        (&self.line.playbook, &self.line.title)
    }

    /// Counts a call.
    pub fn add(&mut self, record: &Record) {
        let won = is_won(record);
        self.line.calls += 1;
        self.line.won.add(won);
        let mut visited = std::mem::take(&mut self.visited);
        visited.clear();
        visited.resize(self.line.stages.len(), false);
        let mut last = None;
        for visit in &record.path {
            let number = self.stage(&visit.stage);
            visited.resize(self.line.stages.len(), false);
            visited[number] = true;
            last = Some(number);
            if let Some(seconds) = visit.seconds.filter(|seconds| *seconds >= 0) {
                self.times[number].0 = self.times[number].0.saturating_add(seconds);
            }
        }
        let furthest = visited.iter().take(self.known).rposition(|visited| *visited);
        let mut truth = false;
        for number in (0..visited.len()).filter(|number| visited[*number]) {
            let known = number < self.known;
            let further = if known { furthest > Some(number) } else { last != Some(number) };
            let stage = &mut self.line.stages[number];
            stage.reached += 1;
            stage.passed.add(won || further);
            self.times[number].1 += 1;
            truth |= stage.moment_of_truth;
        }
        if truth {
            self.line.moment_of_truth.add(won);
        }
        for heard in &record.objections {
            if let Some(stage) = &heard.stage {
                let number = self.stage(stage);
                self.line.stages[number].objections += 1;
            }
        }
        self.visited = visited;
    }

    pub fn finish(mut self) -> Funnel {
        for (stage, (seconds, calls)) in self.line.stages.iter_mut().zip(&self.times) {
            stage.seconds = (*calls > 0).then(|| (seconds + calls / 2) / calls);
        }
        self.line.leaks = leaks(&self.line.stages[..self.known]);
        self.line
    }
}

impl StageLine {
    fn gone(id: &str) -> Self {
        StageLine {
            stage: id.to_string(),
            title: id.to_string(),
            moment_of_truth: false,
            known: false,
            reached: 0,
            passed: Rate::default(),
            objections: 0,
            seconds: None,
            minutes: None,
        }
    }
}

fn leaks(stages: &[StageLine]) -> Vec<Leak> {
    let on_the_way = &stages[..stages.len().saturating_sub(1)];
    let lost = |stage: &StageLine| Rate::new(stage.reached - stage.passed.count, stage.reached);
    let all =
        on_the_way.iter().map(lost).fold((0, 0), |(count, of), rate| (count + rate.count, of + rate.of));
    let mut leaks: Vec<Leak> = Vec::new();
    for stage in on_the_way {
        let lost = lost(stage);
        let elsewhere = Rate::new(all.0 - lost.count, all.1 - lost.of);
        if lost.is_above(elsewhere) {
            leaks.push(Leak { stage: stage.stage.clone(), title: stage.title.clone(), lost, elsewhere });
        }
    }
    leaks.sort_by(|a, b| b.lost.low().total_cmp(&a.lost.low()));
    leaks
}

/// Whether a call reached a stage of a volume, by the ids that it has or had.
pub(super) fn reached(record: &Record, stage: &crate::book::model::Stage) -> bool {
    record.path.iter().any(|visit| is_called(&stage.id, &stage.common, &visit.stage))
}
