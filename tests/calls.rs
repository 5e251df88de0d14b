//! Calls as processes see them: killed at any moment, two at once, driven by scripts.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

const PLAYBOOK: &str = "\
playbook: demo
title: Demo
language: en
stages:
  - {id: open, title: Opening, goal: G, script: [{say: Hello.}, {ask: size}], objections: [dear], next: open}
questions: [{id: size, ask: How many?, type: number}]
objections:
  - {id: dear, title: It's dear, utterances: [dear], responses: [{id: one, say: Compared with what?}]}
outcomes: [{id: won, title: Won, result: won}]
";

fn book() -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("book.yaml"), "title: Test\nlanguage: en\n").expect("a file");
    fs::write(temp.path().join("demo.yaml"), PLAYBOOK).expect("a file");
    temp
}

/// The program in a book's folder, which is its home as well.
fn callbook(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbook"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env("HOME", folder)
        .env("TZ", "UTC")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    callbook(folder, arguments).output().expect("the program")
}

#[track_caller]
fn wants(code: i32, folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(folder, arguments);
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

/// Runs it with lines to read.
fn fed(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = callbook(folder, arguments).stdin(Stdio::piped()).spawn().expect("the program");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn shown(folder: &Path, id: &str) -> Value {
    let (out, _) = wants(0, folder, &["calls", "show", id, "--format", "json"]);
    serde_json::from_str(&out).expect("JSON")
}

/// Feeds notes to a call, kills it after a time, and gives the numbers of the notes it acknowledged.
fn killed(folder: &Path, arguments: &[&str], from: usize, after: Option<Duration>) -> Vec<usize> {
    let mut child: Child = callbook(folder, arguments).stdin(Stdio::piped()).spawn().expect("the program");
    let mut input = child.stdin.take().expect("an input");
    let output = BufReader::new(child.stdout.take().expect("an output"));
    let writer = std::thread::spawn(move || {
        for number in from..from + 400 {
            if writeln!(input, "{}", json!({"do": "note", "text": format!("note {number} đắt")})).is_err()
            {
                break;
            }
        }
        // Kept open, so that the call goes on until it is killed.
        std::thread::sleep(Duration::from_millis(50));
        input
    });
    let reader = std::thread::spawn(move || {
        let mut acknowledged = Vec::new();
        for line in output.lines().map_while(Result::ok) {
            // What was torn off was not acknowledged.
            if let Ok(value) = serde_json::from_str::<Value>(&line)
                && value["ok"] == true
                && value.get("unsaved").is_none()
            {
                acknowledged.push(from + value["line"].as_u64().expect("a line") as usize - 1);
            }
        }
        acknowledged
    });
    match after {
        Some(after) => std::thread::sleep(after),
        // Until the call has begun for sure.
        None => std::thread::sleep(Duration::from_millis(1500)),
    }
    child.kill().expect("killed");
    child.wait().expect("an end");
    drop(writer.join().expect("a thread"));
    reader.join().expect("a thread")
}

#[test]
fn whatever_was_acknowledged_is_there_after_a_hundred_kills() {
    let temp = book();
    let folder = temp.path();
    let mut acknowledged = killed(folder, &["call", "demo", "--events", "-"], 0, None);
    assert!(!acknowledged.is_empty());
    let mut seed = 7_u64;
    for round in 1..=100 {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let after = Duration::from_micros((seed >> 33) % 160_000);
        let arguments = ["call", "--resume", "--events", "-"];
        acknowledged.extend(killed(folder, &arguments, round * 1000, Some(after)));
    }
    let (code, _, err) = fed(folder, &["call", "--resume", "--events", "-"], "{\"do\": \"end\"}\n");
    assert_eq!(code, 0, "{err}");
    let (out, _) = wants(0, folder, &["calls", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(list["calls"].as_array().expect("calls").len(), 1);
    let record = shown(folder, list["calls"][0]["id"].as_str().expect("an id"));
    let notes: Vec<&str> = record["notes"]
        .as_array()
        .expect("notes")
        .iter()
        .map(|note| note["text"].as_str().expect("text"))
        .collect();
    let mut rest = notes.iter();
    for number in &acknowledged {
        let wanted = format!("note {number} đắt");
        assert!(rest.any(|note| *note == wanted), "`{wanted}` was acknowledged and is lost");
    }
    // The kills came before, between and after events.
    let rounds: std::collections::BTreeSet<usize> = acknowledged.iter().map(|number| number / 1000).collect();
    assert!((10..=101).contains(&rounds.len()), "{} rounds had events", rounds.len());
    let times: Vec<&str> = record["events"]
        .as_array()
        .expect("events")
        .iter()
        .map(|event| event["at"].as_str().expect("at"))
        .collect();
    let times: Vec<jiff::Timestamp> = times.iter().map(|at| at.parse().expect("a time")).collect();
    assert!(times.is_sorted());
}

#[test]
fn two_programs_fill_one_new_store() {
    let temp = book();
    let folder = temp.path();
    let lines = |who: &str| -> String {
        (0..1500)
            .map(|n| {
                format!(
                    "{}\n",
                    json!({"id": format!("{who}{n}"), "playbook": "demo", "started": "2026-11-22T09:00:00Z"})
                )
            })
            .collect()
    };
    for who in ["a", "b", "c"] {
        fs::write(folder.join(format!("{who}.jsonl")), lines(who)).expect("a file");
    }
    let children: Vec<Child> = ["a", "b", "c"]
        .iter()
        .map(|who| {
            callbook(folder, &["calls", "import", &format!("{who}.jsonl")]).spawn().expect("the program")
        })
        .collect();
    for child in children {
        let output = child.wait_with_output().expect("an end");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
    let (out, _) = wants(0, folder, &["calls", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(list["calls"].as_array().expect("calls").len(), 4500);
    // Once more adds nothing.
    let (out, _) = wants(0, folder, &["calls", "import", "a.jsonl"]);
    assert_eq!(out, "0 added, 0 replaced, 1500 there already, 0 faulty\n");
}

#[test]
fn a_call_is_led_by_events_and_kept() {
    let temp = book();
    let folder = temp.path();
    let events = [
        json!({"do": "next", "at": "2026-11-22T09:00:00Z"}),
        json!({"do": "answer", "value": "12"}),
        json!({"do": "open", "card": "dear", "heard": "đắt quá"}),
        json!({"do": "landed"}),
        json!({"do": "outcome", "id": "won"}),
        json!({"do": "end"}),
    ];
    let input: String = events.iter().map(|event| format!("{event}\n")).collect();
    let arguments = ["call", "demo", "--events", "-", "--rep", "An", "--segment", "mid", "-o", "summary.md"];
    let (code, out, err) = fed(folder, &arguments, &input);
    assert_eq!(code, 0, "{err}");
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), 6);
    assert_eq!(answers[2]["place"]["card"], "dear");
    assert_eq!(answers[5]["place"], json!({"at": "ended"}));
    let record = shown(folder, answers[0]["call"].as_str().expect("an id"));
    assert_eq!(record["answers"]["size"]["value"], 12);
    assert_eq!(record["objections"][0]["heard"], "đắt quá");
    assert_eq!(
        (&record["rep"], &record["segment"], &record["result"]),
        (&json!("An"), &json!(["mid"]), &json!("won"))
    );
    let summary = fs::read_to_string(folder.join("summary.md")).expect("a summary");
    assert!(summary.contains("- It's dear “đắt quá” · one (landed)"), "{summary}");
    // What cannot be is refused, line by line, and the exit code says so.
    let (code, out, err) = fed(
        folder,
        &["call", "demo", "--events", "-"],
        "{\"do\": \"yes\"}\nnonsense\n\n{\"do\": \"next\"}\n",
    );
    assert_eq!(code, 1, "{err}");
    let errors: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&errors[0]["error"], &errors[0]["ok"]), (&json!("no close is open"), &json!(false)));
    assert!(
        errors[1]["error"].as_str().is_some_and(|error| error.starts_with("this is not an event")),
        "{out}"
    );
    assert!(err.contains("go on with `callbook call --resume"), "{err}");
    // Nothing is kept of a call in which nothing happened.
    let (code, _, err) = fed(folder, &["call", "demo", "--events", "-"], "{\"do\": \"yes\"}\n");
    assert!(code == 1 && err.contains("nothing happened"), "{err}");
    let (_, err) = wants(0, folder, &["calls", "list"]);
    assert!(err.contains("1 call was not ended"), "{err}");
    let (_, err) = wants(1, folder, &["call", "--resume", "nobody", "--events", "-"]);
    assert!(err.contains("no call that was not ended is `nobody`"), "{err}");
}

#[test]
fn a_record_goes_out_and_in_again_unchanged() {
    let temp = book();
    let folder = temp.path();
    let (out, _) = wants(0, folder, &["--today", "2026-11-22", "calls", "demo", "--count", "12"]);
    assert!(out.starts_with("made up 12 calls"), "{out}");
    let (first, _) = wants(0, folder, &["calls", "export"]);
    let store = folder.join("second.db");
    let store = store.to_str().expect("a path");
    fs::write(folder.join("calls.json"), &first).expect("a file");
    wants(0, folder, &["calls", "import", "calls.json", "--store", store]);
    let (second, _) = wants(0, folder, &["calls", "export", "--store", store]);
    assert_eq!(first, second);
    wants(0, folder, &["calls", "export", "-o", "out.json"]);
    assert_eq!(fs::read_to_string(folder.join("out.json")).expect("a file"), first);
    // A playbook that is gone, ids that nobody knows, a newer version: told of, shown, kept.
    let odd = json!({"id": "odd", "playbook": "gone", "language": "vi", "version": 7, "started": "2026-11-22T09:00:00Z",
        "prospect": {"first_name": "<b>\u{1b}[31m"}, "path": [{"stage": "nowhere", "entered": "2026-11-22T09:00:00Z"}]});
    fs::write(folder.join("odd.json"), odd.to_string()).expect("a file");
    let (_, err) = wants(0, folder, &["calls", "import", "odd.json"]);
    assert!(err.contains("1 of version 7, newer than this callbook"), "{err}");
    let (out, _) = wants(0, folder, &["calls", "show", "odd"]);
    assert!(out.contains("nowhere") && !out.contains('\u{1b}'), "{out}");
    let (out, _) = wants(0, folder, &["calls", "list", "--prospect", "<b>\u{1b}[31m"]);
    assert!(out.contains("odd") && !out.contains('\u{1b}'), "{out}");
    // Faulty records are told of with their place; the rest is there.
    fs::write(
        folder.join("mixed.jsonl"),
        format!("{{\"id\": 3}}\n{}\n", odd.to_string().replace("odd", "even")),
    )
    .expect("a file");
    let (out, err) = wants(1, folder, &["calls", "import", "mixed.jsonl"]);
    assert!(err.contains("mixed.jsonl, line 1: invalid type") && out.starts_with("1 added"), "{out}{err}");
    // Made-up calls go again, nobody else's.
    let (out, _) = wants(0, folder, &["calls", "demo", "--remove"]);
    assert_eq!(out, "took 12 made-up calls away\n");
    let (out, _) = wants(0, folder, &["calls", "list"]);
    assert_eq!(out.lines().count(), 2, "{out}");
    // Nothing is deleted without a word.
    let (_, err) = wants(2, folder, &["calls", "delete", "odd"]);
    assert!(err.contains("add `--yes`"), "{err}");
    wants(0, folder, &["calls", "delete", "odd", "even", "--yes"]);
    let (_, err) = wants(1, folder, &["calls", "list"]);
    assert!(err.contains("there are no such calls"), "{err}");
}

#[test]
fn what_had_no_answer_becomes_a_card() {
    let temp = book();
    let call = json!({"id": "k1", "playbook": "demo", "language": "en", "started": "2026-11-20T09:00:00Z",
        "no_answer": [{"heard": "dear"}, {"heard": "do you run on  boats?"}, {"heard": "Do you run on boats?"}]});
    fs::write(temp.path().join("in.json"), call.to_string()).expect("a file");
    wants(0, temp.path(), &["calls", "import", "in.json"]);
    let new = ["new", "objection", "--from-call", "k", "--say", "On every boat with a mast."];
    let (out, _) = wants(0, temp.path(), &new);
    assert!(out.starts_with("./demo.yaml:") || out.starts_with("demo.yaml:"), "{out}");
    let text = fs::read_to_string(temp.path().join("demo.yaml")).expect("the playbook");
    assert!(text.contains("title: do you run on boats?"), "{text}");
    wants(0, temp.path(), &["check"]);
    // Now there is an answer for everything.
    let (_, err) = wants(1, temp.path(), &new);
    assert!(err.contains("nothing without an answer"), "{err}");
}

#[test]
fn a_store_that_cannot_be_read_keeps_nobody_from_the_book() {
    let temp = book();
    fs::write(temp.path().join("x.db"), "no store").expect("a file");
    for arguments in [
        &["find", "dear", "--no-cache", "--store", "x.db"][..],
        &["script", "demo", "--store", "x.db"],
        &["build", "--calls", "--store", "x.db", "-o", "out"],
    ] {
        let (_, err) = wants(0, temp.path(), arguments);
        assert!(err.contains("is not a call store") && err.contains("as the book has them"), "{err}");
    }
    assert_eq!(fs::read_to_string(temp.path().join("x.db")).expect("the file"), "no store");
    wants(2, temp.path(), &["report", "--store", "x.db"]);
    // Nobody's store is made by looking.
    wants(0, temp.path(), &["find", "dear", "--no-cache", "--store", "y.db"]);
    wants(1, temp.path(), &["report", "--store", "y.db"]);
    assert!(!temp.path().join("y.db").exists());
}

#[test]
fn made_up_calls_give_way_to_real_ones() {
    let temp = book();
    wants(0, temp.path(), &["calls", "demo", "--count", "20"]);
    let (out, err) = wants(0, temp.path(), &["report"]);
    assert!(out.contains("These calls are made up.") && err.contains("made up"), "{out}{err}");
    let call = json!({"id": "k1", "playbook": "demo", "language": "en", "started": "2026-01-20T09:00:00Z",
        "result": "won", "prospect": {"name": "陳 <b>"}});
    fs::write(temp.path().join("in.json"), call.to_string()).expect("a file");
    wants(0, temp.path(), &["calls", "import", "in.json"]);
    let (out, err) = wants(0, temp.path(), &["report", "--format", "json", "--since", "2026-01-01"]);
    let report: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!((&report["calls"], &report["scope"]["demo"]), (&json!(1), &json!(false)));
    assert!(err.contains("20 made-up calls were left out"), "{err}");
    wants(0, temp.path(), &["report", "--format", "html", "-l", "zh-Hans", "-o", "r.html"]);
    let page = fs::read_to_string(temp.path().join("r.html")).expect("the page");
    assert!(page.contains("陳 &lt;b&gt;") && page.contains("Content-Security-Policy"), "{page}");
}

/// A call on a terminal of its own (`script` of util-linux makes one): each text is waited for, then the
/// keys are pressed; `TERM` and `HUP` are sent as signals. What was written to the terminal at the end.
#[cfg(target_os = "linux")]
fn on_terminal(folder: &Path, arguments: &str, steps: &[(&str, &str)]) -> String {
    use std::io::Read;
    use std::sync::{Arc, Mutex};
    use std::time::Instant;

    let line = format!("echo $$ > pid; exec {} {arguments}", env!("CARGO_BIN_EXE_callbook"));
    let mut child = Command::new("script")
        .args(["-qfec", &line, "/dev/null"])
        .current_dir(folder)
        .env("HOME", folder)
        .env("TZ", "UTC")
        .env("TERM", "xterm")
        .env("SHELL", "/bin/sh")
        .env_remove("TMUX")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("`script`, which comes with util-linux");
    let seen = Arc::new(Mutex::new(Vec::new()));
    let mut from = child.stdout.take().expect("an output");
    let writer = seen.clone();
    let reader = std::thread::spawn(move || {
        let mut bytes = [0; 4096];
        while let Ok(read @ 1..) = from.read(&mut bytes) {
            writer.lock().expect("a lock").extend_from_slice(&bytes[..read]);
        }
    });
    let text = || String::from_utf8_lossy(&seen.lock().expect("a lock")).into_owned();
    let mut keys = child.stdin.take().expect("an input");
    for (wanted, pressed) in steps {
        let from = Instant::now();
        while !text().contains(wanted) {
            assert!(from.elapsed() < Duration::from_secs(60), "no {wanted:?} in {:?}", text());
            std::thread::sleep(Duration::from_millis(20));
        }
        if ["TERM", "HUP"].contains(pressed) {
            let pid = fs::read_to_string(folder.join("pid")).expect("a number");
            let sent = Command::new("kill").args([&format!("-{pressed}"), pid.trim()]).status();
            assert!(sent.expect("`kill`").success());
        } else {
            keys.write_all(pressed.as_bytes()).expect("written");
        }
    }
    let _ = child.wait();
    drop(keys);
    reader.join().expect("a reader");
    text()
}

/// On a terminal: left by Ctrl-C or ended by a signal, the terminal is given back, it is said how to go
/// on, and the call goes on where it was; ended, its summary stays on the screen.
#[cfg(target_os = "linux")]
#[test]
fn a_call_on_a_terminal_is_left_resumed_and_ended() {
    let temp = book();
    let folder = temp.path();
    let resumable = |out: &str| {
        assert!(out.contains("\u{1b}[?1049l"), "the terminal was not given back: {out:?}");
        assert!(out.contains("go on with `callbook call --resume"), "{out:?}");
    };
    let out = on_terminal(folder, "call demo --rep An", &[("Hello.", "1"), ("Compared", "TERM")]);
    resumable(&out);
    let out = on_terminal(
        folder,
        "call --resume",
        &[("Compared", "+"), ("Hello.", "\u{e}"), ("Note", "hm\r\u{3}")],
    );
    resumable(&out);
    let out =
        on_terminal(folder, "call --resume", &[("Hello.", "0"), ("What did", "boats\r"), ("boats", "HUP")]);
    resumable(&out);
    let steps =
        [("Hello.", "\u{5}"), ("Won", "1"), ("Next step", "\r"), ("is over", "c"), ("clipboard", "\r")];
    let out = on_terminal(folder, "call --resume -o summary.md", &steps);
    assert!(out.contains("\u{1b}]52;c;IyBDYWxs") && out.contains("kept as call"), "{out:?}");
    let summary = fs::read_to_string(folder.join("summary.md")).expect("a summary");
    for part in ["- **Outcome**: Won", "- It's dear · one (landed)", "- boats", "- hm"] {
        assert!(summary.contains(part), "no {part:?} in {summary}");
    }
    // Nothing happened, nothing is kept.
    let out = on_terminal(folder, "call demo --rep An", &[("Hello.", "\u{3}")]);
    assert!(out.contains("nothing happened"), "{out:?}");
}
