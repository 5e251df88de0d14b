//! Cards as a table for spreadsheets: a row an answer, in the same columns always.

use super::columns::Role;
use super::written::turns;
use crate::book::model::{Answer, Book, Markup, Objection, Response, Volume};
use crate::calls::table::is_formula;
use crate::card::{Card, CardKind};

/// The columns, in order; new ones come last.
pub const COLUMNS: [&str; 19] = [
    "playbook",
    "language",
    "card",
    "id",
    "code",
    "title",
    "kind",
    "category",
    "why",
    "heard",
    "response-id",
    "technique",
    "when",
    "bridge",
    "say",
    "ask",
    "avoid",
    "file",
    "line",
];

/// A cell that no spreadsheet runs: what looks like a formula gets an apostrophe, which `import` takes
/// away again.
fn safe(text: &str) -> String {
    let text = text.trim().replace('\0', "");
    if is_formula(&text) || text.strip_prefix('\'').is_some_and(is_formula) {
        format!("'{text}")
    } else {
        text
    }
}

/// The table as CSV (RFC 4180). Objections are written as they stand in the book, templates and all, so
/// that they can be taken in again; of other cards the table has the words as they are shown.
pub fn csv(book: &Book, cards: &[Card]) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    // Writing to memory does not fail.
    let _ = writer.write_record(COLUMNS);
    for card in cards {
        let line = card.line.to_string();
        let own = (card.kind == CardKind::Objection).then(|| objection(book, card)).flatten();
        let answers: Vec<[String; 7]> = match own {
            Some(own) => own.responses.iter().map(written).collect(),
            None => card
                .responses
                .iter()
                .map(|one| {
                    let maybe = |text: &Option<String>| text.clone().unwrap_or_default();
                    [
                        one.id.clone(),
                        maybe(&one.technique),
                        maybe(&one.when),
                        maybe(&one.bridge),
                        one.say.clone(),
                        maybe(&one.ask),
                        one.avoid.join("\n"),
                    ]
                })
                .collect(),
        };
        let answers = if answers.is_empty() { vec![<[String; 7]>::default()] } else { answers };
        let why = own.and_then(|own| own.why.as_ref()).map(|why| why.source().to_string());
        for answer in &answers {
            let text = |value: &Option<String>| value.clone().unwrap_or_default();
            let head = [
                card.playbook.clone(),
                card.language.to_string(),
                card.kind.as_str().to_string(),
                card.id.clone(),
                text(&card.code),
                card.title.clone(),
                text(&card.objection_kind),
                text(&card.category),
                why.clone().or_else(|| card.why.clone()).unwrap_or_default(),
                card.utterances.join("\n"),
            ];
            let cells = head.iter().chain(answer).map(|cell| safe(cell));
            let _ = writer.write_record(cells.chain([safe(&card.file), line.clone()]));
        }
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

fn objection<'a>(book: &'a Book, card: &Card) -> Option<&'a Objection> {
    let here = |volume: &&Volume| volume.id.as_str() == card.playbook && volume.language == card.language;
    book.volumes
        .iter()
        .filter(here)
        .flat_map(|volume| &volume.objections)
        .find(|one| one.id.as_str() == card.id)
}

fn written(response: &Response) -> [String; 7] {
    let text =
        |value: &Option<Markup>| value.as_ref().map(|value| value.source().to_string()).unwrap_or_default();
    let say = match &response.answer {
        Answer::Say(say) => say.source().to_string(),
        Answer::Steps(steps) => turns(steps),
    };
    let avoid: Vec<&str> = response.avoid.iter().map(Markup::source).collect();
    [
        response.id.to_string(),
        response.technique.clone().unwrap_or_default(),
        text(&response.when),
        text(&response.bridge),
        say,
        text(&response.ask),
        avoid.join("\n"),
    ]
}

// What is written under the name of a role is read again as it.
const _: () = assert!(COLUMNS.len() == Role::ALL.len() + 3);
