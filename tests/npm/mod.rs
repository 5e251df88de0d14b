//! What tests need that is no part of Rust: packages of npm, which are installed when they are missing, a
//! browser, programs. Where node, the browser or a program itself is missing, a test says so, loudly, and does nothing; with
//! `CALLBOOK_ALL_TESTS` set, as in `.ci/run`, it fails.

#![allow(dead_code)]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// A folder below `tests` with its packages there.
pub fn installed(folder: &str) -> Option<PathBuf> {
    // Two tests of one run must not install at once.
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(folder);
    program("node")?;
    // npm writes this file last; a list of packages that came later is not installed yet.
    let written = |name: &str| folder.join(name).metadata().and_then(|file| file.modified()).ok();
    let there = written("node_modules/.package-lock.json");
    if there.is_some() && there >= written("package-lock.json") {
        return Some(folder);
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let arguments = ["install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefix"];
    match Command::new(npm).args(arguments).arg(&folder).output() {
        Ok(out) => {
            assert!(out.status.success(), "npm install: {}", String::from_utf8_lossy(&out.stderr));
            Some(folder)
        }
        Err(_) => missing("npm"),
    }
}

/// A Chromium: `CHROMIUM`, or where systems put it.
pub fn chromium() -> Option<PathBuf> {
    let named = std::env::var_os("CHROMIUM").map(PathBuf::from);
    let usual = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let others = [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    ];
    let all = usual.into_iter().chain(others).map(PathBuf::from);
    named.into_iter().chain(all).find(|path| path.is_file()).or_else(|| missing("Chromium"))
}

/// Whether the system has a program.
pub fn program(name: &str) -> Option<()> {
    match Command::new(name).arg("--version").output() {
        Ok(_) => Some(()),
        Err(_) => missing(name),
    }
}

fn missing<T>(what: &str) -> Option<T> {
    assert!(std::env::var_os("CALLBOOK_ALL_TESTS").is_none(), "{what} is not there");
    // Past the capture of the test runner.
    let _ = writeln!(std::io::stderr(), "skipped: a test needs {what}, which is not there");
    None
}
