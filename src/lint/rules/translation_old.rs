//! A translation that was looked at before its original was.

use std::collections::BTreeMap;

use super::translation::{parts, translations};
use crate::book::Book;
use crate::book::model::{Common, Date};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "translation-old", check };

fn verified(common: &Common) -> Option<Date> {
    common.meta.as_ref()?.verified
}

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (volume, original) in translations(book) {
        let mut first: BTreeMap<(&str, &str), &Common> =
            parts(original).into_iter().map(|(noun, id, common)| ((noun, id.as_str()), common)).collect();
        first.insert(("file", ""), &original.common);
        let whole = [("file", &volume.id, &volume.common)];
        for (noun, id, common) in parts(volume).into_iter().chain(whole) {
            let key = (noun, if noun == "file" { "" } else { id.as_str() });
            let Some(other) = first.get(&key) else { continue };
            let (Some(here), Some(there)) = (verified(common), verified(other)) else { continue };
            if here < there {
                let message =
                    format!("`{id}` was verified on {here}, its {} original on {there}", original.language);
                let hint = "compare the two, mend this one, and set `verified` to that day";
                let place = |common: &Common| common.place.key("meta").key("verified");
                sink.tell_both(&place(common), message, hint, (&place(other), "the original"));
            }
        }
    }
}
