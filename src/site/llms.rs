//! `llms.txt`: what there is and where, for programs that read.

use std::fmt::Write;

use super::address::{Address, Shelf};
use super::frame::Site;
use super::text::shorten;
use super::words::Words;
use crate::book::model::Objection;

/// So many objections of a volume are named; larger ones are found by their volume's page.
const NAMED: usize = 200;

/// The text, in Markdown.
pub(super) fn text(site: &Site) -> Vec<u8> {
    let (view, book) = (site.view, site.view.book);
    let base =
        book.base_url.as_ref().map(|base| format!("{}/", base.trim_end_matches('/'))).unwrap_or_default();
    let plain = |text: &str| {
        let text: String = text.chars().filter(|c| !"[]()<>`\n\r".contains(*c)).collect();
        shorten(text.trim(), 200)
    };
    let link = |to: &Address| if base.is_empty() { to.path.clone() } else { to.on_web(&base) };
    let mut out = format!("# {}\n", plain(&book.title));
    for language in &view.languages {
        let w = Words::of(language);
        let _ = write!(out, "\n## {} ({})\n\n", language.native_name(), language.as_str());
        for (number, volume) in view.volumes().filter(|(_, volume)| volume.language == **language) {
            let about = volume.summary.as_ref().map(|summary| view.texts(number).plain(summary));
            let about = about.map(|about| format!(": {}", plain(&about))).unwrap_or_default();
            let _ = writeln!(out, "- [{}]({}){about}", plain(&volume.title), link(&Address::volume(volume)));
            for (at, objection) in view.parts::<Objection>(number).take(NAMED) {
                let page = view.address(super::PartKind::Objection, at.0, &objection.id);
                let _ = writeln!(out, "  - [{}]({})", plain(&objection.title), link(&page));
            }
        }
        for shelf in Shelf::ALL.into_iter().filter(|shelf| view.has_shelf(language, *shelf)) {
            let _ = writeln!(out, "- [{}]({})", shelf.title(w), link(&Address::shelf(language, shelf)));
        }
    }
    out.into_bytes()
}
