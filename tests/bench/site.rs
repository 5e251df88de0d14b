//! How fast the handbook is made: books of 1,000 and 10,000 cards, read, checked for links, made, written
//! to memory, and made again after one card changed, beside a floor that only turns as much Markdown into
//! as many files.
//!
//! `cargo bench --bench site` prints the table; `-- 1000` measures one size.

// A benchmark is there to print.
#![allow(clippy::print_stdout, missing_docs)]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use callbook::book::{self, InputFile};
use callbook::{project, site};
use rayon::prelude::*;

/// Cards in a file.
const FILE: usize = 50;
/// Times that each is measured; the best counts, as noise only ever adds.
const TIMES: usize = 5;

/// Words that stand for text: as many as a language uses often, made by a small generator with a seed.
struct Words(u64);

impl Words {
    fn next(&mut self, below: u64) -> u64 {
        // xorshift64*: small, and the same everywhere.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) % below
    }

    fn text(&mut self, words: usize) -> String {
        let word = |n: u64| format!("w{}{}", n % 5_000, ["a", "en", "ing", "tion"][(n % 4) as usize]);
        (0..words).map(|_| word(self.next(5_000))).collect::<Vec<_>>().join(" ")
    }
}

/// A book of so many cards: some 336 words each, in playbooks of fifty with three stages.
fn generate(cards: usize) -> Vec<InputFile> {
    let mut words = Words(0x9e37_79b9_7f4a_7c15);
    let mut files =
        vec![InputFile { name: "book.yaml".into(), bytes: b"title: Large\nlanguage: en\n".to_vec() }];
    for number in 0..cards / FILE {
        let mut text = format!(
            "playbook: p{number}\ntitle: Playbook {number}\nlanguage: en\nsummary: {}\nstages:\n",
            words.text(30)
        );
        for stage in 0..3 {
            let dial: Vec<String> = (0..8).map(|n| format!("o{number}-{}", (stage * 8 + n) % FILE)).collect();
            text += &format!(
                "  - {{id: s{number}-{stage}, title: {}, goal: {}, script: [{{say: {}}}, {{say: {}}}], objections: [{}]}}\n",
                words.text(3),
                words.text(8),
                words.text(25),
                words.text(25),
                dial.join(", ")
            );
        }
        text += "objections:\n";
        for card in 0..FILE {
            let category = ["price", "trust", "need", "timing", "authority", "fit"][card % 6];
            text += &format!(
                "  - id: o{number}-{card}\n    title: {}\n    category: {category}\n    why: {}\n    utterances:\n",
                words.text(5),
                words.text(20)
            );
            for _ in 0..8 {
                text += &format!("      - {}\n", words.text(6));
            }
            text += "    responses:\n";
            for response in 0..4 {
                text += &format!(
                    "      - {{id: r{response}, when: {}, bridge: {}, say: {}, ask: {}}}\n",
                    words.text(6),
                    words.text(6),
                    words.text(38),
                    words.text(10)
                );
            }
        }
        files.push(InputFile { name: format!("p{number}.yaml").into(), bytes: text.into_bytes() });
    }
    files
}

/// The best of several times.
fn best<T>(mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut out: Option<(Duration, T)> = None;
    for _ in 0..TIMES {
        let began = Instant::now();
        let value = run();
        let took = began.elapsed();
        if out.as_ref().is_none_or(|(best, _)| took < *best) {
            out = Some((took, value));
        }
    }
    out.expect("measured at least once")
}

/// As much Markdown in as many files: read with pulldown-cmark, put into one template, written.
fn floor(cards: usize, folder: &Path) {
    let mut words = Words(7);
    let texts: Vec<String> = (0..cards).map(|_| words.text(336)).collect();
    let mut engine = minijinja::Environment::new();
    engine
        .add_template("page", "<!doctype html><title>{{ title }}</title><main>{{ html|safe }}</main>")
        .expect("a template");
    let template = engine.get_template("page").expect("a template");
    let pages: Vec<String> = texts
        .par_iter()
        .enumerate()
        .map(|(number, text)| {
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(text));
            template.render(minijinja::context!(title => number, html => html)).expect("a page")
        })
        .collect();
    fs::create_dir_all(folder).expect("a folder");
    for (number, page) in pages.iter().enumerate() {
        fs::write(folder.join(format!("{number}.html")), page).expect("a file");
    }
}

/// The most memory that the process has had, in MB.
fn peak() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|rest| rest.trim().trim_end_matches(" kB").parse::<f64>().ok()).unwrap_or(0.0) / 1024.0
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

fn measure(cards: usize) {
    let files = generate(cards);
    let copy = || -> Vec<InputFile> {
        files.iter().map(|file| InputFile { name: file.name.clone(), bytes: file.bytes.clone() }).collect()
    };
    let options = site::Options { generator: "bench", ..site::Options::default() };
    let root = tempfile::Builder::new()
        .prefix("callbook-bench-")
        .tempdir_in("/dev/shm")
        .expect("a folder in memory");
    let (read, (book, _)) = best(|| book::load(copy()));
    let (made, whole) = best(|| site::build(&book, &options).expect("a site"));
    let mut number = 0;
    let (write, _) = best(|| {
        number += 1;
        project::write_site(&root.path().join(format!("site{number}")), &whole.files, false).expect("written")
    });
    let mut changed = copy();
    let last = changed.last_mut().expect("a file");
    last.bytes =
        String::from_utf8_lossy(&last.bytes).replacen("bridge: ", "bridge: changed ", 1).into_bytes();
    let place = root.path().join("site1");
    let (again, written) = best(|| {
        let same: Vec<InputFile> = changed
            .iter()
            .map(|file| InputFile { name: file.name.clone(), bytes: file.bytes.clone() })
            .collect();
        let (book, _) = book::load(same);
        let site = site::build(&book, &options).expect("a site");
        project::write_site(&place, &site.files, false).expect("written")
    });
    let (floor, ()) = best(|| floor(cards, &root.path().join("floor")));
    let bytes: usize = whole.files.values().map(Vec::len).sum();
    let sizes: BTreeMap<&str, usize> =
        whole.files.iter().map(|(path, bytes)| (path.as_str(), bytes.len())).collect();
    let total = read + made + write;
    println!(
        "| {cards} | {:.0} | {:.0} | {:.0} | {:.0} | {:.0} ({} written) | {:.0} | {:.1} | {:.0} | {} files, {:.1} MB, largest {:.1} MB |",
        milliseconds(read),
        milliseconds(made),
        milliseconds(write),
        milliseconds(total),
        milliseconds(again),
        written.written,
        milliseconds(floor),
        total.as_secs_f64() / floor.as_secs_f64(),
        peak(),
        whole.files.len(),
        bytes as f64 / 1e6,
        *sizes.values().max().unwrap_or(&0) as f64 / 1e6
    );
}

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    println!(
        "| cards | read, ms | made | written | whole | after one card changed | floor | times the floor | peak, MB | site |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    for cards in if asked.is_empty() { vec![1_000, 10_000] } else { asked } {
        measure(cards);
    }
}
