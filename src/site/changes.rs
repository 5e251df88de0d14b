//! When cards were last changed. Whoever calls reads it out of the book's history, line by line; where
//! there is none, the day somebody last made sure that a card is true stands in.

use std::collections::BTreeMap;

use super::address::PartKind;
use super::view::{At, View};
use crate::book::Book;
use crate::book::model::{Common, Date, Id};

/// The day on which each line of the book's files was last changed, by the file's name in the book. A
/// line whose day is not known has none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// The days of the lines, first to last.
    pub lines: BTreeMap<String, Vec<Option<Date>>>,
}

impl Changes {
    /// The last day on which a line of a part was changed.
    pub fn of(&self, book: &Book, common: &Common) -> Option<Date> {
        let days = self.lines.get(&**book.sources.name(&common.place))?;
        let (first, last) = book.sources.lines(&common.place);
        let lines = first.saturating_sub(1) as usize..(last as usize).min(days.len());
        days.get(lines)?.iter().flatten().max().copied()
    }
}

/// A card and the day it was last changed.
#[derive(Debug, Clone)]
pub(super) struct Dated<'a> {
    /// The day.
    pub day: Date,
    /// What it is.
    pub kind: PartKind,
    /// Where it is.
    pub at: At,
    /// Its id.
    pub id: &'a Id,
}

/// The day that a card shows as its last change. History is left out of public builds, where it would
/// tell of internal lines; what is said of a card's own truth is not internal.
pub(super) fn day(view: &View, changes: &Changes, common: &Common) -> Option<Date> {
    let changed = if view.public { None } else { changes.of(view.book, common) };
    changed.or_else(|| common.meta.as_ref()?.verified)
}

/// All cards that have a day, newest first, then in the order of the book.
pub(super) fn dated<'a>(view: &View<'a>, changes: &Changes) -> Vec<Dated<'a>> {
    let mut out: Vec<Dated> = Vec::new();
    for (number, _) in view.volumes() {
        for kind in PartKind::ALL {
            for (index, id, common) in view.each(number, kind) {
                if let Some(day) = day(view, changes, common) {
                    out.push(Dated { day, kind, at: (number, index), id });
                }
            }
        }
    }
    out.sort_by_key(|dated| std::cmp::Reverse(dated.day));
    out
}
