//! The front page, and the home of each language: its playbooks, libraries and categories.

use serde::Serialize;

use crate::book::model::{Close, Objection, Question, Stage, VolumeKind};
use crate::language::Language;
use crate::site::address::Address;
use crate::site::data::{Frame, LanguageLink, Link};
use crate::site::frame::{Page, Site, Subject};
use crate::site::view::View;
use crate::site::words::Words;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct HomePage {
    frame: Frame,
    /// Whether it is the front page, which offers the languages at large.
    front: bool,
    languages: Vec<LanguageCard>,
    playbooks: Vec<VolumeCard>,
    libraries: Vec<VolumeCard>,
    categories: Vec<CategoryCard>,
}

/// A language on the front page.
#[derive(Debug, Serialize)]
struct LanguageCard {
    link: LanguageLink,
    count: String,
}

/// A playbook or a library in a list.
#[derive(Debug, Serialize)]
struct VolumeCard {
    link: Link,
    summary_html: Option<String>,
    counts: Vec<String>,
}

/// A category in a list.
#[derive(Debug, Serialize)]
struct CategoryCard {
    link: Link,
    count: usize,
}

/// How much there is in a volume, in the words of a language.
pub(in crate::site) fn counts(view: &View, volume: usize, w: &Words) -> Vec<String> {
    [
        (w.n_stages, view.parts::<Stage>(volume).count()),
        (w.n_objections, view.parts::<Objection>(volume).count()),
        (w.n_closes, view.parts::<Close>(volume).count()),
        (w.n_questions, view.parts::<Question>(volume).count()),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(phrase, count)| phrase.of(count))
    .collect()
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

fn home_page(page: &Page, front: bool) -> HomePage {
    let (view, w) = (page.view, page.w);
    let volumes = |kind: VolumeKind| -> Vec<VolumeCard> {
        view.volumes()
            .filter(|(_, volume)| volume.kind == kind && volume.language == *page.language)
            .map(|(number, volume)| VolumeCard {
                link: page.volume_link(number),
                summary_html: volume.summary.as_ref().map(|summary| page.html(number, summary)),
                counts: counts(view, number, w),
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
        languages: languages.collect(),
        categories: categories.collect(),
        playbooks,
        libraries,
        frame,
    }
}
