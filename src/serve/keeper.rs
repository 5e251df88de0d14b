//! Keeps the pages as the book is: looks at the files, reads what changed, builds, publishes.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use super::follower::{After, Sender};
use super::state::{Fault, Faults, Shared};
use super::watch::{Watch, Woken};
use super::{News, Options, Tell};
use crate::book::model::Date;
use crate::book::{InputFile, Reader};
use crate::calls::landed::Landed;
use crate::diagnostic::{Diagnostic, Severity, sort};
use crate::digest::hash_of;
use crate::keep::Memory;
use crate::project::{self, ProjectError, Stamp};
use crate::site::{self, Changes, Theme};
use crate::store::Store;

/// New errors wait so long for a second look: a file that is being saved may be half there.
const DOUBT: Duration = Duration::from_millis(40);

/// A file may be written twice within the time that its stamp can tell apart (FAT counts in two seconds).
const YOUNG: i128 = 2_000_000_000;

/// Starts the thread.
pub fn start(options: Arc<Options>, shared: Arc<Shared>, after: Sender, tell: Tell) -> std::io::Result<()> {
    let keeper = Keeper {
        options,
        shared,
        after,
        tell,
        reader: Reader::default(),
        pages: Memory::default(),
        seen: None,
        themed: None,
        errors: 0,
        store_told: false,
    };
    std::thread::Builder::new().name("keeper".into()).spawn(move || keeper.run()).map(drop)
}

/// The length and the time of a file, if it is there.
type Mark = Option<(u64, SystemTime)>;

/// The theme of a book as it was read, with the marks of its files by then.
struct Themed {
    marks: Vec<(String, Mark)>,
    theme: Theme,
    odd: Vec<Diagnostic>,
}

/// The state of the folder that the pages are of.
struct Seen {
    stamps: Vec<Stamp>,
    content: u64,
    day: Date,
    theme: Theme,
    /// The other files that pages have, with their lengths and times.
    beside: Vec<(String, Mark)>,
}

struct Keeper {
    options: Arc<Options>,
    shared: Arc<Shared>,
    after: Sender,
    tell: Tell,
    reader: Reader,
    /// What the pages that are shown were made of.
    pages: Memory,
    seen: Option<Seen>,
    themed: Option<Themed>,
    errors: usize,
    store_told: bool,
}

/// What the folder holds.
struct Read {
    seen: Seen,
    files: Vec<InputFile>,
    findings: Vec<Diagnostic>,
    unread: bool,
}

impl Keeper {
    fn run(mut self) {
        let (mut watch, trouble) = Watch::new(&self.options.folder);
        if let Some(trouble) = trouble {
            let message = format!(
                "the system does not tell of changes ({trouble}); the folder is looked at often instead"
            );
            (self.tell)(News::Warning(message));
        }
        let mut woken = Woken::Told;
        let mut cost = Duration::ZERO;
        loop {
            let begun = Instant::now();
            let round = catch_unwind(AssertUnwindSafe(|| self.round(&watch, woken)));
            // What pages take is no reason to look less often.
            if matches!(round, Ok(false)) {
                cost = begun.elapsed().min(Duration::from_millis(200));
            }
            if round.is_err() {
                // A fault of the program in one state of the book; the next state may do.
                let message = "callbook itself failed on this state of the book";
                self.world(message.to_string(), Some("please report it; earlier pages stay".to_string()));
                self.reader = Reader::default();
            }
            woken = watch.wait(cost);
        }
    }

    /// Looks, and does what there is to do; whether there was anything.
    fn round(&mut self, watch: &Watch, woken: Woken) -> bool {
        let begun = Instant::now();
        loop {
            let read = match self.look(woken) {
                Ok(Some(read)) => read,
                Ok(None) => return false,
                Err(error) => {
                    self.seen = None;
                    self.world(error.to_string(), error.hint);
                    return true;
                }
            };
            let folder = self.options.folder.clone();
            if self.show(watch, &folder, read, begun) {
                return true;
            }
        }
    }

    /// What is in the folder, if it is not what the pages are of.
    fn look(&mut self, woken: Woken) -> Result<Option<Read>, ProjectError> {
        let folder = &self.options.folder;
        let looked = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128);
        let day = (self.options.today)();
        let (stamps, mut findings) = project::stamps(folder)?;
        let (theme, odd) = theme(&mut self.themed, folder, looked)?;
        findings.extend(odd);
        let beside = self.seen.as_ref().map_or_else(Vec::new, |seen| seen.beside.clone());
        let as_they_were = beside.iter().all(|(name, then)| mark(folder, name) == *then);
        if let Some(seen) = &self.seen {
            let young = |stamp: &Stamp| stamp.modified.max(stamp.identity.0) + YOUNG > looked;
            let told = woken == Woken::Told && stamps.iter().any(young);
            if seen.stamps == stamps && seen.day == day && seen.theme == theme && as_they_were && !told {
                return Ok(None);
            }
        }
        let (files, unreadable) = project::read(folder, &stamps);
        let unread = !unreadable.is_empty();
        findings.extend(unreadable);
        findings.extend(project::check_theme_of(&theme));
        let content = content(&files, &findings);
        if let Some(seen) = &self.seen
            && seen.content == content
            && seen.day == day
            && seen.theme == theme
            && as_they_were
        {
            return Ok(None);
        }
        Ok(Some(Read { seen: Seen { stamps, content, day, theme, beside }, files, findings, unread }))
    }

    /// Publishes the pages of what was read. Gives `false` where another look is needed first.
    fn show(&mut self, watch: &Watch, folder: &Path, read: Read, begun: Instant) -> bool {
        let Read { seen, files, mut findings, unread } = read;
        let (mut book, found) = self.reader.load(files, unread);
        findings.extend(found);
        sort(&mut findings);
        let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
        if errors > 0 && errors != self.errors && self.seen.is_some() {
            watch.settle(DOUBT);
            if project::stamps(folder).is_ok_and(|(stamps, _)| stamps != seen.stamps) {
                return false;
            }
        }
        let (today, theme) = (seen.day, seen.theme.clone());
        let first_ever = self.seen.is_none();
        self.seen = Some(seen);
        let was_sound = self.shared.shown.borrow().as_ref().is_some_and(|shown| shown.sound);
        let landed = Arc::new(self.landed(today, &book));
        // The page for wrong addresses is shown at any depth: its links begin at the root.
        book.base_url = Some("http://localhost".to_string());
        let mut files = None;
        let mut faults = Faults::of(&findings, &book.sources);
        if errors == 0 || !was_sound {
            let options = site::Options {
                public: false,
                generator: self.options.generator,
                landed: Landed::clone(&landed),
                // Asking the history for every line would take longer than the rest.
                changes: Changes::default(),
                since: None,
                theme,
                search_later: true,
                offline: false,
                place: String::new(),
            };
            let before = self.shared.shown.borrow().clone().unwrap_or_default();
            let whole = site::build_again(&book, &options, &self.pages, &before.files)
                .map_err(|error| (error.to_string(), None))
                .and_then(|site| {
                    let attached = project::attached(folder, &site.attached);
                    Ok((site, attached.map_err(|error| (error.to_string(), error.hint))?))
                });
            match whole {
                Ok((site, attached)) => {
                    if let Some(seen) = &mut self.seen {
                        let marked = site.attached.iter().map(|name| (name.clone(), mark(folder, name)));
                        seen.beside = marked.collect();
                    }
                    let mut all = attached;
                    all.extend(site.files);
                    // What search reads follows the pages; until then it is that of before.
                    let shown = self.shared.shown.borrow().clone().unwrap_or_default();
                    let search = shown.files.iter().filter(|(path, _)| site::is_search_file(path));
                    all.extend(search.map(|(path, bytes)| (path.clone(), bytes.clone())));
                    files = Some(Arc::new(all));
                }
                Err((message, hint)) => faults.push_of_world(message, hint),
            }
        }
        let built = files.as_ref().map(|files| files.len());
        let changed = files.as_ref().map_or(0, |files| self.changed(files));
        let first = faults.first.first().filter(|_| faults.errors > 0).map(Fault::line);
        self.shared.publish(|shown| {
            if let Some(files) = files {
                shown.files = files;
                shown.sound = errors == 0;
            }
            shown.faults = faults;
        });
        if let (Some(files), true) = (built, changed > 0 || first_ever) {
            (self.tell)(News::Built { files, changed, took: begun.elapsed() });
        }
        self.tell_errors(errors, first);
        self.after.send(After { book, today, landed });
        true
    }

    fn tell_errors(&mut self, errors: usize, first: Option<String>) {
        match first {
            Some(first) => (self.tell)(News::Faulty { errors, first }),
            None if self.errors > 0 => (self.tell)(News::Mended),
            None => {}
        }
        self.errors = errors;
    }

    /// How many files are other than those that are shown, gone ones too.
    fn changed(&self, files: &BTreeMap<String, Vec<u8>>) -> usize {
        let shown = self.shared.shown.borrow().clone().unwrap_or_default();
        let new = files.iter().filter(|(path, bytes)| shown.files.get(*path) != Some(bytes)).count();
        new + shown.files.keys().filter(|path| !files.contains_key(*path)).count()
    }

    /// Shows a fault of the world above the pages that were there.
    fn world(&mut self, message: String, hint: Option<String>) {
        let mut faults = Faults::default();
        faults.push_of_world(message.clone(), hint);
        let known = self.shared.shown.borrow().as_ref().is_some_and(|shown| shown.faults == faults);
        if !known {
            self.shared.publish(|shown| shown.faults = faults);
            self.tell_errors(1, Some(message));
        }
    }

    /// What the calls before a day say.
    fn landed(&mut self, today: Date, book: &crate::book::Book) -> Landed {
        let Some(path) = &self.options.store else { return Landed::default() };
        let Ok(midnight) = today.to_zoned(self.options.zone.clone()) else { return Landed::default() };
        let read = Store::open_existing(path).and_then(|store| {
            store.map_or(Ok(Landed::default()), |store| store.landed(midnight.timestamp(), None))
        });
        let mut landed = read.unwrap_or_else(|error| {
            if !std::mem::replace(&mut self.store_told, true) {
                (self.tell)(News::Warning(format!("{error}; responses stand as the book has them")));
            }
            Landed::default()
        });
        landed.follow(book);
        landed
    }
}

/// The theme of a book, read again only where a file of it may be another one.
fn theme(
    themed: &mut Option<Themed>,
    folder: &Path,
    looked: i128,
) -> Result<(Theme, Vec<Diagnostic>), ProjectError> {
    let marks = project::listed(folder, project::THEME)
        .into_iter()
        .map(|name| {
            let mark = mark(folder, &format!("{}/{name}", project::THEME));
            (name, mark)
        })
        .collect::<Vec<_>>();
    let young = |(_, mark): &(String, Mark)| {
        let since = mark.and_then(|(_, time)| time.duration_since(UNIX_EPOCH).ok());
        since.is_none_or(|since| since.as_nanos() as i128 + YOUNG > looked)
    };
    if let Some(known) = themed.as_ref().filter(|known| known.marks == marks && !marks.iter().any(young)) {
        return Ok((known.theme.clone(), known.odd.clone()));
    }
    let (theme, odd) = project::theme(folder)?;
    *themed = Some(Themed { marks, theme: theme.clone(), odd: odd.clone() });
    Ok((theme, odd))
}

/// Enough of a file to see whether it has changed; nothing where there is none.
fn mark(folder: &Path, name: &str) -> Mark {
    let metadata = std::fs::metadata(folder.join(name)).ok()?;
    Some((metadata.len(), metadata.modified().ok()?))
}

fn content(files: &[InputFile], findings: &[Diagnostic]) -> u64 {
    let files: Vec<_> = files.iter().map(|file| (&file.name, &file.bytes)).collect();
    hash_of((files, findings))
}
