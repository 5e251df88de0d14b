//! A report of calls in each format.

mod html;
mod sections;
mod terminal;
mod words;

use crate::calls::report::Report;

pub use html::html;
pub use terminal::terminal;

/// A report for programs: [`Report`] as it stands.
pub fn json(report: &Report) -> String {
    let mut out = serde_json::to_string_pretty(report).unwrap_or_default();
    out.push('\n');
    out
}
