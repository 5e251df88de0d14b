//! `call`: a call is led through a playbook, and what happened is kept.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::fill::{Fill, find_playbook, misfit};
use super::landed::FromCalls;
use super::ui::{Checked, Failure, Stop, Ui, zone};
use crate::book::{Book, brief};
use crate::calls::landed::{Kept, Landed};
use crate::calls::{Header, Titles, VERSION, summary};
use crate::language::Language;
use crate::project;
use crate::script::values::Given;
use crate::script::walk::{Event, Place, Walk};
use crate::script::{Request, Script, for_call};
use crate::store::journal::{self, Unfinished, unfinished};
use crate::store::{Session, Unkept, new_id, now};
use crate::tui::call::Needs;
use crate::tui::search::Shelf;
use crate::tui::{self, Theme, Tty};

/// The longest line of events, in bytes.
const MAX_LINE: u64 = 1 << 20;

/// The arguments of `call`.
#[derive(clap::Args)]
pub struct Args {
    /// The id of the playbook
    #[arg(required_unless_present = "resume")]
    playbook: Option<String>,
    #[command(flatten)]
    fill: Fill,
    /// Who calls
    #[arg(long, value_name = "NAME", env = "CALLBOOK_REP", hide_env_values = true)]
    rep: Option<String>,
    /// What sort of prospect it is, for reports; may be repeated
    #[arg(long, value_name = "NAME")]
    segment: Vec<String>,
    /// Go on with a call that was not ended; its id, or the beginning of it, where there are several
    #[arg(long, value_name = "ID", num_args = 0..=1, default_missing_value = "")]
    resume: Option<String>,
    /// Act on events from a file (`-` for standard input), a JSON object a line: {"do": "next"}
    #[arg(long, value_name = "FILE")]
    events: Option<PathBuf>,
    /// Write the summary (Markdown) to a file when the call is over
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    calls: FromCalls,
}

/// A call that is to be led, and what its script was made from.
struct Led {
    session: Session,
    volume: usize,
    /// The values that were there before anything happened.
    values: BTreeMap<String, Given>,
}

/// One line of `--events`: an event, and perhaps when it happened.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    at: Option<Timestamp>,
    #[serde(flatten)]
    event: Event,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let store = ui.store(self.calls.store())?;
        let checked = ui.load()?;
        ui.mention_errors(checked.errors());
        // Opened before the call begins: without it there is none.
        let events = self.events.as_deref().map(|path| source(path)).transpose()?;
        let led = match &self.resume {
            Some(id) => self.resumed(ui, &checked.book, &store, id)?,
            None => self.begun(ui, &checked.book, &store)?,
        };
        let (mut session, refused) = match events {
            // A call that was ended but not put into the store only has to be.
            _ if led.session.walk().is_ended() => (led.session, 0),
            Some(events) => act_on(ui, led.session, events)?,
            None => (screen(ui, &checked, led)?, 0),
        };
        if session.walk().events().is_empty() {
            session.discard()?;
            ui.note(NOTHING);
            return if refused > 0 { Err(Stop::Nothing) } else { Ok(()) };
        }
        if !session.walk().is_ended() {
            session.retry();
            if let Some(trouble) = session.trouble() {
                return Err(unsaved(session.unsaved(), &trouble.to_string(), &session.header().id));
            }
            ui.note(&resume_with(&session.header().id));
            return if refused > 0 { Err(Stop::Nothing) } else { Ok(()) };
        }
        let titles = Titles::of(session.walk().script());
        let done = session.finish();
        let record = match &done {
            Ok(record) => record,
            Err(unkept) => &*unkept.record,
        };
        let text = summary(record, &titles, &zone());
        match &self.output {
            Some(path) => {
                project::write_file(path, text.as_bytes())?;
                ui.note(&format!("wrote {}", path.display()));
            }
            // Events have answers of their own there.
            None if self.events.is_none() => ui.out(&text)?,
            None => {}
        }
        match done {
            Ok(record) => ui.note(&format!("kept as call {}", record.id)),
            Err(Unkept { record, error, unsaved: count }) if count > 0 => {
                return Err(unsaved(count, &error.to_string(), &record.id));
            }
            Err(Unkept { record, error, .. }) => {
                let hint = format!("nothing is lost; try `callbook call --resume {}`", record.id);
                return Err(Failure::stop(error.to_string(), Some(hint)));
            }
        }
        if refused > 0 { Err(Stop::Nothing) } else { Ok(()) }
    }

    fn begun(&self, ui: &mut Ui, book: &Book, store: &Path) -> Result<Led, Stop> {
        let playbook = self.playbook.as_deref().unwrap_or_default();
        let volume = self.fill.playbook(book, playbook)?;
        let mut values = self.fill.given(ui, book, volume)?;
        if let Some(rep) = self.rep.as_deref().filter(|rep| !rep.trim().is_empty()) {
            values.entry("rep".to_string()).or_insert(Given::Text(rep.to_string()));
        }
        let text = |value: &Given| match value {
            Given::Text(text) => text.clone(),
            Given::List(items) => items.join(", "),
        };
        let rep = values.get("rep").map(text).filter(|rep| !rep.trim().is_empty());
        let mut landed = self.calls.landed(ui, None);
        landed.follow(book);
        let landed = landed.kept(book.volumes[volume].language.as_str());
        let kept = values.iter().filter(|(name, _)| *name != "rep" && *name != "today");
        let header = Header {
            version: VERSION,
            id: new_id(),
            playbook: book.volumes[volume].id.to_string(),
            language: book.volumes[volume].language.to_string(),
            rep,
            given: kept.map(|(name, value)| (name.clone(), text(value))).collect(),
            segment: self.segment.clone(),
            started: now(),
            landed,
            demo: false,
        };
        let first = script(book, volume, values.clone(), &header.landed);
        let session = Session::begin(store, first, header);
        if let Some(trouble) = session.trouble() {
            ui.warn(&format!("{trouble}; it is tried again with every step"));
        }
        Ok(Led { session, volume, values })
    }

    fn resumed(&self, ui: &mut Ui, book: &Book, store: &Path, id: &str) -> Result<Led, Stop> {
        let (mut all, faults) = unfinished(store)?;
        // One in which nothing happened is gone on with only where it is named.
        all.retain(|one| !id.is_empty() || !one.events.is_empty());
        for fault in faults {
            ui.warn(&fault.to_string());
        }
        let mut fits = all.iter().filter(|one| one.header.id.starts_with(id));
        let one = match (fits.next(), fits.next()) {
            (Some(one), None) => one,
            (Some(_), Some(_)) => {
                let line = |one: &Unfinished| {
                    let Header { id, playbook, started, .. } = &one.header;
                    format!("  {id}  {playbook}  {started}")
                };
                let list: Vec<String> =
                    all.iter().filter(|one| one.header.id.starts_with(id)).map(line).collect();
                let message = format!("several calls were not ended:\n{}", list.join("\n"));
                return Err(Failure::stop(message, Some("name one: `callbook call --resume ID`".into())));
            }
            (None, _) if all.is_empty() => {
                ui.failure(&Failure::new("no call was left unended", None));
                return Err(Stop::Nothing);
            }
            (None, _) => {
                let hint = "see them with `callbook call --resume`".to_string();
                ui.failure(&Failure::new(
                    format!("no call that was not ended is `{}`", brief(id)),
                    Some(hint),
                ));
                return Err(Stop::Nothing);
            }
        };
        let lang = Language::parse(&one.header.language).ok();
        let volume = find_playbook(book, &one.header.playbook, lang.as_ref())?;
        let mut values: BTreeMap<String, Given> =
            one.header.given.iter().map(|(name, text)| (name.clone(), Given::Text(text.clone()))).collect();
        if let Some(rep) = &one.header.rep {
            values.insert("rep".to_string(), Given::Text(rep.clone()));
        }
        values.insert("today".to_string(), Given::Text(ui.today().to_string()));
        // As it was when the call began, or what happened would not mean the same.
        let landed = &one.header.landed;
        let first = script(book, volume, values.clone(), landed);
        let mut session = Session::resume(store, first, one, now())?;
        let known = session.record();
        let fields = known.prospect.iter().map(|(name, value)| (format!("prospect.{name}"), value));
        let others = known.variables.iter().map(|(name, value)| (name.clone(), value));
        let rep = known.rep.iter().map(|rep| ("rep".to_string(), rep));
        let all = fields.chain(others).chain(rep).map(|(name, value)| (name, Given::Text(value.clone())));
        let mut filled = values.clone();
        filled.extend(all);
        session.refill(script(book, volume, filled, landed));
        let lapsed = session.walk().lapsed() + one.unread;
        if lapsed > 0 {
            ui.warn(&format!("{lapsed} steps of the call do not fit the playbook any more; they are kept"));
        }
        Ok(Led { session, volume, values })
    }
}

/// Where events come from.
fn source(path: &Path) -> Result<Box<dyn BufRead>, Stop> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(BufReader::new(std::io::stdin())));
    }
    let fail = |error| Failure::stop(format!("cannot read `{}`: {error}", path.display()), None);
    Ok(Box::new(BufReader::new(File::open(path).map_err(fail)?)))
}

/// Acts on every line, and acknowledges each with a line when it is on disk.
fn act_on(ui: &mut Ui, mut session: Session, mut from: Box<dyn BufRead>) -> Result<(Session, usize), Stop> {
    let mut refused = 0;
    for number in 1.. {
        let mut line = String::new();
        let read = (&mut from).take(MAX_LINE).read_line(&mut line);
        let length = read.map_err(|error| Failure::stop(format!("cannot read the events: {error}"), None))?;
        if length == 0 || session.walk().is_ended() {
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        let done = match serde_json::from_str::<Line>(&line) {
            Ok(Line { at, event }) => {
                session.act(event, at.unwrap_or_else(now)).map_err(|refused| (refused.message, refused.hint))
            }
            Err(error) => Err((format!("this is not an event: {error}"), None)),
        };
        let mut answer = json!({"call": session.header().id, "line": number, "ok": done.is_ok()});
        match done {
            Ok(effect) => answer["done"] = serde_json::to_value(effect).unwrap_or_default(),
            Err((message, hint)) => {
                refused += 1;
                answer["error"] = message.into();
                answer["hint"] = hint.into();
            }
        }
        if let Some(trouble) = session.trouble() {
            answer["unsaved"] = trouble.to_string().into();
        }
        answer["place"] = place(session.walk());
        answer["events"] = session.walk().events().len().into();
        ui.out(&format!("{answer}\n"))?;
    }
    Ok((session, refused))
}

/// The guided call on a terminal; gives the session back when it is over or left.
fn screen(ui: &mut Ui, checked: &Checked, led: Led) -> Result<Session, Stop> {
    let Led { session, volume, values } = led;
    let Some(tty) = ui.tty() else {
        return Err(unshown(ui, session, "there is no terminal to show the call on"));
    };
    // Without the lookup there is still a call.
    let lookup = project::open(&checked.folder, ui.cache().as_deref())
        .inspect_err(|error| ui.warn(&format!("nothing can be looked up: {error}")))
        .ok();
    let book = &checked.book;
    let kept = session.header().landed.clone();
    let landed = Landed::of_kept(&session.walk().script().language, &kept);
    let fill = |known: &BTreeMap<String, String>| {
        let mut values = values.clone();
        for (name, value) in known {
            let variable = book.variables(volume).into_iter().find(|variable| variable.name == *name);
            if let Some(wanted) = variable.and_then(|variable| misfit(variable, value)) {
                return Err(format!("this should be {wanted}"));
            }
            values.insert(name.clone(), Given::Text(value.clone()));
        }
        Ok(script(book, volume, values, &kept))
    };
    let needs = Needs {
        index: lookup.as_ref().map(|lookup| &lookup.index),
        shelf: Shelf::of(book).with_landed(landed),
        fill: Box::new(fill),
        clock: Box::new(now),
        today: ui.today(),
        zone: zone(),
        theme: Theme::new(tty.colours),
    };
    // A signal ends the process where it stands; what there is to say is ready before.
    let _ =
        INTERRUPTED.set((session.header().id.clone(), journal::file(session.store(), &session.header().id)));
    let tty = Tty { ended: interrupted, ..tty };
    let (session, done) = tui::call::run(session, needs, &tty);
    match done {
        Ok(()) => Ok(session),
        Err(error) => Err(unshown(ui, session, &format!("the terminal cannot show the call: {error}"))),
    }
}

/// A call without a screen. What happened in it is kept; a journal of nothing would only be in the way.
fn unshown(ui: &mut Ui, session: Session, why: &str) -> Stop {
    if !session.walk().events().is_empty() {
        ui.note(&resume_with(&session.header().id));
    } else if let Err(error) = session.discard() {
        return error.into();
    }
    let hint = "act with `--events -`: a line of JSON for each step".to_string();
    Failure::stop(why, Some(hint))
}

/// The id of the call that is on the screen, and its journal.
static INTERRUPTED: OnceLock<(String, PathBuf)> = OnceLock::new();

/// Ends the process for a signal, and says how the call can be gone on with.
fn interrupted(signal: i32) {
    if let Some((id, journal)) = INTERRUPTED.get() {
        // There is one as soon as something happened.
        let text = if journal.exists() { resume_with(id) } else { NOTHING.to_string() };
        let _ = writeln!(std::io::stderr(), "{text}");
    }
    // Shells tell of a signal by 128 and its number.
    std::process::exit(128 + signal)
}

const NOTHING: &str = "nothing happened, so nothing is kept";

/// What did not get onto the disk is gone with the program.
fn unsaved(count: usize, why: &str, id: &str) -> Stop {
    let steps = if count == 1 { "the last step".to_string() } else { format!("the last {count} steps") };
    let hint = format!("make room; `callbook call --resume {id}` goes on before them, if anything was kept");
    Failure::stop(format!("{steps} of the call could not be kept: {why}"), Some(hint))
}

fn resume_with(id: &str) -> String {
    format!("the call is not ended; go on with `callbook call --resume {id}`")
}

/// The script of a call, its responses in the order of what calls said when it began.
fn script(book: &Book, volume: usize, given: BTreeMap<String, Given>, landed: &Kept) -> Arc<Script> {
    let mut script = for_call(book, volume, &Request { given, public: false });
    Landed::of_kept(&script.language, landed).show_in_script(&mut script);
    Arc::new(script)
}

/// Where a call stands, for programs.
fn place(walk: &Walk) -> Value {
    match walk.place() {
        Place::Script { stage, line } => {
            json!({"at": "script", "stage": stage.map(|stage| &stage.id), "line": line + 1})
        }
        Place::Objection { objection, response, turn, used, accepting, times } => json!({
            "at": "objection", "card": objection.id, "playbook": objection.playbook,
            "response": response.map(|response| &response.id), "turn": turn + 1, "used": used,
            "accept": accepting, "times": times,
        }),
        Place::Close { close } => json!({"at": "close", "close": close.id}),
        Place::Ending { outcome } => json!({"at": "ending", "outcome": outcome.map(|outcome| &outcome.id)}),
        Place::Ended => json!({"at": "ended"}),
    }
}
