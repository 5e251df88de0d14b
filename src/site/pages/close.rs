//! A close: when its moment has come, the words, and where a yes and a no lead.

use serde::Serialize;

use crate::book::model::Close;
use crate::site::address::PartKind;
use crate::site::data::{Card, Fact, Frame, Link};
use crate::site::frame::{Page, Site};
use crate::site::view::At;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct ClosePage {
    /// What stands around the page.
    frame: Frame,
    /// Its short code.
    code: Option<String>,
    /// The technique, in words.
    technique: Option<String>,
    /// When its moment has come.
    signs_html: Vec<String>,
    /// The words.
    say_html: String,
    /// Where a yes leads.
    if_yes: Option<Link>,
    /// Where a no leads.
    if_no: Option<Link>,
    /// What makes it true.
    fact_html: Option<String>,
    /// Until when it is true, as `2027-01-31`.
    true_until: Option<String>,
    /// What not to do.
    avoid_html: Vec<String>,
    /// The stages that it belongs to.
    stages: Vec<Card>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
}

/// The page of a close.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, at: At, close: &'a Close) -> (&'static str, ClosePage) {
    let (view, volume) = (site.view, at.0);
    let page = Page::of_part(site, volume, PartKind::Close, &close.id);
    let w = page.w;
    let stages = view.backlinks.close_stages.get(&at).map_or(&[][..], Vec::as_slice);
    let mut facts = page.tag_facts(volume, &close.tags);
    facts.extend(page.meta_facts(volume, &close.common));
    let about = page.texts(volume).plain(&close.say);
    let crumbs = page.part_crumbs(PartKind::Close, w.closes);
    let data = ClosePage {
        code: close.code.clone(),
        technique: close.technique.as_ref().map(|t| w.technique_names.of(t).to_string()),
        signs_html: page.lines(volume, &close.signals),
        say_html: page.html(volume, &close.say),
        if_yes: close.if_yes.and_then(|target| page.target(target)),
        if_no: close.if_no.and_then(|target| page.target(target)),
        fact_html: close.fact.as_ref().map(|fact| page.inline(volume, fact)),
        true_until: close.true_until.map(|date| date.to_string()),
        avoid_html: page.lines(volume, &close.avoid),
        stages: stages.iter().filter_map(|stage| page.stage_card(*stage, Some(volume))).collect(),
        facts,
        frame: page.frame(&close.title, &about, crumbs, Some(&close.common)),
    };
    ("close.html", data)
}
