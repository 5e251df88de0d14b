//! A framework that discovery has to cover, and what of it is never asked.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::model::{Id, LineContent, VolumeKind};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "uncovered-dimension", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.volumes.iter().enumerate() {
        if volume.kind != VolumeKind::Playbook || volume.frameworks.is_empty() {
            continue;
        }
        // Where there are stages, a question counts that one of them asks or that the playbook itself
        // has; else whatever is in reach.
        let mut asked: BTreeSet<&(Id, Id)> = BTreeSet::new();
        for line in volume.stages.iter().flat_map(|stage| &stage.script) {
            if let LineContent::Ask(question) = line.content {
                asked.extend(&book.get(question).dimension);
            }
        }
        for (other, part) in book.scope(number) {
            if other == number || volume.stages.is_empty() {
                asked.extend(part.questions.iter().filter_map(|question| question.dimension.as_ref()));
            }
        }
        for (index, framework) in volume.frameworks.iter().enumerate() {
            let covered =
                |id: &Id| asked.iter().any(|(of, dimension)| *of == framework.id && dimension == id);
            let missing = framework.dimensions.iter().filter(|dimension| !covered(&dimension.id));
            let missing: Vec<&str> = missing.map(|dimension| dimension.id.as_str()).collect();
            let Some(first) = missing.first() else { continue };
            let message =
                format!("of `{}`, `{}` never asks for {}", framework.id, volume.id, missing.join(", "));
            let hint = format!("add a question with `dimension: {}.{first}`", framework.id);
            sink.tell(&volume.common.place.key("frameworks").item(index), message, hint);
        }
    }
}
