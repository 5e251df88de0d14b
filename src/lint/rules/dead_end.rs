//! A stage from which the call can never end.

use super::ways::{Node, Ways};
use crate::book::Book;
use crate::book::model::{Ref, Target};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "dead-end", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.playbooks() {
        let ways = Ways::of(book, number);
        for (index, stage) in volume.stages.iter().enumerate() {
            let ends = |node: &Node| matches!(node, Node::End | Node::Part(Target::Outcome(_)));
            if !ways.from(Ref::at(number, index)).iter().any(ends) {
                let message = format!("from the stage `{}` no way leads to an outcome", stage.id);
                let hint = "let a branch of `next` lead to an outcome, or to a stage that ends the call";
                sink.tell(&stage.common.place, message, hint);
            }
        }
    }
}
