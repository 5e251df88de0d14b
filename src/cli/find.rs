//! `find`: the best cards for what was heard.

use std::io::{BufRead, BufReader, IsTerminal, Read};
use std::path::{Path, PathBuf};
use std::time::Instant;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::landed::FromCalls;
use super::ui::{Failure, Stop, Ui};
use crate::book::brief;
use crate::calls::landed::Landed;
use crate::card::{Card, CardKind};
use crate::diagnostic::did_you_mean;
use crate::language::Language;
use crate::project::{self, Lookup};
use crate::render;
use crate::search::{Filters, Found, Hit, Look, Names, SearchError};
use crate::tui::search::{Answer, Search, Shelf};
use crate::tui::{self, Theme, Tty};

/// The longest line of a batch, in bytes.
const MAX_LINE: u64 = 1 << 20;

/// The kinds of objections, as filters take them.
const OBJECTION_KINDS: [&str; 5] = ["question", "brush-off", "smokescreen", "objection", "condition"];

/// The arguments of `find`.
#[derive(clap::Args)]
pub struct Args {
    /// What was heard, in the buyer's own words; `-` reads it from standard input. Without any, on a
    /// terminal: search as you type
    words: Vec<String>,
    /// Only in a language: en, vi, zh (takes in zh-Hant), ms; may be repeated
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Vec<Language>,
    /// Only what a playbook may use
    #[arg(long, value_name = "ID")]
    playbook: Vec<String>,
    /// Only what is prepared for a stage: discover, or saas-outbound/discover
    #[arg(long, value_name = "ID")]
    stage: Vec<String>,
    /// Only a category: price, timing, …
    #[arg(long, value_name = "NAME")]
    category: Vec<String>,
    /// Only a kind of card (objection, close, question, …) or of objection (brush-off, …)
    #[arg(long, value_name = "NAME")]
    kind: Vec<String>,
    /// Only cards with a tag
    #[arg(long, value_name = "KEY=VALUE", value_parser = tag)]
    tag: Vec<(String, String)>,
    /// How many cards at most
    #[arg(short = 'n', long = "limit", value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Answer every line of a file (`-` for standard input): a query, or JSON {"q": …, "language": …}
    #[arg(long, value_name = "FILE", conflicts_with = "words")]
    batch: Option<PathBuf>,
    /// Say why each card ranks where it does
    #[arg(long, conflicts_with = "batch")]
    explain: bool,
    /// How to show the cards [default: human; jsonl for a batch]
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Keep no index on disk
    #[arg(long)]
    no_cache: bool,
    #[command(flatten)]
    calls: FromCalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
    /// For programs, one line a query.
    Jsonl,
}

fn tag(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() && !value.is_empty() => {
            Ok((key.to_string(), value.to_string()))
        }
        _ => Err("write KEY=VALUE, such as persona=finance".to_string()),
    }
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let query = match &self.words[..] {
            [dash] if dash == "-" => read_stdin()?,
            words => words.join(" "),
        };
        let tty = if self.batch.is_none() && self.words.is_empty() { ui.tty() } else { None };
        if self.batch.is_none() && query.trim().is_empty() && tty.is_none() {
            let hint = "write what you heard: `callbook find it costs too much`".to_string();
            return Err(Failure::stop("there are no words to look up", Some(hint)));
        }
        let folder = ui.folder()?;
        let lookup = ui.lookup(&folder, self.no_cache)?;
        let languages = self.known_filters(ui, &lookup)?;
        match (&self.batch, tty) {
            (Some(path), _) => self.answer_all(ui, &lookup, &languages, path),
            (None, Some(tty)) => self.ask(ui, &lookup, languages, &folder, &tty),
            (None, None) => {
                let done = self.answer(ui, &lookup, &languages, &query);
                // The process ends here; what it has mapped goes faster with it than by itself.
                std::mem::forget(lookup);
                done
            }
        }
    }

    /// Warns of filters that name nothing that is there, and gives the languages that are meant: where the book has no card in `zh-TW`, those in `zh-Hant` are.
    fn known_filters(&self, ui: &mut Ui, lookup: &Lookup) -> Result<Vec<Language>, Stop> {
        let fail = |error: SearchError| {
            Failure::stop(error.to_string(), Some("try again with `--no-cache`".to_string()))
        };
        let filters = [
            ("playbook", &self.playbook, Names::Playbooks),
            ("stage", &self.stage, Names::Stages),
            ("category", &self.category, Names::Categories),
            ("kind", &self.kind, Names::Kinds),
        ];
        for (noun, wanted, names) in filters.into_iter().filter(|(_, wanted, _)| !wanted.is_empty()) {
            let known = lookup.index.names(names).map_err(fail)?;
            let kinds: Vec<&str> = match names {
                // A kind that the book has no card of is still a kind.
                Names::Kinds => {
                    CardKind::ALL.map(CardKind::as_str).into_iter().chain(OBJECTION_KINDS).collect()
                }
                _ => Vec::new(),
            };
            let known: Vec<&str> = known.iter().map(String::as_str).chain(kinds).collect();
            for name in wanted.iter().filter(|name| !known.contains(&name.to_lowercase().as_str())) {
                let hint = did_you_mean(name, known.iter().copied()).map(|hint| format!("; {hint}"));
                ui.warn(&format!("no card has the {noun} `{}`{}", brief(name), hint.unwrap_or_default()));
            }
        }
        if self.lang.is_empty() {
            return Ok(Vec::new());
        }
        let known = lookup.index.names(Names::Languages).map_err(fail)?;
        Ok(self.lang.iter().map(|language| language.among(&known)).collect())
    }

    fn filters(&self, languages: Vec<Language>) -> Filters {
        Filters {
            languages,
            playbooks: self.playbook.clone(),
            stages: self.stage.clone(),
            categories: self.category.clone(),
            kinds: self.kind.clone(),
            tags: self.tag.clone(),
        }
    }

    fn look(&self, lookup: &Lookup, query: &str, languages: Vec<Language>) -> Result<Found, Stop> {
        let look = Look { limit: usize::from(self.limit), typing: false, explain: self.explain };
        lookup.index.look(query, &self.filters(languages), look).map_err(|error| {
            Failure::stop(error.to_string(), Some("try again with `--no-cache`".to_string()))
        })
    }

    /// What calls say of the responses of cards.
    fn landed<'a>(&self, ui: &mut Ui, cards: impl Iterator<Item = &'a Card>) -> Landed {
        let objections = cards.filter(|card| card.kind == CardKind::Objection);
        let mut ids: Vec<&str> = objections
            .flat_map(|card| std::iter::once(&card.id).chain(&card.was))
            .map(String::as_str)
            .collect();
        ids.sort_unstable();
        ids.dedup();
        self.calls.landed(ui, Some(&ids))
    }

    fn answer(&self, ui: &mut Ui, lookup: &Lookup, languages: &[Language], query: &str) -> Result<(), Stop> {
        let started = Instant::now();
        let found = self.look(lookup, query, languages.to_vec())?;
        let elapsed = started.elapsed().as_micros();
        let landed = self.landed(ui, found.hits.iter().chain(&found.near).map(|hit| &hit.card));
        let found = ordered(found, &landed);
        match self.format.unwrap_or(Format::Human) {
            Format::Human => human(ui, query, &found, &landed)?,
            Format::Json => {
                let value = render::found(query, self.lang.first(), &found, &landed, elapsed);
                ui.out(&format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()))?;
            }
            Format::Jsonl => {
                ui.out(&format!("{}\n", render::found(query, self.lang.first(), &found, &landed, elapsed)))?
            }
        }
        if found.hits.is_empty() { Err(Stop::Nothing) } else { Ok(()) }
    }

    /// Lets a person search while typing, and shows the card that they take.
    fn ask(
        &self,
        ui: &mut Ui,
        lookup: &Lookup,
        languages: Vec<Language>,
        folder: &Path,
        tty: &Tty,
    ) -> Result<(), Stop> {
        let (send, coming) = std::sync::mpsc::channel();
        let folder = folder.to_path_buf();
        let landed = self.calls.later(ui);
        // What lies ready before anything is typed takes the whole book, which may be large; typing
        // needs only the index. It ends with the process, whether or not anybody waits for it.
        std::thread::spawn(move || {
            if let Ok(book) = project::book(&folder) {
                let mut landed = landed();
                landed.follow(&book);
                let _ = send.send(Shelf::of(&book).with_landed(landed));
            }
        });
        let mut screen = Search::new(&lookup.index, self.filters(languages), Theme::new(tty.colours))
            .with_shelf_from(coming);
        let answer = tui::run(&mut screen, tty).map_err(|error| {
            let hint = "write what you heard: `callbook find it costs too much`".to_string();
            Failure::stop(format!("the terminal cannot show the search: {error}"), Some(hint))
        })?;
        let Answer::Taken { mut hit, rank, query } = answer else { return Err(Stop::Nothing) };
        let landed = self.landed(ui, std::iter::once(&hit.card));
        landed.order_card(&mut hit.card);
        let text = match self.format.unwrap_or(Format::Human) {
            Format::Human => {
                let (columns, _) = ui.size();
                render::card_with(&hit.card, hit.matched.as_deref(), &landed, columns, usize::MAX)
            }
            Format::Json | Format::Jsonl => {
                // The time was a person's.
                let value = json!({
                    "query": query,
                    "language": self.lang.first().map(Language::as_str),
                    "total": 1,
                    "elapsed_us": 0,
                    "hits": [render::hit(rank, &hit, &landed)],
                });
                match self.format {
                    Some(Format::Jsonl) => format!("{value}\n"),
                    _ => format!("{}\n", serde_json::to_string_pretty(&value).unwrap_or_default()),
                }
            }
        };
        ui.out(&text)
    }

    /// Answers a batch. Each line gets one line, in order, a faulty one with an `error`.
    fn answer_all(
        &self,
        ui: &mut Ui,
        lookup: &Lookup,
        languages: &[Language],
        path: &Path,
    ) -> Result<(), Stop> {
        let shown = path.display();
        let fail = |error: std::io::Error| Failure::stop(format!("cannot read `{shown}`: {error}"), None);
        let input: Box<dyn Read> = match path.as_os_str() == "-" {
            true => Box::new(std::io::stdin()),
            false => Box::new(std::fs::File::open(path).map_err(fail)?),
        };
        let mut input = BufReader::new(input);
        let known = lookup.index.names(Names::Languages).unwrap_or_default();
        let landed = self.calls.landed(ui, None);
        let mut line = Vec::new();
        loop {
            line.clear();
            let read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line).map_err(fail)?;
            if read == 0 {
                return Ok(());
            }
            let started = Instant::now();
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_start_matches('\u{FEFF}').trim();
            let value = match query_of(text) {
                Ok((query, language)) => {
                    let wanted =
                        language.as_ref().map_or_else(|| languages.to_vec(), |one| vec![one.among(&known)]);
                    let found = ordered(self.look(lookup, &query, wanted)?, &landed);
                    let language = language.as_ref().or(self.lang.first());
                    render::found(&query, language, &found, &landed, started.elapsed().as_micros())
                }
                Err(error) => json!({"query": text, "error": error, "total": 0, "hits": []}),
            };
            if self.format == Some(Format::Human) {
                let best = value["hits"][0]["title"].as_str().unwrap_or("–").to_string();
                ui.out(&format!("{} → {best}\n", render::wrap::harmless(text)))?;
            } else {
                ui.out(&format!("{value}\n"))?;
            }
        }
    }
}

/// Puts the responses of every hit in the order of what calls say.
fn ordered(mut found: Found, landed: &Landed) -> Found {
    let all = found.hits.iter_mut().chain(&mut found.near);
    all.for_each(|hit| landed.order_card(&mut hit.card));
    found
}

/// A line of a batch: a query as it is, or JSON with `q` and perhaps `language`.
fn query_of(line: &str) -> Result<(String, Option<Language>), String> {
    if !line.starts_with('{') {
        return Ok((line.to_string(), None));
    }
    let value: Value = serde_json::from_str(line).map_err(|error| format!("this is not JSON: {error}"))?;
    let query = value.get("q").and_then(Value::as_str).ok_or("there is no text under `q`")?;
    let language = match value.get("language") {
        None | Some(Value::Null) => None,
        Some(Value::String(tag)) => Some(Language::parse(tag)?),
        Some(_) => return Err("`language` should be a text such as \"vi\"".to_string()),
    };
    Ok((query.to_string(), language))
}

fn read_stdin() -> Result<String, Stop> {
    if std::io::stdin().is_terminal() {
        return Ok(String::new());
    }
    let mut bytes = Vec::new();
    std::io::stdin()
        .take(MAX_LINE)
        .read_to_end(&mut bytes)
        .map_err(|error| Failure::stop(format!("cannot read standard input: {error}"), None))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn human(ui: &mut Ui, query: &str, found: &Found, landed: &Landed) -> Result<(), Stop> {
    let (columns, lines) = ui.size();
    let Some(best) = found.hits.first() else {
        let query = render::wrap::cut(query, 48);
        ui.note(&format!("nothing in the book fits “{query}”"));
        let mut text = String::new();
        for (index, hit) in found.near.iter().enumerate() {
            if index == 0 {
                text += "nearest, though they do not fit:\n";
            }
            text += &render::hit_line(index + 1, &hit.card, columns);
            text += &reasons(hit);
        }
        return ui.out(&text);
    };
    let others = found.hits.len() - 1;
    // One line stays free for the prompt, one between the card and the list.
    let room = lines.saturating_sub(2 + others + usize::from(others > 0));
    let mut text = render::card_with(&best.card, best.matched.as_deref(), landed, columns, room.max(6));
    text += &reasons(best);
    if others > 0 {
        text.push('\n');
        for (index, hit) in found.hits.iter().enumerate().skip(1) {
            text += &render::hit_line(index + 1, &hit.card, columns);
            text += &reasons(hit);
        }
    }
    ui.out(&text)
}

/// Why a card has its score, a line a reason; nothing where that was not asked for.
fn reasons(hit: &Hit) -> String {
    /// Reasons of less than this share of the score are left out.
    const LEAST: f32 = 0.03;
    if hit.reasons.is_empty() {
        return String::new();
    }
    let mut text = format!("   score {:.1}\n", hit.score);
    for reason in hit.reasons.iter().filter(|reason| reason.part.abs() >= LEAST * hit.score) {
        let what = match (reason.kind, &reason.told_by[..]) {
            ("words", _) => format!("says “{}”", reason.what),
            ("situation", []) => format!("situation {}", reason.what),
            ("situation", told) => format!("situation {}, told by “{}”", reason.what, told.join("”, “")),
            _ => reason.what.clone(),
        };
        text += &format!("   {:+6.1}  {}\n", reason.part, render::wrap::harmless(&what));
    }
    text
}
