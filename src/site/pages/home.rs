//! The front page, and the home of each language: its playbooks, libraries and categories.

use serde::Serialize;

use crate::book::model::{Objection, Stage, VolumeKind};
use crate::language::Language;
use crate::site::address::{Address, PartKind};
use crate::site::changes::Dated;
use crate::site::data::{Card, Frame, LanguageLink, Link};
use crate::site::frame::{Page, Site, Subject};
use crate::site::pages::volume::InUse;
use crate::site::view::At;
use crate::site::words::Words;

/// How many of the objections that are met most are named.
const NEEDED: usize = 7;
/// How many of the cards that were changed last are named.
const FRESH: usize = 5;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct HomePage {
    /// What stands around the page.
    frame: Frame,
    /// Whether it is the front page, which offers the languages at large.
    front: bool,
    /// The languages of the handbook.
    languages: Vec<LanguageCard>,
    /// The playbooks.
    playbooks: Vec<VolumeCard>,
    /// The libraries.
    libraries: Vec<VolumeCard>,
    /// The categories of objections.
    categories: Vec<CategoryCard>,
    /// The objections that are met most.
    needed: Vec<Card>,
    /// The cards that were changed last.
    fresh: Vec<FreshCard>,
}

/// A card that was changed lately.
#[derive(Debug, Serialize)]
struct FreshCard {
    /// The card.
    card: Card,
    /// What it is, in a word.
    kind: &'static str,
    /// The day, as `2026-03-01`.
    day: String,
}

/// A language on the front page.
#[derive(Debug, Serialize)]
struct LanguageCard {
    /// The link to it.
    link: LanguageLink,
    /// How many playbooks it has, in words.
    count: String,
}

/// A playbook or a library in a list.
#[derive(Debug, Serialize)]
struct VolumeCard {
    /// The link to it.
    link: Link,
    /// What it is, in a paragraph.
    summary_html: Option<String>,
    /// How much there is in it, in words.
    counts: Vec<String>,
}

/// A category in a list.
#[derive(Debug, Serialize)]
struct CategoryCard {
    /// The link to it.
    link: Link,
    /// How many objections it has.
    count: usize,
}

/// The front page.
pub(in crate::site) fn front(site: &Site) -> (&'static str, HomePage) {
    let language = &site.view.book.language;
    let page = Page::new(site, Address::root(), language, Subject::Book);
    ("home.html", home_page(&page, true))
}

/// The home of a language.
pub(in crate::site) fn home(site: &Site, language: &Language) -> (&'static str, HomePage) {
    let page = Page::new(site, Address::home(language), language, Subject::Home);
    ("home.html", home_page(&page, false))
}

/// The objections of the language that are met most: in calls where those are known, and else those that
/// most stages prepare for, the likeliest of each first.
fn needed(page: &Page) -> Vec<Card> {
    let (view, landed) = (page.view, &page.site.options.landed);
    let mut ranked: Vec<(f64, At)> = Vec::new();
    for (number, volume) in view.volumes().filter(|(_, volume)| volume.language == *page.language) {
        for (at, objection) in view.parts::<Objection>(number) {
            let met = landed.met(volume.language.as_str(), volume.id.as_str(), objection.id.as_str());
            let stages = view.backlinks.objection_stages.get(&at).map_or(&[][..], Vec::as_slice);
            let prepared = stages.iter().filter_map(|stage| {
                let of: &Stage = view.at(*stage)?;
                let place = of.objections.iter().position(|part| (part.volume, part.index) == at)?;
                Some(1.0 / (place as f64 + 1.0).sqrt())
            });
            let weight = met as f64 * 1_000.0 + prepared.sum::<f64>();
            if weight > 0.0 {
                ranked.push((weight, at));
            }
        }
    }
    ranked.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    ranked.iter().take(NEEDED).filter_map(|(_, at)| page.objection_card(*at)).collect()
}

/// The cards of the language that were changed last.
fn fresh(page: &Page) -> Vec<FreshCard> {
    let here = |dated: &&Dated| page.view.book.volumes[dated.at.0].language == *page.language;
    let card = |dated: &Dated| {
        let card = match dated.kind {
            PartKind::Stage => page.stage_card(dated.at, None),
            PartKind::Objection => page.objection_card(dated.at),
            PartKind::Close => page.close_card(dated.at),
            PartKind::Question => page.question_card(dated.at),
            PartKind::Competitor => page.competitor_card(dated.at),
        }?;
        Some(FreshCard { card, kind: dated.kind.title(page.w), day: dated.day.to_string() })
    };
    page.site.dated.iter().filter(here).take(FRESH).filter_map(card).collect()
}

fn home_page(page: &Page, front: bool) -> HomePage {
    let (view, w) = (page.view, page.w);
    let volumes = |kind: VolumeKind| -> Vec<VolumeCard> {
        view.volumes()
            .filter(|(_, volume)| volume.kind == kind && volume.language == *page.language)
            .map(|(number, volume)| VolumeCard {
                link: page.volume_link(number),
                summary_html: volume.summary.as_ref().map(|summary| page.html(number, summary)),
                counts: InUse::counts(page, number),
            })
            .collect()
    };
    let number = view.languages.iter().position(|known| *known == page.language);
    let categories = number.map_or(&[][..], |number| &view.categories[number]);
    let categories = categories.iter().map(|category| CategoryCard {
        link: page
            .link(&Address::category(page.language, &category.slug), w.category_names.of(category.name)),
        count: category.objections.len(),
    });
    let (playbooks, libraries) = (volumes(VolumeKind::Playbook), volumes(VolumeKind::Library));
    let about: Vec<&str> = playbooks.iter().map(|card| card.link.title.as_str()).collect();
    let frame = page.frame(&view.book.title, &about.join(" · "), Vec::new(), None);
    let languages = frame.languages.iter().zip(&view.languages).map(|(link, language)| {
        let playbooks = |(_, volume): &(usize, &crate::book::model::Volume)| {
            volume.kind == VolumeKind::Playbook && volume.language == **language
        };
        let mut link = link.clone();
        link.href_html = page.href(&Address::home(language));
        LanguageCard {
            count: Words::of(language).n_playbooks.of(view.volumes().filter(playbooks).count()),
            link,
        }
    });
    HomePage {
        front,
        needed: needed(page),
        fresh: fresh(page),
        languages: languages.collect(),
        categories: categories.collect(),
        playbooks,
        libraries,
        frame,
    }
}
