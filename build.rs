//! Hashes the tables that lookup is made of, so that an index made with others is known at once: they
//! are a megabyte, and a cold `find` has two milliseconds.

use std::fs;
use std::hash::{DefaultHasher, Hasher};
use std::path::{Path, PathBuf};

fn main() {
    // Fifty thousand addresses need not be put right at every start: a lookup is over in the time that
    // takes (pages touched by a start fall from 433 to 209).
    if std::env::var("CARGO_CFG_TARGET_OS").as_deref() == Ok("linux")
        && std::env::var("CARGO_CFG_TARGET_ENV").as_deref() == Ok("gnu")
    {
        println!("cargo:rustc-link-arg-bins=-no-pie");
        // What a cold lookup runs lies side by side, not strewn over the whole program: fewer pages are
        // touched (390 before, 290 after; 20 MB, 13 MB). Names that are no more do no harm. Only for linkers
        // that Rust itself brings or finds; one that was chosen by hand may not know the form.
        let chosen = ["CARGO_ENCODED_RUSTFLAGS", "RUSTC_LINKER"]
            .iter()
            .any(|name| std::env::var(name).is_ok_and(|value| !value.is_empty()));
        // Tried with the linker that Rust brings, which is the one on this processor.
        let known = std::env::var("CARGO_CFG_TARGET_ARCH").as_deref() == Ok("x86_64");
        if known && !chosen && std::env::var("PROFILE").as_deref() == Ok("release") {
            let root = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
            println!("cargo:rustc-link-arg-bins=-Wl,-T,{root}/src/cold.ld");
        }
    }
    let mut files = vec![PathBuf::from("src/search/t2s.txt")];
    for folder in ["src/search/situations", "src/search/stopwords"] {
        println!("cargo:rerun-if-changed={folder}");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        files.extend(entries.map(|entry| entry.path()).filter(|path| path.is_file()));
    }
    files.sort();
    let mut hasher = DefaultHasher::new();
    for file in &files {
        println!("cargo:rerun-if-changed={}", file.display());
        hasher.write(&fs::read(file).unwrap_or_default());
        hasher.write_u8(0xFF);
    }
    // Stems and foldings change between releases of what makes them.
    println!("cargo:rerun-if-changed=Cargo.lock");
    let lock = fs::read_to_string(Path::new("Cargo.lock")).unwrap_or_default();
    let packages = lock.split("[[package]]");
    let told = ["\"frostem\"", "\"tantivy\"", "\"unicode-normalization\""];
    for package in
        packages.filter(|package| told.iter().any(|name| package.contains(&format!("name = {name}\n"))))
    {
        hasher.write(package.as_bytes());
    }
    println!("cargo:rustc-env=CALLBOOK_TABLES={:016x}", hasher.finish());

    // What a build of the handbook keeps for the next one is good for the very same program only.
    let mut sources = vec![PathBuf::from("build.rs"), PathBuf::from("Cargo.lock")];
    for folder in ["src", "templates"] {
        println!("cargo:rerun-if-changed={folder}");
        files_below(Path::new(folder), &mut sources);
    }
    sources.sort();
    for file in &sources {
        hasher.write(file.to_string_lossy().as_bytes());
        hasher.write(&fs::read(file).unwrap_or_default());
        hasher.write_u8(0xFF);
    }
    println!("cargo:rustc-env=CALLBOOK_BUILD={:016x}", hasher.finish());
}

fn files_below(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}
