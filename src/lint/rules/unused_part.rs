//! Parts that nothing refers to. Cards that are looked up need no reference.

use std::collections::BTreeSet;

use crate::book::Book;
use crate::book::model::{Close, LineContent, Part, Proof, Question, Ref, Target, Volume, VolumeKind};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unused-part", check };

#[derive(Default)]
struct Used {
    proofs: BTreeSet<Ref<Proof>>,
    questions: BTreeSet<Ref<Question>>,
    closes: BTreeSet<Ref<Close>>,
    volumes: BTreeSet<usize>,
}

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    // What a file that could not be read refers to, nobody knows.
    if book.sources.files().count() > book.volumes.len() + book.lexicons.len() + 1 {
        return;
    }
    let mut used = Used::default();
    for volume in &book.volumes {
        used.of(volume);
    }
    for (number, volume) in book.volumes.iter().enumerate() {
        if volume.kind == VolumeKind::Library && !used.volumes.contains(&number) {
            let message = format!("no playbook in {} uses the library `{}`", volume.language, volume.id);
            let hint = format!("add `uses: [{}]` to a playbook", volume.id);
            sink.tell(&volume.common.place.key("library"), message, hint);
            continue;
        }
        let hint = "let a response name it under `proof`, or take it away";
        unused(&volume.proofs, |index| used.proofs.contains(&Ref::at(number, index)), hint, sink);
        // A library has more than any one playbook needs, and a playbook without stages asks nothing.
        if volume.kind == VolumeKind::Library || volume.stages.is_empty() {
            continue;
        }
        let hint = "ask it in a stage: `- ask: its-id`, or take it away";
        unused(&volume.questions, |index| used.questions.contains(&Ref::at(number, index)), hint, sink);
        let hint = "offer it in a stage under `closes`, or take it away";
        unused(&volume.closes, |index| used.closes.contains(&Ref::at(number, index)), hint, sink);
    }
}

fn unused<T: Part>(parts: &[T], is_used: impl Fn(usize) -> bool, hint: &str, sink: &mut Sink<'_>) {
    for (index, part) in parts.iter().enumerate() {
        if !is_used(index) {
            let message = format!("nothing refers to the {} `{}`", T::NOUN, part.id());
            sink.tell(&part.common().place, message, hint);
        }
    }
}

impl Used {
    fn target(&mut self, target: Option<Target>) {
        if let Some(Target::Close(close)) = target {
            self.closes.insert(close);
        }
    }

    fn of(&mut self, volume: &Volume) {
        self.volumes.extend(&volume.uses);
        for stage in &volume.stages {
            self.closes.extend(&stage.closes);
            stage.next.iter().for_each(|branch| self.target(Some(branch.go)));
            for line in &stage.script {
                if let LineContent::Ask(question) = line.content {
                    self.questions.insert(question);
                }
            }
        }
        for question in &volume.questions {
            question.options.iter().for_each(|option| self.target(option.go));
        }
        for objection in &volume.objections {
            self.questions.extend(&objection.prevent);
            for response in &objection.responses {
                self.proofs.extend(&response.proof);
                self.target(response.next);
            }
        }
        for close in &volume.closes {
            self.target(close.if_yes);
            self.target(close.if_no);
        }
        volume.signals.iter().for_each(|signal| self.target(signal.go));
        volume.anytime.iter().for_each(|branch| self.target(Some(branch.go)));
        volume.competitors.iter().for_each(|competitor| self.proofs.extend(&competitor.proof));
        for metric in &volume.metrics {
            self.target(metric.from);
            self.target(metric.to);
        }
    }
}
