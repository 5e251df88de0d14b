//! The categories of a language: how many objections each has, and the first of them.

use serde::Serialize;

use crate::site::address::{Address, Shelf};
use crate::site::data::{Card, Frame, Group};
use crate::site::frame::{Page, Site};

/// How many objections of a category are named.
const NAMED: usize = 6;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct CategoriesPage {
    /// What stands around the page.
    frame: Frame,
    /// How many objections there are, in words.
    count: String,
    /// The categories, each with its first objections.
    groups: Vec<Group>,
}

/// The page of the categories of the language of this number.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, CategoriesPage) {
    let view = site.view;
    let page = Page::of_shelf(site, view.languages[language], Shelf::Categories);
    let w = page.w;
    let groups: Vec<Group> = view.categories[language]
        .iter()
        .map(|category| {
            let cards: Vec<Card> =
                category.objections.iter().take(NAMED).filter_map(|at| page.objection_card(*at)).collect();
            Group {
                title: w.category_names.of(category.name).to_string(),
                href_html: Some(page.href(&Address::category(page.language, &category.slug))),
                count: w.n_objections.of(category.objections.len()),
                cards,
            }
        })
        .collect();
    let count = w.n_objections.of(view.categories[language].iter().map(|c| c.objections.len()).sum());
    let about: Vec<&str> = groups.iter().map(|group| group.title.as_str()).collect();
    let frame = page.frame(w.categories, &about.join(" · "), Vec::new(), None);
    ("categories.html", CategoriesPage { frame, count, groups })
}
