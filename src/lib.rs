//! callbook: sales scripts and objection-handling playbooks in plain files. Looked up in a blink,
//! checked, rendered into call scripts and a handbook.
//!
//! # The house
//! Data flows one way: **files → book → (cards → search · script) → (bytes · lint) → effects**.
//! A module may use the floors below it, never the ones above; `tests/it/layers.rs` holds that.
//!
//! | floor | modules | what lives there |
//! | --- | --- | --- |
//! | 5 | [`cli`] | the program: arguments, printing, exit codes; one file a command |
//! | 4 | [`project`], [`store`], [`serve`], [`tui`] | effects: finding and reading a book, the index on disk, writing a site; calls and their journals; the live handbook; screens in the terminal |
//! | 3 | [`render`], [`site`], [`lint`], [`trial`], [`exchange`], [`diff`] | bytes out: a script in each format, the handbook; what is wrong with either, what the book's own tests come to; lists and books in and out; what changed between two books |
//! | 2 | [`card`], [`search`], [`script`], [`calls`] | pure uses of a book |
//! | 1 | [`book`], [`markdown`], [`template`] | the format: read, checked, resolved; its texts |
//! | 0 | [`source`], [`diagnostic`], [`language`], [`rate`], [`digest`], [`keep`] | vocabulary; what tells contents apart, what is kept from one build to the next |
//!
//! # Invariants
//! - Nothing returns at the first fault of content. Those are [`diagnostic::Diagnostic`]s with a
//!   place; faults of the world are ordinary errors with path and cause. They meet in `cli::ui`.
//! - Nothing but `cli` prints, exits or reads the environment. Nothing below floor 4 touches a path
//!   or a clock, but for [`search`], which opens the index folder that it is handed.
//! - No module but its own names an engine: `markdown` pulldown-cmark, `template` minijinja,
//!   `search` tantivy, `store` rusqlite, `serve` axum and
//!   notify, `tui` ratatui.
//! - Rules and renderers never see byte offsets: they name a [`book::model::Place`], and it becomes a
//!   span when a diagnostic is made. Formats never see YAML.
//! - A site goes out file by file, as each is made; no old file is touched before all new ones are there. What
//!   one build keeps for the next changes its time, never its bytes.
//! - Same input, same bytes: inputs sorted, maps ordered, ties broken by id, no clock in output.
//! - Terminal, Markdown, HTML and JSON read the same [`script::Script`] and the same cards.
//!
//! # How to add things
//! | to add | touch, in order | what catches a miss |
//! | --- | --- | --- |
//! | a YAML key | `book/raw.rs` (field and doc) → `book/model.rs` → `book/resolve.rs` → its reader → a fixture | the raw types are taken apart field by field |
//! | an output format | `render/<fmt>.rs` → [`render::Format`] → a golden file | exhaustive matches |
//! | a language | [`language::Family`] → `search/analyzer.rs` → `search/lexicon/` → words of `render` and `site` | exhaustive matches |
//! | a lint rule | `lint/rules/<id>.rs` → `lint/rules/mod.rs` → `lint/codes.rs` → `tests/lint/<id>/` | a test that every code has a page, a bad and a good book |
//! | a figure of a report | `calls/report/<noun>.rs` → `calls/report/mod.rs` → `render/report/sections.rs` → its words | a recount in `tests/it/report.rs`; every language has every word |
//! | a screen | `tui/<name>/`: a state that is a [`tui::App`] → `cli/<name>.rs` | its pictures and any keys, in `tests/it/tui.rs` |
//! | a command | `cli/<name>.rs` → `cli::Command` → a transcript | exhaustive match; the help transcript |

pub mod book;
pub mod calls;
pub mod card;
pub mod cli;
pub mod diagnostic;
pub mod diff;
pub mod digest;
pub mod exchange;
pub mod keep;
pub mod language;
pub mod lint;
pub mod markdown;
pub mod project;
pub mod rate;
pub mod render;
pub mod script;
pub mod search;
pub mod serve;
pub mod site;
pub mod source;
pub mod store;
pub mod template;
pub mod trial;
pub mod tui;
