//! The file that makes a folder an index: who wrote it, and which files it has.
//!
//! ```text
//! callbook-index
//! <fingerprint>
//! <check of all lines below>
//! <how many cards each family has>
//! <cards> <of them gone> <operation> <id>      (one line a segment)
//!                                              (an empty line)
//! <length> <check> <name>                      (one line a file)
//! ```
//!
//! What the engine's own list says of segments stands here again: reading that list with the whole layout
//! of the index in it, twice as the engine does, takes a tenth of a look-up.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::UNIX_EPOCH;

use tantivy::index::{Segment, SegmentId, SegmentReader};
use tantivy::{Index, Opstamp};

use super::SearchError;
use super::analyzer;
use super::rank::Counts;
use super::schema;
use crate::digest::sum;

/// The name of the file; it is written last.
pub(super) const MARKER: &str = "callbook-index";

/// Changes whenever an index made before could give other answers: fields, analyzer, stems, tables,
/// shipped lexicons, engine. An index made under another fingerprint is never opened.
pub fn fingerprint() -> String {
    // The tables and the versions of stemmer and engine are hashed by `build.rs`.
    let version = env!("CARGO_PKG_VERSION");
    format!("{version}-{}-{}-{}", analyzer::VERSION, schema::VERSION, env!("CALLBOOK_TABLES"))
}

/// Writes the marker of a finished index, and gives every file the rights that files have here.
pub(super) fn write(dir: &Path, index: &Index) -> Result<(), SearchError> {
    let io = |error| SearchError::io(dir, error);
    let segments = index.searchable_segments()?;
    let readers: Vec<SegmentReader> = segments.iter().map(SegmentReader::open).collect::<Result<_, _>>()?;
    let mut body = format!("{}\n", Counts::read(&readers, &schema::schema().1)?);
    for meta in segments.iter().map(Segment::meta) {
        let (cards, gone, id) = (meta.max_doc(), meta.num_deleted_docs(), meta.id().uuid_string());
        body.push_str(&format!("{cards} {gone} {} {id}\n", meta.delete_opstamp().unwrap_or(0)));
    }
    body.push('\n');
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
    for name in names {
        let path = dir.join(&name);
        let mut check = "-".to_owned();
        if has_own_check(&name) {
            let bytes = fs::read(&path).map_err(io)?;
            if name.ends_with(".json") {
                // The engine writes these through a temporary file that only its owner may read.
                fs::remove_file(&path).map_err(io)?;
                fs::write(&path, &bytes).map_err(io)?;
            }
            check = check_of(&bytes);
        }
        let length = fs::metadata(&path).map_err(io)?.len();
        body.push_str(&format!("{length} {check} {name}\n"));
    }
    let text = format!("{MARKER}\n{}\n{}\n{body}", fingerprint(), check_of(body.as_bytes()));
    let (unfinished, path) = (dir.join(format!("{MARKER}.new")), dir.join(MARKER));
    let mut file = fs::File::create(&unfinished).map_err(io)?;
    file.write_all(text.as_bytes()).map_err(io)?;
    file.sync_all().map_err(io)?;
    fs::rename(&unfinished, &path).map_err(io)
}

/// The files of an index as its marker lists them.
pub(super) struct Listed {
    dir: std::path::PathBuf,
    /// Name and check of each.
    files: Vec<(String, String)>,
    /// How many cards each family has.
    pub counts: Counts,
    /// Cards, those of them that are gone, the operation by which they went, and the id of each segment.
    segments: Vec<(u32, u32, Opstamp, SegmentId)>,
    /// Changes when a file is written, replaced, cut or added to.
    pub stamp: u64,
}

/// Reads the marker and sees whether the files are there, as long as they were.
pub(super) fn read(dir: &Path) -> Result<Listed, SearchError> {
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
    let mut lines = body.lines();
    let odd = || SearchError::damaged("its list of segments is not as it was written");
    let counts = lines.next().and_then(Counts::parse).ok_or_else(odd)?;
    let segments = lines.by_ref().take_while(|line| !line.is_empty()).map(segment);
    let segments = segments.collect::<Option<_>>().ok_or_else(odd)?;
    let mut listed = Listed { dir: dir.to_owned(), files: Vec::new(), counts, segments, stamp: 0 };
    let mut stamp: Vec<u8> = Vec::new();
    for file in lines {
        let mut parts = file.splitn(3, ' ');
        let mut part = || parts.next().unwrap_or("");
        let (length, check, name) = (part().parse::<u64>().unwrap_or(0), part(), part());
        let path = dir.join(name);
        let metadata = match fs::metadata(&path) {
            Ok(metadata) => metadata,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(SearchError::damaged(format!("`{name}` is missing")));
            }
            Err(error) => return Err(SearchError::io(&path, error)),
        };
        if metadata.len() != length {
            return Err(SearchError::damaged(format!("`{name}` is not as long as it was written")));
        }
        stamp.extend(length.to_le_bytes());
        let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        stamp.extend(modified.map_or(0, |since| since.as_nanos() as u64).to_le_bytes());
        #[cfg(unix)]
        stamp.extend(std::os::unix::fs::MetadataExt::ino(&metadata).to_le_bytes());
        listed.files.push((name.to_owned(), check.to_owned()));
    }
    listed.stamp = sum(&stamp);
    Ok(listed)
}

fn segment(line: &str) -> Option<(u32, u32, Opstamp, SegmentId)> {
    let mut parts = line.splitn(4, ' ');
    let mut part = || parts.next();
    let (cards, gone, operation) = (part()?.parse().ok()?, part()?.parse().ok()?, part()?.parse().ok()?);
    Some((cards, gone, operation, SegmentId::from_uuid_string(part()?).ok()?))
}

impl Listed {
    /// The segments, as parts of an index that is open.
    pub fn segments<'l>(&'l self, index: &'l Index) -> impl Iterator<Item = Segment> + 'l {
        self.segments.iter().map(|&(cards, gone, operation, id)| {
            let segment = index.segment(index.new_segment_meta(id, cards));
            if gone == 0 { segment } else { segment.with_delete_meta(gone, operation) }
        })
    }

    /// The names of the files, the marker left out.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|(name, _)| name.as_str())
    }

    /// Whether the files that the engine has no check of are as they were written.
    pub fn verify(&self) -> Result<(), SearchError> {
        for (name, check) in self.files.iter().filter(|(_, check)| check != "-") {
            let path = self.dir.join(name);
            let bytes = fs::read(&path).map_err(|error| SearchError::io(&path, error))?;
            if check_of(&bytes) != *check {
                return Err(SearchError::damaged(format!("`{name}` is not as it was written")));
            }
        }
        Ok(())
    }
}

/// The engine's own lists, and our table: they carry no check that the engine looks at.
fn has_own_check(name: &str) -> bool {
    name.ends_with(".json") || name == super::index::TABLE
}

fn check_of(bytes: &[u8]) -> String {
    format!("{:016x}", sum(bytes))
}
