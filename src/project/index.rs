//! The index of a book on disk: made on first use, brought up to date when a file changes, appears or goes.
//!
//! The cache folder of a book holds finished indexes, each in a folder of its own, and `current.json`,
//! which names one of them and the state of the book that it was made from. A new index is made beside the
//! old one and then named; a process that is killed half-way leaves nothing that anybody would open.
//! Where only the content of some files changed, those and the files that they are tied to by `uses` are read
//! again, and the new index shares the rest with the old one.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::error::ProjectError;
use super::files::{Stamp, read, stamps};
use super::output::write_file;
use crate::book::{self, Book};
use crate::card::{Card, cards};
use crate::diagnostic::{Diagnostic, Severity};
use crate::digest::hash_of;
use crate::search::{Lexicon, Lexicons, SearchError, SearchIndex, fingerprint};

/// A file may be written twice within the time that its stamp can tell apart; what is younger than
/// this when it is looked at is compared by content the next time. FAT counts in two seconds.
const RACY: i128 = 2_000_000_000;

/// Where more than one card in so many is in a file to be read again, everything is.
const FEW: usize = 3;

/// The file in an index's folder that tells what it was made from.
const SOURCES: &str = "sources.json";

/// An index that is open, and what has to be said about it.
pub struct Lookup {
    /// The index.
    pub index: SearchIndex,
    /// What has to be said.
    pub notes: Notes,
}

/// What has to be said about an index.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// How many errors `check` found in the book.
    pub errors: usize,
    /// How many cards there are.
    pub cards: usize,
    /// Whether the index was made just now.
    pub made: bool,
    /// Why it could not be kept, where it could not.
    pub warning: Option<String>,
}

/// What a cold start has to know.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Current {
    /// What made it.
    fingerprint: String,
    /// The folder of the index.
    folder: String,
    /// See [`SearchIndex::open`].
    index: u64,
    /// The hash of the stamps of all files.
    book: u64,
    /// When the files were looked at, in nanoseconds since 1970.
    looked: i128,
    /// When the youngest of them was written.
    youngest: i128,
    errors: usize,
    cards: usize,
}

/// A file that an index was made from.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Source {
    stamp: Stamp,
    /// The hash of its content; 0 for one that could not be opened.
    content: u64,
    /// The hash of what other files know of it: its kind, id, language and what it uses; 0 for one
    /// that is no playbook or library.
    head: u64,
    /// A number that files have in common that are tied by `uses`, however far.
    tie: usize,
    errors: usize,
    cards: usize,
}

/// A state of the book on disk.
struct State<'b> {
    book: &'b Path,
    stamps: Vec<Stamp>,
    scanned: Vec<Diagnostic>,
    looked: i128,
}

/// Opens the index of a book below a cache folder, and makes it first where it is not there or not
/// of the book's present state. Without a cache folder, or where it cannot be written, the index is
/// made in memory.
pub fn open(book: &Path, cache: Option<&Path>) -> Result<Lookup, ProjectError> {
    let looked = nanoseconds();
    let (stamps, scanned) = stamps(book)?;
    let state = State { book, stamps, scanned, looked };
    let Some(cache) = cache else {
        return in_memory(&state.load_all(), None);
    };
    let home = cache.join(home_name(book));
    let mut old = None;
    // A second process may take away the folder that `current.json` named a moment ago.
    for _ in 0..2 {
        let Some(current) = current(&home) else { break };
        let folder = home.join(&current.folder);
        match SearchIndex::open(&folder, Some(current.index)) {
            Ok((index, stamp)) => {
                if state.is_told_by(&current, &folder) {
                    let notes =
                        Notes { errors: current.errors, cards: current.cards, made: false, warning: None };
                    state.settle(&home, &current, stamp);
                    return Ok(Lookup { index, notes });
                }
                old = Some(current);
                break;
            }
            Err(_) => continue,
        }
    }
    if let Some(lookup) = old.and_then(|current| state.update(&home, &current)) {
        return Ok(lookup);
    }
    let loaded = state.load_all();
    let whole =
        |folder: &Path| SearchIndex::create(folder, &loaded.cards, &lexicons(&loaded.book)).map(|()| true);
    match state.make(&home, &loaded.sources, loaded.errors, whole) {
        Ok(Some(lookup)) => Ok(lookup),
        Ok(None) => in_memory(&loaded, None),
        Err(reason) => in_memory(&loaded, Some(reason)),
    }
}

fn in_memory(loaded: &Loaded, warning: Option<String>) -> Result<Lookup, ProjectError> {
    let index =
        SearchIndex::in_memory(&loaded.cards, &lexicons(&loaded.book)).map_err(|error| engine(&error))?;
    let cards = loaded.cards.len();
    Ok(Lookup { index, notes: Notes { errors: loaded.errors, cards, made: true, warning } })
}

/// A book, or some files of it, and what has to be known of each file later.
struct Loaded {
    book: Book,
    cards: Vec<Card>,
    sources: Vec<Source>,
    errors: usize,
}

impl State<'_> {
    fn load_all(&self) -> Loaded {
        let (files, mut findings) = read(self.book, &self.stamps);
        findings.extend(self.scanned.iter().cloned());
        let unread = files.len() < self.stamps.len();
        load(&self.stamps, files, findings, unread)
    }

    /// Whether an index is of the present state of the book.
    fn is_told_by(&self, current: &Current, folder: &Path) -> bool {
        if current.book != book_hash(&self.stamps) {
            return false;
        }
        if current.youngest + RACY <= current.looked {
            return true;
        }
        let Some(sources) = sources(folder) else { return false };
        sources.len() == self.stamps.len()
            && sources.iter().zip(&self.stamps).all(|(then, now)| {
                let young = age(now) + RACY > current.looked;
                then.stamp == *now && (!young || content_of(self.book, now) == Some(then.content))
            })
    }

    /// Notes that young files were compared by content, and that the index was checked, so that it need
    /// not be done again. Failing costs a comparison next time, nothing else.
    fn settle(&self, home: &Path, current: &Current, index: u64) {
        let settled = current.youngest + RACY <= current.looked;
        let settles = !settled && current.youngest + RACY <= self.looked;
        if settles || index != current.index {
            let looked = if settles { self.looked } else { current.looked };
            let _ = keep(home, &Current { looked, index, ..current.clone() });
        }
    }

    /// Makes a new index from an old one by reading only the files that changed, and those tied to
    /// them. Nothing where that cannot be done, or is no better than reading them all.
    fn update(&self, home: &Path, current: &Current) -> Option<Lookup> {
        let old = &home.join(&current.folder);
        let mut sources = sources(old)?;
        let same_names =
            sources.iter().map(|source| &source.stamp.name).eq(self.stamps.iter().map(|now| &now.name));
        if !same_names || !self.scanned.is_empty() {
            return None;
        }
        let mut ties = BTreeSet::new();
        for (source, now) in sources.iter_mut().zip(&self.stamps) {
            let young = age(now) + RACY > current.looked;
            if source.stamp == *now && !young {
                continue;
            }
            source.stamp = now.clone();
            let content = content_of(self.book, now)?;
            if content != source.content {
                if source.head == 0 {
                    return None;
                }
                ties.insert(source.tie);
            }
        }
        let is_again = |source: &Source| source.head != 0 && ties.contains(&source.tie);
        let again: usize = sources.iter().filter(|source| is_again(source)).map(|source| source.cards).sum();
        let all: usize = sources.iter().map(|source| source.cards).sum();
        if again * FEW > all {
            return None;
        }
        let stamps: Vec<Stamp> = sources
            .iter()
            .filter(|source| is_again(source) || source.stamp.name == book::BOOK_FILE)
            .map(|source| source.stamp.clone())
            .collect();
        let unread = sources.iter().any(|source| source.head == 0 && source.errors > 0);
        let (files, unreadable) = read(self.book, &stamps);
        if !unreadable.is_empty() {
            return None;
        }
        let part = load(&stamps, files, Vec::new(), unread);
        let mut names = Vec::new();
        for source in sources.iter_mut().filter(|source| is_again(source)) {
            let new = part.sources.iter().find(|new| new.stamp.name == source.stamp.name)?;
            if new.head != source.head {
                return None;
            }
            names.push(source.stamp.name.clone());
            *source = Source { tie: source.tie, ..new.clone() };
        }
        let errors = sources.iter().map(|source| source.errors).sum();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        self.make(home, &sources, errors, |folder| SearchIndex::update(old, folder, &names, &part.cards))
            .ok()?
    }

    /// Makes an index in a new folder and names it. Nothing where `write` would rather not.
    fn make(
        &self,
        home: &Path,
        sources: &[Source],
        errors: usize,
        write: impl FnOnce(&Path) -> Result<bool, SearchError>,
    ) -> Result<Option<Lookup>, String> {
        let io =
            |error: std::io::Error| format!("the index could not be kept in `{}`: {error}", home.display());
        fs::create_dir_all(home).map_err(io)?;
        let folder = tempfile::Builder::new().prefix("i-").tempdir_in(home).map_err(io)?;
        if !write(folder.path()).map_err(|error| reasons(&error))? {
            return Ok(None);
        }
        let json = serde_json::to_vec(sources).unwrap_or_default();
        fs::write(folder.path().join(SOURCES), json).map_err(io)?;
        let (index, stamp) = SearchIndex::open(folder.path(), None).map_err(|error| reasons(&error))?;
        let name = folder.path().file_name().map(|name| name.to_string_lossy().into_owned());
        let name = name.unwrap_or_default();
        let cards = sources.iter().map(|source| source.cards).sum();
        let current = Current {
            fingerprint: fingerprint(),
            folder: name.clone(),
            index: stamp,
            book: book_hash(&self.stamps),
            looked: self.looked,
            youngest: self.stamps.iter().map(age).max().unwrap_or(0),
            errors,
            cards,
        };
        keep(home, &current).map_err(|error| error.to_string())?;
        // From here on the folder belongs to the cache.
        let _ = folder.keep();
        sweep(home, &name);
        Ok(Some(Lookup { index, notes: Notes { errors, cards, made: true, warning: None } }))
    }
}

/// Loads files, and tells of each stamp what is to be known of its file.
fn load(
    stamps: &[Stamp],
    files: Vec<book::InputFile>,
    mut findings: Vec<Diagnostic>,
    unread: bool,
) -> Loaded {
    let contents: BTreeMap<String, u64> =
        files.iter().map(|file| (file.name.to_string(), content_hash(&file.bytes))).collect();
    let (book, found) = book::load_rest(files, unread);
    findings.extend(found);
    let mut errors: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Error) {
        *errors.entry(&finding.file).or_default() += 1;
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let cards = cards(&book);
    for card in &cards {
        *counts.entry(card.file.to_string()).or_default() += 1;
    }
    // Each volume has the lowest number among those it is tied to.
    let mut ties: Vec<usize> = (0..book.volumes.len()).collect();
    let mut changed = true;
    while std::mem::take(&mut changed) {
        for (number, volume) in book.volumes.iter().enumerate() {
            let tied = volume.uses.iter().copied().chain([number]);
            let least = tied.clone().map(|one| ties[one]).min().unwrap_or(number);
            for one in tied {
                changed |= ties[one] != least;
                ties[one] = least;
            }
        }
    }
    let mut heads: BTreeMap<String, (u64, usize)> = BTreeMap::new();
    for (volume, tie) in book.volumes.iter().zip(ties) {
        let used = volume.uses.iter().map(|&used| &book.volumes[used].id).collect::<BTreeSet<_>>();
        let name = book.sources.name(&volume.common.place).to_string();
        heads.insert(
            name,
            (hash_of((volume.kind as u8, &volume.id, volume.language.as_str(), used)).max(1), tie),
        );
    }
    let sources = stamps
        .iter()
        .map(|stamp| {
            let (head, tie) = heads.get(&stamp.name).copied().unwrap_or((0, 0));
            Source {
                stamp: stamp.clone(),
                content: contents.get(&stamp.name).copied().unwrap_or(0),
                head,
                tie,
                errors: errors.get(stamp.name.as_str()).copied().unwrap_or(0),
                cards: counts.get(&stamp.name).copied().unwrap_or(0),
            }
        })
        .collect();
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    Loaded { book, cards, sources, errors }
}

fn engine(error: &SearchError) -> ProjectError {
    ProjectError { message: reasons(error), hint: None, source: None }
}

/// An error with all that is behind it, on one line.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut out = error.to_string();
    let mut source = error.source();
    while let Some(next) = source {
        let text = next.to_string();
        if !out.ends_with(&text) {
            out += &format!(": {text}");
        }
        source = next.source();
    }
    out
}

/// The book's own lexicons, as lookup takes them.
pub(super) fn lexicons(book: &Book) -> Lexicons {
    Lexicons::new(&Lexicon::of_book(book))
}

fn keep(home: &Path, current: &Current) -> Result<(), ProjectError> {
    let json = serde_json::to_vec(current).unwrap_or_default();
    write_file(&home.join("current.json"), &json)
}

fn current(home: &Path) -> Option<Current> {
    let bytes = fs::read(home.join("current.json")).ok()?;
    let current: Current = serde_json::from_slice(&bytes).ok()?;
    let plain = current.folder.starts_with("i-") && !current.folder.contains(['/', '\\']);
    (plain && current.fingerprint == fingerprint()).then_some(current)
}

fn sources(folder: &Path) -> Option<Vec<Source>> {
    serde_json::from_slice(&fs::read(folder.join(SOURCES)).ok()?).ok()
}

/// When a file was last written or changed in any way.
fn age(stamp: &Stamp) -> i128 {
    stamp.modified.max(stamp.identity.0)
}

fn book_hash(stamps: &[Stamp]) -> u64 {
    hash_of(stamps)
}

fn content_of(book: &Path, stamp: &Stamp) -> Option<u64> {
    fs::read(book.join(&stamp.name)).ok().map(|bytes| content_hash(&bytes))
}

/// Takes old indexes away. Those of the last minute may still be about to be opened.
fn sweep(home: &Path, kept: &str) {
    let Ok(entries) = fs::read_dir(home) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let old = entry
            .metadata()
            .and_then(|metadata| metadata.modified())
            .is_ok_and(|modified| modified.elapsed().unwrap_or_default() > Duration::from_secs(60));
        if name.starts_with("i-") && name != kept && old {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

fn nanoseconds() -> i128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128)
}

fn content_hash(bytes: &[u8]) -> u64 {
    hash_of(bytes).max(1)
}

/// The folder of a book below the cache or the data folder: its name, for people, and its place, for
/// the difference.
pub fn home_name(book: &Path) -> PathBuf {
    let real = fs::canonicalize(book).unwrap_or_else(|_| book.to_path_buf());
    let name: String = real
        .file_name()
        .map(|name| name.to_string_lossy().chars().filter(char::is_ascii_alphanumeric).take(32).collect())
        .unwrap_or_default();
    PathBuf::from(format!("{name}-{:016x}", content_hash(real.as_os_str().as_encoded_bytes())))
}
