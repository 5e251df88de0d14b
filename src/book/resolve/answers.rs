//! Questions, objections and their responses.

use std::collections::HashMap;

use super::super::gather::Gathered;
use super::super::grammar::brief;
use super::super::model::{self, Id, Place};
use super::super::raw::{self, IdOr};
use super::{Resolver, common, tags, text};
use crate::diagnostic::{Diagnostic, did_you_mean};

impl Resolver<'_> {
    pub(super) fn question(&mut self, part: &Gathered<raw::Question>) -> model::Question {
        let place = &part.place;
        let raw::Question {
            id: _,
            code,
            ask,
            why,
            dimension,
            listen_for,
            warning_signs,
            follow_ups,
            confirm,
            field,
            of_type,
            options,
            required,
            tags: raw_tags,
            common: raw_common,
        } = &part.raw;
        let of_type = of_type.unwrap_or_default();
        if of_type == raw::ValueType::Choice && options.is_empty() {
            let message = "a question of type choice needs `options`".to_string();
            self.error(
                "missing-key",
                &place.key("type"),
                message,
                Some("add `options: [first answer, second answer]`".into()),
            );
        }
        let confirm = confirm.as_ref().map(|confirm| {
            self.declared.insert("answer".into(), of_type == raw::ValueType::Number);
            let markup = self.markup(confirm, &place.key("confirm"));
            self.declared.remove("answer");
            markup
        });
        model::Question {
            id: part.id.clone(),
            code: text(code),
            ask: self.markup(ask, &place.key("ask")),
            why: self.maybe(why, place, "why"),
            dimension: dimension.as_ref().and_then(|path| self.dimension(&path.0, &place.key("dimension"))),
            listen_for: self.many(listen_for, place, "listen_for"),
            warning_signs: self.many(warning_signs, place, "warning_signs"),
            follow_ups: self.many(follow_ups, place, "follow_ups"),
            confirm,
            field: field.as_ref().map(|field| field.0.clone()),
            of_type,
            options: self.each(options, place, "options", |this, item, place| {
                Some(match item {
                    raw::Choice::Answer(answer) => model::Choice {
                        answer: answer.0.clone(),
                        go: None,
                        common: common(raw::Common::default(), place),
                    },
                    raw::Choice::Leading(leading) => {
                        let raw::Leading { answer, go, common: raw_common } = &**leading;
                        model::Choice {
                            answer: answer.0.clone(),
                            go: this.maybe_target(go, &place, "go"),
                            common: common(raw_common.clone(), place),
                        }
                    }
                })
            }),
            required: *required,
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn dimension(&mut self, path: &str, place: &Place) -> Option<(Id, Id)> {
        let (framework, dimension) = path.split_once('.').unwrap_or((path, ""));
        let Some(known) = self.frameworks.iter().find(|known| known.id.as_str() == framework) else {
            let hint = did_you_mean(framework, self.frameworks.iter().map(|known| known.id.as_str()));
            let message = format!("no framework is called `{}`", brief(framework));
            self.error("unknown-reference", place, message, hint);
            return None;
        };
        if let Some(found) = known.dimensions.iter().find(|known| known.id.as_str() == dimension) {
            return Some((known.id.clone(), found.id.clone()));
        }
        let paths: Vec<String> =
            known.dimensions.iter().map(|found| format!("{framework}.{}", found.id)).collect();
        let hint = did_you_mean(path, paths.iter().map(String::as_str));
        let message = format!("{} has no dimension `{}`", known.title, brief(dimension));
        self.error("unknown-reference", place, message, hint);
        None
    }

    pub(super) fn objection(&mut self, part: Gathered<raw::Objection>) -> model::Objection {
        let Gathered { id, place, raw } = part;
        let raw::Objection {
            id: _,
            code,
            title,
            kind,
            category,
            why,
            utterances,
            tags: raw_tags,
            prevent,
            limit,
            escalate,
            examples,
            responses,
            common: raw_common,
        } = raw;
        let names = self.response_names(&responses, &place);
        let responses = responses
            .into_iter()
            .enumerate()
            .map(|(index, raw)| self.response(raw, place.key("responses").item(index), index, &names))
            .collect();
        model::Objection {
            id,
            code: code.map(|text| text.0),
            title: title.0,
            kind: kind.unwrap_or(raw::ObjectionKind::Objection),
            category: category.map(|text| text.0),
            why: self.maybe_said(why, &place, "why"),
            utterances: utterances.into_iter().map(|text| text.0).collect(),
            tags: tags(&raw_tags),
            prevent: self.each(&prevent, &place, "prevent", |this, item, place| {
                let IdOr::Id(reference) = item else {
                    return None;
                };
                let scope = this.scope;
                this.look_up(&scope.questions, "questions", "question", reference, &place)
            }),
            limit,
            escalate: escalate.as_ref().map(|escalate| {
                let raw::Escalate { to, when, common: raw_common } = escalate;
                let place = place.key("escalate");
                model::Escalate {
                    to: to.0.clone(),
                    when: self.maybe(when, &place, "when"),
                    common: common(raw_common.clone(), place),
                }
            }),
            examples: self.each(&examples, &place, "examples", |this, item, place| {
                let raw::Example { bad, good, why, common: raw_common } = item;
                Some(model::Example {
                    bad: this.maybe(bad, &place, "bad"),
                    good: this.maybe(good, &place, "good"),
                    why: this.maybe(why, &place, "why"),
                    common: common(raw_common.clone(), place),
                })
            }),
            responses,
            common: common(raw_common, place),
        }
    }

    /// The ids of the responses of one objection, written or made.
    pub(super) fn response_names(&mut self, responses: &[raw::Response], place: &Place) -> Vec<Id> {
        let mut taken: HashMap<Id, usize> = HashMap::new();
        let mut names: Vec<Option<Id>> = vec![None; responses.len()];
        for (index, response) in responses.iter().enumerate() {
            let Some(written) = &response.id else {
                continue;
            };
            let id = Id::new(&written.0);
            if let Some(first) = taken.get(&id) {
                let here = place.key("responses").item(index).key("id");
                let there = place.key("responses").item(*first).key("id");
                let finding = Diagnostic::error(
                    "duplicate-id",
                    self.sources.name(&here),
                    self.sources.span(&here),
                    format!("two responses of one objection are called `{id}`"),
                )
                .hint("give one of the two another id")
                .label(self.sources.name(&there), self.sources.span(&there), "the first one");
                self.findings.push(finding);
                continue;
            }
            taken.insert(id.clone(), index);
            names[index] = Some(id);
        }
        for (index, response) in responses.iter().enumerate() {
            if names[index].is_some() {
                continue;
            }
            let stem =
                response.technique.as_ref().map_or("response".to_string(), |text| model::slug(&text.0));
            let mut id = Id::new(&stem);
            let mut number = 2;
            while taken.contains_key(&id) {
                id = Id::new(&format!("{stem}-{number}"));
                number += 1;
            }
            taken.insert(id.clone(), index);
            names[index] = Some(id);
        }
        names.into_iter().flatten().collect()
    }

    pub(super) fn response(
        &mut self,
        raw: raw::Response,
        place: Place,
        index: usize,
        names: &[Id],
    ) -> model::Response {
        let raw::Response {
            id: _,
            technique,
            when,
            bridge,
            say,
            steps,
            ask,
            proof,
            avoid,
            if_resists,
            next,
            common: raw_common,
        } = raw;
        let answer = match say {
            Some(say) => model::Answer::Say(self.said(say, || place.key("say"))),
            None => model::Answer::Steps(self.each(&steps, &place, "steps", |this, item, place| {
                let raw::Step { step, say, wait, common: raw_common } = item;
                Some(model::Step {
                    step: text(step),
                    say: this.markup(say, &place.key("say")),
                    wait: *wait,
                    common: common(raw_common.clone(), place),
                })
            })),
        };
        let if_resists = if_resists.as_ref().and_then(|reference| {
            if reference.0 == "accept" {
                return Some(model::IfResists::Accept);
            }
            let found = names.iter().position(|name| name.as_str() == reference.0);
            if found == Some(index) {
                let message = format!("`{}` would lead back to itself", reference.0);
                self.error(
                    "unknown-reference",
                    &place.key("if_resists"),
                    message,
                    Some("name another response, or `accept`".into()),
                );
                return None;
            }
            if found.is_none() && !self.scope.is_broken("responses", &reference.0) {
                let known = names.iter().map(Id::as_str).chain(["accept"]);
                let hint = did_you_mean(&reference.0, known);
                let message = format!("no response of this objection is called `{}`", brief(&reference.0));
                self.error("unknown-reference", &place.key("if_resists"), message, hint);
            }
            found.map(model::IfResists::Response)
        });
        model::Response {
            id: names[index].clone(),
            technique: technique.map(|text| text.0),
            when: self.maybe_said(when, &place, "when"),
            bridge: self.maybe_said(bridge, &place, "bridge"),
            answer,
            ask: self.maybe_said(ask, &place, "ask"),
            proof: self.proofs(&proof, &place),
            avoid: self.many(&avoid, &place, "avoid"),
            if_resists,
            next: self.maybe_target(&next, &place, "next"),
            common: common(raw_common, place),
        }
    }
}
