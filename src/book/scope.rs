//! What a volume can refer to: its own parts and those of the libraries that it uses, by id.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::OnceLock;

use super::gather::{Draft, Gathered};
use super::model::{
    Close, Competitor, Id, Metric, Objection, Outcome, Place, Proof, Question, Ref, Role, Signal, Sources,
    Stage, Target, VolumeKind,
};
use super::raw::{self, Common};
use super::shape::Dropped;
use crate::diagnostic::{Diagnostic, Known, did_you_mean};

/// One name space of a scope: id (old ids included) → part.
type Space<T> = BTreeMap<Id, T>;

/// The parts that a volume can refer to.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The volumes, itself first.
    pub volumes: Vec<usize>,
    pub targets: Space<Target>,
    pub questions: Space<Ref<Question>>,
    pub signals: Space<Ref<Signal>>,
    pub competitors: Space<Ref<Competitor>>,
    pub proofs: Space<Ref<Proof>>,
    pub metrics: Space<Ref<Metric>>,
    pub roles: Space<Ref<Role>>,
    /// The ids of each name space, once one of them was missed.
    known: [OnceLock<Known<Id>>; 7],
    /// Ids of parts that exist but were left out for a fault of their own, with their list.
    broken: HashSet<(String, String)>,
    /// Whether a file or a list that could hold what is referred to was not read: unknown ids are not
    /// told then, for they may be known once that is mended.
    pub incomplete: bool,
}

/// The libraries that each draft uses, through others as well; itself left out, in a stable order.
/// While files of the book are unread, a library that is not there may be one of them: that is not told,
/// and the draft is incomplete.
pub(super) fn uses(
    drafts: &mut [Draft],
    unread: bool,
    sources: &Sources,
    findings: &mut Vec<Diagnostic>,
) -> Vec<Vec<usize>> {
    let mut direct: Vec<Vec<usize>> = Vec::new();
    let mut lacking = Vec::new();
    for (number, draft) in drafts.iter().enumerate() {
        let mut used = Vec::new();
        for (index, reference) in draft.shared.uses.iter().enumerate() {
            let place = draft.place.key("uses").item(index);
            let libraries =
                || drafts.iter().enumerate().filter(|(_, other)| other.kind == VolumeKind::Library);
            let found = libraries()
                .find(|(_, other)| other.language == draft.language && is_named(other, &reference.0));
            match found {
                Some((number, _)) => used.push(number),
                None => {
                    if unread {
                        lacking.push(number);
                        continue;
                    }
                    let here = libraries().filter(|(_, other)| other.language == draft.language);
                    let known: Vec<&str> = here.map(|(_, other)| other.id.as_str()).collect();
                    let elsewhere = libraries().find(|(_, other)| is_named(other, &reference.0));
                    let hint = match elsewhere {
                        Some((_, other)) => Some(format!(
                            "it exists in {} only; write it in {} too",
                            other.language, draft.language
                        )),
                        None => did_you_mean(&reference.0, known.iter().copied())
                            .or_else(|| Some("add a file that begins with `library: …`".to_string())),
                    };
                    let message = format!(
                        "no library in {} is called `{}`",
                        draft.language,
                        super::grammar::brief(&reference.0)
                    );
                    findings.push(
                        Diagnostic::error(
                            "unknown-reference",
                            sources.name(&place),
                            sources.span(&place),
                            message,
                        )
                        .maybe_hint(hint),
                    );
                }
            }
        }
        direct.push(used);
    }
    for number in lacking {
        drafts[number].incomplete = true;
    }
    (0..drafts.len())
        .map(|start| {
            let mut seen = vec![start];
            let mut next = 0;
            while next < seen.len() {
                for library in &direct[seen[next]] {
                    if !seen.contains(library) {
                        seen.push(*library);
                    }
                }
                next += 1;
            }
            seen.split_off(1)
        })
        .collect()
}

fn is_named(draft: &Draft, reference: &str) -> bool {
    draft.id.as_str() == reference || draft.shared.common.was.iter().any(|was| was.0 == reference)
}

/// Enters the parts of one draft into a space; what is there already stays.
fn enter<T, R: Copy>(
    space: &mut Space<R>,
    parts: &[Gathered<T>],
    common: impl Fn(&T) -> &Common,
    reference: impl Fn(usize) -> R,
    mut clash: impl FnMut(&Gathered<T>),
) {
    for (index, part) in parts.iter().enumerate() {
        match space.get(part.id.as_str()) {
            Some(_) => clash(part),
            None => {
                space.insert(part.id.clone(), reference(index));
            }
        }
        for was in &common(&part.raw).was {
            space.entry(Id::new(&was.0)).or_insert_with(|| reference(index));
        }
    }
}

impl Scope {
    /// Makes the scope of a volume, and tells of ids that two of its volumes share.
    pub fn new(
        number: usize,
        drafts: &[Draft],
        uses: &[Vec<usize>],
        sources: &Sources,
        findings: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut scope = Scope::default();
        scope.volumes.push(number);
        scope.volumes.extend(&uses[number]);
        scope.incomplete = scope.volumes.iter().any(|volume| drafts[*volume].incomplete);
        let mut owner: HashMap<(&'static str, Id), (usize, Place)> = HashMap::new();
        for volume in scope.volumes.clone() {
            let draft = &drafts[volume];
            let broken = |dropped: &Dropped| (space_of(&dropped.list).to_string(), dropped.id.clone());
            scope.broken.extend(draft.dropped.iter().map(broken));
            let mut clash = |space: &'static str, id: &Id, place: &Place| {
                // A part's own double has been told of; two volumes meet in the first that has both.
                let Some((other, first)) = owner.get(&(space, id.clone())) else {
                    return;
                };
                let told_below = uses[volume].contains(other) && volume != number
                    || uses[*other].contains(&volume) && *other != number;
                if *other == volume || told_below {
                    return;
                }
                let (here, there) = if *other == number { (first, place) } else { (place, first) };
                findings.push(
                    Diagnostic::error(
                        "duplicate-id",
                        sources.name(here),
                        sources.span(here),
                        format!(
                            "the id `{id}` is taken in `{}` as well, and the two meet in `{}`",
                            drafts[if *other == number { volume } else { *other }].id,
                            drafts[number].id
                        ),
                    )
                    .hint("give one of the two another id")
                    .label(sources.name(there), sources.span(there), "the other one"),
                );
            };
            macro_rules! enter {
                ($space:ident, $list:ident, $make:expr) => {
                    enter(
                        &mut scope.$space,
                        &draft.$list,
                        |part| &part.common,
                        |index| $make(Ref::at(volume, index)),
                        |part| clash(stringify!($space), &part.id, &part.place),
                    );
                };
            }
            enter!(targets, stages, Target::Stage as fn(Ref<Stage>) -> Target);
            enter!(targets, objections, Target::Objection as fn(Ref<Objection>) -> Target);
            enter!(targets, closes, Target::Close as fn(Ref<Close>) -> Target);
            enter!(targets, outcomes, Target::Outcome as fn(Ref<Outcome>) -> Target);
            enter!(questions, questions, std::convert::identity);
            enter!(signals, signals, std::convert::identity);
            enter!(competitors, competitors, std::convert::identity);
            enter!(proofs, proofs, std::convert::identity);
            enter!(metrics, metrics, std::convert::identity);
            enter!(roles, roles, std::convert::identity);
            let mut own = |space: &'static str, ids: &mut dyn Iterator<Item = (&Id, &Place)>| {
                for (id, place) in ids {
                    owner.entry((space, id.clone())).or_insert_with(|| (volume, place.clone()));
                }
            };
            macro_rules! own {
                ($space:literal: $($list:ident)*) => {$(
                    own($space, &mut draft.$list.iter().map(|part| (&part.id, &part.place)));
                )*};
            }
            own!("targets": stages objections closes outcomes);
            own!("questions": questions);
            own!("signals": signals);
            own!("competitors": competitors);
            own!("proofs": proofs);
            own!("metrics": metrics);
            own!("roles": roles);
        }
        scope
    }

    /// Whether an id belongs to a part that was left out for a fault of its own.
    pub fn is_broken(&self, space: &str, id: &str) -> bool {
        self.broken.contains(&(space.to_string(), id.to_string()))
    }

    /// What an id that is not in the wanted name space could be meant as.
    pub fn hint(
        &self,
        wanted: &str,
        id: &str,
        drafts: &[Draft],
        language: &crate::language::Language,
    ) -> Option<String> {
        macro_rules! spaces {
            ($($name:ident)*) => {
                [$((
                    stringify!($name),
                    self.$name.contains_key(id),
                    &|| Known::new(self.$name.keys().cloned()),
                )),*]
            };
        }
        type Names<'a> = &'a dyn Fn() -> Known<Id>;
        let spaces: [(&str, bool, Names<'_>); 7] =
            spaces!(targets questions signals competitors proofs metrics roles);
        if let Some((space, ..)) = spaces.iter().find(|(space, has, _)| *space != wanted && *has) {
            let (space, wanted) = (in_words(space), in_words(wanted));
            return Some(format!("`{id}` is the id of one of the {space}; name one of the {wanted} here"));
        }
        let has = |draft: &Draft| {
            draft.objection_ids.iter().any(|known| known.as_str() == id)
                || draft.closes.iter().any(|part| part.id.as_str() == id)
                || draft.outcomes.iter().any(|part| part.id.as_str() == id)
                || draft.questions.iter().any(|part| part.id.as_str() == id)
                || draft.proofs.iter().any(|part| part.id.as_str() == id)
        };
        let unused = drafts
            .iter()
            .find(|draft| draft.kind == VolumeKind::Library && draft.language == *language && has(draft));
        if let Some(library) = unused {
            return Some(format!("it is in the library `{0}`; add `{0}` to `uses`", library.id));
        }
        let at = spaces.iter().position(|(space, ..)| *space == wanted)?;
        let near = self.known[at].get_or_init(spaces[at].2).nearest(id);
        near.map(|near| format!("did you mean `{near}`?"))
    }
}

/// A name space as people call it.
fn in_words(space: &str) -> &str {
    match space {
        "targets" => "stages, closes, objections or outcomes",
        other => other,
    }
}

/// The name space that the parts of a list live in.
fn space_of(list: &str) -> &str {
    match list {
        "stages" | "objections" | "closes" | "outcomes" => "targets",
        "prevent" | "script" => "questions",
        "proof" => "proofs",
        other => other,
    }
}

/// The names that the texts of a volume may use, besides `answer`, and whether each is a number.
pub(super) fn declared(
    scope: &Scope,
    drafts: &[Draft],
    book: Option<&raw::BookFile>,
) -> BTreeMap<String, bool> {
    let mut names: BTreeMap<String, bool> = ["rep", "today"].map(|name| (name.to_string(), false)).into();
    let lists = scope.volumes.iter().map(|volume| drafts[*volume].shared.variables.as_ref());
    for variables in lists.chain([book.and_then(|book| book.variables.as_ref())]).flatten() {
        match variables {
            raw::Variables::List(list) => {
                for variable in list {
                    let is_number = variable.of_type == Some(raw::ValueType::Number);
                    names.entry(variable.name.0.clone()).or_insert(is_number);
                }
            }
            raw::Variables::Short(map) => {
                map.keys().for_each(|name| {
                    names.entry(name.clone()).or_insert(false);
                });
            }
        }
    }
    names
}
