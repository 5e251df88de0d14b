//! `script`: the guided call script of a playbook, filled in.

use std::path::PathBuf;

use clap::ValueEnum;

use super::fill::Fill;
use super::landed::FromCalls;
use super::ui::{Failure, Stop, Ui};
use crate::project;
use crate::render;
use crate::script::{Request, build};

/// The arguments of `script`.
#[derive(clap::Args)]
pub struct Args {
    /// The id of the playbook
    playbook: String,
    #[command(flatten)]
    fill: Fill,
    /// In which format [default: terminal]
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail when a required variable is missing
    #[arg(long)]
    strict: bool,
    /// Leave out what is internal to the team
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    calls: FromCalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading in a terminal.
    Terminal,
    /// Markdown.
    Markdown,
    /// One self-contained file that prints well.
    Html,
    /// For programs.
    Json,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let checked = ui.load()?;
        ui.mention_errors(checked.errors());
        let volume = self.fill.playbook(&checked.book, &self.playbook)?;
        let given = self.fill.given(ui, &checked.book, volume)?;
        let mut script = build(&checked.book, volume, &Request { given, public: self.public });
        // What calls say is internal to the team.
        if !self.public {
            let mut landed = self.calls.landed(ui, None);
            landed.follow(&checked.book);
            landed.show_in_script(&mut script);
        }
        let missing: Vec<&str> = script
            .missing
            .iter()
            .filter(|missing| missing.required)
            .map(|missing| missing.name.as_str())
            .collect();
        if self.strict && !missing.is_empty() {
            let sets: Vec<String> = missing.iter().map(|name| format!("--set {name}=…")).collect();
            let hint = format!("add {}", sets.join(" "));
            ui.failure(&Failure::new(format!("the script lacks {}", missing.join(", ")), Some(hint)));
            return Err(Stop::Nothing);
        }
        let format = match self.format {
            Format::Terminal => render::Format::Terminal,
            Format::Markdown => render::Format::Markdown,
            Format::Html => render::Format::Html,
            Format::Json => render::Format::Json,
        };
        let (columns, _) = ui.size();
        let text = render::script(&script, format, columns)?;
        match &self.output {
            Some(path) => {
                let text = match format {
                    render::Format::Terminal => anstream::adapter::strip_str(&text).to_string(),
                    _ => text,
                };
                project::write_file(path, text.as_bytes())?;
                ui.note(&format!("wrote {}", path.display()));
                Ok(())
            }
            // Colours are a matter of the terminal's; any other format goes out as it is.
            None => ui.out(&text),
        }
    }
}
