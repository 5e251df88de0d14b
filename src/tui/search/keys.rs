//! What keys do on the search screen.
//!
//! A digit at the beginning of a word opens the card of that number, for the digits are what a hand
//! finds without looking. Buyers speak in numbers too ("twenty percent", "we are 3 people"), so
//! nothing typed is lost: a digit, a space or a sign behind it makes it part of the query after all.
//! Right behind a whole word it opens a card as well, and stays no part of it; but not behind the one or two
//! letters that a card's code begins with ("P1"). With Alt a digit opens a card wherever the cursor is.

use super::layout::Layout;
use super::view::help;
use super::{Answer, Search, Turning};
use crate::tui::{Edit, Key};

impl Search<'_> {
    pub(super) fn press(&mut self, key: Key) -> Option<Answer> {
        if key == Key::Ctrl('c') {
            return Some(Answer::Left);
        }
        if let Some(scroll) = self.help {
            let area = Layout::of(self.size.0, self.size.1).page();
            let (page, last) = (usize::from(area.height).saturating_sub(1).max(1), self.last_of_help());
            self.help = match key {
                Key::PageDown => Some((scroll + page).min(last)),
                Key::Down => Some((scroll + 1).min(last)),
                Key::PageUp => Some(scroll.saturating_sub(page)),
                Key::Up => Some(scroll.saturating_sub(1)),
                // Any other key leads back; what is typed is not lost.
                _ => None,
            };
            if self.help.is_some() || !matches!(key, Key::Char(c) if c != '?') {
                return None;
            }
        }
        let digit = self.digit.take();
        match key {
            Key::Esc => return Some(Answer::Left),
            Key::Enter => return self.take(),
            Key::F(1) => self.help = Some(0),
            Key::Char('?') if self.query.is_empty() => self.help = Some(0),
            Key::F(2) | Key::Ctrl('t') => self.turn_other(),
            Key::Tab => self.turn(true),
            Key::BackTab => self.turn(false),
            Key::Up | Key::Ctrl('p') => {
                self.settled();
                self.open(self.chosen.saturating_sub(1));
            }
            Key::Down | Key::Ctrl('n') => {
                self.settled();
                self.open(self.chosen + 1);
            }
            Key::PageUp => self.scroll = self.scroll.saturating_sub(self.page()),
            Key::PageDown => {
                self.settled();
                self.scroll = (self.scroll + self.page()).min(self.farthest());
            }
            Key::Alt(c @ '1'..='9') => {
                self.pick(c);
            }
            Key::Char(c) => self.write(c, digit),
            // Takes the digit back, and with it what it opened.
            Key::Backspace if digit.is_some() => self.open(0),
            key => {
                if self.query.press(key) == Edit::Changed {
                    self.changed();
                }
            }
        }
        None
    }

    fn write(&mut self, c: char, digit: Option<char>) {
        let begins = self.query.at_new_word();
        let picks = begins && digit.is_none() || self.query.behind_a_word();
        if picks && ('1'..='9').contains(&c) && self.pick(c) {
            self.digit = Some(c);
            return;
        }
        if let Some(digit) = digit.filter(|_| begins && !c.is_alphabetic()) {
            self.query.press(Key::Char(digit));
        }
        self.query.press(Key::Char(c));
        self.changed();
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.digit = None;
        if self.query.insert(text) {
            self.changed();
        }
    }

    fn settled(&mut self) {
        if self.stale {
            self.look();
        }
    }

    /// Opens the card of a number, from 1, if the list has it.
    fn pick(&mut self, digit: char) -> bool {
        self.settled();
        let number = digit.to_digit(10).map_or(0, |digit| digit as usize);
        let there = (1..=self.found.hits.len()).contains(&number);
        if there {
            self.open(number - 1);
        }
        there
    }

    fn take(&mut self) -> Option<Answer> {
        self.settled();
        let hit = self.found.hits.get(self.chosen)?.clone();
        let query = self.query.text().trim().to_string();
        Some(Answer::Taken { hit: Box::new(hit), rank: self.chosen + 1, query })
    }

    /// On to the next language or stage, or back to the one before; behind the last one come all.
    fn turn(&mut self, onwards: bool) {
        match self.turning {
            Turning::Languages => {
                let at = self.language.as_ref();
                let at = at.and_then(|now| self.languages.iter().position(|language| language == now));
                self.language = step(self.languages.len(), at, onwards).map(|at| self.languages[at].clone());
                // A stage that the language does not have would hide everything.
                let kept = self.stage.take();
                let known = self.stages();
                self.stage = kept.filter(|stage| known.iter().any(|(path, _)| path == stage));
            }
            Turning::Stages => {
                let known = self.stages();
                let at = self.stage.as_ref();
                let at = at.and_then(|now| known.iter().position(|(path, _)| path == now));
                self.stage = step(known.len(), at, onwards).map(|at| known[at].0.clone());
            }
        }
        self.changed();
    }

    fn turn_other(&mut self) {
        self.turning = match self.turning {
            Turning::Languages => Turning::Stages,
            Turning::Stages if self.languages.len() > 1 => Turning::Languages,
            Turning::Stages => Turning::Stages,
        };
    }

    /// The stages that Tab goes through: path and title, in the language that was chosen.
    pub(super) fn stages(&self) -> Vec<(String, String)> {
        let mut filters = self.base.clone();
        if let Some(language) = &self.language {
            filters.languages = vec![language.clone()];
        }
        let known = self.shelf.stages_among(&filters);
        known.into_iter().map(|stage| (stage.path.clone(), stage.title.clone())).collect()
    }

    fn page(&self) -> usize {
        let layout = Layout::of(self.size.0, self.size.1);
        usize::from(layout.card.height).saturating_sub(1).max(1)
    }

    /// How far the page of help can be scrolled.
    pub(super) fn last_of_help(&self) -> usize {
        let area = Layout::of(self.size.0, self.size.1).page();
        help(area.width, self.theme).lines.len().saturating_sub(usize::from(area.height))
    }

    /// How far the open card can be scrolled.
    pub(super) fn farthest(&self) -> usize {
        let card = Layout::of(self.size.0, self.size.1).card;
        let Some(hit) = self.found.hits.get(self.chosen) else { return 0 };
        let page = self.opened(hit, card.width);
        page.lines.len().saturating_sub(usize::from(card.height))
    }
}

/// The next of so many, or the one before; nothing stands before the first and behind the last.
fn step(count: usize, at: Option<usize>, onwards: bool) -> Option<usize> {
    match (at, onwards) {
        (None, true) => (count > 0).then_some(0),
        (None, false) => count.checked_sub(1),
        (Some(at), true) => (at + 1 < count).then_some(at + 1),
        (Some(at), false) => at.checked_sub(1),
    }
}
