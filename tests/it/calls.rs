//! Calls as they are kept: the store, journals, records in and out, made-up calls.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use callbook::calls::read::read;
use callbook::calls::table::{COLUMNS, Csv, row};
use callbook::calls::{Header, Record, demo, folded};
use callbook::script::walk::Event;
use callbook::script::{Request, Script, for_call};
use callbook::store::journal::{self, unfinished};
use callbook::store::{Deleted, Filter, Found, Put, Session, Store, Unkept, forget, new_id};
use jiff::Timestamp;
use rusqlite::Connection;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{TODAY, checked_on, day, starter, walk};

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).expect("a time")
}

fn record(id: &str, more: Value) -> Record {
    let mut value = json!({"id": id, "playbook": "demo", "started": at(0).to_string(), "prospect": {"first_name": "Linh"}});
    for (key, more) in more.as_object().expect("an object") {
        value[key] = more.clone();
    }
    serde_json::from_value(value).expect("a record")
}

/// A folder, and the place for a store in a folder of it that is not there yet.
fn place() -> (TempDir, PathBuf) {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("data/calls.db");
    (temp, path)
}

fn ids(records: &[Record]) -> Vec<&str> {
    records.iter().map(|record| record.id.as_str()).collect()
}

fn everything() -> Filter {
    Filter::default()
}

#[test]
fn of_two_states_of_a_call_the_later_stays() {
    let (_temp, path) = place();
    let mut store = Store::open(&path).expect("a store");
    let event = |n: i64| json!({"at": at(n).to_string(), "do": "next"});
    let begun = record("a", json!({"events": [event(1)]}));
    let further = record("a", json!({"events": [event(1), event(2)]}));
    let ended = record("a", json!({"events": [event(1)], "ended": at(9).to_string()}));
    let noted =
        record("a", json!({"events": [event(1)], "ended": at(9).to_string(), "notes": [{"text": "n"}]}));
    for (what, expected) in [
        (&begun, Put::Added),
        (&begun, Put::Kept),
        (&further, Put::Replaced),
        (&begun, Put::Kept),
        (&ended, Put::Replaced),
        (&further, Put::Kept),
        (&noted, Put::Replaced),
        (&noted, Put::Kept),
    ] {
        assert_eq!(store.put(what).expect("put"), expected);
    }
    assert_eq!(store.find("a").expect("found"), Found::One(Box::new(noted.clone())));
    // It is all there when the store is opened again.
    drop(store);
    let store = Store::open_existing(&path).expect("a store").expect("it is there");
    assert_eq!(store.find("a").expect("found"), Found::One(Box::new(noted)));
}

#[test]
fn filters_mean_what_they_say() {
    let (_temp, path) = place();
    assert!(Store::open_existing(&path).expect("no error").is_none());
    assert!(!path.parent().expect("a parent").exists(), "looking makes nothing");
    let mut store = Store::open(&path).expect("a store");
    let records = [
        record("one", json!({"rep": "An", "outcome": "won-it", "result": "won"})),
        record("two", json!({"rep": "BÌNH", "playbook": "other", "started": at(100).to_string()})),
        record(
            "only",
            json!({"prospect": {"first_name": "Mei", "last_name": "Tan", "company": "Harbour  Joinery"},
            "started": at(200).to_string(), "demo": true}),
        ),
    ];
    assert_eq!(store.put_all(&records).expect("put"), [Put::Added; 3]);
    let check = |filter: Filter, expected: &[&str]| {
        let found = store.list(&filter).expect("a list");
        assert_eq!(ids(&found), expected, "{filter:?}");
        assert_eq!(store.count(&filter).expect("a count"), expected.len());
    };
    let text = |text: &str| Some(text.to_string());
    check(everything(), &["only", "two", "one"]);
    check(Filter { limit: Some(2), ..everything() }, &["only", "two"]);
    check(Filter { since: Some(at(100)), ..everything() }, &["only", "two"]);
    check(Filter { until: Some(at(100)), ..everything() }, &["one"]);
    check(Filter { playbook: text("other"), ..everything() }, &["two"]);
    check(Filter { rep: text(" bình"), ..everything() }, &["two"]);
    check(Filter { outcome: text("won"), ..everything() }, &["one"]);
    check(Filter { outcome: text("won-it"), ..everything() }, &["one"]);
    check(Filter { prospect: text("LINH"), ..everything() }, &["two", "one"]);
    for name in ["mei tan", "Tan Mei", "harbour joinery", "Mei Tan, Harbour Joinery"] {
        check(Filter { prospect: text(name), ..everything() }, &["only"]);
    }
    check(Filter { demo: Some(true), ..everything() }, &["only"]);
    check(Filter { prospect: text("' OR 1=1 --"), ..everything() }, &[]);
    check(Filter { prospect: text("linh"), playbook: text("demo"), ..everything() }, &["one"]);
    assert!(matches!(store.find("on").expect("found"), Found::Several(ids) if ids == ["one", "only"]));
    assert!(matches!(store.find("tw").expect("found"), Found::One(one) if one.id == "two"));
    // One that is another's beginning is meant itself.
    store.put(&record("on", json!({}))).expect("put");
    assert!(matches!(store.find("on").expect("found"), Found::One(one) if one.id == "on"));
    for unknown in ["x", "", "%", "o%", "_"] {
        assert_eq!(store.find(unknown).expect("found"), Found::None, "{unknown}");
    }
    assert_eq!(folded("  ＬＩＮＨ  Tran "), "linh tran");
}

/// Every byte of every file below a folder.
fn raw(folder: &Path) -> Vec<u8> {
    walk(folder).iter().flat_map(|name| fs::read(folder.join(name)).expect("a file")).collect()
}

fn holds(folder: &Path, text: &str) -> bool {
    raw(folder).windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn a_deleted_prospect_is_nowhere_any_more() {
    let (temp, path) = place();
    let name = "Quỳnh Zyxw";
    let of_them = |number: usize| {
        let note = format!("{name} said so {}", "long ".repeat(number * 40));
        record(
            &format!("q{number}"),
            json!({"prospect": {"first_name": name}, "notes": [{"text": note}],
            "events": [{"at": at(1).to_string(), "do": "note", "text": note}]}),
        )
    };
    let mut store = Store::open(&path).expect("a store");
    store.put_all(&(0..40).map(of_them).collect::<Vec<_>>()).expect("put");
    store.put_all(&[record("other", json!({}))]).expect("put");
    // Another program has the store open, so its log stays after a sweep.
    let other = Store::open(&path).expect("the same store");
    assert_eq!(other.count(&everything()).expect("a count"), 41);
    assert!(holds(temp.path(), name) && holds(temp.path(), "quỳnh zyxw"));
    // A call of theirs that is still open, whose name came up in it; and one of somebody else.
    let mut session = begun(&path, "open-one");
    let field = "prospect.first_name".to_string();
    session.act(Event::Prospect { field, value: name.to_string() }, at(1)).expect("possible");
    drop(session);
    left(&path, "open-two");
    let filter = Filter { prospect: Some("QUỲNH  zyxw".into()), ..everything() };
    assert_eq!(store.delete_all(&filter).expect("deleted"), Deleted { records: 40, swept: true });
    assert_eq!(forget(&path, "quỳnh zyxw").expect("forgotten"), 1);
    assert!(!holds(temp.path(), name) && !holds(temp.path(), "quỳnh zyxw"), "something is left");
    assert_eq!(ids(&other.list(&everything()).expect("a list")), ["other"]);
    assert_eq!(unfinished(&path).expect("a list").0.len(), 1);
    // By id as well.
    assert_eq!(store.delete(&["other".into(), "none".into()]).expect("deleted").records, 1);
    assert!(!holds(temp.path(), "Linh\"},\"segment"), "something is left");
}

#[test]
fn a_sweep_that_another_reader_hinders_is_told_of() {
    let (temp, path) = place();
    let mut store = Store::open(&path).expect("a store");
    store
        .put_all(&[record("a", json!({"prospect": {"first_name": "Zyxwvu"}})), record("b", json!({}))])
        .expect("put");
    let reader = Connection::open(&path).expect("a connection");
    reader.execute_batch("BEGIN; SELECT * FROM calls;").expect("a reader");
    let _: i64 = reader.query_row("SELECT count(*) FROM calls", [], |row| row.get(0)).expect("a count");
    let filter = Filter { prospect: Some("zyxwvu".into()), ..everything() };
    assert_eq!(store.delete_all(&filter).expect("deleted"), Deleted { records: 1, swept: false });
    reader.execute_batch("COMMIT").expect("an end");
    // The same again finishes it.
    assert_eq!(store.delete_all(&filter).expect("deleted"), Deleted { records: 0, swept: true });
    assert!(!holds(temp.path(), "Zyxwvu"));
}

#[test]
fn what_is_no_store_is_told_of_and_left_as_it_is() {
    let temp = tempfile::tempdir().expect("a folder");
    let store_at = |name: &str, make: &dyn Fn(&Path)| {
        let path = temp.path().join(name);
        make(&path);
        path
    };
    let sql = |path: &Path, sql: &str| {
        Connection::open(path).expect("a file").execute_batch(sql).expect("SQL");
    };
    let filled = |path: &Path| {
        let mut store = Store::open(path).expect("a store");
        let many: Vec<Record> = (0..200).map(|n| record(&format!("r{n}"), json!({}))).collect();
        store.put_all(&many).expect("put");
    };
    for (name, make, message) in [
        (
            "notes.txt",
            &(|path: &Path| fs::write(path, "my notes").expect("a file")) as &dyn Fn(&Path),
            "is not a call store",
        ),
        (
            "short",
            &|path: &Path| fs::write(path, "SQLite format 3\0").expect("a file"),
            "is not a call store",
        ),
        ("theirs.db", &|path: &Path| sql(path, "CREATE TABLE mine (a)"), "is not a call store"),
        ("other.db", &|path: &Path| sql(path, "PRAGMA application_id = 7"), "is not a call store"),
        (
            "newer.db",
            &|path: &Path| {
                filled(path);
                sql(path, "PRAGMA user_version = 99")
            },
            "was written by a newer callbook",
        ),
        (
            "damaged.db",
            &|path: &Path| {
                filled(path);
                let mut bytes = fs::read(path).expect("bytes");
                bytes[100..4096].fill(0xA5);
                fs::write(path, bytes).expect("a file");
            },
            "is damaged",
        ),
    ] {
        let path = store_at(name, make);
        let before = fs::read(&path).expect("bytes");
        let error =
            Store::open(&path).and_then(|mut store| store.put(&record("x", json!({})))).expect_err(name);
        assert!(error.to_string().contains(message) && error.hint.is_some(), "{name}: {error}");
        assert_eq!(fs::read(&path).expect("bytes"), before, "{name} was changed");
    }
    // Damage further inside is met when it is read.
    let path = store_at("inside.db", &filled);
    let mut bytes = fs::read(&path).expect("bytes");
    bytes[8192..].fill(0xA5);
    fs::write(&path, bytes).expect("a file");
    let read = Store::open(&path).and_then(|store| store.list(&everything()));
    assert!(read.is_err_and(|error| error.to_string().contains("is damaged")));
    let error = Store::open(temp.path()).expect_err("a folder");
    assert!(error.to_string().contains("is a folder"), "{error}");
}

#[test]
fn a_store_that_is_in_use_is_waited_for() {
    let (_temp, path) = place();
    let mut store = Store::open(&path).expect("a store");
    let other = Connection::open(&path).expect("a connection");
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let waiting = std::thread::spawn(move || {
        let put = store.put(&record("a", json!({})));
        (put, store)
    });
    std::thread::sleep(std::time::Duration::from_millis(300));
    other.execute_batch("COMMIT").expect("an end");
    let (put, mut store) = waiting.join().expect("a thread");
    assert_eq!(put.expect("put"), Put::Added);
    other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
    let error = store.put(&record("b", json!({}))).expect_err("in use");
    assert!(error.to_string().contains("has been in use by another program"), "{error}");
}

#[cfg(unix)]
#[test]
fn nobody_else_may_read_a_store() {
    use std::os::unix::fs::PermissionsExt;
    let (temp, path) = place();
    let mut store = Store::open(&path).expect("a store");
    store.put(&record("a", json!({}))).expect("put");
    left(&path, "open");
    let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o777;
    let files = walk(temp.path());
    assert_eq!(
        files,
        ["data/calls.db", "data/calls.db-shm", "data/calls.db-wal", "data/calls.db.going/open.jsonl"]
    );
    for name in &files {
        assert_eq!(mode(&temp.path().join(name)), 0o600, "{name}");
    }
    for folder in ["data", "data/calls.db.going"] {
        assert_eq!(mode(&temp.path().join(folder)), 0o700, "{folder}");
    }
}

/// Every playbook of the starter book.
static SCRIPTS: LazyLock<Vec<Arc<Script>>> = LazyLock::new(|| {
    let (book, _) = checked_on(starter(), TODAY);
    book.playbooks().map(|(number, _)| Arc::new(for_call(&book, number, &Request::default()))).collect()
});

fn header(id: &str) -> Header {
    let script = &SCRIPTS[0];
    serde_json::from_value(json!({"id": id, "playbook": script.playbook, "language": script.language,
        "given": {"prospect.first_name": "Mei"}, "started": at(0).to_string()}))
    .expect("a header")
}

fn begun(store: &Path, id: &str) -> Session {
    let session = Session::begin(store, SCRIPTS[0].clone(), header(id));
    assert!(session.trouble().is_none(), "{:?}", session.trouble());
    session
}

/// A call in which something happened, and that nobody ended.
fn left(store: &Path, id: &str) {
    begun(store, id).act(Event::Next, at(0)).expect("possible");
}

/// Whoever rings nobody leaves nothing behind.
#[test]
fn a_call_in_which_nothing_happened_has_no_journal() {
    let (temp, path) = place();
    let session = begun(&path, "abc");
    assert_eq!(walk(temp.path()), Vec::<String>::new());
    drop(session);
    begun(&path, "abc").discard().expect("nothing to take away");
    assert!(unfinished(&path).expect("a list").0.is_empty());
}

fn note(text: &str) -> Event {
    Event::Note { text: text.to_string() }
}

#[test]
fn a_call_that_was_not_ended_can_be_gone_on_with() {
    let (_temp, path) = place();
    let mut session = begun(&path, "abc");
    for (second, event) in [Event::Next, note("quá đắt"), note("x"), Event::Undo].into_iter().enumerate()
    {
        session.act(event, at(second as i64)).expect("possible");
    }
    // As long as it goes on here nobody else finds it.
    assert!(unfinished(&path).expect("a list").0.is_empty());
    let before = session.walk().clone();
    drop(session);
    // A line was torn, and one is of a newer version.
    let file = journal::folder(&path).join("abc.jsonl");
    let whole = fs::read_to_string(&file).expect("a journal");
    let odd = format!("{{\"at\":\"{}\",\"do\":\"dance\"}}\n", at(4));
    fs::write(&file, format!("{whole}{odd}{{\"at\":\"2026-")).expect("a file");
    let (found, faults) = unfinished(&path).expect("a list");
    assert!(faults.is_empty() && found.len() == 1);
    assert_eq!((found[0].events.as_slice(), found[0].unread), (before.events(), 1));
    let mut session = Session::resume(&path, SCRIPTS[0].clone(), &found[0], at(5000)).expect("a call");
    let again = Session::resume(&path, SCRIPTS[0].clone(), &found[0], at(5000)).expect_err("it goes on");
    assert!(again.to_string().contains("is going on in another program"), "{again}");
    assert!(session.walk().same_place(&before));
    session.act(note("after"), at(5001)).expect("possible");
    assert!(!fs::read_to_string(&file).expect("a journal").contains("2026-\u{0}"));
    session.act(Event::End, at(5002)).expect("possible");
    let record = session.finish().expect("kept");
    assert_eq!(record.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["quá đắt", "after"]);
    assert_eq!(record.seconds, Some(5));
    assert!(!file.exists());
    let store = Store::open(&path).expect("a store");
    assert_eq!(store.find("abc").expect("found"), Found::One(Box::new(record)));
}

#[test]
fn a_journal_that_cannot_be_written_does_not_stop_the_call() {
    let (temp, path) = place();
    fs::create_dir(temp.path().join("data")).expect("a folder");
    let folder = journal::folder(&path);
    fs::write(&folder, "in the way").expect("a file");
    let mut session = Session::begin(&path, SCRIPTS[0].clone(), header("abc"));
    assert!(session.trouble().is_some());
    session.act(note("one"), at(1)).expect("the call goes on");
    assert!(session.trouble().expect("trouble").to_string().contains("calls.db.going"));
    fs::remove_file(&folder).expect("out of the way");
    session.act(note("two"), at(2)).expect("the call goes on");
    assert!(session.trouble().is_none());
    drop(session);
    let (found, _) = unfinished(&path).expect("a list");
    assert_eq!(found[0].events.len(), 2);
    // A store that cannot be written leaves the journal where it is.
    let mut session = Session::resume(&path, SCRIPTS[0].clone(), &found[0], at(3)).expect("a call");
    fs::write(&path, "not a store").expect("a file");
    session.act(Event::End, at(4)).expect("possible");
    let Unkept { record, error, unsaved } = session.finish().expect_err("no store");
    assert!(error.to_string().contains("is not a call store") && record.notes.len() == 2);
    assert_eq!(unsaved, 0);
    fs::remove_file(&path).expect("out of the way");
    let (found, _) = unfinished(&path).expect("a list");
    let session = Session::resume(&path, SCRIPTS[0].clone(), &found[0], at(9)).expect("a call");
    assert!(session.walk().is_ended());
    assert_eq!(session.finish().expect("kept"), *record);
}

#[test]
fn a_file_among_the_journals_that_is_none_is_told_of() {
    let (_temp, path) = place();
    left(&path, "good");
    let folder = journal::folder(&path);
    fs::write(folder.join("bad.jsonl"), "nonsense\n").expect("a file");
    fs::write(folder.join("torn.jsonl"), "{\"id\":").expect("a file");
    fs::write(folder.join("else.txt"), "x").expect("a file");
    let (found, faults) = unfinished(&path).expect("a list");
    assert_eq!(found.iter().map(|one| one.header.id.as_str()).collect::<Vec<_>>(), ["good"]);
    assert!(faults.len() == 1 && faults[0].to_string().contains("bad.jsonl"), "{faults:?}");
}

#[test]
fn ids_are_short_plain_and_new() {
    let all: std::collections::BTreeSet<String> = (0..2000).map(|_| new_id()).collect();
    assert_eq!(all.len(), 2000);
    assert!(
        all.iter()
            .all(|id| id.len() == 12 && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    );
    assert!(all.iter().all(|id| record(id, json!({})).check() == Ok(None)));
}

/// What is read, each as its place and the id or what is wrong.
fn reads(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let done = read(text.as_bytes(), &mut |(place, record)| {
        out.push(match record {
            Ok(record) => format!("{place}: {}", record.id),
            Err(fault) => format!("{place}: ! {fault}"),
        });
        true
    });
    out.extend(done.err().map(|error| format!("! {error}")));
    out
}

#[test]
fn records_are_read_however_they_come() {
    let one = |id: &str| serde_json::to_string(&record(id, json!({}))).expect("JSON");
    let pretty = |id: &str| serde_json::to_string_pretty(&record(id, json!({}))).expect("JSON");
    let check = |text: &str, expected: &[&str]| assert_eq!(reads(text), expected, "{text}");
    check("", &[]);
    check(" \n\t", &[]);
    check("[]", &[]);
    check(&one("a"), &["line 1: a"]);
    check(&format!("\u{FEFF}\n{}\n\n{}\r\n", one("a"), one("b")), &["line 1: a", "line 3: b"]);
    check(&pretty("a"), &["record 1: a"]);
    check(&format!("{}\n{}", pretty("a"), pretty("b")), &["record 1: a", "record 2: b"]);
    check(&format!("[{},\n {}]", one("a"), pretty("b")), &["record 1: a", "record 2: b"]);
    // What is faulty does not keep the rest away.
    check(
        &format!("{}\n{{\"id\": 3}}\nnonsense\n7\n{}\n", one("a"), one("b")),
        &[
            "line 1: a",
            "line 2: ! invalid type: integer `3`, expected a string",
            "line 3: ! this is not JSON: expected ident at line 1 column 2",
            "line 4: ! this is not a record; expected an object with `id`, `playbook`, `started`",
            "line 5: b",
        ],
    );
    check(
        &format!("[{}, {{\"id\": \"x\"}}, {}, ", one("a"), one("b")),
        &[
            "record 1: a",
            "record 2: ! missing field `playbook`",
            "record 3: b",
            "! EOF while parsing a value at line 1 column 638",
        ],
    );
    let deep = "[".repeat(5000);
    assert!(reads(&deep).last().is_some_and(|last| last.contains("recursion limit")), "{:?}", reads(&deep));
    let huge = format!("[\"{}\"]", "x".repeat(17 << 20));
    assert_eq!(reads(&huge), ["! a record has more than 16 MB at line 1 column 16777216"]);
    let huge = format!("{{\"a\": \"{}\"}}", "x".repeat(17 << 20));
    assert_eq!(reads(&huge), ["! line 1: a record has more than 16 MB"]);
}

#[test]
fn a_table_holds_nothing_that_a_spreadsheet_would_run() {
    let evil =
        ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1", "＋1", "－1", "＠x"];
    for text in evil {
        let record = record(
            text,
            json!({"rep": text, "playbook": text, "outcome": text, "segment": [text],
            "prospect": {"company": text, "first_name": text}, "notes": [{"text": text}], "next_step": {"what": text},
            "path": [{"stage": text, "entered": at(0).to_string()}], "no_answer": [{"heard": text}],
            "answers": {text: text}, "objections": [{"card": text}]}),
        );
        for (column, cell) in COLUMNS.iter().zip(row(&record)) {
            let start = cell.trim_start_matches(' ').chars().next();
            assert!(!start.is_some_and(|c| "=+-@\t\r＝＋－＠".contains(c)), "{column}: {cell:?}");
        }
    }
    let mut csv = Csv::new();
    csv.add(&record(
        "a",
        json!({"notes": [{"text": "he said \"no\",\nthen left"}], "prospect": {"name": "Đại, Lộc"}}),
    ));
    let text = csv.take();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().expect("a heading").iter().collect::<Vec<_>>(), COLUMNS);
    let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
    assert_eq!((rows.len(), &rows[0][7], &rows[0][21]), (1, "Đại, Lộc", "he said \"no\",\nthen left"));
}

#[test]
fn made_up_calls_are_whole_calls_and_always_the_same() {
    let make = |seed: u64| -> Vec<Record> {
        (1..=60).filter_map(|number| demo::call(&SCRIPTS, seed, number, day(TODAY))).collect()
    };
    let (calls, again, others) = (make(1), make(1), make(2));
    assert_eq!(calls.len(), 60);
    assert!(calls == again && calls != others);
    let languages: std::collections::BTreeSet<&str> =
        calls.iter().map(|call| call.language.as_str()).collect();
    assert_eq!(languages.into_iter().collect::<Vec<_>>(), ["en", "ms", "vi", "zh-Hant"]);
    for call in &calls {
        assert!(call.demo && call.ended.is_some() && call.check() == Ok(None), "{call:?}");
        assert!(!call.path.is_empty() && call.events.len() > 1, "{call:?}");
        let script =
            SCRIPTS.iter().find(|one| one.playbook == call.playbook && one.language == call.language);
        let script = script.expect("the script").clone();
        let walk = callbook::script::walk::Walk::replay(script, call.started, &call.known_events());
        assert_eq!((walk.lapsed(), walk.is_ended()), (0, true));
    }
    let some = |what: &dyn Fn(&Record) -> bool| calls.iter().filter(|call| what(call)).count();
    assert!(some(&|call| call.result.as_deref() == Some("won")) > 3);
    assert!(some(&|call| !call.objections.is_empty()) > 20);
    assert!(some(&|call| call.objections.iter().any(|heard| heard.landed == Some(true))) > 10);
    assert!(some(&|call| !call.answers.is_empty()) > 20);
    assert!(some(&|call| call.path.len() > 2) > 10);
}
