//! From a path in the YAML (`stages[0].next[1].go`) to its place in the file, in one pass over the
//! parser's events. Aliases stand where they are used; a key that came in by `<<` stands where it
//! was written.

mod packed;

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle};

use crate::source::{Position, SourceFile, Span};

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// A key of a mapping.
    Key(Arc<str>),
    /// An item of a list, from 0.
    Item(usize),
}

/// A path from the top of a file to one of its parts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct YamlPath(Vec<Step>);

impl YamlPath {
    /// The top of the file.
    pub fn root() -> Self {
        YamlPath::default()
    }

    /// One key further.
    #[must_use]
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Key(key.into()));
        path
    }

    /// One item further.
    #[must_use]
    pub fn item(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Item(index));
        path
    }

    /// The steps from the top.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }
}

impl fmt::Display for YamlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if index == 0 => write!(f, "{key}")?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

type NodeId = usize;

#[derive(Debug)]
struct Entry {
    key: Arc<str>,
    key_span: Span,
    value: NodeId,
}

#[derive(Debug)]
enum Kind {
    /// The raw text only of a plain scalar that YAML may take for a number, a truth value or null.
    Scalar(Option<Box<str>>),
    List(Vec<NodeId>),
    Map(Vec<Entry>),
    Alias(NodeId),
}

#[derive(Debug)]
struct Node {
    span: Span,
    kind: Kind,
}

/// What the pass itself found wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// The same key twice in one mapping: the second place, the key, the first place.
    DuplicateKey(Span, Arc<str>, Span),
    /// A second document in the file.
    SecondDocument(Span),
    /// A key that is itself a list or a mapping.
    OddKey(Span),
    /// Aliases that unfold to far more than is written.
    Bomb(Span),
    /// Not YAML.
    Broken(Span, String),
}

/// The places of everything in one file.
#[derive(Debug, Default)]
pub struct Spans {
    nodes: Vec<Node>,
    root: Option<NodeId>,
    /// Lists that lost items to faults: path of the list → the items' first numbers.
    renumbered: HashMap<YamlPath, Vec<usize>>,
    /// Keys that are there under a name that is misspelt, by what they were meant as.
    meant: HashSet<YamlPath>,
}

/// Where a part of the file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Found {
    /// Its key, where it has one.
    pub key: Option<Span>,
    /// Its value.
    pub value: Span,
}

/// Stands for a key that is no text; no file that is read has a NUL character in it.
const NAMELESS: &str = "\0";

/// How many nodes aliases may unfold to before a file counts as a bomb.
const MAX_UNFOLDED: usize = 500_000;

fn span_of(span: saphyr_parser::Span) -> Span {
    let position =
        |mark: saphyr_parser::Marker| Position::new(mark.line().max(1) as u32, mark.col() as u32 + 1);
    Span { start: position(span.start), end: position(span.end).max(position(span.start)) }
}

/// A mapping or list that is still open.
enum Open {
    List(NodeId, Vec<NodeId>),
    Map(NodeId, Vec<Entry>, Option<(Arc<str>, Span)>, HashMap<Arc<str>, Span>),
}

/// Where a key stands in a mapping already. `seen` has the first of the entries, up to some point: a
/// mapping of a few keys is looked through faster than it is hashed.
fn first_of(entries: &[Entry], seen: &mut HashMap<Arc<str>, Span>, key: &Arc<str>) -> Option<Span> {
    const FEW: usize = 32;
    if entries.len() > FEW {
        let done = if seen.is_empty() { 0 } else { entries.len() - 1 };
        for entry in &entries[done..] {
            seen.entry(entry.key.clone()).or_insert(entry.key_span);
        }
        return seen.get(key).copied();
    }
    entries.iter().find(|entry| entry.key == *key).map(|entry| entry.key_span)
}

impl Spans {
    /// Reads the places of a text, and what the pass found wrong with it.
    pub fn read(text: &str) -> (Spans, Vec<Trouble>) {
        let mut spans = Spans::default();
        let mut trouble = Vec::new();
        let mut anchors: HashMap<usize, NodeId> = HashMap::new();
        let mut open: Vec<Open> = Vec::new();
        let mut keys: HashSet<Arc<str>> = HashSet::new();
        let mut documents = 0;
        let mut alias = Span::START;
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok((event, span)) => (event, span_of(span)),
                Err(error) => {
                    let mark = *error.marker();
                    let at = Position::new(mark.line().max(1) as u32, mark.col() as u32 + 1);
                    trouble.push(Trouble::Broken(Span::at(at), error.info().to_string()));
                    break;
                }
            };
            let done = match event {
                Event::DocumentStart(_) => {
                    documents += 1;
                    if documents == 2 {
                        trouble.push(Trouble::SecondDocument(span));
                        break;
                    }
                    continue;
                }
                Event::StreamStart | Event::StreamEnd | Event::DocumentEnd | Event::Nothing => {
                    continue;
                }
                Event::Scalar(value, style, anchor, _) => {
                    let key_wanted = matches!(open.last(), Some(Open::Map(_, _, None, _)));
                    if key_wanted {
                        let Some(Open::Map(_, entries, pending, seen)) = open.last_mut() else {
                            continue;
                        };
                        // A file has few names for its many keys.
                        let key = match keys.get(value.as_ref()) {
                            Some(key) => key.clone(),
                            None => {
                                let key: Arc<str> = value.as_ref().into();
                                keys.insert(key.clone());
                                key
                            }
                        };
                        if let Some(first) = first_of(entries, seen, &key) {
                            trouble.push(Trouble::DuplicateKey(span, key.clone(), first));
                        }
                        if anchor > 0 {
                            let id = spans.push(span, Kind::Scalar(None));
                            anchors.insert(anchor, id);
                        }
                        *pending = Some((key, span));
                        continue;
                    }
                    let raw = (style == ScalarStyle::Plain && may_not_be_text(&value))
                        .then(|| value.as_ref().into());
                    let id = spans.push(span, Kind::Scalar(raw));
                    if anchor > 0 {
                        anchors.insert(anchor, id);
                    }
                    Some(id)
                }
                Event::Alias(anchor) => {
                    alias = span;
                    let target = anchors.get(&anchor).copied();
                    let id = spans.push(span, target.map_or(Kind::Scalar(None), Kind::Alias));
                    if let Some(Open::Map(_, _, pending @ None, _)) = open.last_mut() {
                        odd_key(&mut trouble, span);
                        *pending = Some((NAMELESS.into(), span));
                        continue;
                    }
                    Some(id)
                }
                Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                    if let Some(Open::Map(_, _, pending @ None, _)) = open.last_mut() {
                        // A key that is a collection: its inside is read as a value, then dropped.
                        odd_key(&mut trouble, span);
                        *pending = Some((NAMELESS.into(), span));
                    }
                    let id = spans.push(span, Kind::Scalar(None));
                    if anchor > 0 {
                        anchors.insert(anchor, id);
                    }
                    open.push(if matches!(event, Event::SequenceStart(..)) {
                        Open::List(id, Vec::new())
                    } else {
                        Open::Map(id, Vec::new(), None, HashMap::new())
                    });
                    None
                }
                Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                    Some(Open::List(id, items)) => {
                        spans.nodes[id].kind = Kind::List(items);
                        Some(id)
                    }
                    Some(Open::Map(id, entries, _, _)) => {
                        if let Some(first) = entries.first() {
                            spans.nodes[id].span = first.key_span;
                        }
                        spans.nodes[id].kind = Kind::Map(entries);
                        Some(id)
                    }
                    None => continue,
                },
            };
            let Some(id) = done else { continue };
            match open.last_mut() {
                Some(Open::List(_, items)) => items.push(id),
                Some(Open::Map(_, entries, pending, _)) => {
                    if let Some((key, key_span)) = pending.take() {
                        entries.push(Entry { key, key_span, value: id });
                    }
                }
                None => spans.root = spans.root.or(Some(id)),
            }
        }
        if trouble.is_empty() && spans.unfolded() > MAX_UNFOLDED.max(spans.nodes.len() * 4) {
            trouble.push(Trouble::Bomb(alias));
        }
        (spans, trouble)
    }

    fn push(&mut self, span: Span, kind: Kind) -> NodeId {
        self.nodes.push(Node { span, kind });
        self.nodes.len() - 1
    }

    /// How many nodes there would be with every alias written out. A node's children come behind
    /// it and an alias's target before it, so one sweep from the back would miss aliases: targets
    /// are settled first by working in order of completion, which recursion gives; an alias inside
    /// its own anchor counts as endless.
    fn unfolded(&self) -> usize {
        let Some(root) = self.root else { return 0 };
        let mut sizes: HashMap<NodeId, usize> = HashMap::new();
        let mut entered: HashSet<NodeId> = HashSet::new();
        let mut stack = vec![(root, false)];
        while let Some((id, leaving)) = stack.pop() {
            if sizes.contains_key(&id) {
                continue;
            }
            let children: Vec<NodeId> = match &self.nodes[id].kind {
                Kind::Scalar(_) => Vec::new(),
                Kind::Alias(target) => vec![*target],
                Kind::List(items) => items.clone(),
                Kind::Map(entries) => entries.iter().map(|entry| entry.value).collect(),
            };
            if leaving {
                let size = children.iter().fold(1usize, |sum, child| {
                    sum.saturating_add(sizes.get(child).copied().unwrap_or(usize::MAX))
                });
                sizes.insert(id, size);
                entered.remove(&id);
            } else {
                entered.insert(id);
                stack.push((id, true));
                for child in children {
                    if entered.contains(&child) {
                        return usize::MAX;
                    }
                    stack.push((child, false));
                }
            }
        }
        sizes.get(&root).copied().unwrap_or(0)
    }

    fn resolve(&self, mut id: NodeId) -> NodeId {
        while let Kind::Alias(target) = self.nodes[id].kind {
            id = target;
        }
        id
    }

    fn entry(&self, map: NodeId, key: &str, depth: usize) -> Option<(Option<Span>, NodeId)> {
        let Kind::Map(entries) = &self.nodes[self.resolve(map)].kind else {
            return None;
        };
        // The last one wins, as in serde_yaml.
        if let Some(entry) = entries.iter().rev().find(|entry| &*entry.key == key) {
            return Some((Some(entry.key_span), entry.value));
        }
        if depth > 8 {
            return None;
        }
        let merged = entries.iter().find(|entry| &*entry.key == "<<")?;
        match &self.nodes[self.resolve(merged.value)].kind {
            Kind::List(items) => items.iter().find_map(|item| self.entry(*item, key, depth + 1)),
            _ => self.entry(merged.value, key, depth + 1),
        }
    }

    fn walk(&self, path: &YamlPath) -> Option<(Option<Span>, NodeId, bool)> {
        let mut here = self.root?;
        let mut key_span = None;
        let mut written = YamlPath::root();
        for step in path.steps() {
            let mut at = 0;
            let next = match step {
                Step::Key(key) => self.entry(here, key, 0),
                Step::Item(index) => {
                    let index = self
                        .renumbered
                        .get(&written)
                        .map_or(Some(*index), |first| first.get(*index).copied());
                    at = index.unwrap_or_default();
                    match (&self.nodes[self.resolve(here)].kind, index) {
                        (Kind::List(items), Some(index)) => items.get(index).map(|id| (None, *id)),
                        _ => None,
                    }
                }
            };
            let Some((key, value)) = next else {
                return Some((key_span, here, false));
            };
            if !self.renumbered.is_empty() {
                written = match step {
                    Step::Key(key) => written.key(key),
                    // Lists below are remembered by the numbers that the file has.
                    Step::Item(_) => written.item(at),
                };
            }
            (key_span, here) = (key, value);
        }
        Some((key_span, here, true))
    }

    /// Where a path stands; where it does not exist, the nearest part above it that does.
    pub fn find(&self, path: &YamlPath) -> Found {
        match self.walk(path) {
            Some((key, id, true)) => Found { key, value: self.nodes[id].span },
            Some((key, id, false)) => {
                let span = key.unwrap_or(self.nodes[id].span);
                Found { key: None, value: span }
            }
            None => Found { key: None, value: Span::START },
        }
    }

    /// The first and the last line of what stands at a path of this file, with all that is in it.
    pub fn lines(&self, path: &YamlPath, file: &SourceFile) -> (u32, u32) {
        let first = self.find(path).value.start.line;
        let Some((_, mut id, _)) = self.walk(path) else { return (first, first) };
        let mut end = Position::new(first, u32::MAX);
        loop {
            let Node { span, kind } = &self.nodes[id];
            end = end.max(span.end);
            id = match kind {
                Kind::List(items) if !items.is_empty() => items[items.len() - 1],
                Kind::Map(entries) if !entries.is_empty() => {
                    let Entry { key_span, value, .. } = &entries[entries.len() - 1];
                    end = end.max(key_span.end);
                    *value
                }
                _ => break,
            };
        }
        // A block of text ends where the next thing begins.
        let is_behind = |end: Position| {
            let line = file.line(end.line).unwrap_or_default();
            line.chars().take(end.column.saturating_sub(1) as usize).all(char::is_whitespace)
        };
        while end.line > first && is_behind(end) {
            end = Position::new(end.line - 1, u32::MAX);
        }
        (first, end.line)
    }

    /// The keys of a mapping as they are written.
    pub fn keys(&self, path: &YamlPath) -> Vec<&str> {
        match self.walk(path).map(|(_, id, _)| &self.nodes[self.resolve(id)].kind) {
            Some(Kind::Map(entries)) => entries.iter().map(|entry| &*entry.key).collect(),
            _ => Vec::new(),
        }
    }

    /// Whether something is written at a path, sound or not; under a name that is misspelt as well.
    pub fn has(&self, path: &YamlPath) -> bool {
        matches!(self.walk(path), Some((_, _, true)))
            || !self.meant.is_empty() && self.meant.contains(&self.written(path))
    }

    /// A path with the numbers that items have in the file.
    fn written(&self, path: &YamlPath) -> YamlPath {
        let mut written = YamlPath::root();
        for step in path.steps() {
            let step = match step {
                Step::Item(index) => {
                    let first = self.renumbered.get(&written).and_then(|first| first.get(*index));
                    Step::Item(*first.unwrap_or(index))
                }
                Step::Key(_) => step.clone(),
            };
            written.0.push(step);
        }
        written
    }

    /// Remembers that a key is there, only misspelt.
    pub fn mean(&mut self, path: YamlPath) {
        self.meant.insert(path);
    }

    /// Where the values stand that are one text each, in the order of the file.
    pub fn texts(&self) -> Vec<Span> {
        let texts = self.nodes.iter().filter(|node| matches!(node.kind, Kind::Scalar(_)));
        texts.map(|node| node.span).collect()
    }

    /// The characters of a plain scalar that YAML may have read as something else than text.
    pub fn raw(&self, path: &YamlPath) -> Option<&str> {
        let (_, id, true) = self.walk(path)? else {
            return None;
        };
        match &self.nodes[self.resolve(id)].kind {
            Kind::Scalar(raw) => raw.as_deref(),
            _ => None,
        }
    }

    /// Remembers that a list lost items: `first` holds, for each item left, the number it had.
    pub fn renumber(&mut self, list: YamlPath, first: Vec<usize>) {
        self.renumbered.insert(list, first);
    }
}

/// Tells of a key that is a list or a mapping; of those that stand in one another, of the first.
fn odd_key(trouble: &mut Vec<Trouble>, span: Span) {
    let told =
        |trouble: &Trouble| matches!(trouble, Trouble::OddKey(first) if first.start.line == span.start.line);
    if !trouble.iter().rev().take(1).any(told) {
        trouble.push(Trouble::OddKey(span));
    }
}

fn may_not_be_text(value: &str) -> bool {
    matches!(
        value.as_bytes().first(),
        None | Some(b'0'..=b'9' | b'-' | b'+' | b'.' | b't' | b'T' | b'f' | b'F' | b'n' | b'N' | b'~')
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, path: &YamlPath) -> (u32, u32) {
        let start = Spans::read(text).0.find(path).value.start;
        (start.line, start.column)
    }

    #[test]
    fn paths_are_found_where_they_stand() {
        let text = "a: 1\nlist:\n  - x: đắt\n    y: [p, q]\n  - z: 太貴\n";
        let list = YamlPath::root().key("list");
        assert_eq!(at(text, &YamlPath::root().key("a")), (1, 4));
        assert_eq!(at(text, &list.item(0).key("y").item(1)), (4, 12));
        assert_eq!(at(text, &list.item(1)), (5, 5));
        assert_eq!(at(text, &list.item(1).key("missing")), (5, 5));
        assert_eq!(list.item(1).key("z").to_string(), "list[1].z");
    }

    #[test]
    fn a_part_has_all_lines_that_are_in_it() {
        let text = "list:\n  - id: a\n    say: |\n      one\n      two\n  - id: b\n    more: [x,\n      y]\n    say: z\n  - id: c\n";
        let (spans, file) = (Spans::read(text).0, SourceFile::new("a.yaml", text));
        let lines = |path: &YamlPath| spans.lines(path, &file);
        let list = YamlPath::root().key("list");
        assert_eq!(lines(&list.item(0)), (2, 5));
        assert_eq!(lines(&list.item(1)), (6, 9));
        assert_eq!(lines(&list.item(1).key("more")), (7, 8));
        assert_eq!(lines(&list.item(2)), (10, 10));
        assert_eq!(lines(&YamlPath::root()), (1, 10));
    }

    #[test]
    fn merged_keys_stand_where_they_were_written() {
        let text = "base: &b\n  role: x\nitem:\n  <<: *b\n  own: y\n";
        let item = YamlPath::root().key("item");
        assert_eq!(at(text, &item.key("role")), (2, 9));
        assert_eq!(at(text, &item.key("own")), (5, 8));
    }

    #[test]
    fn what_is_misspelt_is_there() {
        let (mut spans, _) = Spans::read("list:\n  - a: 1\n  - uterances: 2\n");
        let list = YamlPath::root().key("list");
        spans.mean(list.item(1).key("utterances"));
        assert!(spans.has(&list.item(1).key("utterances")) && !spans.has(&list.item(0).key("utterances")));
        // The first item was taken out.
        spans.renumber(list.clone(), vec![1]);
        assert!(spans.has(&list.item(0).key("utterances")));
    }

    #[test]
    fn trouble_is_told() {
        let trouble = |text| Spans::read(text).1;
        assert!(matches!(trouble("a: 1\na: 2\n")[..], [Trouble::DuplicateKey(..)]));
        assert!(matches!(trouble("a: 1\n---\nb: 2\n")[..], [Trouble::SecondDocument(_)]));
        assert!(matches!(trouble("? [a]\n: b\n")[..], [Trouble::OddKey(_)]));
        assert!(matches!(trouble("a: [b\n")[..], [Trouble::Broken(..)]));
        let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for level in 1..9 {
            let before = level - 1;
            bomb += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", "));
        }
        assert!(matches!(trouble(&bomb)[..], [Trouble::Bomb(_)]));
    }
}
