//! The ways through a playbook: which parts each part leads on to.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::book::model::{LineContent, Ref, Stage, Target, Volume};

/// A node: a target, or the choice of an outcome at the end of the last stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Node {
    /// A part.
    Part(Target),
    /// The end of the playbook.
    End,
}

/// The ways through a playbook.
pub struct Ways {
    on: BTreeMap<Node, BTreeSet<Node>>,
}

impl Ways {
    /// Reads the ways of a playbook, by its number in the book.
    pub fn of(book: &Book, number: usize) -> Self {
        let mut ways = Ways { on: BTreeMap::new() };
        let volume = &book.volumes[number];
        let mut todo: Vec<Target> =
            (0..volume.stages.len()).map(|index| Target::Stage(Ref::at(number, index))).collect();
        let mut done = BTreeSet::new();
        while let Some(target) = todo.pop() {
            if !done.insert(target) {
                continue;
            }
            for node in leads(book, volume, number, target) {
                if let Node::Part(next) = node {
                    todo.push(next);
                }
                ways.on.entry(Node::Part(target)).or_default().insert(node);
            }
        }
        ways
    }

    /// Everything that can be reached from a stage, the stage itself with it.
    pub fn from(&self, stage: Ref<Stage>) -> BTreeSet<Node> {
        let mut seen = BTreeSet::new();
        let mut todo = vec![Node::Part(Target::Stage(stage))];
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                todo.extend(self.on.get(&node).into_iter().flatten());
            }
        }
        seen
    }
}

fn leads(book: &Book, volume: &Volume, number: usize, target: Target) -> Vec<Node> {
    let mut out: Vec<Target> = Vec::new();
    match target {
        Target::Stage(reference) if reference.volume == number => {
            let stage = &volume.stages[reference.index];
            out.extend(stage.next.iter().map(|branch| branch.go));
            out.extend(stage.objections.iter().copied().map(Target::Objection));
            out.extend(stage.closes.iter().copied().map(Target::Close));
            for line in &stage.script {
                if let LineContent::Ask(question) = line.content {
                    out.extend(book.get(question).options.iter().filter_map(|option| option.go));
                }
            }
            for (_, part) in book.scope(number) {
                out.extend(part.anytime.iter().map(|branch| branch.go));
            }
            if stage.next.is_empty() {
                if reference.index + 1 == volume.stages.len() {
                    return out.into_iter().map(Node::Part).chain([Node::End]).collect();
                }
                out.push(Target::Stage(Ref::at(number, reference.index + 1)));
            }
        }
        Target::Stage(_) | Target::Outcome(_) => {}
        Target::Close(close) => {
            let close = book.get(close);
            out.extend(close.if_yes.into_iter().chain(close.if_no));
        }
        Target::Objection(objection) => {
            out.extend(book.get(objection).responses.iter().filter_map(|response| response.next));
        }
    }
    out.into_iter().map(Node::Part).collect()
}
