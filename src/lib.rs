//! callbook, see below (work in progress)
pub mod card;
pub mod diagnostic;
pub mod language;
pub mod search;
pub mod source;
