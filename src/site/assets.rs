//! Files beside the pages, named after what is in them: a changed file has a new address, so that no
//! browser goes on showing an old one.

use std::collections::BTreeMap;

use super::address::Address;
use super::theme::Theme;
use crate::digest::fingerprint;

/// The manifest's path.
pub(super) const MANIFEST: &str = "manifest.webmanifest";
/// The feed's path.
pub(super) const FEED: &str = "feed.xml";
/// The service worker's path: at the root, as it works for what lies below it only.
pub(super) const WORKER: &str = "sw.js";

/// The style sheet.
pub(super) const CSS: &str =
    concat!(include_str!("../../templates/site/site.css"), include_str!("../../templates/site/finder.css"));
/// The icon: a card with two lines and a mark.
pub(super) const ICON: &str = include_str!("../../templates/site/icon.svg");
/// The script of every page. It and the others are made of those in `templates/site` by
/// `tests/browser/min.mjs`.
const SCRIPT: &str = include_str!("../../templates/site/min/site.js");
/// The script that looks cards up, then the window in which it is asked.
pub(super) const SEARCH: &str = include_str!("../../templates/site/min/search.js");

/// The addresses of the files beside the pages.
pub(super) struct Files {
    /// The style sheet.
    pub css: Address,
    /// The script.
    pub js: Address,
    /// The icon.
    pub icon: Address,
    /// The script of the search.
    pub search: Address,
    /// The files that a theme adds, by their names there.
    pub theme: BTreeMap<String, Address>,
    /// Whether there is a feed of changes.
    pub feed: bool,
}

impl Files {
    /// Puts the files into a site: the handbook's own, or what a theme has in their place.
    pub fn add(theme: &Theme, feed: bool, site: &mut BTreeMap<String, Vec<u8>>) -> Files {
        let mut add = |stem: &str, extension: &str, bytes: Vec<u8>| {
            let address = address(stem, extension, &bytes);
            site.insert(address.path.clone(), bytes);
            address
        };
        let own = |name: &str, ours: &str| match theme.file(name) {
            Some(bytes) => bytes.to_vec(),
            None => ours.as_bytes().to_vec(),
        };
        let mut css = own("site.css", &slim(CSS));
        css.extend_from_slice(theme.file("extra.css").unwrap_or_default());
        Files {
            css: add("site", "css", css),
            js: add("site", "js", own("site.js", SCRIPT)),
            icon: add("icon", "svg", own("icon.svg", ICON)),
            search: add("search", "js", own("search.js", SEARCH)),
            theme: theme
                .extra()
                .map(|(name, bytes)| {
                    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, "bin"));
                    (name.to_string(), add(stem, extension, bytes.to_vec()))
                })
                .collect(),
            feed,
        }
    }
}

/// A style sheet without the lines and spaces that only its authors need: remarks that
/// fill their lines, empty lines and indents.
pub(super) fn slim(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut remark = false;
    for line in source.lines().map(str::trim) {
        if remark || line.starts_with("/*") {
            remark = !line.ends_with("*/");
        } else if !line.is_empty() {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// The address of a file: `assets/site.<hash>.css`.
pub(super) fn address(stem: &str, extension: &str, bytes: &[u8]) -> Address {
    address_in("assets", stem, extension, bytes)
}

/// The same in another folder.
pub(super) fn address_in(folder: &str, stem: &str, extension: &str, bytes: &[u8]) -> Address {
    Address::file(format!("{folder}/{stem}.{:016x}.{extension}", fingerprint(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_stable() {
        assert_eq!(address("site", "css", b"a").path, "assets/site.af63dc4c8601ec8c.css");
    }

    #[test]
    fn what_only_authors_need_is_taken_out() {
        let source = "/* A\n   remark. */\na {\n  b: c; /* stays */\n}\n\n/* gone */\n";
        assert_eq!(slim(source), "a {\nb: c; /* stays */\n}\n");
    }
}
