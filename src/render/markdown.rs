//! A Script as Markdown, for wikis and reviews.

use serde::Serialize;
use serde_json::Value;

use super::words::{Words, words};
use crate::language::Language;
use crate::markdown;
use crate::script::Script;
use crate::template::pages::{TemplateError, Templates};

#[derive(Serialize)]
struct Data<'a> {
    /// The script; every text is Markdown on one line.
    script: Value,
    words: &'a Words,
}

pub fn script(script: &Script) -> Result<String, TemplateError> {
    let language = Language::parse(&script.language).unwrap_or_else(|_| Language::english());
    let templates = Templates::new(&[("script.md", include_str!("../../templates/script.md.j2"))])?;
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut view = script.view(|filled| one_line(&markdown::to_markdown(filled)));
    escape_plain(&mut view);
    let rendered = templates.render("script.md", Data { script: view, words: words(&language) })?;
    // Optional lines leave gaps behind; one empty line between paragraphs is enough.
    let mut out = String::with_capacity(rendered.len());
    let mut gap = true;
    for line in rendered.lines().map(str::trim_end) {
        if line.is_empty() && gap {
            continue;
        }
        gap = line.is_empty();
        out.push_str(line);
        out.push('\n');
    }
    Ok(out)
}

/// Titles and names are plain text; in Markdown they have to be escaped.
fn escape_plain(view: &mut Value) {
    const PLAIN: [&str; 5] = ["title", "answer", "to", "source", "role"];
    match view {
        Value::Object(map) => {
            for (key, value) in map {
                match value {
                    Value::String(text) if PLAIN.contains(&key.as_str()) => {
                        let mut out = String::new();
                        markdown::escape_markdown(text, &mut out);
                        *text = out;
                    }
                    other => escape_plain(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(escape_plain),
        _ => {}
    }
}
