//! Calls: what happened in one, as it is kept, and what is said of it afterwards.

mod counted;
pub mod day;
pub mod demo;
mod derive;
pub mod landed;
pub mod read;
mod record;
pub mod report;
pub mod summary;
pub mod table;

pub use record::{
    Answer, Closing, Header, Heard, Logged, NextStep, NoAnswer, Note, Noticed, Record, Tried, VERSION, Visit,
    folded,
};
pub use summary::{Titles, summary};
