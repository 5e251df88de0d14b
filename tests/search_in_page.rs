//! Search in the handbook's pages against `find`, in a real browser: `tests/browser/search.mjs`.

mod npm;
#[path = "bench/peers.rs"]
#[allow(dead_code)]
mod peers;
#[path = "bench/sets.rs"]
#[allow(dead_code)]
mod sets;

use std::fs;
use std::path::Path;
use std::process::Command;

use callbook::book::{self, Book, InputFile};
use callbook::card::{Card, cards};
use callbook::project::{self, STARTER};
use callbook::search::browser::tokens;
use callbook::search::{Filters, Lexicon, Lexicons, SearchIndex};
use callbook::site;
use serde_json::{Value, json};

/// Runs a script of `tests/browser/` and shows what it said where a check in it failed.
fn run(script: &str, arguments: &[&Path]) {
    let Some(folder) = npm::installed("browser") else { return };
    let node = Command::new("node").arg(folder.join(script)).args(arguments).output();
    let node = node.expect("node is needed");
    let said = String::from_utf8_lossy(&node.stdout);
    assert!(node.status.success(), "{said}\n{}", String::from_utf8_lossy(&node.stderr));
    // Shown by `--nocapture`: the figures.
    #[allow(clippy::print_stdout)]
    {
        println!("{said}");
    }
}

/// Builds the handbook of a book into a folder.
fn build(book: &Book, to: &Path) {
    let options = site::Options { generator: "test", ..site::Options::default() };
    let site = site::build(book, &options).unwrap_or_else(|error| panic!("{error}"));
    project::write_site(to, &site.files, true).expect("a folder to write to");
}

fn starter() -> Book {
    let file =
        |(name, text): &(&str, &str)| InputFile { name: (*name).into(), bytes: text.as_bytes().to_vec() };
    book::load(STARTER.iter().map(file).collect()).0
}

/// A card that came first, as the script names it.
fn named(card: &Card) -> Value {
    json!([card.id, card.language, card.playbook, card.kind])
}

/// What `find` says to a query; `typing`: while it is typed.
fn answer(index: &SearchIndex, query: &str, typing: bool) -> Value {
    let filters = Filters::default();
    let found = if typing { index.suggest(query, &filters, 3) } else { index.find(query, &filters, 3) };
    let found = found.expect("an answer");
    let all = |hits: &[callbook::search::Hit]| hits.iter().map(|hit| named(&hit.card)).collect::<Vec<_>>();
    json!({ "query": query, "typing": typing, "hits": all(&found.hits), "near": all(&found.near) })
}

/// Every line of the sets, also without marks, in the other script, mistyped and half typed.
fn asked(index: &SearchIndex) -> Vec<Value> {
    let mut asked = Vec::new();
    for language in sets::LANGUAGES {
        for part in [sets::Part::Tune, sets::Part::Measured] {
            let set = sets::read(language, part);
            for (number, row) in set.heard.iter().chain(&set.nothing).enumerate() {
                let mut put = |text: &str, typing: bool, form: &str| {
                    let mut one = answer(index, text, typing);
                    one["language"] = language.into();
                    one["finds"] = json!(row.finds);
                    one["form"] = form.into();
                    asked.push(one);
                };
                put(&row.heard, false, "as it was heard");
                if let Some(hans) = &row.hans {
                    put(hans, false, "in Simplified");
                }
                if language == "vi" {
                    put(&sets::without_marks(&row.heard), false, "without marks");
                }
                if let Some(slip) = sets::mistyped(&row.heard, number) {
                    put(&slip, false, "mistyped");
                    if number % 3 == 1 {
                        put(&slip, true, "mistyped, as the page asks");
                    }
                }
                if number % 3 == 1 {
                    put(&row.heard, true, "as the page asks");
                }
                if number % 3 == 0 {
                    let most = row.heard.chars().count() * 2 / 3;
                    put(&row.heard.chars().take(most.max(2)).collect::<String>(), true, "while it is typed");
                }
            }
        }
    }
    asked
}

/// Texts that are cut in unusual ways.
const TRICKY: [&str; 22] = [
    "",
    "It's TOO expensive!",
    "‘quoted’ rock 'n' roll itʼs it´s it`s",
    "Đa\u{0306}\u{0301}t qua\u{0301} hoá đơn thuỷ quý hoàn",
    "ＥＭＡＩＬ　ｍｅ　２０％",
    "20 % off 100%.",
    "1,000 1.000 2.5 2,5 12:30 1,234,567. 1.5kg 1'000",
    "$20k €20 £3.50 ₫500.000 RM500 20%",
    "e-mail E-Mail email x-1 follow-up on-premise",
    "B2B P1 40k",
    "太貴了，先寄資料給我！妳 牠 著",
    "我們用Tideboard三年了",
    "ｶﾞｷﾞ 한국어 ไทย ที่",
    "Straße Æsir Œuvre Øre Łódź naïve",
    "İstanbul ISPARTA ısparta ΣΊΣΥΦΟΣ",
    "ﬁne ½ Ⅷ ①",
    "कि की مُحَمَّد שָׁלוֹם",
    "zero\u{200B}width co\u{00AD}operate",
    "🤷 no 👍🏽 budget 𠮷野家",
    "kawan-kawan tak nak lah",
    "ự ữ ọe uỷ khuỷu",
    "\u{0}\u{1}\t\n\"\\<script>",
];

#[test]
fn search_in_the_page_is_search_in_the_terminal() {
    let temp = tempfile::tempdir().expect("a folder");
    let book = starter();
    let site = temp.path().join("starter");
    build(&book, &site);
    let index = SearchIndex::in_memory(&cards(&book), &Lexicons::default()).expect("an index");
    let asked = asked(&index);
    assert!(asked.len() > 3000, "{}", asked.len());
    let texts = asked.iter().filter_map(|one| one["query"].as_str()).chain(TRICKY);
    let long = "x".repeat(5000);
    let cut: Vec<Value> = texts.chain([long.as_str()]).map(|text| json!([text, tokens(text)])).collect();
    let answers = temp.path().join("starter.json");
    fs::write(&answers, json!({ "asked": asked, "cut": cut }).to_string()).expect("a file");

    // Few pages, but so much text that it comes in shards.
    let big = big();
    let shards = temp.path().join("big");
    build(&big, &shards);
    let index =
        SearchIndex::in_memory(&cards(&big), &Lexicons::new(&Lexicon::of_book(&big))).expect("an index");
    let sets = sets::read("en", sets::Part::Tune);
    let lines = sets.heard.iter().map(|row| answer(&index, &row.heard, false));
    let asked: Vec<Value> =
        lines.chain(["pric", "o17", "p/o17", "too exp"].map(|text| answer(&index, text, true))).collect();
    let more = temp.path().join("big.json");
    fs::write(&more, json!({ "asked": asked, "cut": [] }).to_string()).expect("a file");
    run("search.mjs", &[&site, &answers, &shards, &more]);
}

/// Cards of sayings put together by number, with long answers, and a lexicon of the book's own.
fn big() -> Book {
    let sayings: Vec<&str> = callbook::search::shipped()[0]
        .groups
        .iter()
        .flat_map(|group| &group.expressions)
        .map(String::as_str)
        .collect();
    let mut next = 0;
    let mut some = |many: usize, step: usize| {
        let taken: Vec<&str> = (0..many).map(|at| sayings[(next + at * step) % sayings.len()]).collect();
        next += many * step + 17;
        taken
    };
    let objections: Vec<Value> = (0..200)
        .map(|number| {
            json!({
                "id": format!("o{number}"), "title": format!("{} {number}", some(1, 1)[0]), "category": "price",
                "utterances": some(40, 3),
                "responses": [{ "bridge": "I see", "say": some(400, 61).join(" ") }],
            })
        })
        .collect();
    let book = json!({ "playbook": "p", "title": "P", "language": "en", "objections": objections });
    let own = json!({ "lexicon": "en", "groups": [
        { "id": "zlotys", "category": "price", "expressions": ["zlotys galore", "we pay in zlotys"] }] });
    let files = [
        ("book.yaml", "title: Big\nlanguage: en\n".to_owned()),
        ("p.yaml", book.to_string()),
        ("lexicon.yaml", own.to_string()),
    ];
    let file = |(name, text): (&str, String)| InputFile { name: name.into(), bytes: text.into_bytes() };
    book::load(files.into_iter().map(file).collect()).0
}
