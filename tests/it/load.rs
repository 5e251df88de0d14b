//! From YAML to a book: what is wrong is told at its place, what is sound is there.

use callbook::book::Book;
use callbook::book::model::{Answer, LineContent, Target, VolumeKind};
use callbook::diagnostic::Diagnostic;

use crate::support::{BOOK, PLAYBOOK, faults, listed, loaded, place};

/// Findings of a playbook that begins with the three lines of [`PLAYBOOK`]; the text begins at 4:1.
#[track_caller]
fn check(text: &str, expected: &[&str]) -> (Book, Vec<Diagnostic>) {
    let (book, findings) = loaded(&[("demo.yaml", &format!("{PLAYBOOK}{text}"))]);
    assert_eq!(faults(&findings), expected, "\n{text}\n{}", listed(&findings));
    (book, findings)
}

/// The same, and what message and hint of the only finding hold.
#[track_caller]
fn says(text: &str, expected: &str, message: &str, hint: &str) {
    let (_, findings) = check(text, &[expected]);
    let finding = findings
        .iter()
        .find(|finding| finding.severity != callbook::diagnostic::Severity::Info)
        .expect("one finding");
    let told = finding.hint.as_deref().unwrap_or_default();
    assert!(
        finding.message.contains(message) && told.contains(hint),
        "`{}`, hint `{told}` should hold `{message}` and `{hint}`",
        finding.message
    );
}

/// Findings of several files, as `file code line:column`.
#[track_caller]
fn check_files(texts: &[(&str, &str)], expected: &[&str]) -> Book {
    let (book, findings) = loaded(texts);
    let found: Vec<String> = findings
        .iter()
        .filter(|finding| finding.severity != callbook::diagnostic::Severity::Info)
        .map(|finding| format!("{} {}", finding.file, crate::support::place(finding)))
        .collect();
    assert_eq!(found, expected, "\n{}", listed(&findings));
    book
}

/// An objection of one line, by its id.
fn objection(id: &str) -> String {
    format!("  - {{id: {id}, title: T, utterances: [u], responses: [{{id: r, say: S}}]}}\n")
}

#[test]
fn shape() {
    says("colour: green\n", "unknown-key 4:1", "unknown key `colour`", "x-colour");
    says("objection: []\n", "unknown-key 4:1", "`objection`", "did you mean `objections`?");
    says("stages:\n  - {title: T, goal: G, steps: x}\n", "unknown-key 5:25", "`steps` in a stage", "");
    says(
        "objections:\n  - {id: a, title: T, phrases: [u], utterances: [u], responses: [{id: r, say: S}]}\n",
        "unknown-key 5:23",
        "`phrases`",
        "did you mean `utterances`?",
    );
    // A comma ends a text in braces: what follows looks like a key.
    says(
        "closes:\n  - {id: a, title: T, say: Well, shall we?}\n",
        "unknown-key 5:34",
        "`shall we?`",
        "quotes",
    );
    // Wrong types, each way.
    says("summary: [a]\n", "wrong-type 4:10", "`summary` should be text, but is a list", "");
    says("summary: {a: b}\n", "wrong-type 4:11", "`summary` should be text", "quotes");
    says("stages: {a: b}\n", "wrong-type 4:10", "`stages` should be a list", "- ");
    says("stages: none\n", "wrong-type 4:9", "`stages` should be a list, but is the text `none`", "");
    says("stages:\n  - Opening\n", "wrong-type 5:5", "stage", "");
    says(
        "stages:\n  - {title: T, goal: G, moment_of_truth: maybe}\n",
        "wrong-type 5:42",
        "true or false",
        "write `true` or `false`",
    );
    says("metrics: [{id: m, target: 20%}]\n", "wrong-type 4:27", "a number", "write 0.2 for 20%");
    says("metrics: [{id: m, target: .inf}]\n", "bad-value 4:27", "out of bounds", "");
    says("audience: everyone\n", "wrong-type 4:11", "audience", "");
    says("variables: x\n", "wrong-type 4:12", "`variables`", "");
    check("stages:\n  - {title: T, goal: G, moment_of_truth: yes, id: a}\n", &[]);
    // Missing keys, at the part that lacks them.
    says("stages:\n  - {id: a, goal: G}\n", "missing-key 5:6", "a stage needs `title`", "`title`");
    says("closes:\n  - id: a\n    title: T\n", "missing-key 5:5", "a close needs `say`", "");
    says("signals: [{id: a}]\n", "missing-key 4:12", "a signal needs `utterances`", "");
    says("signals: [{id: a, utterances: []}]\n", "missing-key 4:19", "`utterances` is empty", "at least one");
    says("outcomes: [{result: won}]\n", "missing-key 4:13", "`id` or `title`", "");
    says("outcomes: [{id: a}]\n", "missing-key 4:13", "`result`", "");
    says("lookups: [{heard: x}]\n", "missing-key 4:12", "`finds`", "");
    says("proofs: [{id: a, source: b}]\n", "missing-key 4:11", "`claim`", "");
    says("title: Again\n", "duplicate-key 4:1", "`title`", "join");
    says("owner: '  '\n", "missing-key 4:8", "`owner` is empty", "");
    // Nothing behind a key is as if it were not there.
    says("summary:\n", "empty-value 4:1", "`summary` has no value", "take the line away");
    says("stages:\n  -\n", "empty-value 5:4", "an item of this list is empty", "");
    // Closed lists.
    says(
        "outcomes: [{id: a, result: win}]\n",
        "bad-value 4:28",
        "`win` is not one of won",
        "did you mean `won`?",
    );
    says(
        "stages:\n  - {title: T, goal: G, buyer_stage: buying, id: a}\n",
        "bad-value 5:38",
        "`buying`",
        "awareness",
    );
    says("visibility: secret\n", "bad-value 4:13", "`secret`", "");
    says("visibility: no\n", "bad-value 4:13", "`no` is not one of public, internal", "");
    says("questions: [{id: a, ask: A?, type: boolean}]\n", "bad-value 4:36", "`boolean`", "");
    says("stages:\n  - {id: a, title: T, goal: G, minutes: -1}\n", "bad-value 5:41", "-1", "at least 0");
    // Two of which one only can stand.
    says(
        "stages:\n  - {id: a, title: T, goal: G, script: [{say: S, ask: Why is that?}]}\n",
        "conflicting-keys 5:50",
        "`say` and `ask` cannot stand together in a line",
        "keep one of",
    );
    // Keys that are no text, tags, odd keys.
    check("x-1: a\n1: b\n", &["unknown-key 5:1"]);
    check("? [a]\n: b\n", &["wrong-type 4:3"]);
    check("x-a: !mine [1]\nsummary: !mine a\n", &["wrong-type 4:6", "wrong-type 5:10"]);
    let (book, _) = check("x-a: {1: [a, !mine b], 1.10: ~, e: 0x1F}\n", &["wrong-type 4:14"]);
    assert_eq!(
        serde_json::to_string(&book.volumes[0].common.extra).expect("json"),
        r#"{"x-a":{"1":["a"],"1.10":null,"e":31}}"#
    );
    check("summary: !!str 5\n", &[]);
    // One list, three faults, and the item that is sound.
    let (book, _) = check(
        &format!("objections:\n  - 5\n  - {{id: a, utterances: [u]}}\n  -\n{}", objection("b")),
        &["wrong-type 5:5", "missing-key 6:6", "missing-key 6:6", "empty-value 7:4"],
    );
    let ids: Vec<&str> = book.volumes[0].objections.iter().map(|objection| objection.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"], "what has an id of its own stays, for those that refer to it");
}

#[test]
fn broken_files() {
    let broken = |text: &str, expected: &[&str]| {
        let (_, findings) = loaded(&[("demo.yaml", text)]);
        assert_eq!(faults(&findings), expected, "\n{text}\n{}", listed(&findings));
    };
    broken("", &["file-empty 1:1"]);
    broken("# only a remark\n", &["file-empty 1:1"]);
    broken("---\n", &["file-empty 1:1"]);
    broken("~\n", &["file-empty 1:1"]);
    broken("just text\n", &["wrong-type 1:1"]);
    broken("- a\n", &["wrong-type 1:1"]);
    broken("playbook: a\ntitle: T\nlanguage: en\n---\nplaybook: b\n", &["yaml-second-document 4:1"]);
    broken("playbook: a\ntitle: T\nlanguage: en\n...\n", &[]);
    broken("playbook: a\ntitle: T\nlanguage: en\n...\n---\n...\n", &["yaml-second-document 5:1"]);
    broken("%YAML 1.2\n---\nplaybook: a\ntitle: T\nlanguage: en\n", &[]);
    broken("\u{FEFF}playbook: a\r\ntitle: T\r\nlanguage: en\r\n", &[]);
    broken("playbook: a\rtitle: T\rlanguage: en\r", &[]);
    broken("playbook: *nobody\ntitle: T\nlanguage: en\n", &["yaml-broken 1:11"]);
    // A loop of anchors.
    broken("playbook: a\ntitle: T\nlanguage: en\nx-a: &a [*a]\n", &["yaml-too-large 4:10"]);
}

/// What people write without quotes, and YAML takes for something else than text.
#[test]
fn text_stays_as_it_is_written() {
    for written in [
        "no",
        "No",
        "NO",
        "yes",
        "on",
        "off",
        "y",
        "n",
        "true",
        "True",
        "FALSE",
        "20%",
        "12:30",
        "1.10",
        "1.0",
        "1e3",
        "007",
        "+84",
        "-5",
        ".5",
        "5.",
        "1_000",
        "0x1F",
        "0o17",
        "0b1",
        "2026-01-01",
        "2026-01-01T10:00:00Z",
        ".inf",
        "-.INF",
        ".nan",
        "12345678901234567890123",
        "1.10.2",
        "=",
        "nullable",
        "~x",
        "<<x",
    ] {
        let text = format!(
            "playbook: demo\ntitle: {written}\nlanguage: en\nx-a: &a {written}\nowner: *a\naudience: {{role: [{written}, {written}]}}\n\
             objections:\n  - {{id: a, title: T, utterances: [5, ~, {written}], responses: [{{id: r, say: {written}}}]}}\n"
        );
        let (book, findings) = loaded(&[("demo.yaml", &text)]);
        assert_eq!(faults(&findings), ["empty-value 8:39"], "{text}{}", listed(&findings));
        let volume = &book.volumes[0];
        let Answer::Say(say) = &volume.objections[0].responses[0].answer else {
            panic!("no words to say");
        };
        assert_eq!(volume.title, written);
        assert_eq!(volume.owner.as_deref(), Some(written), "by an alias");
        assert_eq!(volume.audience.role, [written, written]);
        assert_eq!(volume.objections[0].utterances, ["5", written], "behind an item that was left out");
        assert_eq!(say.source(), written);
    }
    // The short form of variables, and tags: their keys are text, too.
    let text = format!(
        "{PLAYBOOK}variables: {{size: 1.10, no: on}}\ncloses:\n  - {{id: a, title: T, say: S, tags: {{1.10: [2.50], off: [no]}}}}\n"
    );
    let (book, findings) = loaded(&[("demo.yaml", &text)]);
    assert_eq!(faults(&findings), [""; 0], "{}", listed(&findings));
    let variables: Vec<_> =
        book.volumes[0].variables.iter().map(|v| (v.name.as_str(), v.default.as_deref())).collect();
    assert_eq!(variables, [("no", Some("on")), ("size", Some("1.10"))]);
    assert_eq!(book.volumes[0].closes[0].tags["off"], ["no"]);
    assert_eq!(book.volumes[0].closes[0].tags["1.10"], ["2.50"]);
}

#[test]
fn ids() {
    let long = "a".repeat(65);
    for (id, hint) in [
        ("../../x", "write `x`"),
        ("con", "con-1"),
        ("Too-Expensive", "write `too-expensive`"),
        ("COM1", "COM1-1"),
        ("-a", "write `a`"),
        ("a b", "write `a-b`"),
        ("đắt-quá", "write `dat-qua`"),
        ("a/b", "write `a-b`"),
        ("太貴了", "write `tai-gui-liao`"),
        (&long, "shorten"),
    ] {
        says(&format!("closes:\n  - {{title: T, say: S, id: {id}}}\n"), "bad-id 5:28", "", hint);
        // Of a whole file as well.
        let (book, findings) = loaded(&[("demo.yaml", &format!("playbook: {id}\ntitle: T\nlanguage: en\n"))]);
        assert_eq!(faults(&findings), ["bad-id 1:11"], "{id}");
        // The file's name stands in for it.
        assert_eq!(book.volumes[0].id.as_str(), "demo");
    }
    check(&format!("closes:\n  - {{title: T, say: S, id: {}}}\n", "a".repeat(64)), &[]);
    // Two of one id: within a list, across the lists of a name space; not across name spaces.
    check(&format!("objections:\n{}{}", objection("a"), objection("a")), &["duplicate-id 6:10"]);
    check(
        &format!("objections:\n{}closes: [{{id: a, title: T, say: S}}]\n", objection("a")),
        &["duplicate-id 6:15"],
    );
    check(
        &format!(
            "objections:\n{}questions: [{{id: a, ask: A?}}]\nproofs: [{{id: a, claim: C}}]\nsignals: [{{id: a, utterances: [u]}}]\n",
            objection("a")
        ),
        &[],
    );
    check(
        "roles: [{id: a}, {id: a}]\nmetrics: [{id: a}, {id: a}]\ncompetitors: [{id: a, title: T}, {id: a, title: T}]\n",
        &["duplicate-id 4:23", "duplicate-id 5:25", "duplicate-id 6:39"],
    );
    // Derived ids are slugs, unique, and give way to written ones; ids that differ only in case meet.
    let (book, _) = check(
        "closes:\n  - {title: Đắt quá!, say: S}\n  - {title: đẮT QUÁ, say: S}\n  - {title: T, id: dat-qua-2, say: S}\n  - {title: '!?', say: S}\n  - {title: CON, say: S}\n",
        &[],
    );
    let ids: Vec<&str> = book.volumes[0].closes.iter().map(|close| close.id.as_str()).collect();
    assert_eq!(ids, ["dat-qua", "dat-qua-3", "dat-qua-2", "part", "con-1"]);
    // Responses are unique within their objection, and are named by technique where nothing is said.
    let (book, _) = check(
        "objections:\n  - {id: a, title: T, utterances: [u], responses: [{technique: laer, say: S}, {technique: laer, say: S}, {say: S}]}\n",
        &[],
    );
    let ids: Vec<&str> =
        book.volumes[0].objections[0].responses.iter().map(|response| response.id.as_str()).collect();
    assert_eq!(ids, ["laer", "laer-2", "response"]);
}

#[test]
fn references() {
    let stage = "stages:\n  - {id: open, title: T, goal: G, next: ";
    says(
        &format!("{stage}opne}}\n"),
        "unknown-reference 5:41",
        "no stage, close, objection or outcome is called `opne`",
        "did you mean `open`?",
    );
    says(
        &format!("{stage}[{{when: W, go: opne}}]}}\n"),
        "unknown-reference 5:56",
        "`opne`",
        "did you mean `open`?",
    );
    says(&format!("{stage}zebra}}\n"), "unknown-reference 5:41", "`zebra`", "");
    says(
        "stages:\n  - {id: open, title: T, goal: G, role: boss}\nroles: [{id: bos}]\n",
        "unknown-reference 5:41",
        "no role",
        "did you mean `bos`?",
    );
    says(
        "stages:\n  - {id: open, title: T, goal: G, objections: [open]}\n",
        "unknown-reference 5:48",
        "`open` is a stage, not an objection",
        "",
    );
    says(
        "stages:\n  - {id: open, title: T, goal: G, closes: [opne]}\n",
        "unknown-reference 5:44",
        "no close is called",
        "did you mean `open`?",
    );
    says(
        "stages:\n  - {id: open, title: T, goal: G, script: [{ask: team-size}]}\nquestions: [{id: size, ask: A?}]\n",
        "unknown-reference 5:50",
        "no question",
        "did you mean `size`?",
    );
    // The id of another kind of part.
    says(
        "stages:\n  - {id: open, title: T, goal: G, next: size}\nquestions: [{id: size, ask: A?}]\n",
        "unknown-reference 5:41",
        "`size`",
        "is the id of one of the questions",
    );
    says(
        "questions: [{id: a, ask: A?, dimension: bant.neet}]\n",
        "unknown-reference 4:41",
        "BANT has no dimension `neet`",
        "did you mean `bant.need`?",
    );
    says(
        "questions: [{id: a, ask: A?, dimension: bnat.need}]\n",
        "unknown-reference 4:41",
        "no framework is called `bnat`",
        "did you mean `bant`?",
    );
    says("questions: [{id: a, ask: A?, dimension: bant}]\n", "unknown-reference 4:41", "BANT", "");
    says("closes: [{id: a, title: T, say: S, if_yes: b, if_no: a}]\n", "unknown-reference 4:44", "`b`", "");
    says("signals: [{id: a, utterances: [u], go: b}]\n", "unknown-reference 4:40", "`b`", "");
    says("metrics: [{id: a, from: b}]\n", "unknown-reference 4:25", "`b`", "");
    says("anytime: [{when: W, go: b}]\n", "unknown-reference 4:25", "`b`", "");
    says("lookups: [{heard: u, finds: b}]\n", "unknown-reference 4:29", "no card is called `b`", "");
    let two = "objections:\n  - {id: a, title: T, utterances: [u], responses: [{id: one, say: S, ";
    says(
        &format!("{two}if_resists: two}}, {{id: tow, say: S}}]}}\n"),
        "unknown-reference 5:82",
        "no response of this objection",
        "did you mean `tow`?",
    );
    says(&format!("{two}if_resists: one}}]}}\n"), "unknown-reference 5:82", "back to itself", "accept");
    check(&format!("{two}if_resists: accept}}]}}\n"), &[]);
    says(
        &format!("{two}proof: [hours]}}]}}\nproofs: [{{id: hour, claim: C}}]\n"),
        "unknown-reference 5:78",
        "no proof",
        "did you mean `hour`?",
    );
    // A reference to a part that is faulty itself is not a second fault.
    check(
        "stages:\n  - {id: open, title: T, goal: G, objections: [a], next: [{when: W, go: a}, end]}\nobjections: [{utterances: [u], id: a, title: T}]\noutcomes: [{id: end, result: open}]\nlookups: [{heard: v, finds: a}]\n",
        &["missing-key 6:15"],
    );
    check(
        "closes: [{id: a, title: T, say: S, if_no: b}]\nobjections: [{utterances: [u], title: B, id: b, responses: [{say: [x]}]}]\n",
        &["wrong-type 5:67"],
    );
    // Several targets; what leads on is what is meant.
    let (book, _) = check(
        "stages:\n  - {id: open, title: T, goal: G, next: [{when: W, go: a}, end]}\ncloses: [{id: a, title: T, say: S, if_yes: end}]\noutcomes: [{id: end, result: open}]\n",
        &[],
    );
    let next = &book.volumes[0].stages[0].next;
    assert!(matches!(next[0].go, Target::Close(_)) && matches!(next[1].go, Target::Outcome(_)));
    assert_eq!(book.target_id(next[1].go).as_str(), "end");
}

#[test]
fn libraries_and_languages() {
    let core = "library: core\nlanguage: en\nobjections:\n  - {id: dear, title: T, utterances: [u], responses: [{id: r, say: S}]}\n";
    let demo = "playbook: demo\ntitle: Demo\nlanguage: en\nuses: [core]\nstages:\n  - {id: open, title: T, goal: G, objections: [dear]}\n";
    check_files(&[("core.yaml", core), ("demo.yaml", demo)], &[]);
    // Not used, though it is there: the hint says what is missing.
    let (_, findings) =
        loaded(&[("core.yaml", core), ("demo.yaml", &demo.replace("uses: [core]", "x-a: 1"))]);
    assert_eq!(faults(&findings), ["unknown-reference 6:48"]);
    assert!(
        findings[0].hint.as_deref().is_some_and(|hint| hint.contains("add `core` to `uses`")),
        "{}",
        listed(&findings)
    );
    // References stay inside a language.
    check_files(
        &[("core.yaml", &core.replace("en", "vi")), ("demo.yaml", demo)],
        &["demo.yaml unknown-reference 4:8", "demo.yaml unknown-reference 6:48"],
    );
    check_files(
        &[
            ("a-core.yaml", core),
            ("b-core.yaml", &core.replace(": en", ": vi")),
            ("a.yaml", demo),
            ("b.yaml", &demo.replace(": en", ": vi")),
        ],
        &[],
    );
    // (id, language) is unique; a playbook and a library share their ids.
    check_files(&[("a.yaml", core), ("b.yaml", core)], &["b.yaml duplicate-id 1:10"]);
    check_files(
        &[("a.yaml", core), ("b.yaml", &core.replace("library: core", "playbook: core\ntitle: T"))],
        &["b.yaml duplicate-id 1:11"],
    );
    // Two volumes that meet: the id is told once, at the one that uses the other.
    let own = format!(
        "{demo}objections:\n  - {{id: dear, title: T, utterances: [u], responses: [{{id: r, say: S}}]}}\n"
    );
    check_files(&[("core.yaml", core), ("demo.yaml", &own)], &["demo.yaml duplicate-id 8:6"]);
    // And two libraries that meet in a playbook only.
    let more = core.replace("core", "more");
    let both = demo.replace("[core]", "[core, more]");
    check_files(
        &[("core.yaml", core), ("more.yaml", &more), ("demo.yaml", &both)],
        &["more.yaml duplicate-id 4:6"],
    );
    // Libraries use libraries, in a circle as well.
    let circle = format!("{core}uses: [more]\n");
    let other = "library: more\nlanguage: en\nuses: [core]\nproofs: [{id: p, claim: C}]\n";
    let book = check_files(&[("core.yaml", &circle), ("more.yaml", other), ("demo.yaml", demo)], &[]);
    let (number, _) = book.playbooks().next().expect("a playbook");
    let scope: Vec<&str> = book.scope(number).map(|(_, volume)| volume.id.as_str()).collect();
    assert_eq!(scope, ["demo", "core", "more"]);
    // A stage in a library.
    check_files(&[("core.yaml", &format!("{core}stages: []\n"))], &["core.yaml unknown-key 5:1"]);
    // Old ids go on working, of parts and of libraries.
    let renamed = "library: base\nwas: [core]\nlanguage: en\nobjections:\n  - {id: pricey, was: [dear], title: T, utterances: [u], responses: [{id: r, say: S}]}\n";
    let book = check_files(&[("core.yaml", renamed), ("demo.yaml", demo)], &[]);
    let (number, demo_volume) = book.playbooks().next().expect("a playbook");
    assert_eq!(book.get(demo_volume.stages[0].objections[0]).id.as_str(), "pricey");
    assert_eq!(book.scope(number).count(), 2);
    // Translations are found by id.
    let book = check_files(
        &[
            ("a.yaml", PLAYBOOK),
            ("b.yaml", &PLAYBOOK.replace("en", "vi")),
            ("c.yaml", &PLAYBOOK.replace("demo", "other")),
        ],
        &[],
    );
    let translations: Vec<String> =
        book.translations(0).map(|(_, volume)| format!("{} {}", volume.id, volume.language)).collect();
    assert!(
        translations.contains(&"demo vi".to_string()) && !translations.contains(&"other en".to_string()),
        "{translations:?}"
    );
    let libraries = book.volumes.iter().filter(|volume| volume.kind == VolumeKind::Library).count();
    assert_eq!(libraries, 0);
}

#[test]
fn parts_written_in_place() {
    let (book, _) = check(
        "\
frameworks: [bant, {id: trio, title: Trio, dimensions: [{id: who, title: Who}]}]
stages:
  - id: open
    title: T
    goal: G
    objections:
      - id: dear
        title: Dear
        utterances: [u]
        prevent: [{id: budget, ask: How much?, dimension: trio.who}]
        responses: [{id: r, say: S, proof: [{id: six, claim: Six hours}]}]
      - dear-too
    closes: [{id: ask, title: Ask, say: Shall we?}]
    script:
      - ask: {id: size, ask: How many?}
      - ask: How are you, today?
      - ask: budget
objections:
  - {id: dear-too, title: Too, utterances: [u], responses: [{id: r, say: S, proof: [six]}]}
",
        &[],
    );
    let volume = &book.volumes[0];
    let titles: Vec<&str> = volume.stages[0].objections.iter().map(|o| book.get(*o).title.as_str()).collect();
    assert_eq!(titles, ["Dear", "Too"]);
    assert_eq!(volume.objections.len(), 2);
    assert_eq!(book.get(volume.stages[0].closes[0]).id.as_str(), "ask");
    let asked: Vec<String> = volume.stages[0]
        .script
        .iter()
        .map(|line| match &line.content {
            LineContent::Ask(question) => book.get(*question).id.to_string(),
            LineContent::AskText(text) => format!("“{}”", text.source()),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(asked, ["size", "“How are you, today?”", "budget"]);
    assert_eq!(volume.frameworks.len(), 2);
    assert_eq!(volume.proofs.len(), 1);
    let place = &volume.proofs[0].common.place;
    assert_eq!(
        (book.sources.line(place), place.path.to_string().as_str()),
        (14, "stages[0].objections[0].responses[0].proof[0]")
    );
    // A fault in a part in place is told at its place.
    check(
        "stages:\n  - {id: open, title: T, goal: G, objections: [{id: dear, title: T, responses: [{id: r, say: S, next: nowhere}], utterances: [u]}]}\n",
        &["unknown-reference 5:103"],
    );
    // An id that merely looks like what stands in for a part in place.
    check(
        "stages:\n  - {id: open, title: T, goal: G, closes: ['@stages[0].closes[0]']}\n",
        &["unknown-reference 5:44"],
    );
    check(
        "stages:\n  - {id: open, title: T, goal: G, script: [{ask: '@stages[0].script[1].ask'}, {ask: {id: q, ask: Q?}}]}\n",
        &[],
    );
}

#[test]
fn questions_and_variables() {
    says("questions: [{id: a, type: choice, ask: A?}]\n", "missing-key 4:27", "needs `options`", "options:");
    let (book, _) = check(
        "questions: [{id: a, type: choice, ask: A?, options: [no, {answer: 20%, go: b}]}]\ncloses: [{id: b, title: T, say: S}]\n",
        &[],
    );
    let options = &book.volumes[0].questions[0].options;
    assert_eq!((options[0].answer.as_str(), options[1].answer.as_str()), ("no", "20%"));
    assert!(matches!(options[1].go, Some(Target::Close(_))));
    says("variables: [{name: a, type: number, default: x}]\n", "bad-value 4:46", "should be a number", "");
    says(
        "variables: [{name: a, type: date, default: 2026-13-01}]\n",
        "bad-value 4:44",
        "should be a date",
        "",
    );
    says(
        "variables: [{name: a, type: choice, options: [b], default: c}]\n",
        "bad-value 4:60",
        "one of the options",
        "",
    );
    says("variables: [{name: a}, {name: a}]\n", "duplicate-id 4:25", "declared twice", "");
    says("variables: [{name: 1a}]\n", "bad-id 4:20", "`1a`", "prospect.first_name");
    says("variables: [{name: a..b}]\n", "bad-id 4:20", "`a..b`", "");
    says("variables: {first name: x}\n", "bad-id 4:13", "`first name`", "prospect.first_name");
    // The short form in a book and in a playbook, and who wins.
    let book = check_files(
        &[
            ("book.yaml", &format!("{BOOK}variables: {{company: Northwind, size: 1}}\n")),
            ("core.yaml", "library: core\nlanguage: en\nvariables: [{name: size, default: 2}]\n"),
            (
                "demo.yaml",
                &format!(
                    "{PLAYBOOK}uses: [core]\nsummary: '{{{{ company }}}} {{{{ size }}}} {{{{ rep }}}}'\n"
                ),
            ),
        ],
        &[],
    );
    let (number, _) = book.playbooks().next().expect("a playbook");
    let values: Vec<String> = book
        .variables(number)
        .iter()
        .map(|v| format!("{}={}", v.name, v.default.as_deref().unwrap_or("-")))
        .collect();
    assert!(values.contains(&"company=Northwind".into()) && values.contains(&"size=2".into()), "{values:?}");
    assert_eq!(values.len(), 2, "{values:?}");
}

#[test]
fn templates() {
    let says_text = |text: &str, expected: &str, message: &str, hint: &str| {
        says(&format!("summary: \"{text}\"\n"), expected, message, hint);
    };
    says_text("{{ comapny }}", "template-variable 4:10", "`comapny`", "declare it");
    says(
        "variables: {company: a}\nsummary: \"{{ comapny }}\"\n",
        "template-variable 5:10",
        "`comapny`",
        "did you mean `company`?",
    );
    says_text("{{ rep", "template-syntax 4:10", "cannot be read", "");
    says_text(
        "{{ rep|uper }}",
        "template-syntax 4:10",
        "no filter is called `uper`",
        "did you mean `upper`?",
    );
    says_text("{{ rep is odd }}", "template-syntax 4:10", "`is odd`", "");
    says_text("{{ range(5) }}", "template-variable 4:10", "`range`", "");
    says_text("{{ rep.__class__ }}", "template-variable 4:10", "`rep.__class__`", "");
    for statement in [
        "include 'a'",
        "import 'a' as b",
        "from 'a' import b",
        "extends 'a'",
        "block a",
        "set a = 1",
        "macro a()",
        "with a = 1",
        "filter upper",
        "autoescape true",
        "do rep",
    ] {
        let (_, findings) =
            loaded(&[("demo.yaml", &format!("{PLAYBOOK}summary: \"{{% {statement} %}}\"\n"))]);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
        assert!(
            matches!(codes[..], ["template-forbidden" | "template-syntax"]),
            "{statement}: {}",
            listed(&findings)
        );
    }
    says_text("{{ 'x' * 100000000 }}", "template-too-costly 4:10", "multiplied", "");
    let loops = "{% for a in 'xxxxxxxxxxxxxxxxxxxx' %}".repeat(5) + "x" + &"{% endfor %}".repeat(5);
    says_text(&loops, "template-too-costly 4:10", "too much work", "");
    check(&format!("summary: '{{{{ rep }}}}{}'\n", "x".repeat(60_000)), &["template-too-costly 4:10"]);
    check(
        "summary: \"{{ rep|default('you')|upper }} {% for c in rep %}{{ loop.index }}{{ c }}{% endfor %} {% raw %}{{ x }}{% endraw %} {# a remark #}\"\n",
        &[],
    );
    // `answer` in `confirm` only, and where words are spoken everywhere.
    check(
        "questions: [{id: a, ask: A?, confirm: 'So {{ answer }}?', why: '{{ answer }}'}]\n",
        &["template-variable 4:64"],
    );
}

#[test]
fn dates_links_and_scarcity() {
    for (date, good) in [
        ("2026-02-28", true),
        ("2026-02-29", false),
        ("2024-02-29", true),
        ("2026-2-1", false),
        ("20260201", false),
        ("tomorrow", false),
        ("2026-01-01T00:00", false),
    ] {
        check(
            &format!("proofs: [{{id: a, claim: C, date: {date}}}]\n"),
            if good { &[] } else { &["bad-date 4:34"] },
        );
    }
    for (after, good) in [
        ("3d", true),
        ("4h", true),
        ("2w", true),
        ("6m", true),
        ("1y", true),
        ("3", false),
        ("d", false),
        ("-3d", false),
        ("99999999999d", false),
        ("10001d", false),
        ("3 days", false),
        ("三天", false),
    ] {
        check(
            &format!("stages:\n  - {{id: a, title: T, goal: G, follow_up: [{{say: S, after: {after}}}]}}\n"),
            if good { &[] } else { &["bad-value 5:60"] },
        );
    }
    for (link, good) in [
        ("https://a.example/b?c=d#e", true),
        ("mailto:a@b.example", true),
        ("files/one.pdf", true),
        ("/one.pdf", true),
        ("a/b:c", true),
        ("javascript:alert(1)", false),
        ("java script:x", false),
        ("data:text/html,x", false),
        ("file:///etc/passwd", false),
        ("../x", false),
        ("a/../../x", false),
        ("//evil.example/x", false),
        ("vbscript:x", false),
        ("..\\x", false),
    ] {
        check(
            &format!("proofs: [{{id: a, claim: C, link: '{link}'}}]\n"),
            if good { &[] } else { &["bad-link 4:34"] },
        );
    }
    let close =
        |keys: &str| format!("closes:\n  - {{id: a, title: T, say: S, technique: now-or-never{keys}}}\n");
    check(&close(""), &["scarcity-without-fact 5:42"]);
    check(&close(", fact: F"), &["scarcity-without-fact 5:42"]);
    check(&close(", true_until: 2027-01-31"), &["scarcity-without-fact 5:42"]);
    check(&close(", fact: F, true_until: 2027-01-31"), &[]);
    check(&close(", fact: F, true_until: 2026-01-31"), &[]);
}

#[test]
fn anchors_aliases_and_merges() {
    let (book, _) = check(
        "\
x-base: &base {technique: laer, when: always}
x-list: &list [one, two]
objections:
  - id: a
    title: T
    utterances: *list
    responses:
      - {<<: *base, id: r, say: S}
      - {<<: [*base, {bridge: B}], id: s, say: S, when: never}
",
        &[],
    );
    let objection = &book.volumes[0].objections[0];
    assert_eq!(objection.utterances, ["one", "two"]);
    let whens: Vec<&str> =
        objection.responses.iter().map(|r| r.when.as_ref().expect("when").source()).collect();
    assert_eq!(whens, ["always", "never"]);
    assert_eq!(objection.responses[1].bridge.as_ref().map(|b| b.source()), Some("B"));
    // A fault that came in by a merge is told where it was written.
    check(
        "x-base: &base\n  colour: green\ncloses:\n  - {<<: *base, id: a, title: T, say: S}\n",
        &["unknown-key 5:3"],
    );
    // A merge of what cannot be merged.
    let (_, findings) = loaded(&[("demo.yaml", &format!("{PLAYBOOK}<<: 5\n"))]);
    assert_eq!(findings.len(), 1, "{}", listed(&findings));
    assert_eq!(place(&findings[0]), "wrong-type 4:5");
}

#[test]
fn book_files() {
    let with = |text: &str, expected: &[&str]| {
        let (book, findings) = loaded(&[("book.yaml", text), ("demo.yaml", PLAYBOOK)]);
        assert_eq!(faults(&findings), expected, "\n{text}\n{}", listed(&findings));
        assert_eq!(book.volumes.len(), 1, "a faulty book.yaml takes nothing else along");
    };
    with(BOOK, &[]);
    with("", &["missing-key 1:1"]);
    with("title: T\n", &["missing-key 1:1"]);
    with("title: T\nlanguage: en\nplaybook: a\n", &["unknown-key 3:1"]);
    with("title: T\nlanguage: en\nbase_url: 'javascript:x'\n", &["bad-link 3:11"]);
    with("title: T\nlanguage: en\nedit_url: 'https://g.example/{file}#L{line}'\n", &[]);
    with("title: T\nlanguage: en\nedit_url: 'https://g.example/{path}#L{line}'\n", &["bad-link 3:11"]);
    with("title: T\nlanguage: en\nedit_url: https://a.example/{file}#L{line}\n", &[]);
    with("title: T\nlanguage: en\nlookup: {recall_at_1: 1.5}\n", &["bad-value 3:23"]);
    with("title: T\nlanguage: english\n", &["bad-language 2:11"]);
    with("[", &["yaml-broken 1:1"]);
    // A book.yaml in a folder below is a file like any other.
    let (_, findings) = loaded(&[("book.yaml", BOOK), ("en/book.yaml", BOOK)]);
    assert_eq!(faults(&findings), ["file-kind 1:1"]);
}

/// The order in which the files come in makes no difference.
#[test]
fn the_order_of_files_does_not_matter() {
    let texts = [
        ("b.yaml", "playbook: b\ntitle: B\nlanguage: en\nsummary:\n"),
        ("a.yaml", "playbook: a\ntitle: A\nlanguage: vi\nnext: x\n"),
        ("book.yaml", BOOK),
    ];
    let (one, first) = loaded(&texts);
    let reversed: Vec<_> = texts.iter().rev().copied().collect();
    let (two, second) = loaded(&reversed);
    assert_eq!(first, second);
    assert_eq!(first.iter().map(|f| &*f.file).collect::<Vec<_>>(), ["a.yaml", "b.yaml"]);
    let ids = |book: &Book| book.volumes.iter().map(|v| v.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids(&one), ids(&two));
}
