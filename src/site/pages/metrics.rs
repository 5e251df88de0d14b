//! What is measured, by playbook: between which points, what is aimed at, and whose it is.

use serde::Serialize;

use crate::book::model::Metric;
use crate::site::address::Shelf;
use crate::site::data::{Frame, Link};
use crate::site::frame::{Page, Site};
use crate::site::pages::stage;
use crate::site::view::At;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct MetricsPage {
    /// What stands around the page.
    frame: Frame,
    /// The playbooks that measure.
    groups: Vec<MetricGroup>,
}

/// The measures of a playbook.
#[derive(Debug, Serialize)]
struct MetricGroup {
    /// The playbook.
    volume: Link,
    /// Its measures.
    rows: Vec<MetricRow>,
}

/// What is measured.
#[derive(Debug, Serialize)]
pub(in crate::site) struct MetricRow {
    /// The id of its element on its playbook's page.
    pub anchor: String,
    /// What it is called.
    pub title: String,
    /// Where it begins.
    pub from: Option<Link>,
    /// Where it ends.
    pub to: Option<Link>,
    /// What is aimed at.
    pub target: Option<String>,
    /// In which time.
    pub per: Option<String>,
    /// Whose it is.
    pub whose: Option<String>,
}

/// A measure in words.
pub(in crate::site) fn row(page: &Page, metric: &Metric) -> MetricRow {
    MetricRow {
        anchor: format!("metric-{}", metric.id),
        title: metric.title.clone(),
        from: metric.from.and_then(|target| page.target(target)),
        to: metric.to.and_then(|target| page.target(target)),
        // A share where it can be one of something.
        target: metric.target.map(|target| match metric.to.is_some() && target <= 1.0 {
            true => format!("{}%", stage::number(target * 100.0)),
            false => stage::number(target),
        }),
        per: metric.per.as_ref().map(|per| page.w.per.replace("{period}", page.w.period_names.of(per))),
        whose: metric.whose.clone(),
    }
}

/// The page of the measures of the language of this number.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, MetricsPage) {
    let view = site.view;
    let page = Page::of_shelf(site, view.languages[language], Shelf::Metrics);
    let all: &[At] = &view.shelves[language].metrics;
    let group = |of_one: &[At]| MetricGroup {
        volume: page.volume_link(of_one[0].0),
        rows: of_one.iter().filter_map(|at| Some(row(&page, view.at(*at)?))).collect(),
    };
    let groups = all.chunk_by(|one, other| one.0 == other.0).map(group).collect();
    let frame = page.frame(page.w.metrics, "", Vec::new(), None);
    ("metrics.html", MetricsPage { frame, groups })
}
