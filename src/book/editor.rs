//! The JSON Schema that editors use: made from the one that files are checked against, and as strict as
//! [`super::shape`] is. What is a format there is a pattern here, and what a key may hold besides is
//! told by examples.

use serde_json::{Map, Value, json};

use super::known::{CATEGORIES, CLOSES, METHODS, RESPONSES, SIGNALS};
use super::schema::{FileKind, json_schema};

/// Any text that can be shown and is not blank. The class leaves out what `grammar::is_unwanted` does.
const SHOWN: &str = r"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F\u202A-\u202E\uFEFF\uE000-\uE003";

/// An id, by the grammar of ids.
const ID: &str = r"^(?!(?:con|prn|aux|nul|com[1-9]|lpt[1-9])$)[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$";
/// A language tag.
const LANGUAGE: &str = concat!(
    r"^[A-Za-z]{2,3}(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-Za-z]{4})?",
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-(?:[A-Za-z]{2}|[0-9]{3}))?",
    r"(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*(?:-[A-Za-z0-9](?:-[A-Za-z0-9]{1,8})+)?$"
);
/// A day that exists.
const DATE: &str = concat!(
    r"^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)",
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))",
    r"|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)$"
);
/// A stretch of time.
const DURATION: &str = r"^\s*\+?0*(?:10000|[0-9]{1,4})\s*[hdwmy]$";
/// The name of a variable.
const VARIABLE: &str = r"^[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*$";
/// A link that may be published, see `markdown::is_safe_link`.
const LINK: &str = concat!(
    r"^\s*(?:(?:[Hh][Tt][Tt][Pp][Ss]?|[Mm][Aa][Ii][Ll][Tt][Oo]|[Tt][Ee][Ll]):[\s\S]*",
    r"|(?![^:/?#.]*:)(?!//)(?!(?:[\s\S]*[/\\])?\.\.(?:[/\\]|$))\S[\s\S]*)$"
);

/// What keys may hold, for the editor to offer.
const EXAMPLES: [(&str, &str, &[&str]); 12] = [
    ("Objection", "title", &["It's too expensive"]),
    ("Objection", "code", &["P1"]),
    ("Objection", "category", &CATEGORIES),
    ("Response", "technique", &RESPONSES),
    ("Response", "bridge", &["That's fair, money is tight."]),
    ("Response", "ask", &["What are you comparing it with?"]),
    ("Close", "technique", &CLOSES),
    ("Signal", "kind", &SIGNALS),
    ("Stage", "goal", &["They named one problem in their own words"]),
    ("Question", "confirm", &["So if I understood you: {{ answer }}. Is that right?"]),
    ("Metric", "per", &["day", "week", "month", "quarter", "year", "call"]),
    ("", "method", &METHODS),
];

/// The JSON Schema of a kind of file (draft 2020-12), for editors.
pub fn editor_schema(kind: FileKind) -> Value {
    let mut schema = json_schema(kind);
    if let Some(parts) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        for (name, part) in parts {
            strict(part, name);
        }
    }
    strict(&mut schema, "");
    schema
}

/// Makes a schema as strict as the program is, and all schemas below it.
fn strict(schema: &mut Value, owner: &str) {
    let Some(map) = schema.as_object_mut() else { return };
    without_null(map);
    enumeration(map);
    let number = matches!(map.get("type").and_then(Value::as_str), Some("integer" | "number"));
    match map.get("format").and_then(Value::as_str).map(str::to_string) {
        // What the language of the program calls its numbers is nobody's business.
        Some(_) if number => drop(map.shift_remove("format")),
        Some(format) => formatted(map, &format),
        None if is_text(map) => plain_text(map),
        None => {}
    }
    if number && !map.contains_key("maximum") {
        map.insert("maximum".into(), json!(1e15));
    }
    if map.get("type").and_then(Value::as_str) == Some("boolean") {
        map.shift_remove("type");
        let words = json!({"type": "string", "pattern": "^(?:[Yy][Ee][Ss]|[Nn][Oo]|[Oo][Nn]|[Oo][Ff][Ff])$"});
        map.insert("anyOf".into(), json!([{"type": "boolean"}, words]));
        return;
    }
    if let Some(keys) = map.get_mut("properties").and_then(Value::as_object_mut) {
        for (key, value) in keys.iter_mut() {
            strict(value, "");
            let examples = EXAMPLES.iter().find(|(of, name, _)| *of == owner && name == key);
            if let (Some((_, _, examples)), Some(value)) = (examples, value.as_object_mut()) {
                value.insert("examples".into(), json!(examples));
            }
        }
        map.insert("additionalProperties".into(), json!(false));
        map.insert("patternProperties".into(), json!({"^x-": {"description": "A key of your own."}}));
    } else if let Some(values) = map.get_mut("additionalProperties") {
        strict(values, "");
        if owner == "Variables" {
            map.insert("propertyNames".into(), json!({"pattern": VARIABLE, "maxLength": 64}));
        }
    }
    exclusive(map);
    for key in ["anyOf", "oneOf"] {
        for branch in map.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten() {
            strict(branch, owner);
        }
    }
    if let Some(items) = map.get_mut("items") {
        strict(items, "");
    }
}

/// A key without a value says nothing, and `check` tells of it: nothing may be null.
fn without_null(map: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = map.get_mut("type") {
        types.retain(|name| name != "null");
        if let [only] = &types[..] {
            let only = only.clone();
            map.insert("type".into(), only);
        }
    }
    if let Some(Value::Array(values)) = map.get_mut("enum") {
        values.retain(|value| !value.is_null());
    }
    if let Some(Value::Array(branches)) = map.get_mut("anyOf") {
        branches.retain(|branch| branch.get("type").and_then(Value::as_str) != Some("null"));
        if let [only] = &branches[..]
            && let Some(only) = only.as_object().cloned()
        {
            map.shift_remove("anyOf");
            only.into_iter().for_each(|(key, value)| drop(map.insert(key, value)));
        }
    }
    if map.get("default").is_some_and(Value::is_null) {
        map.shift_remove("default");
    }
}

/// Names with a description each become an enumeration, which editors offer as a list.
fn enumeration(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else { return };
    let names: Option<Vec<Value>> = branches.iter().map(|branch| branch.get("const").cloned()).collect();
    let Some(names) = names else { return };
    let about = |branch: &Value| branch.get("description").cloned().unwrap_or_else(|| json!(""));
    let about: Vec<Value> = branches.iter().map(about).collect();
    map.shift_remove("oneOf");
    map.insert("enum".into(), Value::Array(names));
    map.insert("enumDescriptions".into(), Value::Array(about));
}

/// Of keys that exclude each other the later one is told of, where it stands.
fn exclusive(map: &mut Map<String, Value>) {
    let Some(Value::Array(branches)) = map.get("oneOf") else { return };
    let key = |branch: &Value| branch.get("required")?.as_array()?.first()?.as_str().map(str::to_string);
    let Some(keys) = branches.iter().map(key).collect::<Option<Vec<String>>>() else { return };
    let rule = |(index, key): (usize, &String)| {
        let later: Map<String, Value> =
            keys[index + 1..].iter().map(|key| (key.clone(), json!(false))).collect();
        json!({"if": {"required": [key]}, "then": {"properties": later}})
    };
    let rules: Vec<Value> = keys.iter().enumerate().take(keys.len() - 1).map(rule).collect();
    let branches = map.shift_remove("oneOf").unwrap_or_default();
    map.insert("anyOf".into(), branches);
    map.insert("allOf".into(), Value::Array(rules));
}

fn is_text(map: &Map<String, Value>) -> bool {
    let types = map.get("type").and_then(Value::as_array);
    types.is_some_and(|types| types.iter().any(|name| name == "string"))
}

fn plain_text(map: &mut Map<String, Value>) {
    map.insert("pattern".into(), json!(format!(r"^[^{SHOWN}]*[^\s{SHOWN}][^{SHOWN}]*$")));
}

/// A text with a meaning of its own; the type tells what may stand without quotes.
fn formatted(map: &mut Map<String, Value>, format: &str) {
    map.shift_remove("format");
    let mut set = |of_type: Value, pattern: &str, longest: Option<u32>, examples: &[&str]| {
        map.insert("type".into(), of_type);
        map.insert("pattern".into(), json!(pattern));
        longest.into_iter().for_each(|longest| drop(map.insert("maxLength".into(), json!(longest))));
        map.insert("examples".into(), json!(examples));
    };
    match format {
        "id" => {
            set(json!(["string", "integer", "boolean"]), ID, None, &["too-expensive"]);
            map.insert("minimum".into(), json!(0));
        }
        "language" => set(json!(["string"]), LANGUAGE, Some(35), &["en", "vi", "zh-Hant", "ms"]),
        "date" => set(json!(["string"]), DATE, None, &["2027-01-31"]),
        "duration" => set(json!(["string"]), DURATION, None, &["3d", "2w", "90d"]),
        "variable" => set(json!(["string", "boolean"]), VARIABLE, Some(64), &["prospect.first_name"]),
        "link" => set(json!(["string", "number", "boolean"]), LINK, None, &["https://example.com/"]),
        other => {
            plain_text(map);
            if other == "dimension" {
                map.insert("examples".into(), json!(["bant.need"]));
            }
        }
    }
}
