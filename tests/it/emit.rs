//! What is read can be written, and reads the same again: a program that writes playbooks (an
//! import, an editor) loses nothing, whatever people put into them.

use std::collections::BTreeMap;

use callbook::book::raw::{self, Text};
use callbook::book::{AnyFile, read_one};
use callbook::diagnostic::Diagnostic;
use proptest::prelude::*;
use serde::Serialize;

use crate::support::{BOOK, cases, checked_on, file, starter};

/// Findings without their places.
fn told(findings: &[Diagnostic]) -> Vec<String> {
    let mut out: Vec<String> =
        findings.iter().map(|finding| format!("{}: {}", finding.code, finding.message)).collect();
    out.sort();
    out
}

/// Reads one file and everything that a book of it alone is told of.
fn read(name: &str, text: &str) -> (Option<AnyFile>, Vec<String>) {
    let (raw, _) = read_one(file(name, text));
    let (_, findings) = checked_on(vec![file("book.yaml", BOOK), file(name, text)], crate::support::TODAY);
    (raw, told(&findings))
}

fn yaml(raw: &impl Serialize) -> String {
    serde_yaml::to_string(raw).expect("YAML")
}

/// JSON is YAML, too, with quotes around everything.
fn json(raw: &impl Serialize) -> String {
    serde_json::to_string_pretty(raw).expect("JSON")
}

#[test]
fn every_starter_file_comes_back() {
    let mut again = Vec::new();
    for input in starter() {
        let (raw, findings) = read_one(input.clone());
        let raw = raw.unwrap_or_else(|| panic!("{} cannot be read", input.name));
        for text in [yaml(&raw), json(&raw)] {
            let (second, more) = read_one(file(&input.name, text));
            assert!(second.as_ref() == Some(&raw), "{} is not the same again", input.name);
            assert_eq!(told(&more), told(&findings), "{}", input.name);
        }
        again.push(file(&input.name, yaml(&raw)));
    }
    // And as a whole: the same book, the same remarks.
    let (first, remarks) = checked_on(starter(), crate::support::TODAY);
    let (second, more) = checked_on(again, crate::support::TODAY);
    assert_eq!(told(&more), told(&remarks));
    let cards = |book| {
        let mut cards = callbook::card::cards(book);
        cards.iter_mut().for_each(|card| card.line = 0);
        cards
    };
    assert_eq!(cards(&second), cards(&first));
}

/// The other kinds of file, and the odd corners of each.
#[test]
fn every_kind_of_file_comes_back() {
    for (name, text) in [
        (
            "book.yaml",
            "title: 1.10\nlanguage: en\nvariables: {company: no, size: 007}\nlookup: {recall_at_1: 0.85}\nx-a: {b: [1, 1.0, ~, 'no']}\n",
        ),
        ("a.yaml", "lexicon: en\ngroups:\n  - {id: price, expressions: [20%, 'no', off, '#1']}\n"),
        (
            "a.yaml",
            "library: a\nlanguage: en\nmeta: {verified: 2026-01-01, x-why: because}\nwas: [b]\nvisibility: internal\n",
        ),
        (
            "a.yaml",
            "playbook: a\ntitle: T\nlanguage: en\nframeworks: [bant, {id: trio, dimensions: [{id: who}]}]\nstages:\n  - {title: T, next: [a, {when: W, go: b}], entry: [plain, {that: T, because: B}]}\n  - {title: U, next: a, minutes: 2.5, script: [{ask: {ask: Q?, options: [no, {answer: yes, go: a}]}}]}\n",
        ),
    ] {
        let (raw, findings) = read(name, text);
        let raw = raw.unwrap_or_else(|| panic!("{name}: {text}"));
        for text in [yaml(&raw), json(&raw)] {
            assert_eq!(read(name, &text), (Some(raw.clone()), findings.clone()), "{text}");
        }
    }
}

/// A text that people might write, and a little more.
fn text() -> impl Strategy<Value = Text> {
    let nasty = prop::sample::select(vec![
        "no",
        "Yes",
        "off",
        "~",
        "null",
        "true",
        "20%",
        "12:30",
        "1.10",
        "1e3",
        "007",
        "0x1F",
        ".inf",
        "2026-01-01",
        "-",
        "- a",
        "a: b",
        "a:",
        ": a",
        "# a",
        "a # b",
        "'",
        "\"",
        "''",
        "\\n",
        "a\nb",
        "a\n\nb\n",
        "\na",
        " a",
        "  a\n b",
        "a ",
        "a\n  b\n ",
        "\ta",
        "a\tb",
        "a\r\nb",
        "{a}",
        "{{ rep }}",
        "{{ nobody }}",
        "{% if",
        "[a]",
        "]",
        "&a",
        "*a",
        "!a",
        "%a",
        "@a",
        "`a`",
        "|",
        ">",
        "? a",
        "?",
        "<<",
        "=",
        "---",
        "...",
        "--- a",
        "a\n---\nb",
        "太貴了",
        "đắt quá",
        "a\u{a0}b",
        "\u{a0}a\u{2003}",
        "a\u{2028}b",
        "a\u{200d}b",
        "👩\u{200d}💻",
        "e\u{301}",
        "\u{3000}a",
        "**x** <b>",
        "[x](y.md)",
        "x\\",
        "x\\ y",
        "\u{10ffff}",
        "a\u{ad}b",
    ]);
    let wild = "\\PC{1,12}";
    let lines = prop::collection::vec("[ \\t]{0,3}[a-z#:'\"&*-]{0,6}[ ]{0,2}", 1..4)
        .prop_map(|lines| lines.join("\n"));
    let long = "[a-z ]{100,200}";
    prop_oneof![4 => nasty.prop_map(String::from), 2 => wild, 2 => lines, 1 => long]
        .prop_filter("is shown", |text| {
            let hidden = |c: char| {
                (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
                    || matches!(c, '\u{202A}'..='\u{202E}' | '\u{FEFF}' | '\u{E000}'..='\u{E003}')
            };
            !text.trim().is_empty() && !text.contains(hidden)
        })
        .prop_map(Text)
}

/// Keys stand on one line; to YAML the separators of Unicode end one, too.
fn key() -> impl Strategy<Value = String> {
    text()
        .prop_map(|text| text.0.replace(['\n', '\r', '\t', '\u{2028}', '\u{2029}', '\u{85}'], " "))
        .prop_filter("is no merge", |key| key != "<<")
}

fn free() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::Value;
    let leaf = prop_oneof![
        text().prop_map(|text| Value::from(text.0)),
        any::<i64>().prop_map(Value::from),
        (-1000..1000i32).prop_map(|n| Value::from(f64::from(n) / 8.0)),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(key(), inner, 0..3)
                .prop_map(|map| Value::from(map.into_iter().collect::<serde_json::Map<_, _>>())),
        ]
    })
}

fn common() -> impl Strategy<Value = raw::Common> {
    let extra = prop::collection::btree_map("x-[a-z]{1,4}", free(), 0..2);
    let visibility =
        prop::option::of(prop::sample::select(vec![raw::Visibility::Public, raw::Visibility::Internal]));
    let meta =
        prop::option::of((prop::option::of(text()), any::<bool>()).prop_map(|(owner, dated)| raw::Meta {
            owner,
            verified: dated.then(|| raw::Date("2026-11-01".into())),
            review_every: dated.then(|| raw::Duration("3w".into())),
            ..raw::Meta::default()
        }));
    (extra, visibility, meta).prop_map(|(extra, visibility, meta)| raw::Common {
        visibility,
        meta,
        was: Vec::new(),
        extra,
    })
}

fn response() -> impl Strategy<Value = raw::Response> {
    let steps = prop::collection::vec((text(), any::<bool>(), common()), 1..3);
    (prop::option::of(text()), text(), prop::option::of(steps), prop::option::of(text()), common()).prop_map(
        |(technique, say, steps, bridge, common)| raw::Response {
            id: None,
            technique,
            when: None,
            bridge,
            say: steps.is_none().then_some(say),
            steps: steps
                .unwrap_or_default()
                .into_iter()
                .map(|(say, wait, common)| raw::Step { step: None, say, wait, common })
                .collect(),
            ask: None,
            proof: Vec::new(),
            avoid: Vec::new(),
            if_resists: Some(raw::Reference("accept".into())),
            next: None,
            common,
        },
    )
}

fn objection() -> impl Strategy<Value = raw::Objection> {
    let tags = prop::collection::btree_map(key(), prop::collection::vec(text(), 0..3), 0..3);
    let utterances = prop::collection::vec(text(), 0..4);
    let responses = prop::collection::vec(response(), 1..3);
    (text(), prop::option::of(text()), utterances, tags, responses, common()).prop_map(
        |(title, category, utterances, tags, responses, common)| raw::Objection {
            id: None,
            code: None,
            title,
            kind: Some(raw::ObjectionKind::BrushOff),
            category,
            why: None,
            utterances,
            tags,
            prevent: Vec::new(),
            limit: Some(2),
            escalate: None,
            examples: Vec::new(),
            responses,
            common,
        },
    )
}

fn stage() -> impl Strategy<Value = raw::Stage> {
    let criterion = prop_oneof![
        text().prop_map(raw::Criterion::Plain),
        (text(), text(), common()).prop_map(|(that, because, common)| {
            raw::Criterion::Reasoned(Box::new(raw::Reasoned { that, because: Some(because), common }))
        }),
    ];
    let line = (0..4u8, text(), common()).prop_map(|(kind, text, common)| {
        let only = |this: u8| (kind == this).then(|| text.clone());
        raw::Line { say: only(0), verbatim: only(1), ask: only(2).map(raw::Ask::Text), note: only(3), common }
    });
    let script = prop::collection::vec(line, 0..4);
    (
        text(),
        prop::option::of(text()),
        prop::collection::vec(criterion, 0..3),
        script,
        any::<bool>(),
        0..100u8,
    )
        .prop_map(|(title, goal, entry, script, moment_of_truth, minutes)| raw::Stage {
            id: None,
            title,
            goal,
            buyer_stage: None,
            moment_of_truth,
            role: None,
            minutes: Some(f64::from(minutes) / 4.0),
            entry,
            checklist: Vec::new(),
            script,
            exit: Vec::new(),
            objections: Vec::new(),
            closes: Vec::new(),
            materials: Vec::new(),
            outputs: Vec::new(),
            disqualify: Vec::new(),
            follow_up: Vec::new(),
            next: None,
            common: raw::Common::default(),
        })
}

fn playbook() -> impl Strategy<Value = raw::PlaybookFile> {
    let short = prop::collection::btree_map("[a-z]{1,6}(\\.[a-z_]{1,6})?", text(), 0..3);
    let variables =
        prop::option::of(short.prop_map(|map: BTreeMap<String, Text>| raw::Variables::Short(map)));
    let objections = prop::collection::vec(objection(), 0..3);
    let stages = prop::collection::vec(stage(), 0..3);
    (text(), prop::option::of(text()), variables, objections, stages, common()).prop_map(
        |(title, summary, variables, objections, stages, common)| raw::PlaybookFile {
            playbook: raw::Id("demo".into()),
            title,
            language: raw::LanguageTag("en".into()),
            stages,
            anytime: Vec::new(),
            shared: raw::Shared { summary, variables, objections, common, ..raw::Shared::default() },
        },
    )
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn any_playbook_comes_back(playbook in playbook()) {
        let written = yaml(&playbook);
        let whole = Some(AnyFile::Playbook(Box::new(playbook)));
        let (first, findings) = read("demo.yaml", &written);
        prop_assert!(first == whole, "not the same again:\n{}\n{:?}", written, findings);
        // Written with quotes everywhere, it reads the same and is told the same.
        let quoted = json(&whole);
        let (second, more) = read("demo.yaml", &quoted);
        prop_assert!(second == whole, "not the same again:\n{}\n{:?}", quoted, more);
        prop_assert_eq!(findings, more);
    }
}
