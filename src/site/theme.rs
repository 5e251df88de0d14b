//! What a book puts in place of the handbook's own files, one at a time: a template, the style sheet, the
//! script, the icon, or a file of its own beside them. They lie in the book's `theme/`.

use std::collections::BTreeMap;

use super::{SiteError, TEMPLATES};
use crate::diagnostic::did_you_mean;
use crate::template::pages::{TemplateError, Templates};

/// Files of a theme that replace or add to the handbook's own, apart from templates.
const ASSETS: [&str; 5] = ["site.css", "extra.css", "site.js", "search.js", "icon.svg"];

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
}

/// How many steps a theme's template may take for one page; the largest page takes some hundred thousand.
const FUEL: u64 = 20_000_000;

/// The templates of a build: the handbook's own, with a theme's in their place.
pub(super) fn templates(theme: &Theme) -> Result<Templates, TemplateError> {
    let mut templates = Templates::new(TEMPLATES)?;
    for (name, bytes) in theme.templates() {
        let source = std::str::from_utf8(bytes).map_err(|error| {
            let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
            TemplateError { name: name.into(), line: Some(line), message: "this is not UTF-8 text".into() }
        })?;
        templates.put(name, source)?;
    }
    if theme.templates().next().is_some() {
        templates.limit(FUEL);
    }
    Ok(templates)
}

/// Everything that is wrong with a theme before a page is made.
pub fn check(theme: &Theme) -> Vec<ThemeFault> {
    let known: Vec<String> = TEMPLATES.iter().map(|(name, _)| format!("{name}{TEMPLATE}")).collect();
    let mut faults = Vec::new();
    for (name, bytes) in theme.templates() {
        let file = format!("{name}{TEMPLATE}");
        // A theme may have templates of its own, which others of it include: `_footer.html.j2`.
        if !name.starts_with('_') && !known.contains(&file) {
            let hint = did_you_mean(&file, known.iter().map(String::as_str));
            let hint = hint.unwrap_or_else(|| format!("a template of your own begins with `_`: `_{file}`"));
            let message = format!("the handbook has no template `{file}`");
            faults.push(ThemeFault { file, line: 1, message, hint: Some(hint) });
            continue;
        }
        let alone = Theme { files: BTreeMap::from([(file.clone(), bytes.to_vec())]) };
        if let Err(error) = templates(&alone) {
            faults.push(fault(&file, &error));
        }
    }
    faults
}

/// A fault of a theme's template, as it is told.
fn fault(file: &str, error: &TemplateError) -> ThemeFault {
    let hint = "`docs/theme.md` of callbook lists what every template is given".to_string();
    let (line, message) = (error.line.unwrap_or(1), error.message.clone());
    ThemeFault { file: file.to_string(), line, message, hint: Some(hint) }
}

impl SiteError {
    /// The fault of the theme that this is, where it is one.
    pub fn theme_fault(&self, theme: &Theme) -> Option<ThemeFault> {
        let file = format!("{}{TEMPLATE}", self.cause.name);
        theme.file(&file).is_some().then(|| fault(&file, &self.cause))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn theme(files: &[(&str, &str)]) -> Theme {
        let file = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
        Theme { files: files.iter().map(file).collect() }
    }

    #[test]
    fn faults_have_their_file_and_line() {
        let bad = theme(&[
            ("objecton.html.j2", "x"),
            ("close.html.j2", "{% block main %}\n{{ w. }}\n{% endblock %}"),
            ("_mine.html.j2", "fine"),
            ("stage.html.j2", "{% extends \"base.html\" %}"),
            ("logo.svg", "<svg/>"),
        ]);
        let faults = check(&bad);
        let told: Vec<String> = faults.iter().map(|f| format!("{}:{}", f.file, f.line)).collect();
        assert_eq!(told, ["close.html.j2:2", "objecton.html.j2:1"], "{faults:?}");
        assert_eq!(faults[1].hint.as_deref(), Some("did you mean `objection.html.j2`?"));
        assert_eq!(bad.extra().map(|(name, _)| name).collect::<Vec<_>>(), ["logo.svg"]);
    }
}
