//! `calls import`: records from a file, from the browser or from another machine.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use super::super::ui::{Failure, Stop, Ui};
use crate::calls::{Record, read};
use crate::store::{Put, Store};

/// How many records are put into the store at once.
const BATCH: usize = 500;
/// How many faults are told of one by one.
const TOLD: usize = 10;

/// The arguments of `calls import`.
#[derive(clap::Args)]
pub struct Import {
    /// The file; `-` for standard input
    file: PathBuf,
}

#[derive(Default)]
struct Done {
    added: usize,
    replaced: usize,
    kept: usize,
    faulty: usize,
    newer: BTreeMap<u32, usize>,
}

impl Import {
    pub fn run(&self, ui: &mut Ui, path: &Path) -> Result<(), Stop> {
        let shown = self.file.display();
        let from: Box<dyn BufRead> = if self.file.as_os_str() == "-" {
            Box::new(BufReader::new(std::io::stdin().lock()))
        } else {
            let file = File::open(&self.file)
                .map_err(|error| Failure::stop(format!("cannot read `{shown}`: {error}"), None))?;
            Box::new(BufReader::new(file))
        };
        let mut store = Store::open(path)?;
        let mut done = Done::default();
        let mut batch = Vec::new();
        let mut failed = None;
        let read = read::read(from, &mut |(place, record)| {
            match record {
                Ok(record) => {
                    if let Ok(Some(_)) = record.check() {
                        *done.newer.entry(record.version).or_default() += 1;
                    }
                    batch.push(record);
                    if batch.len() >= BATCH {
                        failed = done.put(&mut store, &mut batch).err();
                    }
                }
                Err(fault) => done.tell(ui, &format!("{shown}, {place}: {fault}")),
            }
            failed.is_none()
        });
        if let Some(error) = failed {
            return Err(error);
        }
        done.put(&mut store, &mut batch)?;
        if let Err(fault) = read {
            done.tell(ui, &format!("{shown}: {fault}"));
        }
        if done.faulty > TOLD {
            ui.warn(&format!("and {} more were faulty", done.faulty - TOLD));
        }
        for (version, count) in &done.newer {
            ui.warn(&format!(
                "{count} of version {version}, newer than this callbook; what is new in them is kept"
            ));
        }
        let Done { added, replaced, kept, faulty, .. } = done;
        ui.out(&format!("{added} added, {replaced} replaced, {kept} there already, {faulty} faulty\n"))?;
        match (faulty, added + replaced + kept) {
            (0, 0) => {
                ui.note(&format!("there are no records in {shown}"));
                Err(Stop::Nothing)
            }
            (0, _) => Ok(()),
            _ => Err(Stop::Nothing),
        }
    }
}

impl Done {
    fn put(&mut self, store: &mut Store, batch: &mut Vec<Record>) -> Result<(), Stop> {
        for put in store.put_all(batch)? {
            match put {
                Put::Added => self.added += 1,
                Put::Replaced => self.replaced += 1,
                Put::Kept => self.kept += 1,
            }
        }
        batch.clear();
        Ok(())
    }

    fn tell(&mut self, ui: &mut Ui, fault: &str) {
        self.faulty += 1;
        if self.faulty <= TOLD {
            ui.warn(&crate::render::wrap::harmless(fault));
        }
    }
}
