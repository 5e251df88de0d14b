//! The call screen of the handbook: led in Chromium, from files, and every record that it gives compared with
//! the one that the terminal makes of the same events.

mod npm;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;

use callbook::book::{self, Book, InputFile};
use callbook::calls::{Header, Record, Titles, VERSION, summary};
use callbook::script::values::Given;
use callbook::script::walk::Walk;
use callbook::script::{Request, build, for_call};
use jiff::tz::TimeZone;
use serde_json::{Value, json};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn run(home: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_callbook"))
        .args(arguments)
        .current_dir(root())
        .env_clear()
        .env("HOME", home)
        .env("TZ", "UTC")
        .output()
        .expect("the program starts")
}

/// What a run that must succeed prints.
#[track_caller]
fn prints(home: &Path, arguments: &[&str]) -> String {
    let output = run(home, arguments);
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {err}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn read(folder: impl AsRef<Path>) -> Book {
    let folder = root().join(folder);
    let files =
        walkdir::WalkDir::new(&folder).sort_by_file_name().into_iter().map(|entry| entry.expect("an entry"));
    let files =
        files.filter(|entry| entry.path().extension().is_some_and(|end| end == "yaml")).map(|entry| {
            InputFile {
                name: Arc::from(entry.path().strip_prefix(&folder).expect("below").to_string_lossy()),
                bytes: fs::read(entry.path()).expect("readable"),
            }
        });
    book::load(files.collect()).0
}

/// A book whose every text wants to be more than text.
fn hostile_book(folder: &Path) {
    let evil =
        "\"><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) مرحبا '' </style>";
    let long = "x".repeat(10_000);
    let text = format!(
        "playbook: calls
title: '{evil}'
language: ar
summary: '{evil}'
roles: [{{id: rep, title: '{evil}'}}]
variables: [{{name: who, title: '{evil}', example: '{evil}'}}, {{name: firm, default: '{evil}'}}]
stages:
  - {{id: open, title: '{evil}', goal: '{evil}', role: rep, script: [{{say: '{evil} {{{{ firm }}}}'}}, {{ask: q}}, {{note: '{long}'}}], objections: [dear], next: [{{when: '{evil}', go: out}}]}}
questions: [{{id: q, ask: '{evil}', options: ['{evil}'], type: choice, confirm: '{evil} {{{{ answer }}}}'}}]
objections:
  - {{id: dear, code: '{evil}', title: '{evil}', category: '{evil}', utterances: ['{evil}', '{long}'], escalate: {{to: '{evil}'}},
      responses: [{{when: '{evil}', bridge: '{evil}', say: '{evil}', ask: '{evil}', avoid: ['{evil}']}}, {{say: two}}]}}
closes: [{{id: c, title: '{evil}', say: '{evil}', technique: '{evil}'}}]
signals: [{{id: s, title: '{evil}', utterances: ['{evil}'], say: '{evil}'}}]
outcomes: [{{id: out, title: '{evil}', result: lost}}]
"
    );
    fs::create_dir(folder).expect("a folder");
    fs::write(folder.join("book.yaml"), "title: T\nlanguage: ar\n").expect("a file");
    fs::write(folder.join("calls.yaml"), text).expect("a file");
}

/// A book whose texts go by what is known, and what the program makes of them, for each of several callers.
fn book_of_conditions(folder: &Path) -> Value {
    let text = "playbook: calls
title: Calls
language: en
variables: [{name: who, title: Name}, {name: size, title: People, type: number}]
stages:
  - id: open
    title: Open
    script:
      - say: \"{% if size > 50 %}All {{ size }} of you.{% elif who %}Hi {{ who }}.{% else %}Hi there.{% endif %}\"
      - say: |
          {% if who == 'An' and not size < 5 %}You asked for:

          - a price
          - a day{% else %}Nothing so far, **{{ who | default('friend') }}**.{% endif %}
      - say: \"{% if size %}Counted{% endif %}{% if who != 'Bo' or (size >= 2.5 and size <= 4) %}, and known{% endif %}.\"
outcomes: [{id: out, title: Out, result: lost}]
";
    fs::create_dir(folder).expect("a folder");
    fs::write(folder.join("book.yaml"), "title: T\nlanguage: en\n").expect("a file");
    fs::write(folder.join("calls.yaml"), text).expect("a file");
    let book = read(folder);
    let mut all = Vec::new();
    for who in ["", "An", "Bo"] {
        for size in ["", "0", "2.5", "4", "5", "60", "some"] {
            let given =
                [("who", who), ("size", size)].map(|(name, value)| (name.into(), Given::Text(value.into())));
            let script = build(&book, 0, &Request { given: given.into(), public: false }).plain();
            let lines = script["stages"][0]["lines"].as_array().expect("lines").iter();
            let said: Vec<&Value> = lines.map(|line| &line["text"]).collect();
            all.push(json!({ "who": who, "size": size, "said": said }));
        }
    }
    Value::from(all)
}

/// The terminal's record of the events of a record from the browser, and its summary.
fn ours(book: &Book, theirs: &Record) -> (Record, String) {
    let (volume, _) = book
        .playbooks()
        .find(|(_, volume)| {
            (volume.id.as_str(), volume.language.as_str()) == (&*theirs.playbook, &*theirs.language)
        })
        .expect("the playbook");
    let script = Arc::new(for_call(book, volume, &Request::default()));
    let header = Header {
        version: VERSION,
        id: theirs.id.clone(),
        playbook: theirs.playbook.clone(),
        language: theirs.language.clone(),
        rep: None,
        given: Default::default(),
        segment: Vec::new(),
        started: theirs.started,
        demo: false,
        landed: Default::default(),
    };
    let walk = Walk::replay(script.clone(), theirs.started, &theirs.known_events());
    assert_eq!(walk.lapsed(), 0, "steps of the browser that the terminal refuses");
    let record = Record::of(&walk, &header);
    let text = summary(&record, &Titles::of(&script), &TimeZone::UTC);
    (record, text)
}

#[test]
fn a_call_in_the_browser_is_one_of_the_terminal() {
    let (Some(folder), Some(chromium)) = (npm::installed("browser"), npm::chromium()) else { return };
    let home = tempfile::tempdir().expect("a folder");
    let place = |name: &str| home.path().join(name).display().to_string();
    let (demo, starter, out) = (place("demo"), place("starter"), place("out"));
    let (book, hostile) = (place("book"), place("hostile"));
    hostile_book(Path::new(&book));
    prints(home.path(), &["--book", &book, "build", "-o", &hostile, "--draft"]);
    let (book, conditions) = (place("of-conditions"), place("conditions"));
    let said = book_of_conditions(Path::new(&book));
    prints(home.path(), &["--book", &book, "build", "-o", &conditions, "--draft"]);
    fs::write(Path::new(&conditions).join("said.json"), said.to_string()).expect("a file");
    fs::create_dir(&out).expect("a folder");
    prints(home.path(), &["--book", "tests/call", "build", "-o", &demo]);
    prints(home.path(), &["--book", "playbooks", "build", "-o", &starter]);
    let tests = Command::new("node")
        .arg(folder.join("call.mjs"))
        .args([&demo, &starter, &out, &hostile, &conditions])
        .env("CHROMIUM", chromium)
        .env("TZ", "UTC")
        .output()
        .expect("node starts");
    let told = String::from_utf8_lossy(&tests.stdout).into_owned() + &String::from_utf8_lossy(&tests.stderr);
    assert!(tests.status.success(), "{told}");

    let books = [read("tests/call"), read("playbooks")];
    let store = place("calls.db");
    for (name, book) in [("demo", 0), ("any", 0), ("en", 1), ("vi", 1), ("zh-Hant", 1), ("ms", 1)] {
        let path = Path::new(&out).join(format!("{name}.json"));
        let text = fs::read_to_string(&path).expect("a record");
        let theirs: Record = serde_json::from_str(&text).expect("a record");
        let (ours, told) = ours(&books[book], &theirs);
        assert_eq!(theirs, ours, "{name}");
        // Nothing in it that the form does not know.
        let known = serde_json::to_value(&ours).expect("JSON");
        let raw: Value = serde_json::from_str(&text).expect("JSON");
        for key in raw.as_object().expect("an object").keys() {
            assert!(
                known.get(key).is_some()
                    || raw[key] == Value::Array(vec![])
                    || raw[key] == serde_json::json!({}),
                "{name}: {key}"
            );
        }
        let shown = fs::read_to_string(path.with_extension("md")).expect("a summary");
        assert_eq!(shown, told, "{name}");
        assert!(theirs.events.len() > 12 && theirs.ended.is_some(), "{name} is a whole call");

        // The program takes it, once, and tells of it.
        let book = ["tests/call", "playbooks"][book];
        let path = path.display().to_string();
        let import = ["--book", book, "calls", "--store", &store, "import", &path];
        assert_eq!(prints(home.path(), &import), "1 added, 0 replaced, 0 there already, 0 faulty\n");
        assert_eq!(prints(home.path(), &import), "0 added, 0 replaced, 1 there already, 0 faulty\n");
        let show = ["--book", book, "calls", "--store", &store, "show", &theirs.id, "--format", "json"];
        let kept: Record = serde_json::from_str(&prints(home.path(), &show)).expect("a record");
        assert_eq!(kept, theirs, "{name}");
    }
    let report = ["--book", "playbooks", "report", "--store", &store, "--format", "json"];
    let report: Value = serde_json::from_str(&prints(home.path(), &report)).expect("JSON");
    assert_eq!(report["calls"], 6, "{report:#}");

    // Several at once.
    let all = Path::new(&out).join("all.json").display().to_string();
    let import = ["--book", "tests/call", "calls", "--store", &store, "import", &all];
    assert_eq!(prints(home.path(), &import), "2 added, 0 replaced, 0 there already, 0 faulty\n");

    // What the keys of the first call were meant to do.
    let demo: Record =
        serde_json::from_slice(&fs::read(Path::new(&out).join("demo.json")).expect("a record"))
            .expect("a record");
    let path: Vec<&str> = demo.path.iter().map(|visit| visit.stage.as_str()).collect();
    assert_eq!(path, ["open", "discover"]);
    assert_eq!(demo.prospect_name(), "Linh, Harbour Joinery");
    assert_eq!((demo.rep.as_deref(), demo.variables["team_size"].as_str()), (Some("An"), "12"));
    let heard: Vec<String> = demo
        .objections
        .iter()
        .map(|heard| {
            let tried: Vec<String> =
                heard.tried.iter().map(|tried| format!("{} {:?}", tried.response, tried.landed)).collect();
            format!("{} {} {:?} {}", heard.card, heard.times, heard.heard, tried.join(", "))
        })
        .collect();
    assert_eq!(
        heard,
        [
            "too-expensive 1 Some(\"that is steep\") compare Some(false), turns Some(true)",
            "too-expensive 2 None ",
            "no-time 1 Some(\"t1\") ",
            "send-email 1 None ",
        ]
    );
    let unanswered: Vec<&str> = demo.no_answer.iter().map(|missing| missing.heard.as_str()).collect();
    assert_eq!(unanswered, ["t1", "do you do boats"]);
    let answers: Vec<String> =
        demo.answers.iter().map(|(field, answer)| format!("{field}={}", answer.value)).collect();
    assert_eq!(
        answers,
        [
            "tools=\"In a sheet\"",
            "size=12.5",
            "urgency=\"This quarter\"",
            "since=\"2025-03-01\"",
            "sure=false",
            "discover/5=\"Minh’s\""
        ]
    );
    let closes: Vec<String> =
        demo.closes.iter().map(|close| format!("{} {:?}", close.close, close.yes)).collect();
    assert_eq!(closes, ["date Some(false)", "date Some(true)"]);
    assert_eq!((demo.outcome.as_deref(), demo.result.as_deref()), (Some("booked"), Some("won")));
    let step = demo.next_step.expect("a next step");
    assert_eq!(
        (step.what.as_str(), step.date.map(|date| date.to_string()).as_deref()),
        ("Send <b>numbers</b>", Some("2026-12-01"))
    );
    assert_eq!(demo.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["Three *workshops*"]);
}
