//! In and out: a book as JSON, cards as tables and flashcards, and lists of objections from wherever a
//! team keeps them.
//!
//! ```text
//! bytes ─ encoding ─┬ delimited, workbook, records ─ sheets ─ columns ─┬ drafts ─ entries for `book::insert`
//!                   └ outline (Markdown) ──────────────────────────────┘
//! book ─ whole (JSON) · table (CSV) · outline (Markdown) · anki
//! ```
//!
//! Nothing is dropped silently: what cannot be taken over is a [`Left`] with its place.

pub mod anki;
mod columns;
mod delimited;
mod draft;
mod encoding;
mod outline;
mod records;
mod sheet;
pub mod table;
mod tongue;
pub mod whole;
mod workbook;
pub mod written;

pub use columns::{Column, Role, Sure, guess};
pub use draft::{Draft, DraftResponse, drafts, entries};
pub use sheet::{Left, Row, Sheet, Where};
pub use tongue::tongue;

/// The largest file that is imported, in bytes.
pub const MAX_LIST: usize = 64 << 20;

/// What a file turned out to hold.
#[derive(Debug)]
pub enum Found {
    /// A whole book, as `export --format json` writes it: names of files, and their YAML.
    Book(Vec<(String, String)>),
    /// Tables, whose columns are still to be understood.
    Sheets(Vec<Sheet>, Vec<Left>),
    /// Objections, from Markdown with headings.
    Drafts(Vec<Draft>, Vec<Left>),
}

/// Reads a file of any known sort: Excel is known by its first bytes, JSON and Markdown by the name's
/// ending (or by a first bracket), anything else is a table in text. The second value says what had to
/// be assumed, for people. Errors with what is in the way.
pub fn read(name: &str, bytes: &[u8]) -> Result<(Found, Vec<String>), String> {
    if bytes.len() > MAX_LIST {
        return Err(format!("the file has {} MB; at most {} MB are read", bytes.len() >> 20, MAX_LIST >> 20));
    }
    if bytes.starts_with(b"PK\x03\x04") {
        let (sheets, left) = workbook::read(bytes)?;
        return Ok((Found::Sheets(sheets, left), Vec::new()));
    }
    if bytes.starts_with(&[0xD0, 0xCF, 0x11, 0xE0]) {
        return Err("it is an old Excel file, or one with a password; save it as .xlsx without one".into());
    }
    let (text, assumed) = encoding::decode(bytes)?;
    let notes: Vec<String> = assumed.into_iter().collect();
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let found = match ending.as_str() {
        "json" | "jsonl" | "ndjson" => records::read(&text)?,
        "md" | "markdown" | "mkd" => outline::read(&text),
        _ if text.trim_start().starts_with("{\"callbook\"") => records::read(&text)?,
        _ => {
            let (sheet, left) = delimited::read(&text)?;
            Found::Sheets(vec![sheet], left)
        }
    };
    Ok((found, notes))
}
