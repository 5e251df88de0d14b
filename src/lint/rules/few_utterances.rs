//! An objection that lookup knows in a few words only.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "few-utterances", check };

/// So many are enough: with five, most of what buyers say is near one of them.
const ENOUGH: usize = 5;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for objection in book.volumes.iter().flat_map(|volume| &volume.objections) {
        let count = objection.utterances.len();
        if count > 0 && count < ENOUGH {
            let what = if count == 1 { "1 utterance".to_string() } else { format!("{count} utterances") };
            let message =
                format!("the objection `{}` has {what}; {ENOUGH} find it far more often", objection.id);
            let hint = "add what buyers say, word for word, from the last calls";
            sink.tell_key(&objection.common.place.key("utterances"), message, hint);
        }
    }
}
