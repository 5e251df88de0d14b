//! Objections met, and which responses landed.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;

use serde::Serialize;

use super::names::{Known, Names};
use crate::book::model::{Objection, Ref};
use crate::calls::Record;
use crate::rate::Rate;

/// An objection that was met.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectionLine {
    /// The id.
    pub id: String,
    /// The playbook or library that it is written in.
    pub playbook: String,
    /// The language that it is written in; of the calls, where the book does not have it any more.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// The short code.
    pub code: Option<String>,
    /// What it is about.
    pub category: Option<String>,
    /// Whether the book has it still.
    pub known: bool,
    /// How often it was heard.
    pub times: usize,
    /// In how many calls.
    pub calls: usize,
    /// Of those calls, the ones in which it came back.
    pub came_back: Rate,
    /// Of the times whose end was noted, those after which a response had landed.
    pub landed: Rate,
    /// How often it was accepted and left.
    pub accepted: usize,
    /// Where it was met; the most frequent first.
    pub stages: Vec<MetIn>,
    /// The responses that were said: the ranked ones first, best first; then by how often.
    pub responses: Vec<ResponseLine>,
}

/// How often an objection was met in a stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MetIn {
    /// The playbook's id.
    pub playbook: String,
    /// The stage's id.
    pub stage: String,
    /// What it is called.
    pub title: String,
    /// How often.
    pub times: usize,
}

/// A response that was said.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ResponseLine {
    /// The id.
    pub id: String,
    /// Whether the objection has it still.
    pub known: bool,
    /// How often it was said.
    pub said: usize,
    /// Of the times whose end was noted, those in which it landed.
    pub landed: Rate,
    /// Its place among the responses with enough to be compared, by the lower ends of the intervals; none
    /// where it has not enough, or no other has.
    pub rank: Option<usize>,
    /// Whether it is better than the one ranked after it by more than chance.
    pub clearly: bool,
}

/// What all objections of a category came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CategoryLine {
    /// The category; none for those that name none.
    pub category: Option<String>,
    /// How often its objections were heard.
    pub times: usize,
    /// Of the times whose end was noted, those after which a response had landed.
    pub landed: Rate,
}

#[derive(Default)]
struct Met {
    language: String,
    times: usize,
    calls: usize,
    back: usize,
    landed: Rate,
    accepted: usize,
    stages: HashMap<(usize, usize), usize>,
    responses: BTreeMap<String, (usize, Rate)>,
    /// The number of the call that was counted last, and whether it counted as one in which this came back.
    last: (usize, bool),
}

/// Objections that are being counted.
#[derive(Default)]
pub(super) struct Counting {
    met: Vec<(Known<Ref<Objection>>, Met)>,
    numbers: BTreeMap<Known<Ref<Objection>>, usize>,
    found: HashMap<String, usize>,
    buffer: String,
    call: usize,
}

/// The responses of one occurrence that were said, and whether each landed. A record without a list of
/// them has at most the last.
pub(crate) fn said(heard: &crate::calls::Heard) -> impl Iterator<Item = (&str, Option<bool>)> {
    let only = heard.response.as_deref().filter(|_| heard.tried.is_empty());
    let listed = heard.tried.iter().map(|tried| (tried.response.as_str(), tried.landed));
    listed.chain(only.map(|response| (response, heard.landed)))
}

impl Counting {
    fn number(
        &mut self,
        names: &Names,
        playbook: Option<usize>,
        record: &Record,
        heard: &crate::calls::Heard,
    ) -> usize {
        let mut key = std::mem::take(&mut self.buffer);
        key.clear();
        let home = heard.playbook.as_deref();
        let _ = write!(
            key,
            "{}\u{1}{}\u{1}{}\u{1}{}",
            playbook.map_or(usize::MAX, |playbook| playbook),
            record.language,
            home.unwrap_or_default(),
            heard.card
        );
        let number = match self.found.get(&key) {
            Some(number) => *number,
            None => {
                let part = names.part::<Objection>(playbook, &record.language, home, &heard.card);
                let known = part.map_or_else(
                    || {
                        let (path, id) =
                            heard.card.rsplit_once('/').unwrap_or((&record.playbook, &heard.card));
                        Known::Gone(home.unwrap_or(path).to_string(), id.to_string())
                    },
                    Known::Part,
                );
                let number = *self.numbers.entry(known.clone()).or_insert_with(|| {
                    self.met.push((known, Met { language: record.language.clone(), ..Met::default() }));
                    self.met.len() - 1
                });
                self.found.insert(key.clone(), number);
                number
            }
        };
        self.buffer = key;
        number
    }

    /// Counts the objections of a call; `funnel` is the number of its funnel, `stage` gives the number
    /// of a stage of that.
    pub fn add(
        &mut self,
        names: &Names,
        playbook: Option<usize>,
        funnel: usize,
        mut stage: impl FnMut(&str) -> usize,
        record: &Record,
    ) {
        self.call += 1;
        for heard in &record.objections {
            let number = self.number(names, playbook, record, heard);
            let call = self.call;
            let (_, met) = &mut self.met[number];
            met.times += 1;
            let again = met.last.0 == call;
            if !again {
                met.calls += 1;
                met.last = (call, false);
            }
            if (again || heard.times > 1) && !met.last.1 {
                met.back += 1;
                met.last.1 = true;
            }
            met.accepted += usize::from(heard.accepted);
            if let Some(landed) = heard.landed {
                met.landed.add(landed);
            }
            if let Some(id) = &heard.stage {
                *met.stages.entry((funnel, stage(id))).or_default() += 1;
            }
            for (response, landed) in said(heard) {
                if !met.responses.contains_key(response) {
                    met.responses.insert(response.to_string(), Default::default());
                }
                if let Some((said, rate)) = met.responses.get_mut(response) {
                    *said += 1;
                    if let Some(landed) = landed {
                        rate.add(landed);
                    }
                }
            }
        }
    }

    pub fn finish(
        self,
        names: &Names,
        stage: impl Fn(usize, usize) -> (String, String, String),
    ) -> (Vec<ObjectionLine>, Vec<CategoryLine>) {
        let mut lines: Vec<ObjectionLine> =
            self.met.into_iter().map(|(known, met)| line(names, known, met, &stage)).collect();
        lines.sort_by(|a, b| {
            (b.times, &a.playbook, &a.id, &a.language).cmp(&(a.times, &b.playbook, &b.id, &b.language))
        });
        let mut by: BTreeMap<Option<&str>, (usize, Rate)> = BTreeMap::new();
        for line in &lines {
            let (times, landed) = by.entry(line.category.as_deref()).or_default();
            *times += line.times;
            *landed = Rate::new(landed.count + line.landed.count, landed.of + line.landed.of);
        }
        let mut categories: Vec<CategoryLine> = by
            .into_iter()
            .map(|(category, (times, landed))| CategoryLine {
                category: category.map(str::to_string),
                times,
                landed,
            })
            .collect();
        categories.sort_by_key(|line| std::cmp::Reverse(line.times));
        (lines, categories)
    }
}

fn line(
    names: &Names,
    known: Known<Ref<Objection>>,
    met: Met,
    stage: &impl Fn(usize, usize) -> (String, String, String),
) -> ObjectionLine {
    let book = names.book;
    let part = match &known {
        Known::Part(part) => Some((&book.volumes[part.volume], book.get(*part))),
        Known::Gone(..) => None,
    };
    let (playbook, id) = match (&known, part) {
        (Known::Gone(playbook, id), _) => (playbook.clone(), id.clone()),
        (_, Some((volume, part))) => (volume.id.to_string(), part.id.to_string()),
        (Known::Part(_), None) => Default::default(),
    };
    let mut stages: BTreeMap<(String, String, String), usize> = BTreeMap::new();
    for ((funnel, number), times) in met.stages {
        *stages.entry(stage(funnel, number)).or_default() += times;
    }
    let mut stages: Vec<MetIn> = stages
        .into_iter()
        .map(|((playbook, stage, title), times)| MetIn { playbook, stage, title, times })
        .collect();
    stages.sort_by_key(|met| std::cmp::Reverse(met.times));
    ObjectionLine {
        id,
        playbook,
        language: part.map_or(met.language, |(volume, _)| volume.language.to_string()),
        title: part.map_or_else(
            || match &known {
                Known::Gone(_, id) => id.clone(),
                Known::Part(_) => String::new(),
            },
            |(_, part)| part.title.clone(),
        ),
        code: part.and_then(|(_, part)| part.code.clone()),
        category: part.and_then(|(_, part)| part.category.clone()),
        known: part.is_some(),
        times: met.times,
        calls: met.calls,
        came_back: Rate::new(met.back, met.calls),
        landed: met.landed,
        accepted: met.accepted,
        stages,
        responses: responses(part.map(|(_, part)| part), met.responses),
    }
}

fn responses(objection: Option<&Objection>, said: BTreeMap<String, (usize, Rate)>) -> Vec<ResponseLine> {
    // By the ids of today: what a response was called before counts for it.
    let mut by: BTreeMap<(String, bool), (usize, Rate)> = BTreeMap::new();
    for (id, (times, landed)) in said {
        let now = objection.and_then(|objection| {
            let called = |id: &str| {
                let same = |response: &&crate::book::model::Response| {
                    super::names::is_called(&response.id, &response.common, id)
                };
                objection.responses.iter().find(same)
            };
            called(&id)
        });
        let key = now.map_or_else(|| (id.clone(), false), |response| (response.id.to_string(), true));
        let (all, rate) = by.entry(key).or_default();
        *all += times;
        *rate = Rate::new(rate.count + landed.count, rate.of + landed.of);
    }
    let mut lines: Vec<ResponseLine> = by
        .into_iter()
        .map(|((id, known), (said, landed))| ResponseLine {
            id,
            known,
            said,
            landed,
            rank: None,
            clearly: false,
        })
        .collect();
    lines.sort_by(|a, b| {
        let low = |line: &ResponseLine| if line.landed.is_enough() { line.landed.low() } else { -1.0 };
        low(b).total_cmp(&low(a)).then(b.said.cmp(&a.said)).then_with(|| a.id.cmp(&b.id))
    });
    let enough = lines.iter().filter(|line| line.landed.is_enough()).count();
    if enough > 1 {
        for place in 0..enough {
            let next = lines.get(place + 1).filter(|_| place + 1 < enough).map(|line| line.landed);
            lines[place].rank = Some(place + 1);
            lines[place].clearly = next.is_some_and(|next| lines[place].landed.is_above(next));
        }
    }
    lines
}
