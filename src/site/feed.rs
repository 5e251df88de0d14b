//! The feed of changes, in Atom: the cards that were changed last, newest first.

use std::fmt::Write;

use super::address::PartKind;
use super::assets::FEED;
use super::changes::Dated;
use super::frame::Site;
use super::words::Words;
use crate::book::model::{Close, Competitor, Objection, Question, Stage};
use crate::markdown::escape_html;

/// How many cards a feed names.
const NAMED: usize = 40;

/// What a card is called, and in a line what it is about.
fn about(site: &Site, dated: &Dated) -> Option<(String, String)> {
    let (view, at) = (site.view, dated.at);
    let texts = view.texts(at.0);
    let plain = |text: &Option<_>| text.as_ref().map(|text| texts.plain(text)).unwrap_or_default();
    Some(match dated.kind {
        PartKind::Stage => view.at(at).map(|part: &Stage| (part.title.clone(), plain(&part.goal)))?,
        PartKind::Objection => view.at(at).map(|part: &Objection| (part.title.clone(), plain(&part.why)))?,
        PartKind::Close => view.at(at).map(|part: &Close| (part.title.clone(), texts.plain(&part.say)))?,
        PartKind::Question => {
            view.at(at).map(|part: &Question| (texts.plain(&part.ask), plain(&part.why)))?
        }
        PartKind::Competitor => {
            view.at(at).map(|part: &Competitor| (part.title.clone(), plain(&part.summary)))?
        }
    })
}

/// The feed; nothing where no card has a day, or the handbook no address.
pub(super) fn feed(site: &Site) -> Option<Vec<u8>> {
    let book = site.view.book;
    let base = format!("{}/", book.base_url.as_ref()?.trim_end_matches('/'));
    let newest = site.dated.first()?.day;
    let text = |text: &str| {
        let mut out = String::new();
        escape_html(text, &mut out);
        out
    };
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{}\">\n<title>{}</title>\n<id>{root}</id>\n\
         <link href=\"{root}\"/>\n<link rel=\"self\" href=\"{root}{FEED}\"/>\n<updated>{newest}T00:00:00Z</updated>\n\
         <author><name>{}</name></author>\n",
        book.language.as_str(),
        text(&book.title),
        text(&book.title),
        root = text(&base),
    );
    for dated in site.dated.iter().take(NAMED) {
        let Some((title, summary)) = about(site, dated) else { continue };
        let volume = &book.volumes[dated.at.0];
        let at = text(&site.view.address(dated.kind, dated.at.0, dated.id).on_web(&base));
        let kind = dated.kind.title(Words::of(&volume.language));
        let _ = write!(
            out,
            "<entry xml:lang=\"{}\">\n<title>{}</title>\n<id>{at}</id>\n<link href=\"{at}\"/>\n\
             <updated>{}T00:00:00Z</updated>\n<category term=\"{}\"/>\n",
            volume.language.as_str(),
            text(&title),
            dated.day,
            text(kind),
        );
        if !summary.is_empty() {
            let _ = writeln!(out, "<summary>{}</summary>", text(&summary));
        }
        out.push_str("</entry>\n");
    }
    out.push_str("</feed>\n");
    Some(out.into_bytes())
}
