//! What the rules about a whole process share: which playbooks are one, and which of their stages are
//! talks with a buyer.

use crate::book::Book;
use crate::book::model::{LineContent, Stage, Volume};

/// From so many stages on a playbook is a process that rules expect something of; a shorter one may be
/// one call of many.
const STAGES: usize = 3;

/// The playbooks that are a process, with their numbers.
pub fn processes(book: &Book) -> impl Iterator<Item = (usize, &Volume)> {
    book.playbooks().filter(|(_, volume)| volume.stages.len() >= STAGES)
}

/// How many lines of a stage are told to the buyer, and how many ask.
pub fn lines(stage: &Stage) -> (usize, usize) {
    let (mut told, mut asked) = (0, 0);
    for line in &stage.script {
        match &line.content {
            LineContent::Say(text) | LineContent::Verbatim(text) => {
                told += 1;
                asked += usize::from(super::said::asks(text.source()));
            }
            LineContent::Ask(_) | LineContent::AskText(_) => asked += 1,
            LineContent::Note(_) => {}
        }
    }
    (told, asked)
}

/// Whether a stage is a talk with a buyer, and no work at the desk.
pub fn is_talk(stage: &Stage) -> bool {
    let (told, asked) = lines(stage);
    told + asked > 0
}
