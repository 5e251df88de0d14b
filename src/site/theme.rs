//! What a book puts in place of the handbook's own files, one at a time: a template, the style sheet, the
//! script, the icon, or a file of its own beside them. They lie in the book's `theme/`.

use std::collections::BTreeMap;

use super::assets::fingerprint;

/// Files of a theme that replace or add to the handbook's own, apart from templates.
const ASSETS: [&str; 4] = ["site.css", "extra.css", "site.js", "icon.svg"];

/// The end of a template's file name.
const TEMPLATE: &str = ".j2";

/// The files of a book's `theme/`, by their names in it. A theme has no folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// Names and bytes.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A file of a theme that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeFault {
    /// The file's name in `theme/`.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

impl Theme {
    /// A file of the theme.
    pub(super) fn file(&self, name: &str) -> Option<&[u8]> {
        self.files.get(name).map(Vec::as_slice)
    }

    /// The files that are neither a template nor in the place of one of ours.
    pub(super) fn extra(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let own = |name: &str| ASSETS.contains(&name) || name.ends_with(TEMPLATE);
        self.files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).filter(move |(n, _)| !own(n))
    }

    /// The templates: names as templates know them (`objection.html`), and sources.
    pub(super) fn templates(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let template =
            |(name, bytes)| Some((<String as AsRef<str>>::as_ref(name).strip_suffix(TEMPLATE)?, bytes));
        self.files.iter().filter_map(template).map(|(name, bytes): (&str, &Vec<u8>)| (name, bytes.as_slice()))
    }

    /// What tells one theme from another.
    pub(super) fn fingerprint(&self) -> u64 {
        self.files.iter().fold(0, |sum: u64, (name, bytes)| {
            sum.rotate_left(7) ^ fingerprint(name.as_bytes()).wrapping_add(fingerprint(bytes))
        })
    }
}
