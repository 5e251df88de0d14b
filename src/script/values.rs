//! What the variables of a playbook are for one rendering: what was given, over the defaults of the
//! playbook, its libraries and the book; what has no value is a blank.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::model::{ValueType, Variable};
use crate::template::spoken::{Filled, Piece, Values};

/// What was given on the command line or in a file, by dotted name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Given {
    /// A text.
    Text(String),
    /// Several texts, for `for` loops.
    List(Vec<String>),
}

/// The values for the texts of a volume. What is given empty is missing.
pub fn values(book: &Book, volume: usize, given: &BTreeMap<String, Given>) -> Values {
    let mut values = Values::default();
    for name in ["rep", "today"] {
        values.blank(name);
    }
    let known = book.variables(volume);
    for variable in &known {
        match &variable.default {
            Some(default) if variable.of_type == ValueType::Number => {
                values.set_number(&variable.name, default)
            }
            Some(default) => values.set(&variable.name, default),
            None => values.blank(&variable.name),
        }
    }
    for (name, value) in given {
        let number =
            known.iter().any(|variable| variable.name == *name && variable.of_type == ValueType::Number);
        match value {
            Given::Text(text) if text.trim().is_empty() => values.blank(name),
            Given::List(items) if items.iter().all(|item| item.trim().is_empty()) => values.blank(name),
            Given::Text(text) if number => values.set_number(name, text),
            Given::Text(text) => values.set(name, text),
            Given::List(items) => values.set_list(name, items),
        }
    }
    values
}

/// The values that a handbook shows: the defaults, nothing given.
pub fn defaults(book: &Book, volume: usize) -> Values {
    values(book, volume, &BTreeMap::new())
}

/// The names of the variables that texts of a volume may use and that may not be seen; `seen` is asked with
/// the number of the volume they are of, none for the book's.
pub fn hidden_variables(
    book: &Book,
    volume: usize,
    seen: impl Fn(Option<usize>, &Variable) -> bool,
) -> Vec<String> {
    let own = book.scope(volume).flat_map(|(number, of)| of.variables.iter().map(move |v| (Some(number), v)));
    let mut names: Vec<&str> = Vec::new();
    let mut hidden = Vec::new();
    for (number, variable) in own.chain(book.variables.iter().map(|variable| (None, variable))) {
        // The first of a name is the one that counts.
        if !names.contains(&variable.name.as_str()) {
            names.push(&variable.name);
            if !seen(number, variable) {
                hidden.push(variable.name.clone());
            }
        }
    }
    hidden
}

/// What people call the variables of a volume, to be shown where a value is missing.
#[derive(Debug, Clone, Default)]
pub struct Titles(BTreeMap<String, String>);

impl Titles {
    /// The titles of the variables that texts of a volume may use.
    pub fn of(book: &Book, volume: usize) -> Self {
        Self::seen(book, volume, |_, _| true)
    }

    /// The same of those that may be seen, see [`hidden_variables`].
    pub fn seen(book: &Book, volume: usize, seen: impl Fn(Option<usize>, &Variable) -> bool) -> Self {
        let hidden = hidden_variables(book, volume, seen);
        let known = book.variables(volume).into_iter().filter(|variable| !hidden.contains(&variable.name));
        let titled =
            known.filter_map(|variable| Some((variable.name.to_lowercase(), variable.title.clone()?)));
        Titles(titled.collect())
    }

    /// A text whose blanks are called by their titles. What the prospect answers is not known when
    /// a text is read, so its blank is an ellipsis.
    pub fn label(&self, filled: Filled) -> Filled {
        let label = |piece| match piece {
            Piece::Blank(name) if name == "answer" => Piece::Value("…".to_string()),
            Piece::Blank(name) => Piece::Blank(self.0.get(&name).cloned().unwrap_or(name)),
            other => other,
        };
        Filled(filled.0.into_iter().map(label).collect())
    }
}
