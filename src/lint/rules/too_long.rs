//! Words that are too long to read in the pause that a call leaves (`model.md`, "Length").

use crate::book::Book;
use crate::book::model::{Answer, Markup, Place};
use crate::language::Language;
use crate::lint::{Context, Rule, Sink};
use crate::markdown;
use crate::template::spoken::{Filled, Piece, Values, fill};

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
    // A variable counts as one: a blank is filled with a single word.
    let filled = fill(text.source(), &Values::default());
    let one_word = |piece| match piece {
        Piece::Blank(_) => Piece::Value("X".into()),
        other => other,
    };
    let plain = markdown::to_plain(&Filled(filled.0.into_iter().map(one_word).collect()));
    let length = language.length(&plain);
    if length > limit {
        let message =
            format!("this {what} has {length} {}; {limit} fit into the pause of a call", language.unit());
        let hint = match what {
            "bridge" => "keep only the words that show that you heard them",
            _ => "cut it, or make `steps` of it",
        };
        sink.tell(place, message, hint);
    }
}
