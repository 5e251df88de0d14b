//! The journal of a call that is going on: one JSON line for its beginning and one for every event,
//! each on disk (fsync) before it is acknowledged. At a person's pace that is not felt: it takes well
//! under a millisecond on a solid-state disk, some ten on a spinning one.
//!
//! A process that is killed half-way leaves at most a torn last line, which is not read. A disk that is
//! full fails an append, not the call: what could not be written is kept and tried again. There is no
//! file before something happened: nobody has to tidy up after a call that did not take place.

use std::fs::{self, File, OpenOptions};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::{private, private_folder};
use crate::calls::Header;
use crate::project::ProjectError;
use crate::script::walk::Stamped;

/// The longest line, in bytes: the longest text of an event in the longest of characters, escaped.
const MAX_LINE: u64 = 1 << 20;
/// The longest first line, in bytes: the variables that were given may be many.
const MAX_HEADER: u64 = 16 << 20;
/// The ending of a journal's file name.
const ENDING: &str = "jsonl";

/// The journal of a call that is going on. As long as it lives no other program can resume the call.
#[derive(Debug)]
pub struct Journal {
    path: PathBuf,
    file: Option<File>,
    /// How much of the file is known to be good, in bytes.
    good: u64,
    /// What is not on disk yet.
    pending: Vec<u8>,
    /// How many events are among it.
    unsaved: usize,
}

/// A call that was not ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Unfinished {
    /// The journal's file.
    pub path: PathBuf,
    /// How it began.
    pub header: Header,
    /// What happened.
    pub events: Vec<Stamped>,
    /// How many whole lines could not be read.
    pub unread: usize,
    /// How much of the file is good, in bytes.
    good: u64,
}

/// The file of a call's journal.
pub fn file(store: &Path, id: &str) -> PathBuf {
    folder(store).join(format!("{id}.{ENDING}"))
}

/// The folder of the journals that belong to a store.
pub fn folder(store: &Path) -> PathBuf {
    let mut name = store.file_name().unwrap_or_default().to_os_string();
    name.push(".going");
    store.with_file_name(name)
}

impl Journal {
    /// Begins a journal, whose file is made with the first event. Where its folder cannot be made that is
    /// told now, and tried again with each append.
    pub fn begin(store: &Path, header: &Header) -> (Self, Result<(), ProjectError>) {
        let path = file(store, &header.id);
        let mut journal = Journal { path, file: None, good: 0, pending: line(header), unsaved: 0 };
        let done = journal.flush();
        (journal, done)
    }

    /// Goes on with the journal of a call that was not ended. An error where another program has it.
    pub fn resume(unfinished: &Unfinished) -> Result<Self, ProjectError> {
        let path = unfinished.path.clone();
        let fail = |error| ProjectError::io("open the journal", &path, error);
        let file = OpenOptions::new().write(true).open(&path).map_err(fail)?;
        lock(&file, &path)?;
        Ok(Journal { path, file: Some(file), good: unfinished.good, pending: Vec::new(), unsaved: 0 })
    }

    /// Writes an event. It is on disk where this is `Ok`; where not, it is kept and written with the
    /// next one, or by [`Journal::flush`].
    pub fn append(&mut self, event: &Stamped) -> Result<(), ProjectError> {
        self.pending.extend(line(event));
        self.unsaved += 1;
        self.flush()
    }

    /// How many events are not on disk.
    pub fn unsaved(&self) -> usize {
        self.unsaved
    }

    /// Writes what is not on disk yet.
    pub fn flush(&mut self) -> Result<(), ProjectError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let path = self.path.clone();
        let fail = |error| ProjectError::io("write the journal", &path, error);
        if self.file.is_none() {
            let folder = path.parent().unwrap_or(Path::new("."));
            private_folder(folder)?;
            if self.unsaved == 0 {
                return Ok(());
            }
            let file = private(OpenOptions::new().create_new(true).write(true)).open(&path).map_err(fail)?;
            lock(&file, &path)?;
            // The name of the file has to be on disk as well.
            #[cfg(unix)]
            if let Err(error) = File::open(folder).and_then(|folder| folder.sync_all()) {
                // So that it can be made the next time.
                let _ = fs::remove_file(&path);
                return Err(fail(error));
            }
            self.file = Some(file);
        }
        let Some(file) = &mut self.file else {
            return Ok(());
        };
        // An append that failed may have left a part of itself.
        file.set_len(self.good)
            .and_then(|()| file.seek(SeekFrom::Start(self.good)))
            .and_then(|_| file.write_all(&self.pending))
            .and_then(|()| file.sync_data())
            .map_err(fail)?;
        self.good += self.pending.len() as u64;
        self.pending.clear();
        self.unsaved = 0;
        Ok(())
    }

    /// Takes the journal away: the call is in the store.
    pub fn remove(self) -> Result<(), ProjectError> {
        drop(self.file);
        match fs::remove_file(&self.path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(ProjectError::io("take away the journal", &self.path, error))
            }
            _ => Ok(()),
        }
    }
}

fn line<T: serde::Serialize>(value: &T) -> Vec<u8> {
    // Plain data: it always becomes JSON.
    let mut line = serde_json::to_vec(value).unwrap_or_default();
    line.push(b'\n');
    line
}

fn lock(file: &File, path: &Path) -> Result<(), ProjectError> {
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => {
            let message = format!("the call of `{}` is going on in another program", path.display());
            Err(ProjectError::new(message, "end it there"))
        }
        // Some file systems have no locks; two programs on one call are unlikely enough.
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(()),
    }
}

/// The calls of a store that were not ended and that no other program has, oldest first; and what is
/// there but cannot be read.
pub fn unfinished(store: &Path) -> Result<(Vec<Unfinished>, Vec<ProjectError>), ProjectError> {
    let folder = folder(store);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Default::default()),
        Err(error) => return Err(ProjectError::io("read the folder", &folder, error)),
    };
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    for entry in entries.flatten() {
        let path = entry.path();
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !plain || path.extension().is_none_or(|ending| ending != ENDING) {
            continue;
        }
        match read(&path) {
            Ok(unfinished) => found.extend(unfinished),
            Err(error) => faults.push(error),
        }
    }
    found.sort_by(|a, b| (a.header.started, &a.header.id).cmp(&(b.header.started, &b.header.id)));
    Ok((found, faults))
}

/// A journal; none where another program has it, or where it was torn before it began.
fn read(path: &Path) -> Result<Option<Unfinished>, ProjectError> {
    let fail = |error| ProjectError::io("read the journal", path, error);
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(fail(error)),
    };
    if matches!(file.try_lock_shared(), Err(fs::TryLockError::WouldBlock)) {
        return Ok(None);
    }
    let mut reader = BufReader::new(file);
    let (mut header, mut events, mut unread, mut good) = (None, Vec::new(), 0, 0);
    loop {
        let mut line = Vec::new();
        let most = if header.is_none() { MAX_HEADER } else { MAX_LINE };
        let length = (&mut reader).take(most).read_until(b'\n', &mut line).map_err(fail)?;
        if line.last() != Some(&b'\n') {
            // The end, or a line that was torn.
            break;
        }
        good += length as u64;
        if header.is_none() {
            let read: Header = serde_json::from_slice(&line).map_err(|error| {
                let message = format!("the journal `{}` cannot be read: {error}", path.display());
                ProjectError::new(message, "move it elsewhere if nobody needs it")
            })?;
            header = Some(read);
        } else if let Ok(event) = serde_json::from_slice::<Stamped>(&line) {
            events.push(event);
        } else {
            unread += 1;
        }
    }
    Ok(header.map(|header| Unfinished { path: path.to_path_buf(), header, events, unread, good }))
}
