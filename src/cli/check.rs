//! `check`: everything wrong with the book, all of it in one run.

use clap::ValueEnum;

use super::findings;
use super::ui::{Failure, Stop, Ui};
use crate::diagnostic::{Severity, did_you_mean};
use crate::lint;
use crate::markdown::{Run, Style};
use crate::render::wrap::wrap;

/// The arguments of `check`.
#[derive(clap::Args)]
pub struct Args {
    /// How to show the findings
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
    /// What counts as a fault besides errors
    #[arg(long, value_name = "WHAT")]
    deny: Option<Deny>,
    /// Show remarks as well, which are merely worth knowing
    #[arg(long)]
    all: bool,
    /// Explain a code, and do nothing else
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the line and a caret.
    Human,
    /// For programs.
    Json,
    /// SARIF 2.1.0, for review tools and editors.
    Sarif,
    /// Annotations of a review on GitHub.
    Github,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Deny {
    /// Warnings fail as errors do.
    Warnings,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        if let Some(code) = &self.explain {
            return explain(code, ui);
        }
        let checked = ui.load()?;
        let all = &checked.findings;
        match self.format {
            Format::Human => {
                let (columns, _) = ui.size();
                // What is merely worth knowing is counted by programs; people see what to mend.
                let mut shown = all.clone();
                let infos = lint::count(all, Severity::Info);
                let left_out = !self.all && (infos > 5 || all.len() > infos);
                if left_out {
                    shown.retain(|finding| finding.severity != Severity::Info);
                }
                let files = checked.book.volumes.len() + checked.book.lexicons.len() + 1;
                let mut text = findings::human(&shown, &checked.book.sources, &checked.folder, columns);
                if left_out && infos > 0 {
                    let what = if infos == 1 { "1 remark is".into() } else { format!("{infos} remarks are") };
                    text += &format!("{what} left out here; `--all` shows more\n");
                }
                text += &findings::summary(all, &checked.book, files);
                ui.out(&text)?;
            }
            Format::Json => ui.out(&findings::json(all))?,
            Format::Sarif => ui.out(&findings::sarif(all, &checked.folder))?,
            Format::Github => ui.out(&findings::github(all, &checked.folder))?,
        }
        let warnings = lint::count(all, Severity::Warning);
        let failed = checked.errors() > 0 || (self.deny == Some(Deny::Warnings) && warnings > 0);
        if failed { Err(Stop::Nothing) } else { Ok(()) }
    }
}

fn explain(code: &str, ui: &mut Ui) -> Result<(), Stop> {
    let Some(page) = lint::code(code) else {
        let hint = did_you_mean(code, lint::CODES.iter().map(|page| page.id));
        return Err(Failure::stop(format!("no finding has the code `{code}`"), hint));
    };
    let severity = match page.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let (columns, _) = ui.size();
    let run = Run { text: page.explain.to_string(), style: Style::default() };
    let lines: Vec<String> = wrap(&[run], columns.min(92))
        .into_iter()
        .map(|line| line.into_iter().map(|run| run.text).collect())
        .collect();
    ui.out(&format!("{} ({severity}): {}\n\n{}\n", page.id, page.title, lines.join("\n")))
}
