//! Lookup: what the buyer said → the cards that answer it.
//!
//! The only module that names the search engine (tantivy) and the stemmer (frostem). It reads no
//! clock and no environment and prints nothing; the one thing it touches is the folder of an index,
//! which it is handed ([`SearchIndex::create`], [`SearchIndex::open`]).
//!
//! ```text
//! card  ─ analyzer, han ─ schema: fields ──────── index: one segment ─┐
//! query ─ analyzer, han ─ guess, stopwords,                           ├─ collect: score, floor
//!                         lexicon, fuzzy ──────── query: a Plan ──────┘   └ nearest: what matched
//! ```
//!
//! The figures behind every choice are in `dependencies.md` of the design: 156 paraphrases in four
//! languages among 2,000 distractors, and speed at 1k, 10k and 100k cards.

mod analyzer;
mod collect;
mod directory;
mod error;
mod fuzzy;
mod guess;
mod han;
mod index;
mod lexicon;
mod marker;
mod nearest;
mod query;
mod schema;
mod stopwords;
#[cfg(test)]
mod tests;

pub use analyzer::fold;
pub use collect::FLOOR;
pub use error::SearchError;
pub use index::{Filters, Found, Hit, Names, SearchIndex};
pub use lexicon::{Lexicon, LexiconGroup, Lexicons, shipped};
pub use marker::fingerprint;
