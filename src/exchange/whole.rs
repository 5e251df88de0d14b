//! A whole book as one JSON document, and back: every file with every key, whatever callbook knows of it.
//! Remarks are not kept: JSON has none.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::book::model::Book;
use crate::book::{self, AnyFile, BOOK_FILE, InputFile, brief};

/// The version of the document.
const VERSION: u32 = 1;
/// How long a name of a file may be, in bytes.
const LONGEST_NAME: usize = 240;

/// Which files of a book are meant.
#[derive(Debug, Clone, Default)]
pub struct Which {
    /// A playbook or library and the libraries it uses; the whole book where nothing is said.
    pub volumes: Option<BTreeSet<usize>>,
}

/// The document: `{"callbook": 1, "files": [{"name": "en/core.yaml", "content": {…}}, …]}`, by name.
/// What is faulty of a file is left out of it, as everywhere.
pub fn json(book: &Book, which: &Which) -> String {
    let mut files = Vec::new();
    let numbers: Option<BTreeSet<usize>> = which
        .volumes
        .as_ref()
        .map(|volumes| volumes.iter().map(|volume| book.volumes[*volume].common.place.file).collect());
    let languages: BTreeSet<&str> = match &which.volumes {
        Some(volumes) => volumes.iter().map(|volume| book.volumes[*volume].language.primary()).collect(),
        None => BTreeSet::new(),
    };
    for (number, source) in book.sources.files().enumerate() {
        let input = InputFile { name: source.name().clone(), bytes: source.text().as_bytes().to_vec() };
        let Some(file) = book::read_one(input).0 else { continue };
        let meant = match (&file, &numbers) {
            (_, None) | (AnyFile::Book(_), _) => true,
            (AnyFile::Lexicon(lexicon), Some(_)) => {
                languages.iter().any(|language| lexicon.lexicon.0.starts_with(language))
            }
            (_, Some(numbers)) => numbers.contains(&number),
        };
        if meant {
            files.push(json!({"name": source.name(), "content": file}));
        }
    }
    let document = json!({"callbook": VERSION, "files": files});
    format!("{}\n", serde_json::to_string_pretty(&document).unwrap_or_default())
}

/// The files of such a document: names, and YAML. Errors with what is wrong with it.
pub(super) fn files(document: &Value) -> Result<Vec<(String, String)>, String> {
    match document["callbook"].as_u64() {
        Some(version) if version <= u64::from(VERSION) => {}
        Some(_) => return Err("it was written by a newer callbook; use that one".into()),
        None => return Err("its `callbook` is no number, so this is no book".into()),
    }
    let list = document["files"].as_array().ok_or("its `files` is no list, so this is no book")?;
    let mut out: Vec<(String, String)> = Vec::new();
    let mut seen = BTreeSet::new();
    for file in list {
        let name = file["name"].as_str().ok_or("a file in it has no name")?;
        if !is_name(name) {
            return Err(format!("`{}` cannot be the name of a file of a book", brief(name)));
        }
        if !seen.insert(name.to_lowercase()) {
            return Err(format!("`{}` is in it twice", brief(name)));
        }
        let content = file.get("content").filter(|content| content.is_object());
        let content = content.ok_or_else(|| format!("`{}` has no content", brief(name)))?;
        let yaml = serde_yaml::to_string(content).map_err(|error| format!("`{}`: {error}", brief(name)))?;
        out.push((name.to_string(), yaml));
    }
    if !seen.contains(BOOK_FILE) {
        return Err(format!("there is no {BOOK_FILE} in it, so this is no book"));
    }
    Ok(out)
}

/// Whether a name is a plain path of a YAML file, below the book, on every system.
fn is_name(name: &str) -> bool {
    let plain = |part: &str| {
        let stem = part.split('.').next().unwrap_or_default();
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with(['.', ' '])
            && !part.chars().any(|c| c.is_control() || matches!(c, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|'))
            // What Windows keeps for devices is no id either.
            && (stem.len() > 4 || book::id_fault(&stem.to_lowercase()).is_none_or(|(why, _)| !why.contains("computers")))
    };
    let lower = name.to_lowercase();
    name.len() <= LONGEST_NAME
        && name.split('/').count() <= 16
        && name.split('/').all(plain)
        && (lower.ends_with(".yaml") || lower.ends_with(".yml"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_below_the_book() {
        for good in ["book.yaml", "en/core-objections.yaml", "vi/Đắt quá.yml"] {
            assert!(is_name(good), "{good}");
        }
        for bad in [
            "",
            "../x.yaml",
            "/etc/x.yaml",
            "a/../b.yaml",
            "a//b.yaml",
            ".git/x.yaml",
            "c:x.yaml",
            "a\\b.yaml",
            "x.sh",
            "nul.yaml",
            "con/x.yaml",
            "a\0.yaml",
            "x.yaml ",
        ] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
