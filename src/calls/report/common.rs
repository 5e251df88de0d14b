//! What the last deals that were won have in common, beside what all others have.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;

use super::funnel::is_won;
use super::objections::said;
use crate::calls::Record;
use crate::rate::Rate;

/// So many of the newest won calls are looked at.
pub const LAST_WON: usize = 10;
/// Fewer than this say nothing about what they have in common.
pub const FEWEST_WON: usize = 5;

/// What the last won calls have in common.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Common {
    /// How many won calls were looked at: the newest, at most ten.
    pub won: usize,
    /// What was in at least half of them, in the order of how much more often than in the other calls. None
    /// where there are fewer than five won calls.
    pub traits: Vec<Trait>,
}

/// Something that happened in calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trait {
    /// What sort: objection (it was met), response (it landed), question (it was answered), close (they said
    /// yes), signal (it was noticed).
    pub kind: &'static str,
    /// The id; `objection/response` for a response.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// The last won calls with it.
    pub won: Rate,
    /// The calls that were not won, with it.
    pub others: Rate,
}

/// What calls have in common, being counted.
#[derive(Default)]
pub(super) struct Counting {
    won: usize,
    others: usize,
    traits: BTreeMap<&'static str, BTreeMap<String, (usize, usize)>>,
}

fn short(id: &str) -> &str {
    id.rsplit_once('/').map_or(id, |(_, id)| id)
}

/// What a call has, each once.
fn traits(record: &Record) -> Vec<(&'static str, Cow<'_, str>)> {
    let mut out = Vec::with_capacity(16);
    for heard in &record.objections {
        let card = short(&heard.card);
        out.push(("objection", Cow::from(card)));
        let landed = said(heard).filter(|(_, landed)| *landed == Some(true));
        out.extend(landed.map(|(response, _)| ("response", Cow::from(format!("{card}/{response}")))));
    }
    for (field, answer) in &record.answers {
        out.push(("question", Cow::from(answer.question.as_ref().unwrap_or(field))));
    }
    let yes = record.closes.iter().filter(|closing| closing.yes == Some(true));
    out.extend(yes.map(|closing| ("close", Cow::from(short(&closing.close)))));
    out.extend(record.signals.iter().map(|noticed| ("signal", Cow::from(&noticed.signal))));
    out.sort_unstable();
    out.dedup();
    out
}

impl Counting {
    /// Counts a call. Calls come newest first.
    pub fn add(&mut self, record: &Record) {
        let won = is_won(record);
        if won && self.won == LAST_WON {
            return;
        }
        if won {
            self.won += 1
        } else {
            self.others += 1
        }
        for (kind, id) in traits(record) {
            let of_kind = self.traits.entry(kind).or_default();
            if !of_kind.contains_key(&*id) {
                of_kind.insert(id.to_string(), (0, 0));
            }
            if let Some((in_won, in_others)) = of_kind.get_mut(&*id) {
                if won { *in_won += 1 } else { *in_others += 1 }
            }
        }
    }

    pub fn finish(self, title: impl Fn(&str, &str) -> String) -> Common {
        let (won, others) = (self.won, self.others);
        let mut traits = Vec::new();
        if won >= FEWEST_WON {
            let all = self
                .traits
                .into_iter()
                .flat_map(|(kind, of_kind)| of_kind.into_iter().map(move |(id, counts)| (kind, id, counts)));
            for (kind, id, (in_won, in_others)) in all {
                if in_won * 2 >= won {
                    let title = title(kind, &id);
                    let (won, others) = (Rate::new(in_won, won), Rate::new(in_others, others));
                    traits.push(Trait { kind, id, title, won, others });
                }
            }
        }
        let more = |one: &Trait| one.won.share().unwrap_or(0.0) - one.others.share().unwrap_or(0.0);
        traits
            .sort_by(|a, b| more(b).total_cmp(&more(a)).then_with(|| (a.kind, &a.id).cmp(&(b.kind, &b.id))));
        Common { won, traits }
    }
}
