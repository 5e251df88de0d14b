//! What means the same to a seller: groups of expressions that widen a query.
//!
//! A book is looked up in the buyer's words, and buyers say "pricey", "steep" and "too rich for
//! us". A lexicon puts them in a group; a query with one of them also finds cards with another, at
//! less than half the weight. Synonyms are part of what took Chinese from .60 to .78 and
//! Vietnamese from .80 to .89 recall at 1 (`dependencies.md`).
//!
//! YAML is parsed and expressions are cut when an index is made; the index carries the result as
//! plain lines, which are only split when it is opened: a cold start pays microseconds for it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::language::{Family, Language};

use super::analyzer::{self, Token};
use super::schema::filter_value;

/// Expressions that mean the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LexiconGroup {
    /// Its name within the lexicon.
    pub id: String,
    /// The category of objection that it tells of: cards of it get a small lift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The words and phrases, as people say them.
    pub expressions: Vec<String>,
}

/// The groups of a language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lexicon {
    /// The language its expressions are in.
    #[serde(alias = "lexicon")]
    pub language: Language,
    /// The groups.
    pub groups: Vec<LexiconGroup>,
}

/// The lexicons that come with the program, one a language.
pub fn shipped() -> &'static [Lexicon] {
    static SHIPPED: LazyLock<Vec<Lexicon>> = LazyLock::new(|| {
        // A test sees to it that every one of them parses.
        SOURCES.iter().filter_map(|source| serde_yaml::from_str(source).ok()).collect()
    });
    &SHIPPED
}

pub(super) const SOURCES: [&str; 4] = [
    include_str!("lexicon/en.yaml"),
    include_str!("lexicon/vi.yaml"),
    include_str!("lexicon/zh.yaml"),
    include_str!("lexicon/ms.yaml"),
];

/// Lexicons made ready for lookup: what an index carries.
///
/// The form is text: groups first (`family TAB category TAB expression TAB …`), an empty line, then
/// keys in byte order (`words TAB group,group`). Words in an expression are one space apart; of
/// scripts without spaces each character is one.
#[derive(Debug, Clone)]
pub struct Lexicons {
    text: String,
    groups: Vec<Range<usize>>,
    keys: Vec<Range<usize>>,
    longest: usize,
}

impl Default for Lexicons {
    fn default() -> Self {
        Self::new(&[])
    }
}

/// A group as it is put together from the shipped lexicon and the book's own.
#[derive(Debug, Default)]
struct Merged {
    category: Option<String>,
    expressions: Vec<Vec<Token>>,
}

/// A group that a query spoke of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Match {
    /// Which tokens of the query.
    pub tokens: Range<usize>,
    pub family: Family,
    pub category: Option<String>,
    /// The group's other expressions.
    pub others: Vec<Vec<Token>>,
}

/// Keys of stems stand apart from keys of words.
fn stem_key(family: Family, tokens: &[Token]) -> Option<String> {
    let mut key = format!("~{}", family.tag());
    for token in tokens {
        let stem = analyzer::stem(family, &token.folded)?;
        key.push(' ');
        key.push_str(&stem);
    }
    Some(key)
}

pub(super) fn folded_key(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.folded.as_str()).collect();
    words.join(" ")
}

fn stems_of(family: Family) -> bool {
    matches!(family, Family::English | Family::Malay)
}

impl Lexicons {
    /// The shipped lexicons and a book's own.
    pub fn new(book: &[Lexicon]) -> Self {
        Self::compile(shipped().iter().chain(book))
    }

    /// Only the lexicons that are given.
    pub fn compile<'l>(lexicons: impl IntoIterator<Item = &'l Lexicon>) -> Self {
        // A group of one language has more expressions where a book adds to it under its id.
        let mut merged: BTreeMap<(Family, &str), Merged> = BTreeMap::new();
        for lexicon in lexicons {
            for group in &lexicon.groups {
                let entry = merged.entry((lexicon.language.family(), &group.id)).or_default();
                let category = group.category.as_deref().map(filter_value);
                entry.category = entry.category.take().or(category);
                for expression in &group.expressions {
                    let tokens = analyzer::analyze(expression);
                    if !tokens.is_empty() && tokens.len() <= 24 && !entry.expressions.contains(&tokens) {
                        entry.expressions.push(tokens);
                    }
                }
            }
        }
        let mut text = String::new();
        let mut keys: BTreeMap<String, BTreeSet<usize>> = BTreeMap::new();
        for (number, ((family, _), group)) in merged.iter().enumerate() {
            let category = group.category.as_deref().unwrap_or("").replace(['\t', '\n'], " ");
            let _ = write!(text, "{}\t{category}", family.tag());
            for tokens in &group.expressions {
                text.push('\t');
                for (at, token) in tokens.iter().enumerate() {
                    text.push_str(if at > 0 { " " } else { "" });
                    text.push_str(&token.exact);
                }
                keys.entry(folded_key(tokens)).or_default().insert(number);
                if stems_of(*family)
                    && let Some(key) = stem_key(*family, tokens)
                {
                    keys.entry(key).or_default().insert(number);
                }
            }
            text.push('\n');
        }
        text.push('\n');
        for (key, groups) in keys {
            let groups: Vec<String> = groups.iter().map(usize::to_string).collect();
            let _ = writeln!(text, "{key}\t{}", groups.join(","));
        }
        Self::from_text(text)
    }

    /// The form that an index carries.
    pub(super) fn as_text(&self) -> &str {
        &self.text
    }

    /// Reads the form that an index carries. Lines that make no sense are without effect.
    pub(super) fn from_text(text: String) -> Self {
        let (mut groups, mut keys) = (Vec::new(), Vec::new());
        let (mut start, mut in_keys, mut longest) = (0, false, 0);
        for line in text.split_inclusive('\n') {
            let range = start..start + line.trim_end_matches('\n').len();
            start += line.len();
            if range.is_empty() {
                in_keys = true;
            } else if in_keys {
                longest = longest.max(1 + text[range.clone()].matches(' ').count());
                keys.push(range);
            } else {
                groups.push(range);
            }
        }
        Lexicons { text, groups, keys, longest }
    }

    /// The groups that a query speaks of, the longest expression first at every word; words of one
    /// are not looked at again.
    pub(super) fn matches(&self, tokens: &[Token], likely: &[Family]) -> Vec<Match> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let most = self.longest.min(tokens.len() - at);
            let here = (1..=most).rev().find_map(|length| {
                let groups = self.groups_of(&tokens[at..at + length], likely);
                (!groups.is_empty()).then_some((length, groups))
            });
            let Some((length, groups)) = here else {
                at += 1;
                continue;
            };
            let said = &tokens[at..at + length];
            for number in groups {
                found.extend(self.read_group(number, at..at + length, said));
            }
            at += length;
        }
        found
    }

    /// The numbers of the groups that hold these words, in a language that is likely.
    fn groups_of(&self, said: &[Token], likely: &[Family]) -> BTreeSet<usize> {
        let mut keys = vec![folded_key(said)];
        keys.extend(likely.iter().filter(|f| stems_of(**f)).filter_map(|&family| stem_key(family, said)));
        let mut groups = BTreeSet::new();
        for key in keys {
            let Ok(at) = self.keys.binary_search_by(|range| {
                let line = &self.text[range.clone()];
                line.split('\t').next().unwrap_or("").cmp(&key)
            }) else {
                continue;
            };
            let line = &self.text[self.keys[at].clone()];
            let numbers = line.split('\t').nth(1).unwrap_or("").split(',');
            groups.extend(numbers.filter_map(|number| number.parse::<usize>().ok()).filter(|&number| {
                self.family(number).is_some_and(|family| likely.contains(&family))
                    && self.marks_agree(number, said)
            }));
        }
        groups
    }

    fn family(&self, number: usize) -> Option<Family> {
        let line = &self.text[self.groups.get(number)?.clone()];
        let tag = line.split('\t').next()?;
        Family::ALL.into_iter().find(|family| family.tag() == tag)
    }

    /// What is said with marks means an expression with the same marks, or one written without any.
    fn marks_agree(&self, number: usize, said: &[Token]) -> bool {
        if !said.iter().any(Token::is_marked) {
            return true;
        }
        let Some(range) = self.groups.get(number) else { return false };
        self.text[range.clone()].split('\t').skip(2).any(|expression| {
            expression.split(' ').count() == said.len()
                && expression.split(' ').zip(said).all(|(word, token)| word == token.exact)
        })
    }

    fn read_group(&self, number: usize, tokens: Range<usize>, said: &[Token]) -> Option<Match> {
        let line = &self.text[self.groups.get(number)?.clone()];
        let mut parts = line.split('\t').skip(1);
        let category = parts.next().filter(|name| !name.is_empty()).map(str::to_owned);
        let said = folded_key(said);
        let others = parts
            .map(|expression| {
                // Cut again, so that characters without spaces know their neighbours.
                let mut tokens: Vec<Token> = Vec::new();
                for (position, word) in expression.split(' ').enumerate() {
                    let single = word.chars().all(super::han::is_unspaced);
                    tokens.push(Token {
                        exact: word.to_owned(),
                        folded: analyzer::fold_word(word),
                        position,
                        joined: single && tokens.last().is_some_and(|last| last.single),
                        single,
                    });
                }
                tokens
            })
            .filter(|tokens| folded_key(tokens) != said)
            .collect();
        Some(Match { tokens, family: self.family(number)?, category, others })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn small() -> Lexicons {
        let lexicons: Vec<Lexicon> = [
            "{lexicon: en, groups: [{id: price, category: Price, expressions: [pricey, too expensive, cost an arm]}, {id: no, expressions: [not interested, no thanks]}, {id: keen, expressions: [interested]}]}",
            "{language: vi, groups: [{id: gia, category: price, expressions: [đắt, giá cao]}, {id: no, expressions: [nợ]}]}",
            "{language: zh-Hant, groups: [{id: jia, category: price, expressions: [太貴, 價格高]}]}",
        ]
        .iter()
        .map(|text| serde_yaml::from_str(text).unwrap())
        .collect();
        Lexicons::from_text(Lexicons::compile(&lexicons).as_text().to_owned())
    }

    fn said(query: &str, likely: &[Family]) -> Vec<(Range<usize>, Vec<String>)> {
        small()
            .matches(&analyzer::analyze(query), likely)
            .into_iter()
            .map(|m| (m.tokens, m.others.iter().map(|tokens| folded_key(tokens)).collect()))
            .collect()
    }

    #[test]
    fn words_lead_to_their_group() {
        let english = [Family::English];
        assert_eq!(
            said("its too expensive mate", &english),
            [(1..3, vec!["pricey".to_owned(), "cost an arm".to_owned()])]
        );
        // Another ending of the same word; the longer expression hides the shorter one.
        assert_eq!(said("it costs an arm", &english)[0].0, 1..4);
        assert_eq!(said("not interested", &english), [(0..2, vec!["no thanks".to_owned()])]);
        assert!(said("no", &english).is_empty());
    }

    #[test]
    fn marks_and_scripts() {
        let all = Family::ALL;
        assert_eq!(said("đắt thế", &all), [(0..1, vec!["gia cao".to_owned()])]);
        assert_eq!(said("dat the", &all), [(0..1, vec!["gia cao".to_owned()])]);
        assert!(said("đất", &all).is_empty());
        assert_eq!(said("真的太贵了", &all), [(2..4, vec!["价 格 高".to_owned()])]);
        assert_eq!(said("真的太貴了", &all), said("真的太贵了", &all));
        // Unlikely languages stay out of it.
        assert!(said("no way", &[Family::English]).is_empty());
        assert_eq!(small().matches(&analyzer::analyze("dat"), &all)[0].category.as_deref(), Some("price"));
    }

    #[test]
    fn what_ships_parses() {
        for source in SOURCES {
            let lexicon: Lexicon = serde_yaml::from_str(source).unwrap();
            assert!(!lexicon.groups.is_empty());
        }
        assert_eq!(shipped().len(), SOURCES.len());
        let families: BTreeSet<Family> = shipped().iter().map(|l| l.language.family()).collect();
        assert_eq!(families.len(), 4);
        assert!(!Lexicons::default().keys.is_empty());
    }

    #[test]
    fn nonsense_is_without_effect() {
        for text in ["", "\n", "x", "\n\tz", "en\n\nword\t9,x,0\n", "zz\t\ta\n\na\t0"] {
            let lexicons = Lexicons::from_text(text.to_owned());
            let _ = lexicons.matches(&analyzer::analyze("a word z"), &Family::ALL);
        }
    }
}
