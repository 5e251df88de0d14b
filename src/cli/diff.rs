//! `diff`: what changed in the book since a revision, so that a review needs no YAML.

use clap::ValueEnum;
use serde_json::json;

use super::git::book_at;
use super::ui::{Stop, Ui};
use crate::diagnostic::Severity;
use crate::{book, diff, lint};

/// The arguments of `diff`.
#[derive(clap::Args)]
pub struct Args {
    /// What to compare with: a commit, a branch or a tag of git
    #[arg(default_value = "HEAD", value_name = "REV")]
    revision: String,
    /// For people, for a pull request, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// Exit with 1 when something has changed
    #[arg(long)]
    exit_code: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// Markdown, for a pull request.
    Markdown,
    /// For programs.
    Json,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let checked = ui.load()?;
        let (old, faults) = book::load(book_at(&checked.folder, &self.revision)?);
        let faulty = lint::count(&faults, Severity::Error);
        if faulty > 0 {
            let what = if faulty == 1 { "1 error".to_string() } else { format!("{faulty} errors") };
            ui.warn(&format!("the book had {what} at `{}`; what was sound of it is compared", self.revision));
        }
        ui.mention_errors(checked.errors());
        let changes = diff::diff(&old, &checked.book);
        let text = match self.format {
            Format::Human => diff::human(&changes, &self.revision),
            Format::Markdown => diff::markdown(&changes, &self.revision),
            Format::Json => {
                let json = json!({"version": 1, "since": self.revision, "changes": changes});
                format!("{}\n", serde_json::to_string_pretty(&json).unwrap_or_default())
            }
        };
        ui.out(&text)?;
        if self.exit_code && !changes.is_empty() { Err(Stop::Nothing) } else { Ok(()) }
    }
}
