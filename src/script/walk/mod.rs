//! The walk: where a call is in its script, what can happen there and what happened so far. Pure: the
//! same script and the same events make the same walk, so events that were kept in a journal or a
//! record give the call back ([`Walk::replay`]), and taking all of them back gives its beginning.
//!
//! A walk stands on a line of a stage. Objections, closes and the end of the call lie on top of it like
//! cards on a table, the newest uppermost; taking one away shows the very place below it.

mod answer;
mod choices;
mod event;
mod moves;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Close, Dial, Line, Objection, Outcome, Question, Response, Script, Stage};
use crate::template::spoken::{Filled, Piece};

pub use answer::Input;
pub(crate) use answer::typed;
pub use choices::Choice;
pub use event::{Effect, Event, Refused, Stamped};

/// The longest text that an event may bring, in characters.
pub const MAX_TEXT: usize = 10_000;
/// How many events a call may have; then it can only be ended. Somebody who presses a key every
/// second gets there after five and a half hours.
pub const MAX_EVENTS: usize = 20_000;
/// How many cards may lie on top of each other.
pub const MAX_CARDS: usize = 8;

/// What lies on top of the script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Frame {
    Objection {
        objection: usize,
        /// The step that opened it.
        occurrence: usize,
        response: Option<usize>,
        turn: usize,
        /// Whether the response was already noted as used.
        used: bool,
        /// Whether there is nothing left but to accept it.
        accepting: bool,
    },
    Close {
        close: usize,
        /// The step that opened it.
        occurrence: usize,
    },
    Ending {
        outcome: Option<usize>,
    },
}

/// Where a call is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) stage: Option<usize>,
    /// From 0; as many as there are lines is the stage's end.
    pub(crate) line: usize,
    /// The step that came to the stage; none for the beginning.
    pub(crate) entry: Option<usize>,
    pub(crate) frames: Vec<Frame>,
    pub(crate) ended: bool,
}

/// An event that stands, and where the call was before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub(crate) event: Event,
    pub(crate) at: Timestamp,
    pub(crate) before: State,
    /// Whether it no longer fits the script, so that it changed nothing.
    pub(crate) lapsed: bool,
}

/// A call that is going on, or over.
#[derive(Debug, Clone)]
pub struct Walk {
    script: Arc<Script>,
    names: Arc<Names>,
    started: Timestamp,
    state: State,
    /// What stands: what was taken back is not among them.
    steps: Vec<Step>,
    /// Everything that happened, in order.
    events: Vec<Stamped>,
}

/// Numbers of parts by what events call them.
#[derive(Debug, Default)]
struct Names {
    stages: HashMap<String, usize>,
    objections: HashMap<String, usize>,
    closes: HashMap<String, usize>,
    /// Stage and line.
    questions: HashMap<String, (usize, usize)>,
}

/// What is shown now.
#[derive(Debug, Clone, PartialEq)]
pub enum Place<'a> {
    /// The script itself.
    Script {
        /// The stage; none where the playbook has no stages.
        stage: Option<&'a Stage>,
        /// The line, from 0; as many as there are lines is the stage's end.
        line: usize,
    },
    /// An objection.
    Objection {
        /// The objection.
        objection: &'a Objection,
        /// The response that is shown.
        response: Option<&'a Response>,
        /// The turn of it, from 0.
        turn: usize,
        /// Whether the response was noted as used.
        used: bool,
        /// Whether there is nothing left but to accept it and leave.
        accepting: bool,
        /// The how-manieth time it came up in this call, from 1.
        times: usize,
    },
    /// A close.
    Close {
        /// The close.
        close: &'a Close,
    },
    /// The end: outcome, next step, notes.
    Ending {
        /// The outcome.
        outcome: Option<&'a Outcome>,
    },
    /// The call is over.
    Ended,
}

/// The question of the present line.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked<'a> {
    /// What [`Event::Answer`] calls it.
    pub name: String,
    /// Where the answer is kept.
    pub field: String,
    /// The question.
    pub text: &'a Filled,
    /// What belongs to it, where it is one of the book's.
    pub question: Option<&'a Question>,
    /// The answer so far, as it was typed.
    pub answer: Option<&'a str>,
}

impl Walk {
    /// Begins a call at the first stage. The script should be one made
    /// [`for_call`](crate::script::for_call), so that every card of the book can be opened.
    pub fn new(script: Arc<Script>, started: Timestamp) -> Self {
        let names = Arc::new(Names::of(&script));
        let stage = (!script.stages.is_empty()).then_some(0);
        let state = State { stage, line: 0, entry: None, frames: Vec::new(), ended: false };
        Walk { script, names, started: milliseconds(started), state, steps: Vec::new(), events: Vec::new() }
    }

    /// The call that events tell of. An event that no longer fits the script (the playbook was changed
    /// meanwhile) is kept but does nothing; [`Walk::lapsed`] counts them.
    pub fn replay(script: Arc<Script>, started: Timestamp, events: &[Stamped]) -> Self {
        let mut walk = Walk::new(script, started);
        for stamped in events {
            let at = stamped.clock.unwrap_or(stamped.at);
            if walk.act(stamped.event.clone(), at).is_err() {
                let stamped = walk.stamp(stamped.event.clone(), at);
                let (event, at) = (stamped.event.clone(), stamped.at);
                walk.events.push(stamped);
                // A refused undo took nothing back then either.
                if event != Event::Undo {
                    walk.steps.push(Step { event, at, before: walk.state.clone(), lapsed: true });
                }
            }
        }
        walk
    }

    /// How many of the events that stand do not fit the script.
    pub fn lapsed(&self) -> usize {
        self.steps.iter().filter(|step| step.lapsed).count()
    }

    /// Lets something happen, at a time. Times that run backwards are held where they were. What is
    /// refused changes nothing.
    pub fn act(&mut self, event: Event, at: Timestamp) -> Result<Effect, Refused> {
        if self.events.len() >= MAX_EVENTS && event != Event::End {
            return Err(Refused::new(format!("the call has {MAX_EVENTS} steps, and no room for more"))
                .hint("end the call"));
        }
        let effect = match &event {
            Event::Undo => {
                let Some(last) = self.steps.pop() else {
                    return Err(Refused::new("there is nothing to take back"));
                };
                self.state = last.before;
                Effect::Undone
            }
            _ if self.state.ended => {
                return Err(Refused::new("the call is over").hint("take the end back, or begin a new call"));
            }
            // A break is no step: whoever takes a step back does not mean it.
            Event::Resume => Effect::Kept,
            event => {
                let (state, effect) = self.next_state(event)?;
                let at = self.held(at);
                let before = std::mem::replace(&mut self.state, state);
                self.steps.push(Step { event: event.clone(), at, before, lapsed: false });
                effect
            }
        };
        let stamped = self.stamp(event, at);
        self.events.push(stamped);
        Ok(effect)
    }

    /// Whether an event could happen now; changes nothing.
    pub fn try_act(&self, event: &Event) -> Result<Effect, Refused> {
        match event {
            Event::Undo if self.steps.is_empty() => Err(Refused::new("there is nothing to take back")),
            Event::Undo => Ok(Effect::Undone),
            _ if self.state.ended => Err(Refused::new("the call is over")),
            Event::Resume => Ok(Effect::Kept),
            event => self.next_state(event).map(|(_, effect)| effect),
        }
    }

    /// The same call with other values in its texts. False, and nothing changed, where the script is not
    /// the same otherwise.
    pub fn refill(&mut self, script: Arc<Script>) -> bool {
        let shape = |script: &Script| {
            let stages = script.stages.iter().map(|stage| (stage.id.clone(), stage.lines.len()));
            let cards = script.objections.iter().map(|card| (card.id.clone(), card.responses.len()));
            let closes = script.closes.iter().map(|close| close.id.clone());
            (stages.collect::<Vec<_>>(), cards.collect::<Vec<_>>(), closes.collect::<Vec<_>>())
        };
        let same = shape(&self.script) == shape(&script);
        if same {
            self.script = script;
        }
        same
    }

    fn stamp(&self, event: Event, clock: Timestamp) -> Stamped {
        let clock = milliseconds(clock);
        let at = self.held(clock);
        Stamped { at, clock: (clock != at).then_some(clock), event }
    }

    /// A time, held where it would run backwards.
    fn held(&self, at: Timestamp) -> Timestamp {
        milliseconds(at).max(self.last())
    }

    /// When something last happened.
    pub fn last(&self) -> Timestamp {
        self.events.last().map_or(self.started, |event| event.at)
    }

    /// When the call began.
    pub fn started(&self) -> Timestamp {
        self.started
    }

    /// The script.
    pub fn script(&self) -> &Arc<Script> {
        &self.script
    }

    /// Everything that happened, in order, what was taken back included.
    pub fn events(&self) -> &[Stamped] {
        &self.events
    }

    /// Whether there is something to take back.
    pub fn can_undo(&self) -> bool {
        !self.steps.is_empty()
    }

    /// Whether the call is over.
    pub fn is_ended(&self) -> bool {
        self.state.ended
    }

    /// What is shown now.
    pub fn place(&self) -> Place<'_> {
        let script = &self.script;
        if self.state.ended {
            return Place::Ended;
        }
        match self.state.frames.last() {
            None => Place::Script { stage: self.stage(), line: self.state.line },
            Some(Frame::Ending { outcome }) => {
                Place::Ending { outcome: outcome.map(|outcome| &script.outcomes[outcome]) }
            }
            Some(Frame::Close { close, .. }) => Place::Close { close: &script.closes[*close] },
            Some(Frame::Objection { objection, response, turn, used, accepting, occurrence }) => {
                let card = &script.objections[*objection];
                Place::Objection {
                    objection: card,
                    response: response.map(|response| &card.responses[response]),
                    turn: *turn,
                    used: *used,
                    accepting: *accepting,
                    times: self.times(*objection, *occurrence),
                }
            }
        }
    }

    /// The stage that the call is in, whatever lies on top of it.
    pub fn stage(&self) -> Option<&Stage> {
        self.state.stage.map(|stage| &self.script.stages[stage])
    }

    /// The line of the stage, from 0; as many as there are lines is the stage's end.
    pub fn line(&self) -> usize {
        self.state.line
    }

    /// How many cards lie on top of the script.
    pub fn depth(&self) -> usize {
        self.state.frames.len()
    }

    /// The outcome, where one is chosen.
    pub fn outcome(&self) -> Option<&Outcome> {
        self.state.frames.iter().find_map(|frame| match frame {
            Frame::Ending { outcome: Some(outcome) } => Some(&self.script.outcomes[*outcome]),
            _ => None,
        })
    }

    /// The speed dial of the stage, in the order of the book: it never changes within a call.
    pub fn dial(&self) -> &[Dial] {
        self.stage().map_or(&[], |stage| &stage.objections)
    }

    /// An objection of the book: by its id, or as `playbook/id`.
    pub fn objection(&self, card: &str) -> Option<&Objection> {
        self.names.objections.get(card).map(|index| &self.script.objections[*index])
    }

    /// A close of the book: by its id, or as `playbook/id`.
    pub fn close(&self, id: &str) -> Option<&Close> {
        self.names.closes.get(id).map(|index| &self.script.closes[*index])
    }

    /// How often an objection was answered in this call, whatever came of it.
    pub fn answered(&self, card: &str) -> usize {
        self.names.objections.get(card).map_or(0, |index| self.tried(*index).len())
    }

    /// The question of the present line of the script, if there is one.
    pub fn question(&self) -> Option<Asked<'_>> {
        let stage = self.state.stage?;
        self.asked(stage, self.state.line)
    }

    /// Every question of a stage, by the stage's place in the script.
    pub fn questions(&self, stage: usize) -> Vec<Asked<'_>> {
        let lines = self.script.stages.get(stage).map_or(0, |stage| stage.lines.len());
        (0..lines).filter_map(|line| self.asked(stage, line)).collect()
    }

    /// Required questions of the present stage that have no answer yet.
    pub fn unanswered(&self) -> Vec<Asked<'_>> {
        let required = |asked: &Asked<'_>| {
            asked.answer.is_none() && asked.question.is_some_and(|question| question.required)
        };
        self.state.stage.map(|stage| self.questions(stage)).into_iter().flatten().filter(required).collect()
    }

    fn asked(&self, stage: usize, line: usize) -> Option<Asked<'_>> {
        let part = self.script.stages.get(stage)?;
        let Line::Ask { text, question } = part.lines.get(line)? else {
            return None;
        };
        let (name, field) = asked_names(part, line, question.as_deref());
        let answer = self.answer(&name);
        Some(Asked { name, field, text, question: question.as_deref(), answer })
    }

    /// The answer to a question, as it was typed.
    pub fn answer(&self, question: &str) -> Option<&str> {
        let mut steps = self.steps.iter().filter(|step| !step.lapsed).rev();
        steps.find_map(|step| match &step.event {
            Event::Answer { value, .. } if self.names_question(step, question) => {
                Some(Some(value.trim()).filter(|value| !value.is_empty()))
            }
            _ => None,
        })?
    }

    fn names_question(&self, step: &Step, question: &str) -> bool {
        self.answered_question(step).is_some_and(|(stage, line)| {
            let part = &self.script.stages[stage];
            let Some(Line::Ask { question: known, .. }) = part.lines.get(line) else {
                return false;
            };
            asked_names(part, line, known.as_deref()).0 == question
        })
    }

    /// The stage and line of the question that an answer was for.
    pub(crate) fn answered_question(&self, step: &Step) -> Option<(usize, usize)> {
        let Event::Answer { question, .. } = &step.event else {
            return None;
        };
        self.find_question(question.as_deref(), &step.before)
    }

    /// How an answer is said back: `confirm` with the answer filled in.
    pub fn confirm(&self, question: &Question) -> Option<Filled> {
        let answer = self.answer(&question.id).unwrap_or("…");
        let fill = |piece: &Piece| match piece {
            Piece::Blank(name) if name == "answer" => Piece::Value(answer.to_string()),
            other => other.clone(),
        };
        question.confirm.as_ref().map(|text| Filled(text.0.iter().map(fill).collect()))
    }

    /// How long the call has been in its stage; breaks ([`Event::Resume`]) do not count.
    pub fn time_in_stage(&self, now: Timestamp) -> SignedDuration {
        let entered = self.state.entry.map_or(self.started, |entry| self.steps[entry].at);
        self.between(entered, now.max(self.last()))
    }

    /// How long the call has been going on; breaks do not count.
    pub fn time(&self, now: Timestamp) -> SignedDuration {
        self.between(self.started, if self.state.ended { self.last() } else { now.max(self.last()) })
    }

    /// The time between two moments without the breaks.
    pub(crate) fn between(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        let mut span = to.duration_since(from);
        let mut before = self.started;
        for stamped in &self.events {
            if stamped.event == Event::Resume {
                let (start, end) = (before.max(from), stamped.at.min(to));
                if end > start {
                    span -= end.duration_since(start);
                }
            }
            before = stamped.at;
        }
        span
    }

    /// What stands, with where the call was after it.
    pub(crate) fn standing(&self) -> impl Iterator<Item = (usize, &Step, &State)> {
        let after = self.steps.iter().skip(1).map(|step| &step.before).chain([&self.state]);
        self.steps.iter().zip(after).enumerate().map(|(number, (step, after))| (number, step, after))
    }

    /// The responses of an objection that were said, in order.
    fn tried(&self, objection: usize) -> Vec<usize> {
        let said = |step: &Step| {
            let says = matches!(step.event, Event::Used | Event::Landed | Event::Resisted);
            match step.before.frames.last() {
                Some(Frame::Objection { objection: open, response: Some(response), used, .. })
                    if says && !step.lapsed && *open == objection && !used =>
                {
                    Some(*response)
                }
                _ => None,
            }
        };
        self.steps.iter().filter_map(said).collect()
    }

    /// The how-manieth time an objection was opened, at the step that opened it.
    pub(crate) fn times(&self, objection: usize, occurrence: usize) -> usize {
        let opened = |(number, _, after): &(usize, &Step, &State)| match after.frames.last() {
            Some(Frame::Objection { objection: open, occurrence, .. }) => {
                *open == objection && occurrence == number
            }
            _ => false,
        };
        self.standing().take(occurrence + 1).filter(opened).count()
    }

    /// What [`Event::Open`] calls an objection.
    pub(crate) fn card_name(&self, objection: usize) -> String {
        let card = &self.script.objections[objection];
        match self.names.objections.get(&card.id) {
            Some(index) if *index == objection => card.id.clone(),
            _ => format!("{}/{}", card.playbook, card.id),
        }
    }

    /// What [`Event::Close`] calls a close.
    pub(crate) fn close_name(&self, close: usize) -> String {
        let card = &self.script.closes[close];
        match self.names.closes.get(&card.id) {
            Some(index) if *index == close => card.id.clone(),
            _ => format!("{}/{}", card.playbook, card.id),
        }
    }
}

/// Two walks are the same when the same happened and they stand in the same place.
impl PartialEq for Walk {
    fn eq(&self, other: &Self) -> bool {
        (self.started, &self.state, &self.steps, &self.events)
            == (other.started, &other.state, &other.steps, &other.events)
    }
}

impl Walk {
    /// Whether two walks stand in the same place with the same behind them, whatever was taken back.
    pub fn same_place(&self, other: &Walk) -> bool {
        (self.started, &self.state, &self.steps) == (other.started, &other.state, &other.steps)
    }
}

/// What an answer's event calls a question, and where the answer is kept.
pub(crate) fn asked_names(stage: &Stage, line: usize, question: Option<&Question>) -> (String, String) {
    match question {
        Some(question) => {
            (question.id.clone(), question.field.clone().unwrap_or_else(|| question.id.clone()))
        }
        None => {
            let name = format!("{}/{}", stage.id, line + 1);
            (name.clone(), name)
        }
    }
}

fn milliseconds(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

impl Names {
    fn of(script: &Script) -> Self {
        let mut names = Names::default();
        for (index, stage) in script.stages.iter().enumerate() {
            names.stages.entry(stage.id.clone()).or_insert(index);
            for (line, part) in stage.lines.iter().enumerate() {
                if let Line::Ask { question, .. } = part {
                    let (name, _) = asked_names(stage, line, question.as_deref());
                    names.questions.entry(name).or_insert((index, line));
                }
            }
        }
        for (index, card) in script.objections.iter().enumerate() {
            names.objections.entry(card.id.clone()).or_insert(index);
            names.objections.entry(format!("{}/{}", card.playbook, card.id)).or_insert(index);
        }
        for (index, close) in script.closes.iter().enumerate() {
            names.closes.entry(close.id.clone()).or_insert(index);
            names.closes.entry(format!("{}/{}", close.playbook, close.id)).or_insert(index);
        }
        names
    }
}
