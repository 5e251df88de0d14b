//! The index of a book on disk: made on first use, made anew when a file changes, appears or goes.
//!
//! The cache folder of a book holds finished indexes, each in a folder of its own, and `current.json`,
//! which names one of them and says from which files it was made. A new index is made beside the old
//! one and then named; a process that is killed half-way leaves nothing that anybody would open.

use std::collections::BTreeMap;
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use super::error::ProjectError;
use super::files::{Stamp, read, stamps};
use super::output::write_file;
use crate::book::{self, Book};
use crate::card::cards;
use crate::diagnostic::{Diagnostic, Severity};
use crate::lint;
use crate::search::{Lexicon, LexiconGroup, Lexicons, SearchError, SearchIndex, fingerprint};

/// A file may be written twice within the time that its stamp can tell apart; what is younger than
/// this when it is looked at is compared by content the next time. FAT counts in two seconds.
const RACY: i128 = 2_000_000_000;

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

#[derive(Debug, Serialize, Deserialize)]
struct Current {
    /// What made it.
    fingerprint: String,
    /// The folder of the index.
    folder: String,
    /// When the files were looked at, in nanoseconds since 1970.
    looked: i128,
    /// The files, with the hash of their content.
    files: Vec<(Stamp, u64)>,
    errors: usize,
    cards: usize,
}

/// Opens the index of a book below a cache folder, and makes it first where it is not there or not
/// of the book's present state. Without a cache folder, or where it cannot be written, the index is
/// made in memory.
pub fn open(book: &Path, cache: Option<&Path>) -> Result<Lookup, ProjectError> {
    let (now, scanned) = stamps(book)?;
    let Some(cache) = cache else {
        return in_memory(book, &now, &scanned, None);
    };
    let home = cache.join(home_name(book));
    let looked = nanoseconds();
    // A second process may take away the folder that `current.json` named a moment ago.
    for _ in 0..2 {
        if let Some(current) = current(&home).filter(|current| is_fresh(current, book, &now))
            && let Ok(index) = SearchIndex::open(&home.join(&current.folder))
        {
            let notes = Notes { errors: current.errors, cards: current.cards, made: false, warning: None };
            settle(&home, current, looked, &now);
            return Ok(Lookup { index, notes });
        }
    }
    let (loaded, hashes, errors) = load(book, &now, &scanned);
    let made = make(&home, &loaded, errors, looked, &now, hashes);
    match made {
        Ok(lookup) => Ok(lookup),
        Err(reason) => in_memory_of(&loaded, errors, Some(reason)),
    }
}

fn in_memory(
    book: &Path,
    now: &[Stamp],
    scanned: &[Diagnostic],
    warning: Option<String>,
) -> Result<Lookup, ProjectError> {
    let (loaded, _, errors) = load(book, now, scanned);
    in_memory_of(&loaded, errors, warning)
}

fn in_memory_of(book: &Book, errors: usize, warning: Option<String>) -> Result<Lookup, ProjectError> {
    let cards = cards(book);
    let index = SearchIndex::in_memory(&cards, &lexicons(book)).map_err(|error| engine(&error))?;
    Ok(Lookup { index, notes: Notes { errors, cards: cards.len(), made: true, warning } })
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

fn load(book: &Path, now: &[Stamp], scanned: &[Diagnostic]) -> (Book, Vec<u64>, usize) {
    let (files, unreadable) = read(book, now);
    let read: BTreeMap<&str, u64> =
        files.iter().map(|file| (&*file.name, content_hash(&file.bytes))).collect();
    // A file that could not be opened has no hash, so it is looked at again.
    let hashes = now.iter().map(|stamp| read.get(stamp.name.as_str()).copied().unwrap_or(0)).collect();
    let (book, mut findings) = book::load_rest(files, !unreadable.is_empty());
    findings.extend(unreadable);
    findings.extend(scanned.iter().cloned());
    let errors = lint::count(&findings, Severity::Error);
    (book, hashes, errors)
}

/// The book's own lexicons, as lookup takes them.
pub(super) fn lexicons(book: &Book) -> Lexicons {
    let own: Vec<Lexicon> = book
        .lexicons
        .iter()
        .map(|lexicon| Lexicon {
            language: lexicon.language.clone(),
            groups: lexicon
                .groups
                .iter()
                .map(|group| LexiconGroup {
                    id: group.id.to_string(),
                    category: group.category.clone(),
                    expressions: group.expressions.clone(),
                })
                .collect(),
        })
        .collect();
    Lexicons::new(&own)
}

fn make(
    home: &Path,
    book: &Book,
    errors: usize,
    looked: i128,
    now: &[Stamp],
    hashes: Vec<u64>,
) -> Result<Lookup, String> {
    let io = |error: std::io::Error| format!("the index could not be kept in `{}`: {error}", home.display());
    fs::create_dir_all(home).map_err(io)?;
    let folder = tempfile::Builder::new().prefix("i-").tempdir_in(home).map_err(io)?;
    let cards = cards(book);
    SearchIndex::create(folder.path(), &cards, &lexicons(book)).map_err(|error| reasons(&error))?;
    let index = SearchIndex::open(folder.path()).map_err(|error| reasons(&error))?;
    let name = folder.path().file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let current = Current {
        fingerprint: fingerprint(),
        folder: name.clone(),
        looked,
        files: now.iter().cloned().zip(hashes).collect(),
        errors,
        cards: cards.len(),
    };
    keep(home, &current).map_err(|error| error.to_string())?;
    // From here on the folder belongs to the cache.
    let _ = folder.keep();
    sweep(home, &name);
    Ok(Lookup { index, notes: Notes { errors, cards: cards.len(), made: true, warning: None } })
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

/// Whether the files are still those that an index was made from.
fn is_fresh(current: &Current, book: &Path, now: &[Stamp]) -> bool {
    current.files.len() == now.len()
        && current.files.iter().zip(now).all(|((then, hash), now)| {
            if then != now {
                return false;
            }
            let young = then.modified.max(then.identity.0) + RACY > current.looked;
            !young || fs::read(book.join(&now.name)).is_ok_and(|bytes| content_hash(&bytes) == *hash)
        })
}

/// Notes that young files were compared by content, so that it need not be done again.
fn settle(home: &Path, current: Current, looked: i128, now: &[Stamp]) {
    let young = |looked: i128| now.iter().any(|stamp| stamp.modified.max(stamp.identity.0) + RACY > looked);
    if young(current.looked) && !young(looked) {
        // Failing costs a comparison next time, nothing else.
        let _ = keep(home, &Current { looked, ..current });
    }
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
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
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
