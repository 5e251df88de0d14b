//! A call as it is led: the walk, its journal, and the store at the end.

use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;

use super::Store;
use super::journal::{self, Journal, Unfinished};
use crate::calls::{Header, Record};
use crate::project::ProjectError;
use crate::script::Script;
use crate::script::walk::{Effect, Event, Refused, Walk};

/// A call that is going on. What [`Session::act`] has said yes to is on disk, unless
/// [`Session::trouble`] says otherwise.
#[derive(Debug)]
pub struct Session {
    walk: Walk,
    header: Header,
    store: PathBuf,
    journal: Journal,
    trouble: Option<ProjectError>,
}

impl Session {
    /// Begins a call. A journal that cannot be written is [`Session::trouble`], not an error: the buyer
    /// is on the line.
    pub fn begin(store: &Path, script: Arc<Script>, header: Header) -> Self {
        let walk = Walk::new(script, header.started);
        let (journal, done) = Journal::begin(store, &header);
        Session { walk, header, store: store.to_path_buf(), journal, trouble: done.err() }
    }

    /// Goes on with a call that was not ended. The time that it lay there does not count as its own.
    pub fn resume(
        store: &Path,
        script: Arc<Script>,
        unfinished: &Unfinished,
        now: Timestamp,
    ) -> Result<Self, ProjectError> {
        let journal = Journal::resume(unfinished)?;
        let header = unfinished.header.clone();
        let walk = Walk::replay(script, header.started, &unfinished.events);
        let mut session = Session { walk, header, store: store.to_path_buf(), journal, trouble: None };
        if !session.walk.is_ended() {
            // It is always possible in a call that is not over, unless it has no room for more.
            let _ = session.act(Event::Resume, now);
        }
        Ok(session)
    }

    /// Lets something happen and writes it to the journal.
    pub fn act(&mut self, event: Event, now: Timestamp) -> Result<Effect, Refused> {
        let effect = self.walk.act(event, now)?;
        if let Some(last) = self.walk.events().last() {
            self.trouble = self.journal.append(last).err();
        }
        Ok(effect)
    }

    /// Why what happened last is not on disk yet, where it is not. It is tried again with every event, and
    /// by [`Session::retry`].
    pub fn trouble(&self) -> Option<&ProjectError> {
        self.trouble.as_ref()
    }

    /// How many events are not on disk.
    pub fn unsaved(&self) -> usize {
        self.journal.unsaved()
    }

    /// Tries again to write what is not on disk.
    pub fn retry(&mut self) {
        if self.trouble.is_some() {
            self.trouble = self.journal.flush().err();
        }
    }

    /// The call.
    pub fn walk(&self) -> &Walk {
        &self.walk
    }

    /// The same, for [`Walk::refill`]; events belong to [`Session::act`].
    pub fn refill(&mut self, script: Arc<Script>) -> bool {
        self.walk.refill(script)
    }

    /// The file of the store that the call goes into.
    pub fn store(&self) -> &Path {
        &self.store
    }

    /// How the call began.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The record as far as the call has come.
    pub fn record(&self) -> Record {
        Record::of(&self.walk, &self.header)
    }

    /// Takes away what was kept of a call that nobody wants.
    pub fn discard(self) -> Result<(), ProjectError> {
        self.journal.remove()
    }

    /// Puts the record of a call that is over into the store, and takes the journal away. Where that
    /// fails the journal stays, so that it can be resumed and ended, and the record is given back with
    /// the error.
    pub fn finish(mut self) -> Result<Record, Unkept> {
        let record = self.record();
        // First, so that a store that fails takes nothing with it.
        let _ = self.journal.flush();
        let unsaved = self.journal.unsaved();
        let kept = Store::open(&self.store).and_then(|mut store| store.put(&record));
        match kept.and_then(|_| self.journal.remove()) {
            Ok(()) => Ok(record),
            Err(error) => Err(Unkept { record: Box::new(record), error, unsaved }),
        }
    }
}

/// A call that is over but not in the store.
#[derive(Debug)]
pub struct Unkept {
    /// What happened.
    pub record: Box<Record>,
    /// Why it is not in the store.
    pub error: ProjectError,
    /// How many of its events are not in the journal either.
    pub unsaved: usize,
}

/// Takes away the journals of calls that were not ended and whose prospect has a name; how many there
/// were. A call that is going on in another program is left to it.
pub fn forget(store: &Path, name: &str) -> Result<usize, ProjectError> {
    let (unfinished, _) = journal::unfinished(store)?;
    let mut forgotten = 0;
    for one in unfinished {
        if names(&one).iter().any(|known| *known == crate::calls::folded(name)) {
            Journal::resume(&one)?.remove()?;
            forgotten += 1;
        }
    }
    Ok(forgotten)
}

/// Every name of the prospect of a call that was not ended.
fn names(unfinished: &Unfinished) -> Vec<String> {
    let mut header = unfinished.header.clone();
    let mut out: Vec<String> = Record::begun(&header).names().into_iter().collect();
    for stamped in &unfinished.events {
        if let Event::Prospect { field, value } = &stamped.event {
            header.given.insert(field.clone(), value.clone());
            out.extend(Record::begun(&header).names());
        }
    }
    out
}

/// The time of the system's clock.
pub fn now() -> Timestamp {
    Timestamp::now()
}

/// A new id for a call: twelve letters and digits at random (60 bits), without those that look alike.
pub fn new_id() -> String {
    const LETTERS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz0";
    let mut hasher = RandomState::new().build_hasher();
    hasher.write_i128(Timestamp::now().as_nanosecond());
    let bits = hasher.finish();
    (0..12).map(|index| char::from(LETTERS[(bits >> (5 * index)) as usize & 31])).collect()
}
