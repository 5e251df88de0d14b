//! The files of a site on their way out: each is handed over as soon as it is made, so that no site has to
//! fit into memory. What is known of them afterwards is enough for the files that list the others.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::SiteError;
use crate::digest::sum;

/// Where files go. Called from several threads at once.
pub(super) trait Way: Sync {
    /// Takes a file by its path; gives `false` where no more is wanted.
    fn take(&self, path: &str, bytes: Vec<u8>) -> bool;
    /// See [`Sink::stays`](super::Sink::stays).
    fn stays(&self, path: &str, sum: u64) -> bool;
}

/// Why a build ended early.
#[derive(Debug)]
pub(super) enum Halt {
    /// A page could not be made.
    Page(SiteError),
    /// Whoever takes the files wants no more.
    Taken,
}

impl From<SiteError> for Halt {
    fn from(error: SiteError) -> Self {
        Halt::Page(error)
    }
}

/// What is remembered of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Made {
    /// Its length in bytes.
    pub length: usize,
    /// See [`sum`].
    pub sum: u64,
    /// Whether it only leads from an old address to the new one.
    pub moved: bool,
}

/// The files of a site on their way out.
pub(super) struct Out<'t> {
    way: &'t dyn Way,
    made: Mutex<BTreeMap<String, Made>>,
    refused: AtomicBool,
}

impl<'t> Out<'t> {
    pub fn new(way: &'t dyn Way) -> Self {
        Out { way, made: Mutex::default(), refused: AtomicBool::new(false) }
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Made>> {
        self.made.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there is a file of this path already.
    pub fn has(&self, path: &str) -> bool {
        self.lock().contains_key(path)
    }

    /// Hands a file over.
    pub fn put(&self, path: &str, bytes: Vec<u8>) -> Result<Made, Halt> {
        self.put_as(path, bytes, false)
    }

    /// Whether a file that was made before need not be handed over again; it counts as handed over then.
    pub fn stays(&self, path: &str, made: Made) -> bool {
        let stays = self.way.stays(path, made.sum);
        if stays {
            self.lock().insert(path.to_string(), made);
        }
        stays
    }

    /// Hands over a page that leads from an old address to the new one, unless something stands there.
    pub fn put_moved(&self, path: &str, bytes: Vec<u8>) -> Result<(), Halt> {
        if !self.has(path) {
            self.put_as(path, bytes, true)?;
        }
        Ok(())
    }

    fn put_as(&self, path: &str, bytes: Vec<u8>, moved: bool) -> Result<Made, Halt> {
        let made = Made { length: bytes.len(), sum: sum(&bytes), moved };
        self.lock().insert(path.to_string(), made);
        if !self.is_refused() && self.way.take(path, bytes) {
            return Ok(made);
        }
        self.refused.store(true, Ordering::Relaxed);
        Err(Halt::Taken)
    }

    /// Whether no more is wanted.
    pub fn is_refused(&self) -> bool {
        self.refused.load(Ordering::Relaxed)
    }

    /// What was handed over so far.
    pub fn made(&self) -> BTreeMap<String, Made> {
        self.lock().clone()
    }
}
