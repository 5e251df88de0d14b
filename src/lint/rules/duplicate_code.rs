//! Two cards with one short code: typed by heart, it would find either.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::model::Place;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "duplicate-code", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.volumes.iter().enumerate() {
        let mut seen: BTreeMap<String, (usize, String)> = BTreeMap::new();
        // The libraries first, so that a volume's own card is the one that gives way.
        let scope: Vec<_> = book.scope(number).collect();
        for (other, part) in scope.iter().rev() {
            for (code, id, place) in codes(part) {
                match seen.get(&code.to_lowercase()) {
                    Some((owner, first)) if *other == number => {
                        let whose = if *owner == number {
                            volume.id.as_str()
                        } else {
                            book.volumes[*owner].id.as_str()
                        };
                        let message = format!("the code `{code}` belongs to `{whose}/{first}` already");
                        sink.tell(&place.key("code"), message, "give one of the two another code");
                    }
                    _ => {
                        seen.insert(code.to_lowercase(), (*other, id.to_string()));
                    }
                }
            }
        }
    }
}

fn codes(volume: &crate::book::model::Volume) -> Vec<(&str, &str, &Place)> {
    let mut out = Vec::new();
    macro_rules! add {
        ($($list:ident)*) => {$(
            for part in &volume.$list {
                if let Some(code) = &part.code {
                    out.push((code.as_str(), part.id.as_str(), &part.common.place));
                }
            }
        )*};
    }
    add!(objections closes questions signals competitors);
    out
}
