//! The tests of the library, in one crate so that the search engine is linked once.

mod call_screen;
mod calls;
mod diff;
mod emit;
mod exchange;
mod hostile;
mod insert;
mod layers;
mod lint;
mod load;
mod project;
mod rebuild;
mod relevance;
mod report;
mod script;
mod starter;
mod support;
mod theme;
mod trial;
mod tui;
mod walk;
