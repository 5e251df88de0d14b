//! What the index holds of a card, and in which fields.
//!
//! Two fields are scored: what is *said* (utterances and title) and the *body* (everything else worth finding).
//! Both hold features ([`super::features`]), cut here and not by an engine's tokenizer. A third holds the
//! situations that a card is in, as the lexicons tell them. The engine keeps and counts them; how
//! they are weighed is [`super::rank`]'s.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashSet;
use tantivy::schema::{
    BytesOptions, FAST, Field, INDEXED, IndexRecordOption, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token as Term, TokenStream, Tokenizer, TokenizerManager};
use tantivy::{Index, TantivyDocument};

use crate::card::{Card, CardKind};
use crate::language::Family;

use super::SearchError;
use super::analyzer::{self, Token};
use super::features::{self, Sort, word_key};
use super::lexicon::Lexicons;
use super::sense;
use super::stopwords::{exact_key, folded_key, stop_words};
use super::table::sense_hash;
use super::told;

/// Goes up when fields, or what goes into them, change.
pub(super) const VERSION: u32 = 5;

/// The fields of the index.
#[derive(Debug, Clone)]
pub(super) struct Fields {
    /// Features of utterances and title.
    pub said: Field,
    /// Words of everything else.
    pub body: Field,
    /// Words as they are written, for beginnings and slips; each begins with its family's letter.
    pub word: Field,
    /// The groups of the lexicons that the card is in, as often as it is [sixteenths](sense::LEVELS) in them.
    pub sense: Field,
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
    /// What a card is asked for by: its code, `id` and `playbook/id`, also those of before.
    pub name: Field,
    /// Whole utterances and the title, see [`whole`].
    pub whole: Field,
    /// The file that the card is from, so that its cards can be taken out.
    pub file: Field,
    /// The place of the language's family in [`Family::ALL`].
    pub family: Field,
    /// Nought for what buyers say, one for what we say: closes, questions, stages.
    pub ours: Field,
    /// What decides between equal scores, see [`order`].
    pub order: Field,
    /// The card itself, as JSON.
    pub card: Field,
    /// What its texts are compared by, see [`told`].
    pub told: Field,
}

/// The names of the columns that are read for every card found.
pub(super) const FAMILY: &str = "family";
pub(super) const CATEGORY: &str = "category";
pub(super) const OURS: &str = "ours";
pub(super) const ORDER: &str = "order";

/// The index's layout. Always the same: the order of the fields is part of the format.
pub(super) fn schema() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let indexed = |record: IndexRecordOption| {
        let indexing = TextFieldIndexing::default().set_tokenizer(TERMS).set_index_option(record);
        TextOptions::default().set_indexing_options(indexing)
    };
    let scored = indexed(IndexRecordOption::WithFreqs);
    let fields = Fields {
        said: schema.add_text_field("said", scored.clone()),
        body: schema.add_text_field("body", scored.clone()),
        word: schema.add_text_field("word", STRING),
        sense: schema.add_text_field("sense", scored),
        kind: schema.add_text_field("kind", STRING),
        category: schema.add_text_field(CATEGORY, STRING | FAST),
        language: schema.add_text_field("language", STRING),
        playbook: schema.add_text_field("playbook", STRING),
        stage: schema.add_text_field("stage", STRING),
        tag: schema.add_text_field("tag", STRING),
        name: schema.add_text_field("name", STRING),
        whole: schema.add_text_field("whole", STRING),
        file: schema.add_text_field("file", STRING),
        family: schema.add_u64_field(FAMILY, INDEXED | FAST),
        ours: schema.add_u64_field(OURS, FAST),
        order: schema.add_text_field(ORDER, TextOptions::default().set_fast("raw")),
        card: schema.add_bytes_field("card", BytesOptions::default().set_stored()),
        told: schema.add_bytes_field("told", BytesOptions::default().set_stored()),
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

/// No more of a text than so many characters is indexed, nor of a field than about so many words.
/// A card has a hundredth of that; what is longer is no card, and should not fill the memory.
pub(super) const LONGEST: usize = 20_000;

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

/// The order of cards among equal scores: by id, language, kind, playbook.
pub(super) fn order(card: &Card) -> String {
    // Below every character that an id can have.
    [&card.id, card.language.as_str(), card.kind.as_str(), &card.playbook].join("\u{1}")
}

/// Whether a card is what we say, and not what a buyer does.
pub(super) fn is_ours(kind: CardKind) -> bool {
    matches!(kind, CardKind::Close | CardKind::Question | CardKind::Stage)
}

/// A card as a document.
pub(super) fn document(
    fields: &Fields,
    card: &Card,
    lexicons: &Lexicons,
) -> Result<TantivyDocument, SearchError> {
    let mut document = TantivyDocument::default();
    let family = card.language.family();
    let mut filling = Filling { family, words: FxHashSet::default() };
    // Of the texts of a card, each is cut once: for the field and for what it tells.
    let title = filling.cut(&card.title);
    let utterances: Vec<Cut> = card.utterances.iter().take(LONGEST).map(|text| filling.cut(text)).collect();
    let body = filling.cut_all(body_texts(card));
    let said = utterances.iter().chain([&title]).flat_map(|cut| cut.keys.iter()).map(|(key, _)| key);
    add(&mut document, fields.said, said);
    let is_word = |sort: Sort| matches!(sort, Sort::Word | Sort::Character);
    let words = body.keys.iter().filter(|(_, sort)| is_word(*sort)).map(|(key, _)| key);
    add(&mut document, fields.body, words);
    let shares = |cut: &Cut| sense::shares(&sense::sums(&lexicons.table, cut.hashes()));
    let shared: Vec<BTreeMap<usize, f32>> = utterances.iter().map(shares).collect();
    let groups = sense::of_card(&lexicons.table, &title.hashes(), &shared, &body.hashes());
    let levels = groups
        .into_iter()
        .flat_map(|(group, level)| std::iter::repeat_n(sense::term(group), usize::from(level)));
    add(&mut document, fields.sense, levels);

    let mut raw = |field: Field, values: &mut dyn Iterator<Item = String>| {
        for value in values.filter(|value| !value.is_empty()).collect::<BTreeSet<_>>() {
            document.add_text(field, value);
        }
    };
    raw(fields.word, &mut filling.words.into_iter());
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
    raw(fields.name, &mut names(card));
    raw(fields.whole, &mut utterances.iter().chain([&title]).flat_map(|cut| cut.whole.clone()));
    raw(fields.file, &mut std::iter::once(card.file.to_string()));
    let of_title = shares(&title);
    let texts: Vec<_> = std::iter::once((&title, &of_title)).chain(utterances.iter().zip(&shared)).collect();
    document.add_bytes(fields.told, &told::pack(&texts));
    document.add_u64(fields.family, family_number(family) as u64);
    document.add_u64(fields.ours, u64::from(is_ours(card.kind)));
    document.add_text(fields.order, order(card));
    document.add_bytes(fields.card, &serde_json::to_vec(card).map_err(SearchError::card)?);
    Ok(document)
}

/// What a card is asked for by: its code, `id` and `playbook/id`, also those of before.
pub(super) fn names(card: &Card) -> impl Iterator<Item = String> {
    let ids = std::iter::once(&card.id).chain(&card.was);
    let names = ids.flat_map(|id| [filter_value(id), filter_value(&format!("{}/{id}", card.playbook))]);
    names.chain(card.code.as_deref().map(filter_value))
}

/// What is worth finding in a card besides what the buyer says and the title. What to avoid is
/// left out: those are the wrong words.
pub(super) fn body_texts(card: &Card) -> impl Iterator<Item = &str> {
    let responses = card.responses.iter().flat_map(|response| {
        [&response.when, &response.bridge, &response.ask]
            .into_iter()
            .flatten()
            .chain([&response.say])
            .chain(&response.proof)
    });
    card.why.iter().chain(responses).chain(&card.more).chain(card.tags.values().flatten()).map(String::as_str)
}

/// A text cut into features.
#[derive(Default)]
pub(super) struct Cut {
    pub keys: Vec<(String, Sort)>,
    pub whole: Vec<String>,
    /// How many words it has.
    pub words: u32,
}

impl Cut {
    /// The features that can tell a situation, each once.
    pub fn hashes(&self) -> Vec<u64> {
        let mut hashes: Vec<u64> = self.keys.iter().map(|(key, _)| sense_hash(key)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes
    }
}

/// Cuts the texts of one card.
pub(super) struct Filling {
    pub family: Family,
    /// The words as they are written, each beginning with its family's letter.
    pub words: FxHashSet<String>,
}

impl Filling {
    pub fn cut(&mut self, text: &str) -> Cut {
        let tokens = analyzer::analyze(clipped(text, LONGEST));
        let stops = stop_words(self.family).marked(&tokens);
        for token in tokens.iter().filter(|token| !token.single) {
            self.words.insert(word_key(self.family, &token.folded));
        }
        let features = features::features(self.family, &tokens, &stops);
        let keys = features.into_iter().map(|feature| (feature.key, feature.sort)).collect();
        let whole = match clipped(text, LONGEST_WHOLE) {
            all if all.len() == text.len() => whole(&tokens),
            beginning => whole(&analyzer::analyze(beginning)),
        };
        Cut { keys, whole, words: tokens.len() as u32 }
    }

    pub fn cut_all<'t>(&mut self, texts: impl Iterator<Item = &'t str>) -> Cut {
        let mut all = Cut::default();
        for text in texts {
            if all.keys.len() > 2 * LONGEST {
                break;
            }
            all.keys.extend(self.cut(text).keys);
        }
        all
    }
}

/// Adds terms to a scored field.
fn add(document: &mut TantivyDocument, field: Field, terms: impl Iterator<Item = impl AsRef<str>>) {
    let mut text = String::new();
    for term in terms {
        if !text.is_empty() {
            text.push(BETWEEN);
        }
        text.push_str(term.as_ref());
    }
    if !text.is_empty() {
        document.add_text(field, text);
    }
}

/// What stands between terms on their way to the engine; no term has it.
const BETWEEN: char = '\u{1}';
/// The name by which the fields ask for [`Terms`].
const TERMS: &str = "terms";

/// The engine's tokenizers: texts come in cut, and are only taken apart again.
pub(super) fn tokenizers() -> TokenizerManager {
    let tokenizers = TokenizerManager::default();
    tokenizers.register(TERMS, Terms);
    tokenizers
}

#[derive(Clone)]
struct Terms;

struct TermStream<'t> {
    terms: std::str::Split<'t, char>,
    token: Term,
}

impl Tokenizer for Terms {
    type TokenStream<'t> = TermStream<'t>;

    fn token_stream<'t>(&'t mut self, text: &'t str) -> TermStream<'t> {
        // Where they stand is not kept.
        let token =
            Term { offset_from: 0, offset_to: 0, position: 0, text: String::new(), position_length: 1 };
        TermStream { terms: text.split(BETWEEN), token }
    }
}

impl TokenStream for TermStream<'_> {
    fn advance(&mut self) -> bool {
        let Some(term) = self.terms.next() else { return false };
        self.token.text.clear();
        self.token.text.push_str(term);
        true
    }

    fn token(&self) -> &Term {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Term {
        &mut self.token
    }
}
