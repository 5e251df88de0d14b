//! A text in curly quotation marks: a word processor's, which YAML takes for letters.

use crate::book::Book;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "curly-quotes", check };

/// Marks that open, each with those that may close.
const PAIRS: [(char, &[char]); 3] = [('“', &['”']), ('„', &['“', '”']), ('‘', &['’'])];

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (number, file) in book.sources.files().enumerate() {
        // Most files have none.
        if !file.text().contains(['“', '„', '‘']) {
            continue;
        }
        for span in book.sources.texts(number) {
            let text = file.text().get(file.offset(span.start)..file.offset(span.end)).unwrap_or_default();
            let text = text.trim();
            let mut chars = text.chars();
            let Some((_, close)) =
                chars.next().and_then(|first| PAIRS.iter().find(|(open, _)| *open == first))
            else {
                continue;
            };
            let rest = chars.as_str();
            match rest.find(*close) {
                None => sink.tell_span(
                    file.name(),
                    span,
                    "only the beginning of a text in curly quotation marks is left here: something within it ended it",
                    "write straight ones around the whole text: \" \"",
                ),
                Some(end) if rest[end..].chars().count() == 1 => sink.tell_span(
                    file.name(),
                    span,
                    "the curly quotation marks around this text are a part of it",
                    "take them away, or write straight ones: \" \"",
                ),
                Some(_) => {}
            }
        }
    }
}
