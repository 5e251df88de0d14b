//! Stages: their lines, criteria and branches.

use super::super::gather::Gathered;
use super::super::grammar::id_fault;
use super::super::model::{self, LineContent, Place, Target};
use super::super::raw::{self, Ask, Reference};
use super::{Resolver, common, text};

impl Resolver<'_> {
    pub(super) fn stage(&mut self, part: &Gathered<raw::Stage>) -> model::Stage {
        let place = &part.place;
        let raw::Stage {
            id: _,
            title,
            goal,
            buyer_stage,
            moment_of_truth,
            role,
            minutes,
            entry,
            checklist,
            script,
            exit,
            objections,
            closes,
            materials,
            outputs,
            disqualify,
            follow_up,
            next,
            common: raw_common,
        } = &part.raw;
        let role = role.as_ref().and_then(|reference| {
            let scope = self.scope;
            self.look_up(&scope.roles, "roles", "role", reference, &place.key("role"))
        });
        let next = match next {
            None => Vec::new(),
            Some(raw::Next::To(reference)) => {
                self.plain_branch(reference, place.key("next")).into_iter().collect()
            }
            Some(raw::Next::Branches(items)) => {
                self.each(items, place, "next", |this, item, place| match item {
                    raw::NextItem::To(reference) => this.plain_branch(reference, place),
                    raw::NextItem::Branch(branch) => this.branch(branch, place),
                })
            }
        };
        model::Stage {
            id: part.id.clone(),
            title: title.0.clone(),
            goal: self.maybe(goal, place, "goal"),
            buyer_stage: *buyer_stage,
            moment_of_truth: *moment_of_truth,
            role,
            minutes: *minutes,
            entry: self.each(entry, place, "entry", |this, item, place| Some(this.criterion(item, place))),
            checklist: self.many(checklist, place, "checklist"),
            script: self.each(script, place, "script", Self::line),
            exit: self.each(exit, place, "exit", |this, item, place| Some(this.criterion(item, place))),
            objections: self.each(objections, place, "objections", |this, item, place| {
                this.only(item, &place, "objection", |target| match target {
                    Target::Objection(objection) => Some(objection),
                    _ => None,
                })
            }),
            closes: self.each(closes, place, "closes", |this, item, place| {
                this.only(item, &place, "close", |target| match target {
                    Target::Close(close) => Some(close),
                    _ => None,
                })
            }),
            materials: self.each(materials, place, "materials", |this, item, place| {
                let raw::Material { title, link, when, common: raw_common } = item;
                Some(model::Material {
                    title: title.0.clone(),
                    link: link.as_ref().map(|link| link.0.clone()),
                    when: this.maybe(when, &place, "when"),
                    common: common(raw_common.clone(), place),
                })
            }),
            outputs: self.many(outputs, place, "outputs"),
            disqualify: self.many(disqualify, place, "disqualify"),
            follow_up: self.each(follow_up, place, "follow_up", |this, item, place| {
                let raw::FollowUp { after, channel, say, common: raw_common } = item;
                Some(model::FollowUp {
                    after: after.as_ref().and_then(|after| model::Days::parse(&after.0)),
                    channel: text(channel),
                    say: this.markup(say, &place.key("say")),
                    common: common(raw_common.clone(), place),
                })
            }),
            next,
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn criterion(&mut self, item: &raw::Criterion, place: Place) -> model::Criterion {
        match item {
            raw::Criterion::Plain(that) => model::Criterion {
                that: self.markup(that, &place),
                because: None,
                common: common(raw::Common::default(), place),
            },
            raw::Criterion::Reasoned(reasoned) => {
                let raw::Reasoned { that, because, common: raw_common } = &**reasoned;
                model::Criterion {
                    that: self.markup(that, &place.key("that")),
                    because: self.maybe(because, &place, "because"),
                    common: common(raw_common.clone(), place),
                }
            }
        }
    }

    pub(super) fn line(&mut self, item: &raw::Line, place: Place) -> Option<model::Line> {
        let raw::Line { say, verbatim, ask, note, common: raw_common } = item;
        let content = if let Some(say) = say {
            LineContent::Say(self.markup(say, &place.key("say")))
        } else if let Some(verbatim) = verbatim {
            LineContent::Verbatim(self.markup(verbatim, &place.key("verbatim")))
        } else if let Some(note) = note {
            LineContent::Note(self.markup(note, &place.key("note")))
        } else if let Some(Ask::Text(ask)) = ask {
            let place = place.key("ask");
            if id_fault(&ask.0).is_none() {
                let scope = self.scope;
                let reference = Reference(ask.0.clone());
                LineContent::Ask(self.look_up(
                    &scope.questions,
                    "questions",
                    "question",
                    &reference,
                    &place,
                )?)
            } else {
                LineContent::AskText(self.markup(ask, &place))
            }
        } else {
            return None;
        };
        Some(model::Line { content, common: common(raw_common.clone(), place) })
    }

    pub(super) fn plain_branch(&mut self, reference: &Reference, place: Place) -> Option<model::Branch> {
        let go = self.target(reference, &place)?;
        Some(model::Branch { when: None, go, common: common(raw::Common::default(), place) })
    }

    pub(super) fn branch(&mut self, raw: &raw::Branch, place: Place) -> Option<model::Branch> {
        let raw::Branch { when, go, common: raw_common } = raw;
        let when = self.maybe(when, &place, "when");
        let go = self.target(go, &place.key("go"))?;
        Some(model::Branch { when, go, common: common(raw_common.clone(), place) })
    }
}
