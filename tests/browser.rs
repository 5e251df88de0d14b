//! The built handbook in a browser: `tests/browser/*.mjs`, on the starter book's site and on that of a book
//! that means harm. Java is for the validator of HTML.

mod npm;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use tempfile::TempDir;

/// Runs a program and wants it to succeed.
#[track_caller]
fn run(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let text =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command:?}: {}\n{text}", output.status);
    text
}

/// Builds a book's site into a folder.
fn build(book: &Path, site: &Path, more: &[&str]) {
    run(Command::new(env!("CARGO_BIN_EXE_callbook"))
        .arg("--book")
        .arg(book)
        .arg("build")
        .arg("-o")
        .arg(site)
        .args(more)
        .env("HOME", site.parent().expect("a parent"))
        .env_remove("CALLBOOK_BOOK"));
}

/// The starter book's site, built once.
fn starter() -> &'static Path {
    static SITE: OnceLock<TempDir> = OnceLock::new();
    let folder = SITE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        build(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"), &folder.path().join("site"), &[]);
        folder
    });
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| folder.path().join("site"))
}

/// Runs a file of tests on a site.
fn check(name: &str, site: &Path) {
    let (Some(folder), Some(chromium), Some(())) =
        (npm::installed("browser"), npm::chromium(), npm::program("java"))
    else {
        return;
    };
    let told = run(Command::new("node").arg(name).arg(site).current_dir(folder).env("CHROMIUM", chromium));
    // Shown by `--nocapture`.
    #[allow(clippy::print_stdout)]
    {
        println!("{told}");
    }
}

/// A book in which every text means harm.
fn hostile(folder: &Path) {
    let evil = "\"''><script>globalThis.harm = 1</script><img src=x onerror=\"harm=1\"><svg onload=harm=1> \
                [a](javascript:harm=1) [b](data:text/html,<script>harm=1</script>) ![c](https://evil.example/p.png) \
                <a href=\"https://evil.example\" onclick=\"harm=1\">d</a> </title></textarea><base href=//evil.example> \
                <iframe src=//evil.example></iframe> <link rel=stylesheet href=//evil.example> \u{202E}gnp\u{202C} 👩‍👩‍👧‍👦🇻🇳 e\u{301}\u{301}\u{301}";
    let long = "x".repeat(10_000);
    let cjk = "貴".repeat(10_000);
    let volume = |language: &str| {
        format!(
            "playbook: calls
title: '{evil}'
language: {language}
summary: '{evil} {long}'
owner: '{evil}'
variables: [{{name: who, title: '{evil}'}}, {{name: firm, default: '{evil}'}}]
roles: [{{id: rep, title: '{evil}'}}]
stages:
  - id: open
    title: '{evil}'
    goal: '{evil} {{{{ who }}}} {{{{ firm }}}}'
    script: [{{say: '{evil}'}}, {{ask: q}}, {{note: '{long}'}}, {{verbatim: '{cjk}'}}]
    objections: [dear]
    next: [{{when: '{evil}', go: won}}, {{when: '{long}', go: two}}, {{go: dear}}]
  - {{id: two, title: '{long}', goal: '{cjk}', next: [{{when: '{cjk}', go: open}}]}}
questions: [{{id: q, ask: '{evil}', why: '{long}', dimension: bant.need, options: ['{evil}', '{long}'], type: choice}}]
objections:
  - {{id: dear, code: P1, title: '{evil}', category: '{evil}', utterances: ['{evil}', '{long}', '{cjk}'], why: '{evil}',
     tags: {{'{evil}': ['{evil}'], competitor: [acme]}}, meta: {{owner: '{evil}', source: '{long}'}},
     responses: [{{id: a, when: '{evil}', technique: '{evil}', bridge: '{evil}', say: '{long}', ask: '{cjk}', proof: [p]}}]}}
closes: [{{id: ask, title: '{evil}', say: '{evil} {{{{ who }}}}', technique: '{evil}'}}]
competitors: [{{id: acme, title: '{evil}', aliases: ['{evil}', '{long}'], we_win: ['{evil}'], landmines: ['{cjk}']}}]
proofs: [{{id: p, claim: '{evil}', source: '{long}', link: 'https://a.example/?a=1&b=2'}}]
signals: [{{id: s, title: '{evil}', utterances: ['{long}'], say: '{evil}'}}]
outcomes: [{{id: won, title: '{evil}', result: won}}]
metrics: [{{id: m, title: '{long}', to: won, target: 0.2}}]
"
        )
    };
    fs::write(folder.join("book.yaml"), format!("title: '{evil}'\nlanguage: ar\n")).expect("a file");
    fs::write(folder.join("ar.yaml"), volume("ar")).expect("a file");
    // The other language has no title where this one has, and a name that differs in case alone.
    fs::write(
        folder.join("AR.b.yaml"),
        volume("zh-Hant").replace("id: two, title:", "id: three, title:").replace("go: two", "go: three"),
    )
    .expect("a file");
}

#[test]
fn pages() {
    check("pages.mjs", starter());
}

/// What ships of the scripts is what terser makes of those that people read.
#[test]
fn scripts_are_made_of_their_sources() {
    let Some(folder) = npm::installed("browser") else { return };
    run(Command::new("node").args(["min.mjs", "--check"]).current_dir(folder));
}

#[test]
fn a_hostile_book() {
    let temp = tempfile::tempdir().expect("a folder");
    let book = temp.path().join("book");
    fs::create_dir(&book).expect("a folder");
    hostile(&book);
    let site = temp.path().join("site");
    build(&book, &site, &["--draft"]);
    check("hostile.mjs", &site);
}

#[test]
fn two_builds_are_the_same_bytes() {
    let temp = tempfile::tempdir().expect("a folder");
    let again = temp.path().join("again");
    build(&Path::new(env!("CARGO_MANIFEST_DIR")).join("playbooks"), &again, &[]);
    fn read(folder: &Path, out: &mut Vec<(PathBuf, Vec<u8>)>, root: &Path) {
        let mut entries: Vec<_> =
            fs::read_dir(folder).expect("a folder").map(|e| e.expect("an entry").path()).collect();
        entries.sort();
        for path in entries {
            if path.is_dir() {
                read(&path, out, root);
            } else {
                out.push((
                    path.strip_prefix(root).expect("below").to_path_buf(),
                    fs::read(&path).expect("a file"),
                ));
            }
        }
    }
    let (mut one, mut two) = (Vec::new(), Vec::new());
    read(starter(), &mut one, starter());
    read(&again, &mut two, &again);
    assert!(one.len() > 600, "{} files", one.len());
    let names = |list: &[(PathBuf, Vec<u8>)]| list.iter().map(|(path, _)| path.clone()).collect::<Vec<_>>();
    assert_eq!(names(&one), names(&two));
    for ((path, first), (_, second)) in one.iter().zip(&two) {
        assert!(first == second, "{} differs", path.display());
    }
}
