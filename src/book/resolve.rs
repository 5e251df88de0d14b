//! Second pass: every reference becomes the part it means, every date a date, every text is read
//! for its variables and links. What does not resolve is told, and left out.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::RawBook;
use super::gather::{Draft, Gathered, gather};
use super::model::{self, Book, Id, LineContent, Markup, Place, Ref, Sources, Target};
use super::raw::{self, Ask, IdOr, Reference, Text};
use super::scope::{Scope, declared, uses};
use super::shape::{brief, id_fault};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::language::Language;
use crate::markdown;
use crate::template::spoken;

/// Resolves what was read.
pub(super) fn resolve(mut raw: RawBook, sources: Sources, findings: &mut Vec<Diagnostic>) -> Book {
    let drafts = gather(&mut raw, &sources, findings);
    let uses = uses(&drafts, &sources, findings);
    let scopes: Vec<Scope> =
        (0..drafts.len()).map(|number| Scope::new(number, &drafts, &uses, &sources, findings)).collect();
    let book_file = raw.book.as_ref().map(|book| &book.raw);
    let shipped = super::shipped_frameworks().iter().map(framework).collect::<Vec<_>>();
    let mut frameworks = shipped;
    for own in book_file.iter().flat_map(|book| &book.frameworks) {
        frameworks.retain(|known| known.id.as_str() != own.id.0);
        frameworks.push(framework(own));
    }
    let mut volumes = Vec::new();
    for (number, draft) in drafts.iter().enumerate() {
        let mut own: Vec<model::Framework> = Vec::new();
        for volume in &scopes[number].volumes {
            own.extend(drafts[*volume].shared.frameworks.iter().filter_map(|item| match item {
                IdOr::Part(part) => Some(framework(part)),
                IdOr::Id(_) => None,
            }));
        }
        own.extend(frameworks.iter().cloned());
        let mut resolver = Resolver {
            drafts: &drafts,
            draft,
            scope: &scopes[number],
            frameworks: own,
            declared: declared(&scopes[number], &drafts, book_file),
            sources: &sources,
            findings,
        };
        volumes.push(resolver.volume(&uses[number]));
    }
    let lexicons = raw.lexicons.into_iter().filter_map(lexicon).collect();
    let (variables, header) = match raw.book {
        Some(book) => {
            let mut resolver = Checker { sources: &sources, findings };
            let place = Place::top(book.file).key("variables");
            (resolver.variables(book.raw.variables.as_ref(), &place), Some(book.raw))
        }
        None => (Vec::new(), None),
    };
    let floors = header.as_ref().and_then(|book| book.lookup.as_ref());
    Book {
        title: header.as_ref().map_or_else(|| "Handbook".to_string(), |book| book.title.0.clone()),
        language: header
            .as_ref()
            .and_then(|book| Language::parse(&book.language.0).ok())
            .unwrap_or_else(Language::english),
        base_url: header.as_ref().and_then(|book| book.base_url.clone()).map(|link| link.0),
        edit_url: header.as_ref().and_then(|book| book.edit_url.clone()).map(|link| link.0),
        lookup: model::LookupFloors {
            recall_at_1: floors.and_then(|floors| floors.recall_at_1),
            recall_at_3: floors.and_then(|floors| floors.recall_at_3),
        },
        extra: header.map(|book| book.extra).unwrap_or_default(),
        variables,
        frameworks,
        volumes,
        lexicons,
        sources,
    }
}

fn framework(raw: &raw::Framework) -> model::Framework {
    let raw::Framework { id, title, dimensions, extra } = raw;
    let dimension = |raw: &raw::Dimension| {
        let raw::Dimension { id, title, extra } = raw;
        let title = title.as_ref().map_or(&id.0, |title| &title.0).clone();
        model::Dimension { id: Id::new(&id.0), title, extra: extra.clone() }
    };
    model::Framework {
        id: Id::new(&id.0),
        title: title.as_ref().map_or(&id.0, |title| &title.0).clone(),
        dimensions: dimensions.iter().map(dimension).collect(),
        extra: extra.clone(),
    }
}

fn lexicon(file: super::RawFile<raw::LexiconFile>) -> Option<model::Lexicon> {
    let raw::LexiconFile { lexicon, groups, extra } = file.raw;
    let group = |raw: raw::LexiconGroup| {
        let raw::LexiconGroup { id, category, expressions, extra } = raw;
        model::LexiconGroup {
            id: Id::new(&id.0),
            category: category.map(|category| category.0),
            expressions: expressions.into_iter().map(|text| text.0).collect(),
            extra,
        }
    };
    Some(model::Lexicon {
        language: Language::parse(&lexicon.0).ok()?,
        groups: groups.into_iter().map(group).collect(),
        place: Place::top(file.file),
        extra,
    })
}

/// What needs the files only.
struct Checker<'a> {
    sources: &'a Sources,
    findings: &'a mut Vec<Diagnostic>,
}

impl Checker<'_> {
    fn error(&mut self, code: &'static str, place: &Place, message: String, hint: Option<String>) {
        let finding = Diagnostic::error(code, self.sources.name(place), self.sources.span(place), message);
        self.findings.push(finding.maybe_hint(hint));
    }

    fn variables(&mut self, raw: Option<&raw::Variables>, place: &Place) -> Vec<model::Variable> {
        let list: Vec<(Place, raw::Variable)> = match raw {
            None => return Vec::new(),
            Some(raw::Variables::List(list)) => list
                .iter()
                .enumerate()
                .map(|(index, variable)| (place.item(index), variable.clone()))
                .collect(),
            Some(raw::Variables::Short(map)) => {
                let short = |(name, default): (&String, &Text)| {
                    let variable = raw::Variable {
                        name: raw::VariableName(name.clone()),
                        title: None,
                        of_type: None,
                        default: Some(default.clone()),
                        example: None,
                        required: false,
                        options: Vec::new(),
                        common: raw::Common::default(),
                    };
                    (place.key(name), variable)
                };
                map.iter().map(short).collect()
            }
        };
        let mut out: Vec<model::Variable> = Vec::new();
        for (place, variable) in list {
            let raw::Variable { name, title, of_type, default, example, required, options, common } =
                variable;
            if out.iter().any(|known| known.name == name.0) {
                let message = format!("the variable `{}` is declared twice", name.0);
                self.error("duplicate-id", &place, message, Some("take one of the two away".into()));
                continue;
            }
            let of_type = of_type.unwrap_or_default();
            for (key, value) in [("default", &default), ("example", &example)] {
                let Some(value) = value else { continue };
                let fits = match of_type {
                    raw::ValueType::Number => value.0.trim().parse::<f64>().is_ok_and(f64::is_finite),
                    raw::ValueType::Date => model::parse_date(&value.0).is_some(),
                    raw::ValueType::Choice => options.is_empty() || options.contains(value),
                    raw::ValueType::Text | raw::ValueType::YesNo => true,
                };
                if !fits {
                    let what = match of_type {
                        raw::ValueType::Number => "a number",
                        raw::ValueType::Date => "a date such as 2027-01-31",
                        _ => "one of the options",
                    };
                    let message =
                        format!("the {key} of `{}` should be {what}, but is `{}`", name.0, brief(&value.0));
                    self.error("bad-value", &place.key(key), message, None);
                }
            }
            out.push(model::Variable {
                name: name.0,
                title: title.map(|text| text.0),
                of_type,
                default: default.map(|text| text.0),
                example: example.map(|text| text.0),
                required,
                options: options.into_iter().map(|text| text.0).collect(),
                common: self::common(common, place),
            });
        }
        out
    }
}

fn common(raw: raw::Common, place: Place) -> model::Common {
    let raw::Common { visibility, meta, was, extra } = raw;
    let meta = meta.map(|meta| {
        let raw::Meta { owner, source, verified, review_every, confidence, extra } = meta;
        model::Meta {
            owner: owner.map(|text| text.0),
            source: source.map(|text| text.0),
            verified: verified.and_then(|date| model::parse_date(&date.0)),
            review_every: review_every.and_then(|days| model::Days::parse(&days.0)),
            confidence: confidence.map(|text| text.0),
            extra,
        }
    });
    model::Common {
        place,
        visibility: visibility.unwrap_or_default(),
        meta,
        was: was.iter().map(|id| Id::new(&id.0)).collect(),
        extra,
    }
}

fn text(text: &Option<Text>) -> Option<String> {
    text.as_ref().map(|text| text.0.clone())
}

fn texts(texts: &[Text]) -> Vec<String> {
    texts.iter().map(|text| text.0.clone()).collect()
}

fn tags(tags: &BTreeMap<String, Vec<Text>>) -> BTreeMap<String, Vec<String>> {
    tags.iter().map(|(key, values)| (key.clone(), texts(values))).collect()
}

/// Resolves one volume.
struct Resolver<'a> {
    drafts: &'a [Draft],
    draft: &'a Draft,
    scope: &'a Scope,
    frameworks: Vec<model::Framework>,
    declared: BTreeSet<String>,
    sources: &'a Sources,
    findings: &'a mut Vec<Diagnostic>,
}

impl Resolver<'_> {
    fn checker(&mut self) -> Checker<'_> {
        Checker { sources: self.sources, findings: self.findings }
    }

    fn error(&mut self, code: &'static str, place: &Place, message: String, hint: Option<String>) {
        self.checker().error(code, place, message, hint);
    }

    fn markup(&mut self, raw: &Text, place: &Place) -> Markup {
        let declared = std::mem::take(&mut self.declared);
        self.check_text(&raw.0, place, &declared);
        self.declared = declared;
        Markup(raw.0.clone())
    }

    fn check_text(&mut self, text: &str, place: &Place, declared: &BTreeSet<String>) {
        for fault in spoken::check(text, declared) {
            self.error(fault.code, place, fault.message, fault.hint);
        }
        for link in markdown::unsafe_links(text) {
            let message = format!("`{}` is not a link that may be published", brief(&link));
            let hint = "use https:, http:, mailto: or tel:, or a path without `..`".to_string();
            self.error("bad-link", place, message, Some(hint));
        }
    }

    fn maybe(&mut self, raw: &Option<Text>, place: &Place, key: &str) -> Option<Markup> {
        raw.as_ref().map(|text| self.markup(text, &place.key(key)))
    }

    fn many(&mut self, raw: &[Text], place: &Place, key: &str) -> Vec<Markup> {
        let list = place.key(key);
        raw.iter().enumerate().map(|(index, text)| self.markup(text, &list.item(index))).collect()
    }

    fn each<T, U>(
        &mut self,
        raw: &[T],
        place: &Place,
        key: &str,
        mut one: impl FnMut(&mut Self, &T, Place) -> Option<U>,
    ) -> Vec<U> {
        let list = place.key(key);
        let items = raw.iter().enumerate();
        items.filter_map(|(index, item)| one(self, item, list.item(index))).collect()
    }

    /// Looks a reference up; an unknown one is told, one to a faulty part passes quietly.
    fn look_up<T: Copy>(
        &mut self,
        space: &BTreeMap<Id, T>,
        name: &'static str,
        noun: &str,
        reference: &Reference,
        place: &Place,
    ) -> Option<T> {
        if let Some(found) = space.get(reference.0.as_str()) {
            return Some(*found);
        }
        if self.scope.is_broken(name, &reference.0) {
            return None;
        }
        let hint = self
            .scope
            .hint(name, &reference.0, self.drafts, &self.draft.language)
            .or_else(|| Some("name one that exists, or add a part with that id".to_string()));
        let message = format!("no {noun} is called `{}`", brief(&reference.0));
        self.error("unknown-reference", place, message, hint);
        None
    }

    fn target(&mut self, reference: &Reference, place: &Place) -> Option<Target> {
        let scope = self.scope;
        self.look_up(&scope.targets, "targets", "stage, close, objection or outcome", reference, place)
    }

    fn maybe_target(&mut self, reference: &Option<Reference>, place: &Place, key: &str) -> Option<Target> {
        reference.as_ref().and_then(|reference| self.target(reference, &place.key(key)))
    }

    /// A target that must be of one kind.
    fn only<T>(
        &mut self,
        item: &IdOr<impl Sized>,
        place: &Place,
        noun: &str,
        pick: impl Fn(Target) -> Option<T>,
    ) -> Option<T> {
        let IdOr::Id(reference) = item else {
            return None;
        };
        let target = match self.scope.targets.get(reference.0.as_str()) {
            Some(target) => *target,
            None => {
                let scope = self.scope;
                return self.look_up(&scope.targets, "targets", noun, reference, place).and_then(pick);
            }
        };
        let picked = pick(target);
        if picked.is_none() {
            let is = match target {
                Target::Stage(_) => "a stage",
                Target::Close(_) => "a close",
                Target::Objection(_) => "an objection",
                Target::Outcome(_) => "an outcome",
            };
            let message = format!("`{}` is {is}, not {noun}", reference.0);
            self.error(
                "unknown-reference",
                place,
                message.replace("not close", "not a close").replace("not objection", "not an objection"),
                None,
            );
        }
        picked
    }

    fn proofs(&mut self, raw: &[IdOr<raw::Proof>], place: &Place) -> Vec<Ref<model::Proof>> {
        self.each(raw, place, "proof", |this, item, place| {
            let IdOr::Id(reference) = item else {
                return None;
            };
            let scope = this.scope;
            this.look_up(&scope.proofs, "proofs", "proof", reference, &place)
        })
    }

    fn volume(&mut self, uses: &[usize]) -> model::Volume {
        let draft = self.draft;
        let place = &draft.place;
        let raw::Shared {
            summary,
            method,
            frameworks,
            audience,
            owner,
            uses: _,
            roles: _,
            variables,
            questions: _,
            objections: _,
            closes: _,
            signals: _,
            competitors: _,
            proofs: _,
            outcomes: _,
            metrics: _,
            lookups,
            common: shared_common,
        } = &draft.shared;
        let frameworks =
            self.each(frameworks, place, "frameworks", |this, item, place| this.framework(item, &place));
        let audience = audience.as_ref().map_or_else(model::Audience::default, |audience| {
            let raw::Audience { role, persona, segment, extra } = audience;
            model::Audience {
                role: texts(role),
                persona: texts(persona),
                segment: texts(segment),
                extra: extra.clone(),
            }
        });
        let variables = self.checker().variables(variables.as_ref(), &place.key("variables"));
        model::Volume {
            kind: draft.kind,
            id: draft.id.clone(),
            title: draft.title.clone(),
            language: draft.language.clone(),
            summary: self.maybe(summary, place, "summary"),
            method: text(method),
            frameworks,
            audience,
            owner: text(owner),
            uses: uses.to_vec(),
            roles: self.parts(&draft.roles, Self::role),
            variables,
            stages: self.parts(&draft.stages, Self::stage),
            questions: self.parts(&draft.questions, Self::question),
            objections: self.parts(&draft.objections, Self::objection),
            closes: self.parts(&draft.closes, Self::close),
            signals: self.parts(&draft.signals, Self::signal),
            competitors: self.parts(&draft.competitors, Self::competitor),
            proofs: self.parts(&draft.proofs, Self::proof),
            outcomes: self.parts(&draft.outcomes, Self::outcome),
            anytime: self
                .each(&draft.anytime, place, "anytime", |this, item, place| this.branch(item, place)),
            metrics: self.parts(&draft.metrics, Self::metric),
            lookups: self.each(lookups, place, "lookups", |this, item, place| this.lookup(item, place)),
            common: common(shared_common.clone(), place.clone()),
        }
    }

    fn parts<T, U>(&mut self, parts: &[Gathered<T>], one: impl Fn(&mut Self, &Gathered<T>) -> U) -> Vec<U> {
        parts.iter().map(|part| one(self, part)).collect()
    }

    fn framework(&mut self, item: &IdOr<raw::Framework>, place: &Place) -> Option<model::Framework> {
        match item {
            IdOr::Part(part) => Some(framework(part)),
            IdOr::Id(reference) => {
                if let Some(known) = self.frameworks.iter().find(|known| known.id.as_str() == reference.0) {
                    return Some(known.clone());
                }
                let hint = did_you_mean(&reference.0, self.frameworks.iter().map(|known| known.id.as_str()));
                let message = format!("no framework is called `{}`", brief(&reference.0));
                self.error("unknown-reference", place, message, hint);
                None
            }
        }
    }

    fn role(&mut self, part: &Gathered<raw::Role>) -> model::Role {
        let raw::Role { id: _, title, common: raw_common } = &part.raw;
        model::Role {
            id: part.id.clone(),
            title: text(title).unwrap_or_else(|| part.id.to_string()),
            common: common(raw_common.clone(), part.place.clone()),
        }
    }

    fn stage(&mut self, part: &Gathered<raw::Stage>) -> model::Stage {
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

    fn criterion(&mut self, item: &raw::Criterion, place: Place) -> model::Criterion {
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

    fn line(&mut self, item: &raw::Line, place: Place) -> Option<model::Line> {
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

    fn plain_branch(&mut self, reference: &Reference, place: Place) -> Option<model::Branch> {
        let go = self.target(reference, &place)?;
        Some(model::Branch { when: None, go, common: common(raw::Common::default(), place) })
    }

    fn branch(&mut self, raw: &raw::Branch, place: Place) -> Option<model::Branch> {
        let raw::Branch { when, go, common: raw_common } = raw;
        let when = self.maybe(when, &place, "when");
        let go = self.target(go, &place.key("go"))?;
        Some(model::Branch { when, go, common: common(raw_common.clone(), place) })
    }

    fn question(&mut self, part: &Gathered<raw::Question>) -> model::Question {
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
            self.declared.insert("answer".into());
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

    fn dimension(&mut self, path: &str, place: &Place) -> Option<(Id, Id)> {
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

    fn objection(&mut self, part: &Gathered<raw::Objection>) -> model::Objection {
        let place = &part.place;
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
        } = &part.raw;
        let names = self.response_names(responses, place);
        let responses = responses
            .iter()
            .enumerate()
            .map(|(index, raw)| self.response(raw, place.key("responses").item(index), index, &names))
            .collect();
        model::Objection {
            id: part.id.clone(),
            code: text(code),
            title: title.0.clone(),
            kind: kind.unwrap_or(raw::ObjectionKind::Objection),
            category: text(category),
            why: self.maybe(why, place, "why"),
            utterances: texts(utterances),
            tags: tags(raw_tags),
            prevent: self.each(prevent, place, "prevent", |this, item, place| {
                let IdOr::Id(reference) = item else {
                    return None;
                };
                let scope = this.scope;
                this.look_up(&scope.questions, "questions", "question", reference, &place)
            }),
            limit: *limit,
            escalate: escalate.as_ref().map(|escalate| {
                let raw::Escalate { to, when, common: raw_common } = escalate;
                let place = place.key("escalate");
                model::Escalate {
                    to: to.0.clone(),
                    when: self.maybe(when, &place, "when"),
                    common: common(raw_common.clone(), place),
                }
            }),
            examples: self.each(examples, place, "examples", |this, item, place| {
                let raw::Example { bad, good, why, common: raw_common } = item;
                Some(model::Example {
                    bad: this.maybe(bad, &place, "bad"),
                    good: this.maybe(good, &place, "good"),
                    why: this.maybe(why, &place, "why"),
                    common: common(raw_common.clone(), place),
                })
            }),
            responses,
            common: common(raw_common.clone(), place.clone()),
        }
    }

    /// The ids of the responses of one objection, written or made.
    fn response_names(&mut self, responses: &[raw::Response], place: &Place) -> Vec<Id> {
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

    fn response(&mut self, raw: &raw::Response, place: Place, index: usize, names: &[Id]) -> model::Response {
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
            Some(say) => model::Answer::Say(self.markup(say, &place.key("say"))),
            None => model::Answer::Steps(self.each(steps, &place, "steps", |this, item, place| {
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
            technique: text(technique),
            when: self.maybe(when, &place, "when"),
            bridge: self.maybe(bridge, &place, "bridge"),
            answer,
            ask: self.maybe(ask, &place, "ask"),
            proof: self.proofs(proof, &place),
            avoid: self.many(avoid, &place, "avoid"),
            if_resists,
            next: self.maybe_target(next, &place, "next"),
            common: common(raw_common.clone(), place),
        }
    }

    fn close(&mut self, part: &Gathered<raw::Close>) -> model::Close {
        let place = &part.place;
        let raw::Close {
            id: _,
            code,
            title,
            technique,
            signals,
            say,
            if_yes,
            if_no,
            true_until,
            fact,
            avoid,
            tags: raw_tags,
            common: raw_common,
        } = &part.raw;
        let scarce = technique.as_ref().is_some_and(|technique| SCARCITY.contains(&technique.0.as_str()));
        if scarce && (fact.is_none() || true_until.is_none()) {
            let message = format!("`{}` is a scarcity close: it needs `fact` and `true_until`", part.id);
            let hint =
                "write the fact, and the date until which it holds; without one, use another technique"
                    .to_string();
            self.error("scarcity-without-fact", &place.key("technique"), message, Some(hint));
        }
        model::Close {
            id: part.id.clone(),
            code: text(code),
            title: title.0.clone(),
            technique: text(technique),
            signals: self.many(signals, place, "signals"),
            say: self.markup(say, &place.key("say")),
            if_yes: self.maybe_target(if_yes, place, "if_yes"),
            if_no: self.maybe_target(if_no, place, "if_no"),
            true_until: true_until.as_ref().and_then(|date| model::parse_date(&date.0)),
            fact: self.maybe(fact, place, "fact"),
            avoid: self.many(avoid, place, "avoid"),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    fn signal(&mut self, part: &Gathered<raw::Signal>) -> model::Signal {
        let place = &part.place;
        let raw::Signal { id: _, code, title, kind, utterances, say, go, tags: raw_tags, common: raw_common } =
            &part.raw;
        let title = text(title).unwrap_or_else(|| utterances[0].0.clone());
        model::Signal {
            id: part.id.clone(),
            code: text(code),
            title,
            kind: text(kind),
            utterances: texts(utterances),
            say: self.maybe(say, place, "say"),
            go: self.maybe_target(go, place, "go"),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    fn competitor(&mut self, part: &Gathered<raw::Competitor>) -> model::Competitor {
        let place = &part.place;
        let raw::Competitor {
            id: _,
            code,
            title,
            aliases,
            summary,
            we_win,
            we_lose,
            landmines,
            they_say,
            proof,
            tags: raw_tags,
            common: raw_common,
        } = &part.raw;
        model::Competitor {
            id: part.id.clone(),
            code: text(code),
            title: title.0.clone(),
            aliases: texts(aliases),
            summary: self.maybe(summary, place, "summary"),
            we_win: self.many(we_win, place, "we_win"),
            we_lose: self.many(we_lose, place, "we_lose"),
            landmines: self.many(landmines, place, "landmines"),
            they_say: self.many(they_say, place, "they_say"),
            proof: self.proofs(proof, place),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    fn proof(&mut self, part: &Gathered<raw::Proof>) -> model::Proof {
        let place = &part.place;
        let raw::Proof { id: _, claim, source, link, date, expires, common: raw_common } = &part.raw;
        model::Proof {
            id: part.id.clone(),
            claim: self.markup(claim, &place.key("claim")),
            source: text(source),
            link: link.as_ref().map(|link| link.0.clone()),
            date: date.as_ref().and_then(|date| model::parse_date(&date.0)),
            expires: expires.as_ref().and_then(|date| model::parse_date(&date.0)),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    fn outcome(&mut self, part: &Gathered<raw::Outcome>) -> model::Outcome {
        let raw::Outcome { id: _, title, result, common: raw_common } = &part.raw;
        model::Outcome {
            id: part.id.clone(),
            title: text(title).unwrap_or_else(|| part.id.to_string()),
            result: *result,
            common: common(raw_common.clone(), part.place.clone()),
        }
    }

    fn metric(&mut self, part: &Gathered<raw::Metric>) -> model::Metric {
        let place = &part.place;
        let raw::Metric { id: _, title, from, to, target, per, whose, common: raw_common } = &part.raw;
        model::Metric {
            id: part.id.clone(),
            title: text(title).unwrap_or_else(|| part.id.to_string()),
            from: self.maybe_target(from, place, "from"),
            to: self.maybe_target(to, place, "to"),
            target: *target,
            per: text(per),
            whose: text(whose),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    fn lookup(&mut self, raw: &raw::Lookup, place: Place) -> Option<model::Lookup> {
        let raw::Lookup { heard, finds, common: raw_common } = raw;
        let scope = self.scope;
        let id = finds.0.as_str();
        let known = scope.targets.get(id).is_some_and(|target| !matches!(target, Target::Outcome(_)))
            || scope.questions.contains_key(id)
            || scope.signals.contains_key(id)
            || scope.competitors.contains_key(id);
        if !known {
            let broken = ["targets", "questions", "signals", "competitors"];
            if !broken.iter().any(|space| scope.is_broken(space, id)) {
                self.look_up(&BTreeMap::<Id, ()>::new(), "targets", "card", finds, &place.key("finds"));
            }
            return None;
        }
        Some(model::Lookup {
            heard: heard.0.clone(),
            finds: Id::new(id),
            common: common(raw_common.clone(), place),
        })
    }
}

/// Techniques that press with scarcity: honest only with a true, dated fact (`domain.md`).
const SCARCITY: [&str; 2] = ["standing-room-only", "now-or-never"];
