//! Lookup for tools: the JSON of `find --format json`, and whole cards.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Query, State};
use axum::http::header::{self, HeaderValue};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::state::{Answers, Shared};
use crate::book::brief;
use crate::diagnostic::did_you_mean;
use crate::language::Language;
use crate::render;
use crate::search::{Filters, Look, Names};

/// The longest query, in characters: more than a minute of speech.
const LONGEST: usize = 2_000;

/// How many cards there are in an answer, and at most.
const SOME: usize = 5;
const MOST: usize = 100;

/// How many values a question may have.
const MOST_VALUES: usize = 64;

/// A question that cannot be answered: why, and one next step.
struct Refused(StatusCode, String, Option<String>);

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Refused(status, error, hint) = self;
        answer(status, &json!({"error": error, "hint": hint}))
    }
}

fn bad(error: impl Into<String>, hint: impl Into<Option<String>>) -> Refused {
    Refused(StatusCode::BAD_REQUEST, error.into(), hint.into())
}

fn answer(status: StatusCode, value: &Value) -> Response {
    let text = format!("{}\n", serde_json::to_string_pretty(value).unwrap_or_default());
    (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
}

/// `/api/find?q=…`: the best cards for what was heard.
pub async fn find(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let done = async {
        let known = ["q", "lang", "playbook", "stage", "category", "kind", "tag", "limit"];
        let asked = Asked::of(&uri, &known)?;
        let query = asked.text("q", "/api/find?q=too+expensive")?;
        let languages = asked.languages()?;
        let look = Look { limit: asked.limit()?, ..Look::default() };
        let mut filters = Filters {
            languages: languages.clone(),
            playbooks: asked.all("playbook"),
            stages: asked.all("stage"),
            categories: asked.all("category"),
            kinds: asked.all("kind"),
            tags: asked.tags()?,
        };
        ask(&shared, move |answers| {
            let started = Instant::now();
            let index = &answers.lookup.index;
            if !filters.languages.is_empty() {
                let known = index.names(Names::Languages).map_err(failed)?;
                filters.languages.iter_mut().for_each(|language| *language = language.among(&known));
            }
            let mut found = index.look(&query, &filters, look).map_err(failed)?;
            let all = found.hits.iter_mut().chain(&mut found.near);
            all.for_each(|hit| answers.landed.order_card(&mut hit.card));
            let elapsed = started.elapsed().as_micros();
            Ok(render::found(&query, languages.first(), &found, &answers.landed, elapsed))
        })
        .await
    };
    done.await.map_or_else(IntoResponse::into_response, |value| answer(StatusCode::OK, &value))
}

/// `/api/card?id=…`: every card of that id, also of before; all of what is on it.
pub async fn card(State(shared): State<Arc<Shared>>, uri: Uri) -> Response {
    let done = async {
        let asked = Asked::of(&uri, &["id", "lang", "playbook", "kind"])?;
        let id = asked.text("id", "/api/card?id=too-expensive")?;
        let (languages, playbooks, kinds) = (asked.languages()?, asked.all("playbook"), asked.all("kind"));
        ask(&shared, move |answers| {
            let fits =
                |one: &str, wanted: &[String]| wanted.is_empty() || wanted.iter().any(|name| name == one);
            let mut cards: Vec<_> = answers.cards.iter().filter(|card| card.id == id).collect();
            if cards.is_empty() {
                cards.extend(answers.cards.iter().filter(|card| card.was.contains(&id)));
            }
            cards.retain(|card| fits(&card.playbook, &playbooks) && fits(card.kind.as_str(), &kinds));
            if !languages.is_empty() {
                let known: Vec<String> = cards.iter().map(|card| card.language.to_string()).collect();
                let meant: Vec<Language> = languages.iter().map(|one| one.among(&known)).collect();
                cards.retain(|card| meant.iter().any(|range| card.language.in_range(range)));
            }
            if cards.is_empty() {
                let near = did_you_mean(&id, answers.cards.iter().map(|card| card.id.as_str()));
                let why = format!("no card has the id `{}` there", brief(&id));
                return Err(Refused(StatusCode::NOT_FOUND, why, near));
            }
            let all = cards.iter().take(MOST).map(|&card| {
                let mut card = card.clone();
                answers.landed.order_card(&mut card);
                render::whole_card(&card, &answers.landed)
            });
            Ok(json!({"id": id, "total": cards.len(), "cards": all.collect::<Vec<Value>>()}))
        })
        .await
    };
    done.await.map_or_else(IntoResponse::into_response, |value| answer(StatusCode::OK, &value))
}

fn failed(error: crate::search::SearchError) -> Refused {
    Refused(StatusCode::INTERNAL_SERVER_ERROR, error.to_string(), None)
}

/// Asks the index, on a thread that may take its time.
async fn ask(
    shared: &Shared,
    work: impl FnOnce(&Answers) -> Result<Value, Refused> + Send + 'static,
) -> Result<Value, Refused> {
    let busy = || Refused(StatusCode::SERVICE_UNAVAILABLE, "lookup is not ready".into(), None);
    let mut heard = shared.answers.subscribe();
    // The first index may be in the making.
    let answers = heard.wait_for(Option::is_some).await.map_err(|_| busy())?.clone().ok_or_else(busy)?;
    let place = shared.queries.clone().acquire_owned().await.map_err(|_| busy())?;
    let done = tokio::task::spawn_blocking(move || {
        let done = work(&answers);
        drop(place);
        done
    });
    done.await.map_err(|_| busy())?
}

/// What a question says.
struct Asked(Vec<(String, String)>);

impl Asked {
    /// Reads the part of an address behind `?`; a value that is empty counts as left out.
    fn of(uri: &Uri, known: &[&str]) -> Result<Self, Refused> {
        let values = Query::<Vec<(String, String)>>::try_from_uri(uri);
        let Query(mut values) = values.map_err(|_| bad("the part behind `?` cannot be read", None))?;
        values.retain(|(_, value)| !value.trim().is_empty());
        if values.len() > MOST_VALUES {
            return Err(bad(
                format!("there are {} values; at most {MOST_VALUES} are read", values.len()),
                None,
            ));
        }
        match values.iter().find(|(key, _)| !known.contains(&key.as_str())) {
            Some((key, _)) => {
                let why = format!("there is no `{}` here", brief(key));
                Err(bad(why, did_you_mean(key, known.iter().copied())))
            }
            None => Ok(Asked(values)),
        }
    }

    fn all(&self, key: &str) -> Vec<String> {
        self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.clone()).collect()
    }

    fn one(&self, key: &str) -> Result<Option<&str>, Refused> {
        let mut values = self.0.iter().filter(|(name, _)| name == key).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (_, Some(_)) => Err(bad(format!("`{key}` stands there twice"), "name it once".to_string())),
            (value, None) => Ok(value),
        }
    }

    /// A text that has to be there.
    fn text(&self, key: &str, example: &str) -> Result<String, Refused> {
        let Some(text) = self.one(key)? else {
            return Err(bad(format!("`{key}` is missing"), format!("such as {example}")));
        };
        let length = text.chars().count();
        if length > LONGEST {
            let why = format!("`{key}` has {length} characters; at most {LONGEST} are read");
            return Err(Refused(StatusCode::URI_TOO_LONG, why, Some("ask for less".into())));
        }
        Ok(text.to_string())
    }

    fn languages(&self) -> Result<Vec<Language>, Refused> {
        let tags = self.all("lang");
        tags.iter().map(|tag| Language::parse(tag).map_err(|error| bad(error, None))).collect()
    }

    fn limit(&self) -> Result<usize, Refused> {
        let Some(text) = self.one("limit")? else { return Ok(SOME) };
        let limit = text.parse().ok().filter(|limit| (1..=MOST).contains(limit));
        limit.ok_or_else(|| bad(format!("`limit` is a number from 1 to {MOST}"), None))
    }

    fn tags(&self) -> Result<Vec<(String, String)>, Refused> {
        let pair = |text: &String| {
            let (key, value) =
                text.split_once('=').filter(|(key, value)| !key.is_empty() && !value.is_empty())?;
            Some((key.to_string(), value.to_string()))
        };
        let tags = self.all("tag");
        let why = || bad("`tag` is a key and a value", "such as tag=persona%3Dfinance".to_string());
        tags.iter().map(|tag| pair(tag).ok_or_else(why)).collect()
    }
}
