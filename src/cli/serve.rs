//! `serve`: the handbook, live.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};

use super::ui::{Failure, Stop, Ui, zone};
use crate::serve::{self, News, Options, ServeError};

/// The arguments of `serve`.
#[derive(clap::Args)]
pub struct Args {
    /// The folder of the book, as with --book
    #[arg(value_name = "BOOK")]
    folder: Option<PathBuf>,
    /// Let others in as well: the address of this machine that they use, or 0.0.0.0 for all of them
    #[arg(long, value_name = "HOST")]
    host: Option<String>,
    /// The port [default: the first free one from 4747 on]
    #[arg(long, value_name = "N")]
    port: Option<u16>,
    /// Open it in the browser
    #[arg(long)]
    open: bool,
    /// Show responses as the book has them, whatever landed in calls
    #[arg(long)]
    no_calls: bool,
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
    /// Keep no index on disk
    #[arg(long)]
    no_cache: bool,
}

impl From<ServeError> for Stop {
    fn from(error: ServeError) -> Stop {
        Failure::stop(error.message, error.hint)
    }
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        if let Some(folder) = &self.folder {
            ui.use_book(folder);
        }
        let folder = ui.folder()?;
        let bound = serve::bind(self.host.as_deref(), self.port)?;
        let url = bound.url();
        ui.out(&format!("{url}\n"))?;
        if bound.is_open() {
            ui.warn("anybody who reaches this address can read the whole book, internal parts too");
        }
        ui.note(&format!("serving {}; Ctrl-C ends it", folder.display()));
        if self.open && !open(&url) {
            ui.warn("there is no browser to open; paste the address into one");
        }
        let options = Options {
            folder,
            cache: if self.no_cache { None } else { ui.cache() },
            store: if self.no_calls { None } else { ui.store(self.store.as_deref()).ok() },
            generator: env!("CARGO_PKG_VERSION"),
            today: ui.clock(),
            zone: zone(),
        };
        let voice = Mutex::new(ui.voice());
        let tell = move |news: News| {
            let mut ui = voice.lock().unwrap_or_else(PoisonError::into_inner);
            match news {
                News::Built { files, changed, took } => {
                    let took = took.as_millis();
                    ui.note(&format!("{files} pages and files, {changed} new, in {took} ms"));
                }
                News::Faulty { errors, first } => {
                    let more = if errors > 1 { format!(" (and {} more)", errors - 1) } else { String::new() };
                    ui.warn(&format!("{first}{more}"));
                }
                News::Mended => ui.note("mended"),
                News::Warning(warning) => ui.warn(&warning),
            }
        };
        serve::run(bound, options, Arc::new(tell))?;
        Ok(())
    }
}

/// Opens an address with what the system opens addresses with.
fn open(url: &str) -> bool {
    let (program, before): (&str, &[&str]) = match () {
        () if cfg!(target_os = "macos") => ("open", &[]),
        () if cfg!(windows) => ("cmd", &["/C", "start", ""]),
        () => ("xdg-open", &[]),
    };
    let mut command = Command::new(program);
    command.args(before).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.spawn().is_ok()
}
