//! Texts of a book with variables in them. Values are data: they come out as the very characters
//! that went in, whatever the output format makes special, because a filled text keeps what was
//! written and what was filled in apart, piece by piece.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use minijinja::value::{Enumerator, Object, ObjectRepr, Value, ValueKind};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior, filters, tests};

use super::tags::{tags, tags_faults};

/// How many steps a template may take; a page of text takes a few hundred.
const FUEL: u64 = 20_000;
/// How long a text with variables may be, in bytes.
const MAX_TEMPLATE: usize = 50_000;
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
    /// The same, where whoever shows it should know whose value it is, for it may still change.
    Named {
        /// The variable's name.
        name: String,
        /// What it is now.
        value: String,
    },
    /// A variable that has no value yet, by its name.
    Blank(String),
    /// All of a text that goes by conditions, for a page on which they are asked again.
    Cases(Box<super::conditions::Cases>),
}

/// A text with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Filled(pub Vec<Piece>);

impl Filled {
    /// A text without variables.
    pub fn text(text: impl Into<String>) -> Self {
        Filled(vec![Piece::Text(text.into())])
    }

    /// The text as things stand, where it has cases.
    pub fn now(&self) -> &Filled {
        match &self.0[..] {
            [Piece::Cases(cases)] => cases.text(),
            _ => self,
        }
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
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        Some(Value::from_object(Missing(format!("{}.{}", self.0, key.as_str()?))))
    }
}

/// A list, which reads as its items wherever it is written out.
#[derive(Debug)]
struct Items(Vec<Value>);

impl Object for Items {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Seq
    }
    fn get_value(self: &Arc<Self>, key: &Value) -> Option<Value> {
        self.0.get(key.as_usize()?).cloned()
    }
    fn enumerate(self: &Arc<Self>) -> Enumerator {
        Enumerator::Seq(self.0.len())
    }
    fn render(self: &Arc<Self>, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, item) in self.0.iter().enumerate() {
            write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
        }
        Ok(())
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
        let items = Items(values.iter().map(|value| Value::from(clean(value))).collect());
        self.0.insert(name.to_string(), Leaf::Known(Value::from_object(items)));
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
        env.add_filter("upper", |value: Value| letters(value, |text| text.to_uppercase()));
        env.add_filter("lower", |value: Value| letters(value, |text| text.to_lowercase()));
        env.add_filter("title", |value: Value| letters(value, |text| filters::title(text.into())));
        env.add_filter("capitalize", |value: Value| letters(value, capitalized));
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
        env.add_filter(NAMED, named);
        env.set_formatter(|out, _state, value| {
            let text = shown(value).unwrap_or_else(|| format!("{}{}", BLANK.0, BLANK.1));
            if text.len() > MAX_FILLED {
                return Err(Error::new(ErrorKind::InvalidOperation, "the result is too long"));
            }
            if let Some(name) = text.strip_prefix(BLANK.0).and_then(|text| text.strip_suffix(BLANK.1)) {
                write!(out, "{}{}{}", BLANK.0, name.replace(is_mark, ""), BLANK.1)?;
            } else {
                write!(out, "{}{}{}", VALUE.0, text.replace(is_mark, ""), VALUE.1)?;
            }
            Ok(())
        });
        env
    })
}

/// What a value reads like; nothing where it is no text, number or list of them.
fn shown(value: &Value) -> Option<String> {
    match value.kind() {
        ValueKind::Undefined | ValueKind::None | ValueKind::Map => None,
        ValueKind::Plain if !is_missing(value) => None,
        ValueKind::Seq | ValueKind::Iterable => {
            let items: Vec<String> = value.try_iter().ok()?.filter_map(|item| shown(&item)).collect();
            Some(items.join(", "))
        }
        _ => Some(value.to_string()),
    }
}

/// A filter for texts, which leaves a value that is not there as it is.
fn letters(value: Value, change: impl Fn(String) -> String) -> Value {
    if value.is_undefined() { value } else { Value::from(change(value.to_string())) }
}

fn capitalized(text: String) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.collect::<String>() + &chars.as_str().to_lowercase()
}

/// Only `render` writes this filter: it gives what has no value the name to be shown.
const NAMED: &str = "__named";

fn named(value: Value, name: &str) -> Value {
    match shown(&value) {
        Some(_) => value,
        None if name.is_empty() => Value::from(""),
        None => Value::from_object(Missing(name.to_string())),
    }
}

fn is_missing(value: &Value) -> bool {
    value.is_undefined() || value.downcast_object_ref::<Missing>().is_some()
}

fn default(value: &Value, other: Option<Value>) -> Value {
    if is_missing(value) { other.unwrap_or_else(|| Value::from("")) } else { value.clone() }
}

fn has_template(text: &str) -> bool {
    text.contains("{{") || text.contains("{%") || text.contains("{#")
}

/// Everything wrong with the variables of a text. `declared` holds the names that may be used,
/// and whether each is a number.
pub fn check(text: &str, declared: &BTreeMap<String, bool>) -> Vec<Fault> {
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
        if declared.contains_key(&name) {
            continue;
        }
        let near = crate::diagnostic::nearest(&name, declared.keys().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("declare it: `variables: [{{name: {name}, example: …}}]`"),
        };
        faults.push(fault("template-variable", format!("no variable is called `{name}`"), Some(hint)));
    }
    if faults.is_empty() {
        let mut values = Values::default();
        for (name, is_number) in declared {
            let set = if *is_number { Values::set_number } else { Values::set };
            set(&mut values, name, "10");
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

fn render(text: &str, values: &Values) -> Result<String, Error> {
    let template = environment().template_from_str(text)?;
    let undeclared = template.undeclared_variables(true).into_iter();
    let context = values.context(undeclared);
    let mut out = template.render(&context)?;
    // What has no value and no name yet is called by the first variable in its tag.
    if out.contains(&format!("{}{}", BLANK.0, BLANK.1))
        && let Ok(named) = environment().template_from_str(&with_names(text))
    {
        out = named.render(&context)?;
    }
    if out.len() > MAX_FILLED {
        return Err(Error::new(ErrorKind::InvalidOperation, "the result is too long"));
    }
    Ok(out)
}

/// The text with its variables named to the engine. Nothing is made of an `if` without `else`.
fn with_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut from = 0;
    for tag in tags(text).iter().filter(|tag| tag.is("{{")) {
        let has = |word: &str| tag.names().any(|(name, _)| name == word);
        let name = if has("if") && !has("else") { "" } else { tag.variable() };
        out.push_str(&text[from..tag.body.start]);
        out.push_str(&format!("({})|{NAMED}(\"{name}\")", &text[tag.body.clone()]));
        from = tag.body.end;
    }
    out + &text[from..]
}

/// What can be shown of a text that cannot be filled: the words around its tags, and blanks.
fn without_tags(text: &str) -> Filled {
    let mut pieces = Vec::new();
    let mut from = 0;
    for tag in tags(text) {
        if from < tag.whole.start {
            pieces.push(Piece::Text(text[from..tag.whole.start].replace(is_mark, "")));
        }
        if tag.is("{{") {
            pieces.push(Piece::Blank(tag.variable().replace(is_mark, "").to_lowercase()));
        }
        from = tag.whole.end;
    }
    if from < text.len() || pieces.is_empty() {
        pieces.push(Piece::Text(text[from..].replace(is_mark, "")));
    }
    Filled(pieces)
}

/// Fills a text. What has no value becomes a blank; of a text that cannot be filled (`check` has said
/// why) the words around its variables are shown.
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
        return without_tags(text);
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
            false if end == 0 => Piece::Blank("…".to_string()),
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

    fn declared() -> BTreeMap<String, bool> {
        ["prospect.first_name", "team_size", "company", "n"]
            .map(|name| (name.to_string(), name == "n"))
            .into()
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

    #[test]
    fn types_are_known_before_a_call() {
        assert_eq!(codes("{{ n + 1 }} {{ n|round }} {% if n > 3 %}x{% endif %}"), [""; 0]);
        assert_eq!(codes("{{ company + 1 }}"), ["template-syntax"]);
        assert_eq!(codes("{{ loop }} {{ loop.index }}"), ["template-variable"; 2]);
        assert_eq!(codes("{% for c in company %}{{ loop.index }}{% endfor %}"), [""; 0]);
        assert_eq!(codes("{{ self }}"), ["template-variable"]);
        assert_eq!(codes("{{ 'self' }}"), [""; 0]);
    }

    #[test]
    fn what_cannot_be_filled_shows_no_source() {
        let mut values = Values::default();
        values.set_number("n", "abc");
        let text =
            "A {% if n %}*b*{% endif %} {{ n + 1 }}{# c #}, {{ 1 + x.y|round }}{% raw %}{{ r }}{% endraw %}.";
        let shown: Vec<Piece> = fill(text, &values).0;
        let word = |piece: &Piece| match piece {
            Piece::Text(text) | Piece::Value(text) => text.clone(),
            Piece::Blank(name) => format!("<{name}>"),
            Piece::Named { name, value } => format!("[{name}={value}]"),
            Piece::Cases(_) => String::new(),
        };
        let words: String = shown.iter().map(word).collect();
        assert_eq!(words, "A *b* <n>, <x.y>{{ r }}.");
        let broken = "Hi {{ n§Hi {{ 'n }} you§Hi {% if§{{ §{{}}§{%-§{{-}}§Hi {{ n + 1 \nyou";
        for text in broken.split('§') {
            let filled = fill(text, &values);
            let bad = |piece: &Piece| matches!(piece, Piece::Text(text) if text.contains("{{") || text.contains("{%"));
            assert!(!filled.0.iter().any(bad), "{text}: {filled:?}");
        }
    }

    #[test]
    fn nothing_prints_as_nothing() {
        let mut values = Values::default();
        values.set("rep", "Linh");
        values.blank("today");
        values.set_list("items", &["a".into(), "b \"c\"".into()]);
        let blank = |name: &str| vec![Piece::Blank(name.to_string())];
        assert_eq!(fill("{{ rep.foo }}", &values).0, blank("rep.foo"));
        assert_eq!(fill("{{- rep.foo|upper -}}", &values).0, blank("rep.foo"));
        assert_eq!(fill("{{ today.foo }}", &values).0, blank("today.foo"));
        for (text, name) in [("{{ items[7] }}", "items"), ("{{ none }}", "…"), ("{{ loop }}", "loop")] {
            assert_eq!(fill(text, &values).0, blank(name), "{text}");
        }
        let value = |text: &str| vec![Piece::Value(text.to_string())];
        assert_eq!(fill("{{ items }}", &values).0, value("a, b \"c\""));
        assert_eq!(fill("{{ items|upper }}", &values).0, value("A, B \"C\""));
        assert_eq!(fill("{{ [rep, items, 2] }}", &values).0, value("Linh, a, b \"c\", 2"));
        assert_eq!(fill("{{ items|length }}{{ items[1] }}", &values).0.len(), 2);
    }

    #[test]
    fn deep_texts_need_no_deep_stack() {
        let deep = |sign: &str, count: usize| format!("{{{{ {}1 }}}}", sign.repeat(count));
        let tail = |sign: &str, count: usize| format!("{{{{ x{} }}}}", sign.repeat(count));
        let mut texts = vec![
            format!("{{{{ [{}1{}] }}}}", "[".repeat(140), "]".repeat(140)),
            format!("{}x{}", "{% if x %}".repeat(149), "{% endif %}".repeat(149)),
            format!("{{% if x %}}{}{{% endif %}}", "{% elif x %}y".repeat(298)),
        ];
        // Nothing hides from the measure: maps, raw text and comments with quotes in them.
        let before = "{{ {1: {2: 3}} + §{% raw %}{{ ' {% endraw %}{{ §{% raw %}{# {% endraw %}{{ §{# ' #}{{ ";
        texts.extend(before.split('§').map(|before| format!("{before}{}1 }}}}", "-".repeat(20_000))));
        for size in [290, 20_000] {
            texts.extend(["-", "not ", "1+", "x and ", "["].map(|sign| deep(sign, size / sign.len())));
            texts.extend([".a", "|upper"].map(|sign| tail(sign, size / sign.len())));
        }
        texts.extend(["{#", "{{ ", "{{ \n", "{% '", "{{}}", "{{ x }}"].map(|text| text.repeat(100_000)));
        let small = std::thread::Builder::new().stack_size(1 << 20);
        let done = small.spawn(move || {
            let mut values = Values::default();
            values.set("x", "y");
            for text in &texts {
                check(text, &BTreeMap::from([("x".to_string(), false)]));
                fill(text, &values);
            }
        });
        assert!(done.expect("a thread").join().is_ok());
    }
}
