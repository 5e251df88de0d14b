//! What calls say of responses, for the commands that show them.

use std::path::{Path, PathBuf};

use super::ui::{Ui, zone};
use crate::book::model::Date;
use crate::calls::landed::Landed;
use crate::project::ProjectError;
use crate::store::Store;

/// Whether and from where calls have a say.
#[derive(clap::Args)]
pub struct FromCalls {
    /// Show responses as the book has them, whatever landed in calls
    #[arg(long)]
    no_calls: bool,
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
}

impl FromCalls {
    /// What the calls before today say, of some objections or of all.
    pub fn landed(&self, ui: &mut Ui, cards: Option<&[&str]>) -> Landed {
        if self.no_calls || cards.is_some_and(<[_]>::is_empty) {
            return Landed::default();
        }
        landed(ui, self.store.as_deref(), cards)
    }

    /// The same of all, to be read elsewhere and in silence.
    pub fn later(&self, ui: &Ui) -> impl FnOnce() -> Landed + Send + 'static {
        let from = if self.no_calls { None } else { from(ui, self.store.as_deref()) };
        move || from.and_then(|(path, today)| read(&path, today, None).ok()).unwrap_or_default()
    }

    /// The store that was named.
    pub fn store(&self) -> Option<&Path> {
        self.store.as_deref()
    }
}

/// The store, and today.
fn from(ui: &Ui, store: Option<&Path>) -> Option<(PathBuf, Date)> {
    Some((ui.store(store).ok()?, ui.today()))
}

fn read(path: &Path, today: Date, cards: Option<&[&str]>) -> Result<Landed, ProjectError> {
    let Some(store) = Store::open_existing(path)? else { return Ok(Landed::default()) };
    let Ok(today) = today.to_zoned(zone()) else { return Ok(Landed::default()) };
    store.landed(today.timestamp(), cards)
}

/// What the calls before today say, of some objections or of all, so that an order stands for a day. Nothing
/// where there are none; a store that cannot be read is told of, and keeps nobody from the book.
pub(super) fn landed(ui: &mut Ui, store: Option<&Path>, cards: Option<&[&str]>) -> Landed {
    let Some((path, today)) = from(ui, store) else { return Landed::default() };
    read(&path, today, cards).unwrap_or_else(|error| {
        ui.warn(&format!("{error}; responses stand as the book has them"));
        Landed::default()
    })
}
