//! How fast the handbook is made: books of 1,000 and 10,000 cards, read, made and written to memory as `build`
//! does it, the first time and with what is kept from then on, and again after one card changed; beside a floor
//! that only turns as much Markdown into as many files, and Hugo and Zola where they are installed.
//!
//! `cargo bench --bench site` prints the table; `-- 1000` measures one size. Times are of the wall and, as a
//! machine is seldom idle, of the processor (in brackets, all cores together).

// A benchmark is there to print.
#![allow(clippy::print_stdout, missing_docs)]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use callbook::book::{self, InputFile};
use callbook::diagnostic::Severity;
use callbook::{lint, project, site};
use nix::sys::resource::{UsageWho, getrusage};
use rayon::prelude::*;

/// As the program has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Cards in a file.
const FILE: usize = 50;
/// Times that each is measured; the cheapest counts, as noise only ever adds.
const TIMES: usize = 3;

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

/// What something took.
#[derive(Clone, Copy)]
struct Cost {
    wall: Duration,
    /// Of the processor, in this process and in those that it waited for.
    processor: Duration,
}

fn processor() -> Duration {
    let of = |who| {
        let usage = getrusage(who).expect("the system tells");
        let times = [usage.user_time(), usage.system_time()];
        times
            .iter()
            .map(|time| Duration::new(time.tv_sec() as u64, time.tv_usec() as u32 * 1_000))
            .sum::<Duration>()
    };
    of(UsageWho::RUSAGE_SELF) + of(UsageWho::RUSAGE_CHILDREN)
}

/// The cheapest of several times.
fn best(mut run: impl FnMut()) -> Cost {
    let once = |_| {
        let (wall, before) = (Instant::now(), processor());
        run();
        Cost { wall: wall.elapsed(), processor: processor() - before }
    };
    (0..TIMES).map(once).min_by_key(|cost| cost.processor).expect("measured at least once")
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

/// What `build` does, from files in memory to files on a disk in memory.
fn build(files: &[InputFile], cache: &Path, out: &Path) {
    let kept = project::Kept::below(Some(cache));
    let (book, _) = book::load_again(files.to_vec(), false, "bench", &kept);
    let today = book::model::parse_date("2026-11-22").expect("a day");
    lint::lint_for(&book, &lint::Context { today }, Severity::Error);
    let options =
        site::Options { generator: "bench", offline: true, place: "bench".into(), ..Default::default() };
    let writer = project::SiteWriter::new(out, false, &kept).expect("a folder");
    site::build_to(&book, &options, &kept, &writer).expect("a site");
    writer.finish().expect("written");
}

/// As much Markdown as pages of another generator, with the least that a page needs around it.
fn peer(name: &str, cards: usize, root: &Path) -> Option<Cost> {
    let mut told = Command::new(name);
    told.arg(if name == "zola" { "--version" } else { "version" })
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if !told.status().is_ok_and(|status| status.success()) {
        return None;
    }
    let put = |path: &str, text: &str| {
        let path = root.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    };
    let mut words = Words(7);
    for number in 0..cards {
        let (section, text) = (number / FILE, words.text(336));
        let matter = if name == "zola" { "+++" } else { "---" };
        let title = if name == "zola" { "title = " } else { "title: " };
        put(
            &format!("content/p{section}/o{number}.md"),
            &format!("{matter}\n{title}\"Card {number}\"\n{matter}\n{text}\n"),
        );
    }
    let page = |title: &str, content: &str| {
        format!(
            "<!doctype html><html><head><title>{title}</title></head><body><main>{content}</main></body></html>"
        )
    };
    if name == "zola" {
        put("config.toml", "base_url = \"https://h.example\"\nbuild_search_index = true\n");
        put("templates/page.html", &page("{{ page.title }}", "{{ page.content | safe }}"));
        put("templates/index.html", &page("Home", ""));
        put("templates/section.html", &page("Section", ""));
    } else {
        put(
            "config.toml",
            "baseURL = \"https://h.example/\"\ndisableKinds = [\"taxonomy\", \"term\", \"RSS\"]\n",
        );
        put("layouts/_default/single.html", &page("{{ .Title }}", "{{ .Content }}"));
        put(
            "layouts/_default/list.html",
            &page(
                "{{ .Title }}",
                "{{ range .Pages }}<a href=\"{{ .RelPermalink }}\">{{ .Title }}</a>{{ end }}",
            ),
        );
    }
    let run = || {
        drop(fs::remove_dir_all(root.join("public")));
        let argument = if name == "zola" { "build" } else { "--quiet" };
        let done = Command::new(name).arg(argument).current_dir(root).stdout(Stdio::null()).status();
        assert!(done.is_ok_and(|status| status.success()), "{name} has built");
    };
    Some(best(run))
}

fn measure(cards: usize) {
    let files = generate(cards);
    let root = tempfile::Builder::new()
        .prefix("callbook-bench-")
        .tempdir_in("/dev/shm")
        .expect("a folder in memory");
    let (cache, site) = (root.path().join("cache"), root.path().join("site"));
    let gone = |path: &Path| drop(fs::remove_dir_all(path));
    let first = best(|| {
        gone(&cache);
        gone(&site);
        build(&files, &cache, &site);
    });
    let whole = best(|| {
        gone(&site);
        build(&files, &cache, &site);
    });
    let same = best(|| build(&files, &cache, &site));
    let mut changed = files.clone();
    let again = best(|| {
        // Another card every time.
        let number = changed.len() / 2;
        let bytes =
            String::from_utf8_lossy(&changed[number].bytes).replacen("bridge: w", "bridge: changed w", 1);
        changed[number].bytes = bytes.into_bytes();
        build(&changed, &cache, &site);
    });
    let peak = peak();
    let floor = best(|| floor(cards, &root.path().join("floor")));
    let told = |cost: Cost| {
        let ms = |time: Duration| time.as_secs_f64() * 1_000.0;
        format!("{:.0} ({:.0})", ms(cost.wall), ms(cost.processor))
    };
    let times = |cost: Cost| format!("{:.1}", cost.processor.as_secs_f64() / whole.processor.as_secs_f64());
    println!(
        "| {cards} | {} | {} | {} | {} | {peak:.0} | {} | {} |",
        told(first),
        told(whole),
        told(same),
        told(again),
        told(floor),
        times(floor)
    );
    for name in ["hugo", "zola"] {
        match peer(name, cards, &root.path().join(name)) {
            Some(cost) => println!("{name}, {cards} pages: {}, {} times callbook", told(cost), times(cost)),
            None => println!("{name} is not installed"),
        }
    }
}

fn main() {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    println!("load {}; times in ms, of the processor in brackets", load.trim());
    for cards in if asked.is_empty() { vec![1_000, 10_000] } else { asked } {
        println!(
            "| cards | first build ever | clean | nothing changed | one card changed | peak, MB | floor | floor / clean |"
        );
        println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
        measure(cards);
    }
}
