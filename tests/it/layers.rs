//! The house keeps its floors: a module uses its own floor and those below, effects live where they
//! belong, and only its owner names an engine. Comments, texts and unit tests do not count.

use std::fs;

use crate::support::{root, walk};

/// Each module with its floor.
const FLOORS: [(&str, u8); 25] = [
    ("source", 0),
    ("diagnostic", 0),
    ("language", 0),
    ("rate", 0),
    ("digest", 0),
    ("keep", 0),
    ("book", 1),
    ("markdown", 1),
    ("template", 1),
    ("card", 2),
    ("search", 2),
    ("script", 2),
    ("calls", 2),
    ("diff", 3),
    ("exchange", 3),
    ("lint", 3),
    ("render", 3),
    ("site", 3),
    ("trial", 3),
    ("project", 4),
    ("serve", 4),
    ("store", 4),
    ("tui", 4),
    ("cli", 5),
    ("main", 6),
];

/// Each engine, and the one place that may name it: a module, or a file of one.
const ENGINES: [(&str, &str); 12] = [
    ("pulldown_cmark", "markdown/"),
    ("ammonia", "markdown/"),
    ("minijinja", "template/"),
    ("tantivy", "search/"),
    ("frostem", "search/"),
    ("rusqlite", "store/"),
    ("axum", "serve/"),
    ("notify", "serve/watch.rs"),
    ("ratatui", "tui/"),
    ("crossterm", "tui/"),
    ("calamine", "exchange/workbook.rs"),
    ("saphyr_parser", "book/spans.rs"),
];

/// Of `clap` as well, but the cli is where the program begins.
const CLAP: (&str, &str) = ("clap", "cli/");

/// Files longer than [`LONGEST`] lines, and why they are.
const LONG: [(&str, &str); 2] = [
    ("book/raw.rs", "the whole format in one place, doc comments first"),
    ("book/model.rs", "the resolved twin of the format"),
];
const LONGEST: usize = 800;

const PRINTING: [&str; 5] = ["println", "eprintln", "print", "eprint", "dbg"];
const CLOCKS: [&str; 4] = ["SystemTime", "Instant", "Zoned", "Timestamp"];

/// A name that code uses: `a::b::c`, a macro with its `!`.
#[derive(Debug, PartialEq)]
struct Named {
    line: usize,
    path: Vec<String>,
    imported: bool,
}

#[derive(Debug, PartialEq, Clone)]
enum Token {
    Word(String),
    Mark(char),
}

/// Words and marks of Rust code with their lines; comments, texts and characters taken out.
fn tokens(code: &str) -> Vec<(usize, Token)> {
    let chars: Vec<char> = code.chars().collect();
    let (mut at, mut line, mut out) = (0, 1, Vec::new());
    let skip_to = |from: usize, end: &str, line: &mut usize| -> usize {
        let end: Vec<char> = end.chars().collect();
        let mut at = from;
        while at < chars.len() && !chars[at..].starts_with(&end) {
            *line += usize::from(chars[at] == '\n');
            at += 1;
        }
        at + end.len()
    };
    while at < chars.len() {
        let c = chars[at];
        let next = chars.get(at + 1).copied();
        match c {
            '\n' => {
                line += 1;
                at += 1;
            }
            '/' if next == Some('/') => {
                at = skip_to(at, "\n", &mut line);
                line += 1;
            }
            '/' if next == Some('*') => at = skip_to(at + 2, "*/", &mut line),
            '"' => {
                at += 1;
                while at < chars.len() && chars[at] != '"' {
                    // An escaped line break is still one.
                    line += usize::from(chars[at] == '\n');
                    if chars[at] == '\\' {
                        at += 1;
                        line += usize::from(chars.get(at) == Some(&'\n'));
                    }
                    at += 1;
                }
                at += 1;
            }
            'r' | 'b' if raw_text(&chars[at..]).is_some() => {
                let (open, hashes) = raw_text(&chars[at..]).unwrap_or_default();
                at = skip_to(at + open, &format!("\"{}", "#".repeat(hashes)), &mut line);
            }
            '\'' => {
                // A character, or the beginning of a lifetime.
                at += match (next, chars.get(at + 2)) {
                    (Some('\\'), _) => {
                        let end = chars[at + 3..].iter().position(|c| *c == '\'');
                        end.map_or(1, |end| end + 4)
                    }
                    (Some(_), Some('\'')) => 3,
                    _ => 1,
                };
            }
            _ if c.is_alphabetic() || c == '_' => {
                let start = at;
                while at < chars.len() && (chars[at].is_alphanumeric() || chars[at] == '_') {
                    at += 1;
                }
                out.push((line, Token::Word(chars[start..at].iter().collect())));
            }
            _ if c.is_whitespace() => at += 1,
            _ => {
                out.push((line, Token::Mark(c)));
                at += 1;
            }
        }
    }
    out
}

/// The length of what opens a raw text (`r#"`, `br"`), and its number of `#`.
fn raw_text(chars: &[char]) -> Option<(usize, usize)> {
    let start = match chars {
        ['b', 'r', ..] => 2,
        ['r', ..] => 1,
        _ => return None,
    };
    let hashes = chars[start..].iter().take_while(|c| **c == '#').count();
    (chars.get(start + hashes) == Some(&'"')).then_some((start + hashes + 1, hashes))
}

/// Every path that code names, with trees of `use` written out.
fn names(code: &str) -> Vec<Named> {
    let tokens = tokens(code);
    let mut out = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at].1 {
            // What a type captures, `use<'a>`, imports nothing.
            Token::Word(word)
                if word == "use" && tokens.get(at + 1).is_none_or(|(_, next)| *next != Token::Mark('<')) =>
            {
                at += 1;
                tree(&tokens, &mut at, &[], &mut out);
            }
            Token::Word(_) => {
                let line = tokens[at].0;
                let mut path = Vec::new();
                while let Some((_, Token::Word(word))) = tokens.get(at) {
                    path.push(word.clone());
                    at += 1;
                    match tokens.get(at..at + 2) {
                        Some([(_, Token::Mark(':')), (_, Token::Mark(':'))]) => at += 2,
                        _ => break,
                    }
                }
                if tokens.get(at).is_some_and(|(_, token)| *token == Token::Mark('!'))
                    && let Some(last) = path.last_mut()
                {
                    last.push('!');
                }
                out.push(Named { line, path, imported: false });
            }
            Token::Mark(_) => at += 1,
        }
    }
    out
}

/// One tree of a `use`, up to what ends it.
fn tree(tokens: &[(usize, Token)], at: &mut usize, before: &[String], out: &mut Vec<Named>) {
    let mut path = before.to_vec();
    let first = tokens.get(*at).map_or(0, |(line, _)| *line);
    while let Some((_, token)) = tokens.get(*at) {
        match token {
            Token::Mark('{') => {
                *at += 1;
                while tokens.get(*at).is_some_and(|(_, token)| *token != Token::Mark('}')) {
                    tree(tokens, at, &path, out);
                    if tokens.get(*at).is_some_and(|(_, token)| *token != Token::Mark('}')) {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            Token::Mark(',' | '}' | ';') => break,
            Token::Word(word) if word == "as" => *at += 1,
            Token::Word(word) => path.push(word.clone()),
            Token::Mark(_) => {}
        }
        *at += 1;
    }
    out.push(Named { line: first, path, imported: true });
}

/// Code without its unit tests, which stand at the end.
fn without_tests(code: &str) -> &str {
    match code.find("#[cfg(test)]\nmod tests {").or_else(|| code.find("#[cfg(test)]\nmod tests_of_")) {
        Some(end) => &code[..end],
        None => code,
    }
}

/// Where in the crate a file's module is: `lint/rules/dead_end.rs` is `[lint, rules, dead_end]`.
fn module(file: &str) -> Vec<&str> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    match path {
        "lib" => Vec::new(),
        _ => path.split('/').collect(),
    }
}

/// The path from the top of the crate, where it leads into the crate.
fn absolute<'a>(file: &'a str, path: &'a [String]) -> Option<Vec<&'a str>> {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    match words[0] {
        "crate" | "callbook" => Some(words[1..].to_vec()),
        "super" | "self" => {
            let ups = words.iter().take_while(|word| **word == "super").count();
            let mut here = module(file);
            here.truncate(here.len().checked_sub(ups)?);
            let rest = words.iter().skip(ups).filter(|word| **word != "self");
            Some(here.into_iter().chain(rest.copied()).collect())
        }
        _ => None,
    }
}

fn floor(module: &str) -> Option<u8> {
    FLOORS.iter().find(|(name, _)| *name == module).map(|(_, floor)| *floor)
}

/// Everything in a file that breaks the rules of the house.
fn breaches(file: &str, code: &str) -> Vec<String> {
    let mut out = Vec::new();
    let own = module(file).first().copied().unwrap_or("lib").to_string();
    let Some(here) = floor(&own).or((own == "lib").then_some(6)) else {
        return vec![format!("{file}: the module `{own}` has no floor; give it one in layers.rs")];
    };
    let is_cli = own == "cli" || own == "main";
    for named in names(without_tests(code)) {
        let path: Vec<&str> = named.path.iter().map(String::as_str).collect();
        let mut tell = |what: String| {
            out.push(format!("{file}:{}: `{}` {what}", named.line, path.join("::")));
        };
        if let Some(target) =
            absolute(file, &named.path).and_then(|to| to.first().copied().map(str::to_string))
            && let Some(there) = floor(&target)
            && there > here
        {
            tell(format!("climbs from floor {here} to floor {there}"));
        }
        if !is_cli {
            if path.last().is_some_and(|last| PRINTING.iter().any(|name| *last == format!("{name}!"))) {
                tell("prints; only cli does".into());
            }
            let world = matches!(path[..], ["std", "env" | "process", ..])
                || matches!(
                    path[..],
                    ["std", "io", "stdout" | "stderr" | "stdin" | "Stdout" | "Stderr" | "Stdin", ..]
                )
                || (named.imported && path == ["std"]);
            if world {
                tell("is the world of the process; only cli looks at it".into());
            }
        }
        if here < 4 {
            if let [.., clock, "now"] = path[..]
                && CLOCKS.contains(&clock)
            {
                tell("reads a clock below floor 4".into());
            }
            if own != "search" && matches!(path[..], ["std", "fs" | "path" | "net", ..]) {
                tell("touches files below floor 4".into());
            }
        }
        for (engine, owner) in ENGINES.iter().chain([&CLAP]) {
            let names_it = path[0] == *engine && (path.len() > 1 || named.imported);
            if names_it && !file.starts_with(owner) {
                tell(format!("is an engine that only {owner} names"));
            }
        }
    }
    let lines = code.lines().count();
    let listed = LONG.iter().any(|(name, reason)| *name == file && !reason.is_empty());
    if lines > LONGEST && !listed {
        out.push(format!("{file}: {lines} lines; split it, or list it in layers.rs with a reason"));
    }
    out
}

#[test]
fn every_file_keeps_its_floor() {
    let src = root().join("src");
    let files: Vec<String> = walk(&src).into_iter().filter(|name| name.ends_with(".rs")).collect();
    assert!(files.len() > 50, "the walk finds only {} files", files.len());
    let mut found = Vec::new();
    for name in &files {
        let tests_only = name.ends_with("/tests.rs") || name.contains("/tests/");
        if !tests_only {
            let code = fs::read_to_string(src.join(name)).expect("a source file");
            found.extend(breaches(name, &code));
        }
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
    for (name, _) in LONG {
        let code = fs::read_to_string(src.join(name)).expect("a listed file");
        assert!(code.lines().count() > LONGEST, "{name} is short now; take it off the list");
    }
    for (module, _) in FLOORS {
        let is_there = files.iter().any(|name| super_module(name) == module);
        assert!(is_there, "there is no module `{module}` any more; take it off the list");
    }
}

fn super_module(file: &str) -> &str {
    module(file).first().copied().unwrap_or("lib")
}

#[test]
fn a_made_up_line_is_caught() {
    let check = |file: &str, code: &str, expected: &[&str]| {
        let found = breaches(file, code);
        assert_eq!(found, expected, "{file}: {code}");
    };
    // What climbs, however it is written.
    check(
        "book/x.rs",
        "use crate::cli::ui;",
        &["book/x.rs:1: `crate::cli::ui` climbs from floor 1 to floor 5"],
    );
    check(
        "card.rs",
        "use crate::{\n    book::Book,\n    render::{card, words},\n};",
        &[
            "card.rs:3: `crate::render::card` climbs from floor 2 to floor 3",
            "card.rs:3: `crate::render::words` climbs from floor 2 to floor 3",
        ],
    );
    check(
        "script/rules/x.rs",
        "fn a() { crate::project::open(); }",
        &["script/rules/x.rs:1: `crate::project::open` climbs from floor 2 to floor 4"],
    );
    check(
        "script/rules/x.rs",
        "use super::super::super::site;",
        &["script/rules/x.rs:1: `super::super::super::site` climbs from floor 2 to floor 3"],
    );
    check(
        "source.rs",
        "pub use super::book::Book;",
        &["source.rs:1: `super::book::Book` climbs from floor 0 to floor 1"],
    );
    check("lint/x.rs", "use crate::book::Book; use super::rules; use crate::script::Script;", &[]);
    // Effects.
    check(
        "render/x.rs",
        "fn a() {\n  println!(\"x\");\n}",
        &["render/x.rs:2: `println!` prints; only cli does"],
    );
    check(
        "project/x.rs",
        "use std::{env, fs};",
        &["project/x.rs:1: `std::env` is the world of the process; only cli looks at it"],
    );
    check(
        "render/x.rs",
        "fn a() { std::process::exit(1) }",
        &["render/x.rs:1: `std::process::exit` is the world of the process; only cli looks at it"],
    );
    check("cli/x.rs", "use std::env; fn a() { eprintln!() }", &[]);
    check(
        "script/x.rs",
        "let t = std::time::Instant::now();",
        &["script/x.rs:1: `std::time::Instant::now` reads a clock below floor 4"],
    );
    check("project/x.rs", "let t = SystemTime::now();", &[]);
    check(
        "book/x.rs",
        "use std::path::Path;",
        &["book/x.rs:1: `std::path::Path` touches files below floor 4"],
    );
    // Engines.
    check(
        "card.rs",
        "use tantivy::Index;",
        &["card.rs:1: `tantivy::Index` is an engine that only search/ names"],
    );
    check(
        "book/shape.rs",
        "saphyr_parser::Span",
        &["book/shape.rs:1: `saphyr_parser::Span` is an engine that only book/spans.rs names"],
    );
    check(
        "project/x.rs",
        "#[derive(clap::Args)] struct A;",
        &["project/x.rs:1: `clap::Args` is an engine that only cli/ names"],
    );
    // What only looks like it.
    check(
        "book/x.rs",
        "// use crate::cli::ui;\nlet a = \"use crate::cli; println!\"; let b = r#\"tantivy::Index\"#; /* std::env */",
        &[],
    );
    check(
        "book/x.rs",
        "fn f<'a>(c: char) -> &'a str { if c == '\"' { \"\" } else { '\\'' ; \"crate::cli\" } }",
        &[],
    );
    check("book/x.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    use crate::cli::ui;\n}\n", &[]);
    // A file that is too long, a module without a floor.
    check(
        "book/x.rs",
        &"\n".repeat(LONGEST + 1),
        &["book/x.rs: 801 lines; split it, or list it in layers.rs with a reason"],
    );
    check("kitchen/x.rs", "", &["kitchen/x.rs: the module `kitchen` has no floor; give it one in layers.rs"]);
}
