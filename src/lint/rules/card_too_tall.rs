//! A card that does not fit on the screen of a call: 80 columns and 24 lines.

use crate::book::Book;
use crate::book::model::{Answer, Markup, Objection, Response};
use crate::card::objection_cards;
use crate::lint::{Facts, Rule, Sink};
use crate::render;

pub const RULE: Rule = Rule { id: "card-too-tall", check };

/// The columns of the smallest terminal.
const COLUMNS: usize = 80;
/// Its lines, less the one that the prompt needs.
const LINES: usize = 23;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, volume) in book.volumes.iter().enumerate() {
        // Only what may be too tall is drawn.
        let may: Vec<usize> =
            (0..volume.objections.len()).filter(|index| most(&volume.objections[*index]) > LINES).collect();
        if may.is_empty() {
            continue;
        }
        for (index, card) in may.iter().zip(objection_cards(book, number, &may)) {
            let lines = render::card(&card, None, COLUMNS, usize::MAX).lines().count();
            if lines > LINES {
                let objection = &volume.objections[*index];
                let message = format!(
                    "the card `{}` takes {lines} lines; {LINES} fit on the screen of a call, so its end is cut off",
                    objection.id
                );
                sink.tell(&objection.common.place, message, hint(objection));
            }
        }
    }
}

/// The most lines that a card can take. A line holds 77 columns less the word that no longer fits, and
/// no character has more columns than bytes; a template may grow, so it counts as tall.
fn most(objection: &Objection) -> usize {
    let text = |text: &Markup| match text.source() {
        source if source.contains('{') => LINES,
        source => source.len() / 45 + source.matches('\n').count() + 1,
    };
    let maybe = |markup: &Option<Markup>| markup.as_ref().map_or(0, text);
    let response = |response: &Response| {
        let answer = match &response.answer {
            Answer::Say(say) => text(say),
            Answer::Steps(steps) => steps.iter().map(|step| text(&step.say) + 1).sum(),
        };
        // A claim may be of any length; one that is too long is seen when it is drawn.
        maybe(&response.bridge) + answer + maybe(&response.ask) + response.proof.len() * 3 + 1
    };
    objection.responses.iter().map(response).sum::<usize>() + 1
}

fn hint(objection: &Objection) -> &'static str {
    match objection.responses.len() {
        1 => "say it in fewer words",
        _ => "say it in fewer words, or keep the responses that work best",
    }
}
