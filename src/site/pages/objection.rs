//! An objection: how it sounds, what is behind it, and what to say, best first.

use serde::Serialize;

use crate::book::model::{Answer, IfResists, Objection, Response};
use crate::rate::order;
use crate::site::address::{Address, PartKind};
use crate::site::data::{Card, Fact, Frame, Link, ProofLine};
use crate::site::frame::{Page, Site};
use crate::site::view::{At, View};

/// How many wordings are seen before the others are folded away.
const WORDINGS: usize = 3;

/// How many objections like it are named.
const RELATED: usize = 4;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct ObjectionPage {
    /// What stands around the page.
    frame: Frame,
    /// Its short code.
    code: Option<String>,
    /// How it is meant, in words.
    kind: String,
    /// Its category.
    category: Option<Link>,
    /// What is behind it.
    why_html: Option<String>,
    /// How buyers say it: the first wordings.
    utterances: Vec<String>,
    /// The wordings that are folded away.
    more: Vec<String>,
    /// How many those are, in words.
    more_title: String,
    /// What to say, best first.
    answers: Vec<AnswerCard>,
    /// How not to answer, and how.
    examples: Vec<ExampleLines>,
    /// Questions that make it come up less.
    prevent: Vec<Card>,
    /// How often to answer it, in words.
    limit: Option<String>,
    /// Whom to bring in.
    escalate: Option<EscalateLine>,
    /// The stages that it belongs to.
    stages: Vec<Card>,
    /// Others like it.
    related: Vec<Card>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
}

/// A response.
#[derive(Debug, Serialize)]
pub(in crate::site) struct AnswerCard {
    /// The id of its element.
    anchor: String,
    /// Its place, from 1.
    number: usize,
    /// When it fits, or its number in words.
    title: String,
    /// The technique, in words.
    technique: Option<String>,
    /// How often it landed in calls, in words.
    landed: Option<String>,
    /// The words that are said first.
    bridge_html: Option<String>,
    /// The answer, where it is said at once.
    say_html: Option<String>,
    /// The answer, where it takes turns.
    steps: Vec<StepLine>,
    /// The question at the end.
    ask_html: Option<String>,
    /// The claims behind it.
    proofs: Vec<ProofLine>,
    /// What not to do.
    avoid_html: Vec<String>,
    /// Where a no leads: another answer.
    resists: Option<Link>,
    /// Whether a no is accepted.
    accept: bool,
    /// Where a yes leads.
    next: Option<Link>,
}

/// A turn of a response.
#[derive(Debug, Serialize)]
struct StepLine {
    /// What the turn is for, in words.
    label: Option<String>,
    /// The words.
    say_html: String,
    /// Whether to wait for their answer.
    wait: bool,
}

/// How not to answer, and how.
#[derive(Debug, Serialize)]
struct ExampleLines {
    /// How not to answer.
    bad_html: Option<String>,
    /// How to answer.
    good_html: Option<String>,
    /// Why.
    why_html: Option<String>,
}

/// Whom to bring in.
#[derive(Debug, Serialize)]
struct EscalateLine {
    /// Whom.
    to: String,
    /// When it is so.
    when_html: Option<String>,
}

/// The page of an objection.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    at: At,
    objection: &'a Objection,
) -> (&'static str, ObjectionPage) {
    let (view, volume) = (site.view, at.0);
    let page = Page::of_part(site, volume, PartKind::Objection, &objection.id);
    let w = page.w;
    let category = objection.category.as_ref().and_then(|name| {
        let found = view.category(page.language, name)?;
        let address = Address::category(page.language, &found.slug);
        Some(page.link(&address, w.category_names.of(name)))
    });
    let split = if objection.utterances.len() > WORDINGS + 1 { WORDINGS } else { objection.utterances.len() };
    let (first, more) = objection.utterances.split_at(split);
    let examples = page.shown(&objection.examples, |example| &example.common);
    let examples = examples.into_iter().map(|example| {
        let line = |text: &Option<_>| text.as_ref().map(|text| page.inline(volume, text));
        ExampleLines {
            bad_html: line(&example.bad),
            good_html: line(&example.good),
            why_html: line(&example.why),
        }
    });
    let prevent = objection.prevent.iter();
    let stages = view.backlinks.objection_stages.get(&at).map_or(&[][..], Vec::as_slice);
    let escalate = objection.escalate.as_ref().filter(|escalate| view.shows(&escalate.common));
    let mut facts = page.tag_facts(volume, &objection.tags);
    facts.extend(page.meta_facts(volume, &objection.common));
    let about = match &objection.why {
        Some(why) => page.texts(volume).plain(why),
        None => objection.utterances.iter().take(3).cloned().collect::<Vec<_>>().join(" · "),
    };
    let crumbs = page.part_crumbs(PartKind::Objection, w.objections);
    let data = ObjectionPage {
        code: objection.code.clone(),
        kind: w.kind_names.of(objection.kind.as_str()).to_string(),
        category,
        why_html: objection.why.as_ref().map(|why| page.inline(volume, why)),
        utterances: first.to_vec(),
        more: more.to_vec(),
        more_title: w.more_wordings.of(more.len()),
        answers: answers(&page, volume, objection),
        examples: examples.collect(),
        prevent: prevent.filter_map(|part| page.question_card((part.volume, part.index))).collect(),
        limit: objection.limit.map(|limit| w.limit.of(limit as usize)),
        escalate: escalate.map(|escalate| EscalateLine {
            to: page.role(volume, &escalate.to),
            when_html: escalate.when.as_ref().map(|when| page.inline(volume, when)),
        }),
        stages: stages.iter().filter_map(|stage| page.stage_card(*stage, Some(volume))).collect(),
        related: related(&page, at, objection),
        facts,
        frame: page.frame(&objection.title, &about, crumbs, Some(&objection.common)),
    };
    ("objection.html", data)
}

fn related(page: &Page, at: At, objection: &Objection) -> Vec<Card> {
    near(page.view, at, objection).filter_map(|other| page.objection_card(other)).collect()
}

/// Other objections of the category: of the same volume, and nearest to it in the book.
pub(in crate::site) fn near<'a>(
    view: &'a View,
    at: At,
    objection: &Objection,
) -> impl Iterator<Item = At> + use<'a> {
    let name = objection.category.as_deref().unwrap_or_default();
    let category = view.category(&view.book.volumes[at.0].language, name);
    let list = category.map_or(&[][..], |category| &category.objections);
    let place = list.partition_point(|other| *other < at);
    let first = place.saturating_sub(RELATED / 2).min(list.len().saturating_sub(RELATED + 1));
    let near = list.iter().copied().skip(first).take(RELATED + 1);
    near.filter(move |other| *other != at && other.0 == at.0).take(RELATED)
}

/// The responses as they are shown, best first.
pub(in crate::site) fn answers(page: &Page, volume: usize, objection: &Objection) -> Vec<AnswerCard> {
    // Numbers are of what is shown: an internal response leaves no gap.
    let mut shown: Vec<(usize, &Response)> = objection
        .responses
        .iter()
        .enumerate()
        .filter(|(_, response)| page.view.shows(&response.common))
        .collect();
    let home = &page.view.book.volumes[volume];
    let landed = |response: &Response| {
        let (language, home) = (home.language.as_str(), home.id.as_str());
        page.site.options.landed.of(language, home, objection.id.as_str(), response.id.as_str())
    };
    order(&mut shown, |(_, response)| landed(response));
    let words = crate::render::words(&home.language);
    let titles: Vec<String> = shown
        .iter()
        .enumerate()
        .map(|(number, (_, response))| match &response.when {
            Some(when) => page.texts(volume).plain(when),
            None => page.w.response_n.of(number + 1),
        })
        .collect();
    let card = |(number, (_, response)): (usize, &(usize, &Response))| {
        let inline = |text: &Option<_>| text.as_ref().map(|text| page.inline(volume, text));
        let (say_html, steps) = match &response.answer {
            Answer::Say(say) => (Some(page.html(volume, say)), Vec::new()),
            Answer::Steps(steps) => {
                let steps = page.shown(steps, |step| &step.common).into_iter();
                let line = steps.map(|step| StepLine {
                    label: step.step.as_ref().map(|step| page.w.step_names.of(step).to_string()),
                    say_html: page.inline(volume, &step.say),
                    wait: step.wait,
                });
                (None, line.collect())
            }
        };
        let resists = match response.if_resists {
            Some(IfResists::Response(to)) => {
                let place = shown.iter().position(|(index, _)| *index == to);
                place.map(|place| Link {
                    href_html: format!("#r-{}", shown[place].1.id),
                    title: format!("{}. {}", place + 1, titles[place]),
                })
            }
            Some(IfResists::Accept) | None => None,
        };
        AnswerCard {
            anchor: format!("r-{}", response.id),
            number: number + 1,
            title: titles[number].clone(),
            technique: response.technique.as_ref().map(|t| page.w.technique_names.of(t).to_string()),
            landed: landed(response).map(|rate| words.landed_of(rate)),
            bridge_html: inline(&response.bridge),
            say_html,
            steps,
            ask_html: inline(&response.ask),
            proofs: page.proofs(&response.proof),
            avoid_html: page.lines(volume, &response.avoid),
            resists,
            accept: response.if_resists == Some(IfResists::Accept),
            next: response.next.and_then(|next| page.target(next)),
        }
    };
    shown.iter().enumerate().map(card).collect()
}
