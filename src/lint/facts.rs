//! What several rules need to know of the same text, worked out once and before the first of them asks:
//! the plain words of what is said and how long they are, the numbers in them, the folded forms of what
//! buyers say.

use std::borrow::Cow;
use std::collections::HashMap;

use rayon::prelude::*;

use super::rules::numbers::{Count, stated};
use super::rules::said::{each, plain};
use crate::book::Book;
use crate::book::model::{Date, Markup, Volume};
use crate::language::Language;
use crate::search::fold;

/// What rules may know besides the book.
pub struct Facts<'b> {
    /// The day that dates are compared with.
    pub today: Date,
    heard: HashMap<Key, Heard<'b>>,
    folded: HashMap<Key, String>,
}

/// What is known of a text that is said aloud, or of a claim.
pub struct Heard<'b> {
    /// Its words alone; each variable counts as one word, `X`.
    pub plain: Cow<'b, str>,
    /// How many words they are, by the language's own count.
    pub length: usize,
    /// The clauses of sentences that ask nothing, where they have numbers.
    pub stated: Vec<Count>,
}

impl<'b> Heard<'b> {
    fn new(text: &'b Markup, language: &Language) -> Self {
        let plain = plain(text);
        let (length, stated) = (language.length(&plain), stated(&plain, language.family()));
        Heard { plain, length, stated }
    }
}

/// A text by its place in memory: the book is borrowed, so nothing in it moves.
type Key = (usize, usize);

fn key(text: &str) -> Key {
    (text.as_ptr().addr(), text.len())
}

impl<'b> Facts<'b> {
    pub(super) fn new(book: &'b Book, today: Date) -> Self {
        let volumes = || book.volumes.par_iter();
        let (heard, folded) = rayon::join(
            || volumes().flat_map_iter(heard).collect(),
            || {
                volumes()
                    .flat_map_iter(|volume| utterances(volume).map(|text| (key(text), fold(text))))
                    .collect()
            },
        );
        Facts { today, heard, folded }
    }

    /// What is known of a text that is said aloud, or of a proof's claim.
    pub fn of(&self, text: &Markup) -> Option<&Heard<'b>> {
        self.heard.get(&key(text.source()))
    }

    /// The folded form of an utterance, or of any other text.
    pub fn fold(&self, text: &str) -> Cow<'_, str> {
        self.folded.get(&key(text)).map_or_else(|| fold(text).into(), |folded| folded.as_str().into())
    }
}

fn heard<'b>(volume: &'b Volume) -> Vec<(Key, Heard<'b>)> {
    let mut out = Vec::new();
    let mut add = |text: &'b Markup| out.push((key(text.source()), Heard::new(text, &volume.language)));
    each(volume, |said| add(said.text));
    volume.proofs.iter().for_each(|proof| add(&proof.claim));
    out
}

fn utterances(volume: &Volume) -> impl Iterator<Item = &String> {
    let objections = volume.objections.iter().flat_map(|part| &part.utterances);
    objections.chain(volume.signals.iter().flat_map(|part| &part.utterances))
}
