//! A proof that may no longer be used.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "expired-proof", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for proof in book.volumes.iter().flat_map(|volume| &volume.proofs) {
        if let Some(expires) = proof.expires.filter(|expires| *expires < facts.today) {
            let message = format!("the proof `{}` expired on {expires}", proof.id);
            let hint = "find out whether it still holds and set a new date, or take it away";
            sink.tell(&proof.common.place.key("expires"), message, hint);
        }
    }
}
