//! What the tests share: books made of texts, and findings as short lines.

use std::fs;
use std::path::{Path, PathBuf};

use callbook::book::model::{Date, parse_date};
use callbook::book::{self, Book, InputFile};
use callbook::diagnostic::{Diagnostic, Severity, sort};
use callbook::lint::{self, Context};
use callbook::project;

/// The day on which every test runs.
pub const TODAY: &str = "2026-11-22";

/// A book file that is as short as can be.
pub const BOOK: &str = "title: Test book\nlanguage: en\n";

/// A playbook without any finding; tests append to it.
pub const PLAYBOOK: &str = "playbook: demo\ntitle: Demo\nlanguage: en\n";

pub fn day(text: &str) -> Date {
    parse_date(text).expect("a date")
}

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

pub fn file(name: &str, bytes: impl Into<Vec<u8>>) -> InputFile {
    InputFile { name: name.into(), bytes: bytes.into() }
}

/// Input files of texts, with a book file where there is none.
pub fn files(texts: &[(&str, &str)]) -> Vec<InputFile> {
    let mut out: Vec<InputFile> = texts.iter().map(|(name, text)| file(name, *text)).collect();
    if out.iter().all(|file| &*file.name != "book.yaml") {
        out.push(file("book.yaml", BOOK));
    }
    out
}

/// Loads and lints, on a day.
pub fn checked_on(input: Vec<InputFile>, today: &str) -> (Book, Vec<Diagnostic>) {
    let (book, mut findings) = book::load(input);
    findings.extend(lint::lint(&book, &Context { today: day(today) }));
    sort(&mut findings);
    (book, findings)
}

/// Loads texts; what rules have to say is not asked.
pub fn loaded(texts: &[(&str, &str)]) -> (Book, Vec<Diagnostic>) {
    book::load(files(texts))
}

/// Loads and lints texts.
pub fn checked(texts: &[(&str, &str)]) -> (Book, Vec<Diagnostic>) {
    checked_on(files(texts), TODAY)
}

/// The same with a folder on disk, as the program does it.
pub fn checked_folder(folder: &Path, between: impl FnOnce()) -> (Book, Vec<Diagnostic>) {
    let (stamps, mut findings) = project::stamps(folder).expect("a folder");
    between();
    let (input, unreadable) = project::read(folder, &stamps);
    let (book, found) = checked_on(input, TODAY);
    findings.extend(unreadable);
    findings.extend(found);
    findings.extend(project::check_links(folder, &book));
    let (theme, odd) = project::theme(folder).expect("a theme");
    findings.extend(odd);
    findings.extend(project::check_theme_of(&theme));
    sort(&mut findings);
    (book, findings)
}

/// `code line:column`, for findings of one file.
pub fn place(finding: &Diagnostic) -> String {
    let start = finding.span.start;
    format!("{} {}:{}", finding.code, start.line, start.column)
}

/// Errors and warnings, each as `code line:column`; remarks left out.
pub fn faults(findings: &[Diagnostic]) -> Vec<String> {
    findings.iter().filter(|finding| finding.severity != Severity::Info).map(place).collect()
}

/// Everything, one finding a line, for messages.
pub fn listed(findings: &[Diagnostic]) -> String {
    let line = |finding: &Diagnostic| {
        let hint = finding.hint.as_deref().unwrap_or("-");
        format!("{}: {}: {} ({hint})\n", finding.file, place(finding), finding.message)
    };
    findings.iter().map(line).collect()
}

pub fn errors(findings: &[Diagnostic]) -> usize {
    lint::count(findings, Severity::Error)
}

/// Writes files below a folder, making folders as needed.
pub fn write_all(folder: &Path, files: &[(&str, &str)]) {
    for (name, text) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
}

/// Every file below a folder, as paths relative to it with `/`, sorted.
pub fn walk(folder: &Path) -> Vec<String> {
    fn into(folder: &Path, prefix: &str, out: &mut Vec<String>) {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder)
            .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            .map(|entry| entry.expect("an entry").path())
            .collect();
        entries.sort();
        for path in entries {
            let name = path.file_name().expect("a name").to_string_lossy();
            if path.is_dir() {
                into(&path, &format!("{prefix}{name}/"), out);
            } else {
                out.push(format!("{prefix}{name}"));
            }
        }
    }
    let mut out = Vec::new();
    into(folder, "", &mut out);
    out
}

/// The starter book as input files.
pub fn starter() -> Vec<InputFile> {
    project::STARTER.iter().map(|(name, text)| file(name, *text)).collect()
}

/// Looks at a golden file below `tests/golden`; `UPDATE_GOLDEN=1` writes it.
pub fn golden(name: &str, actual: &str) {
    let path = root().join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(&path, actual).expect("a golden file");
        return;
    }
    let expected = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; UPDATE_GOLDEN=1 makes it", path.display()));
    assert!(
        expected == actual,
        "{name} differs; UPDATE_GOLDEN=1 rewrites it.\n--- expected\n{expected}\n--- actual\n{actual}"
    );
}

/// So many cases of a property, unless `PROPTEST_CASES` asks for more; failures keep no file.
pub fn cases(count: u32) -> proptest::test_runner::Config {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok());
    proptest::test_runner::Config {
        cases: asked.unwrap_or(count),
        failure_persistence: None,
        ..proptest::test_runner::Config::default()
    }
}
