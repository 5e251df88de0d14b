//! A battlecard: where we win and lose, what they say, and questions that show the difference.

use serde::Serialize;

use crate::book::model::Competitor;
use crate::site::address::PartKind;
use crate::site::data::{Card, Fact, Frame, ProofLine};
use crate::site::frame::{Page, Site};
use crate::site::view::At;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct CompetitorPage {
    /// What stands around the page.
    frame: Frame,
    /// Its short code.
    code: Option<String>,
    /// What buyers call it.
    aliases: Vec<String>,
    /// What it is, in a paragraph.
    summary_html: Option<String>,
    /// Where we win.
    we_win_html: Vec<String>,
    /// Where we lose.
    we_lose_html: Vec<String>,
    /// Questions that show the difference.
    landmines_html: Vec<String>,
    /// What they claim.
    they_say_html: Vec<String>,
    /// The claims behind it.
    proofs: Vec<ProofLine>,
    /// The objections that name it.
    objections: Vec<Card>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
}

/// The page of a competitor.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    at: At,
    competitor: &'a Competitor,
) -> (&'static str, CompetitorPage) {
    let (view, volume) = (site.view, at.0);
    let page = Page::of_part(site, volume, PartKind::Competitor, &competitor.id);
    let w = page.w;
    let objections = view.backlinks.competitor_objections.get(&at).map_or(&[][..], Vec::as_slice);
    let mut facts = page.tag_facts(volume, &competitor.tags);
    facts.extend(page.meta_facts(volume, &competitor.common));
    let about = match &competitor.summary {
        Some(summary) => page.texts(volume).plain(summary),
        None => competitor.aliases.join(" · "),
    };
    let crumbs = page.part_crumbs(PartKind::Competitor, w.competitors);
    let data = CompetitorPage {
        code: competitor.code.clone(),
        aliases: competitor.aliases.clone(),
        summary_html: competitor.summary.as_ref().map(|summary| page.html(volume, summary)),
        we_win_html: page.lines(volume, &competitor.we_win),
        we_lose_html: page.lines(volume, &competitor.we_lose),
        landmines_html: page.lines(volume, &competitor.landmines),
        they_say_html: page.lines(volume, &competitor.they_say),
        proofs: page.proofs(&competitor.proof),
        objections: objections.iter().filter_map(|part| page.objection_card(*part)).collect(),
        facts,
        frame: page.frame(&competitor.title, &about, crumbs, Some(&competitor.common)),
    };
    ("competitor.html", data)
}
