//! The conditions of a text, for a page on which they are asked again as its variables become known.
//!
//! Only plain ones: variables, compared with a text or a number, with `and`, `or` and `not`. A page that
//! understood more would be the engine once more.

use std::ops::Range;

use serde_json::{Value, json};

use super::spoken::{Filled, Piece, Values, fill};
use super::tags::tags;

/// How many conditions a text may have to be asked again: it is there once for each of their cases.
const MOST: usize = 3;

/// A text in all its cases.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cases {
    /// The conditions, as JSON. `["or", a, b]`, `["and", a, b]`, `["not", a]`, or a comparison: its sign, the
    /// variable's name, what it is compared with, and what it comes to as long as there is no value.
    pub conditions: String,
    /// The text for each case: in the number of the case, a bit says whether the condition of that place holds.
    pub texts: Vec<Filled>,
    /// The case as things stand.
    pub now: usize,
}

impl Cases {
    /// The text as things stand.
    pub fn text(&self) -> &Filled {
        const NONE: &Filled = &Filled(Vec::new());
        self.texts.get(self.now).unwrap_or(NONE)
    }
}

/// The cases of a text, each filled in by `by`. `is_number` says what variables may be asked for, and which are
/// numbers; a text with a condition on others, or that goes by anything else, has none.
pub fn cases(
    text: &str,
    values: &Values,
    is_number: &dyn Fn(&str) -> Option<bool>,
    by: impl Fn(&str) -> Filled,
) -> Option<Cases> {
    let mut conditions: Vec<(Range<usize>, &str, &str)> = Vec::new();
    for tag in tags(text).into_iter().filter(|tag| !tag.is("{{")) {
        let body = text[tag.body.clone()].trim();
        let (word, rest) = body.split_once(char::is_whitespace).unwrap_or((body, ""));
        match word {
            "if" | "elif" => conditions.push((tag.body, word, rest)),
            "else" | "endif" => {}
            _ => return None,
        }
    }
    if conditions.is_empty() || conditions.len() > MOST {
        return None;
    }
    let asked: Option<Vec<Value>> =
        conditions.iter().map(|(_, _, condition)| Reader { rest: condition, is_number }.whole()).collect();
    let case = |case: usize| {
        let (mut out, mut from) = (String::with_capacity(text.len()), 0);
        for (place, (body, word, _)) in conditions.iter().enumerate() {
            out.push_str(&text[from..body.start]);
            out.push_str(&format!(" {word} {} ", case >> place & 1 == 1));
            from = body.end;
        }
        by(&(out + &text[from..]))
    };
    let now = |(place, (_, _, condition)): (usize, &(Range<usize>, &str, &str))| {
        usize::from(holds(condition, values)) << place
    };
    Some(Cases {
        conditions: Value::from(asked?).to_string(),
        texts: (0..1 << conditions.len()).map(case).collect(),
        now: conditions.iter().enumerate().map(now).sum(),
    })
}

/// What the engine says of a condition.
fn holds(condition: &str, values: &Values) -> bool {
    fill(&format!("{{% if {condition} %}}1{{% endif %}}"), values).0 == [Piece::Text("1".into())]
}

/// Reads a condition, from the left.
struct Reader<'a> {
    rest: &'a str,
    is_number: &'a dyn Fn(&str) -> Option<bool>,
}

impl<'a> Reader<'a> {
    fn whole(mut self) -> Option<Value> {
        let all = self.any()?;
        self.rest.trim().is_empty().then_some(all)
    }

    fn any(&mut self) -> Option<Value> {
        let first = self.all()?;
        if self.word("or") { Some(json!(["or", first, self.any()?])) } else { Some(first) }
    }

    fn all(&mut self) -> Option<Value> {
        let first = self.one()?;
        if self.word("and") { Some(json!(["and", first, self.all()?])) } else { Some(first) }
    }

    fn one(&mut self) -> Option<Value> {
        if self.word("not") {
            return Some(json!(["not", self.one()?]));
        }
        if self.sign("(") {
            let inside = self.any()?;
            return self.sign(")").then_some(inside);
        }
        let name = self.name()?;
        let is_number = (self.is_number)(name)?;
        if self.word("is") {
            let not = self.word("not");
            let there = json!(["!=", name, "", false]);
            return match (self.word("defined"), not) {
                (true, false) => Some(there),
                (true, true) => Some(json!(["not", there])),
                (false, _) => None,
            };
        }
        for sign in ["==", "!=", ">=", "<=", ">", "<"] {
            if !self.sign(sign) {
                continue;
            }
            let (literal, value) = self.literal()?;
            // Texts have no order that two programs would agree on, and are never numbers.
            if value.is_number() != is_number || !is_number && !matches!(sign, "==" | "!=") {
                return None;
            }
            let mut blank = Values::default();
            blank.blank(name);
            return Some(json!([sign, name, value, holds(&format!("{name} {sign} {literal}"), &blank)]));
        }
        Some(json!(["!=", name, if is_number { json!(0) } else { json!("") }, false]))
    }

    fn sign(&mut self, sign: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn word(&mut self, word: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(word).filter(|rest| !rest.starts_with(is_of_name));
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn name(&mut self) -> Option<&'a str> {
        let rest = self.rest.trim_start();
        let (name, rest) = rest.split_at(rest.find(|c| !is_of_name(c)).unwrap_or(rest.len()));
        self.rest = rest;
        // What follows is nothing that changes it: a filter, a call, an item.
        let alone = !rest.trim_start().starts_with(['|', '(', '[', '+', '-', '*', '/', '%', '~']);
        (alone && name.starts_with(|c: char| c.is_alphabetic() || c == '_')).then_some(name)
    }

    /// A text or a number, as it is written and as it is.
    fn literal(&mut self) -> Option<(&'a str, Value)> {
        let rest = self.rest.trim_start();
        let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let length = match quote {
            Some(quote) => rest[1..].find(quote)? + 2,
            None => rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len()),
        };
        let (literal, after) = rest.split_at(length);
        self.rest = after;
        let value = match quote {
            Some(_) => Value::from(&literal[1..length - 1]),
            None => Value::from(literal.parse::<f64>().ok()?),
        };
        (!literal.contains('\\')).then_some((literal, value))
    }
}

fn is_of_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, size: &str) -> Option<Cases> {
        let mut values = Values::default();
        values.blank("who");
        values.set_number("size", size);
        let is_number = |name: &str| match name {
            "who" => Some(false),
            "size" => Some(true),
            _ => None,
        };
        cases(text, &values, &is_number, |text| fill(text, &values))
    }

    #[test]
    fn each_case_has_its_text() {
        let found = of("{% if who %}Hi{% elif size > 5 %}Big{% else %}Small{% endif %}!", "12").unwrap();
        assert_eq!(found.conditions, r#"[["!=","who","",false],[">","size",5.0,true]]"#);
        let text = |text: &str| Filled::text(format!("{text}!"));
        assert_eq!(found.texts, ["Small", "Hi", "Big", "Hi"].map(text));
        assert_eq!((found.now, found.text()), (2, &text("Big")));
        assert_eq!(of("{% if size > 20 %}a{% endif %}", "12").unwrap().now, 0);
    }

    #[test]
    fn conditions_are_read_as_the_engine_does() {
        let check = |condition: &str, expected: &str| {
            let found = of(&format!("{{% if {condition} %}}x{{% endif %}}"), "12");
            let found = found.map(|cases| cases.conditions).unwrap_or_default();
            assert_eq!(found.trim_matches(['[', ']']), expected.trim_matches(['[', ']']), "{condition}");
        };
        let (who, size) = (r#"["!=","who","",false]"#, r#"["!=","size",0,false]"#);
        check("who", who);
        check("size", size);
        check("not who", &format!(r#"["not",{who}]"#));
        check("who or not size and who", &format!(r#"["or",{who},["and",["not",{size}],{who}]]"#));
        check("(who or size) and who", &format!(r#"["and",["or",{who},{size}],{who}]"#));
        check("who == 'An'", r#"["==","who","An",false]"#);
        check("who != \"An\"", r#"["!=","who","An",true]"#);
        check("size >= 2.5", r#"[">=","size",2.5,true]"#);
        check("who is not defined", &format!(r#"["not",{who}]"#));
        // What a page could get wrong stays with the engine.
        for other in [
            "who|length",
            "who > 'a'",
            "who == 5",
            "size == 'a'",
            "secret",
            "size + 1 > 2",
            "who in 'abc'",
            "5 < size",
            "who == 'a\\'b'",
        ] {
            check(other, "");
        }
    }

    #[test]
    fn other_texts_have_no_cases() {
        for text in ["no", "{{ who }}", "{% for a in who %}{% if who %}x{% endif %}{% endfor %}"] {
            assert_eq!(of(text, "1"), None, "{text}");
        }
        let many = "{% if who %}x{% endif %}".repeat(4);
        assert_eq!(of(&many, "1"), None);
    }
}
