//! `calls`: the records of calls.

mod demo;
mod import;

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use serde_json::json;

use super::ui::{Failure, Stop, Ui, zone};
use crate::book::brief;
use crate::book::model::{Date, parse_date};
use crate::calls::table::Csv;
use crate::calls::{Record, Titles, summary};
use crate::language::Language;
use crate::project;
use crate::render::wrap::{cut, harmless, width};
use crate::script::{Request, for_call};
use crate::store::journal::unfinished;
use crate::store::{Deleted, Filter, Found, Part, Store, forget};

/// How much is gathered before it is written, in bytes.
const CHUNK: usize = 1 << 16;
/// The widest cell of a list, in columns.
const WIDEST: usize = 60;

/// The arguments of `calls`.
#[derive(clap::Args)]
pub struct Args {
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, global = true, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List calls, newest first
    List(List),
    /// Show what a call came to
    Show(Show),
    /// Take in records: one, an array, or one a line
    Import(import::Import),
    /// Write records for other programs
    Export(Export),
    /// Delete calls, or everything about a prospect
    Delete(Delete),
    /// Make up calls, to try reports with
    Demo(demo::Demo),
}

/// Which calls are meant.
#[derive(clap::Args)]
struct Which {
    /// Begun on this day or later
    #[arg(long, value_name = "DATE", value_parser = date)]
    since: Option<Date>,
    /// Begun on this day or earlier
    #[arg(long, value_name = "DATE", value_parser = date)]
    until: Option<Date>,
    /// Only with a playbook
    #[arg(long, value_name = "ID")]
    playbook: Option<String>,
    /// Only of a rep
    #[arg(long, value_name = "NAME")]
    rep: Option<String>,
    /// Only with an outcome, or what it means: won, upgraded, paused, lost, open
    #[arg(long, value_name = "ID")]
    outcome: Option<String>,
    /// Only with a prospect: any name they go by, or the company
    #[arg(long, value_name = "NAME")]
    prospect: Option<String>,
}

#[derive(clap::Args)]
struct List {
    #[command(flatten)]
    which: Which,
    /// How many at most
    #[arg(short = 'n', long = "limit", value_name = "N")]
    limit: Option<usize>,
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(clap::Args)]
struct Show {
    /// The call's id, or the beginning of it
    id: String,
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(clap::Args)]
struct Export {
    #[command(flatten)]
    which: Which,
    /// In which format
    #[arg(long, value_name = "FORMAT", default_value = "json")]
    format: Table,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Begin a CSV file with a byte order mark, which some spreadsheets need to read it right
    #[arg(long)]
    bom: bool,
}

#[derive(clap::Args)]
struct Delete {
    /// The calls' ids, or the beginnings of them
    #[arg(required_unless_present = "prospect")]
    ids: Vec<String>,
    /// Everything about a prospect: any name they go by, or the company
    #[arg(long, value_name = "NAME", conflicts_with = "ids")]
    prospect: Option<String>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Table {
    /// Whole records, an array.
    Json,
    /// A row a call, for a CRM or a spreadsheet.
    Csv,
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "write year-month-day, such as 2027-01-31".to_string())
}

impl Which {
    /// Days begin where the reader is.
    fn filter(&self) -> Filter {
        let start = |day: Date| Some(day.to_zoned(zone()).ok()?.timestamp());
        Filter {
            since: self.since.and_then(start),
            until: self.until.and_then(|day| start(day.tomorrow().ok()?)),
            playbook: self.playbook.clone(),
            rep: self.rep.clone(),
            outcome: self.outcome.clone(),
            prospect: self.prospect.clone(),
            demo: None,
            limit: None,
        }
    }
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let path = ui.store(self.store.as_deref())?;
        match &self.command {
            Command::List(list) => list.run(ui, &path),
            Command::Show(show) => show.run(ui, &path),
            Command::Import(import) => import.run(ui, &path),
            Command::Export(export) => export.run(ui, &path),
            Command::Delete(delete) => delete.run(ui, &path),
            Command::Demo(demo) => demo.run(ui, &path),
        }
    }
}

/// What is said where there is nothing, with exit code 1.
fn nothing(ui: &mut Ui, message: &str, hint: Option<&str>) -> Stop {
    ui.failure(&Failure::new(message, hint.map(str::to_string)));
    Stop::Nothing
}

impl List {
    fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        let filter = Filter { limit: self.limit, ..self.which.filter() };
        let store = Store::open_existing(path)?;
        let count = match self.format {
            Format::Human => human(ui, store.as_ref(), &filter)?,
            Format::Json => json(ui, store.as_ref(), &filter)?,
        };
        let (waiting, _) = unfinished(path)?;
        match waiting.len() {
            0 => {}
            1 => ui.note("1 call was not ended; go on with `callbook call --resume`"),
            count => ui.note(&format!("{count} calls were not ended; see `callbook call --resume`")),
        }
        if count == 0 {
            ui.note("there are no such calls");
            return Err(Stop::Nothing);
        }
        Ok(())
    }
}

/// What a list says of a call, for programs.
fn brief_json(record: &Record) -> serde_json::Value {
    json!({
        "id": record.id, "started": record.started, "ended": record.ended, "seconds": record.seconds,
        "playbook": record.playbook, "language": record.language, "rep": record.rep,
        "prospect": record.prospect, "name": record.prospect_name(), "outcome": record.outcome,
        "result": record.result, "stage": record.path.last().map(|visit| &visit.stage),
        "objections": record.objections.len(), "next_step": record.next_step, "demo": record.demo,
    })
}

/// `{"version": 1, "calls": [...]}`, a call a line, written as it is read.
fn json(ui: &mut Ui, store: Option<&Store>, filter: &Filter) -> Result<usize, Stop> {
    let (mut text, mut count, mut stopped) = ("{\"version\": 1, \"calls\": [".to_string(), 0, None);
    let each = |record: Record| {
        text += if count == 0 { "\n  " } else { ",\n  " };
        text += &brief_json(&record).to_string();
        count += 1;
        if text.len() > CHUNK {
            stopped = ui.out(&text).err();
            text.clear();
        }
        stopped.is_none()
    };
    store.map_or(Ok(()), |store| store.each(filter, Part::Record, each))?;
    if let Some(stop) = stopped {
        return Err(stop);
    }
    text += if count == 0 { "]}\n" } else { "\n]}\n" };
    ui.out(&text)?;
    Ok(count)
}

fn human(ui: &mut Ui, store: Option<&Store>, filter: &Filter) -> Result<usize, Stop> {
    let zone = zone();
    let mut rows: Vec<[String; 6]> = Vec::new();
    let each = |record: Record| {
        let started = record.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
        let outcome = match (&record.outcome, record.ended) {
            (Some(outcome), _) => outcome.clone(),
            (None, Some(_)) => "-".to_string(),
            (None, None) => "not ended".to_string(),
        };
        let name = record.prospect_name();
        let rep = record.rep.unwrap_or_default();
        let cells = [record.id, started, record.playbook, outcome, rep, name];
        rows.push(cells.map(|cell| cut(&one_line(&cell), WIDEST)));
        true
    };
    store.map_or(Ok(()), |store| store.each(filter, Part::Record, each))?;
    ui.out(&listed(&rows, ui.size().0))?;
    Ok(rows.len())
}

/// One line a call, in columns.
fn listed(rows: &[[String; 6]], columns: usize) -> String {
    let most = [16, 16, 16, 18, 12];
    let widths: Vec<usize> = (0..5)
        .map(|column| rows.iter().map(|row| width(&row[column])).max().unwrap_or(0).min(most[column]))
        .collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, room) in row.iter().zip(&widths) {
            let cell = cut(cell, *room);
            line += &cell;
            line += &" ".repeat(room.saturating_sub(width(&cell)) + 2);
        }
        line += &row[5];
        out += cut(line.trim_end(), columns).trim_end();
        out.push('\n');
    }
    out
}

fn one_line(text: &str) -> String {
    harmless(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The record that is meant by an id or the beginning of one.
pub(super) fn found(ui: &mut Ui, store: Option<&Store>, id: &str) -> Result<Record, Stop> {
    let found = store.map_or(Ok(Found::None), |store| store.find(id))?;
    match found {
        Found::One(record) => Ok(*record),
        Found::Several(ids) => {
            let message = format!("several calls begin with `{}`: {}", brief(id), ids.join(", "));
            Err(Failure::stop(message, Some("write more of the id".to_string())))
        }
        Found::None => {
            let message = format!("no call is `{}`", brief(id));
            Err(nothing(ui, &message, Some("see the ids with `callbook calls list`")))
        }
    }
}

impl Show {
    fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        let store = Store::open_existing(path)?;
        let record = found(ui, store.as_ref(), &self.id)?;
        if self.format == Format::Json {
            let json = serde_json::to_string_pretty(&record).unwrap_or_default();
            return ui.out(&format!("{json}\n"));
        }
        let titles = titles(ui, &record);
        ui.out(&harmless_lines(&summary(&record, &titles, &zone())))
    }
}

fn harmless_lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", harmless(line))).collect()
}

/// What the book calls the parts of a record, where there is a book and it still has them.
fn titles(ui: &Ui, record: &Record) -> Titles {
    let Ok(checked) = ui.load() else {
        return Titles::default();
    };
    let lang = Language::parse(&record.language).ok();
    match super::fill::find_playbook(&checked.book, &record.playbook, lang.as_ref()) {
        Ok(volume) => Titles::of(&for_call(&checked.book, volume, &Request::default())),
        Err(_) => Titles::default(),
    }
}

impl Export {
    fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        let filter = self.which.filter();
        let store = Store::open_existing(path)?;
        let mut text = String::new();
        let mut csv = Csv::new();
        let mut count = 0;
        let mut stopped = None;
        let to_file = self.output.is_some();
        if self.format == Table::Csv && self.bom {
            text.push('\u{FEFF}');
        }
        let mut each = |record: Record| {
            match self.format {
                Table::Csv => {
                    csv.add(&record);
                    text += &csv.take();
                }
                Table::Json => {
                    text += if count == 0 { "[" } else { ",\n " };
                    text += &serde_json::to_string(&record).unwrap_or_default();
                }
            }
            count += 1;
            if !to_file && text.len() > CHUNK {
                if let Err(stop) = ui.out(&text) {
                    stopped = Some(stop);
                }
                text.clear();
            }
            stopped.is_none()
        };
        if let Some(store) = &store {
            let part = if self.format == Table::Json { Part::Whole } else { Part::Record };
            store.each(&filter, part, &mut each)?;
        }
        if let Some(stop) = stopped {
            return Err(stop);
        }
        match self.format {
            Table::Csv => text += &csv.take(),
            Table::Json => text += if count == 0 { "[]\n" } else { "]\n" },
        }
        match &self.output {
            Some(output) => {
                project::write_file(output, text.as_bytes())?;
                ui.note(&format!("wrote {count} calls to {}", output.display()));
            }
            None => ui.out(&text)?,
        }
        if count == 0 {
            ui.note("there are no such calls");
            return Err(Stop::Nothing);
        }
        Ok(())
    }
}

impl Delete {
    fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        let store = Store::open_existing(path)?;
        let (mut ids, what) = (
            Vec::new(),
            match &self.prospect {
                Some(name) => {
                    let filter = Filter { prospect: Some(name.clone()), ..Filter::default() };
                    let count = store.as_ref().map_or(Ok(0), |store| store.count(&filter))?;
                    format!("everything about `{}` ({})", brief(name), counted(count))
                }
                None => counted(self.ids.len()),
            },
        );
        for id in &self.ids {
            ids.push(found(ui, store.as_ref(), id)?.id);
        }
        if !self.yes {
            if !ui.can_ask() {
                let hint = "add `--yes`".to_string();
                return Err(Failure::stop(format!("{what} would be deleted for good"), Some(hint)));
            }
            if !ui.confirm(&format!("delete {what} for good?"))? {
                ui.note("nothing was deleted");
                return Ok(());
            }
        }
        let mut forgotten = 0;
        let deleted = match (&self.prospect, store) {
            (Some(name), store) => {
                forgotten = forget(path, name)?;
                let filter = Filter { prospect: Some(name.clone()), ..Filter::default() };
                store.map(|mut store| store.delete_all(&filter)).transpose()?
            }
            (None, Some(mut store)) => Some(store.delete(&ids)?),
            (None, None) => None,
        };
        let deleted = deleted.unwrap_or(Deleted { records: 0, swept: true });
        if !deleted.swept {
            ui.warn(
                "another program is reading the store, so the deleted calls may still be in its log; \
                 run the same command again when it is done",
            );
        }
        if deleted.records + forgotten == 0 {
            return Err(nothing(ui, "there was nothing to delete", None));
        }
        ui.note(&format!("deleted {}", counted(deleted.records + forgotten)));
        Ok(())
    }
}

fn counted(count: usize) -> String {
    if count == 1 { "1 call".to_string() } else { format!("{count} calls") }
}
