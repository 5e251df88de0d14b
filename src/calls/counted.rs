//! A record as far as reports count it. Most of reading a record is what no report looks at: events, the
//! time of every step, notes, keys that are not known. Where there are a hundred thousand of them that is
//! the better half of the time.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use indexmap::IndexMap;
use jiff::Timestamp;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::record::{Answer, Closing, Heard, NextStep, NoAnswer, Noticed, Record, Tried, Visit};
use super::record::{one, undetermined, version};

#[derive(Deserialize)]
struct Seen {
    #[serde(default = "version")]
    version: u32,
    id: String,
    playbook: String,
    #[serde(default = "undetermined")]
    language: String,
    #[serde(default)]
    rep: Option<String>,
    #[serde(default)]
    prospect: BTreeMap<String, String>,
    #[serde(default)]
    segment: Vec<String>,
    #[serde(default)]
    demo: bool,
    started: Timestamp,
    #[serde(default)]
    seconds: Option<i64>,
    #[serde(default)]
    path: Vec<SeenVisit>,
    #[serde(default)]
    answers: IndexMap<String, SeenAnswer>,
    #[serde(default)]
    objections: Vec<SeenHeard>,
    #[serde(default)]
    no_answer: Vec<SeenNoAnswer>,
    #[serde(default)]
    closes: Vec<SeenClosing>,
    #[serde(default)]
    signals: Vec<SeenNoticed>,
    #[serde(default)]
    outcome: Option<String>,
    #[serde(default)]
    result: Option<String>,
    #[serde(default)]
    next_step: Option<NextStep>,
}

#[derive(Deserialize)]
struct SeenVisit {
    stage: String,
    entered: Timestamp,
    #[serde(default)]
    seconds: Option<i64>,
}

#[derive(Deserialize)]
struct SeenHeard {
    card: String,
    #[serde(default)]
    playbook: Option<String>,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default = "one")]
    times: usize,
    #[serde(default)]
    response: Option<String>,
    #[serde(default)]
    landed: Option<bool>,
    #[serde(default)]
    accepted: bool,
    #[serde(default)]
    tried: Vec<SeenTried>,
}

#[derive(Deserialize)]
struct SeenTried {
    response: String,
    #[serde(default)]
    landed: Option<bool>,
}

#[derive(Deserialize)]
struct SeenNoAnswer {
    #[serde(default)]
    heard: String,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    card: Option<String>,
}

#[derive(Deserialize)]
struct SeenClosing {
    close: String,
    #[serde(default)]
    stage: Option<String>,
    #[serde(default)]
    yes: Option<bool>,
    #[serde(default)]
    led_to: Option<String>,
}

#[derive(Deserialize)]
struct SeenNoticed {
    signal: String,
    #[serde(default)]
    stage: Option<String>,
}

/// The question of an answer, where the answer is written with one: an object with a `value`.
#[derive(Default)]
struct SeenAnswer(Option<String>);

impl<'de> Deserialize<'de> for SeenAnswer {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Answered)
    }
}

struct Answered;

impl<'de> Visitor<'de> for Answered {
    type Value = SeenAnswer;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an answer")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SeenAnswer, A::Error> {
        let (mut question, mut has_value) = (None, false);
        while let Some(key) = map.next_key::<Cow<'de, str>>()? {
            if key == "question" {
                question = map.next_value::<Value>()?.as_str().map(str::to_string);
            } else {
                has_value |= key == "value";
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(SeenAnswer(question.filter(|_| has_value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<SeenAnswer, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(SeenAnswer::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }

    fn visit_unit<E>(self) -> Result<SeenAnswer, E> {
        Ok(SeenAnswer::default())
    }
}

impl Record {
    /// Reads a record for a report: what no report counts is left out, as if the record had nothing of it.
    /// The errors are those of JSON that is no record.
    pub fn counted(json: &str) -> serde_json::Result<Record> {
        let seen: Seen = serde_json::from_str(json)?;
        let visit = |visit: SeenVisit| Visit {
            stage: visit.stage,
            entered: visit.entered,
            left: None,
            seconds: visit.seconds,
            extra: Map::new(),
        };
        let tried = |tried: SeenTried| Tried {
            response: tried.response,
            landed: tried.landed,
            at: None,
            extra: Map::new(),
        };
        let heard = |heard: SeenHeard| Heard {
            card: heard.card,
            playbook: heard.playbook,
            stage: heard.stage,
            at: None,
            left: None,
            times: heard.times,
            heard: None,
            response: heard.response,
            landed: heard.landed,
            accepted: heard.accepted,
            tried: heard.tried.into_iter().map(tried).collect(),
            extra: Map::new(),
        };
        let answer = |(field, SeenAnswer(question))| {
            (field, Answer { value: Value::Null, question, stage: None, at: None, extra: Map::new() })
        };
        let missing = |one: SeenNoAnswer| NoAnswer {
            heard: one.heard,
            stage: one.stage,
            card: one.card,
            at: None,
            extra: Map::new(),
        };
        let closing = |one: SeenClosing| Closing {
            close: one.close,
            stage: one.stage,
            at: None,
            yes: one.yes,
            led_to: one.led_to,
            extra: Map::new(),
        };
        let noticed =
            |one: SeenNoticed| Noticed { signal: one.signal, stage: one.stage, at: None, extra: Map::new() };
        Ok(Record {
            version: seen.version,
            id: seen.id,
            playbook: seen.playbook,
            language: seen.language,
            rep: seen.rep,
            prospect: seen.prospect,
            variables: BTreeMap::new(),
            segment: seen.segment,
            demo: seen.demo,
            started: seen.started,
            ended: None,
            seconds: seen.seconds,
            path: seen.path.into_iter().map(visit).collect(),
            answers: seen.answers.into_iter().map(answer).collect(),
            objections: seen.objections.into_iter().map(heard).collect(),
            no_answer: seen.no_answer.into_iter().map(missing).collect(),
            closes: seen.closes.into_iter().map(closing).collect(),
            signals: seen.signals.into_iter().map(noticed).collect(),
            outcome: seen.outcome,
            result: seen.result,
            next_step: seen.next_step,
            notes: Vec::new(),
            events: Vec::new(),
            extra: Map::new(),
        })
    }
}
