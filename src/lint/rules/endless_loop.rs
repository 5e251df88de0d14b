//! Closes, objections and responses that only lead to one another.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::book::model::{IfResists, Objection, Ref, Target};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "endless-loop", check };

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    targets(book, sink);
    for objection in book.volumes.iter().flat_map(|volume| &volume.objections) {
        responses(objection, sink);
    }
}

/// Closes and objections that lead on in every case, and never back to the stage or to an outcome.
fn targets(book: &Book, sink: &mut Sink<'_>) {
    // What leads only on, with where to; the rest goes back to the stage, and so has a way out.
    let mut on: BTreeMap<Target, Vec<Target>> = BTreeMap::new();
    for (number, volume) in book.volumes.iter().enumerate() {
        for (index, objection) in volume.objections.iter().enumerate() {
            let next: Option<Vec<Target>> =
                objection.responses.iter().map(|response| response.next).collect();
            if let Some(next) = next.filter(|next| !next.is_empty()) {
                on.insert(Target::Objection(Ref::at(number, index)), next);
            }
        }
        for (index, close) in volume.closes.iter().enumerate() {
            if let (Some(yes), Some(no)) = (close.if_yes, close.if_no) {
                on.insert(Target::Close(Ref::at(number, index)), vec![yes, no]);
            }
        }
    }
    // Whatever leads to something with a way out has one: spread from there against the arrows.
    let mut back: BTreeMap<Target, Vec<Target>> = BTreeMap::new();
    let mut out: Vec<Target> = Vec::new();
    for (from, to) in &on {
        for target in to {
            back.entry(*target).or_default().push(*from);
            if !on.contains_key(target) {
                out.push(*target);
            }
        }
    }
    let mut free: BTreeSet<Target> = BTreeSet::new();
    while let Some(target) = out.pop() {
        if free.insert(target) {
            out.extend(back.get(&target).into_iter().flatten());
        }
    }
    for (target, next) in on.iter().filter(|(target, _)| !free.contains(target)) {
        let message = format!(
            "`{}` leads only to `{}`, and from there no way leads to a stage or an outcome",
            book.target_id(*target),
            book.target_id(next[0])
        );
        let hint = "let one of them lead to an outcome, or take a `next` away to go back to the stage";
        sink.tell(&book.target_common(*target).place, message, hint);
    }
}

/// Responses that stand in for one another in a circle.
fn responses(objection: &Objection, sink: &mut Sink<'_>) {
    let next = |index: usize| match objection.responses[index].if_resists {
        Some(IfResists::Response(next)) => Some(next),
        Some(IfResists::Accept) | None => None,
    };
    let mut done = vec![false; objection.responses.len()];
    for start in 0..objection.responses.len() {
        let mut path = Vec::new();
        let mut here = Some(start);
        while let Some(index) = here.filter(|index| !done[*index]) {
            done[index] = true;
            path.push(index);
            here = next(index);
        }
        let Some(last) = here.filter(|index| path.contains(index)).and(path.last()) else { continue };
        let (last, first) = (&objection.responses[*last], here.unwrap_or_default());
        let message = format!(
            "if they resist `{}`, it goes back to `{}`, and so on for ever",
            last.id, objection.responses[first].id
        );
        sink.tell(
            &last.common.place.key("if_resists"),
            message,
            "write `if_resists: accept` where it is time to leave",
        );
    }
}
