//! Where pages stand in the site, and how one points at another: relative, with `index.html` written
//! out, so that a folder opened by a double click works like a server's sub-path.

use super::words::Words;
use crate::book::model::{Id, Volume};
use crate::language::Language;

/// The kinds of parts that have a page of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum PartKind {
    /// A step of a playbook.
    Stage,
    /// What a buyer says against going on.
    Objection,
    /// A way to ask for the decision.
    Close,
    /// A discovery question.
    Question,
    /// A battlecard.
    Competitor,
}

impl PartKind {
    /// All of them, in the order of [`PartKind::index`].
    pub const ALL: [PartKind; 5] =
        [PartKind::Stage, PartKind::Objection, PartKind::Close, PartKind::Question, PartKind::Competitor];

    /// The folder of their pages, and the anchor of their section on the volume's page.
    pub fn folder(self) -> &'static str {
        match self {
            PartKind::Stage => "stages",
            PartKind::Objection => "objections",
            PartKind::Close => "closes",
            PartKind::Question => "questions",
            PartKind::Competitor => "competitors",
        }
    }

    /// What a part of the kind is called.
    pub fn title(self, w: &Words) -> &'static str {
        match self {
            PartKind::Stage => w.stage,
            PartKind::Objection => w.objection,
            PartKind::Close => w.close,
            PartKind::Question => w.question,
            PartKind::Competitor => w.competitor,
        }
    }

    /// The name in changes and on cards.
    pub fn noun(self) -> &'static str {
        match self {
            PartKind::Stage => "stage",
            PartKind::Objection => "objection",
            PartKind::Close => "close",
            PartKind::Question => "question",
            PartKind::Competitor => "competitor",
        }
    }

    /// The number of the kind.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// The pages about a whole language's handbook.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Shelf {
    /// The categories of objections.
    Categories,
    /// What discovery covers.
    Frameworks,
    /// The claims with sources and dates.
    Proofs,
    /// What is measured.
    Metrics,
    /// What the words of the trade mean.
    Glossary,
    /// What changed since a revision; only where the build compares.
    Since,
    /// Everything on one page, to print.
    Print,
}

impl Shelf {
    /// All of them, in the order in which they are offered.
    pub const ALL: [Shelf; 7] = [
        Shelf::Since,
        Shelf::Categories,
        Shelf::Frameworks,
        Shelf::Proofs,
        Shelf::Metrics,
        Shelf::Glossary,
        Shelf::Print,
    ];

    /// The folder of the page.
    pub fn folder(self) -> &'static str {
        match self {
            Shelf::Categories => "categories",
            Shelf::Frameworks => "frameworks",
            Shelf::Proofs => "proofs",
            Shelf::Metrics => "metrics",
            Shelf::Glossary => "glossary",
            Shelf::Since => "changes",
            Shelf::Print => "print",
        }
    }

    /// What the page is called.
    pub fn title(self, w: &Words) -> &'static str {
        match self {
            Shelf::Categories => w.categories,
            Shelf::Frameworks => w.frameworks,
            Shelf::Proofs => w.proofs,
            Shelf::Metrics => w.metrics,
            Shelf::Glossary => w.glossary,
            Shelf::Since => w.what_changed,
            Shelf::Print => w.print_all,
        }
    }
}

/// A file of the site, and perhaps a place in it. Made of `A-Z a-z 0-9 - . / # _` only, so that it
/// needs no escaping anywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Address {
    /// The path of the file from the site's root, with `/`.
    pub path: String,
    /// The id of an element in it.
    pub anchor: Option<String>,
}

impl Address {
    /// A file of the site.
    pub fn file(path: impl Into<String>) -> Self {
        Address { path: path.into(), anchor: None }
    }

    /// The handbook's front page.
    pub fn root() -> Self {
        Self::file("index.html")
    }

    /// The home of a language.
    pub fn home(language: &Language) -> Self {
        Self::file(format!("{}/index.html", folder_of(language)))
    }

    /// The page of a playbook or a library.
    pub fn volume(volume: &Volume) -> Self {
        Self::old_volume(&volume.language, &volume.id)
    }

    /// The page that a volume has, or had when it was called so.
    pub fn old_volume(language: &Language, id: &Id) -> Self {
        Self::file(format!("{}/{}/index.html", folder_of(language), volume_folder(id)))
    }

    /// The call screen of a playbook.
    pub fn call(volume: &Volume) -> Self {
        Self::file(format!("{}/{}/call.html", folder_of(&volume.language), volume.id))
    }

    /// The page of a part.
    pub fn part(volume: &Volume, kind: PartKind, id: &Id) -> Self {
        Self::old_part(&volume.language, &volume.id, kind, id)
    }

    /// The page that a part has, or had when it or its volume was called so.
    pub fn old_part(language: &Language, volume: &Id, kind: PartKind, id: &Id) -> Self {
        let (language, volume, kind) = (folder_of(language), volume_folder(volume), kind.folder());
        Self::file(format!("{language}/{volume}/{kind}/{id}/index.html"))
    }

    /// A page about a whole language's handbook.
    pub fn shelf(language: &Language, shelf: Shelf) -> Self {
        Self::file(format!("{}/{}/index.html", folder_of(language), shelf.folder()))
    }

    /// The page of a framework in a language.
    pub fn framework(language: &Language, id: &str) -> Self {
        Self::file(format!("{}/frameworks/{id}/index.html", folder_of(language)))
    }

    /// The page of a category in a language.
    pub fn category(language: &Language, slug: &str) -> Self {
        Self::file(format!("{}/categories/{slug}/index.html", folder_of(language)))
    }

    /// A place on this page.
    pub fn at(mut self, anchor: impl Into<String>) -> Self {
        self.anchor = Some(anchor.into());
        self
    }

    /// The address on the web, below the handbook's (which ends in a slash). A folder stands for the page
    /// in it.
    pub fn on_web(&self, base: &str) -> String {
        let path = self.path.strip_suffix("index.html").unwrap_or(&self.path);
        format!("{base}{path}")
    }

    /// The relative link to here from a page.
    pub fn seen_from(&self, page: &str) -> String {
        let from: Vec<&str> = page.split('/').collect();
        let to: Vec<&str> = self.path.split('/').collect();
        let (from, to_folders) = (&from[..from.len() - 1], &to[..to.len() - 1]);
        let shared = from.iter().zip(to_folders).take_while(|(a, b)| a == b).count();
        let mut out = "../".repeat(from.len() - shared);
        out.push_str(&to[shared..].join("/"));
        if let Some(anchor) = &self.anchor {
            out.push('#');
            out.push_str(anchor);
        }
        out
    }
}

/// The way from a page up to the site's root: empty, or `../` several times.
pub(super) fn up(page: &str) -> String {
    "../".repeat(page.matches('/').count())
}

/// A volume's folder: its id, kept apart from the folders that every language has. No id has a `_`.
fn volume_folder(id: &Id) -> String {
    let taken = Shelf::ALL.iter().any(|shelf| shelf.folder() == id.as_str());
    if taken { format!("{id}_") } else { id.to_string() }
}

/// A language's folder. Some three-letter tags are names that Windows keeps for devices.
fn folder_of(language: &Language) -> String {
    let tag = language.as_str();
    match tag {
        "con" | "prn" | "aux" | "nul" => format!("{tag}-lang"),
        _ => tag.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_as_short_as_they_can_be() {
        let to = |path: &str| Address::file(path);
        let page = "en/a/objections/x/index.html";
        for (path, link) in [
            ("en/a/objections/y/index.html", "../y/index.html"),
            ("en/a/objections/x/index.html", "index.html"),
            ("en/a/index.html", "../../index.html"),
            ("vi/a/index.html", "../../../../vi/a/index.html"),
            ("assets/site.css", "../../../../assets/site.css"),
        ] {
            assert_eq!(to(path).seen_from(page), link);
        }
        assert_eq!(to("en/a/index.html").seen_from("index.html"), "en/a/index.html");
        assert_eq!(Address::root().at("main").seen_from("index.html"), "index.html#main");
        assert_eq!(up(page), "../../../../");
        assert_eq!(up("404.html"), "");
    }
}
