//! `import`: a list of objections into the book, or a whole book into a folder.

use std::collections::BTreeSet;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde_json::json;

use super::new::{store, with};
use super::ui::{Checked, Failure, Stop, Ui};
use crate::book::insert::{Entry, Written, append_all, file};
use crate::book::model::{Volume, slug};
use crate::book::schema::FileKind;
use crate::book::{self, InputFile, brief};
use crate::diagnostic::{Severity, did_you_mean};
use crate::exchange::{self, Column, Draft, Found, Left, MAX_LIST, Role, Sure};
use crate::language::Language;
use crate::project;
use crate::render::wrap::harmless;
use crate::search::{Lexicons, fold};

/// How many things that were left out are listed for people.
const TOLD: usize = 40;
/// How often faulty objections are taken out before it is given up.
const ROUNDS: usize = 5;

/// The arguments of `import`.
#[derive(clap::Args)]
pub struct Args {
    /// The list: CSV, Excel (.xlsx), Markdown or JSON; `-` for standard input
    file: PathBuf,
    /// The new file of the book that the objections go into; of a whole book, its folder
    #[arg(long, value_name = "FILE", conflicts_with = "playbook")]
    into: Option<PathBuf>,
    /// Add the objections to a playbook or library that is there
    #[arg(long, value_name = "ID")]
    playbook: Option<String>,
    /// The language of the list
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// What columns hold, by heading or letter: `Objection=title,B=say,Owner=-`
    #[arg(long, value_name = "NAME=ROLE", value_delimiter = ',', value_parser = column)]
    columns: Vec<(String, String)>,
    /// Show what would be done, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// For people, or for programs
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Human,
    /// For programs.
    Json,
}

fn column(text: &str) -> Result<(String, String), String> {
    let (name, role) = text.rsplit_once('=').ok_or("write it as NAME=ROLE, such as Objection=title")?;
    Ok((name.trim().to_string(), role.trim().to_string()))
}

/// What is to be done.
struct Plan {
    /// The file of the book, its name.
    name: String,
    /// What it holds now; nothing where it is new.
    old: Option<String>,
    language: Language,
    columns: Vec<(Option<String>, Vec<Column>)>,
    drafts: Vec<Draft>,
    /// What is in the book already: told, and no fault.
    known: Vec<Left>,
    left: Vec<Left>,
    notes: Vec<String>,
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let shown = self.file.display().to_string();
        let bytes = self.bytes(&shown)?;
        let name = self.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let failed =
            |why: String| Failure::stop(format!("cannot import `{}`: {why}", harmless(&shown)), None);
        let (found, notes) = exchange::read(&name, &bytes).map_err(failed)?;
        drop(bytes);
        if let Found::Book(files) = found {
            return self.whole(ui, &files);
        }
        let checked = ui.load()?;
        let mut plan = self.plan(&checked, found, notes)?;
        let mut text = self.text(ui, &checked, &mut plan)?;
        if plan.drafts.is_empty() {
            self.tell(ui, &plan, None)?;
            ui.note("there was nothing to take over, so nothing was written");
            return Err(Stop::Nothing);
        }
        let ask = !self.dry_run && !self.yes;
        if self.format == Format::Human || ask && ui.can_ask() {
            ui.out(&plan.human())?;
        }
        if self.dry_run {
            if self.format == Format::Json {
                self.tell(ui, &plan, None)?;
            }
            ui.note("nothing was written");
            return plan.done();
        }
        if ask {
            if !ui.can_ask() {
                let hint = "add `--yes` if the columns are right, or name them with `--columns`".to_string();
                let what =
                    format!("{} would be added to `{}`", counted(plan.drafts.len(), "objection"), plan.name);
                return Err(Failure::stop(what, Some(hint)));
            }
            if !ui.confirm("take them over like this?")? {
                ui.note("nothing was written; `--columns NAME=ROLE` says what a column holds");
                return Ok(());
            }
        }
        let path = store(&checked, &plan.name, &std::mem::take(&mut text), plan.old.as_deref())?;
        if self.format == Format::Json {
            self.tell(ui, &plan, Some(&path))?;
        } else {
            let what = counted(plan.drafts.len(), "objection");
            ui.out(&format!("added {what} to {}\n", path.display()))?;
        }
        plan.done()
    }

    fn bytes(&self, shown: &str) -> Result<Vec<u8>, Stop> {
        let fail = |error| Failure::stop(format!("cannot read `{}`: {error}", harmless(shown)), None);
        let mut bytes = Vec::new();
        let most = MAX_LIST as u64 + 1;
        match self.file.as_os_str() == "-" {
            true => std::io::stdin().lock().take(most).read_to_end(&mut bytes).map_err(fail)?,
            false => {
                let file = std::fs::File::open(&self.file).map_err(fail)?;
                file.take(most).read_to_end(&mut bytes).map_err(fail)?
            }
        };
        Ok(bytes)
    }

    /// A whole book goes into a folder of its own.
    fn whole(&self, ui: &mut Ui, files: &[(String, String)]) -> Result<(), Stop> {
        if self.playbook.is_some() || !self.columns.is_empty() {
            let hint = "name a folder for it with `--into`".to_string();
            return Err(Failure::stop("this is a whole book, not a list of objections", Some(hint)));
        }
        let folder = self.into.clone().unwrap_or_else(|| PathBuf::from("playbooks"));
        let input = |(name, text): &(String, String)| InputFile {
            name: name.as_str().into(),
            bytes: text.clone().into_bytes(),
        };
        let (book, findings) = book::load(files.iter().map(input).collect());
        let errors: Vec<_> = findings.iter().filter(|one| one.severity == Severity::Error).collect();
        let count = book.volumes.iter().map(|volume| volume.objections.len()).sum::<usize>();
        let what = format!("{} with {}", counted(files.len(), "file"), counted(count, "objection"));
        for error in errors.iter().take(TOLD) {
            ui.warn(&format!("{}: {}", error.file, error.message));
        }
        if self.dry_run {
            ui.out(&format!("{what} would be written into {}\n", folder.display()))?;
            return if errors.is_empty() { Ok(()) } else { Err(Stop::Nothing) };
        }
        project::write_book(&folder, files)?;
        if self.format == Format::Json {
            let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
            let json = json!({"version": 1, "folder": folder, "files": names, "objections": count, "errors": errors.len()});
            ui.out(&format!("{json}\n"))?;
        } else {
            ui.out(&format!("wrote {what} into {}\n", folder.display()))?;
        }
        if errors.is_empty() { Ok(()) } else { Err(Stop::Nothing) }
    }

    fn plan(&self, checked: &Checked, found: Found, notes: Vec<String>) -> Result<Plan, Stop> {
        let target = self.playbook.as_deref().map(|id| self.volume(checked, id)).transpose()?;
        let language = match (&self.lang, target) {
            (_, Some(volume)) => volume.language.clone(),
            (Some(lang), None) => lang.clone(),
            (None, None) => written_in(checked, &found),
        };
        let mut plan = Plan {
            name: String::new(),
            old: None,
            language,
            columns: Vec::new(),
            drafts: Vec::new(),
            known: Vec::new(),
            left: Vec::new(),
            notes,
        };
        match found {
            Found::Book(_) => {}
            Found::Drafts(drafts, left) => {
                plan.drafts = drafts;
                plan.left = left;
            }
            Found::Sheets(sheets, left) => {
                plan.left = left;
                self.sheets(&mut plan, &sheets)?;
            }
        }
        match target {
            Some(volume) => {
                let source = checked.book.sources.file(volume.common.place.file);
                plan.name = source.name().to_string();
                let path = checked.folder.join(&plan.name);
                let old = std::fs::read_to_string(&path);
                let old = old.map_err(|error| {
                    Failure::stop(format!("cannot read `{}`: {error}", path.display()), None)
                })?;
                plan.old = Some(old);
                let there: BTreeSet<String> = volume.objections.iter().map(|one| fold(&one.title)).collect();
                let (known, new) =
                    plan.drafts.into_iter().partition(|draft| there.contains(&fold(&draft.title)));
                plan.drafts = new;
                let known: Vec<Draft> = known;
                let tell = |draft: &Draft| {
                    Left::at(&draft.place, format!("`{}` has it already", volume.id), &draft.title)
                };
                plan.known.extend(known.iter().map(tell));
            }
            None => plan.name = self.new_name(checked, &plan.language)?,
        }
        guess_categories(&mut plan);
        plan.left.sort_by(|a, b| a.place.cmp(&b.place));
        Ok(plan)
    }

    fn sheets(&self, plan: &mut Plan, sheets: &[exchange::Sheet]) -> Result<(), Stop> {
        let several = sheets.len() > 1;
        let mut wrong: Option<String> = None;
        let mut right = false;
        for sheet in sheets {
            let (columns, first) = match exchange::guess(sheet, &self.columns) {
                Ok(guessed) => guessed,
                Err(why) => {
                    wrong.get_or_insert(why);
                    continue;
                }
            };
            right = true;
            let has = |role| columns.iter().any(|column| column.role == Some(role));
            let named =
                sheet.name.as_ref().filter(|_| several).map(|name| format!("sheet `{}`: ", brief(name)));
            if !(has(Role::Title) || has(Role::Heard)) || !has(Role::Say) {
                let what = if has(Role::Say) { "objections" } else { "answers" };
                let why = format!(
                    "{}no column looks like {what}, so its {} were left out; name one with `--columns NAME={}`",
                    named.unwrap_or_default(),
                    counted(sheet.rows.len(), "row"),
                    if what == "answers" { "say" } else { "title" },
                );
                plan.left.push(Left { place: None, why, text: String::new() });
                continue;
            }
            let (drafts, left) = exchange::drafts(sheet, &columns, first, Some(plan.language.as_str()));
            plan.drafts.extend(drafts);
            plan.left.extend(left);
            plan.columns.push((sheet.name.clone().filter(|_| several), columns));
        }
        match wrong {
            Some(why) if !right => Err(Failure::stop(why, None)),
            _ => Ok(()),
        }
    }

    fn volume<'a>(&self, checked: &'a Checked, id: &str) -> Result<&'a Volume, Stop> {
        let wide = |volume: &&Volume| self.lang.as_ref().is_none_or(|lang| volume.language.in_range(lang));
        let all = || checked.book.volumes.iter().filter(wide);
        let fits: Vec<&Volume> = all().filter(|volume| volume.id.as_str() == id).collect();
        match fits[..] {
            [only] => Ok(only),
            [] => {
                let hint = did_you_mean(id, all().map(|volume| volume.id.as_str()));
                Err(Failure::stop(format!("there is no playbook or library `{}`", brief(id)), hint))
            }
            _ => {
                let languages: Vec<&str> = fits.iter().map(|volume| volume.language.as_str()).collect();
                let hint = format!("add `-l {}`", languages.join("` or `-l "));
                Err(Failure::stop(format!("`{}` is there in several languages", brief(id)), Some(hint)))
            }
        }
    }

    /// The name of a new file, relative to the book.
    fn new_name(&self, checked: &Checked, language: &Language) -> Result<String, Stop> {
        let folder = match checked.folder.join(language.as_str()).is_dir() {
            true => format!("{language}/"),
            false => String::new(),
        };
        let name = match &self.into {
            None => {
                let stem = self.file.file_stem().map(|stem| stem.to_string_lossy().into_owned());
                let stem = stem.filter(|stem| stem != "-").unwrap_or_else(|| "imported".into());
                format!("{folder}{}.yaml", slug(&stem))
            }
            Some(into) => inside(&checked.folder, into)?,
        };
        let path = checked.folder.join(&name);
        if path.symlink_metadata().is_ok() {
            let hint =
                "name a new file with `--into`, or add to what is there with `--playbook ID`".to_string();
            return Err(Failure::stop(format!("`{}` is there already", path.display()), Some(hint)));
        }
        Ok(name)
    }

    /// The new text of the file. Objections that `check` would find a fault with are taken out and told of.
    fn text(&self, ui: &Ui, checked: &Checked, plan: &mut Plan) -> Result<String, Stop> {
        let (base, taken) = self.base(checked, plan);
        for _ in 0..ROUNDS {
            if plan.drafts.is_empty() {
                return Ok(String::new());
            }
            let mut ids = taken.clone();
            let parts: Vec<Vec<Entry>> =
                plan.drafts.iter().map(|draft| exchange::entries(draft, &free(&mut ids, draft))).collect();
            let (text, begins) = append_all(&base, "objections", &parts)
                .map_err(|why| Failure::stop(format!("`{}` was not changed: {why}", plan.name), None))?;
            let after = with(ui, checked, &plan.name, &text)?;
            let mut bad: Vec<(usize, String)> = Vec::new();
            let errors = after.findings.iter().filter(|one| one.severity == Severity::Error);
            for error in errors.filter(|one| !checked.findings.contains(one)) {
                let line = error.span.start.line;
                let part = begins.partition_point(|begin| *begin <= line).checked_sub(1);
                match part.filter(|_| *error.file == *plan.name) {
                    Some(part) if begins.first() != begins.last() || begins.len() == 1 => {
                        bad.push((part, error.message.clone()));
                    }
                    // It was there before, only on another line.
                    _ if checked.findings.iter().any(|old| old.message == error.message) => {}
                    _ => {
                        let what = format!("nothing was written: {}", error.message);
                        return Err(Failure::stop(what, error.hint.clone()));
                    }
                }
            }
            if bad.is_empty() {
                return Ok(text);
            }
            bad.dedup_by_key(|(part, _)| *part);
            for (part, why) in bad.into_iter().rev() {
                let draft = plan.drafts.remove(part);
                plan.left.push(Left::at(&draft.place, why, &draft.title));
            }
            plan.left.sort_by(|a, b| a.place.cmp(&b.place));
        }
        Err(Failure::stop("nothing was written: too much in the list is faulty", None))
    }

    /// The file before anything is added, and the ids that are taken.
    fn base(&self, checked: &Checked, plan: &Plan) -> (String, BTreeSet<String>) {
        if let Some(old) = &plan.old {
            let mut taken = BTreeSet::new();
            macro_rules! take {
                ($volume:ident $($list:ident)*) => {$( taken.extend($volume.$list.iter().map(|part| part.id.to_string())); )*};
            }
            for volume in checked.book.volumes.iter().filter(|volume| volume.language == plan.language) {
                take!(volume stages questions objections closes signals competitors proofs outcomes metrics roles);
            }
            return (old.clone(), taken);
        }
        let stem =
            plan.name.rsplit('/').next().unwrap_or_default().rsplit_once('.').map_or("", |(stem, _)| stem);
        let wish = slug(stem);
        let there = |id: &str| {
            let volumes = &checked.book.volumes;
            volumes.iter().any(|volume| volume.id.as_str() == id && volume.language == plan.language)
        };
        let id = (1..).map(|number| if number == 1 { wish.clone() } else { format!("{wish}-{number}") });
        let id = id.into_iter().find(|id| !there(id)).unwrap_or_default();
        let text = |key, text: &str| Entry::Key(key, Written::Text(text.to_string()));
        let head =
            file(&[text("library", &id), text("title", stem), text("language", plan.language.as_str())]);
        (format!("{}\n{head}", project::schema_line(&plan.name, FileKind::Library)), BTreeSet::new())
    }

    /// The report for programs, or of nothing at all for people.
    fn tell(&self, ui: &mut Ui, plan: &Plan, path: Option<&Path>) -> Result<(), Stop> {
        if self.format == Format::Human {
            return ui.out(&plan.human());
        }
        let columns: Vec<_> =
            plan.columns.iter().map(|(sheet, columns)| json!({"sheet": sheet, "columns": columns})).collect();
        let added: Vec<_> = plan
            .drafts
            .iter()
            .map(|draft| json!({"place": draft.place, "title": draft.title, "category": draft.category, "guessed": draft.guessed, "answers": draft.responses.len()}))
            .collect();
        let json = json!({
            "version": 1, "file": plan.name, "written": path.is_some(), "language": plan.language, "notes": plan.notes,
            "sheets": columns, "added": added, "known": plan.known, "left": plan.left,
        });
        ui.out(&format!("{}\n", serde_json::to_string_pretty(&json).unwrap_or_default()))
    }
}

/// A path that somebody typed, relative to the book, with `/`.
fn inside(folder: &Path, into: &Path) -> Result<String, Stop> {
    let whole = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let inner = match whole(into).strip_prefix(whole(folder)) {
        Ok(inner) => inner.to_path_buf(),
        Err(_) if into.is_relative() => into.to_path_buf(),
        Err(_) => {
            let hint = format!("name a file in `{}`", folder.display());
            return Err(Failure::stop(format!("`{}` is not in the book", into.display()), Some(hint)));
        }
    };
    let parts: Vec<String> =
        inner.components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    let name = parts.join("/");
    let odd = parts.iter().any(|part| part.starts_with('.')) || name.is_empty();
    let yaml = name.to_lowercase();
    if odd || !(yaml.ends_with(".yaml") || yaml.ends_with(".yml")) {
        let hint = "write it as `--into en/objections.yaml`".to_string();
        return Err(Failure::stop(format!("`{}` cannot be a file of the book", into.display()), Some(hint)));
    }
    Ok(name)
}

/// An id that is not taken, and takes it.
fn free(taken: &mut BTreeSet<String>, draft: &Draft) -> String {
    let wish = draft.id.clone().unwrap_or_else(|| slug(&draft.title));
    let numbered = |number: usize| match number {
        1 => wish.clone(),
        number => format!("{}-{number}", &wish[..wish.len().min(56)]),
    };
    let mut number = 1;
    while !taken.insert(numbered(number)) {
        number += 1;
    }
    numbered(number)
}

/// The language that a list seems to be written in, as the book has it; the book's own where that is not clear.
fn written_in(checked: &Checked, found: &Found) -> Language {
    let seems = match found {
        Found::Book(_) => None,
        Found::Drafts(drafts, _) => exchange::tongue(drafts.iter().flat_map(|draft| {
            let said = draft.responses.iter().map(|response| response.say.as_str());
            said.chain([draft.title.as_str()]).chain(draft.utterances.iter().map(String::as_str))
        })),
        Found::Sheets(sheets, _) => {
            let rows = sheets.iter().flat_map(|sheet| &sheet.rows);
            exchange::tongue(rows.flat_map(|row| row.cells.iter().map(String::as_str)))
        }
    };
    let Some(seems) = seems else { return checked.book.language.clone() };
    // `en-GB` where the book has just that, but no Chinese in the signs of the other one.
    let family = |language: &&Language| {
        language.family() == seems.family() && language.is_simplified() == seems.is_simplified()
    };
    let mut there: Vec<&Language> =
        checked.book.volumes.iter().map(|volume| &volume.language).filter(family).collect();
    there.sort();
    there.dedup();
    match there[..] {
        [only] => only.clone(),
        _ => seems,
    }
}

fn guess_categories(plan: &mut Plan) {
    let mut lexicons: Option<Lexicons> = None;
    for draft in plan.drafts.iter_mut().filter(|draft| draft.category.is_none()) {
        let mut texts = vec![draft.title.as_str()];
        texts.extend(draft.utterances.iter().map(String::as_str).filter(|text| *text != draft.title));
        let lexicons = lexicons.get_or_insert_with(Lexicons::default);
        draft.category = lexicons.category(plan.language.family(), &texts);
        draft.guessed = draft.category.is_some();
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}

impl Plan {
    /// Whether all was taken over.
    fn done(&self) -> Result<(), Stop> {
        if self.left.is_empty() { Ok(()) } else { Err(Stop::Nothing) }
    }

    fn human(&self) -> String {
        let mut out = String::new();
        self.notes.iter().for_each(|note| out += &format!("note: {note}\n"));
        for (sheet, columns) in &self.columns {
            let of =
                sheet.as_ref().map(|sheet| format!(" of sheet `{}`", harmless(sheet))).unwrap_or_default();
            out += &format!("columns{of}:\n");
            for column in columns.iter().filter(|column| column.role.is_some() || !column.heading.is_empty())
            {
                let role = column.role.map_or("not taken over", Role::name);
                let heading = brief(&column.heading);
                let by = if column.role.is_some() && column.sure == Sure::Content {
                    "  (by what stands in it)"
                } else {
                    ""
                };
                out += &format!(
                    "  {:<3} {} = {role}{by}\n",
                    column.letters,
                    if heading.is_empty() { "(no heading)" } else { &heading }
                );
            }
        }
        let answers: usize = self.drafts.iter().map(|draft| draft.responses.len()).sum();
        let guessed = self.drafts.iter().filter(|draft| draft.guessed).count();
        let without = self.drafts.iter().filter(|draft| draft.category.is_none()).count();
        let new = if self.old.is_none() { " (a new file)" } else { "" };
        out += &format!(
            "{} with {}, in {}, for {}{new}\n",
            counted(self.drafts.len(), "objection"),
            counted(answers, "answer"),
            self.language,
            self.name
        );
        if guessed > 0 {
            out +=
                &format!("categories were guessed for {guessed} of them, and marked `x-guessed: category`\n");
        }
        if without > 0 {
            out += &format!("{without} of them {} no category\n", if without == 1 { "has" } else { "have" });
        }
        for (what, list) in [("there already", &self.known), ("not taken over", &self.left)] {
            if list.is_empty() {
                continue;
            }
            out += &format!("{what}:\n");
            for left in list.iter().take(TOLD) {
                let place = left.place.as_ref().map(|place| format!("{place}: ")).unwrap_or_default();
                let text =
                    if left.text.is_empty() { String::new() } else { format!(" (“{}”)", left.text) };
                out += &format!("  {}\n", harmless(&format!("{place}{}{text}", left.why)));
            }
            if list.len() > TOLD {
                out += &format!("  and {} more; `--format json` lists all of them\n", list.len() - TOLD);
            }
        }
        out
    }
}
