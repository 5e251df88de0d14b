//! An objection without utterances: lookup has only its title and answers to go by.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "no-utterances", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for objection in book.volumes.iter().flat_map(|volume| &volume.objections) {
        let place = &objection.common.place;
        if objection.utterances.is_empty() && !book.sources.has(&place.key("utterances")) {
            let message =
                format!("the objection `{}` has no utterances, so it is hard to find", objection.id);
            sink.tell(
                &objection.common.place,
                message,
                "add `utterances:` with what buyers say, in their own words",
            );
        }
    }
}
