//! A claim without the day on which it was true.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "undated-proof", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for proof in book.volumes.iter().flat_map(|volume| &volume.proofs) {
        let place = &proof.common.place;
        if proof.date.is_none() && !book.sources.has(&place.key("date")) {
            let message = format!("nobody can tell how old the proof `{}` is", proof.id);
            sink.tell(place, message, "add `date:` with the day on which it was found out");
        }
    }
}
