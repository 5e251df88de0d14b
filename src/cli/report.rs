//! `report`: what calls say.

use std::path::PathBuf;

use clap::ValueEnum;

use super::ui::{Failure, Stop, Ui, zone};
use crate::book::brief;
use crate::book::model::Date;
use crate::calls::report::{Report, Reporter, Scope};
use crate::language::Language;
use crate::project;
use crate::render::report;
use crate::store::{Filter, Part, Store};

/// How many playbooks that are gone are named.
const MENTIONED: usize = 5;

/// The arguments of `report`.
#[derive(clap::Args)]
pub struct Args {
    /// From this day on [default: from the first call]
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    since: Option<Date>,
    /// Up to this day [default: today]
    #[arg(long, value_name = "DATE", value_parser = super::date)]
    until: Option<Date>,
    /// Only calls with a playbook
    #[arg(long, value_name = "ID")]
    playbook: Option<String>,
    /// Only the calls of a rep
    #[arg(long, value_name = "NAME")]
    rep: Option<String>,
    /// Only a sort of prospect
    #[arg(long, value_name = "NAME")]
    segment: Option<String>,
    /// Only made-up calls, also where there are real ones
    #[arg(long)]
    demo: bool,
    /// In which language [default: the book's]
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// For people, for programs, or one self-contained page
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// One self-contained file that prints well.
    Html,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let path = ui.store(self.store.as_deref())?;
        let (_, book) = ui.read()?;
        let until = self.until.unwrap_or_else(|| ui.today());
        if let Some(since) = self.since.filter(|since| *since > until) {
            let message = format!("the report would begin on {since} and end on {until}");
            return Err(Failure::stop(message, Some("put `--since` before `--until`".to_string())));
        }
        let store = Store::open_existing(&path)?;
        let report = self.made(ui, &book, store.as_ref(), until)?;
        if report.calls == 0 {
            let hint = self.next_step(store.as_ref())?;
            ui.failure(&Failure::new("there are no such calls to report on", Some(hint)));
            return Err(Stop::Nothing);
        }
        self.mention(ui, &report, store.as_ref())?;
        let language = self.lang.clone().unwrap_or_else(|| book.language.clone());
        let text = match self.format {
            Format::Human => report::terminal(&report, &language, ui.size().0),
            Format::Json => report::json(&report),
            Format::Html => report::html(&report, &language, &book.title)?,
        };
        match &self.output {
            Some(output) => {
                let text = match self.format {
                    Format::Human => anstream::adapter::strip_str(&text).to_string(),
                    Format::Json | Format::Html => text,
                };
                project::write_file(output, text.as_bytes())?;
                ui.note(&format!("wrote {}", output.display()));
                Ok(())
            }
            None => ui.out(&text),
        }
    }

    fn made(
        &self,
        ui: &Ui,
        book: &crate::book::Book,
        store: Option<&Store>,
        until: Date,
    ) -> Result<Report, Stop> {
        let zone = zone();
        let start = |day: Date| Some(day.to_zoned(zone.clone()).ok()?.timestamp());
        // Made-up calls are for trying it out: they count as long as there are no others.
        let real = Filter { demo: Some(false), limit: Some(1), ..Filter::default() };
        let demo = self.demo || store.map_or(Ok(0), |store| store.count(&real))? == 0;
        let filter = Filter {
            since: self.since.and_then(start),
            until: until.tomorrow().ok().and_then(start),
            playbook: self.playbook.clone(),
            rep: self.rep.clone(),
            demo: Some(demo),
            ..Filter::default()
        };
        let scope = Scope {
            since: self.since,
            until,
            playbook: self.playbook.clone(),
            rep: self.rep.clone(),
            segment: self.segment.clone(),
            demo,
            zone,
        };
        let _busy = ui.busy("reading the calls");
        let mut reporter = Reporter::new(book, scope);
        if let Some(store) = store {
            store.each(&filter, Part::Counted, |record| {
                reporter.add(&record);
                true
            })?;
        }
        Ok(reporter.finish())
    }

    /// What to do where there is nothing to report.
    fn next_step(&self, store: Option<&Store>) -> Result<String, Stop> {
        let any =
            store.map_or(Ok(0), |store| store.count(&Filter { limit: Some(1), ..Filter::default() }))?;
        Ok(match any {
            0 => "`callbook call PLAYBOOK` leads one, and `callbook calls demo` makes some up to try it with",
            _ => "see what there is with `callbook calls list`",
        }
        .to_string())
    }

    /// Says what a reader of the figures should know.
    fn mention(&self, ui: &mut Ui, report: &Report, store: Option<&Store>) -> Result<(), Stop> {
        let made_up = Filter { demo: Some(true), ..Filter::default() };
        if report.scope.demo {
            ui.note("these calls are made up; `callbook calls demo --remove` takes them away");
        } else if let Some(count) = store.map(|store| store.count(&made_up)).transpose()?.filter(|n| *n > 0) {
            ui.note(&format!("{count} made-up calls were left out; `--demo` reports on them"));
        }
        let gone = &report.odd.gone;
        if !gone.is_empty() {
            let names: Vec<String> =
                gone.keys().take(MENTIONED).map(|playbook| format!("`{}`", brief(playbook))).collect();
            let more = gone.len().saturating_sub(MENTIONED);
            let more = if more > 0 { format!(" and {more} others") } else { String::new() };
            let count = match gone.values().sum::<usize>() {
                1 => "1 call was".to_string(),
                count => format!("{count} calls were"),
            };
            ui.warn(&format!(
                "the book has no playbook {}{more}; {count} counted by the ids of the records",
                names.join(", ")
            ));
        }
        if report.odd.newer > 0 {
            ui.warn(&format!(
                "{} of the records are of a newer version; what is known of them was counted",
                report.odd.newer
            ));
        }
        Ok(())
    }
}
