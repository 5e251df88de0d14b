//! What search in the page reads: the pack of [`crate::search::browser`], with what the pages say and where
//! they are. Classic scripts that call `CBX.load`, for a folder opened by a double click has no other way.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use serde::Serialize;

use super::address::{Address, PartKind};
use super::assets;
use super::inputs;
use super::rows::{Row, Rows, SORTS};
use super::view::View;
use super::words::Words;
use super::words::find::Find;
use crate::book::Book;
use crate::book::model::{Common, Variable};
use crate::card::{Card, CardKind, Seen, cards_of};
use crate::digest::hash_of;
use crate::keep::{self, Keep};
use crate::language::Family;
use crate::search::Lexicon;
use crate::search::browser::{
    Core, Digits, Known, Pack, Packing, Piece, is_ours, letter, named as names_of, order,
};

/// Where the core is. Its name stays, so that a changed card changes no page but its own; so it does not
/// lie among the files that a browser may keep for ever.
pub(super) const CORE: &str = "search-core.js";

/// The folder of the other files.
const FOLDER: &str = "assets/search";

/// What is read of a language beside the core: a page asks for both at once, so its name stays as well.
fn of_family(family: Family) -> String {
    format!("search-{}.js", letter(family))
}

/// Whether a path is that of one of the files.
pub(super) fn is_one(path: &str) -> bool {
    path == CORE
        || Family::ALL.iter().any(|family| path == of_family(*family))
        || path.strip_prefix(FOLDER).is_some_and(|rest| rest.starts_with('/'))
}

/// A book whose features of cards come to more bytes than this has shards of about [`SHARD`].
const WHOLE: usize = 400_000;
const SHARD: usize = 24_000;
/// The texts of cards likewise.
const WHOLE_TEXTS: usize = 400_000;
const SHARD_TEXTS: usize = 24_000;

impl Seen for View<'_> {
    fn volume(&self, number: usize) -> bool {
        self.is_open(number)
    }
    fn part(&self, common: &Common) -> bool {
        self.shows(common)
    }
    fn variable(&self, volume: Option<usize>, variable: &Variable) -> bool {
        volume.is_none_or(|volume| self.is_open(volume)) && self.shows(&variable.common)
    }
    fn competitor(&self, volume: usize, id: &str) -> bool {
        !self.hides_competitor(volume, id)
    }
    fn line(&self, _: &Book, _: &Common) -> u32 {
        // Nothing of it comes into the pack.
        1
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    core: Core,
    /// The files that other parts are in, by their names.
    files: BTreeMap<String, String>,
    /// How many cards' words are in each file of texts.
    each: usize,
    /// Folder of its pages, title, number of the language.
    volumes: Vec<(String, String, usize)>,
    /// Tag, own name, whether it is written from right to left, words of the search, family.
    languages: Vec<(String, String, bool, FindWords<'a>, usize)>,
    /// Kinds of cards, then of objections, by name.
    kinds: Vec<&'static str>,
    /// The folders of the kinds of cards; none for what is on its volume's page.
    folders: Vec<&'static str>,
    categories: Vec<String>,
    /// Which kinds of cards are what we say.
    ours: Vec<bool>,
    /// Title and number of the volume; its cards.
    stages: Vec<(String, usize, String)>,
    /// Ids, also those of before, and codes, and the cards that have them.
    names: String,
    /// Of every card: volume, kind, kind of objection or else again the kind, category from 1.
    volume: String,
    kind: String,
    sort: String,
    category: String,
}

/// The cards of all volumes that may be shown, in their order: what was kept of volumes that did not change,
/// and what the others come to now.
fn packed(view: &View, open: &[usize], place: &str, keep: &dyn Keep) -> (Vec<Rows>, Pack) {
    let own = Lexicon::of_book(view.book);
    let place = format!("{place} {}", view.public);
    let mut packing = Packing::new(&own, &place, keep);
    let numbers = inputs::of_cards(view);
    let family = |at: usize| view.book.volumes[open[at]].language.family();
    let made_of = |at: usize| hash_of((numbers[open[at]], &own));
    let name = |at: usize| keep::name("rows", (&place, inputs::name_of(view, open[at])));
    let known = |at: usize| Rows::read(&keep.get(&name(at))?, made_of(at));
    let known: Vec<Option<Rows>> = (0..open.len()).into_par_iter().map(known).collect();
    let told = known.iter().enumerate().map(|(at, rows)| {
        let rows = rows.as_ref()?;
        Some(Known { family: family(at), orders: rows.orders(), names: &rows.cut })
    });
    let again = packing.again(told.collect());

    let lacking: Vec<usize> = (0..open.len()).filter(|at| again[*at].is_none()).collect();
    let made = cards_of(view.book, &lacking.iter().map(|at| open[*at]).collect::<Vec<_>>(), view);
    let made = lacking.par_iter().zip(made).map(|(at, mut cards)| {
        cards.sort_by_cached_key(order);
        let rows = Rows::of(&cards, packing.names_of(&cards));
        keep.put(&name(*at), rows.written(made_of(*at)));
        (cards, rows)
    });
    let made: Vec<(Vec<Card>, Rows)> = made.collect();
    let mut fresh = lacking.iter().zip(&made);
    let pieces = again.into_iter().map(|again| {
        let fresh =
            || fresh.next().map(|(at, (cards, rows))| packing.fresh(family(*at), rows.orders(), cards));
        again.or_else(fresh)
    });
    let pieces: Vec<Piece> = pieces.flatten().collect();
    let pack = packing.pack(pieces, WHOLE, SHARD);
    let mut fresh = made.into_iter().map(|(_, rows)| rows);
    let is_new: BTreeSet<usize> = lacking.into_iter().collect();
    let rows = known.into_iter().enumerate().map(|(at, known)| match known {
        Some(known) if !is_new.contains(&at) => Some(known),
        _ => fresh.next(),
    });
    (rows.flatten().collect(), pack)
}

/// Hands over the files, each as soon as it is made: its path and its bytes. What the cards of a volume come
/// to is kept by the place of the book.
pub(super) fn files<E>(
    view: &View,
    place: &str,
    keep: &dyn Keep,
    mut put: impl FnMut(String, Vec<u8>) -> Result<(), E>,
) -> Result<(), E> {
    let open: Vec<usize> = view.volumes().map(|(number, _)| number).collect();
    let (rows, pack) = packed(view, &open, place, keep);
    let cards: Vec<(usize, &Row)> =
        pack.order.iter().map(|&(volume, card)| (volume, &rows[volume].rows[card])).collect();
    let mut places = BTreeMap::new();
    let families: BTreeSet<Family> = view.languages.iter().map(|language| language.family()).collect();
    for family in families {
        let of = pack.families.iter().position(|one| *one == family);
        let parts = of.map_or(&[][..], |of| &pack.parts[of]);
        let script: String = parts.iter().map(|(name, text)| load(name, text)).collect();
        places.extend(parts.iter().map(|(name, _)| (name.clone(), of_family(family))));
        put(of_family(family), script.into_bytes())?;
    }
    let mut put_part = |sort: &str, number: usize, text: &str| -> Result<(), E> {
        let name = format!("{sort}-{number}");
        let script = load(&name, text);
        let path = assets::address_in(FOLDER, sort, "js", script.as_bytes()).path;
        places.insert(name, path.clone());
        put(path, script.into_bytes())
    };
    pack.shards.iter().enumerate().try_for_each(|(number, text)| put_part("cards", number, text))?;
    let length: usize = cards.iter().map(|(_, card)| card.length as usize).sum();
    let parts = if length > WHOLE_TEXTS { length.div_ceil(SHARD_TEXTS) } else { 1 };
    let each = cards.len().div_ceil(parts).max(1);
    let texts = cards.chunks(each).map(|cards| {
        let shown: Vec<&str> = cards.iter().map(|(_, card)| card.shown.as_str()).collect();
        format!("[{}]", shown.join(","))
    });
    // What every look-up reads comes with the core.
    let mut with_core = load("words", &pack.words);
    for (number, text) in texts.enumerate() {
        if cards.len() <= each {
            with_core += &load("texts-0", &text);
        } else {
            put_part("texts", number, &text)?;
        }
    }

    let volumes = open.iter().map(|&number| {
        let volume = &view.book.volumes[number];
        let page = Address::volume(volume).path;
        let folder = page.trim_end_matches("index.html").to_owned();
        let language = view.languages.iter().position(|language| **language == volume.language);
        (folder, volume.title.clone(), language.unwrap_or(0))
    });
    let mut stages: Vec<(String, usize)> = Vec::new();
    let mut stage_of: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for (place, &number) in open.iter().enumerate() {
        let volume = &view.book.volumes[number];
        for (_, id, _) in view.each(number, PartKind::Stage) {
            let title = volume.stages.iter().find(|stage| stage.id == *id).map(|stage| stage.title.clone());
            stage_of.insert((volume.language.as_str(), volume.id.as_str(), id.as_str()), stages.len());
            stages.push((title.unwrap_or_default(), place));
        }
    }
    let mut categories: Vec<&str> = cards.iter().filter_map(|(_, card)| card.category.as_deref()).collect();
    categories.sort_by_key(|name| (super::view::category_rank(name), *name));
    categories.dedup();
    let mut names: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut prepared: Vec<Vec<u32>> = vec![Vec::new(); stages.len()];
    let mut columns = <[Digits; 4]>::default();
    for ((volume, card), number) in cards.iter().zip(0..) {
        for name in &card.names {
            names.entry(name.clone()).or_default().push(number);
        }
        let category =
            card.category.as_deref().and_then(|name| categories.iter().position(|one| *one == name));
        let language = view.book.volumes[open[*volume]].language.as_str();
        let of = card
            .stages
            .iter()
            .filter_map(|name| name.split_once('/'))
            .filter_map(|(playbook, stage)| stage_of.get(&(language, playbook, stage)).copied());
        of.collect::<BTreeSet<usize>>().into_iter().for_each(|stage| prepared[stage].push(number));
        let numbers = [
            *volume,
            card.kind,
            card.sort.map_or(card.kind, |sort| CardKind::ALL.len() + sort),
            category.map_or(0, |category| category + 1),
        ];
        for (column, number) in columns.iter_mut().zip(numbers) {
            column.put(number as u32);
        }
    }
    let kinds: BTreeSet<usize> = cards.iter().map(|(_, card)| card.kind).collect();
    let kinds_of_objections: BTreeSet<usize> = cards.iter().filter_map(|(_, card)| card.sort).collect();
    let [volume, kind, sort, category] = columns.map(Digits::into_text);
    let stages = stages
        .into_iter()
        .zip(prepared)
        .map(|((title, volume), cards)| (title, volume, cards.into_iter().collect::<Digits>().into_text()));
    let languages = view.languages.iter().map(|language| {
        let words = words(Words::of(language), &categories, (&kinds, &kinds_of_objections));
        let family = pack.families.iter().position(|family| *family == language.family());
        (
            language.to_string(),
            language.native_name().to_string(),
            language.is_rtl(),
            words,
            family.unwrap_or(0),
        )
    });
    let whole = Whole {
        core: pack.core,
        files: places,
        each,
        volumes: volumes.collect(),
        languages: languages.collect(),
        kinds: CardKind::ALL.iter().map(|kind| kind.as_str()).chain(SORTS).collect(),
        folders: CardKind::ALL.iter().map(|kind| folder(*kind)).collect(),
        ours: CardKind::ALL.iter().map(|kind| is_ours(*kind)).collect(),
        categories: categories.iter().map(|name| name.to_lowercase()).collect(),
        stages: stages.collect(),
        names: names_of(names),
        volume,
        kind,
        sort,
        category,
    };
    let core = serde_json::to_string(&whole).unwrap_or_default();
    put(CORE.to_owned(), (load("core", &core) + &with_core).into_bytes())
}

/// What of a script hands over a part: as a remark in a function, for browsers are through with that in half
/// the time that a text takes. Nothing in it ends the line.
fn load(name: &str, text: &str) -> String {
    let mut script = format!("CBX.load({name:?},()=>{{//{text}\n}});\n");
    // In JSON, and nowhere else.
    for (end, escaped) in [("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029")] {
        if script.contains(end) {
            script = script.replace(end, escaped);
        }
    }
    script
}

fn folder(kind: CardKind) -> &'static str {
    let part = match kind {
        CardKind::Objection => PartKind::Objection,
        CardKind::Close => PartKind::Close,
        CardKind::Question => PartKind::Question,
        CardKind::Competitor => PartKind::Competitor,
        CardKind::Stage => PartKind::Stage,
        CardKind::Signal => return "",
    };
    part.folder()
}

/// The words of the search in a language: its own, categories, and the kinds that some card is of.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct FindWords<'a> {
    #[serde(flatten)]
    own: &'static Find,
    category_names: Vec<&'a str>,
    /// As [`Whole::kinds`]; empty where no card is of it.
    kind_names: Vec<&'static str>,
}

fn words<'a>(
    words: &'static Words,
    categories: &[&'a str],
    (there, sorts): (&BTreeSet<usize>, &BTreeSet<usize>),
) -> FindWords<'a> {
    let own = Find::of(words);
    let kinds = CardKind::ALL.iter().enumerate().map(|(number, kind)| {
        let name = match kind {
            CardKind::Objection => words.objection,
            CardKind::Signal => own.signal,
            CardKind::Close => words.close,
            CardKind::Question => words.question,
            CardKind::Competitor => words.competitor,
            CardKind::Stage => words.stage,
        };
        if there.contains(&number) { name } else { "" }
    });
    let sorts = SORTS
        .iter()
        .enumerate()
        .map(|(number, sort)| if sorts.contains(&number) { words.kind_names.of(sort) } else { "" });
    FindWords {
        own,
        category_names: categories.iter().map(|name| words.category_names.of(name)).collect(),
        kind_names: kinds.chain(sorts).collect(),
    }
}
