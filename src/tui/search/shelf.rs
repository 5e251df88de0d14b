//! What lies on the shelf before anything is typed: the book's cards in the order in which a call
//! meets them, and its stages.

use std::collections::{BTreeMap, BTreeSet};

use crate::book::Book;
use crate::book::model::{Id, Volume};
use crate::calls::landed::Landed;
use crate::card::{Card, CardKind, cards};
use crate::language::Language;
use crate::search::Filters;

/// The cards and stages of a book, in its order.
#[derive(Debug, Clone, Default)]
pub struct Shelf {
    /// Objections first, as the speed dials of the stages have them; the handbook's language first.
    pub cards: Vec<Card>,
    /// The stages, playbook by playbook, translations after one another.
    pub stages: Vec<StageName>,
    /// What calls say of the responses: it orders them, wherever a card is from.
    pub landed: Landed,
}

/// A stage that cards can be narrowed down to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StageName {
    /// `playbook/stage`, the same in every language.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// The language of the title.
    pub language: Language,
}

impl Shelf {
    /// What a book has.
    pub fn of(book: &Book) -> Self {
        // The handbook's language first, then by its tag; within a language the playbooks first.
        let mut order: Vec<usize> = (0..book.volumes.len()).collect();
        order.sort_by_key(|number| {
            let volume = &book.volumes[*number];
            (volume.language != book.language, volume.language.as_str(), volume.stages.is_empty(), *number)
        });
        let mut ranks: BTreeMap<Key, usize> = BTreeMap::new();
        let mut stages = Vec::new();
        let mut put = |volume: &Volume, id: &Id| {
            let next = ranks.len();
            ranks.entry(key(volume, id)).or_insert(next);
        };
        for number in &order {
            let volume = &book.volumes[*number];
            for stage in &volume.stages {
                let path = format!("{}/{}", volume.id, stage.id);
                let language = volume.language.clone();
                stages.push(StageName { path, title: stage.title.clone(), language });
                for objection in &stage.objections {
                    put(&book.volumes[objection.volume], &book.get(*objection).id);
                }
            }
        }
        for number in &order {
            let volume = &book.volumes[*number];
            volume.objections.iter().for_each(|objection| put(volume, &objection.id));
        }
        let mut cards = cards(book);
        let rank = |card: &Card| {
            let key = (card.playbook.clone(), card.id.clone(), card.language.as_str().to_string());
            ranks.get(&key).copied().unwrap_or(usize::MAX)
        };
        // What is no objection keeps its order, behind them.
        cards.sort_by_cached_key(|card| {
            let (language, objection) = (card.language.clone(), card.kind == CardKind::Objection);
            (!objection, language != book.language, language, if objection { rank(card) } else { usize::MAX })
        });
        Shelf { cards, stages, landed: Landed::default() }
    }

    /// The same with what calls say.
    #[must_use]
    pub fn with_landed(mut self, landed: Landed) -> Self {
        self.landed = landed;
        self
    }

    /// The cards that filters let through; objections only, unless a kind is asked for.
    pub fn matching<'s>(&'s self, filters: &'s Filters) -> impl Iterator<Item = &'s Card> {
        let any = !filters.kinds.is_empty();
        self.cards
            .iter()
            .filter(move |card| (any || card.kind == CardKind::Objection) && admits(filters, card))
    }

    /// The stages that filters let through, each once; called as in the first language asked for.
    pub fn stages_among(&self, filters: &Filters) -> Vec<&StageName> {
        let Filters { languages, playbooks, stages, .. } = filters;
        let mut seen = BTreeSet::new();
        self.stages
            .iter()
            .filter(|stage| {
                let (playbook, id) = stage.path.split_once('/').unwrap_or_default();
                (languages.is_empty() || languages.iter().any(|range| stage.language.in_range(range)))
                    && among(playbooks, [playbook])
                    && among(stages, [id, &stage.path])
                    && seen.insert(&stage.path)
            })
            .collect()
    }
}

type Key = (String, String, String);

fn key(volume: &Volume, id: &Id) -> Key {
    (volume.id.to_string(), id.to_string(), volume.language.as_str().to_string())
}

/// Whether a list of wanted values is empty or has one of these.
fn among<'a>(wanted: &[String], values: impl IntoIterator<Item = &'a str>) -> bool {
    let is_wanted =
        |value: &str| wanted.iter().any(|want| want.trim().to_lowercase() == value.to_lowercase());
    wanted.is_empty() || values.into_iter().any(is_wanted)
}

/// Whether filters let a card through, as the index does it.
fn admits(filters: &Filters, card: &Card) -> bool {
    let Filters { languages, playbooks, stages, categories, kinds, tags } = filters;
    let bare = |path: &'_ str| path.split_once('/').map(|(_, stage)| stage.to_string());
    let bare: Vec<String> = card.stages.iter().filter_map(|path| bare(path)).collect();
    let paths = card.stages.iter().map(String::as_str);
    let has = |(key, value): &(String, String)| {
        let same = |a: &str, b: &str| a.trim().to_lowercase() == b.trim().to_lowercase();
        card.tags.iter().any(|(own, values)| same(own, key) && values.iter().any(|own| same(own, value)))
    };
    (languages.is_empty() || languages.iter().any(|range| card.language.in_range(range)))
        && among(playbooks, card.used_by.iter().map(String::as_str))
        && among(stages, paths.chain(bare.iter().map(String::as_str)))
        && among(categories, card.category.as_deref())
        && among(kinds, [card.kind.as_str()].into_iter().chain(card.objection_kind.as_deref()))
        && (tags.is_empty() || tags.iter().any(has))
}
