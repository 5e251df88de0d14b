//! The starter book, embedded in the program.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{ProjectError, shown};
use super::output::write_file;
use super::schemas::{kind_of, schema_line, write_schemas};

macro_rules! starter {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../playbooks/", $name)))),*]
    };
}

/// The files of the starter book: names relative to the book, and contents. A test holds the list
/// against the folder.
pub const STARTER: &[(&str, &str)] = starter![
    "book.yaml",
    "en/core-closes.yaml",
    "en/core-objections.yaml",
    "en/saas-inbound.yaml",
    "en/saas-outbound.yaml",
    "ms/core-closes.yaml",
    "ms/core-objections.yaml",
    "ms/saas-outbound.yaml",
    "ms/tujuh-langkah.yaml",
    "vi/core-closes.yaml",
    "vi/core-objections.yaml",
    "vi/nam-buoc.yaml",
    "vi/pheu-ban-hang.yaml",
    "vi/saas-outbound.yaml",
    "zh-Hant/core-closes.yaml",
    "zh-Hant/core-objections.yaml",
    "zh-Hant/saas-outbound.yaml",
    "zh-Hant/seven-steps.yaml",
    "zh-Hant/six-phases.yaml",
];

/// Writes the starter book into a folder. Nothing is overwritten: where one of its files is there
/// already, nothing at all is written. Each file begins with the line that tells editors its schema.
pub fn init(folder: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    write_book(folder, STARTER)
}

/// Writes the files of a book, names relative to it and contents, into a folder, as [`init`] does.
pub fn write_book<N: AsRef<str>, T: AsRef<str>>(
    folder: &Path,
    files: &[(N, T)],
) -> Result<Vec<PathBuf>, ProjectError> {
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| folder.join(name.as_ref())).collect();
    if let Some(taken) = paths.iter().find(|path| fs::symlink_metadata(path).is_ok()) {
        return Err(ProjectError::new(
            format!("{} is there already, so nothing was written", shown(taken)),
            "name a folder that is empty or new",
        ));
    }
    for (path, (name, content)) in paths.iter().zip(files) {
        let (name, content) = (name.as_ref(), content.as_ref());
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent).map_err(|error| ProjectError::io("make the folder", parent, error))?;
        }
        let line = schema_line(name, kind_of(name, content));
        write_file(path, format!("{line}\n{content}").as_bytes())?;
    }
    write_schemas(folder)?;
    Ok(paths)
}
