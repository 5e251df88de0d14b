//! What the world can do to a book.

use std::fmt;
use std::path::{Path, PathBuf};

/// A fault of the world: what was tried, where, and why it failed.
#[derive(Debug)]
pub struct ProjectError {
    /// What could not be done, with its place.
    pub message: String,
    /// One next step.
    pub hint: Option<String>,
    /// What the system said.
    pub source: Option<std::io::Error>,
}

impl ProjectError {
    /// A fault without a cause from the system.
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        ProjectError { message: message.into(), hint: Some(hint.into()), source: None }
    }

    /// A fault of a file or folder.
    pub fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        ProjectError { message: format!("cannot {doing} {}", shown(path)), hint: None, source: Some(source) }
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// A path for people.
pub(super) fn shown(path: &Path) -> String {
    let path: PathBuf = path.components().collect();
    format!("`{}`", path.display().to_string().replace(char::is_control, "\u{FFFD}"))
}

impl fmt::Display for ProjectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match &self.source {
            Some(source) => write!(f, ": {source}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ProjectError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source as _)
    }
}
