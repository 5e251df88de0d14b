//! The program as people and scripts meet it: transcripts of its commands, and what a transcript
//! cannot show (folders that are written, pipes that close).

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use program::{callbook, text, wants};

const TODAY: &str = "2026-11-22";

/// `TRYCMD=overwrite` writes the transcripts anew; what differs from run to run (`elapsed_us`) or with
/// the content of the starter book (scores, lines, counts) then has to become `[..]` again.
#[test]
fn transcripts() {
    program::transcripts().env("CALLBOOK_BOOK", "playbooks").case("tests/cli/*.trycmd");
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().expect("an object").keys().map(String::as_str).collect()
}

/// A book in a folder of its own.
fn book(playbook: &str) -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("book.yaml"), "title: Test\nlanguage: en\n").expect("a file");
    fs::write(temp.path().join("demo.yaml"), playbook).expect("a file");
    temp
}

const PLAYBOOK: &str = "playbook: demo\ntitle: Demo\nlanguage: en\nstages:\n  - {id: open, title: Opening, goal: G, \
    script: [{say: 'Hi {{ who }}'}]}\nvariables: [{name: who, title: Whom, required: true}]\n";

#[test]
fn init_writes_a_book_and_never_writes_over_one() {
    let temp = tempfile::tempdir().expect("a folder");
    let (out, err) = wants(0, temp.path(), &["init"]);
    assert!(out.contains("wrote the starter book into playbooks") && err.is_empty(), "{out}{err}");
    // It ends with three commands to try, and each of them works as it stands there.
    let tries: Vec<&str> = out.lines().filter_map(|line| line.strip_prefix("  callbook ")).collect();
    assert_eq!(tries.len(), 3, "{out}");
    for line in tries {
        let arguments: Vec<&str> = match line.split_once('"') {
            Some((before, after)) => before.split_whitespace().chain([after.trim_end_matches('"')]).collect(),
            None => line.split_whitespace().collect(),
        };
        wants(0, temp.path(), &arguments);
    }
    let (out, err) = wants(2, temp.path(), &["init"]);
    assert!(out.is_empty() && err.contains("is there already, so nothing was written"), "{out}{err}");
    assert!(err.contains("hint: "), "{err}");
    // Into a folder with a name of its own, with a space in it.
    let (out, _) = wants(0, temp.path(), &["init", "my book"]);
    let hint = out.lines().find(|line| line.contains("find")).expect("a command to try");
    assert!(hint.contains("--book 'my book'"), "cannot be typed: {hint}");
}

#[test]
fn the_json_of_find_is_as_promised() {
    let playbooks = root().join("playbooks");
    let (out, err) =
        wants(0, &playbooks, &["find", "it's too expensive", "-l", "en", "-n", "3", "--format", "json"]);
    assert!(err.is_empty(), "{err}");
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(keys(&value), ["query", "language", "total", "elapsed_us", "hits"]);
    assert_eq!((&value["query"], &value["language"]), (&"it's too expensive".into(), &"en".into()));
    let hits = value["hits"].as_array().expect("hits");
    assert_eq!(hits.len(), 3);
    assert!(value["total"].as_u64().is_some_and(|total| total >= 3));
    for (index, hit) in hits.iter().enumerate() {
        for key in [
            "rank",
            "score",
            "kind",
            "id",
            "playbook",
            "language",
            "code",
            "title",
            "category",
            "matched",
            "responses",
            "file",
            "line",
        ] {
            assert!(hit.get(key).is_some(), "no `{key}` in {hit}");
        }
        assert_eq!(hit["rank"], index + 1);
        let file = playbooks.join(hit["file"].as_str().expect("a file"));
        let text = fs::read_to_string(file).expect("the file of a hit");
        let line = hit["line"].as_u64().expect("a line") as usize;
        let there = text.lines().nth(line - 1).expect("the line of a hit");
        assert!(there.contains(hit["id"].as_str().expect("an id")), "{line}: {there}");
    }
    let scores: Vec<f64> = hits.iter().map(|hit| hit["score"].as_f64().expect("a score")).collect();
    assert!(scores.is_sorted_by(|a, b| a >= b), "{scores:?}");
    assert_eq!(hits[0]["id"], "too-expensive");
    assert_eq!(hits[0]["code"], "P1");
    let response = &hits[0]["responses"][0];
    for key in ["id", "technique", "bridge", "say", "ask"] {
        assert!(response[key].as_str().is_some_and(|text| !text.is_empty()), "{key} of {response}");
    }
    // The same twice, but for the time it took.
    let again = |text: &str| {
        let mut value: Value = serde_json::from_str(text).expect("JSON");
        value["elapsed_us"] = 0.into();
        value
    };
    let (second, _) =
        wants(0, &playbooks, &["find", "it's too expensive", "-l", "en", "-n", "3", "--format", "json"]);
    assert_eq!(again(&out), again(&second));
    // Nothing fits: still JSON, and 1.
    let (out, _) = wants(1, &playbooks, &["find", "zzz qqq xxx", "--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&value["total"], &value["hits"], &value["language"]),
        (&0.into(), &serde_json::json!([]), &Value::Null)
    );
}

#[test]
fn a_batch_answers_line_by_line() {
    let file = root().join("tests/cli/batch.txt");
    let batch = ["find", "--batch", file.to_str().expect("a path"), "--format", "jsonl"];
    let (out, err) = wants(0, &root().join("playbooks"), &batch);
    assert!(err.is_empty(), "{err}");
    let asked = fs::read_to_string(&file).expect("the batch");
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), asked.lines().count());
    let first = |line: usize| answers[line]["hits"][0]["id"].as_str().unwrap_or("-");
    let firsts: Vec<&str> = (0..answers.len()).map(first).collect();
    assert_eq!(
        firsts,
        ["too-expensive", "-", "too-expensive", "-", "-", "-", "-", "too-expensive", "too-expensive"]
    );
    let errors: Vec<bool> = answers.iter().map(|answer| answer.get("error").is_some()).collect();
    assert_eq!(errors, [false, false, false, true, true, true, false, false, false]);
    assert_eq!(answers[2]["language"], "zh-Hant");
    assert_eq!(answers[2]["hits"][0]["language"], "zh-Hant");
    assert_eq!(answers[7]["query"], "đắt quá");
    // From a pipe it is the same.
    let child = callbook(&root().join("playbooks"), &["find", "--batch", "-"])
        .stdin(fs::File::open(&file).expect("the batch"))
        .output()
        .expect("the program");
    let piped: Vec<Value> =
        text(&child.stdout).lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids = |answers: &[Value]| answers.iter().map(|answer| answer["hits"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&piped), ids(&answers));
    // And a file that is not there is no batch.
    let (_, err) = wants(2, &root().join("playbooks"), &["find", "--batch", "nowhere.txt"]);
    assert!(err.contains("cannot read `nowhere.txt`"), "{err}");
}

#[test]
fn the_json_of_check_is_as_promised() {
    let faulty = root().join("tests/cli/faulty");
    let (out, _) = wants(1, &faulty, &["check", "--today", TODAY, "--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(keys(&value), ["version", "findings", "errors", "warnings"]);
    assert_eq!(value["version"], 1);
    let findings = value["findings"].as_array().expect("findings");
    let mut places = Vec::new();
    for finding in findings {
        assert_eq!(
            keys(finding),
            ["code", "severity", "file", "line", "column", "end_line", "end_column", "message", "hint"]
        );
        assert!(["error", "warning", "info"].contains(&finding["severity"].as_str().expect("a severity")));
        places.push((finding["file"].to_string(), finding["line"].as_u64(), finding["column"].as_u64()));
    }
    assert!(places.is_sorted(), "sorted by file and place: {places:?}");
    let count = |severity: &str| findings.iter().filter(|finding| finding["severity"] == severity).count();
    assert_eq!(value["errors"], count("error"));
    assert_eq!(value["warnings"], count("warning"));
    assert!(count("error") >= 3 && count("warning") >= 2);
    // GitHub's form and SARIF tell of the same places.
    let (github, _) = wants(1, &faulty, &["check", "--today", TODAY, "--format", "github"]);
    assert_eq!(github.lines().count(), findings.len());
    assert!(
        github
            .lines()
            .all(|line| line.starts_with("::") && line.contains("line=") && line.contains("title="))
    );
    let (sarif, _) = wants(1, &faulty, &["check", "--today", TODAY, "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).expect("JSON");
    assert_eq!(sarif["version"], "2.1.0");
    let run = &sarif["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), findings.len());
    let rules: BTreeSet<&str> = run["tool"]["driver"]["rules"]
        .as_array()
        .expect("rules")
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    for (result, finding) in results.iter().zip(findings) {
        assert_eq!(result["ruleId"], finding["code"]);
        assert!(rules.contains(result["ruleId"].as_str().expect("an id")), "{result}");
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert_eq!((&region["startLine"], &region["startColumn"]), (&finding["line"], &finding["column"]));
    }
}

/// Errors give 1; warnings alone 0, or 1 where they are denied; remarks always 0.
#[test]
fn check_fails_for_what_it_should() {
    let with = |more: &str| book(&format!("{PLAYBOOK}{more}"));
    for (more, plain, denied) in [
        ("", 0, 0),
        ("closes: [{title: No id of its own, say: S}]\n", 0, 0),
        ("method: mine-alone\n", 0, 1),
        ("colour: green\n", 1, 1),
    ] {
        let temp = with(more);
        let (out, _) = wants(plain, temp.path(), &["check", "--today", TODAY]);
        assert!(!out.is_empty());
        wants(denied, temp.path(), &["check", "--today", TODAY, "--deny", "warnings"]);
    }
    // The day comes from the environment as well, and what is asked for wins.
    let temp = with("proofs: [{id: a, claim: C, date: 2026-01-31, expires: 2026-11-21}]\n");
    let on = |day: Option<&str>, epoch: Option<&str>| {
        let mut arguments = vec!["check", "--deny", "warnings"];
        arguments.extend(day.into_iter().flat_map(|day| ["--today", day]));
        let mut command = callbook(temp.path(), &arguments);
        command.envs(epoch.map(|epoch| ("SOURCE_DATE_EPOCH", epoch)));
        command.output().expect("the program").status.code()
    };
    assert_eq!(on(Some("2026-11-22"), None), Some(1));
    assert_eq!(on(Some("2026-11-21"), None), Some(0));
    assert_eq!(on(None, Some("1000000000")), Some(0));
    assert_eq!(on(None, Some("4000000000")), Some(1));
    assert_eq!(on(Some("2026-11-21"), Some("4000000000")), Some(0));
    let (_, err) = wants(2, temp.path(), &["check", "--today", "tomorrow"]);
    assert!(err.contains("year-month-day"), "{err}");
    // A broken book.yaml, an empty folder, no book at all.
    fs::write(temp.path().join("book.yaml"), "[").expect("a file");
    wants(1, temp.path(), &["check"]);
    fs::remove_file(temp.path().join("book.yaml")).expect("gone");
    let (_, err) = wants(2, temp.path(), &["check", "--book", "."]);
    assert!(err.contains("no book.yaml in"), "{err}");
}

#[test]
fn scripts_are_filled_in() {
    let temp = book(PLAYBOOK);
    let here = temp.path();
    let (out, err) = wants(1, here, &["script", "demo", "--strict"]);
    assert!(out.is_empty() && err.contains("who") && err.contains("--set who="), "{out}{err}");
    let (out, _) = wants(0, here, &["script", "demo"]);
    assert!(out.contains("____") && !out.contains('\u{1b}'), "a blank, and no colours in a pipe: {out}");
    let hostile = "**x** <script>alert(1)</script> {{ 7*7 }} \u{1b}[31m";
    let set = format!("who={hostile}");
    let (out, _) = wants(0, here, &["script", "demo", "--strict", "--set", &set, "--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(value["stages"][0]["lines"][0]["text"], format!("Hi {hostile}"));
    assert_eq!(value["missing"], serde_json::json!([]));
    let (out, _) = wants(0, here, &["script", "demo", "--set", &set, "--color", "always"]);
    assert!(!out.contains("\u{1b}[31m") && out.contains("{{ 7*7 }}"), "{out:?}");
    // From files, nested or dotted; the command line wins.
    // They do not lie in the book: every YAML file there is a file of the book.
    let beside = tempfile::tempdir().expect("a folder");
    let at = |name: &str| beside.path().join(name).display().to_string();
    fs::write(at("vars.yaml"), "who: 007\n").expect("a file");
    fs::write(at("vars.json"), "{\"who\": \"Linh\"}").expect("a file");
    let (yaml, json, bad) = (at("vars.yaml"), at("vars.json"), at("bad.yaml"));
    let line = |arguments: &[&str]| {
        let all: Vec<&str> =
            ["script", "demo", "--format", "markdown"].iter().chain(arguments).copied().collect();
        let (out, _) = wants(0, here, &all);
        out.lines().find(|line| line.contains("Hi ")).expect("the line").to_string()
    };
    assert!(line(&["--vars", &json]).ends_with("Hi Linh"));
    assert!(line(&["--vars", &yaml, "--vars", &json]).ends_with("Hi Linh"));
    assert!(line(&["--vars", &json, "--set", "who=Mai"]).ends_with("Hi Mai"));
    assert!(line(&["--vars", &yaml]).ends_with("Hi 007"), "as it is written");
    for (text, why) in [("- a\n", "holds no variables"), ("{", "cannot be read")] {
        fs::write(&bad, text).expect("a file");
        let (_, err) = wants(2, here, &["script", "demo", "--vars", &bad]);
        assert!(err.contains(why), "{err}");
    }
    let (_, err) = wants(0, here, &["script", "demo", "--set", "whom=x"]);
    assert!(err.contains("no variable is called `whom`") && err.contains("did you mean `who`?"), "{err}");
    // Into a file: nothing on stdout, and nothing of a terminal's in it.
    let (out, err) = wants(0, here, &["script", "demo", "-o", "out.txt", "--color", "always"]);
    assert!(out.is_empty() && err.contains("wrote out.txt"), "{out}{err}");
    assert!(!fs::read_to_string(here.join("out.txt")).expect("a file").contains('\u{1b}'));
    let (_, err) = wants(0, here, &["-q", "script", "demo", "-o", "out.html", "--format", "html"]);
    assert!(err.is_empty(), "{err}");
    wants(2, here, &["script", "demo", "-o", "no/such/folder.txt"]);
}

/// Who has read enough closes the pipe: a quiet end, with 0.
#[test]
fn a_closed_pipe_is_a_quiet_end() {
    let playbooks = root().join("playbooks");
    for arguments in [
        &["script", "saas-outbound"][..],
        &["script", "saas-outbound", "--format", "json"],
        &["check", "--format", "json"],
        &["find", "too expensive"],
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = callbook(&playbooks, arguments)
            .stdout(writer)
            .stderr(Stdio::piped())
            .output()
            .expect("the program");
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", text(&output.stderr));
        assert_eq!(text(&output.stderr), "", "{arguments:?}");
    }
}

#[test]
fn a_handbook_is_built_and_built_again() {
    let temp = book(PLAYBOOK);
    let here = temp.path();
    let (out, err) = wants(0, here, &["build", "--today", TODAY]);
    assert_eq!(out.trim(), "site/index.html");
    assert!(here.join("site/index.html").is_file() && err.contains("written"), "{err}");
    let (_, err) = wants(0, here, &["build", "--today", TODAY]);
    assert!(err.contains("0 written") && err.contains("0 removed"), "{err}");
    // The site is no part of the book, and two folders have the same bytes.
    wants(0, here, &["build", "--today", TODAY, "-o", "other"]);
    let bytes = |folder: &str| {
        let mut all: Vec<(String, Vec<u8>)> = Vec::new();
        let mut todo = vec![here.join(folder)];
        while let Some(next) = todo.pop() {
            for entry in fs::read_dir(next).expect("a folder").flatten() {
                match entry.path() {
                    path if path.is_dir() => todo.push(path),
                    path => {
                        let name = path.strip_prefix(here.join(folder)).expect("below").display().to_string();
                        all.push((name, fs::read(&path).expect("a file")));
                    }
                }
            }
        }
        all.sort();
        all
    };
    assert!(bytes("site") == bytes("other") && bytes("site").len() > 2);
    // Not while there are errors, unless it is a draft.
    fs::write(here.join("demo.yaml"), format!("{PLAYBOOK}colour: green\n")).expect("an edit");
    let before = bytes("site");
    let (out, err) = wants(1, here, &["build"]);
    assert!(out.is_empty() && err.contains("the book has 1 error, so nothing was built"), "{out}{err}");
    assert!(bytes("site") == before);
    let (_, err) = wants(0, here, &["build", "--draft"]);
    assert!(err.contains("1 error"), "{err}");
    // Never into a book, nor over a file.
    fs::write(here.join("demo.yaml"), PLAYBOOK).expect("an edit");
    wants(2, here, &["build", "-o", "."]);
    wants(2, here, &["build", "-o", "book.yaml"]);
    fs::create_dir_all(here.join("mine")).expect("a folder");
    fs::write(here.join("mine/index.html"), "mine").expect("a file");
    let (_, err) = wants(2, here, &["build", "-o", "mine"]);
    assert!(err.contains("callbook did not make it"), "{err}");
    assert_eq!(fs::read_to_string(here.join("mine/index.html")).expect("a file"), "mine");
}

/// The book that is meant: named, from the environment, or the nearest one.
#[test]
fn the_book_is_found() {
    let temp = book(PLAYBOOK);
    let other = book(&PLAYBOOK.replace("Demo", "Another"));
    let here = temp.path();
    fs::create_dir_all(here.join("deep/er")).expect("a folder");
    let title = |command: &mut Command| {
        text(&command.output().expect("the program").stdout).lines().next().map(String::from)
    };
    let script = ["script", "demo"];
    assert!(
        title(&mut callbook(&here.join("deep/er"), &script)).is_some_and(|line| line.starts_with("Demo"))
    );
    let mut from_env = callbook(here, &script);
    from_env.env("CALLBOOK_BOOK", other.path());
    assert!(title(&mut from_env).is_some_and(|line| line.starts_with("Another")));
    from_env.args(["--book", here.to_str().expect("a path")]);
    assert!(title(&mut from_env).is_some_and(|line| line.starts_with("Demo")), "the argument wins");
    let mut from_env = callbook(here, &script);
    from_env.env("CALLBOOK_BOOK", "");
    assert!(title(&mut from_env).is_some_and(|line| line.starts_with("Demo")), "empty is as good as not set");
    let empty = tempfile::tempdir().expect("a folder");
    let (_, err) = wants(2, empty.path(), &script);
    assert!(err.contains("there is no book here") && err.contains("callbook init"), "{err}");
    // Without a home there is no cache; it works all the same and says so.
    let output = callbook(here, &["find", "opening"])
        .env_remove("HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("XDG_DATA_HOME")
        .output()
        .expect("the program");
    assert!(matches!(output.status.code(), Some(0 | 1)), "{}", text(&output.stderr));
}

/// `new` adds to a file, leaves every byte of it, and what comes out passes `check`.
#[test]
fn new_parts_are_added_and_nothing_is_lost() {
    let temp = tempfile::tempdir().expect("a folder");
    let here = temp.path();
    fs::write(here.join("book.yaml"), "title: Test\nlanguage: en\n").expect("a file");
    let (out, _) = wants(0, here, &["new", "playbook", "--title", "Cold call"]);
    assert_eq!(out, "./cold-call.yaml:1\n");
    let first = fs::read_to_string(here.join("cold-call.yaml")).expect("the new file");
    assert!(first.starts_with("# yaml-language-server: $schema=.callbook/playbook.json\n"), "{first}");
    assert!(here.join(".callbook/playbook.json").is_file());
    // Never over what is there.
    let (_, err) = wants(2, here, &["new", "playbook", "--title", "Cold call"]);
    assert!(err.contains("nothing was written") || err.contains("is there already"), "{err}");
    // A trainer's own remarks and line ends stay.
    let own = format!("{}\r\n# mine, at the end", first.replace('\n', "\r\n"));
    fs::write(here.join("cold-call.yaml"), &own).expect("a file");
    let kinds: [&[&str]; 9] = [
        &[
            "objection",
            "--title",
            "It's too expensive",
            "--say",
            "Compared with what?",
            "--category",
            "price",
        ],
        &[
            "objection",
            "--title",
            "太貴了: 真的",
            "--say",
            "嗯？",
            "--utterance",
            "好貴",
            "--utterance",
            "# 貴",
        ],
        &["stage", "--title", "Opening", "--goal", "Two minutes"],
        &["question", "--title", "What keeps you busy?"],
        &["close", "--title", "Next step", "--say", "Shall we meet?"],
        &["signal", "--title", "Asks for the price", "--utterance", "what is it"],
        &["competitor", "--title", "Acme"],
        &["proof", "--title", "Six hours a week", "--source", "survey"],
        &["outcome", "--title", "Meeting", "--result", "won"],
    ];
    let mut before = own;
    for arguments in kinds {
        wants(0, here, &[&["new"], arguments].concat());
        let after = fs::read_to_string(here.join("cold-call.yaml")).expect("the file");
        let same = before.bytes().zip(after.bytes()).take_while(|(old, new)| old == new).count();
        let rest = &before.as_bytes()[same..];
        assert!(after.as_bytes().ends_with(rest), "{arguments:?} changed what was there:\n{after}");
        assert!(!after.replace("\r\n", "").contains('\n'), "{arguments:?}: a line end of another sort");
        before = after;
        wants(0, here, &["check", "--today", TODAY, "--deny", "warnings"]);
    }
    // The same once more gets another id; what would be faulty is not written.
    wants(0, here, &["new", "close", "--title", "Next step", "--say", "Shall we meet?"]);
    let (_, err) = wants(2, here, &["new", "outcome", "--title", "Sold", "--result", "wn"]);
    assert!(err.contains("nothing was written") && err.contains("did you mean `won`?"), "{err}");
    for id in ["next-step", "../up", "CON"] {
        wants(2, here, &["new", "close", "--title", "N", "--say", "Now?", "--id", id]);
    }
    wants(2, here, &["new", "library", "--title", "Up", "--id", "../up"]);
    assert!(!here.parent().expect("a parent").join("up.yaml").exists());
    let (_, err) = wants(2, here, &["new", "stage", "--title", "Opening"]);
    assert!(err.contains("needs --goal"), "{err}");
    let (_, err) = wants(2, here, &["new", "stage", "--title", "T", "--goal", "G", "--in", "cold-cal"]);
    assert!(err.contains("did you mean `cold-call`?"), "{err}");
}

/// `check --fix` does what has one right answer, and touches nothing else.
#[test]
fn what_has_one_right_answer_is_mended() {
    let faulty = "playbook: demo\r\ntitle: Demo\r\nlanguage: en_US\r\ncloses:\r\n  # mine\r\n  - title: One # x\r\n    say: \
                  Now?\r\n  - {title: Two, say: Then?}   # callbook: allow jargon - once it was\r\n  - id: three\r\n    \
                  title: Three\r\n    sya: Typo?\r\n";
    let mended = "playbook: demo\r\ntitle: Demo\r\nlanguage: en-US\r\ncloses:\r\n  # mine\r\n  - id: one\r\n    title: One # \
                  x\r\n    say: Now?\r\n  - {id: two, title: Two, say: Then?}\r\n  - id: three\r\n    title: Three\r\n    \
                  sya: Typo?\r\n";
    let temp = book(faulty);
    let there = || fs::read_to_string(temp.path().join("demo.yaml")).expect("the file");
    let (out, err) = wants(0, temp.path(), &["check", "--fix", "--dry-run"]);
    assert!(out.contains("-language: en_US\n+language: en-US\n") && out.contains("+  - id: one\n"), "{out}");
    assert_eq!(err.lines().count(), 4, "{err}");
    assert_eq!(there(), faulty, "a dry run changes nothing");
    // What has no single answer is still told.
    let (out, err) = wants(1, temp.path(), &["check", "--fix", "--today", TODAY]);
    assert!(out.contains("unknown-key") && !out.contains("bad-language"), "{out}");
    assert!(err.contains("demo.yaml:6: wrote the id `one` of the close"), "{err}");
    assert_eq!(there(), mended);
    let (_, err) = wants(1, temp.path(), &["check", "--fix", "--today", TODAY]);
    assert!(err.contains("nothing was changed"), "{err}");
    assert_eq!(there(), mended);
}

/// The completions of a real bash: commands from clap, ids from the book.
#[test]
fn a_shell_completes_ids() {
    let script = wants(0, root(), &["completions", "bash"]).0;
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("callbook.bash"), script).expect("a file");
    let bin = Path::new(env!("CARGO_BIN_EXE_callbook")).parent().expect("a folder").display().to_string();
    let complete = |words: &[&str]| {
        let quoted: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
        let ask = format!(
            "source '{}'; COMP_WORDS=({}); COMP_CWORD={}; _callbook_with_ids callbook '{}' '{}'; printf '%s\\n' \
             \"${{COMPREPLY[@]}}\"",
            temp.path().join("callbook.bash").display(),
            quoted.join(" "),
            words.len() - 1,
            words[words.len() - 1],
            words[words.len() - 2],
        );
        let output = Command::new("bash")
            .args(["--norc", "-c", &ask])
            .current_dir(root())
            .env("PATH", format!("{bin}:{}", std::env::var("PATH").unwrap_or_default()))
            .output()
            .expect("bash");
        assert!(output.stderr.is_empty(), "{}", text(&output.stderr));
        text(&output.stdout).lines().filter(|line| !line.is_empty()).map(str::to_string).collect::<Vec<_>>()
    };
    assert_eq!(complete(&["callbook", "script", "saas"]), ["saas-inbound", "saas-outbound"]);
    assert_eq!(complete(&["callbook", "--book", "playbooks", "script", "nam"]), ["nam-buoc"]);
    assert_eq!(complete(&["callbook", "find", "too-exp"]), ["too-expensive"]);
    assert_eq!(complete(&["callbook", "check", "--explain", "dead"]), ["dead-end"]);
    assert_eq!(complete(&["callbook", "chec"]), ["check"]);
    assert_eq!(complete(&["callbook", "--book", "nowhere", "script", "saas"]), Vec::<String>::new());
    for shell in ["powershell", "elvish"] {
        let script = wants(0, root(), &["completions", shell]).0;
        assert!(script.contains("callbook") && script.lines().count() > 50, "{shell}");
    }
}

/// Whether a shell is on the machine; says so where it is not.
fn has_shell(shell: &str) -> bool {
    let there = Command::new(shell).arg("--version").output().is_ok();
    assert!(there || std::env::var_os("CALLBOOK_ALL_TESTS").is_none(), "{shell} is not there");
    if !there {
        let _ = writeln!(std::io::stderr(), "skipped: the completions of {shell}, which is not there");
    }
    there
}

/// What fish and zsh offer for a line that has been typed so far.
#[test]
fn other_shells_complete_ids_too() {
    let temp = tempfile::tempdir().expect("a folder");
    let bin = Path::new(env!("CARGO_BIN_EXE_callbook")).parent().expect("a folder").display().to_string();
    let path = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    let asked: [(&str, &[&str]); 8] = [
        ("callbook script saas-", &["saas-inbound", "saas-outbound"]),
        ("callbook find too-exp", &["too-expensive"]),
        ("callbook find --playbook nam", &["nam-buoc"]),
        ("callbook import x.csv --playbook tujuh", &["tujuh-langkah"]),
        ("callbook export --playbook tujuh", &["tujuh-langkah"]),
        ("callbook check --explain dead", &["dead-end"]),
        ("callbook new objection --in core-cl", &["core-closes"]),
        ("callbook --book tests/readme script co", &["cold-call"]),
    ];
    let ask = |shell: &str, arguments: &[&str]| {
        let output = Command::new(shell)
            .args(arguments)
            .current_dir(root())
            .env("PATH", &path)
            .env("HOME", temp.path())
            .output()
            .expect("a shell");
        assert!(output.status.success(), "{shell}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    if has_shell("fish") {
        let script = temp.path().join("callbook.fish");
        fs::write(&script, wants(0, root(), &["completions", "fish"]).0).expect("a file");
        for (line, expected) in asked {
            let ask = ask(
                "fish",
                &["--no-config", "-c", &format!("source '{}'; complete -C '{line}'", script.display())],
            );
            let offered: Vec<&str> = ask.lines().filter_map(|line| line.split('\t').next()).collect();
            assert_eq!(offered, expected, "fish: {line}");
        }
        let ask = ask(
            "fish",
            &[
                "--no-config",
                "-c",
                &format!("source '{}'; complete -C 'callbook serve --'", script.display()),
            ],
        );
        assert!(ask.contains("--port") && !ask.contains("--explain"), "options of others: {ask}");
    }
    if has_shell("zsh") {
        fs::write(temp.path().join("_callbook"), wants(0, root(), &["completions", "zsh"]).0)
            .expect("a file");
        // A shell of its own on a terminal of its own: what Tab makes of the line.
        let driver = r#"
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; unsetopt zle_bracketed_paste; fpath=($2 \$fpath); autoload -Uz compinit; compinit -u -D; LISTMAX=0; print re''ady"
zpty -r shell seen '*ready*'
zpty -w -n shell "$1"$'\t'
sleep 1
zpty -w -n shell $'\t'$'\C-a'"print -r -- '"$'\C-e'"' do''ne"$'\n'
zpty -r shell seen '*done*'
print -r -- $seen
"#;
        for (line, expected) in asked {
            let folder = temp.path().display().to_string();
            let seen = ask("zsh", &["-f", "-c", driver, "zsh", line, &folder]);
            assert!(expected.iter().all(|id| seen.contains(id)), "zsh: {line}: {seen}");
        }
    }
}

/// Every command has a man page, and troff has nothing to say against it.
#[test]
fn man_pages_are_sound() {
    let temp = tempfile::tempdir().expect("a folder");
    let (out, _) = wants(0, temp.path(), &["man"]);
    assert!(out.lines().any(|line| line.ends_with("callbook-find.1")), "{out}");
    for page in out.lines() {
        let path = temp.path().join(page);
        let page = fs::read_to_string(&path).expect("a page");
        assert!(page.is_ascii() && page.contains(".SH NAME"), "{}", path.display());
        if let Ok(output) = Command::new("groff").args(["-ww", "-man", "-Tutf8"]).arg(&path).output() {
            assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
        }
    }
}

/// The schema is one that editors read, and stands where the first line of a file says.
#[test]
fn schemas_are_printed_and_kept() {
    let temp = book(PLAYBOOK);
    for kind in ["book", "playbook", "library", "lexicon"] {
        let (out, _) = wants(0, temp.path(), &["schema", kind]);
        let schema: Value = serde_json::from_str(&out).expect("JSON");
        assert_eq!(schema["$schema"], "https://json-schema.org/draft/2020-12/schema");
        assert_eq!(schema["additionalProperties"], false);
    }
    let (out, _) = wants(0, temp.path(), &["schema", "--write"]);
    assert_eq!(out.lines().count(), 4, "{out}");
    let (out, err) = wants(0, temp.path(), &["schema", "--write"]);
    assert!(out.is_empty() && err.contains("up to date"), "{out}{err}");
    wants(0, temp.path(), &["check", "--today", TODAY]);
    wants(0, temp.path(), &["init", "starter"]);
    let file = fs::read_to_string(temp.path().join("starter/en/core-closes.yaml")).expect("a file");
    assert!(file.starts_with("# yaml-language-server: $schema=../.callbook/library.json\n"), "{file}");
    assert!(temp.path().join("starter/.callbook/library.json").is_file());
}

#[test]
fn diff_reads_the_past_out_of_git() {
    let temp = book(PLAYBOOK);
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-C"]).arg(temp.path()).args(arguments);
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_SYSTEM", "/dev/null");
        assert!(command.output().expect("git").status.success(), "{arguments:?}");
    };
    // The program needs to find git itself.
    let path = std::env::var("PATH").expect("a path");
    let diff = |arguments: &[&str]| {
        let all: Vec<&str> = ["diff"].iter().chain(arguments).copied().collect();
        let output =
            callbook(temp.path(), &all).env("PATH", &path).env("GIT_CEILING_DIRECTORIES", "/tmp").output();
        let output = output.expect("the program");
        (output.status.code(), text(&output.stdout), text(&output.stderr))
    };
    let (code, out, err) = diff(&[]);
    assert!(code == Some(2) && out.is_empty() && err.contains("in no git repository"), "{err}");
    git(&["init", "-q"]);
    let (code, _, err) = diff(&[]);
    assert!(code == Some(2) && err.contains("nothing is committed there yet"), "{err}");
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    assert_eq!(diff(&["--exit-code"]).0, Some(0));
    // Moved, reworded, and a new file that nobody added.
    fs::create_dir(temp.path().join("en")).expect("a folder");
    fs::write(temp.path().join("en/d \u{111}.yaml"), PLAYBOOK.replace("goal: G", "goal: H")).expect("a file");
    fs::remove_file(temp.path().join("demo.yaml")).expect("removed");
    let (code, out, err) = diff(&["--exit-code"]);
    assert_eq!(
        out, "demo (en)\n  stage open: goal reworded\n    - G\n    + H\n\n1 change since HEAD\n",
        "{err}"
    );
    assert_eq!(code, Some(1));
    assert_eq!(diff(&[]).0, Some(0));
    let (_, out, _) = diff(&["--format", "json"]);
    let value: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(
        (&value["changes"][0]["change"], &value["changes"][0]["after"]),
        (&"reworded".into(), &"H".into())
    );
    git(&["add", "."]);
    git(&["commit", "-qm", "two"]);
    assert_eq!(diff(&["HEAD~1", "--exit-code"]).0, Some(1));
    // The same as a page of the handbook.
    let build = |arguments: &[&str]| {
        let output = callbook(temp.path(), &[&["build"], arguments].concat()).env("PATH", &path).output();
        output.expect("the program").status.code()
    };
    assert_eq!(build(&["-o", "site", "--since", "HEAD~1"]), Some(0));
    let page = fs::read_to_string(temp.path().join("site/en/changes/index.html")).expect("a page");
    assert!(page.contains("<del>G</del>") && page.contains("<ins>H</ins>"), "{page}");
    assert_eq!(build(&["-o", "site", "--since", "nope"]), Some(2));
    assert_eq!(build(&["-o", "site", "--since", "HEAD~1", "--public"]), Some(2));
    assert_eq!(build(&["-o", "site"]), Some(0));
    assert!(!temp.path().join("site/en/changes").exists());
    for odd in ["nope", "HEAD:book.yaml", "--", "-x", "a b"] {
        let (code, out, err) = diff(&["--", odd]);
        assert!(code == Some(2) && out.is_empty() && err.contains("git knows no revision"), "{odd}: {err}");
    }
}
