//! A card that should have been looked at again.

use crate::book::Book;
use crate::book::model::Common;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "review-due", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let mut look = |common: &Common, name: &str| {
        let Some(meta) = &common.meta else { return };
        let Some(due) = meta.review_due().filter(|due| *due < facts.today) else {
            return;
        };
        let who = meta.owner.as_ref().map(|owner| format!(" by {owner}")).unwrap_or_default();
        let message = format!("`{name}` was to be looked at again{who} by {due}");
        let hint = "make sure that it still holds and set `verified:` to that day";
        sink.tell(&common.place.key("meta").key("verified"), message, hint);
    };
    for volume in &book.volumes {
        look(&volume.common, volume.id.as_str());
        macro_rules! each {
            ($($list:ident)*) => {$(
                for part in &volume.$list {
                    look(&part.common, part.id.as_str());
                }
            )*};
        }
        each!(stages questions objections closes signals competitors proofs outcomes metrics roles);
        for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
            look(&response.common, response.id.as_str());
        }
    }
}
