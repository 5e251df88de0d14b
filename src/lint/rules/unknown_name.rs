//! Names from lists that are open, where the name is none of the known ones: often a slip.

use crate::book::Book;
use crate::book::known::{CATEGORIES, CLOSES, METHODS, RESPONSES, SIGNALS};
use crate::book::model::Place;
use crate::diagnostic::did_you_mean;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unknown-name", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        if let Some(method) = &volume.method {
            look(method, "method", &METHODS, &volume.common.place.key("method"), sink);
        }
        for objection in &volume.objections {
            if let Some(category) = &objection.category {
                look(category, "category", &CATEGORIES, &objection.common.place.key("category"), sink);
            }
            for response in &objection.responses {
                if let Some(technique) = &response.technique {
                    look(technique, "technique", &RESPONSES, &response.common.place.key("technique"), sink);
                }
            }
        }
        for close in &volume.closes {
            if let Some(technique) = &close.technique {
                look(technique, "technique", &CLOSES, &close.common.place.key("technique"), sink);
            }
        }
        for signal in &volume.signals {
            if let Some(kind) = &signal.kind {
                look(kind, "kind of signal", &SIGNALS, &signal.common.place.key("kind"), sink);
            }
        }
    }
    for lexicon in &book.lexicons {
        for (index, group) in lexicon.groups.iter().enumerate() {
            if let Some(category) = &group.category {
                let place = lexicon.place.key("groups").item(index).key("category");
                look(category, "category", &CATEGORIES, &place, sink);
            }
        }
    }
}

fn look(name: &str, what: &str, known: &[&str], place: &Place, sink: &mut Sink<'_>) {
    if known.contains(&name) {
        return;
    }
    let hint = did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("the known ones are {}; keep yours if you mean it", known.join(", ")));
    let shown = crate::book::brief(name);
    sink.tell(place, format!("`{shown}` is not a {what} that callbook knows"), hint);
}
