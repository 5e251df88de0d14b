//! `new`: a playbook, a library or a part of one, as a valid stub with remarks on what else it may have.
//! On a terminal it asks for what was not given.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::ask::{Asker, Said, one_of};
use super::ui::{Checked, Failure, Stop, Ui};
use crate::book::insert::{Entry, Written, append, file};
use crate::book::known::CATEGORIES;
use crate::book::model::{Volume, slug};
use crate::book::schema::FileKind;
use crate::book::{self, InputFile, brief};
use crate::calls::folded;
use crate::diagnostic::{Severity, did_you_mean};
use crate::language::Language;
use crate::store::Store;
use crate::{lint, project};

/// The arguments of `new`.
#[derive(clap::Args, Clone)]
pub struct Args {
    /// What to add
    kind: Kind,
    /// Its heading; of a question the question itself, of a proof the claim
    #[arg(long, value_name = "TEXT")]
    title: Option<String>,
    /// Its id [default: made from the heading]
    #[arg(long, value_name = "ID")]
    id: Option<String>,
    /// The playbook or library that a part goes into [default: the only one]
    #[arg(long = "in", value_name = "ID")]
    into: Option<String>,
    /// The language: of a new playbook or library, or of the one that a part goes into
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// What an objection is about: price, timing, …
    #[arg(long, value_name = "NAME")]
    category: Option<String>,
    /// What buyers say, word for word; may be repeated
    #[arg(long = "utterance", value_name = "TEXT")]
    utterances: Vec<String>,
    /// The words to say: the first response of an objection, a close
    #[arg(long, value_name = "TEXT")]
    say: Option<String>,
    /// The goal of a stage
    #[arg(long, value_name = "TEXT")]
    goal: Option<String>,
    /// Who says what a proof claims
    #[arg(long, value_name = "TEXT")]
    source: Option<String>,
    /// What an outcome means: won, upgraded, paused, lost, open
    #[arg(long, value_name = "RESULT")]
    result: Option<String>,
    /// Begin an objection with what had no answer in a call: its id, or the beginning of it
    #[arg(long, value_name = "ID")]
    from_call: Option<String>,
    /// The file of the call store [default: the book's own, in the platform's data folder]
    #[arg(long, value_name = "FILE", env = "CALLBOOK_STORE", hide_env_values = true)]
    store: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// A file: everything that one kind of sale needs.
    Playbook,
    /// A file: parts that several playbooks use.
    Library,
    /// What a buyer says against going on, and how to answer.
    Objection,
    /// A step of the sale.
    Stage,
    /// A discovery question.
    Question,
    /// A way to ask for the decision.
    Close,
    /// What is no objection but should be noticed.
    Signal,
    /// A battlecard.
    Competitor,
    /// A claim with a source and a date.
    Proof,
    /// How a call can end.
    Outcome,
}

impl Kind {
    fn noun(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

fn key(key: &'static str, text: impl Into<String>) -> Entry {
    Entry::Key(key, Written::Text(text.into()))
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let checked = ui.load()?;
        match &self.from_call {
            Some(id) => self.from(ui, &checked, id)?.make(ui, checked),
            None => self.make(ui, checked),
        }
    }

    /// The same with what a call tells: the first thing without an answer that is not in the book yet, the
    /// playbook and its language.
    fn from(&self, ui: &mut Ui, checked: &Checked, id: &str) -> Result<Self, Stop> {
        if self.kind != Kind::Objection {
            let hint = Some("write `callbook new objection --from-call ID`".to_string());
            return Err(Failure::stop("only an objection can be made from a call", hint));
        }
        let path = ui.store(self.store.as_deref())?;
        let store = Store::open_existing(&path)?;
        let record = super::calls::found(ui, store.as_ref(), id)?;
        let objections = checked.book.volumes.iter().flat_map(|volume| &volume.objections);
        let known: BTreeSet<String> = objections
            .flat_map(|card| card.utterances.iter().chain([&card.title]).map(|text| folded(text)))
            .collect();
        let mut heard: Vec<String> = Vec::new();
        for missing in &record.no_answer {
            let words = missing.heard.split_whitespace().collect::<Vec<_>>().join(" ");
            let there = heard.iter().any(|other| folded(other) == folded(&words));
            if !words.is_empty() && !there && !known.contains(&folded(&words)) {
                heard.push(words);
            }
        }
        let Some(first) = heard.first() else {
            let message =
                format!("call `{}` has nothing without an answer that is not in the book", record.id);
            let hint = Some("`callbook report` shows what had no answer".to_string());
            ui.failure(&Failure::new(message, hint));
            return Err(Stop::Nothing);
        };
        if heard.len() > 1 {
            ui.note(&format!("the same again makes a card of what else had no answer ({})", heard.len() - 1));
        }
        let mut made = self.clone();
        made.title.get_or_insert_with(|| first.clone());
        if made.utterances.is_empty() {
            made.utterances.push(first.clone());
        }
        if made.into.is_none() && checked.book.volumes.iter().any(|one| one.id.as_str() == record.playbook) {
            made.into = Some(record.playbook.clone());
        }
        made.lang = made.lang.or_else(|| Language::parse(&record.language).ok());
        Ok(made)
    }

    fn make(&self, ui: &mut Ui, checked: Checked) -> Result<(), Stop> {
        let mut asker = Asker::new(ui.can_ask());
        let (name, text, old) = match self.kind {
            Kind::Playbook | Kind::Library => self.whole(&checked, &mut asker)?,
            _ => self.part(ui, &checked, &mut asker)?,
        };
        let before = lint::count(&checked.findings, Severity::Error);
        let after = with(ui, &checked, &name, &text)?;
        let errors: Vec<_> = after.findings.iter().filter(|one| one.severity == Severity::Error).collect();
        if let Some(first) =
            errors.iter().find(|one| !checked.findings.contains(one)).filter(|_| errors.len() > before)
        {
            let hint = first.hint.clone();
            return Err(Failure::stop(format!("nothing was written: {}", first.message), hint));
        }
        let path = store(&checked, &name, &text, old.as_deref())?;
        let line = changed_line(old.as_deref().unwrap_or_default(), &text);
        ui.out(&format!("{}:{line}\n", path.display()))?;
        for finding in after.findings.iter().filter(|one| one.severity == Severity::Warning) {
            if *finding.file == *name && finding.span.start.line >= line && !told(&checked, finding) {
                ui.warn(&format!("{} ({})", finding.message, finding.hint.as_deref().unwrap_or_default()));
            }
        }
        ui.note("edit it there; `callbook check` tells what is wrong");
        Ok(())
    }

    /// A new file: its name, its text.
    fn whole(&self, checked: &Checked, asker: &mut Asker) -> Result<(String, String, Option<String>), Stop> {
        let language = match (&self.lang, asker.terminal) {
            (Some(language), _) => language.clone(),
            (None, false) => checked.book.language.clone(),
            (None, true) => {
                let usual = &checked.book.language;
                let question = format!("Language (en, vi, zh-Hant, ms, …; empty for {usual})");
                loop {
                    match asker.line(&question) {
                        Said::Words(words) => match Language::parse(&words) {
                            Ok(language) => break language,
                            Err(why) => asker.again(&why),
                        },
                        Said::Nothing | Said::End => break usual.clone(),
                    }
                }
            }
        };
        let title = asker.need(&self.title, "--title", "Title");
        asked(asker, self.kind)?;
        let id = self.id.clone().unwrap_or_else(|| slug(&title));
        let (first, kind) = match self.kind {
            Kind::Library => ("library", FileKind::Library),
            _ => ("playbook", FileKind::Playbook),
        };
        let mut entries = vec![key(first, &id), key("title", &title), key("language", language.as_str())];
        entries.push(Entry::Remark("summary: one paragraph: who it is for and what it is good for"));
        if self.kind == Kind::Playbook {
            entries
                .push(Entry::Remark("uses: [a-library]          # whose parts this playbook may refer to"));
            entries.push(Entry::Remark("frameworks: [bant]         # what discovery has to cover"));
        }
        entries.push(Entry::Remark(
            "variables: [{name: prospect.first_name, title: First name, required: true}]",
        ));
        if self.kind == Kind::Playbook {
            entries.push(Entry::Remark(
                "`callbook new stage`, `new objection`, `new question` and `new close` add to this file",
            ));
        }
        // Beside its like: in the folder of its language, if the book has one.
        let named = language.as_str();
        let folder = if checked.folder.join(named).is_dir() { format!("{named}/") } else { String::new() };
        let name = format!("{folder}{id}.yaml");
        let text = format!("{}\n{}", project::schema_line(&name, kind), file(&entries));
        Ok((name, text, None))
    }

    /// An existing file with one part more: its name, the new text, the old one.
    fn part(
        &self,
        ui: &Ui,
        checked: &Checked,
        asker: &mut Asker,
    ) -> Result<(String, String, Option<String>), Stop> {
        let volume = self.volume(checked, asker)?;
        let (list, entries) = self.entries(ui, volume, asker);
        asked(asker, self.kind)?;
        let source = checked.book.sources.file(volume.common.place.file);
        // As it is on disk: with the mark at its beginning that reading takes away.
        let path: PathBuf = checked.folder.join(&**source.name());
        let old = std::fs::read_to_string(&path)
            .map_err(|error| Failure::stop(format!("cannot read `{}`: {error}", path.display()), None))?;
        let text = append(&old, list, &entries).map_err(|why| {
            let hint = Some(format!("add it by hand:\n{list}:\n{}", indented(&entries)));
            Failure::stop(format!("`{}` was not changed: {why}", path.display()), hint)
        })?;
        Ok((source.name().to_string(), text, Some(old)))
    }

    fn volume<'a>(&self, checked: &'a Checked, asker: &mut Asker) -> Result<&'a Volume, Stop> {
        let wide = |volume: &&Volume| self.lang.as_ref().is_none_or(|lang| volume.language.in_range(lang));
        let stages = self.kind == Kind::Stage;
        let able = |volume: &&Volume| !stages || volume.kind == book::model::VolumeKind::Playbook;
        let all: Vec<&Volume> = checked.book.volumes.iter().filter(wide).filter(able).collect();
        let names = |volumes: &[&Volume]| {
            let mut names: Vec<String> = volumes.iter().map(|volume| volume.id.to_string()).collect();
            names.sort();
            names.dedup();
            names
        };
        let into = match (&self.into, &all[..]) {
            (Some(into), _) => into.clone(),
            (None, []) => {
                let hint = Some("make one with `callbook new playbook`".to_string());
                return Err(Failure::stop("there is no playbook to add it to", hint));
            }
            (None, [only]) => only.id.to_string(),
            (None, several) => {
                let names = names(several);
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                let question = format!("Into which ({})", known.join(", "));
                asker.need_one(&None, "--in", &question, |said| one_of(&known, said))
            }
        };
        if into.is_empty() {
            asked(asker, self.kind)?;
        }
        let fits: Vec<&Volume> = all.iter().copied().filter(|volume| volume.id.as_str() == into).collect();
        match fits[..] {
            [only] => Ok(only),
            [] => {
                let known = names(&all);
                let hint = did_you_mean(&into, known.iter().map(String::as_str));
                Err(Failure::stop(format!("there is no playbook or library `{}`", brief(&into)), hint))
            }
            [first, ..] => {
                // The book's own language where there are several.
                let own = fits.iter().find(|volume| volume.language == checked.book.language);
                Ok(own.copied().unwrap_or(first))
            }
        }
    }

    /// The list that the part goes into, and its keys.
    fn entries(&self, ui: &Ui, volume: &Volume, asker: &mut Asker) -> (&'static str, Vec<Entry>) {
        let heading = match self.kind {
            Kind::Question => "The question, as it is asked",
            Kind::Proof => "The claim",
            Kind::Competitor => "Its name",
            Kind::Objection => "The objection, in a few of the buyer's words",
            _ => "Title",
        };
        let title = asker.need(&self.title, "--title", heading);
        let id = self.id.clone().unwrap_or_else(|| free_id(volume, &slug(&title)));
        let mut out = vec![key("id", id)];
        let list = match self.kind {
            Kind::Playbook | Kind::Library => "",
            Kind::Objection => {
                out.push(Entry::Remark("code: P1                 # short, typed by heart"));
                out.push(key("title", &title));
                out.push(Entry::Remark(
                    "kind: objection          # question, brush-off, smokescreen, objection, condition",
                ));
                let question = format!("Category: {}", CATEGORIES.join(", "));
                let category = asker.may(&self.category, &question, |said| one_of(&CATEGORIES, said));
                match category {
                    Some(category) => out.push(key("category", category)),
                    None => out.push(Entry::Remark("category: price")),
                }
                let mut utterances = asker.many(&self.utterances, "What buyers say, word for word");
                if utterances.is_empty() {
                    utterances.push(title.clone());
                }
                out.push(Entry::Key("utterances", Written::Texts(utterances)));
                let say = asker.need(&self.say, "--say", "The first answer: what to say (at most 40 words)");
                let response = vec![
                    key("id", "first"),
                    Entry::Remark("when: which situation it fits"),
                    Entry::Remark("bridge: said first, at most 8 words"),
                    key("say", say),
                    Entry::Remark("ask: the question that hands the word back"),
                ];
                out.push(Entry::Key("responses", Written::Parts(vec![response])));
                "objections"
            }
            Kind::Stage => {
                out.push(key("title", &title));
                out.push(key(
                    "goal",
                    asker.need(&self.goal, "--goal", "Its goal: what is true when it has worked"),
                ));
                out.push(Entry::Remark(
                    "buyer_stage: awareness   # awareness, consideration, purchase, retention, advocacy",
                ));
                out.push(Entry::Remark("script: [{say: …}, {ask: …}]"));
                out.push(Entry::Remark("objections: [an-id]      # the speed dial, most likely first"));
                out.push(Entry::Remark("next: [{when: …, go: an-id}]"));
                "stages"
            }
            Kind::Question => {
                out.push(key("ask", &title));
                out.push(Entry::Remark("why: what the answer is good for"));
                out.push(Entry::Remark("dimension: bant.need     # which part of a framework it covers"));
                out.push(Entry::Remark("listen_for: [a good sign]"));
                "questions"
            }
            Kind::Close => {
                out.push(key("title", &title));
                out.push(Entry::Remark("technique: direct"));
                out.push(key("say", asker.need(&self.say, "--say", "What to say")));
                out.push(Entry::Remark("if_yes: an-outcome"));
                out.push(Entry::Remark("if_no: an-objection"));
                "closes"
            }
            Kind::Signal => {
                out.push(key("title", &title));
                out.push(key("kind", "buying"));
                let mut utterances = asker.many(&self.utterances, "What buyers say then");
                if utterances.is_empty() {
                    utterances.push(title.clone());
                }
                out.push(Entry::Key("utterances", Written::Texts(utterances)));
                out.push(Entry::Remark("go: where it leads: a stage, close, objection or outcome"));
                "signals"
            }
            Kind::Competitor => {
                out.push(key("title", &title));
                out.push(Entry::Remark("aliases: [what buyers call it]"));
                out.push(Entry::Remark("we_win: [where we win]"));
                out.push(Entry::Remark("we_lose: [where we lose]"));
                out.push(Entry::Remark("landmines: [a question that exposes a gap of theirs]"));
                "competitors"
            }
            Kind::Proof => {
                out.push(key("claim", &title));
                out.push(key("source", asker.need(&self.source, "--source", "Who says so")));
                out.push(key("date", ui.today().to_string()));
                out.push(Entry::Remark("expires: until when it may be used"));
                "proofs"
            }
            Kind::Outcome => {
                out.push(key("title", &title));
                let results = ["won", "upgraded", "paused", "lost", "open"];
                let question = &format!("What it means: {}", results.join(", "));
                let fits = |said: &str| one_of(&results, said);
                out.push(key("result", asker.need_one(&self.result, "--result", question, fits)));
                "outcomes"
            }
        };
        (list, out)
    }
}

/// Writes a file of the book with its new text, where it is as it was (`old`; nothing where it must be
/// new). Gives its path.
pub(super) fn store(checked: &Checked, name: &str, text: &str, old: Option<&str>) -> Result<PathBuf, Stop> {
    let path = checked.folder.join(name);
    if old.is_none() && path.symlink_metadata().is_ok() {
        let hint = Some("give it another name: nothing is written over".into());
        return Err(Failure::stop(format!("`{}` is there already", path.display()), hint));
    }
    if let Some(folder) = path.parent() {
        let fail =
            |error| Failure::stop(format!("cannot make the folder `{}`: {error}", folder.display()), None);
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    // Through a link, so that the file itself is written and the link stays one.
    let real =
        if old.is_some() { path.canonicalize().unwrap_or_else(|_| path.clone()) } else { path.clone() };
    if let Some(old) = old
        && std::fs::read(&real).ok().as_deref() != Some(old.as_bytes())
    {
        let hint = Some("try again".into());
        return Err(Failure::stop(format!("`{}` was changed meanwhile", path.display()), hint));
    }
    project::write_file(&real, text.as_bytes())?;
    project::write_schemas(&checked.folder)?;
    Ok(path)
}

/// Stops where answers are missing that nobody could be asked for.
fn asked(asker: &Asker, kind: Kind) -> Result<(), Stop> {
    if asker.missing.is_empty() {
        return Ok(());
    }
    let flags = asker.missing.join(" and ");
    let example: Vec<String> = asker.missing.iter().map(|flag| format!("{flag} \"…\"")).collect();
    let hint = format!("`callbook new {} {}`", kind.noun(), example.join(" "));
    Err(Failure::stop(format!("a new {} needs {flags}", kind.noun()), Some(hint)))
}

/// An id that no part of the volume has.
fn free_id(volume: &Volume, wish: &str) -> String {
    let mut taken = std::collections::BTreeSet::new();
    macro_rules! take {
        ($($list:ident)*) => {$( taken.extend(volume.$list.iter().map(|part| part.id.to_string())); )*};
    }
    take!(stages questions objections closes signals competitors proofs outcomes metrics roles);
    let mut id = wish.to_string();
    let mut number = 2;
    while taken.contains(&id) {
        id = format!("{wish}-{number}");
        number += 1;
    }
    id
}

fn indented(entries: &[Entry]) -> String {
    let text = file(entries);
    let lines = text.lines().enumerate();
    lines.map(|(index, line)| format!("  {} {line}\n", if index == 0 { "-" } else { " " })).collect()
}

/// The book as it would be with a file changed or added.
pub(super) fn with(ui: &Ui, checked: &Checked, name: &str, text: &str) -> Result<Checked, Stop> {
    let (stamps, mut findings) = project::stamps(&checked.folder)?;
    let (mut files, unreadable) = project::read(&checked.folder, &stamps);
    files.retain(|file| &*file.name != name);
    files.push(InputFile { name: name.into(), bytes: text.as_bytes().to_vec() });
    let (book, found) = book::load_rest(files, !unreadable.is_empty());
    findings.extend(unreadable);
    findings.extend(found);
    findings.extend(lint::lint(&book, &lint::Context { today: ui.today() }));
    crate::diagnostic::sort(&mut findings);
    Ok(Checked { folder: Path::to_path_buf(&checked.folder), book, findings, theme: checked.theme.clone() })
}

fn told(checked: &Checked, finding: &crate::diagnostic::Diagnostic) -> bool {
    checked.findings.iter().any(|one| one.code == finding.code && one.message == finding.message)
}

/// The first line (from 1) in which a text differs from what it was, blank lines put aside.
pub(super) fn changed_line(old: &str, new: &str) -> u32 {
    let same = old.lines().zip(new.lines()).take_while(|(old, new)| old == new).count();
    let blank = new.lines().skip(same).take_while(|line| line.trim().is_empty()).count();
    if old.is_empty() { 1 } else { (same + blank) as u32 + 1 }
}
