//! A card that does not fit on the screen of a call: 80 columns and 24 lines.

use crate::book::Book;
use crate::book::model::{Id, Objection, Part, Place};
use crate::card::{Card, CardKind, cards};
use crate::lint::{Context, Rule, Sink};
use crate::render;

pub const RULE: Rule = Rule { id: "card-too-tall", check };

/// The columns of the smallest terminal.
const COLUMNS: usize = 80;
/// Its lines, less the one that the prompt needs.
const LINES: usize = 23;

fn check(book: &Book, _: &Context, sink: &mut Sink<'_>) {
    let tall = |card: &Card| {
        // Columns are bytes at most, so a card of few bytes needs no drawing.
        let bytes: usize = card.responses.iter().map(|response| response.say.len()).sum();
        if card.responses.len() < 3 && bytes < COLUMNS * 4 {
            return None;
        }
        let shown = render::card(card, None, COLUMNS, usize::MAX);
        Some(shown.lines().count()).filter(|lines| *lines > LINES)
    };
    let all = cards(book);
    let mut at = std::collections::BTreeMap::new();
    for card in all.iter().filter(|card| card.kind == CardKind::Objection) {
        if let Some(lines) = tall(card) {
            at.insert((card.playbook.as_str(), card.language.as_str(), card.id.as_str()), lines);
        }
    }
    for volume in &book.volumes {
        for objection in &volume.objections {
            let (id, place): (&Id, &Place) = (objection.id(), &objection.common().place);
            let key = (volume.id.as_str(), volume.language.as_str(), id.as_str());
            let Some(lines) = at.get(&key) else { continue };
            let message = format!(
                "the card `{id}` takes {lines} lines; {LINES} fit on the screen of a call, so its end is cut off"
            );
            sink.tell(place, message, hint(objection));
        }
    }
}

fn hint(objection: &Objection) -> &'static str {
    match objection.responses.len() {
        1 => "say it in fewer words",
        _ => "say it in fewer words, or keep the responses that work best",
    }
}
