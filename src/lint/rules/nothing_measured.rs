//! A process that is never evaluated.

use super::process::processes;
use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "nothing-measured", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in processes(book) {
        let measured = book.scope(number).any(|(_, volume)| !volume.metrics.is_empty());
        if !measured && !book.sources.has(&volume.common.place.key("metrics")) {
            let message = format!("nothing is measured in `{}`", volume.id);
            let first = &volume.stages[0].id;
            let hint = format!(
                "add `metrics:` with what shows that it works, such as `{{id: won, from: {first}, to: …}}`"
            );
            sink.tell(&volume.common.place.key("playbook"), message, hint);
        }
    }
}
