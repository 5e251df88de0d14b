//! `man`: the man pages, one for the program and one for each command.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_mangen::Man;

use super::Cli;
use super::ui::{Failure, Stop, Ui};
use crate::project;

/// The arguments of `man`.
#[derive(clap::Args)]
pub struct Args {
    /// Where to write them; it is made if it is not there
    #[arg(value_name = "DIR", default_value = "man")]
    dir: PathBuf,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let shown = self.dir.display().to_string();
        let fail =
            |error: std::io::Error| Failure::stop(format!("cannot write into `{shown}`: {error}"), None);
        std::fs::create_dir_all(&self.dir).map_err(fail)?;
        let mut command = Cli::command();
        command.build();
        let mut pages = vec![command.clone()];
        pages.extend(command.get_subcommands().filter(|sub| !sub.is_hide_set()).cloned());
        for page in pages {
            let name = page.get_display_name().unwrap_or_else(|| page.get_name()).to_string();
            if name.ends_with("-help") {
                continue;
            }
            let mut bytes = Vec::new();
            Man::new(page).title(name.to_uppercase()).render(&mut bytes).map_err(fail)?;
            // roff of old reads ASCII only, and every roff reads this.
            let bytes = String::from_utf8_lossy(&bytes).chars().fold(String::new(), |mut out, c| {
                match c.is_ascii() {
                    true => out.push(c),
                    false => out += &format!("\\[u{:04X}]", c as u32),
                }
                out
            });
            let path = self.dir.join(format!("{name}.1"));
            project::write_file(&path, bytes.as_bytes())?;
            ui.out(&format!("{}\n", path.display()))?;
        }
        Ok(())
    }
}
