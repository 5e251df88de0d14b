//! A real yaml-language-server over the starter book and the faulty fixtures: it complains where
//! `check` does about the shape of a file, and nowhere else. It needs node, and installs the server where
//! it is missing (`CALLBOOK_YAML_SERVER` names another folder with the package).

mod npm;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

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

fn ask(server: &Path, question: &Value) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/editor/ask.mjs");
    let mut node = Command::new("node")
        .arg(script)
        .arg(server)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("node");
    let input = question.to_string();
    node.stdin.take().expect("a pipe").write_all(input.as_bytes()).expect("node reads");
    let output = node.wait_with_output().expect("node ends");
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
    let answer = ask(&server, &question);
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
