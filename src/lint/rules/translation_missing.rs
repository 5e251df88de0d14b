//! Parts of the original that a translation does not have.

use std::collections::{BTreeMap, BTreeSet};

use super::translation::{parts, translations};
use crate::book::Book;
use crate::book::model::Place;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "translation-missing", check };

/// So many are named.
const NAMED: usize = 3;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (volume, original) in translations(book) {
        let there: BTreeSet<(&str, &str)> =
            parts(volume).into_iter().map(|(noun, id, _)| (noun, id.as_str())).collect();
        let mut missing: BTreeMap<&str, Vec<(&str, &Place)>> = BTreeMap::new();
        for (noun, id, common) in parts(original) {
            if !there.contains(&(noun, id.as_str())) {
                missing.entry(noun).or_default().push((id.as_str(), &common.place));
            }
        }
        for (noun, parts) in missing {
            let names: Vec<String> = parts.iter().take(NAMED).map(|(id, _)| format!("`{id}`")).collect();
            let more = match parts.len().saturating_sub(NAMED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let message = format!(
                "the {} original has {} {} that {} not here: {}{more}",
                original.language,
                parts.len(),
                if parts.len() == 1 { noun.to_string() } else { format!("{noun}s") },
                if parts.len() == 1 { "is" } else { "are" },
                names.join(", "),
            );
            let hint = "translate them under the same ids";
            sink.tell_both(
                &volume.common.place.key("language"),
                message,
                hint,
                (parts[0].1, "the first of them"),
            );
        }
    }
}
