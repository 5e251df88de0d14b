//! The starter book holds what it promises: every language, every category, every technique.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::sync::LazyLock;

use callbook::book::Book;
use callbook::book::model::{Answer, ObjectionKind, Volume};
use callbook::book::schema::{FileKind, json_schema};
use callbook::card::cards;
use callbook::lint::RULES;
use callbook::project::STARTER;
use callbook::search::{Filters, Lexicons, SearchIndex};
use serde_json::Value;

use crate::support::{TODAY, checked_on, faults, listed, root, starter, walk};

const LANGUAGES: [&str; 4] = ["en", "vi", "zh-Hant", "ms"];

static BOOK: LazyLock<Book> = LazyLock::new(|| checked_on(starter(), TODAY).0);

fn volume(id: &str, language: &str) -> &'static Volume {
    let found = |volume: &&Volume| volume.id.as_str() == id && volume.language.as_str() == language;
    BOOK.volumes.iter().find(found).unwrap_or_else(|| panic!("no `{id}` in {language}"))
}

#[test]
fn the_embedded_book_is_the_folder() {
    let folder = root().join("playbooks");
    let names: Vec<&str> = STARTER.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, walk(&folder), "STARTER lists the files of playbooks/, sorted");
    for (name, text) in STARTER {
        assert!(*text == fs::read_to_string(folder.join(name)).expect("a file"), "{name} differs");
    }
}

#[test]
fn it_has_no_fault_today_nor_later() {
    for today in [TODAY, "2028-01-01"] {
        let (_, findings) = checked_on(starter(), today);
        assert_eq!(faults(&findings), [""; 0], "on {today}:\n{}", listed(&findings));
    }
    // The rules do look at dates: a day comes on which they have something to say.
    let (_, late) = checked_on(starter(), "2040-01-01");
    let codes: BTreeSet<&str> = late.iter().map(|finding| finding.code).collect();
    for code in ["expired-proof", "past-scarcity", "review-due"] {
        assert!(RULES.iter().any(|rule| rule.id == code) && codes.contains(code), "{code}: {codes:?}");
    }
}

#[test]
fn every_language_has_its_volumes() {
    let there: BTreeSet<String> =
        BOOK.volumes.iter().map(|volume| format!("{}/{}", volume.language, volume.id)).collect();
    let mut wanted = BTreeSet::new();
    for language in LANGUAGES {
        for id in ["core-objections", "core-closes", "saas-outbound"] {
            wanted.insert(format!("{language}/{id}"));
        }
    }
    for (language, id) in [
        ("en", "saas-inbound"),
        ("vi", "nam-buoc"),
        ("vi", "pheu-ban-hang"),
        ("zh-Hant", "six-phases"),
        ("zh-Hant", "seven-steps"),
        ("ms", "tujuh-langkah"),
    ] {
        wanted.insert(format!("{language}/{id}"));
    }
    assert_eq!(there, wanted);
    // The same playbook in four languages: the translations find one another, with the same stages.
    let (number, english) = BOOK
        .playbooks()
        .find(|(_, volume)| volume.id.as_str() == "saas-outbound" && volume.language.as_str() == "en")
        .expect("the English one");
    let others: BTreeSet<&str> =
        BOOK.translations(number).map(|(_, volume)| volume.language.as_str()).chain(["en"]).collect();
    assert_eq!(others, LANGUAGES.into());
    let stages = |volume: &Volume| volume.stages.iter().map(|stage| stage.id.to_string()).collect::<Vec<_>>();
    for language in LANGUAGES {
        assert_eq!(stages(volume("saas-outbound", language)), stages(english), "{language}");
    }
    // The steps of the source texts.
    for (language, id, steps) in [
        ("vi", "nam-buoc", 5),
        ("zh-Hant", "six-phases", 6),
        ("zh-Hant", "seven-steps", 7),
        ("ms", "tujuh-langkah", 7),
    ] {
        assert!(volume(id, language).stages.len() >= steps, "{id} has fewer than {steps} stages");
    }
}

#[test]
fn objections_are_many_and_of_every_sort() {
    let categories = [
        "price",
        "value",
        "need",
        "timing",
        "authority",
        "trust",
        "competitor",
        "status-quo",
        "fit",
        "risk",
        "effort",
        "terms",
        "deflection",
        "past-experience",
    ];
    let kinds = [
        ObjectionKind::Question,
        ObjectionKind::BrushOff,
        ObjectionKind::Smokescreen,
        ObjectionKind::Objection,
        ObjectionKind::Condition,
    ];
    for language in LANGUAGES {
        let objections = &volume("core-objections", language).objections;
        let least = if language == "en" { 45 } else { 30 };
        assert!(objections.len() >= least, "{language}: {} objections", objections.len());
        for category in categories {
            let has = objections.iter().any(|objection| objection.category.as_deref() == Some(category));
            assert!(has, "{language}: no objection of category {category}");
        }
        for kind in kinds {
            assert!(
                objections.iter().any(|objection| objection.kind == kind),
                "{language}: none is {kind:?}"
            );
        }
        for objection in objections {
            let id = format!("{language}/{}", objection.id);
            let said: BTreeSet<&str> = objection.utterances.iter().map(String::as_str).collect();
            assert!(said.len() >= 6, "{id}: {} different utterances", said.len());
            let whole = |response: &&callbook::book::model::Response| {
                let answers = match &response.answer {
                    Answer::Say(say) => !say.source().is_empty(),
                    Answer::Steps(steps) => steps.len() > 1,
                };
                response.bridge.is_some() && response.ask.is_some() && answers
            };
            let responses = objection.responses.iter().filter(whole).count();
            assert!(responses >= 2, "{id}: {responses} responses with bridge, answer and question");
            assert!(objection.why.is_some() && objection.code.is_some(), "{id}: why and code");
        }
        // What is the same card in two languages has the same code and sort.
        for english in &volume("core-objections", "en").objections {
            if let Some(other) = objections.iter().find(|objection| objection.id == english.id) {
                let sort =
                    |o: &callbook::book::model::Objection| (o.code.clone(), o.kind, o.category.clone());
                assert_eq!(sort(other), sort(english), "{language}/{}", english.id);
            }
        }
    }
}

#[test]
fn every_closing_technique_is_there() {
    let techniques = [
        "direct",
        "assumptive",
        "alternative-choice",
        "summary",
        "balance-sheet",
        "minor-point",
        "trial",
        "concession",
        "puppy-dog",
        "takeaway",
        "sharp-angle",
        "standing-room-only",
        "now-or-never",
        "adjournment",
        "question",
        "next-step",
        "opportunity",
        "pressure",
        "letting-go",
        "life-experience",
        "economic-calculation",
        "retreat-to-advance",
    ];
    for language in LANGUAGES {
        let library = volume("core-closes", language);
        for technique in techniques {
            let close = library.closes.iter().find(|close| close.technique.as_deref() == Some(technique));
            let close = close.unwrap_or_else(|| panic!("{language}: no close is {technique}"));
            assert!(!close.signals.is_empty(), "{language}/{}: no signals", close.id);
            assert!(close.if_yes.is_some() && close.if_no.is_some(), "{language}/{}: yes and no", close.id);
        }
        for scarce in ["standing-room-only", "now-or-never", "opportunity"] {
            let close = library.closes.iter().find(|close| close.technique.as_deref() == Some(scarce));
            assert!(
                close.is_some_and(|close| close.fact.is_some() && close.true_until.is_some()),
                "{scarce}"
            );
        }
        assert!(library.metrics.iter().filter(|metric| metric.target.is_some()).count() >= 5, "{language}");
        let results: BTreeSet<&str> =
            library.outcomes.iter().map(|outcome| outcome.result.as_str()).collect();
        assert_eq!(results.len(), 5, "{language}: outcomes of every result: {results:?}");
        let core = volume("core-objections", language);
        assert!(core.signals.len() >= 8, "{language}: {} buying signals", core.signals.len());
        for signal in &core.signals {
            assert!(signal.utterances.len() >= 3 && signal.go.is_some(), "{language}/{}", signal.id);
        }
        for (what, count) in [("competitors", core.competitors.len()), ("proofs", core.proofs.len())] {
            assert!(count >= 3, "{language}: {count} {what}");
        }
    }
}

#[test]
fn playbooks_lead_from_step_to_step() {
    for (_, playbook) in BOOK.playbooks() {
        let name = format!("{}/{}", playbook.language, playbook.id);
        assert!(playbook.summary.is_some() && playbook.method.is_some(), "{name}: summary and method");
        assert!(
            !playbook.frameworks.is_empty() && !playbook.roles.is_empty(),
            "{name}: frameworks and roles"
        );
        assert!(
            playbook.metrics.iter().any(|metric| metric.target.is_some()),
            "{name}: a metric with a target"
        );
        assert!(playbook.lookups.len() >= 5, "{name}: {} lookups", playbook.lookups.len());
        let truth = playbook.stages.iter().any(|stage| stage.moment_of_truth);
        assert!(truth || playbook.id.as_str() != "saas-outbound", "{name}: a moment of truth");
        for stage in &playbook.stages {
            let name = format!("{name}/{}", stage.id);
            assert!(stage.goal.is_some() && stage.buyer_stage.is_some(), "{name}: goal and buyer's stage");
            assert!(stage.script.len() >= 3, "{name}: {} lines of script", stage.script.len());
            assert!(stage.exit.iter().any(|exit| exit.because.is_some()), "{name}: an exit with its reason");
            let dial = stage.objections.len();
            assert!((1..=9).contains(&dial), "{name}: {dial} objections on the speed dial");
        }
        let branches =
            playbook.stages.iter().flat_map(|stage| &stage.next).filter(|next| next.when.is_some());
        assert!(branches.count() > 0, "{name}: a branch with a condition");
    }
}

/// Every lookup that the book itself demands, in every language, by the thresholds of the brief.
#[test]
fn lookups_are_found() {
    let index = SearchIndex::in_memory(&cards(&BOOK), &Lexicons::new(&[])).expect("an index");
    let mut tally: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut missed = Vec::new();
    for volume in &BOOK.volumes {
        let filters = Filters { languages: vec![volume.language.clone()], ..Filters::default() };
        for lookup in &volume.lookups {
            let found = index.find(&lookup.heard, &filters, 3).expect("an answer");
            let ids: Vec<&str> = found.hits.iter().map(|hit| hit.card.id.as_str()).collect();
            let rank = ids.iter().position(|id| *id == lookup.finds.as_str());
            let counts = tally.entry(volume.language.as_str()).or_default();
            counts[0] += 1;
            counts[1] += usize::from(rank == Some(0));
            counts[2] += usize::from(rank.is_some());
            if rank != Some(0) {
                missed
                    .push(format!("{}: “{}” → {ids:?}, not {}", volume.language, lookup.heard, lookup.finds));
            }
        }
    }
    assert_eq!(tally.len(), LANGUAGES.len());
    for (language, [all, first, three]) in tally {
        assert!(all >= 20, "{language}: only {all} lookups");
        let (first, three) = (first as f64 / all as f64, three as f64 / all as f64);
        assert!(
            first >= 0.85 && three >= 0.97,
            "{language}: {first:.3} first, {three:.3} among three, of {all}\n{}",
            missed.join("\n")
        );
    }
    // And none of them is an utterance already: that would test nothing.
    for volume in &BOOK.volumes {
        for lookup in &volume.lookups {
            let known = BOOK.volumes.iter().flat_map(|volume| &volume.objections);
            let same = |text: &String| text.trim().to_lowercase() == lookup.heard.trim().to_lowercase();
            let indexed = known.flat_map(|objection| &objection.utterances).any(same);
            assert!(!indexed, "{}: “{}” is an utterance itself", volume.language, lookup.heard);
        }
    }
}

/// Keys that any part may carry: they count once, wherever they are used.
const COMMON: [&str; 6] = ["visibility", "meta", "was", "tags", "code", "avoid"];

/// Every key of the format, as `Type.key`, and those that a value uses.
struct Keys<'a> {
    root: &'a Value,
    known: BTreeSet<String>,
    used: BTreeSet<String>,
}

impl<'a> Keys<'a> {
    fn of(root: &'a Value) -> Self {
        let mut keys = Keys { root, known: BTreeSet::new(), used: BTreeSet::new() };
        keys.list(root, "File");
        keys
    }

    /// The schema behind a `$ref`, and the name of its type.
    fn follow(&self, schema: &'a Value, owner: &str) -> (&'a Value, String) {
        match schema.get("$ref").and_then(Value::as_str) {
            Some(target) => {
                let found = self.root.pointer(target.trim_start_matches('#')).expect("a definition");
                (found, target.rsplit('/').next().unwrap_or(owner).to_string())
            }
            None => (schema, owner.to_string()),
        }
    }

    /// What a schema may be: itself, or its branches.
    fn branches(&self, schema: &'a Value, owner: &str) -> Vec<(&'a Value, String)> {
        let (schema, name) = self.follow(schema, owner);
        let parts = ["anyOf", "oneOf"].into_iter().find_map(|key| schema.get(key)?.as_array());
        match parts {
            Some(parts) if schema.get("properties").is_none() => {
                parts.iter().flat_map(|part| self.branches(part, &name)).collect()
            }
            _ => vec![(schema, name)],
        }
    }

    fn name(owner: &str, key: &str) -> String {
        let owner = if COMMON.contains(&key) { "any" } else { owner };
        format!("{owner}.{key}")
    }

    fn list(&mut self, schema: &'a Value, owner: &str) {
        for (schema, name) in self.branches(schema, owner) {
            for (key, inner) in schema.get("properties").and_then(Value::as_object).into_iter().flatten() {
                if self.known.insert(Self::name(&name, key)) {
                    self.list(inner, &name);
                }
            }
            if let Some(items) = schema.get("items") {
                self.list(items, &name);
            }
        }
    }

    fn walk(&mut self, schema: &'a Value, owner: &str, value: &Value) {
        for (schema, name) in self.branches(schema, owner) {
            match value {
                Value::Object(map) => {
                    let Some(properties) = schema.get("properties") else { continue };
                    for (key, value) in map {
                        if key.starts_with("x-") {
                            self.used.insert("x-".into());
                        } else if let Some(inner) = properties.get(key) {
                            self.used.insert(Self::name(&name, key));
                            self.walk(inner, &name, value);
                        }
                    }
                }
                Value::Array(items) => {
                    let Some(inner) = schema.get("items") else { continue };
                    items.iter().for_each(|item| self.walk(inner, &name, item));
                }
                _ => {}
            }
        }
    }
}

/// The English half of the starter shows every key of the format at least once.
#[test]
fn english_uses_every_key() {
    let (playbook, library) = (json_schema(FileKind::Playbook), json_schema(FileKind::Library));
    let (mut playbooks, mut libraries) = (Keys::of(&playbook), Keys::of(&library));
    for (name, text) in STARTER.iter().filter(|(name, _)| name.starts_with("en/")) {
        let value: serde_yaml::Value = serde_yaml::from_str(text).expect("YAML");
        let value = serde_json::to_value(value).expect("plain values");
        let keys = if value.get("playbook").is_some() { &mut playbooks } else { &mut libraries };
        let root = keys.root;
        keys.walk(root, "File", &value);
        assert!(keys.used.len() > 10, "{name}: the walk finds {:?}", keys.used);
    }
    let known: BTreeSet<&String> = playbooks.known.iter().chain(&libraries.known).collect();
    let used: BTreeSet<&String> = playbooks.used.iter().chain(&libraries.used).collect();
    assert!(known.len() > 120, "the walk over the schema finds only {} keys", known.len());
    assert!(
        known.iter().any(|key| *key == "Step.wait") && known.iter().any(|key| *key == "Reasoned.because")
    );
    let unused: Vec<_> = known.difference(&used).collect();
    assert!(unused.is_empty(), "no English file uses {unused:?}");
    assert!(used.iter().any(|key| *key == "x-"), "nor a key of one's own");
}
