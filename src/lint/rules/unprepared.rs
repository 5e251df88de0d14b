//! Talks with a buyer in which no objection is prepared for.

use super::process::{is_talk, processes};
use crate::book::Book;
use crate::book::model::BuyerStage;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unprepared", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in processes(book) {
        let known: usize = book.scope(number).map(|(_, volume)| volume.objections.len()).sum();
        let talks: Vec<_> = volume.stages.iter().filter(|stage| is_talk(stage)).collect();
        if talks.len() < 2 {
            continue;
        }
        if known == 0 {
            let message =
                format!("`{}` leads through {} talks and knows no objection", volume.id, talks.len());
            let hint = "add `objections:`, or `uses:` with a library that has them";
            sink.tell(&volume.common.place.key("playbook"), message, hint);
            continue;
        }
        for stage in talks {
            // Who has bought objects less; what they say then is looked up.
            let later = stage.buyer_stage.is_some_and(|phase| phase >= BuyerStage::Retention);
            if !later
                && stage.objections.is_empty()
                && !book.sources.has(&stage.common.place.key("objections"))
            {
                let message = format!("the stage `{}` has no objection on its speed dial", stage.id);
                let hint = "add `objections:` with those to expect here, most likely first";
                sink.tell(&stage.common.place, message, hint);
            }
        }
    }
}
