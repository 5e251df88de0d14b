//! A stage in which only the rep talks.

use super::process::lines;
use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "monologue", check };

/// So many lines without a question are a speech.
const LINES: usize = 3;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for stage in book.volumes.iter().flat_map(|volume| &volume.stages) {
        let (told, asked) = lines(stage);
        // A close is a question as well.
        if told >= LINES && asked == 0 && stage.closes.is_empty() {
            let message = format!("the stage `{}` has {told} lines to say and asks nothing", stage.id);
            let hint = "add a line `- ask: …` that gives the buyer the word";
            sink.tell_key(&stage.common.place.key("script"), message, hint);
        }
    }
}
