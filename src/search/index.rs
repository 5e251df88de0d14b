//! Cards in, hits out: writing an index, opening it, asking it.
//!
//! An index is a folder that is written as a whole and then only read: one thread and one
//! segment (two threads give no speed-up and no stable order; eight segments cost 2.1 × the CPU,
//! `dependencies.md`). Where few files of a book have changed, a new folder shares the old one's files and
//! has their cards in a segment more ([`SearchIndex::update`]). The last thing
//! written is [`marker::MARKER`]: without it the folder is no index, and it tells whether another version
//! of the program wrote it and whether files are whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

use rayon::prelude::*;
use tantivy::directory::{Directory, MmapDirectory, RamDirectory};
use tantivy::index::{Segment, SegmentReader};
use tantivy::indexer::NoMergePolicy;
use tantivy::schema::Value;
use tantivy::store::StoreReader;
use tantivy::{Index, IndexSettings, TantivyDocument, Term};

use crate::card::Card;
use crate::language::Language;

use super::SearchError;
use super::directory::ReadOnly;
use super::explain::{Reason, reasons};
use super::lexicon::Lexicons;
use super::marker;
use super::nearest::nearest;
use super::query::Plan;
use super::rank::{Counts, Place, Ranker};
use super::schema::{self, Fields, filter_value, tag_value};
use super::spelling::{Begun, Words};
use super::table::Table;
use super::told;

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
    /// How well it fits; comparable between queries. That of the first hit is not below
    /// [`FLOOR`](super::FLOOR).
    pub score: f32,
    /// The utterance nearest to the query, else the title; nothing if only other text fits.
    pub matched: Option<String>,
    /// Why it has its score, the weightiest reason first; only where that was asked for.
    pub reasons: Vec<Reason>,
}

/// The best cards for a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// As many as were asked for, the best first.
    pub hits: Vec<Hit>,
    /// How many could be shown in all.
    pub total: usize,
    /// Where none fits: what comes nearest, the best first, below the floor.
    pub near: Vec<Hit>,
}

/// How to look.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Look {
    /// At most so many cards.
    pub limit: usize,
    /// Whether the query is still being typed, so that its last word may be a beginning.
    pub typing: bool,
    /// Whether to say why.
    pub explain: bool,
}

/// An index that is open for queries.
pub struct SearchIndex {
    segments: Vec<SegmentReader>,
    /// Where the cards of each segment lie.
    stores: Vec<StoreReader>,
    fields: Fields,
    table: Table,
    counts: Counts,
    begun: Begun,
}

impl std::fmt::Debug for SearchIndex {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SearchIndex").field("cards", &self.len()).finish_non_exhaustive()
    }
}

impl SearchIndex {
    /// An index in memory, for `serve`, tests and books that cannot be kept on disk.
    pub fn in_memory(cards: &[Card], lexicons: &Lexicons) -> Result<Self, SearchError> {
        let index = write(RamDirectory::create(), cards, lexicons)?;
        let mut made = Self::read(index.searchable_segments()?, lexicons.table.clone(), Counts::default())?;
        made.counts = Counts::read(&made.segments, &made.fields)?;
        Ok(made)
    }

    /// Writes a whole index into a folder that exists and is empty. The folder is an index only
    /// when this has come back without an error.
    pub fn create(dir: &Path, cards: &[Card], lexicons: &Lexicons) -> Result<(), SearchError> {
        is_empty(dir)?;
        let index = write(mapped(dir)?, cards, lexicons)?;
        let table = dir.join(TABLE);
        fs::write(&table, lexicons.table.bytes()).map_err(|error| SearchError::io(&table, error))?;
        marker::write(dir, &index)
    }

    /// Writes an index into a folder that exists and is empty from one in another folder: without the cards
    /// of `files`, with the cards given. Files that stay as they are are shared, where the file
    /// system can. Gives `false`, and leaves the folder as it may be, where it is better to write the whole: the
    /// old one has been updated too often.
    pub fn update(old: &Path, dir: &Path, files: &[&str], cards: &[Card]) -> Result<bool, SearchError> {
        is_empty(dir)?;
        let (fields, lexicons) = (schema::schema().1, Lexicons { table: read_table(old)? });
        for name in marker::read(old)?.names() {
            let (from, to) = (old.join(name), dir.join(name));
            // What the engine writes anew must not be shared.
            if name.ends_with(".json") || fs::hard_link(&from, &to).is_err() {
                fs::copy(&from, &to).map_err(|error| SearchError::io(&to, error))?;
            }
        }
        let mut index = Index::open(mapped(dir)?)?;
        index.set_tokenizers(schema::tokenizers());
        if index.searchable_segment_ids()?.len() >= MOST_SEGMENTS {
            return Ok(false);
        }
        let mut writer = index.writer_with_num_threads::<TantivyDocument>(1, UPDATE_BUDGET)?;
        writer.set_merge_policy(Box::new(NoMergePolicy));
        for file in files {
            writer.delete_term(Term::from_field_text(fields.file, file));
        }
        each_document(&fields, cards, &lexicons, |document| writer.add_document(document).map(drop))?;
        writer.commit()?;
        writer.wait_merging_threads()?;
        marker::write(dir, &index)?;
        Ok(true)
    }

    /// Opens an index, which may lie in a folder that cannot be written to. Errors if there is no
    /// finished one, if it is of another version, or if files are not as they were written. Gives a
    /// stamp of the files as well: who hands it in the next time (`trusted`) spares the reading of
    /// them all, as long as nothing has touched them.
    pub fn open(dir: &Path, trusted: Option<u64>) -> Result<(Self, u64), SearchError> {
        let listed = marker::read(dir)?;
        let thorough = trusted != Some(listed.stamp);
        if thorough {
            listed.verify()?;
        }
        let files = mapped(dir)?;
        let table = read_table(dir)?;
        let damaged = |error: tantivy::TantivyError| SearchError::Damaged {
            what: format!("`{}` cannot be opened", dir.display()),
            source: Some(Box::new(error)),
        };
        if thorough {
            let index = Index::open(ReadOnly(files.clone())).map_err(damaged)?;
            if !schema::fits(&index) || !index.validate_checksum().map_err(damaged)?.is_empty() {
                return Err(SearchError::damaged("a file is not as it was written"));
            }
        }
        let index = Index::create(ReadOnly(files), schema::schema().0, IndexSettings::default());
        let index = index.map_err(damaged)?;
        let segments = listed.segments(&index).collect();
        Ok((Self::read(segments, table, listed.counts)?, listed.stamp))
    }

    fn read(segments: Vec<Segment>, table: Table, counts: Counts) -> Result<Self, SearchError> {
        let segments: Vec<_> = segments.iter().map(SegmentReader::open).collect::<Result<_, _>>()?;
        let stores = segments.iter().map(|segment| segment.get_store_reader(BLOCKS));
        let stores =
            stores.collect::<Result<_, _>>().map_err(|error| SearchError::Engine(Box::new(error)))?;
        let fields = schema::schema().1;
        Ok(SearchIndex { segments, stores, fields, table, counts, begun: Begun::default() })
    }

    /// How many cards it holds.
    pub fn len(&self) -> usize {
        self.segments.iter().map(|segment| segment.num_docs() as usize).sum()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The best cards for what was heard, at most `limit` of them. Nothing fits an empty query.
    /// Errors only where the index cannot be read.
    pub fn find(&self, query: &str, filters: &Filters, limit: usize) -> Result<Found, SearchError> {
        self.look(query, filters, Look { limit, ..Look::default() })
    }

    /// The best cards for what has been typed so far: as [`find`](Self::find), but the last word may
    /// be a beginning.
    pub fn suggest(&self, query: &str, filters: &Filters, limit: usize) -> Result<Found, SearchError> {
        self.look(query, filters, Look { limit, typing: true, ..Look::default() })
    }

    /// The best cards for a query.
    pub fn look(&self, query: &str, filters: &Filters, look: Look) -> Result<Found, SearchError> {
        let segments = &self.segments[..];
        let words = Words::of(segments, &self.fields, &self.table, &self.begun);
        let plan = Plan::new(&words, &self.counts, query, &filters.languages, look.typing)?;
        let Some(plan) = plan else { return Ok(Found::default()) };
        let ranker = Ranker { segments, fields: &self.fields, counts: self.counts, table: &self.table };
        let ranked = ranker.rank(&plan, &self.conditions(filters), look.limit)?;
        let hit = |&(score, place): &(f32, Place)| {
            let document: TantivyDocument = self.stores[place.segment].get(place.doc)?;
            let stored = document.get_first(self.fields.card);
            let json = stored.and_then(|value| value.as_bytes()).unwrap_or_default();
            let card: Card = serde_json::from_slice(json).map_err(SearchError::card)?;
            let told = document.get_first(self.fields.told);
            let told = told.and_then(|value| told::read(value.as_bytes()?)).unwrap_or_default();
            let matched = nearest(&card, &told, &plan);
            let reasons = match look.explain {
                true => reasons(&ranker, &plan, place, score, &self.table)?,
                false => Vec::new(),
            };
            Ok(Hit { card, score, matched, reasons })
        };
        Ok(Found {
            hits: ranked.hits.iter().map(hit).collect::<Result<_, SearchError>>()?,
            total: ranked.total,
            near: ranked.near.iter().map(hit).collect::<Result<_, SearchError>>()?,
        })
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
        for reader in &self.segments {
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
/// The same for a few files; the engine wants no less.
const UPDATE_BUDGET: usize = 15 << 20;
/// An index is not updated any more when it has so many segments: each costs time at every query.
const MOST_SEGMENTS: usize = 4;
/// So many documents are made before they are written.
const AT_A_TIME: usize = 512;
/// Cards are packed so many bytes at a time: all of them are unpacked to see one.
const BLOCK: usize = 4 << 10;
/// So many unpacked blocks of a segment are kept.
const BLOCKS: usize = 100;
/// The name of the file that has what the lexicons say.
pub(super) const TABLE: &str = "lexicon";

fn is_empty(dir: &Path) -> Result<(), SearchError> {
    let mut entries = fs::read_dir(dir).map_err(|error| SearchError::io(dir, error))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(SearchError::io(dir, std::io::Error::from(std::io::ErrorKind::DirectoryNotEmpty))),
    }
}

fn mapped(dir: &Path) -> Result<MmapDirectory, SearchError> {
    Ok(MmapDirectory::open(dir).map_err(tantivy::TantivyError::from)?)
}

fn read_table(dir: &Path) -> Result<Table, SearchError> {
    let path = dir.join(TABLE);
    let table = File::open(&path).and_then(Table::filed).map_err(|error| SearchError::io(&path, error))?;
    if table.is_sound() {
        Ok(table)
    } else {
        Err(SearchError::damaged(format!("`{TABLE}` is not as it was written")))
    }
}

/// Makes the documents of cards, in order, some hundreds at a time on all processors.
fn each_document(
    fields: &Fields,
    cards: &[Card],
    lexicons: &Lexicons,
    mut each: impl FnMut(TantivyDocument) -> tantivy::Result<()>,
) -> Result<(), SearchError> {
    let (send, made) = std::sync::mpsc::sync_channel(1);
    let cards = in_order(cards);
    std::thread::scope(|scope| {
        // The next are made while these are written.
        scope.spawn(move || {
            for some in cards.chunks(AT_A_TIME) {
                let documents = some.par_iter().map(|card| schema::document(fields, card, lexicons));
                if send.send(documents.collect::<Vec<_>>()).is_err() {
                    return;
                }
            }
        });
        // Where writing fails, the other end is closed and nothing more is made.
        made.into_iter().flatten().try_for_each(|document| Ok(each(document?)?))
    })
}

fn in_order(cards: &[Card]) -> Vec<&Card> {
    let mut sorted: Vec<&Card> = cards.iter().collect();
    sorted.sort_by_cached_key(|card| schema::order(card));
    sorted
}

fn write(directory: impl Directory, cards: &[Card], lexicons: &Lexicons) -> Result<Index, SearchError> {
    let (schema, fields) = schema::schema();
    let mut writer = Index::builder()
        .schema(schema)
        .tokenizers(schema::tokenizers())
        .settings(tantivy::IndexSettings {
            docstore_compress_dedicated_thread: false,
            docstore_blocksize: BLOCK,
            ..Default::default()
        })
        .single_segment_index_writer(Box::new(directory) as Box<dyn Directory>, BUDGET)?;
    each_document(&fields, cards, lexicons, |document| writer.add_document(document).map(drop))?;
    Ok(writer.finalize()?)
}
