//! JSON in: a whole book, or a list of objections as other programs write it.

use serde_json::Value;

use super::sheet::{LONGEST, Left, MOST_COLUMNS, MOST_ROWS, Row, Sheet, Where, clean};
use super::{Found, whole};

pub(super) fn read(text: &str) -> Result<Found, String> {
    let whole: Result<Value, _> = serde_json::from_str(text);
    let items = match whole {
        Ok(Value::Object(map)) if map.contains_key("callbook") => {
            return whole::files(&Value::Object(map)).map(Found::Book);
        }
        Ok(Value::Array(items)) => items,
        Ok(Value::Object(map)) => {
            let lists = map
                .iter()
                .filter(|(_, value)| value.as_array().is_some_and(|list| list.iter().any(Value::is_object)));
            let lists: Vec<(&String, &Value)> = lists.collect();
            let own = lists.iter().find(|(name, _)| *name == "objections").or(lists.first());
            match own.and_then(|(_, list)| list.as_array()) {
                Some(list) => list.clone(),
                None => vec![Value::Object(map)],
            }
        }
        Ok(_) => return Err("it is JSON, but neither a book nor a list of objections".into()),
        // A record a line.
        Err(error) => {
            let lines = text.lines().filter(|line| !line.trim().is_empty());
            let items: Result<Vec<Value>, _> = lines.map(serde_json::from_str).collect();
            items.map_err(|_| format!("it is not JSON: {error}"))?
        }
    };
    if items.len() > MOST_ROWS {
        return Err(format!("it has more than {MOST_ROWS} records; split it"));
    }
    let mut headings: Vec<String> = Vec::new();
    let (mut rows, mut left) = (Vec::new(), Vec::new());
    let at = |index: usize| Where { sheet: None, row: index as u32 + 1, unit: "record" };
    for (index, item) in items.iter().enumerate() {
        let Some(map) = item.as_object() else {
            left.push(Left::at(&at(index), "it is no object with keys", &item.to_string()));
            continue;
        };
        let mut cells = vec![String::new(); headings.len()];
        for (key, value) in map {
            let Some(text) = cell(value) else {
                left.push(Left::at(
                    &at(index),
                    format!("`{}` is neither a text nor a list of texts", crate::book::brief(key)),
                    &value.to_string(),
                ));
                continue;
            };
            if text.chars().count() > LONGEST {
                left.push(Left::at(
                    &at(index),
                    format!("`{}` has more than {LONGEST} characters", crate::book::brief(key)),
                    &text,
                ));
                continue;
            }
            let column = headings.iter().position(|known| known == key).unwrap_or(headings.len());
            if column >= MOST_COLUMNS {
                left.push(Left::at(&at(index), format!("the list has more than {MOST_COLUMNS} keys"), key));
                continue;
            }
            if column == headings.len() {
                headings.push(key.clone());
                cells.push(String::new());
            }
            cells[column] = clean(&text);
        }
        let row = Row { place: at(index), cells };
        if !row.is_blank() {
            rows.push(row);
        }
    }
    let top = Row {
        place: Where { sheet: None, row: 0, unit: "record" },
        cells: headings.iter().map(|key| clean(key)).collect(),
    };
    rows.insert(0, top);
    Ok(Found::Sheets(vec![Sheet { name: None, rows }], left))
}

/// A value as a cell: lists as lines.
fn cell(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::Array(items) => {
            let simple = |item: &Value| (!item.is_array() && !item.is_object()).then(|| cell(item)).flatten();
            Some(items.iter().map(simple).collect::<Option<Vec<String>>>()?.join("\n"))
        }
        Value::Object(_) => None,
    }
}
