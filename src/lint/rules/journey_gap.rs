//! A process that leaves out where the buyer is: the first of the seven mistakes.

use super::process::processes;
use crate::book::Book;
use crate::book::model::BuyerStage;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "journey-gap", check };

/// The phases that none may be missed between; keeping a customer and asking for a referral are often
/// one stage.
const PHASES: [BuyerStage; 4] =
    [BuyerStage::Awareness, BuyerStage::Consideration, BuyerStage::Purchase, BuyerStage::Retention];

fn check(book: &Book, _: &Facts<'_>, sink: &mut Sink<'_>) {
    for (_, volume) in processes(book) {
        let marked: Vec<_> =
            volume.stages.iter().filter_map(|stage| Some((stage, stage.buyer_stage?))).collect();
        if marked.is_empty() {
            let message = format!("no stage of `{}` says where the buyer is meanwhile", volume.id);
            let hint =
                "give each stage a `buyer_stage`: awareness, consideration, purchase, retention or advocacy";
            sink.tell_key(&volume.common.place.key("stages"), message, hint);
            continue;
        }
        // A stage that does not say where the buyer is may be the one that is missed.
        if marked.len() < volume.stages.len() {
            continue;
        }
        let of = |phase: BuyerStage| {
            marked.iter().position(|(_, marked)| (*marked).min(BuyerStage::Retention) == phase)
        };
        let used: Vec<usize> = (0..PHASES.len()).filter(|phase| of(PHASES[*phase]).is_some()).collect();
        for pair in used.windows(2).filter(|pair| pair[1] > pair[0] + 1) {
            let names: Vec<&str> = PHASES[pair[0] + 1..pair[1]].iter().map(|phase| phase.as_str()).collect();
            let Some(after) = of(PHASES[pair[1]]) else { continue };
            let stage = marked[after].0;
            let message = format!(
                "the buyer comes from {} to {} without {}",
                PHASES[pair[0]].as_str(),
                PHASES[pair[1]].as_str(),
                names.join(" and ")
            );
            let hint =
                format!("add a stage with `buyer_stage: {}`, or name the phase of this one anew", names[0]);
            sink.tell(&stage.common.place.key("buyer_stage"), message, hint);
        }
    }
}
