//! How quick lookup is: ratios to an empty process, SQLite FTS5 and ripgrep on the same book in the same run.
//!
//! `cargo bench --bench speed` measures books of 1,000 and 10,000 cards; sizes may be given
//! (`-- 100000`); `-- write 10000 FOLDER` leaves such a book and the questions there. Processes are counted in processor time (user and system) of many runs, which other work
//! on the machine disturbs least; what a person waits for (an index made, a change found) in time as well.

// A benchmark is there to print.
#![allow(clippy::print_stdout)]

mod corpus;
#[allow(dead_code)]
mod peers;
#[allow(dead_code)]
mod sets;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use callbook::card::cards;
use callbook::project;
use callbook::search::Filters;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeVal;
use rusqlite::Connection;

/// A twentieth of what is measured only, in four languages, is asked of processes.
const ONE_IN: usize = 40;
/// How often each process is run.
const RUNS: usize = 200;

/// What a row of runs came to: milliseconds of processor time and of waiting a run, and the most memory in MB.
#[derive(Clone, Copy)]
struct Cost {
    cpu: f64,
    wall: f64,
    memory: f64,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["measure", runs, queries, ref command @ ..] => measure_here(runs, queries, command),
        ["fts5", db, query] => fts5(Path::new(db), query),
        ["write", size, folder] => write(size.parse().expect("a number"), Path::new(folder)),
        _ => {
            let sizes: Vec<usize> = words.iter().filter_map(|word| word.parse().ok()).collect();
            install();
            let folder = tempfile::tempdir().expect("a folder");
            let empty = empty_process(folder.path());
            for size in if sizes.is_empty() { vec![1_000, 10_000] } else { sizes } {
                measure_book(folder.path(), size, &empty);
            }
        }
    }
}

/// Leaves a book and the questions in a folder, to look closer at.
fn write(size: usize, folder: &Path) {
    corpus::write_book(&folder.join("book"), size, &peers::starter_cards(true));
    fs::write(folder.join("asked"), asked(&queries())).expect("queries");
}

/// What processes are asked, a line each.
fn asked(queries: &[String]) -> String {
    queries.iter().step_by(ONE_IN).map(|query| format!("{query}\n")).collect()
}

/// Makes the program as people get it: built together with tests its functions have other names, and do not
/// lie where `src/cold.ld` wants them.
fn install() {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let done = Command::new(cargo).args(["build", "--release", "--quiet"]).status();
    assert!(done.expect("cargo").success());
}

/// Compiles a program that does nothing.
fn empty_process(folder: &Path) -> PathBuf {
    let (source, program) = (folder.join("empty.rs"), folder.join("empty"));
    fs::write(&source, "fn main() {}\n").expect("a source");
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let done = Command::new(rustc).args(["-O", "-o"]).arg(&program).arg(&source).status();
    assert!(done.expect("rustc").success());
    program
}

fn queries() -> Vec<String> {
    let sets = sets::LANGUAGES.map(|language| sets::read(language, sets::Part::Measured));
    sets.into_iter().flat_map(|set| set.heard.into_iter().map(|row| row.heard)).collect()
}

/// Runs a command once for each line of a file of queries (`{}` in it), round and round, and prints what it
/// cost. A process of its own, because what children cost is told of all of them together.
fn measure_here(runs: &str, queries: &str, command: &[&str]) {
    let runs: usize = runs.parse().expect("a number");
    let lines = fs::read_to_string(queries).expect("queries");
    let lines: Vec<&str> = lines.lines().collect();
    let started = Instant::now();
    for run in 0..runs {
        let line = lines[run % lines.len()];
        let mut words = command.iter().map(|word| word.replace("{}", line));
        let mut process = Command::new(words.next().expect("a program"));
        process.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        process.status().expect("a process");
    }
    let wall = started.elapsed();
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("usage");
    let seconds = |time: TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    let cpu = seconds(usage.user_time()) + seconds(usage.system_time());
    println!("{} {} {}", cpu / runs as f64 * 1e3, wall.as_secs_f64() / runs as f64 * 1e3, usage.max_rss());
}

fn fts5(db: &Path, query: &str) {
    let db = Connection::open(db).expect("the database");
    let mut statement = db
        .prepare(
            "SELECT id, title FROM cards WHERE cards MATCH ?1 ORDER BY bm25(cards, 0, 0, 2, 3, 1) LIMIT 5",
        )
        .expect("a query");
    let rows = statement.query_map([peers::any_word(query)], |row| row.get::<_, String>(1)).expect("rows");
    for title in rows {
        println!("{}", title.expect("a title"));
    }
}

/// One book and what is asked of it.
struct Bench<'b> {
    book: &'b Path,
    cache: &'b Path,
    asked: &'b Path,
}

impl Bench<'_> {
    fn cost(&self, runs: usize, command: &[&str]) -> Cost {
        let me = std::env::current_exe().expect("this program");
        let mut process = Command::new(me);
        process.arg("measure").arg(runs.to_string()).arg(self.asked).args(command);
        process.env("XDG_CACHE_HOME", self.cache).env("CALLBOOK_BOOK", self.book);
        let output = process.output().expect("a process");
        let text = String::from_utf8_lossy(&output.stdout);
        let figures: Vec<f64> = text.split_whitespace().filter_map(|word| word.parse().ok()).collect();
        let [cpu, wall, kilobytes] = figures[..] else {
            panic!("{text}{}", String::from_utf8_lossy(&output.stderr))
        };
        Cost { cpu, wall, memory: kilobytes / 1024.0 }
    }
}

fn measure_book(folder: &Path, size: usize, empty: &Path) {
    let (book, cache, asked_of) =
        (folder.join(format!("book-{size}")), folder.join(format!("cache-{size}")), folder.join("asked"));
    corpus::write_book(&book, size, &peers::starter_cards(true));
    fs::create_dir_all(&cache).expect("a cache");
    let queries = queries();
    fs::write(&asked_of, asked(&queries)).expect("queries");
    let bench = Bench { book: &book, cache: &cache, asked: &asked_of };
    let program = env!("CARGO_BIN_EXE_callbook");
    let (stamps, _) = project::stamps(&book).expect("the book");
    let (read, _) = callbook::book::load(project::read(&book, &stamps).0);
    let db = folder.join(format!("fts-{size}"));
    peers::fill(&mut Connection::open(&db).expect("a database"), &cards(&read));

    println!(
        "\n### {size} cards\n\n| | CPU ms | ×empty | waited ms | memory MB |\n| --- | --- | --- | --- | --- |"
    );
    let nothing = bench.cost(RUNS, &[&empty.to_string_lossy()]);
    let row = |name: &str, cost: Cost| {
        let ratio = cost.cpu / nothing.cpu;
        println!("| {name} | {:.2} | {ratio:.1} | {:.2} | {:.1} |", cost.cpu, cost.wall, cost.memory);
    };
    row("an empty process", nothing);
    row("`callbook --version`", bench.cost(RUNS, &[program, "--version"]));
    row("index from nothing, and the first answer", bench.cost(1, &[program, "find", "{}"]));
    // What is younger than two seconds is compared by content: nobody's everyday.
    std::thread::sleep(Duration::from_millis(2_100));
    bench.cost(1, &[program, "find", "{}"]);
    row("cold `find`", bench.cost(RUNS, &[program, "find", "{}"]));
    let me = std::env::current_exe().expect("this program");
    row(
        "SQLite FTS5, a process",
        bench.cost(RUNS, &[&me.to_string_lossy(), "fts5", &db.to_string_lossy(), "{}"]),
    );
    if Command::new("rg").arg("--version").output().is_ok() {
        row("ripgrep, one word", bench.cost(RUNS / 4, &["rg", "-i", "expensive", &book.to_string_lossy()]));
    }
    change_one(&bench, program, &row);
    warm(&bench, &queries);
}

/// One card changed in a file of a hundred: how long until it is found.
fn change_one(bench: &Bench<'_>, program: &str, row: &impl Fn(&str, Cost)) {
    let file = bench.book.join("p4.yaml");
    let text = fs::read_to_string(&file).expect("a playbook");
    let changed = text.replacen("    utterances:\n", "    utterances:\n      - \"zyxzyx quuxquux\"\n", 1);
    fs::write(&file, changed).expect("a change");
    row("the same, one card changed", bench.cost(1, &[program, "find", "zyxzyx quuxquux"]));
    let found = Command::new(program)
        .args(["find", "--format", "json", "zyxzyx quuxquux"])
        .env("XDG_CACHE_HOME", bench.cache)
        .env("CALLBOOK_BOOK", bench.book)
        .output();
    let found = found.expect("find");
    assert!(String::from_utf8_lossy(&found.stdout).contains("\"o4-0\""), "the change is not found");
}

/// Queries and keys against an index that is open.
fn warm(bench: &Bench<'_>, queries: &[String]) {
    let home = bench.cache.join("warm");
    let index = project::open(bench.book, Some(&home)).expect("an index").index;
    let time = |ask: &dyn Fn(&str), texts: &mut dyn Iterator<Item = &str>| {
        let mut times: Vec<f64> = texts
            .map(|text| {
                let started = Instant::now();
                ask(text);
                started.elapsed().as_secs_f64() * 1e3
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let at = |share: f64| times[((times.len() - 1) as f64 * share) as usize];
        (at(0.5), at(0.99), at(1.0))
    };
    let filters = Filters::default();
    let find = |text: &str| {
        index.find(text, &filters, 5).expect("an answer");
    };
    let suggest = |text: &str| {
        index.suggest(text, &filters, 5).expect("an answer");
    };
    queries.iter().for_each(|query| find(query));
    println!("\n| open index, ms | median | p99 | most |\n| --- | --- | --- | --- |");
    let (half, most, all) = time(&find, &mut queries.iter().map(String::as_str));
    println!("| a query | {half:.2} | {most:.2} | {all:.2} |");
    let typed =
        || queries.iter().step_by(10).flat_map(|query| query.char_indices().map(|(at, _)| &query[..at]));
    let (half, most, all) = time(&suggest, &mut typed().skip(1));
    println!("| a key | {half:.2} | {most:.2} | {all:.2} |");
}
