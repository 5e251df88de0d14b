//! The files that are for machines: the manifest, the service worker, the sitemap.

use std::collections::BTreeMap;

use serde_json::json;

use super::address::Address;
use super::assets::{FEED, MANIFEST, WORKER};
use super::frame::Site;
use super::index::{CORE, is_one};
use super::out::{Halt, Made, Out};
use crate::digest::sum;
use crate::markdown::escape_html;

/// How many bytes a service worker takes along at once; of a larger site it keeps what was opened.
const TAKE_ALONG: usize = 6_000_000;
/// How many addresses a file of a sitemap may have.
const SITEMAP: usize = 50_000;

/// The name and the icon for a phone's start screen.
pub(super) fn manifest(site: &Site) -> Vec<u8> {
    let book = site.view.book;
    let text = json!({
        "name": book.title,
        "short_name": super::text::shorten(&book.title, 12),
        "lang": book.language.as_str(),
        "dir": if book.language.is_rtl() { "rtl" } else { "ltr" },
        "start_url": "index.html",
        "scope": "./",
        "display": "minimal-ui",
        "background_color": "#fdfdfb",
        "theme_color": "#0b655d",
        "icons": [{ "src": site.files.icon.path, "sizes": "any", "type": "image/svg+xml" }],
    });
    format!("{text}\n").into_bytes()
}

/// What search engines may read: all of it. Who wants to be alone does not publish.
fn robots(site: &Site) -> Vec<u8> {
    let base = site.view.book.base_url.as_deref().map(|base| base.trim_end_matches('/'));
    let map = base.map(|base| format!("Sitemap: {base}/sitemap.xml\n")).unwrap_or_default();
    format!("User-agent: *\nAllow: /\n{map}").into_bytes()
}

/// Hands over what can be made only when all pages are there.
pub(super) fn add(site: &Site, out: &Out) -> Result<(), Halt> {
    out.put(MANIFEST, manifest(site))?;
    out.put("robots.txt", robots(site))?;
    if let Some(base) = &site.view.book.base_url {
        let mut safe = String::new();
        escape_html(base.trim_end_matches('/'), &mut safe);
        sitemap(&format!("{safe}/"), out)?;
    }
    if let Some(feed) = super::feed::feed(site) {
        out.put(FEED, feed)?;
    }
    out.put("llms.txt", super::llms::text(site))?;
    if site.options.offline {
        out.put(WORKER, worker(&out.made()))?;
    }
    Ok(())
}

/// The service worker, with the list of what it takes along. Its first line changes with any file.
fn worker(files: &BTreeMap<String, Made>) -> Vec<u8> {
    let sum = files
        .iter()
        .fold(0u64, |all, (path, made)| all.rotate_left(5) ^ sum(path.as_bytes()) ^ made.sum.rotate_left(17));
    let size: usize = files.values().map(|made| made.length).sum();
    // Of a site that is large only what every page needs, and the ways in.
    let core = |path: &str| {
        let core = path.starts_with("assets/") || path.matches('/').count() <= 1;
        core && (path == CORE || !is_one(path)) && !path.ends_with(".xml")
    };
    let list: Vec<&str> =
        files.keys().map(String::as_str).filter(|path| size <= TAKE_ALONG || core(path)).collect();
    let list = serde_json::to_string(&list).unwrap_or_else(|_| "[]".into());
    let code = include_str!("../../templates/site/min/sw.js");
    format!("var VERSION = \"{sum:016x}\";\nvar FILES = {list};\n{code}").into_bytes()
}

/// The sitemap: the pages that are not merely an old address; several files where one may not hold all.
fn sitemap(base: &str, out: &Out) -> Result<(), Halt> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    const SPACE: &str = "xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"";
    let pages: Vec<String> = out
        .made()
        .iter()
        .filter(|(path, made)| path.ends_with(".html") && *path != "404.html" && !made.moved)
        .map(|(path, _)| Address::file(path.as_str()).on_web(base))
        .collect();
    let parts: Vec<String> = pages
        .chunks(SITEMAP)
        .map(|part| {
            let lines: String = part.iter().map(|page| format!("<url><loc>{page}</loc></url>\n")).collect();
            format!("{HEAD}<urlset {SPACE}>\n{lines}</urlset>\n")
        })
        .collect();
    if let [only] = &parts[..] {
        return out.put("sitemap.xml", only.clone().into_bytes()).map(drop);
    }
    let mut index = format!("{HEAD}<sitemapindex {SPACE}>\n");
    for (number, part) in parts.into_iter().enumerate() {
        let name = format!("sitemap-{}.xml", number + 1);
        let at = Address::file(name.as_str()).on_web(base);
        index.push_str(&format!("<sitemap><loc>{at}</loc></sitemap>\n"));
        out.put(&name, part.into_bytes())?;
    }
    index.push_str("</sitemapindex>\n");
    out.put("sitemap.xml", index.into_bytes()).map(drop)
}
