//! How long a report over many calls takes: `cargo bench --bench report`, with `-- 20000` for another
//! number than 100,000. The calls are made up by the program's own dice from the starter book, in a store
//! that is taken away again. Beside it stands the floor: reading the same rows' bytes in the same order,
//! and doing nothing with them. Times are of the processors, so that others on the machine do not count;
//! those on the wall are told as well.

// A benchmark is there to print.
#![allow(clippy::print_stdout)]

use std::sync::Arc;
use std::time::Instant;

use callbook::book::model::parse_date;
use callbook::calls::demo;
use callbook::calls::report::{Reporter, Scope};
use callbook::language::Language;
use callbook::project;
use callbook::render::report::{json, terminal};
use callbook::script::{Request, for_call};
use callbook::store::{Filter, Part, Store};
use jiff::tz::TimeZone;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use rusqlite::Connection;

const TODAY: &str = "2026-11-22";
const ROUNDS: usize = 5;

/// Seconds that the processors have worked for this process.
fn worked() -> f64 {
    let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the process's own use");
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    seconds(usage.user_time()) + seconds(usage.system_time())
}

/// The shortest of several rounds: seconds of work, seconds on the wall.
fn measured(name: &str, mut round: impl FnMut() -> usize) -> f64 {
    let (mut best, mut wall, mut size) = (f64::MAX, f64::MAX, 0);
    for _ in 0..ROUNDS {
        let (began, started) = (worked(), Instant::now());
        size = round();
        best = best.min(worked() - began);
        wall = wall.min(started.elapsed().as_secs_f64());
    }
    println!("{name:<28} {best:>6.2} s of work  {wall:>6.2} s on the wall   {size} bytes");
    best
}

fn main() {
    let count = std::env::args().skip(1).find_map(|word| word.parse().ok()).unwrap_or(100_000);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks");
    let book = project::book(&folder).expect("the starter book");
    let today = parse_date(TODAY).expect("a date");
    let scripts: Vec<_> =
        book.playbooks().map(|(number, _)| Arc::new(for_call(&book, number, &Request::default()))).collect();
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("calls.db");
    let mut store = Store::open(&path).expect("a store");
    let started = Instant::now();
    for from in (1..=count).step_by(5000) {
        let calls: Vec<_> = (from..=count.min(from + 4999))
            .filter_map(|number| demo::call(&scripts, 1, number, today))
            .collect();
        store.put_all(&calls).expect("put");
    }
    println!("{count} calls were made up and put in {:.0} s", started.elapsed().as_secs_f64());
    let scope = || Scope {
        since: None,
        until: today,
        playbook: None,
        rep: None,
        segment: None,
        demo: true,
        zone: TimeZone::UTC,
    };
    let floor = measured("rows, bytes only", || {
        let connection = Connection::open(&path).expect("a connection");
        let mut rows =
            connection.prepare("SELECT record FROM calls ORDER BY started DESC, id").expect("a query");
        let mut rows = rows.query([]).expect("rows");
        let mut bytes = 0;
        while let Some(row) = rows.next().expect("a row") {
            bytes += row.get_ref(0).expect("a record").as_str().expect("a text").len();
        }
        bytes
    });
    let mut records = 0;
    let read = measured("records, not counted", || {
        records = 0;
        let store = Store::open(&path).expect("a store");
        let each = |_| {
            records += 1;
            true
        };
        store.each(&Filter::default(), Part::Counted, each).expect("records");
        records
    });
    assert_eq!(records, count);
    let whole = measured("the whole report", || {
        let store = Store::open(&path).expect("a store");
        let mut reporter = Reporter::new(&book, scope());
        let each = |record| {
            reporter.add(&record);
            true
        };
        store.each(&Filter::default(), Part::Counted, each).expect("records");
        let report = reporter.finish();
        assert_eq!(report.calls, count);
        terminal(&report, &Language::english(), 80).len() + json(&report).len()
    });
    println!(
        "times the floor: read {:.1}, whole {:.1}; {:.1} µs of work a call",
        read / floor,
        whole / floor,
        whole * 1e6 / count as f64
    );
}
