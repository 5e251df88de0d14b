//! `test`: whether what was heard finds its card.

use std::fmt::Write as _;

use clap::ValueEnum;
use serde_json::{Value, json};

use super::ui::{Failure, Stop, Ui};
use crate::book::Book;
use crate::diagnostic::did_you_mean;
use crate::language::Language;
use crate::render::wrap::{cut, harmless, width};
use crate::trial::{Among, Miss, Trial, trial};

/// The arguments of `test`.
#[derive(clap::Args)]
pub struct Args {
    /// How to show the result
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Only the lookups written in a language: en, vi, zh (takes in zh-Hant), ms; may be repeated
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Vec<Language>,
    /// Only the lookups of a playbook or library; may be repeated
    #[arg(long, value_name = "ID")]
    playbook: Vec<String>,
    /// Keep no index on disk
    #[arg(long)]
    no_cache: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let (folder, book) = ui.read()?;
        let lookup = ui.lookup(&folder, self.no_cache)?;
        self.mind_playbooks(ui, &book);
        let among = Among { languages: self.lang.clone(), playbooks: self.playbook.clone() };
        let done = trial(&book, &lookup.index, &among).map_err(|error| {
            Failure::stop(error.to_string(), Some("try again with `--no-cache`".to_string()))
        })?;
        match self.format {
            Format::Human => {
                let (columns, _) = ui.size();
                ui.out(&human(&done, &folder.display().to_string(), columns.clamp(40, 100)))?;
            }
            Format::Json => {
                ui.out(&format!("{}\n", serde_json::to_string_pretty(&value(&done)).unwrap_or_default()))?;
            }
        }
        if done.lookups() == 0 {
            ui.note(match book.volumes.iter().all(|volume| volume.lookups.is_empty()) {
                true => {
                    "the book has no lookups to try: write `lookups: [{heard: …, finds: …}]` in a playbook"
                }
                false => "none of the book's lookups is of that playbook and language",
            });
            if !(self.lang.is_empty() && self.playbook.is_empty()) {
                // Nobody asks for a part of the lookups to have none of them tried.
                return Err(Stop::Nothing);
            }
        }
        if done.passed() {
            return Ok(());
        }
        ui.note(&verdict(&done));
        Err(Stop::Nothing)
    }

    fn mind_playbooks(&self, ui: &mut Ui, book: &Book) {
        let known: Vec<&str> = book.volumes.iter().map(|volume| volume.id.as_str()).collect();
        let before = book.volumes.iter().flat_map(|volume| &volume.common.was);
        let before: Vec<&str> = before.map(|id| id.as_str()).collect();
        for name in &self.playbook {
            if !known.iter().chain(&before).any(|id| id.eq_ignore_ascii_case(name)) {
                let hint = did_you_mean(name, known.iter().copied()).map(|hint| format!("; {hint}"));
                let name = crate::book::brief(name);
                ui.warn(&format!("no playbook or library is called `{name}`{}", hint.unwrap_or_default()));
            }
        }
    }
}

fn human(done: &Trial, folder: &str, columns: usize) -> String {
    let mut out = String::new();
    let tags = done.scores.iter().map(|score| width(score.language.as_str())).max().unwrap_or(0);
    for score in &done.scores {
        let tag = score.language.as_str();
        let gap = " ".repeat(tags.saturating_sub(width(tag)));
        let noun = if score.lookups == 1 { "lookup " } else { "lookups" };
        let mark = if score.reaches(done.floors) { "" } else { "  under" };
        let _ = writeln!(
            out,
            "{tag}{gap}  {:>4} {noun}  recall@1 {:.3}  recall@3 {:.3}{mark}",
            score.lookups,
            floored(score.recall_at_1()),
            floored(score.recall_at_3()),
        );
    }
    for miss in &done.misses {
        let path = std::path::Path::new(folder).join(&*miss.file).display().to_string();
        let path = path.strip_prefix("./").unwrap_or(&path);
        let _ = writeln!(out, "\n{path}:{}:{}", miss.line, miss.column);
        let room = columns.saturating_sub(12);
        let _ = writeln!(out, "  heard   “{}”", cut(&miss.heard, room.saturating_sub(2)));
        let _ = writeln!(out, "  wanted  {}", cut(&wanted(miss), room));
        let _ = writeln!(out, "  came    {}", cut(&came(miss), room));
    }
    out
}

/// A share to three places, never rounded up: .9996 is not all of them.
fn floored(share: f64) -> f64 {
    ((share + 1e-9) * 1000.0).floor() / 1000.0
}

fn wanted(miss: &Miss) -> String {
    let rank = match miss.rank {
        Some(rank) => format!("came as number {rank}"),
        None => "not found".to_string(),
    };
    harmless(&format!("{} ({rank}): {}", miss.finds, miss.title))
}

fn came(miss: &Miss) -> String {
    match &miss.came {
        Some(card) if card.language == miss.language => format!("{}: {}", card.id, card.title),
        Some(card) => format!("{} ({}): {}", card.id, card.language, card.title),
        None => "nothing".to_string(),
    }
}

/// In one sentence what is under the book's thresholds, and the next step.
fn verdict(done: &Trial) -> String {
    let mut under = Vec::new();
    for score in &done.scores {
        for (name, is, floor) in score.shortfalls(done.floors) {
            under.push(format!("{name} of {} is {:.3}, under {floor}", score.language, floored(is)));
        }
    }
    let failing = |miss: &&Miss| {
        let of = done.scores.iter().find(|score| score.language == miss.language);
        of.is_some_and(|score| !score.reaches(done.floors))
    };
    // Where the card is furthest away, words help most.
    let worst = done.misses.iter().filter(failing).max_by_key(|miss| miss.rank.unwrap_or(usize::MAX));
    let card = worst.map(|miss| format!("`{}`", miss.card)).unwrap_or_default();
    format!(
        "{}: add an utterance in the buyer's words to {card}; do not copy the lookup itself, which is a test",
        under.join("; ")
    )
}

fn value(done: &Trial) -> Value {
    let round = |share: f64| (share * 10_000.0).round() / 10_000.0;
    let languages: Vec<Value> = done
        .scores
        .iter()
        .map(|score| {
            json!({
                "language": score.language,
                "lookups": score.lookups,
                "recall_at_1": round(score.recall_at_1()),
                "recall_at_3": round(score.recall_at_3()),
                "passed": score.reaches(done.floors),
            })
        })
        .collect();
    let misses: Vec<Value> = done
        .misses
        .iter()
        .map(|miss| {
            json!({
                "heard": miss.heard,
                "language": miss.language,
                "playbook": miss.playbook,
                "finds": miss.finds,
                "card": miss.card,
                "title": miss.title,
                "rank": miss.rank,
                "came": miss.came.as_ref().map(|card| json!({
                    "id": card.id,
                    "playbook": card.playbook,
                    "language": card.language,
                    "title": card.title,
                })),
                "file": &*miss.file,
                "line": miss.line,
                "column": miss.column,
            })
        })
        .collect();
    json!({
        "version": 1,
        "languages": languages,
        "misses": misses,
        "thresholds": {"recall_at_1": done.floors.recall_at_1, "recall_at_3": done.floors.recall_at_3},
        "passed": done.passed(),
    })
}
