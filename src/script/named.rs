//! Texts whose values know which variable they are of, for a page on which they are filled in later.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::book::model::{Common, ValueType};
use crate::template::conditions::cases;
use crate::template::spoken::{Filled, Piece, Values, fill};

/// Stand around a variable's name where its value would be; no text has them, and a filter that changes
/// letters changes the second.
const MARKS: (&str, &str) = ("\u{F8FF}", "\u{F8FF}aA");

fn marked(name: &str) -> String {
    format!("{}{name}{}", MARKS.0, MARKS.1)
}

/// Fills texts twice: with what variables are, and with their names in their places.
pub(super) struct Naming {
    names: Values,
    /// The variables that conditions may ask for, and whether each is a number.
    asked: BTreeMap<String, bool>,
}

impl Naming {
    /// For the variables of a volume. What may not be seen may not be asked for either: what it decides would
    /// be on the page whichever way it goes.
    pub fn new(book: &Book, volume: usize, shows: &dyn Fn(&Common) -> bool) -> Self {
        let mut names = Values::default();
        let known = book.variables(volume);
        for name in known.iter().map(|variable| variable.name.as_str()).chain(["rep", "today"]) {
            names.set(name, &marked(name));
        }
        let shown = known.iter().filter(|variable| shows(&variable.common));
        let asked = shown.map(|variable| (variable.name.clone(), variable.of_type == ValueType::Number));
        let asked = asked.chain(["rep", "today"].map(|name| (name.to_string(), false))).collect();
        Naming { names, asked }
    }

    /// A text whose values carry their variables' names, in all its cases where it has plain conditions. Where
    /// it has others, or a filter changed a value, that stays what it is: only the program can fill it anew.
    pub fn fill(&self, source: &str, values: &Values) -> Filled {
        if !source.contains("{%") {
            return self.named(source, values);
        }
        let is_number = |name: &str| self.asked.get(name).copied();
        match cases(source, values, &is_number, |text| self.named(text, values)) {
            Some(cases) => Filled(vec![Piece::Cases(Box::new(cases))]),
            None => fill(source, values),
        }
    }

    /// The same of a text in which nothing is left to be decided.
    fn named(&self, source: &str, values: &Values) -> Filled {
        let filled = fill(source, values);
        if matches!(filled.0[..], [Piece::Text(_)]) {
            return filled;
        }
        let names = fill(source, &self.names);
        if filled.0.len() != names.0.len() {
            return filled;
        }
        Filled(filled.0.into_iter().zip(&names.0).map(|(piece, name)| named(piece, name)).collect())
    }
}

fn named(piece: Piece, name: &Piece) -> Piece {
    let Piece::Value(name) = name else { return piece };
    let name = name.strip_prefix(MARKS.0).and_then(|name| name.strip_suffix(MARKS.1));
    let Some(name) = name.filter(|name| !name.contains(MARKS.0)) else { return piece };
    match piece {
        Piece::Value(value) => Piece::Named { name: name.to_string(), value },
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::to_inline_html;

    #[test]
    fn values_keep_their_names() {
        let check = |source: &str, expected: &str| {
            let mut names = Values::default();
            for name in ["firm", "who", "size"] {
                names.set(name, &marked(name));
            }
            let mut values = Values::default();
            values.set("firm", "A & b");
            values.set_number("size", "12");
            values.blank("who");
            let asked = [("who".to_string(), false), ("size".to_string(), true)].into();
            let filled = Naming { names, asked }.fill(source, &values);
            assert_eq!(to_inline_html(&filled), expected, "{source}");
        };
        let firm = "<span class=\"value\" data-var=\"firm\">A &amp; b</span>";
        let who = "<span class=\"blank\" data-var=\"who\">____ (who)</span>";
        check("no variable", "no variable");
        check("{{ firm }}, {{ who }}", &format!("{firm}, {who}"));
        check("{{ who | default('you') }}", "<span class=\"value\" data-var=\"who\">you</span>");
        check("{{ firm | lower }}", "<span class=\"value\">a &amp; b</span>");
        check("{{ firm }}{{ who }}", &format!("{firm}{who}"));
        check("{{ firm | upper }}", "<span class=\"value\">A &amp; B</span>");
        check("{% if size > 5 %}{{ firm }} is big{% endif %}", &format!("{firm} is big"));
        check("{% if who %}{{ who }}{% else %}{{ firm }}{% endif %}", firm);
    }
}
