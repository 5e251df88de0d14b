//! What a page need not wait for: the rules of `check`, and the index. Always of the latest book; what came
//! in between is left out.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex};

use super::state::{Answers, Faults, Shared};
use super::{News, Options, Tell};
use crate::book::Book;
use crate::book::model::Date;
use crate::calls::landed::Landed;
use crate::card::cards;
use crate::diagnostic::sort;
use crate::{lint, project, site};

/// A book whose pages are published.
pub struct After {
    /// The book.
    pub book: Book,
    /// The day that dates are compared with.
    pub today: Date,
    /// What calls say.
    pub landed: Arc<Landed>,
}

/// Where the keeper leaves the latest book.
#[derive(Clone)]
pub struct Sender(Arc<(Mutex<Option<After>>, Condvar)>);

impl Sender {
    /// Leaves a book in the place of one that was not taken yet.
    pub fn send(&self, after: After) {
        let (slot, bell) = &*self.0;
        *slot.lock().unwrap_or_else(|poisoned| poisoned.into_inner()) = Some(after);
        bell.notify_one();
    }

    fn take(&self) -> After {
        let (slot, bell) = &*self.0;
        let mut slot = slot.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        loop {
            match slot.take() {
                Some(after) => return after,
                None => slot = bell.wait(slot).unwrap_or_else(|poisoned| poisoned.into_inner()),
            }
        }
    }

    fn is_waiting(&self) -> bool {
        self.0.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).is_some()
    }
}

/// Starts the thread.
pub fn start(options: Arc<Options>, shared: Arc<Shared>, tell: Tell) -> std::io::Result<Sender> {
    let sender = Sender(Arc::default());
    let inbox = sender.clone();
    let work = move || {
        loop {
            let after = inbox.take();
            let done = catch_unwind(AssertUnwindSafe(|| follow(&options, &shared, &tell, &inbox, after)));
            if done.is_err() {
                tell(News::Warning(
                    "callbook itself failed on this state of the book; please report it".into(),
                ));
            }
        }
    };
    std::thread::Builder::new().name("follower".into()).spawn(work)?;
    Ok(sender)
}

fn follow(options: &Options, shared: &Shared, tell: &Tell, inbox: &Sender, after: After) {
    let After { book, today, landed } = after;
    let mut findings = lint::lint(&book, &lint::Context { today });
    // A link that leads nowhere keeps nobody from seeing the page.
    findings.extend(project::check_links(&options.folder, &book));
    sort(&mut findings);
    let remarks = Faults::of(&findings, &book.sources);
    if inbox.is_waiting() {
        return;
    }
    shared.publish(|shown| shown.remarks = remarks);
    let cache = project::Kept::below(options.cache.as_deref());
    let search = site::search_files(&book, false, &cache);
    if inbox.is_waiting() {
        return;
    }
    shared.publish(|shown| {
        let others = shown.files.iter().filter(|(path, _)| !site::is_search_file(path));
        let mut files: BTreeMap<_, _> = others.map(|(path, bytes)| (path.clone(), bytes.clone())).collect();
        files.extend(search);
        shown.files = Arc::new(files);
    });
    let cards = Arc::new(cards(&book));
    drop(book);
    match project::open(&options.folder, options.cache.as_deref()) {
        Ok(lookup) => {
            if let Some(warning) = &lookup.notes.warning {
                tell(News::Warning(format!("{warning}; it was made in memory")));
            }
            shared.answers.send_replace(Some(Arc::new(Answers { lookup, cards, landed })));
        }
        // A folder that is gone is told of by the keeper.
        Err(error) => tell(News::Warning(format!("lookup stays as it was: {error}"))),
    }
}
