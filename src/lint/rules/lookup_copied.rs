//! A lookup that stands among its card's own words, and so tests nothing.

use crate::book::{Book, brief};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "lookup-copied", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.volumes.iter().enumerate() {
        for lookup in &volume.lookups {
            let heard = facts.fold(&lookup.heard);
            let is_copy = |text: &str| facts.fold(text) == heard;
            let place = lookup.common.place.key("heard");
            for part in book.wanted(number, lookup) {
                let whose = if is_copy(part.title) {
                    "the title"
                } else if part.utterances.iter().any(|text| is_copy(text)) {
                    "an utterance"
                } else {
                    continue;
                };
                let said = brief(&lookup.heard);
                let message =
                    format!("“{said}” is {whose} of `{}` already, so the lookup measures nothing", part.id);
                sink.tell(&place, message, "write it as another buyer would say it");
                break;
            }
        }
    }
}
