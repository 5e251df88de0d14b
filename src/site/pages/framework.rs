//! What discovery covers: the frameworks of a language, and the page of each with its questions.

use serde::Serialize;

use crate::site::address::{Address, Shelf};
use crate::site::data::{Card, Frame, Link};
use crate::site::frame::{Page, Site, Subject};
use crate::site::shelves::Covered;

/// What the template of the index is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct FrameworksPage {
    /// What stands around the page.
    frame: Frame,
    /// The frameworks.
    frameworks: Vec<FrameworkLine>,
}

/// What the template of one framework is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct FrameworkPage {
    /// What stands around the page.
    frame: Frame,
    /// How many dimensions have a question, in words.
    covered: String,
    /// The dimensions.
    rows: Vec<DimensionRow>,
    /// The playbooks and libraries that name it.
    volumes: Vec<Link>,
}

/// A framework in the index.
#[derive(Debug, Serialize)]
struct FrameworkLine {
    /// Its page.
    link: Link,
    /// How many dimensions have a question, in words.
    covered: String,
    /// The dimensions.
    rows: Vec<DimensionRow>,
}

/// A dimension and the questions that cover it.
#[derive(Debug, Serialize)]
struct DimensionRow {
    /// The id of its element.
    anchor: String,
    /// What it is called.
    title: String,
    /// The questions; none is a gap.
    questions: Vec<Card>,
}

fn rows(page: &Page, covered: &Covered) -> Vec<DimensionRow> {
    let row = |(dimension, questions): &(&crate::book::model::Dimension, Vec<_>)| DimensionRow {
        anchor: format!("d-{}", dimension.id),
        title: dimension.title.clone(),
        questions: questions.iter().filter_map(|at| page.question_card(*at)).collect(),
    };
    covered.rows.iter().map(row).collect()
}

fn share(page: &Page, covered: &Covered) -> String {
    let there = covered.rows.iter().filter(|(_, questions)| !questions.is_empty()).count();
    let phrase = page.w.covered.replace("{n}", &there.to_string());
    phrase.replace("{m}", &covered.rows.len().to_string())
}

/// The frameworks of the language of this number.
pub(in crate::site) fn index<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, FrameworksPage) {
    let page = Page::of_shelf(site, site.view.languages[language], Shelf::Frameworks);
    let line = |covered: &Covered| FrameworkLine {
        link: page.link(
            &Address::framework(page.language, covered.framework.id.as_str()),
            &covered.framework.title,
        ),
        covered: share(&page, covered),
        rows: rows(&page, covered),
    };
    let frameworks: Vec<FrameworkLine> = site.view.shelves[language].frameworks.iter().map(line).collect();
    let about: Vec<&str> = frameworks.iter().map(|line| line.link.title.as_str()).collect();
    let frame = page.frame(page.w.frameworks, &about.join(" · "), Vec::new(), None);
    ("frameworks.html", FrameworksPage { frame, frameworks })
}

/// One framework of the language of this number.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    language: usize,
    number: usize,
) -> (&'static str, FrameworkPage) {
    let (view, tag) = (site.view, site.view.languages[language]);
    let covered = &view.shelves[language].frameworks[number];
    let address = Address::framework(tag, covered.framework.id.as_str());
    let page = Page::new(site, address, tag, Subject::Framework(covered.framework.id.as_str()));
    let title = &covered.framework.title;
    let crumbs = vec![page.link(&Address::shelf(tag, Shelf::Frameworks), page.w.frameworks)];
    let about: Vec<&str> = covered.rows.iter().map(|(dimension, _)| dimension.title.as_str()).collect();
    let data = FrameworkPage {
        covered: share(&page, covered),
        rows: rows(&page, covered),
        volumes: covered.volumes.iter().map(|volume| page.volume_link(*volume)).collect(),
        frame: page.frame(title, &about.join(" · "), crumbs, None),
    };
    ("framework.html", data)
}
