//! Where the parts of a book are written, and the files that they are written in.

use std::sync::Arc;

use super::spans::{Spans, YamlPath};
use crate::source::{SourceFile, Span};

/// Where a part is written.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, by its number in [`Sources`].
    pub file: usize,
    /// The path in it.
    pub path: YamlPath,
}

impl Place {
    /// The top of a file.
    pub fn top(file: usize) -> Self {
        Place { file, path: YamlPath::root() }
    }

    /// A key below this place.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        Place { file: self.file, path: self.path.key(key) }
    }

    /// An item below this place.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        Place { file: self.file, path: self.path.item(index) }
    }
}

/// The files of a book, and where everything stands in them.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Arc<(SourceFile, Spans)>>,
}

impl Sources {
    /// Takes a file in and gives its number.
    pub(super) fn add(&mut self, file: Arc<(SourceFile, Spans)>) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    /// A file by its number.
    pub fn file(&self, number: usize) -> &SourceFile {
        &self.files[number].0
    }

    /// Every file, by number.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(|file| &file.0)
    }

    /// The stretches of a file that are values of one text each, in order; remarks stand beside them.
    pub fn texts(&self, file: usize) -> Vec<Span> {
        self.files[file].1.texts()
    }

    /// A file by its name.
    pub fn by_name(&self, name: &str) -> Option<&SourceFile> {
        self.files.iter().map(|file| &file.0).find(|file| &**file.name() == name)
    }

    /// The stretch of its file that a place means: the value, or the key where that says more.
    pub fn span(&self, place: &Place) -> Span {
        self.files[place.file].1.find(&place.path).value
    }

    /// The stretch of the key of a place, or of its value where it has no key.
    pub fn key_span(&self, place: &Place) -> Span {
        let found = self.files[place.file].1.find(&place.path);
        found.key.unwrap_or(found.value)
    }

    /// Whether something is written at a place. What is written and faulty has been told of, so that
    /// nobody need miss it.
    pub fn has(&self, place: &Place) -> bool {
        self.files[place.file].1.has(&place.path)
    }

    /// The name of the file of a place.
    pub fn name(&self, place: &Place) -> &Arc<str> {
        self.files[place.file].0.name()
    }

    /// The line a place begins at.
    pub fn line(&self, place: &Place) -> u32 {
        self.span(place).start.line
    }
}
