//! An utterance that two cards of a playbook have: lookup cannot tell which is meant.

use std::collections::HashMap;

use crate::book::Book;
use crate::book::model::{Place, Volume};
use crate::lint::{Context, Rule, Sink};
use crate::search::fold;

pub const RULE: Rule = Rule { id: "shared-utterance", check };

/// Where an utterance of a volume is written first: the number of its card, the card's id, the place.
type First<'a> = HashMap<String, (usize, &'a str, Place)>;

fn check(book: &Book, _: &Context, sink: &mut Sink<'_>) {
    // Each volume is folded once, however many use it.
    let mut known: Vec<First<'_>> = Vec::new();
    let mut all: Vec<Vec<(usize, &str, Place, String)>> = Vec::new();
    for volume in &book.volumes {
        let folded = folded(volume);
        let mut first = First::new();
        for (card, id, place, text) in &folded {
            first.entry(text.clone()).or_insert((*card, id, place.clone()));
        }
        known.push(first);
        all.push(folded);
    }
    for (number, volume) in book.volumes.iter().enumerate() {
        for (card, _, place, text) in &all[number] {
            let own = known[number].get(text).filter(|(first, ..)| first != card);
            let other = own.map(|found| (volume, found)).or_else(|| {
                volume.uses.iter().find_map(|used| Some((&book.volumes[*used], known[*used].get(text)?)))
            });
            if let Some((owner, (_, id, there))) = other {
                let message =
                    format!("`{}/{id}` has this utterance as well, so lookup finds either", owner.id);
                let hint = "keep it on the card that answers it better";
                sink.tell_both(place, message, hint, (there, "the other one"));
            }
        }
    }
}

fn folded(volume: &Volume) -> Vec<(usize, &str, Place, String)> {
    let objections =
        volume.objections.iter().map(|part| (part.id.as_str(), &part.common.place, &part.utterances));
    let signals = volume.signals.iter().map(|part| (part.id.as_str(), &part.common.place, &part.utterances));
    let mut out = Vec::new();
    for (card, (id, place, utterances)) in objections.chain(signals).enumerate() {
        let list = place.key("utterances");
        for (index, utterance) in utterances.iter().enumerate() {
            let text = fold(utterance);
            if !text.is_empty() {
                out.push((card, id, list.item(index), text));
            }
        }
    }
    out
}
