//! Calls as processes see them: killed at any moment, two at once, driven by scripts.

mod program;

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use program::{callbook, wants};

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

/// One with a bit of everything.
const LONG: &str = "\
playbook: demo
title: Demo
language: en
stages:
  - id: open
    title: Opening
    goal: G
    script: [{say: Hello.}, {ask: size}, {say: 'So, {{ prospect.first_name }}.'}]
    objections: [dear, later]
    closes: [date]
    next: [{when: They have time, go: ask}, {when: They have none, go: lost}]
  - {id: ask, title: Asking, goal: G, script: [{ask: sort}], next: open}
variables: [{name: prospect.first_name, title: First name}]
questions:
  - {id: size, ask: How many?, type: number}
  - {id: sort, ask: Which?, type: choice, options: [a, {answer: b, go: won}]}
objections:
  - {id: dear, title: It's dear, utterances: [dear], limit: 3, responses: [{id: one, say: Compared with what?, next: ask}, {id: two, steps: [{say: I see.}, {say: And then?}]}]}
  - {id: later, title: Later, utterances: [later], responses: [{id: when, say: When?, if_resists: accept}]}
closes: [{id: date, title: A date, say: Tuesday?, if_yes: won, if_no: dear}]
outcomes: [{id: won, title: Won, result: won}, {id: lost, title: Lost, result: lost}]
";

fn book() -> TempDir {
    book_of(PLAYBOOK)
}

fn book_of(playbook: &str) -> TempDir {
    let temp = tempfile::tempdir().expect("a folder");
    fs::write(temp.path().join("book.yaml"), "title: Test\nlanguage: en\n").expect("a file");
    fs::write(temp.path().join("demo.yaml"), playbook).expect("a file");
    temp
}

/// The program with both of its ends in our hands.
fn piped(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = callbook(folder, arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it with lines to read.
fn fed(folder: &Path, arguments: &[&str], input: &str) -> (i32, String, String) {
    let mut child = piped(folder, arguments).spawn().expect("the program");
    child.stdin.take().expect("an input").write_all(input.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

fn shown(folder: &Path, id: &str) -> Value {
    let (out, _) = wants(0, folder, &["calls", "show", id, "--format", "json"]);
    serde_json::from_str(&out).expect("JSON")
}

/// When a call is killed: after a time, or so much after so many answers.
enum Moment {
    After(Duration),
    Answers(usize, Duration),
}

/// Feeds events to a call, kills it at a moment, and gives what it answered.
fn killed(folder: &Path, arguments: &[&str], events: &[Value], moment: Moment) -> Vec<Value> {
    let mut child = piped(folder, arguments).spawn().expect("the program");
    let mut input = child.stdin.take().expect("an input");
    let fed: String = events.iter().map(|event| format!("{event}\n")).collect();
    // A pipe holds more than that. It is kept open, so that the call goes on until it is killed.
    input.write_all(fed.as_bytes()).expect("written");
    let mut lines = BufReader::new(child.stdout.take().expect("an output")).lines();
    let (wanted, wait) = match moment {
        Moment::After(wait) => (0, wait),
        Moment::Answers(wanted, wait) => (wanted, wait),
    };
    let mut answers: Vec<String> = lines.by_ref().take(wanted).map_while(Result::ok).collect();
    std::thread::sleep(wait);
    child.kill().expect("killed");
    child.wait().expect("an end");
    answers.extend(lines.map_while(Result::ok));
    // What was torn off was not acknowledged.
    answers.iter().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Numbers that look like chance, the same every time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    /// Something that a rep may do, though not always where the call stands just now.
    fn event(&mut self, number: usize) -> Value {
        let text = format!("đắt {number}");
        match self.below(24) {
            0..3 => json!({"do": "next"}),
            3 => json!({"do": "back"}),
            4 => json!({"do": "stage", "id": (["open", "ask"][self.below(2) as usize])}),
            5 => json!({"do": "branch", "number": 1 + self.below(2)}),
            6 => json!({"do": "open", "card": "dear", "heard": text}),
            7 => json!({"do": "open", "card": "later"}),
            8 => json!({"do": "choose", "response": (["one", "two"][self.below(2) as usize])}),
            9 => json!({"do": "used"}),
            10 => json!({"do": "landed"}),
            11 | 12 => json!({"do": "resisted"}),
            13 => json!({"do": (["accept", "leave"][self.below(2) as usize])}),
            14 => json!({"do": "close", "id": "date"}),
            15 => json!({"do": (["yes", "no"][self.below(2) as usize])}),
            16 => json!({"do": "answer", "value": number.to_string()}),
            17 => {
                json!({"do": "answer", "question": "size", "value": (["", "x", "12"][self.below(3) as usize])})
            }
            18 => json!({"do": "no_answer", "heard": text}),
            19 => json!({"do": "note", "text": text}),
            20 => json!({"do": "prospect", "field": "prospect.first_name", "value": text}),
            21 => json!({"do": "next_step", "what": text, "date": "2026-12-01"}),
            22 => json!({"do": "outcome", "id": "won"}),
            _ => json!({"do": "undo"}),
        }
    }
}

/// A value without the times in it, which are the only thing that a call and its repetition differ in.
fn timeless(value: &Value) -> Value {
    const TIMES: [&str; 8] = ["at", "clock", "entered", "left", "seconds", "started", "ended", "id"];
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(key, value)| !(TIMES.contains(&key.as_str()) && (value.is_number() || is_time(value))))
            .filter(|(key, value)| *key != "id" || value.as_str().is_some_and(|id| id.len() != 12))
            .map(|(key, value)| (key.clone(), timeless(value)))
            .collect(),
        Value::Array(items) => items.iter().map(timeless).collect(),
        other => other.clone(),
    }
}

fn is_time(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_ok())
}

/// Everything that was acknowledged is in the record, in its place, and every time the call was where a
/// call would be that nobody killed.
#[test]
fn whatever_was_acknowledged_is_there_after_a_hundred_kills() {
    let temp = book_of(LONG);
    let folder = temp.path();
    let mut dice = Dice(7);
    let mut number = 0;
    let mut rounds = 0;
    // What was done, where it led, by the number of events there were then.
    let mut acknowledged: BTreeMap<usize, (Value, Value)> = BTreeMap::new();
    for round in 0..=100 {
        let events: Vec<Value> = (0..30)
            .map(|_| {
                number += 1;
                dice.event(number)
            })
            .collect();
        let arguments: &[&str] = match round {
            0 => &["call", "demo", "--events", "-"],
            _ => &["call", "--resume", "--events", "-"],
        };
        let wait = Duration::from_micros(dice.below(1500));
        let moment = match dice.below(4) {
            0 if round > 0 => Moment::After(wait * 100),
            _ => Moment::Answers(1 + dice.below(29) as usize, wait),
        };
        let answers = killed(folder, arguments, &events, moment);
        rounds += usize::from(!answers.is_empty());
        for answer in answers.iter().filter(|answer| answer["ok"] == true) {
            assert!(answer.get("unsaved").is_none(), "{answer}");
            let line = answer["line"].as_u64().expect("a line") as usize;
            let count = answer["events"].as_u64().expect("a count") as usize;
            let before = acknowledged.insert(count, (events[line - 1].clone(), answer["place"].clone()));
            assert!(before.is_none(), "the {count}th event was lost: {before:?}");
        }
    }
    assert!(rounds >= 60 && acknowledged.len() >= 300, "{rounds} rounds, {} events", acknowledged.len());
    let (code, _, err) = fed(folder, &["call", "--resume", "--events", "-"], "{\"do\": \"end\"}\n");
    assert_eq!(code, 0, "{err}");
    let (out, _) = wants(0, folder, &["calls", "list", "--format", "json"]);
    let list: Value = serde_json::from_str(&out).expect("JSON");
    assert_eq!(list["calls"].as_array().expect("calls").len(), 1);
    let record = shown(folder, list["calls"][0]["id"].as_str().expect("an id"));
    let events = record["events"].as_array().expect("events");
    for (count, (event, _)) in &acknowledged {
        assert_eq!(timeless(&events[count - 1]), timeless(event), "the {count}th event");
    }
    let times = events.iter().map(|event| event["at"].as_str().expect("at").parse().expect("a time"));
    assert!(times.collect::<Vec<jiff::Timestamp>>().is_sorted());
    // The same once more in one go.
    let again: String = events.iter().map(|event| format!("{}\n", timeless(event))).collect();
    let (code, out, err) = fed(folder, &["call", "demo", "--events", "-", "--store", "again.db"], &again);
    assert_eq!(code, 0, "{err}");
    let answers: Vec<Value> = out.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!(answers.len(), events.len());
    for (count, (event, place)) in &acknowledged {
        assert_eq!(&answers[count - 1]["place"], place, "after the {count}th event, {event}");
    }
    let id = answers[0]["call"].as_str().expect("an id");
    let (out, _) = wants(0, folder, &["calls", "show", id, "--format", "json", "--store", "again.db"]);
    assert_eq!(timeless(&serde_json::from_str(&out).expect("JSON")), timeless(&record));
}

/// A call that is talked with line by line.
struct Talk {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Talk {
    fn begin(mut command: Command) -> Self {
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the program");
        let (input, output) =
            (child.stdin.take().expect("an input"), child.stdout.take().expect("an output"));
        Talk { child, input, output: BufReader::new(output) }
    }

    fn say(&mut self, event: &Value) -> Value {
        writeln!(self.input, "{event}").expect("written");
        let mut line = String::new();
        self.output.read_line(&mut line).expect("an answer");
        serde_json::from_str(&line).expect("JSON")
    }
}

/// The program under a limit of a few kilobytes a file, which is what a full disk is to it.
#[cfg(target_os = "linux")]
fn on_a_full_disk(folder: &Path, arguments: &str) -> Command {
    let mut command = Command::new("sh");
    let line = format!("trap '' XFSZ; ulimit -S -f 8; exec {} {arguments}", env!("CARGO_BIN_EXE_callbook"));
    command.args(["-c", &line]).current_dir(folder).env_clear().envs(program::environment());
    command.env("PATH", "/usr/bin:/bin");
    command
}

#[cfg(target_os = "linux")]
fn make_room(process: &str) {
    let limit = ["--pid", process, "--fsize=unlimited:unlimited"];
    let done = Command::new("prlimit").args(limit).status().expect("`prlimit`, which comes with util-linux");
    assert!(done.success());
}

/// On a full disk the call goes on and says so; with room again all of it is written, without room what was
/// acknowledged is there, and it is said how much is not.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_said_and_the_call_goes_on() {
    let note = |number: usize| json!({"do": "note", "text": format!("{number} {}", "đắt ".repeat(90))});
    for has_room in [true, false] {
        let temp = book_of(LONG);
        let folder = temp.path();
        let mut talk = Talk::begin(on_a_full_disk(folder, "call demo --events -"));
        let mut saved = 0;
        let unsaved = loop {
            let answer = talk.say(&note(saved));
            assert_eq!(answer["ok"], true, "{answer}");
            if let Some(unsaved) = answer["unsaved"].as_str() {
                break unsaved.to_string();
            }
            saved += 1;
        };
        assert!(saved > 2 && unsaved.contains("cannot write the journal"), "{saved} {unsaved}");
        for number in [saved + 1, saved + 2] {
            let answer = talk.say(&note(number));
            assert!(answer["ok"] == true && answer["unsaved"].is_string(), "{answer}");
        }
        assert_eq!(talk.say(&json!({"do": "next"}))["place"]["line"], 2);
        let mut kept = saved;
        if has_room {
            make_room(&talk.child.id().to_string());
            let answer = talk.say(&note(saved + 3));
            assert!(answer["ok"] == true && answer.get("unsaved").is_none(), "{answer}");
            kept = saved + 4;
            talk.child.kill().expect("killed");
            talk.child.wait().expect("an end");
        } else {
            let Talk { child, input, .. } = talk;
            drop(input);
            let output = child.wait_with_output().expect("an end");
            let err = program::text(&output.stderr);
            assert_eq!(output.status.code(), Some(2), "{err}");
            assert!(err.contains("the last 4 steps of the call could not be kept: cannot write"), "{err}");
        }
        let (code, out, err) = fed(folder, &["call", "--resume", "--events", "-"], "{\"do\": \"end\"}\n");
        assert_eq!(code, 0, "{err}");
        let answer: Value = serde_json::from_str(&out).expect("JSON");
        let record = shown(folder, answer["call"].as_str().expect("an id"));
        let notes = record["notes"].as_array().expect("notes");
        let wanted: Vec<Value> =
            (0..kept).map(|number| json!(note(number)["text"].as_str().unwrap().trim())).collect();
        assert_eq!(notes.iter().map(|note| note["text"].clone()).collect::<Vec<_>>(), wanted);
    }
}

/// Two reps end call after call on one store while reports are made of it: nobody waits in vain, nothing is
/// lost, and a report never sees half a call.
#[test]
fn reps_and_reports_share_a_store() {
    const CALLS: usize = 8;
    let temp = book();
    let folder = temp.path();
    let old: String = (0..400)
        .map(|number| {
            let record = json!({"id": format!("old{number}"), "playbook": "demo", "language": "en", "rep": "An",
                "started": "2026-11-20T09:00:00Z", "outcome": "won", "result": "won"});
            format!("{record}\n")
        })
        .collect();
    fs::write(folder.join("old.jsonl"), old).expect("a file");
    wants(0, folder, &["calls", "import", "old.jsonl"]);
    let events = "{\"do\": \"next\"}\n{\"do\": \"outcome\", \"id\": \"won\"}\n{\"do\": \"end\"}\n";
    let report = || {
        let (out, _) = wants(0, folder, &["report", "--format", "json"]);
        let report: Value = serde_json::from_str(&out).expect("JSON");
        let calls = report["calls"].as_u64().expect("a count");
        // Every call was won, so half of one would show.
        assert_eq!(report["won"]["count"].as_u64(), Some(calls), "{out}");
        calls
    };
    let seen: Vec<u64> = std::thread::scope(|scope| {
        let reps = ["Linh", "Mei"].map(|rep| {
            scope.spawn(move || {
                for _ in 0..CALLS {
                    let (code, _, err) =
                        fed(folder, &["call", "demo", "--events", "-", "--rep", rep], events);
                    assert_eq!(code, 0, "{err}");
                }
            })
        });
        let mut seen = Vec::new();
        while !reps.iter().all(std::thread::ScopedJoinHandle::is_finished) {
            seen.push(report());
        }
        seen
    });
    assert!(
        seen.is_sorted() && seen.iter().all(|count| (400..=400 + 2 * CALLS as u64).contains(count)),
        "{seen:?}"
    );
    assert_eq!(report(), 400 + 2 * CALLS as u64);
}

/// What landed before today orders the responses of a call from its beginning to its end, though more
/// records come in meanwhile; `--no-calls` leaves the book's order.
#[test]
fn a_call_keeps_the_order_that_it_began_with() {
    let temp = book_of(LONG);
    let folder = temp.path();
    let import = |from: usize, landed: &str, failed: &str| {
        let said = |response: &str, landed: bool| {
            json!({"card": "dear", "playbook": "demo",
                "tried": [{"response": response, "landed": landed}]})
        };
        let record = |number: usize| {
            json!({"id": format!("k{number}"), "playbook": "demo", "language": "en",
                "started": "2026-11-20T09:00:00Z", "objections": [said(landed, true), said(failed, false)]})
        };
        let lines: String = (from..from + 40).map(|number| format!("{}\n", record(number))).collect();
        fs::write(folder.join("in.jsonl"), lines).expect("a file");
        wants(0, folder, &["calls", "import", "in.jsonl"]);
    };
    import(0, "two", "one");
    let open = "{\"do\": \"open\", \"card\": \"dear\"}\n";
    let shown_first = |arguments: &[&str]| {
        let (_, out, err) = fed(folder, arguments, open);
        let answer: Value = serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}{err}"));
        (answer["call"].as_str().expect("an id").to_string(), answer["place"]["response"].clone())
    };
    let begin = ["--today", "2026-11-22", "call", "demo", "--events", "-"];
    let (plain, first) = shown_first(&[&begin[..], &["--no-calls"]].concat());
    assert_eq!(first, "one");
    let (ordered, first) = shown_first(&begin);
    assert_eq!(first, "two");
    // Calls of the same days come in from elsewhere, and say the contrary.
    for batch in 1..4 {
        import(batch * 100, "one", "two");
    }
    assert_eq!(shown_first(&begin).1, "one");
    for (id, expected) in [(plain, "one"), (ordered, "two")] {
        let events = "{\"do\": \"landed\"}\n{\"do\": \"end\"}\n";
        let resume = ["--today", "2026-11-25", "call", "--resume", &id, "--events", "-"];
        let (code, _, err) = fed(folder, &resume, events);
        assert_eq!(code, 0, "{err}");
        let record = shown(folder, &id);
        assert_eq!(record["objections"][0]["tried"][0]["response"], expected);
    }
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
        .map(|who| piped(folder, &["calls", "import", &format!("{who}.jsonl")]).spawn().expect("the program"))
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
    assert!(summary.contains("- It's dear “đắt quá” · Compared with what? (landed)"), "{summary}");
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
/// keys are pressed; `TERM` and `HUP` are sent as signals, and `ROOM` makes room on a full disk. What was
/// written to the terminal at the end.
#[cfg(target_os = "linux")]
fn on_terminal(folder: &Path, arguments: &str, steps: &[(&str, &str)]) -> String {
    shown_on_terminal(folder, &format!("exec {} {arguments}", env!("CARGO_BIN_EXE_callbook")), steps)
}

#[cfg(target_os = "linux")]
fn shown_on_terminal(folder: &Path, line: &str, steps: &[(&str, &str)]) -> String {
    use std::io::Read;
    use std::sync::{Arc, Mutex};
    use std::time::Instant;

    let line = format!("echo $$ > pid; {line}");
    let mut child = Command::new("script")
        .args(["-qfec", &line, "/dev/null"])
        .current_dir(folder)
        .envs(program::environment())
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
            if from.elapsed() > Duration::from_secs(60) {
                let _ = child.kill();
                panic!("no {wanted:?} in {:?}", text());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        if *pressed == "ROOM" {
            make_room(fs::read_to_string(folder.join("pid")).expect("a number").trim());
        } else if ["TERM", "HUP"].contains(pressed) {
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
    for part in ["- **Outcome**: Won", "- It's dear · Compared with what? (landed)", "- boats", "- hm"] {
        assert!(summary.contains(part), "no {part:?} in {summary}");
    }
    // Nothing happened, nothing is kept.
    let out = on_terminal(folder, "call demo --rep An", &[("Hello.", "\u{3}")]);
    assert!(out.contains("nothing happened"), "{out:?}");
}

/// A signal before the first key: nothing is left behind, and nothing is offered.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_before_the_first_key_leaves_nothing() {
    let temp = book();
    let folder = temp.path();
    for signal in ["TERM", "HUP"] {
        let out = on_terminal(folder, "call demo --rep An --store calls.db", &[("Hello.", signal)]);
        assert!(out.contains("\u{1b}[?1049l") && out.contains("nothing happened"), "{out:?}");
        assert!(!out.contains("--resume"), "{out:?}");
        let left = fs::read_dir(folder.join("calls.db.going")).expect("a folder");
        assert_eq!(left.count(), 0);
    }
    let (_, err) = wants(1, folder, &["call", "--resume", "--events", "-", "--store", "calls.db"]);
    assert!(err.contains("no call was left unended"), "{err}");
}

/// On the screen a full disk is said as long as it lasts, and leaving takes a second key.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_seen_on_a_terminal() {
    let temp = book();
    let folder = temp.path();
    let program = env!("CARGO_BIN_EXE_callbook");
    let line = format!("trap '' XFSZ; ulimit -S -f 1; exec {program} call demo --rep An --store calls.db");
    // Longer than the limit in any shell's blocks.
    let note = format!("\u{e}{}\r", "x".repeat(950));
    // Only what changes is written to a terminal, so words are waited for and no sentences.
    let steps =
        [("Hello.", &note[..]), ("DISK", "\u{3}"), ("press", "ROOM"), ("press", "?"), ("Search", "\u{3}")];
    let out = shown_on_terminal(folder, &line, &steps);
    assert!(out.contains("go on with `callbook call --resume"), "{out:?}");
    let journal = fs::read_dir(folder.join("calls.db.going")).expect("a folder").flatten().next();
    let kept = fs::read_to_string(journal.expect("a journal").path()).expect("a text");
    assert_eq!(kept.lines().count(), 2, "a beginning and a note");
}
