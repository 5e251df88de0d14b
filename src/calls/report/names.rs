//! What the ids of records are in the book of today: parts by their ids and those they had before. What
//! is not there any more keeps the id that the record has.

use std::collections::HashMap;

use crate::book::Book;
use crate::book::model::{Common, Id, Part, Ref, Volume};
use crate::language::Language;

/// A part of the book, or the ids that a record has for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Known<R> {
    /// It is in the book.
    Part(R),
    /// It is not: the volume's and its own id.
    Gone(String, String),
}

/// Finds parts, and remembers what it found.
pub(super) struct Names<'a> {
    pub book: &'a Book,
    volumes: HashMap<String, HashMap<String, Option<usize>>>,
}

/// Whether an id is a part's, now or before.
pub(super) fn is_called(id: &Id, common: &Common, wanted: &str) -> bool {
    id.as_str() == wanted || common.was.iter().any(|was| was.as_str() == wanted)
}

impl<'a> Names<'a> {
    pub fn new(book: &'a Book) -> Self {
        Names { book, volumes: HashMap::new() }
    }

    /// The playbook of a call: in its language, else in a wider one, else in any.
    pub fn playbook(&mut self, id: &str, language: &str) -> Option<usize> {
        if let Some(known) = self.volumes.get(id).and_then(|by| by.get(language)) {
            return *known;
        }
        let found = find(self.book, id, language, |_| true);
        self.volumes.entry(id.to_string()).or_default().insert(language.to_string(), found);
        found
    }

    /// A part that a call in a playbook names, as `id` or `volume/id`; `home` is the volume that the record
    /// says it is written in.
    pub fn part<T: Part + 'static>(
        &self,
        playbook: Option<usize>,
        language: &str,
        home: Option<&str>,
        name: &str,
    ) -> Option<Ref<T>> {
        let (path, id) = name.rsplit_once('/').map_or((None, name), |(path, id)| (Some(path), id));
        let home = home.or(path);
        let within = |number: usize| {
            let volume = &self.book.volumes[number];
            let index = T::list(volume).iter().position(|part| is_called(part.id(), part.common(), id))?;
            Some(Ref::at(number, index))
        };
        let called = |volume: &Volume| home.is_none_or(|home| is_called(&volume.id, &volume.common, home));
        let scope = playbook.into_iter().flat_map(|playbook| self.book.scope(playbook));
        let near = scope.filter(|(_, volume)| called(volume)).find_map(|(number, _)| within(number));
        // A card from elsewhere in the book; without a home there is no telling which.
        near.or_else(|| {
            let has = |number: usize| within(number).is_some();
            find_volume(self.book, home?, language, has).and_then(within)
        })
    }
}

fn find(book: &Book, id: &str, language: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let is_playbook = |number: usize| book.playbooks().any(|(playbook, _)| playbook == number);
    find_volume(book, id, language, |number| is_playbook(number) && fits(number))
}

fn find_volume(book: &Book, id: &str, language: &str, fits: impl Fn(usize) -> bool) -> Option<usize> {
    let called =
        book.volumes.iter().enumerate().filter(|(_, volume)| is_called(&volume.id, &volume.common, id));
    let all: Vec<usize> = called.map(|(number, _)| number).filter(|number| fits(*number)).collect();
    let ranges = Language::parse(language).map(|language| language.wider()).unwrap_or_default();
    let near = ranges
        .iter()
        .find_map(|range| all.iter().copied().find(|number| book.volumes[*number].language.in_range(range)));
    near.or(all.first().copied())
}
