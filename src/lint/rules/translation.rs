//! What the two rules about translations share: a translation and its original.

use crate::book::Book;
use crate::book::model::{Common, Id, Part, Volume};

/// Every volume that is not in the book's language, with the same one that is.
pub fn translations(book: &Book) -> impl Iterator<Item = (&Volume, &Volume)> {
    let original = |volume: &Volume| {
        let same = |other: &&Volume| {
            other.id == volume.id && other.kind == volume.kind && other.language == book.language
        };
        book.volumes.iter().find(same)
    };
    let foreign = book.volumes.iter().filter(|volume| volume.language != book.language);
    foreign.filter_map(move |volume| Some((volume, original(volume)?)))
}

/// The parts of a volume that a translation has to have: the noun, the id, what they carry.
pub fn parts(volume: &Volume) -> Vec<(&'static str, &Id, &Common)> {
    let mut out = Vec::new();
    fn add<'a, T: Part>(list: &'a [T], out: &mut Vec<(&'static str, &'a Id, &'a Common)>) {
        out.extend(list.iter().map(|part| (T::NOUN, part.id(), part.common())));
    }
    add(&volume.stages, &mut out);
    add(&volume.questions, &mut out);
    add(&volume.objections, &mut out);
    add(&volume.closes, &mut out);
    add(&volume.signals, &mut out);
    add(&volume.competitors, &mut out);
    add(&volume.outcomes, &mut out);
    out
}
