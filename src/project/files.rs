//! Finding a book, and reading its files. Symbolic links are followed once and never out of the book.

use std::collections::{BTreeSet, HashSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use super::error::{ProjectError, shown};
use crate::book::{self, BOOK_FILE, Book, InputFile, MAX_FILE};
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::Span;

/// How deep folders may lie in one another.
const MAX_DEPTH: usize = 32;

/// The folder of the book: the one that was named, else the nearest with a `book.yaml` here or
/// upwards, looking into `./playbooks/` at each level.
pub fn locate(named: Option<&Path>, here: &Path) -> Result<PathBuf, ProjectError> {
    if let Some(named) = named {
        let folder = if named.file_name().is_some_and(|name| name == BOOK_FILE) && named.is_file() {
            named.parent().map_or_else(|| PathBuf::from("."), Path::to_path_buf)
        } else {
            named.to_path_buf()
        };
        let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
        return match fs::metadata(folder.join(BOOK_FILE)) {
            Ok(metadata) if metadata.is_file() => Ok(folder),
            _ if !folder.exists() => Err(ProjectError::new(
                format!("there is no folder {}", shown(&folder)),
                "name the folder that holds book.yaml",
            )),
            _ => Err(ProjectError::new(
                format!("there is no book.yaml in {}", shown(&folder)),
                "name the folder that holds it, or make a book with `callbook init`",
            )),
        };
    }
    for level in here.ancestors() {
        for folder in [level.to_path_buf(), level.join("playbooks")] {
            if folder.join(BOOK_FILE).is_file() {
                return Ok(folder);
            }
        }
    }
    Err(ProjectError::new(
        "there is no book here: no book.yaml in this folder, in ./playbooks, or in any folder above",
        "name one with `--book DIR`, or make one with `callbook init`",
    ))
}

/// What is sound of a book. Errors where its folder cannot be read.
pub fn book(folder: &Path) -> Result<Book, ProjectError> {
    let (stamps, _) = stamps(folder)?;
    let (files, unreadable) = read(folder, &stamps);
    Ok(book::load_rest(files, !unreadable.is_empty()).0)
}

/// A file as the folder lists it: enough to see whether it has changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Stamp {
    /// The path relative to the book, with `/`.
    pub name: String,
    /// Its length in bytes.
    pub length: u64,
    /// When its content changed, in nanoseconds since 1970.
    pub modified: i128,
    /// When the file changed in any way, and which file it is; 0 where the system does not tell.
    pub identity: (i128, u64),
}

/// Every file of the book, sorted by name, and what was odd about the folder.
pub fn stamps(book: &Path) -> Result<(Vec<Stamp>, Vec<Diagnostic>), ProjectError> {
    let root = fs::canonicalize(book).map_err(|error| ProjectError::io("open", book, error))?;
    let mut scan = Scan { root: root.clone(), ..Scan::default() };
    scan.folder(&root, "", 0).map_err(|error| ProjectError::io("read", book, error))?;
    scan.follow();
    scan.stamps.sort();
    Ok((scan.stamps, scan.findings))
}

#[derive(Default)]
struct Scan {
    root: PathBuf,
    stamps: Vec<Stamp>,
    findings: Vec<Diagnostic>,
    /// The real paths of folders; of files as well, as soon as a link may lead to one.
    entered: HashSet<PathBuf>,
    /// Links that were met: name, path, depth. The first by name is followed first.
    links: BTreeSet<(String, PathBuf, usize)>,
    /// Whether links are being followed.
    following: bool,
}

impl Scan {
    /// Lists a folder by its real path.
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> std::io::Result<()> {
        if depth > MAX_DEPTH {
            self.odd(
                prefix.trim_end_matches('/'),
                "folders lie too deep in one another here; what is below was left out",
            );
            return Ok(());
        }
        if !self.entered.insert(folder.to_path_buf()) {
            self.odd(
                prefix.trim_end_matches('/'),
                "this folder is part of the book already; it was left out here",
            );
            return Ok(());
        }
        for entry in fs::read_dir(folder)?.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            let mut name = prefix.to_string();
            name.push_str(&entry.file_name().to_string_lossy());
            let file_name = &name[prefix.len()..];
            if file_name.starts_with('.') {
                continue;
            }
            if kind.is_symlink() {
                self.links.insert((name, entry.path(), depth));
                continue;
            }
            if kind.is_dir() {
                // What is no link lies where its folder does: nothing need be asked for that.
                if let Err(error) = self.folder(&entry.path(), &format!("{name}/"), depth + 1) {
                    self.unreadable(&name, &error);
                }
            } else if is_yaml_name(file_name) {
                match entry.metadata() {
                    Ok(metadata) if metadata.is_file() => {
                        if !self.following || self.entered.insert(entry.path()) {
                            self.stamps.push(stamp(name, &metadata));
                        }
                    }
                    Ok(_) => self.odd(&name, "this is no ordinary file, so it was not read"),
                    Err(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Looks where links lead when all plain files are known: what a link leads to keeps its own name where
    /// it has one.
    fn follow(&mut self) {
        let root = self.root.clone();
        self.following = !self.links.is_empty();
        if self.following {
            self.entered.extend(self.stamps.iter().map(|stamp| root.join(&stamp.name)));
        }
        while let Some((name, path, depth)) = self.links.pop_first() {
            let yaml = is_yaml(&path);
            let (Ok(metadata), Ok(real)) = (fs::metadata(&path), fs::canonicalize(&path)) else {
                self.odd(&name, "this link leads nowhere");
                continue;
            };
            if !real.starts_with(&root) {
                if yaml || metadata.is_dir() {
                    self.odd(&name, "this link leads out of the book, so it was not followed");
                }
            } else if metadata.is_dir() {
                if let Err(error) = self.folder(&real, &format!("{name}/"), depth + 1) {
                    self.unreadable(&name, &error);
                }
            } else if yaml && metadata.is_file() {
                if self.entered.insert(real) {
                    self.stamps.push(stamp(name, &metadata));
                }
            } else if yaml {
                self.odd(&name, "this is no ordinary file, so it was not read");
            }
        }
    }

    fn odd(&mut self, name: &str, message: &str) {
        let finding = Diagnostic::error("file-link", &name.into(), Span::START, message)
            .severity(Severity::Warning)
            .hint("put a copy of the file there, or take the link away");
        self.findings.push(finding);
    }

    fn unreadable(&mut self, name: &str, error: &std::io::Error) {
        self.findings.push(unreadable(name, error));
    }
}

fn unreadable(name: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("file-unreadable", &name.into(), Span::START, format!("this cannot be opened: {error}"))
        .hint("look at its permissions")
}

pub(super) fn is_yaml(path: &Path) -> bool {
    path.file_name().and_then(|name| name.to_str()).is_some_and(is_yaml_name)
}

fn is_yaml_name(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, extension)| {
        extension.eq_ignore_ascii_case("yaml") || extension.eq_ignore_ascii_case("yml")
    })
}

pub(super) fn stamp(name: String, metadata: &fs::Metadata) -> Stamp {
    let modified = metadata
        .modified()
        .ok()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok())
        .map_or(0, |since| since.as_nanos() as i128);
    #[cfg(unix)]
    let identity = {
        use std::os::unix::fs::MetadataExt;
        (i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec()), metadata.ino())
    };
    #[cfg(not(unix))]
    let identity = (0, 0);
    Stamp { name, length: metadata.len(), modified, identity }
}

/// Reads the files that were listed. One that cannot be opened is a finding; the others are read.
pub fn read(book: &Path, stamps: &[Stamp]) -> (Vec<InputFile>, Vec<Diagnostic>) {
    let mut files = Vec::with_capacity(stamps.len());
    let mut findings = Vec::new();
    for stamp in stamps {
        let mut bytes = Vec::with_capacity((stamp.length as usize).min(MAX_FILE));
        let opened = fs::File::open(book.join(&stamp.name));
        // One byte more than is allowed tells that there is too much.
        let read = opened.and_then(|file| file.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes));
        match read {
            Ok(_) => files.push(InputFile { name: Arc::from(stamp.name.as_str()), bytes }),
            Err(error) => findings.push(unreadable(&stamp.name, &error)),
        }
    }
    (files, findings)
}
