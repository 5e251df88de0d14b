//! What is published: the pages of the moment, the faults of the book, the index.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::{Semaphore, watch};

use crate::book::model::Sources;
use crate::calls::landed::Landed;
use crate::card::Card;
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::Lookup;
use crate::source::{Excerpt, excerpt};

/// How many streams of events may be open.
const STREAMS: usize = 128;

/// How many faults a page shows at most.
pub const MOST_SHOWN: usize = 50;

/// How many queries are answered at once; others wait.
const QUERIES: usize = 4;

/// Something wrong with the book, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How bad it is.
    pub severity: Severity,
    /// The code for `check --explain`; empty for a fault of the world.
    pub code: &'static str,
    /// The file, relative to the book; nothing for a fault of the world.
    pub file: Option<Arc<str>>,
    /// Line and column, from 1.
    pub at: (u32, u32),
    /// What is wrong.
    pub message: String,
    /// One next step.
    pub hint: Option<String>,
    /// The line of the file.
    pub excerpt: Option<Excerpt>,
}

impl Fault {
    /// A finding with its line.
    fn of(finding: &Diagnostic, sources: &Sources) -> Self {
        Fault {
            severity: finding.severity,
            code: finding.code,
            file: Some(finding.file.clone()),
            at: (finding.span.start.line, finding.span.start.column),
            message: finding.message.clone(),
            hint: finding.hint.clone(),
            excerpt: sources.by_name(&finding.file).and_then(|source| excerpt(source, finding.span)),
        }
    }

    /// A fault of the world.
    fn of_world(message: String, hint: Option<String>) -> Self {
        Fault { severity: Severity::Error, code: "", file: None, at: (1, 1), message, hint, excerpt: None }
    }

    /// `file:line:column: message`.
    pub fn line(&self) -> String {
        match &self.file {
            Some(file) => format!("{file}:{}:{}: {}", self.at.0, self.at.1, self.message),
            None => self.message.clone(),
        }
    }
}

/// Everything that one pass found wrong.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults {
    /// How many errors there are.
    pub errors: usize,
    /// How many warnings.
    pub warnings: usize,
    /// The first of them, errors before warnings.
    pub first: Vec<Fault>,
}

impl Faults {
    /// What findings come to; remarks left out.
    pub fn of(findings: &[Diagnostic], sources: &Sources) -> Self {
        let of = |severity| findings.iter().filter(move |finding| finding.severity == severity);
        let both = of(Severity::Error).chain(of(Severity::Warning));
        Faults {
            errors: of(Severity::Error).count(),
            warnings: of(Severity::Warning).count(),
            first: both.take(MOST_SHOWN).map(|finding| Fault::of(finding, sources)).collect(),
        }
    }

    /// A fault of the world, before everything else.
    pub fn push_of_world(&mut self, message: String, hint: Option<String>) {
        self.errors += 1;
        self.first.insert(0, Fault::of_world(message, hint));
    }
}

/// The pages and faults of a moment.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    /// Counts up with every change that somebody could see.
    pub version: u64,
    /// Every file of the site by its path.
    pub files: Arc<BTreeMap<String, Vec<u8>>>,
    /// Whether the pages are of a book without errors.
    pub sound: bool,
    /// What reading the book told.
    pub faults: Faults,
    /// What the rules told.
    pub remarks: Faults,
}

/// What queries are answered from.
pub struct Answers {
    /// The index.
    pub lookup: Lookup,
    /// Every card.
    pub cards: Arc<Vec<Card>>,
    /// What calls say.
    pub landed: Arc<Landed>,
}

/// What all threads and tasks share.
pub struct Shared {
    /// Which run of the program this is.
    pub run: u64,
    /// Whether others than this machine may ask.
    pub open: bool,
    /// Nothing before the first build is done.
    pub shown: watch::Sender<Option<Arc<Shown>>>,
    /// Nothing before the first index is there.
    pub answers: watch::Sender<Option<Arc<Answers>>>,
    /// Room for streams of events.
    pub streams: Arc<Semaphore>,
    /// Room for queries.
    pub queries: Arc<Semaphore>,
}

impl Shared {
    pub fn new(open: bool) -> Self {
        let started = SystemTime::now().duration_since(UNIX_EPOCH);
        Shared {
            run: started.map_or(0, |since| since.as_nanos() as u64),
            open,
            shown: watch::Sender::new(None),
            answers: watch::Sender::new(None),
            streams: Arc::new(Semaphore::new(STREAMS)),
            queries: Arc::new(Semaphore::new(QUERIES)),
        }
    }

    /// Changes what is shown; whoever listens hears of it only if it is another thing.
    pub fn publish(&self, change: impl FnOnce(&mut Shown)) {
        self.shown.send_if_modified(|shown| {
            let old = shown.clone().unwrap_or_default();
            let mut new = Shown::clone(&old);
            change(&mut new);
            let same = shown.is_some()
                && new.faults == old.faults
                && new.remarks == old.remarks
                && new.sound == old.sound
                && new.files == old.files;
            if !same {
                new.version += 1;
                *shown = Some(Arc::new(new));
            }
            !same
        });
    }

    /// The name of a state, for pages to compare theirs with.
    pub fn name(&self, shown: &Shown) -> String {
        format!("{:x}.{}", self.run, shown.version)
    }
}
