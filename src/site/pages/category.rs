//! A category: all objections of it in one language, by the volume they stand in.

use serde::Serialize;

use crate::site::address::Address;
use crate::site::data::{Card, Frame, Group};
use crate::site::frame::{Page, Site, Subject};

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct CategoryPage {
    /// What stands around the page.
    frame: Frame,
    /// How many objections there are, in words.
    count: String,
    /// The objections by the volume that they stand in.
    groups: Vec<Group>,
}

/// The page of the category of this number in the language of that number.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    language: usize,
    index: usize,
) -> (&'static str, CategoryPage) {
    let view = site.view;
    let (tag, category) = (view.languages[language], &view.categories[language][index]);
    let address = Address::category(tag, &category.slug);
    let page = Page::new(site, address, tag, Subject::Category(category.name));
    let w = page.w;
    let mut groups: Vec<Group> = Vec::new();
    for by_volume in category.objections.chunk_by(|a, b| a.0 == b.0) {
        let volume = page.volume_link(by_volume[0].0);
        let cards: Vec<Card> = by_volume.iter().filter_map(|at| page.objection_card(*at)).collect();
        groups.push(Group {
            title: volume.title,
            href_html: Some(volume.href_html),
            count: w.n_objections.of(cards.len()),
            cards,
        });
    }
    let count = w.n_objections.of(category.objections.len());
    let frame = page.frame(w.category_names.of(category.name), &count, Vec::new(), None);
    ("category.html", CategoryPage { frame, count, groups })
}
