//! From what happened to its record.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::record::{
    Answer, Closing, Header, Heard, Logged, NextStep, NoAnswer, Note, Noticed, Record, Tried, Visit,
};
use crate::script::Line;
use crate::script::walk::{Event, Frame, State, Walk, asked_names, typed};

impl Record {
    /// The record of a call as far as it has come. The one way from events to a record; the same
    /// header, script and events make the same record.
    pub fn of(walk: &Walk, header: &Header) -> Self {
        let mut maker = Maker { walk, record: Record::begun(header), objections: vec![], closes: vec![] };
        if let Some(stage) = walk.script().stages.first() {
            maker.visit(stage.id.clone(), walk.started());
        }
        for (number, step, after) in walk.standing() {
            if !step.lapsed {
                maker.event(&step.event, step.at, &step.before, walk.answered_question(step));
            }
            maker.moved(number, &step.event, step.at, &step.before, after);
        }
        let ended = walk.is_ended().then(|| walk.last());
        let mut record = maker.record;
        record.started = walk.started();
        record.ended = ended;
        record.seconds = Some(walk.time(walk.last()).as_secs());
        for visit in &mut record.path {
            visit.left = visit.left.or(ended);
            let until = visit.left.unwrap_or_else(|| walk.last());
            visit.seconds = Some(walk.between(visit.entered, until).as_secs());
        }
        for heard in &mut record.objections {
            heard.left = heard.left.or(ended);
            let last = heard.tried.last();
            heard.response = last.map(|tried| tried.response.clone());
            heard.landed = last.and_then(|tried| tried.landed);
        }
        record.outcome = walk.outcome().map(|outcome| outcome.id.clone());
        record.result = walk.outcome().map(|outcome| outcome.result.to_string());
        record.events = walk.events().iter().cloned().map(Logged::Event).collect();
        record
    }
}

struct Maker<'a> {
    walk: &'a Walk,
    record: Record,
    /// The steps that opened the record's objections, by their number.
    objections: Vec<usize>,
    /// The same of its closes.
    closes: Vec<usize>,
}

impl Maker<'_> {
    fn visit(&mut self, stage: String, entered: Timestamp) {
        if let Some(last) = self.record.path.last_mut() {
            last.left = Some(entered);
        }
        self.record.path.push(Visit { stage, entered, left: None, seconds: None, extra: Map::new() });
    }

    fn stage_of(&self, state: &State) -> Option<String> {
        state.stage.map(|stage| self.walk.script().stages[stage].id.clone())
    }

    /// The objection of the record that a frame shows.
    fn heard(&mut self, frame: Option<&Frame>) -> Option<&mut Heard> {
        let Some(Frame::Objection { occurrence, .. }) = frame else {
            return None;
        };
        let index = self.objections.iter().rposition(|opened| opened == occurrence)?;
        self.record.objections.get_mut(index)
    }

    /// What an event tells by itself.
    fn event(&mut self, event: &Event, at: Timestamp, before: &State, asked: Option<(usize, usize)>) {
        let at = Some(at);
        let stage = self.stage_of(before);
        let top = before.frames.last();
        match event {
            Event::Used => self.tried(top, None, at),
            Event::Landed => self.tried(top, Some(true), at),
            Event::Resisted => self.tried(top, Some(false), at),
            Event::Accept => {
                if let Some(heard) = self.heard(top) {
                    heard.accepted = true;
                }
            }
            Event::Heard { words } => {
                if let Some(heard) = self.heard(top) {
                    heard.heard = worded(words);
                }
            }
            Event::NoAnswer { heard: words } => {
                let (mut words, mut card) = (words.trim().to_string(), None);
                if let Some(open) = self.heard(top) {
                    card = Some(open.card.clone());
                    if words.is_empty() {
                        words = open.heard.clone().unwrap_or_default();
                    }
                }
                self.record.no_answer.push(NoAnswer { heard: words, stage, card, at, extra: Map::new() });
            }
            Event::Yes | Event::No => self.closed(top, *event == Event::Yes),
            Event::Signal { id } => {
                self.record.signals.push(Noticed { signal: id.clone(), stage, at, extra: Map::new() });
            }
            Event::Answer { value, .. } => self.answer(value, asked, at),
            Event::Note { text } => {
                self.record.notes.push(Note { text: text.trim().to_string(), stage, at, extra: Map::new() });
            }
            Event::NextStep { what, date } => {
                let what = what.trim().to_string();
                let empty = what.is_empty() && date.is_none();
                self.record.next_step = (!empty).then(|| NextStep { what, date: *date, extra: Map::new() });
            }
            Event::Prospect { field, value } => self.record.set(field, value),
            _ => {}
        }
    }

    fn tried(&mut self, frame: Option<&Frame>, landed: Option<bool>, at: Option<Timestamp>) {
        let Some(Frame::Objection { objection, response: Some(response), used, .. }) = frame else {
            return;
        };
        let response = self.walk.script().objections[*objection].responses[*response].id.clone();
        let Some(heard) = self.heard(frame) else {
            return;
        };
        match heard.tried.last_mut() {
            Some(last) if *used => last.landed = landed,
            _ => heard.tried.push(Tried { response, landed, at, extra: Map::new() }),
        }
    }

    fn closed(&mut self, frame: Option<&Frame>, yes: bool) {
        let Some(Frame::Close { close, occurrence }) = frame else {
            return;
        };
        let close = &self.walk.script().closes[*close];
        let link = if yes { &close.if_yes } else { &close.if_no };
        let index = self.closes.iter().rposition(|opened| opened == occurrence);
        if let Some(closing) = index.and_then(|index| self.record.closes.get_mut(index)) {
            closing.yes = Some(yes);
            closing.led_to = link.as_ref().map(|link| link.id.clone());
        }
    }

    fn answer(&mut self, value: &str, asked: Option<(usize, usize)>, at: Option<Timestamp>) {
        let Some((stage, line)) = asked else {
            return;
        };
        let part = &self.walk.script().stages[stage];
        let Some(Line::Ask { question, .. }) = part.lines.get(line) else {
            return;
        };
        let (name, field) = asked_names(part, line, question.as_deref());
        match typed(question.as_deref(), value) {
            Ok(Value::Null) => {
                self.record.answers.shift_remove(&field);
            }
            Ok(value) => {
                let (question, stage) = (Some(name), Some(part.id.clone()));
                let answer = Answer { value, question, stage, at, extra: Map::new() };
                self.record.answers.insert(field, answer);
            }
            Err(_) => {}
        }
    }

    /// What the places before and after an event tell: stages entered, cards opened and left.
    fn moved(&mut self, number: usize, event: &Event, at: Timestamp, before: &State, after: &State) {
        let opened = |frame: &Frame| match frame {
            Frame::Objection { occurrence, .. } | Frame::Close { occurrence, .. } => Some(*occurrence),
            Frame::Ending { .. } => None,
        };
        for frame in &before.frames {
            let still = after.frames.iter().any(|other| opened(other) == opened(frame));
            if let Some(heard) = self.heard(Some(frame)).filter(|_| !still) {
                heard.left = Some(at);
            }
        }
        if after.entry == Some(number)
            && let Some(stage) = self.stage_of(after)
        {
            self.visit(stage, at);
        }
        let stage = self.stage_of(after);
        match after.frames.last() {
            Some(Frame::Objection { objection, occurrence, .. }) if *occurrence == number => {
                let card = &self.walk.script().objections[*objection];
                let heard = match event {
                    Event::Open { heard: Some(words), .. } => worded(words),
                    _ => None,
                };
                self.objections.push(number);
                self.record.objections.push(Heard {
                    card: self.walk.card_name(*objection),
                    playbook: Some(card.playbook.clone()),
                    stage,
                    at: Some(at),
                    left: None,
                    times: self.walk.times(*objection, number),
                    heard,
                    response: None,
                    landed: None,
                    accepted: false,
                    tried: Vec::new(),
                    extra: Map::new(),
                });
            }
            Some(Frame::Close { close, occurrence }) if *occurrence == number => {
                self.closes.push(number);
                self.record.closes.push(Closing {
                    close: self.walk.close_name(*close),
                    stage,
                    at: Some(at),
                    yes: None,
                    led_to: None,
                    extra: Map::new(),
                });
            }
            _ => {}
        }
    }
}

fn worded(words: &str) -> Option<String> {
    Some(words.trim().to_string()).filter(|words| !words.is_empty())
}
