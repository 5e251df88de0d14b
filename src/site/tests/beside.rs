//! The files beside the pages, and what a book puts in place of the handbook's own.

use std::collections::BTreeMap;

use super::{is_sound, load_with, options, page, resolve, starter, starter_site, tags};
use crate::book::model::parse_date;
use crate::site::{Changes, Options, Site, Theme, build};

const BASE: &str = "title: A & B\nlanguage: en\nbase_url: https://h.example/x/\n";
const BOOK: &str = "playbook: a
title: A
language: en
summary: 'See [the guide](files/a%20b.pdf#page=2) and [what to say](#dear), not [this](#gone).'
owner: sales
stages: [{id: s, title: S, goal: 'G [in](#s)', materials: [{title: M, link: m.pdf}], next: [{go: won}]}]
objections:
  - {id: dear, title: 'Dear <b>', was: [pricey], responses: [{say: Hm}], meta: {verified: 2026-02-03}}
  - {id: late, title: Late, responses: [{say: 'See [x](inside.pdf)', visibility: internal}, {say: y}]}
outcomes: [{id: won, title: Won, result: won}]
";

fn small(options: &Options) -> Site {
    let book = load_with(BASE, &[("a.yaml", BOOK)]);
    build(&book, options).unwrap_or_else(|error| panic!("{error}"))
}

fn theme(files: &[(&str, &str)]) -> Options {
    let file = |(name, text): &(&str, &str)| (name.to_string(), text.as_bytes().to_vec());
    Options { theme: Theme { files: files.iter().map(file).collect() }, ..options(false) }
}

#[test]
fn texts_link_to_files_and_to_cards() {
    let site = small(&options(false));
    let html = page(&site, "en/a/index.html");
    assert!(
        html.contains("<a href=\"objections/dear/index.html\">what to say</a>, not <a>this</a>"),
        "{html}"
    );
    assert!(html.contains("href=\"../../files/a%20b.pdf#page=2\""), "{html}");
    assert!(page(&site, "en/a/stages/s/index.html").contains("<a href=\"index.html\">in</a>"));
    let names = |site: &Site| site.attached.iter().cloned().collect::<Vec<_>>();
    assert_eq!(names(&site), ["files/a b.pdf", "inside.pdf", "m.pdf"]);
    assert_eq!(
        names(&small(&options(true))),
        ["files/a b.pdf", "m.pdf"],
        "a file that only internal text names"
    );
}

#[test]
fn the_sitemap_has_the_pages_and_no_old_addresses() {
    let site = small(&options(false));
    let map = page(&site, "sitemap.xml");
    for there in ["https://h.example/x/</loc>", "/x/en/a/objections/dear/</loc>", "/x/en/glossary/</loc>"] {
        assert!(map.contains(there), "{there} in {map}");
    }
    for gone in ["pricey", "404", "index.html"] {
        assert!(!map.contains(gone), "{gone} in {map}");
    }
    assert!(page(&site, "robots.txt").ends_with("Sitemap: https://h.example/x/sitemap.xml\n"));
    assert!(!starter_site().files.contains_key("sitemap.xml"), "the starter book names no address");
}

#[test]
fn the_feed_has_the_cards_that_changed_last() {
    let mut with = options(false);
    let day = |text| parse_date(text);
    // The eighth line is `dear`, the ninth `late`.
    let days = [None, None, None, None, None, day("2026-01-01"), None, day("2026-03-01"), day("2026-02-01")];
    with.changes = Changes { lines: BTreeMap::from([("a.yaml".to_string(), days.to_vec())]) };
    let site = small(&with);
    let feed = page(&site, "feed.xml");
    let titles: Vec<&str> = feed
        .split("<entry")
        .skip(1)
        .map(|e| e.split("<title>").nth(1).unwrap().split('<').next().unwrap())
        .collect();
    assert_eq!(titles, ["Dear &lt;b&gt;", "Late", "S"], "{feed}");
    assert!(
        feed.contains("<updated>2026-03-01T00:00:00Z</updated>") && feed.contains("<title>A &amp; B</title>")
    );
    assert!(page(&site, "en/a/objections/dear/index.html").contains("<dd>2026-03-01</dd>"));
    assert!(page(&site, "en/index.html").contains("<time datetime=\"2026-03-01\">"));
    // In a public build history says nothing; the day on which a card was last checked does.
    with.public = true;
    let feed = small(&with).files["feed.xml"].clone();
    let feed = String::from_utf8(feed).expect("UTF-8");
    assert!(feed.contains("2026-02-03") && !feed.contains("2026-03-01"), "{feed}");
}

#[test]
fn what_programs_read_leads_somewhere() {
    let site = starter_site();
    let manifest: serde_json::Value =
        serde_json::from_slice(&site.files["manifest.webmanifest"]).expect("JSON");
    for path in [&manifest["start_url"], &manifest["icons"][0]["src"]] {
        assert!(site.files.contains_key(path.as_str().expect("a path")), "{path}");
    }
    let text = page(site, "llms.txt");
    let mut links = 0;
    for link in text.split("](").skip(1) {
        let link = link.split(')').next().unwrap_or_default();
        assert!(site.files.contains_key(link), "{link} in llms.txt");
        links += 1;
    }
    assert!(links > 200, "{links} links");
    let worker = build(starter(), &Options { offline: true, ..options(false) }).expect("a site");
    let code = page(&worker, "sw.js");
    let list = code.split("FILES = ").nth(1).and_then(|list| list.split(";\n").next()).expect("a list");
    let list: Vec<String> = serde_json::from_str(list).expect("JSON");
    assert!(
        list.contains(&"en/index.html".to_string())
            && list.iter().all(|path| worker.files.contains_key(path))
    );
    assert!(page(&worker, "en/index.html").contains("data-offline=\"../sw.js\""));
    assert!(!page(site, "en/index.html").contains("data-offline"));
}

#[test]
fn every_word_that_is_said_has_an_anchor() {
    let site = starter_site();
    let mut said = 0;
    for path in site.files.keys().filter(|path| path.ends_with(".html")) {
        for (name, attributes) in tags(page(site, path)) {
            if attributes.contains_key("data-say") {
                let id = attributes.get("id").unwrap_or_else(|| panic!("<{name} data-say> in {path}"));
                assert!(page(site, path).contains(&format!("<a class=\"at\" href=\"#{id}\"")), "{path}#{id}");
                said += 1;
            }
        }
    }
    assert!(said > 2_000, "{said} lines");
    let path = "en/core-objections/objections/too-expensive/index.html";
    for anchor in ["r-isolate-bridge", "r-isolate-say", "r-isolate-ask"] {
        assert!(page(site, path).contains(&format!("id=\"{anchor}\" data-say")), "{anchor}");
    }
}

#[test]
fn a_theme_replaces_files_one_at_a_time() {
    let plain = small(&options(false));
    let themed = small(&theme(&[
        ("close.html.j2", "never used: the book has no close"),
        (
            "foot.html.j2",
            "<p class=\"mine\">{{ frame.book }} <img src=\"{{ frame.up_html|safe }}{{ frame.files[\"logo.svg\"] }}\" alt=\"\"></p>",
        ),
        ("policy.txt.j2", "default-src 'none'; script-src 'self' https://stats.example"),
        ("extra.css", ":root { --accent: #a00; }"),
        ("logo.svg", "<svg/>"),
    ]));
    let (before, after) = (page(&plain, "en/index.html"), page(&themed, "en/index.html"));
    assert!(after.contains("<p class=\"mine\">A &amp; B <img src="), "{after}");
    assert!(after.contains("https://stats.example\">") && !before.contains("stats.example"));
    assert!(!before.contains("analytics") && !before.contains("mine"));
    let css = |site: &Site| {
        let found =
            site.files.iter().find(|(path, _)| path.starts_with("assets/site.") && path.ends_with(".css"));
        String::from_utf8(found.expect("a style sheet").1.clone()).expect("UTF-8")
    };
    assert!(css(&themed).starts_with(&css(&plain)) && css(&themed).ends_with("--accent: #a00; }"));
    assert!(themed.files.keys().any(|path| path.starts_with("assets/logo.") && path.ends_with(".svg")));
}

#[test]
fn a_broken_theme_tells_its_line() {
    let book = load_with(BASE, &[("a.yaml", BOOK)]);
    for (name, text, line, told) in [
        (
            "stage.html.j2",
            "{% extends \"base.html\" %}\n{% block main %}\n{{ goal_htm }}\n{% endblock %}",
            3,
            "goal_htm",
        ),
        ("home.html.j2", "\n{% if %}", 2, "syntax"),
        ("foot.html.j2", "\n\n{{ frame.nothing }}", 3, "frame.nothing"),
    ] {
        let options = theme(&[(name, text)]);
        let error = build(&book, &options).expect_err(name);
        let fault = match crate::site::check_theme(&options.theme).into_iter().next() {
            Some(fault) => fault,
            None => error.theme_fault(&options.theme).unwrap_or_else(|| panic!("{error}")),
        };
        assert_eq!((fault.file.as_str(), fault.line), (name, line), "{fault:?}");
        assert!(fault.message.contains(told), "{fault:?}");
    }
}

#[test]
fn folders_of_the_handbook_are_not_hidden_by_a_playbook() {
    let named = |id: &str| {
        format!(
            "playbook: {id}\ntitle: Own {id}\nlanguage: en\nobjections: [{{id: x, title: X, responses: [{{say: y}}]}}]\n"
        )
    };
    let (one, two) = (named("print"), named("glossary"));
    let book = load_with("title: T\nlanguage: en\n", &[("a.yaml", one.as_str()), ("b.yaml", two.as_str())]);
    let site = build(&book, &options(false)).expect("a site");
    assert_eq!(is_sound(&site), Default::default());
    assert!(page(&site, "en/print_/index.html").contains("<h1>Own print</h1>"));
    assert!(page(&site, "en/glossary/index.html").contains("<h1>Glossary</h1>"));
    let link = tags(page(&site, "en/index.html"))
        .into_iter()
        .find_map(|(_, a)| a.get("href").filter(|h| h.contains("print_")).cloned());
    assert_eq!(resolve("en/index.html", &link.expect("a link")), "en/print_/index.html");
}
