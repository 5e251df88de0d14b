//! `schema`: the JSON Schema of a kind of file, for editors.

use clap::ValueEnum;

use super::ui::{Stop, Ui};
use crate::book::schema::FileKind;
use crate::project;

/// The arguments of `schema`.
#[derive(clap::Args)]
pub struct Args {
    /// Which kind of file
    #[arg(value_name = "KIND", default_value = "playbook")]
    kind: Kind,
    /// Write all of them into the folder .callbook of the book, where editors find them
    #[arg(long)]
    write: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// `book.yaml`.
    Book,
    /// A file with the key `playbook`.
    Playbook,
    /// A file with the key `library`.
    Library,
    /// A file with the key `lexicon`.
    Lexicon,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        if self.write {
            let written = project::write_schemas(&ui.folder()?)?;
            for path in &written {
                ui.out(&format!("{}\n", path.display()))?;
            }
            if written.is_empty() {
                ui.note("the schemas beside the book are up to date");
            }
            return Ok(());
        }
        let kind = match self.kind {
            Kind::Book => FileKind::Book,
            Kind::Playbook => FileKind::Playbook,
            Kind::Library => FileKind::Library,
            Kind::Lexicon => FileKind::Lexicon,
        };
        ui.out(&project::schema_text(kind))
    }
}
