//! Words that are too long to read in the pause that a call leaves (`model.md`, "Length").

use super::said::plain;
use crate::book::Book;
use crate::book::model::{Answer, Markup, Place};
use crate::language::Language;
use crate::lint::{Context, Rule, Sink};

pub const RULE: Rule = Rule { id: "too-long", check };

fn check(book: &Book, _: &Context, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        let language = &volume.language;
        let (bridge_limit, say_limit) = language.limits();
        for objection in &volume.objections {
            for response in &objection.responses {
                let place = &response.common.place;
                if let Some(bridge) = &response.bridge {
                    measure(bridge, "bridge", bridge_limit, language, &place.key("bridge"), sink);
                }
                match &response.answer {
                    Answer::Say(say) => measure(say, "say", say_limit, language, &place.key("say"), sink),
                    Answer::Steps(steps) => {
                        for step in steps {
                            measure(
                                &step.say,
                                "say",
                                say_limit,
                                language,
                                &step.common.place.key("say"),
                                sink,
                            );
                        }
                    }
                }
            }
        }
        for close in &volume.closes {
            measure(&close.say, "say", say_limit, language, &close.common.place.key("say"), sink);
        }
    }
}

fn measure(text: &Markup, what: &str, limit: usize, language: &Language, place: &Place, sink: &mut Sink<'_>) {
    // Nothing can be longer in words than it is in characters; most texts end here.
    if text.source().len() <= limit {
        return;
    }
    let length = language.length(&plain(text));
    if length > limit {
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
}
