//! What templates are given: typed, so that a template cannot ask for what is not there. A field
//! whose name ends in `_html` is safe HTML already; a template writes it with `|safe`. All others are
//! plain text, which the template engine escapes.

use std::collections::BTreeMap;

use serde::Serialize;

use super::words::Words;
use super::words::find::Find;
use crate::template::pages::Shared;

/// What stands around every page.
#[derive(Debug, Serialize)]
pub(super) struct Frame {
    /// The language of the page.
    pub lang: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// The letter of the file in which search has what is of this language.
    pub family: char,
    /// The language of the headings and labels, where it is another one.
    pub words_lang: Option<&'static str>,
    /// The page's title, without the handbook's.
    pub title: String,
    /// The handbook's title.
    pub book: String,
    /// What the page is about, for search engines; may be empty.
    pub description: String,
    /// The style sheet.
    pub css_html: String,
    /// The script.
    pub js_html: String,
    /// The icon.
    pub icon_html: String,
    /// The manifest: name, icon and colours for a phone's start screen.
    pub manifest_html: String,
    /// The feed of changes, where there is one.
    pub feed_html: Option<String>,
    /// The service worker, where the handbook is to be there without a network.
    pub offline_html: Option<String>,
    /// The way up to the site's root: empty, or `../` several times.
    pub up_html: String,
    /// The files that a theme adds, by the name that they have there.
    pub files: BTreeMap<String, String>,
    /// The home of this language.
    pub home_html: String,
    /// The pages about the whole handbook: categories, frameworks, proof, measures, glossary, print.
    pub shelf: Vec<Link>,
    /// The way here; the page itself is not in it.
    pub crumbs: Vec<Link>,
    /// The switcher.
    pub languages: Vec<LanguageLink>,
    /// The name of the page's language in itself.
    pub language_name: String,
    /// The page's own address on the web.
    pub canonical: Option<String>,
    /// The page's addresses on the web in every language, its own included.
    pub alternates: Vec<Alternate>,
    /// The link to the source.
    pub edit_html: Option<String>,
    /// The program and its version.
    pub generator: String,
    /// The words of the search.
    pub find: Shared<&'static Find>,
    /// The script of the search.
    pub search_html: String,
    /// Headings and labels.
    pub w: Shared<&'static Words>,
}

/// A link to a page.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Link {
    /// Where it leads.
    pub href_html: String,
    /// What it is called.
    pub title: String,
}

/// A language in the switcher.
#[derive(Debug, Clone, Serialize)]
pub(super) struct LanguageLink {
    /// Where it leads.
    pub href_html: String,
    /// The tag.
    pub tag: String,
    /// The language's own name.
    pub name: String,
    /// `ltr` or `rtl`.
    pub dir: &'static str,
    /// Whether it is the page's language.
    pub current: bool,
    /// What it leads to, where that is not this very part.
    pub note: Option<&'static str>,
    /// What the part is called there, where it leads to this very part.
    pub title: Option<String>,
}

/// The page in another language, for search engines.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Alternate {
    /// The tag, or `x-default`.
    pub tag: String,
    /// The address on the web.
    pub address: String,
}

/// A part in a list of parts.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Card {
    /// Its page.
    pub href_html: String,
    /// What it is called.
    pub title: String,
    /// The short code.
    pub code: Option<String>,
    /// The first words to say, or what it is for.
    pub hint_html: Option<String>,
    /// Where it stands, where that is elsewhere.
    pub from: Option<String>,
}

/// Parts under a heading.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Group {
    /// The heading.
    pub title: String,
    /// The heading's own page.
    pub href_html: Option<String>,
    /// How many, in words.
    pub count: String,
    /// The parts.
    pub cards: Vec<Card>,
}

/// A name and what it is, in the list beside the text.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Fact {
    /// The name.
    pub name: String,
    /// One entry a line.
    pub values: Vec<Link>,
}

/// A claim with its source.
#[derive(Debug, Clone, Serialize)]
pub(super) struct ProofLine {
    /// The anchor on its volume's page, and its page seen from here.
    pub href_html: String,
    /// The id of the element on the volume's page.
    pub anchor: String,
    /// The claim.
    pub claim_html: String,
    /// Who says so, when, and until when it holds.
    pub notes: Vec<String>,
    /// Where it can be read.
    pub link_html: Option<String>,
}

/// A way on.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Way {
    /// When it is taken.
    pub when_html: Option<String>,
    /// Where it leads.
    pub to: Link,
}

/// What must hold, and why.
#[derive(Debug, Clone, Serialize)]
pub(super) struct CriterionLine {
    /// What must hold.
    pub that_html: String,
    /// Why it matters.
    pub because_html: Option<String>,
}
