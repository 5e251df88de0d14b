//! The record of a call: one JSON document, the same from the terminal and from the browser.
//!
//! ```json
//! {"version": 1, "id": "k3f9x2m7q4ba", "playbook": "saas-outbound", "language": "en", "rep": "An",
//!  "prospect": {"first_name": "Linh", "company": "Harbour Joinery"}, "variables": {"team_size": "12"},
//!  "segment": ["mid-market"], "demo": false,
//!  "started": "2026-11-22T09:00:00Z", "ended": "2026-11-22T09:07:12Z", "seconds": 432,
//!  "path": [{"stage": "open", "entered": "…", "left": "…", "seconds": 61}],
//!  "answers": {"current_tool": {"value": "spreadsheets", "question": "current-tool", "stage": "open", "at": "…"}},
//!  "objections": [{"card": "too-expensive", "playbook": "core-objections", "stage": "open", "at": "…", "left": "…",
//!                  "times": 1, "heard": "that's steep", "response": "isolate", "landed": true, "accepted": false,
//!                  "tried": [{"response": "isolate", "landed": true, "at": "…"}]}],
//!  "no_answer": [{"heard": "do you run on boats?", "stage": "open", "card": null, "at": "…"}],
//!  "closes": [{"close": "next-step", "stage": "open", "at": "…", "yes": true, "led_to": "meeting-booked"}],
//!  "signals": [{"signal": "asks-price", "stage": "open", "at": "…"}],
//!  "outcome": "meeting-booked", "result": "won",
//!  "next_step": {"what": "send the numbers", "date": "2026-11-25"},
//!  "notes": [{"text": "…", "stage": "open", "at": "…"}],
//!  "events": [{"at": "…", "do": "next"}]}
//! ```
//!
//! Required are `id`, `playbook` and `started`. Times are RFC 3339 in UTC. Keys that are not known are
//! kept and written again, at the top and in every part; ids need not be in the book any more.
//! Everything but the first lines follows from `events` ([`Record::of`]), which are kept so that a call
//! can be gone on with; a record without events is as good, as far as it goes.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::landed::Kept;
use crate::book::brief;
use crate::script::walk::Stamped;

/// The version of the form that is written.
pub const VERSION: u32 = 1;

/// How long an id may be, in bytes.
const MAX_ID: usize = 128;

/// What is known of a call before anything happens in it; the first line of its journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Header {
    /// The version of the form.
    #[serde(default = "version")]
    pub version: u32,
    /// The call's id.
    pub id: String,
    /// The playbook's id.
    pub playbook: String,
    /// The language tag.
    pub language: String,
    /// Who calls.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rep: Option<String>,
    /// The variables that were given, by dotted name: `prospect.first_name`, `team_size`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<String, String>,
    /// What sort of prospect it is, for reports.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segment: Vec<String>,
    /// When it began.
    pub started: Timestamp,
    /// How often responses had landed when it began: they keep their order to its end, whatever is put
    /// into the store meanwhile, so that its events always mean the same.
    #[serde(default, skip_serializing_if = "Kept::is_empty")]
    pub landed: Kept,
    /// Whether it is made up.
    #[serde(default, skip_serializing_if = "is_false")]
    pub demo: bool,
}

/// What happened in a call. The shape is described at the top of `calls/record.rs`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Record {
    #[serde(default = "version")]
    pub version: u32,
    pub id: String,
    pub playbook: String,
    #[serde(default = "undetermined")]
    pub language: String,
    #[serde(default)]
    pub rep: Option<String>,
    /// By name without `prospect.`.
    #[serde(default)]
    pub prospect: BTreeMap<String, String>,
    /// The other variables that were given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, String>,
    #[serde(default)]
    pub segment: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub demo: bool,
    pub started: Timestamp,
    /// None where the call was not ended.
    #[serde(default)]
    pub ended: Option<Timestamp>,
    /// How long the call took, breaks not counted.
    #[serde(default)]
    pub seconds: Option<i64>,
    #[serde(default)]
    pub path: Vec<Visit>,
    /// By field; in the order of the answers.
    #[serde(default)]
    pub answers: IndexMap<String, Answer>,
    #[serde(default)]
    pub objections: Vec<Heard>,
    #[serde(default)]
    pub no_answer: Vec<NoAnswer>,
    #[serde(default)]
    pub closes: Vec<Closing>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Noticed>,
    /// The outcome's id.
    #[serde(default)]
    pub outcome: Option<String>,
    /// What the outcome meant for the deal, at the time: won, upgraded, paused, lost, open.
    #[serde(default)]
    pub result: Option<String>,
    #[serde(default)]
    pub next_step: Option<NextStep>,
    #[serde(default)]
    pub notes: Vec<Note>,
    #[serde(default)]
    pub events: Vec<Logged>,
    /// Keys that are not known.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A stay in a stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Visit {
    pub stage: String,
    pub entered: Timestamp,
    #[serde(default)]
    pub left: Option<Timestamp>,
    /// How long, breaks not counted.
    #[serde(default)]
    pub seconds: Option<i64>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An answer to a discovery question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(from = "AnyAnswer")]
#[allow(missing_docs)]
pub struct Answer {
    /// Text, a number, true or false; a date as text.
    pub value: Value,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An answer with what belongs to it, or the bare value.
#[derive(Deserialize)]
#[serde(untagged)]
enum AnyAnswer {
    Full {
        value: Value,
        #[serde(default)]
        question: Option<String>,
        #[serde(default)]
        stage: Option<String>,
        #[serde(default)]
        at: Option<Timestamp>,
        #[serde(flatten)]
        extra: Map<String, Value>,
    },
    Bare(Value),
}

impl From<AnyAnswer> for Answer {
    fn from(any: AnyAnswer) -> Self {
        match any {
            AnyAnswer::Full { value, question, stage, at, extra } => {
                Answer { value, question, stage, at, extra }
            }
            AnyAnswer::Bare(value) => {
                Answer { value, question: None, stage: None, at: None, extra: Map::new() }
            }
        }
    }
}

/// An objection that was heard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Heard {
    /// The objection's id, or `playbook/id` for one from elsewhere in the book.
    pub card: String,
    /// The playbook or library that it is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<String>,
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(default)]
    pub left: Option<Timestamp>,
    /// The how-manieth time it came up in this call, from 1.
    #[serde(default = "one")]
    pub times: usize,
    /// The words heard.
    #[serde(default)]
    pub heard: Option<String>,
    /// The last response that was said.
    #[serde(default)]
    pub response: Option<String>,
    /// Whether that one landed; none where nobody noted it.
    #[serde(default)]
    pub landed: Option<bool>,
    /// Whether the rep accepted it and left.
    #[serde(default, skip_serializing_if = "is_false")]
    pub accepted: bool,
    /// Every response that was said, in order.
    #[serde(default)]
    pub tried: Vec<Tried>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A response that was said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Tried {
    pub response: String,
    #[serde(default)]
    pub landed: Option<bool>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Something that the book has no answer for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct NoAnswer {
    #[serde(default)]
    pub heard: String,
    #[serde(default)]
    pub stage: Option<String>,
    /// The card that was open and did not fit.
    #[serde(default)]
    pub card: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A close that was tried.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Closing {
    pub close: String,
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    /// What they said; none where nobody noted it.
    #[serde(default)]
    pub yes: Option<bool>,
    /// The id of what it led to: a stage, close, objection or outcome.
    #[serde(default)]
    pub led_to: Option<String>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A signal that was noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Noticed {
    pub signal: String,
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// What is done next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct NextStep {
    #[serde(default)]
    pub what: String,
    #[serde(default)]
    pub date: Option<Date>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Note {
    pub text: String,
    #[serde(default)]
    pub stage: Option<String>,
    #[serde(default)]
    pub at: Option<Timestamp>,
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// An event of a record: one that is known, or one of a newer version, kept as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Logged {
    /// One that is known.
    Event(Stamped),
    /// Any other.
    Other(Value),
}

pub(super) fn version() -> u32 {
    VERSION
}

pub(super) fn one() -> usize {
    1
}

pub(super) fn undetermined() -> String {
    "und".to_string()
}

#[allow(clippy::trivially_copy_pass_by_ref)]
fn is_false(value: &bool) -> bool {
    !value
}

impl Record {
    /// The record of a call in which nothing has happened yet.
    pub fn begun(header: &Header) -> Self {
        let mut record = Record {
            version: VERSION,
            id: header.id.clone(),
            playbook: header.playbook.clone(),
            language: header.language.clone(),
            rep: header.rep.clone(),
            prospect: BTreeMap::new(),
            variables: BTreeMap::new(),
            segment: header.segment.clone(),
            demo: header.demo,
            started: header.started,
            ended: None,
            seconds: None,
            path: Vec::new(),
            answers: IndexMap::new(),
            objections: Vec::new(),
            no_answer: Vec::new(),
            closes: Vec::new(),
            signals: Vec::new(),
            outcome: None,
            result: None,
            next_step: None,
            notes: Vec::new(),
            events: Vec::new(),
            extra: Map::new(),
        };
        for (name, value) in &header.given {
            record.set(name, value);
        }
        record
    }

    /// Sets a variable; an empty value takes it away.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        if name == "rep" {
            self.rep = Some(value.trim().to_string()).filter(|rep| !rep.is_empty());
            return;
        }
        let (map, name) = match name.strip_prefix("prospect.") {
            Some(name) => (&mut self.prospect, name),
            None => (&mut self.variables, name),
        };
        if value.trim().is_empty() {
            map.remove(name);
        } else {
            map.insert(name.to_string(), value.to_string());
        }
    }

    /// The events that are known, for [`Walk::replay`](crate::script::walk::Walk::replay).
    pub fn known_events(&self) -> Vec<Stamped> {
        let known = |event: &Logged| match event {
            Logged::Event(stamped) => Some(stamped.clone()),
            Logged::Other(_) => None,
        };
        self.events.iter().filter_map(known).collect()
    }

    /// What people call the prospect: a name, and the company where there is one; empty where nothing
    /// is known.
    pub fn prospect_name(&self) -> String {
        let field = |name: &str| self.prospect.get(name).map(|value| value.trim()).filter(|v| !v.is_empty());
        let full = field("name").or(field("full_name")).map(str::to_string);
        let parts: Vec<&str> = [field("first_name"), field("last_name")].into_iter().flatten().collect();
        let person = full.or_else(|| (!parts.is_empty()).then(|| parts.join(" ")));
        match (person, field("company")) {
            (Some(person), Some(company)) => format!("{person}, {company}"),
            (Some(person), None) => person,
            (None, Some(company)) => company.to_string(),
            (None, None) => self.prospect.values().next().cloned().unwrap_or_default(),
        }
    }

    /// Every name that means the prospect, as [`folded`]: each field of it, first and last name together,
    /// and what people call it.
    pub fn names(&self) -> BTreeSet<String> {
        let field = |key: &str| self.prospect.get(key).map_or("", String::as_str);
        let together = [
            format!("{} {}", field("first_name"), field("last_name")),
            format!("{} {}", field("last_name"), field("first_name")),
            self.prospect_name(),
        ];
        let all = self.prospect.values().chain(&together).map(|name| folded(name));
        all.filter(|name| !name.is_empty()).collect()
    }

    /// Whether a name is the prospect's. Case and spaces do not count.
    pub fn is_prospect(&self, name: &str) -> bool {
        self.names().contains(&folded(name))
    }

    /// What keeps a record from being kept, and what should be said of one that can be.
    pub fn check(&self) -> Result<Option<String>, String> {
        let plain = |c: char| !c.is_control() && !c.is_whitespace() && c != '/' && c != '\\';
        if self.id.is_empty() || self.id.len() > MAX_ID || !self.id.chars().all(plain) {
            return Err(format!(
                "`{}` cannot be the id of a call; expected up to {MAX_ID} characters without spaces",
                brief(&self.id)
            ));
        }
        if self.ended.is_some_and(|ended| ended < self.started) {
            return Err("the call ends before it begins".to_string());
        }
        let newer = self.version > VERSION;
        Ok(newer.then(|| {
            format!("call `{}` is of version {}, and {VERSION} is what is known here", self.id, self.version)
        }))
    }
}

/// A name without what does not count in one: case, and how many spaces.
pub fn folded(name: &str) -> String {
    use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};
    // Nearly every name is in its normal form, and to see that is much cheaper than to make it.
    let name = match is_nfkc_quick(name.chars()) {
        IsNormalized::Yes => name.to_lowercase(),
        _ => name.nfkc().collect::<String>().to_lowercase(),
    };
    let mut out = String::with_capacity(name.len());
    for word in name.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}
