//! Lookup: what the buyer said → the cards that answer it.
//!
//! The only module that names the search engine (tantivy) and the stemmer (frostem). It reads no
//! clock and no environment and prints nothing; the one thing it touches is the folder of an index,
//! which it is handed ([`SearchIndex::create`], [`SearchIndex::open`]).
//!
//! ```text
//! sayings ─ lexicon ──── table: features → situations ──┐
//! card  ─ analyzer ─ features ─ sense ─ schema: fields ─┴ index: one segment ─┐
//! query ─ analyzer ─ guess, stopwords, spelling ─ query: a Plan ──────────────┴ rank: score, floor
//!                                                             nearest: what matched · explain: why
//! ```
//!
//! Choices are made on the tuning sets of `tests/search/`; what they come to on the sets that are only ever
//! measured is in the README (`cargo bench --bench relevance`).

mod analyzer;
pub mod browser;
mod category;
mod directory;
mod error;
mod explain;
mod features;
mod guess;
mod han;
mod index;
mod lexicon;
mod marker;
mod nearest;
mod number;
mod query;
mod rank;
mod schema;
mod sense;
mod slips;
mod spelling;
mod stopwords;
mod table;
mod table_builder;
#[cfg(test)]
mod tests;
mod told;

pub use analyzer::fold;
pub use error::SearchError;
pub use explain::Reason;
pub use index::{Filters, Found, Hit, Look, Names, SearchIndex};
pub use lexicon::{Lexicon, LexiconGroup, Lexicons, shipped};
pub use marker::fingerprint;
pub use rank::FLOOR;
