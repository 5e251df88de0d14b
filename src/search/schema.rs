//! What the index holds of a card, and in which fields.
//!
//! Three areas (what the buyer says, an objection's title with it; the title; everything else),
//! each in four fields: *exact* only for words that bear marks, so that "đắt quá" ranks above
//! "đất quá" and "dat qua" finds both; *folded* for every word; *stem*; and *cjk*, apart because the
//! average length that BM25 divides by is one number a field (`dependencies.md`). Texts are cut
//! here, not by an engine's tokenizer.

use std::collections::BTreeSet;

use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{PreTokenizedString, Token as Term};
use tantivy::{Index, TantivyDocument};

use crate::card::{Card, CardKind};
use crate::language::Family;

use super::SearchError;
use super::analyzer::{self, Token};
use super::lexicon::folded_key;
use super::stopwords::exact_key;

/// Goes up when fields, or what goes into them, change.
pub(super) const VERSION: u32 = 2;

/// Positions between two utterances: no phrase of ours reaches over it.
const GAP: usize = 16;

/// Stands in the fields of words for every second character of a script without spaces. Without it
/// a Chinese card with one Latin word would seem to consist of that word, and BM25, which divides
/// by length, would put it before every card in the query's own language. Never looked for.
const FILLER: &str = "\u{0}";

/// The four fields of an area, and what a word found there is worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Area {
    pub exact: Field,
    pub folded: Field,
    pub stem: Field,
    pub cjk: Field,
    pub boost: f32,
}

/// The fields of the index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// Utterances, title, body: the best first.
    pub areas: [Area; 3],
    /// Card kind and objection kind.
    pub kind: Field,
    pub category: Field,
    /// The tag and every wider range of it: `zh-hant` and `zh`.
    pub language: Field,
    pub playbook: Field,
    /// `playbook/stage` and `stage`.
    pub stage: Field,
    /// `key=value`.
    pub tag: Field,
    /// `id` and `playbook/id`, also those of before.
    pub id: Field,
    pub code: Field,
    /// Whole utterances and the title, see [`whole`].
    pub whole: Field,
    /// The place of the language's family in [`Family::ALL`].
    pub family: Field,
    /// The card itself, as JSON.
    pub card: Field,
}

/// The name of the column that [`Fields::family`] is read from.
pub(super) const FAMILY: &str = "family";
/// The name of the column that [`Fields::category`] is read from.
pub(super) const CATEGORY: &str = "category";

/// The index's layout. Always the same: the order of the fields is part of the format.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    // The tokenizer is only named because the engine wants one; texts come in cut.
    let indexed = |record: IndexRecordOption| {
        TextOptions::default()
            .set_indexing_options(TextFieldIndexing::default().set_tokenizer("raw").set_index_option(record))
    };
    let (words, phrases) =
        (indexed(IndexRecordOption::WithFreqs), indexed(IndexRecordOption::WithFreqsAndPositions));
    let areas = [("utterances", 3.0), ("title", 2.0), ("body", 1.0)].map(|(name, boost)| Area {
        exact: schema.add_text_field(&format!("{name}_exact"), words.clone()),
        folded: schema.add_text_field(&format!("{name}_folded"), phrases.clone()),
        stem: schema.add_text_field(&format!("{name}_stem"), words.clone()),
        cjk: schema.add_text_field(&format!("{name}_cjk"), phrases.clone()),
        boost,
    });
    let fields = Fields {
        areas,
        kind: schema.add_text_field("kind", STRING),
        category: schema.add_text_field(CATEGORY, STRING | FAST),
        language: schema.add_text_field("language", STRING),
        playbook: schema.add_text_field("playbook", STRING),
        stage: schema.add_text_field("stage", STRING),
        tag: schema.add_text_field("tag", STRING),
        id: schema.add_text_field("id", STRING),
        code: schema.add_text_field("code", STRING),
        whole: schema.add_text_field("whole", STRING),
        family: schema.add_u64_field(FAMILY, INDEXED | FAST),
        card: schema.add_bytes_field("card", BytesOptions::default().set_stored()),
    };
    (schema.build(), fields)
}

/// Whether an index has exactly this layout.
pub(super) fn fits(index: &Index) -> bool {
    index.schema() == schema().0
}

/// The place of a family in [`Family::ALL`].
pub(super) fn family_number(family: Family) -> usize {
    Family::ALL.iter().position(|&one| one == family).unwrap_or(Family::ALL.len() - 1)
}

/// A value as it stands in a filter field.
pub(super) fn filter_value(value: &str) -> String {
    value.trim().to_lowercase()
}

/// A filter value for one tag.
pub(super) fn tag_value(key: &str, value: &str) -> String {
    filter_value(&format!("{}={}", key.trim(), value.trim()))
}

/// No more of a text than so many characters is indexed, nor of an area than about so many words.
/// A card has a hundredth of that; what is longer is no card, and should not fill the memory.
const LONGEST: usize = 20_000;

/// No more of a text than so many characters is compared word for word, and no more of a query read.
pub(super) const LONGEST_WHOLE: usize = 2_000;

/// The beginning of a text, at most so many characters.
pub(super) fn clipped(text: &str, most: usize) -> &str {
    text.char_indices().nth(most).map_or(text, |(end, _)| &text[..end])
}

/// A text as it is compared word for word: without marks and, if it has any, also with them, so
/// that of two that only fold alike the very one comes first. Nothing for a text without words.
pub(super) fn whole(tokens: &[Token]) -> Vec<String> {
    let mut keys = vec![folded_key(tokens), exact_key(tokens)];
    keys.dedup();
    keys.retain(|key| !key.is_empty());
    keys
}

/// The order of cards in the index, which is also the order among equal scores.
pub(super) fn order(card: &Card) -> (&str, &str, CardKind, &str) {
    (&card.id, card.language.as_str(), card.kind, &card.playbook)
}

/// A card as a document.
pub(super) fn document(fields: &Fields, card: &Card) -> Result<TantivyDocument, SearchError> {
    let mut document = TantivyDocument::default();
    let family = card.language.family();
    let [utterances, title, body] = &fields.areas;
    // The title of an objection is what the buyer says, too; a card may have nothing else.
    let said = (card.kind == CardKind::Objection).then_some(&card.title);
    let said = card.utterances.iter().chain(said).map(String::as_str);
    fill(&mut document, utterances, family, said);
    fill(&mut document, title, family, [card.title.as_str()]);
    fill(&mut document, body, family, body_texts(card));

    let mut raw = |field: Field, values: &mut dyn Iterator<Item = String>| {
        for value in values.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>() {
            document.add_text(field, value);
        }
    };
    let kinds = [Some(card.kind.as_str()), card.objection_kind.as_deref()];
    raw(fields.kind, &mut kinds.into_iter().flatten().map(filter_value));
    raw(fields.category, &mut card.category.as_deref().into_iter().map(filter_value));
    let tag = card.language.as_str();
    let ranges = tag.match_indices('-').map(|(end, _)| &tag[..end]).chain([tag]);
    raw(fields.language, &mut ranges.map(filter_value));
    let playbooks = card.used_by.iter().chain([&card.playbook]);
    raw(fields.playbook, &mut playbooks.map(|name| filter_value(name)));
    let bare = card.stages.iter().filter_map(|stage| stage.rsplit_once('/').map(|(_, bare)| bare));
    raw(fields.stage, &mut card.stages.iter().map(String::as_str).chain(bare).map(filter_value));
    let tags =
        card.tags.iter().flat_map(|(key, values)| values.iter().map(move |value| tag_value(key, value)));
    raw(fields.tag, &mut tags.into_iter());
    let ids = std::iter::once(&card.id).chain(&card.was);
    raw(
        fields.id,
        &mut ids.flat_map(|id| [filter_value(id), filter_value(&format!("{}/{id}", card.playbook))]),
    );
    raw(fields.code, &mut card.code.as_deref().into_iter().map(filter_value));
    let texts = card.utterances.iter().take(LONGEST).chain([&card.title]);
    raw(fields.whole, &mut texts.flat_map(|text| whole(&analyzer::analyze(clipped(text, LONGEST_WHOLE)))));
    document.add_u64(fields.family, family_number(family) as u64);
    document.add_bytes(fields.card, &serde_json::to_vec(card).map_err(SearchError::card)?);
    Ok(document)
}

/// What is worth finding in a card besides what the buyer says and the title. What to avoid is
/// left out: those are the wrong words.
fn body_texts(card: &Card) -> impl Iterator<Item = &str> {
    let responses = card.responses.iter().flat_map(|response| {
        [&response.when, &response.bridge, &response.ask]
            .into_iter()
            .flatten()
            .chain([&response.say])
            .chain(&response.proof)
    });
    card.why.iter().chain(responses).chain(&card.more).chain(card.tags.values().flatten()).map(String::as_str)
}

/// Cuts texts into an area's fields.
fn fill<'t>(
    document: &mut TantivyDocument,
    area: &Area,
    family: Family,
    texts: impl IntoIterator<Item = &'t str>,
) {
    let (mut exact, mut folded, mut stems, mut cjk) = (vec![], vec![], vec![], vec![]);
    let mut start = 0;
    for text in texts {
        if start > LONGEST {
            break;
        }
        let tokens = analyzer::analyze(clipped(text, LONGEST));
        for (at, token) in tokens.iter().enumerate() {
            let place = start + token.position;
            if token.single {
                cjk.push(term(place, token.folded.clone()));
                if let Some(pair) = pair(&tokens, at) {
                    cjk.push(term(place, pair));
                }
                if at % 2 == 0 {
                    folded.push(term(place, FILLER.to_owned()));
                    stems.push(term(place, FILLER.to_owned()));
                }
                continue;
            }
            if token.is_marked() {
                exact.push(term(place, token.exact.clone()));
            }
            if let Some(stem) = analyzer::stem(family, &token.folded) {
                stems.push(term(place, stem.into_owned()));
            }
            folded.push(term(place, token.folded.clone()));
        }
        start += tokens.len() + GAP;
    }
    for (field, tokens) in [(area.exact, exact), (area.folded, folded), (area.stem, stems), (area.cjk, cjk)] {
        if !tokens.is_empty() {
            document.add_pre_tokenized_text(field, PreTokenizedString { text: String::new(), tokens });
        }
    }
}

/// The character at a place together with the one that follows it directly.
pub(super) fn pair(tokens: &[Token], at: usize) -> Option<String> {
    let next = tokens.get(at + 1).filter(|next| next.joined)?;
    Some(format!("{}{}", tokens[at].folded, next.folded))
}

fn term(position: usize, text: String) -> Term {
    Term { offset_from: 0, offset_to: 0, position, text, position_length: 1 }
}
