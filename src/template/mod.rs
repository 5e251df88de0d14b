//! The only user of minijinja: texts of a book with variables in them ([`spoken`],
//! [`conditions`]), and the templates that pages and scripts are made with ([`pages`]).

pub mod conditions;
pub mod pages;
pub mod spoken;
mod tags;
