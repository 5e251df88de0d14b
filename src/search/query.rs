//! What was heard → what to look for: what a rep types never goes through a query parser.
//!
//! A query is read once for every language family that is likely ([`super::guess`]): its
//! [features](super::features), slips mended, and the situations that they speak of
//! ([`super::sense`]). What that is worth is [`super::rank`]'s.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use crate::language::{Family, Language};

use super::SearchError;
use super::analyzer::{self, Token};
use super::features::{self, Sort, word_key};
use super::guess::Likely;
use super::rank::Counts;
use super::schema::{LONGEST_WHOLE, clipped, filter_value, whole};
use super::sense;
use super::spelling::Words;
use super::stopwords::{stops_of, without_greetings};
use super::table::sense_hash;

/// No more of a query is read than so many tokens.
pub(super) const MOST: usize = 64;
/// How likely a family must be for the query to be read in it.
pub(super) const LIKELY: f32 = 0.02;
/// No more situations of a query are looked for.
pub(super) const MOST_SENSES: usize = 24;

/// How much of a situation is also said of the wider one.
pub(super) const WIDER: f32 = 0.4;

/// What features are worth.
pub(super) const WORD: f32 = 1.0;
/// A word that only folds alike, where the word with its marks is known.
pub(super) const FOLDED: f32 = 0.6;
pub(super) const EXACT: f32 = 0.4;
pub(super) const CHARACTER: f32 = 0.6;
pub(super) const PAIR: f32 = 0.5;
pub(super) const AMOUNT: f32 = 0.5;
/// A word that is only spelt like the one said, and one that only begins like it.
pub(super) const SPELT: f32 = 0.8;
pub(super) const BEGUN: f32 = 0.7;

/// A feature to look for.
#[derive(Debug, Clone)]
pub(super) struct Sought {
    /// Keys of which the best counts, and what each is worth.
    pub keys: Vec<(String, f32)>,
    /// The words of the query that it stands for.
    pub text: String,
    /// How rare the first key is among the cards of its family; known when it has been looked for.
    pub rarity: Cell<f32>,
}

/// A situation that a query speaks of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sense {
    pub group: usize,
    /// How strongly.
    pub strength: f32,
    /// Its share among all situations.
    pub share: f32,
}

/// A query as it is read in one language family.
#[derive(Debug)]
pub(super) struct Voice {
    pub family: Family,
    /// How likely it is meant, from 0 to 1.
    pub likely: f32,
    pub sought: Vec<Sought>,
    pub senses: Vec<Sense>,
    /// How surely it speaks of each category.
    pub categories: BTreeMap<String, f32>,
    /// How much of it is everyday talk, see [`sense::CHATTER`].
    pub chatter: f32,
    /// How many words it has, stop words left out.
    pub words: usize,
}

/// A query made ready.
#[derive(Debug)]
pub(super) struct Plan {
    pub voices: Vec<Voice>,
    /// The query as an id or a code.
    pub name: String,
    /// The query word for word, see [`whole`](super::schema::whole).
    pub whole: Vec<String>,
}

impl Plan {
    /// Makes a query ready; nothing where there is nothing to look for. In one that is still being
    /// typed the last word may be a beginning. `among`: the only languages that are wanted, if any.
    pub fn new(
        words: &Words<'_>,
        counts: &Counts,
        text: &str,
        among: &[Language],
        typing: bool,
    ) -> Result<Option<Plan>, SearchError> {
        let text = clipped(text, LONGEST_WHOLE);
        let heard = analyzer::analyze(text);
        if heard.is_empty() {
            return Ok(None);
        }
        let mut plan = Plan { voices: Vec::new(), name: filter_value(text), whole: whole(&heard) };
        let mut tokens = without_greetings(&heard, words.table);
        let greeted = tokens.len() < heard.len();
        tokens.truncate(MOST);
        if tokens.is_empty() {
            // A greeting finds the card that has it word for word, and no other.
            return Ok(Some(plan));
        }
        let typing = typing && text.ends_with(char::is_alphanumeric);
        let likely = Likely::guess(words, counts, &tokens, among)?;
        for family in likely.at_least(LIKELY) {
            let reader = Reader { words, family, likely: likely.of(family), typing, greeted };
            plan.voices.extend(reader.read(&tokens)?);
        }
        Ok(Some(plan))
    }
}

/// Reads a query in one family.
struct Reader<'r> {
    words: &'r Words<'r>,
    family: Family,
    likely: f32,
    typing: bool,
    greeted: bool,
}

impl Reader<'_> {
    fn read(&self, tokens: &[Token]) -> Result<Option<Voice>, SearchError> {
        let family = self.family;
        let stops = stops_of(self.words.table, family, tokens);
        if self.greeted && stops.iter().all(|&stop| stop) {
            return Ok(None);
        }
        let mut spelt = tokens.to_vec();
        // What else each token may be, with what that is worth.
        let mut others: Vec<Vec<(String, f32)>> = vec![Vec::new(); tokens.len()];
        let mut worth = vec![WORD; tokens.len()];
        for (at, token) in tokens.iter().enumerate() {
            if token.single || (stops[at] && !(self.typing && at + 1 == tokens.len())) {
                continue;
            }
            let begun = self.typing && at + 1 == tokens.len();
            let known = self.words.known(family, &token.folded)?;
            let (mut found, mut share) = match begun {
                true => (self.words.begun(family, &token.folded)?, BEGUN),
                false => (Vec::new(), SPELT),
            };
            // A last word that no word begins like is no beginning but a slip.
            if found.is_empty() && known == 0 {
                (found, share) = (self.words.like(family, &token.folded)?, SPELT);
            }
            found.retain(|word| *word != token.folded);
            if known == 0
                && let Some(first) = found.first()
            {
                worth[at] = share;
                spelt[at].folded.clone_from(first);
                spelt[at].exact.clone_from(first);
            }
            others[at] = found.into_iter().map(|word| (word, share)).collect();
        }
        let features = features::features(family, &spelt, &stops);
        let mut sought: Vec<Sought> = Vec::with_capacity(features.len());
        for feature in &features {
            if sought.iter().any(|one| one.keys[0].0 == feature.key) {
                continue;
            }
            let at = feature.at;
            let text = match feature.sort {
                Sort::Pair if tokens[at].single => format!("{}{}", spelt[at].exact, spelt[at + 1].exact),
                Sort::Pair => format!("{} {}", spelt[at].exact, spelt[at + 1].exact),
                _ => spelt[at].exact.clone(),
            };
            let own = match feature.sort {
                Sort::Word if spelt[at].is_marked() && self.has_exact(&spelt[at])? => FOLDED,
                Sort::Word => worth[at],
                Sort::Character => CHARACTER,
                Sort::Pair => PAIR,
                Sort::Exact => EXACT,
                Sort::Amount => AMOUNT,
            };
            let mut keys = vec![(feature.key.clone(), own)];
            if feature.sort == Sort::Word {
                for (word, share) in &others[at] {
                    let token = Token { exact: word.clone(), folded: word.clone(), ..tokens[at].clone() };
                    let key = word_key(family, &features::root(family, &token));
                    if keys.iter().all(|(other, _)| *other != key) {
                        keys.push((key, *share));
                    }
                }
            }
            sought.push(Sought { keys, text, rarity: Cell::new(0.0) });
        }
        let sums = sense::sums(self.words.table, sought.iter().map(|one| sense_hash(&one.keys[0].0)));
        let shares = sense::shares(&sums);
        let mut categories = BTreeMap::new();
        for (&group, share) in &shares {
            if let Some(category) = self.words.table.group(group).and_then(|group| group.category) {
                *categories.entry(category.to_owned()).or_insert(0.0) += share;
            }
        }
        let chatter = categories.remove(sense::CHATTER).unwrap_or(0.0);
        let mut strengths: BTreeMap<usize, (f32, f32)> = BTreeMap::new();
        for (&group, &strength) in &sums {
            let share = shares.get(&group).copied().unwrap_or(0.0);
            let wider = self.words.table.wider(group);
            for (group, worth) in [(Some(group), 1.0), (wider, WIDER)] {
                let Some(group) = group else { continue };
                let sum = strengths.entry(group).or_insert((0.0, 0.0));
                *sum = (sum.0 + worth * strength, sum.1 + worth * share);
            }
        }
        let mut senses: Vec<Sense> = strengths
            .into_iter()
            .map(|(group, (strength, share))| Sense { group, strength, share })
            .collect();
        senses.sort_by(|a, b| b.strength.total_cmp(&a.strength).then(a.group.cmp(&b.group)));
        senses.truncate(MOST_SENSES);
        let is_word = |sort: Sort| matches!(sort, Sort::Word | Sort::Character);
        let distinct: BTreeSet<&str> = features
            .iter()
            .filter(|feature| is_word(feature.sort))
            .map(|feature| feature.key.as_str())
            .collect();
        let words = distinct.len();
        Ok(Some(Voice { family, likely: self.likely, sought, senses, categories, chatter, words }))
    }

    /// Whether any card or saying has a word with exactly these marks.
    fn has_exact(&self, token: &Token) -> Result<bool, SearchError> {
        let key = format!("{}={}", features::letter(self.family), token.exact);
        let mut told = false;
        self.words.table.senses(&key, |_, _| told = true);
        Ok(told || super::rank::alive(self.words.segments, self.words.fields.said, &key)? > 0)
    }
}
