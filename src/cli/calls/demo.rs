//! `calls demo`: made-up calls, to try reports with.

use std::path::Path;
use std::sync::Arc;

use super::super::ui::{Failure, Stop, Ui};
use crate::calls::demo::call;
use crate::script::{Request, for_call};
use crate::store::{Filter, Put, Store};

/// How many records are put into the store at once.
const BATCH: usize = 500;

/// The arguments of `calls demo`.
#[derive(clap::Args)]
pub struct Demo {
    /// How many
    #[arg(long, value_name = "N", default_value_t = 300, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    count: u32,
    /// Other calls for another number, the same for the same
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
    /// Take all made-up calls away
    #[arg(long, conflicts_with_all = ["count", "seed"])]
    remove: bool,
}

impl Demo {
    pub fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        if self.remove {
            let filter = Filter { demo: Some(true), ..Filter::default() };
            let store = Store::open_existing(path)?;
            let deleted = store.map(|mut store| store.delete_all(&filter)).transpose()?;
            let count = deleted.map_or(0, |deleted| deleted.records);
            return ui.out(&format!("took {count} made-up calls away\n"));
        }
        let checked = ui.load()?;
        ui.mention_errors(checked.errors());
        let scripts: Vec<_> = checked
            .book
            .playbooks()
            .filter(|(_, volume)| !volume.stages.is_empty())
            .map(|(number, _)| Arc::new(for_call(&checked.book, number, &Request::default())))
            .collect();
        if scripts.is_empty() {
            return Err(Failure::stop("the book has no playbook with stages to make calls up with", None));
        }
        let mut store = Store::open(path)?;
        let today = ui.today();
        let _busy = ui.busy("making calls up");
        let (mut added, mut batch) = (0, Vec::new());
        for number in 1..=self.count as usize {
            batch.extend(call(&scripts, u64::from(self.seed), number, today));
            if batch.len() >= BATCH || number == self.count as usize {
                added += store.put_all(&batch)?.iter().filter(|put| **put == Put::Added).count();
                batch.clear();
            }
        }
        ui.out(&format!(
            "made up {added} calls, marked as such; `callbook calls demo --remove` takes them away\n"
        ))
    }
}
