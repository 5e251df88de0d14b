//! From an event to the next place, or to why it cannot be.

use super::answer::{option, typed};
use super::{Effect, Event, Frame, MAX_CARDS, MAX_TEXT, Refused, State, Walk};
use crate::book::{brief, is_variable_name};
use crate::diagnostic::did_you_mean;
use crate::script::{Branch, Line, Link, LinkKind};

type Moved = Result<(State, Effect), Refused>;

impl Walk {
    /// Where the call would be after an event that is neither an undo nor a break.
    pub(super) fn next_state(&self, event: &Event) -> Moved {
        let state = self.state.clone();
        match event {
            Event::Undo | Event::Resume => Ok((state, Effect::Kept)),
            Event::Next => self.on(state),
            Event::Back => self.back(state),
            Event::Line { number } => self.to_line(state, *number),
            Event::Branch { number } => self.branch(state, *number),
            Event::Anytime { number } => {
                let branch = self.numbered(&self.script.anytime, *number)?;
                self.follow(state, &branch.go)
            }
            Event::Stage { id } => {
                let known = self.script.stages.iter().map(|stage| stage.id.as_str());
                match self.names.stages.get(id) {
                    Some(stage) => Ok(self.enter(state, *stage)),
                    None => Err(unknown("stage", id, known)),
                }
            }
            Event::Open { card, heard } => {
                bounded(heard.as_deref().unwrap_or_default())?;
                let known = self.script.objections.iter().map(|card| card.id.as_str());
                match self.names.objections.get(card) {
                    Some(objection) => self.open(state, *objection),
                    None => Err(unknown("objection", card, known)),
                }
            }
            Event::Heard { words } => {
                bounded(words)?;
                self.open_objection(&state)?;
                Ok((state, Effect::Kept))
            }
            Event::Choose { response } => self.choose(state, response),
            Event::Used => self.used(state),
            Event::Landed => self.landed(state),
            Event::Resisted => self.resisted(state),
            Event::Accept => {
                self.open_objection(&state)?;
                Ok(lift(state))
            }
            Event::Leave if state.frames.is_empty() => {
                Err(Refused::new("nothing is open that could be left").hint("take the last step back"))
            }
            Event::Leave => Ok(lift(state)),
            Event::Close { id } => {
                let known = self.script.closes.iter().map(|close| close.id.as_str());
                match self.names.closes.get(id) {
                    Some(close) => self.try_close(state, *close),
                    None => Err(unknown("close", id, known)),
                }
            }
            Event::Yes | Event::No => {
                let Some(Frame::Close { close, .. }) = state.frames.last() else {
                    return Err(Refused::new("no close is open").hint("open a close first"));
                };
                let close = &self.script.closes[*close];
                let link = if *event == Event::Yes { &close.if_yes } else { &close.if_no };
                self.lift_and_follow(state, link.as_ref())
            }
            Event::Signal { id } => {
                let known = || self.script.signals.iter().map(|signal| signal.id.as_str());
                let signal = self.script.signals.iter().find(|signal| signal.id == *id);
                let signal = signal.ok_or_else(|| unknown("signal", id, known()))?;
                match &signal.go {
                    Some(link) => self.follow(state, link),
                    None => Ok((state, Effect::Kept)),
                }
            }
            Event::Answer { question, value } => self.take_answer(state, question.as_deref(), value),
            Event::NoAnswer { heard } => {
                bounded(heard)?;
                let open = matches!(state.frames.last(), Some(Frame::Objection { .. }));
                match (open, heard.trim().is_empty()) {
                    (true, _) => Ok(lift(state)),
                    (false, false) => Ok((state, Effect::Kept)),
                    (false, true) => {
                        Err(Refused::new("there is nothing to keep").hint("write what you heard"))
                    }
                }
            }
            Event::Note { text } if text.trim().is_empty() => {
                Err(Refused::new("the note is empty").hint("write something"))
            }
            Event::Note { text } => bounded(text).map(|()| (state, Effect::Kept)),
            Event::NextStep { what, .. } => bounded(what).map(|()| (state, Effect::Kept)),
            Event::Prospect { field, value } => {
                bounded(value)?;
                if !is_variable_name(field) {
                    let message = format!("`{}` cannot be the name of a field", brief(field));
                    return Err(Refused::new(message).hint("write one such as prospect.first_name"));
                }
                Ok((state, Effect::Kept))
            }
            Event::Outcome { id } => {
                let known = || self.script.outcomes.iter().map(|outcome| outcome.id.as_str());
                let outcome = self.script.outcomes.iter().position(|outcome| outcome.id == *id);
                let outcome = outcome.ok_or_else(|| unknown("outcome", id, known()))?;
                Ok(end_with(state, outcome))
            }
            Event::End => Ok((State { ended: true, ..state }, Effect::Ended)),
        }
    }

    fn on(&self, mut state: State) -> Moved {
        match state.frames.last_mut() {
            Some(Frame::Objection { objection, response: Some(response), turn, .. }) => {
                let turns = self.script.objections[*objection].responses[*response].turns.len();
                if *turn + 1 >= turns {
                    return Err(Refused::new("that was all of the answer").hint("say whether it landed"));
                }
                *turn += 1;
                Ok((state, Effect::Stepped))
            }
            Some(Frame::Objection { .. }) => {
                Err(Refused::new("no response is shown").hint("choose one, or accept and leave"))
            }
            Some(Frame::Close { .. }) => {
                Err(Refused::new("a close is open").hint("say whether they said yes or no"))
            }
            Some(Frame::Ending { .. }) => Err(Refused::new("this is the end of the call").hint("end it")),
            None => {
                let Some(stage) = state.stage.map(|stage| &self.script.stages[stage]) else {
                    return Err(Refused::new("the playbook has no stages").hint("choose an outcome"));
                };
                if state.line < stage.lines.len() {
                    state.line += 1;
                    return Ok((state, Effect::Stepped));
                }
                match &stage.next[..] {
                    [Branch { when: None, go }] => self.follow(state, go),
                    [] => Err(Refused::new("there is no way on from here").hint("choose an outcome")),
                    _ => Err(Refused::new("there are several ways on").hint("choose one")),
                }
            }
        }
    }

    fn back(&self, mut state: State) -> Moved {
        let at = match state.frames.last_mut() {
            Some(Frame::Objection { turn, .. }) => turn,
            Some(_) => return Err(Refused::new("there is nothing before this").hint("leave it")),
            None => &mut state.line,
        };
        let Some(before) = at.checked_sub(1) else {
            return Err(Refused::new("there is nothing before this").hint("take the last step back"));
        };
        *at = before;
        Ok((state, Effect::Stepped))
    }

    fn to_line(&self, mut state: State, number: usize) -> Moved {
        let lines = state.stage.map_or(0, |stage| self.script.stages[stage].lines.len());
        if number == 0 || number > lines + 1 {
            return Err(Refused::new(format!("there is no line {number} here"))
                .hint(format!("the stage has {lines} lines")));
        }
        state.frames.clear();
        state.line = number - 1;
        Ok((state, Effect::Stepped))
    }

    fn branch(&self, state: State, number: usize) -> Moved {
        if !state.frames.is_empty() {
            return Err(Refused::new("a card lies on the script").hint("leave it first"));
        }
        let next = state.stage.map_or(&[][..], |stage| &self.script.stages[stage].next);
        let branch = self.numbered(next, number)?;
        self.follow(state, &branch.go)
    }

    fn numbered<'a>(&self, branches: &'a [Branch], number: usize) -> Result<&'a Branch, Refused> {
        let found = number.checked_sub(1).and_then(|index| branches.get(index));
        found.ok_or_else(|| {
            let hint = match branches.len() {
                0 => "there are none here".to_string(),
                count => format!("choose from 1 to {count}"),
            };
            Refused::new(format!("there is no way on with the number {number}")).hint(hint)
        })
    }

    fn enter(&self, mut state: State, stage: usize) -> (State, Effect) {
        state.stage = Some(stage);
        state.line = 0;
        state.entry = Some(self.steps.len());
        state.frames.clear();
        (state, Effect::Entered { stage: self.script.stages[stage].id.clone() })
    }

    fn lift_and_follow(&self, mut state: State, link: Option<&Link>) -> Moved {
        state.frames.pop();
        match link {
            Some(link) => self.follow(state, link),
            None => Ok((state, Effect::Returned)),
        }
    }

    /// Goes where a link leads. One whose end is not in the script leads back.
    fn follow(&self, state: State, link: &Link) -> Moved {
        let (id, names) = (&link.id, &self.names);
        match link.kind {
            LinkKind::Stage => match names.stages.get(id) {
                Some(stage) => Ok(self.enter(state, *stage)),
                None => Ok((state, Effect::Returned)),
            },
            LinkKind::Close => match names.closes.get(id) {
                Some(close) => self.try_close(state, *close),
                None => Ok((state, Effect::Returned)),
            },
            LinkKind::Objection => match names.objections.get(id) {
                Some(objection) => self.open(state, *objection),
                None => Ok((state, Effect::Returned)),
            },
            LinkKind::Outcome => match self.script.outcomes.iter().position(|outcome| outcome.id == *id) {
                Some(outcome) => Ok(end_with(state, outcome)),
                None => Ok((state, Effect::Returned)),
            },
        }
    }

    fn open(&self, mut state: State, objection: usize) -> Moved {
        let card = &self.script.objections[objection];
        if matches!(state.frames.last(), Some(Frame::Objection { objection: open, .. }) if *open == objection)
        {
            return Err(Refused::new("this objection is open already").hint("say whether the answer landed"));
        }
        room(&state)?;
        let tried = self.tried(objection);
        let spent = card.limit.is_some_and(|limit| tried.len() >= limit as usize);
        let fresh = (0..card.responses.len()).find(|response| !tried.contains(response));
        let response = if spent { None } else { fresh.or((!card.responses.is_empty()).then_some(0)) };
        state.frames.push(Frame::Objection {
            objection,
            occurrence: self.steps.len(),
            response,
            turn: 0,
            used: false,
            accepting: response.is_none(),
        });
        Ok((state, Effect::Objection { card: self.card_name(objection) }))
    }

    fn try_close(&self, mut state: State, close: usize) -> Moved {
        if matches!(state.frames.last(), Some(Frame::Close { close: open, .. }) if *open == close) {
            return Err(Refused::new("this close is open already").hint("say whether they said yes or no"));
        }
        room(&state)?;
        state.frames.push(Frame::Close { close, occurrence: self.steps.len() });
        Ok((state, Effect::Close { id: self.close_name(close) }))
    }

    fn open_objection(&self, state: &State) -> Result<usize, Refused> {
        match state.frames.last() {
            Some(Frame::Objection { objection, .. }) => Ok(*objection),
            _ => Err(Refused::new("no objection is open").hint("open one first")),
        }
    }

    /// The objection that is open and the response that is shown.
    fn shown_response(&self, state: &State) -> Result<(usize, usize), Refused> {
        let objection = self.open_objection(state)?;
        match state.frames.last() {
            Some(Frame::Objection { response: Some(response), .. }) => Ok((objection, *response)),
            _ => Err(Refused::new("no response is shown").hint("choose one, or accept and leave")),
        }
    }

    fn choose(&self, mut state: State, id: &str) -> Moved {
        let objection = self.open_objection(&state)?;
        let card = &self.script.objections[objection];
        if let Some(limit) = card.limit
            && self.tried(objection).len() >= limit as usize
        {
            let times = if limit == 1 { "once".to_string() } else { format!("{limit} times") };
            return Err(Refused::new(format!("`{}` was answered {times}, which is its limit", card.id))
                .hint("accept it and leave"));
        }
        let known = card.responses.iter().map(|response| response.id.as_str());
        let Some(chosen) = card.responses.iter().position(|response| response.id == id) else {
            return Err(unknown("response", id, known));
        };
        if let Some(Frame::Objection { response, turn, used, accepting, .. }) = state.frames.last_mut() {
            (*response, *turn, *used, *accepting) = (Some(chosen), 0, false, false);
        }
        Ok((state, Effect::Objection { card: self.card_name(objection) }))
    }

    fn used(&self, mut state: State) -> Moved {
        self.shown_response(&state)?;
        match state.frames.last_mut() {
            Some(Frame::Objection { used, .. }) if !*used => {
                *used = true;
                Ok((state, Effect::Kept))
            }
            _ => Err(Refused::new("this response is noted as used").hint("say whether it landed")),
        }
    }

    fn landed(&self, state: State) -> Moved {
        let (objection, response) = self.shown_response(&state)?;
        let next = self.script.objections[objection].responses[response].next.as_ref();
        self.lift_and_follow(state, next)
    }

    fn resisted(&self, mut state: State) -> Moved {
        let (objection, said) = self.shown_response(&state)?;
        let card = &self.script.objections[objection];
        let mut tried = self.tried(objection);
        if matches!(state.frames.last(), Some(Frame::Objection { used: false, .. })) {
            tried.push(said);
        }
        let spent = card.limit.is_some_and(|limit| tried.len() >= limit as usize);
        let next = match card.responses[said].if_resists.as_deref() {
            _ if spent => None,
            Some("accept") => None,
            Some(id) => card.responses.iter().position(|response| response.id == id),
            // Where the book says nothing, the next best that was not said yet.
            None => (0..card.responses.len()).find(|response| !tried.contains(response)),
        };
        if let Some(Frame::Objection { response, turn, used, accepting, .. }) = state.frames.last_mut() {
            (*response, *turn, *used, *accepting) = (next, 0, false, next.is_none());
        }
        Ok((state, Effect::Objection { card: self.card_name(objection) }))
    }

    /// The stage and line of a question; without a name, that of the present line.
    pub(super) fn find_question(&self, name: Option<&str>, state: &State) -> Option<(usize, usize)> {
        let present = || {
            let (stage, line) = (state.stage?, state.line);
            let ask = matches!(self.script.stages[stage].lines.get(line), Some(Line::Ask { .. }));
            ask.then_some((stage, line))
        };
        let Some(name) = name else {
            return present();
        };
        // A question may be asked in several stages; the present line's is meant first.
        let is_named = |(stage, line): &(usize, usize)| match &self.script.stages[*stage].lines[*line] {
            Line::Ask { question: Some(question), .. } => question.id == name,
            _ => false,
        };
        present().filter(is_named).or_else(|| self.names.questions.get(name).copied())
    }

    fn take_answer(&self, state: State, name: Option<&str>, value: &str) -> Moved {
        bounded(value)?;
        let Some((stage, line)) = self.find_question(name, &state) else {
            let known = self.names.questions.keys().map(String::as_str);
            return Err(match name {
                Some(name) => unknown("question", name, known),
                None => Refused::new("nothing is asked here").hint("name the question"),
            });
        };
        let Line::Ask { question, .. } = &self.script.stages[stage].lines[line] else {
            return Ok((state, Effect::Kept));
        };
        typed(question.as_deref(), value)?;
        let is_here = state.frames.is_empty() && (state.stage, state.line) == (Some(stage), line);
        let picked = question.as_deref().and_then(|question| option(question, value));
        match picked.and_then(|option| option.go.as_ref()) {
            Some(link) if is_here && !value.trim().is_empty() => self.follow(state, link),
            _ => Ok((state, Effect::Kept)),
        }
    }
}

fn lift(mut state: State) -> (State, Effect) {
    state.frames.pop();
    (state, Effect::Returned)
}

fn end_with(mut state: State, outcome: usize) -> (State, Effect) {
    state.frames = vec![Frame::Ending { outcome: Some(outcome) }];
    (state, Effect::Ending)
}

fn room(state: &State) -> Result<(), Refused> {
    if state.frames.len() < MAX_CARDS {
        return Ok(());
    }
    Err(Refused::new(format!("{MAX_CARDS} cards lie on top of each other")).hint("leave some of them first"))
}

fn bounded(text: &str) -> Result<(), Refused> {
    match text.chars().nth(MAX_TEXT) {
        None => Ok(()),
        Some(_) => {
            Err(Refused::new(format!("the text has more than {MAX_TEXT} characters")).hint("shorten it"))
        }
    }
}

fn unknown<'a>(noun: &str, id: &str, known: impl Iterator<Item = &'a str>) -> Refused {
    // In the order of the alphabet: what is nearest must not depend on how names are kept.
    let mut known: Vec<&str> = known.collect();
    known.sort_unstable();
    Refused::new(format!("no {noun} is called `{}`", brief(id))).maybe_hint(did_you_mean(id, known))
}
