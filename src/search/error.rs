//! What can go wrong with an index.

use std::error::Error;
use std::fmt;
use std::path::{Path, PathBuf};

/// Why an index could not be written, opened or asked.
#[derive(Debug)]
pub enum SearchError {
    /// The index's folder, or a file in it, could not be read or written.
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// There is no finished index in the folder: it was never written, or not to its end.
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// The index was made by another version of the program, or is none of ours.
    Stale {
        /// The folder.
        path: PathBuf,
    },
    /// The index is not as it was written.
    Damaged {
        /// What is wrong with it.
        what: String,
        /// What the engine said, if it was the engine.
        source: Option<Box<dyn Error + Send + Sync>>,
    },
    /// The engine failed while it wrote or was asked.
    Engine(Box<dyn Error + Send + Sync>),
}

impl SearchError {
    pub(super) fn io(path: &Path, source: std::io::Error) -> Self {
        SearchError::Io { path: path.to_owned(), source }
    }

    pub(super) fn damaged(what: impl Into<String>) -> Self {
        SearchError::Damaged { what: what.into(), source: None }
    }

    pub(super) fn card(source: serde_json::Error) -> Self {
        SearchError::Damaged {
            what: "a stored card cannot be read".to_owned(),
            source: Some(Box::new(source)),
        }
    }

    /// Whether building the index anew from the book will mend it.
    pub fn is_mended_by_rebuilding(&self) -> bool {
        matches!(self, SearchError::Missing { .. } | SearchError::Stale { .. } | SearchError::Damaged { .. })
    }
}

impl fmt::Display for SearchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SearchError::Io { path, .. } => {
                write!(f, "cannot use the lookup index at `{}`", path.display())
            }
            SearchError::Missing { path } => {
                write!(f, "no finished lookup index at `{}`", path.display())
            }
            SearchError::Stale { path } => write!(
                f,
                "the lookup index at `{}` was made by another version of the program",
                path.display()
            ),
            SearchError::Damaged { what, .. } => write!(f, "the lookup index is damaged: {what}"),
            SearchError::Engine(_) => f.write_str("the lookup engine failed"),
        }
    }
}

impl Error for SearchError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            SearchError::Io { source, .. } => Some(source),
            SearchError::Damaged { source, .. } => {
                source.as_deref().map(|source| source as &(dyn Error + 'static))
            }
            SearchError::Engine(source) => Some(source.as_ref()),
            SearchError::Missing { .. } | SearchError::Stale { .. } => None,
        }
    }
}

impl From<tantivy::TantivyError> for SearchError {
    fn from(error: tantivy::TantivyError) -> Self {
        SearchError::Engine(Box::new(error))
    }
}
