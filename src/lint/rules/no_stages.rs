//! A playbook that nobody can be led through.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "no-stages", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (_, volume) in book.playbooks() {
        let key = volume.common.place.key("stages");
        if volume.stages.is_empty() && !book.sources.has(&key) {
            let message =
                format!("the playbook `{}` has no stages, so nobody can be led through it", volume.id);
            let hint = "add `stages:`, or begin the file with `library:` if other playbooks are to use it";
            sink.tell(&volume.common.place.key("playbook"), message, hint);
        }
    }
}
