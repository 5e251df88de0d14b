//! Flashcards for Anki: its plain text with headers, a note a card. The front is what the buyer says, the
//! back what to answer.

use std::fmt::Write;

use crate::card::{Card, CardKind};
use crate::markdown::escape_html;

/// What the file begins with. Notes are known by their own ids, so that a second import brings them up
/// to date instead of adding them again.
const HEAD: &str = "#separator:tab\n#html:true\n#guid column:1\n#deck column:2\n#tags column:5\n#columns:Id\tDeck\tFront\tBack\tTags\n";

/// One field: HTML, on one line, without what separates fields.
fn field(text: &str) -> String {
    let mut out = String::new();
    escape_html(text.trim(), &mut out);
    out.replace("\r\n", "<br>").replace(['\n', '\r'], "<br>").replace(['\t', '\0'], " ")
}

/// A tag: Anki separates tags by spaces.
fn tag(text: &str) -> String {
    field(&text.split_whitespace().collect::<Vec<_>>().join("-"))
}

/// The notes of all objections and signals among the cards.
pub fn notes(cards: &[Card], deck: &str) -> String {
    let mut out = HEAD.to_string();
    let heard = cards.iter().filter(|card| matches!(card.kind, CardKind::Objection | CardKind::Signal));
    for card in heard.filter(|card| !card.responses.is_empty()) {
        let mut front = format!("<b>{}</b>", field(&card.title));
        for heard in card.utterances.iter().filter(|heard| **heard != card.title).take(3) {
            let _ = write!(front, "<br>“{}”", field(heard));
        }
        let mut back = String::new();
        for response in &card.responses {
            if !back.is_empty() {
                back += "<hr>";
            }
            if let Some(when) = &response.when {
                let _ = write!(back, "<i>{}</i><br>", field(when));
            }
            if let Some(bridge) = &response.bridge {
                let _ = write!(back, "<b>{}</b><br>", field(bridge));
            }
            back += &field(&response.say);
            if let Some(ask) = &response.ask {
                let _ = write!(back, "<br>? {}", field(ask));
            }
        }
        let deck = format!("{}::{}", deck.replace("::", ":"), card.playbook);
        let mut tags = vec![card.kind.as_str().to_string(), card.language.to_string()];
        tags.extend(card.category.clone());
        tags.extend(card.code.clone());
        let tags: Vec<String> = tags.iter().map(|one| tag(one)).collect();
        let id = format!("callbook/{}/{}/{}", card.language, card.path(), card.kind.as_str());
        let _ = writeln!(out, "{id}\t{}\t{front}\t{back}\t{}", field(&deck), tags.join(" "));
    }
    out
}
