//! `export`: the book for other programs and for people who do not open YAML.

use std::collections::BTreeSet;
use std::path::PathBuf;

use clap::ValueEnum;

use super::ui::{Failure, Stop, Ui};
use crate::book::brief;
use crate::card::{Card, cards};
use crate::diagnostic::did_you_mean;
use crate::exchange::{anki, table, whole, written};
use crate::language::Language;
use crate::project;

/// The arguments of `export`.
#[derive(clap::Args)]
pub struct Args {
    /// In which format
    #[arg(long, value_name = "FORMAT")]
    format: Format,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Only a playbook or library, and the libraries it uses
    #[arg(long, value_name = "ID")]
    playbook: Option<String>,
    /// Only in a language
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// Begin a CSV file with a byte order mark, which some spreadsheets need to read it right
    #[arg(long)]
    bom: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The whole book, every key of it; `import` makes the same book of it.
    Json,
    /// The cards as a table, a row an answer.
    Csv,
    /// The objections as Markdown, to be read, edited and imported again.
    Md,
    /// Flashcards for Anki: what is heard, and what to answer.
    Anki,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let checked = ui.load()?;
        let book = &checked.book;
        ui.mention_errors(checked.errors());
        let mut meant: BTreeSet<usize> = BTreeSet::new();
        for (number, volume) in book.volumes.iter().enumerate() {
            let named = self.playbook.as_ref().is_none_or(|id| {
                volume.id.as_str() == id || volume.common.was.iter().any(|was| was.as_str() == id)
            });
            if named && self.lang.as_ref().is_none_or(|lang| volume.language.in_range(lang)) {
                meant.extend(book.scope(number).map(|(number, _)| number));
            }
        }
        if meant.is_empty() && (self.playbook.is_some() || self.lang.is_some()) {
            let what = match (&self.playbook, &self.lang) {
                (Some(id), None) => format!("there is no playbook or library `{}`", brief(id)),
                (Some(id), Some(lang)) => {
                    format!("there is no playbook or library `{}` in {lang}", brief(id))
                }
                (None, lang) => {
                    let lang = lang.as_ref().map_or("", Language::as_str);
                    format!("there is nothing in {lang} in the book")
                }
            };
            let known = book.volumes.iter().map(|volume| volume.id.as_str());
            let hint = self.playbook.as_ref().and_then(|id| did_you_mean(id, known));
            ui.failure(&Failure::new(what, hint));
            return Err(Stop::Nothing);
        }
        let some = || -> Vec<Card> {
            let here = |card: &Card| {
                meant
                    .iter()
                    .map(|number| &book.volumes[*number])
                    .any(|volume| volume.id.as_str() == card.playbook && volume.language == card.language)
            };
            cards(book).into_iter().filter(here).collect()
        };
        let filtered = self.playbook.is_some() || self.lang.is_some();
        let text = match self.format {
            Format::Json => {
                let volumes = filtered.then(|| meant.clone());
                whole::json(book, &whole::Which { volumes })
            }
            Format::Csv if self.bom => format!("\u{FEFF}{}", table::csv(book, &some())),
            Format::Csv => table::csv(book, &some()),
            Format::Md => written::markdown(book, meant.iter().map(|number| &book.volumes[*number])),
            Format::Anki => anki::notes(&some(), &book.title),
        };
        match &self.output {
            None => ui.out(&text),
            Some(path) => {
                project::write_file(path, text.as_bytes())?;
                ui.note(&format!("wrote {}", path.display()));
                Ok(())
            }
        }
    }
}
