//! An utterance that two cards of a playbook have: lookup cannot tell which is meant.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::book::Book;
use crate::book::model::{Place, Volume};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "shared-utterance", check };

/// An utterance: the number of its card in the volume, the card's id and place, its own number.
#[derive(Clone, Copy)]
struct Said<'a> {
    card: usize,
    id: &'a str,
    part: &'a Place,
    index: usize,
}

impl Said<'_> {
    fn place(&self) -> Place {
        self.part.key("utterances").item(self.index)
    }
}

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let all: Vec<Vec<(Said<'_>, Cow<'_, str>)>> =
        book.volumes.iter().map(|volume| folded(volume, facts)).collect();
    // Where an utterance of a volume is written first.
    let mut known: Vec<HashMap<&str, Said<'_>>> = Vec::new();
    for said in &all {
        let mut first = HashMap::new();
        for (said, text) in said {
            first.entry(&**text).or_insert(*said);
        }
        known.push(first);
    }
    for (number, volume) in book.volumes.iter().enumerate() {
        for (said, text) in &all[number] {
            let own = known[number].get(&**text).filter(|first| first.card != said.card);
            let other = own.map(|found| (volume, found)).or_else(|| {
                volume.uses.iter().find_map(|used| Some((&book.volumes[*used], known[*used].get(&**text)?)))
            });
            if let Some((owner, first)) = other {
                let message =
                    format!("`{}/{}` has this utterance as well, so lookup finds either", owner.id, first.id);
                let hint = "keep it on the card that answers it better";
                sink.tell_both(&said.place(), message, hint, (&first.place(), "the other one"));
            }
        }
    }
}

fn folded<'a>(volume: &'a Volume, facts: &'a Facts<'_>) -> Vec<(Said<'a>, Cow<'a, str>)> {
    let objections =
        volume.objections.iter().map(|part| (part.id.as_str(), &part.common.place, &part.utterances));
    let signals = volume.signals.iter().map(|part| (part.id.as_str(), &part.common.place, &part.utterances));
    let mut out = Vec::new();
    for (card, (id, part, utterances)) in objections.chain(signals).enumerate() {
        for (index, utterance) in utterances.iter().enumerate() {
            let text = facts.fold(utterance);
            if !text.is_empty() {
                out.push((Said { card, id, part, index }, text));
            }
        }
    }
    out
}
