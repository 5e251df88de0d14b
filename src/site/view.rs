//! A book as a build may show it: what is internal is gone from a public build, and what points
//! where is known both ways. Made once; every page reads it.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::address::{Address, PartKind, Shelf};
use super::shelves::{Covered, Shelves};
use super::text::Texts;
use super::words::Words;
use crate::book::Book;
use crate::book::model::{
    Common, Competitor, Id, LineContent, Objection, Part, Ref, Target, Volume, VolumeKind, slug,
};
use crate::book::spans::YamlPath;
use crate::language::Language;

/// A part by its volume and its number in its list.
pub(super) type At = (usize, usize);

/// The objections of one category in one language.
#[derive(Debug)]
pub(super) struct Category<'a> {
    /// The name as the book writes it.
    pub name: &'a str,
    /// The name in addresses.
    pub slug: String,
    /// The objections, in the order of the book.
    pub objections: Vec<At>,
}

/// What points at parts from elsewhere; each list in the order of the book.
#[derive(Debug, Default)]
pub(super) struct Backlinks {
    /// The stages that prepare for an objection.
    pub objection_stages: HashMap<At, Vec<At>>,
    /// The stages that a close fits.
    pub close_stages: HashMap<At, Vec<At>>,
    /// The stages that ask a question.
    pub question_stages: HashMap<At, Vec<At>>,
    /// The objections that a question prevents.
    pub question_objections: HashMap<At, Vec<At>>,
    /// The objections that name a competitor in their tags.
    pub competitor_objections: HashMap<At, Vec<At>>,
    /// The objections and competitors that use a claim.
    pub proof_users: HashMap<At, Vec<(PartKind, At)>>,
    /// The volumes that use a library.
    pub users: HashMap<usize, Vec<usize>>,
}

/// A book as a build may show it.
pub(super) struct View<'a> {
    /// The book.
    pub book: &'a Book,
    /// Whether internal parts must leave no trace.
    pub public: bool,
    /// The languages that have a home: the book's own first, then by tag.
    pub languages: Vec<&'a Language>,
    /// The categories of each of [`View::languages`].
    pub categories: Vec<Vec<Category<'a>>>,
    /// What there is in each of [`View::languages`].
    pub shelves: Vec<Shelves<'a>>,
    /// Whether there are pages about what changed.
    pub compared: bool,
    /// What points at what.
    pub backlinks: Backlinks,
    open: Vec<bool>,
    /// The places of internal parts in which other parts may be written.
    closed: HashSet<(usize, YamlPath)>,
    texts: Vec<Texts>,
    ids: Vec<[HashMap<&'a str, usize>; 5]>,
    volumes: BTreeMap<(VolumeKind, &'a str, &'a str), usize>,
    category_numbers: HashMap<(&'a str, &'a str), (usize, usize)>,
}

impl<'a> View<'a> {
    /// Looks through the book once.
    pub fn new(book: &'a Book, public: bool) -> Self {
        let mut view = View {
            book,
            public,
            languages: Vec::new(),
            categories: Vec::new(),
            shelves: Vec::new(),
            compared: false,
            backlinks: Backlinks::default(),
            open: Vec::new(),
            closed: HashSet::new(),
            texts: Vec::new(),
            ids: Vec::new(),
            volumes: BTreeMap::new(),
            category_numbers: HashMap::new(),
        };
        view.open = book.volumes.iter().map(|volume| !(public && volume.common.is_internal())).collect();
        if public {
            view.close();
        }
        view.texts = (0..book.volumes.len())
            .map(|number| {
                Texts::new(book, number, |volume, variable| {
                    volume.is_none_or(|volume| view.open[volume]) && view.shows(&variable.common)
                })
            })
            .collect();
        view.ids = (0..book.volumes.len())
            .map(|number| PartKind::ALL.map(|kind| view.ids_of(number, kind)))
            .collect();
        // Ids are unique in a language; nothing is lost here.
        let key = |(number, volume): (usize, &'a Volume)| {
            let id = (volume.kind, volume.id.as_str(), volume.language.as_str());
            (id, number)
        };
        view.volumes = view.volumes().map(key).collect();
        let mut languages: Vec<&Language> = view.volumes().map(|(_, v)| &v.language).collect();
        languages.sort_by_key(|language| (**language != book.language, language.as_str()));
        languages.dedup();
        view.categories = languages.iter().map(|l| view.categories_of(l)).collect();
        for (number, language) in languages.iter().enumerate() {
            for (index, category) in view.categories[number].iter().enumerate() {
                let key = (language.as_str(), category.name);
                view.category_numbers.insert(key, (number, index));
            }
        }
        view.shelves = languages.iter().map(|language| Shelves::of(&view, language)).collect();
        view.languages = languages;
        view.backlinks = view.backlinks();
        view
    }

    /// Notes the places of internal parts that others may be written in.
    fn close(&mut self) {
        let mut closed = Vec::new();
        let mut note = |common: &Common| {
            if common.is_internal() {
                closed.push((common.place.file, common.place.path.clone()));
            }
        };
        for volume in &self.book.volumes {
            for stage in &volume.stages {
                note(&stage.common);
                stage.script.iter().for_each(|line| note(&line.common));
            }
            for objection in &volume.objections {
                note(&objection.common);
                objection.responses.iter().for_each(|response| note(&response.common));
            }
            volume.competitors.iter().for_each(|part| note(&part.common));
        }
        self.closed.extend(closed);
    }

    /// Whether a part may be shown: it is not internal, nor written within one that is.
    pub fn shows(&self, common: &Common) -> bool {
        if !self.public {
            return true;
        }
        if common.is_internal() {
            return false;
        }
        if self.closed.is_empty() {
            return true;
        }
        let mut path = YamlPath::root();
        for step in common.place.path.steps() {
            path = match step {
                crate::book::spans::Step::Key(key) => path.key(key),
                crate::book::spans::Step::Item(item) => path.item(*item),
            };
            if self.closed.contains(&(common.place.file, path.clone())) {
                return false;
            }
        }
        true
    }

    /// Whether a volume may be shown.
    pub fn is_open(&self, volume: usize) -> bool {
        self.open[volume]
    }

    /// The volumes that may be shown.
    pub fn volumes(&self) -> impl Iterator<Item = (usize, &'a Volume)> + use<'_, 'a> {
        let open = |(number, _): &(usize, &Volume)| self.open[*number];
        self.book.volumes.iter().enumerate().filter(open)
    }

    /// The parts of a list that may be shown, with their numbers.
    pub fn parts<T: Part + 'static>(
        &self,
        volume: usize,
    ) -> impl Iterator<Item = (At, &'a T)> + use<'_, 'a, T> {
        let list: &'a Vec<T> = T::list(&self.book.volumes[volume]);
        list.iter()
            .enumerate()
            .filter(move |(_, part)| self.open[volume] && self.shows(part.common()))
            .map(move |(index, part)| ((volume, index), part))
    }

    /// The part that a reference means, where it may be shown.
    pub fn part<T: Part + 'static>(&self, reference: Ref<T>) -> Option<&'a T> {
        self.at((reference.volume, reference.index))
    }

    /// The part at a place, where it may be shown.
    pub fn at<T: Part + 'static>(&self, at: At) -> Option<&'a T> {
        let part = T::list(&self.book.volumes[at.0]).get(at.1)?;
        (self.open[at.0] && self.shows(part.common())).then_some(part)
    }

    /// The address of a part's page.
    pub fn address(&self, kind: PartKind, volume: usize, id: &Id) -> Address {
        Address::part(&self.book.volumes[volume], kind, id)
    }

    /// Where a target is, where it may be shown; an outcome stands on its volume's page.
    pub fn target(&self, target: Target) -> Option<Address> {
        let volume = match target {
            Target::Stage(part) => part.volume,
            Target::Close(part) => part.volume,
            Target::Objection(part) => part.volume,
            Target::Outcome(part) => part.volume,
        };
        if !self.open[volume] || !self.shows(self.book.target_common(target)) {
            return None;
        }
        let id = self.book.target_id(target);
        Some(match target {
            Target::Stage(_) => self.address(PartKind::Stage, volume, id),
            Target::Close(_) => self.address(PartKind::Close, volume, id),
            Target::Objection(_) => self.address(PartKind::Objection, volume, id),
            Target::Outcome(_) => Address::volume(&self.book.volumes[volume]).at(format!("outcome-{id}")),
        })
    }

    /// What the texts of a volume are filled with.
    pub fn texts(&self, volume: usize) -> &Texts {
        &self.texts[volume]
    }

    /// The volume of this kind and id in a language.
    pub fn volume_in(&self, volume: &Volume, language: &Language) -> Option<usize> {
        let key = (volume.kind, volume.id.as_str(), language.as_str());
        self.volumes.get(&key).copied()
    }

    /// The part of this kind and id in a volume.
    pub fn part_in(&self, volume: usize, kind: PartKind, id: &str) -> Option<At> {
        let index = self.ids[volume][kind.index()].get(id)?;
        Some((volume, *index))
    }

    /// The ids of the parts of a kind that may be shown, with their numbers.
    fn ids_of(&self, volume: usize, kind: PartKind) -> HashMap<&'a str, usize> {
        self.each(volume, kind).into_iter().map(|(index, id, _)| (id.as_str(), index)).collect()
    }

    /// The parts of a kind that have pages: number, id, and what any part carries.
    pub fn each(&self, volume: usize, kind: PartKind) -> Vec<(usize, &'a Id, &'a Common)> {
        fn list<'a, T: Part + 'static>(view: &View<'a>, volume: usize) -> Vec<(usize, &'a Id, &'a Common)> {
            view.parts::<T>(volume).map(|((_, index), part)| (index, part.id(), part.common())).collect()
        }
        use crate::book::model::{Close, Competitor, Question, Stage};
        match kind {
            PartKind::Stage => list::<Stage>(self, volume),
            PartKind::Objection => list::<Objection>(self, volume),
            PartKind::Close => list::<Close>(self, volume),
            PartKind::Question => list::<Question>(self, volume),
            PartKind::Competitor => list::<Competitor>(self, volume),
        }
    }

    /// The category of this name in a language.
    pub fn category(&self, language: &Language, name: &str) -> Option<&Category<'a>> {
        let (language, index) = self.category_numbers.get(&(language.as_str(), name))?;
        self.categories.get(*language)?.get(*index)
    }

    /// The number of a language in [`View::languages`].
    pub fn number_of(&self, language: &Language) -> Option<usize> {
        self.languages.iter().position(|known| *known == language)
    }

    /// Whether a language has a page of this kind.
    pub fn has_shelf(&self, language: &Language, shelf: Shelf) -> bool {
        let Some(number) = self.number_of(language) else {
            return false;
        };
        let there = &self.shelves[number];
        match shelf {
            Shelf::Categories => !self.categories[number].is_empty(),
            Shelf::Frameworks => !there.frameworks.is_empty(),
            Shelf::Proofs => !there.proofs.is_empty(),
            Shelf::Metrics => !there.metrics.is_empty(),
            Shelf::Since => self.compared,
            Shelf::Glossary | Shelf::Print => true,
        }
    }

    /// A framework with what covers it in a language.
    pub fn framework(&self, language: &Language, id: &str) -> Option<&Covered<'a>> {
        let frameworks = &self.shelves[self.number_of(language)?].frameworks;
        frameworks.iter().find(|covered| covered.framework.id.as_str() == id)
    }

    fn categories_of(&self, language: &Language) -> Vec<Category<'a>> {
        let mut found: BTreeMap<&'a str, Vec<At>> = BTreeMap::new();
        for (number, _) in self.volumes().filter(|(_, v)| v.language == *language) {
            for (at, objection) in self.parts::<Objection>(number) {
                if let Some(category) = &objection.category {
                    found.entry(category).or_default().push(at);
                }
            }
        }
        let mut names: Vec<&str> = found.keys().copied().collect();
        names.sort_by_key(|name| (category_rank(name), *name));
        let mut taken = HashSet::new();
        names
            .into_iter()
            .map(|name| {
                let stem = slug(name);
                let numbered = (2..).map(|n| format!("{stem}-{n}"));
                let slug = std::iter::once(stem.clone())
                    .chain(numbered)
                    .find(|wish| taken.insert(wish.clone()))
                    .unwrap_or(stem.clone());
                let objections = found.remove(name).unwrap_or_default();
                Category { name, slug, objections }
            })
            .collect()
    }

    fn backlinks(&self) -> Backlinks {
        let mut out = Backlinks::default();
        fn push(map: &mut HashMap<At, Vec<At>>, to: At, from: At) {
            let list = map.entry(to).or_default();
            if list.last() != Some(&from) {
                list.push(from);
            }
        }
        fn prove(map: &mut HashMap<At, Vec<(PartKind, At)>>, to: At, from: (PartKind, At)) {
            let list = map.entry(to).or_default();
            if list.last() != Some(&from) {
                list.push(from);
            }
        }
        for (number, volume) in self.volumes() {
            for library in &volume.uses {
                out.users.entry(*library).or_default().push(number);
            }
            for (at, stage) in self.parts::<crate::book::model::Stage>(number) {
                for part in &stage.objections {
                    push(&mut out.objection_stages, (part.volume, part.index), at);
                }
                for part in &stage.closes {
                    push(&mut out.close_stages, (part.volume, part.index), at);
                }
                for line in stage.script.iter().filter(|line| self.shows(&line.common)) {
                    if let LineContent::Ask(part) = &line.content {
                        push(&mut out.question_stages, (part.volume, part.index), at);
                    }
                }
            }
            for (at, objection) in self.parts::<Objection>(number) {
                let responses = objection.responses.iter().filter(|response| self.shows(&response.common));
                for proof in responses.flat_map(|response| &response.proof) {
                    prove(&mut out.proof_users, (proof.volume, proof.index), (PartKind::Objection, at));
                }
                for part in &objection.prevent {
                    push(&mut out.question_objections, (part.volume, part.index), at);
                }
                for id in objection.tags.get("competitor").into_iter().flatten() {
                    if let Some(part) = self.competitor(number, id) {
                        push(&mut out.competitor_objections, part, at);
                    }
                }
            }
            for (at, competitor) in self.parts::<Competitor>(number) {
                for proof in &competitor.proof {
                    prove(&mut out.proof_users, (proof.volume, proof.index), (PartKind::Competitor, at));
                }
            }
        }
        out
    }

    /// Whether a competitor of this id is there but may not be shown.
    pub fn hides_competitor(&self, volume: usize, id: &str) -> bool {
        let scope = self.book.scope(volume).filter(|_| self.public);
        let mut all = scope.flat_map(|(_, volume)| &volume.competitors);
        all.any(|known| known.id.as_str() == id) && self.competitor(volume, id).is_none()
    }

    /// The competitor that a tag of a volume's part names.
    pub fn competitor(&self, volume: usize, id: &str) -> Option<At> {
        self.book.scope(volume).find_map(|(number, _)| self.part_in(number, PartKind::Competitor, id))
    }
}

/// The place of a category in any list: known ones in their usual order, then all others.
pub(super) fn category_rank(name: &str) -> usize {
    let known = Words::english().category_names.0;
    known.iter().position(|(known, _)| *known == name).unwrap_or(known.len())
}
