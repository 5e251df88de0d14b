//! Words that are too long to read in the pause that a call leaves (`model.md`, "Length").

use crate::book::Book;
use crate::book::model::{Answer, Markup, Place};
use crate::language::Language;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "too-long", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        let language = &volume.language;
        let (bridge_limit, say_limit) = language.limits();
        let mut measure = |text: &Markup, what: &str, limit: usize, place: &Place| {
            let length = facts.of(text).map_or(0, |heard| heard.length);
            if length > limit {
                tell(length, what, limit, language, &place.key(what), sink);
            }
        };
        for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
            let place = &response.common.place;
            if let Some(bridge) = &response.bridge {
                measure(bridge, "bridge", bridge_limit, place);
            }
            match &response.answer {
                Answer::Say(say) => measure(say, "say", say_limit, place),
                Answer::Steps(steps) => {
                    steps.iter().for_each(|step| measure(&step.say, "say", say_limit, &step.common.place));
                }
            }
        }
        for close in &volume.closes {
            measure(&close.say, "say", say_limit, &close.common.place);
        }
    }
}

fn tell(length: usize, what: &str, limit: usize, language: &Language, place: &Place, sink: &mut Sink<'_>) {
    let (read, say) = language.seconds(length);
    let message = format!(
        "this {what} has {length} {}, {read:.0} s to read and {say:.0} s to say; {limit} fit into the pause \
         of a call",
        language.unit()
    );
    let hint = match what {
        "bridge" => "keep only the words that show that you heard them",
        _ => "cut it, or make `steps` of it",
    };
    sink.tell(place, message, hint);
}
