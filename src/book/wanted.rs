//! What a lookup of a book is meant to find.

use super::Book;
use super::model::{Common, Id, Lookup, Part, Volume};

/// A part that a lookup names: whatever can be a card.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'b> {
    /// The playbook or library it is written in.
    pub volume: &'b Volume,
    /// Its id.
    pub id: &'b Id,
    /// Its heading, as it is written; a question is its own.
    pub title: &'b str,
    /// What buyers say, a competitor's other names; empty for parts that have none.
    pub utterances: &'b [String],
    /// Common to all parts.
    pub common: &'b Common,
}

impl Book {
    /// The parts that a lookup of a volume may mean: those with its id, the volume's own first, then
    /// those of its libraries. Ids of different kinds of parts may be alike, so there may be several.
    pub fn wanted(&self, volume: usize, lookup: &Lookup) -> Vec<Wanted<'_>> {
        let mut out = Vec::new();
        for (_, volume) in self.scope(volume) {
            macro_rules! look {
                ($($list:ident: $part:ident => $title:expr, $utterances:expr;)*) => {$(
                    for $part in volume.$list.iter().filter(|part| named(*part, &lookup.finds)) {
                        let (id, common) = (&$part.id, &$part.common);
                        out.push(Wanted { volume, id, title: $title, utterances: $utterances, common });
                    }
                )*};
            }
            look! {
                objections: part => &part.title, &part.utterances;
                signals: part => &part.title, &part.utterances;
                closes: part => &part.title, &[];
                questions: part => part.ask.source(), &[];
                competitors: part => &part.title, &part.aliases;
                stages: part => &part.title, &[];
            }
        }
        out
    }
}

fn named<T: Part>(part: &T, id: &Id) -> bool {
    part.id() == id || part.common().was.contains(id)
}
