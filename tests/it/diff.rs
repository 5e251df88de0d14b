//! What changed between two books, in a trainer's words.

use callbook::book;
use callbook::diff::{diff, human, markdown};

use crate::support::{file, files, loaded, starter};

const OLD: &str = "playbook: demo\ntitle: Demo\nlanguage: en\nuses: [core]\nstages:\n  - id: open\n    title: Opening\n    script:\n      - say: Hello there, my friend\n      - ask: budget\n      - note: smile\n    next:\n      - {when: They are busy, go: too-dear}\n      - lost\nquestions:\n  - {id: budget, ask: What is set aside for it?}\nobjections:\n  - id: too-dear\n    title: Too dear\n    category: price\n    utterances: [that is too much for us, no money]\n    responses:\n      - {id: isolate, say: Compared with what?, next: open}\n      - {id: split, steps: [{step: explore, say: How much is it?}]}\noutcomes: [{id: lost, title: Lost, result: lost}]\n";
const CORE: &str =
    "library: core\nlanguage: en\nproofs: [{id: hours, claim: Six hours, source: us, date: 2026-01-01}]\n";

/// Each change as a line, headings and the count left out, between the demo and the demo with words
/// replaced.
#[track_caller]
fn check(replace: &[(&str, &str)], expected: &[&str]) {
    let mut new = OLD.to_string();
    for (from, to) in replace {
        assert!(new.contains(from), "{from}");
        new = new.replacen(from, to, 1);
    }
    compare(
        &[("demo.yaml", OLD), ("core.yaml", CORE)],
        &[("demo.yaml", &new), ("core.yaml", CORE)],
        expected,
    );
}

#[track_caller]
fn compare(old: &[(&str, &str)], new: &[(&str, &str)], expected: &[&str]) {
    let (old, faults) = loaded(old);
    assert!(faults.iter().all(|one| one.code != "yaml-broken"), "{faults:#?}");
    let (new, _) = loaded(new);
    let text = human(&diff(&old, &new), "HEAD");
    let lines: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    assert_eq!(lines, expected, "{text}");
}

#[test]
fn words_and_parts() {
    check(&[], &[]);
    check(
        &[("Compared with what?", "Compared to what?")],
        &[
            "objection too-dear: response `isolate`: say reworded",
            "  - Compared with what?",
            "  + Compared to what?",
        ],
    );
    check(
        &[("How much is it?", "How much is that?"), ("category: price", "category: value")],
        &[
            "objection too-dear: category changed from price to value",
            "objection too-dear: response `split`: step: say reworded",
            "  - How much is it?",
            "  + How much is that?",
        ],
    );
    check(
        &[("no money", "no budget at all"), ("that is too much for us", "that is too much for me")],
        &[
            "objection too-dear: utterances reworded",
            "  - that is too much for us",
            "  + that is too much for me",
            "objection too-dear: utterances added",
            "  + no budget at all",
            "objection too-dear: utterances removed",
            "  - no money",
        ],
    );
    check(
        &[("      - ask: budget\n", ""), ("Hello there, my friend", "Hello there, my good friend")],
        &[
            "stage open: line reworded",
            "  - Hello there, my friend",
            "  + Hello there, my good friend",
            "stage open: question `budget` removed",
        ],
    );
    check(
        &[(
            "      - {when: They are busy, go: too-dear}\n      - lost",
            "      - lost\n      - {when: They are in a hurry, go: lost}",
        )],
        &[
            "stage open: branch: when reworded",
            "  - They are busy",
            "  + They are in a hurry",
            "stage open: branch: go changed from too-dear to lost",
            "stage open: next in another order",
            "  - They are busy, lost",
            "  + lost, They are in a hurry",
        ],
    );
    check(
        &[("      - {id: isolate, say: Compared with what?, next: open}\n", "")],
        &["objection too-dear: response `isolate` removed"],
    );
    check(
        &[("title: Demo", "title: The demo\nsummary: New"), ("minutes", "minutes")].map(|pair| {
            if pair.0 == "minutes" { ("title: Opening", "title: Opening\n    minutes: 3") } else { pair }
        }),
        &[
            "title reworded",
            "  - Demo",
            "  + The demo",
            "summary added",
            "  + New",
            "stage open: minutes added",
            "  + 3",
        ],
    );
}

#[test]
fn names_and_places() {
    // A new id that remembers the old one: nothing that refers to it has changed.
    check(
        &[("go: too-dear", "go: too-steep"), ("- id: too-dear", "- id: too-steep\n    was: [too-dear]")],
        &["objection too-steep: renamed, was `too-dear`"],
    );
    // One that does not: another part.
    check(
        &[("go: too-dear", "go: too-steep"), ("- id: too-dear", "- id: too-steep")],
        &[
            "stage open: branch: go changed from too-dear to too-steep",
            "objection too-steep: added (Too dear)",
            "objection too-dear: removed (Too dear)",
        ],
    );
    // A file under another name, in another folder, with remarks and other quotes: nothing.
    let quoted = OLD
        .replace("Compared with what?", "\"Compared with what?\"")
        .replace("title: Demo", "title: 'Demo' # ours");
    compare(&[("demo.yaml", OLD), ("core.yaml", CORE)], &[("en/d.yaml", &quoted), ("x.yaml", CORE)], &[]);
    // A part written in place is a part as any other.
    let inline = OLD
        .replace("  - {id: budget, ask: What is set aside for it?}\n", "  []\n")
        .replace("- ask: budget", "- ask: {id: budget, ask: What is set aside for it?}");
    compare(&[("demo.yaml", OLD), ("core.yaml", CORE)], &[("demo.yaml", &inline), ("core.yaml", CORE)], &[]);
    // Into the library, and a playbook that is new or gone.
    let question = "questions:\n  - {id: budget, ask: What is set aside for it?}\n";
    let without = OLD.replace(question, "");
    compare(
        &[("demo.yaml", OLD), ("core.yaml", CORE)],
        &[("demo.yaml", &without), ("core.yaml", &format!("{CORE}{question}"))],
        &["question budget: moved from `demo` to `core`"],
    );
    compare(&[("core.yaml", CORE)], &[("demo.yaml", OLD), ("core.yaml", CORE)], &["playbook added (Demo)"]);
    compare(&[("demo.yaml", OLD), ("core.yaml", CORE)], &[("core.yaml", CORE)], &["playbook removed (Demo)"]);
    let renamed = OLD.replace("playbook: demo", "playbook: show\nwas: [demo]");
    compare(
        &[("demo.yaml", OLD), ("core.yaml", CORE)],
        &[("demo.yaml", &renamed), ("core.yaml", CORE)],
        &["playbook renamed, was `demo`"],
    );
}

#[test]
fn the_book_and_its_lexicons() {
    let old = [
        ("book.yaml", "title: A\nlanguage: en\n"),
        ("l.yaml", "lexicon: en\ngroups: [{id: g, expressions: [a b]}]\n"),
    ];
    let new = [
        ("book.yaml", "title: B\nlanguage: en\nvariables: {company: X}\n"),
        ("l.yaml", "lexicon: en\ngroups: [{id: g, expressions: [a b, c]}]\n"),
    ];
    compare(
        &old,
        &new,
        &[
            "title reworded",
            "  - A",
            "  + B",
            "variable `company` added",
            "group `g`: expressions added",
            "  + c",
        ],
    );
}

#[test]
fn markdown_says_the_same_and_is_safe() {
    let (old, _) = loaded(&[("demo.yaml", OLD), ("core.yaml", CORE)]);
    let new = OLD.replace("Compared with what?", "\"<img src=x> [a](javascript:b)\\n# two\"");
    let (new, _) = loaded(&[("demo.yaml", &new), ("core.yaml", CORE)]);
    let text = markdown(&diff(&old, &new), "a`b");
    assert!(text.starts_with("# What changed since `a'b`\n\n## demo (en)\n\n- objection **too-dear**: response `isolate`: say reworded\n"), "{text}");
    assert!(text.contains("  - after: \\<img src=x\\> \\[a\\](javascript:b)  \n    \\# two\n"), "{text}");
    assert_eq!(markdown(&[], "HEAD").lines().count(), 3);
    assert!(human(&[], "HEAD").contains("nothing in the book has changed"));
}

#[test]
fn the_starter_against_itself_and_against_nothing() {
    let (one, _) = book::load(starter());
    let (two, _) = book::load(starter());
    assert_eq!(diff(&one, &two), []);
    let (none, _) = book::load(files(&[]));
    let added = diff(&none, &one);
    let removed = diff(&one, &none);
    assert_eq!(added.iter().filter(|one| one.playbook.is_some()).count(), one.volumes.len());
    assert_eq!(removed.iter().filter(|one| one.playbook.is_some()).count(), one.volumes.len());
    let mut odd = starter();
    odd.push(file("zz.yaml", "library: zz\nlanguage: en\nclosed: 1\n"));
    assert_eq!(diff(&one, &book::load(odd).0).len(), 1);
}
