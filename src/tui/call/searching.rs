//! The search screen within a call: any letter opens it, and the card that is taken becomes a step.

use super::{Call, Mode};
use crate::card::{Card, CardKind};
use crate::script::walk::{Event, Place};
use crate::tui::search::Answer;
use crate::tui::{App, Input, Key};

impl Call<'_> {
    /// Opens the search screen, with something typed already.
    pub(super) fn open_search(&mut self, first: Option<Input>) {
        let language = self.language.clone();
        let Some(search) = &mut self.search else {
            return self.refuse(self.words.no_search);
        };
        search.restart(Some(&language));
        if let Some(first) = first {
            search.act(first);
        }
        self.mode = Mode::Search;
    }

    /// A key on the search screen.
    pub(super) fn search_key(&mut self, key: Key) {
        let Some(search) = &mut self.search else {
            self.mode = Mode::Call;
            return;
        };
        let typed = search.query().trim().to_string();
        match key {
            Key::F(1) => self.mode = Mode::Help { searching: true },
            Key::Char('?') if typed.is_empty() => self.mode = Mode::Help { searching: true },
            Key::Ctrl('x') => {
                self.mode = Mode::Call;
                self.keep_unanswered(typed);
            }
            key => match search.act(Input::Key(key)) {
                None => {}
                Some(Answer::Left) => self.mode = Mode::Call,
                Some(Answer::Taken { hit, query, .. }) => {
                    self.mode = Mode::Call;
                    let heard = Some(query).filter(|query| !query.is_empty());
                    self.take_card(hit.card, heard);
                }
            },
        }
    }

    /// What a card that was found becomes: an objection or a close lies on top of the call, a stage of
    /// the playbook is gone to. The others are only read.
    fn take_card(&mut self, card: Card, heard: Option<String>) {
        let walk = self.session.walk();
        if card.kind == CardKind::Objection && self.is_open(&card) {
            // Said once more in other words: the first ones are kept.
            if let Some(words) = heard.filter(|_| self.heard_now().is_empty()) {
                self.happen(Event::Heard { words });
            }
            return;
        }
        let event = match card.kind {
            CardKind::Objection => Event::Open { card: card.path(), heard },
            CardKind::Close => Event::Close { id: card.path() },
            CardKind::Signal => Event::Signal { id: card.id.clone() },
            CardKind::Stage if card.playbook == self.script().playbook => {
                Event::Stage { id: card.id.clone() }
            }
            CardKind::Stage | CardKind::Question | CardKind::Competitor => {
                self.mode = Mode::Card(Box::new(card));
                return;
            }
        };
        // What is written in another language was wanted in that one, and the call has its own; what the
        // call does not know can still be read.
        let own = card.language == self.language;
        let is_signal = card.kind == CardKind::Signal;
        let known = walk.try_act(&event).is_ok();
        if known {
            self.happen(event);
        }
        if !known || !(own || is_signal) {
            self.mode = Mode::Card(Box::new(card));
        }
    }

    /// Whether a card is the objection that lies uppermost.
    fn is_open(&self, card: &Card) -> bool {
        match self.place() {
            Place::Objection { objection, .. } => {
                (&objection.playbook, &objection.id) == (&card.playbook, &card.id)
            }
            _ => false,
        }
    }

    /// Keeps that there is no answer to something.
    pub(super) fn keep_unanswered(&mut self, heard: String) {
        if heard.is_empty() {
            return self.ask(super::asking::Asking::NoAnswer);
        }
        if self.happen(Event::NoAnswer { heard: heard.clone() }) {
            self.tell(&self.words.kept_unanswered.replace("{}", &heard));
        }
    }
}
