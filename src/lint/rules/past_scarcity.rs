//! A close whose fact no longer holds.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "past-scarcity", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for close in book.volumes.iter().flat_map(|volume| &volume.closes) {
        if let Some(until) = close.true_until.filter(|until| *until < facts.today) {
            let message = format!("the fact behind `{}` held until {until}", close.id);
            sink.tell(
                &close.common.place.key("true_until"),
                message,
                "write a fact that is true today, or take the close away",
            );
        }
    }
}
