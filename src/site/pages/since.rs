//! What changed in the book since a revision, by playbook, with the words of before and of now: for the
//! team that has to say something else from today on.

use serde::Serialize;

use crate::book::model::Id;
use crate::diff::{Change, Kind};
use crate::site::address::{Address, PartKind, Shelf};
use crate::site::data::Frame;
use crate::site::frame::{Page, Site};
use crate::site::words::Words;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct SincePage {
    /// What stands around the page.
    frame: Frame,
    /// What the book is compared with, in words.
    since: String,
    /// How many changes there are, in words.
    count: String,
    /// The playbooks and libraries with changes.
    groups: Vec<ChangedVolume>,
}

/// The changes of a playbook or library, or of the book itself.
#[derive(Debug, Serialize)]
struct ChangedVolume {
    /// What it is called.
    title: String,
    /// Its page, where it has one.
    href_html: Option<String>,
    /// What changed, by part.
    parts: Vec<ChangedPart>,
}

/// The changes of a part.
#[derive(Debug, Serialize)]
struct ChangedPart {
    /// What sort of part.
    kind: String,
    /// What it is called.
    title: String,
    /// Its page, where it has one.
    href_html: Option<String>,
    /// What happened to it.
    changes: Vec<ChangeRow>,
}

/// One change.
#[derive(Debug, Serialize)]
struct ChangeRow {
    /// To which piece, from the outside in: what it is called, and its id.
    at: Vec<(String, Option<String>)>,
    /// What happened, in a word.
    what: &'static str,
    /// The words of before.
    before: Option<String>,
    /// The words of now.
    after: Option<String>,
}

/// What happened, in a language.
fn happened(kind: Kind, w: &Words) -> &'static str {
    match kind {
        Kind::Added => w.added,
        Kind::Removed => w.removed,
        Kind::Renamed => w.renamed,
        Kind::Moved => w.moved_to,
        Kind::Reworded => w.reworded,
        Kind::Changed => w.changed,
        Kind::Reordered => w.reordered,
    }
}

fn row(change: &Change, w: &Words) -> ChangeRow {
    // `response isolate`: what sort of piece, and which; `if_yes`: a key.
    let at = |piece: &String| match piece.split_once(' ') {
        Some((noun, id)) => (w.piece_names.of(noun).to_string(), Some(id.to_string())),
        None => (w.piece_names.of(piece).replace('_', " "), None),
    };
    ChangeRow {
        at: change.at.iter().map(at).collect(),
        what: happened(change.change, w),
        before: change.before.clone(),
        after: change.after.clone(),
    }
}

/// Where a part stands today, if it has a page.
fn page_of(page: &Page, volume: Option<usize>, change: &Change) -> Option<String> {
    let volume = volume?;
    let kind = PartKind::ALL.into_iter().find(|kind| kind.noun() == change.part)?;
    page.view.part_in(volume, kind, &change.id)?;
    Some(page.href(&page.view.address(kind, volume, &Id::new(&change.id))))
}

fn group(page: &Page, changes: &[&Change]) -> ChangedVolume {
    let first = changes[0];
    let mut volumes = page.view.volumes();
    let volume = volumes.find(|(_, volume)| {
        Some(volume.id.as_str()) == first.playbook.as_deref() && volume.language == *page.language
    });
    let number = volume.map(|(number, _)| number);
    let (title, href_html) = match (&volume, &first.playbook) {
        (Some((_, volume)), _) => (volume.title.clone(), Some(page.href(&Address::volume(volume)))),
        (None, Some(id)) => (id.clone(), None),
        (None, None) => (page.view.book.title.clone(), None),
    };
    let same = |one: &&Change, other: &&Change| (one.part, &one.id) == (other.part, &other.id);
    let part = |changes: &[&Change]| {
        let first = changes[0];
        let kind = PartKind::ALL.into_iter().find(|kind| kind.noun() == first.part);
        ChangedPart {
            kind: kind.map_or_else(
                || page.w.piece_names.of(first.part).to_string(),
                |kind| kind.title(page.w).to_string(),
            ),
            title: if first.title.is_empty() { first.id.clone() } else { first.title.clone() },
            href_html: page_of(page, number, first),
            changes: changes.iter().map(|change| row(change, page.w)).collect(),
        }
    };
    ChangedVolume { title, href_html, parts: changes.chunk_by(same).map(part).collect() }
}

/// The page of the changes in the language of this number.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, language: usize) -> (&'static str, SincePage) {
    let tag = site.view.languages[language];
    let page = Page::of_shelf(site, tag, Shelf::Since);
    let since = site.options.since.as_ref();
    let all = since.map_or(&[][..], |since| &since.changes);
    let here = |change: &&Change| change.language.as_deref().is_none_or(|language| language == tag.as_str());
    let changes: Vec<&Change> = all.iter().filter(here).collect();
    let same = |one: &&Change, other: &&Change| one.playbook == other.playbook;
    let groups = changes.chunk_by(same).map(|changes| group(&page, changes)).collect();
    let revision = since.map_or("", |since| since.revision.as_str());
    let frame = page.frame(page.w.what_changed, "", Vec::new(), None);
    let since = page.w.compared_with.replace("{rev}", revision);
    ("since.html", SincePage { frame, since, count: page.w.changes.of(changes.len()), groups })
}
