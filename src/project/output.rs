//! Writing: whole files, or none. What callbook did not make is never touched.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::error::{ProjectError, shown};

/// Writes a file beside its place and then moves it there.
pub fn write_file(path: &Path, bytes: &[u8]) -> Result<(), ProjectError> {
    let fail = |error| ProjectError::io("write", path, error);
    if path.is_dir() {
        return Err(ProjectError::new(format!("{} is a folder", shown(path)), "name a file"));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".callbook-").tempfile_in(folder).map_err(fail)?;
    file.write_all(bytes).and_then(|()| file.as_file().sync_data()).map_err(fail)?;
    readable(file.path());
    file.persist(path).map_err(|error| fail(error.error))?;
    Ok(())
}

/// Files made aside are for their owner only; what is published is for everyone who may see the folder.
fn readable(path: &Path) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o644));
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// What writing a site did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    /// Files written.
    pub written: usize,
    /// Files that were as they should be.
    pub unchanged: usize,
    /// Files of an earlier build that were taken away.
    pub removed: usize,
}

/// The list of what an earlier build made, in the output folder.
const LIST: &str = ".callbook-site";

/// Writes a site, given as paths (with `/`) and bytes. Every file is made aside first and moved when
/// all of them are there, so that a full disk leaves the old site whole. `clean` writes unchanged files
/// of ours anew as well.
pub fn write_site(
    out: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    clean: bool,
) -> Result<Written, ProjectError> {
    if out.exists() && !out.is_dir() {
        return Err(ProjectError::new(format!("{} is a file", shown(out)), "name a folder with `-o`"));
    }
    if out.join(crate::book::BOOK_FILE).exists() {
        return Err(ProjectError::new(
            format!("{} is a book, so no site is written into it", shown(out)),
            "name another folder with `-o`",
        ));
    }
    let sources = fs::read_dir(out).into_iter().flatten().flatten();
    if sources.map(|entry| entry.path()).any(|path| super::files::is_yaml(&path)) {
        return Err(ProjectError::new(
            format!("{} holds files of a book, so no site is written into it", shown(out)),
            "name another folder with `-o`",
        ));
    }
    fs::create_dir_all(out).map_err(|error| ProjectError::io("make the folder", out, error))?;
    let ours = read_list(out);
    let mut changed: Vec<(&String, PathBuf)> = Vec::new();
    let mut done = Written::default();
    // The same bytes by chance, but not by us: left alone now and later.
    let mut foreign: BTreeSet<&String> = BTreeSet::new();
    for (name, bytes) in files {
        let path = out.join(name);
        inside(out, name)?;
        // A file where a folder has to be stops everything before anything is written.
        let blocked =
            path.ancestors().skip(1).take_while(|folder| *folder != out).find(|folder| folder.is_file());
        if let Some(file) = blocked {
            return Err(taken(file));
        }
        match fs::symlink_metadata(&path) {
            Err(_) => changed.push((name, path)),
            Ok(metadata) if clean && metadata.is_file() && ours.contains(name) => changed.push((name, path)),
            Ok(metadata) if metadata.is_file() && fs::read(&path).is_ok_and(|old| old == *bytes) => {
                done.unchanged += 1;
                if !ours.contains(name) {
                    foreign.insert(name);
                }
            }
            Ok(metadata) if metadata.is_file() && ours.contains(name) => changed.push((name, path)),
            Ok(_) => return Err(taken(&path)),
        }
    }
    let aside = tempfile::Builder::new()
        .prefix(".callbook-new-")
        .tempdir_in(out)
        .map_err(|error| ProjectError::io("write into", out, error))?;
    for (number, (name, path)) in changed.iter().enumerate() {
        let made = aside.path().join(number.to_string());
        fs::write(&made, &files[*name]).map_err(|error| ProjectError::io("write", path, error))?;
    }
    for (number, (_, path)) in changed.iter().enumerate() {
        let fail = |error| ProjectError::io("write", path, error);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let made = aside.path().join(number.to_string());
        readable(&made);
        fs::rename(made, path).map_err(fail)?;
        done.written += 1;
    }
    for name in ours.iter().filter(|name| !files.contains_key(*name)) {
        if inside(out, name).is_err() {
            continue;
        }
        let path = out.join(name);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file())
            && fs::remove_file(&path).is_ok()
        {
            done.removed += 1;
        }
        // Folders that are empty now go as well, up to the output folder.
        for folder in path.ancestors().skip(1).take_while(|folder| *folder != out) {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }
    let list: String =
        files.keys().filter(|name| !foreign.contains(name)).map(|name| format!("{name}\n")).collect();
    write_file(&out.join(LIST), list.as_bytes())?;
    Ok(done)
}

fn taken(path: &Path) -> ProjectError {
    ProjectError::new(
        format!("{} is there already, and callbook did not make it", shown(path)),
        "move it away, or name another folder with `-o`",
    )
}

fn read_list(out: &Path) -> BTreeSet<String> {
    let text = fs::read_to_string(out.join(LIST)).unwrap_or_default();
    text.lines().map(str::to_string).collect()
}

/// Makes sure that a path stays in the output folder, by name and past symbolic links.
fn inside(out: &Path, name: &str) -> Result<(), ProjectError> {
    let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
    if !name.split('/').all(plain) {
        return Err(ProjectError::new(format!("`{name}` cannot be the name of a page"), "rename the part"));
    }
    let mut path = out.to_path_buf();
    for part in name.split('/') {
        path.push(part);
        if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.file_type().is_symlink()) {
            return Err(ProjectError::new(
                format!("{} is a link, and a site is not written through links", shown(&path)),
                "take it away, or name another folder with `-o`",
            ));
        }
    }
    Ok(())
}
