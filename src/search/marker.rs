//! The file that makes a folder an index: who wrote it, which files it has, what the lexicons say.
//!
//! ```text
//! callbook-index
//! <fingerprint>
//! <check of all lines below>
//! <length> <check, or -> <name>            (one line a file)
//!
//! <lexicons>
//! ```

use std::fs;
use std::io::Write;
use std::path::Path;

use super::SearchError;
use super::analyzer;
use super::lexicon::{self, Lexicons};
use super::schema;
use crate::language::Family;

/// The name of the file; it is written last.
pub(super) const MARKER: &str = "callbook-index";

/// An index of at most so many bytes is checked whole when it is opened, at well under a
/// millisecond; of a larger one only the lengths of its files and the small ones' content.
const CHECKED: u64 = 8 << 20;

/// Changes whenever an index made before could give other answers: fields, analyzer, stems, tables,
/// shipped lexicons, engine. An index made under another fingerprint is never opened.
pub fn fingerprint() -> String {
    let mut check = Check::new();
    check.add(env!("CARGO_PKG_VERSION").as_bytes());
    check.add(&analyzer::VERSION.to_le_bytes());
    check.add(&schema::VERSION.to_le_bytes());
    check.add(tantivy::version_string().as_bytes());
    check.add(&serde_json::to_vec(&schema::schema().0).unwrap_or_default());
    check.add(super::han::TABLE.as_bytes());
    for source in lexicon::SOURCES {
        check.add(source.as_bytes());
    }
    // The stemmer does not tell its version, but its releases differ in what they do.
    for word in PROBES {
        for family in [Family::English, Family::Malay] {
            check.add(analyzer::stem(family, word).unwrap_or_default().as_bytes());
        }
    }
    format!("{:016x}", check.end())
}

const PROBES: [&str; 40] = [
    "expensive",
    "expenses",
    "pricey",
    "prices",
    "pricing",
    "budgeted",
    "happily",
    "happiness",
    "interested",
    "uninteresting",
    "competitors",
    "competition",
    "generously",
    "relational",
    "emailing",
    "emailed",
    "spreadsheets",
    "decided",
    "decision",
    "agreed",
    "dying",
    "skies",
    "evening",
    "organization",
    "organisation",
    "using",
    "useless",
    "membayar",
    "pembayaran",
    "dibayar",
    "terlalu",
    "kemahalan",
    "harganya",
    "menggunakan",
    "pengguna",
    "berapa",
    "sebutkan",
    "kesibukan",
    "mengirimkan",
    "bukankah",
];

/// Writes the marker of a finished index, and gives every file the rights that files have here.
pub(super) fn write(dir: &Path, lexicons: &Lexicons) -> Result<(), SearchError> {
    let io = |error| SearchError::io(dir, error);
    let mut names = Vec::new();
    for entry in fs::read_dir(dir).map_err(io)? {
        let name = entry.map_err(io)?.file_name().to_string_lossy().into_owned();
        if name.ends_with(".lock") {
            fs::remove_file(dir.join(&name)).map_err(io)?;
        } else {
            names.push(name);
        }
    }
    names.sort();
    let mut body = String::new();
    for name in names {
        let path = dir.join(&name);
        let mut check = "-".to_owned();
        if is_small(&name) {
            // The engine writes these through a temporary file that only its owner may read.
            let bytes = fs::read(&path).map_err(io)?;
            fs::remove_file(&path).map_err(io)?;
            fs::write(&path, &bytes).map_err(io)?;
            check = check_of(&bytes);
        }
        let length = fs::metadata(&path).map_err(io)?.len();
        body.push_str(&format!("{length} {check} {name}\n"));
    }
    body.push('\n');
    body.push_str(lexicons.as_text());
    let text = format!("{MARKER}\n{}\n{}\n{body}", fingerprint(), check_of(body.as_bytes()));
    let (unfinished, path) = (dir.join(format!("{MARKER}.new")), dir.join(MARKER));
    let mut file = fs::File::create(&unfinished).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&unfinished, &path).map_err(io)
}

/// Reads the marker and sees whether the files are there as they were written. Tells besides the
/// lexicons whether the index is small enough to be checked whole.
pub(super) fn read(dir: &Path) -> Result<(Lexicons, bool), SearchError> {
    let path = dir.join(MARKER);
    let bytes = fs::read(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => SearchError::Missing { path: dir.to_owned() },
        _ => SearchError::io(&path, error),
    })?;
    let stale = || SearchError::Stale { path: dir.to_owned() };
    let text = String::from_utf8(bytes).map_err(|_| stale())?;
    let mut lines = text.splitn(4, '\n');
    let mut line = || lines.next().unwrap_or("");
    if line() != MARKER || line() != fingerprint() {
        return Err(stale());
    }
    let (check, body) = (line(), line());
    if check != check_of(body.as_bytes()) {
        return Err(SearchError::damaged("its list of files is not as it was written"));
    }
    let (files, lexicons) = body.split_once("\n\n").unwrap_or((body, ""));
    let mut total = 0;
    for file in files.lines() {
        let mut parts = file.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or("");
        let (length, check, name) = (part().parse::<u64>().unwrap_or(0), part(), part());
        let path = dir.join(name);
        let real = match fs::metadata(&path) {
            Ok(file) => file.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(SearchError::damaged(format!("`{name}` is missing")));
            }
            Err(error) => return Err(SearchError::io(&path, error)),
        };
        let same =
            real == length && (check == "-" || fs::read(&path).is_ok_and(|bytes| check_of(&bytes) == check));
        if !same {
            return Err(SearchError::damaged(format!("`{name}` is not as it was written")));
        }
        total += length;
    }
    Ok((Lexicons::from_text(lexicons.to_owned()), total <= CHECKED))
}

/// The engine's own lists, which carry no check of theirs.
fn is_small(name: &str) -> bool {
    name.ends_with(".json")
}

fn check_of(bytes: &[u8]) -> String {
    let mut check = Check::new();
    check.add(bytes);
    format!("{:016x}", check.end())
}

/// A quick check against damage (not against malice), the same on every machine.
struct Check(u64);

impl Check {
    fn new() -> Self {
        Check(0x9E37_79B9_7F4A_7C15)
    }

    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0xD6E8_FEB8_6659_FD93);
    }

    fn add(&mut self, bytes: &[u8]) {
        self.mix(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.mix(u64::from_le_bytes(last));
    }

    fn end(mut self) -> u64 {
        self.mix(0);
        self.0 ^ (self.0 >> 32)
    }
}
