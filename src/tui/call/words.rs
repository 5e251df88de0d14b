//! The words around a guided call, in the languages that callbook speaks. What a script's own parts are
//! called (goal, listen for, avoid …) is with the renderers, in [`render::words`].
//!
//! [`render::words`]: crate::render::words

mod en;
mod ms;
mod vi;
mod zh_hans;
mod zh_hant;

use crate::language::{Language, Spoken};
use crate::tui::search::Words as SearchWords;

/// What stands around a call. Where a text has braces, something goes there.
#[allow(missing_docs)]
pub(super) struct Words {
    // What keys do.
    pub letters: &'static str,
    pub search: &'static str,
    pub on: &'static str,
    pub answer: &'static str,
    pub choose: &'static str,
    pub said: &'static str,
    pub landed: &'static str,
    pub resisted: &'static str,
    pub unanswered: &'static str,
    pub other: &'static str,
    pub accept: &'static str,
    pub back: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub note: &'static str,
    pub go: &'static str,
    pub close: &'static str,
    pub end: &'static str,
    pub undo: &'static str,
    pub keep: &'static str,
    pub cancel: &'static str,
    pub fields: &'static str,
    pub skip: &'static str,
    pub finish: &'static str,
    pub copy: &'static str,
    pub step: &'static str,
    pub scroll: &'static str,
    pub keys: &'static str,
    // What parts of the screen are called.
    pub answer_yes: &'static str,
    pub answer_no: &'static str,
    pub required: &'static str,
    pub heard: &'static str,
    pub times: &'static str,
    pub ways: &'static str,
    pub open: &'static str,
    pub outcome: &'static str,
    pub next_step: &'static str,
    pub none: &'static str,
    pub over: &'static str,
    pub notes: &'static str,
    pub stages: &'static str,
    pub no_stages: &'static str,
    pub escalate: &'static str,
    // What is asked.
    pub what_said: &'static str,
    pub what_next: &'static str,
    pub which_day: &'static str,
    pub day_hint: &'static str,
    pub form: &'static str,
    pub form_hint: &'static str,
    pub rep: &'static str,
    // What is told.
    pub kept: &'static str,
    pub kept_unanswered: &'static str,
    pub taken_back: &'static str,
    pub nothing_to_undo: &'static str,
    pub stage_begins: &'static str,
    pub not_here: &'static str,
    pub say_how: &'static str,
    pub limit_reached: &'static str,
    pub not_number: &'static str,
    pub not_date: &'static str,
    pub no_dial: &'static str,
    pub no_close: &'static str,
    pub no_search: &'static str,
    pub unsaved: &'static str,
    pub disk_full: &'static str,
    pub unsaved_leave: &'static str,
    pub copied: &'static str,
    pub too_long: &'static str,
    /// Every key, for the page behind `?`.
    pub help: &'static [(&'static str, &'static str)],
    /// Of the search screen.
    pub searching: SearchWords,
}

/// The words for a language; English for those that callbook does not speak.
pub(super) fn words(language: &Language) -> &'static Words {
    language.pick(Spoken {
        en: &en::WORDS,
        vi: &vi::WORDS,
        zh_hant: &zh_hant::WORDS,
        zh_hans: &zh_hans::WORDS,
        ms: &ms::WORDS,
    })
}
