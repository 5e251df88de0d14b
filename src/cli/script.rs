//! `script`: the guided call script of a playbook, filled in.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::landed::FromCalls;
use super::ui::{Failure, Stop, Ui};
use crate::book::model::{ValueType, Variable, VolumeKind, parse_date};
use crate::book::{Book, brief};
use crate::diagnostic::{did_you_mean, nearest};
use crate::language::Language;
use crate::project;
use crate::render;
use crate::script::values::Given;
use crate::script::{Request, build};

/// The arguments of `script`.
#[derive(clap::Args)]
pub struct Args {
    /// The id of the playbook
    playbook: String,
    /// In which language, where the playbook has several [default: the book's]
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// Fill in a variable: --set prospect.first_name=Linh
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Fill in variables from a YAML or JSON file
    #[arg(long, value_name = "FILE")]
    vars: Vec<PathBuf>,
    /// In which format [default: terminal]
    #[arg(long, value_name = "FORMAT", default_value = "terminal")]
    format: Format,
    /// Write it to a file
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Fail when a required variable is missing
    #[arg(long)]
    strict: bool,
    /// Leave out what is internal to the team
    #[arg(long)]
    public: bool,
    #[command(flatten)]
    calls: FromCalls,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For reading in a terminal.
    Terminal,
    /// Markdown.
    Markdown,
    /// One self-contained file that prints well.
    Html,
    /// For programs.
    Json,
}

pub(super) fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_string(), value.to_string())),
        _ => Err("write NAME=VALUE, such as prospect.first_name=Linh".to_string()),
    }
}

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let checked = ui.load()?;
        ui.mention_errors(checked.errors());
        let volume = find_playbook(&checked.book, &self.playbook, self.lang.as_ref())?;
        let given = given(ui, &checked.book, volume, &self.vars, &self.set)?;
        let mut script = build(&checked.book, volume, &Request { given, public: self.public });
        // What calls say is internal to the team.
        if !self.public {
            let mut landed = self.calls.landed(ui, None);
            landed.follow(&checked.book);
            landed.show_in_script(&mut script);
        }
        let missing: Vec<&str> = script
            .missing
            .iter()
            .filter(|missing| missing.required)
            .map(|missing| missing.name.as_str())
            .collect();
        if self.strict && !missing.is_empty() {
            let sets: Vec<String> = missing.iter().map(|name| format!("--set {name}=…")).collect();
            let hint = format!("add {}", sets.join(" "));
            ui.failure(&Failure::new(format!("the script lacks {}", missing.join(", ")), Some(hint)));
            return Err(Stop::Nothing);
        }
        let format = match self.format {
            Format::Terminal => render::Format::Terminal,
            Format::Markdown => render::Format::Markdown,
            Format::Html => render::Format::Html,
            Format::Json => render::Format::Json,
        };
        let (columns, _) = ui.size();
        let text = render::script(&script, format, columns)?;
        match &self.output {
            Some(path) => {
                let text = match format {
                    render::Format::Terminal => anstream::adapter::strip_str(&text).to_string(),
                    _ => text,
                };
                project::write_file(path, text.as_bytes())?;
                ui.note(&format!("wrote {}", path.display()));
                Ok(())
            }
            // Colours are a matter of the terminal's; any other format goes out as it is.
            None => ui.out(&text),
        }
    }
}

/// The playbook that is meant, in the language that is wanted.
pub(super) fn find_playbook(book: &Book, wanted_id: &str, lang: Option<&Language>) -> Result<usize, Stop> {
    let named = |id: &str| -> Vec<usize> {
        let all = book.playbooks().filter(|(_, volume)| {
            volume.id.as_str() == id || volume.common.was.iter().any(|was| was.as_str() == id)
        });
        all.map(|(number, _)| number).collect()
    };
    let found = named(wanted_id);
    if found.is_empty() {
        let library = book
            .volumes
            .iter()
            .any(|volume| volume.kind == VolumeKind::Library && volume.id.as_str() == wanted_id);
        if library {
            let message = format!("`{}` is a library; only playbooks are led through", wanted_id);
            return Err(Failure::stop(message, None));
        }
        let ids: BTreeSet<&str> = book.playbooks().map(|(_, volume)| volume.id.as_str()).collect();
        let hint = did_you_mean(wanted_id, ids);
        return Err(Failure::stop(format!("no playbook is called `{}`", wanted_id), hint));
    }
    for wanted in lang.unwrap_or(&book.language).wider() {
        let fits = |number: &&usize| book.volumes[**number].language.in_range(&wanted);
        if let Some(number) = found.iter().find(fits) {
            return Ok(*number);
        }
    }
    match lang {
        None => Ok(found[0]),
        Some(lang) => {
            let there: Vec<&str> =
                found.iter().map(|number| book.volumes[*number].language.as_str()).collect();
            let message = format!("`{}` is not there in {lang}", wanted_id);
            Err(Failure::stop(message, Some(format!("use one of: {}", there.join(", ")))))
        }
    }
}

/// What the variables of a playbook are by what was given; what fits none is told of.
pub(super) fn given(
    ui: &mut Ui,
    book: &Book,
    volume: usize,
    vars: &[PathBuf],
    set: &[(String, String)],
) -> Result<BTreeMap<String, Given>, Stop> {
    let mut given = BTreeMap::new();
    for path in vars {
        read_vars(path, &mut given)?;
    }
    for (name, value) in set {
        given.insert(name.clone(), Given::Text(value.clone()));
    }
    let today = ui.today().to_string();
    given.entry("today".to_string()).or_insert(Given::Text(today));
    let known: Vec<&str> = book
        .variables(volume)
        .iter()
        .map(|variable| variable.name.as_str())
        .chain(["rep", "today"])
        .collect();
    for variable in book.variables(volume) {
        if let Some(Given::Text(value)) = given.get(&variable.name)
            && let Some(wanted) = misfit(variable, value)
        {
            let message = format!("`{}` should be {wanted}, but is `{}`", variable.name, brief(value));
            return Err(Failure::stop(message, None));
        }
    }
    for name in given.keys().filter(|name| !known.contains(&name.as_str())) {
        let hint = nearest(name, known.iter().copied()).map(|near| format!("; did you mean `{near}`?"));
        ui.warn(&format!("no variable is called `{name}`{}", hint.unwrap_or_default()));
    }
    Ok(given)
}

/// What a variable should be, where a value is something else.
pub(super) fn misfit(variable: &Variable, value: &str) -> Option<String> {
    let value = value.trim();
    let fits = value.is_empty()
        || match variable.of_type {
            ValueType::Number => value.parse::<f64>().is_ok_and(f64::is_finite),
            ValueType::Date => parse_date(value).is_some(),
            ValueType::Choice => {
                variable.options.is_empty() || variable.options.iter().any(|known| known == value)
            }
            ValueType::Text | ValueType::YesNo => true,
        };
    (!fits).then(|| match variable.of_type {
        ValueType::Number => "a number".to_string(),
        ValueType::Date => "a date such as 2027-01-31".to_string(),
        _ => format!("one of {}", variable.options.join(", ")),
    })
}

/// Reads variables from a YAML or JSON file: nested names become dotted ones.
fn read_vars(path: &Path, given: &mut BTreeMap<String, Given>) -> Result<(), Stop> {
    let shown = path.display();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::stop(format!("cannot read `{shown}`: {error}"), None))?;
    let (_, trouble) = crate::book::spans::Spans::read(&text);
    if trouble.iter().any(|trouble| matches!(trouble, crate::book::spans::Trouble::Bomb(_))) {
        return Err(Failure::stop(format!("`{shown}` unfolds to far too much"), None));
    }
    let mut value: serde_yaml::Value =
        serde_yaml::from_str(text.trim_start_matches('\u{FEFF}')).map_err(|error| {
            Failure::stop(
                format!("`{shown}` cannot be read: {error}"),
                Some("write lines of `name: value`".into()),
            )
        })?;
    let _ = value.apply_merge();
    if value.is_null() {
        return Ok(());
    }
    if !value.is_mapping() {
        return Err(Failure::stop(
            format!("`{shown}` holds no variables"),
            Some("write lines of `name: value`".into()),
        ));
    }
    flatten("", &value, given);
    Ok(())
}

fn flatten(prefix: &str, value: &serde_yaml::Value, given: &mut BTreeMap<String, Given>) {
    use serde_yaml::Value;
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(truth) => Some(truth.to_string()),
        _ => None,
    };
    match value {
        Value::Mapping(map) => {
            for (key, value) in map {
                if let Some(key) = plain(key) {
                    let name = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
                    flatten(&name, value, given);
                }
            }
        }
        Value::Sequence(items) => {
            given.insert(prefix.to_string(), Given::List(items.iter().filter_map(plain).collect()));
        }
        other => {
            if let Some(text) = plain(other) {
                given.insert(prefix.to_string(), Given::Text(text));
            }
        }
    }
}
