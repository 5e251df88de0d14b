//! A site that is built again is the site that is built anew, whatever was changed in between; and what did
//! not change is not made again.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use callbook::book;
use callbook::project::{self, Kept, ProjectError, SiteWriter, Written};
use callbook::site::{self, Changes, Options, Sink};

use crate::support::{day, walk};

const CORE: &str = "library: core
title: Core
language: en
variables: [{name: firm, default: Northwind}]
questions: [{id: tool, ask: 'What does {{ firm }} use?', title: Tool}]
objections:
  - {id: price, title: Too dear, category: price, utterances: [too dear], responses: [{id: a, bridge: Fair., say: 'Compared with what, {{ firm }}?', proof: [six]}]}
  - {id: later, title: Later, category: timing, utterances: [call me later], responses: [{say: 'When? See [the guide](guide.pdf).'}]}
closes: [{id: try, title: Try it, say: Shall we try?, if_no: price}]
competitors: [{id: acme, title: Acme, we_win: [Quick]}]
proofs: [{id: six, claim: Six hours saved, link: six.pdf}]
";

fn playbook(id: &str, language: &str, more: &str) -> String {
    format!(
        "playbook: {id}\ntitle: Book {id}\nlanguage: {language}\nstages:\n  - {{id: open, title: Opening, goal: Two minutes, script: [{{say: Hello}}], next: [{{go: won}}]}}\n\
         objections:\n  - {{id: busy, title: No time, category: timing, utterances: [no time], responses: [{{say: Two minutes}}]}}\n\
         \x20 - {{id: send, title: Send mail, category: stall, utterances: [send me something], responses: [{{say: Gladly, next: busy}}]}}\n\
         outcomes: [{{id: won, title: Won, result: won}}]\n{more}"
    )
}

/// A folder with a book, a cache and two outputs.
struct Place {
    home: tempfile::TempDir,
    options: Options,
    out: &'static str,
}

/// Counts what is handed over.
struct Counting<'a>(SiteWriter<'a>, AtomicUsize);

impl Sink for Counting<'_> {
    type Error = ProjectError;
    fn take(&self, path: &str, bytes: Vec<u8>) -> Result<(), ProjectError> {
        if path.ends_with(".html") {
            self.1.fetch_add(1, Ordering::Relaxed);
        }
        self.0.take(path, bytes)
    }
    fn stays(&self, path: &str, sum: u64) -> bool {
        self.0.stays(path, sum)
    }
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let options = Options { generator: "test", offline: true, ..Options::default() };
        let place = Place { home, options, out: "out" };
        place.write("book.yaml", "title: Test\nlanguage: en\nbase_url: https://h.example/\nedit_url: 'https://e.example/{file}#{line}'\n");
        place.write("core.yaml", CORE);
        place.write("a.yaml", &playbook("a", "en", "uses: [core]\n"));
        place.write("a-vi.yaml", &playbook("a", "vi", ""));
        place.write("b.yaml", &playbook("b", "en", ""));
        place.write("c.yaml", &playbook("c", "en", ""));
        place.write("guide.pdf", "pdf");
        place.write("six.pdf", "six");
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.home.path().join("book").join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    fn edit(&self, name: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.path(name)).expect("a file");
        assert!(text.contains(from), "{name} has no {from:?}");
        self.write(name, &text.replacen(from, to, 1));
    }

    fn output(&self) -> PathBuf {
        self.home.path().join(self.out)
    }

    fn page(&self, name: &str) -> PathBuf {
        self.output().join(name)
    }

    fn files(&self) -> Vec<book::InputFile> {
        let folder = self.home.path().join("book");
        let (stamps, _) = project::stamps(&folder).expect("a book");
        project::read(&folder, &stamps).0
    }

    fn book(&self) -> book::Book {
        book::load(self.files()).0
    }

    fn kept(&self) -> Kept {
        Kept::below(Some(&self.home.path().join("cache")))
    }

    /// The book with what was kept of its files, which is the book that is read anew.
    fn book_again(&self, kept: &Kept) -> book::Book {
        let ((again, told), (anew, findings)) =
            (book::load_again(self.files(), false, "here", kept), book::load(self.files()));
        assert_eq!(told, findings);
        assert!(again.volumes == anew.volumes && again.lexicons == anew.lexicons);
        assert!(again.variables == anew.variables && again.title == anew.title);
        for volume in &anew.volumes {
            let parts = volume.objections.iter().map(|part| &part.common.place);
            for place in parts.chain([&volume.common.place]) {
                assert_eq!(again.sources.span(place), anew.sources.span(place));
            }
        }
        again
    }

    /// Builds as the program does; gives how many pages were made, and what was written.
    fn build(&self) -> (usize, Written) {
        let folder = self.home.path().join("book");
        let kept = self.kept();
        let book = self.book_again(&kept);
        let options = Options { theme: project::theme(&folder).expect("a theme").0, ..self.options.clone() };
        let writer = SiteWriter::new(&self.output(), false, &kept).expect("a folder");
        let counting = Counting(writer, AtomicUsize::new(0));
        let outline = site::build_to(&book, &options, &kept, &counting).expect("a site");
        let Counting(writer, made) = counting;
        for (path, bytes) in project::attached(&folder, &outline.attached).expect("files") {
            writer.put(&path, &bytes).expect("written");
        }
        let written = writer.finish().expect("written");

        // What is built anew, in memory, knows nothing of before.
        let anew = site::build(&self.book(), &options).expect("a site");
        let mut files = project::attached(&folder, &anew.attached).expect("files");
        files.extend(anew.files);
        assert_eq!((&outline.attached, &outline.warnings), (&anew.attached, &anew.warnings));
        let here = contents(&self.output());
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&here), names(&files));
        for (name, bytes) in &files {
            assert!(here[name] == *bytes, "{name} is not as it would be anew");
        }
        (made.into_inner(), written)
    }
}

fn contents(out: &Path) -> BTreeMap<String, Vec<u8>> {
    let names = walk(out).into_iter().filter(|name| name != ".callbook-site");
    names.map(|name| (name.clone(), fs::read(out.join(name)).expect("a file"))).collect()
}

#[test]
fn a_site_built_again_is_as_built_anew() {
    let mut place = Place::new();
    let (all, first) = place.build();
    assert_eq!((first.unchanged, first.removed), (0, 0));
    let (few, again) = place.build();
    assert!(few * 2 < all, "of {all} pages {few} were made again for nothing");
    assert_eq!((again.written, again.unchanged), (0, first.written));

    // Each edit on top of those before it; how many pages it may make again, besides those made every time.
    type Edit = (&'static str, usize, fn(&Place));
    let edits: [Edit; 27] = [
        ("a text", 8, |p| p.edit("b.yaml", "Gladly", "With pleasure")),
        ("a title", 8, |p| p.edit("c.yaml", "Send mail", "Send a mail")),
        ("a library's text", all, |p| p.edit("core.yaml", "Compared with what", "Against what")),
        ("a library's variable", all, |p| p.edit("core.yaml", "Northwind", "Southwind")),
        ("a stage's title that stands on a library's page", all, |p| {
            p.edit(
                "a.yaml",
                "script: [{say: Hello}]",
                "script: [{say: Hello}, {ask: tool}], objections: [price]",
            );
            p.edit("a.yaml", "title: Opening", "title: The opening");
        }),
        ("a translation's title", all, |p| p.edit("a-vi.yaml", "No time", "Em bận")),
        ("a card more", 8, |p| {
            p.edit("b.yaml", "outcomes:", "  - {id: new, title: New, category: timing, utterances: [new], responses: [{say: New}]}\noutcomes:");
        }),
        ("a card less", 8, |p| {
            let text = fs::read_to_string(p.path("b.yaml")).expect("a file");
            let kept: Vec<&str> = text.lines().filter(|line| !line.contains("id: new,")).collect();
            p.write("b.yaml", &kept.join("\n"));
        }),
        ("a card renamed", 8, |p| p.edit("c.yaml", "{id: busy, ", "{id: no-time, was: [busy], ")),
        ("a category of a name that is new", all, |p| {
            p.edit("c.yaml", "category: stall", "category: Brush off")
        }),
        ("a file moved", 8, |p| {
            fs::create_dir_all(p.path("deep")).expect("a folder");
            fs::rename(p.path("c.yaml"), p.path("deep/z.yaml")).expect("moved");
        }),
        ("a playbook less", all, |p| fs::remove_file(p.path("deep/z.yaml")).expect("gone")),
        ("a playbook more", all, |p| p.write("d.yaml", &playbook("d", "en", "uses: [core]\n"))),
        ("a language more", all, |p| p.write("ms.yaml", &playbook("a", "ms", ""))),
        ("a link to a file", 8, |p| {
            p.write("more.pdf", "more");
            p.edit("b.yaml", "With pleasure", "'With [pleasure](more.pdf)'");
        }),
        ("a link less", 8, |p| p.edit("b.yaml", "'With [pleasure](more.pdf)'", "Of course")),
        ("a remark that moves all lines", 8, |p| p.edit("b.yaml", "playbook:", "# A remark\nplaybook:")),
        ("the book's title", all, |p| p.edit("book.yaml", "title: Test", "title: Trial")),
        ("a style sheet of a theme", all, |p| p.write("theme/extra.css", "a { color: red }")),
        ("a template of a theme", all, |p| p.write("theme/foot.html.j2", "<!-- ours -->")),
        ("what is internal", 8, |p| {
            p.edit("b.yaml", "{say: Of course", "{visibility: internal, say: Of course")
        }),
        ("two files that change places", all, |p| {
            let (b, core) =
                (fs::read(p.path("b.yaml")).expect("b"), fs::read(p.path("core.yaml")).expect("core"));
            fs::write(p.path("b.yaml"), core).expect("written");
            fs::write(p.path("core.yaml"), b).expect("written");
        }),
        ("two files of the same bytes", all, |p| {
            fs::copy(p.path("b.yaml"), p.path("b-too.yaml")).expect("copied");
        }),
        ("one of them less", all, |p| fs::remove_file(p.path("b-too.yaml")).expect("gone")),
        ("a file with a fault", all, |p| p.edit("a-vi.yaml", "title: Em", "titel: Em")),
        ("the fault mended", all, |p| p.edit("a-vi.yaml", "titel: Em", "title: Em")),
        ("nothing", 0, |_| {}),
    ];
    for (what, pages, edit) in edits {
        edit(&place);
        let (made, _) = place.build();
        let (always, again) = place.build();
        assert_eq!(again.written, 0, "{what}");
        assert!(made <= always + pages, "{what}: {made} pages were made, {always} are made every time");
    }

    // What is asked for, and what is outside of the book.
    place.options.public = true;
    place.build();
    place.options.public = false;
    place.build();
    let rate = callbook::rate::Rate::new(9, 10);
    place.options.landed.add("en", "b", "send", "r1", rate);
    place.build();
    let (always, _) = place.build();
    place.options.landed.add("en", "core", "price", "a", rate);
    assert!(place.build().0 > always + 5, "other calls");
    place.options.generator = "later";
    assert!(place.build().0 > always + 5, "another program");
    let lines = fs::read_to_string(place.path("b.yaml")).expect("a file").lines().count();
    let days =
        |text: &str| Changes { lines: BTreeMap::from([("b.yaml".into(), vec![Some(day(text)); lines])]) };
    place.options.changes = days("2026-01-02");
    place.build();
    place.options.changes = days("2026-01-03");
    place.build();
}

#[test]
fn whatever_happened_to_the_output_it_is_whole_afterwards() {
    let mut place = Place::new();
    place.build();
    let page = "en/b/objections/busy/index.html";
    let html = fs::read(place.page(page)).expect("a page");
    type Deed = (&'static str, usize, fn(&Place, &[u8]));
    let deeds: [Deed; 7] = [
        ("a page is gone", 1, |p, _| {
            fs::remove_file(p.page("en/b/objections/busy/index.html")).expect("gone")
        }),
        ("a page was altered, and is as long as before", 1, |p, html| {
            fs::write(p.page("en/b/objections/busy/index.html"), vec![b'x'; html.len()]).expect("written");
        }),
        ("a folder is gone", 5, |p, _| fs::remove_dir_all(p.page("en/b")).expect("gone")),
        ("the list is gone with all pages", 1_000, |p, _| fs::remove_dir_all(p.output()).expect("gone")),
        ("what was kept is broken", 0, |p, _| {
            for name in walk(&p.home.path().join("cache")) {
                let path = p.home.path().join("cache").join(name);
                let mut bytes = fs::read(&path).expect("a file");
                bytes.truncate(bytes.len() / 2);
                fs::write(path, bytes).expect("written");
            }
        }),
        ("what was kept is under the names of others", 0, |p, _| {
            let cache = p.home.path().join("cache");
            let names = walk(&cache);
            let contents: Vec<Vec<u8>> =
                names.iter().map(|name| fs::read(cache.join(name)).expect("a file")).collect();
            for (name, content) in names.iter().cycle().skip(1).zip(contents) {
                fs::write(cache.join(name), content).expect("written");
            }
        }),
        ("what was kept is gone", 0, |p, _| fs::remove_dir_all(p.home.path().join("cache")).expect("gone")),
    ];
    for (what, least, deed) in deeds {
        deed(&place, &html);
        let (_, written) = place.build();
        assert!(written.written >= least.min(written.unchanged + written.written), "{what}: {written:?}");
        assert!(least > 0 || written.written == 0, "{what}: {written:?}");
    }

    // A build that is broken off changes nothing, and the next one is whole.
    let before = contents(&place.output());
    place.edit("b.yaml", "Gladly", "With pleasure");
    let kept = place.kept();
    let writer = SiteWriter::new(&place.output(), false, &kept).expect("a folder");
    site::build_to(&place.book(), &place.options, &kept, &writer).expect("a site");
    drop(writer);
    assert!(contents(&place.output()) == before);
    place.build();

    // Another folder, and then the first again, which was left behind meanwhile.
    place.out = "other";
    let (_, written) = place.build();
    assert_eq!((written.unchanged, written.removed), (0, 0));
    place.edit("b.yaml", "With pleasure", "Gladly");
    place.build();
    place.out = "out";
    place.build();
}

/// What was kept of a file serves no file that is another, and none of another book; what is kept is whole or
/// it is not used.
#[test]
fn what_was_kept_of_a_file_is_of_that_file() {
    let place = Place::new();
    let titles = |book: &book::Book| -> Vec<String> {
        book.volumes.iter().flat_map(|volume| &volume.objections).map(|one| one.title.clone()).collect()
    };
    let (kept, anew) = (place.kept(), titles(&place.book()));
    place.book_again(&kept);
    let (again, _) = book::load_again(place.files(), false, "elsewhere", &kept);
    assert_eq!(titles(&again), anew);
    // Everything that was kept, under the name of everything else; then with bytes that are not its own.
    let cache = place.home.path().join("cache");
    let names = walk(&cache);
    assert!(names.len() > 8, "{names:?}");
    let first = fs::read(cache.join(&names[0])).expect("a file");
    for (one, other) in names.iter().zip(&names[1..]) {
        fs::copy(cache.join(other), cache.join(one)).expect("copied");
    }
    fs::write(cache.join(names.last().expect("a name")), first).expect("written");
    place.book_again(&kept);
    place.book_again(&kept);
    for (number, name) in walk(&cache).iter().enumerate() {
        let mut bytes = fs::read(cache.join(name)).expect("a file");
        let at = (number * 37) % bytes.len();
        bytes[at] ^= 0x40;
        fs::write(cache.join(name), bytes).expect("written");
    }
    place.book_again(&kept);
    // As many as there are files, whatever was written into them.
    let many = walk(&cache).len();
    for number in 0..5 {
        place.edit("b.yaml", "title: ", &format!("title: {number} "));
        place.book_again(&kept);
    }
    assert_eq!(walk(&cache).len(), many);
}

/// The same in memory, where the files of before are at hand.
#[test]
fn what_is_served_again_is_as_built_anew() {
    let place = Place::new();
    let kept = callbook::keep::Memory::default();
    let mut files = BTreeMap::new();
    for (from, to) in [("Test", "Test"), ("Gladly", "With pleasure"), ("No time", "Too busy")] {
        if from != to {
            place.edit("b.yaml", from, to);
        }
        let (book, options) = (place.book(), &place.options);
        let again = site::build_again(&book, options, &kept, &files).expect("a site");
        assert!(again == site::build(&book, options).expect("a site"), "{from}");
        files = again.files;
    }
    // What is not what was made is not taken.
    let page = "en/c/objections/busy/index.html";
    files.insert(page.into(), b"altered".to_vec());
    let again = site::build_again(&place.book(), &place.options, &kept, &files).expect("a site");
    assert!(again.files[page].starts_with(b"<!doctype"));
}

#[test]
fn a_folder_made_for_nothing_goes_again() {
    let place = Place::new();
    let kept = Kept::below(None);
    drop(SiteWriter::new(&place.output(), false, &kept).expect("a folder"));
    assert!(!place.output().exists());
    fs::create_dir(place.output()).expect("a folder");
    drop(SiteWriter::new(&place.output(), false, &kept).expect("a folder"));
    assert!(place.output().exists(), "it was there before");
}
