//! Which playbook, in which language, and what its variables are: the arguments of the commands that
//! lead through one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::ui::{Failure, Stop, Ui};
use crate::book::model::{ValueType, Variable, VolumeKind, parse_date};
use crate::book::{Book, brief};
use crate::diagnostic::{did_you_mean, nearest};
use crate::language::Language;
use crate::script::values::Given;

/// In which language, and what is filled in.
#[derive(clap::Args)]
pub struct Fill {
    /// In which language, where the playbook has several [default: the book's]
    #[arg(short, long, value_name = "LANG", value_parser = Language::parse)]
    lang: Option<Language>,
    /// Fill in a variable: --set prospect.first_name=Linh
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair)]
    set: Vec<(String, String)>,
    /// Fill in variables from a YAML or JSON file
    #[arg(long, value_name = "FILE")]
    vars: Vec<PathBuf>,
}

fn pair(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_string(), value.to_string())),
        _ => Err("write NAME=VALUE, such as prospect.first_name=Linh".to_string()),
    }
}

impl Fill {
    /// The playbook that is meant, in the language that is wanted.
    pub fn playbook(&self, book: &Book, id: &str) -> Result<usize, Stop> {
        find_playbook(book, id, self.lang.as_ref())
    }

    /// What the variables of a playbook are by what was given; what fits none is told of.
    pub fn given(&self, ui: &mut Ui, book: &Book, volume: usize) -> Result<BTreeMap<String, Given>, Stop> {
        let mut given = BTreeMap::new();
        for path in &self.vars {
            read_vars(path, &mut given)?;
        }
        for (name, value) in &self.set {
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
