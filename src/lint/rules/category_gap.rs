//! A sort of objection that every seller meets and that nothing here answers.

use std::collections::BTreeSet;

use super::process::processes;
use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "category-gap", check };

/// The six that every sale meets, of the Malay seed.
const EVERYDAY: [&str; 6] = ["price", "trust", "competitor", "need", "timing", "authority"];
/// Fewer categories than these are a choice, not a gap.
const SORTED: usize = 3;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in processes(book) {
        let objections = book.scope(number).flat_map(|(_, volume)| &volume.objections);
        let answered: BTreeSet<&str> =
            objections.filter_map(|objection| objection.category.as_deref()).collect();
        let missing: Vec<&str> =
            EVERYDAY.into_iter().filter(|category| !answered.contains(category)).collect();
        if missing.is_empty() || EVERYDAY.len() - missing.len() < SORTED {
            continue;
        }
        let message =
            format!("nothing in reach of `{}` answers objections about {}", volume.id, missing.join(", "));
        let hint = format!("add an objection with `category: {}`", missing[0]);
        sink.tell(&volume.common.place.key("playbook"), message, hint);
    }
}
