//! The templates that pages and scripts are made with: an embedded set. Strict about undefined
//! values, and escaping HTML in every file whose name says so.

use std::fmt;
use std::marker::PhantomData;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{AutoEscape, Environment, UndefinedBehavior};
use serde::{Serialize, Serializer};

/// A template that could not be read or filled.
#[derive(Debug)]
pub struct TemplateError {
    /// The template's name.
    pub name: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// What happened.
    pub message: String,
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "template {}:{line}: {}", self.name, self.message),
            None => write!(f, "template {}: {}", self.name, self.message),
        }
    }
}

impl std::error::Error for TemplateError {}

/// Data that many pages are given: made ready for the engine once, and not for every page anew.
#[derive(Debug)]
pub struct Shared<T>(Value, PhantomData<fn() -> T>);

impl<T: Serialize> Shared<T> {
    /// Makes it ready.
    pub fn new(data: T) -> Self {
        Shared(Value::from(Serde(data)), PhantomData)
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Shared(self.0.clone(), PhantomData)
    }
}

impl<T> Serialize for Shared<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// A set of templates that may include and extend one another.
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Reads a set: names (with `.html` in them for HTML) and sources.
    pub fn new(set: &[(&'static str, &'static str)]) -> Result<Self, TemplateError> {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(
            SyntaxConfig::builder()
                .trim_blocks(true)
                .lstrip_blocks(true)
                .build()
                .map_err(|error| fault("syntax", &error))?,
        );
        environment.set_auto_escape_callback(|name| {
            if name.contains(".html") { AutoEscape::Html } else { AutoEscape::None }
        });
        for (name, source) in set {
            environment.add_template(name, source).map_err(|error| fault(name, &error))?;
        }
        Ok(Templates { environment })
    }

    /// Puts a template in the place of one of the set, or beside them.
    pub fn put(&mut self, name: &str, source: &str) -> Result<(), TemplateError> {
        let put = self.environment.add_template_owned(name.to_string(), source.to_string());
        put.map_err(|error| fault(name, &error))
    }

    /// Limits the steps that one page may take.
    pub fn limit(&mut self, steps: u64) {
        self.environment.set_fuel(Some(steps));
    }

    /// Fills one template with data. Fields that end in `_html` hold HTML that is safe already; a
    /// template says so with `|safe`.
    pub fn render(&self, name: &str, data: impl Serialize) -> Result<String, TemplateError> {
        self.environment
            .get_template(name)
            .and_then(|template| template.render(Value::from(Serde(data))))
            .map_err(|error| fault(name, &error))
    }
}

fn fault(name: &str, error: &minijinja::Error) -> TemplateError {
    // What went wrong in an included template is the cause of what its includer says.
    let mut error = error;
    while let Some(cause) = std::error::Error::source(error).and_then(|cause| cause.downcast_ref()) {
        error = cause;
    }
    TemplateError {
        name: error.name().unwrap_or(name).to_string(),
        line: error.line(),
        message: match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shared_data_reads_as_data_of_the_page() {
        #[derive(Serialize)]
        struct Page {
            own: &'static str,
            shared: Shared<(u8, &'static str)>,
        }
        let templates =
            Templates::new(&[("a.html", "{{ own }} {{ shared[0] + 1 }} {{ shared[1] }}")]).expect("a set");
        let shared = Shared::new((1, "<"));
        for own in ["x", "y"] {
            let page = Page { own, shared: shared.clone() };
            assert_eq!(templates.render("a.html", page).expect("a page"), format!("{own} 2 &lt;"));
        }
    }

    #[test]
    fn a_template_that_never_ends_is_stopped() {
        let mut templates = Templates::new(&[("outer.html", "{% include \"inner.html\" %}")]).expect("a set");
        templates.put("inner.html", "\n{% for a in range(9999) %}{{ a }}{% endfor %}").expect("a template");
        assert!(templates.render("outer.html", ()).is_ok());
        templates.limit(1_000);
        let error = templates.render("outer.html", ()).expect_err("an end");
        assert!(error.message.contains("fuel"), "{error}");
        assert_eq!((error.name.as_str(), error.line), ("inner.html", Some(2)));
    }
}
