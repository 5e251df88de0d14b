//! Pages without content of the book: for wrong addresses, and at the old addresses of parts.

use serde::Serialize;

use crate::site::address::Address;
use crate::site::data::{Frame, Link};
use crate::site::frame::{Page, Site, Subject};
use crate::site::words::Words;
use crate::template::pages::Shared;

/// What the template of the page for wrong addresses is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct NotFoundPage {
    /// What stands around the page.
    frame: Frame,
    /// The handbook's front page.
    root_html: String,
}

/// What the template of the page at an old address is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct MovedPage {
    /// The language.
    lang: String,
    /// The style sheet.
    css_html: String,
    /// Where it is now.
    to: Link,
    /// Its address on the web.
    canonical: Option<String>,
    /// Headings and labels.
    w: Shared<&'static Words>,
}

/// The page for wrong addresses. It is shown at any depth, so its links start at the site's root
/// where that is known.
pub(in crate::site) fn not_found<'a>(site: &'a Site<'a>) -> (&'static str, NotFoundPage) {
    let book = site.view.book;
    let page = Page::new(site, Address::file("404.html"), &book.language, Subject::Book);
    let mut frame = page.frame(page.w.not_found, "", Vec::new(), None);
    frame.canonical = None;
    frame.alternates.clear();
    let root = book.base_url.as_deref().and_then(path_of).unwrap_or_default();
    let own = [
        &mut frame.css_html,
        &mut frame.js_html,
        &mut frame.search_html,
        &mut frame.icon_html,
        &mut frame.manifest_html,
        &mut frame.home_html,
        &mut frame.up_html,
    ];
    let links = frame.crumbs.iter_mut().chain(&mut frame.shelf).map(|link| &mut link.href_html);
    let links = links.chain(frame.languages.iter_mut().map(|link| &mut link.href_html));
    let more = frame.feed_html.iter_mut().chain(&mut frame.offline_html).chain(frame.files.values_mut());
    for link in own.into_iter().chain(links).chain(more) {
        link.insert_str(0, &root);
    }
    let root_html = format!("{root}index.html");
    ("404.html", NotFoundPage { frame, root_html })
}

/// The path of a web address, with a slash at both ends, where it needs no escaping.
fn path_of(base_url: &str) -> Option<String> {
    let (_, rest) = base_url.split_once("://")?;
    let path = rest.split_once('/').map_or("", |(_, path)| path);
    let path = path.split(['?', '#']).next().unwrap_or_default().trim_matches('/');
    let safe = |c: char| c.is_ascii_alphanumeric() || "-._~/%".contains(c);
    let slash = if path.is_empty() { "" } else { "/" };
    path.chars().all(safe).then(|| format!("/{path}{slash}"))
}

/// The page at an old address.
pub(in crate::site) fn moved<'a>(
    site: &'a Site<'a>,
    from: &Address,
    to: &Address,
    volume: usize,
    title: &str,
) -> (&'static str, MovedPage) {
    let language = &site.view.book.volumes[volume].language;
    let page = Page::new(site, from.clone(), language, Subject::Volume(volume));
    let base = site.view.book.base_url.as_ref();
    let data = MovedPage {
        lang: language.to_string(),
        css_html: page.href(&site.files.css),
        to: page.link(to, title),
        canonical: base.map(|base| to.on_web(&format!("{}/", base.trim_end_matches('/')))),
        w: page.w.shared().0,
    };
    ("moved.html", data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_root_is_the_path_of_the_address() {
        assert_eq!(path_of("https://a.example").as_deref(), Some("/"));
        assert_eq!(path_of("https://a.example/x/y/").as_deref(), Some("/x/y/"));
        assert_eq!(path_of("https://a.example/x\"y"), None);
    }
}
