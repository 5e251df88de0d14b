//! The guided call: where it stands, what to say now, what they may object, and every key that a rep
//! needs, without a mouse and without looking away.
//!
//! The screen owns nothing of the call: a [`Session`] has it, and every step that a key stands for goes
//! there first and is on disk before it is drawn. What is kept here is only what lies between steps: a
//! text that is being typed, a list that is open, how far something is scrolled.
//!
//! | part | what it is |
//! | --- | --- |
//! | `keys` | what keys do at each place of the call |
//! | `asking` | lines and forms that are being typed, lists that are chosen from |
//! | `searching` | the search screen within the call, and what becomes of the card that is taken |
//! | `layout`, `view` | where everything stands; head, dial and keys |
//! | `stage`, `cards`, `ending` | the words of each place |
//! | `words` | the words around, in each language |

mod asking;
mod cards;
mod ending;
mod keys;
mod layout;
mod searching;
mod stage;
mod view;
mod words;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use ratatui::Frame;

use super::search::{Search, Shelf};
use super::{App, Input, Theme};
use crate::calls::landed::Landed;
use crate::calls::{Record, Titles, summary};
use crate::language::Language;
use crate::script::Script;
use crate::script::walk::{Event, Place, Refused};
use crate::search::{Filters, SearchIndex};
use crate::store::Session;
use crate::{render, tui};
use asking::{Form, Menu, Prompt};
use words::Words;

/// Makes the script anew for the values that became known, by dotted name; an error says what a value
/// should be.
pub type Fill<'a> = Box<dyn Fn(&BTreeMap<String, String>) -> Result<Arc<Script>, String> + 'a>;

/// What the screen of a call needs besides the call.
pub struct Needs<'a> {
    /// The lookup over all cards, where there is one.
    pub index: Option<&'a SearchIndex>,
    /// The cards that lie ready before anything is typed.
    pub shelf: Shelf,
    /// Makes the script anew.
    pub fill: Fill<'a>,
    /// The clock.
    pub clock: Box<dyn Fn() -> Timestamp + 'a>,
    /// The day from which days are counted that are typed.
    pub today: Date,
    /// Where the reader of the summary is.
    pub zone: TimeZone,
    /// How things look.
    pub theme: Theme,
}

/// What lies over the place where the call stands.
enum Mode {
    /// Nothing.
    Call,
    /// The search screen.
    Search,
    /// A line is being typed.
    Prompt(Prompt),
    /// Something is being chosen.
    Menu(Menu),
    /// Several fields are being filled in.
    Form(Form),
    /// A card is being read that has no place in the call.
    Card(Box<crate::card::Card>),
    /// The words for a signal that was noticed, by its place in the script.
    Signal(usize),
    /// The page of help; whether it was opened from the search screen.
    Help { searching: bool },
}

/// What is told below the screen until the next key.
struct Message {
    text: String,
    /// Whether something is in the way.
    refusal: bool,
}

/// The screen of a call.
pub struct Call<'a> {
    session: Session,
    record: Record,
    titles: Titles,
    fill: Fill<'a>,
    /// The values that the script is filled with, besides those that it began with.
    filled: BTreeMap<String, String>,
    clock: Box<dyn Fn() -> Timestamp + 'a>,
    now: Timestamp,
    today: Date,
    zone: TimeZone,
    theme: Theme,
    language: Language,
    words: &'static Words,
    parts: &'static render::Words,
    search: Option<Search<'a>>,
    landed: Landed,
    mode: Mode,
    size: (u16, u16),
    /// How far the body is scrolled.
    scroll: usize,
    /// The way on that is marked, while the stage's ways are shown.
    way: usize,
    message: Option<Message>,
    /// Whether the last key would have left, had all been on disk.
    leaving: bool,
    /// What is to be copied once the screen has been drawn.
    copying: Option<String>,
}

impl<'a> Call<'a> {
    /// A screen for a call that begins or goes on. It asks for what the script lacks first.
    pub fn new(session: Session, needs: Needs<'a>) -> Self {
        let Needs { index, shelf, fill, clock, today, zone, theme } = needs;
        let script = session.walk().script().clone();
        let language = Language::parse(&script.language).unwrap_or_else(|_| Language::english());
        let words = words::words(&language);
        let landed = shelf.landed.clone();
        let search = index.map(|index| {
            Search::new(index, Filters::default(), theme).with_shelf(shelf).with_words(words.searching)
        });
        let now = clock();
        let mut call = Call {
            record: session.record(),
            titles: Titles::of(&script),
            session,
            fill,
            filled: BTreeMap::new(),
            clock,
            now,
            today,
            zone,
            theme,
            parts: render::words(&language),
            language,
            words,
            search,
            landed,
            mode: Mode::Call,
            size: (80, 24),
            scroll: 0,
            way: 0,
            message: None,
            leaving: false,
            copying: None,
        };
        call.refill();
        call.way = call.likeliest_way();
        if !call.session.walk().is_ended()
            && let Some(form) = call.missing()
        {
            call.mode = Mode::Form(form);
        }
        call
    }

    /// The call, when the screen is done.
    pub fn into_session(self) -> Session {
        self.session
    }

    /// The call.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Lets something happen. Whether it did; where not, it is told why.
    fn happen(&mut self, event: Event) -> bool {
        match self.session.act(event.clone(), (self.clock)()) {
            Ok(_) => {
                self.scroll = 0;
                if matches!(event, Event::Prospect { .. } | Event::Undo) {
                    self.refill();
                }
                self.record = self.session.record();
                self.way = self.likeliest_way();
                if let Event::Signal { id } = &event {
                    // It has led on by now, but what it says is said first.
                    let signals = &self.script().signals;
                    let found = signals.iter().position(|one| one.id == *id && one.say.is_some());
                    if let Some(found) = found {
                        self.mode = Mode::Signal(found);
                    }
                }
                true
            }
            Err(refused) => {
                let text = self.refusal(&event, &refused);
                self.message = Some(Message { text, refusal: true });
                false
            }
        }
    }

    /// Why something cannot be. The walk says it in English; elsewhere it is said by what was tried.
    fn refusal(&self, event: &Event, refused: &Refused) -> String {
        use crate::script::walk::Input as Wanted;
        if self.language.primary() == "en" {
            return match &refused.hint {
                Some(hint) => format!("{}; {hint}", refused.message),
                None => refused.message.clone(),
            };
        }
        let words = self.words;
        match event {
            Event::Answer { .. } => match self.session.walk().question().map(|asked| asked.question) {
                Some(question) => match Wanted::of(question) {
                    Wanted::Number => words.not_number,
                    Wanted::Date => words.not_date,
                    _ => words.not_here,
                },
                None => words.not_here,
            },
            Event::Undo => words.nothing_to_undo,
            Event::Choose { .. } => words.limit_reached,
            Event::Used | Event::Next if matches!(self.place(), Place::Objection { used: true, .. }) => {
                words.say_how
            }
            _ => words.not_here,
        }
        .to_string()
    }

    /// Fills the script with what became known in the call, where that is something else by now.
    fn refill(&mut self) {
        let mut known = BTreeMap::new();
        for (_, step, _) in self.session.walk().standing() {
            if let Event::Prospect { field, value } = &step.event {
                known.insert(field.clone(), value.clone());
            }
        }
        if known != self.filled
            && let Ok(script) = (self.fill)(&known)
            && self.session.refill(script)
        {
            self.filled = known;
        }
    }

    fn place(&self) -> Place<'_> {
        self.session.walk().place()
    }

    fn script(&self) -> &Script {
        self.session.walk().script()
    }

    fn tell(&mut self, text: &str) {
        self.message = Some(Message { text: text.to_string(), refusal: false });
    }

    fn refuse(&mut self, text: &str) {
        self.message = Some(Message { text: text.to_string(), refusal: true });
    }

    /// What is not on disk and why, in as few words as can be: it stands where the title does.
    fn trouble(&self) -> String {
        use std::io::ErrorKind;
        let Some(trouble) = self.session.trouble() else { return String::new() };
        let full = [ErrorKind::StorageFull, ErrorKind::QuotaExceeded, ErrorKind::FileTooLarge];
        let why = match &trouble.source {
            Some(source) if full.contains(&source.kind()) => self.words.disk_full.to_string(),
            Some(source) => source.to_string(),
            None => trouble.message.clone(),
        };
        let count = match self.session.unsaved() {
            0 => String::new(),
            count => format!(" ({count})"),
        };
        self.label("! ", &format!("{}{count}", self.words.unsaved)) + &why
    }

    /// What the call came to, in Markdown.
    fn summary(&self) -> String {
        summary(&self.record, &self.titles, &self.zone)
    }
}

impl App for Call<'_> {
    type Done = ();

    fn act(&mut self, input: Input) -> Option<()> {
        self.now = (self.clock)();
        match input {
            Input::Resize(columns, lines) => {
                self.size = (columns, lines);
                if let Some(search) = &mut self.search {
                    search.act(Input::Resize(columns, lines));
                }
                None
            }
            Input::Paste(text) => {
                self.paste(&text);
                None
            }
            Input::Key(key) => {
                // There may be room again.
                self.session.retry();
                self.press(key)
            }
        }
    }

    fn settle(&mut self) {
        if let (Mode::Search, Some(search)) = (&self.mode, &mut self.search) {
            search.settle();
        }
        self.scroll = self.scroll.min(self.farthest());
    }

    fn every(&self) -> Option<Duration> {
        // The clock of the stage.
        (!self.session.walk().is_ended()).then_some(Duration::from_secs(1))
    }

    fn tick(&mut self) -> bool {
        self.now = (self.clock)();
        !matches!(self.mode, Mode::Search)
    }

    fn copied(&mut self) -> Option<String> {
        self.copying.take()
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        view::draw(self, frame);
    }
}

/// Leads a call on a terminal, and gives it back when it is over or left. An error where the terminal
/// cannot be read or written.
pub fn run(session: Session, needs: Needs<'_>, tty: &tui::Tty) -> (Session, std::io::Result<()>) {
    let mut call = Call::new(session, needs);
    let done = tui::run(&mut call, tty);
    (call.into_session(), done)
}
