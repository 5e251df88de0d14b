//! Files of a book that are no playbooks: what pages link to, and the book's theme. Read whole or not at
//! all, and only from within the book.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use super::error::{ProjectError, shown};
use crate::book::Book;
use crate::diagnostic::{Diagnostic, Severity, nearest};
use crate::site::links::{self, Means};
use crate::site::{Theme, check_theme};
use crate::source::{Position, Span};

/// The folder of a book's theme.
pub const THEME: &str = "theme";
/// The largest file that is published with a handbook, in bytes.
const LARGEST: u64 = 64 * 1024 * 1024;
/// How many files a theme may have.
const MOST: usize = 200;

/// Why a file may not be published; nothing where it may.
fn refusal(book: &Path, name: &str) -> Option<(String, &'static str)> {
    let parts: Vec<&str> = name.split('/').collect();
    if parts.iter().any(|part| part.is_empty() || part.starts_with('.') || part.contains(['\\', ':', '\0'])) {
        return Some((format!("`{name}` cannot be published"), "name a file below the book's folder"));
    }
    let path = book.join(name);
    if super::files::is_yaml(&path) {
        let message = format!("`{name}` is a source of the book, and those are not published");
        return Some((message, "link to a card instead: `[words](#its-id)`"));
    }
    let mut folder = book.to_path_buf();
    for part in parts {
        folder.push(part);
        if fs::symlink_metadata(&folder).is_ok_and(|metadata| metadata.file_type().is_symlink()) {
            let message = format!("`{name}` is behind a symbolic link, which is not followed");
            return Some((message, "put the file itself there"));
        }
    }
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_dir() => Some((format!("`{name}` is a folder"), "name a file in it")),
        Ok(metadata) if metadata.len() > LARGEST => {
            Some((format!("`{name}` is larger than 64 MB"), "link to where it can be downloaded"))
        }
        Ok(_) => None,
        Err(_) => Some((format!("the book has no file `{name}`"), "put the file there, or mend the link")),
    }
}

/// The links of a book's texts that lead nowhere: to files that are not there or may not be published,
/// and to cards that the playbook does not know.
pub fn check_links(folder: &Path, book: &Book) -> Vec<Diagnostic> {
    let mut out = Vec::new();
    for link in links::of(book) {
        let Means::File(name) = links::means(&link.target) else { continue };
        if let Some((message, hint)) = refusal(folder, &name) {
            out.push(Diagnostic::error("broken-link", &link.file, link.span, message).hint(hint));
        }
    }
    for (link, known) in links::lost(book) {
        let id = link.target.trim_start_matches('#');
        let message = format!("the playbook has no card `{id}`");
        let hint = match nearest(id, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `#{near}`?"),
            None => "name the id of a stage, question, objection, close or competitor".to_string(),
        };
        out.push(Diagnostic::error("broken-link", &link.file, link.span, message).hint(hint));
    }
    out
}

/// The contents of files that pages link to, by their paths in the book. What may not be published is left
/// out: [`check_links`] has told of it.
pub fn attached<'a>(
    folder: &Path,
    names: impl IntoIterator<Item = &'a String>,
) -> Result<BTreeMap<String, Vec<u8>>, ProjectError> {
    let mut out = BTreeMap::new();
    for name in names {
        if refusal(folder, name).is_none() {
            out.insert(name.clone(), whole(&folder.join(name))?);
        }
    }
    Ok(out)
}

fn whole(path: &Path) -> Result<Vec<u8>, ProjectError> {
    let fail = |error| ProjectError::io("read", path, error);
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(fail)?.take(LARGEST).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// The names in a folder of the book, sorted; none where it is not there.
pub fn listed(book: &Path, folder: &str) -> Vec<String> {
    let entries = fs::read_dir(book.join(folder)).into_iter().flatten().flatten();
    let mut names: Vec<String> =
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// The files of a book's theme, none where there is none; and what is odd about its folder. A file that
/// cannot be part of the theme is left out: a copy that somebody keeps there keeps nobody from working.
pub fn theme(folder: &Path) -> Result<(Theme, Vec<Diagnostic>), ProjectError> {
    let path = folder.join(THEME);
    let (mut theme, mut odd) = (Theme::default(), Vec::new());
    if !path.is_dir() {
        return Ok((theme, odd));
    }
    let mut entries: Vec<_> =
        fs::read_dir(&path).map_err(|error| ProjectError::io("read", &path, error))?.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let file = entry.path();
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if name.starts_with('.') || !plain || super::files::is_yaml(&file) {
            continue;
        }
        let simple = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let mut left_out = |message: String, hint: &str| {
            let named = format!("{THEME}/{}", name.replace(char::is_control, "\u{FFFD}")).into();
            let finding = Diagnostic::error("theme-file", &named, Span::START, message);
            odd.push(finding.severity(Severity::Warning).hint(hint));
        };
        if !name.chars().all(simple) {
            let message = format!("{} is left out of the theme for its name", shown(Path::new(&name)));
            left_out(message, "name it with letters from a to z, digits, `-`, `_` and `.`, and no spaces");
        } else if theme.files.len() == MOST {
            let message = format!("the theme has more than {MOST} files; from this one on they are left out");
            left_out(message, "keep in `theme/` what pages need, and the rest elsewhere");
            break;
        } else {
            match whole(&file) {
                Ok(bytes) => {
                    theme.files.insert(name, bytes);
                }
                Err(error) => left_out(error.to_string(), "mend its permissions, or take it away"),
            }
        }
    }
    Ok((theme, odd))
}

/// What is wrong with a book's theme, as findings.
pub fn check_theme_of(theme: &Theme) -> Vec<Diagnostic> {
    check_theme(theme).iter().map(theme_finding).collect()
}

/// A fault of a theme as a finding.
pub fn theme_finding(fault: &crate::site::ThemeFault) -> Diagnostic {
    let file = format!("{THEME}/{}", fault.file).into();
    let span = Span::at(Position::new(fault.line as u32, 1));
    Diagnostic::error("broken-theme", &file, span, fault.message.clone()).maybe_hint(fault.hint.clone())
}
