//! Second pass: every reference becomes the part it means, every date a date, every text is read
//! for its variables and links. What does not resolve is told, and left out.

use std::collections::BTreeMap;

mod answers;
mod parts;
mod stages;

use rayon::prelude::*;

use super::RawBook;
use super::gather::{Draft, Gathered, gather};
use super::grammar::{VARIABLE_HINT, article, brief, is_variable_name};
use super::model::{self, Book, Id, Markup, Place, Ref, Sources, Target};
use super::raw::{self, IdOr, Reference, Text};
use super::scope::{Scope, declared, uses};
use crate::diagnostic::{Diagnostic, did_you_mean};
use crate::language::Language;
use crate::markdown;
use crate::template::spoken;

/// Resolves what was read.
pub(super) fn resolve(mut raw: RawBook, sources: Sources, findings: &mut Vec<Diagnostic>) -> Book {
    let mut drafts = gather(&mut raw, &sources, findings);
    let uses = uses(&mut drafts, raw.unread, &sources, findings);
    // Each volume by itself; whoever wanted the findings sorts them.
    let (scopes, told): (Vec<Scope>, Vec<Vec<Diagnostic>>) = (0..drafts.len())
        .into_par_iter()
        .map(|number| {
            let mut findings = Vec::new();
            (Scope::new(number, &drafts, &uses, &sources, &mut findings), findings)
        })
        .unzip();
    findings.extend(told.into_iter().flatten());
    let book_file = raw.book.as_ref().map(|book| &book.raw);
    let shipped = super::shipped_frameworks().iter().map(framework).collect::<Vec<_>>();
    let mut frameworks = shipped;
    for own in book_file.iter().flat_map(|book| &book.frameworks) {
        frameworks.retain(|known| known.id.as_str() != own.id.0);
        frameworks.push(framework(own));
    }
    // Most of a book is objections: their texts are taken over, and not copied.
    let objections = |draft: &mut Draft| {
        draft.objection_ids = draft.objections.iter().map(|part| part.id.clone()).collect();
        std::mem::take(&mut draft.objections)
    };
    let objections: Vec<_> = drafts.iter_mut().map(objections).collect();
    let volume = |(number, (draft, objections)): (usize, (&Draft, Vec<Gathered<raw::Objection>>))| {
        let mut own: Vec<model::Framework> = Vec::new();
        for volume in &scopes[number].volumes {
            own.extend(drafts[*volume].shared.frameworks.iter().filter_map(|item| match item {
                IdOr::Part(part) => Some(framework(part)),
                IdOr::Id(_) => None,
            }));
        }
        own.extend(frameworks.iter().cloned());
        let mut findings = Vec::new();
        let mut resolver = Resolver {
            drafts: &drafts,
            draft,
            scope: &scopes[number],
            frameworks: own,
            declared: declared(&scopes[number], &drafts, book_file),
            sources: &sources,
            findings: &mut findings,
        };
        (resolver.volume(&uses[number], objections), findings)
    };
    let (volumes, told): (Vec<model::Volume>, Vec<Vec<Diagnostic>>) =
        drafts.par_iter().zip(objections).enumerate().map(volume).unzip();
    findings.extend(told.into_iter().flatten());
    drafts.into_par_iter().for_each(drop);
    let lexicons = raw.lexicons.into_iter().filter_map(lexicon).collect();
    let (variables, check, header) = match raw.book {
        Some(book) => {
            let mut resolver = Checker { sources: &sources, findings };
            let top = Place::top(book.file);
            let variables = resolver.variables(book.raw.variables.as_ref(), &top.key("variables"));
            if let Some(link) = &book.raw.edit_url {
                resolver.edit_url(&link.0, &top.key("edit_url"));
            }
            let check = book.raw.check.clone().map(|check| check_settings(*check, top.key("check")));
            (variables, check.unwrap_or_default(), Some(book.raw))
        }
        None => (Vec::new(), model::CheckSettings::default(), None),
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
        check,
        sources,
    }
}

fn check_settings(raw: raw::CheckSettings, place: Place) -> model::CheckSettings {
    let raw::CheckSettings { severity, jargon, known, extra } = raw;
    model::CheckSettings { severity, jargon: texts(&jargon), known: texts(&known), place: Some(place), extra }
}

fn framework(raw: &raw::Framework) -> model::Framework {
    let raw::Framework { id, title, dimensions, visibility, extra } = raw;
    let hidden = |visibility: &Option<raw::Visibility>| *visibility == Some(raw::Visibility::Internal);
    let dimension = |raw: &raw::Dimension| {
        let raw::Dimension { id, title, visibility, extra } = raw;
        let title = title.as_ref().map_or(&id.0, |title| &title.0).clone();
        model::Dimension { id: Id::new(&id.0), title, internal: hidden(visibility), extra: extra.clone() }
    };
    model::Framework {
        id: Id::new(&id.0),
        title: title.as_ref().map_or(&id.0, |title| &title.0).clone(),
        dimensions: dimensions.iter().map(dimension).collect(),
        internal: hidden(visibility),
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
    /// Only a file and a line are put into the address of the source.
    fn edit_url(&mut self, link: &str, place: &Place) {
        let rest = link.replace("{file}", "").replace("{line}", "");
        let Some(unknown) = rest.find('{').map(|at| &rest[at..]) else { return };
        let unknown = &unknown[..unknown.find('}').map_or(unknown.len(), |end| end + 1)];
        let message = format!("`{}` is nothing that the address can have", brief(unknown));
        let hint = "write `{file}` where the file's name belongs, and `{line}` for the line";
        self.error("bad-link", place, message, Some(hint.to_string()));
    }

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
                for name in map.keys().filter(|name| !is_variable_name(name)) {
                    let place = place.key(name);
                    let message = format!("`{}` cannot be the name of a variable", brief(name));
                    let finding = Diagnostic::error(
                        "bad-id",
                        self.sources.name(&place),
                        self.sources.key_span(&place),
                        message,
                    );
                    self.findings.push(finding.hint(VARIABLE_HINT));
                }
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
    declared: BTreeMap<String, bool>,
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
        self.said(raw.clone(), || place.clone())
    }

    /// The same of a text that nobody needs any more. Its place is asked for only where it may be faulty.
    fn said(&mut self, raw: Text, place: impl FnOnce() -> Place) -> Markup {
        // Neither a variable nor a link is without these.
        if raw.0.contains(['{', ']', '<']) {
            let declared = std::mem::take(&mut self.declared);
            self.check_text(&raw.0, &place(), &declared);
            self.declared = declared;
        }
        Markup(raw.0)
    }

    fn maybe_said(&mut self, raw: Option<Text>, place: &Place, key: &str) -> Option<Markup> {
        raw.map(|text| self.said(text, || place.key(key)))
    }

    fn check_text(&mut self, text: &str, place: &Place, declared: &BTreeMap<String, bool>) {
        for fault in spoken::check(text, declared) {
            if fault.code == "template-variable" && self.scope.incomplete {
                continue;
            }
            self.error(fault.code, place, fault.message, fault.hint);
        }
        for link in markdown::unsafe_links(text) {
            let message = format!("`{}` is not a link that may be published", brief(&link));
            let hint = "use https:, http:, mailto: or tel:, or a path without `..`".to_string();
            self.error("bad-link", place, message, Some(hint));
        }
    }

    fn maybe(&mut self, raw: &Option<Text>, place: &Place, key: &str) -> Option<Markup> {
        self.maybe_said(raw.clone(), place, key)
    }

    fn many(&mut self, raw: &[Text], place: &Place, key: &str) -> Vec<Markup> {
        let text = |(index, text): (usize, &Text)| self.said(text.clone(), || place.key(key).item(index));
        raw.iter().enumerate().map(text).collect()
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
        if self.scope.incomplete || self.scope.is_broken(name, &reference.0) {
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
            let message = format!("`{}` is {is}, not {}", reference.0, article(noun));
            self.error("unknown-reference", place, message, None);
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

    fn volume(&mut self, uses: &[usize], objections: Vec<Gathered<raw::Objection>>) -> model::Volume {
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
            objections: objections.into_iter().map(|part| self.objection(part)).collect(),
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
}

/// Techniques that press with scarcity: honest only with a true, dated fact (`domain.md`).
const SCARCITY: [&str; 2] = ["standing-room-only", "now-or-never"];
