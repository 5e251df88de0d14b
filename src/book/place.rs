//! Where the parts of a book are written, and the files that they are written in.

use std::sync::{Arc, OnceLock};

use super::spans::{Spans, YamlPath};
use crate::keep::Reader;
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

/// A file, and where everything stands in it.
#[derive(Debug)]
pub(super) struct Placed {
    pub text: SourceFile,
    spans: OnceLock<Spans>,
    /// The same packed: nobody may ask, and then it is never unpacked.
    packed: Box<[u8]>,
}

impl Placed {
    /// A file whose places are known.
    pub fn new(text: SourceFile, spans: Spans) -> Self {
        Placed { text, spans: spans.into(), packed: Box::default() }
    }

    /// A file whose places are packed.
    pub fn packed(text: SourceFile, packed: Box<[u8]>) -> Self {
        Placed { text, spans: OnceLock::new(), packed }
    }

    pub fn spans(&self) -> &Spans {
        self.spans.get_or_init(|| {
            let unpacked = Spans::unpack(&mut Reader(&self.packed));
            unpacked.unwrap_or_else(|| Spans::read(self.text.text()).0)
        })
    }
}

/// The files of a book, and where everything stands in them.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<Arc<Placed>>,
}

impl Sources {
    /// Takes a file in and gives its number.
    pub(super) fn add(&mut self, file: Arc<Placed>) -> usize {
        self.files.push(file);
        self.files.len() - 1
    }

    /// A file by its number.
    pub fn file(&self, number: usize) -> &SourceFile {
        &self.files[number].text
    }

    /// Every file, by number.
    pub fn files(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(|file| &file.text)
    }

    /// The stretches of a file that are values of one text each, in order; remarks stand beside them.
    pub fn texts(&self, file: usize) -> Vec<Span> {
        self.files[file].spans().texts()
    }

    /// A file by its name.
    pub fn by_name(&self, name: &str) -> Option<&SourceFile> {
        self.files.iter().map(|file| &file.text).find(|file| &**file.name() == name)
    }

    /// The stretch of its file that a place means: the value, or the key where that says more.
    pub fn span(&self, place: &Place) -> Span {
        self.files[place.file].spans().find(&place.path).value
    }

    /// The first and the last line of all that is written at a place.
    pub fn lines(&self, place: &Place) -> (u32, u32) {
        let file = &self.files[place.file];
        file.spans().lines(&place.path, &file.text)
    }

    /// The stretch of the key of a place, or of its value where it has no key.
    pub fn key_span(&self, place: &Place) -> Span {
        let found = self.files[place.file].spans().find(&place.path);
        found.key.unwrap_or(found.value)
    }

    /// Whether something is written at a place. What is written and faulty has been told of, so that
    /// nobody need miss it.
    pub fn has(&self, place: &Place) -> bool {
        self.files[place.file].spans().has(&place.path)
    }

    /// The name of the file of a place.
    pub fn name(&self, place: &Place) -> &Arc<str> {
        self.files[place.file].text.name()
    }

    /// The line a place begins at.
    pub fn line(&self, place: &Place) -> u32 {
        self.span(place).start.line
    }
}
