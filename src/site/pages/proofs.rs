//! The claims of a language, newest first: who says so, when, until when it holds, and where it is used.

use serde::Serialize;

use crate::book::model::{Competitor, Objection, Proof};
use crate::site::address::{PartKind, Shelf};
use crate::site::data::{Frame, Link, ProofLine};
use crate::site::frame::{Page, Site};

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct ProofsPage {
    /// What stands around the page.
    frame: Frame,
    /// The claims.
    rows: Vec<ProofRow>,
}

/// A claim and where it is used.
#[derive(Debug, Serialize)]
struct ProofRow {
    /// The claim.
    proof: ProofLine,
    /// The playbook or library that has it.
    volume: String,
    /// Who says so.
    source: Option<String>,
    /// Since when, as `2026-03-01`.
    date: Option<String>,
    /// Until when, as `2027-03-01`.
    expires: Option<String>,
    /// The cards that use it.
    used: Vec<Link>,
}

/// The page of the claims of the language of this number.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, ProofsPage) {
    let view = site.view;
    let page = Page::of_shelf(site, view.languages[language], Shelf::Proofs);
    let mut proofs: Vec<_> = view.shelves[language].proofs.clone();
    proofs.sort_by_key(|at| std::cmp::Reverse(view.at::<Proof>(*at).and_then(|proof| proof.date)));
    let row = |at: &(usize, usize)| {
        let proof: &Proof = view.at(*at)?;
        let users = view.backlinks.proof_users.get(at).map_or(&[][..], Vec::as_slice);
        let used = users.iter().filter_map(|(kind, at)| {
            let (id, title) = match kind {
                PartKind::Competitor => view.at::<Competitor>(*at).map(|part| (&part.id, &part.title)),
                _ => view.at::<Objection>(*at).map(|part| (&part.id, &part.title)),
            }?;
            Some(page.link(&view.address(*kind, at.0, id), title))
        });
        Some(ProofRow {
            volume: view.book.volumes[at.0].title.clone(),
            source: proof.source.clone(),
            date: proof.date.map(|date| date.to_string()),
            expires: proof.expires.map(|date| date.to_string()),
            used: used.collect(),
            proof: page.proof(at.0, proof),
        })
    };
    let rows: Vec<ProofRow> = proofs.iter().filter_map(row).collect();
    let frame = page.frame(page.w.proofs, "", Vec::new(), None);
    ("proofs.html", ProofsPage { frame, rows })
}
