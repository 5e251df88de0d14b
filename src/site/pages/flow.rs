//! The stages of a playbook as a graph: which leads where, as a picture and as a list.

use std::collections::HashMap;

use serde::Serialize;

use crate::book::model::{DealResult, Outcome, Stage, Target, Volume};
use crate::site::data::{Link, Way};
use crate::site::flowchart::{self, Arrow, Node, NodeKind};
use crate::site::frame::Page;
use crate::site::view::At;

/// Where the stages of a playbook lead.
#[derive(Debug, Serialize)]
pub(in crate::site) struct Flow {
    /// The picture, where it is small enough to be read.
    pub svg_html: Option<String>,
    /// The same in words: each stage and its ways on.
    pub rows: Vec<FlowRow>,
}

/// A stage and its ways on.
#[derive(Debug, Serialize)]
pub(in crate::site) struct FlowRow {
    /// The stage.
    pub stage: Link,
    /// Whether it is the moment of truth.
    pub truth: bool,
    /// Its ways on, first to last.
    pub ways: Vec<Way>,
}

/// The nodes and arrows in the making.
struct Making<'p, 'a> {
    page: &'p Page<'a>,
    nodes: Vec<Node>,
    known: HashMap<(u8, At), usize>,
}

impl Making<'_, '_> {
    /// The box of a target; none where it may not be shown.
    fn node(&mut self, target: Target) -> Option<usize> {
        let (rank, at) = match target {
            Target::Stage(part) => (0, (part.volume, part.index)),
            Target::Close(part) => (1, (part.volume, part.index)),
            Target::Objection(part) => (2, (part.volume, part.index)),
            Target::Outcome(part) => (3, (part.volume, part.index)),
        };
        if let Some(known) = self.known.get(&(rank, at)) {
            return Some(*known);
        }
        let link = self.page.target(target)?;
        let w = self.page.w;
        let (kind, note) = match target {
            Target::Stage(part) => {
                let stage: &Stage = self.page.view.part(part)?;
                match stage.moment_of_truth {
                    true => (NodeKind::Truth, Some(w.moment_of_truth.to_string())),
                    false => (NodeKind::Stage, None),
                }
            }
            Target::Outcome(part) => {
                let outcome: &Outcome = self.page.view.part(part)?;
                let won = matches!(outcome.result, DealResult::Won | DealResult::Upgraded);
                let kind = if won { NodeKind::Won } else { NodeKind::Ended };
                (kind, Some(w.result_names.of(outcome.result.as_str()).to_string()))
            }
            Target::Close(_) => (NodeKind::Card, Some(w.close.to_string())),
            Target::Objection(_) => (NodeKind::Card, Some(w.objection.to_string())),
        };
        self.nodes.push(Node { title: link.title, kind, href_html: link.href_html, note });
        self.known.insert((rank, at), self.nodes.len() - 1);
        Some(self.nodes.len() - 1)
    }
}

/// Where the stages of a volume lead; nothing where there is no stage.
pub(in crate::site) fn of(page: &Page, number: usize, volume: &Volume) -> Option<Flow> {
    let stages: Vec<(At, &Stage)> = page.view.parts::<Stage>(number).collect();
    if stages.is_empty() {
        return None;
    }
    let target = |at: At| Target::Stage(crate::book::model::Ref::at(at.0, at.1));
    let mut making = Making { page, nodes: Vec::new(), known: HashMap::new() };
    // Stages first: their numbers are their order, which the layout keeps as its spine.
    let boxes: Vec<Option<usize>> = stages.iter().map(|(at, _)| making.node(target(*at))).collect();
    let mut arrows: Vec<Arrow> = Vec::new();
    let mut rows = Vec::new();
    for (place, (at, stage)) in stages.iter().enumerate() {
        let mut ways: Vec<Way> = stage.next.iter().filter_map(|branch| page.way(number, branch)).collect();
        let mut leads: Vec<(Target, Option<String>)> = page
            .shown(&stage.next, |branch| &branch.common)
            .into_iter()
            .map(|branch| (branch.go, branch.when.as_ref().map(|when| page.texts(number).plain(when))))
            .collect();
        // Without ways of its own a stage goes on to the one below it.
        if let (true, Some((below, _))) = (stage.next.is_empty(), stages.get(place + 1)) {
            leads.push((target(*below), None));
            ways.extend(page.target(target(*below)).map(|to| Way { when_html: None, to }));
        }
        for (to, when) in leads {
            if let (Some(from), Some(to)) = (boxes[place], making.node(to)) {
                match arrows.iter_mut().find(|arrow| arrow.from == from && arrow.to == to) {
                    // One arrow for several reasons to go the same way.
                    Some(arrow) => {
                        arrow.when =
                            arrow.when.take().zip(when).map(|(one, other)| format!("{one} · {other}"));
                    }
                    None => arrows.push(Arrow { from, to, when }),
                }
            }
        }
        if let Some(link) = page.target(target(*at)) {
            rows.push(FlowRow { stage: link, truth: stage.moment_of_truth, ways });
        }
    }
    let label = format!("{}: {}", page.w.flow, volume.title);
    Some(Flow { svg_html: flowchart::svg(&making.nodes, &arrows, "flow-", &label), rows })
}
