//! Waking up when a file of the book may have changed. The system tells; where it cannot, the folder is
//! looked at several times a second. Where it can, the folder is looked at all the same now and then:
//! systems lose events, and network drives have none.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

/// Files are at rest when nothing has happened for so long.
const QUIET: Duration = Duration::from_millis(12);
/// However much goes on, a look is taken after so long.
const IMPATIENT: Duration = Duration::from_millis(400);
/// How often to look where the system tells of changes.
const SELDOM: Duration = Duration::from_secs(2);
/// How often to look where it does not.
const OFTEN: Duration = Duration::from_millis(300);
/// How long to wait before asking the system again to tell of changes.
const AGAIN: Duration = Duration::from_secs(5);

/// What wakes the keeper.
pub struct Watch {
    folder: PathBuf,
    /// The folder that is watched, by its identity: another one may stand at its place later.
    watched: Option<u64>,
    watcher: Option<RecommendedWatcher>,
    tried: Instant,
    wake: SyncSender<()>,
    woken: Receiver<()>,
}

/// Why the keeper was woken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Woken {
    /// The system told of a change.
    Told,
    /// It is time for a look.
    Time,
}

impl Watch {
    /// Watches a folder. The second value says why the system cannot tell of changes, where it cannot.
    pub fn new(folder: &Path) -> (Self, Option<String>) {
        // One place: that something happened is all that counts.
        let (wake, woken) = sync_channel(1);
        let mut watch = Watch {
            folder: folder.to_path_buf(),
            watched: None,
            watcher: None,
            tried: Instant::now(),
            wake,
            woken,
        };
        let trouble = watch.begin().err().map(|error| error.to_string());
        (watch, trouble)
    }

    fn begin(&mut self) -> notify::Result<()> {
        self.watcher = None;
        self.tried = Instant::now();
        self.watched = identity(&self.folder);
        let wake = self.wake.clone();
        let told = move |event: notify::Result<Event>| {
            // Reading a file is an event, too, and no change.
            let read_only = |event: &Event| match event.kind {
                EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
                EventKind::Access(_) => !event.need_rescan(),
                _ => false,
            };
            if !event.as_ref().is_ok_and(read_only) {
                let _ = wake.try_send(());
            }
        };
        let mut watcher = RecommendedWatcher::new(told, Config::default())?;
        watcher.watch(&self.folder, RecursiveMode::Recursive)?;
        self.watcher = Some(watcher);
        Ok(())
    }

    /// Waits until something may have changed and files are at rest again. `cost` is what a look
    /// takes; a costly one is taken less often.
    pub fn wait(&mut self, cost: Duration) -> Woken {
        let here = identity(&self.folder);
        let lost = self.watcher.is_none() || here != self.watched;
        if lost && here.is_some() && (here != self.watched || self.tried.elapsed() > AGAIN) {
            // Failing is told once, when it is first tried.
            let _ = self.begin();
        }
        let often = if self.watcher.is_some() && here.is_some() { SELDOM } else { OFTEN };
        match self.woken.recv_timeout(often.max(cost * 20)) {
            Ok(()) => self.settle(QUIET),
            // The sender lives in this very value.
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Woken::Time,
        }
        Woken::Told
    }

    /// Waits until nothing has happened for so long, with patience.
    pub fn settle(&self, quiet: Duration) {
        let begun = Instant::now();
        while begun.elapsed() < IMPATIENT && self.woken.recv_timeout(quiet).is_ok() {}
    }
}

/// What tells a folder from another one of the same name.
fn identity(folder: &Path) -> Option<u64> {
    let metadata = std::fs::metadata(folder).ok()?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        Some(metadata.ino())
    }
    #[cfg(not(unix))]
    {
        Some(u64::from(metadata.is_dir()))
    }
}
