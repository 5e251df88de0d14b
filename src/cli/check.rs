//! `check`: everything wrong with the book, all of it in one run.

use clap::ValueEnum;

use super::excerpt::Look;
use super::findings;
use super::ui::{Checked, Failure, Stop, Ui};
use crate::book::{self, InputFile};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean};
use crate::lint;
use crate::markdown::{Run, Style};
use crate::project::{self, Kept};
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
    /// Mend what has one right answer, then check
    #[arg(long)]
    fix: bool,
    /// With --fix: show what would be changed, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
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
        let kept = Kept::below(ui.cache().as_deref());
        let load = |ui: &Ui| ui.load_with(Severity::Info, Some(&kept));
        let mut checked = load(ui)?;
        if self.fix && self.fix(ui, &checked)? {
            checked = load(ui)?;
        }
        let all = &checked.findings;
        match self.format {
            Format::Human => {
                // What is merely worth knowing is counted by programs; people see what to mend.
                let infos = lint::count(all, Severity::Info);
                let left_out = !self.all && (infos > 5 || all.len() > infos);
                let shown: Vec<&Diagnostic> =
                    all.iter().filter(|finding| !left_out || finding.severity != Severity::Info).collect();
                let files = checked.book.volumes.len() + checked.book.lexicons.len() + 1;
                let sources = &checked.book.sources;
                let mut text = findings::human(&shown, sources, &checked.folder, Look::of(ui));
                if left_out && infos > 0 {
                    let what = if infos == 1 { "1 remark is".into() } else { format!("{infos} remarks are") };
                    text += &format!("{what} left out here; `--all` shows more\n");
                }
                text += &findings::summary(all, &checked.book, files);
                if ui.is_styled() { ui.out(&text)? } else { ui.out_plain(&text)? }
            }
            Format::Json => ui.out_plain(&findings::json(all))?,
            Format::Sarif => ui.out_plain(&findings::sarif(all, &checked.folder))?,
            Format::Github => ui.out(&findings::github(all, &checked.folder))?,
        }
        let warnings = lint::count(all, Severity::Warning);
        let failed = checked.errors() > 0 || (self.deny == Some(Deny::Warnings) && warnings > 0);
        // The program ends here: what is left need not be taken apart piece by piece.
        std::mem::forget(checked);
        if failed { Err(Stop::Nothing) } else { Ok(()) }
    }
}

impl Args {
    /// Makes the changes, or shows them; whether files were changed.
    fn fix(&self, ui: &mut Ui, checked: &Checked) -> Result<bool, Stop> {
        let mut fixes = lint::fixes(&checked.book, &checked.findings);
        let mut changed = lint::apply(&checked.book, &fixes);
        // Should a change make anything worse, its file stays as it is.
        let errors = |text: &str, name: &str| {
            let input = InputFile { name: name.into(), bytes: text.as_bytes().to_vec() };
            book::read_one(input).1.len()
        };
        changed.retain(|name, text| {
            let old = checked.book.sources.by_name(name).map_or("", |source| source.text());
            errors(text, name) <= errors(old, name)
        });
        fixes.retain(|fix| changed.contains_key(&fix.file));
        if fixes.is_empty() {
            ui.note("nothing has only one right answer, so nothing was changed");
            return Ok(false);
        }
        for fix in &fixes {
            let path = checked.folder.join(&*fix.file).display().to_string();
            let path = path.strip_prefix("./").unwrap_or(&path);
            ui.note(&format!("{path}:{}: {}", fix.span.start.line, fix.what));
        }
        if self.dry_run {
            for (name, text) in &changed {
                let old = checked.book.sources.by_name(name).map_or("", |source| source.text());
                ui.out(&difference(name, old, text))?;
            }
            return Err(Stop::Pipe);
        }
        for (name, text) in &changed {
            let path = checked.folder.join(&**name);
            let real = path.canonicalize().unwrap_or(path);
            let there = std::fs::read(&real).unwrap_or_default();
            let old = checked.book.sources.by_name(name).map_or("", |source| source.text());
            if !there.ends_with(old.as_bytes()) || there.len() > old.len() + 3 {
                ui.warn(&format!("`{name}` was changed meanwhile, so it was left alone"));
                continue;
            }
            let mark = if there.starts_with("\u{FEFF}".as_bytes()) { "\u{FEFF}" } else { "" };
            project::write_file(&real, format!("{mark}{text}").as_bytes())?;
        }
        Ok(true)
    }
}

/// The lines of a file that change, each with its number.
fn difference(name: &str, old: &str, new: &str) -> String {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let mut out = format!("--- {name}\n+++ {name}\n");
    let (mut left, mut right) = (0, 0);
    while left < old.len() || right < new.len() {
        if left < old.len() && right < new.len() && old[left] == new[right] {
            (left, right) = (left + 1, right + 1);
            continue;
        }
        // The next line that both have, near by; changes are of few lines.
        let meet = (0..40).find_map(|ahead| {
            (0..=ahead).find_map(|step| {
                let (l, r) = (left + step, right + ahead - step);
                (l < old.len() && r < new.len() && old[l] == new[r]).then_some((l, r))
            })
        });
        let (to_left, to_right) = meet.unwrap_or((old.len(), new.len()));
        out += &format!("@@ line {} @@\n", left + 1);
        old[left..to_left].iter().for_each(|line| out += &format!("-{line}\n"));
        new[right..to_right].iter().for_each(|line| out += &format!("+{line}\n"));
        (left, right) = (to_left, to_right);
    }
    out
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
