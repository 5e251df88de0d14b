//! A Script for programs: every text as plain characters, blanks visible and listed in `missing`.

use crate::script::Script;

pub fn script(script: &Script) -> String {
    let mut out = serde_json::to_string_pretty(&script.plain()).unwrap_or_default();
    out.push('\n');
    out
}
