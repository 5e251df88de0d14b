//! What keys do in a call.
//!
//! Letters belong to the search, everywhere, for what the buyer says comes at any time. So what is done
//! often has a sign or a key without a letter, and the rest is on Ctrl, which input methods leave alone.

use super::asking::{Asking, Item};
use super::{Call, Mode};
use crate::calls::Heard;
use crate::script::walk::{Event, Place, Walk};
use crate::tui::{Input, Key};

impl Call<'_> {
    pub(super) fn press(&mut self, key: Key) -> Option<()> {
        self.message = None;
        if key == Key::Ctrl('c') {
            return self.leave();
        }
        self.leaving = false;
        match &self.mode {
            Mode::Search => self.search_key(key),
            Mode::Prompt(_) => self.prompt_key(key),
            Mode::Menu(_) => self.menu_key(narrow(key)),
            Mode::Form(_) => self.form_key(key),
            Mode::Help { searching } => {
                let searching = *searching;
                if !self.scrolls(key) {
                    // Any other key leads back, and what is typed is not lost.
                    self.scroll = 0;
                    self.mode = if searching { Mode::Search } else { Mode::Call };
                    if matches!(key, Key::Char(c) if c != '?') {
                        return self.press(key);
                    }
                }
            }
            Mode::Card(_) | Mode::Signal(_) => match key {
                key if self.scrolls(key) => {}
                Key::Esc | Key::Enter | Key::Left | Key::Backspace => {
                    self.scroll = 0;
                    self.mode = Mode::Call;
                }
                key => {
                    self.scroll = 0;
                    self.mode = Mode::Call;
                    return self.call_key(narrow(key));
                }
            },
            Mode::Call => return self.call_key(narrow(key)),
        }
        None
    }

    /// Leaves the screen. Where something is not on disk it is said first, and the next time is meant.
    fn leave(&mut self) -> Option<()> {
        let unsaved = self.session.unsaved();
        if unsaved == 0 || std::mem::replace(&mut self.leaving, true) {
            return Some(());
        }
        if matches!(self.mode, Mode::Search) {
            self.mode = Mode::Call;
        }
        self.refuse(&self.words.unsaved_leave.replace("{}", &unsaved.to_string()));
        None
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.message = None;
        match &mut self.mode {
            Mode::Prompt(prompt) => {
                prompt.field.insert(text);
            }
            Mode::Form(form) => {
                if let Some(blank) = form.blanks.get_mut(form.at) {
                    blank.field.insert(text);
                }
            }
            Mode::Search => {
                if let Some(search) = &mut self.search {
                    crate::tui::App::act(search, Input::Paste(text.to_string()));
                }
            }
            Mode::Call if self.session.walk().is_ended() => {}
            Mode::Call | Mode::Menu(_) | Mode::Card(_) | Mode::Signal(_) | Mode::Help { .. } => {
                self.open_search(Some(Input::Paste(text.to_string())));
            }
        }
    }

    /// Scrolls what is shown, where the key is for that.
    fn scrolls(&mut self, key: Key) -> bool {
        let page = self.page();
        let last = self.farthest();
        self.scroll = match key {
            Key::PageDown => (self.scroll + page).min(last),
            Key::PageUp => self.scroll.saturating_sub(page),
            Key::Down => (self.scroll + 1).min(last),
            Key::Up => self.scroll.saturating_sub(1),
            Key::Home => 0,
            Key::End => last,
            _ => return false,
        };
        true
    }

    /// A key at the place of the call.
    fn call_key(&mut self, key: Key) -> Option<()> {
        if self.session.walk().is_ended() {
            return self.ended_key(key);
        }
        match key {
            Key::PageDown | Key::PageUp => {
                self.scrolls(key);
            }
            Key::Char('?') | Key::F(1) => {
                self.scroll = 0;
                self.mode = Mode::Help { searching: false };
            }
            Key::Ctrl('z' | 'u') => {
                if self.happen(Event::Undo) {
                    self.tell(self.words.taken_back);
                }
            }
            Key::Ctrl('n') => self.ask(Asking::Note),
            Key::Ctrl('p') => {
                let form = self.form();
                if form.blanks.is_empty() {
                    self.refuse(self.words.not_here);
                } else {
                    self.mode = Mode::Form(form);
                }
            }
            Key::Ctrl('e') => self.choose(self.words.outcome, self.outcomes()),
            Key::Char('.' | '>') => self.choose(self.words.ways, self.destinations()),
            Key::Char('*') => self.try_close(),
            Key::Char('0') | Key::Ctrl('x') => {
                let heard = self.heard_now();
                self.keep_unanswered(heard);
            }
            Key::Char('"' | '\'') => match self.place() {
                Place::Objection { .. } => self.ask(Asking::Heard),
                _ => self.refuse(self.words.not_here),
            },
            Key::Char(c @ '1'..='9') => self.dial(c),
            Key::Char('/') => self.open_search(None),
            Key::Esc => self.step_back(),
            Key::Char(c) if c.is_alphanumeric() => self.open_search(Some(Input::Key(Key::Char(c)))),
            key => self.place_key(key),
        }
        None
    }

    /// A key that means something else at each place.
    fn place_key(&mut self, key: Key) {
        enum At {
            Script,
            Objection { accepting: bool, used: bool, last: bool },
            Close,
            Ending,
        }
        let at = match self.place() {
            Place::Objection { response, turn, used, accepting, .. } => At::Objection {
                accepting,
                used,
                last: response.is_none_or(|response| turn + 1 >= response.turns.len()),
            },
            Place::Close { .. } => At::Close,
            Place::Ending { .. } => At::Ending,
            Place::Script { .. } | Place::Ended => At::Script,
        };
        let on = matches!(key, Key::Enter | Key::Char(' ') | Key::Right | Key::Down);
        let back = matches!(key, Key::Left | Key::Up | Key::Backspace);
        match (at, key) {
            (At::Script, Key::Tab) => self.ask_answer(),
            (At::Script, Key::Down) if self.is_at_ways() => {
                self.way = (self.way + 1).min(self.ways().len().saturating_sub(1));
            }
            (At::Script, Key::Up) if self.is_at_ways() && self.way > 0 => self.way -= 1,
            (At::Script, _) if on => self.go_on(),
            (At::Script, _) if back => self.step_back(),
            (At::Objection { accepting: true, .. }, _) if on => {
                self.happen(Event::Accept);
            }
            (At::Objection { last: false, .. }, _) if on => {
                self.happen(Event::Next);
            }
            (At::Objection { used: true, .. }, _) if on => self.refuse(self.words.say_how),
            (At::Objection { .. }, Key::Enter | Key::Char(' ')) => {
                if self.happen(Event::Used) {
                    self.tell(self.words.said);
                }
            }
            (At::Objection { accepting: false, .. }, Key::Char('+' | '=')) => {
                if self.happen(Event::Landed) {
                    self.tell(self.words.landed);
                }
            }
            (At::Objection { accepting: false, .. }, Key::Char('-' | '_')) => {
                if self.happen(Event::Resisted) {
                    self.tell(self.words.resisted);
                }
            }
            (At::Objection { .. }, Key::Tab) => self.other_response(true),
            (At::Objection { .. }, Key::BackTab) => self.other_response(false),
            (At::Objection { .. }, _) if back => {
                self.happen(Event::Back);
            }
            (At::Close, Key::Char('+' | '=')) => {
                self.happen(Event::Yes);
            }
            (At::Close, Key::Char('-' | '_')) => {
                self.happen(Event::No);
            }
            (At::Ending, Key::Enter) => {
                self.happen(Event::End);
            }
            (At::Ending, Key::Tab) => self.ask(Asking::Step),
            (At::Ending, Key::Down | Key::Up) => {
                self.scrolls(key);
            }
            (At::Close | At::Ending, _) if back => self.step_back(),
            _ => self.refuse(self.words.not_here),
        }
    }

    /// A key when the call is over.
    fn ended_key(&mut self, key: Key) -> Option<()> {
        match key {
            Key::Enter | Key::Char('q') => return self.leave(),
            Key::Esc | Key::Ctrl('z' | 'u') => {
                if self.happen(Event::Undo) {
                    self.tell(self.words.taken_back);
                }
            }
            Key::Char('c' | 'y') | Key::Ctrl('y') => self.copy(),
            Key::Char('?') | Key::F(1) => {
                self.scroll = 0;
                self.mode = Mode::Help { searching: false };
            }
            key => {
                self.scrolls(key);
            }
        }
        None
    }

    /// One step back: out of a card, to the line before, out of a stage that nothing happened in.
    fn step_back(&mut self) {
        let walk = self.session.walk();
        let event = match walk.place() {
            Place::Script { line: 0, .. } => {
                // What was kept must not go by a key that means no more than "back".
                let entered = matches!(
                    walk.standing().last().map(|(_, step, _)| &step.event),
                    Some(
                        Event::Next
                            | Event::Branch { .. }
                            | Event::Stage { .. }
                            | Event::Anytime { .. }
                            | Event::Line { .. }
                    )
                );
                if !entered {
                    return self.refuse(self.words.stage_begins);
                }
                Event::Undo
            }
            Place::Script { .. } => Event::Back,
            _ => Event::Leave,
        };
        self.happen(event);
    }

    /// The next line, or where the mark among the ways on stands.
    fn go_on(&mut self) {
        if !self.is_at_ways() {
            self.happen(Event::Next);
            return;
        }
        match self.ways().into_iter().nth(self.way) {
            Some(item) => {
                self.happen(item.event);
            }
            None => self.choose(self.words.outcome, self.outcomes()),
        }
    }

    /// Whether the stage's ways on are shown: behind its last line.
    pub(super) fn is_at_ways(&self) -> bool {
        match self.place() {
            Place::Script { stage, line } => stage.is_none_or(|stage| line >= stage.lines.len()),
            _ => false,
        }
    }

    /// The ways on from the stage; the outcomes where there are none.
    pub(super) fn ways(&self) -> Vec<Item> {
        let next = self.session.walk().stage().map_or(&[][..], |stage| &stage.next);
        if next.is_empty() {
            return self.outcomes();
        }
        let way = |(index, branch): (usize, &crate::script::Branch)| Item {
            group: None,
            title: self.branch_title(branch),
            event: Event::Branch { number: index + 1 },
        };
        next.iter().enumerate().map(way).collect()
    }

    /// The way on that needs no condition, else the first one.
    pub(super) fn likeliest_way(&self) -> usize {
        let next = self.session.walk().stage().map_or(&[][..], |stage| &stage.next);
        next.iter().position(|branch| branch.when.is_none()).unwrap_or(0)
    }

    /// Opens the objection on a number of the speed dial.
    fn dial(&mut self, digit: char) {
        let number = digit.to_digit(10).map_or(0, |digit| digit as usize);
        let dial = number.checked_sub(1).and_then(|index| self.session.walk().dial().get(index));
        match dial.map(|dial| dial.id.clone()) {
            Some(card) => {
                self.happen(Event::Open { card, heard: None });
            }
            None => self.refuse(&self.words.no_dial.replace("{}", &digit.to_string())),
        }
    }

    fn try_close(&mut self) {
        let mut closes = self.closes();
        match closes.len() {
            0 => self.refuse(self.words.no_close),
            1 => {
                self.happen(closes.remove(0).event);
            }
            _ => self.choose(self.parts.closes, closes),
        }
    }

    /// The words heard of the objection that is open.
    pub(super) fn heard_now(&self) -> String {
        let is_open = matches!(self.place(), Place::Objection { .. });
        let open = |heard: &&Heard| heard.left.is_none();
        let last = self.record.objections.iter().rfind(open).filter(|_| is_open);
        last.and_then(|heard| heard.heard.clone()).unwrap_or_default()
    }

    /// The response after the one that is shown, or before it; round and round.
    fn other_response(&mut self, onwards: bool) {
        let Place::Objection { objection, response, .. } = self.place() else { return };
        let count = objection.responses.len();
        let at = response.and_then(|shown| objection.responses.iter().position(|one| one.id == shown.id));
        let next = match (at, onwards) {
            _ if count == 0 => None,
            (None, _) => Some(0),
            (Some(at), true) => Some((at + 1) % count),
            (Some(at), false) => Some((at + count - 1) % count),
        };
        match next.filter(|next| Some(*next) != at).map(|next| objection.responses[next].id.clone()) {
            Some(response) => {
                self.happen(Event::Choose { response });
            }
            None => self.refuse(self.words.not_here),
        }
    }

    fn copy(&mut self) {
        let summary = self.summary();
        if summary.len() > crate::tui::LONGEST_COPY {
            self.refuse(self.words.too_long);
        } else {
            self.copying = Some(summary);
            self.tell(self.words.copied);
        }
    }
}

/// Signs as Chinese input methods write them.
fn narrow(key: Key) -> Key {
    let Key::Char(c) = key else { return key };
    Key::Char(match c {
        '。' | '．' => '.',
        '》' | '＞' => '>',
        '、' | '／' => '/',
        '“' | '”' | '「' | '」' => '"',
        // The full forms stand as far from the plain ones as each other.
        '！'..='～' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        c => c,
    })
}

/// Whether a walk has come through a stage.
pub(super) fn visited(walk: &Walk, stage: usize) -> bool {
    walk.standing().any(|(_, step, _)| step.before.stage == Some(stage))
}
