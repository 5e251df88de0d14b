//! What was heard → a query, built by hand: what a rep types never goes through a query parser.
//!
//! For each word a DisjunctionMax over its forms in every area, all words optional, adjacent pairs
//! as phrases on top. A word that no card has is looked for among words spelt like it. Groups of a
//! lexicon add what else means the same. The weights are those measured in `dependencies.md`
//! ("Lookup: what was measured"); minimum-should-match and fuzzy search on every word hurt there.

use tantivy::query::{
    BooleanQuery, BoostQuery, ConstScoreQuery, DisjunctionMaxQuery, EmptyQuery, Occur, PhraseQuery, Query,
    TermQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::language::{Family, Language};

use super::SearchError;
use super::analyzer::{self, Token};
use super::collect::{self, FLOOR};
use super::fuzzy;
use super::guess::Likely;
use super::lexicon::{Lexicons, Match};
use super::schema::{Fields, LONGEST_WHOLE, clipped, filter_value, pair, whole};
use super::stopwords::{stop_words, without_greetings};

/// No more of a query is read than so many tokens.
const MOST: usize = 64;

/// What forms of a word are worth.
const EXACT: f32 = 1.0;
const FOLDED: f32 = 0.7;
const STEM: f32 = 0.6;
/// A word that only folds alike, where cards have the word itself: "đất" for "đắt". Less than a
/// third, so that the same word in a title comes before another one in an utterance.
const OTHERWISE: f32 = 0.25;
/// Of scripts without spaces: a character, and two that stand together.
const CHARACTER: f32 = 0.5;
const PAIR: f32 = 1.0;
/// How much of the pairs of a text can be expected to be met: every other one is across two words,
/// and words are cut in many ways.
const ACROSS: f32 = 0.3;
/// How much of the lesser forms counts besides the best one.
const TIE: f32 = 0.1;
/// Two words that stand together in card and query.
const PHRASE: f32 = 0.4;
/// A word that is only spelt alike.
const FUZZY: f32 = 0.6;
/// How much a word that no card has, nor any like it, counts against a match. All of it would tell
/// small talk apart a little better, but cost small books, which lack many a common word.
const UNMET: f32 = 0.6;
/// An expression that a lexicon puts beside what was said.
const SYNONYM: f32 = 0.45;
/// How much more a rare word counts than BM25 has it already. On the starter book (573 cards) this
/// keeps the ranking as it is and tells small talk from objections a little better (area under the curve .976 to .979).
const RARITY: f32 = 0.25;
/// No more expressions of a group are looked for.
const SYNONYMS: usize = 40;
/// Up to so many words, all of them in one card are a match even if they are said in passing; and
/// so many characters of a script without spaces.
const WHOLE: usize = 3;
/// How likely a language must be for its lexicon, and for its stop words.
const LEXICON: f32 = 0.05;
const STOPPING: f32 = 0.3;

/// Words and what they are worth, to find the utterance that is nearest.
#[derive(Debug)]
pub(super) struct Needle {
    pub token: Token,
    /// The pair that begins here, in scripts without spaces.
    pub pair: Option<String>,
    pub weight: f32,
    /// Whether it was said, and not put beside it by a lexicon.
    pub said: bool,
}

/// A query made ready.
#[derive(Debug)]
pub(super) struct Plan {
    pub query: Box<dyn Query>,
    /// What a card would score that says the query once, in an utterance of average length.
    pub ideal: f32,
    /// What one rare word would score.
    pub rare: f32,
    pub likely: Likely,
    /// The categories that the query speaks of.
    pub categories: Vec<String>,
    /// How many groups of the lexicons the query speaks of.
    pub groups: usize,
    pub needles: Vec<Needle>,
    /// The query word for word, see [`schema::whole`](super::schema::whole).
    pub whole: Vec<String>,
}

struct Planner<'p> {
    searcher: &'p Searcher,
    fields: &'p Fields,
    cards: f32,
    likely: Likely,
}

/// A clause and what it would score at best.
struct Clause {
    query: Box<dyn Query>,
    ideal: f32,
}

impl Plan {
    /// Makes a query of what was heard; nothing where there is nothing to look for.
    pub fn new(
        searcher: &Searcher,
        fields: &Fields,
        text: &str,
        among: &[Language],
        lexicons: &Lexicons,
    ) -> Result<Option<Plan>, SearchError> {
        let text = clipped(text, LONGEST_WHOLE);
        let heard = analyzer::analyze(text);
        if heard.is_empty() {
            return Ok(None);
        }
        let whole = whole(&heard);
        let mut tokens = without_greetings(&heard);
        let greeted = tokens.len() < heard.len();
        tokens.truncate(MOST);
        let nothing = tokens.is_empty();
        let guessed = if nothing { &heard[..heard.len().min(MOST)] } else { &tokens[..] };
        let likely = Likely::guess(searcher, fields, guessed, among)?;
        let cards = searcher.num_docs() as f32;
        let planner = Planner { searcher, fields, cards, likely };
        let mut stops = planner.stops(&tokens);
        if stops.iter().all(|&stop| stop) {
            if nothing || greeted {
                // A greeting finds the card that has it word for word, and no other.
                return Ok(Some(planner.only_named(text, whole)));
            }
            // "Who are you?" is made of nothing else, and is an objection.
            stops.fill(false);
        }
        planner.plan(text, whole, &tokens, &stops, lexicons).map(Some)
    }
}

impl Planner<'_> {
    fn plan(
        self,
        text: &str,
        word_for_word: Vec<String>,
        tokens: &[Token],
        stops: &[bool],
        lexicons: &Lexicons,
    ) -> Result<Plan, SearchError> {
        let mut clauses: Vec<Box<dyn Query>> = Vec::new();
        let mut needles = Vec::new();
        let mut own = vec![0.0; tokens.len()];
        let mut known = vec![true; tokens.len()];
        let mut spelt = tokens.to_vec();
        for (at, token) in tokens.iter().enumerate() {
            let found = if token.single {
                self.characters(tokens, at, stops)?
            } else if stops[at] {
                None
            } else {
                Some(match self.word(token)? {
                    Some(clause) => clause,
                    None => {
                        let spelt_like = self.unknown(token, &mut spelt[at])?;
                        known[at] = spelt_like.is_some();
                        spelt_like.unwrap_or_else(|| self.unmet(FOLDED))
                    }
                })
            };
            let Some(clause) = found else { continue };
            own[at] = clause.ideal;
            needles.push(Needle {
                token: spelt[at].clone(),
                pair: pair(tokens, at),
                weight: clause.ideal,
                said: true,
            });
            clauses.push(clause.query);
        }
        for at in 1..tokens.len() {
            if !(stops[at - 1] && stops[at]) {
                clauses.extend(self.phrase(&spelt[at - 1], &spelt[at])?);
            }
        }
        let mut categories = Vec::new();
        let mut groups = 0;
        let mut asked = own.clone();
        // What a lexicon puts beside each word.
        let mut meant: Vec<Option<Box<dyn Query>>> = tokens.iter().map(|_| None).collect();
        for group in lexicons.matches(&spelt, &self.likely.at_least(LEXICON)) {
            if let Some(synonyms) = self.synonyms(&group, &own, &mut needles)? {
                for at in group.tokens.clone() {
                    meant[at].get_or_insert_with(|| synonyms.box_clone());
                }
                clauses.push(synonyms);
            }
            // A word that only the lexicon knows asks for no more than what means the same gives.
            for at in group.tokens.clone().filter(|&at| !known[at]) {
                asked[at] = own[at] * SYNONYM;
            }
            categories.extend(group.category);
            groups += 1;
        }
        let ideal: f32 = asked.iter().sum();
        let rare = self.fields.areas[0].boost * FOLDED * self.rarest();
        clauses.extend(self.named(text, &word_for_word, ideal, rare));
        let mut query: Box<dyn Query> = Box::new(BooleanQuery::union(clauses));
        let said: Vec<(&Token, Option<&dyn Query>)> = (0..tokens.len())
            .filter(|&at| !stops[at] && !tokens[at].single)
            .map(|at| (&tokens[at], meant[at].as_deref()))
            .collect();
        let whole = match self.whole(&said)? {
            None => self.whole_characters(tokens, stops)?,
            whole => whole,
        };
        if let Some(whole) = whole {
            let enough = collect::raw(FLOOR, ideal, rare) * 1.001;
            let whole = Box::new(BoostQuery::new(Box::new(ConstScoreQuery::new(whole, 1.0)), enough));
            query = Box::new(DisjunctionMaxQuery::with_tie_breaker(vec![query, whole], TIE));
        }
        Ok(Plan {
            query,
            ideal,
            rare,
            likely: self.likely,
            categories,
            groups,
            needles,
            whole: word_for_word,
        })
    }

    /// Looks for nothing but cards that are asked for by name or word for word.
    fn only_named(self, text: &str, whole: Vec<String>) -> Plan {
        Plan {
            query: Box::new(BooleanQuery::union(self.named(text, &whole, 1.0, 1.0))),
            ideal: 1.0,
            rare: 1.0,
            likely: self.likely,
            categories: Vec::new(),
            groups: 0,
            needles: Vec::new(),
            whole,
        }
    }

    /// Cards that have every word that was said, somewhere, or for a word that no card has what a
    /// lexicon puts beside it. They are never below the floor: who types
    /// the one odd word of a card, a name or a new term, means that card. Nothing if a word is met
    /// in no card, or if there are too many words for that to be a matter of chance.
    fn whole(&self, said: &[(&Token, Option<&dyn Query>)]) -> Result<Option<Box<dyn Query>>, SearchError> {
        if said.is_empty() || said.len() > WHOLE {
            return Ok(None);
        }
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for (token, meant) in said {
            let mut any: Vec<Box<dyn Query>> = Vec::new();
            for area in &self.fields.areas {
                let term = Term::from_field_text(area.folded, &token.folded);
                if self.weight(&term)?.is_some() {
                    any.push(word_query(term));
                }
            }
            match meant {
                Some(meant) if any.is_empty() => any.push(meant.box_clone()),
                None if any.is_empty() => return Ok(None),
                _ => {}
            }
            all.push((Occur::Must, Box::new(BooleanQuery::union(any))));
        }
        Ok(Some(Box::new(BooleanQuery::new(all))))
    }

    /// The same for a few characters of a script without spaces, and nothing else: cards whose
    /// utterances or title have them, those that stand together in the query together.
    fn whole_characters(
        &self,
        tokens: &[Token],
        stops: &[bool],
    ) -> Result<Option<Box<dyn Query>>, SearchError> {
        if tokens.len() > WHOLE || !tokens.iter().all(|token| token.single) {
            return Ok(None);
        }
        let said: Vec<usize> = (0..tokens.len()).filter(|&at| !stops[at]).collect();
        let mut all: Vec<(Occur, Box<dyn Query>)> = Vec::new();
        for run in said.chunk_by(|&one, &two| one + 1 == two && tokens[two].joined) {
            let mut run = tokens[run[0]..=run[run.len() - 1]].to_vec();
            run[0].joined = false;
            let mut any: Vec<Box<dyn Query>> = Vec::new();
            for area in &self.fields.areas[..2] {
                any.extend(self.expression(area.folded, area.cjk, &run)?.map(|clause| clause.query));
            }
            if any.is_empty() {
                return Ok(None);
            }
            all.push((Occur::Must, Box::new(BooleanQuery::union(any))));
        }
        Ok((!all.is_empty()).then(|| -> Box<dyn Query> { Box::new(BooleanQuery::new(all)) }))
    }

    /// Which tokens are stop words of a likely language.
    fn stops(&self, tokens: &[Token]) -> Vec<bool> {
        let mut stops = vec![false; tokens.len()];
        for family in self.likely.at_least(STOPPING) {
            stop_words(family).mark(tokens, &mut stops);
        }
        stops
    }

    /// BM25's weight of a term: the rarer, the more; nothing for a term that no card has.
    fn weight(&self, term: &Term) -> Result<Option<f32>, SearchError> {
        let cards = self.searcher.doc_freq(term)?;
        Ok((cards > 0).then(|| self.rarity(cards as f32)))
    }

    fn rarity(&self, cards: f32) -> f32 {
        ((self.cards - cards + 0.5) / (cards + 0.5)).ln_1p()
    }

    /// A word that no card has, and none that is spelt like it: it may well be chatter.
    fn unmet(&self, worth: f32) -> Clause {
        Clause {
            query: Box::new(EmptyQuery),
            ideal: self.fields.areas[0].boost * worth * UNMET * self.rarest(),
        }
    }

    /// The weight of a word that no card has.
    fn rarest(&self) -> f32 {
        self.rarity(0.0)
    }

    /// A DisjunctionMax over forms in every area. The ideal is that of the best form, as rare as it
    /// is in the first area that has it, but found in an utterance: a word that only bodies have
    /// cannot make a perfect match.
    fn forms(&self, forms: &[(Form, &str, f32)]) -> Result<Option<Clause>, SearchError> {
        let mut disjuncts: Vec<Box<dyn Query>> = Vec::new();
        let mut ideal: f32 = 0.0;
        for &(form, text, worth) in forms {
            let mut first = true;
            for area in &self.fields.areas {
                let field = match form {
                    Form::Exact => area.exact,
                    Form::Folded => area.folded,
                    Form::Stem => area.stem,
                    Form::Cjk => area.cjk,
                };
                let term = Term::from_field_text(field, text);
                let Some(weight) = self.weight(&term)? else { continue };
                let worth = worth * (weight / self.rarest()).powf(RARITY);
                if std::mem::take(&mut first) {
                    ideal = ideal.max(weight * worth * self.fields.areas[0].boost);
                }
                disjuncts.push(boosted(word_query(term), worth * area.boost));
            }
        }
        Ok((!disjuncts.is_empty()).then(|| Clause { query: best_of(disjuncts), ideal }))
    }

    /// A word in all its forms; nothing if no card has it.
    fn word(&self, token: &Token) -> Result<Option<Clause>, SearchError> {
        let stems: Vec<(String, f32)> = [Family::English, Family::Malay]
            .into_iter()
            .filter(|&family| {
                // Latin words in Chinese are English.
                self.likely.of(family) >= LEXICON
                    || (family == Family::English && self.likely.of(Family::Chinese) >= LEXICON)
            })
            .filter_map(|family| {
                let stem = analyzer::stem(family, &token.folded)?;
                Some((stem.into_owned(), STEM))
            })
            .collect();
        let known = token.is_marked() && self.has_exact(&token.exact)?;
        let folded = if known { OTHERWISE } else { FOLDED };
        let mut forms = vec![(Form::Folded, token.folded.as_str(), folded)];
        if known {
            forms.push((Form::Exact, &token.exact, EXACT));
        }
        forms.extend(stems.iter().map(|(stem, worth)| (Form::Stem, stem.as_str(), *worth)));
        forms.dedup();
        self.forms(&forms)
    }

    /// Whether a card has a word with exactly these marks.
    fn has_exact(&self, exact: &str) -> Result<bool, SearchError> {
        for area in &self.fields.areas {
            if self.weight(&Term::from_field_text(area.exact, exact))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// A character and the pair that begins with it.
    fn characters(&self, tokens: &[Token], at: usize, stops: &[bool]) -> Result<Option<Clause>, SearchError> {
        let mut parts: Vec<Clause> = Vec::new();
        if !stops[at] {
            let one = self.forms(&[(Form::Cjk, &tokens[at].folded, CHARACTER)])?;
            parts.push(one.unwrap_or_else(|| self.unmet(CHARACTER)));
        }
        if let Some(pair) = pair(tokens, at)
            && !(stops[at] && stops[at + 1])
        {
            let pair = self.forms(&[(Form::Cjk, &pair, PAIR)])?;
            parts.extend(pair.map(|pair| Clause { ideal: pair.ideal * ACROSS, ..pair }));
        }
        if parts.is_empty() {
            return Ok(None);
        }
        let ideal = parts.iter().map(|part| part.ideal).sum();
        let queries = parts.into_iter().map(|part| part.query).collect();
        Ok(Some(Clause { query: Box::new(BooleanQuery::union(queries)), ideal }))
    }

    /// A word that no card has: words spelt like it. `spelt` becomes the likeliest of them.
    fn unknown(&self, token: &Token, spelt: &mut Token) -> Result<Option<Clause>, SearchError> {
        let candidates = fuzzy::candidates(self.searcher, self.fields, &token.folded)?;
        let forms: Vec<(Form, &str, f32)> =
            candidates.iter().map(|word| (Form::Folded, word.as_str(), FOLDED * FUZZY)).collect();
        let clause = self.forms(&forms)?;
        if clause.is_some() {
            spelt.folded.clone_from(&candidates[0]);
            spelt.exact.clone_from(&candidates[0]);
        }
        // It would have been found in full, had it been spelt right.
        Ok(clause.map(|clause| Clause { ideal: clause.ideal / FUZZY, ..clause }))
    }

    /// Two words together, where a card has both.
    fn phrase(&self, one: &Token, two: &Token) -> Result<Option<Box<dyn Query>>, SearchError> {
        if one.single || two.single {
            return Ok(None);
        }
        let mut disjuncts: Vec<Box<dyn Query>> = Vec::new();
        for area in &self.fields.areas[..2] {
            let terms = [one, two].map(|t| Term::from_field_text(area.folded, &t.folded));
            if self.weight(&terms[0])?.is_some() && self.weight(&terms[1])?.is_some() {
                let phrase = PhraseQuery::new(terms.to_vec());
                disjuncts.push(boosted(Box::new(phrase), PHRASE * FOLDED * area.boost));
            }
        }
        Ok((!disjuncts.is_empty()).then(|| best_of(disjuncts)))
    }

    /// What else means the same as a part of the query, at less than half that part's weight.
    fn synonyms(
        &self,
        group: &Match,
        own: &[f32],
        needles: &mut Vec<Needle>,
    ) -> Result<Option<Box<dyn Query>>, SearchError> {
        let said: f32 = own[group.tokens.clone()].iter().sum();
        let mut disjuncts: Vec<Box<dyn Query>> = Vec::new();
        for expression in group.others.iter().take(SYNONYMS) {
            for area in &self.fields.areas[..2] {
                let found = self.expression(area.folded, area.cjk, expression)?;
                let Some(Clause { query, ideal: weight }) = found else { continue };
                // However rare its words are, it is worth no more than a share of what was said.
                let share = (said / (weight * self.fields.areas[0].boost)).min(1.0);
                disjuncts.push(boosted(query, SYNONYM * share * area.boost));
            }
            needles.extend(expression.iter().enumerate().map(|(at, token)| Needle {
                token: token.clone(),
                pair: pair(expression, at),
                weight: 0.3 * SYNONYM * said / expression.len() as f32,
                said: false,
            }));
        }
        Ok((!disjuncts.is_empty()).then(|| best_of(disjuncts)))
    }

    /// An expression in an area, as a word or a phrase, with the weight of its terms; nothing if
    /// no card can have it. Expressions of words and characters mixed are passed over.
    fn expression(&self, folded: Field, cjk: Field, tokens: &[Token]) -> Result<Option<Clause>, SearchError> {
        let terms: Vec<Term> = if tokens.iter().all(|token| !token.single) {
            tokens.iter().map(|token| Term::from_field_text(folded, &token.folded)).collect()
        } else if tokens.iter().enumerate().all(|(at, t)| t.single && (at == 0 || t.joined)) {
            let pairs = (0..tokens.len()).filter_map(|at| pair(tokens, at));
            let pairs: Vec<Term> = pairs.map(|pair| Term::from_field_text(cjk, &pair)).collect();
            if pairs.is_empty() { vec![Term::from_field_text(cjk, &tokens[0].folded)] } else { pairs }
        } else {
            return Ok(None);
        };
        let mut weight = 0.0;
        for term in &terms {
            let Some(one) = self.weight(term)? else { return Ok(None) };
            weight += one;
        }
        let query: Box<dyn Query> = match <[Term; 1]>::try_from(terms) {
            Ok([term]) => word_query(term),
            Err(terms) => Box::new(PhraseQuery::new(terms)),
        };
        Ok(Some(Clause { query, ideal: weight }))
    }

    /// A card whose id or code was typed, or that has the whole query as an utterance or its title,
    /// comes before every other; among such cards the usual score decides. One in an unlikely
    /// language is not below the floor either, however common the words are.
    fn named(&self, text: &str, whole: &[String], ideal: f32, rare: f32) -> Vec<Box<dyn Query>> {
        let enough = (NAMED * ideal).max(collect::raw(2.0 * FLOOR, ideal, rare));
        let value = filter_value(text);
        let names = [(self.fields.id, value.as_str()), (self.fields.code, value.as_str())];
        let whole = whole.iter().map(|key| (self.fields.whole, key.as_str()));
        let named = names.into_iter().chain(whole).map(|(field, value)| -> Box<dyn Query> {
            let named = TermQuery::new(Term::from_field_text(field, value), IndexRecordOption::Basic);
            Box::new(ConstScoreQuery::new(Box::new(named), enough))
        });
        named.collect()
    }
}

/// How far ahead of any other card one is that was asked for by name, or word for word.
const NAMED: f32 = 10.0;

#[derive(Debug, Clone, Copy, PartialEq)]
enum Form {
    Exact,
    Folded,
    Stem,
    Cjk,
}

fn word_query(term: Term) -> Box<dyn Query> {
    Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
}

fn boosted(query: Box<dyn Query>, boost: f32) -> Box<dyn Query> {
    Box::new(BoostQuery::new(query, boost))
}

fn best_of(disjuncts: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    Box::new(DisjunctionMaxQuery::with_tie_breaker(disjuncts, TIE))
}

/// A query narrowed by filters that have no say in the score.
pub(super) fn narrowed(query: Box<dyn Query>, filters: Vec<(Field, Vec<String>)>) -> Box<dyn Query> {
    let mut clauses = vec![(Occur::Must, query)];
    for (field, values) in filters.into_iter().filter(|(_, values)| !values.is_empty()) {
        let any = values.into_iter().map(|value| -> Box<dyn Query> {
            let term = Term::from_field_text(field, &value);
            Box::new(TermQuery::new(term, IndexRecordOption::Basic))
        });
        let any = Box::new(BooleanQuery::union(any.collect()));
        clauses.push((Occur::Must, Box::new(ConstScoreQuery::new(any, 0.0))));
    }
    Box::new(BooleanQuery::new(clauses))
}
