//! Files that were read one by one become a book; those that did not change need not be read again.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::model::Sources;
use super::packed;
use super::place::Placed;
use super::raw;
use super::resolve;
use super::spans::Spans;
use super::{Book, InputFile, RawBook, RawFile};
use crate::diagnostic::{self, Diagnostic};
use crate::digest::sum;
use crate::keep::{self, Keep};
use crate::source::SourceFile;

/// A file that was read by itself.
#[derive(Clone)]
pub(super) struct ReadFile {
    /// Its text with the places in it; nothing of a file that is too large.
    pub source: Option<Arc<Placed>>,
    /// What it says, where that can be told.
    pub said: Option<Said>,
    /// Everything wrong with it.
    pub findings: Vec<Diagnostic>,
    /// Whether all that others may refer to was read.
    pub whole: bool,
}

/// What a file says.
#[derive(Clone, Debug)]
pub(super) enum Said {
    Book(RawFile<raw::BookFile>),
    Playbook(Box<RawFile<raw::PlaybookFile>>),
    Library(Box<RawFile<raw::LibraryFile>>),
    Lexicon(RawFile<raw::LexiconFile>),
}

impl ReadFile {
    /// A file of which nothing can be used.
    pub fn unread(source: Option<(SourceFile, Spans)>, findings: Vec<Diagnostic>) -> Self {
        let source = source.map(|(text, spans)| Arc::new(Placed::new(text, spans)));
        ReadFile { source, said: None, findings, whole: false }
    }
}

/// Reads a file, or takes what was kept of it where it has the same bytes. What is kept goes by the name of
/// the file in the book of a place, so that there is one of each.
pub(super) fn read_again(file: InputFile, place: &str, keep: &dyn Keep) -> ReadFile {
    let kept_as = keep::name("file", (place, &file.name));
    let of = sum(&file.bytes);
    let known = keep.get(&kept_as).and_then(|kept| packed::unpack(&kept, of));
    let InputFile { name, mut bytes } = file;
    if let Some((said, places)) = known {
        match String::from_utf8(bytes) {
            Ok(text) => {
                let text = SourceFile::new(name, super::without_mark(text));
                let source = Some(Arc::new(Placed::packed(text, places)));
                return ReadFile { source, said: Some(said), findings: Vec::new(), whole: true };
            }
            Err(error) => bytes = error.into_bytes(),
        }
    }
    let mut read = super::read(InputFile { name, bytes });
    if let Some((packed, places)) = packed::pack(&read, of) {
        // Unpacked they take much room, and hardly any of them is asked for.
        let placed = read.source.and_then(Arc::into_inner);
        read.source = placed.map(|placed| Arc::new(Placed::packed(placed.text, places)));
        keep.put(&kept_as, packed);
    }
    read
}

/// Resolves files that were read. The findings are sorted by file and line.
pub(super) fn assemble(mut files: Vec<ReadFile>, unread: bool) -> (Book, Vec<Diagnostic>) {
    let name = |file: &ReadFile| file.source.as_ref().map(|source| source.text.name().clone());
    files.sort_by_cached_key(name);
    let mut sources = Sources::default();
    let mut findings = Vec::new();
    let mut raw = RawBook { unread, ..RawBook::default() };
    for read in files {
        raw.unread |= !read.whole;
        findings.extend(read.findings);
        let Some(source) = read.source else { continue };
        let file = sources.add(source);
        match read.said {
            Some(Said::Book(said)) => raw.book = Some(RawFile { file, ..said }),
            Some(Said::Playbook(said)) => raw.playbooks.push(RawFile { file, ..*said }),
            Some(Said::Library(said)) => raw.libraries.push(RawFile { file, ..*said }),
            Some(Said::Lexicon(said)) => raw.lexicons.push(RawFile { file, ..said }),
            None => {}
        }
    }
    let book = resolve::resolve(raw, sources, &mut findings);
    diagnostic::sort(&mut findings);
    (book, findings)
}

/// Loads a book again and again, and reads only files whose content is new.
#[derive(Default)]
pub struct Reader {
    known: HashMap<Arc<str>, (u64, ReadFile)>,
}

impl Reader {
    /// What [`load_rest`](super::load_rest) gives for these files.
    pub fn load(&mut self, files: Vec<InputFile>, unread: bool) -> (Book, Vec<Diagnostic>) {
        let known = std::mem::take(&mut self.known);
        let read: Vec<(Arc<str>, (u64, ReadFile))> = files
            .into_par_iter()
            .map(|file| {
                let (name, hash) = (file.name.clone(), sum(&file.bytes));
                let read = match known.get(&name) {
                    Some((then, read)) if *then == hash => read.clone(),
                    _ => super::read(file),
                };
                (name, (hash, read))
            })
            .collect();
        self.known = read.into_iter().collect();
        assemble(self.known.values().map(|(_, read)| read.clone()).collect(), unread)
    }
}
