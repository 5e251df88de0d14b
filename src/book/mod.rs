//! The book: from files to a resolved [`Book`] and everything wrong with them. Nothing here stops
//! at the first fault; what is sound of a faulty book can always be used.

pub mod editor;
mod gather;
mod grammar;
pub mod insert;
pub mod known;
mod lenient;
pub mod model;
mod packed;
mod place;
pub mod raw;
mod reader;
mod resolve;
pub mod schema;
mod scope;
pub mod shape;
mod slips;
pub mod spans;
mod values;
mod wanted;

use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_yaml::Value;

pub use grammar::{brief, id_fault, is_unwanted, is_variable_name};
pub use model::Book;
pub use reader::Reader;
pub use wanted::Wanted;

use crate::diagnostic::{self, Diagnostic, Severity};
use crate::keep::Keep;
use crate::source::{Position, SourceFile, Span};
use reader::{ReadFile, Said};
use schema::FileKind;
use shape::Dropped;
use spans::{Spans, Trouble};

/// A file of the book before it is read.
#[derive(Debug, Clone)]
pub struct InputFile {
    /// The path relative to the book, with `/`.
    pub name: Arc<str>,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// The greatest size of one file, in bytes. A book of ten thousand cards in one file has 16 MB.
pub const MAX_FILE: usize = 64 << 20;

/// The file that makes a folder a book.
pub const BOOK_FILE: &str = "book.yaml";

/// A file as its kind says, and what is needed to find places in it.
#[derive(Clone, Debug)]
pub(crate) struct RawFile<T> {
    pub file: usize,
    pub raw: T,
    pub dropped: Vec<Dropped>,
    /// Whether parts that others refer to are missing for a fault of the file.
    pub incomplete: bool,
    /// Whether it stands under an id or a language that is not its own.
    pub stand_in: bool,
}

/// The files of a book, read but not resolved.
#[derive(Default)]
pub(crate) struct RawBook {
    pub book: Option<RawFile<raw::BookFile>>,
    pub playbooks: Vec<RawFile<raw::PlaybookFile>>,
    pub libraries: Vec<RawFile<raw::LibraryFile>>,
    pub lexicons: Vec<RawFile<raw::LexiconFile>>,
    /// Whether there are files that could not be read at all.
    pub unread: bool,
}

/// Reads and resolves a book. The findings are sorted by file and line.
pub fn load(files: Vec<InputFile>) -> (Book, Vec<Diagnostic>) {
    load_rest(files, false)
}

/// The same where `unread` says whether the book has files that could not even be opened: what is
/// referred to may be in them.
pub fn load_rest(files: Vec<InputFile>, unread: bool) -> (Book, Vec<Diagnostic>) {
    reader::assemble(files.into_par_iter().map(read).collect(), unread)
}

/// The same, where of files that have the bytes of the last time is taken what `keep` has of them. `place`
/// says which book it is, among those of which something is kept there.
pub fn load_again(
    files: Vec<InputFile>,
    unread: bool,
    place: &str,
    keep: &dyn Keep,
) -> (Book, Vec<Diagnostic>) {
    let read = |file| reader::read_again(file, place, keep);
    reader::assemble(files.into_par_iter().map(read).collect(), unread)
}

/// One file as it is written, of whichever kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum AnyFile {
    /// `book.yaml`
    Book(raw::BookFile),
    /// A file with the key `playbook`.
    Playbook(Box<raw::PlaybookFile>),
    /// A file with the key `library`.
    Library(Box<raw::LibraryFile>),
    /// A file with the key `lexicon`.
    Lexicon(raw::LexiconFile),
}

/// Reads one file by itself; what is faulty is told of and left out. References are not looked at.
pub fn read_one(file: InputFile) -> (Option<AnyFile>, Vec<Diagnostic>) {
    let ReadFile { said, mut findings, .. } = read(file);
    diagnostic::sort(&mut findings);
    let file = said.map(|said| match said {
        Said::Book(file) => AnyFile::Book(file.raw),
        Said::Playbook(file) => AnyFile::Playbook(Box::new(file.raw)),
        Said::Library(file) => AnyFile::Library(Box::new(file.raw)),
        Said::Lexicon(file) => AnyFile::Lexicon(file.raw),
    });
    (file, findings)
}

/// The frameworks that ship with callbook, in the order of `domain.md`.
pub(crate) fn shipped_frameworks() -> &'static [raw::Framework] {
    static SHIPPED: OnceLock<Vec<raw::Framework>> = OnceLock::new();
    SHIPPED.get_or_init(|| serde_yaml::from_str(include_str!("frameworks.yaml")).unwrap_or_default())
}

/// A text without the mark that some editors begin it with.
fn without_mark(text: String) -> String {
    text.strip_prefix('\u{FEFF}').map(str::to_string).unwrap_or(text)
}

/// Reads one file; it knows nothing of the others.
fn read(file: InputFile) -> ReadFile {
    let InputFile { name, bytes } = file;
    let mut findings = Vec::new();
    let fault = |code, span, message: String| Diagnostic::error(code, &name, span, message);
    if bytes.len() > MAX_FILE {
        let message =
            format!("the file has {} MB; at most {} MB are read", bytes.len() >> 20, MAX_FILE >> 20);
        findings.push(fault("file-too-large", Span::START, message).hint("split it into several files"));
        return ReadFile::unread(None, findings);
    }
    let text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            let source = SourceFile::new(name.clone(), text);
            let span = Span::at(source.position(valid));
            let message = "the file is not in UTF-8 from here on".to_string();
            findings.push(fault("file-encoding", span, message).hint("save it as UTF-8 in your editor"));
            return ReadFile::unread(Some((source, Spans::default())), findings);
        }
    };
    let text = without_mark(text);
    if let Some(at) = text.find('\0') {
        let source = SourceFile::new(name.clone(), text);
        let span = Span::at(source.position(at));
        let message = "the file has a NUL character in it".to_string();
        findings.push(fault("file-encoding", span, message).hint("save it as plain UTF-8 text"));
        return ReadFile::unread(Some((source, Spans::default())), findings);
    }
    let (mut spans, troubles) = Spans::read(&text);
    let source = SourceFile::new(name.clone(), text);
    // Of a list that stands twice in a file only the second one is left.
    let halved = troubles
        .iter()
        .any(|trouble| matches!(trouble, Trouble::DuplicateKey(span, ..) if span.start.column == 1));
    let fatal = troubles.iter().any(|trouble| !matches!(trouble, Trouble::DuplicateKey(..)));
    let mut lost_dash: Option<Span> = None;
    for trouble in troubles {
        findings.push(match trouble {
            Trouble::DuplicateKey(span, ..) if lost_dash.is_some_and(|lost| slips::follows(lost, span)) => {
                continue;
            }
            Trouble::DuplicateKey(span, key, first) if slips::opens_item(&source, first) => {
                lost_dash = Some(span);
                let key = grammar::brief(&key);
                let hint =
                    format!("write `- {key}: …` if a new item begins here; else take one of them away");
                fault("duplicate-key", span, format!("the key `{key}` stands in this item a second time"))
                    .hint(hint)
                    .label(&name, first, "the first one")
            }
            Trouble::DuplicateKey(span, key, first) => fault(
                "duplicate-key",
                span,
                format!("the key `{}` stands here a second time", grammar::brief(&key)),
            )
            .hint(match key.strip_prefix('-') {
                Some(key) => format!("write a space behind the dash: `- {}: …`", grammar::brief(key)),
                None => "join the two, or take one away".to_string(),
            })
            .label(&name, first, "the first one"),
            Trouble::SecondDocument(span) => {
                fault("yaml-second-document", span, "a second document begins here".into())
                    .hint("take the line `---` away, or put what follows into a file of its own")
            }
            Trouble::OddKey(span) => match slips::slip(&source, span) {
                Some(slip) => fault("yaml-broken", slip.span, slip.message).hint(slip.hint),
                None => {
                    fault("wrong-type", span, "a key must be plain text".into()).hint("write `key: value`")
                }
            },
            Trouble::Bomb(span) => fault(
                "yaml-too-large",
                span,
                "the aliases (`*name`) in this file unfold to far too much".into(),
            )
            .hint("write the parts out, or use fewer aliases"),
            Trouble::Broken(span, message) => broken(&source, tab(source.text(), span, &message), &message),
        });
    }
    if fatal {
        return ReadFile::unread(Some((source, spans)), findings);
    }
    let value = parse_value(&source);
    let merges = source.text().contains("<<");
    if let Ok(value) = &value
        && merges
        && let Some(path) = odd_merge(value, &spans::YamlPath::root())
    {
        let message = "`<<` takes a part that was marked with `&name`".to_string();
        let hint = "write `<<: *name`, or take the line away";
        findings.push(fault("wrong-type", spans.find(&path).value, message).hint(hint));
        return ReadFile::unread(Some((source, spans)), findings);
    }
    let value = value.and_then(|mut value| {
        if merges {
            value
                .apply_merge()
                .map_err(|error| Box::new(broken(&source, Span::START, &error.to_string())))?;
        }
        Ok(value)
    });
    let mut value = match value {
        Ok(value) => value,
        Err(finding) => {
            findings.push(*finding);
            return ReadFile::unread(Some((source, spans)), findings);
        }
    };
    let Some(kind) = kind_of(&name, &value, &spans, &mut findings) else {
        return ReadFile { whole: value.is_null(), ..ReadFile::unread(Some((source, spans)), findings) };
    };
    let (sound, pruned) = shape::prune(kind, &mut value, &name, &mut spans);
    findings.extend(pruned.diagnostics);
    let whole = sound;
    let mut out = ReadFile { whole, ..ReadFile::unread(Some((source, spans)), findings) };
    if !sound {
        return out;
    }
    let raw = RawFile {
        file: 0,
        raw: value,
        dropped: pruned.dropped,
        incomplete: halved,
        stand_in: pruned.stand_in,
    };
    let findings = &mut out.findings;
    out.said = match kind {
        FileKind::Book => typed(raw, &name, findings).map(Said::Book),
        FileKind::Playbook => typed(raw, &name, findings).map(|file| Said::Playbook(Box::new(file))),
        FileKind::Library => typed(raw, &name, findings).map(|file| Said::Library(Box::new(file))),
        FileKind::Lexicon => typed(raw, &name, findings).map(Said::Lexicon),
    };
    out
}

/// Reads what the shape pass left. It cannot fail then; should the two ever disagree, that is told.
fn typed<T: DeserializeOwned>(
    file: RawFile<Value>,
    name: &Arc<str>,
    findings: &mut Vec<Diagnostic>,
) -> Option<RawFile<T>> {
    let RawFile { file, raw, dropped, incomplete, stand_in } = file;
    match serde_yaml::from_value(raw) {
        Ok(raw) => Some(RawFile { file, raw, dropped, incomplete, stand_in }),
        Err(error) => {
            let message = format!("the file cannot be read: {error}");
            findings.push(Diagnostic::error("yaml-broken", name, Span::START, message));
            None
        }
    }
}

fn broken(source: &SourceFile, span: Span, message: &str) -> Diagnostic {
    if let Some(slip) = slips::slip(source, span) {
        return Diagnostic::error("yaml-broken", source.name(), slip.span, slip.message).hint(slip.hint);
    }
    let plain = plain_words(message);
    let hint = match message {
        m if m.contains("mapping values are not allowed")
            || m.contains("expected ':'")
            || m.contains("simple key") =>
        {
            "a text with a colon in it needs quotes around it, and every line of a list the same indent"
        }
        m if m.contains("tab") => "indent with spaces, not with tabs",
        m if m.contains("anchor") || m.contains("alias") => {
            "a text that begins with `*` or `&` needs quotes around it"
        }
        m if m.contains("flow") || m.contains("','") => {
            "look for a bracket or a comma that is missing, or quote texts with commas"
        }
        m if m.contains("quot") => "look for a quotation mark that is missing at the end of a text",
        m if m.contains("cannot start any token") => {
            "a text that begins with `@`, `%` or a backtick needs quotes around it"
        }
        _ => "look at the indent of this line and the one above it, and for quotes that are not closed",
    };
    Diagnostic::error("yaml-broken", source.name(), span, format!("this is not YAML: {plain}")).hint(hint)
}

/// Takes places and parser's words out of a message.
fn plain_words(message: &str) -> String {
    let message = message.split(" at line ").next().unwrap_or(message);
    message.replace("mapping values are not allowed in this context", "there is a colon where none can stand")
}

/// The parser tells of a tab at the beginning of the text before it; a person looks for the tab.
fn tab(text: &str, span: Span, message: &str) -> Span {
    let before = span.start.line.saturating_sub(1) as usize;
    let indented = text.lines().zip(1u32..).skip(before).find(|(line, _)| {
        let indent = line.trim_start_matches([' ', '\t']).len();
        line[..line.len() - indent].contains('\t')
    });
    match indented {
        Some((line, number)) if message.contains("tab") => {
            let column = line.find('\t').unwrap_or(0) as u32 + 1;
            Span::at(Position::new(number, column))
        }
        _ => span,
    }
}

fn parse_value(source: &SourceFile) -> Result<Value, Box<Diagnostic>> {
    let fail = |error: serde_yaml::Error| {
        let span = error.location().map_or(Span::START, |at| {
            // The engine counts lines by more signs than editors do; past the end there is none.
            let at = Position::new(at.line().max(1) as u32, at.column().max(1) as u32);
            Span::at(source.position(source.offset(at)))
        });
        let message = error.to_string();
        Box::new(if message.contains("recursion limit") || message.contains("repetition limit") {
            let message = "the file is nested too deeply, or repeats itself too often".to_string();
            Diagnostic::error("yaml-too-large", source.name(), span, message).hint("write it flatter")
        } else {
            broken(source, span, &message)
        })
    };
    if source.text().lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with('#')) {
        return Ok(Value::Null);
    }
    serde_yaml::from_str(source.text()).map(|lenient::Lenient(value)| value).map_err(fail)
}

/// The first `<<` whose value cannot be merged.
fn odd_merge(value: &Value, path: &spans::YamlPath) -> Option<spans::YamlPath> {
    match value {
        Value::Mapping(mapping) => mapping.iter().find_map(|(key, value)| {
            let key = key.as_str()?;
            let path = path.key(key);
            let merges = match value {
                Value::Mapping(_) => true,
                Value::Sequence(items) => items.iter().all(Value::is_mapping),
                _ => false,
            };
            if key == "<<" && !merges { Some(path) } else { odd_merge(value, &path) }
        }),
        Value::Sequence(items) => {
            items.iter().enumerate().find_map(|(index, item)| odd_merge(item, &path.item(index)))
        }
        _ => None,
    }
}

fn kind_of(
    name: &Arc<str>,
    value: &Value,
    spans: &Spans,
    findings: &mut Vec<Diagnostic>,
) -> Option<FileKind> {
    if value.is_null() {
        if &**name == BOOK_FILE {
            findings.push(
                Diagnostic::error("missing-key", name, Span::START, "the book needs `title` and `language`")
                    .hint("write `title: Our handbook` and `language: en`"),
            );
            return None;
        }
        findings.push(
            Diagnostic::error("file-empty", name, Span::START, "there is nothing in this file")
                .severity(Severity::Warning)
                .hint("write a playbook into it, or delete it"),
        );
        return None;
    }
    let Some(mapping) = value.as_mapping() else {
        findings.push(
            Diagnostic::error(
                "wrong-type",
                name,
                Span::START,
                "a file of a book is made of lines of `key: value`",
            )
            .hint("begin it with `playbook: an-id`"),
        );
        return None;
    };
    if &**name == BOOK_FILE {
        return Some(FileKind::Book);
    }
    let kinds =
        [("playbook", FileKind::Playbook), ("library", FileKind::Library), ("lexicon", FileKind::Lexicon)];
    let there: Vec<_> = kinds.iter().filter(|(key, _)| mapping.contains_key(*key)).collect();
    match there[..] {
        [(_, kind)] => Some(*kind),
        [] => {
            let keys: Vec<&str> = mapping.keys().filter_map(Value::as_str).collect();
            let near = keys.iter().find_map(|key| {
                diagnostic::nearest(key, kinds.iter().map(|(kind, _)| *kind)).map(|near| (*key, near))
            });
            let path = spans::YamlPath::root();
            let (span, hint) = match near {
                Some((key, near)) => {
                    let found = spans.find(&path.key(key));
                    (
                        found.key.unwrap_or(found.value),
                        format!("did you mean `{near}` for `{}`?", grammar::brief(key)),
                    )
                }
                None => (spans.find(&path).value, "add a line such as `playbook: an-id`".to_string()),
            };
            findings.push(
                Diagnostic::error(
                    "file-kind",
                    name,
                    span,
                    "this file needs one of `playbook`, `library`, `lexicon`",
                )
                .hint(hint),
            );
            None
        }
        [first, second, ..] => {
            let path = spans::YamlPath::root().key(second.0);
            let found = spans.find(&path);
            let message = format!("a file cannot be a {} and a {} at once", first.0, second.0);
            findings.push(
                Diagnostic::error("file-kind", name, found.key.unwrap_or(found.value), message)
                    .hint("put the two into files of their own"),
            );
            None
        }
    }
}
