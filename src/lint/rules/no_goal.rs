//! A stage without a goal: nobody can tell whether it has worked.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "no-goal", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for stage in book.volumes.iter().flat_map(|volume| &volume.stages) {
        if stage.goal.is_none() {
            let message = format!("the stage `{}` has no goal", stage.id);
            sink.tell(
                &stage.common.place,
                message,
                "add `goal:` with what is true when the stage has worked",
            );
        }
    }
}
