//! `docs/theme.md` says what every template of the handbook is given: its fields with their types and
//! what they are, as the code says. `UPDATE_GOLDEN=1` writes it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;

use crate::support::{root, walk};

/// A struct that templates are given.
struct Given {
    about: String,
    fields: Vec<(String, String, String)>,
}

/// The structs of a file that can be given to a template, by name.
fn read(text: &str, out: &mut BTreeMap<String, Given>) {
    let mut about = String::new();
    let mut serialized = false;
    let mut open: Option<(String, Given)> = None;
    let mut renamed = None;
    for line in text.lines() {
        let bare = line.trim();
        if let Some(doc) = bare.strip_prefix("/// ") {
            if !about.is_empty() {
                about.push(' ');
            }
            about.push_str(doc);
            continue;
        }
        if let Some((name, given)) = &mut open {
            if let Some(other) = bare.strip_prefix("#[serde(rename = \"") {
                renamed = other.strip_suffix("\")]");
            } else if line == "}" {
                let (name, given) = (
                    name.clone(),
                    std::mem::replace(given, Given { about: String::new(), fields: Vec::new() }),
                );
                assert!(out.insert(name.clone(), given).is_none(), "two structs are called {name}");
                open = None;
            } else if let Some((field, kind)) = bare.trim_end_matches(',').split_once(": ") {
                assert!(!about.is_empty(), "{name}.{field} says nothing of itself");
                let field = renamed.take().unwrap_or(field.trim_start_matches("pub "));
                given.fields.push((field.to_string(), kind.to_string(), std::mem::take(&mut about)));
            }
            continue;
        }
        if bare.starts_with("#[") {
            serialized |= bare.contains("Serialize");
            continue;
        }
        let name = bare.split_once("struct ").map(|(_, rest)| rest.trim_end_matches(" {").to_string());
        match name {
            Some(name) if serialized && bare.ends_with('{') => {
                open = Some((name, Given { about: std::mem::take(&mut about), fields: Vec::new() }));
            }
            _ => about.clear(),
        }
        serialized = false;
    }
}

/// A type as people who write templates know it.
fn kind(rust: &str) -> String {
    let inside = |open: &str| rust.strip_prefix(open).and_then(|rest| rest.strip_suffix('>'));
    if let Some(inside) = inside("Option<") {
        return format!("{}, or none", kind(inside));
    }
    if let Some(inside) = inside("Vec<") {
        return format!("list of {}", kind(inside));
    }
    if inside("BTreeMap<").is_some() {
        return "texts by name".into();
    }
    match rust {
        "String" | "&'static str" => "text".into(),
        pair if pair.starts_with('(') => "pairs of texts".into(),
        "bool" => "true or false".into(),
        "usize" => "number".into(),
        "Shared<&'static Words>" => "labels, see `src/site/words.rs`".into(),
        "&'static words::Words" => "labels, see `src/site/call/words.rs`".into(),
        "&'static render::Words" => "labels, see `src/render/words.rs`".into(),
        "&'static summary::Words" => "labels, see `src/calls/summary.rs`".into(),
        "Value" => "a script, as `callbook script --format json` gives it".into(),
        "Shared<&'static Find>" => "labels, see `src/site/words/find.rs`".into(),
        name => format!("[{name}](#{})", name.to_lowercase()),
    }
}

#[test]
fn what_templates_are_given_is_written_down() {
    let pages = root().join("src/site/pages");
    let mut given = BTreeMap::new();
    let mut templates: Vec<(String, String)> = Vec::new();
    let files = walk(&pages).into_iter().map(|name| pages.join(name));
    for path in files.chain([root().join("src/site/call/mod.rs")]) {
        let text = fs::read_to_string(path).expect("a file");
        read(&text, &mut given);
        for (at, _) in text.match_indices(".html\", ") {
            let (before, behind) = text.split_at(at);
            let template = before.rsplit("(\"").next().unwrap_or_default();
            // What is given is named there, or is what the function around it says that it makes.
            let named: String = behind[8..].chars().take_while(|c| c.is_alphanumeric()).collect();
            let made = before.rsplit("&'static str, ").next().and_then(|rest| rest.split(')').next());
            let of = if named.starts_with(char::is_uppercase) { &named } else { made.unwrap_or_default() };
            templates.push((format!("{template}.html"), of.to_string()));
        }
    }
    read(&fs::read_to_string(root().join("src/site/data.rs")).expect("a file"), &mut given);
    templates.sort();
    templates.dedup();

    let mut out = String::from(
        "# What the handbook's templates are given\n\n<!-- Written by tests/it/theme.rs from the code: `UPDATE_GOLDEN=1 cargo test --test it theme`. -->\n\n\
         A book's `theme/` holds files that take the place of the handbook's own, one at a time:\n\n\
         | file | takes the place of |\n| --- | --- |\n\
         | `NAME.html.j2` | the template of that name below (the shipped ones are in `templates/site/`); `_NAME.html.j2` is one of your own, to include |\n\
         | `head.html.j2`, `foot.html.j2` | nothing: they are empty, and stand at the end of every page's head and body. Analytics go here |\n\
         | `policy.txt.j2` | the content security policy: what pages may load. Analytics from elsewhere need it |\n\
         | `extra.css` | nothing: it is put behind the style sheet. Colours are variables: `:root { --accent: #a03; }` |\n\
         | `site.css`, `site.js`, `search.js`, `icon.svg` | the style sheet, the script, the script of the search, the icon. Begin from the readable ones in `templates/site/` (the search is `search.js` and `finder.js` in one); what ships is made of them by `node tests/browser/min.mjs` |\n\
         | any other file | nothing: it is published, its address is `{{ frame.up_html|safe }}{{ frame.files[\"logo.svg\"] }}` |\n\n\
         Templates are Jinja (minijinja): `{{ field }}`, `{% if %}`, `{% for %}`, `{% include %}`, `{% extends \"base.html\" %}`. A field that is not below is an\n\
         error with its line (`check` reads every template, `build` fills it as well), and the old site stays. A field whose name ends in `_html` is safe HTML and is written with `|safe`;\n\
         all others are text, and escaped. `base.html.j2` is around every page and has its `frame`; `parts.html.j2` holds macros that pages share. Nothing may be written into a page as a script or a style: the policy forbids both.\n\n## Templates\n\n",
    );
    let mut wanted: Vec<String> = Vec::new();
    for (template, of) in &templates {
        assert!(given.contains_key(of), "{template} is given {of:?}, which nothing describes");
        let _ = writeln!(out, "- `{template}.j2`: [{of}](#{})", of.to_lowercase());
        wanted.push(of.clone());
    }
    let mut told = BTreeSet::new();
    while let Some(name) = wanted.pop() {
        if told.insert(name.clone()) {
            for (_, rust, _) in &given[&name].fields {
                let inside = rust.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
                if given.contains_key(inside) {
                    wanted.push(inside.to_string());
                }
            }
        }
    }
    for name in told {
        let of = &given[&name];
        let _ = write!(out, "\n## {name}\n\n{}\n\n| field | is | what |\n| --- | --- | --- |\n", of.about);
        for (field, rust, about) in &of.fields {
            let _ = writeln!(out, "| `{field}` | {} | {about} |", kind(rust));
        }
    }
    let path = root().join("docs/theme.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(root().join("docs")).expect("a folder");
        fs::write(&path, &out).expect("a file");
    }
    let there = fs::read_to_string(&path).unwrap_or_default();
    assert!(there == out, "docs/theme.md is not what the code says: UPDATE_GOLDEN=1 writes it");
    assert!(templates.len() >= 18, "{templates:?}");
}
