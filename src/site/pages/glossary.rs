//! What the words of the trade mean: the general ones, and of kinds and techniques those that the
//! handbook of the language uses.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::book::model::{Close, Objection};
use crate::site::address::Shelf;
use crate::site::data::Frame;
use crate::site::frame::{Page, Site};
use crate::site::glossary::{Entry, Of, entries};

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct GlossaryPage {
    /// What stands around the page.
    frame: Frame,
    /// The words of the trade as a whole.
    trade: Vec<Term>,
    /// The kinds of objection.
    kinds: Vec<Term>,
    /// The ways to answer and to close.
    techniques: Vec<Term>,
}

/// A word and what it means.
#[derive(Debug, Serialize)]
struct Term {
    /// The id of its element.
    anchor: String,
    /// The word.
    name: &'static str,
    /// What it means.
    meaning: &'static str,
}

/// The glossary of the language of this number.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, GlossaryPage) {
    let view = site.view;
    let page = Page::of_shelf(site, view.languages[language], Shelf::Glossary);
    let (mut kinds, mut techniques) = (BTreeSet::new(), BTreeSet::new());
    for (number, _) in view.volumes().filter(|(_, volume)| volume.language == *page.language) {
        for (_, objection) in view.parts::<Objection>(number) {
            kinds.insert(objection.kind.as_str());
            let shown = objection.responses.iter().filter(|response| view.shows(&response.common));
            techniques.extend(shown.filter_map(|response| response.technique.as_deref()));
        }
        techniques.extend(view.parts::<Close>(number).filter_map(|(_, close)| close.technique.as_deref()));
    }
    let all = entries(page.w);
    let term = |entry: &Entry| {
        let (of, id) = match entry.of {
            Of::Trade(id) => ("term", id),
            Of::Kind(id) => ("kind", id),
            Of::Technique(id) => ("technique", id),
        };
        Term { anchor: format!("{of}-{id}"), name: entry.name, meaning: entry.meaning }
    };
    let some = |wanted: &dyn Fn(Of) -> bool| -> Vec<Term> {
        all.iter().filter(|entry| wanted(entry.of)).map(term).collect()
    };
    let data = GlossaryPage {
        trade: some(&|of| matches!(of, Of::Trade(_))),
        kinds: some(&|of| matches!(of, Of::Kind(id) if kinds.contains(id))),
        techniques: some(&|of| matches!(of, Of::Technique(id) if techniques.contains(id))),
        frame: page.frame(page.w.glossary, "", Vec::new(), None),
    };
    ("glossary.html", data)
}
