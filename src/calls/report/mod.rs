//! What calls say: a report over records, made in one pass and as small as what it shows.
//!
//! Its JSON is [`Report`] as it stands here, with `version` 1. Rates are `{"count", "of", "share", "low",
//! "high"}` with the 95 % interval of [`Rate`]; nothing is ranked or compared under
//! [`ENOUGH`] of a kind. The same records and the same day make the same report.

mod board;
mod closes;
mod common;
mod funnel;
mod maturity;
mod metrics;
mod names;
pub(crate) mod objections;
mod reps;
mod unanswered;
mod weeks;

use std::collections::{BTreeMap, HashMap};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::{Record, VERSION, folded};
use crate::book::Book;
use crate::book::model::{self, Part};
use crate::markdown;
use crate::rate::{CONFIDENCE, ENOUGH, Rate};
use crate::script::values::{Titles, defaults};
use crate::template::spoken::fill;

pub use board::{ProspectLine, Prospects};
pub use closes::CloseLine;
pub use common::{Common, FEWEST_WON, LAST_WON, Trait};
pub use funnel::{Funnel, Leak, StageLine};
pub use maturity::{Evidence, Level, Maturity};
pub use metrics::{Measure, MetricLine, PersonLine, Stand};
pub use objections::{CategoryLine, MetIn, ObjectionLine, ResponseLine};
pub use reps::RepLine;
pub use unanswered::UnansweredLine;
pub use weeks::WeekLine;

/// The version of the report's JSON.
pub const REPORT_VERSION: u32 = 1;

/// What a report is about. Days are the reader's.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Scope {
    /// The first day; from the first call on where there is none.
    pub since: Option<Date>,
    /// The last day; how long, how late is counted up to it.
    pub until: Date,
    /// Only a playbook.
    pub playbook: Option<String>,
    /// Only a rep; case and spaces do not count.
    pub rep: Option<String>,
    /// Only a sort of prospect; case and spaces do not count.
    pub segment: Option<String>,
    /// Whether the calls are made up.
    pub demo: bool,
    /// Where days begin and end.
    #[serde(skip)]
    pub zone: TimeZone,
}

/// What calls say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// The version of this form.
    pub version: u32,
    /// What it is about.
    pub scope: Scope,
    /// So many must have been counted before anything is ranked or compared.
    pub minimum: usize,
    /// The confidence of every interval, as a share.
    pub confidence: f64,
    /// How many calls.
    pub calls: usize,
    /// The day of the first one.
    pub first: Option<Date>,
    /// The day of the last one.
    pub last: Option<Date>,
    /// How long was talked, in seconds, breaks left out.
    pub seconds: i64,
    /// The calls that were won or upgraded.
    pub won: Rate,
    /// How many calls came to which result: won, upgraded, paused, lost, open; `none` without an outcome.
    pub results: BTreeMap<String, usize>,
    /// What became of prospects over all of their calls.
    pub prospects: Prospects,
    /// Week by week.
    pub weeks: Vec<WeekLine>,
    /// The way through each playbook; the one with most calls first.
    pub playbooks: Vec<Funnel>,
    /// Objections met, by category.
    pub categories: Vec<CategoryLine>,
    /// Objections met, most frequent first.
    pub objections: Vec<ObjectionLine>,
    /// Closes tried, most frequent first.
    pub closes: Vec<CloseLine>,
    /// What had no answer, most frequent first.
    pub no_answer: Vec<UnansweredLine>,
    /// Metrics against their targets.
    pub metrics: Vec<MetricLine>,
    /// Rep by rep.
    pub reps: Vec<RepLine>,
    /// What the last won calls have in common.
    pub common: Common,
    /// Every prospect, and where they are.
    pub board: Vec<ProspectLine>,
    /// How far the process has come.
    pub maturity: Maturity,
    /// What could only be used in part.
    pub odd: Odd,
}

/// Records that fit the book of today only in part.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Odd {
    /// Calls of playbooks that the book does not have any more, by their ids.
    pub gone: BTreeMap<String, usize>,
    /// Records of a version that is newer than this program.
    pub newer: usize,
}

/// Makes a report of records.
pub struct Reporter<'a> {
    scope: Scope,
    names: names::Names<'a>,
    segment: Option<String>,
    funnels: Vec<funnel::Counting>,
    numbers: HashMap<(Option<usize>, String), usize>,
    calls: usize,
    days: Option<(Date, Date)>,
    seconds: i64,
    won: Rate,
    results: BTreeMap<String, usize>,
    objections: objections::Counting,
    closes: closes::Counting,
    unanswered: unanswered::Counting,
    metrics: metrics::Counting<'a>,
    reps: reps::Counting,
    common: common::Counting,
    board: board::Counting,
    weeks: weeks::Counting,
    evidence: Evidence,
    odd: Odd,
}

impl<'a> Reporter<'a> {
    /// A report without calls yet.
    pub fn new(book: &'a Book, scope: Scope) -> Self {
        Reporter {
            segment: scope.segment.as_deref().map(folded),
            scope,
            names: names::Names::new(book),
            funnels: Vec::new(),
            numbers: HashMap::new(),
            calls: 0,
            days: None,
            seconds: 0,
            won: Rate::default(),
            results: BTreeMap::new(),
            objections: objections::Counting::default(),
            closes: closes::Counting::default(),
            unanswered: unanswered::Counting::default(),
            metrics: metrics::Counting::new(book),
            reps: reps::Counting::default(),
            common: common::Counting::default(),
            board: board::Counting::default(),
            weeks: weeks::Counting::default(),
            evidence: Evidence::default(),
            odd: Odd::default(),
        }
    }

    /// Counts a call. Calls come newest first, as the store gives them; those of other segments are left
    /// out, everything else of the scope whoever reads the store has seen to.
    pub fn add(&mut self, record: &Record) {
        if let Some(segment) = &self.segment
            && !record.segment.iter().any(|one| folded(one) == *segment)
        {
            return;
        }
        let playbook = self.names.playbook(&record.playbook, &record.language);
        let day = self.day(record.started);
        self.totals(record, day, playbook);
        let number = self.funnel(playbook, record);
        let funnel = &mut self.funnels[number];
        funnel.add(record);
        self.objections.add(&self.names, playbook, number, |id| funnel.stage(id), record);
        self.closes.add(&self.names, playbook, record);
        self.unanswered.add(record);
        let rep = reps::key(record);
        self.reps.add(&rep, day, record);
        self.common.add(record);
        let name = folded(&record.prospect_name());
        let prospect = Some(name.as_str()).filter(|name| !name.is_empty());
        if let Some(playbook) = playbook {
            self.metrics.add(playbook, prospect, &rep, record);
        }
        self.stand(number, prospect, record, day);
    }

    fn day(&self, at: jiff::Timestamp) -> Date {
        self.scope.zone.to_datetime(at).date()
    }

    fn totals(&mut self, record: &Record, day: Date, playbook: Option<usize>) {
        let won = funnel::is_won(record);
        self.calls += 1;
        self.days = Some(self.days.map_or((day, day), |(first, last)| (first.min(day), last.max(day))));
        self.seconds = self.seconds.saturating_add(record.seconds.unwrap_or(0).max(0));
        self.won.add(won);
        self.weeks.add(day, won);
        let known = ["won", "upgraded", "paused", "lost", "open"];
        let result = record.result.as_deref().unwrap_or("none");
        let result = if known.contains(&result) { result } else { "none" };
        match self.results.get_mut(result) {
            Some(count) => *count += 1,
            None => drop(self.results.insert(result.to_string(), 1)),
        }
        let led = playbook.is_some_and(|playbook| !self.names.book.volumes[playbook].stages.is_empty());
        self.evidence.by_playbook.add(led);
        if led {
            self.evidence.ended.add(record.outcome.is_some());
        }
        for (_, landed) in record.objections.iter().flat_map(objections::said) {
            self.evidence.noted.add(landed.is_some());
        }
        if playbook.is_none() {
            *self.odd.gone.entry(record.playbook.clone()).or_default() += 1;
        }
        self.odd.newer += usize::from(record.version > VERSION);
    }

    /// The number of a call's funnel.
    fn funnel(&mut self, playbook: Option<usize>, record: &Record) -> usize {
        // The calls of a playbook are one funnel, whatever it was called at the time.
        let gone = match playbook {
            Some(_) => String::new(),
            None => format!("{}\u{1}{}", record.playbook, record.language),
        };
        let (funnels, book) = (&mut self.funnels, self.names.book);
        *self.numbers.entry((playbook, gone)).or_insert_with(|| {
            funnels.push(funnel::Counting::new(book, playbook, record));
            funnels.len() - 1
        })
    }

    /// Puts the prospect on the board.
    fn stand(&mut self, number: usize, prospect: Option<&str>, record: &Record, day: Date) {
        let last = record.path.last();
        let entered = last.map_or(day, |visit| self.day(visit.entered));
        let funnel = &mut self.funnels[number];
        let stage = last.map(|visit| funnel.stage(&visit.stage));
        let mut truth = false;
        for visit in &record.path {
            let number = funnel.stage(&visit.stage);
            truth |= funnel.named(number).moment_of_truth;
        }
        let ended = board::Ended {
            funnel: number,
            playbook: funnel.called(),
            stage: stage.map(|stage| (stage, funnel.named(stage))),
            truth,
        };
        self.board.add(prospect, record, day, entered, &ended);
    }

    /// The report.
    pub fn finish(mut self) -> Report {
        let until = self.scope.until;
        let from = self.scope.since.or(self.days.map(|(first, _)| first)).unwrap_or(until);
        let days = i64::from((until - from).get_days()).max(0) + 1;
        let stage = |funnel: usize, number: usize| {
            let stage = self.funnels[funnel].named(number);
            let (playbook, _) = self.funnels[funnel].called();
            (playbook.to_string(), stage.stage.clone(), stage.title.clone())
        };
        let (objections, categories) = self.objections.finish(&self.names, stage);
        let names = &self.names;
        let volumes: Vec<usize> = self.funnels.iter().filter_map(|funnel| funnel.volume).collect();
        let common = self.common.finish(|kind, id| called(names, &volumes, kind, id));
        let weeks = self.weeks.finish();
        let metrics = self.metrics.finish(days);
        let mut playbooks: Vec<Funnel> = self.funnels.into_iter().map(funnel::Counting::finish).collect();
        playbooks
            .sort_by(|a, b| (b.calls, &a.playbook, &a.language).cmp(&(a.calls, &b.playbook, &b.language)));
        let (prospects, board) = self.board.finish(until);
        let evidence = &mut self.evidence;
        for metric in metrics.iter().filter(|metric| metric.target.is_some()) {
            let stands = metric.stand.is_some_and(|stand| stand != Stand::TooFew);
            evidence.measured.add(stands && metric.rate.is_enough());
        }
        for objection in &objections {
            evidence.compared.add(objection.responses.iter().any(|response| response.rank.is_some()));
        }
        (evidence.earlier, evidence.later) = weeks::halves(&weeks);
        Report {
            version: REPORT_VERSION,
            scope: self.scope,
            minimum: ENOUGH,
            confidence: CONFIDENCE,
            calls: self.calls,
            first: self.days.map(|(first, _)| first),
            last: self.days.map(|(_, last)| last),
            seconds: self.seconds,
            won: self.won,
            results: self.results,
            prospects,
            weeks,
            playbooks,
            categories,
            objections,
            closes: self.closes.finish(&self.names),
            no_answer: self.unanswered.finish(),
            metrics,
            reps: self.reps.finish(),
            common,
            board,
            maturity: Maturity::of(self.evidence),
            odd: self.odd,
        }
    }
}

/// What people call something that calls have in common; the id where the book does not have it.
fn called(names: &names::Names, volumes: &[usize], kind: &str, id: &str) -> String {
    let book = names.book;
    fn title<T: Part + 'static>(
        names: &names::Names,
        volumes: &[usize],
        id: &str,
        of: impl Fn(&T) -> String,
    ) -> Option<String> {
        let find = |volume: &usize| {
            let language = names.book.volumes[*volume].language.to_string();
            names.part::<T>(Some(*volume), &language, None, id)
        };
        volumes.iter().find_map(find).map(|part| of(names.book.get(part)))
    }
    let question = |id: &str| {
        let text = |volume: usize, markup: &model::Markup| {
            let filled = fill(markup.source(), &defaults(book, volume));
            markdown::to_plain(&Titles::of(book, volume).label(filled))
        };
        // A question that stands only in its line is called by stage and line.
        let of_line = |(stage, line): (&str, &str)| {
            let line: usize = line.parse().ok()?;
            volumes.iter().find_map(|volume| {
                let stages = &book.volumes[*volume].stages;
                let stage = stages.iter().find(|one| names::is_called(&one.id, &one.common, stage))?;
                match &stage.script.get(line.checked_sub(1)?)?.content {
                    model::LineContent::AskText(markup) => Some(text(*volume, markup)),
                    _ => None,
                }
            })
        };
        let found = volumes.iter().find_map(|volume| {
            let language = book.volumes[*volume].language.to_string();
            names.part::<model::Question>(Some(*volume), &language, None, id)
        });
        match found {
            Some(part) => Some(text(part.volume, &book.get(part).ask)),
            None => id.rsplit_once('/').and_then(of_line),
        }
    };
    let objection = |id: &str| title(names, volumes, id, |card: &model::Objection| card.title.clone());
    let found = match kind {
        "objection" => objection(id),
        "response" => id
            .split_once('/')
            .and_then(|(card, response)| objection(card).map(|title| format!("{title} → {response}"))),
        "close" => title(names, volumes, id, |close: &model::Close| close.title.clone()),
        "signal" => title(names, volumes, id, |signal: &model::Signal| signal.title.clone()),
        _ => question(id),
    };
    found.unwrap_or_else(|| id.to_string())
}
