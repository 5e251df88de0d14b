//! What a rep types and chooses between two steps: lines, forms, lists.

use std::collections::BTreeMap;

use super::{Call, Mode};
use crate::calls::NextStep;
use crate::calls::day::{day, weekday};
use crate::markdown;
use crate::script::Branch;
use crate::script::walk::{Event, Input as Wanted};
use crate::site::{Named, called};
use crate::tui::{Field, Input, Key};

/// What a line is typed for.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Asking {
    Note,
    /// The words of the open objection.
    Heard,
    /// What has no answer.
    NoAnswer,
    /// The answer to a question, by its name.
    Answer {
        question: String,
        wanted: Wanted,
    },
    /// What happens next.
    Step,
    /// And when.
    Day {
        what: String,
    },
}

/// A line that is being typed.
#[derive(Debug, Clone)]
pub(super) struct Prompt {
    pub asking: Asking,
    pub label: String,
    pub hint: String,
    pub field: Field,
}

/// Something that can be chosen.
#[derive(Debug, Clone)]
pub(super) struct Item {
    /// The heading above it, where it begins a group.
    pub group: Option<&'static str>,
    pub title: String,
    pub event: Event,
}

/// A list to choose from.
#[derive(Debug, Clone)]
pub(super) struct Menu {
    pub title: String,
    pub items: Vec<Item>,
    pub chosen: usize,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub(super) struct Blank {
    pub name: String,
    pub title: String,
    pub example: String,
    pub required: bool,
    pub field: Field,
}

/// Several fields.
#[derive(Debug, Clone)]
pub(super) struct Form {
    pub blanks: Vec<Blank>,
    pub at: usize,
    /// Whether the call begins with it.
    pub first: bool,
}

impl Call<'_> {
    pub(super) fn ask(&mut self, asking: Asking) {
        let words = self.words;
        let (label, hint, text) = match &asking {
            Asking::Note => (self.parts.note.to_string(), "", String::new()),
            Asking::Heard | Asking::NoAnswer => (words.what_said.to_string(), "", self.heard_now()),
            Asking::Step => {
                (words.what_next.to_string(), "", self.step().map_or(String::new(), |step| step.what.clone()))
            }
            Asking::Day { .. } => {
                let date = self.step().and_then(|step| step.date);
                (words.which_day.to_string(), words.day_hint, date.map_or(String::new(), |d| d.to_string()))
            }
            Asking::Answer { question, wanted } => {
                let walk = self.session.walk();
                let hint = match wanted {
                    Wanted::Number => "12.5",
                    Wanted::Date => words.day_hint,
                    _ => "",
                };
                let known = walk.answer(question).unwrap_or_default().to_string();
                (self.asked(question), hint, known)
            }
        };
        let hint = hint.to_string();
        self.mode = Mode::Prompt(Prompt { asking, label, hint, field: Field::new(&text) });
    }

    /// The words of a question of the stage.
    fn asked(&self, name: &str) -> String {
        let asked = self.session.walk().question().filter(|asked| asked.name == name);
        asked.map_or_else(|| name.to_string(), |asked| markdown::to_plain(asked.text))
    }

    pub(super) fn step(&self) -> Option<&NextStep> {
        self.record.next_step.as_ref()
    }

    /// Asks for the answer to the question of the present line: a list where there is one to choose
    /// from, a line elsewhere.
    pub(super) fn ask_answer(&mut self) {
        let Some(asked) = self.session.walk().question() else {
            return self.refuse(self.words.not_here);
        };
        let (name, title) = (asked.name.clone(), markdown::to_plain(asked.text));
        let answer = asked.answer.map(str::to_string);
        let wanted = Wanted::of(asked.question);
        let pick = |value: &str, shown: &str| Item {
            group: None,
            title: shown.to_string(),
            event: Event::Answer { question: Some(name.clone()), value: value.to_string() },
        };
        let items: Vec<Item> = match &wanted {
            Wanted::OneOf(options) => {
                let leads = |option: &String| {
                    let question = asked.question?;
                    let choice = question.options.iter().find(|choice| choice.answer == *option)?;
                    choice.go.as_ref().map(|go| go.title.clone())
                };
                let shown = |option: &String| match leads(option) {
                    Some(title) => format!("{option} → {title}"),
                    None => option.clone(),
                };
                options.iter().map(|option| pick(option, &shown(option))).collect()
            }
            Wanted::YesNo => {
                vec![pick("yes", self.words.answer_yes), pick("no", self.words.answer_no)]
            }
            _ => return self.ask(Asking::Answer { question: name, wanted }),
        };
        let is_answer = |item: &Item| matches!(&item.event, Event::Answer { value, .. } if Some(value) == answer.as_ref());
        let chosen = items.iter().position(is_answer).unwrap_or(0);
        self.mode = Mode::Menu(Menu { title, items, chosen });
    }

    /// A key while a line is typed.
    pub(super) fn prompt_key(&mut self, key: Key) {
        let Mode::Prompt(prompt) = &mut self.mode else { return };
        match key {
            Key::Esc => self.mode = Mode::Call,
            Key::Enter | Key::Tab => {
                let (asking, text) = (prompt.asking.clone(), prompt.field.text().trim().to_string());
                self.submit(asking, text);
            }
            key => {
                prompt.field.press(key);
            }
        }
    }

    fn submit(&mut self, asking: Asking, text: String) {
        let (words, mut told) = (self.words, text.clone());
        let event = match asking {
            Asking::Note | Asking::Heard if text.is_empty() => {
                self.mode = Mode::Call;
                return;
            }
            Asking::Note => Event::Note { text: text.clone() },
            Asking::Heard => Event::Heard { words: text.clone() },
            Asking::NoAnswer => Event::NoAnswer { heard: text.clone() },
            Asking::Answer { question, wanted } => {
                // A day may be typed as people say it.
                let date = if wanted == Wanted::Date { day(&text, self.today) } else { None };
                let value = date.map_or_else(|| text.clone(), |date| date.to_string());
                Event::Answer { question: Some(question), value }
            }
            Asking::Step => return self.ask(Asking::Day { what: text }),
            Asking::Day { what } => {
                let date = day(&text, self.today);
                if date.is_none() && !text.is_empty() {
                    return self.refuse(words.not_date);
                }
                let named = date.map(|date| format!("{date} ({})", weekday(date, &self.language)));
                told = [named, Some(what.clone())].into_iter().flatten().collect::<Vec<_>>().join(" · ");
                Event::NextStep { what, date }
            }
        };
        let unanswered = matches!(event, Event::NoAnswer { .. });
        if !self.happen(event) {
            return;
        }
        self.mode = Mode::Call;
        let how = if unanswered { words.kept_unanswered } else { words.kept };
        self.tell(&how.replace("{}", &told));
    }

    /// A list to choose from; nothing where it would be empty.
    pub(super) fn choose(&mut self, title: &str, items: Vec<Item>) {
        if items.is_empty() {
            return self.refuse(self.words.not_here);
        }
        self.mode = Mode::Menu(Menu { title: title.to_string(), items, chosen: 0 });
    }

    /// A key while a list is open.
    pub(super) fn menu_key(&mut self, key: Key) {
        let page = self.page();
        let Mode::Menu(menu) = &mut self.mode else { return };
        let last = menu.items.len().saturating_sub(1);
        match key {
            Key::Esc | Key::Left => self.mode = Mode::Call,
            Key::Up | Key::BackTab | Key::Ctrl('p') => menu.chosen = menu.chosen.saturating_sub(1),
            Key::Down | Key::Tab | Key::Ctrl('n') => menu.chosen = (menu.chosen + 1).min(last),
            Key::PageUp => menu.chosen = menu.chosen.saturating_sub(page),
            Key::PageDown => menu.chosen = (menu.chosen + page).min(last),
            Key::Home => menu.chosen = 0,
            Key::End => menu.chosen = last,
            Key::Char(c @ '1'..='9') => {
                let number = c.to_digit(10).map_or(0, |digit| digit as usize) - 1;
                if number <= last {
                    menu.chosen = number;
                    self.take_item();
                }
            }
            Key::Enter | Key::Right | Key::Char(' ') => self.take_item(),
            Key::Char(c) if c.is_alphabetic() => self.open_search(Some(Input::Key(key))),
            _ => {}
        }
    }

    fn take_item(&mut self) {
        let Mode::Menu(menu) = &self.mode else { return };
        let Some(item) = menu.items.get(menu.chosen) else { return };
        let (event, menu) = (item.event.clone(), std::mem::replace(&mut self.mode, Mode::Call));
        if !self.happen(event) {
            self.mode = menu;
        }
    }

    /// Where the call can go from here.
    pub(super) fn destinations(&self) -> Vec<Item> {
        let walk = self.session.walk();
        let (script, mut items) = (self.script(), Vec::new());
        let mut group = |title: &'static str, events: Vec<(String, Event)>| {
            let mut heading = Some(title);
            for (title, event) in events {
                if walk.try_act(&event).is_ok() {
                    items.push(Item { group: heading.take(), title, event });
                }
            }
        };
        let numbered = |branches: &[Branch], make: fn(usize) -> Event| -> Vec<(String, Event)> {
            let all = branches.iter().enumerate();
            all.map(|(index, branch)| (self.branch_title(branch), make(index + 1))).collect()
        };
        let stage = walk.stage();
        group(
            self.parts.next,
            numbered(stage.map_or(&[][..], |stage| &stage.next), |number| Event::Branch { number }),
        );
        group(self.parts.closes, self.closes().into_iter().map(|item| (item.title, item.event)).collect());
        group(self.parts.anytime, numbered(&script.anytime, |number| Event::Anytime { number }));
        let stages = script.stages.iter();
        group(
            self.words.stages,
            stages
                .map(|one| (format!("{}. {}", one.number, one.title), Event::Stage { id: one.id.clone() }))
                .collect(),
        );
        let signals = script.signals.iter();
        group(
            self.parts.signals,
            signals.map(|one| (one.title.clone(), Event::Signal { id: one.id.clone() })).collect(),
        );
        items
    }

    /// The closes of the stage.
    pub(super) fn closes(&self) -> Vec<Item> {
        let walk = self.session.walk();
        let closes = walk.stage().map_or(&[][..], |stage| &stage.closes);
        let known = closes.iter().filter(|close| walk.close(&close.id).is_some());
        known
            .map(|close| Item {
                group: None,
                title: close.title.clone(),
                event: Event::Close { id: close.id.clone() },
            })
            .collect()
    }

    /// The ways that a call can end.
    pub(super) fn outcomes(&self) -> Vec<Item> {
        let outcomes = self.script().outcomes.iter();
        outcomes
            .map(|outcome| Item {
                group: None,
                title: format!(
                    "{} ({})",
                    outcome.title,
                    called(&self.language, Named::Result, outcome.result)
                ),
                event: Event::Outcome { id: outcome.id.clone() },
            })
            .collect()
    }

    /// A branch as people choose it.
    pub(super) fn branch_title(&self, branch: &Branch) -> String {
        match &branch.when {
            Some(when) => format!("{} → {}", markdown::to_plain(when), branch.go.title),
            None => format!("→ {}", branch.go.title),
        }
    }

    /// A form for what the script lacks, and for who calls; nothing where it lacks nothing.
    pub(super) fn missing(&self) -> Option<Form> {
        let form = self.form();
        let blanks: Vec<Blank> =
            form.blanks.into_iter().filter(|blank| blank.required && blank.field.is_empty()).collect();
        (!blanks.is_empty()).then_some(Form { blanks, at: 0, first: true })
    }

    /// A form for everything that the script is filled with.
    pub(super) fn form(&self) -> Form {
        let script = self.script();
        let mut blanks = Vec::new();
        let rep = self.record.rep.clone();
        if rep.is_some() || script.missing.iter().any(|missing| missing.name == "rep") {
            blanks.push(Blank {
                name: "rep".into(),
                title: self.words.rep.to_string(),
                example: String::new(),
                required: true,
                field: Field::new(rep.as_deref().unwrap_or_default()),
            });
        }
        for variable in &script.variables {
            let is_built_in = ["rep", "today"].contains(&variable.name.as_str());
            if !is_built_in {
                blanks.push(Blank {
                    name: variable.name.clone(),
                    title: variable.title.clone().unwrap_or_else(|| variable.name.clone()),
                    example: variable.example.clone().unwrap_or_default(),
                    required: variable.required,
                    field: Field::new(variable.value.as_deref().unwrap_or_default()),
                });
            }
        }
        Form { blanks, at: 0, first: false }
    }

    /// A key while a form is filled in. A field is kept when it is left.
    pub(super) fn form_key(&mut self, key: Key) {
        let Mode::Form(form) = &mut self.mode else { return };
        let last = form.blanks.len().saturating_sub(1);
        let at = form.at;
        let to = match key {
            Key::Esc => {
                self.mode = Mode::Call;
                return;
            }
            Key::Enter if at == last => {
                if self.keep_blank() {
                    self.mode = Mode::Call;
                }
                return;
            }
            Key::Enter | Key::Tab | Key::Down => (at + 1).min(last),
            Key::BackTab | Key::Up => at.saturating_sub(1),
            key => {
                if let Some(blank) = form.blanks.get_mut(at) {
                    blank.field.press(key);
                }
                return;
            }
        };
        if self.keep_blank()
            && let Mode::Form(form) = &mut self.mode
        {
            form.at = to;
        }
    }

    /// Keeps the field of a form, if it is another one than before. Whether it is one that can be.
    fn keep_blank(&mut self) -> bool {
        let Mode::Form(form) = &self.mode else { return true };
        let Some(blank) = form.blanks.get(form.at) else { return true };
        let (field, value) = (blank.name.clone(), blank.field.text().trim().to_string());
        let known = match field.as_str() {
            "rep" => self.record.rep.clone().unwrap_or_default(),
            name => {
                let variable = self.script().variables.iter().find(|variable| variable.name == name);
                variable.and_then(|variable| variable.value.clone()).unwrap_or_default()
            }
        };
        if known == value {
            return true;
        }
        let mut wanted: BTreeMap<String, String> = self.filled.clone();
        wanted.insert(field.clone(), value.clone());
        if let Err(misfit) = (self.fill)(&wanted) {
            self.refuse(&misfit);
            return false;
        }
        self.happen(Event::Prospect { field, value })
    }
}
