//! Search as you type: the query on top, the cards that fit below it, the first one open already.
//!
//! The screen is a function of what was typed: the same keys on the same index end in the same state.

mod keys;
mod layout;
mod shelf;
mod view;
pub mod words;

use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use ratatui::Frame;

use super::{App, Field, Input, Page, Theme, open_card};
use crate::language::Language;
use crate::search::{Filters, Found, Hit, Names, SearchIndex};

pub use shelf::{Shelf, StageName};
pub use words::Words;

/// How many cards are listed at most.
const LISTED: usize = 30;

/// How the screen ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// A card was taken.
    Taken {
        /// The card; its score is 0 if it was taken from the shelf, without a query.
        hit: Box<Hit>,
        /// Where it stood in the list, from 1.
        rank: usize,
        /// What had been typed.
        query: String,
    },
    /// Nothing was taken.
    Left,
}

/// What Tab goes through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turning {
    Languages,
    Stages,
}

/// The screen.
pub struct Search<'i> {
    index: &'i SearchIndex,
    /// What the command line narrowed everything down to.
    base: Filters,
    languages: Vec<Language>,
    shelf: Shelf,
    /// Where the shelf comes from, as long as it has not come.
    coming: Option<Receiver<Shelf>>,
    theme: Theme,
    words: Words,
    size: (u16, u16),
    query: Field,
    /// The digit that opened a card, as long as it may yet turn out to be part of a number.
    digit: Option<char>,
    language: Option<Language>,
    /// As `playbook/stage`.
    stage: Option<String>,
    turning: Turning,
    found: Found,
    /// Why nothing could be looked up.
    trouble: Option<String>,
    /// What is shown is not of this query and these filters.
    stale: bool,
    chosen: usize,
    scroll: usize,
    /// How far the page of help is scrolled, while it is shown.
    help: Option<usize>,
}

impl<'i> Search<'i> {
    /// A screen over an index, within filters, that knows of no shelf yet.
    pub fn new(index: &'i SearchIndex, base: Filters, theme: Theme) -> Self {
        let known = index.names(Names::Languages).unwrap_or_default();
        let mut languages: Vec<Language> = known.iter().filter_map(|tag| Language::parse(tag).ok()).collect();
        languages.retain(|language| {
            base.languages.is_empty() || base.languages.iter().any(|range| language.in_range(range))
        });
        let turning = if languages.len() > 1 { Turning::Languages } else { Turning::Stages };
        Search {
            index,
            base,
            languages,
            shelf: Shelf::default(),
            coming: None,
            theme,
            words: words::ENGLISH,
            size: (80, 24),
            query: Field::default(),
            digit: None,
            language: None,
            stage: None,
            turning,
            found: Found::default(),
            trouble: None,
            stale: true,
            chosen: 0,
            scroll: 0,
            help: None,
        }
    }

    /// With a shelf.
    #[must_use]
    pub fn with_shelf(mut self, shelf: Shelf) -> Self {
        self.shelf = shelf;
        self
    }

    /// With a shelf that is still being filled.
    #[must_use]
    pub fn with_shelf_from(mut self, coming: Receiver<Shelf>) -> Self {
        self.coming = Some(coming);
        self
    }

    /// With other words around it.
    #[must_use]
    pub fn with_words(mut self, words: Words) -> Self {
        self.words = words;
        self
    }

    /// Begins anew, as if nothing had been typed; narrowed down to a language, if the book has it.
    pub fn restart(&mut self, language: Option<&Language>) {
        let known = |wanted: &Language| self.languages.iter().find(|known| known.in_range(wanted)).cloned();
        self.language = language.filter(|_| self.languages.len() > 1).and_then(known);
        self.stage = None;
        self.turning = if self.languages.len() > 1 { Turning::Languages } else { Turning::Stages };
        self.query.clear();
        (self.digit, self.help) = (None, None);
        self.changed();
    }

    /// What has been typed.
    pub fn query(&self) -> &str {
        self.query.text()
    }

    /// What is looked for now: the command line's filters, narrowed down on the screen.
    pub fn filters(&self) -> Filters {
        let mut filters = self.base.clone();
        if let Some(language) = &self.language {
            filters.languages = vec![language.clone()];
        }
        if let Some(stage) = &self.stage {
            filters.stages = vec![stage.clone()];
        }
        filters
    }

    /// The cards in the list, the best first.
    pub fn hits(&self) -> &[Hit] {
        &self.found.hits
    }

    /// The number in the list of the card that is open, from 0.
    pub fn chosen(&self) -> usize {
        self.chosen
    }

    /// Whether nobody has typed anything that could be looked up.
    fn is_idle(&self) -> bool {
        self.query.text().trim().is_empty()
    }

    fn look(&mut self) {
        self.stale = false;
        self.trouble = None;
        let filters = self.filters();
        let mut found = if self.is_idle() {
            let all = self.shelf.matching(&filters);
            let mut found = Found::default();
            for card in all {
                found.total += 1;
                if found.hits.len() < LISTED {
                    found.hits.push(Hit {
                        card: card.clone(),
                        score: 0.0,
                        matched: None,
                        reasons: Vec::new(),
                    });
                }
            }
            found
        } else {
            self.index.suggest(self.query.text(), &filters, LISTED).unwrap_or_else(|error| {
                self.trouble = Some(error.to_string());
                Found::default()
            })
        };
        found.hits.iter_mut().for_each(|hit| self.shelf.landed.order_card(&mut hit.card));
        self.found = found;
        self.open(self.chosen);
    }

    /// A card of the list, open, so many columns wide.
    fn opened(&self, hit: &Hit, columns: u16) -> Page {
        open_card(&hit.card, hit.matched.as_deref(), &self.shelf.landed, usize::from(columns), self.theme)
    }

    /// Opens a card of the list, the last one if it is not as long.
    fn open(&mut self, number: usize) {
        self.chosen = number.min(self.found.hits.len().saturating_sub(1));
        self.scroll = 0;
    }

    /// Something else is looked for: from the top again.
    fn changed(&mut self) {
        self.stale = true;
        self.chosen = 0;
        self.scroll = 0;
    }
}

impl App for Search<'_> {
    type Done = Answer;

    fn act(&mut self, input: Input) -> Option<Answer> {
        match input {
            Input::Resize(columns, lines) => {
                self.size = (columns, lines);
                self.scroll = self.scroll.min(self.farthest());
                self.help = self.help.map(|scroll| scroll.min(self.last_of_help()));
                None
            }
            Input::Paste(text) => {
                self.help = None;
                self.paste(&text);
                None
            }
            Input::Key(key) => self.press(key),
        }
    }

    fn settle(&mut self) {
        if self.stale {
            self.look();
        }
    }

    fn every(&self) -> Option<Duration> {
        self.coming.as_ref().map(|_| Duration::from_millis(40))
    }

    fn tick(&mut self) -> bool {
        let Some(coming) = &self.coming else { return false };
        match coming.try_recv() {
            Ok(shelf) => {
                self.shelf = shelf;
                self.coming = None;
                if self.is_idle() || !self.shelf.landed.is_empty() {
                    self.stale = true;
                }
                true
            }
            Err(TryRecvError::Empty) => false,
            Err(TryRecvError::Disconnected) => {
                self.coming = None;
                true
            }
        }
    }

    fn draw(&self, frame: &mut Frame<'_>) {
        view::draw(self, frame);
    }
}
