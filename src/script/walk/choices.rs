//! What can happen now, to be offered.

use super::answer::Input;
use super::{Event, Frame, Walk};
use crate::markdown;
use crate::script::Branch;

/// Something that can happen now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The event; where there is an input, with an empty text for it.
    pub event: Event,
    /// What people call it: the title of where it leads, the words of an option; empty where the
    /// event says all (`next`, `landed`).
    pub title: String,
    /// What has to be typed first, if anything.
    pub input: Option<Input>,
}

impl Walk {
    /// Everything that can happen now, likeliest first and in the same order at the same place. All of
    /// it can be acted on as it is, but for what wants an input; any objection or close of the book can
    /// be opened besides, and any line of the stage gone to.
    pub fn choices(&self) -> Vec<Choice> {
        let mut out = Vec::new();
        let plain = |event: Event, title: &str| Choice { event, title: title.to_string(), input: None };
        if !self.state.ended {
            self.here(&mut out);
            let script = &self.script;
            for dial in self.dial() {
                if self.objection(&dial.id).is_some() {
                    out.push(plain(Event::Open { card: dial.id.clone(), heard: None }, &dial.title));
                }
            }
            for close in self.stage().map_or(&[][..], |stage| &stage.closes) {
                if self.close(&close.id).is_some() {
                    out.push(plain(Event::Close { id: close.id.clone() }, &close.title));
                }
            }
            for (index, branch) in script.anytime.iter().enumerate() {
                out.push(plain(Event::Anytime { number: index + 1 }, &branch_title(branch)));
            }
            for signal in &script.signals {
                out.push(plain(Event::Signal { id: signal.id.clone() }, &signal.title));
            }
            for stage in &script.stages {
                out.push(plain(Event::Stage { id: stage.id.clone() }, &stage.title));
            }
            for outcome in &script.outcomes {
                out.push(plain(Event::Outcome { id: outcome.id.clone() }, &outcome.title));
            }
            for asked in self.state.stage.map(|stage| self.questions(stage)).into_iter().flatten() {
                out.push(Choice {
                    event: Event::Answer { question: Some(asked.name), value: String::new() },
                    title: markdown::to_plain(asked.text),
                    input: Some(Input::of(asked.question)),
                });
            }
            let text = |event: Event| Choice { event, title: String::new(), input: Some(Input::Text) };
            out.push(text(Event::NoAnswer { heard: String::new() }));
            out.push(text(Event::Note { text: String::new() }));
            out.push(text(Event::NextStep { what: String::new(), date: None }));
            out.push(plain(Event::End, ""));
        }
        if self.can_undo() {
            out.push(plain(Event::Undo, ""));
        }
        out.retain(|choice| choice.input.is_some() || self.try_act(&choice.event).is_ok());
        out
    }

    /// What belongs to what is shown.
    fn here(&self, out: &mut Vec<Choice>) {
        let plain = |event: Event, title: String| Choice { event, title, input: None };
        let bare = |event: Event| plain(event, String::new());
        match self.state.frames.last() {
            None => {
                out.extend([bare(Event::Next), bare(Event::Back)]);
                if let Some(asked) = self.question() {
                    let options = asked.question.map_or(&[][..], |question| &question.options);
                    for option in options {
                        let value = option.answer.clone();
                        let event = Event::Answer { question: Some(asked.name.clone()), value };
                        out.push(plain(event, option.answer.clone()));
                    }
                }
                for (index, branch) in self.stage().map_or(&[][..], |stage| &stage.next).iter().enumerate() {
                    out.push(plain(Event::Branch { number: index + 1 }, branch_title(branch)));
                }
            }
            Some(Frame::Objection { objection, .. }) => {
                let simple = [Event::Next, Event::Back, Event::Used, Event::Landed, Event::Resisted];
                out.extend(simple.map(bare));
                for response in &self.script.objections[*objection].responses {
                    let title =
                        response.when.as_ref().map_or_else(|| response.id.clone(), markdown::to_plain);
                    out.push(plain(Event::Choose { response: response.id.clone() }, title));
                }
                out.extend([Event::Accept, Event::Leave].map(bare));
                let event = Event::Heard { words: String::new() };
                out.push(Choice { event, title: String::new(), input: Some(Input::Text) });
            }
            Some(Frame::Close { .. }) => out.extend([Event::Yes, Event::No, Event::Leave].map(bare)),
            Some(Frame::Ending { .. }) => out.push(bare(Event::Leave)),
        }
    }
}

/// A branch as people choose it: when it is taken, else where it leads.
fn branch_title(branch: &Branch) -> String {
    match &branch.when {
        Some(when) => format!("{} → {}", markdown::to_plain(when), branch.go.title),
        None => branch.go.title.clone(),
    }
}
