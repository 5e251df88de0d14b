//! Discovery that never says back what it heard.

use super::process::processes;
use crate::book::Book;
use crate::book::model::{LineContent, ValueType};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "no-confirm", check };

/// From so many open questions on something has to be said back.
const QUESTIONS: usize = 3;

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (_, volume) in processes(book) {
        let asked = |stage: &crate::book::model::Stage| {
            let questions = stage.script.iter().filter_map(|line| match line.content {
                LineContent::Ask(question) => Some(book.get(question)),
                _ => None,
            });
            questions.filter(|question| question.of_type == ValueType::Text).collect::<Vec<_>>()
        };
        let all: Vec<_> = volume.stages.iter().flat_map(asked).collect();
        if all.len() < QUESTIONS || all.iter().any(|question| question.confirm.is_some()) {
            continue;
        }
        let most = volume
            .stages
            .iter()
            .enumerate()
            .max_by_key(|(index, stage)| (asked(stage).len(), std::cmp::Reverse(*index)));
        if let Some((_, stage)) = most {
            let message =
                format!("`{}` asks {} questions and says none of the answers back", volume.id, all.len());
            let hint =
                "add `confirm: \"So it is {{ answer }}. Is that right?\"` to the question that matters most";
            sink.tell_key(&stage.common.place.key("script"), message, hint);
        }
    }
}
