//! callbook (map to come)
pub mod book;
pub mod card;
pub mod diagnostic;
pub mod language;
pub mod markdown;
pub mod script;
pub mod site;
pub mod source;
pub mod template;
/// Lint.
pub mod lint {}
