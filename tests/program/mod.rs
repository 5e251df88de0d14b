//! The program as a process, for the tests that run it: in a folder, with a home of its own, so that
//! nothing of the machine's is read or written.

// Every test program has its own copy of this, and none needs all of it.
#![allow(dead_code)]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::LazyLock;

use tempfile::TempDir;

/// The home of all that a test program runs. Where a book's calls are kept follows from the book's
/// folder, so books of different folders do not meet here.
pub static HOME: LazyLock<TempDir> = LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

/// The environment, besides what a test wants.
pub fn environment() -> [(&'static str, String); 5] {
    let home = HOME.path().display().to_string();
    [
        ("HOME", home.clone()),
        ("XDG_CACHE_HOME", home.clone()),
        ("XDG_DATA_HOME", home),
        ("TZ", "UTC".into()),
        ("COLUMNS", "80".into()),
    ]
}

/// The program in a folder, with nothing to read.
pub fn callbook(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbook"));
    command.args(arguments).current_dir(folder).env_clear().envs(environment()).stdin(Stdio::null());
    command
}

/// Runs it.
pub fn run(folder: &Path, arguments: &[&str]) -> Output {
    callbook(folder, arguments).output().expect("the program")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("UTF-8")
}

/// Runs it and wants an exit code; gives what came out, and what was said beside it.
#[track_caller]
pub fn wants(code: i32, folder: &Path, arguments: &[&str]) -> (String, String) {
    let output = run(folder, arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    (out, err)
}

/// Transcripts, to be named yet.
pub fn transcripts() -> trycmd::TestCases {
    let cases = trycmd::TestCases::new();
    for (name, value) in environment() {
        cases.env(name, value);
    }
    cases.env("NO_COLOR", "1");
    cases
}
