//! The call screen: one document for each playbook, in which a call is led without a server, without
//! another file and, as one long page, without a script.
//!
//! Style and script stand in the document, for it must work when it is copied alone; the policy names
//! the digests of both, so nothing else runs but the handbook's search, where it still lies beside it. Stages, objections and closes are all there; the script
//! shows one at a time and keeps what happens as events, from which the record follows by the rules of
//! [`script::walk`](crate::script::walk) and `calls::derive`. It reads what it walks through from the
//! elements themselves (`data-id`, `data-do`, `#objection-…`); the same data twice could differ.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::address::Address;
use super::assets::{CSS, ICON, slim};
use super::frame::{Page, Site, Subject};
use super::sha256::source;
use super::text::{outside_link, shorten};
use super::words::Words as SiteWords;
use crate::book::model::{ValueType, VolumeKind};
use crate::calls::summary;
use crate::digest::fingerprint;
use crate::render;
use crate::script::{MOST_ON_PAGE, Script, for_page};
use crate::search::browser::letter;
use words::Words;

/// How long the name of an answer may be, in characters.
const NAME: usize = 90;

/// What is the same in every document.
struct Assets {
    css: String,
    js: &'static str,
    policy: String,
    icon: String,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    // The handbook's colours and fonts: what its style sheet begins with, up to the first empty line.
    let theme = CSS.split("\n\n").next().unwrap_or_default();
    let css = slim(&format!("{theme}\n{}", include_str!("../../../templates/site/call.css")));
    let js = include_str!("../../../templates/site/min/call.js");
    let policy = format!(
        "default-src 'none'; style-src {}; script-src 'self' {}; img-src data:; base-uri 'none'; form-action 'none'",
        source(&css),
        source(js)
    );
    let mut icon = String::from("data:image/svg+xml,");
    for byte in slim(ICON).bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'!'..=b'/' if !matches!(byte, b'"' | b'#' | b'%') => {
                icon.push(char::from(byte));
            }
            _ => icon.push_str(&format!("%{byte:02X}")),
        }
    }
    Assets { css, js, policy, icon }
});

/// What the template of the call screen is given.
#[derive(Debug, Serialize)]
pub(super) struct CallPage {
    /// The language's tag.
    lang: String,
    /// `ltr` or `rtl`.
    dir: &'static str,
    /// The letter of the file in which search has what is of this language.
    family: char,
    /// The content security policy: it names the digests of style and script as they ship, so a template that changes them needs one of its own.
    csp: &'static str,
    /// Program and version.
    generator: String,
    /// For search engines.
    description: String,
    /// The page's address on the web.
    canonical: Option<String>,
    /// The icon as an address of its own: asked for anew at every step, it must not be another file.
    icon: &'static str,
    /// The playbook's page.
    home_html: String,
    /// The style, for the document must work when it is copied alone.
    css: &'static str,
    /// The script.
    js: &'static str,
    /// The script of the call; every text is safe HTML.
    script: Value,
    /// The same in plain characters.
    plain: Value,
    /// What is filled in before the call.
    fields: Vec<Field>,
    /// Changes whenever the document does, so that a call goes on only where it fits.
    rev: String,
    /// What the page's script says, as JSON.
    js_words: String,
    /// The script of the handbook's search: it is asked where the document still lies in its folder.
    search_html: String,
    /// The words of the screen.
    w: &'static words::Words,
    /// The words of scripts.
    p: &'static render::Words,
    /// The words of summaries.
    s: &'static summary::Words,
}

/// What is filled in before the call.
#[derive(Debug, Serialize)]
struct Field {
    /// The variable's name.
    name: String,
    /// What it is called.
    title: String,
    /// Of the input element.
    #[serde(rename = "type")]
    of_type: &'static str,
    /// What it is as long as nobody says otherwise.
    value: String,
    /// For instance.
    example: Option<String>,
    /// Whether a call needs it.
    required: bool,
    /// What it may be, where it is one of few.
    options: Vec<String>,
}

/// The link to the call screen of a playbook, as its page shows it.
pub(super) fn link(page: &Page, number: usize) -> Option<super::data::Link> {
    let volume = &page.view.book.volumes[number];
    let is_led = volume.kind == VolumeKind::Playbook;
    is_led.then(|| page.link(&Address::call(volume), Words::of(&volume.language).lead))
}

/// What a trainer should know of the call screen of a playbook.
pub(super) fn warning(site: &Site, number: usize) -> Option<String> {
    let book = site.view.book;
    let count: usize = book.scope(number).map(|(_, volume)| volume.objections.len()).sum();
    (book.volumes[number].kind == VolumeKind::Playbook && count > MOST_ON_PAGE).then(|| {
        let volume = &book.volumes[number];
        format!(
            "the call screen of `{}` ({}) carries {MOST_ON_PAGE} of its {count} objections, first those that its stages lead to",
            volume.id, volume.language
        )
    })
}

/// The call screen of a playbook.
pub(super) fn page(site: &Site, number: usize) -> (&'static str, CallPage) {
    let view = site.view;
    let volume = &view.book.volumes[number];
    let address = Address::call(volume);
    let page = Page::new(site, address.clone(), &volume.language, Subject::Volume(number));
    let closed: BTreeSet<usize> = (0..view.book.volumes.len())
        .filter(|number| !view.is_open(*number))
        .map(|number| view.book.volumes[number].common.place.file)
        .collect();
    let shows =
        |common: &crate::book::model::Common| view.shows(common) && !closed.contains(&common.place.file);
    let mut script = for_page(view.book, number, &shows);
    if !view.public {
        site.options.landed.show_in_script(&mut script);
    }
    let texts = page.texts(number);
    let plain = script.view(|text| texts.filled_plain(text));
    let mut html = script.view(|text| page.link_cards(number, texts.filled(text, page.up(), &site.noted)));
    complete(&page, number, &script, &plain, &mut html);
    // Nobody asks for these here, and what is hidden must not change the revision.
    for unused in ["variables", "missing"] {
        html.as_object_mut().map(|html| html.remove(unused));
    }
    let rev = format!("{:016x}", fingerprint(html.to_string().as_bytes()));
    let w = Words::of(&volume.language);
    let s = summary::words(volume.language.as_str());
    let about = plain["summary"].as_str().unwrap_or(&volume.title).to_string();
    let base = view.book.base_url.as_ref().map(|base| base.trim_end_matches('/').to_string());
    let fields = fields(&page, number, &shows);
    let assets = &*ASSETS;
    let data = CallPage {
        lang: volume.language.to_string(),
        dir: if volume.language.is_rtl() { "rtl" } else { "ltr" },
        family: letter(volume.language.family()),
        csp: &assets.policy,
        generator: format!("callbook {}", site.options.generator),
        description: shorten(&super::text::one_line(&about), 160),
        canonical: base.map(|base| format!("{base}/{}", address.path)),
        icon: &assets.icon,
        home_html: page.href(&Address::volume(volume)),
        css: &assets.css,
        js: assets.js,
        script: html,
        plain,
        fields,
        rev,
        js_words: told(w, s),
        search_html: page.href(&site.files.search),
        w,
        p: render::words(&volume.language),
        s,
    };
    ("call.html", data)
}

/// What the page's script says: what it tells by itself, and the words of a summary.
fn told(words: &Words, summary: &summary::Words) -> String {
    let mut all = Map::new();
    for part in [serde_json::to_value(&words.told), serde_json::to_value(summary)] {
        all.extend(part.ok().and_then(|part| part.as_object().cloned()).into_iter().flatten());
    }
    all.insert("drop".into(), words.drop.into());
    Value::Object(all).to_string()
}

/// Puts beside the parts what a page says of them besides: names as people call them, the buyers' words,
/// what an event calls a card.
fn complete(page: &Page, number: usize, script: &Script, plain: &Value, html: &mut Value) {
    let (book, w): (_, &SiteWords) = (page.view.book, page.w);
    let mut said: BTreeMap<(&str, &str), &[String]> = BTreeMap::new();
    // Whatever the page has of cards is of these.
    for (_, volume) in book.scope(number) {
        for card in &volume.objections {
            said.insert((volume.id.as_str(), card.id.as_str()), &card.utterances);
        }
    }
    let mut taken = BTreeSet::new();
    for (index, card) in script.objections.iter().enumerate() {
        let (out, flat) = (&mut html["objections"][index], &plain["objections"][index]);
        out["name"] = name(&mut taken, &card.playbook, &card.id).into();
        out["said"] =
            json!(said.get(&(card.playbook.as_str(), card.id.as_str())).copied().unwrap_or_default());
        out["category_called"] = json!(card.category.as_deref().map(|name| w.category_names.of(name)));
        let called: Vec<String> =
            (0..card.responses.len()).map(|at| called(&flat["responses"][at])).collect();
        for (at, response) in card.responses.iter().enumerate() {
            let out = &mut out["responses"][at];
            let resists = response.if_resists.as_deref();
            let other = card.responses.iter().position(|other| Some(other.id.as_str()) == resists);
            out["resists_called"] = json!(other.map(|other| &called[other]));
            out["called"] = called[at].as_str().into();
            for (number, turn) in response.turns.iter().enumerate() {
                out["turns"][number]["step_called"] =
                    json!(turn.step.as_deref().map(|name| w.step_names.of(name)));
            }
        }
    }
    let mut taken = BTreeSet::new();
    for (index, close) in script.closes.iter().enumerate() {
        let out = &mut html["closes"][index];
        out["name"] = name(&mut taken, &close.playbook, &close.id).into();
        out["technique_called"] = json!(close.technique.as_deref().map(|name| w.technique_names.of(name)));
    }
    for (index, outcome) in script.outcomes.iter().enumerate() {
        html["outcomes"][index]["result_called"] = w.result_names.of(outcome.result).into();
    }
    for (index, stage) in script.stages.iter().enumerate() {
        for (at, material) in stage.materials.iter().enumerate() {
            let link = material.link.as_deref().and_then(|link| outside_link(link, page.up()));
            html["stages"][index]["materials"][at]["href_html"] = json!(link);
        }
    }
}

/// What an event calls a card, as [`Walk`](crate::script::walk::Walk) does: its id, or with its volume where
/// the id is taken.
fn name<'a>(taken: &mut BTreeSet<&'a str>, volume: &str, id: &'a str) -> String {
    if taken.insert(id) { id.to_string() } else { format!("{volume}/{id}") }
}

/// An answer in a list: when it fits, else how it begins.
fn called(response: &Value) -> String {
    let text = |value: &Value| value.as_str().map(|text| shorten(&super::text::one_line(text), NAME));
    text(&response["when"])
        .or_else(|| text(&response["bridge"]))
        .or_else(|| text(&response["turns"][0]["say"]))
        .unwrap_or_default()
}

fn fields(page: &Page, number: usize, shows: &dyn Fn(&crate::book::model::Common) -> bool) -> Vec<Field> {
    let known = page.view.book.variables(number).into_iter();
    known
        .filter(|variable| shows(&variable.common) && !["rep", "today"].contains(&variable.name.as_str()))
        .map(|variable| Field {
            name: variable.name.clone(),
            title: variable.title.clone().unwrap_or_else(|| variable.name.clone()),
            of_type: match variable.of_type {
                ValueType::Number => "number",
                ValueType::Date => "date",
                _ => "text",
            },
            value: variable.default.clone().unwrap_or_default(),
            example: variable.example.clone(),
            required: variable.required,
            options: variable.options.clone(),
        })
        .collect()
}
