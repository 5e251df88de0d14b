//! The JSON Schemas of a book's files, kept beside the book for editors: in the folder `.callbook`,
//! which no command takes for a part of the book.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::ProjectError;
use super::output::write_file;
use crate::book::BOOK_FILE;
use crate::book::editor::editor_schema;
use crate::book::schema::FileKind;

/// The folder of the schemas, in a book's folder.
const FOLDER: &str = ".callbook";

/// The kinds of file, each with its name on the command line.
pub const KINDS: [(&str, FileKind); 4] = [
    ("book", FileKind::Book),
    ("playbook", FileKind::Playbook),
    ("library", FileKind::Library),
    ("lexicon", FileKind::Lexicon),
];

/// The schema of a kind of file, as it is printed and written.
pub fn schema_text(kind: FileKind) -> String {
    let text = serde_json::to_string_pretty(&editor_schema(kind)).unwrap_or_default();
    format!("{text}\n")
}

/// Writes the schemas beside a book, where they are not there already or not up to date. Gives the
/// files that were written.
pub fn write_schemas(book: &Path) -> Result<Vec<PathBuf>, ProjectError> {
    let folder = book.join(FOLDER);
    fs::create_dir_all(&folder).map_err(|error| ProjectError::io("make the folder", &folder, error))?;
    let mut written = Vec::new();
    for (name, kind) in KINDS {
        let path = folder.join(format!("{name}.json"));
        let text = schema_text(kind);
        if fs::read(&path).is_ok_and(|there| there == text.as_bytes()) {
            continue;
        }
        write_file(&path, text.as_bytes())?;
        written.push(path);
    }
    Ok(written)
}

/// The line that tells an editor which schema a file of a book has; the name is relative to the book,
/// with `/`.
pub fn schema_line(name: &str, kind: FileKind) -> String {
    let up = "../".repeat(name.matches('/').count());
    let kind = KINDS.iter().find(|(_, known)| *known == kind).map_or("playbook", |(name, _)| name);
    format!("# yaml-language-server: $schema={up}{FOLDER}/{kind}.json")
}

/// The kind of a file by its text; book.yaml by its name.
pub fn kind_of(name: &str, text: &str) -> FileKind {
    let has =
        |key: &str| text.lines().any(|line| line.strip_prefix(key).is_some_and(|rest| rest.starts_with(':')));
    match () {
        () if name == BOOK_FILE => FileKind::Book,
        () if has("lexicon") => FileKind::Lexicon,
        () if has("library") => FileKind::Library,
        () => FileKind::Playbook,
    }
}
