//! What a page is made of, as one number. A page whose number is that of the last time is the same, and need
//! not be made again.
//!
//! The pages of a volume and of its parts show what is written in its file, in the libraries that it uses, in
//! what uses it, and in its translations; besides those only what is the same for all pages, and which cards
//! stand beside a card in its category. All other pages are few, and made every time.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::address::{PartKind, Shelf};
use super::frame::Site;
use super::out::Made;
use super::pages::objection::near;
use super::view::View;
use super::{BOOK_FILE, Job};
use crate::book::model::Objection;
use crate::digest::hash_of;
use crate::keep::{self, Keep, Reader, Writer};

/// What the pages of a book are made of.
pub(super) struct Inputs {
    volumes: Vec<u64>,
}

impl Inputs {
    /// Nothing where pages are about what changed.
    pub fn of(site: &Site) -> Option<Self> {
        let (view, options) = (site.view, site.options);
        if options.since.is_some() {
            return None;
        }
        let book = view.book;
        let files: Vec<u64> = (0..book.sources.files().count())
            .into_par_iter()
            .map(|number| {
                let file = book.sources.file(number);
                let days = options.changes.lines.get(&**file.name());
                hash_of((file.name(), file.sum(), days))
            })
            .collect();
        let shelves: Vec<bool> = view
            .languages
            .iter()
            .flat_map(|language| Shelf::ALL.map(|shelf| view.has_shelf(language, shelf)))
            .collect();
        let categories = view.categories.iter();
        let categories: Vec<Vec<(&str, &str)>> =
            categories.map(|of| of.iter().map(|one| (one.name, one.slug.as_str())).collect()).collect();
        let whole = book.sources.files().position(|file| &**file.name() == BOOK_FILE);
        let all = hash_of((
            (env!("CALLBOOK_BUILD"), options.generator, options.public, options.offline, &options.landed),
            (&options.theme.files, &book.title, &book.language, &book.base_url, &book.edit_url),
            (whole.map(|number| files[number]), site.files.feed),
            (&view.languages, shelves, categories),
        ));
        let ties = Ties::of(view);
        let volumes = (0..book.volumes.len()).map(|number| {
            let told: Vec<u64> =
                ties.of_volume(number).map(|tied| files[book.volumes[tied].common.place.file]).collect();
            hash_of((all, name_of(view, number), told))
        });
        Some(Inputs { volumes: volumes.collect() })
    }

    /// The number of the page of a job; nothing where the page is made every time.
    pub(super) fn of_page(&self, view: &View, job: &Job) -> Option<u64> {
        match *job {
            Job::Volume(volume) => Some(hash_of(("volume", self.volumes[volume]))),
            Job::Call(volume) => Some(hash_of(("call", self.volumes[volume]))),
            Job::Part(volume, kind, index, id) => {
                let beside: Vec<(usize, usize)> = match kind {
                    PartKind::Objection => {
                        let objection: Option<&Objection> = view.at((volume, index));
                        objection.into_iter().flat_map(|part| near(view, (volume, index), part)).collect()
                    }
                    _ => Vec::new(),
                };
                let beside: Vec<usize> = beside.into_iter().map(|(_, index)| index).collect();
                Some(hash_of((self.volumes[volume], kind, index, id.as_str(), beside)))
            }
            _ => None,
        }
    }
}

/// The numbers of what the cards of each volume are made of: what is written in its file, in the libraries
/// that it uses and in what uses it, and in the book's own file.
pub(super) fn of_cards(view: &View) -> Vec<u64> {
    let book = view.book;
    let sums: Vec<u64> = (0..book.sources.files().count())
        .into_par_iter()
        .map(|number| book.sources.file(number).sum())
        .collect();
    let whole = book.sources.files().position(|file| &**file.name() == BOOK_FILE);
    let ties = Ties::of(view);
    let of = |number: usize| {
        let told: Vec<(u64, (u8, String, String), bool)> = ties
            .of_volume(number)
            .map(|tied| {
                let file = book.volumes[tied].common.place.file;
                (sums[file], name_of(view, tied), view.is_open(tied))
            })
            .collect();
        hash_of((view.public, whole.map(|number| sums[number]), name_of(view, number), told))
    };
    (0..book.volumes.len()).map(of).collect()
}

/// What a volume is called, apart from what is written in it.
pub(super) fn name_of(view: &View, number: usize) -> (u8, String, String) {
    let volume = &view.book.volumes[number];
    let kind = u8::from(volume.kind == crate::book::model::VolumeKind::Playbook);
    (kind, volume.id.to_string(), volume.language.to_string())
}

/// Which volumes are shown on each other's pages.
struct Ties {
    /// Those that stand on a volume's pages, itself too.
    shown: Vec<BTreeSet<usize>>,
    /// What each uses.
    uses: Vec<Vec<usize>>,
}

impl Ties {
    fn of(view: &View) -> Self {
        let volumes = &view.book.volumes;
        let mut shown: Vec<BTreeSet<usize>> =
            (0..volumes.len()).map(|number| BTreeSet::from([number])).collect();
        let mut alike: BTreeMap<_, Vec<usize>> = BTreeMap::new();
        for (number, volume) in volumes.iter().enumerate() {
            for library in &volume.uses {
                shown[number].insert(*library);
                shown[*library].insert(number);
            }
            alike.entry((volume.kind, volume.id.as_str())).or_default().push(number);
        }
        for translations in alike.values() {
            translations.iter().for_each(|number| shown[*number].extend(translations));
        }
        Ties { shown, uses: volumes.iter().map(|volume| volume.uses.clone()).collect() }
    }

    /// Those whose files a volume's pages are made of: what is shown, with the libraries whose variables
    /// stand in its texts.
    fn of_volume(&self, number: usize) -> impl Iterator<Item = usize> {
        let mut all = self.shown[number].clone();
        all.extend(self.shown[number].iter().flat_map(|shown| &self.uses[*shown]));
        all.into_iter()
    }
}

/// A page that was made: what is remembered of it, and the files of the book that it links to.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub made: Made,
    pub links: Vec<String>,
}

/// The pages that were made of a book, by their numbers: those of the last time, and those of this time.
pub(super) struct Pages<'k> {
    inputs: Option<Inputs>,
    keep: &'k dyn Keep,
    /// Under which name they are kept.
    name: String,
    before: HashMap<u64, Known>,
    now: Mutex<Vec<(u64, Known)>>,
}

impl<'k> Pages<'k> {
    /// Looks up what is remembered.
    pub fn of(site: &Site, keep: &'k dyn Keep) -> Self {
        let inputs = Inputs::of(site);
        let name = keep::name("pages", (&site.options.place, site.options.public));
        let told = inputs.as_ref().and_then(|_| keep.get(&name));
        let before = told.and_then(|bytes| read(&bytes)).unwrap_or_default();
        Pages { inputs, keep, name, before, now: Mutex::default() }
    }

    /// The number of the page of a job.
    pub fn number(&self, view: &View, job: &Job) -> Option<u64> {
        self.inputs.as_ref()?.of_page(view, job)
    }

    /// The page of a number as it was made last time.
    pub fn known(&self, number: u64) -> Option<&Known> {
        self.before.get(&number)
    }

    /// Remembers a page.
    pub fn remember(&self, number: u64, known: Known) {
        self.now.lock().unwrap_or_else(PoisonError::into_inner).push((number, known));
    }

    /// Keeps what was remembered.
    pub fn finish(self) {
        if self.inputs.is_none() {
            return;
        }
        let mut now = self.now.into_inner().unwrap_or_else(PoisonError::into_inner);
        now.sort_unstable_by_key(|(number, _)| *number);
        let as_before =
            now.len() == self.before.len() && now.iter().all(|(one, _)| self.before.contains_key(one));
        if !as_before {
            self.keep.put(&self.name, written(&now));
        }
    }
}

fn written(pages: &[(u64, Known)]) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(pages.len() as u32);
    for (number, Known { made, links }) in pages {
        out.bytes(&number.to_le_bytes());
        out.bytes(&made.sum.to_le_bytes());
        out.number(made.length as u32);
        out.number(links.len() as u32);
        links.iter().for_each(|link| out.text(link));
    }
    out.0
}

fn read(bytes: &[u8]) -> Option<HashMap<u64, Known>> {
    let mut bytes = Reader(bytes);
    let long = |bytes: &mut Reader<'_>| Some(u64::from_le_bytes(bytes.bytes()?.try_into().ok()?));
    let pages = bytes.all(|bytes| {
        let (number, sum, length) = (long(bytes)?, long(bytes)?, bytes.number()? as usize);
        let links = bytes.all(|bytes| bytes.text().map(str::to_owned))?;
        Some((number, Known { made: Made { length, sum, moved: false }, links }))
    })?;
    Some(pages.into_iter().collect())
}
