//! A process that presses for the signature more than it asks.

use std::collections::BTreeSet;

use super::process::processes;
use crate::book::Book;
use crate::book::model::LineContent;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "all-closing", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (_, volume) in processes(book) {
        let closes: BTreeSet<_> = volume.stages.iter().flat_map(|stage| &stage.closes).collect();
        let lines = volume.stages.iter().flat_map(|stage| &stage.script);
        let asked = lines
            .filter(|line| match &line.content {
                LineContent::Ask(_) | LineContent::AskText(_) => true,
                LineContent::Say(text) => super::said::asks(text.source()),
                LineContent::Verbatim(_) | LineContent::Note(_) => false,
            })
            .count();
        if closes.len() >= 2 && closes.len() > asked {
            let message = format!(
                "`{}` offers {} ways to close and asks {asked} {}",
                volume.id,
                closes.len(),
                if asked == 1 { "question" } else { "questions" }
            );
            let hint = "ask first: add lines `- ask: …` to the stages before the close";
            sink.tell_key(&volume.common.place.key("stages"), message, hint);
        }
    }
}
