//! A real yaml-language-server over the starter book and the faulty fixtures: it complains where
//! `check` does about the shape of a file, and nowhere else. It needs node, and installs the server where
//! it is missing (`CALLBOOK_YAML_SERVER` names another folder with the package).

mod npm;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use callbook::book::editor::editor_schema;
use callbook::book::schema::FileKind;
use callbook::book::{self, InputFile};
use callbook::project::{self, STARTER, kind_of, schema_line};
use serde_json::{Value, json};

/// Faults that a schema can see. Dates and links that YAML itself makes texts of are among them.
const SHAPE: [&str; 11] = [
    "unknown-key",
    "missing-key",
    "conflicting-keys",
    "empty-value",
    "wrong-type",
    "bad-value",
    "bad-character",
    "bad-id",
    "bad-language",
    "bad-date",
    "bad-link",
];

/// Fixtures whose fault only the whole book shows, and why.
const BEYOND: [(&str, &str); 7] = [
    ("unknown-key/bad-comma", "the server overlooks a key without a value within braces"),
    ("wrong-type/bad-top", "a file that is no mapping: the place is the whole of it"),
    ("bad-value/bad-default", "whether a default fits its type"),
    ("bad-link/bad-text", "links within a text"),
    ("wrong-type/bad-tag", "tags are no part of the data"),
    ("wrong-type/bad-odd-key", "keys that are no texts"),
    ("bad-character/bad-raw", "raw control characters are no YAML for the server"),
];

/// The folder with the server: `CALLBOOK_YAML_SERVER`, or our own.
fn server() -> Option<PathBuf> {
    std::env::var_os("CALLBOOK_YAML_SERVER").map(PathBuf::from).or_else(|| npm::installed("editor"))
}

fn ask(script: &str, arguments: &[&Path], question: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor").join(script);
    let mut node = Command::new("node")
        .arg(&script)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let input = question.to_string();
    node.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("node reads");
    let output = node.wait_with_output().expect("node ends");
    assert!(output.status.success(), "{script:?} failed");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The faulty fixtures that are one file: name and text.
fn fixtures() -> Vec<(String, String)> {
    let lint = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lint");
    let mut out = Vec::new();
    for folder in fs::read_dir(lint).expect("fixtures").flatten() {
        for file in fs::read_dir(folder.path()).expect("a folder").flatten() {
            let path = file.path();
            if path.extension().is_some_and(|extension| extension == "yaml") {
                let name = format!(
                    "{}/{}",
                    folder.file_name().to_string_lossy(),
                    path.file_stem().expect("a name").to_string_lossy()
                );
                out.push((name, fs::read_to_string(&path).expect("a fixture")));
            }
        }
    }
    out.sort();
    out
}

#[test]
fn an_editor_complains_where_check_does() {
    let Some(server) = server() else { return };
    let temp = tempfile::tempdir().expect("a folder");
    project::init(temp.path()).expect("the starter book");
    let mut files: Vec<String> =
        STARTER.iter().map(|(name, _)| temp.path().join(name).display().to_string()).collect();
    let mut expected: BTreeMap<String, BTreeSet<u32>> =
        files.iter().map(|file| (file.clone(), BTreeSet::new())).collect();
    let yaml_faults =
        ["yaml-broken", "yaml-second-document", "yaml-too-large", "duplicate-key", "file-kind", "file-empty"];
    let mut unclear = BTreeSet::new();
    for (name, text) in fixtures() {
        let input = InputFile { name: "demo.yaml".into(), bytes: text.clone().into_bytes() };
        let (_, findings) = book::read_one(input);
        // What is no YAML, or nothing that says what it is, is no matter of the schema.
        if findings.iter().any(|finding| yaml_faults.contains(&finding.code)) {
            continue;
        }
        if BEYOND.iter().any(|(known, _)| *known == name) {
            unclear.insert(name);
            continue;
        }
        let file = temp.path().join("faulty").join(format!("{}.yaml", name.replace('/', "-")));
        fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        let line = schema_line("faulty/x.yaml", kind_of("x.yaml", &text));
        fs::write(&file, format!("{line}\n{text}")).expect("a file");
        // One line further down, for the line that names the schema.
        let lines = findings
            .iter()
            .filter(|finding| SHAPE.contains(&finding.code))
            .map(|finding| finding.span.start.line + 1)
            .collect();
        expected.insert(file.display().to_string(), lines);
        files.push(file.display().to_string());
    }
    assert_eq!(unclear.len() + 1, BEYOND.len(), "a fixture that is beyond a schema is gone: {unclear:?}");
    // And what it offers: keys of an objection, and the names of a closed list.
    let typed = "playbook: p\ntitle: P\nlanguage: en\nobjections:\n  - title: T\n    kind: \n    resp\n";
    let half = temp.path().join("half.yaml");
    let line = schema_line("half.yaml", kind_of("half.yaml", typed));
    fs::write(&half, format!("{line}\n{typed}")).expect("a file");
    let half = half.display().to_string();
    let question = json!({"files": files, "complete": [
        {"file": half, "line": 7, "column": 11},
        {"file": half, "line": 8, "column": 9},
    ]});
    let answer = ask("ask.mjs", &[&server], &question);
    let mut wrong = Vec::new();
    for (file, lines) in &expected {
        let told = answer["diagnostics"][file].as_array().expect("an answer for every file");
        let found: BTreeSet<u32> =
            told.iter().map(|one| one["line"].as_u64().unwrap_or_default() as u32).collect();
        if found != *lines {
            wrong.push(format!("{file}: check at {lines:?}, the editor at {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let offered = |number: usize| -> BTreeSet<String> {
        let labels = answer["completions"][number].as_array().into_iter().flatten();
        labels.filter_map(|label| label.as_str().map(str::to_string)).collect()
    };
    for name in ["brush-off", "smokescreen", "condition"] {
        assert!(offered(0).contains(name), "{:?}", offered(0));
    }
    assert!(offered(1).contains("responses"), "{:?}", offered(1));
}

/// A book that uses most of the format: the README's own, and what it has no example of.
fn samples() -> Vec<(FileKind, Value)> {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let blocks = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
    let library =
        STARTER.iter().filter(|(name, _)| name.starts_with("ms/core-closes")).map(|(_, text)| *text);
    let lexicon = "lexicon: en\ngroups:\n  - {id: price, category: price, expressions: [pricey, dear]}\n";
    let kinds =
        [FileKind::Book, FileKind::Playbook, FileKind::Playbook, FileKind::Library, FileKind::Lexicon];
    let texts = blocks.chain(library).chain([lexicon]);
    let value = |text| serde_yaml::from_str(text).expect("sound YAML");
    kinds.into_iter().zip(texts.map(value)).collect()
}

/// Numbers that are as good as random, and the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % most
    }
}

/// Every value in a value, itself too, as JSON pointers.
fn pointers(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_string());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(key, value)| pointers(value, &format!("{at}/{}", escaped(key)), out))
        }
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| pointers(item, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

/// Makes one mistake somewhere; what it was, for a message.
fn mistake(value: &mut Value, dice: &mut Dice) -> String {
    let mut all = Vec::new();
    pointers(value, "", &mut all);
    let at = all[1 + dice.below(all.len() - 1)].clone();
    let node = value.pointer_mut(&at).expect("there");
    let others = [
        json!(null),
        json!(true),
        json!(3),
        json!(-1),
        json!(0.5),
        json!(1e300),
        json!(""),
        json!("   "),
        json!("some words"),
        json!("no-budget"),
        json!("Not An Id!"),
        json!("2026-13-01"),
        json!("2026-02-28"),
        json!("javascript:alert(1)"),
        json!("https://example.com"),
        json!("90d"),
        json!("a\u{7}b"),
        json!([]),
        json!({}),
        json!(["x"]),
        json!([{"say": "x"}]),
        json!({"say": "x"}),
        json!({"title": "x", "x-own": [1]}),
        json!({"id": "x"}),
        json!("objection"),
        json!("yes"),
        json!("x".repeat(300)),
    ];
    match (dice.below(5), node) {
        (0, Value::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).expect("a key").clone();
            map.shift_remove(&key);
            format!("{at} without `{key}`")
        }
        (1, Value::Object(map)) if !map.is_empty() => {
            let key = map.keys().nth(dice.below(map.len())).expect("a key").clone();
            let old = map.shift_remove(&key).expect("a value");
            let new = ["x-", "", "my "][dice.below(3)].to_string() + &key.replacen('t', "tt", 1);
            map.insert(new.clone(), old);
            format!("{at}: `{new}` for `{key}`")
        }
        (2, Value::Array(items)) if !items.is_empty() => {
            items.remove(dice.below(items.len()));
            format!("{at} with one item less")
        }
        (_, node) => {
            *node = others[dice.below(others.len())].clone();
            format!("{at} is {node}")
        }
    }
}

#[test]
fn a_mistake_anywhere_is_one_for_both() {
    // Only node is needed, but where there is node there is npm.
    if npm::installed("editor").is_none() {
        return;
    }
    let samples = samples();
    let name = |kind: FileKind| if kind == FileKind::Book { "book.yaml" } else { "demo.yaml" };
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut cases: Vec<(String, FileKind, Value)> =
        samples.iter().map(|(kind, value)| ("as it is".to_string(), *kind, value.clone())).collect();
    for number in 0..1_500 {
        let (kind, value) = &samples[number % samples.len()];
        let mut value = value.clone();
        let what = mistake(&mut value, &mut dice);
        cases.push((what, *kind, value));
    }
    // What says which kind of file it is, has to be there for either.
    let says = |kind: FileKind, value: &Value| match kind {
        FileKind::Book => true,
        FileKind::Playbook => value.get("playbook").is_some(),
        FileKind::Library => value.get("library").is_some(),
        FileKind::Lexicon => value.get("lexicon").is_some(),
    };
    cases.retain(|(_, kind, value)| says(*kind, value));
    let schemas: Value = project::KINDS
        .iter()
        .map(|(_, kind)| (format!("{kind:?}"), serde_json::to_value(editor_schema(*kind)).expect("JSON")))
        .collect::<serde_json::Map<_, _>>()
        .into();
    let asked: Vec<Value> =
        cases.iter().map(|(_, kind, value)| json!({"kind": format!("{kind:?}"), "value": value})).collect();
    let answer = ask("agree.mjs", &[], &json!({"schemas": schemas, "cases": asked}));
    let answer = answer.as_array().expect("a list");
    assert_eq!(answer.len(), cases.len());
    let (mut wrong, mut faulty) = (Vec::new(), 0);
    for ((what, kind, value), fits) in cases.iter().zip(answer) {
        let text = serde_yaml::to_string(value).expect("YAML");
        let file = InputFile { name: name(*kind).into(), bytes: text.into_bytes() };
        // The names of a short list of variables are looked at with all of the book.
        let findings = match kind {
            FileKind::Book => book::load(vec![file]).1,
            _ => book::read_one(file).1,
        };
        let told: Vec<String> = findings
            .iter()
            .filter(|finding| SHAPE.contains(&finding.code))
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect();
        faulty += usize::from(!told.is_empty());
        if *fits != Value::Bool(told.is_empty()) {
            wrong.push(format!("{kind:?}: {what}: fits the schema: {fits}, check: {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
    assert!(faulty * 4 > cases.len() && faulty < cases.len(), "{faulty} of {}", cases.len());
}
