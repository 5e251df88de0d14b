//! Closes that were tried, and what they led to.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::funnel::is_won;
use super::names::{Known, Names};
use crate::book::model::{Close, Ref};
use crate::calls::Record;
use crate::rate::Rate;

/// A close that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CloseLine {
    /// The id.
    pub id: String,
    /// The playbook or library that it is written in; of the calls, where the book does not have it any
    /// more.
    pub playbook: String,
    /// The language tag.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Whether the book has it still.
    pub known: bool,
    /// How often it was tried.
    pub tried: usize,
    /// Of the times whose end was noted, those with a yes.
    pub yes: Rate,
    /// Of the calls in which it was tried, those that were won.
    pub won: Rate,
    /// The ids of what it led to, with how often.
    pub led_to: BTreeMap<String, usize>,
}

#[derive(Default)]
struct Tried {
    tried: usize,
    yes: Rate,
    won: Rate,
    led_to: BTreeMap<String, usize>,
    last: usize,
}

/// Closes that are being counted.
#[derive(Default)]
pub(super) struct Counting {
    closes: BTreeMap<(Known<Ref<Close>>, String), Tried>,
    found: HashMap<(Option<usize>, String, String), Known<Ref<Close>>>,
    call: usize,
}

impl Counting {
    /// Counts the closes of a call.
    pub fn add(&mut self, names: &Names, playbook: Option<usize>, record: &Record) {
        self.call += 1;
        for closing in &record.closes {
            let key = (playbook, record.language.clone(), closing.close.clone());
            let known = self.found.entry(key).or_insert_with(|| {
                match names.part::<Close>(playbook, &record.language, None, &closing.close) {
                    Some(part) => Known::Part(part),
                    None => Known::Gone(record.playbook.clone(), closing.close.clone()),
                }
            });
            let language = match known {
                Known::Part(part) => names.book.volumes[part.volume].language.to_string(),
                Known::Gone(..) => record.language.clone(),
            };
            let tried = self.closes.entry((known.clone(), language)).or_default();
            tried.tried += 1;
            if let Some(yes) = closing.yes {
                tried.yes.add(yes);
            }
            if let Some(to) = &closing.led_to {
                *tried.led_to.entry(to.clone()).or_default() += 1;
            }
            if tried.last != self.call {
                tried.last = self.call;
                tried.won.add(is_won(record));
            }
        }
    }

    pub fn finish(self, names: &Names) -> Vec<CloseLine> {
        let mut lines: Vec<CloseLine> = self
            .closes
            .into_iter()
            .map(|((known, language), tried)| {
                let (id, playbook, title, known) = match known {
                    Known::Part(part) => {
                        let close = names.book.get(part);
                        let volume = names.book.volumes[part.volume].id.to_string();
                        (close.id.to_string(), volume, close.title.clone(), true)
                    }
                    Known::Gone(playbook, id) => (id.clone(), playbook, id, false),
                };
                let Tried { tried, yes, won, led_to, .. } = tried;
                CloseLine { id, playbook, language, title, known, tried, yes, won, led_to }
            })
            .collect();
        lines.sort_by(|a, b| {
            (b.tried, &a.playbook, &a.id, &a.language).cmp(&(a.tried, &b.playbook, &b.id, &b.language))
        });
        lines
    }
}
