//! A stage that no way leads to.

use super::ways::{Node, Ways};
use crate::book::Book;
use crate::book::model::{Ref, Target};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unreachable-stage", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.playbooks().filter(|(_, volume)| !volume.stages.is_empty()) {
        let reached = Ways::of(book, number).from(Ref::at(number, 0));
        for (index, stage) in volume.stages.iter().enumerate() {
            if !reached.contains(&Node::Part(Target::Stage(Ref::at(number, index)))) {
                let message = format!("no way leads to the stage `{}`", stage.id);
                let hint = format!("add a branch `- {{when: …, go: {}}}` to an earlier stage", stage.id);
                sink.tell(&stage.common.place, message, hint);
            }
        }
    }
}
