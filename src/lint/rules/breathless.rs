//! A sentence that nobody can say in one breath.

use super::said::{Role, clauses, each, sentences};
use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "breathless", check };

/// The longest sentence, in seconds of speech: about what a breath lasts in talk.
const SENTENCE: f64 = 12.0;
/// The longest stretch without a pause, in seconds of speech.
const STRETCH: f64 = 8.0;

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        let language = &volume.language;
        let seconds = |text: &str| language.seconds(language.length(text)).1;
        // A text that is shorter than a stretch may be has none that is too long: most end here.
        let least = (STRETCH / language.seconds(1).1) as usize;
        each(volume, |said| {
            if said.role == Role::Bridge || said.text.source().len() < least {
                return;
            }
            let Some(heard) = facts.of(said.text).filter(|heard| heard.length > least) else { return };
            let long = |sentence: &&str| {
                seconds(sentence) > SENTENCE || clauses(sentence).iter().any(|part| seconds(part) > STRETCH)
            };
            if let Some(sentence) = sentences(&heard.plain).into_iter().find(long) {
                let length = language.length(sentence);
                let message = format!(
                    "nobody can say “{}” in one breath: {length} {}, {:.0} s",
                    crate::book::brief(sentence),
                    language.unit(),
                    seconds(sentence)
                );
                sink.tell(&said.place(), message, "make two sentences of it, or set a comma to breathe at");
            }
        });
    }
}
