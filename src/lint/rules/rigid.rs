//! A process that goes one way whatever the buyer says.

use super::process::processes;
use crate::book::Book;
use crate::book::model::{LineContent, Stage};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "rigid", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in processes(book) {
        let branches = |stage: &Stage| {
            stage.next.len() > 1
                || stage.next.iter().any(|branch| branch.when.is_some())
                || stage.closes.iter().any(|close| book.get(*close).if_no.is_some())
                || stage.script.iter().any(|line| match line.content {
                    LineContent::Ask(question) => {
                        book.get(question).options.iter().any(|option| option.go.is_some())
                    }
                    _ => false,
                })
                || stage.objections.iter().any(|objection| {
                    book.get(*objection).responses.iter().any(|response| response.next.is_some())
                })
        };
        let anytime = book.scope(number).any(|(_, volume)| !volume.anytime.is_empty());
        if !anytime && !volume.stages.iter().any(branches) {
            let message =
                format!("`{}` goes from its first stage to its last, whatever the buyer says", volume.id);
            let hint =
                "add a branch where the talk can turn: `next: [{when: They have a supplier, go: …}, …]`";
            sink.tell_key(&volume.common.place.key("stages"), message, hint);
        }
    }
}
