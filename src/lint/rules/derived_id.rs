//! An id that is made from the title: it changes when the title does.

use crate::book::model::{Common, Id, Part};
use crate::book::{Book, brief};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "derived-id", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        macro_rules! each {
            ($($list:ident $title:ident;)*) => {$(
                each(book, &volume.$list, |part| part.$title.as_ref(), sink);
            )*};
        }
        each! {
            stages title;
            objections title;
            closes title;
            outcomes title;
            signals title;
            competitors title;
            metrics title;
            roles title;
        }
        each(book, &volume.questions, |part| part.ask.source(), sink);
        each(book, &volume.proofs, |part| part.claim.source(), sink);
    }
}

fn each<T: Part>(book: &Book, parts: &[T], title: impl Fn(&T) -> &str, sink: &mut Sink<'_>) {
    for part in parts {
        let (common, id): (&Common, &Id) = (part.common(), part.id());
        if book.sources.has(&common.place.key("id")) {
            continue;
        }
        let shown = brief(title(part));
        let message =
            format!("the {} `{shown}` has no id of its own; `{id}` is made from its words", T::NOUN);
        sink.tell(&common.place, message, format!("write `id: {id}` before others link to it"));
    }
}
