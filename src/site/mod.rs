//! The static handbook: a book becomes files, each handed over as soon as it is made. No folders, no clock,
//! no printing: whoever calls writes the files, or serves them from memory. Same book and options, same bytes.
//!
//! - [`view`](self) what a build may show, and what points at what;
//! - `address` where pages stand and how they point at one another;
//! - `frame` what is around every page, `cards` pieces that point at parts; `pages/` what is on it, one kind a file;
//! - `call` the document in which a call is led, with its words and its policy;
//! - `words` the handbook's own words in each language;
//! - `templates/site/` the HTML and the style sheet, embedded.

mod address;
mod assets;
mod call;
mod cards;
mod changes;
mod data;
mod extras;
mod feed;
mod flowchart;
mod frame;
mod glossary;
mod index;
mod inputs;
pub mod links;
mod llms;
mod out;
mod pages;
mod rows;
mod sha256;
mod shelves;
#[cfg(test)]
mod tests;
mod text;
mod theme;
mod view;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use serde::Serialize;

use crate::book::model::{Close, Competitor, Id, Objection, Question, Stage, VolumeKind};
use crate::book::{BOOK_FILE, Book};
use crate::calls::landed::Landed;
use crate::diff::Change;
use crate::digest::sum;
use crate::keep::{Keep, Nowhere};
use crate::language::Language;
use crate::template::pages::{TemplateError, Templates};
use address::{Address, PartKind, Shelf};
use assets::Files;
pub use changes::Changes;
use inputs::{Known, Pages};
use out::{Halt, Out, Way};
use pages::glossary as glossary_page;
use pages::{
    categories, category, close, competitor, framework, home, metrics, objection, plain, print, proofs,
    question, since, stage, volume,
};
pub use theme::{Theme, ThemeFault, check as check_theme};
use view::View;
use words::Words;

/// What a name stands for that a book writes as it likes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Named {
    /// A category of objections.
    Category,
    /// How an objection is answered or a close is tried.
    Technique,
    /// A turn of an answer.
    Step,
    /// What an outcome means for the deal.
    Result,
    /// A kind of card.
    Card,
}

/// What a name is called in a language; an unknown one is shown as it is written.
pub fn called<'a>(language: &Language, named: Named, name: &'a str) -> &'a str {
    let words = Words::of(language);
    let names = match named {
        Named::Category => &words.category_names,
        Named::Technique => &words.technique_names,
        Named::Step => &words.step_names,
        Named::Result => &words.result_names,
        Named::Card => {
            return match name {
                "objection" => words.objection,
                "close" => words.close,
                "question" => words.question,
                "competitor" => words.competitor,
                "stage" => words.stage,
                other => other,
            };
        }
    };
    names.of(name)
}

/// What changed in the book, for a page about it.
#[derive(Debug, Clone, PartialEq)]
pub struct Since {
    /// What the book is compared with, as people name it.
    pub revision: String,
    /// The changes, as [`diff`](crate::diff::diff) gives them.
    pub changes: Vec<Change>,
}

/// How a site is built.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether internal parts must leave no trace.
    pub public: bool,
    /// The version of the program, for `<meta name="generator">`.
    pub generator: &'static str,
    /// Which responses landed in calls; nothing, unless the site is for the team.
    pub landed: Landed,
    /// When the book's lines were last changed.
    pub changes: Changes,
    /// What changed since a revision, where pages are to tell. Never in a public site: what is gone may have
    /// been internal.
    pub since: Option<Since>,
    /// Files of the book's own in place of the handbook's.
    pub theme: Theme,
    /// Whether [`search_files`] are made by themselves: they take longer than all pages, and no page changes
    /// with them.
    pub search_later: bool,
    /// Which book it is, among those of which something is kept in the same place; see [`build_to`].
    pub place: String,
    /// Whether pages on a server are kept for when there is no network. Not for one that reloads them.
    pub offline: bool,
}

/// A whole site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Site {
    /// Every file by its path from the site's root, with `/`: `en/saas-outbound/index.html`.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The files of the book that pages link to, by their paths in its folder. They belong at the same
    /// paths of the site.
    pub attached: BTreeSet<String>,
    /// What a trainer should know, in words for a person.
    pub warnings: Vec<String>,
}

/// A page that could not be made: a fault of the templates, never of a book.
#[derive(Debug)]
pub struct SiteError {
    /// The path of the page.
    pub page: String,
    /// What happened.
    pub cause: TemplateError,
}

impl fmt::Display for SiteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the page {} could not be made: {}", self.page, self.cause)
    }
}

impl std::error::Error for SiteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}

impl Job<'_> {
    /// Where the page of a volume or of a part stands; empty for any other.
    fn path(&self, view: &View) -> String {
        let volumes = &view.book.volumes;
        let address = match self {
            Job::Volume(number) => Address::volume(&volumes[*number]),
            Job::Call(number) => Address::call(&volumes[*number]),
            Job::Part(number, kind, _, id) => view.address(*kind, *number, id),
            _ => Address::file(""),
        };
        address.path
    }
}

/// The templates; names with `.html` in them are escaped.
const TEMPLATES: &[(&str, &str)] = &[
    ("base.html", include_str!("../../templates/site/base.html.j2")),
    ("find.html", include_str!("../../templates/site/find.html.j2")),
    ("parts.html", include_str!("../../templates/site/parts.html.j2")),
    ("home.html", include_str!("../../templates/site/home.html.j2")),
    ("volume.html", include_str!("../../templates/site/volume.html.j2")),
    ("stage.html", include_str!("../../templates/site/stage.html.j2")),
    ("objection.html", include_str!("../../templates/site/objection.html.j2")),
    ("close.html", include_str!("../../templates/site/close.html.j2")),
    ("question.html", include_str!("../../templates/site/question.html.j2")),
    ("competitor.html", include_str!("../../templates/site/competitor.html.j2")),
    ("category.html", include_str!("../../templates/site/category.html.j2")),
    ("categories.html", include_str!("../../templates/site/categories.html.j2")),
    ("frameworks.html", include_str!("../../templates/site/frameworks.html.j2")),
    ("framework.html", include_str!("../../templates/site/framework.html.j2")),
    ("proofs.html", include_str!("../../templates/site/proofs.html.j2")),
    ("metrics.html", include_str!("../../templates/site/metrics.html.j2")),
    ("glossary.html", include_str!("../../templates/site/glossary.html.j2")),
    ("print.html", include_str!("../../templates/site/print.html.j2")),
    ("print-volume.html", include_str!("../../templates/site/print-volume.html.j2")),
    ("call.html", include_str!("../../templates/site/call.html.j2")),
    ("since.html", include_str!("../../templates/site/since.html.j2")),
    ("404.html", include_str!("../../templates/site/404.html.j2")),
    ("moved.html", include_str!("../../templates/site/moved.html.j2")),
    ("head.html", include_str!("../../templates/site/head.html.j2")),
    ("foot.html", include_str!("../../templates/site/foot.html.j2")),
    ("policy.txt", include_str!("../../templates/site/policy.txt.j2")),
];

/// A page to make.
enum Job<'a> {
    Front,
    Home(usize),
    Shelf(usize, Shelf),
    Framework(usize, usize),
    Category(usize, usize),
    Volume(usize),
    Call(usize),
    Part(usize, PartKind, usize, &'a Id),
    NotFound,
    Moved { from: Address, to: Address, volume: usize, title: &'a str },
}

/// What there is besides the files of a site.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    /// The files of the book that pages link to, by their paths in its folder. They belong at the same
    /// paths of the site.
    pub attached: BTreeSet<String>,
    /// What a trainer should know, in words for a person.
    pub warnings: Vec<String>,
}

/// Why there is no site.
#[derive(Debug)]
pub enum BuildError<E> {
    /// A page could not be made.
    Page(SiteError),
    /// A file could not be taken.
    Taken(E),
}

/// Where the files of a site go. Called from several threads at once.
pub trait Sink: Sync {
    /// Why a file cannot be taken.
    type Error: Send;

    /// Takes a file: its path from the site's root, with `/`, and its bytes.
    fn take(&self, path: &str, bytes: Vec<u8>) -> Result<(), Self::Error>;

    /// Whether the file that was taken under this path the last time is there as it was, and had this
    /// [`sum`]. If so it stays, and is not handed over again.
    fn stays(&self, _path: &str, _sum: u64) -> bool {
        false
    }
}

/// A sink and the first error that it gave.
struct Checked<'s, S: Sink>(&'s S, Mutex<Option<S::Error>>);

impl<S: Sink> Way for Checked<'_, S> {
    fn take(&self, path: &str, bytes: Vec<u8>) -> bool {
        let taken = self.0.take(path, bytes);
        if let Err(error) = taken {
            self.1.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            return false;
        }
        true
    }

    fn stays(&self, path: &str, sum: u64) -> bool {
        self.0.stays(path, sum)
    }
}

/// Files in memory, and those of the time before.
struct InMemory<'b>(Mutex<BTreeMap<String, Vec<u8>>>, &'b BTreeMap<String, Vec<u8>>);

impl Sink for InMemory<'_> {
    type Error = Infallible;

    fn take(&self, path: &str, bytes: Vec<u8>) -> Result<(), Infallible> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(path.to_string(), bytes);
        Ok(())
    }

    fn stays(&self, path: &str, then: u64) -> bool {
        let before = self.1.get(path).filter(|bytes| sum(bytes) == then);
        before.is_some_and(|bytes| self.take(path, bytes.clone()).is_ok())
    }
}

/// Builds the site of a book in memory.
pub fn build(book: &Book, options: &Options) -> Result<Site, SiteError> {
    build_again(book, options, &Nowhere, &BTreeMap::new())
}

/// The same where the files of the last time are at hand: a page that did not change is taken from them, as
/// `keep` tells.
pub fn build_again(
    book: &Book,
    options: &Options,
    keep: &dyn Keep,
    before: &BTreeMap<String, Vec<u8>>,
) -> Result<Site, SiteError> {
    let files = InMemory(Mutex::default(), before);
    let outline = build_to(book, options, keep, &files).map_err(|error| match error {
        BuildError::Page(error) => error,
        BuildError::Taken(never) => match never {},
    })?;
    let files = files.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(Site { files, attached: outline.attached, warnings: outline.warnings })
}

/// Builds the site of a book and hands over each file as soon as it is made. The first error that the sink
/// gives ends the build. What is dear to make is looked for in `keep`, and put there.
pub fn build_to<S: Sink>(
    book: &Book,
    options: &Options,
    keep: &dyn Keep,
    sink: &S,
) -> Result<Outline, BuildError<S::Error>> {
    let way = Checked(sink, Mutex::new(None));
    let done = make_all(book, options, keep, &Out::new(&way));
    let refused = way.1.into_inner().unwrap_or_else(PoisonError::into_inner);
    match (done, refused) {
        (_, Some(error)) => Err(BuildError::Taken(error)),
        (Err(Halt::Page(error)), None) => Err(BuildError::Page(error)),
        // Nobody ends a build without a reason.
        (Err(Halt::Taken), None) => Ok(Outline::default()),
        (Ok(outline), None) => Ok(outline),
    }
}

fn make_all(book: &Book, options: &Options, keep: &dyn Keep, out: &Out) -> Result<Outline, Halt> {
    let templates =
        theme::templates(&options.theme).map_err(|cause| SiteError { page: "templates".into(), cause })?;
    let mut view = View::new(book, options.public);
    view.compared = options.since.is_some() && !options.public;
    let dated = changes::dated(&view, &options.changes);
    let feed = book.base_url.is_some() && !dated.is_empty();
    let mut beside = BTreeMap::new();
    let files = Files::add(&options.theme, feed, &mut beside);
    for (path, bytes) in beside {
        out.put(&path, bytes)?;
    }
    let noted = text::Noted::default();
    let site = frame::Site { view: &view, options, files: &files, dated: &dated, noted };
    let pages = Pages::of(&site, keep);
    let (old, jobs): (Vec<Job>, Vec<Job>) =
        jobs(&view).into_iter().partition(|job| matches!(job, Job::Moved { .. }));
    let (made, others) = rayon::join(
        || {
            let made = jobs.par_iter().map(|job| page(&site, &templates, &pages, job, out));
            // Of several faults the first in the order of the book is told, every time.
            made.collect::<Vec<_>>().into_iter().collect::<Result<(), Halt>>()
        },
        || {
            if !options.search_later {
                index::files(&view, &options.place, keep, |path, bytes| out.put(&path, bytes).map(drop))?;
            }
            printed(&site, &templates)?
                .into_iter()
                .try_for_each(|(path, bytes)| out.put(&path, bytes).map(drop))
        },
    );
    made.and(others)?;
    // Pages come before old addresses, which never hide one.
    for job in &old {
        let (path, bytes) = make(&site, &templates, job)?;
        out.put_moved(&path, bytes)?;
    }
    extras::add(&site, out)?;
    pages.finish();
    let warnings = warnings(&site);
    let attached = site.noted.links().into_iter().filter_map(|link| match links::means(&link) {
        links::Means::File(path) => Some(path),
        _ => None,
    });
    Ok(Outline { attached: attached.collect(), warnings })
}

/// Makes the page of a job and hands it over, unless it is known and stays.
fn page(site: &frame::Site, templates: &Templates, pages: &Pages, job: &Job, out: &Out) -> Result<(), Halt> {
    if out.is_refused() {
        return Err(Halt::Taken);
    }
    let number = pages.number(site.view, job);
    if let Some((number, known)) = number.and_then(|number| Some((number, pages.known(number)?)))
        && out.stays(&job.path(site.view), known.made)
    {
        site.noted.extend(known.links.iter().cloned());
        pages.remember(number, known.clone());
        return Ok(());
    }
    let own = site.afresh();
    let (path, bytes) = make(&own, templates, job)?;
    let made = out.put(&path, bytes)?;
    let links: Vec<String> = own.noted.links().into_iter().collect();
    site.noted.extend(links.iter().cloned());
    if let Some(number) = number {
        pages.remember(number, Known { made, links });
    }
    Ok(())
}

/// What search in the pages reads: the files that [`build`] leaves out where they come later.
pub fn search_files(book: &Book, public: bool, keep: &dyn Keep) -> BTreeMap<String, Vec<u8>> {
    let mut files = BTreeMap::new();
    let put = |path, bytes| -> Result<(), Infallible> {
        files.insert(path, bytes);
        Ok(())
    };
    match index::files(&View::new(book, public), "", keep, put) {
        Ok(()) => files,
        Err(never) => match never {},
    }
}

/// Whether a file of a site is one of [`search_files`].
pub fn is_search_file(path: &str) -> bool {
    index::is_one(path)
}

/// The page of each language that is for paper: its volumes side by side, then put together.
fn printed(site: &frame::Site, templates: &Templates) -> Result<Vec<(String, Vec<u8>)>, SiteError> {
    let languages = site.view.languages.iter().enumerate();
    let page = |(language, tag): (usize, &&Language)| {
        let address = Address::shelf(tag, Shelf::Print);
        // Playbooks first: libraries are what one looks up behind them.
        let mut volumes: Vec<usize> = site
            .view
            .volumes()
            .filter(|(_, volume)| volume.language == **tag)
            .map(|(number, _)| number)
            .collect();
        volumes.sort_by_key(|number| site.view.book.volumes[*number].kind);
        let filled: Result<Vec<(usize, String)>, SiteError> = volumes
            .par_iter()
            .map(|number| {
                let (template, data) = print::volume(site, language, *number);
                let filled = templates.render(template, data);
                let filled = filled.map_err(|cause| SiteError { page: address.path.clone(), cause })?;
                Ok((*number, filled))
            })
            .collect();
        let data = print::page(site, language, filled?);
        finish(templates, address, data)
    };
    languages.map(page).collect()
}

fn jobs<'a>(view: &View<'a>) -> Vec<Job<'a>> {
    let mut jobs = vec![Job::Front, Job::NotFound];
    for (language, categories) in view.categories.iter().enumerate() {
        jobs.push(Job::Home(language));
        let tag = view.languages[language];
        // What is printed is put together when all else is there.
        let there = |shelf: &Shelf| *shelf != Shelf::Print && view.has_shelf(tag, *shelf);
        jobs.extend(Shelf::ALL.into_iter().filter(there).map(|shelf| Job::Shelf(language, shelf)));
        let frameworks = view.shelves[language].frameworks.len();
        jobs.extend((0..frameworks).map(|number| Job::Framework(language, number)));
        jobs.extend((0..categories.len()).map(|index| Job::Category(language, index)));
    }
    let mut old = Vec::new();
    for (number, volume) in view.volumes() {
        jobs.push(Job::Volume(number));
        if volume.kind == VolumeKind::Playbook {
            jobs.push(Job::Call(number));
        }
        let now = Address::volume(volume);
        let moved = |from, to, title| Job::Moved { from, to, volume: number, title };
        for was in &volume.common.was {
            let from = Address::old_volume(&volume.language, was);
            old.push(moved(from, now.clone(), volume.title.as_str()));
        }
        for kind in PartKind::ALL {
            for (index, id, common) in view.each(number, kind) {
                jobs.push(Job::Part(number, kind, index, id));
                if volume.common.was.is_empty() && common.was.is_empty() {
                    continue;
                }
                // Every name of the volume with every name of the part, but for the two of today.
                let here = view.address(kind, number, id);
                for volume_id in std::iter::once(&volume.id).chain(&volume.common.was) {
                    for part_id in std::iter::once(id).chain(&common.was) {
                        let from = Address::old_part(&volume.language, volume_id, kind, part_id);
                        if from != here {
                            old.push(moved(from, here.clone(), id.as_str()));
                        }
                    }
                }
            }
        }
    }
    jobs.extend(old);
    jobs
}

/// Fills the page's template.
fn finish<T: Serialize>(
    templates: &Templates,
    address: Address,
    (template, data): (&'static str, T),
) -> Result<(String, Vec<u8>), SiteError> {
    match templates.render(template, data) {
        Ok(html) => Ok((address.path, html.into_bytes())),
        Err(cause) => Err(SiteError { page: address.path, cause }),
    }
}

fn make(site: &frame::Site, templates: &Templates, job: &Job) -> Result<(String, Vec<u8>), SiteError> {
    let view = site.view;
    let volume_at = |number: usize| &view.book.volumes[number];
    match job {
        Job::Front => finish(templates, Address::root(), home::front(site)),
        Job::NotFound => finish(templates, Address::file("404.html"), plain::not_found(site)),
        Job::Home(language) => {
            let language = view.languages[*language];
            finish(templates, Address::home(language), home::home(site, language))
        }
        Job::Shelf(language, shelf) => {
            let address = Address::shelf(view.languages[*language], *shelf);
            match shelf {
                Shelf::Categories => finish(templates, address, categories::page(site, *language)),
                Shelf::Frameworks => finish(templates, address, framework::index(site, *language)),
                Shelf::Proofs => finish(templates, address, proofs::page(site, *language)),
                Shelf::Metrics => finish(templates, address, metrics::page(site, *language)),
                Shelf::Glossary => finish(templates, address, glossary_page::page(site, *language)),
                Shelf::Since => finish(templates, address, since::page(site, *language)),
                Shelf::Print => finish(templates, address, print::page(site, *language, Vec::new())),
            }
        }
        Job::Framework(language, number) => {
            let id = view.shelves[*language].frameworks[*number].framework.id.as_str();
            let address = Address::framework(view.languages[*language], id);
            finish(templates, address, framework::page(site, *language, *number))
        }
        Job::Category(language, index) => {
            let slug = &view.categories[*language][*index].slug;
            let address = Address::category(view.languages[*language], slug);
            finish(templates, address, category::page(site, *language, *index))
        }
        Job::Volume(number) => {
            finish(templates, Address::volume(volume_at(*number)), volume::page(site, *number))
        }
        Job::Call(number) => finish(templates, Address::call(volume_at(*number)), call::page(site, *number)),
        Job::Moved { from, to, volume, title } => {
            finish(templates, from.clone(), plain::moved(site, from, to, *volume, title))
        }
        Job::Part(number, kind, index, id) => {
            let (at, volume) = ((*number, *index), volume_at(*number));
            let address = view.address(*kind, *number, id);
            macro_rules! part {
                ($list:ident: $of:ty, $page:path) => {{
                    let part: &$of = &volume.$list[*index];
                    finish(templates, address, $page(site, at, part))
                }};
            }
            match kind {
                PartKind::Stage => part!(stages: Stage, stage::page),
                PartKind::Objection => part!(objections: Objection, objection::page),
                PartKind::Close => part!(closes: Close, close::page),
                PartKind::Question => part!(questions: Question, question::page),
                PartKind::Competitor => part!(competitors: Competitor, competitor::page),
            }
        }
    }
}

fn warnings(site: &frame::Site) -> Vec<String> {
    let view = site.view;
    let foreign = view.languages.iter().filter(|language| !Words::knows(language));
    foreign
        .map(|language| format!("the handbook has no headings in {language} yet; English ones stand in"))
        .chain(view.volumes().filter_map(|(number, _)| call::warning(site, number)))
        .collect()
}
