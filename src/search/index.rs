//! Cards in, hits out: writing an index, opening it, asking it.
//!
//! An index is a folder that is written once, as a whole, and then only read: one thread and one
//! segment (two threads give no speed-up and no stable order; eight segments cost 2.1 × the CPU,
//! `dependencies.md`), cards in an order of their own whatever order they come in. The last thing
//! written is [`marker::MARKER`]: without it the folder is no index, and it tells whether another version
//! of the program wrote it, whether files are whole, and what the lexicons say.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::schema::Value;
use tantivy::{Index, IndexReader, ReloadPolicy, TantivyDocument};

use crate::card::Card;
use crate::language::Language;

use super::SearchError;
use super::collect::{Ranking, Scale};
use super::directory::ReadOnly;
use super::lexicon::Lexicons;
use super::marker;
use super::nearest::nearest;
use super::query::{Plan, narrowed};
use super::schema::{self, Fields, filter_value, tag_value};

/// What hits must be. Values in one list are alternatives; every list that is not empty must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filters {
    /// Language ranges: `zh` takes in `zh-Hant`.
    pub languages: Vec<Language>,
    /// Playbooks or libraries: the card's own, or one that may use it.
    pub playbooks: Vec<String>,
    /// Stages, as `stage` or `playbook/stage`.
    pub stages: Vec<String>,
    /// Categories.
    pub categories: Vec<String>,
    /// Kinds of cards, or of objections.
    pub kinds: Vec<String>,
    /// Tags, as key and value.
    pub tags: Vec<(String, String)>,
}

/// A sort of names that cards can be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Names {
    /// The languages that cards are written in.
    Languages,
    /// Playbooks and libraries, also by ids of before.
    Playbooks,
    /// Stages, as `stage` and as `playbook/stage`, also by ids of before.
    Stages,
    /// Categories.
    Categories,
    /// Kinds of cards and of objections.
    Kinds,
}

/// A card that fits.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The card.
    pub card: Card,
    /// How well it fits; comparable between queries, never below [`FLOOR`](super::FLOOR).
    pub score: f32,
    /// The utterance nearest to the query, else the title; nothing if only other text fits.
    pub matched: Option<String>,
}

/// The best cards for a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// As many as were asked for, the best first.
    pub hits: Vec<Hit>,
    /// How many fit in all.
    pub total: usize,
}

/// An index that is open for queries.
pub struct SearchIndex {
    reader: IndexReader,
    fields: Fields,
    lexicons: Lexicons,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let cards = self.reader.searcher().num_docs();
        f.debug_struct("SearchIndex").field("cards", &cards).finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// An index in memory, for `serve`, tests and books that cannot be kept on disk.
    pub fn in_memory(cards: &[Card], lexicons: &Lexicons) -> Result<Self, SearchError> {
        let index = write(RamDirectory::create(), cards)?;
        Self::read(&index, lexicons.clone())
    }

    /// Writes a whole index into a folder that exists and is empty. The folder is an index only
    /// when this has come back without an error.
    pub fn create(dir: &Path, cards: &[Card], lexicons: &Lexicons) -> Result<(), SearchError> {
        let mut entries = fs::read_dir(dir).map_err(|error| SearchError::io(dir, error))?;
        if entries.next().is_some() {
            let taken = std::io::Error::from(std::io::ErrorKind::DirectoryNotEmpty);
            return Err(SearchError::io(dir, taken));
        }
        let files = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
        drop(write(files, cards)?);
        marker::write(dir, lexicons)
    }

    /// Opens an index, which may lie in a folder that cannot be written to. Errors if there is no
    /// finished one, if it is of another version, or if files are not as they were written.
    pub fn open(dir: &Path) -> Result<Self, SearchError> {
        let (lexicons, thorough) = marker::read(dir)?;
        let files = MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?;
        let damaged = |error: tantivy::TantivyError| SearchError::Damaged {
            what: format!("`{}` cannot be opened", dir.display()),
            source: Some(Box::new(error)),
        };
        let index = Index::open(ReadOnly(files)).map_err(damaged)?;
        if !schema::fits(&index) {
            return Err(SearchError::Stale { path: dir.to_owned() });
        }
        if thorough && !index.validate_checksum().map_err(damaged)?.is_empty() {
            return Err(SearchError::damaged("a file is not as it was written"));
        }
        Self::read(&index, lexicons)
    }

    fn read(index: &Index, lexicons: Lexicons) -> Result<Self, SearchError> {
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(SearchIndex { reader, fields: schema::schema().1, lexicons })
    }

    /// How many cards it holds.
    pub fn len(&self) -> usize {
        usize::try_from(self.reader.searcher().num_docs()).unwrap_or(usize::MAX)
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The best cards for what was heard, at most `limit` of them. Nothing fits an empty query.
    /// Errors only where the index cannot be read.
    pub fn find(&self, query: &str, filters: &Filters, limit: usize) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        let among = &filters.languages;
        let plan = Plan::new(&searcher, &self.fields, query, among, &self.lexicons)?;
        let Some(plan) = plan else { return Ok(Found::default()) };
        let narrow = narrowed(plan.query.box_clone(), self.conditions(filters));
        let ranked = searcher.search(&narrow, &Ranking { scale: Scale::of(&plan) })?;
        let hits = ranked.iter().take(limit).map(|&(score, address)| {
            let document: TantivyDocument = searcher.doc(address)?;
            let stored = document.get_first(self.fields.card);
            let json = stored.and_then(|value| value.as_bytes()).unwrap_or_default();
            let card: Card = serde_json::from_slice(json).map_err(SearchError::card)?;
            let matched = nearest(&card, &plan);
            Ok(Hit { card, score, matched })
        });
        Ok(Found { hits: hits.collect::<Result<_, SearchError>>()?, total: ranked.len() })
    }

    /// The best cards for what has been typed so far: as [`find`](Self::find), but the last word may
    /// be a beginning.
    pub fn suggest(&self, query: &str, filters: &Filters, limit: usize) -> Result<Found, SearchError> {
        self.find(query, filters, limit)
    }

    /// The values that a filter can have in this index, sorted; in lower case, but for languages. To
    /// say what else a mistyped one may have meant. Errors only where the index cannot be read.
    pub fn names(&self, what: Names) -> Result<Vec<String>, SearchError> {
        let field = match what {
            Names::Languages => self.fields.language,
            Names::Playbooks => self.fields.playbook,
            Names::Stages => self.fields.stage,
            Names::Categories => self.fields.category,
            Names::Kinds => self.fields.kind,
        };
        // Each with how many cards have it.
        let mut names: BTreeMap<String, u64> = BTreeMap::new();
        for reader in self.reader.searcher().segment_readers() {
            let inverted = reader.inverted_index(field)?;
            let mut stream = inverted.terms().stream().map_err(tantivy::TantivyError::from)?;
            while stream.advance() {
                if let Ok(name) = std::str::from_utf8(stream.key()) {
                    *names.entry(name.to_owned()).or_default() += u64::from(stream.value().doc_freq);
                }
            }
        }
        if what != Names::Languages {
            return Ok(names.into_keys().collect());
        }
        // A range in which no card is, save in narrower ones, is no card's language.
        let is_written = |range: &str| {
            let narrower = |tag: &str| tag.rsplit_once('-').is_some_and(|(wider, _)| wider == range);
            let within: u64 = names.iter().filter(|(tag, _)| narrower(tag)).map(|(_, cards)| cards).sum();
            names[range] > within
        };
        let tags = names.keys().filter(|tag| is_written(tag));
        let mut tags: Vec<String> = tags
            .map(|tag| Language::parse(tag).map_or_else(|_| tag.clone(), |tag| tag.as_str().to_owned()))
            .collect();
        tags.sort();
        Ok(tags)
    }

    fn conditions(&self, filters: &Filters) -> Vec<(tantivy::schema::Field, Vec<String>)> {
        let Filters { languages, playbooks, stages, categories, kinds, tags } = filters;
        let values = |names: &[String]| names.iter().map(|name| filter_value(name)).collect();
        let tag_pairs = tags.iter().map(|(key, value)| tag_value(key, value)).collect();
        vec![
            (self.fields.language, languages.iter().map(|tag| filter_value(tag.as_str())).collect()),
            (self.fields.playbook, values(playbooks)),
            (self.fields.stage, values(stages)),
            (self.fields.category, values(categories)),
            (self.fields.kind, values(kinds)),
            (self.fields.tag, tag_pairs),
        ]
    }
}

/// Memory for postings before they are written; one segment is written whatever it is.
const BUDGET: usize = 64 << 20;

fn write(directory: impl Directory, cards: &[Card]) -> Result<Index, SearchError> {
    let (schema, fields) = schema::schema();
    let mut sorted: Vec<&Card> = cards.iter().collect();
    sorted.sort_by(|a, b| schema::order(a).cmp(&schema::order(b)));
    let mut writer = Index::builder()
        .schema(schema)
        .settings(tantivy::IndexSettings { docstore_compress_dedicated_thread: false, ..Default::default() })
        .single_segment_index_writer(Box::new(directory) as Box<dyn Directory>, BUDGET)?;
    for card in sorted {
        writer.add_document(schema::document(&fields, card)?)?;
    }
    Ok(writer.finalize()?)
}
