//! The store: the records of a book's calls in one SQLite file, for its owner only. Several programs may
//! use it at once. A file that is not a store, is damaged, or was written by a newer callbook is told of
//! and left as it is.
//!
//! What belongs to calls that are still going on lies in a folder beside it: [`journal`] and [`Session`].

pub mod journal;
mod session;

use std::fs::{self, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::mpsc::sync_channel;
use std::time::Duration;

use jiff::Timestamp;
use rayon::prelude::*;
use rusqlite::types::Value as Sql;
use rusqlite::{
    Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior, params,
};

use crate::book::brief;
use crate::calls::landed::Landed;
use crate::calls::{Logged, Record, folded};
use crate::project::{ProjectError, home_name};
use crate::rate::Rate;

pub use session::{Session, Unkept, forget, new_id, now};

/// Says in the file's header whose it is: "CBcl".
const APPLICATION: i64 = 0x4342_636c;
/// The number of steps in [`MIGRATIONS`] that a store of today has behind it.
const SCHEMA: usize = MIGRATIONS.len();
/// How long another program's writing is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// How many records are read at once.
const BATCH: usize = 256;
/// So many batches are on their way at once.
const AHEAD: usize = 2;
/// The file of a book's store.
const FILE: &str = "calls.db";

/// From each version of the tables to the next. Never changed, only added to.
const MIGRATIONS: [&str; 2] = [CALLS, TRIED];

const CALLS: &str = "
    CREATE TABLE calls (
        id TEXT PRIMARY KEY NOT NULL,
        playbook TEXT NOT NULL,
        language TEXT NOT NULL,
        rep TEXT NOT NULL,              -- folded; empty for none
        prospect TEXT NOT NULL,         -- as people call them
        started INTEGER NOT NULL,       -- milliseconds since 1970
        ended INTEGER,
        outcome TEXT,
        result TEXT,
        demo INTEGER NOT NULL,
        steps INTEGER NOT NULL,         -- the number of events
        record TEXT NOT NULL,           -- JSON without the events
        events TEXT NOT NULL            -- JSON
    );
    CREATE INDEX calls_started ON calls (started, id);
    CREATE TABLE names (
        name TEXT NOT NULL,             -- folded
        call TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE,
        PRIMARY KEY (name, call)
    ) WITHOUT ROWID;
    CREATE INDEX names_call ON names (call);
";

/// The responses that were said and whether they landed, beside the records, so that looking up a card
/// does not read every call. They come and go with their record.
const TRIED: &str = "
    CREATE TABLE tried (
        card TEXT NOT NULL,             -- the objection's id
        playbook TEXT NOT NULL,         -- the volume that it is written in
        language TEXT NOT NULL,
        response TEXT NOT NULL,
        landed INTEGER NOT NULL,
        started INTEGER NOT NULL,
        demo INTEGER NOT NULL,
        call TEXT NOT NULL REFERENCES calls (id) ON DELETE CASCADE
    );
    CREATE INDEX tried_card ON tried (card, playbook, language, response, landed, started, demo);
    CREATE INDEX tried_call ON tried (call);
    CREATE VIEW tries AS
        SELECT substr(heard.value ->> 'card', instr(heard.value ->> 'card', '/') + 1) AS card,
            coalesce(heard.value ->> 'playbook', calls.playbook) AS playbook,
            calls.language AS language, said.value ->> 'response' AS response,
            said.value ->> 'landed' AS landed, calls.started AS started, calls.demo AS demo,
            calls.id AS call
        FROM calls,
            json_each(CASE WHEN json_valid(calls.record) THEN calls.record ELSE '{}' END, '$.objections') AS heard,
            -- A record without a list of responses has at most the last.
            json_each(CASE WHEN json_array_length(heard.value, '$.tried') > 0
                THEN heard.value -> '$.tried' ELSE json_array(json(heard.value)) END) AS said
        WHERE said.value ->> 'landed' IS NOT NULL AND said.value ->> 'response' IS NOT NULL;
    CREATE TRIGGER calls_tried AFTER INSERT ON calls BEGIN
        INSERT INTO tried SELECT * FROM tries WHERE call = NEW.id;
    END;
    INSERT INTO tried SELECT * FROM tries;
";

/// The records of a book's calls.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    connection: Connection,
}

/// Which records are meant; everything that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Begun at this time or later.
    pub since: Option<Timestamp>,
    /// Begun before this time.
    pub until: Option<Timestamp>,
    /// The playbook's id.
    pub playbook: Option<String>,
    /// Who called; case and spaces do not count.
    pub rep: Option<String>,
    /// The outcome's id, or what it means: won, upgraded, paused, lost, open.
    pub outcome: Option<String>,
    /// A name of the prospect; case and spaces do not count.
    pub prospect: Option<String>,
    /// Made up, or not.
    pub demo: Option<bool>,
    /// The newest so many.
    pub limit: Option<usize>,
}

/// How much of a record is read; less is faster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of it.
    Whole,
    /// All but the events.
    Record,
    /// What reports count: see [`Record::counted`].
    Counted,
}

/// What became of a record that was put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there.
    Added,
    /// It took the place of an older state of the same call.
    Replaced,
    /// It was there, or a later state of the same call was.
    Kept,
}

/// What is found by the beginning of an id.
#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// One record.
    One(Box<Record>),
    /// Several ids begin like that: the first ones.
    Several(Vec<String>),
    /// None does.
    None,
}

/// What deleting did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deleted {
    /// How many records went.
    pub records: usize,
    /// Whether the file and its log were swept as well. Not where another program was reading: what it
    /// still sees stays in the log until it is done.
    pub swept: bool,
}

/// Where the store of a book is, below the platform's data folder.
pub fn place(data: &Path, book: &Path) -> PathBuf {
    data.join(home_name(book)).join(FILE)
}

impl Store {
    /// Opens a store, and makes it where there is none.
    pub fn open(path: &Path) -> Result<Self, ProjectError> {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            private_folder(folder)?;
        }
        if path.is_dir() {
            return Err(ProjectError::new(format!("`{}` is a folder", path.display()), "name a file"));
        }
        // Made by ourselves first, so that it is never open to others; SQLite's own files take after it.
        let made = private(OpenOptions::new().create_new(true).write(true)).open(path);
        match made {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(ProjectError::io("make the call store", path, error));
            }
            Ok(_) | Err(_) => {}
        }
        Store::connect(path)
    }

    /// Opens a store that is there; none where there is none.
    pub fn open_existing(path: &Path) -> Result<Option<Self>, ProjectError> {
        match fs::symlink_metadata(path) {
            Ok(_) => Store::open(path).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(ProjectError::io("open the call store", path, error)),
        }
    }

    fn connect(path: &Path) -> Result<Self, ProjectError> {
        let fail = |error| failure(path, "open", &error);
        let mut start = Vec::new();
        let read = fs::File::open(path).and_then(|file| file.take(16).read_to_end(&mut start));
        read.map_err(|error| ProjectError::io("open the call store", path, error))?;
        if !start.is_empty() && start != b"SQLite format 3\0" {
            return Err(foreign(path));
        }
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(path, flags).map_err(fail)?;
        let mut store = Store { path: path.to_path_buf(), connection };
        store.prepare()?;
        Ok(store)
    }

    fn prepare(&mut self) -> Result<(), ProjectError> {
        let path = self.path.clone();
        let fail = |error| failure(&path, "open", &error);
        self.connection.busy_timeout(PATIENCE).map_err(fail)?;
        // Looked at before anything is changed, so that a stranger's file stays as it is.
        let (application, version) = self.kind().map_err(fail)?;
        if version > SCHEMA as i64 {
            return Err(newer(&path));
        }
        for (pragma, value) in [("secure_delete", "ON"), ("foreign_keys", "ON"), ("synchronous", "FULL")] {
            self.connection.pragma_update(None, pragma, value).map_err(fail)?;
        }
        if application == APPLICATION && version == SCHEMA as i64 {
            return Ok(());
        }
        // SQLite does not wait by itself for this one.
        let wal = || self.connection.pragma_update(None, "journal_mode", "WAL");
        let mut done = wal();
        for _ in 0..50 {
            if !done.as_ref().is_err_and(is_busy) {
                break;
            }
            std::thread::sleep(PATIENCE / 50);
            done = wal();
        }
        done.map_err(fail)?;
        let transaction = self.begin()?;
        // Another program may have done it meanwhile.
        let version: i64 =
            transaction.pragma_query_value(None, "user_version", |row| row.get(0)).map_err(fail)?;
        if version > SCHEMA as i64 {
            return Err(newer(&path));
        }
        for migration in MIGRATIONS.iter().skip(usize::try_from(version).unwrap_or(0)) {
            transaction.execute_batch(migration).map_err(fail)?;
        }
        transaction.pragma_update(None, "application_id", APPLICATION).map_err(fail)?;
        transaction.pragma_update(None, "user_version", SCHEMA as i64).map_err(fail)?;
        transaction.commit().map_err(fail)
    }

    /// Whose file it is, and its version. A stranger's is an error.
    fn kind(&self) -> rusqlite::Result<(i64, i64)> {
        // In one transaction: another program may be making the store at this moment.
        let view = self.connection.unchecked_transaction()?;
        let number = |pragma: &str| view.pragma_query_value(None, pragma, |row| row.get(0));
        let tables: i64 = view.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
        let (application, version): (i64, i64) = (number("application_id")?, number("user_version")?);
        view.finish()?;
        let blank = application == 0 && version == 0 && tables == 0;
        if application != APPLICATION && !blank {
            return Err(rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_NOTADB),
                None,
            ));
        }
        Ok((application, version))
    }

    fn begin(&mut self) -> Result<Transaction<'_>, ProjectError> {
        let path = self.path.clone();
        self.connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(|error| failure(&path, "write to", &error))
    }

    /// Where the store is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a record into the store. Of two states of one call the later stays: one that ended before
    /// one that did not, then the one with more events, then the one that ended later; of equals, the
    /// one that is put.
    pub fn put(&mut self, record: &Record) -> Result<Put, ProjectError> {
        let done = self.put_all(std::slice::from_ref(record))?;
        Ok(done.first().copied().unwrap_or(Put::Kept))
    }

    /// The same with several, all of them or none.
    pub fn put_all(&mut self, records: &[Record]) -> Result<Vec<Put>, ProjectError> {
        let path = self.path.clone();
        let transaction = self.begin()?;
        let mut out = Vec::with_capacity(records.len());
        for record in records {
            out.push(put(&transaction, record).map_err(|error| failure(&path, "write to", &error))?);
        }
        transaction.commit().map_err(|error| failure(&path, "write to", &error))?;
        Ok(out)
    }

    /// Gives every record that is meant to `each`, newest first, until it says false.
    pub fn each(
        &self,
        filter: &Filter,
        part: Part,
        mut each: impl FnMut(Record) -> bool,
    ) -> Result<(), ProjectError> {
        let fail = |error: rusqlite::Error| failure(&self.path, "read", &error);
        let (tail, values) = filter.sql();
        let columns = if part == Part::Whole { "record, id, events" } else { "record, id" };
        let query = format!("SELECT {columns} FROM calls {tail}");
        let mut statement = self.connection.prepare(&query).map_err(fail)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(fail)?;
        let path = self.path.as_path();
        let parse = |row: &Row| match part {
            Part::Counted => Record::counted(&row.record).map_err(|error| damaged(path, &row.id, &error)),
            Part::Whole | Part::Record => {
                read(path, &row.id, &row.record, row.events.as_deref().unwrap_or("[]"))
            }
        };
        let mut next = || -> Result<Vec<Row>, ProjectError> {
            let mut batch = Vec::with_capacity(BATCH);
            while batch.len() < BATCH
                && let Some(row) = rows.next().map_err(fail)?
            {
                let column = |index| row.get::<_, String>(index).map_err(fail);
                let events = if part == Part::Whole { Some(column(2)?) } else { None };
                batch.push(Row { id: column(1)?, record: column(0)?, events });
            }
            Ok(batch)
        };
        // By the hundred, so that little is held at once: while some are read from the file and others are
        // counted, those between are parsed on the other processors.
        std::thread::scope(|scope| {
            let (send, batches) = sync_channel::<Vec<Row>>(AHEAD);
            let (give, parsed) = sync_channel(AHEAD);
            scope.spawn(move || {
                let parsed = |batch: Vec<Row>| batch.par_iter().map(parse).collect::<Vec<_>>();
                // Whoever has seen enough hangs up.
                batches.into_iter().map(parsed).try_for_each(|records| give.send(records))
            });
            let mut ahead = 0;
            loop {
                let batch = next()?;
                let more = !batch.is_empty();
                if more && send.send(batch).is_ok() {
                    ahead += 1;
                }
                while ahead > 0 && (ahead == AHEAD || !more) {
                    let Ok(records) = parsed.recv() else { return Ok(()) };
                    ahead -= 1;
                    for record in records {
                        if !each(record?) {
                            return Ok(());
                        }
                    }
                }
                if !more {
                    return Ok(());
                }
            }
        })
    }

    /// How often each response landed in the real calls that began before a moment: of some objections, by
    /// their ids, or of all.
    pub fn landed(&self, before: Timestamp, cards: Option<&[&str]>) -> Result<Landed, ProjectError> {
        let fail = |error: rusqlite::Error| failure(&self.path, "read", &error);
        let mut values = vec![Sql::Integer(before.as_millisecond())];
        let mut among = String::new();
        if let Some(cards) = cards {
            among = format!("AND card IN ({})", vec!["?"; cards.len()].join(", "));
            values.extend(cards.iter().map(|card| Sql::Text((*card).to_string())));
        }
        let query = format!(
            "SELECT card, playbook, language, response, sum(landed), count(*) FROM tried
             WHERE demo = 0 AND started < ? {among} GROUP BY card, playbook, language, response"
        );
        let mut statement = self.connection.prepare(&query).map_err(fail)?;
        let mut rows = statement.query(rusqlite::params_from_iter(values)).map_err(fail)?;
        let mut landed = Landed::default();
        while let Some(row) = rows.next().map_err(fail)? {
            let text = |index| row.get::<_, String>(index).map_err(fail);
            let count = |index| {
                let count: i64 = row.get(index).map_err(fail)?;
                Ok(usize::try_from(count).unwrap_or(0))
            };
            let rate = Rate::new(count(4)?, count(5)?);
            landed.add(&text(2)?, &text(1)?, &text(0)?, &text(3)?, rate);
        }
        Ok(landed)
    }

    /// Every record that is meant, newest first, without events.
    pub fn list(&self, filter: &Filter) -> Result<Vec<Record>, ProjectError> {
        let mut out = Vec::new();
        self.each(filter, Part::Record, |record| {
            out.push(record);
            true
        })?;
        Ok(out)
    }

    /// How many records are meant.
    pub fn count(&self, filter: &Filter) -> Result<usize, ProjectError> {
        let (tail, values) = filter.sql();
        let query = format!("SELECT count(*) FROM (SELECT 1 FROM calls {tail})");
        let count = self.connection.query_row(&query, rusqlite::params_from_iter(values), |row| row.get(0));
        let count: i64 = count.map_err(|error| failure(&self.path, "read", &error))?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The record with an id, or the only one whose id begins like that.
    pub fn find(&self, id: &str) -> Result<Found, ProjectError> {
        let fail = |error: rusqlite::Error| failure(&self.path, "read", &error);
        let texts = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let query = "SELECT id, record, events FROM calls WHERE id = ?1";
        let exact: Option<(String, String, String)> =
            self.connection.query_row(query, [id], texts).optional().map_err(fail)?;
        if let Some((id, record, events)) = exact {
            return Ok(Found::One(Box::new(read(&self.path, &id, &record, &events)?)));
        }
        if id.is_empty() {
            return Ok(Found::None);
        }
        let query = "SELECT id FROM calls WHERE substr(id, 1, length(?1)) = ?1 ORDER BY id LIMIT 6";
        let mut statement = self.connection.prepare(query).map_err(fail)?;
        let ids = statement.query_map([id], |row| row.get::<_, String>(0)).map_err(fail)?;
        let ids = ids.collect::<Result<Vec<String>, _>>().map_err(fail)?;
        match &ids[..] {
            [] => Ok(Found::None),
            [one] => self.find(one),
            _ => Ok(Found::Several(ids)),
        }
    }

    /// Deletes records by their whole ids, from the file and its log.
    pub fn delete(&mut self, ids: &[String]) -> Result<Deleted, ProjectError> {
        let path = self.path.clone();
        let fail = |error: rusqlite::Error| failure(&path, "write to", &error);
        let transaction = self.begin()?;
        let mut records = 0;
        for id in ids {
            records += transaction.execute("DELETE FROM calls WHERE id = ?1", [id]).map_err(fail)?;
        }
        transaction.commit().map_err(fail)?;
        Ok(Deleted { records, swept: records == 0 || self.sweep()? })
    }

    /// Deletes every record that is meant, from the file and its log.
    pub fn delete_all(&mut self, filter: &Filter) -> Result<Deleted, ProjectError> {
        let path = self.path.clone();
        let fail = |error: rusqlite::Error| failure(&path, "write to", &error);
        let (tail, values) = filter.sql();
        let transaction = self.begin()?;
        let query = format!("DELETE FROM calls WHERE id IN (SELECT id FROM calls {tail})");
        let records = transaction.execute(&query, rusqlite::params_from_iter(values)).map_err(fail)?;
        transaction.commit().map_err(fail)?;
        // Also where nothing was deleted now: an earlier sweep may have been in somebody's way.
        Ok(Deleted { records, swept: self.sweep()? })
    }

    /// Leaves nothing of what was deleted in the file, its free pages and its log.
    fn sweep(&mut self) -> Result<bool, ProjectError> {
        let path = self.path.clone();
        let fail = |error: rusqlite::Error| failure(&path, "sweep", &error);
        let emptied = |connection: &Connection| -> rusqlite::Result<bool> {
            connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| Ok(row.get::<_, i64>(0)? == 0))
        };
        if !emptied(&self.connection).map_err(fail)? {
            return Ok(false);
        }
        match self.connection.execute_batch("VACUUM") {
            Ok(()) => emptied(&self.connection).map_err(fail),
            Err(error) if is_busy(&error) => Ok(false),
            Err(error) => Err(fail(error)),
        }
    }
}

/// A row as it is read.
struct Row {
    id: String,
    record: String,
    events: Option<String>,
}

fn damaged(path: &Path, id: &str, error: &serde_json::Error) -> ProjectError {
    let shown = path.display();
    let message = format!("call `{}` in the store `{shown}` cannot be read: {error}", brief(id));
    ProjectError::new(message, format!("take it away with `callbook calls delete {}`", brief(id)))
}

fn read(path: &Path, id: &str, record: &str, events: &str) -> Result<Record, ProjectError> {
    let damaged = |error: serde_json::Error| damaged(path, id, &error);
    let mut record: Record = serde_json::from_str(record).map_err(damaged)?;
    record.events = serde_json::from_str::<Vec<Logged>>(events).map_err(damaged)?;
    Ok(record)
}

fn put(transaction: &Transaction<'_>, record: &Record) -> rusqlite::Result<Put> {
    let mut bare = record.clone();
    let events = std::mem::take(&mut bare.events);
    let json = |error: serde_json::Error| rusqlite::Error::ToSqlConversionFailure(Box::new(error));
    let (json, events) =
        (serde_json::to_string(&bare).map_err(json)?, { serde_json::to_string(&events).map_err(json)? });
    let steps = i64::try_from(record.events.len()).unwrap_or(i64::MAX);
    let ended = record.ended.map(|ended| ended.as_millisecond());
    let there: Option<(Option<i64>, i64, String, String)> = transaction
        .prepare_cached("SELECT ended, steps, record, events FROM calls WHERE id = ?1")?
        .query_row([&record.id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    if let Some((old_ended, old_steps, old_json, old_events)) = &there {
        let later = (old_ended.is_some(), *old_steps, *old_ended) > (ended.is_some(), steps, ended);
        if later || (*old_json == json && *old_events == events) {
            return Ok(Put::Kept);
        }
        transaction.prepare_cached("DELETE FROM calls WHERE id = ?1")?.execute([&record.id])?;
    }
    transaction
        .prepare_cached("INSERT INTO calls VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")?
        .execute(params![
            record.id,
            record.playbook,
            record.language,
            folded(record.rep.as_deref().unwrap_or_default()),
            record.prospect_name(),
            record.started.as_millisecond(),
            ended,
            record.outcome,
            record.result,
            record.demo,
            steps,
            json,
            events,
        ])?;
    let mut name = transaction.prepare_cached("INSERT INTO names VALUES (?1, ?2)")?;
    for folded in record.names() {
        name.execute([&folded, &record.id])?;
    }
    Ok(if there.is_some() { Put::Replaced } else { Put::Added })
}

impl Filter {
    /// The end of a query, and its values.
    fn sql(&self) -> (String, Vec<Sql>) {
        let mut terms: Vec<&str> = Vec::new();
        let mut values: Vec<Sql> = Vec::new();
        let mut term = |text: &'static str, value: Option<Sql>| {
            if let Some(value) = value {
                terms.push(text);
                values.push(value);
            }
        };
        let text = |text: &Option<String>| text.clone().map(Sql::Text);
        term("started >= ?", self.since.map(|at| Sql::Integer(at.as_millisecond())));
        term("started < ?", self.until.map(|at| Sql::Integer(at.as_millisecond())));
        term("playbook = ?", text(&self.playbook));
        term("rep = ?", self.rep.as_deref().map(|rep| Sql::Text(folded(rep))));
        term("? IN (outcome, result)", text(&self.outcome));
        let prospect = self.prospect.as_deref().map(|name| Sql::Text(folded(name)));
        term("id IN (SELECT call FROM names WHERE name = ?)", prospect);
        term("demo = ?", self.demo.map(|demo| Sql::Integer(i64::from(demo))));
        let mut tail = String::new();
        if !terms.is_empty() {
            tail = format!("WHERE {} ", terms.join(" AND "));
        }
        tail += "ORDER BY started DESC, id";
        if let Some(limit) = self.limit {
            tail += &format!(" LIMIT {limit}");
        }
        (tail, values)
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

fn failure(path: &Path, doing: &str, error: &rusqlite::Error) -> ProjectError {
    let shown = path.display();
    match error.sqlite_error_code() {
        Some(ErrorCode::NotADatabase) => foreign(path),
        Some(ErrorCode::DatabaseCorrupt) => ProjectError::new(
            format!("the call store `{shown}` is damaged; nothing was written to it"),
            "put a copy of it back, or name another with `--store`",
        ),
        Some(ErrorCode::DiskFull) => ProjectError::new(
            format!("cannot {doing} the call store `{shown}`: the disk is full"),
            "make room",
        ),
        _ if is_busy(error) => ProjectError::new(
            format!(
                "the call store `{shown}` has been in use by another program for {} s",
                PATIENCE.as_secs()
            ),
            "try again in a moment",
        ),
        _ => ProjectError {
            message: format!("cannot {doing} the call store `{shown}`: {error}"),
            hint: None,
            source: None,
        },
    }
}

fn foreign(path: &Path) -> ProjectError {
    let message = format!("`{}` is not a call store; nothing was written to it", path.display());
    ProjectError::new(message, "name another file with `--store`")
}

fn newer(path: &Path) -> ProjectError {
    let message = format!("the call store `{}` was written by a newer callbook", path.display());
    ProjectError::new(message, "use that one, or name another file with `--store`")
}

/// Makes a folder, and those above it that are missing, for the owner only.
fn private_folder(folder: &Path) -> Result<(), ProjectError> {
    if folder.is_dir() {
        return Ok(());
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| ProjectError::io("make the folder", folder, error))
}

/// The same options for a file that only its owner may read.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}
