//! What can happen in a call, as it is written in a journal and in a record, and what is said when it
//! cannot.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Something that the rep did. In JSON it is an object with `do` and what belongs to it:
/// `{"do": "open", "card": "too-expensive", "heard": "that's steep"}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case")]
pub enum Event {
    /// One on: the next line of the stage, the next turn of a response. After a stage's last line it
    /// takes the way on, where there is only one and it has no condition.
    Next,
    /// One back: the line before, the turn before. Nothing that was kept is taken away.
    Back,
    /// To a line of the stage, counted from 1; one past the last is the stage's end.
    Line {
        /// The line's number.
        number: usize,
    },
    /// A way on from the stage, by its number in `next`, from 1.
    Branch {
        /// The branch's number.
        number: usize,
    },
    /// A branch that is open at every stage, by its number, from 1.
    Anytime {
        /// The branch's number.
        number: usize,
    },
    /// Straight to a stage.
    Stage {
        /// The stage's id.
        id: String,
    },
    /// The buyer objects: its card is opened on top of whatever is shown.
    Open {
        /// The objection: its id, or `playbook/id` for one from elsewhere in the book.
        card: String,
        /// The words heard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard: Option<String>,
    },
    /// The words heard, of the objection that is open.
    Heard {
        /// The words.
        words: String,
    },
    /// Another response of the open objection.
    Choose {
        /// The response's id.
        response: String,
    },
    /// The response was said; how it went is not known yet.
    Used,
    /// The response was said and did its work: on to where it leads, or back to where we were.
    Landed,
    /// The response was said and did not land: on to what the book says then.
    Resisted,
    /// The objection is accepted, for its limit is reached or the book says so: back to where we were.
    Accept,
    /// Away from the open objection, close or end, to where we were; nothing is said of how it went.
    Leave,
    /// A close is tried: its card is opened.
    Close {
        /// The close: its id, or `playbook/id` for one from elsewhere in the book.
        id: String,
    },
    /// They said yes to the open close.
    Yes,
    /// They said no to the open close.
    No,
    /// Something that should be noticed was; it leads on where the book says so.
    Signal {
        /// The signal's id.
        id: String,
    },
    /// An answer. An empty one takes the answer away.
    Answer {
        /// The question: its id, or `stage/line` for one written in place. Without it, the question
        /// of the present line.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        question: Option<String>,
        /// What was answered, as it was typed; an option by its words or its number from 1.
        value: String,
    },
    /// The book has no answer for this; the words heard are kept.
    NoAnswer {
        /// The words heard; may be empty where an objection is open.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        heard: String,
    },
    /// A note.
    Note {
        /// The note.
        text: String,
    },
    /// What is done next, and when. Replaces what was agreed before; empty takes it away.
    NextStep {
        /// What is done.
        what: String,
        /// On which day.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        date: Option<Date>,
    },
    /// Something about the prospect that became known: a variable's value. Empty takes it away.
    Prospect {
        /// The variable's name: `prospect.first_name`.
        field: String,
        /// The value.
        value: String,
    },
    /// How the call ends. It can still be changed until [`Event::End`].
    Outcome {
        /// The outcome's id.
        id: String,
    },
    /// The call goes on after a break that does not count, such as a crash.
    Resume,
    /// The call is over.
    End,
    /// Takes back the last event that is not taken back yet.
    Undo,
}

/// An event and when it happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamped {
    /// When, as the record counts it: never before the event above it. Milliseconds.
    pub at: Timestamp,
    /// What the clock said, where that is something else (it was set back).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// What an event did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "effect")]
pub enum Effect {
    /// Moved within what is shown.
    Stepped,
    /// Kept something; nothing moved.
    Kept,
    /// Came to a stage.
    Entered {
        /// The stage's id.
        stage: String,
    },
    /// Opened an objection, or another response of it.
    Objection {
        /// The objection's card, as [`Event::Open`] takes it.
        card: String,
    },
    /// Opened a close.
    Close {
        /// The close, as [`Event::Close`] takes it.
        id: String,
    },
    /// Back at the very place from which a card was opened.
    Returned,
    /// An outcome is chosen; the call can be ended.
    Ending,
    /// The call is over.
    Ended,
    /// An event was taken back.
    Undone,
}

/// Why an event cannot happen now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// What is in the way.
    pub message: String,
    /// One next step.
    pub hint: Option<String>,
}

impl Refused {
    /// A refusal without a hint.
    pub fn new(message: impl Into<String>) -> Self {
        Refused { message: message.into(), hint: None }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds the next step, if there is one to tell.
    #[must_use]
    pub fn maybe_hint(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Refused {}
