//! What we are measured against, and how books are made ready for it.

use callbook::card::{Card, cards};
use callbook::project;
use callbook::search::{Filters, Lexicons, SearchIndex};
use rusqlite::{Connection, params};

use super::sets::{Answer, Answers, Engine};

/// The cards of the starter book; without utterances where only titles and answers are to be had.
pub fn starter_cards(utterances: bool) -> Vec<Card> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    let (stamps, _) = project::stamps(&folder).expect("the starter book");
    let (files, _) = project::read(&folder, &stamps);
    let (book, _) = callbook::book::load(files);
    let mut cards = cards(&book);
    if !utterances {
        cards.iter_mut().for_each(|card| card.utterances.clear());
    }
    cards
}

/// Our own lookup.
pub struct Callbook(pub SearchIndex);

impl Callbook {
    /// Over cards, with the lexicons that ship.
    pub fn new(cards: &[Card]) -> Self {
        Callbook(SearchIndex::in_memory(cards, &Lexicons::default()).expect("an index"))
    }
}

impl Engine for Callbook {
    fn ask(&self, query: &str) -> Answers {
        let found = self.0.find(query, &Filters::default(), 10).expect("an answer");
        let shown: Vec<Answer> = found
            .hits
            .iter()
            .map(|hit| Answer {
                id: hit.card.id.clone(),
                language: hit.card.language.as_str().to_owned(),
                score: hit.score,
            })
            .collect();
        let best = found.hits.first().or(found.near.first()).map_or(0.0, |hit| hit.score);
        Answers { best, shown }
    }
}

/// SQLite's full-text search: `unicode61`, marks removed, any of the words, BM25 with the weights that
/// ours began with (utterances 3, title 2, the rest 1).
pub struct Fts5(pub Connection);

/// What the peers index of a card besides title and utterances.
pub fn body(card: &Card) -> String {
    let mut parts: Vec<&str> = card.why.iter().map(String::as_str).collect();
    for response in &card.responses {
        parts.extend([&response.bridge, &response.ask].into_iter().flatten().map(String::as_str));
        parts.push(&response.say);
    }
    parts.extend(card.more.iter().map(String::as_str));
    parts.join("\n")
}

impl Fts5 {
    /// Over cards, in memory.
    pub fn new(cards: &[Card]) -> Self {
        let mut db = Connection::open_in_memory().expect("a database");
        fill(&mut db, cards);
        Fts5(db)
    }
}

/// Makes the table and puts cards into it.
pub fn fill(db: &mut Connection, cards: &[Card]) {
    db.execute_batch(
        "CREATE VIRTUAL TABLE cards USING fts5(id UNINDEXED, language UNINDEXED, title, utterances, body,
         tokenize = \"unicode61 remove_diacritics 2\")",
    )
    .expect("a table");
    let transaction = db.transaction().expect("a transaction");
    {
        let mut insert =
            transaction.prepare("INSERT INTO cards VALUES (?1, ?2, ?3, ?4, ?5)").expect("a statement");
        for card in cards {
            let row =
                params![card.id, card.language.as_str(), card.title, card.utterances.join("\n"), body(card)];
            insert.execute(row).expect("a row");
        }
    }
    transaction.commit().expect("a commit");
}

/// The words of a query as FTS5 takes them: any of them.
pub fn any_word(query: &str) -> String {
    let words = query.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(" OR ")
}

impl Engine for Fts5 {
    fn ask(&self, query: &str) -> Answers {
        let words = any_word(query);
        if words.is_empty() {
            return Answers::default();
        }
        let mut statement = self
            .0
            .prepare_cached(
                "SELECT id, language, -bm25(cards, 0, 0, 2, 3, 1) FROM cards WHERE cards MATCH ?1
                 ORDER BY rank LIMIT 10",
            )
            .expect("a query");
        let rows = statement.query_map([words], |row| {
            Ok(Answer { id: row.get(0)?, language: row.get(1)?, score: row.get::<_, f64>(2)? as f32 })
        });
        let mut shown: Vec<Answer> = rows.expect("rows").map(|row| row.expect("a row")).collect();
        shown.sort_by(|a, b| b.score.total_cmp(&a.score));
        let best = shown.first().map_or(0.0, |one| one.score);
        Answers { best, shown }
    }
}
