//! The book as it was: read out of git by its own program, which is asked and never written to.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use rayon::prelude::*;

use super::ui::{Failure, Stop};
use crate::book::model::Date;
use crate::book::{BOOK_FILE, Book, InputFile, MAX_FILE, brief};
use crate::keep::{self, Keep, Reader, Writer};
use crate::site::Changes;

/// `git` in a folder, in nobody's language and without asking for anything.
fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder).env("LC_ALL", "C").env("GIT_OPTIONAL_LOCKS", "0");
    command.env("GIT_TERMINAL_PROMPT", "0").stdin(Stdio::null());
    command
}

/// Runs it; what came out, or what it complained of.
fn asked(command: &mut Command) -> Result<Result<Vec<u8>, String>, Stop> {
    let output = command.output().map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => {
            let hint = "install git, or compare on a machine that has it".to_string();
            Failure::stop("`git` is not on this machine, and the book's past lies there", Some(hint))
        }
        _ => Failure::stop(format!("cannot run `git`: {error}"), None),
    })?;
    if output.status.success() {
        return Ok(Ok(output.stdout));
    }
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let line = told.lines().find(|line| !line.trim().is_empty()).unwrap_or("it gave no reason");
    Ok(Err(line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_string()))
}

/// The files of a book at a revision: names relative to the book, hidden ones and links left out.
pub(super) fn book_at(folder: &Path, revision: &str) -> Result<Vec<InputFile>, Stop> {
    if let Err(why) = asked(git(folder).args(["rev-parse", "--show-prefix"]))? {
        let hint = match why.contains("not a git repository") {
            true => "put the book under version control: `git init`, `git add .`, `git commit`".to_string(),
            false => why.clone(),
        };
        let what = format!("`{}` is in no git repository that can be read", folder.display());
        return Err(Failure::stop(what, Some(hint)));
    }
    let shown = brief(revision);
    let commit = format!("{revision}^{{commit}}");
    let verify = ["rev-parse", "--verify", "--quiet", "--end-of-options", &commit];
    let Ok(commit) = asked(git(folder).args(verify))? else {
        let none = asked(git(folder).args(["rev-parse", "--verify", "--quiet", "HEAD"]))?.is_err();
        let hint = match none {
            true => "nothing is committed there yet: `git add .` and `git commit`",
            false => "name a commit, a branch or a tag: `git log --oneline` lists them",
        };
        return Err(Failure::stop(format!("git knows no revision `{shown}`"), Some(hint.to_string())));
    };
    let commit = String::from_utf8_lossy(&commit).trim().to_string();
    let failed = |why: String| Failure::stop(format!("git cannot read `{shown}`: {why}"), None);
    // Without `--full-tree` names are relative to the folder, and only what is below it is listed.
    let list = asked(git(folder).args(["ls-tree", "-r", "-z", &commit]))?.map_err(failed)?;
    let mut files: Vec<(String, String)> = Vec::new();
    for entry in list.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()) {
        let entry = String::from_utf8_lossy(entry);
        let Some((about, name)) = entry.split_once('\t') else { continue };
        let mut about = about.split(' ');
        let (mode, _, object) = (about.next(), about.next(), about.next());
        let hidden = name.split('/').any(|part| part.starts_with('.'));
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        let yaml = matches!(extension.as_deref(), Some("yaml" | "yml"));
        // A link within the book leads to a file that is listed itself.
        if yaml && !hidden && mode.is_some_and(|mode| mode.starts_with("100")) {
            files.push((name.to_string(), object.unwrap_or_default().to_string()));
        }
    }
    if !files.iter().any(|(name, _)| name == BOOK_FILE) {
        let what = format!("there was no book in `{}` at `{shown}`", folder.display());
        let hint = "name a later revision: `git log --oneline -- book.yaml` lists those that have it";
        return Err(Failure::stop(what, Some(hint.to_string())));
    }
    contents(folder, files)
}

/// On which day each line of the book's files was last changed, as far as git knows. Nothing is said of a
/// book that is in no repository, nor where git is not there: the days are good to have, no more. As long as
/// nothing is committed, only files that changed are asked for again; `keep` has the others.
pub(super) fn changes(folder: &Path, book: &Book, keep: &dyn Keep) -> Changes {
    let mut out = Changes::default();
    let asked = asked(git(folder).args(["rev-parse", "--is-shallow-repository", "--show-prefix", "HEAD"]));
    let Ok(Ok(answer)) = asked else { return out };
    // What a shallow copy says of old lines is the day of the copy.
    if answer.starts_with(b"true") {
        return out;
    }
    let name = keep::name("days", (std::fs::canonicalize(folder).ok(), answer));
    let known = keep.get(&name).and_then(|bytes| read_days(&bytes)).unwrap_or_default();
    let days = book.sources.files().collect::<Vec<_>>().into_par_iter().filter_map(|file| {
        let sum = file.sum();
        let days = match known.get(&**file.name()) {
            Some((then, days)) if *then == sum => days.clone(),
            _ => blame(folder, file.name(), file.text().lines().count())?,
        };
        Some((file.name().to_string(), (sum, days)))
    });
    let days: Days = days.collect();
    if days != known {
        keep.put(&name, written_days(&days));
    }
    out.lines = days.into_iter().map(|(name, (_, days))| (name, days)).collect();
    out
}

/// By the name of a file: the sum of its text, and the days of its lines.
type Days = BTreeMap<String, (u64, Vec<Option<Date>>)>;

fn written_days(days: &Days) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(days.len() as u32);
    for (name, (sum, days)) in days {
        out.text(name);
        out.bytes(&sum.to_le_bytes());
        // Neighbours mostly have one day: each with how many lines have it.
        let runs: Vec<&[Option<Date>]> = days.chunk_by(|one, other| one == other).collect();
        out.number(runs.len() as u32);
        for run in runs {
            out.number(run.len() as u32);
            out.text(&run[0].map(|day| day.to_string()).unwrap_or_default());
        }
    }
    out.0
}

fn read_days(bytes: &[u8]) -> Option<Days> {
    let mut bytes = Reader(bytes);
    let files = bytes.all(|bytes| {
        let name = bytes.text()?.to_string();
        let sum = u64::from_le_bytes(bytes.bytes()?.try_into().ok()?);
        let runs = bytes.all(|bytes| Some((bytes.number()? as usize, bytes.text()?.parse::<Date>().ok())))?;
        let days = runs.into_iter().flat_map(|(many, day)| std::iter::repeat_n(day, many.min(MAX_FILE)));
        Some((name, (sum, days.collect())))
    });
    Some(files?.into_iter().collect())
}

/// The days of a file's lines.
fn blame(folder: &Path, name: &str, lines: usize) -> Option<Vec<Option<Date>>> {
    let arguments = ["blame", "--incremental", "-w", "--", name];
    let told = asked(git(folder).args(arguments)).ok()?.ok()?;
    let mut days: Vec<Option<Date>> = vec![None; lines];
    let mut known: HashMap<String, Option<Date>> = HashMap::new();
    let (mut commit, mut first, mut many) = (String::new(), 0usize, 0usize);
    for line in String::from_utf8_lossy(&told).lines() {
        let mut words = line.split(' ');
        let word = words.next().unwrap_or_default();
        match word {
            "author-time" => {
                // A line that is not committed yet has no day.
                let seconds = words.next().and_then(|seconds| seconds.parse::<i64>().ok());
                let new = commit.bytes().all(|byte| byte == b'0');
                let day = seconds.filter(|_| !new).and_then(|seconds| {
                    let time = jiff::Timestamp::from_second(seconds).ok()?;
                    Some(time.to_zoned(jiff::tz::TimeZone::UTC).date())
                });
                known.insert(commit.clone(), day);
            }
            "filename" => {
                let day = known.get(&commit).copied().flatten();
                days.iter_mut().skip(first.saturating_sub(1)).take(many).for_each(|line| *line = day);
            }
            hash if hash.len() >= 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
                let mut numbers = words.skip(1).map(|number| number.parse::<usize>().unwrap_or(0));
                commit = hash.to_string();
                (first, many) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
            }
            _ => {}
        }
    }
    Some(days)
}

/// The contents of objects, all from one process.
fn contents(folder: &Path, files: Vec<(String, String)>) -> Result<Vec<InputFile>, Stop> {
    let fail = |why: String| Failure::stop(format!("git cannot read the files of the book: {why}"), None);
    let mut command = git(folder);
    command.args(["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| fail(error.to_string()))?;
    let Some(mut ask) = child.stdin.take() else { return Err(fail("it does not listen".into())) };
    let asked: String = files.iter().map(|(_, object)| format!("{object}\n")).collect();
    // In a thread of its own, because it answers while it is asked.
    let asking = std::thread::spawn(move || drop(ask.write_all(asked.as_bytes())));
    let output = child.wait_with_output().map_err(|error| fail(error.to_string()))?;
    let _ = asking.join();
    let mut rest = &output.stdout[..];
    let mut out = Vec::with_capacity(files.len());
    for (name, _) in files {
        let cut = || fail(format!("`{}` is missing or damaged there", brief(&name)));
        let line = rest.iter().position(|byte| *byte == b'\n').ok_or_else(cut)?;
        let head = String::from_utf8_lossy(&rest[..line]).into_owned();
        let size: usize = head.rsplit(' ').next().and_then(|size| size.parse().ok()).ok_or_else(cut)?;
        let body = rest.get(line + 1..line + 1 + size).ok_or_else(cut)?;
        out.push(InputFile { name: name.as_str().into(), bytes: body[..size.min(MAX_FILE + 1)].to_vec() });
        rest = rest.get(line + 2 + size..).unwrap_or_default();
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::model::parse_date;

    #[test]
    fn days_are_read_as_they_were_written() {
        let day = parse_date;
        let lines = vec![day("2026-01-02"), day("2026-01-02"), None, day("2026-01-02"), None, None];
        let days = Days::from([("a.yaml".into(), (7, lines)), ("b.yaml".into(), (u64::MAX, Vec::new()))]);
        let bytes = written_days(&days);
        assert_eq!(read_days(&bytes), Some(days));
        assert_eq!(read_days(&bytes[..bytes.len() - 1]), None);
    }
}
