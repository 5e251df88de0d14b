//! Every fault of shape in a file, each at its place, in one pass. What is faulty is taken out of
//! the value, so that serde reads what is left and the rest of the book goes on working.

use std::sync::Arc;

use serde_yaml::{Mapping, Value};

use super::grammar::{VARIABLE_HINT, article, brief, id_fault, is_unwanted, is_variable_name};
use super::schema::{FileKind, Object, Shape, shape};
use super::spans::{Spans, YamlPath};
use crate::diagnostic::{Diagnostic, Severity, did_you_mean, nearest};
use crate::language::Language;
use crate::markdown;

/// A part that was taken out: references to it still hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// The list that it was an item of: `objections`.
    pub list: String,
    /// Its id, as far as it had one.
    pub id: String,
}

/// What the pass leaves behind besides the value.
#[derive(Debug, Default)]
pub struct Pruned {
    /// The findings.
    pub diagnostics: Vec<Diagnostic>,
    /// The parts taken out.
    pub dropped: Vec<Dropped>,
    /// Whether the file stands under an id or a language that is not its own.
    pub stand_in: bool,
}

struct Pass<'a> {
    file: &'a Arc<str>,
    spans: &'a Spans,
    language: Language,
    out: Pruned,
    renumbered: Vec<(YamlPath, Vec<usize>)>,
    /// The keys that misspelt ones were meant as.
    meant: Vec<YamlPath>,
}

/// Checks a file's value against its kind. Returns whether anything is left to read.
pub fn prune(kind: FileKind, value: &mut Value, file: &Arc<str>, spans: &mut Spans) -> (bool, Pruned) {
    let mut pass = Pass {
        file,
        spans,
        language: language_of_folder(file),
        out: Pruned::default(),
        renumbered: Vec::new(),
        meant: Vec::new(),
    };
    let sound = pass.visit(shape(kind), value, &YamlPath::root());
    let Pass { out, renumbered, meant, .. } = pass;
    meant.into_iter().for_each(|path| spans.mean(path));
    for (list, first) in renumbered {
        spans.renumber(list, first);
    }
    (sound, out)
}

/// The language that a file's folders are named after (`vi/…`), else English: what a file is taken
/// for while it does not say.
fn language_of_folder(file: &str) -> Language {
    let mut folders = file.rsplit('/').skip(1);
    let named = folders.find_map(|folder| Language::parse(folder).ok());
    named.unwrap_or_else(Language::english)
}

impl Pass<'_> {
    fn value_fault(&mut self, code: &'static str, path: &YamlPath, message: String, hint: Option<String>) {
        let span = self.spans.find(path).value;
        let finding = Diagnostic::error(code, self.file, span, message).maybe_hint(hint);
        self.out.diagnostics.push(finding);
    }

    fn key_fault(&mut self, code: &'static str, path: &YamlPath, message: String, hint: Option<String>) {
        let found = self.spans.find(path);
        let span = found.key.unwrap_or(found.value);
        let finding = Diagnostic::error(code, self.file, span, message).maybe_hint(hint);
        self.out.diagnostics.push(finding);
    }

    /// Checks a value; false means that its holder must do without it.
    fn visit(&mut self, shape: &Shape, value: &mut Value, path: &YamlPath) -> bool {
        if let Value::Tagged(_) = value {
            let hint = "take the `!` away, or put the whole text in quotes".to_string();
            self.value_fault("wrong-type", path, "YAML tags are not used here".into(), Some(hint));
            return false;
        }
        match (shape, &mut *value) {
            (Shape::Any, _) => true,
            (Shape::Either(shapes), _) => {
                let fits = shapes.iter().find(|shape| accepts(shape, value));
                match fits {
                    Some(shape) => self.visit(shape, value, path),
                    None => self.wrong_type(shape, value, path),
                }
            }
            (Shape::Object(object), Value::Mapping(mapping)) => self.object(object, mapping, path),
            (Shape::Map(inner), Value::Mapping(mapping)) => {
                self.keys_are_text(mapping, path);
                mapping.retain(|key, value| {
                    let Value::String(key) = key else {
                        return false;
                    };
                    let path = path.key(key);
                    if value.is_null() && !matches!(**inner, Shape::Any) {
                        self.empty(&path);
                        return false;
                    }
                    self.visit(inner, value, &path)
                });
                true
            }
            (Shape::List(inner, least), Value::Sequence(items)) => self.list(inner, *least, items, path),
            (Shape::Text(format), Value::String(_) | Value::Number(_) | Value::Bool(_)) => {
                if !value.is_string() {
                    let text = match self.spans.raw(path) {
                        Some(raw) => raw.to_string(),
                        None => plain(value),
                    };
                    *value = Value::String(text);
                }
                let Value::String(text) = value else {
                    return false;
                };
                self.text(format.as_deref(), text, path)
            }
            (Shape::OneOf(names), Value::String(text)) => {
                if names.contains(text) {
                    return true;
                }
                let hint = did_you_mean(text, names.iter().map(String::as_str));
                let message = format!("`{}` is not one of {}", brief(text), names.join(", "));
                self.value_fault("bad-value", path, message, hint);
                false
            }
            (Shape::Bool, Value::Bool(_)) => true,
            (Shape::Bool, Value::String(text)) => {
                // YAML 1.2 reads `yes` and `no` as text; here only a truth value can be meant.
                match text.to_ascii_lowercase().as_str() {
                    "yes" | "on" => *value = Value::Bool(true),
                    "no" | "off" => *value = Value::Bool(false),
                    _ => return self.wrong_type(shape, value, path),
                }
                true
            }
            (Shape::Number { whole, min, max }, Value::Number(number)) => {
                let number = number.as_f64().unwrap_or(f64::NAN);
                let least = min.unwrap_or(f64::NEG_INFINITY);
                let most = max.unwrap_or(f64::INFINITY);
                let fits = number.is_finite() && number >= least && number <= most;
                if fits && !(*whole && number.fract() != 0.0) && number.abs() <= 1e15 {
                    if *whole {
                        *value = Value::Number((number as i64).into());
                    }
                    return true;
                }
                let hint = match (min, max) {
                    (Some(min), Some(max)) => format!("write a number from {min} to {max}"),
                    (Some(min), None) => format!("write a number that is at least {min}"),
                    _ => "write a plain number such as 10".to_string(),
                };
                self.value_fault("bad-value", path, format!("{number} is out of bounds"), Some(hint));
                false
            }
            _ => self.wrong_type(shape, value, path),
        }
    }

    fn object(&mut self, object: &Object, mapping: &mut Mapping, path: &YamlPath) -> bool {
        self.keys_are_text(mapping, path);
        let mut faulty: Vec<String> = Vec::new();
        mapping.retain(|key, value| {
            let Value::String(key) = key else {
                return false;
            };
            let here = path.key(key);
            if key.starts_with("x-") {
                return self.free(value, &here);
            }
            let Some(shape) = object.keys.get(key) else {
                self.harvest(key, value, object);
                let what = if object.name.is_empty() { "this file" } else { &object.name };
                let message = format!("unknown key `{}` in {}", brief(key), article(what));
                let hint = unknown_key_hint(key, object);
                // A key that is misspelt is no key that is missing.
                if let Some(meant) = meant_key(key, object) {
                    faulty.push(meant.to_string());
                    self.meant.push(path.key(meant));
                }
                self.key_fault("unknown-key", &here, message, hint);
                return false;
            };
            if value.is_null() {
                if !object.required.contains(key) {
                    self.empty(&here);
                }
                return false;
            }
            let sound = self.visit(shape, value, &here);
            if !sound {
                faulty.push(key.clone());
                // The part keeps a name that is like it, so that nothing else is told of it.
                if let ("id", Value::String(id)) = (key.as_str(), &mut *value) {
                    *id = super::values::slug(id);
                    return true;
                }
            }
            sound
        });
        let mut sound = true;
        for key in &object.required {
            if !mapping.contains_key(key.as_str()) {
                match self.stand_in(key, mapping, path.steps().is_empty()) {
                    Some(value) => {
                        self.out.stand_in |= path.steps().is_empty();
                        mapping.insert(key.as_str().into(), value);
                    }
                    None => sound = false,
                }
                if !faulty.contains(key) {
                    self.missing(object, &format!("`{key}`"), path);
                }
            }
        }
        let present = |mapping: &Mapping, keys: &[String]| -> Vec<String> {
            let there = |key: &&String| mapping.contains_key(key.as_str()) || faulty.contains(key);
            keys.iter().filter(there).cloned().collect()
        };
        let listed = |keys: &[String]| {
            let quoted: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
            quoted.join(" or ")
        };
        for (keys, most) in [(&object.exactly_one, 1), (&object.at_least_one, usize::MAX)] {
            let there = present(mapping, keys);
            if keys.is_empty() {
                continue;
            }
            if there.is_empty() {
                sound = false;
                self.missing(object, &listed(keys), path);
            } else if there.len() > most {
                let second = path.key(&there[1]);
                let message = format!(
                    "{} and `{}` cannot stand together in {}",
                    listed(&there[..1]),
                    there[1],
                    article(&object.name)
                );
                let hint = format!("keep one of {}, and put the other into an item of its own", listed(keys));
                self.key_fault("conflicting-keys", &second, message, Some(hint));
                for key in &there[1..] {
                    mapping.remove(key.as_str());
                }
            } else if there.iter().all(|key| faulty.contains(key)) {
                sound = false;
            }
        }
        sound
    }

    /// What stands under a key of the writer's own: anything but tags, with keys that are text.
    fn free(&mut self, value: &mut Value, path: &YamlPath) -> bool {
        match value {
            Value::Tagged(_) => self.visit(&Shape::Any, value, path),
            Value::Mapping(mapping) => {
                self.keys_are_text(mapping, path);
                mapping.retain(|key, value| {
                    let key = key.as_str().unwrap_or_default();
                    self.free(value, &path.key(key))
                });
                true
            }
            Value::Sequence(items) => {
                let mut index = 0;
                items.retain_mut(|item| {
                    index += 1;
                    self.free(item, &path.item(index - 1))
                });
                true
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => true,
        }
    }

    /// The parts below a misspelt key are there, only under the wrong name: references to them hold.
    fn harvest(&mut self, key: &str, value: &Value, object: &Object) {
        let lists = object.keys.iter().filter(|(_, shape)| matches!(shape, Shape::List(..)));
        let Some(list) = nearest(key, lists.map(|(name, _)| name.as_str())) else { return };
        for id in value.as_sequence().into_iter().flatten().filter_map(part_id) {
            self.out.dropped.push(Dropped { list: list.to_string(), id });
        }
    }

    /// What stands in for a required key that is missing or faulty, so that the rest of the part is
    /// read and checked all the same. The fault itself has been told of.
    fn stand_in(&self, key: &str, mapping: &Mapping, at_top: bool) -> Option<Value> {
        let id = ["id", "playbook", "library"].iter().find_map(|key| mapping.get(*key));
        match key {
            "title" if at_top => Some(id.cloned().unwrap_or_else(|| "Handbook".into())),
            "title" => id.cloned(),
            "responses" => Some(Value::Sequence(Vec::new())),
            "language" => Some(Value::String(self.language.to_string())),
            "playbook" | "library" => {
                let name = self.file.rsplit('/').next().unwrap_or_default();
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                Some(Value::String(super::model::slug(stem)))
            }
            _ => None,
        }
    }

    fn list(&mut self, inner: &Shape, least: usize, items: &mut Vec<Value>, path: &YamlPath) -> bool {
        if items.len() < least {
            let name = last_key(path);
            let message = format!("`{name}` is empty");
            self.key_fault(
                "missing-key",
                path,
                message,
                Some(format!("add at least one item below `{name}:`")),
            );
            return false;
        }
        let before = items.len();
        let mut first = Vec::with_capacity(before);
        let mut index = 0;
        items.retain_mut(|item| {
            let here = path.item(index);
            let sound = if item.is_null() {
                self.empty(&here);
                false
            } else {
                let id = part_id(item);
                let sound = self.visit(inner, item, &here);
                if let (false, Some(id)) = (sound, id) {
                    self.out.dropped.push(Dropped { list: last_key(path), id });
                }
                sound
            };
            if sound {
                first.push(index);
            }
            index += 1;
            sound
        });
        if items.len() < before {
            self.renumbered.push((path.clone(), first));
        }
        items.len() >= least
    }

    fn keys_are_text(&mut self, mapping: &mut Mapping, path: &YamlPath) {
        if mapping.keys().all(Value::is_string) {
            return;
        }
        let old = std::mem::take(mapping);
        for (key, value) in old {
            let key = match key {
                Value::Number(_) | Value::Bool(_) | Value::Null => {
                    let reads_so =
                        |text: &&str| serde_yaml::from_str::<Value>(text).is_ok_and(|value| value == key);
                    let written = self.spans.keys(path).into_iter().find(reads_so);
                    Value::String(written.map_or_else(|| plain(&key), str::to_string))
                }
                Value::String(_) => key,
                Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
                    let message = "a key must be plain text".to_string();
                    self.value_fault("wrong-type", path, message, Some("write `key: value`".into()));
                    continue;
                }
            };
            mapping.insert(key, value);
        }
    }

    fn empty(&mut self, path: &YamlPath) {
        let found = self.spans.find(path);
        let message = match path.steps().last() {
            Some(super::spans::Step::Key(key)) => format!("`{}` has no value", brief(key)),
            _ => "an item of this list is empty".to_string(),
        };
        let finding = Diagnostic::error("empty-value", self.file, found.key.unwrap_or(found.value), message)
            .severity(Severity::Warning)
            .hint("write something behind it, or take the line away");
        self.out.diagnostics.push(finding);
    }

    fn missing(&mut self, object: &Object, keys: &str, path: &YamlPath) {
        let what = if object.name.is_empty() { "this file" } else { &object.name };
        let what = what.trim_end_matches(" file");
        let hint = format!("add a line with {keys}");
        self.value_fault("missing-key", path, format!("{} needs {keys}", article(what)), Some(hint));
    }

    fn wrong_type(&mut self, shape: &Shape, value: &Value, path: &YamlPath) -> bool {
        let name = last_key(path);
        let what = match path.steps().last() {
            Some(super::spans::Step::Item(_)) => format!("an item of `{name}`"),
            _ => format!("`{name}`"),
        };
        let message = format!("{what} should be {}, but is {}", wanted(shape), given(value));
        let hint = match (shape, value) {
            (Shape::List(..), Value::String(text)) if text.chars().count() < 60 && !text.contains('\n') => {
                let one = format!("`{name}: [\"{}\"]`", text.replace('"', "\\\""));
                let several = text.contains(',') && !text.contains(['"', '\'', '[', ']', '{', '}', ':', '#']);
                Some(match several {
                    true => format!("write `{name}: [{text}]` if these are several, {one} if it is one"),
                    false => format!("put it in a list: {one}"),
                })
            }
            (Shape::List(..), Value::Mapping(items)) => {
                let key = items.keys().find_map(Value::as_str).unwrap_or("title");
                match key.strip_prefix('-') {
                    Some(key) => Some(format!("write a space behind each dash: `- {}: …`", brief(key))),
                    None => Some(format!("begin each item below `{name}:` with `- `: `- {}: …`", brief(key))),
                }
            }
            (Shape::List(..), _) => Some(format!("begin each item below `{name}:` with `- `")),
            (Shape::Object(object), Value::String(text)) if text_key(object).is_some() => {
                let key = text_key(object).unwrap_or_default();
                Some(format!("write `{key}: {}`", brief(text)))
            }
            (Shape::Text(_), Value::Mapping(_)) => {
                Some("put the whole text in quotes if it has a colon or braces in it".into())
            }
            (Shape::Text(_), Value::Sequence(_)) => Some("write one text, without `- ` or `[ ]`".into()),
            (Shape::Bool, _) => Some("write `true` or `false`".into()),
            (Shape::Number { .. }, Value::String(text)) => {
                Some(match text.trim_end_matches('%').trim().parse::<f64>() {
                    Ok(percent) if text.ends_with('%') => {
                        format!("write {} for {text}", percent / 100.0)
                    }
                    _ => "write a plain number such as 10".to_string(),
                })
            }
            (Shape::Either(_) | Shape::Object(_), _) => Some(format!("write it as {}", wanted(shape))),
            _ => None,
        };
        self.value_fault("wrong-type", path, message, hint);
        false
    }

    fn text(&mut self, format: Option<&str>, text: &str, path: &YamlPath) -> bool {
        let name = last_key(path);
        if text.trim().is_empty() {
            self.value_fault(
                "missing-key",
                path,
                format!("`{name}` is empty"),
                Some("write its text".into()),
            );
            return false;
        }
        if let Some(bad) = text.chars().find(|c| is_unwanted(*c)) {
            let message = format!("`{name}` has a character that cannot be shown (U+{:04X})", bad as u32);
            self.value_fault(
                "bad-character",
                path,
                message,
                Some("delete it; it often comes in by copy and paste".into()),
            );
            return false;
        }
        let fault: Option<(&'static str, String, String)> = match format {
            Some("id") => id_fault(text).map(|(message, hint)| ("bad-id", message, hint)),
            Some("language") => Language::parse(text).err().map(|message| {
                (
                    "bad-language",
                    message,
                    "take the tag from the list at iana.org/assignments/language-subtag-registry".into(),
                )
            }),
            Some("date") => super::model::parse_date(text).is_none().then(|| {
                let message = format!("`{}` is not a date", brief(text));
                ("bad-date", message, "write year-month-day, such as 2027-01-31".into())
            }),
            Some("duration") => super::model::Days::parse(text).is_none().then(|| {
                let message = format!("`{}` is not a stretch of time", brief(text));
                ("bad-value", message, "write a number and h, d, w, m or y, such as 3d or 2w".into())
            }),
            Some("variable") => (!is_variable_name(text)).then(|| {
                let message = format!("`{}` cannot be the name of a variable", brief(text));
                ("bad-id", message, VARIABLE_HINT.into())
            }),
            Some("link") => (!markdown::is_safe_link(text)).then(|| {
                let message = format!("`{}` is not a link that may be published", brief(text));
                (
                    "bad-link",
                    message,
                    "use https:, http:, mailto: or tel:, or a path relative to the book".into(),
                )
            }),
            _ => None,
        };
        match fault {
            Some((code, message, hint)) => {
                self.value_fault(code, path, message, Some(hint));
                false
            }
            None => true,
        }
    }
}

fn accepts(shape: &Shape, value: &Value) -> bool {
    match shape {
        Shape::Any => true,
        Shape::Either(shapes) => shapes.iter().any(|shape| accepts(shape, value)),
        Shape::Object(_) | Shape::Map(_) => value.is_mapping(),
        Shape::List(..) => value.is_sequence(),
        Shape::Text(_) | Shape::OneOf(_) => value.is_string() || value.is_number() || value.is_bool(),
        Shape::Bool => value.is_bool(),
        Shape::Number { .. } => value.is_number(),
    }
}

fn wanted(shape: &Shape) -> String {
    match shape {
        Shape::Any => "anything".into(),
        Shape::Text(Some(format)) if format == "id" || format == "reference" => "an id".into(),
        Shape::Text(Some(format)) if format == "date" => "a date".into(),
        Shape::Text(_) => "text".into(),
        Shape::OneOf(names) => format!("one of {}", names.join(", ")),
        Shape::Bool => "true or false".into(),
        Shape::Number { .. } => "a number".into(),
        Shape::List(..) => "a list".into(),
        Shape::Map(_) => "lines of `name: value`".into(),
        Shape::Object(object) if object.name.is_empty() => "lines of `key: value`".into(),
        Shape::Object(object) => format!("{} with its keys", article(&object.name)),
        Shape::Either(shapes) => {
            let words: Vec<String> = shapes.iter().map(wanted).collect();
            words.join(" or ")
        }
    }
}

fn given(value: &Value) -> String {
    match value {
        Value::Null => "empty".into(),
        Value::Bool(_) => "true or false".into(),
        Value::Number(number) => format!("the number {number}"),
        Value::String(text) => format!("the text `{}`", brief(text)),
        Value::Sequence(_) => "a list".into(),
        Value::Mapping(_) => "lines of `key: value`".into(),
        Value::Tagged(_) => "a tagged value".into(),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => "null".into(),
        Value::Bool(truth) => truth.to_string(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.clone(),
        _ => String::new(),
    }
}

fn last_key(path: &YamlPath) -> String {
    let key = path.steps().iter().rev().find_map(|step| match step {
        super::spans::Step::Key(key) => Some(brief(key)),
        super::spans::Step::Item(_) => None,
    });
    key.unwrap_or_else(|| "this file".into())
}

/// Keys that people write from habit, and what they are called here.
const HABITS: [(&str, &str); 14] = [
    ("name", "title"),
    ("text", "say"),
    ("label", "title"),
    ("description", "summary"),
    ("phrases", "utterances"),
    ("triggers", "utterances"),
    ("examples", "utterances"),
    ("answers", "responses"),
    ("answer", "say"),
    ("question", "ask"),
    ("reason", "why"),
    ("steps", "stages"),
    ("goto", "go"),
    ("type", "kind"),
];

/// The key that the text of an object stands under, where one says more than others.
fn text_key(object: &Object) -> Option<&'static str> {
    ["say", "ask", "title", "claim"].into_iter().find(|key| object.keys.contains_key(*key))
}

/// The key that a habit of other formats means here.
fn habit(key: &str, object: &Object) -> Option<&'static str> {
    let mut meant = HABITS.iter().filter(|(from, _)| *from == key.to_lowercase());
    meant.find(|(_, to)| object.keys.contains_key(*to)).map(|(_, to)| *to)
}

/// The key that was meant by one that there is not.
fn meant_key<'a>(key: &str, object: &'a Object) -> Option<&'a str> {
    habit(key, object).or_else(|| nearest(key, object.keys.keys().map(String::as_str)))
}

fn unknown_key_hint(key: &str, object: &Object) -> Option<String> {
    match habit(key, object) {
        _ if key.starts_with('-') && object.keys.contains_key(key.trim_start_matches('-')) => {
            Some(format!("write a space behind the dash: `- {}: …`", key.trim_start_matches('-')))
        }
        _ if key == "stages" && object.keys.contains_key("library") => {
            Some("a library holds no stages; put them into a playbook that uses it".into())
        }
        _ if key.contains(' ') => {
            Some("if this belongs to the text before it, put that whole text in quotes: a comma or a colon ends it".into())
        }
        Some(to) => Some(format!("did you mean `{to}`?")),
        None => did_you_mean(key, object.keys.keys().map(String::as_str)).or_else(|| {
            Some(format!("take it away, or call it `x-{}` to keep it for your own use", brief(key)))
        }),
    }
}

fn part_id(item: &Value) -> Option<String> {
    let mapping = item.as_mapping()?;
    let text = |key: &str| mapping.get(key).and_then(Value::as_str);
    match text("id") {
        Some(id) => Some(id.to_string()),
        None => text("title").or(text("claim")).or(text("ask")).map(super::model::slug),
    }
}
