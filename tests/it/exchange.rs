//! In and out: what is written can be read again, and lists as teams keep them.

use std::collections::BTreeMap;

use callbook::book::insert::{append, append_all};
use callbook::book::{self, Book};
use callbook::card::cards;
use callbook::exchange::{self, Draft, Found, Left, anki, table, whole, written};
use callbook::language::Language;
use callbook::search::Lexicons;
use proptest::prelude::*;

use crate::support::{cases, checked, errors, file, listed, loaded, starter};

/// Reads a list: its drafts, and what was left out, as `place: why`.
fn list(name: &str, bytes: &[u8]) -> (Vec<Draft>, Vec<String>) {
    let (found, _) = exchange::read(name, bytes).expect("a list");
    let (drafts, left) = match found {
        Found::Drafts(drafts, left) => (drafts, left),
        Found::Sheets(sheets, mut left) => {
            let mut all = Vec::new();
            for sheet in &sheets {
                let (columns, first) = exchange::guess(sheet, &[]).expect("columns");
                let (drafts, more) = exchange::drafts(sheet, &columns, first, Some("en"));
                all.extend(drafts);
                left.extend(more);
            }
            (all, left)
        }
        Found::Book(_) => panic!("a book"),
    };
    let told = |left: &Left| match &left.place {
        Some(place) => format!("{place}: {}", left.why),
        None => left.why.clone(),
    };
    (drafts, left.iter().map(told).collect())
}

/// Each draft as `title (category) {utterances} = answers`.
fn short(draft: &Draft) -> String {
    let says: Vec<&str> = draft.responses.iter().map(|one| one.say.as_str()).collect();
    let category = draft.category.as_deref().unwrap_or("-");
    format!("{} ({category}) {{{}}} = {}", draft.title, draft.utterances.join("; "), says.join(" / "))
}

#[track_caller]
fn check(name: &str, bytes: impl AsRef<[u8]>, expected: &[&str], left: &[&str]) {
    let (drafts, found) = list(name, bytes.as_ref());
    assert_eq!(drafts.iter().map(short).collect::<Vec<_>>(), expected);
    assert_eq!(found, left);
}

/// Drafts as a library of a book of its own.
fn library(drafts: &[Draft]) -> String {
    let mut number = 0;
    let parts: Vec<_> = drafts
        .iter()
        .map(|draft| {
            number += 1;
            exchange::entries(draft, draft.id.as_deref().unwrap_or(&format!("o-{number}")))
        })
        .collect();
    append_all("library: list\nlanguage: en\n", "objections", &parts).expect("a library").0
}

#[test]
fn the_starter_comes_back_from_json_as_it_was() {
    let (old, _) = book::load(starter());
    let json = whole::json(&old, &whole::Which::default());
    let (Found::Book(files), _) = exchange::read("b.json", json.as_bytes()).expect("a book") else {
        panic!("no book")
    };
    let input = files.iter().map(|(name, text)| file(name, text.as_str())).collect();
    let (new, findings) = book::load(input);
    assert_eq!(findings, [], "{}", listed(&findings));
    // The same cards, but for the lines at which they stand.
    let shown = |book: &Book| {
        let mut all = cards(book);
        all.iter_mut().for_each(|card| card.line = 0);
        all
    };
    assert_eq!(shown(&old), shown(&new));
    // The same model: a diff takes every key of it apart.
    assert_eq!(callbook::diff::diff(&old, &new), []);
    assert_eq!(whole::json(&new, &whole::Which::default()), json);
}

#[test]
fn json_that_is_no_book_is_told_of() {
    let check = |text: &str, why: &str| {
        let error = exchange::read("b.json", text.as_bytes()).expect_err(text);
        assert!(error.contains(why), "{text}: {error}");
    };
    check("{", "not JSON");
    check("7", "neither a book nor a list");
    check(r#"{"callbook": 99, "files": []}"#, "newer");
    check(r#"{"callbook": 1}"#, "`files` is no list");
    check(r#"{"callbook": 1, "files": [{"name": "../x.yaml", "content": {}}]}"#, "cannot be the name");
    check(r#"{"callbook": 1, "files": [{"name": "a.yaml", "content": {}}]}"#, "no book.yaml");
    check(
        r#"{"callbook": 1, "files": [{"name": "a.yaml", "content": {}}, {"name": "A.yaml", "content": {}}]}"#,
        "twice",
    );
}

/// The objections of a language, as drafts can keep them.
fn kept(book: &Book, language: &str) -> BTreeMap<String, String> {
    let volumes = book.volumes.iter().filter(|volume| volume.language.as_str() == language);
    let one = |one: &book::model::Objection| {
        let text = |text: &Option<book::model::Markup>| {
            text.as_ref().map(|text| text.source().split_whitespace().collect::<Vec<_>>().join(" "))
        };
        let responses: Vec<String> = one
            .responses
            .iter()
            .map(|response| {
                let answer = match &response.answer {
                    book::model::Answer::Say(say) => {
                        let lines: Vec<&str> = say.source().trim().lines().map(str::trim_end).collect();
                        lines.join("\n")
                    }
                    book::model::Answer::Steps(steps) => {
                        let turn = |step: &book::model::Step| {
                            format!("{:?} {} {}", step.step, step.say.source(), step.wait)
                        };
                        steps.iter().map(turn).collect::<Vec<_>>().join("\n")
                    }
                };
                let avoid: Vec<&str> = response.avoid.iter().map(book::model::Markup::source).collect();
                format!(
                    "{} {:?} {:?} {:?} {answer} {:?} {avoid:?}",
                    response.id,
                    response.technique,
                    text(&response.when),
                    text(&response.bridge),
                    text(&response.ask)
                )
            })
            .collect();
        let about = (&one.code, &one.title, one.kind, &one.category, text(&one.why), &one.utterances);
        (one.id.to_string(), format!("{about:?} {responses:#?}"))
    };
    volumes.flat_map(|volume| &volume.objections).map(one).collect()
}

#[test]
fn markdown_and_csv_bring_the_objections_back() {
    let (old, _) = book::load(starter());
    for language in ["en", "vi", "zh-Hant", "ms"] {
        let volumes = || old.volumes.iter().filter(|volume| volume.language.as_str() == language);
        let markdown = written::markdown(&old, volumes());
        let mut all = cards(&old);
        all.retain(|card| card.language.as_str() == language);
        let csv = table::csv(&old, &all);
        for (name, text) in [("o.md", markdown), ("o.csv", csv)] {
            let (found, _) = exchange::read(name, text.as_bytes()).expect("a list");
            let drafts = match found {
                Found::Drafts(drafts, left) => {
                    assert_eq!(left, [], "{language} {name}");
                    drafts
                }
                Found::Sheets(sheets, _) => {
                    let (columns, first) = exchange::guess(&sheets[0], &[]).expect("columns");
                    let (drafts, left) = exchange::drafts(&sheets[0], &columns, first, Some(language));
                    assert!(left.iter().all(|left| left.why.contains("only objections")), "{left:#?}");
                    drafts
                }
                Found::Book(_) => panic!("a book"),
            };
            let text = library(&drafts).replace("language: en", &format!("language: {language}"));
            // Under any other id than their own, the templates are checked with the starter's variables.
            let (new, findings) = loaded(&[("list.yaml", &text)]);
            let broken: Vec<_> =
                findings.iter().filter(|one| !one.code.starts_with("template-variable")).cloned().collect();
            assert_eq!(errors(&broken), 0, "{language} {name}: {}", listed(&broken));
            assert_eq!(kept(&new, language), kept(&old, language), "{language} {name}");
        }
    }
}

#[test]
fn no_cell_of_a_table_is_run() {
    let (book, _) = loaded(&[(
        "p.yaml",
        "library: p\nlanguage: en\nobjections:\n  - id: o\n    title: =1+1\n    why: \"'=x\"\n    utterances: ['@sum', '-5 % is too little']\n    responses: [{id: a, say: \"+49 \\t\\\"x\\\", y\"}]\n",
    )]);
    let csv = table::csv(&book, &cards(&book));
    let mut reader = csv_cells(&csv);
    let row = reader.pop().expect("a row");
    for cell in &row {
        assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
    }
    // And it comes back as it was.
    let (drafts, _) = list("o.csv", csv.as_bytes());
    assert_eq!(short(&drafts[0]), "=1+1 (-) {@sum; -5 % is too little} = +49  \"x\", y");
    assert_eq!(drafts[0].why.as_deref(), Some("'=x"));
}

fn csv_cells(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|row| row.expect("a row").iter().map(str::to_string).collect()).collect()
}

#[test]
fn anki_gets_a_note_a_line() {
    let (book, _) = book::load(starter());
    let all = cards(&book);
    let text = anki::notes(&all, &book.title);
    let (head, notes): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with('#'));
    assert_eq!(head[..2], ["#separator:tab", "#html:true"]);
    let heard = all.iter().filter(|card| matches!(card.kind.as_str(), "objection" | "signal"));
    assert_eq!(notes.len(), heard.filter(|card| !card.responses.is_empty()).count());
    let mut ids = std::collections::BTreeSet::new();
    for note in notes {
        let fields: Vec<&str> = note.split('\t').collect();
        assert_eq!(fields.len(), 5, "{note}");
        assert!(ids.insert(fields[0]), "{note}");
        assert!(fields.iter().all(|field| !field.is_empty() && !field.contains('"')), "{note}");
    }
    let (odd, _) = loaded(&[(
        "p.yaml",
        "library: p\nlanguage: en\nobjections:\n  - id: o\n    title: \"<b>&\\tx\"\n    category: a b\n    responses: [{id: a, say: \"one\\ntwo \\\"x\\\"\"}]\n",
    )]);
    let text = anki::notes(&cards(&odd), "A::B");
    let note = text.lines().last().expect("a note");
    assert!(
        note.contains("A:B::p\t<b>&lt;b&gt;&amp; x</b>\t") && note.contains("objection en a-b"),
        "{note}"
    );
}

#[test]
fn lists_as_teams_keep_them() {
    // Answers in several columns, one objection over several rows, what was left open.
    check(
        "l.csv",
        "Objection,Category,They say,Response 1,Response 2,Ask\r\nToo dear,Price,\"too much\nno money\",a,b,why?\r\n,,,c,,\r\nNo time,,,,,\r\n,,,,,\r\nToo dear,,steep,d,,\r\n",
        &["Too dear (price) {too much; no money; steep} = a / b / c / d"],
        &["line 5: there is no answer to it, and a card needs one"],
    );
    // Nothing above a row to go on with, other languages, other cards.
    check(
        "l.csv",
        "objection,language,card,answer\n,en,,x\nà,vi,objection,y\nSure,en,close,z\nYes,EN,objection,w\n",
        &["Yes (-) {Yes} = w"],
        &[
            "line 2: there is no objection in it",
            "line 3: it is in `vi`, not in `en`",
            "line 4: it is a close, and only objections are taken over",
        ],
    );
    // What belongs to an answer, without one; a kind and an id that are none.
    check(
        "l.csv",
        "id,objection,kind,bridge,say\nA B,Too dear,rant,Hm,\nok,Slow,Brush off,I see,Go on\n",
        &["Slow (-) {Slow} = Go on"],
        &[
            "line 2: column A: `A B` cannot be an id: only a-z, 0-9 and - (not at the ends)",
            "line 2: column C: `rant` is no kind: question, brush-off, smokescreen, objection or condition",
            "line 2: column D: `bridge` without an answer beside it",
            "line 2: there is no answer to it, and a card needs one",
        ],
    );
    // Windows-1252, semicolons, and JSON of another program.
    check(
        "l.csv",
        b"Objection;Answer\nTrop cher \x80;D\xE9j\xE0 vu\n",
        &["Trop cher € (-) {Trop cher €} = Déjà vu"],
        &[],
    );
    check(
        "l.json",
        r#"{"objections": [{"objection": "太貴", "utterances": ["太貴了", "沒預算"], "response": "跟什麼比？", "n": {"x": 1}}, 7]}"#,
        &["太貴 (-) {太貴了; 沒預算} = 跟什麼比？"],
        &["record 1: `n` is neither a text nor a list of texts", "record 2: it is no object with keys"],
    );
}

/// A workbook as small as can be: files of XML, stored in an archive.
fn workbook(sheets: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut files: Vec<(String, String)> = Vec::new();
    let (mut list, mut links, mut types) = (String::new(), String::new(), String::new());
    for (number, (name, state, body)) in sheets.iter().enumerate() {
        let number = number + 1;
        list += &format!(r#"<sheet name="{name}" sheetId="{number}" {state} r:id="rId{number}"/>"#);
        links += &format!(
            r#"<Relationship Id="rId{number}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{number}.xml"/>"#
        );
        types += &format!(
            r#"<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>"#
        );
        let body = format!(
            r#"<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{body}</worksheet>"#
        );
        files.push((format!("xl/worksheets/sheet{number}.xml"), body));
    }
    files.push(("[Content_Types].xml".into(), format!(r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>{types}</Types>"#)));
    files.push(("_rels/.rels".into(), r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#.into()));
    files.push(("xl/workbook.xml".into(), format!(r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{list}</sheets></workbook>"#)));
    files.push(("xl/_rels/workbook.xml.rels".into(), format!(r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}<Relationship Id="rId90" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#)));
    files.push(("xl/styles.xml".into(), r#"<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>"#.into()));
    archive(&files)
}

/// Files in a zip archive, not compressed.
fn archive(files: &[(String, String)]) -> Vec<u8> {
    let crc = |bytes: &[u8]| {
        let mut crc = !0u32;
        for byte in bytes {
            crc ^= u32::from(*byte);
            for _ in 0..8 {
                crc = (crc >> 1) ^ (0xEDB8_8320 & (!(crc & 1)).wrapping_add(1));
            }
        }
        !crc
    };
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text) in files {
        let at = out.len() as u32;
        let mut about = Vec::new();
        for number in [20u16, 0x0800, 0, 0, 0x21] {
            about.extend(number.to_le_bytes());
        }
        for number in [crc(text.as_bytes()), text.len() as u32, text.len() as u32] {
            about.extend(number.to_le_bytes());
        }
        about.extend((name.len() as u16).to_le_bytes());
        about.extend(0u16.to_le_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(&about);
        out.extend(name.as_bytes());
        out.extend(text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&about);
        directory.extend([0u8; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let at = out.len() as u32;
    out.extend(&directory);
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((files.len() as u16).to_le_bytes());
    out.extend((directory.len() as u32).to_le_bytes());
    out.extend(at.to_le_bytes());
    out.extend([0, 0]);
    out
}

fn cell(at: &str, text: &str) -> String {
    format!(r#"<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

#[test]
fn workbooks() {
    let body = format!(
        "<sheetData><row r=\"1\">{}{}{}{}</row><row r=\"3\">{}{}{}{}</row><row r=\"4\">{}{}</row>\
         <row r=\"5\">{}<c r=\"C5\" t=\"str\"><f>A1&amp;B1</f><v>made by a formula</v></c></row>\
         <row r=\"6\">{}<c r=\"C6\" t=\"e\"><v>#REF!</v></c></row>\
         <row r=\"7\">{}<c r=\"C7\" s=\"1\"><v>46000</v></c></row>\
         <row r=\"1048576\"><c r=\"XFD1048576\"><v>1</v></c></row></sheetData>\
         <mergeCells><mergeCell ref=\"A3:A4\"/><mergeCell ref=\"B3:B5\"/></mergeCells>",
        cell("A1", "Objection"),
        cell("B1", "Category"),
        cell("C1", "Response"),
        cell("D1", "Owner"),
        cell("A3", "Too dear"),
        cell("B3", "Price"),
        cell("C3", "Compared with what?"),
        cell("D3", "Kim"),
        cell("C4", "What is it worth?"),
        cell("D4", "Lee"),
        cell("A5", "No budget"),
        cell("A6", "Not now"),
        cell("A7", "Call on the day"),
    );
    let (found, _) = exchange::read(
        "l.xlsx",
        &workbook(&[("Our list", "", &body), ("Old", "state=\"hidden\"", "<sheetData/>")]),
    )
    .expect("a workbook");
    let Found::Sheets(sheets, left) = found else { panic!("no sheets") };
    assert_eq!(sheets.len(), 1);
    let (columns, first) = exchange::guess(&sheets[0], &[]).expect("columns");
    let (drafts, more) = exchange::drafts(&sheets[0], &columns, first, None);
    let shown: Vec<String> = drafts.iter().map(short).collect();
    assert_eq!(
        shown,
        [
            "Too dear (price) {Too dear} = Compared with what? / What is it worth?",
            "No budget (price) {No budget} = made by a formula",
            // A date is a text like any other.
            "Call on the day (-) {Call on the day} = 2025-12-09",
        ]
    );
    let told: Vec<String> = left
        .iter()
        .chain(&more)
        .map(|left| {
            format!("{} {}", left.place.as_ref().map(ToString::to_string).unwrap_or_default(), left.why)
        })
        .collect();
    assert_eq!(
        told,
        [
            "sheet `Our list`, row 6 the formula in column C gives no value",
            "sheet `Our list`, row 1048576 it stands in column XFD, beyond any list",
            " sheet `Old`: it is hidden, so it was left alone",
            "sheet `Our list`, row 6 there is no answer to it, and a card needs one",
        ]
    );
    // Cut short, or something else in an archive.
    let whole = workbook(&[("S", "", "<sheetData/>")]);
    for cut in [4, 40, whole.len() / 2, whole.len() - 30] {
        assert!(exchange::read("l.xlsx", &whole[..cut]).is_err(), "{cut}");
    }
    assert!(exchange::read("l.xlsx", &archive(&[("a.txt".into(), "x".into())])).is_err());
    assert!(exchange::read("l.xls", b"\xD0\xCF\x11\xE0\xA1\xB1").is_err_and(|why| why.contains(".xlsx")));
}

#[test]
fn categories_are_guessed_as_the_starter_has_them() {
    let (book, _) = book::load(starter());
    let lexicons = Lexicons::default();
    let (mut named, mut right, mut all) = (0, 0, 0);
    for volume in &book.volumes {
        for objection in volume.objections.iter().filter(|one| one.category.is_some()) {
            let mut texts = vec![objection.title.as_str()];
            texts.extend(objection.utterances.iter().map(String::as_str));
            let guess = lexicons.category(volume.language.family(), &texts);
            all += 1;
            named += usize::from(guess.is_some());
            right += usize::from(guess.is_some() && guess == objection.category);
        }
    }
    assert!(named * 10 >= all * 6, "too few are named: {named} of {all}");
    assert!(right * 10 >= named * 7, "too few are right: {right} of {named}");
    let english = Language::english().family();
    assert_eq!(lexicons.category(english, &["lovely weather today"]), None);
    assert_eq!(lexicons.category(english, &[]), None);
    assert_eq!(lexicons.category(english, &["zzz qqq"]), None);
}

#[test]
fn several_parts_are_added_as_one_by_one() {
    let (drafts, _) = list("l.csv", b"objection,answer\na b,c: d\ne,# f\ng,\"h\ni\"\n");
    let parts: Vec<_> =
        drafts.iter().enumerate().map(|(n, draft)| exchange::entries(draft, &format!("n-{n}"))).collect();
    let old = "library: p\nlanguage: en\nobjections:\n  - {id: o, title: o, responses: [{say: o}]}\n\n  - {id: p, title: p, responses: [{say: p}]}\n# end\n";
    for old in [
        old.to_string(),
        old.replace('\n', "\r\n"),
        "library: p\nlanguage: en\nobjections: []\n".into(),
        "library: p\nlanguage: en".into(),
    ] {
        let (all, begins) = append_all(&old, "objections", &parts).expect("parts");
        let mut one = old.clone();
        for part in &parts {
            one = append(&one, "objections", part).expect("a part");
        }
        assert_eq!(all, one);
        if !old.contains("[]\n") {
            for (n, line) in begins.iter().enumerate() {
                let text = all.lines().nth(*line as usize - 1).unwrap_or_default();
                assert!(text.contains(&format!("id: n-{n}")), "{line}: {text}");
            }
        }
        let (_, findings) = checked(&[("p.yaml", &all)]);
        assert_eq!(errors(&findings), 0, "{}", listed(&findings));
    }
}

proptest! {
    #![proptest_config(cases(200))]
    /// Whatever a file holds: an answer or a word, and what is taken over can be written and read.
    #[test]
    fn any_file_is_read_or_refused(
        name in prop_oneof![Just("l.csv"), Just("l.md"), Just("l.json"), Just("l.txt")],
        text in "(objection|answer|category|#+ |- |> |\\||,|;|\"|\n|\r\n|=x|\\PC{0,6}| ){0,40}",
    ) {
        if let Ok((Found::Drafts(..) | Found::Sheets(..), _)) = exchange::read(name, text.as_bytes()) {
            let (drafts, _) = list(name, text.as_bytes());
            if !drafts.is_empty() {
                let plain: Vec<Draft> = drafts.into_iter().map(|draft| Draft { id: None, ..draft }).collect();
                let (_, findings) = loaded(&[("l.yaml", &library(&plain))]);
                let faults: Vec<_> = findings.iter().filter(|one| !one.code.starts_with("template")).cloned().collect();
                prop_assert_eq!(errors(&faults), 0, "{}", listed(&faults));
            }
        }
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = exchange::read("l", &bytes);
        let zip = [b"PK\x03\x04".as_slice(), &bytes].concat();
        let _ = exchange::read("l", &zip);
    }
}
