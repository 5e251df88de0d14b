//! Writing: whole files, or none. What callbook did not make is never touched.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rayon::prelude::*;
use tempfile::TempDir;

use super::error::{ProjectError, shown};
use crate::digest::sum;
use crate::keep::{self, Keep, Nowhere, Reader, Writer};
use crate::site::Sink;

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

/// Writes a site, given as paths (with `/`) and bytes; see [`SiteWriter`].
pub fn write_site(
    out: &Path,
    files: &BTreeMap<String, Vec<u8>>,
    clean: bool,
) -> Result<Written, ProjectError> {
    let writer = SiteWriter::new(out, clean, &Nowhere)?;
    files.par_iter().try_for_each(|(name, bytes)| writer.put(name, bytes))?;
    writer.finish()
}

/// Writes a site file by file. Every file that is not there as it should be is made aside first, and moved
/// when all of them are there, so that a full disk or a page that cannot be made leaves the old site whole.
pub struct SiteWriter<'k> {
    out: PathBuf,
    /// Where the state of the folder is kept until the next time.
    keep: &'k dyn Keep,
    state: State,
    /// Whether unchanged files of ours are written anew as well.
    clean: bool,
    /// What an earlier build made.
    ours: BTreeSet<String>,
    /// Where new files lie until all are there; nothing when they were moved.
    aside: Option<TempDir>,
    /// Whether the folder was made for this site.
    fresh: bool,
    /// Folders that no link and no file stands in the way of.
    sound: Mutex<HashSet<String>>,
    taken: Mutex<Taken>,
}

/// What was taken so far.
#[derive(Default)]
struct Taken {
    /// Every file, with the sum of its bytes.
    names: BTreeMap<String, u64>,
    /// Files that were there already, as the last build left them.
    stayed: BTreeMap<String, Mark>,
    /// The numbers under which files lie aside.
    aside: Vec<(String, usize)>,
    /// The same bytes by chance, but not by us: left alone now and later.
    foreign: BTreeSet<String>,
    unchanged: usize,
}

impl<'k> SiteWriter<'k> {
    /// Begins a site in a folder. `clean` writes unchanged files of ours anew as well. With what `keep` has
    /// of the last time, files that nobody touched since need not be made again.
    pub fn new(out: &Path, clean: bool, keep: &'k dyn Keep) -> Result<Self, ProjectError> {
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
        let fresh = !out.exists();
        fs::create_dir_all(out).map_err(|error| ProjectError::io("make the folder", out, error))?;
        let aside = tempfile::Builder::new()
            .prefix(".callbook-new-")
            .tempdir_in(out)
            .map_err(|error| ProjectError::io("write into", out, error))?;
        let state = if clean { State::default() } else { State::of(out, keep).unwrap_or_default() };
        let (ours, out) = (read_list(out), out.to_path_buf());
        let (aside, sound, taken) = (Some(aside), Mutex::default(), Mutex::default());
        Ok(SiteWriter { out, keep, state, clean, ours, aside, fresh, sound, taken })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a file of this name was taken.
    pub fn has(&self, name: &str) -> bool {
        self.taken().names.contains_key(name)
    }

    /// Takes a file by its path in the site, with `/`.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ProjectError> {
        let path = self.out.join(name);
        self.check(name)?;
        let (ours, sum) = (self.ours.contains(name), sum(bytes));
        let same = |metadata: &fs::Metadata| {
            metadata.len() == bytes.len() as u64 && fs::read(&path).is_ok_and(|old| old == bytes)
        };
        match fs::symlink_metadata(&path) {
            Err(_) => {}
            Ok(metadata) if metadata.file_type().is_symlink() => return Err(linked(&path)),
            Ok(metadata) if self.clean && metadata.is_file() && ours => {}
            Ok(metadata) if metadata.is_file() && same(&metadata) => {
                let mut taken = self.taken();
                taken.unchanged += 1;
                if !ours {
                    taken.foreign.insert(name.to_string());
                }
                taken.names.insert(name.to_string(), sum);
                return Ok(());
            }
            Ok(metadata) if metadata.is_file() && ours => {}
            Ok(_) => return Err(taken(&path)),
        }
        let number = {
            let mut taken = self.taken();
            let number = taken.aside.len();
            taken.names.insert(name.to_string(), sum);
            taken.aside.push((name.to_string(), number));
            number
        };
        let made = self.aside(number);
        fs::write(&made, bytes).map_err(|error| ProjectError::io("write", &path, error))?;
        readable(&made);
        Ok(())
    }

    /// Whether a file stands there as it was put the last time, with bytes of this sum. If so it stays.
    fn keeps(&self, name: &str, sum: u64) -> bool {
        let Some(mark) = self.state.0.get(name).filter(|mark| mark.sum == sum) else { return false };
        // Nothing is written here, so it need not be asked what its folders are.
        let stands = self.ours.contains(name)
            && fs::symlink_metadata(self.out.join(name))
                .is_ok_and(|metadata| metadata.is_file() && Mark::of(&metadata, sum) == *mark);
        if stands {
            let mut taken = self.taken();
            taken.unchanged += 1;
            taken.names.insert(name.to_string(), sum);
            taken.stayed.insert(name.to_string(), *mark);
        }
        stands
    }

    fn aside(&self, number: usize) -> PathBuf {
        self.aside.as_ref().map_or(self.out.as_path(), TempDir::path).join(number.to_string())
    }

    /// Moves the new files to their places, and takes away what an earlier build made and this one did not.
    pub fn finish(mut self) -> Result<Written, ProjectError> {
        let taken = std::mem::take(&mut *self.taken());
        let mut done = Written { written: taken.aside.len(), unchanged: taken.unchanged, removed: 0 };
        let folder = |name: &str| name.rsplit_once('/').map(|(folder, _)| folder.to_string());
        let folders: BTreeSet<String> = taken.aside.iter().filter_map(|(name, _)| folder(name)).collect();
        folders.par_iter().try_for_each(|folder| {
            let folder = self.out.join(folder);
            fs::create_dir_all(&folder).map_err(|error| ProjectError::io("write", &folder, error))
        })?;
        taken.aside.par_iter().try_for_each(|(name, number)| {
            let path = self.out.join(name);
            fs::rename(self.aside(*number), &path).map_err(|error| ProjectError::io("write", &path, error))
        })?;
        let moved = Instant::now();
        for name in self.ours.iter().filter(|name| !taken.names.contains_key(*name)) {
            if self.check(name).is_err() {
                continue;
            }
            let path = self.out.join(name);
            if fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_file())
                && fs::remove_file(&path).is_ok()
            {
                done.removed += 1;
            }
            // Folders that are empty now go as well, up to the output folder.
            for folder in path.ancestors().skip(1).take_while(|folder| **folder != *self.out) {
                if fs::remove_dir(folder).is_err() {
                    break;
                }
            }
        }
        let list: String = taken
            .names
            .keys()
            .filter(|name| !taken.foreign.contains(*name))
            .map(|name| format!("{name}\n"))
            .collect();
        write_file(&self.out.join(LIST), list.as_bytes())?;
        self.fresh = false;
        State::note(&self.out, self.keep, &taken, moved);
        Ok(done)
    }

    /// Makes sure that a path stays in the output folder, by name and past symbolic links, and that no file
    /// stands where a folder has to be.
    fn check(&self, name: &str) -> Result<(), ProjectError> {
        let plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(['\\', ':', '\0']);
        if !name.split('/').all(plain) {
            return Err(ProjectError::new(
                format!("`{name}` cannot be the name of a page"),
                "rename the part",
            ));
        }
        let sound = || self.sound.lock().unwrap_or_else(PoisonError::into_inner);
        // What is noted was found sound with all above it.
        if name.rsplit_once('/').is_some_and(|(folder, _)| sound().contains(folder)) {
            return Ok(());
        }
        for (end, _) in name.match_indices('/') {
            let folder = &name[..end];
            if sound().contains(folder) {
                continue;
            }
            let path = self.out.join(folder);
            match fs::symlink_metadata(&path).map(|metadata| metadata.file_type()) {
                Ok(kind) if kind.is_symlink() => return Err(linked(&path)),
                Ok(kind) if kind.is_file() => return Err(taken(&path)),
                _ => drop(sound().insert(folder.to_string())),
            }
        }
        Ok(())
    }
}

impl Sink for SiteWriter<'_> {
    type Error = ProjectError;

    fn take(&self, path: &str, bytes: Vec<u8>) -> Result<(), ProjectError> {
        self.put(path, &bytes)
    }

    fn stays(&self, path: &str, sum: u64) -> bool {
        self.keeps(path, sum)
    }
}

/// How a file was left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Mark {
    /// Of its bytes.
    sum: u64,
    length: u64,
    /// When it was written, and when it was changed in any way, in nanoseconds since 1970; which file it is.
    times: [i128; 2],
    identity: u64,
}

/// What was written less than so long before it was looked at may have been written once more since, with
/// times that do not tell: where the system counts in ticks of its clock, and where it counts seconds.
const FINE: Duration = Duration::from_millis(15);
const COARSE: Duration = Duration::from_secs(2);

impl Mark {
    fn of(metadata: &fs::Metadata, sum: u64) -> Self {
        let stamp = super::files::stamp(String::new(), metadata);
        let (changed, identity) = stamp.identity;
        Mark { sum, length: stamp.length, times: [stamp.modified, changed], identity }
    }

    /// Whether a later change would be seen in it.
    fn tells(&self, looked: i128) -> bool {
        let fine = self.times.iter().any(|time| time % 1_000_000_000 != 0);
        let youngest = self.times.into_iter().max().unwrap_or_default();
        let doubt = if fine { FINE } else { COARSE };
        looked - youngest > doubt.as_nanos() as i128
    }
}

/// How the files of a site were left by the build before.
#[derive(Default)]
struct State(HashMap<String, Mark>);

impl State {
    fn name(out: &Path) -> Option<String> {
        Some(keep::name("site", fs::canonicalize(out).ok()?))
    }

    fn of(out: &Path, keep: &dyn Keep) -> Option<Self> {
        let bytes = keep.get(&Self::name(out)?)?;
        let mut bytes = Reader(&bytes);
        let files = bytes.all(|bytes| {
            let name = bytes.text()?.to_string();
            let mut long = || Some(i128::from_le_bytes(bytes.bytes()?.try_into().ok()?));
            let [sum, length, written, changed, identity] = [long()?, long()?, long()?, long()?, long()?];
            let (sum, length, identity) = (sum as u64, length as u64, identity as u64);
            Some((name, Mark { sum, length, times: [written, changed], identity }))
        });
        Some(State(files?.into_iter().collect()))
    }

    /// Looks at the files that were taken, of which the last was put in its place by then, and keeps how they
    /// are.
    fn note(out: &Path, keep: &dyn Keep, taken: &Taken, moved: Instant) {
        let Some(name) = Self::name(out) else { return };
        if !taken.aside.is_empty() {
            std::thread::sleep(FINE.saturating_sub(moved.elapsed()));
        }
        let looked = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos() as i128);
        let look = |(name, sum): (&String, &u64)| {
            let mark = match taken.stayed.get(name) {
                Some(mark) => *mark,
                None => Mark::of(&fs::symlink_metadata(out.join(name)).ok()?, *sum),
            };
            mark.tells(looked).then_some((name.clone(), mark))
        };
        let marks: Vec<(String, Mark)> = taken.names.par_iter().filter_map(look).collect();
        let mut bytes = Writer::default();
        bytes.number(marks.len() as u32);
        for (name, Mark { sum, length, times: [written, changed], identity }) in marks {
            bytes.text(&name);
            let numbers = [i128::from(sum), i128::from(length), written, changed, i128::from(identity)];
            numbers.into_iter().for_each(|number| bytes.bytes(&number.to_le_bytes()));
        }
        keep.put(&name, bytes.0);
    }
}

impl Drop for SiteWriter<'_> {
    fn drop(&mut self) {
        drop(self.aside.take());
        // A folder that was made for a site that came to nothing; it goes only where it is empty.
        if self.fresh {
            let _ = fs::remove_dir(&self.out);
        }
    }
}

fn linked(path: &Path) -> ProjectError {
    ProjectError::new(
        format!("{} is a link, and a site is not written through links", shown(path)),
        "take it away, or name another folder with `-o`",
    )
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
