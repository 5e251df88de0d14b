//! Texts of a book with variables in them. Values are data: they come out as the very characters
//! that went in, whatever the output format makes special, because a filled text keeps what was
//! written and what was filled in apart, piece by piece.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::value::{Object, ObjectRepr, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, filters, tests};

/// How many steps a template may take; a page of text takes a few hundred.
const FUEL: u64 = 20_000;
/// How long a text with variables may be, in bytes.
const MAX_TEMPLATE: usize = 50_000;
/// How long a variable or condition may be, and how many a text may have.
const MAX_TAG: usize = 300;
const MAX_TAGS: usize = 300;
/// How long a filled text may become, in bytes.
const MAX_FILLED: usize = 200_000;

// Marks in the engine's output: what was filled in, and what is still missing. `book::shape` keeps
// these characters out of the book, and `Values` out of the values.
const VALUE: (char, char) = ('\u{E000}', '\u{E001}');
const BLANK: (char, char) = ('\u{E002}', '\u{E003}');

/// What is wrong with a text's variables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code of the finding.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// The next step.
    pub hint: Option<String>,
}

/// A piece of a filled text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// As the trainer wrote it: Markdown.
    Text(String),
    /// A value that was filled in: plain characters.
    Value(String),
    /// A variable that has no value yet, by its name.
    Blank(String),
}

/// A text with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled(pub Vec<Piece>);

impl Filled {
    /// A text without variables.
    pub fn text(text: impl Into<String>) -> Self {
        Filled(vec![Piece::Text(text.into())])
    }

    /// The names of what is still missing.
    pub fn blanks(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Blank(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// A value that is not there yet: false in conditions, a visible blank in text.
#[derive(Debug)]
struct Missing(String);

impl Object for Missing {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }
    fn is_true(self: &Arc<Self>) -> bool {
        false
    }
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}{}", BLANK.0, self.0, BLANK.1)
    }
}

#[derive(Debug, Clone)]
enum Leaf {
    Known(Value),
    Blank,
}

/// What the variables of a call are, by dotted name.
#[derive(Debug, Clone, Default)]
pub struct Values(BTreeMap<String, Leaf>);

impl Values {
    /// Sets a text.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_string(), Leaf::Known(Value::from(clean(value))));
    }

    /// Sets a text that stands for a number, so that conditions can compare it; anything else
    /// stays text.
    pub fn set_number(&mut self, name: &str, value: &str) {
        let value = clean(value);
        let number = match (value.trim().parse::<i64>(), value.trim().parse::<f64>()) {
            (Ok(whole), _) if whole.to_string() == value.trim() => Value::from(whole),
            (_, Ok(number)) if number.is_finite() && number.to_string() == value.trim() => {
                Value::from(number)
            }
            _ => Value::from(value),
        };
        self.0.insert(name.to_string(), Leaf::Known(number));
    }

    /// Sets a list of texts.
    pub fn set_list(&mut self, name: &str, values: &[String]) {
        let values: Vec<Value> = values.iter().map(|value| Value::from(clean(value))).collect();
        self.0.insert(name.to_string(), Leaf::Known(Value::from(values)));
    }

    /// Marks a variable as known but without a value.
    pub fn blank(&mut self, name: &str) {
        self.0.insert(name.to_string(), Leaf::Blank);
    }

    /// Whether a variable has a value.
    pub fn has(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(Leaf::Known(_)))
    }

    fn context(&self, also_blank: impl Iterator<Item = String>) -> Value {
        #[derive(Default)]
        struct Tree(BTreeMap<String, Tree>, Option<Value>);
        fn value(tree: Tree) -> Value {
            match tree {
                Tree(children, Some(leaf)) if children.is_empty() => leaf,
                Tree(children, _) => {
                    let children = children.into_iter().map(|(name, tree)| (name, value(tree)));
                    Value::from(children.collect::<BTreeMap<String, Value>>())
                }
            }
        }
        let mut root = Tree::default();
        let mut plant = |name: &str, leaf: Value| {
            let mut here = &mut root;
            for part in name.split('.') {
                here = here.0.entry(part.to_string()).or_default();
            }
            here.1.get_or_insert(leaf);
        };
        for (name, leaf) in &self.0 {
            plant(
                name,
                match leaf {
                    Leaf::Known(value) => value.clone(),
                    Leaf::Blank => Value::from_object(Missing(name.clone())),
                },
            );
        }
        for name in also_blank {
            if !self.0.keys().any(|known| known == &name || name.starts_with(&format!("{known}."))) {
                plant(&name, Value::from_object(Missing(name.clone())));
            }
        }
        value(root)
    }
}

fn clean(value: &str) -> String {
    value.replace(is_mark, "\u{FFFD}")
}

fn is_mark(c: char) -> bool {
    (VALUE.0..=BLANK.1).contains(&c)
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut env = Environment::empty();
        env.set_undefined_behavior(UndefinedBehavior::Chainable);
        env.set_fuel(Some(FUEL));
        env.set_recursion_limit(20);
        env.add_filter("upper", filters::upper);
        env.add_filter("lower", filters::lower);
        env.add_filter("title", filters::title);
        env.add_filter("capitalize", filters::capitalize);
        env.add_filter("trim", filters::trim);
        env.add_filter("default", default);
        env.add_filter("d", default);
        env.add_filter("join", filters::join);
        env.add_filter("length", filters::length);
        env.add_filter("count", filters::length);
        env.add_filter("first", filters::first);
        env.add_filter("last", filters::last);
        env.add_filter("round", filters::round);
        env.add_filter("int", filters::int);
        env.add_filter("float", filters::float);
        env.add_filter("abs", filters::abs);
        env.add_test("defined", |value: &Value| !is_missing(value));
        env.add_test("undefined", is_missing);
        env.add_test("none", tests::is_none);
        env.add_test("number", tests::is_number);
        env.add_test("string", tests::is_string);
        env.add_test("in", tests::is_in);
        env.set_formatter(|out, _state, value| {
            let text = value.to_string();
            if text.len() > MAX_FILLED {
                return Err(Error::new(ErrorKind::InvalidOperation, "the result is too long"));
            }
            if let Some(name) = text.strip_prefix(BLANK.0).and_then(|text| text.strip_suffix(BLANK.1)) {
                write!(out, "{}{name}{}", BLANK.0, BLANK.1)?;
            } else {
                write!(out, "{}{}{}", VALUE.0, text.replace(is_mark, ""), VALUE.1)?;
            }
            Ok(())
        });
        env
    })
}

const FILTERS: [&str; 16] = [
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "default",
    "d",
    "join",
    "length",
    "count",
    "first",
    "last",
    "round",
    "int",
    "float",
    "abs",
];
const TESTS: [&str; 6] = ["defined", "undefined", "none", "number", "string", "in"];
const STATEMENTS: [&str; 9] = ["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw", "-"];

fn is_missing(value: &Value) -> bool {
    value.is_undefined() || value.downcast_object_ref::<Missing>().is_some()
}

fn default(value: &Value, other: Option<Value>) -> Value {
    if is_missing(value) { other.unwrap_or_else(|| Value::from("")) } else { value.clone() }
}

fn has_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// Everything wrong with the variables of a text. `declared` holds the names that may be used.
pub fn check(text: &str, declared: &BTreeSet<String>) -> Vec<Fault> {
    if !has_template(text) {
        return Vec::new();
    }
    let fault = |code, message: String, hint: Option<String>| Fault { code, message, hint };
    if text.len() > MAX_TEMPLATE {
        let message = "a text with variables may have at most 50,000 characters".to_string();
        return vec![fault("template-too-costly", message, Some("split it up".into()))];
    }
    let mut faults = Vec::new();
    tags_faults(text, &mut faults);
    // The engine works constant expressions out while it reads; what is too costly never gets there.
    if faults.iter().any(|fault| fault.code == "template-too-costly") {
        faults.dedup();
        return faults;
    }
    let template = match environment().template_from_str(text) {
        Ok(template) => template,
        Err(error) => {
            let what = error.detail().unwrap_or("it cannot be read").to_string();
            let hint = "variables are written {{ name }}, conditions {% if name %} … {% endif %}".to_string();
            return vec![fault(
                "template-syntax",
                format!("this text's variables cannot be read: {what}"),
                Some(hint),
            )];
        }
    };
    for name in template.undeclared_variables(true).into_iter().collect::<BTreeSet<_>>() {
        // A value is text or a list of texts: there is nothing below it to name.
        if declared.contains(&name) || name == "loop" {
            continue;
        }
        let near = crate::diagnostic::nearest(&name, declared.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `variables: [{{name: {name}, example: …}}]`"),
        };
        faults.push(fault("template-variable", format!("no variable is called `{name}`"), Some(hint)));
    }
    if faults.is_empty() {
        let mut values = Values::default();
        for name in declared {
            values.set(name, "10");
        }
        if let Err(error) = render(text, &values) {
            let costly = matches!(error.kind(), ErrorKind::OutOfFuel)
                || error.detail().is_some_and(|d| d.contains("too l"));
            faults.push(if costly {
                fault(
                    "template-too-costly",
                    "this text takes too much work to fill in".into(),
                    Some("take the loop or the multiplication out".into()),
                )
            } else {
                let what = error.detail().map_or_else(|| error.kind().to_string(), str::to_string);
                fault("template-syntax", format!("this text cannot be filled in: {what}"), None)
            });
        }
    }
    faults.dedup();
    faults
}

/// The insides of `{{ … }}` and `{% … %}`, with texts in quotes taken out; comments and what stands
/// between `raw` and `endraw` left aside.
fn tags(text: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut rest = text;
    let mut raw = false;
    while let Some(at) = rest.find("{{").into_iter().chain(rest.find("{%")).chain(rest.find("{#")).min() {
        let (open, body) = rest[at..].split_at(2);
        let close = match open {
            "{{" => "}}",
            "{%" => "%}",
            _ => "#}",
        };
        let mut inside = String::new();
        let mut quote: Option<char> = None;
        let mut end = body.len();
        let mut chars = body.char_indices();
        while let Some((index, c)) = chars.next() {
            match quote {
                Some(_) if c == '\\' => {
                    chars.next();
                }
                Some(q) if c == q => quote = None,
                Some(_) => {}
                None if body[index..].starts_with(close) => {
                    end = index + 2;
                    break;
                }
                None if (c == '"' || c == '\'') && open != "{#" => {
                    quote = Some(c);
                    inside.push('"');
                }
                None => inside.push(c),
            }
        }
        rest = &body[end..];
        let inside = inside.trim_matches(['-', '+', ' ', '\n', '\t', '\r']).to_string();
        let word = inside.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
        match open {
            "{%" if word == "raw" => raw = true,
            "{%" if word == "endraw" => raw = false,
            "{#" => {}
            _ if raw => {}
            _ => out.push(format!("{open}{inside}")),
        }
    }
    out
}

/// What is wrong with the tags of a text, as far as it can be seen without the engine. The engine
/// reads expressions and branches by recursion, so their length and number are bounded here.
fn tags_faults(text: &str, faults: &mut Vec<Fault>) {
    let tags = tags(text);
    if tags.len() > MAX_TAGS || tags.iter().any(|tag| tag.len() > MAX_TAG) {
        faults.push(Fault {
            code: "template-too-costly",
            message: format!(
                "a text may have {MAX_TAGS} variables and conditions, of {MAX_TAG} characters each"
            ),
            hint: Some("write it more simply, or split it up".into()),
        });
        return;
    }
    tags.iter().for_each(|tag| tag_faults(tag, faults));
}

fn tag_faults(tag: &str, faults: &mut Vec<Fault>) {
    let inside = &tag[2..];
    let first_word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut push = |code, message: String, hint: String| {
        faults.push(Fault { code, message, hint: Some(hint) });
    };
    if tag.starts_with("{%") {
        let word = first_word(inside);
        if !STATEMENTS.contains(&word.as_str()) {
            push(
                "template-forbidden",
                format!("`{{% {word} %}}` is not available in a playbook's texts"),
                "only if, elif, else, for and raw are".into(),
            );
            return;
        }
    }
    for (index, _) in inside.match_indices('|') {
        let name = first_word(&inside[index + 1..]);
        if !FILTERS.contains(&name.as_str()) {
            let hint = crate::diagnostic::did_you_mean(&name, FILTERS);
            push(
                "template-syntax",
                format!("no filter is called `{name}`"),
                hint.unwrap_or_else(|| "use upper, lower, default, join, round, …".into()),
            );
        }
    }
    let words: Vec<&str> = inside.split_whitespace().collect();
    for pair in words.windows(3) {
        if pair[0] == "is" {
            let name = if pair[1] == "not" { pair[2] } else { pair[1] };
            known_test(name, &mut push);
        }
    }
    if let [.., "is", name] = words[..] {
        known_test(name, &mut push);
    }
    // A text or a list times a number can grow without bound before anything is written.
    let times = inside.matches('*').count();
    if times > 2 || (times > 0 && inside.contains(['"', '[', '~'])) {
        push(
            "template-too-costly",
            "only numbers can be multiplied in a playbook's texts".into(),
            "write the text out".into(),
        );
    }
}

fn known_test(name: &str, push: &mut impl FnMut(&'static str, String, String)) {
    let name: String = name.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    if !TESTS.contains(&name.as_str()) {
        push(
            "template-syntax",
            format!("no test is called `is {name}`"),
            format!("use one of: {}", TESTS.join(", ")),
        );
    }
}

fn render(text: &str, values: &Values) -> Result<String, Error> {
    let template = environment().template_from_str(text)?;
    let undeclared = template.undeclared_variables(true).into_iter();
    let out = template.render(values.context(undeclared))?;
    if out.len() > MAX_FILLED {
        return Err(Error::new(ErrorKind::InvalidOperation, "the result is too long"));
    }
    Ok(out)
}

/// Fills a text. What has no value becomes a blank; a text that cannot be filled (`check` has said
/// why) comes out as it was written.
pub fn fill(text: &str, values: &Values) -> Filled {
    if !has_template(text) {
        return Filled::text(text);
    }
    let sound = text.len() <= MAX_TEMPLATE && {
        let mut faults = Vec::new();
        tags_faults(text, &mut faults);
        faults.is_empty()
    };
    let rendered = if sound { render(text, values).ok() } else { None };
    let Some(rendered) = rendered else {
        return Filled(vec![Piece::Value(text.to_string())]);
    };
    let mut pieces = Vec::new();
    let mut rest = rendered.as_str();
    while let Some(at) = rest.find([VALUE.0, BLANK.0]) {
        if at > 0 {
            pieces.push(Piece::Text(rest[..at].to_string()));
        }
        let mut chars = rest[at..].chars();
        let open = chars.next().unwrap_or(VALUE.0);
        let close = if open == VALUE.0 { VALUE.1 } else { BLANK.1 };
        let body = chars.as_str();
        let end = body.find(close).unwrap_or(body.len());
        pieces.push(match open == VALUE.0 {
            true => Piece::Value(body[..end].to_string()),
            false => Piece::Blank(body[..end].to_lowercase()),
        });
        rest = body[end..].strip_prefix(close).unwrap_or_default();
    }
    if !rest.is_empty() || pieces.is_empty() {
        pieces.push(Piece::Text(rest.to_string()));
    }
    Filled(pieces)
}

#[cfg(test)]
mod tests_of_spoken {
    use super::*;

    fn declared() -> BTreeSet<String> {
        ["prospect.first_name", "team_size", "company"].map(String::from).into()
    }

    fn codes(text: &str) -> Vec<&'static str> {
        check(text, &declared()).into_iter().map(|fault| fault.code).collect()
    }

    #[test]
    fn faults_are_found_before_a_call() {
        assert_eq!(codes("Hi {{ prospect.first_name }}, {{ company|upper }}"), [""; 0]);
        assert_eq!(codes("{% if team_size > 5 %}big{% else %}small{% endif %}"), [""; 0]);
        assert_eq!(codes("{{ prospect.name }} {{ rep }}"), ["template-variable"; 2]);
        assert_eq!(codes("{{ prospect.first_name "), ["template-syntax"]);
        assert_eq!(codes("{{ company|shout }}"), ["template-syntax"]);
        assert_eq!(codes("{% include 'x' %}"), ["template-forbidden"]);
        assert_eq!(codes("{% raw %}{% include 'x' %}{% endraw %}"), [""; 0]);
        assert_eq!(codes("{% for i in range(1000000000) %}x{% endfor %}"), ["template-variable"]);
        assert_eq!(codes("{{ 'x' * 1000000000 }}"), ["template-too-costly"]);
        let nested =
            "{% for a in company %}{% for b in company %}".repeat(6) + &"{% endfor %}{% endfor %}".repeat(6);
        let faults = check(&nested.replace("company", "'xxxxxxxxxxxxxxxxxxxx'"), &declared());
        assert_eq!(faults.iter().map(|fault| fault.code).collect::<Vec<_>>(), ["template-too-costly"]);
    }

    #[test]
    fn values_are_data() {
        let mut values = Values::default();
        values.set("company", "{{ 7*7 }} <b>*x*</b>");
        values.blank("prospect.first_name");
        let filled = fill("Hi {{ prospect.first_name }}, *{{ company }}*{{ unknown.thing }}", &values);
        assert_eq!(
            filled.0,
            [
                Piece::Text("Hi ".into()),
                Piece::Blank("prospect.first_name".into()),
                Piece::Text(", *".into()),
                Piece::Value("{{ 7*7 }} <b>*x*</b>".into()),
                Piece::Text("*".into()),
                Piece::Blank("unknown.thing".into()),
            ]
        );
        let plain =
            fill("{% if prospect.first_name %}yes{% else %}no{% endif %}{{ team|default('none') }}", &values);
        assert_eq!(plain.0, [Piece::Text("no".into()), Piece::Value("none".into())]);
        values.set_number("team_size", "12");
        assert_eq!(fill("{% if team_size > 9 %}big{% endif %}", &values).0, [Piece::Text("big".into())]);
    }
}
