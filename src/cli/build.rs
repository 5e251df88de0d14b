//! `build`: the static handbook.

use std::path::PathBuf;

use super::excerpt::Look;
use super::findings;
use super::ui::{Checked, Failure, Stop, Ui};
use crate::calls::landed::Landed;
use crate::diagnostic::Severity;
use crate::project;
use crate::site;
use crate::{book, diff};

/// The arguments of `build`.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write it
    #[arg(short, long, value_name = "DIR", default_value = "site")]
    output: PathBuf,
    /// Leave out what is internal to the team
    #[arg(long)]
    public: bool,
    /// Write every file anew, unchanged ones too
    #[arg(long)]
    clean: bool,
    /// Show which responses landed in calls, and order them by it: for a site that only the team sees
    #[arg(long, conflicts_with = "public")]
    calls: bool,
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
    /// Add a page about what changed since a commit, a branch or a tag of git
    #[arg(long, value_name = "REV", conflicts_with = "public")]
    since: Option<String>,
    /// Build in spite of errors, with what is sound of the book
    #[arg(long)]
    draft: bool,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let kept = project::Kept::below(ui.cache().as_deref());
        let checked = ui.load_with(Severity::Error, Some(&kept))?;
        let errors = checked.errors();
        if errors > 0 && !self.draft {
            let what = if errors == 1 { "1 error".to_string() } else { format!("{errors} errors") };
            let message = format!("the book has {what}, so nothing was built");
            let hint = "`callbook check` shows them; `--draft` builds with the rest".to_string();
            ui.failure(&Failure::new(message, Some(hint)));
            return Err(Stop::Nothing);
        }
        ui.mention_errors(errors);
        let mut landed = Landed::default();
        if self.calls {
            landed = super::landed::landed(ui, self.store.as_deref(), None);
            landed.follow(&checked.book);
        }
        let since = self.since.as_ref().map(|revision| -> Result<site::Since, Stop> {
            let (old, _) = book::load(super::git::book_at(&checked.folder, revision)?);
            Ok(site::Since { revision: revision.clone(), changes: diff::diff(&old, &checked.book) })
        });
        let since = since.transpose()?;
        // The one waits for git, the other looks at the folder.
        let (changes, writer) = rayon::join(
            || super::git::changes(&checked.folder, &checked.book, &kept),
            || project::SiteWriter::new(&self.output, self.clean, &kept),
        );
        let writer = writer?;
        let options = site::Options {
            since,
            public: self.public,
            generator: env!("CARGO_PKG_VERSION"),
            landed,
            search_later: false,
            offline: true,
            theme: checked.theme.clone(),
            changes,
            place: super::ui::place(&checked.folder),
        };
        let busy = ui.busy("making the handbook");
        let made = site::build_to(&checked.book, &options, &kept, &writer);
        drop(busy);
        let outline = match made {
            Ok(outline) => outline,
            Err(site::BuildError::Taken(error)) => return Err(error.into()),
            Err(site::BuildError::Page(error)) => return Err(self.failed(ui, &checked, &error)),
        };
        for (path, bytes) in project::attached(&checked.folder, &outline.attached)? {
            if writer.has(&path) {
                ui.warn(&format!(
                    "`{path}` of the book has the place of a page of the handbook, so it was left out"
                ));
            } else {
                writer.put(&path, &bytes)?;
            }
        }
        for warning in &outline.warnings {
            ui.warn(warning);
        }
        let written = writer.finish()?;
        ui.note(&format!(
            "{} pages and files in {}: {} written, {} unchanged, {} removed",
            written.written + written.unchanged,
            self.output.display(),
            written.written,
            written.unchanged,
            written.removed
        ));
        let done = ui.out(&format!("{}\n", self.output.join("index.html").display()));
        // The program ends here; to take a large book apart would only cost its time.
        std::mem::forget(checked);
        done
    }

    /// Tells of a page that could not be made: a finding where the theme is at fault.
    fn failed(&self, ui: &mut Ui, checked: &Checked, error: &site::SiteError) -> Stop {
        let Some(fault) = error.theme_fault(&checked.theme) else {
            return Failure::stop(error.to_string(), None);
        };
        let finding = project::theme_finding(&fault);
        let (sources, look) = (&checked.book.sources, Look::of(ui));
        ui.note(findings::human(&[&finding], sources, &checked.folder, look).trim_end());
        ui.failure(&Failure::new("the theme has an error, so nothing was built", None));
        Stop::Nothing
    }
}
