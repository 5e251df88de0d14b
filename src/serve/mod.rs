//! The handbook, live: kept in memory, built anew when a file changes, shown in the browser, which
//! hears of every change.
//!
//! - `keeper` looks at the book's files, builds, and publishes; a thread of its own;
//! - `follower` does what a page need not wait for: the rules of `check`, the index; another thread;
//! - `watch` wakes the keeper when something may have changed;
//! - `state` what is published: pages, faults, the index;
//! - `http` the addresses, `guard` what is refused and which headers everything has, `events` the
//!   stream that pages listen to, `api` lookup for tools;
//! - `page` what a page gets on top of what `build` makes, `words` in five languages;
//! - `net` the port, and how many may come at once.
//!
//! Only threads of their own read files and build; the tasks that answer never do.

mod api;
mod events;
mod follower;
mod guard;
mod http;
mod keeper;
mod net;
mod page;
mod state;
mod watch;
mod words;

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::book::model::Date;

pub use net::{Bound, bind};

/// What is served, and with what.
pub struct Options {
    /// The folder of the book.
    pub folder: PathBuf,
    /// Where indexes are kept; in memory where nothing is named.
    pub cache: Option<PathBuf>,
    /// The file of the call store, where calls have a say in what comes first.
    pub store: Option<PathBuf>,
    /// The version of the program.
    pub generator: &'static str,
    /// The day that dates are compared with.
    pub today: Box<dyn Fn() -> Date + Send + Sync>,
    /// The zone that days begin in.
    pub zone: TimeZone,
}

/// What happened, for whoever sits at the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Pages were made anew.
    Built {
        /// How many pages and files the handbook has.
        files: usize,
        /// How many of them are other than before.
        changed: usize,
        /// From waking up to the pages being there.
        took: Duration,
    },
    /// The book has errors; the pages stay as they were, or have what is sound.
    Faulty {
        /// How many errors.
        errors: usize,
        /// The first one: `file:line:column: message`.
        first: String,
    },
    /// There are no errors any more.
    Mended,
    /// Something that does not keep anybody from working.
    Warning(String),
}

/// A server that could not run.
#[derive(Debug)]
pub struct ServeError {
    /// What could not be done.
    pub message: String,
    /// One next step.
    pub hint: Option<String>,
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ServeError {}

/// How news are told; from more than one thread.
pub type Tell = Arc<dyn Fn(News) + Send + Sync>;

/// Serves until the process is asked to end (Ctrl-C, or SIGTERM on Unix). Errors where the threads or the
/// port cannot be had.
pub fn run(bound: Bound, options: Options, tell: Tell) -> Result<(), ServeError> {
    let fail = |error: std::io::Error| ServeError { message: format!("cannot serve: {error}"), hint: None };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .map_err(fail)?;
    let shared = Arc::new(state::Shared::new(bound.is_open()));
    let options = Arc::new(options);
    let after = follower::start(options.clone(), shared.clone(), tell.clone()).map_err(fail)?;
    keeper::start(options, shared.clone(), after, tell).map_err(fail)?;
    let done = runtime.block_on(async {
        let listener = bound.listen().map_err(fail)?;
        let serving = axum::serve(listener, http::router(shared)).into_future();
        tokio::select! {
            done = serving => done.map_err(fail),
            () = asked_to_end() => Ok(()),
        }
    });
    // Open streams and queries under way do not keep anybody from ending.
    runtime.shutdown_background();
    done
}

async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    if let Ok(mut terminate) = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        tokio::select! {
            _ = interrupt => {}
            _ = terminate.recv() => {}
        }
        return;
    }
    let _ = interrupt.await;
}
