//! From what to look for to a score for every card, and which cards are good enough.
//!
//! A card's score is what it says of the query's features plus what it shares of the query's
//! situations. For a feature: `rarity · worth · t (k + 1) / (t + k)`, BM25 over the two fields taken
//! together, `t = 3 · said + .6 · body`, each count divided by `1 − b + b · length / usual`; the usual
//! lengths are constants, so that a card scores the same whatever else is in the book but for the
//! rarity of words. For a situation: how much the card is in it, times how strongly (and how
//! surely) the query speaks of it. Lifted where the category agrees, lowered for what we say and
//! buyers do not (closes, questions, stages) and for cards in an unlikely language, and divided by the
//! root of the number of words, which makes scores of long and short queries comparable (area under
//! the curve of positives against negatives on the tuning sets: .92–.95; undivided .89–.90).

use std::collections::BTreeMap;

use tantivy::columnar::Column;
use tantivy::postings::BlockSegmentPostings;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, Term};

use crate::language::Family;

use super::SearchError;
use super::features::letter;
use super::query::{Plan, Sense, Sought, Voice};
use super::schema::{CATEGORY, FAMILY, Fields, ORDER, OURS, family_number};
use super::sense;
use super::table::Table;

/// Where no card has this score, nothing fits. Calibrated on the tuning sets of `tests/search/` over the
/// starter book; what it does there is in the README's table.
pub const FLOOR: f32 = 5.5;
/// Where one fits, others are shown beside it from this score on; where none does, they are what
/// comes nearest.
pub(super) const BESIDE: f32 = 2.0;
/// How many come nearest at most.
pub(super) const MOST_NEAR: usize = 3;

/// BM25's k and b, and the usual number of features in what is said and of words in the body.
pub(super) const K: f32 = 1.2;
pub(super) const B: f32 = 0.4;
pub(super) const USUAL_SAID: f32 = 60.0;
pub(super) const USUAL_BODY: f32 = 80.0;
/// How many cards are assumed beside those of the book, see [`Ranker::rarity`].
pub(super) const ASSUMED: f32 = 100.0;
pub(super) const SAID: f32 = 3.0;
pub(super) const BODY: f32 = 0.6;
/// What a situation is worth: by its strength, and by its share.
pub(super) const STRENGTH: f32 = 2.0;
pub(super) const SHARE: f32 = 4.0;
/// How much a card gains whose category the query surely speaks of.
pub(super) const CATEGORY_LIFT: f32 = 0.15;
/// What cards count that buyers do not say.
pub(super) const OURS_COUNT: f32 = 0.7;
/// How much a card in an unlikely language loses.
pub(super) const FOREIGN: f32 = 0.5;
/// One word alone is looked up, not said: it is never everyday talk, and counts for so much more.
pub(super) const ALONE: f32 = 1.25;
/// How much every card loses where the query is everyday talk.
pub(super) const CHATTER: f32 = 0.7;
/// Brings the scores of a clear match to about ten.
pub(super) const SCALE: f32 = 0.75;
/// Characters are more than words are.
pub(super) const SCALE_CHARACTERS: f32 = 0.75;
/// What is added for a card asked for by name, or word for word.
pub(super) const NAMED: f32 = 80.0;
pub(super) const WORD_FOR_WORD: f32 = 40.0;

/// How many cards each family has.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Counts([u32; Family::ALL.len()]);

impl Counts {
    pub fn of(&self, family: Family) -> u32 {
        self.0[family_number(family)]
    }

    /// Of a line of the marker. Nothing where it is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(|number| number.parse().ok());
        let mut counts = [0; Family::ALL.len()];
        for count in &mut counts {
            *count = numbers.next()??;
        }
        numbers.next().is_none().then_some(Counts(counts))
    }

    pub fn read(segments: &[SegmentReader], fields: &Fields) -> Result<Self, SearchError> {
        let mut counts = [0; Family::ALL.len()];
        for reader in segments {
            if reader.has_deletes() {
                let families = reader.fast_fields().u64(FAMILY)?;
                for doc in reader.doc_ids_alive() {
                    counts[families.first(doc).map_or(4, |number| (number as usize).min(4))] += 1;
                }
            } else {
                for (number, count) in counts.iter_mut().enumerate() {
                    let term = Term::from_field_u64(fields.family, number as u64);
                    *count += reader.inverted_index(fields.family)?.doc_freq(&term).map_err(engine)?;
                }
            }
        }
        Ok(Counts(counts))
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.map(|count| count.to_string()).join(" "))
    }
}

/// How many cards have a term.
pub(super) fn alive(segments: &[SegmentReader], field: Field, key: &str) -> Result<u32, SearchError> {
    segments.iter().map(|reader| alive_in(reader, field, key)).sum()
}

/// How many cards of a segment have a term.
pub(super) fn alive_in(reader: &SegmentReader, field: Field, key: &str) -> Result<u32, SearchError> {
    let term = Term::from_field_text(field, key);
    let inverted = reader.inverted_index(field)?;
    if !reader.has_deletes() {
        return inverted.doc_freq(&term).map_err(engine);
    }
    let mut count = 0;
    for_each(reader, field, &term, |doc| count += u32::from(!reader.is_deleted(doc)))?;
    Ok(count)
}

fn engine(error: std::io::Error) -> SearchError {
    SearchError::Engine(Box::new(error))
}

/// A card in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub segment: usize,
    pub doc: DocId,
}

/// Why a card has a part of its score.
#[derive(Debug, Clone, Copy)]
pub(super) enum Cause<'p> {
    Feature(&'p Sought),
    Sense(&'p Sense),
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Ranked {
    /// The best first, which fits.
    pub hits: Vec<(f32, Place)>,
    /// How many could be shown in all.
    pub total: usize,
    /// What comes nearest, where none fits.
    pub near: Vec<(f32, Place)>,
}

/// Ranks cards.
pub(super) struct Ranker<'r> {
    pub segments: &'r [SegmentReader],
    pub fields: &'r Fields,
    pub counts: Counts,
    pub table: &'r Table,
}

impl Ranker<'_> {
    /// The cards that fit, at most `limit`. Tells the plan how rare its features are.
    pub fn rank(
        &self,
        plan: &Plan,
        filters: &[(Field, Vec<String>)],
        limit: usize,
    ) -> Result<Ranked, SearchError> {
        let mut scores: Vec<Vec<f32>> =
            self.segments.iter().map(|reader| vec![0.0; reader.max_doc() as usize]).collect();
        for voice in &plan.voices {
            let factor = factor(voice);
            self.each(voice, |_, place, part| scores[place.segment][place.doc as usize] += factor * part)?;
        }
        let named = self.named(plan)?;
        for (segment, reader) in self.segments.iter().enumerate() {
            // What stays below all that is shown need not be weighed.
            let least = BESIDE / (1.0 + CATEGORY_LIFT);
            let of_names = named.iter().filter(|(place, _)| place.segment == segment);
            let mut asked: Vec<DocId> = of_names.map(|(place, _)| place.doc).collect();
            let scored = scores[segment].iter().zip(0..).filter(|(score, _)| **score >= least);
            asked.extend(scored.map(|(_, doc)| doc));
            asked.sort_unstable();
            asked.dedup();
            self.weigh(reader, &plan.voices, &asked, &mut scores[segment])?;
        }
        named.into_iter().for_each(|(place, more)| scores[place.segment][place.doc as usize] += more);
        for (segment, reader) in self.segments.iter().enumerate() {
            self.narrow(reader, filters, &mut scores[segment])?;
        }
        let best = self.best(&scores, BESIDE, limit.max(1))?;
        if best.first().is_some_and(|(score, _)| *score >= FLOOR) {
            let total = scores.iter().flatten().filter(|&&score| score >= BESIDE).count();
            return Ok(Ranked { hits: best.into_iter().take(limit).collect(), total, near: Vec::new() });
        }
        Ok(Ranked { near: best.into_iter().take(MOST_NEAR.min(limit)).collect(), ..Ranked::default() })
    }

    /// What a card is multiplied with, apart from its language: category and kind.
    pub fn weight_of(&self, voices: &[Voice], place: Place) -> Result<f32, SearchError> {
        let reader = &self.segments[place.segment];
        let mut scores = vec![0.0; place.doc as usize + 1];
        scores[place.doc as usize] = 1.0;
        self.weigh(reader, voices, &[place.doc], &mut scores)?;
        Ok(scores[place.doc as usize])
    }

    /// Every part of every card's score, before it is weighed.
    pub fn each<'v>(
        &self,
        voice: &'v Voice,
        mut part: impl FnMut(Cause<'v>, Place, f32),
    ) -> Result<(), SearchError> {
        let mut marks: Vec<Marks> = self.segments.iter().map(|reader| Marks::of(reader.max_doc())).collect();
        for sought in &voice.sought {
            for (number, (key, worth)) in sought.keys.iter().enumerate() {
                let mut cards = 0;
                for (reader, marks) in self.segments.iter().zip(&mut marks) {
                    cards += self.count(reader, key, marks)?;
                }
                let rarity = self.rarity(voice.family, key, cards as u32);
                if number == 0 {
                    sought.rarity.set(rarity);
                }
                for marks in &mut marks {
                    marks.keep_best(|count| rarity * worth * count * (K + 1.0) / (count + K));
                }
            }
            for (segment, marks) in marks.iter_mut().enumerate() {
                marks.take(|doc, score| part(Cause::Feature(sought), Place { segment, doc }, score));
            }
        }
        for sense in &voice.senses {
            let term = Term::from_field_text(self.fields.sense, &sense::term(sense.group));
            let worth = (STRENGTH * sense.strength + SHARE * sense.share) / sense::LEVELS;
            for (segment, reader) in self.segments.iter().enumerate() {
                let inverted = reader.inverted_index(self.fields.sense)?;
                let option = IndexRecordOption::WithFreqs;
                let postings = inverted.read_block_postings(&term, option).map_err(engine)?;
                let Some(mut postings) = postings else { continue };
                each_block(&mut postings, |doc, level| {
                    if !reader.is_deleted(doc) {
                        part(Cause::Sense(sense), Place { segment, doc }, worth * level as f32);
                    }
                });
            }
        }
        Ok(())
    }

    /// BM25's weight of a term: the rarer, the more. A book of few cards cannot tell what is rare,
    /// so to its cards come [`ASSUMED`] that are as sayings are.
    fn rarity(&self, family: Family, key: &str, cards: u32) -> f32 {
        let all = self.counts.of(family).max(cards) as f32 + ASSUMED;
        let cards = cards as f32 + ASSUMED * self.table.share(letter(family), key);
        ((all - cards + 0.5) / (cards + 0.5)).ln_1p()
    }

    /// Notes the cards that have a feature, and how much of it: both fields taken together. Gives how many.
    fn count(&self, reader: &SegmentReader, key: &str, marks: &mut Marks) -> Result<usize, SearchError> {
        let Fields { said, body, .. } = *self.fields;
        count_in(reader, said, key, (SAID, USUAL_SAID), marks)?;
        // Pairs are kept of what is said only.
        if !key.contains(' ') {
            count_in(reader, body, key, (BODY, USUAL_BODY), marks)?;
        }
        Ok(marks.counted.len())
    }

    /// Category, kind and language of some cards.
    fn weigh(
        &self,
        reader: &SegmentReader,
        voices: &[Voice],
        asked: &[DocId],
        scores: &mut [f32],
    ) -> Result<(), SearchError> {
        if asked.is_empty() {
            return Ok(());
        }
        let fast = reader.fast_fields();
        let (ours, families) = (fast.u64(OURS)?, fast.u64(FAMILY)?);
        let mut lifts: BTreeMap<(u64, u64), f32> = BTreeMap::new();
        let mut categories: Option<Column<u64>> = None;
        if let Some(column) = fast.str(CATEGORY)? {
            for voice in voices {
                for (category, share) in &voice.categories {
                    if let Some(ord) = column.dictionary().term_ord(category.as_bytes()).map_err(engine)? {
                        lifts.insert((family_number(voice.family) as u64, ord), *share);
                    }
                }
            }
            categories = Some(column.ords().clone()).filter(|_| !lifts.is_empty());
        }
        for &doc in asked {
            let score = &mut scores[doc as usize];
            if let Some(category) = categories.as_ref().and_then(|column| column.first(doc))
                && let Some(share) = lifts.get(&(families.first(doc).unwrap_or(4), category))
            {
                *score *= 1.0 + CATEGORY_LIFT * share;
            }
            if ours.first(doc) == Some(1) {
                *score *= OURS_COUNT;
            }
        }
        Ok(())
    }

    /// A card whose id or code was typed, or that has the whole query as an utterance or its title,
    /// comes before every other; among such cards the usual score decides.
    fn named(&self, plan: &Plan) -> Result<Vec<(Place, f32)>, SearchError> {
        let mut all = Vec::new();
        let likely: BTreeMap<u64, f32> =
            plan.voices.iter().map(|voice| (family_number(voice.family) as u64, voice.likely)).collect();
        let name = (self.fields.name, plan.name.as_str(), NAMED);
        let whole = plan.whole.iter().map(|key| (self.fields.whole, key.as_str(), WORD_FOR_WORD));
        for (field, value, worth) in std::iter::once(name).chain(whole) {
            let term = Term::from_field_text(field, value);
            for (segment, reader) in self.segments.iter().enumerate() {
                let families = reader.fast_fields().u64(FAMILY)?;
                for_each(reader, field, &term, |doc| {
                    // The same words may stand in two languages: the one that is meant comes first.
                    let likely = families.first(doc).and_then(|number| likely.get(&number)).unwrap_or(&0.0);
                    all.push((Place { segment, doc }, worth * (1.0 - 0.5 * FOREIGN * (1.0 - likely))));
                })?;
            }
        }
        Ok(all)
    }

    /// Takes away the cards that filters leave out, and those that are no more.
    fn narrow(
        &self,
        reader: &SegmentReader,
        filters: &[(Field, Vec<String>)],
        scores: &mut [f32],
    ) -> Result<(), SearchError> {
        for (field, values) in filters.iter().filter(|(_, values)| !values.is_empty()) {
            let mut kept = vec![false; scores.len()];
            for value in values {
                let term = Term::from_field_text(*field, value);
                for_each(reader, *field, &term, |doc| kept[doc as usize] = true)?;
            }
            scores.iter_mut().zip(kept).filter(|(_, kept)| !kept).for_each(|(score, _)| *score = 0.0);
        }
        Ok(())
    }

    /// The best cards of at least a score; equal scores in the order of [`Fields::order`].
    fn best(&self, scores: &[Vec<f32>], least: f32, limit: usize) -> Result<Vec<(f32, Place)>, SearchError> {
        let mut lists: Vec<std::iter::Peekable<std::vec::IntoIter<(f32, DocId)>>> = Vec::new();
        let mut orders = Vec::new();
        for (reader, scores) in self.segments.iter().zip(scores) {
            let enough = scores.iter().enumerate().filter(|(_, score)| **score >= least);
            let mut found: Vec<(f32, DocId)> = enough.map(|(doc, &score)| (score, doc as DocId)).collect();
            if found.len() > limit && limit > 0 {
                let (_, last, _) = found.select_nth_unstable_by(limit - 1, |a, b| b.0.total_cmp(&a.0));
                let last = last.0;
                found.retain(|(score, _)| *score >= last);
            }
            let order = reader.fast_fields().str(ORDER)?;
            let place = |doc: DocId| order.as_ref().and_then(|column| column.ords().first(doc));
            found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| place(a.1).cmp(&place(b.1))));
            found.truncate(limit);
            lists.push(found.into_iter().peekable());
            orders.push(order);
        }
        let text = |segment: usize, doc: DocId| -> Option<String> {
            let order = orders[segment].as_ref()?;
            let mut text = String::new();
            order.ord_to_str(order.ords().first(doc)?, &mut text).ok()?;
            Some(text)
        };
        let mut best = Vec::new();
        while best.len() < limit {
            let mut first: Option<(f32, usize, DocId)> = None;
            for (segment, list) in lists.iter_mut().enumerate() {
                let Some(&(score, doc)) = list.peek() else { continue };
                let better = first.is_none_or(|(other, at, of)| {
                    score > other || (score == other && text(segment, doc) < text(at, of))
                });
                if better {
                    first = Some((score, segment, doc));
                }
            }
            let Some((score, segment, doc)) = first else { break };
            lists[segment].next();
            best.push((score, Place { segment, doc }));
        }
        Ok(best)
    }
}

/// What all scores of a voice are multiplied with: its length, and how likely its language is.
pub(super) fn factor(voice: &Voice) -> f32 {
    let scale = if voice.family == Family::Chinese { SCALE_CHARACTERS } else { SCALE };
    let length = (voice.words.max(1) as f32).sqrt();
    let meant = if voice.words > 1 { 1.0 - CHATTER * voice.chatter } else { ALONE };
    scale / length * (1.0 - FOREIGN * (1.0 - voice.likely)) * meant
}

fn for_each(
    reader: &SegmentReader,
    field: Field,
    term: &Term,
    mut each: impl FnMut(DocId),
) -> Result<(), SearchError> {
    let inverted = reader.inverted_index(field)?;
    if let Some(mut postings) = inverted.read_postings(term, IndexRecordOption::Basic).map_err(engine)? {
        while postings.doc() != TERMINATED {
            if !reader.is_deleted(postings.doc()) {
                each(postings.doc());
            }
            postings.advance();
        }
    }
    Ok(())
}

/// What cards of a segment have, noted by their numbers: lists of them need not be merged or sorted.
struct Marks {
    counts: Vec<f32>,
    counted: Vec<DocId>,
    scores: Vec<f32>,
    scored: Vec<DocId>,
}

impl Marks {
    fn of(cards: DocId) -> Self {
        let none = vec![0.0; cards as usize];
        Marks { counts: none.clone(), counted: Vec::new(), scores: none, scored: Vec::new() }
    }

    fn add(&mut self, doc: DocId, count: f32) {
        let sum = &mut self.counts[doc as usize];
        if *sum == 0.0 {
            self.counted.push(doc);
        }
        *sum += count;
    }

    /// Makes a score of every count; of several scores of a card the best is kept.
    fn keep_best(&mut self, score: impl Fn(f32) -> f32) {
        for doc in self.counted.drain(..) {
            let best = &mut self.scores[doc as usize];
            if *best == 0.0 {
                self.scored.push(doc);
            }
            *best = best.max(score(std::mem::take(&mut self.counts[doc as usize])));
        }
    }

    /// Hands over the scores.
    fn take(&mut self, mut each: impl FnMut(DocId, f32)) {
        for doc in self.scored.drain(..) {
            each(doc, std::mem::take(&mut self.scores[doc as usize]));
        }
    }
}

/// Adds how often a field of each card has a feature, for its worth and its length beside the usual one.
fn count_in(
    reader: &SegmentReader,
    field: Field,
    key: &str,
    (worth, usual): (f32, f32),
    marks: &mut Marks,
) -> Result<(), SearchError> {
    let inverted = reader.inverted_index(field)?;
    let term = Term::from_field_text(field, key);
    let postings = inverted.read_block_postings(&term, IndexRecordOption::WithFreqs).map_err(engine)?;
    let Some(mut postings) = postings else { return Ok(()) };
    let norms = reader.get_fieldnorms_reader(field)?;
    each_block(&mut postings, |doc, often| {
        if !reader.is_deleted(doc) {
            let length = 1.0 - B + B * norms.fieldnorm(doc) as f32 / usual;
            marks.add(doc, worth * often as f32 / length);
        }
    });
    Ok(())
}

/// Every card of a list, also those that are no more, and how often it has the term: by blocks, which are
/// unpacked as they lie.
fn each_block(postings: &mut BlockSegmentPostings, mut each: impl FnMut(DocId, u32)) {
    while postings.block_len() > 0 {
        for (doc, often) in postings.docs().iter().zip(postings.freqs()) {
            each(*doc, *often);
        }
        postings.advance();
    }
}
