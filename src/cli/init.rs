//! `init`: the starter book, to begin with.

use std::path::PathBuf;

use super::ui::{Stop, Ui};
use crate::project;

/// The arguments of `init`.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write it; it is made if it is not there
    #[arg(default_value = "playbooks")]
    dir: PathBuf,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let written = project::init(&self.dir)?;
        let dir = self.dir.display().to_string();
        let book = if dir == "playbooks" { String::new() } else { format!(" --book {}", quoted(&dir)) };
        ui.out(&format!(
            "wrote the starter book into {dir}: {} files in four languages\n\nTry:\n  callbook{book} find \"it's too expensive\"\n  callbook{book} script saas-outbound\n  callbook{book} check\n",
            written.len()
        ))
    }
}

/// A path as it can be typed into a shell.
fn quoted(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '\\' | ':' | '+');
    if path.chars().all(plain) { path.to_string() } else { format!("'{}'", path.replace('\'', r"'\''")) }
}
