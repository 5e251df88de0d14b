//! callbook (map to come)
pub mod book;
pub mod card;
pub mod diagnostic;
pub mod language;
pub mod lint;
pub mod markdown;
pub mod render;
pub mod script;
pub mod source;
pub mod template;
