//! A Script in each format, and cards for the terminal. Bytes out; nothing here prints.

mod card;
mod found;
mod html;
mod json;
mod markdown;
pub mod report;
mod terminal;
mod words;
pub mod wrap;

use crate::script::Script;
use crate::template::pages::TemplateError;

pub use card::{about, card, card_with, hit_line};
pub use found::{found, hit, whole_card};
pub use words::{Words, words};

/// The formats of a script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For a terminal, with its colours.
    Terminal,
    /// Markdown.
    Markdown,
    /// One self-contained file that prints well.
    Html,
    /// For programs.
    Json,
}

/// Renders a script. `width` counts columns and matters to the terminal only.
pub fn script(script: &Script, format: Format, width: usize) -> Result<String, TemplateError> {
    match format {
        Format::Terminal => Ok(terminal::script(script, width)),
        Format::Markdown => markdown::script(script),
        Format::Html => html::script(script),
        Format::Json => Ok(json::script(script)),
    }
}
