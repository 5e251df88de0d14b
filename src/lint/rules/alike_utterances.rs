//! Utterances that are all the same words: they find no more than one of them would.

use std::collections::{BTreeSet, HashMap};

use crate::book::Book;
use crate::book::model::{Objection, Volume};
use crate::language::Family;
use crate::lint::{Context, Rule, Sink};
use crate::search::fold;

pub const RULE: Rule = Rule { id: "alike-utterances", check };

/// Fewer may be alike by chance.
const LEAST: usize = 3;

/// Words that make no difference to lookup, folded.
const SMALL: [&str; 78] = [
    "a", "an", "the", "is", "its", "it", "that", "thats", "this", "these", "i", "im", "we", "were", "you",
    "your", "our", "to", "for", "of", "in", "on", "and", "but", "so", "just", "really", "very", "quite",
    "too", "well", "oh", "me", "us", "be", "are", "am", "do", "does", "have", "has", "ve", "with", "at",
    "ma", "thi", "la", "cua", "em", "anh", "chi", "ben", "qua", "lam", "roi", "nhe", "a", "the", "minh",
    "toi", "cai", "nay", "saya", "kami", "ini", "itu", "yang", "ni", "lah", "sangat", "nya", "的", "了",
    "我", "我们", "太", "很", "啊",
];

fn check(book: &Book, _: &Context, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        for objection in &volume.objections {
            look(objection, volume, sink);
        }
    }
}

fn look(objection: &Objection, volume: &Volume, sink: &mut Sink<'_>) {
    let list = objection.common.place.key("utterances");
    let mut first: HashMap<String, usize> = HashMap::new();
    for (index, utterance) in objection.utterances.iter().enumerate() {
        let folded = fold(utterance);
        match first.get(&folded) {
            Some(other) => {
                let message = format!(
                    "to lookup, this is the same as “{}”",
                    crate::book::brief(&objection.utterances[*other])
                );
                sink.tell(&list.item(index), message, "take it away, or write what another buyer says");
            }
            None => {
                first.insert(folded, index);
            }
        }
    }
    if first.len() < LEAST {
        return;
    }
    let chinese = volume.language.family() == Family::Chinese;
    let words = |folded: &str| -> BTreeSet<String> {
        let small = |word: &String| SMALL.contains(&word.as_str());
        match chinese {
            true => folded
                .chars()
                .filter(|c| !c.is_whitespace())
                .map(String::from)
                .filter(|w| !small(w))
                .collect(),
            false => folded.split(' ').map(String::from).filter(|w| !small(w)).collect(),
        }
    };
    let mut sets = first.keys().map(|folded| words(folded));
    let Some(one) = sets.next().filter(|words| !words.is_empty()) else { return };
    if sets.all(|other| other == one) {
        let message = format!("the utterances of `{}` all say the same in the same words", objection.id);
        let hint = "add what other buyers say instead: other words, half sentences, a question";
        sink.tell_key(&list, message, hint);
    }
}
