//! The texts of a volume that a rep says aloud, and what rules need to look at them.

use std::borrow::Cow;

use crate::book::model::{Answer, LineContent, Markup, Place, Volume};
use crate::markdown;
use crate::template::spoken::{Filled, Piece, Values, fill};

/// What a text does in the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Told to the buyer in a stage.
    Line,
    /// Said first on an objection.
    Bridge,
    /// An answer, a close, what is said to a signal.
    Answer,
    /// A question to the buyer.
    Ask,
    /// Said back to the buyer.
    Confirm,
}

/// One text that is said aloud.
pub struct Said<'a> {
    /// The text.
    pub text: &'a Markup,
    /// What it does.
    pub role: Role,
    part: &'a Place,
    key: &'static str,
    item: Option<usize>,
}

impl Said<'_> {
    /// Where it is written.
    pub fn place(&self) -> Place {
        let place = self.part.key(self.key);
        self.item.map_or(place.clone(), |item| place.item(item))
    }
}

/// The words of a text alone; each variable counts as one word, `X`.
pub fn plain(text: &Markup) -> Cow<'_, str> {
    let source = text.source();
    let simple = |c: char| c.is_alphanumeric() || matches!(c, ' ' | ',' | '.' | '?' | '\'' | '’' | '!' | '"');
    if source.starts_with(|c: char| c.is_alphabetic()) && source.chars().all(simple) {
        return Cow::Borrowed(source);
    }
    let one_word = |piece| match piece {
        Piece::Blank(_) => Piece::Value("X".into()),
        other => other,
    };
    let filled = fill(source, &Values::default());
    Cow::Owned(markdown::to_plain(&Filled(filled.0.into_iter().map(one_word).collect())))
}

/// Goes through all that is said aloud in a volume; words that must be said exactly so are left out,
/// for nobody may change them.
pub fn each<'a>(volume: &'a Volume, mut look: impl FnMut(Said<'a>)) {
    let mut one = |text: &'a Markup, role, part: &'a Place, key, item| {
        look(Said { text, role, part, key, item });
    };
    for line in volume.stages.iter().flat_map(|stage| &stage.script) {
        let place = &line.common.place;
        match &line.content {
            LineContent::Say(text) => one(text, Role::Line, place, "say", None),
            LineContent::AskText(text) => one(text, Role::Ask, place, "ask", None),
            LineContent::Verbatim(_) | LineContent::Ask(_) | LineContent::Note(_) => {}
        }
    }
    for question in &volume.questions {
        let place = &question.common.place;
        one(&question.ask, Role::Ask, place, "ask", None);
        for (index, text) in question.follow_ups.iter().enumerate() {
            one(text, Role::Ask, place, "follow_ups", Some(index));
        }
        if let Some(text) = &question.confirm {
            one(text, Role::Confirm, place, "confirm", None);
        }
    }
    for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
        let place = &response.common.place;
        if let Some(text) = &response.bridge {
            one(text, Role::Bridge, place, "bridge", None);
        }
        match &response.answer {
            Answer::Say(text) => one(text, Role::Answer, place, "say", None),
            Answer::Steps(steps) => {
                steps.iter().for_each(|step| one(&step.say, Role::Answer, &step.common.place, "say", None));
            }
        }
        if let Some(text) = &response.ask {
            one(text, Role::Ask, place, "ask", None);
        }
    }
    for close in &volume.closes {
        one(&close.say, Role::Answer, &close.common.place, "say", None);
    }
    for signal in &volume.signals {
        if let Some(text) = &signal.say {
            one(text, Role::Answer, &signal.common.place, "say", None);
        }
    }
    for competitor in &volume.competitors {
        for (index, text) in competitor.landmines.iter().enumerate() {
            one(text, Role::Ask, &competitor.common.place, "landmines", Some(index));
        }
    }
}

/// Whether a text asks something, in any script.
pub fn asks(text: &str) -> bool {
    text.contains(['?', '？', '؟'])
}

/// The sentences of a plain text, each with the mark that ends it.
pub fn sentences(text: &str) -> Vec<&str> {
    split(text, |c| matches!(c, '!' | '?' | '…' | '。' | '！' | '？' | '\n' | ';' | '；'))
}

/// The stretches of a plain text between two pauses, however short.
pub fn clauses(text: &str) -> Vec<&str> {
    split(text, |c| {
        matches!(
            c,
            '!' | '?'
                | '…'
                | '。'
                | '！'
                | '？'
                | '\n'
                | ';'
                | '；'
                | '，'
                | '、'
                | '：'
                | '–'
                | '—'
                | '('
                | ')'
        )
    })
}

/// Cuts behind the marks that end something, and behind a full stop, comma or colon that a space
/// follows (so that numbers and times of day stay whole; a comma ends no sentence).
fn split(text: &str, ends: impl Fn(char) -> bool) -> Vec<&str> {
    let pauses = ends('，');
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let spaced = chars.peek().is_none_or(|(_, next)| next.is_whitespace() || *next == '"');
        let end = ends(c) || (spaced && (c == '.' || (pauses && matches!(c, ',' | ':'))));
        if end {
            out.push(&text[start..at + c.len_utf8()]);
            start = at + c.len_utf8();
        }
    }
    out.push(&text[start..]);
    out.into_iter().map(str::trim).filter(|part| part.chars().any(char::is_alphanumeric)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_and_clauses_end_where_breath_is_taken() {
        let text = "It is 1.5 times as fast, at 9:30. Really? Yes";
        assert_eq!(sentences(text), ["It is 1.5 times as fast, at 9:30.", "Really?", "Yes"]);
        assert_eq!(clauses(text), ["It is 1.5 times as fast,", "at 9:30.", "Really?", "Yes"]);
        assert_eq!(sentences("好。那我問一句，可以嗎？"), ["好。", "那我問一句，可以嗎？"]);
        assert_eq!(clauses("那我問一句，可以嗎？").len(), 2);
    }
}
