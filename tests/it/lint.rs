//! Every code that `check` can report has a bad book that raises it, at the place that the fixture
//! itself states, and a good book that comes close and does not.
//!
//! `tests/lint/<code>/` holds fixtures called `bad…` and `good…`. A fixture is
//! - a YAML file: one file of a book, `demo.yaml`; a minimal book.yaml is added;
//! - a `.yaml.escaped` file: the same, with `\xNN` for bytes that a repository cannot hold well;
//! - a folder: a book on disk. Its file `MAKE` tells what else to put there, a line each:
//!   `link NAME TARGET`, `size NAME BYTES`, `pad NAME BYTES` (of remarks behind a file), `gone NAME`
//!   (there when the folder is listed, not when it is read), and `expect NAME LINE:COLUMN`.
//!
//! In a file, `# expect: LINE:COLUMN` states a place. The places of the code must be just those, and
//! there must be no other error or warning.

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;

use callbook::diagnostic::{Diagnostic, Severity};
use callbook::lint::{CODES, RULES};

use crate::support::{checked, checked_folder, checked_on, faults, file, files, listed, root};

/// A fixture's findings, and the places that it states as `file line:column`.
struct Outcome {
    findings: Vec<Diagnostic>,
    expected: BTreeSet<String>,
}

fn stated(name: &str, text: &str, out: &mut BTreeSet<String>) {
    for line in text.lines() {
        if let Some(place) = line.strip_prefix("# expect: ") {
            out.insert(format!("{name} {}", place.trim()));
        }
    }
}

fn unescape(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\x") {
        out.extend(before.bytes());
        out.push(u8::from_str_radix(&after[..2], 16).expect("two hex digits behind \\x"));
        rest = &after[2..];
    }
    out.extend(rest.bytes());
    out
}

fn run_file(path: &Path) -> Outcome {
    let text = fs::read_to_string(path).expect("a fixture");
    let mut expected = BTreeSet::new();
    stated("demo.yaml", &text, &mut expected);
    let bytes = match path.extension() {
        Some(extension) if extension == "escaped" => unescape(&text),
        _ => text.into_bytes(),
    };
    let mut input = files(&[]);
    input.push(file("demo.yaml", bytes));
    let findings = checked_on(input, crate::support::TODAY).1;
    Outcome { findings, expected }
}

fn run_folder(path: &Path) -> Outcome {
    let temp = tempfile::tempdir().expect("a folder");
    let mut expected = BTreeSet::new();
    let mut make = String::new();
    for name in crate::support::walk(path) {
        let text = fs::read_to_string(path.join(&name)).expect("a fixture");
        if name == "MAKE" {
            make = text;
            continue;
        }
        stated(&name, &text, &mut expected);
        crate::support::write_all(temp.path(), &[(&name, &text)]);
    }
    if !temp.path().join("book.yaml").exists() {
        crate::support::write_all(temp.path(), &[("book.yaml", crate::support::BOOK)]);
    }
    let mut gone = Vec::new();
    for line in make.lines().filter(|line| !line.starts_with('#')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["link", name, target] => {
                std::os::unix::fs::symlink(target, temp.path().join(name)).expect("a link");
            }
            ["size", name, bytes] => {
                let made = fs::File::create(temp.path().join(name)).expect("a file");
                made.set_len(bytes.parse().expect("a number")).expect("a size");
            }
            ["pad", name, bytes] => {
                let mut there =
                    fs::OpenOptions::new().append(true).open(temp.path().join(name)).expect("a file");
                let bytes: usize = bytes.parse().expect("a number");
                let remark = format!("#{}\n", "-".repeat(98));
                there.write_all(remark.repeat(bytes / 100).as_bytes()).expect("room");
            }
            ["gone", name] => {
                fs::write(temp.path().join(name), crate::support::PLAYBOOK).expect("a file");
                gone.push(temp.path().join(name));
            }
            ["expect", name, place] => {
                expected.insert(format!("{name} {place}"));
            }
            _ => panic!("{}: what is `{line}`?", path.display()),
        }
    }
    let take_away = || gone.iter().for_each(|path| fs::remove_file(path).expect("a file"));
    let findings = checked_folder(temp.path(), take_away).1;
    Outcome { findings, expected }
}

fn run(path: &Path) -> Outcome {
    match path.is_dir() {
        true => run_folder(path),
        false => run_file(path),
    }
}

/// What is wrong with a fixture, as far as anything is.
fn judge(code: &str, name: &str, outcome: &Outcome) -> Option<String> {
    let Outcome { findings, expected } = outcome;
    let places: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding.code == code)
        .map(|finding| {
            let start = finding.span.start;
            format!("{} {}:{}", finding.file, start.line, start.column)
        })
        .collect();
    let other = |finding: &&Diagnostic| finding.code != code && finding.severity != Severity::Info;
    let tell = |what: String| Some(format!("{code}/{name}: {what}\n{}", listed(findings)));
    if name.starts_with("bad") && expected.is_empty() {
        return tell("states no place; write `# expect: LINE:COLUMN`".into());
    }
    if name.starts_with("good") && !expected.is_empty() {
        return tell("is good, so it cannot state places".into());
    }
    if places != *expected {
        return tell(format!("expected at {expected:?}, found at {places:?}"));
    }
    findings.iter().find(other).and_then(|finding| tell(format!("raises `{}` besides", finding.code)))
}

#[test]
fn every_code_has_books_that_show_it() {
    let lint = root().join("tests/lint");
    let mut wrong = Vec::new();
    let mut folders: BTreeSet<String> = fs::read_dir(&lint)
        .expect("tests/lint")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    for code in CODES {
        if !folders.remove(code.id) {
            wrong.push(format!("tests/lint/{} is missing", code.id));
            continue;
        }
        let mut names: Vec<String> = fs::read_dir(lint.join(code.id))
            .expect("a folder")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        for kind in ["bad", "good"] {
            if !names.iter().any(|name| name.starts_with(kind)) {
                wrong.push(format!("tests/lint/{} has no {kind} book", code.id));
            }
        }
        for name in &names {
            if !name.starts_with("bad") && !name.starts_with("good") {
                wrong.push(format!("tests/lint/{}/{name} is neither bad nor good", code.id));
                continue;
            }
            let outcome = run(&lint.join(code.id).join(name));
            for finding in &outcome.findings {
                let known = CODES.iter().find(|code| code.id == finding.code);
                if known.is_none_or(|known| known.severity != finding.severity) {
                    wrong.push(format!("{}/{name}: {finding:?} is not as CODES says", code.id));
                }
            }
            wrong.extend(judge(code.id, name, &outcome));
        }
    }
    wrong.extend(folders.iter().map(|name| format!("tests/lint/{name} is of no code")));
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_page_and_every_rule_a_code() {
    let mut seen = BTreeSet::new();
    for code in CODES {
        assert!(seen.insert(code.id), "`{}` stands twice", code.id);
        let plain = |c: char| c.is_ascii_lowercase() || c == '-';
        assert!(code.id.chars().all(plain), "`{}` is no plain name", code.id);
        assert!(!code.title.is_empty() && !code.title.ends_with('.'), "{}: its title", code.id);
        assert!(code.explain.len() > 60 && code.explain.ends_with('.'), "{}: its page", code.id);
    }
    for rule in RULES {
        assert!(seen.contains(rule.id), "the rule `{}` has no code", rule.id);
    }
}

/// The judge itself: it must not call a wrong fixture right.
#[test]
fn a_wrong_fixture_is_told() {
    let (_, findings) = checked(&[("demo.yaml", "playbook: demo\ntitle: [x]\nlanguage: en\n")]);
    let outcome = |places: &[&str]| Outcome {
        findings: findings.clone(),
        expected: places.iter().map(ToString::to_string).collect(),
    };
    let verdict = |code, name, places: &[&str]| judge(code, name, &outcome(places)).is_none();
    assert!(verdict("wrong-type", "bad.yaml", &["demo.yaml 2:8"]));
    assert!(!verdict("wrong-type", "bad.yaml", &["demo.yaml 2:7"]));
    assert!(!verdict("wrong-type", "bad.yaml", &[]));
    assert!(!verdict("wrong-type", "good.yaml", &[]));
    assert!(!verdict("bad-id", "good.yaml", &[]));
}

#[test]
fn five_faults_in_one_file_are_five_findings() {
    let text = "\
playbook: demo
title: Demo
language: en
colour: green
stages:
  - id: open
    title: Opening
    goal: Two minutes
    minutes: two
    next: nowhere
objections:
  - id: too-expensive
    title: It's too expensive
    kind: complaint
    utterances: [that costs too much]
    responses:
      - {id: compare, say: \"Hi {{ nobody }}\"}
";
    let (book, findings) = checked(&[("demo.yaml", text)]);
    assert_eq!(
        faults(&findings),
        [
            "unknown-key 4:1",
            "wrong-type 9:14",
            "unknown-reference 10:11",
            "bad-value 14:11",
            "template-variable 17:28",
        ],
        "{}",
        listed(&findings)
    );
    // And what is sound of it is there.
    let volume = &book.volumes[0];
    assert_eq!(volume.stages.len(), 1);
    assert_eq!(volume.objections.len(), 1);
}
