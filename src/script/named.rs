//! Texts whose values know which variable they are of, for a page on which they are filled in later.

use crate::book::Book;
use crate::template::spoken::{Filled, Piece, Values, fill};

/// Stand around a variable's name where its value would be; no text has them, and a filter that changes
/// letters changes the second.
const MARKS: (&str, &str) = ("\u{F8FF}", "\u{F8FF}aA");

fn marked(name: &str) -> String {
    format!("{}{name}{}", MARKS.0, MARKS.1)
}

/// Fills texts twice: with what variables are, and with their names in their places.
pub(super) struct Naming(Values);

impl Naming {
    /// For the variables of a volume.
    pub fn new(book: &Book, volume: usize) -> Self {
        let mut names = Values::default();
        let known = book.variables(volume);
        for name in known.iter().map(|variable| variable.name.as_str()).chain(["rep", "today"]) {
            names.set(name, &marked(name));
        }
        Naming(names)
    }

    /// A text whose values carry their variables' names. Where the text has conditions, or a filter changed
    /// a value, that stays what it is: only the program can fill it anew.
    pub fn fill(&self, source: &str, values: &Values) -> Filled {
        let filled = fill(source, values);
        if source.contains("{%") || matches!(filled.0[..], [Piece::Text(_)]) {
            return filled;
        }
        // Without conditions both have the same pieces.
        let names = fill(source, &self.0);
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
            assert_eq!(to_inline_html(&Naming(names).fill(source, &values)), expected, "{source}");
        };
        let firm = "<span class=\"value\" data-var=\"firm\">A &amp; b</span>";
        let who = "<span class=\"blank\" data-var=\"who\">____ (who)</span>";
        check("no variable", "no variable");
        check("{{ firm }}, {{ who }}", &format!("{firm}, {who}"));
        check("{{ who | default('you') }}", "<span class=\"value\" data-var=\"who\">you</span>");
        check("{{ firm | lower }}", "<span class=\"value\">a &amp; b</span>");
        check("{{ firm }}{{ who }}", &format!("{firm}{who}"));
        check("{{ firm | upper }}", "<span class=\"value\">A &amp; B</span>");
        check(
            "{% if size > 5 %}{{ firm }} is big{% endif %}",
            "<span class=\"value\">A &amp; b</span> is big",
        );
        check(
            "{% if who %}{{ who }}{% else %}{{ firm }}{% endif %}",
            "<span class=\"value\">A &amp; b</span>",
        );
    }
}
