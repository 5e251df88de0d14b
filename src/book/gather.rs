//! First pass over what was read: every part gets its id and its place, and parts that are written
//! in place move into their volume's lists, so that the second pass meets references only.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::RawBook;
use super::model::{Id, Place, Sources, VolumeKind, slug};
use super::raw::{self, Ask, IdOr, Line, Reference, Shared, Text};
use super::shape::Dropped;
use crate::diagnostic::Diagnostic;
use crate::language::Language;

/// A part with its id and place.
#[derive(Debug)]
pub(super) struct Gathered<T> {
    pub id: Id,
    pub place: Place,
    pub raw: T,
}

/// A volume whose parts have ids.
#[derive(Debug)]
pub(super) struct Draft {
    pub kind: VolumeKind,
    pub id: Id,
    pub id_key: &'static str,
    pub title: String,
    pub language: Language,
    pub place: Place,
    pub anytime: Vec<raw::Branch>,
    /// The file's other keys; its lists of parts are empty now.
    pub shared: Shared,
    pub stages: Vec<Gathered<raw::Stage>>,
    pub questions: Vec<Gathered<raw::Question>>,
    pub objections: Vec<Gathered<raw::Objection>>,
    /// The ids of the objections, when they were taken out.
    pub objection_ids: Vec<Id>,
    pub closes: Vec<Gathered<raw::Close>>,
    pub signals: Vec<Gathered<raw::Signal>>,
    pub competitors: Vec<Gathered<raw::Competitor>>,
    pub proofs: Vec<Gathered<raw::Proof>>,
    pub outcomes: Vec<Gathered<raw::Outcome>>,
    pub metrics: Vec<Gathered<raw::Metric>>,
    pub roles: Vec<Gathered<raw::Role>>,
    pub dropped: Vec<Dropped>,
    /// Whether parts that others refer to are missing for a fault of the file.
    pub incomplete: bool,
    /// Whether it stands under an id or a language that is not its own.
    pub stand_in: bool,
}

/// Makes the drafts, sorted by language and id; a second volume of one id and language is left out.
pub(super) fn gather(raw: &mut RawBook, sources: &Sources, findings: &mut Vec<Diagnostic>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for file in std::mem::take(&mut raw.playbooks) {
        let raw::PlaybookFile { playbook, title, language, stages, anytime, shared } = file.raw;
        drafts.push(Draft {
            kind: VolumeKind::Playbook,
            id: Id::new(&playbook.0),
            id_key: "playbook",
            title: title.0,
            language: language_of(&language),
            incomplete: file.incomplete,
            stand_in: file.stand_in,
            ..Draft::new(file.file, stages, anytime, shared, file.dropped)
        });
    }
    for file in std::mem::take(&mut raw.libraries) {
        let raw::LibraryFile { library, title, language, anytime, shared } = file.raw;
        drafts.push(Draft {
            kind: VolumeKind::Library,
            title: title.map_or_else(|| library.0.clone(), |title| title.0),
            id: Id::new(&library.0),
            id_key: "library",
            language: language_of(&language),
            incomplete: file.incomplete,
            stand_in: file.stand_in,
            ..Draft::new(file.file, Vec::new(), anytime, shared, file.dropped)
        });
    }
    // The files came sorted by name, so the first of two is the first by name as well.
    drafts.sort_by(|a, b| (&a.language, &a.id, a.place.file).cmp(&(&b.language, &b.id, b.place.file)));
    let mut kept: Vec<Draft> = Vec::new();
    for mut draft in drafts {
        let alike = |last: &&Draft| last.language == draft.language && last.id == draft.id;
        if draft.stand_in && kept.last().is_some_and(|last| alike(&last)) {
            // Its language or id is a stand-in, so nothing is wrong with that yet.
            draft.id = Id::new(&format!("{}-unnamed-{}", draft.id, draft.place.file));
        }
        if let Some(first) = kept.last().filter(|last| last.language == draft.language && last.id == draft.id)
        {
            let place = draft.place.key(draft.id_key);
            let message = format!("`{}` exists in {} already", draft.id, draft.language);
            findings.push(
                Diagnostic::error("duplicate-id", sources.name(&place), sources.span(&place), message)
                    .hint("give this file another id, or another language if it is a translation")
                    .label(
                        sources.name(&first.place),
                        sources.span(&first.place.key(first.id_key)),
                        "the first one",
                    ),
            );
            continue;
        }
        kept.push(draft);
    }
    let named = kept.par_iter_mut().map(|draft| {
        let mut findings = Vec::new();
        Names { sources, findings: &mut findings }.volume(draft);
        findings
    });
    findings.extend(named.collect::<Vec<_>>().into_iter().flatten());
    kept
}

fn language_of(tag: &raw::LanguageTag) -> Language {
    // `shape` has read the tag already; English stands in should the two ever disagree.
    Language::parse(&tag.0).unwrap_or_else(|_| Language::english())
}

impl Draft {
    fn new(
        file: usize,
        stages: Vec<raw::Stage>,
        anytime: Vec<raw::Branch>,
        mut shared: Shared,
        dropped: Vec<Dropped>,
    ) -> Self {
        let top = Place::top(file);
        fn listed<T>(top: &Place, key: &str, parts: Vec<T>) -> Vec<Gathered<T>> {
            let list = top.key(key);
            let place = |(index, raw)| Gathered { id: Id::new("part"), place: list.item(index), raw };
            parts.into_iter().enumerate().map(place).collect()
        }
        macro_rules! take {
            ($key:ident) => {
                listed(&top, stringify!($key), std::mem::take(&mut shared.$key))
            };
        }
        Draft {
            kind: VolumeKind::Playbook,
            id: Id::new("part"),
            id_key: "playbook",
            title: String::new(),
            language: language_of(&raw::LanguageTag("en".into())),
            stages: listed(&top, "stages", stages),
            questions: take!(questions),
            objections: take!(objections),
            objection_ids: Vec::new(),
            closes: take!(closes),
            signals: take!(signals),
            competitors: take!(competitors),
            proofs: take!(proofs),
            outcomes: take!(outcomes),
            metrics: take!(metrics),
            roles: take!(roles),
            place: top,
            anytime,
            shared,
            dropped,
            incomplete: false,
            stand_in: false,
        }
    }
}

/// Gives out ids.
struct Names<'a> {
    sources: &'a Sources,
    findings: &'a mut Vec<Diagnostic>,
}

/// One name space: each id with the place that has it.
type Taken = HashMap<Arc<str>, Place>;

impl Names<'_> {
    fn volume(&mut self, draft: &mut Draft) {
        // Parts in place move first, from the outside in: a stage's objections bring their own
        // questions and proofs along. What stands within an internal part is internal as well.
        let hidden = is_internal(&draft.shared.common);
        for stage in &mut draft.stages {
            let (raw, place) = (&mut stage.raw, &stage.place);
            let hidden = inherit(hidden, &mut raw.common);
            move_out(&mut raw.objections, &place.key("objections"), &mut draft.objections, |part| {
                inherit(hidden, &mut part.common);
            });
            move_out(&mut raw.closes, &place.key("closes"), &mut draft.closes, |part| {
                inherit(hidden, &mut part.common);
            });
            for (index, line) in raw.script.iter_mut().enumerate() {
                let hidden = hidden || is_internal(&line.common);
                let place = place.key("script").item(index).key("ask");
                move_question(line, &place, &mut draft.questions, hidden);
            }
        }
        for objection in &mut draft.objections {
            let (raw, place) = (&mut objection.raw, &objection.place);
            let hidden = inherit(hidden, &mut raw.common);
            move_out(&mut raw.prevent, &place.key("prevent"), &mut draft.questions, |part| {
                inherit(hidden, &mut part.common);
            });
            for (index, response) in raw.responses.iter_mut().enumerate() {
                let hidden = hidden || is_internal(&response.common);
                let list = place.key("responses").item(index).key("proof");
                move_out(&mut response.proof, &list, &mut draft.proofs, |part| {
                    inherit(hidden, &mut part.common);
                });
            }
        }
        for competitor in &mut draft.competitors {
            let (raw, place) = (&mut competitor.raw, &competitor.place);
            let hidden = inherit(hidden, &mut raw.common);
            move_out(&mut raw.proof, &place.key("proof"), &mut draft.proofs, |part| {
                inherit(hidden, &mut part.common);
            });
        }
        macro_rules! hide {
            ($($list:ident)*) => {$(
                for part in &mut draft.$list {
                    inherit(hidden, &mut part.raw.common);
                }
            )*};
        }
        hide!(closes questions signals proofs outcomes metrics roles);
        // Written ids before derived ones, which give way; and all that everyone sees before what is
        // internal, so that the names of public parts tell nothing about internal ones.
        let mut taken: [Taken; 7] = Default::default();
        for phase in [(true, false), (false, false), (true, true), (false, true)] {
            let [targets, questions, signals, competitors, proofs, metrics, roles] = &mut taken;
            macro_rules! name {
                ($($list:ident $space:ident |$part:ident| $title:expr;)*) => {$(
                    self.name(&mut draft.$list, $space, phase, |$part| {
                        (&$part.id, $title, &$part.common)
                    });
                )*};
            }
            name! {
                stages targets |part| Some(&part.title);
                objections targets |part| Some(&part.title);
                closes targets |part| Some(&part.title);
                outcomes targets |part| part.title.as_ref();
                questions questions |part| Some(&part.ask);
                signals signals |part| part.title.as_ref();
                competitors competitors |part| Some(&part.title);
                proofs proofs |part| Some(&part.claim);
                metrics metrics |part| part.title.as_ref();
                roles roles |part| part.title.as_ref();
            }
        }
        relink(draft);
    }

    /// Gives ids to the parts of one phase: with a written id or without, internal or not.
    fn name<T>(
        &mut self,
        parts: &mut [Gathered<T>],
        taken: &mut Taken,
        (written, hidden): (bool, bool),
        key: impl Fn(&T) -> (&Option<raw::Id>, Option<&Text>, &raw::Common),
    ) {
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for part in parts.iter_mut() {
            let (id, title, common) = key(&part.raw);
            if id.is_some() != written || is_internal(common) != hidden {
                continue;
            }
            let mut wish = match (id, title) {
                (Some(id), _) => id.0.clone(),
                (None, Some(title)) => slug(&title.0),
                (None, None) => "part".to_string(),
            };
            if let (true, Some(first)) = (written, taken.get(wish.as_str())) {
                let place = part.place.key("id");
                self.findings.push(
                    Diagnostic::error(
                        "duplicate-id",
                        self.sources.name(&place),
                        self.sources.span(&place),
                        format!("the id `{wish}` is taken already"),
                    )
                    .hint("give one of the two another id")
                    .label(
                        self.sources.name(first),
                        self.sources.span(first),
                        "the first one",
                    ),
                );
            }
            if taken.contains_key(wish.as_str()) {
                // Ids stay taken, so that the next of this name need not try these again.
                let next = numbers.entry(wish.clone()).or_insert(2);
                let stem = std::mem::take(&mut wish);
                wish = loop {
                    let wish = format!("{stem}-{next}");
                    *next += 1;
                    if !taken.contains_key(wish.as_str()) {
                        break wish;
                    }
                };
            }
            part.id = Id::new(&wish);
            taken.insert(wish.into(), part.place.clone());
        }
    }
}

/// A reference to a part that stood here: its place, until it has an id.
fn marker(place: &Place) -> Reference {
    Reference(format!("@{}", place.path))
}

fn is_internal(common: &raw::Common) -> bool {
    common.visibility == Some(raw::Visibility::Internal)
}

/// Makes a part internal if what it stands in is; says whether it is internal now.
fn inherit(hidden: bool, common: &mut raw::Common) -> bool {
    if hidden {
        common.visibility = Some(raw::Visibility::Internal);
    }
    is_internal(common)
}

fn move_out<T>(items: &mut [IdOr<T>], list: &Place, parts: &mut Vec<Gathered<T>>, inherit: impl Fn(&mut T)) {
    for (index, item) in items.iter_mut().enumerate() {
        let place = list.item(index);
        if let IdOr::Part(_) = item {
            let IdOr::Part(mut part) = std::mem::replace(item, IdOr::Id(marker(&place))) else {
                continue;
            };
            inherit(&mut part);
            parts.push(Gathered { id: Id::new("part"), place, raw: *part });
        }
    }
}

fn move_question(line: &mut Line, place: &Place, questions: &mut Vec<Gathered<raw::Question>>, hidden: bool) {
    if let Some(Ask::Question(_)) = &line.ask {
        let Some(Ask::Question(mut question)) = line.ask.replace(Ask::Text(Text(marker(place).0))) else {
            return;
        };
        inherit(hidden, &mut question.common);
        questions.push(Gathered { id: Id::new("part"), place: place.clone(), raw: *question });
    }
}

/// Turns the markers that were left where parts stood into their ids.
fn relink(draft: &mut Draft) {
    let mut ids: HashMap<String, Id> = HashMap::new();
    fn note<T>(ids: &mut HashMap<String, Id>, parts: &[Gathered<T>]) {
        ids.extend(parts.iter().map(|part| (marker(&part.place).0, part.id.clone())));
    }
    note(&mut ids, &draft.objections);
    note(&mut ids, &draft.closes);
    note(&mut ids, &draft.questions);
    note(&mut ids, &draft.proofs);
    let link = |text: &mut String| {
        if let Some(id) = text.starts_with('@').then(|| ids.get(text.as_str())).flatten() {
            *text = id.to_string();
        }
    };
    fn each<T>(items: &mut [IdOr<T>], link: impl Fn(&mut String)) {
        for item in items {
            if let IdOr::Id(reference) = item {
                link(&mut reference.0);
            }
        }
    }
    for stage in &mut draft.stages {
        each(&mut stage.raw.objections, link);
        each(&mut stage.raw.closes, link);
        for line in &mut stage.raw.script {
            if let Some(Ask::Text(text)) = &mut line.ask {
                link(&mut text.0);
            }
        }
    }
    for objection in &mut draft.objections {
        each(&mut objection.raw.prevent, link);
        for response in &mut objection.raw.responses {
            each(&mut response.proof, link);
        }
    }
    for competitor in &mut draft.competitors {
        each(&mut competitor.raw.proof, link);
    }
}
