//! Two books side by side.

use std::collections::{BTreeMap, BTreeSet};

use super::fields::{Fields, PartOf, Piece, Reader, Renames, Value, lexicon};
use super::{Change, Kind};
use crate::book::Book;
use crate::book::model::{Volume, VolumeKind};

/// Lists longer than this are paired by what they hold and not by their order: the pairing takes the
/// product of both lengths.
const LONG: usize = 1000;

/// Where a change is.
struct Scope<'a> {
    playbook: Option<&'a str>,
    language: Option<&'a str>,
    part: &'static str,
    id: &'a str,
    title: &'a str,
}

impl Scope<'_> {
    fn change(&self, change: Kind, at: &[String], before: Option<String>, after: Option<String>) -> Change {
        Change {
            playbook: self.playbook.map(str::to_string),
            language: self.language.map(str::to_string),
            part: self.part,
            id: self.id.to_string(),
            title: self.title.to_string(),
            change,
            at: at.to_vec(),
            before,
            after,
        }
    }
}

fn noun(volume: &Volume) -> &'static str {
    match volume.kind {
        VolumeKind::Playbook => "playbook",
        VolumeKind::Library => "library",
    }
}

pub(super) fn books(old: &Book, new: &Book) -> Vec<Change> {
    let mut out = Vec::new();
    let none = Renames::new();
    let volumes = volume_renames(old, new);
    let language = |book: &Book| book.language.to_string();
    let before = Reader { book: old, language: language(old), renames: &volumes }.whole();
    let after = Reader { book: new, language: language(new), renames: &none }.whole();
    let scope = Scope { playbook: None, language: None, part: "book", id: "", title: &new.title };
    fields(&scope, &mut Vec::new(), &before, &after, &mut out);

    // Parts of all volumes first, because one may have moved from one to another.
    let mut renames = volumes.clone();
    renames.extend(part_renames(old, new));
    let left = volumes_of(old, &renames);
    let right = volumes_of(new, &none);
    let there = |parts: &BTreeMap<VolumeKey, Side>| -> BTreeMap<PartKey, VolumeKey> {
        let mut out = BTreeMap::new();
        for (key, side) in parts {
            for part in &side.parts {
                out.insert((key.0.clone(), part.noun, now(&renames, &key.0, part)), key.clone());
            }
        }
        out
    };
    let (from, to) = (there(&left), there(&right));
    for (key, side) in &right {
        let scope = side.scope();
        match left.get(key) {
            None => out.push(scope.change(Kind::Added, &[], None, None)),
            Some(before) => {
                if before.volume.id != side.volume.id {
                    let was = Some(before.volume.id.to_string());
                    out.push(scope.change(Kind::Renamed, &[], was, Some(side.volume.id.to_string())));
                }
                if before.volume.kind != side.volume.kind {
                    let (was, is) = (noun(before.volume).to_string(), noun(side.volume).to_string());
                    out.push(scope.change(Kind::Changed, &["kind".into()], Some(was), Some(is)));
                }
                fields(&scope, &mut Vec::new(), &before.own, &side.own, &mut out);
            }
        }
        parts(key, side, &left, &from, &to, &renames, &mut out);
    }
    for (_, side) in left.iter().filter(|(key, _)| !right.contains_key(*key)) {
        out.push(side.scope().change(Kind::Removed, &[], None, None));
    }
    lexicons(old, new, &mut out);
    out
}

/// Language and id.
type VolumeKey = (String, String);
/// Language, kind and id.
type PartKey = (String, &'static str, String);

struct Side<'a> {
    volume: &'a Volume,
    own: Fields,
    parts: Vec<PartOf>,
}

impl Side<'_> {
    fn scope(&self) -> Scope<'_> {
        Scope {
            playbook: Some(self.volume.id.as_str()),
            language: Some(self.volume.language.as_str()),
            part: noun(self.volume),
            id: self.volume.id.as_str(),
            title: &self.volume.title,
        }
    }
}

fn volumes_of<'a>(book: &'a Book, renames: &Renames) -> BTreeMap<VolumeKey, Side<'a>> {
    let mut out = BTreeMap::new();
    for volume in &book.volumes {
        let language = volume.language.to_string();
        let key = (language.clone(), noun(volume), volume.id.to_string());
        let id = renames.get(&key).cloned().unwrap_or_else(|| volume.id.to_string());
        let (own, parts) = Reader { book, language: language.clone(), renames }.volume(volume);
        out.insert((language, id), Side { volume, own, parts });
    }
    out
}

/// Volumes that remember an id which the old book has and the new one has not.
fn volume_renames(old: &Book, new: &Book) -> Renames {
    let has = |book: &Book, language: &str, id: &str| {
        book.volumes.iter().any(|one| one.language.as_str() == language && one.id.as_str() == id)
    };
    let mut out = Renames::new();
    for volume in &new.volumes {
        let language = volume.language.as_str();
        for was in &volume.common.was {
            let free = has(old, language, was.as_str()) && !has(new, language, was.as_str());
            if free && !has(old, language, volume.id.as_str()) {
                for noun in ["playbook", "library"] {
                    out.insert((language.to_string(), noun, was.to_string()), volume.id.to_string());
                }
            }
        }
    }
    out
}

/// The same for parts; one id is enough for a language, wherever it stands.
fn part_renames(old: &Book, new: &Book) -> Renames {
    let none = Renames::new();
    let list = |book| -> Vec<(String, PartOf)> {
        let sides = volumes_of(book, &none).into_iter();
        sides
            .flat_map(|((language, _), side)| {
                side.parts.into_iter().map(move |part| (language.clone(), part))
            })
            .collect()
    };
    let key = |(language, part): &(String, PartOf)| (language.clone(), part.noun, part.id.clone());
    let (before, after) = (list(old), list(new));
    let old_ids: BTreeSet<PartKey> = before.iter().map(key).collect();
    let new_ids: BTreeSet<PartKey> = after.iter().map(key).collect();
    let mut out = Renames::new();
    for (language, part) in &after {
        for was in &part.was {
            let past = (language.clone(), part.noun, was.clone());
            let here = (language.clone(), part.noun, part.id.clone());
            if old_ids.contains(&past) && !new_ids.contains(&past) && !old_ids.contains(&here) {
                out.insert(past, part.id.clone());
            }
        }
    }
    out
}

/// The id that a part has now.
fn now(renames: &Renames, language: &str, part: &PartOf) -> String {
    let key = (language.to_string(), part.noun, part.id.clone());
    renames.get(&key).cloned().unwrap_or_else(|| part.id.clone())
}

fn parts(
    key: &VolumeKey,
    side: &Side<'_>,
    left: &BTreeMap<VolumeKey, Side<'_>>,
    from: &BTreeMap<PartKey, VolumeKey>,
    to: &BTreeMap<PartKey, VolumeKey>,
    renames: &Renames,
    out: &mut Vec<Change>,
) {
    let scope = |part: &'_ PartOf| -> (String, String) { (part.id.clone(), part.title.clone()) };
    let mut olds: BTreeMap<(&'static str, String), &PartOf> = BTreeMap::new();
    if let Some(before) = left.get(key) {
        olds.extend(before.parts.iter().map(|part| ((part.noun, now(renames, &key.0, part)), part)));
    }
    let own = side.scope();
    for part in &side.parts {
        let (id, title) = scope(part);
        let here = Scope { part: part.noun, id: &id, title: &title, ..own };
        let elsewhere = || {
            let volume = from.get(&(key.0.clone(), part.noun, part.id.clone()))?;
            // Where the old place has it still, this one is a copy.
            let gone = to.get(&(key.0.clone(), part.noun, part.id.clone()))? == key;
            let stays = left
                .get(volume)?
                .parts
                .iter()
                .find(|one| now(renames, &key.0, one) == part.id && one.noun == part.noun)?;
            gone.then_some((volume, stays))
        };
        let before = match olds.remove(&(part.noun, part.id.clone())) {
            Some(before) => Some(before),
            None => match elsewhere() {
                Some((volume, before)) => {
                    let (was, is) = (volume.1.clone(), key.1.clone());
                    out.push(here.change(Kind::Moved, &[], Some(was), Some(is)));
                    Some(before)
                }
                None => None,
            },
        };
        let Some(before) = before else {
            // What came with a new playbook is told with it.
            if left.contains_key(key) {
                out.push(here.change(Kind::Added, &[], None, None));
            }
            continue;
        };
        if before.id != part.id {
            out.push(here.change(Kind::Renamed, &[], Some(before.id.clone()), Some(part.id.clone())));
        }
        fields(&here, &mut Vec::new(), &before.fields, &part.fields, out);
    }
    for ((noun, id), part) in olds {
        let moved = to.get(&(key.0.clone(), noun, id)).is_some_and(|volume| volume != key);
        if !moved {
            let (id, title) = scope(part);
            let here = Scope { part: noun, id: &id, title: &title, ..own };
            out.push(here.change(Kind::Removed, &[], None, None));
        }
    }
}

fn lexicons(old: &Book, new: &Book, out: &mut Vec<Change>) {
    // Several files of one language make one lexicon.
    let gather = |book: &Book| -> BTreeMap<String, Fields> {
        let mut by = BTreeMap::<String, Fields>::new();
        for one in &book.lexicons {
            let all = by.entry(one.language.to_string()).or_default();
            for (key, value) in lexicon(one) {
                match (all.iter_mut().find(|(known, _)| *known == key), value) {
                    (Some((_, Value::Pieces(known))), Value::Pieces(more)) => known.extend(more),
                    (_, value) => all.push((key, value)),
                }
            }
        }
        by
    };
    let (before, after) = (gather(old), gather(new));
    for language in before.keys().chain(after.keys()).collect::<BTreeSet<_>>() {
        let scope = Scope {
            playbook: None,
            language: Some(language),
            part: "lexicon",
            id: language,
            title: language,
        };
        match (before.get(language), after.get(language)) {
            (None, _) => out.push(scope.change(Kind::Added, &[], None, None)),
            (_, None) => out.push(scope.change(Kind::Removed, &[], None, None)),
            (Some(before), Some(after)) => fields(&scope, &mut Vec::new(), before, after, out),
        }
    }
}

/// The keys of a part or a piece, before and after.
fn fields(scope: &Scope<'_>, at: &mut Vec<String>, before: &Fields, after: &Fields, out: &mut Vec<Change>) {
    let old = |key: &str| before.iter().find(|(known, _)| known == key).map(|(_, value)| value);
    for (key, value) in after {
        within(scope, at, key, old(key), Some(value), out);
    }
    for (key, value) in before {
        if !after.iter().any(|(known, _)| known == key) {
            within(scope, at, key, Some(value), None, out);
        }
    }
}

fn within(
    scope: &Scope<'_>,
    at: &mut Vec<String>,
    key: &str,
    before: Option<&Value>,
    after: Option<&Value>,
    out: &mut Vec<Change>,
) {
    if before == after {
        return;
    }
    let depth = at.len();
    if !key.is_empty() {
        at.push(key.to_string());
    }
    let both = |value: Option<&Value>| match value {
        Some(Value::Plain(text) | Value::Words(text)) => Some(text.clone()),
        _ => None,
    };
    match (before, after) {
        (Some(Value::List(before, _)), Some(Value::List(after, said))) => {
            list(scope, at, before, after, *said, out);
        }
        (None, Some(Value::List(after, said))) => list(scope, at, &[], after, *said, out),
        (Some(Value::List(before, said)), None) => list(scope, at, before, &[], *said, out),
        (Some(Value::Pieces(before)), Some(Value::Pieces(after))) => pieces(scope, at, before, after, out),
        (None, Some(Value::Pieces(after))) => pieces(scope, at, &[], after, out),
        (Some(Value::Pieces(before)), None) => pieces(scope, at, before, &[], out),
        (None, after) => out.push(scope.change(Kind::Added, at, None, both(after))),
        (before, None) => out.push(scope.change(Kind::Removed, at, both(before), None)),
        (before, after) => {
            let said = matches!(after, Some(Value::Words(_)));
            let kind = if said { Kind::Reworded } else { Kind::Changed };
            out.push(scope.change(kind, at, both(before), both(after)));
        }
    }
    at.truncate(depth);
}

fn list(
    scope: &Scope<'_>,
    at: &[String],
    before: &[String],
    after: &[String],
    said: bool,
    out: &mut Vec<Change>,
) {
    let count = |items: &[String]| {
        let mut out = BTreeMap::<String, usize>::new();
        items.iter().for_each(|item| *out.entry(item.clone()).or_default() += 1);
        out
    };
    let missing = |from: &[String], of: &[String]| -> Vec<String> {
        let mut left = count(of);
        let mut take = |item: &&String| match left.get_mut(*item) {
            Some(count) if *count > 0 => {
                *count -= 1;
                false
            }
            _ => true,
        };
        from.iter().filter(|item| take(item)).cloned().collect()
    };
    let mut gone = missing(before, after);
    let added = missing(after, before);
    if gone.is_empty() && added.is_empty() {
        let order = |items: &[String]| Some(items.join(", "));
        out.push(scope.change(Kind::Reordered, at, order(before), order(after)));
        return;
    }
    for item in added {
        // What says nearly the same was the same.
        let near = gone.iter().enumerate().map(|(index, old)| (index, likeness(old, &item)));
        let near = near.filter(|(_, like)| said && *like > 0.5).max_by(|a, b| a.1.total_cmp(&b.1));
        match near {
            Some((index, _)) => {
                out.push(scope.change(Kind::Reworded, at, Some(gone.remove(index)), Some(item)));
            }
            None => out.push(scope.change(Kind::Added, at, None, Some(item))),
        }
    }
    out.extend(gone.into_iter().map(|item| scope.change(Kind::Removed, at, Some(item), None)));
}

/// How alike two texts are, from 0 to 1: the share of words that both have.
fn likeness(a: &str, b: &str) -> f64 {
    let words = |text: &str| -> BTreeSet<String> {
        let spaced = text.contains(' ');
        let lower = text.to_lowercase();
        let split: Vec<&str> = lower.split_whitespace().collect();
        match spaced {
            true => split.into_iter().map(str::to_string).collect(),
            false => lower.chars().map(String::from).collect(),
        }
    };
    let (a, b) = (words(a), words(b));
    let both = a.intersection(&b).count() as f64;
    2.0 * both / (a.len() + b.len()).max(1) as f64
}

fn pieces(scope: &Scope<'_>, at: &mut Vec<String>, before: &[Piece], after: &[Piece], out: &mut Vec<Change>) {
    // A response is called by its own name, not by that of its list; a criterion may stand in two lists.
    let key = at.pop();
    let mut base = at.clone();
    base.extend(key.clone().filter(|key| matches!(key.as_str(), "entry" | "exit")));
    let called = |piece: &Piece| -> Vec<String> {
        let name = match &piece.id {
            Some(id) if !id.is_empty() => format!("{} {id}", piece.noun),
            _ => piece.noun.to_string(),
        };
        base.iter().cloned().chain([name]).collect()
    };
    let said = |piece: &Piece| piece.id.is_none().then(|| piece.title.clone());
    let pairs = paired(before, after);
    for (old, new) in &pairs {
        let new = &after[*new];
        match old.map(|old| &before[old]) {
            None => out.push(scope.change(Kind::Added, &called(new), None, said(new))),
            Some(old) => fields(scope, &mut called(new), &old.fields, &new.fields, out),
        }
    }
    let kept: BTreeSet<usize> = pairs.iter().filter_map(|(old, _)| *old).collect();
    for (_, piece) in before.iter().enumerate().filter(|(index, _)| !kept.contains(index)) {
        out.push(scope.change(Kind::Removed, &called(piece), said(piece), None));
    }
    at.extend(key);
    let order: Vec<usize> = pairs.iter().filter_map(|(old, _)| *old).collect();
    if !order.is_sorted() {
        let names = |pieces: &[Piece]| {
            let names: Vec<&str> = pieces.iter().map(|piece| piece.title.as_str()).collect();
            Some(names.join(", "))
        };
        out.push(scope.change(Kind::Reordered, at, names(before), names(after)));
    }
}

/// Which piece was which: by id where they have one, else by what they say and where they stand. In
/// the order of what is new; what is gone is left out.
fn paired(before: &[Piece], after: &[Piece]) -> Vec<(Option<usize>, usize)> {
    let mut taken = vec![false; before.len()];
    let mut pairs: Vec<(Option<usize>, usize)> = (0..after.len()).map(|index| (None, index)).collect();
    let long = before.len() > LONG || after.len() > LONG;
    let mut by_id: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    let mut by_text: BTreeMap<(&str, &str), Vec<usize>> = BTreeMap::new();
    for (index, piece) in before.iter().enumerate().rev() {
        match &piece.id {
            Some(id) => by_id.entry((piece.noun, id)).or_default().push(index),
            None => by_text.entry((piece.noun, &piece.title)).or_default().push(index),
        }
    }
    for (old, new) in &mut pairs {
        let piece = &after[*new];
        let known = match &piece.id {
            Some(id) => by_id.get_mut(&(piece.noun, id.as_str())),
            None => by_text.get_mut(&(piece.noun, piece.title.as_str())),
        };
        *old = known.and_then(Vec::pop);
        old.iter().for_each(|old| taken[*old] = true);
    }
    // What is left is paired with the likest of its kind.
    for (old, new) in pairs.iter_mut().filter(|(old, _)| old.is_none() && !long) {
        let piece = &after[*new];
        if piece.id.is_some() {
            continue;
        }
        let free = before
            .iter()
            .enumerate()
            .filter(|(index, one)| !taken[*index] && one.id.is_none() && one.noun == piece.noun);
        let like = free.map(|(index, one)| (index, likeness(&one.title, &piece.title)));
        let near =
            like.filter(|(_, like)| *like > 0.4).max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)));
        if let Some((index, _)) = near {
            *old = Some(index);
            taken[index] = true;
        }
    }
    pairs
}
