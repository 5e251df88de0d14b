//! A Script as one self-contained HTML file: no script, no request, prints well.

use serde::Serialize;

use super::words::{Words, words};
use crate::language::Language;
use crate::markdown;
use crate::script::Script;
use crate::template::pages::{TemplateError, Templates};

#[derive(Serialize)]
struct Data<'a> {
    /// The script; every text is safe HTML, so the template says `|safe` for them.
    script: serde_json::Value,
    words: &'a Words,
    rtl: bool,
    css: &'static str,
}

pub fn script(script: &Script) -> Result<String, TemplateError> {
    let language = Language::parse(&script.language).ok();
    let templates = Templates::new(&[("script.html", include_str!("../../templates/script.html.j2"))])?;
    templates.render(
        "script.html",
        Data {
            script: script.view(markdown::to_inline_html),
            words: words(&language.clone().unwrap_or_else(Language::english)),
            rtl: language.is_some_and(|language| language.is_rtl()),
            css: include_str!("../../templates/script.css"),
        },
    )
}
