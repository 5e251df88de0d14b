//! Whatever lies in a file, nothing panics, nothing hangs, and what comes out is a finding or something
//! neutral: through reading, rules, cards, scripts in every format and the handbook.

use std::sync::LazyLock;

use callbook::book::{Book, InputFile};
use callbook::card::cards;
use callbook::diagnostic::{Diagnostic, Severity};
use callbook::render::{self, Format};
use callbook::script::{Request, build};
use callbook::site;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::support::{BOOK, PLAYBOOK, TODAY, cases, checked_on, file, listed, starter};

const FORMATS: [Format; 4] = [Format::Terminal, Format::Markdown, Format::Html, Format::Json];

/// Everything that can be made of files, without the handbook.
fn through(input: Vec<InputFile>) -> (Book, Vec<Diagnostic>) {
    let (book, mut findings) = checked_on(input, TODAY);
    // What is merely worth knowing is no fault of a hostile file.
    findings.retain(|finding| finding.severity != Severity::Info);
    for finding in &findings {
        let name = &finding.file;
        let lines = book.sources.by_name(name).map_or(1, |source| source.text().lines().count() + 1);
        let line = finding.span.start.line as usize;
        assert!((1..=lines.max(1)).contains(&line), "{name} has {lines} lines: {finding:?}");
        assert!(!finding.message.chars().any(char::is_control), "{finding:?}");
        assert!(finding.message.chars().count() < 1000, "a message of a whole page: {finding:?}");
    }
    let cards = cards(&book);
    for card in cards.iter().take(50) {
        render::card(card, None, 80, 20);
    }
    let numbers: Vec<usize> = book.playbooks().map(|(number, _)| number).collect();
    for number in numbers {
        let script = build(&book, number, &Request::default());
        for format in FORMATS {
            let text = render::script(&script, format, 80).expect("a script");
            assert!(
                !text.contains(['\u{E000}', '\u{E001}', '\u{E002}', '\u{E003}']),
                "a mark is left: {text}"
            );
        }
    }
    (book, findings)
}

/// The handbook as well, as everybody and as the team sees it.
fn published(book: &Book) {
    for public in [false, true] {
        let site = site::build(book, &site::Options { public, generator: "test", ..Default::default() })
            .expect("a site");
        for (name, bytes) in &site.files {
            let plain = name.split('/').all(|part| !matches!(part, "" | "." | ".."));
            assert!(plain && !name.contains(['\\', ':']), "{name}");
            if name.ends_with(".html") {
                let page = String::from_utf8_lossy(bytes).to_lowercase();
                assert!(!page.contains("javascript:"), "{name}");
            }
        }
    }
}

fn one(text: impl Into<Vec<u8>>) -> Vec<InputFile> {
    vec![file("book.yaml", BOOK), file("demo.yaml", text)]
}

/// A text that must be told of by one of these codes.
#[track_caller]
fn refused(text: impl Into<Vec<u8>>, codes: &[&str]) {
    let (_, findings) = through(one(text));
    let found: Vec<&str> = findings.iter().map(|finding| finding.code).collect();
    assert!(codes.iter().any(|code| found.contains(code)), "{found:?} has none of {codes:?}");
    assert!(found.len() < 50, "{} findings for one fault", found.len());
}

#[test]
fn nesting_and_repetition() {
    let deep = ["yaml-too-large", "yaml-broken", "wrong-type"];
    refused("[".repeat(10_000), &deep);
    refused(format!("{PLAYBOOK}x-a: {}", "[".repeat(10_000)), &deep);
    refused(format!("{PLAYBOOK}x-a: {}{}", "[".repeat(10_000), "]".repeat(10_000)), &deep);
    refused("{a: ".repeat(10_000), &deep);
    refused(format!("{PLAYBOOK}x-a: {}", "{a: ".repeat(10_000)), &deep);
    refused(format!("{}a", "- ".repeat(10_000)), &deep);
    refused("? ".repeat(10_000), &deep);
    refused("- - ".repeat(3_000) + ": a", &deep);
    let steps: String = (0..1_000).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    refused(steps, &deep);
    refused("- \n".repeat(100_000), &["wrong-type"]);
    let (_, findings) = through(one("a:\n".repeat(2_000)));
    assert_eq!(findings.iter().filter(|finding| finding.code == "duplicate-key").count(), 1_999);
}

#[test]
fn bombs() {
    let mut aliases = String::from("x-a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    let mut merges = String::from("x-a0: &a0 {k0: v}\n");
    for level in 1..40 {
        let before = level - 1;
        aliases += &format!("x-a{level}: &a{level} [{}]\n", vec![format!("*a{before}"); 10].join(", "));
        merges += &format!("x-a{level}: &a{level} {{<<: [*a{before}, *a{before}], l{level}: *a{before}}}\n");
    }
    refused(format!("{PLAYBOOK}{aliases}"), &["yaml-too-large"]);
    refused(format!("{PLAYBOOK}{merges}"), &["yaml-too-large"]);
    refused(format!("{PLAYBOOK}x-a: &a {{b: *a}}\n"), &["yaml-too-large", "yaml-broken"]);
    refused(format!("{PLAYBOOK}x-a: &a\n  <<: *a\n"), &["yaml-too-large", "yaml-broken", "wrong-type"]);
    // Many aliases of one part are no bomb.
    let many: String = (0..2_000).map(|number| format!("x-{number}: *a\n")).collect();
    let (book, findings) = through(one(format!("{PLAYBOOK}x-a: &a {{b: c}}\n{many}")));
    assert_eq!((findings.len(), book.volumes.len()), (0, 1), "{}", listed(&findings));
}

#[test]
fn sizes() {
    let long = "long ".repeat(1_000_000);
    let (book, findings) = through(one(format!("{PLAYBOOK}owner: {long}\n")));
    assert!(findings.is_empty(), "{}", findings.len());
    assert_eq!(book.volumes[0].owner.as_ref().map(String::len), Some(long.trim().len()));
    let line = format!("{PLAYBOOK}x-a: [{}]\n", "12, ".repeat(100_000));
    assert!(through(one(line)).1.is_empty());
    refused(format!("{PLAYBOOK}{}: a\n", "k".repeat(1_000_000)), &["unknown-key", "yaml-broken"]);
    refused(format!("{PLAYBOOK}uses: [{}]\n", "k".repeat(100_000)), &["unknown-reference", "bad-id"]);
    refused(format!("playbook: {}\ntitle: T\nlanguage: en\n", "k".repeat(100_000)), &["bad-id"]);
    // Many parts, all of them faulty, are all told of.
    let parts: String =
        (0..1_000).map(|number| format!("  - {{id: a{number}, tilte: T, say: S}}\n")).collect();
    let (_, findings) = through(one(format!("{PLAYBOOK}closes:\n{parts}")));
    assert!(findings.iter().filter(|finding| finding.code == "unknown-key").count() == 1_000);
    // Many sound ones go on working.
    let parts: String =
        (0..1_000).map(|number| format!("  - {{id: a{number}, title: T, say: S}}\n")).collect();
    let (book, findings) = through(one(format!("{PLAYBOOK}closes:\n{parts}")));
    assert_eq!((findings.len(), book.volumes[0].closes.len()), (0, 1_000));
}

#[test]
fn templates_that_would_fill_the_memory() {
    let say = |text: &str| {
        format!(
            "{PLAYBOOK}closes:\n  - id: a\n    title: T\n    say: {}\n",
            serde_json::to_string(text).expect("JSON")
        )
    };
    let mut all = format!("{PLAYBOOK}closes:\n");
    for bomb in [
        "{{ 'x' * 999999999 }}",
        "{{ ('x' ~ 'y') * 999999999 }}",
        "{{ [1] * 999999999 }}",
        "{{ 9 ** 9 ** 9 ** 9 }}",
        "{% for a in range(99999999) %}x{% endfor %}",
        "{{ range(99999999)|join }}",
        "{{ lipsum(n=999) }}",
        "{% set a = 'x' %}{% for b in a %}{% set a = a ~ a %}{% endfor %}{{ a }}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include 'demo.yaml' %}",
        "{% extends '/etc/passwd' %}",
        "{{ self }}{{ super() }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ rep.upper.call() }}",
        &"{{ ".repeat(5_000),
        &"(".repeat(20_000).replace('(', "{{ ( "),
        &format!("{{{{ {}1{} }}}}", "(".repeat(5_000), ")".repeat(5_000)),
        &format!("{{{{ {}1 }}}}", "not ".repeat(5_000)),
        &format!("{{{{ {}1 }}}}", "-".repeat(5_000)),
        &format!("{{{{ 1{} }}}}", " + 1".repeat(5_000)),
        &format!("{{{{ rep{} }}}}", "|upper".repeat(5_000)),
        &("{% if rep %}".repeat(400) + &"{% endif %}".repeat(400)),
        &("{% for a in 'xxxxxxxxxx' %}".repeat(12) + "x" + &"{% endfor %}".repeat(12)),
    ] {
        let (book, findings) = through(one(say(bomb)));
        // What is long but bounded, and what names nothing, may stay.
        let bounded =
            ["1 + 1", "|upper", "__mro__", "not not", "{{ ---"].iter().any(|text| bomb.contains(text));
        let told = findings.iter().any(|finding| finding.code.starts_with("template-"));
        assert!(told || bounded, "{bomb:.60}: {}", listed(&findings));
        let said: usize =
            cards(&book).iter().flat_map(|card| &card.responses).map(|said| said.say.len()).sum();
        assert!(said < 300_000, "{bomb:.60} becomes {said} bytes");
        all += &format!(
            "  - {{id: a{}, title: T, say: {}}}\n",
            all.len(),
            serde_json::to_string(bomb).expect("JSON")
        );
    }
    // In a handbook, all at once.
    let (book, _) = through(one(all));
    assert!(book.volumes[0].closes.len() > 20);
    published(&book);
}

#[test]
fn odd_characters() {
    // The marks that fillings travel by cannot come in by a text, however it is written.
    for written in ["\u{E000}0\u{E001}", "\"\\uE002rep\\uE003\"", "a\u{E003}"] {
        refused(
            format!("playbook: demo\nlanguage: en\ntitle: {written}\n"),
            &["bad-character", "yaml-broken"],
        );
    }
    // Nor by a template.
    let (book, _) = through(one(format!(
        "{PLAYBOOK}stages:\n  - {{id: a, title: T, goal: G, script: [{{say: '{{{{ \"\\ue002x\\ue003\" }}}} {{{{ \"\\ue0000\\ue001\" }}}}'}}]}}\n"
    )));
    published(&book);
    // Text that turns around, control characters, a BOM in the middle.
    for bad in ['\u{202E}', '\u{1b}', '\u{7}', '\u{9b}', '\u{FEFF}', '\u{7f}', '\u{1}', '\u{85}'] {
        let quoted = format!("playbook: demo\nlanguage: en\ntitle: \"a\\u{:04X}b\"\n", u32::from(bad));
        let plain = format!("playbook: demo\nlanguage: en\ntitle: a{bad}b\n");
        for text in [quoted, plain] {
            let (book, findings) = through(one(text));
            assert!(
                !findings.is_empty() || book.volumes[0].title.chars().all(|c| c == ' ' || c.is_alphabetic()),
                "U+{:04X} passes: {:?}",
                u32::from(bad),
                book.volumes[0].title
            );
        }
    }
    // Line ends and a mark at the beginning make no difference.
    let text = format!("{PLAYBOOK}summary: |\n  one\n  two\ncloses:\n  - {{id: a, title: T, say: S}}\n");
    let (plain, _) = through(one(text.clone()));
    for other in [
        text.replace('\n', "\r\n"),
        format!("\u{FEFF}{text}"),
        text.clone() + "\n\n  \n# end",
        text.trim_end().into(),
    ] {
        let (book, findings) = through(one(other));
        assert!(findings.is_empty(), "{}", listed(&findings));
        assert_eq!(book.volumes[0].summary, plain.volumes[0].summary);
        assert_eq!(book.volumes[0].closes.len(), 1);
    }
    // A file that is something else altogether.
    for bytes in
        [&b"\x89PNG\r\n\x1a\n\0\0"[..], b"PK\x03\x04", b"\xff\xfep\0l\0a\0", b"\xc3", b"\0", b"\x80\x81"]
    {
        refused(bytes, &["file-encoding", "yaml-broken", "wrong-type"]);
        let (book, _) = through(vec![file("book.yaml", bytes), file("demo.yaml", PLAYBOOK)]);
        assert_eq!(book.volumes.len(), 1);
    }
    // Names of files are not to be trusted either.
    for name in ["", "/", "../../x.yaml", "a\nb.yaml", "\u{1b}[31m.yaml", "con.yaml", "đắt/太貴.yaml"] {
        through(vec![file(name, "title: x\n"), file(name, PLAYBOOK), file("book.yaml", BOOK)]);
    }
    // No files at all, and files without a book.
    through(Vec::new());
    let (book, _) = through(vec![file("demo.yaml", PLAYBOOK)]);
    published(&book);
}

#[test]
fn no_terminal_is_too_narrow() {
    let (book, _) = through(starter().into_iter().filter(|file| !file.name.starts_with("vi")).collect());
    let (number, _) = book.playbooks().next().expect("a playbook");
    let script = build(&book, number, &Request::default());
    for width in [0, 1, 2, 3, 7, 20, 10_000] {
        assert!(!render::script(&script, Format::Terminal, width).expect("a script").is_empty());
        for card in cards(&book).iter().step_by(40) {
            render::card(card, Some("heard"), width, width);
            render::hit_line(1, card, width);
        }
    }
}

/// Characters that mean something to YAML, Markdown or templates, and some that mean nothing.
fn soup() -> impl Strategy<Value = String> {
    let bit = prop::sample::select(vec![
        "playbook: a\n",
        "title: T\n",
        "language: en\n",
        "objections:\n",
        "stages:\n",
        "  - ",
        "- ",
        "id: a",
        "say: ",
        "\n",
        "\n  ",
        "\n    ",
        ": ",
        ":",
        ",",
        "[",
        "]",
        "{",
        "}",
        "&a",
        "*a",
        "!a",
        "!!",
        "#",
        "|\n",
        ">-\n",
        "'",
        "\"",
        "\\",
        "\\x",
        "%",
        "@",
        "`",
        "? ",
        "<<: ",
        "<<: *a",
        "---\n",
        "...\n",
        "\t",
        "\r\n",
        "~",
        "no",
        "1.10",
        "{{ ",
        " }}",
        "{% if a %}",
        "{% endif %}",
        "{#",
        "太",
        "đ",
        "\u{E000}",
        "\u{2028}",
        "\u{85}",
        "x-a: ",
        "responses: ",
        "next: ",
        "ask: ",
    ]);
    prop::collection::vec(bit, 0..40).prop_map(|bits| bits.concat())
}

/// What somebody's hand, or a bad merge, does to a file.
#[derive(Debug, Clone)]
enum Slip {
    Delete(Index),
    Double(Index),
    Swap(Index, Index),
    Insert(Index, String),
    Cut(Index),
    Indent(Index, bool),
}

fn slip() -> impl Strategy<Value = Slip> {
    let index = any::<Index>;
    prop_oneof![
        index().prop_map(Slip::Delete),
        index().prop_map(Slip::Double),
        (index(), index()).prop_map(|(a, b)| Slip::Swap(a, b)),
        (index(), soup()).prop_map(|(at, text)| Slip::Insert(at, text.chars().take(8).collect())),
        index().prop_map(Slip::Cut),
        (index(), any::<bool>()).prop_map(|(at, more)| Slip::Indent(at, more)),
    ]
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut lines: Vec<String> = text.lines().map(String::from).collect();
    for slip in slips {
        if lines.is_empty() {
            break;
        }
        let count = lines.len();
        match slip {
            Slip::Delete(at) => drop(lines.remove(at.index(count))),
            Slip::Double(at) => lines.insert(at.index(count), lines[at.index(count)].clone()),
            Slip::Swap(a, b) => lines.swap(a.index(count), b.index(count)),
            Slip::Insert(at, text) => {
                let line = &mut lines[at.index(count)];
                let places: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
                line.insert_str(*at.get(&places), text);
            }
            Slip::Cut(at) => {
                let line = &mut lines[at.index(count)];
                let places: Vec<usize> = line.char_indices().map(|(at, _)| at).chain([line.len()]).collect();
                line.truncate(*at.get(&places));
            }
            Slip::Indent(at, more) => {
                let line = &mut lines[at.index(count)];
                match more {
                    true => line.insert_str(0, "  "),
                    false => *line = line.strip_prefix("  ").unwrap_or(line).to_string(),
                }
            }
        }
    }
    lines.join("\n")
}

/// The first lines of every starter playbook and library, up to where a part ends: small enough to be
/// read many times, and with every sort of part.
static EXCERPTS: LazyLock<Vec<InputFile>> = LazyLock::new(|| {
    let short = |input: InputFile| {
        let text = String::from_utf8(input.bytes).expect("text");
        let end = text.match_indices("\n  - ").map(|(at, _)| at).take_while(|at| *at < 14_000).last();
        file(&input.name, &text[..end.unwrap_or(text.len())])
    };
    starter().into_iter().filter(|input| &*input.name != "book.yaml").map(short).collect()
});

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200), name in prop::sample::select(vec!["book.yaml", "demo.yaml"])) {
        let input = vec![file(name, bytes), file("other.yaml", PLAYBOOK.replace("demo", "other"))];
        let (book, _) = through(input);
        prop_assert!(book.volumes.iter().any(|volume| volume.id.as_str() == "other"));
    }

    #[test]
    fn any_soup(text in soup(), name in prop::sample::select(vec!["book.yaml", "demo.yaml"])) {
        let (book, _) = through(vec![file(name, text), file("other.yaml", PLAYBOOK.replace("demo", "other"))]);
        prop_assert!(book.volumes.iter().any(|volume| volume.title == "Demo"));
    }
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn any_slip_in_a_starter_file(which in any::<Index>(), slips in prop::collection::vec(slip(), 1..6)) {
        let input = which.get(&EXCERPTS[..]);
        let text = slipped(std::str::from_utf8(&input.bytes).expect("text"), &slips);
        through(vec![file("book.yaml", BOOK), file(&input.name, text)]);
    }
}

proptest! {
    #![proptest_config(cases(4))]

    /// The same with all files of a language, as far as the handbook.
    #[test]
    fn any_slip_reaches_the_handbook(
        language in prop::sample::select(vec!["en/", "vi/", "zh-Hant/", "ms/"]),
        slips in prop::collection::vec(prop::collection::vec(slip(), 1..3), 5),
    ) {
        let files = EXCERPTS.iter().filter(|file| file.name.starts_with(language));
        let mut input: Vec<InputFile> = files
            .zip(&slips)
            .map(|(input, slips)| {
                file(&input.name, slipped(std::str::from_utf8(&input.bytes).expect("text"), slips))
            })
            .collect();
        input.push(file("book.yaml", BOOK));
        let (book, _) = through(input);
        published(&book);
    }
}
