//! Utterances that are all the same words: they find no more than one of them would.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::book::Book;
use crate::book::model::{Objection, Volume};
use crate::language::Family;
use crate::lint::{Facts, Rule, Sink};

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

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        for objection in &volume.objections {
            look(objection, volume, facts, sink);
        }
    }
}

fn look(objection: &Objection, volume: &Volume, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let list = objection.common.place.key("utterances");
    let mut first: HashMap<Cow<'_, str>, usize> = HashMap::new();
    for (index, utterance) in objection.utterances.iter().enumerate() {
        let folded = facts.fold(utterance);
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
    let words = |folded| -> Vec<&str> { words(folded, volume.language.family()) };
    let mut all = first.keys().map(|folded| words(folded));
    let Some(one) = all.next().filter(|words| !words.is_empty()) else { return };
    let within = |a: &[&str], b: &[&str]| a.iter().all(|word| b.contains(word));
    if all.all(|other| within(&other, &one) && within(&one, &other)) {
        let message = format!("the utterances of `{}` all say the same in the same words", objection.id);
        let hint = "add what other buyers say instead: other words, half sentences, a question";
        sink.tell_key(&list, message, hint);
    }
}

/// The words of a folded text that make a difference; of Chinese the characters.
fn words(folded: &str, family: Family) -> Vec<&str> {
    let words: Vec<&str> = match family {
        Family::Chinese => folded.split("").filter(|c| !c.trim().is_empty()).collect(),
        _ => folded.split(' ').collect(),
    };
    words.into_iter().filter(|word| !SMALL.contains(word)).collect()
}
