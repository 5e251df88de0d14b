//! What goes to the person and to the program behind the pipe: results on stdout, everything else on
//! stderr, colours where they are wanted, and the one place where errors become words.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Style};
use jiff::tz::TimeZone;

use super::Color;
use crate::book::model::Date;
use crate::book::{self, Book};
use crate::diagnostic::{Diagnostic, Severity, sort};
use crate::lint;
use crate::project::{self, Kept, Lookup, ProjectError};
use crate::site::Theme;
use crate::store;
use crate::template::pages::TemplateError;
use crate::tui::{self, Tty};

const RED: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Red))).bold();
const YELLOW: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))).bold();
const CYAN: Style = Style::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))).bold();

/// Why a command ended early.
pub enum Stop {
    /// Nobody reads any more: a quiet end.
    Pipe,
    /// Faults in the content, or nothing found; all has been said. Exit 1.
    Nothing,
    /// It could not run. Exit 2.
    Failed(Failure),
}

/// What could not be done, and one next step.
pub struct Failure {
    message: String,
    hint: Option<String>,
}

impl Failure {
    /// A failure with the next step.
    pub fn new(message: impl Into<String>, hint: Option<String>) -> Self {
        Failure { message: message.into(), hint }
    }

    /// A failure that ends the command.
    pub fn stop(message: impl Into<String>, hint: Option<String>) -> Stop {
        Stop::Failed(Failure::new(message, hint))
    }
}

impl From<ProjectError> for Stop {
    fn from(error: ProjectError) -> Stop {
        Failure::stop(error.to_string(), error.hint)
    }
}

impl From<TemplateError> for Stop {
    fn from(error: TemplateError) -> Stop {
        Failure::stop(error.to_string(), None)
    }
}

/// How commands talk to the world.
pub struct Ui {
    out: AutoStream<std::io::Stdout>,
    err: AutoStream<std::io::Stderr>,
    color: Color,
    quiet: bool,
    book: Option<PathBuf>,
    today: Option<Date>,
}

/// A book with everything that is wrong with it.
pub struct Checked {
    /// Where it lies.
    pub folder: PathBuf,
    /// The book; what is sound of it.
    pub book: Book,
    /// The findings, sorted.
    pub findings: Vec<Diagnostic>,
    /// The files that it puts in place of the handbook's own.
    pub theme: Theme,
}

impl Ui {
    pub(super) fn new(color: Color, quiet: bool, book: Option<PathBuf>, today: Option<Date>) -> Self {
        let choice = |auto: ColorChoice| match color {
            Color::Auto => auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        let out = std::io::stdout();
        let err = std::io::stderr();
        let out_choice = choice(AutoStream::choice(&out));
        let err_choice = choice(AutoStream::choice(&err));
        Ui {
            out: AutoStream::new(out, out_choice),
            err: AutoStream::new(err, err_choice),
            color,
            quiet,
            book: book.filter(|book| !book.as_os_str().is_empty()),
            today,
        }
    }

    /// Whether a person reads what goes to stdout.
    pub fn is_terminal(&self) -> bool {
        std::io::stdout().is_terminal()
    }

    /// Whether colours in a result reach whoever reads it.
    pub fn is_styled(&self) -> bool {
        self.out.current_choice() != ColorChoice::Never
    }

    /// The size of the terminal in columns and lines; 80 by 24 where there is none.
    pub fn size(&self) -> (usize, usize) {
        let number =
            |name| std::env::var(name).ok().and_then(|text| text.parse::<usize>().ok()).filter(|n| *n > 0);
        // Where there is no terminal, asking for its size starts another program.
        let size = if self.is_terminal() { tui::size() } else { None };
        size.unwrap_or((number("COLUMNS").unwrap_or(80), 24))
    }

    /// The terminal that a screen can be shown on, if a person sits at one.
    pub fn tty(&self) -> Option<Tty> {
        super::tty::tty(self.color)
    }

    /// Writes a result.
    pub fn out(&mut self, text: &str) -> Result<(), Stop> {
        told(self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush()))
    }

    /// Writes a result that has neither styles nor anything else that a terminal takes for a command:
    /// nobody need look for them in it.
    pub fn out_plain(&mut self, text: &str) -> Result<(), Stop> {
        let mut out = std::io::stdout().lock();
        told(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// Says something about a result, on stderr; not when only results are wanted.
    pub fn note(&mut self, text: &str) {
        if !self.quiet {
            let _ = writeln!(self.err, "{text}");
        }
    }

    /// Warns, on stderr.
    pub fn warn(&mut self, text: &str) {
        let _ = writeln!(self.err, "{YELLOW}warning{YELLOW:#}: {text}");
    }

    pub(super) fn failure(&mut self, failure: &Failure) {
        let _ = writeln!(self.err, "{RED}error{RED:#}: {}", failure.message);
        if let Some(hint) = &failure.hint {
            let _ = writeln!(self.err, "{CYAN}hint{CYAN:#}: {hint}");
        }
    }

    /// The folder of the book.
    pub fn folder(&self) -> Result<PathBuf, Stop> {
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let folder = project::locate(self.book.as_deref(), &here)?;
        // A book below this folder is shown as people would type it.
        let short = folder.strip_prefix(&here).ok().map(Path::to_path_buf);
        Ok(match short {
            Some(short) if short.as_os_str().is_empty() => PathBuf::from("."),
            Some(short) => short,
            None => folder,
        })
    }

    /// The day that dates are compared with.
    pub fn today(&self) -> Date {
        self.clock()()
    }

    /// The same for what runs on over midnight.
    pub fn clock(&self) -> Box<dyn Fn() -> Date + Send + Sync> {
        let epoch = || std::env::var("SOURCE_DATE_EPOCH").ok()?.parse::<i64>().ok();
        if let Some(today) = self.today {
            return Box::new(move || today);
        }
        if let Some(seconds) = epoch()
            && let Ok(stamp) = jiff::Timestamp::from_second(seconds)
        {
            return Box::new(move || stamp.to_zoned(TimeZone::UTC).date());
        }
        Box::new(|| {
            jiff::Timestamp::try_from(SystemTime::now())
                .map_or_else(|_| jiff::civil::date(1970, 1, 1), |now| now.to_zoned(zone()).date())
        })
    }

    /// Names the folder of the book, before all else that may.
    pub fn use_book(&mut self, folder: &Path) {
        self.book = Some(folder.to_path_buf());
    }

    /// Another one of these, for a thread that tells what happens.
    pub fn voice(&self) -> Ui {
        Ui::new(self.color, self.quiet, self.book.clone(), self.today)
    }

    /// Where indexes are kept, by the platform's conventions; nowhere if there is no home folder.
    pub fn cache(&self) -> Option<PathBuf> {
        use etcetera::BaseStrategy;
        Some(etcetera::choose_base_strategy().ok()?.cache_dir().join("callbook"))
    }

    /// Opens the index of a book, and says what there is to be said about it.
    pub fn lookup(&mut self, folder: &Path, no_cache: bool) -> Result<Lookup, Stop> {
        let cache = if no_cache { None } else { self.cache() };
        if cache.is_none() && !no_cache {
            self.warn("there is no home folder, so the index is made anew for every lookup");
        }
        let busy = self.busy("making the index");
        let lookup = project::open(folder, cache.as_deref())?;
        drop(busy);
        if let Some(warning) = &lookup.notes.warning {
            self.warn(&format!("{warning}; it was made in memory"));
        }
        self.mention_errors(lookup.notes.errors);
        Ok(lookup)
    }

    /// Reads the book without a look at what is wrong with it.
    pub fn read(&self) -> Result<(PathBuf, Book), Stop> {
        let folder = self.folder()?;
        let _busy = self.busy("reading the book");
        let book = project::book(&folder)?;
        Ok((folder, book))
    }

    /// The file of the book's call store: the one that is named, else the book's below the platform's
    /// data folder.
    pub fn store(&self, named: Option<&Path>) -> Result<PathBuf, Stop> {
        use etcetera::BaseStrategy;
        if let Some(path) = named.filter(|path| !path.as_os_str().is_empty()) {
            return Ok(path.to_path_buf());
        }
        let folder = self.folder()?;
        let Ok(places) = etcetera::choose_base_strategy() else {
            let hint = "name a file with `--store`".to_string();
            return Err(Failure::stop("there is no home folder to keep calls in", Some(hint)));
        };
        Ok(store::place(&places.data_dir().join("callbook"), &folder))
    }

    /// Asks a person before something that cannot be taken back; on a terminal only.
    pub fn confirm(&mut self, question: &str) -> Result<bool, Stop> {
        let _ = write!(self.err, "{question} [y/N] ");
        let _ = self.err.flush();
        let mut line = String::new();
        let read = std::io::stdin().lock().take(1000).read_line(&mut line);
        read.map_err(|error| Failure::stop(format!("cannot read the answer: {error}"), None))?;
        Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Whether somebody can be asked.
    pub fn can_ask(&self) -> bool {
        std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Reads and checks the whole book.
    pub fn load(&self) -> Result<Checked, Stop> {
        self.load_for(Severity::Info)
    }

    /// The same with rules asked only for findings that are at least so bad.
    pub fn load_for(&self, least: Severity) -> Result<Checked, Stop> {
        self.load_with(least, None)
    }

    /// The same with what was kept of the files the last time, by the name of the book among others.
    pub fn load_with(&self, least: Severity, kept: Option<&Kept>) -> Result<Checked, Stop> {
        let folder = self.folder()?;
        let _busy = self.busy("reading the book");
        let (stamps, mut findings) = project::stamps(&folder)?;
        let (files, unreadable) = project::read(&folder, &stamps);
        let unread = !unreadable.is_empty();
        let (book, found) = match kept {
            Some(kept) => book::load_again(files, unread, &place(&folder), kept),
            None => book::load_rest(files, unread),
        };
        findings.extend(unreadable);
        findings.extend(found);
        findings.extend(lint::lint_for(&book, &lint::Context { today: self.today() }, least));
        findings.extend(project::check_links(&folder, &book));
        let (theme, odd) = project::theme(&folder)?;
        findings.extend(odd);
        findings.extend(project::check_theme_of(&theme));
        sort(&mut findings);
        Ok(Checked { folder, book, findings, theme })
    }

    /// Reads the book and asks no rule.
    pub fn book(&self) -> Result<Book, Stop> {
        let folder = self.folder()?;
        let (stamps, _) = project::stamps(&folder)?;
        let (files, unreadable) = project::read(&folder, &stamps);
        Ok(book::load_rest(files, !unreadable.is_empty()).0)
    }

    /// Shows that something is going on, on a terminal and only once it has taken a second. It ends
    /// when what is returned goes.
    pub fn busy(&self, what: &'static str) -> Option<Busy> {
        if self.quiet || !std::io::stderr().is_terminal() {
            return None;
        }
        let (done, wait) = std::sync::mpsc::channel::<()>();
        let thread = std::thread::spawn(move || {
            if wait.recv_timeout(Duration::from_secs(1)) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            let spinner = indicatif::ProgressBar::new_spinner().with_message(what);
            spinner.enable_steady_tick(Duration::from_millis(100));
            let _ = wait.recv();
            spinner.finish_and_clear();
        });
        Some(Busy { done: Some(done), thread: Some(thread) })
    }

    /// Says that a faulty book was used as far as it is sound.
    pub fn mention_errors(&mut self, errors: usize) {
        if errors > 0 {
            let what = if errors == 1 { "1 error".to_string() } else { format!("{errors} errors") };
            self.warn(&format!("the book has {what}; the rest of it was used (`callbook check` shows more)"));
        }
    }
}

fn told(written: std::io::Result<()>) -> Result<(), Stop> {
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::BrokenPipe => Stop::Pipe,
        _ => Failure::stop(format!("cannot write the result: {error}"), None),
    })
}

/// What a book is called among those of which something is kept.
pub fn place(folder: &Path) -> String {
    project::home_name(folder).to_string_lossy().into_owned()
}

/// Something is going on as long as this lives.
pub struct Busy {
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Busy {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl Checked {
    /// How many errors there are.
    pub fn errors(&self) -> usize {
        lint::count(&self.findings, Severity::Error)
    }
}

/// The zone of the clock on the wall.
pub(super) fn zone() -> TimeZone {
    // Asking for it by name lists every zone there is, which takes longer than a lookup.
    let here = || TimeZone::tzif("Local", &std::fs::read("/etc/localtime").ok()?).ok();
    let named = std::env::var_os("TZ").is_some_and(|name| !name.is_empty());
    if cfg!(unix) && !named { here().unwrap_or_else(TimeZone::system) } else { TimeZone::system() }
}
