//! From a playbook of the book to its Script.

use std::collections::{BTreeMap, BTreeSet};

use super::named::Naming;
use super::values::{Given, Titles, values};
use super::{
    Branch, Choice, Close, Criterion, Dial, Escalate, FollowUp, Line, Link, LinkKind, Material, Missing,
    Objection, Outcome, Proof, Question, Response, Script, Signal, Stage, Turn, VariableState,
};
use crate::book::Book;
use crate::book::model::{self, Answer, Common, IfResists, LineContent, Markup, Ref, Target};
use crate::template::spoken::{Filled, Piece, Values, fill};

/// What a script is wanted for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What the variables are.
    pub given: BTreeMap<String, Given>,
    /// Whether internal parts leave no trace.
    pub public: bool,
}

struct Builder<'a> {
    book: &'a Book,
    volume: usize,
    values: Values,
    titles: Titles,
    public: bool,
    used: Vec<String>,
    objections: Vec<Ref<model::Objection>>,
    closes: Vec<Ref<model::Close>>,
    for_call: bool,
    page: Option<Page<'a>>,
}

/// How many objections a page carries, besides those that something leads to: more would take a browser
/// too long to open.
pub const MOST_ON_PAGE: usize = 2_000;

/// What is else in a script for a page.
struct Page<'a> {
    naming: Naming,
    shows: &'a dyn Fn(&Common) -> bool,
}

/// Makes the script of a playbook, by its number in the book.
pub fn build(book: &Book, volume: usize, request: &Request) -> Script {
    Builder::new(book, volume, request, false).script(request)
}

/// The same for a call that is led through it. Every objection and close of the book comes along,
/// because a buyer may say anything and search finds them all: those of the playbook's scope first,
/// then those in its language, then the others. What a card from elsewhere leads to is left out where
/// it is not in scope, and `answer` in a question's `confirm` stays a blank of that name.
pub fn for_call(book: &Book, volume: usize, request: &Request) -> Script {
    Builder::new(book, volume, request, true).script(request)
}

/// The same for a page on which a call is led: texts say which variable each of their values is of
/// ([`Piece::Named`]), blanks are called by their names, and of cards only those in the playbook's scope
/// come along. `shows` says what may leave a trace; a variable that may not has no value.
pub fn for_page(book: &Book, volume: usize, shows: &dyn Fn(&Common) -> bool) -> Script {
    let hidden = book.variables(volume).into_iter().filter(|variable| !shows(&variable.common));
    let given = hidden.map(|variable| (variable.name.clone(), Given::Text(String::new()))).collect();
    let request = Request { given, public: false };
    let mut builder = Builder::new(book, volume, &request, true);
    builder.titles = Titles::default();
    builder.page = Some(Page { naming: Naming::new(book, volume, shows), shows });
    builder.script(&request)
}

impl<'a> Builder<'a> {
    fn new(book: &'a Book, volume: usize, request: &Request, for_call: bool) -> Self {
        Builder {
            book,
            volume,
            values: values(book, volume, &request.given),
            titles: Titles::of(book, volume),
            public: request.public,
            used: Vec::new(),
            objections: Vec::new(),
            closes: Vec::new(),
            for_call,
            page: None,
        }
    }

    /// Everything that a call may meet, in scope and out of it.
    fn every_card(&mut self) {
        let own = self.book.scope(self.volume).map(|(number, _)| number);
        let language = &self.book.volumes[self.volume].language;
        let (mut near, mut far) = (own.collect::<Vec<_>>(), Vec::new());
        let elsewhere = if self.page.is_some() { &[][..] } else { &self.book.volumes[..] };
        for (number, volume) in elsewhere.iter().enumerate() {
            if !near.contains(&number) && self.shown(&volume.common) {
                if volume.language == *language { near.push(number) } else { far.push(number) }
            }
        }
        for number in near.into_iter().chain(far) {
            let volume = &self.book.volumes[number];
            let room = self.room();
            self.objections
                .extend((0..volume.objections.len()).map(|index| Ref::at(number, index)).take(room));
            self.closes.extend((0..volume.closes.len()).map(|index| Ref::at(number, index)));
        }
    }

    /// How many objections may still come along, besides those that something leads to.
    fn room(&self) -> usize {
        match &self.page {
            Some(_) => MOST_ON_PAGE.saturating_sub(self.objections.len()),
            None => usize::MAX,
        }
    }

    fn in_scope(&self, volume: usize) -> bool {
        volume == self.volume || self.book.volumes[self.volume].uses.contains(&volume)
    }

    fn shown(&self, common: &Common) -> bool {
        match &self.page {
            Some(page) => (page.shows)(common),
            None => !(self.public && common.is_internal()),
        }
    }

    fn text(&mut self, markup: &Markup) -> Filled {
        let filled = match &self.page {
            Some(page) => page.naming.fill(markup.source(), &self.values),
            None => fill(markup.source(), &self.values),
        };
        for name in filled.blanks() {
            if !self.used.iter().any(|known| known == name) {
                self.used.push(name.to_string());
            }
        }
        // On a page a blank is found by its name.
        if self.page.is_some() { filled } else { self.titles.label(filled) }
    }

    fn maybe(&mut self, markup: Option<&Markup>) -> Option<Filled> {
        markup.map(|markup| self.text(markup))
    }

    /// What a role is called, where a text is the id of one: of the playbook, or of another in its language.
    fn role(&self, text: &str) -> String {
        let own = &self.book.volumes[self.volume];
        let near = self.book.volumes.iter().filter(|volume| volume.language == own.language);
        let known = std::iter::once(own).chain(near).flat_map(|volume| &volume.roles);
        let mut shown = known.filter(|role| self.shown(&role.common));
        shown
            .find(|role| role.id.as_str() == text)
            .map_or_else(|| text.to_string(), |role| role.title.clone())
    }

    /// How an answer is said back; in a call the answer is filled in when it is there.
    fn confirm(&mut self, markup: &Markup) -> Filled {
        let text = self.text(markup);
        if !self.for_call || self.page.is_some() {
            return text;
        }
        let unlabelled = fill(markup.source(), &self.values);
        let pieces = text.0.into_iter().zip(unlabelled.0);
        let keep = |(labelled, plain): (Piece, Piece)| match plain {
            Piece::Blank(name) if name == "answer" => Piece::Blank(name),
            _ => labelled,
        };
        Filled(pieces.map(keep).collect())
    }

    fn many(&mut self, markups: &[Markup]) -> Vec<Filled> {
        markups.iter().map(|markup| self.text(markup)).collect()
    }

    /// A link, unless what it leads to must leave no trace. What is led to comes along.
    fn link(&mut self, target: Target) -> Option<Link> {
        let volume = match target {
            Target::Stage(stage) => stage.volume,
            Target::Close(close) => close.volume,
            Target::Objection(objection) => objection.volume,
            Target::Outcome(outcome) => outcome.volume,
        };
        if !self.shown(self.book.target_common(target)) || !self.in_scope(volume) {
            return None;
        }
        let kind = match target {
            Target::Stage(_) => LinkKind::Stage,
            Target::Close(close) => {
                self.closes.push(close);
                LinkKind::Close
            }
            Target::Objection(objection) => {
                self.objections.push(objection);
                LinkKind::Objection
            }
            Target::Outcome(_) => LinkKind::Outcome,
        };
        Some(Link {
            kind,
            id: self.book.target_id(target).to_string(),
            title: self.book.target_title(target).to_string(),
        })
    }

    fn branches(&mut self, branches: &[model::Branch]) -> Vec<Branch> {
        let mut out = Vec::new();
        for branch in branches {
            if !self.shown(&branch.common) {
                continue;
            }
            if let Some(go) = self.link(branch.go) {
                out.push(Branch { when: self.maybe(branch.when.as_ref()), go });
            }
        }
        out
    }

    fn script(&mut self, request: &Request) -> Script {
        let book = self.book;
        let volume = &book.volumes[self.volume];
        let summary = self.maybe(volume.summary.as_ref());
        let shown: Vec<&model::Stage> =
            volume.stages.iter().filter(|stage| self.shown(&stage.common)).collect();
        let mut stages = Vec::new();
        for (index, stage) in shown.iter().enumerate() {
            stages.push(self.stage(stage, index, shown.get(index + 1).copied()));
        }
        let mut anytime = self.branches(&volume.anytime);
        for library in &volume.uses {
            let library = &book.volumes[*library];
            if self.shown(&library.common) {
                anytime.extend(self.branches(&library.anytime));
            }
        }
        // The playbook's own cards are part of it even where no stage names them.
        let room = self.room();
        let own = (0..volume.objections.len()).map(|index| Ref::at(self.volume, index));
        self.objections.extend(own.take(room));
        self.closes.extend((0..volume.closes.len()).map(|index| Ref::at(self.volume, index)));
        let mut signals = Vec::new();
        if self.for_call {
            for signal in book.scope(self.volume).flat_map(|(_, volume)| &volume.signals) {
                if self.shown(&signal.common) {
                    signals.push(self.signal(signal));
                }
            }
            self.every_card();
        }
        // What is led to may lead further; each part once, in the order of first mention.
        let (mut objections, mut closes) = (Vec::new(), Vec::new());
        let (mut objection, mut close) = (0, 0);
        let mut seen_objections = BTreeSet::new();
        let mut seen_closes = BTreeSet::new();
        while objection < self.objections.len() || close < self.closes.len() {
            let (used, mut volume) = (self.used.len(), self.volume);
            if let Some(next) = self.objections.get(objection).copied() {
                objection += 1;
                volume = next.volume;
                if seen_objections.insert(next) && self.shown(&book.get(next).common) {
                    let made = self.objection(next);
                    objections.push(made);
                }
            } else if let Some(next) = self.closes.get(close).copied() {
                close += 1;
                volume = next.volume;
                if seen_closes.insert(next) && self.shown(&book.get(next).common) {
                    let made = self.close(next);
                    closes.push(made);
                }
            }
            // Nobody is asked beforehand for what only a card from elsewhere would use.
            if !self.in_scope(volume) {
                self.used.truncate(used);
            }
        }
        let outcomes = book.scope(self.volume).flat_map(|(_, volume)| &volume.outcomes);
        let outcomes = outcomes
            .filter(|outcome| self.shown(&outcome.common))
            .map(|outcome| Outcome {
                id: outcome.id.to_string(),
                title: outcome.title.clone(),
                result: outcome.result.as_str(),
                extra: outcome.common.extra.clone(),
            })
            .collect();
        let audience = [
            ("role", &volume.audience.role),
            ("persona", &volume.audience.persona),
            ("segment", &volume.audience.segment),
        ];
        Script {
            playbook: volume.id.to_string(),
            title: volume.title.clone(),
            language: volume.language.to_string(),
            summary,
            method: volume.method.clone(),
            audience: audience
                .into_iter()
                .filter(|(_, names)| !names.is_empty())
                .map(|(key, names)| (key, names.clone()))
                .collect(),
            owner: volume.owner.clone(),
            variables: self.variables(request),
            missing: self.missing(),
            stages,
            anytime,
            objections,
            closes,
            signals,
            outcomes,
            extra: volume.common.extra.clone(),
        }
    }

    fn variables(&self, request: &Request) -> Vec<VariableState> {
        let known = self.book.variables(self.volume);
        known
            .into_iter()
            .filter(|variable| self.shown(&variable.common))
            .map(|variable| VariableState {
                name: variable.name.clone(),
                title: variable.title.clone(),
                value: match request.given.get(&variable.name) {
                    Some(Given::Text(text)) => Some(text.clone()),
                    Some(Given::List(items)) => Some(items.join(", ")),
                    None => variable.default.clone(),
                },
                example: variable.example.clone(),
                required: variable.required,
            })
            .collect()
    }

    fn missing(&self) -> Vec<Missing> {
        let known = self.book.variables(self.volume);
        let used: Vec<&String> = self.used.iter().filter(|name| *name != "answer").collect();
        let find = |name: &str| known.iter().find(|variable| variable.name.eq_ignore_ascii_case(name));
        let one = |name: &&String| Missing {
            name: find(name).map_or_else(|| (*name).clone(), |variable| variable.name.clone()),
            title: find(name).and_then(|variable| variable.title.clone()),
            required: find(name).is_none_or(|variable| variable.required),
        };
        let mut out: Vec<Missing> = used.iter().map(one).collect();
        // Required, though no text uses it: the call record wants it all the same.
        for variable in known.iter().filter(|variable| variable.required && !self.values.has(&variable.name))
        {
            if !out.iter().any(|missing| missing.name == variable.name) && self.shown(&variable.common) {
                out.push(Missing {
                    name: variable.name.clone(),
                    title: variable.title.clone(),
                    required: true,
                });
            }
        }
        out
    }

    fn stage(&mut self, stage: &model::Stage, index: usize, below: Option<&model::Stage>) -> Stage {
        let book = self.book;
        let mut next = self.branches(&stage.next);
        let mut ends = false;
        if stage.next.is_empty() {
            match below {
                Some(below) => next.push(Branch {
                    when: None,
                    go: Link { kind: LinkKind::Stage, id: below.id.to_string(), title: below.title.clone() },
                }),
                None => ends = true,
            }
        }
        let lines: Vec<&model::Line> = stage.script.iter().filter(|line| self.shown(&line.common)).collect();
        let mut made_lines = Vec::new();
        for line in lines {
            made_lines.extend(self.line(line));
        }
        let mut objections = Vec::new();
        for reference in &stage.objections {
            let objection = book.get(*reference);
            if self.shown(&objection.common) {
                self.objections.push(*reference);
                objections.push(Dial {
                    id: objection.id.to_string(),
                    code: objection.code.clone(),
                    title: objection.title.clone(),
                });
            }
        }
        let mut closes = Vec::new();
        for reference in &stage.closes {
            let close = book.get(*reference);
            if self.shown(&close.common) {
                self.closes.push(*reference);
                closes.push(Dial {
                    id: close.id.to_string(),
                    code: close.code.clone(),
                    title: close.title.clone(),
                });
            }
        }
        let mut materials = Vec::new();
        for material in &stage.materials {
            if self.shown(&material.common) {
                materials.push(Material {
                    title: material.title.clone(),
                    link: material.link.clone(),
                    when: self.maybe(material.when.as_ref()),
                });
            }
        }
        let mut follow_up = Vec::new();
        for follow in &stage.follow_up {
            if self.shown(&follow.common) {
                follow_up.push(FollowUp {
                    after: follow.after.clone().map(String::from),
                    channel: follow.channel.clone(),
                    say: self.text(&follow.say),
                });
            }
        }
        Stage {
            id: stage.id.to_string(),
            number: index + 1,
            title: stage.title.clone(),
            goal: self.maybe(stage.goal.as_ref()),
            buyer_stage: stage.buyer_stage.map(|stage| stage.as_str()),
            moment_of_truth: stage.moment_of_truth,
            role: stage
                .role
                .filter(|role| self.shown(&book.get(*role).common))
                .map(|role| book.get(role).title.clone()),
            minutes: stage.minutes,
            entry: self.criteria(&stage.entry),
            checklist: self.many(&stage.checklist),
            lines: made_lines,
            exit: self.criteria(&stage.exit),
            objections,
            closes,
            materials,
            outputs: self.many(&stage.outputs),
            disqualify: self.many(&stage.disqualify),
            follow_up,
            next,
            ends,
            extra: stage.common.extra.clone(),
        }
    }

    fn criteria(&mut self, criteria: &[model::Criterion]) -> Vec<Criterion> {
        let mut out = Vec::new();
        for criterion in criteria {
            if self.shown(&criterion.common) {
                out.push(Criterion {
                    that: self.text(&criterion.that),
                    because: self.maybe(criterion.because.as_ref()),
                });
            }
        }
        out
    }

    fn line(&mut self, line: &model::Line) -> Option<Line> {
        let internal = line.common.is_internal();
        Some(match &line.content {
            LineContent::Say(text) => Line::Say { text: self.text(text) },
            LineContent::Verbatim(text) => Line::Verbatim { text: self.text(text) },
            LineContent::Note(text) => Line::Note { text: self.text(text), internal },
            LineContent::AskText(text) => Line::Ask { text: self.text(text), question: None },
            LineContent::Ask(reference) => {
                let question = self.book.get(*reference);
                if !self.shown(&question.common) {
                    return None;
                }
                Line::Ask {
                    text: self.text(&question.ask),
                    question: Some(Box::new(self.question(question))),
                }
            }
        })
    }

    fn question(&mut self, question: &model::Question) -> Question {
        let mut options = Vec::new();
        for option in &question.options {
            if self.shown(&option.common) {
                options.push(Choice {
                    answer: option.answer.clone(),
                    go: option.go.and_then(|go| self.link(go)),
                });
            }
        }
        let frameworks = self
            .book
            .scope(self.volume)
            .flat_map(|(_, volume)| &volume.frameworks)
            .chain(&self.book.frameworks);
        let dimension = question.dimension.as_ref().and_then(|(framework, dimension)| {
            let framework = frameworks.into_iter().find(|known| known.id == *framework)?;
            let dimension = framework.dimensions.iter().find(|known| known.id == *dimension)?;
            let hidden = self.public && (framework.internal || dimension.internal);
            (!hidden).then(|| format!("{}: {}", framework.title, dimension.title))
        });
        Question {
            id: question.id.to_string(),
            why: self.maybe(question.why.as_ref()),
            dimension,
            listen_for: self.many(&question.listen_for),
            warning_signs: self.many(&question.warning_signs),
            follow_ups: self.many(&question.follow_ups),
            confirm: question.confirm.as_ref().map(|confirm| self.confirm(confirm)),
            field: question.field.clone(),
            of_type: question.of_type,
            options,
            required: question.required,
            extra: question.common.extra.clone(),
        }
    }

    fn objection(&mut self, reference: Ref<model::Objection>) -> Objection {
        let book = self.book;
        let objection = book.get(reference);
        let mut responses = Vec::new();
        for response in &objection.responses {
            if self.shown(&response.common) {
                let made = self.response(objection, response);
                responses.push(made);
            }
        }
        let escalate = objection.escalate.as_ref().filter(|escalate| self.shown(&escalate.common));
        let escalate = escalate.map(|escalate| Escalate {
            to: self.role(&escalate.to),
            when: self.maybe(escalate.when.as_ref()),
        });
        Objection {
            id: objection.id.to_string(),
            playbook: book.volumes[reference.volume].id.to_string(),
            code: objection.code.clone(),
            title: objection.title.clone(),
            kind: objection.kind.as_str(),
            category: objection.category.clone(),
            why: self.maybe(objection.why.as_ref()),
            limit: objection.limit,
            escalate,
            responses,
            extra: objection.common.extra.clone(),
        }
    }

    fn signal(&mut self, signal: &model::Signal) -> Signal {
        Signal {
            id: signal.id.to_string(),
            title: signal.title.clone(),
            kind: signal.kind.clone(),
            utterances: signal.utterances.clone(),
            say: self.maybe(signal.say.as_ref()),
            go: signal.go.and_then(|target| self.link(target)),
            extra: signal.common.extra.clone(),
        }
    }

    fn response(&mut self, objection: &model::Objection, response: &model::Response) -> Response {
        let turns = match &response.answer {
            Answer::Say(say) => vec![Turn { step: None, say: self.text(say), wait: false }],
            Answer::Steps(steps) => {
                let mut turns = Vec::new();
                for step in steps {
                    if self.shown(&step.common) {
                        turns.push(Turn {
                            step: step.step.clone(),
                            say: self.text(&step.say),
                            wait: step.wait,
                        });
                    }
                }
                turns
            }
        };
        let mut proof = Vec::new();
        for reference in &response.proof {
            let known = self.book.get(*reference);
            if self.shown(&known.common) {
                proof.push(Proof {
                    claim: self.text(&known.claim),
                    source: known.source.clone(),
                    date: known.date.map(|date| date.to_string()),
                });
            }
        }
        let if_resists = response.if_resists.and_then(|resists| match resists {
            IfResists::Accept => Some("accept".to_string()),
            IfResists::Response(index) => {
                let other = objection.responses.get(index)?;
                self.shown(&other.common).then(|| other.id.to_string())
            }
        });
        Response {
            id: response.id.to_string(),
            technique: response.technique.clone(),
            when: self.maybe(response.when.as_ref()),
            bridge: self.maybe(response.bridge.as_ref()),
            turns,
            ask: self.maybe(response.ask.as_ref()),
            proof,
            avoid: self.many(&response.avoid),
            if_resists,
            next: response.next.and_then(|next| self.link(next)),
            landed: None,
            extra: response.common.extra.clone(),
        }
    }

    fn close(&mut self, reference: Ref<model::Close>) -> Close {
        let close = self.book.get(reference);
        Close {
            id: close.id.to_string(),
            playbook: self.book.volumes[reference.volume].id.to_string(),
            title: close.title.clone(),
            technique: close.technique.clone(),
            signals: self.many(&close.signals),
            say: self.text(&close.say),
            if_yes: close.if_yes.and_then(|target| self.link(target)),
            if_no: close.if_no.and_then(|target| self.link(target)),
            fact: self.maybe(close.fact.as_ref()),
            true_until: close.true_until.map(|date| date.to_string()),
            avoid: self.many(&close.avoid),
            extra: close.common.extra.clone(),
        }
    }
}
