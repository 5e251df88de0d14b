//! What lookup found, for programs: the JSON of `find` and of the server.

use serde_json::{Value, json};

use crate::calls::landed::Landed;
use crate::card::{Card, CardResponse};
use crate::language::Language;
use crate::search::{Found, Hit};

/// The answer to a query; `elapsed` is in microseconds.
pub fn found(
    query: &str,
    language: Option<&Language>,
    found: &Found,
    landed: &Landed,
    elapsed: u128,
) -> Value {
    let hits: Vec<Value> =
        found.hits.iter().enumerate().map(|(index, one)| hit(index + 1, one, landed)).collect();
    let mut value = json!({
        "query": query,
        "language": language.map(Language::as_str),
        "total": found.total,
        "elapsed_us": elapsed as u64,
        "hits": hits,
    });
    if !found.near.is_empty() {
        let near = found.near.iter().enumerate().map(|(index, one)| hit(index + 1, one, landed));
        value["near"] = near.collect();
    }
    value
}

/// A hit; a response of which calls say enough has `landed`.
pub fn hit(rank: usize, hit: &Hit, landed: &Landed) -> Value {
    let ranked = json!({"rank": rank, "score": (f64::from(hit.score) * 1000.0).round() / 1000.0});
    let told = json!({"matched": hit.matched, "responses": responses(&hit.card, landed)});
    let mut value = joined([ranked, head(&hit.card), told, place(&hit.card)]);
    if !hit.reasons.is_empty() {
        value["reasons"] = json!(hit.reasons);
    }
    value
}

/// A whole card: what a hit tells of it, and everything else that is on it.
pub fn whole_card(card: &Card, landed: &Landed) -> Value {
    let rest = json!({
        "utterances": card.utterances,
        "why": card.why,
        "responses": responses(card, landed),
        "tags": card.tags,
        "stages": card.stages,
        "was": card.was,
        "internal": card.internal,
    });
    joined([head(card), rest, place(card)])
}

fn head(card: &Card) -> Value {
    json!({
        "kind": card.kind,
        "id": card.id,
        "playbook": card.playbook,
        "language": card.language,
        "code": card.code,
        "title": card.title,
        "category": card.category,
        "objection_kind": card.objection_kind,
    })
}

fn place(card: &Card) -> Value {
    json!({"file": &*card.file, "line": card.line})
}

/// One object of several, in their order.
fn joined(parts: impl IntoIterator<Item = Value>) -> Value {
    let objects = parts.into_iter().filter_map(|part| match part {
        Value::Object(fields) => Some(fields),
        _ => None,
    });
    Value::Object(objects.flatten().collect())
}

fn responses(card: &Card, landed: &Landed) -> Vec<Value> {
    let response = |response: &CardResponse| {
        let mut value = json!(response);
        if let Some(rate) = landed.of_card(card, &response.id) {
            value["landed"] = json!(rate);
        }
        value
    };
    card.responses.iter().map(response).collect()
}
