//! The shape of each kind of file, from the JSON Schema that schemars makes of [`super::raw`].

use std::sync::{Arc, OnceLock};

use indexmap::IndexMap;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde_json::Value;

use super::raw;

/// What a value may be.
#[derive(Debug, Clone)]
pub enum Shape {
    /// Text; the format names a meaning that is checked as well.
    Text(Option<String>),
    /// A number, whole or not, within bounds.
    Number {
        /// No fraction.
        whole: bool,
        /// The least.
        min: Option<f64>,
        /// The greatest.
        max: Option<f64>,
    },
    /// `true` or `false`.
    Bool,
    /// One of a closed list.
    OneOf(Vec<String>),
    /// A list, with how many items it needs at least.
    List(Arc<Shape>, usize),
    /// A mapping with free keys.
    Map(Arc<Shape>),
    /// A mapping with known keys.
    Object(Arc<Object>),
    /// One of several, told apart by what YAML sees: text, list or mapping.
    Either(Vec<Shape>),
    /// Anything.
    Any,
}

/// A mapping with known keys.
#[derive(Debug)]
pub struct Object {
    /// What it is, for messages: `stage`, `response`.
    pub name: String,
    /// Its keys.
    pub keys: IndexMap<String, Shape>,
    /// The keys that must be there.
    pub required: Vec<String>,
    /// Keys of which exactly one must be there.
    pub exactly_one: Vec<String>,
    /// Keys of which at least one must be there.
    pub at_least_one: Vec<String>,
}

/// The kinds of file in a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// `book.yaml`
    Book,
    /// A file with the key `playbook`.
    Playbook,
    /// A file with the key `library`.
    Library,
    /// A file with the key `lexicon`.
    Lexicon,
}

/// The JSON Schema (draft 2020-12) of a kind of file.
pub fn json_schema(kind: FileKind) -> Value {
    fn of<T: JsonSchema>() -> Value {
        SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<T>().to_value()
    }
    match kind {
        FileKind::Book => of::<raw::BookFile>(),
        FileKind::Playbook => of::<raw::PlaybookFile>(),
        FileKind::Library => of::<raw::LibraryFile>(),
        FileKind::Lexicon => of::<raw::LexiconFile>(),
    }
}

/// The shape of a kind of file, made once.
pub fn shape(kind: FileKind) -> &'static Shape {
    static SHAPES: [OnceLock<Shape>; 4] = [const { OnceLock::new() }; 4];
    SHAPES[kind as usize].get_or_init(|| {
        let root = json_schema(kind);
        compile(&root, &root, "")
    })
}

fn compile(schema: &Value, root: &Value, name: &str) -> Shape {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let name = target.rsplit('/').next().unwrap_or_default();
        return match root.pointer(target.trim_start_matches('#')) {
            Some(target) => compile(target, root, name),
            None => Shape::Any,
        };
    }
    if let Some(values) = enumeration(schema) {
        return Shape::OneOf(values);
    }
    if schema.get("properties").is_some() {
        return Shape::Object(Arc::new(object(schema, root, name)));
    }
    for key in ["anyOf", "oneOf"] {
        if let Some(branches) = schema.get(key).and_then(Value::as_array) {
            let mut shapes: Vec<Shape> = branches
                .iter()
                .filter(|branch| branch.get("type").and_then(Value::as_str) != Some("null"))
                .map(|branch| compile(branch, root, name))
                .collect();
            return if shapes.len() == 1 { shapes.remove(0) } else { Shape::Either(shapes) };
        }
    }
    let types: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    if types.contains(&"string") {
        let format = schema.get("format").and_then(Value::as_str);
        Shape::Text(format.map(str::to_string))
    } else if types.contains(&"boolean") {
        Shape::Bool
    } else if types.contains(&"integer") || types.contains(&"number") {
        Shape::Number { whole: types.contains(&"integer"), min: bound("minimum"), max: bound("maximum") }
    } else if types.contains(&"array") {
        let items = schema.get("items").map_or(Shape::Any, |items| compile(items, root, ""));
        Shape::List(Arc::new(items), bound("minItems").unwrap_or(0.0) as usize)
    } else if types.contains(&"object") {
        let values =
            schema.get("additionalProperties").map_or(Shape::Any, |values| compile(values, root, ""));
        Shape::Map(Arc::new(values))
    } else {
        Shape::Any
    }
}

fn enumeration(schema: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| value.as_str().map(str::to_string);
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.iter().filter(|value| !value.is_null()).map(text).collect();
    }
    let branches = schema.get("oneOf")?.as_array()?;
    branches.iter().map(|branch| branch.get("const").and_then(text)).collect()
}

fn object(schema: &Value, root: &Value, name: &str) -> Object {
    let keys = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.clone(), compile(value, root, "")))
        .collect();
    let strings = |value: Option<&Value>| -> Vec<String> {
        let items = value.and_then(Value::as_array).into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_string)).collect()
    };
    let among = |key: &str| -> Vec<String> {
        let branches = schema.get(key).and_then(Value::as_array).into_iter().flatten();
        branches.flat_map(|branch| strings(branch.get("required"))).collect()
    };
    Object {
        name: words(name),
        keys,
        required: strings(schema.get("required")),
        exactly_one: among("oneOf"),
        at_least_one: among("anyOf"),
    }
}

/// `FollowUp` as people say it: `follow up`.
fn words(name: &str) -> String {
    match name {
        "Reasoned" => return "condition".to_string(),
        "Leading" => return "answer".to_string(),
        "CheckSettings" => return "check".to_string(),
        _ => {}
    }
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push(' ');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_follow_the_raw_types() {
        let Shape::Object(playbook) = shape(FileKind::Playbook) else { panic!("not an object") };
        assert_eq!(playbook.required, ["playbook", "title", "language"]);
        let Shape::List(objections, 0) = &playbook.keys["objections"] else {
            panic!("{:?}", playbook.keys["objections"])
        };
        let Shape::Object(objection) = &**objections else { panic!("{objections:?}") };
        assert_eq!(objection.name, "objection");
        assert_eq!(objection.required, ["title", "responses"]);
        assert!(objection.keys.contains_key("visibility"));
        assert!(matches!(&objection.keys["kind"], Shape::OneOf(kinds) if kinds.len() == 5));
        let Shape::List(responses, 1) = &objection.keys["responses"] else {
            panic!("{:?}", objection.keys["responses"])
        };
        let Shape::Object(response) = &**responses else { panic!("{responses:?}") };
        assert_eq!(response.exactly_one, ["say", "steps"]);
        assert!(matches!(&objection.keys["limit"], Shape::Number { whole: true, min: Some(1.0), .. }));
        assert!(matches!(&playbook.keys["variables"], Shape::Either(shapes) if shapes.len() == 2));
    }
}
