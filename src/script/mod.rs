//! The Script form.
pub mod values;
