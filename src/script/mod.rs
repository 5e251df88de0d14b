//! The Script: a playbook with its variables filled in and everything that it leads to beside it.
//! The one form that terminal, Markdown, HTML and JSON are made from.

mod build;
mod named;
pub mod values;
pub mod walk;

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::book::model::{Extra, ValueType};
use crate::markdown;
use crate::rate::Rate;
use crate::template::conditions::Cases;
use crate::template::spoken::{Filled, Piece};

pub use build::{MOST_ON_PAGE, Request, build, for_call, for_page};

/// A playbook ready to be led through.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Script {
    /// The playbook's id.
    pub playbook: String,
    /// The heading.
    pub title: String,
    /// The language tag.
    pub language: String,
    /// One paragraph.
    pub summary: Option<Filled>,
    /// How we sell.
    pub method: Option<String>,
    /// Who it is for, as `role`, `persona`, `segment` and names.
    pub audience: BTreeMap<&'static str, Vec<String>>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What is filled in.
    pub variables: Vec<VariableState>,
    /// Required variables that the texts use and that have no value, in the order of their first use.
    pub missing: Vec<Missing>,
    /// The stages, in order.
    pub stages: Vec<Stage>,
    /// Branches that are open at every stage.
    pub anytime: Vec<Branch>,
    /// Every objection that the stages lead to, in the order of first mention.
    pub objections: Vec<Objection>,
    /// Every close that the stages lead to, in the order of first mention.
    pub closes: Vec<Close>,
    /// What is not an objection but should be noticed; only in a script [`for_call`].
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// How the call can end.
    pub outcomes: Vec<Outcome>,
    /// The keys of the file that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A variable and its value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct VariableState {
    /// What templates call it.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// What it is now.
    pub value: Option<String>,
    /// What one looks like.
    pub example: Option<String>,
    /// Whether the script is incomplete without it.
    pub required: bool,
}

/// A variable that a text uses and that has no value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// What templates call it.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// Whether the script is incomplete without it.
    pub required: bool,
}

/// A stage.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Stage {
    /// The id.
    pub id: String,
    /// Which one it is, from 1.
    pub number: usize,
    /// What it is called.
    pub title: String,
    /// What is true when it has worked.
    pub goal: Option<Filled>,
    /// Where the buyer is meanwhile.
    pub buyer_stage: Option<&'static str>,
    /// Whether the sale is decided here.
    pub moment_of_truth: bool,
    /// Who does it.
    pub role: Option<String>,
    /// How long it should take.
    pub minutes: Option<f64>,
    /// What must hold before.
    pub entry: Vec<Criterion>,
    /// What to have done beforehand.
    pub checklist: Vec<Filled>,
    /// What happens, in order.
    pub lines: Vec<Line>,
    /// What must hold afterwards.
    pub exit: Vec<Criterion>,
    /// The speed dial.
    pub objections: Vec<Dial>,
    /// The closes that fit here.
    pub closes: Vec<Dial>,
    /// What is shown or sent.
    pub materials: Vec<Material>,
    /// What must be in hand afterwards.
    pub outputs: Vec<Filled>,
    /// What shows that this is not a customer.
    pub disqualify: Vec<Filled>,
    /// What is sent afterwards.
    pub follow_up: Vec<FollowUp>,
    /// Where it goes on; where the book says nothing, the stage below or the choice of an outcome.
    pub next: Vec<Branch>,
    /// Whether the outcome is chosen here, because there is no way on.
    pub ends: bool,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A condition and why it matters.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Criterion {
    /// What must hold.
    pub that: Filled,
    /// Why it matters.
    pub because: Option<Filled>,
}

/// One line of the script.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Line {
    /// Words to say, in one's own way.
    Say {
        /// The words.
        text: Filled,
    },
    /// Words that must be said exactly so.
    Verbatim {
        /// The words.
        text: Filled,
    },
    /// A question.
    Ask {
        /// The question.
        text: Filled,
        /// What belongs to it, where it is one of the book's.
        question: Option<Box<Question>>,
    },
    /// For the rep; never spoken.
    Note {
        /// The words.
        text: Filled,
        /// Whether it is internal to the team.
        internal: bool,
    },
}

/// What belongs to a question of the book.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// The id.
    pub id: String,
    /// What the answer is good for.
    pub why: Option<Filled>,
    /// The framework and dimension, as people call them.
    pub dimension: Option<String>,
    /// Good signs.
    pub listen_for: Vec<Filled>,
    /// Bad signs.
    pub warning_signs: Vec<Filled>,
    /// What to ask then.
    pub follow_ups: Vec<Filled>,
    /// How to say back what was understood.
    pub confirm: Option<Filled>,
    /// Where the answer is kept.
    pub field: Option<String>,
    /// What the answer is.
    #[serde(rename = "type")]
    pub of_type: ValueType,
    /// The answers to pick from.
    pub options: Vec<Choice>,
    /// Whether the stage is incomplete without an answer.
    pub required: bool,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An answer to pick.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Choice {
    /// The answer.
    pub answer: String,
    /// Where it leads.
    pub go: Option<Link>,
}

/// What a link leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkKind {
    /// A stage.
    Stage,
    /// A close.
    Close,
    /// An objection.
    Objection,
    /// An outcome.
    Outcome,
}

/// A way to another part of the script.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it leads to.
    pub kind: LinkKind,
    /// The id.
    pub id: String,
    /// What it is called.
    pub title: String,
}

/// A way on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Branch {
    /// When it is taken; always, where nothing is said.
    pub when: Option<Filled>,
    /// Where it leads.
    pub go: Link,
}

/// An entry of a stage's speed dial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dial {
    /// The id.
    pub id: String,
    /// The short code.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
}

/// Something that is shown or sent.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Material {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub link: Option<String>,
    /// When it is used.
    pub when: Option<Filled>,
}

/// What is sent afterwards.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FollowUp {
    /// How long afterwards.
    pub after: Option<String>,
    /// By which way.
    pub channel: Option<String>,
    /// The words.
    pub say: Filled,
}

/// An objection with its answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Objection {
    /// The id.
    pub id: String,
    /// The playbook or library that it is written in.
    pub playbook: String,
    /// The short code.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// What sort of thing it is.
    pub kind: &'static str,
    /// What it is about.
    pub category: Option<String>,
    /// What is usually behind it.
    pub why: Option<Filled>,
    /// After so many times, accept it and leave.
    pub limit: Option<u32>,
    /// Whom to bring in, and when.
    pub escalate: Option<Escalate>,
    /// The answers, best first.
    pub responses: Vec<Response>,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Whom to bring in, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Escalate {
    /// Whom.
    pub to: String,
    /// When.
    pub when: Option<Filled>,
}

/// One way to answer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Response {
    /// The id within its objection.
    pub id: String,
    /// How it answers.
    pub technique: Option<String>,
    /// Which situation it fits.
    pub when: Option<Filled>,
    /// Said first.
    pub bridge: Option<Filled>,
    /// The answer in turns; a single one where it takes none.
    pub turns: Vec<Turn>,
    /// The question that hands the word back.
    pub ask: Option<Filled>,
    /// The claims behind it.
    pub proof: Vec<Proof>,
    /// What not to do.
    pub avoid: Vec<Filled>,
    /// What to do if it does not land: another response's id, or `accept`.
    pub if_resists: Option<String>,
    /// Where it leads when it lands.
    pub next: Option<Link>,
    /// How often it landed in calls, where there are enough to say so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub landed: Option<Rate>,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One turn of a response.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Turn {
    /// What it does.
    pub step: Option<String>,
    /// The words.
    pub say: Filled,
    /// Whether to wait for their answer.
    pub wait: bool,
}

/// A claim with its source.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Proof {
    /// What is claimed.
    pub claim: Filled,
    /// Who says so.
    pub source: Option<String>,
    /// When it was found.
    pub date: Option<String>,
}

/// A close.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Close {
    /// The id.
    pub id: String,
    /// The playbook or library that it is written in.
    pub playbook: String,
    /// What it is called.
    pub title: String,
    /// Which technique it is.
    pub technique: Option<String>,
    /// What shows that its moment has come.
    pub signals: Vec<Filled>,
    /// The words.
    pub say: Filled,
    /// Where a yes leads.
    pub if_yes: Option<Link>,
    /// Where a no leads.
    pub if_no: Option<Link>,
    /// The fact behind a scarcity close.
    pub fact: Option<Filled>,
    /// Until when the fact holds.
    pub true_until: Option<String>,
    /// What not to do.
    pub avoid: Vec<Filled>,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What is not an objection but should be noticed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Signal {
    /// The id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it tells: `buying`, …
    pub kind: Option<String>,
    /// What buyers say then.
    pub utterances: Vec<String>,
    /// Words to say then.
    pub say: Option<Filled>,
    /// Where it leads.
    pub go: Option<Link>,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How a call can end.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Outcome {
    /// The id.
    pub id: String,
    /// What it is called.
    pub title: String,
    /// What it means for the deal.
    pub result: &'static str,
    /// Its keys that begin with `x-`.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The key under which a filled text travels until a renderer has its say.
const PIECES: &str = "\u{1}pieces";
/// What one begins with that is nothing but text. No text of a book has such a sign.
const TEXT: &str = "\u{1}text:";

impl Serialize for Filled {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let [Piece::Text(text)] = &self.0[..] {
            return serializer.collect_str(&format_args!("{TEXT}{text}"));
        }
        let mut pieces = Vec::with_capacity(self.0.len());
        for piece in &self.0 {
            pieces.push(written(piece));
            // Behind the conditions stands the text of each case, and which it is now.
            if let Piece::Cases(cases) = piece {
                for (number, text) in cases.texts.iter().enumerate() {
                    pieces.push(["case", "", if number == cases.now { "now" } else { "" }]);
                    pieces.extend(text.0.iter().map(written));
                }
            }
        }
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(PIECES, &pieces)?;
        map.end()
    }
}

fn written(piece: &Piece) -> [&str; 3] {
    match piece {
        Piece::Text(text) => ["text", text, ""],
        Piece::Value(text) => ["value", text, ""],
        Piece::Named { name, value } => ["named", value, name],
        Piece::Blank(name) => ["blank", name, ""],
        Piece::Cases(cases) => ["cases", &cases.conditions, ""],
    }
}

impl Script {
    /// The script as plain data, with every text as `text` makes it.
    pub fn view(&self, text: impl Fn(&Filled) -> String) -> serde_json::Value {
        let mut value = serde_json::to_value(self).unwrap_or_default();
        write_texts(&mut value, &text);
        value
    }

    /// The script as plain data, with every text as plain characters.
    pub fn plain(&self) -> serde_json::Value {
        self.view(markdown::to_plain)
    }
}

fn write_texts(value: &mut serde_json::Value, text: &impl Fn(&Filled) -> String) {
    match value {
        serde_json::Value::Object(map) => {
            if let Some(pieces) = map.get(PIECES) {
                *value = serde_json::Value::String(text(&read_pieces(pieces)));
                return;
            }
            map.values_mut().for_each(|value| write_texts(value, text));
        }
        serde_json::Value::String(whole) => {
            if let Some(plain) = whole.strip_prefix(TEXT) {
                *whole = text(&Filled::text(plain));
            }
        }
        serde_json::Value::Array(items) => items.iter_mut().for_each(|value| write_texts(value, text)),
        _ => {}
    }
}

fn read_pieces(pieces: &serde_json::Value) -> Filled {
    let piece = |piece: &serde_json::Value| {
        let text = piece[1].as_str().unwrap_or_default().to_string();
        match piece[0].as_str() {
            Some("value") => Piece::Value(text),
            Some("named") => {
                Piece::Named { name: piece[2].as_str().unwrap_or_default().to_string(), value: text }
            }
            Some("blank") => Piece::Blank(text),
            _ => Piece::Text(text),
        }
    };
    let pieces = pieces.as_array().map(Vec::as_slice).unwrap_or_default();
    let Some(first) = pieces.first().filter(|first| first[0] == "cases") else {
        return Filled(pieces.iter().map(piece).collect());
    };
    let texts: Vec<&[serde_json::Value]> = pieces.split(|piece| piece[0] == "case").skip(1).collect();
    let all = pieces.iter().filter(|piece| piece[0] == "case");
    Filled(vec![Piece::Cases(Box::new(Cases {
        conditions: first[1].as_str().unwrap_or_default().to_string(),
        texts: texts.iter().map(|pieces| Filled(pieces.iter().map(piece).collect())).collect(),
        now: all.into_iter().position(|case| case[2] == "now").unwrap_or(0),
    }))])
}
