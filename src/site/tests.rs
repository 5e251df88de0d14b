//! What holds of every site: links lead somewhere, nothing runs, nothing internal leaks.

mod beside;
mod call;
mod public;
mod since;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use super::*;
use crate::book::{self, InputFile};

fn file(name: &str, text: &str) -> InputFile {
    InputFile { name: Arc::from(name), bytes: text.as_bytes().to_vec() }
}

/// The starter book, read once for all tests.
fn starter() -> &'static Book {
    static BOOK: OnceLock<Book> = OnceLock::new();
    BOOK.get_or_init(read_starter)
}

/// The team's site of the starter book, built once for all tests.
fn starter_site() -> &'static Site {
    static SITE: OnceLock<Site> = OnceLock::new();
    SITE.get_or_init(|| site(starter(), false))
}

fn read_starter() -> Book {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/playbooks");
    let files = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.expect("the starter book is there"))
        .filter(|entry| entry.path().extension().is_some_and(|end| end == "yaml"))
        .map(|entry| InputFile {
            name: Arc::from(entry.path().strip_prefix(root).expect("below").to_string_lossy()),
            bytes: std::fs::read(entry.path()).expect("readable"),
        });
    let (book, findings) = book::load(files.collect());
    assert!(findings.is_empty(), "{findings:?}");
    book
}

fn options(public: bool) -> Options {
    Options { public, generator: "1.2.3", ..Options::default() }
}

fn site(book: &Book, public: bool) -> Site {
    build(book, &options(public)).unwrap_or_else(|error| panic!("{error}"))
}

fn page<'a>(site: &'a Site, path: &str) -> &'a str {
    let bytes = site.files.get(path).unwrap_or_else(|| panic!("no {path}"));
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The tags of a page: name and attributes, decoded.
fn tags(html: &str) -> Vec<(String, BTreeMap<String, String>)> {
    let mut out = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let name: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric()).collect();
        rest = &rest[name.len()..];
        let mut attributes = BTreeMap::new();
        if name.is_empty() {
            continue;
        }
        loop {
            rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let key: String =
                rest.chars().take_while(|c| !c.is_whitespace() && !"=>/".contains(*c)).collect();
            rest = &rest[key.len().max(1)..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let (inside, tail) = quoted.split_once('"').expect("a closing quote");
                value = decode(inside);
                rest = tail;
            }
            assert!(attributes.insert(key, value).is_none(), "twice the same attribute in {html}");
        }
        // What stands in a script is no markup.
        if ["script", "style"].contains(&name.as_str()) {
            rest = rest.split_once(&format!("</{name}")).expect("its end").1;
        }
        out.push((name, attributes));
    }
    out
}

fn decode(text: &str) -> String {
    [
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2f;", "/"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(text.to_string(), |text, (from, to)| text.replace(from, to))
}

/// The path that a relative link means, seen from a page.
fn resolve(page: &str, link: &str) -> String {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => assert!(parts.pop().is_some(), "{link} in {page} leaves the site"),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// Asserts what holds of every page; gives the files of the book that pages link to.
fn is_sound(site: &Site) -> BTreeSet<String> {
    let pages: BTreeMap<&str, Vec<_>> = site
        .files
        .keys()
        .filter(|path| path.ends_with(".html"))
        .map(|path| (path.as_str(), tags(page(site, path))))
        .collect();
    let ids: BTreeMap<&str, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, tags)| {
            let all: Vec<&str> = tags.iter().filter_map(|(_, a)| a.get("id").map(String::as_str)).collect();
            let set: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), set.len(), "{path} has an id twice: {all:?}");
            (*path, set)
        })
        .collect();
    let mut outside = BTreeSet::new();
    for (path, tags) in &pages {
        let count = |name: &str| tags.iter().filter(|(tag, _)| tag == name).count();
        assert_eq!(count("h1"), 1, "{path}");
        assert_eq!(count("main"), 1, "{path}");
        let is_call = path.ends_with("/call.html");
        for bad in ["script", "style", "iframe", "object", "embed", "img", "form", "base"] {
            match bad {
                "script" | "style" if is_call => call::is_named(bad, page(site, path)),
                "form" if is_call => {}
                "script" => {}
                _ => assert_eq!(count(bad), 0, "<{bad}> in {path}"),
            }
        }
        // Every script is a file of the site, and nothing stands in it.
        let html = page(site, path);
        for (_, attributes) in tags.iter().filter(|(tag, _)| tag == "script" && !is_call) {
            let source = attributes.get("src").unwrap_or_else(|| panic!("a script within {path}"));
            assert!(
                path == &"404.html" || site.files.contains_key(&resolve(path, source)),
                "{path}: {source}"
            );
        }
        if !is_call {
            assert_eq!(html.matches("<script").count(), html.matches("></script>").count(), "{path}");
        }
        let policy = tags.iter().any(|(_, a)| {
            a.get("http-equiv").is_some_and(|name| name == "Content-Security-Policy")
                && a.get("content").is_some_and(|policy| policy.starts_with("default-src 'none'"))
        });
        assert!(policy, "{path} has no policy");
        for (tag, attributes) in tags {
            for (key, value) in attributes {
                assert!(!key.starts_with("on") && key != "style", "{key} on <{tag}> in {path}");
                if key == "aria-labelledby" {
                    assert!(ids[path].contains(value.as_str()), "{path} has no #{value}");
                }
            }
            let Some(link) = attributes.get("href") else {
                continue;
            };
            let scheme = link.split(['/', '#', '?']).next().unwrap_or_default();
            if let Some((scheme, _)) = scheme.split_once(':') {
                // The call screen carries its icon.
                let is_icon = is_call && tag == "link" && link.starts_with("data:image/svg+xml,");
                assert!(is_icon || ["https", "http", "mailto", "tel"].contains(&scheme), "{link} in {path}");
                let by_hand = tag == "a";
                assert!(!by_hand || attributes.contains_key("rel"), "{link} in {path} without rel");
                continue;
            }
            let (to, anchor) = match link.split_once('#') {
                Some((to, anchor)) => (to, Some(anchor)),
                None => (link.as_str(), None),
            };
            let target = if to.is_empty() { path.to_string() } else { resolve(path, to) };
            if !site.files.contains_key(&target) {
                outside.insert(target);
                continue;
            }
            if let Some(anchor) = anchor.filter(|anchor| !anchor.is_empty()) {
                assert!(ids[target.as_str()].contains(anchor), "{link} in {path}: no #{anchor}");
            }
        }
    }
    outside
}

#[test]
fn the_starter_book_becomes_a_sound_site() {
    let book = starter();
    let site = starter_site();
    assert_eq!(is_sound(site), BTreeSet::new(), "links that lead nowhere");
    assert_eq!(*site, self::site(book, false), "two builds differ");
    assert_eq!(site.warnings, [""; 0]);
    let count = |part: &str| site.files.keys().filter(|path| path.contains(part)).count();
    let all = |list: fn(&crate::book::model::Volume) -> usize| book.volumes.iter().map(list).sum::<usize>();
    assert_eq!(count("/stages/"), all(|volume| volume.stages.len()));
    assert_eq!(count("/closes/"), all(|volume| volume.closes.len()));
    assert_eq!(count("/questions/"), all(|volume| volume.questions.len()));
    assert_eq!(count("/competitors/"), all(|volume| volume.competitors.len()));
    assert!(count("/objections/") >= all(|volume| volume.objections.len()));
    for path in ["index.html", "404.html", "zh-Hant/index.html", "vi/categories/price/index.html"] {
        page(site, path);
    }
}

#[test]
fn a_public_site_of_the_starter_book_is_sound() {
    let site = site(starter(), true);
    assert_eq!(is_sound(&site), BTreeSet::new());
    let path = "en/saas-outbound/stages/insight/index.html";
    assert!(!page(&site, path).contains("If they shrug here"));
    assert!(!page(&site, "en/saas-outbound/index.html").contains("Agreed next steps that were kept"));
}

#[test]
fn the_switcher_stays_on_the_part_where_it_can() {
    let (book, site) = (starter(), starter_site());
    let links = |path: &str| -> BTreeMap<String, String> {
        tags(page(site, path))
            .into_iter()
            .filter(|(tag, a)| tag == "a" && a.contains_key("hreflang"))
            .map(|(_, mut a)| {
                let link = resolve(path, &a["href"]);
                (a.remove("hreflang").unwrap_or_default(), link)
            })
            .collect()
    };
    let path = "en/core-objections/objections/too-expensive/index.html";
    let there = links(path);
    assert_eq!(there["vi"], "vi/core-objections/objections/too-expensive/index.html");
    assert_eq!(there["en"], path);
    assert!(!page(site, path).contains("Not translated"));
    // A stage that only one language has: to its playbook, and it says so.
    let has = |volume: usize, id: &str| book.volumes[volume].stages.iter().any(|s| s.id.as_str() == id);
    let alone = book.playbooks().find_map(|(number, volume)| {
        let (other, there) = book.translations(number).find(|(_, v)| v.language.as_str() != "en")?;
        let stage = volume.stages.iter().find(|stage| !has(other, stage.id.as_str()))?;
        Some((volume, stage, there))
    });
    if let Some((volume, stage, there)) = alone {
        let path = Address::part(volume, PartKind::Stage, &stage.id).path;
        assert_eq!(links(&path)[there.language.as_str()], Address::volume(there).path);
    }
    let one = "playbook: a\ntitle: A\nlanguage: en\nobjections: [{id: x, title: X, responses: [{say: y}]}]\n";
    let two = one.replace("id: x", "id: z").replace("language: en", "language: vi");
    let small = self::site(&load(&[("a.yaml", one), ("b.yaml", two.as_str())]), false);
    let html = page(&small, "en/a/objections/x/index.html");
    assert!(
        html.contains("href=\"../../../../vi/a/index.html\"")
            && html.contains("Not translated: to the playbook"),
        "{html}"
    );
    // A playbook that only one language has: to the start page.
    let alone = links("vi/pheu-ban-hang/index.html");
    assert_eq!(alone["en"], "en/index.html");
    assert_eq!(links("vi/categories/price/index.html")["ms"], "ms/categories/price/index.html");
}

#[test]
fn old_addresses_lead_to_the_new_ones() {
    let book = load(&[(
        "a.yaml",
        "playbook: calls\nwas: [phone]\ntitle: Calls\nlanguage: en\nobjections:\n  - {id: dear, was: [pricey], title: Dear, responses: [{say: Hm}]}\n  - {id: pricey-2, title: Two, responses: [{say: Hm}]}\n",
    )]);
    let site = site(&book, false);
    is_sound(&site);
    for old in [
        "en/calls/objections/pricey/index.html",
        "en/phone/objections/pricey/index.html",
        "en/phone/objections/dear/index.html",
    ] {
        let html = page(&site, old);
        assert!(html.contains("http-equiv=\"refresh\""), "{html}");
        let link = tags(html).into_iter().find(|(tag, _)| tag == "a").expect("a link").1;
        assert_eq!(resolve(old, &link["href"]), "en/calls/objections/dear/index.html");
    }
    assert!(page(&site, "en/phone/index.html").contains("url=../calls/index.html"));
    page(starter_site(), "en/saas-outbound/objections/have-a-kanban-board/index.html");
}

fn load(files: &[(&str, &str)]) -> Book {
    load_with("title: T\nlanguage: en\n", files)
}

fn load_with(header: &str, files: &[(&str, &str)]) -> Book {
    let mut all = vec![file("book.yaml", header)];
    all.extend(files.iter().map(|(name, text)| file(name, text)));
    book::load(all).0
}

#[test]
fn a_hostile_book_stays_text() {
    let evil = "\"'><script>alert(1)</script><img src=x onerror=alert(1)> [a](javascript:alert(1)) </title>";
    let evil = evil.replace('\'', "''");
    let long = "x".repeat(400);
    let text = format!(
        "playbook: calls
title: '{evil}'
language: ar
summary: '{evil}'
method: '{evil}'
owner: '{evil}'
audience: {{role: ['{evil}'], persona: ['{evil}']}}
roles: [{{id: rep, title: '{evil}'}}]
variables: [{{name: who, title: '{evil}'}}, {{name: firm, default: '{evil}', example: '{evil}'}}]
stages:
  - id: open
    title: '{evil}'
    goal: '{evil} {{{{ who }}}} {{{{ firm }}}}'
    checklist: ['{evil}', '[a](guide.pdf) [b](../secret) [c](//evil.example/x) <a href=\"x.html\" onclick=\"y\">z</a>']
    script: [{{say: '{evil}'}}, {{ask: q}}, {{note: '{long}'}}]
    objections: [dear]
    materials: [{{title: '{evil}', link: a/b.pdf}}, {{title: M, link: 'https://a.example/?a=1&b=\"2\"'}}]
questions: [{{id: q, ask: '{evil}', options: ['{evil}'], type: choice}}]
objections:
  - id: dear
    code: P1
    title: '{evil}'
    category: '{evil}'
    utterances: ['{evil}', '{long}', a, b, c, d]
    tags: {{'{evil}': ['{evil}'], competitor: [acme]}}
    escalate: {{to: '{evil}', when: '{evil}'}}
    meta: {{owner: '{evil}', source: '{evil}', confidence: '{evil}'}}
    examples: [{{bad: '{evil}', good: '{evil}', why: '{evil}'}}]
    responses: [{{when: '{evil}', technique: '{evil}', bridge: '{evil}', say: '{evil}', ask: '{evil}', avoid: ['{evil}'], proof: [p]}}]
closes: [{{title: '{evil}', say: '{evil}', technique: '{evil}'}}]
competitors: [{{id: acme, title: '{evil}', aliases: ['{evil}'], we_win: ['{evil}']}}]
proofs: [{{id: p, claim: '{evil}', source: '{evil}', link: 'https://a.example/'}}]
signals: [{{id: s, title: '{evil}', utterances: ['{evil}']}}]
"
    );
    let header = format!(
        "title: '{evil}'\nlanguage: ar\nbase_url: https://h.example/sub\nedit_url: 'https://g.example/{{file}}#L{{line}}'\n"
    );
    let book = load_with(&header, &[("a b.yaml", text.as_str())]);
    assert_eq!(book.volumes.len(), 1, "the hostile book is read");
    let site = site(&book, false);
    let books: BTreeSet<String> = ["a/b.pdf", "guide.pdf", "x.html"].map(String::from).into();
    let mut outside = is_sound(&site);
    // The page for wrong addresses links from the root of the server.
    outside.retain(|path| !path.starts_with("/sub/"));
    assert_eq!(outside.difference(&books).collect::<Vec<_>>(), Vec::<&String>::new());
    for path in ["guide.pdf", "a/b.pdf"] {
        assert!(outside.contains(path), "{outside:?}");
    }
    for (path, bytes) in site.files.iter().filter(|(path, _)| path.ends_with(".html")) {
        let html = std::str::from_utf8(bytes).expect("UTF-8").to_lowercase();
        // The call screen has its own, which its policy names.
        let own = usize::from(path.ends_with("/call.html"));
        assert_eq!(html.matches("<script>").count(), own, "{path}");
        assert!(!html.contains("href=\"javascript:"), "{path}");
    }
    let html = page(&site, "ar/calls/objections/dear/index.html");
    assert!(html.contains("<html lang=\"ar\" dir=\"rtl\" "));
    assert!(
        html.contains("<link rel=\"canonical\" href=\"https:&#x2f;&#x2f;h.example&#x2f;sub&#x2f;ar"),
        "{html}"
    );
    assert!(html.contains("https://g.example/a%20b.yaml#L"), "{html}");
    assert!(page(&site, "404.html").contains("href=\"/sub/assets/"));
    // It is shown at any depth.
    assert!(!page(&site, "404.html").contains("=\"assets/"), "{}", page(&site, "404.html"));
    assert_eq!(site.warnings.len(), 1);
}

#[test]
fn alternates_stand_only_where_the_address_is_known() {
    let volume = |language: &str| {
        format!(
            "playbook: a\ntitle: A\nlanguage: {language}\nobjections: [{{id: x, title: X, responses: [{{say: y}}]}}]\n"
        )
    };
    let (en, vi) = (volume("en"), volume("vi"));
    let files = [("a.yaml", en.as_str()), ("b.yaml", vi.as_str())];
    let path = "en/a/objections/x/index.html";
    assert!(!page(&site(&load(&files), false), path).contains("rel=\"alternate\""));
    let book = load_with("title: T\nlanguage: en\nbase_url: https://h.example\n", &files);
    let site = site(&book, false);
    let html = decode(page(&site, path));
    for address in ["en/a/objections/x/", "vi/a/objections/x/"] {
        assert!(html.contains(&format!("href=\"https://h.example/{address}\"")), "{html}");
    }
}

/// Templates write HTML only from fields and items whose names say that it is HTML.
#[test]
fn only_html_fields_are_written_as_html() {
    // The call screen is given a whole script in HTML; the hostile book watches it.
    for (name, source) in TEMPLATES.iter().filter(|(name, _)| *name != "call.html") {
        for (at, _) in source.match_indices("|safe") {
            let field = source[..at].rsplit(['.', ' ']).next().unwrap_or_default();
            assert!(field.ends_with("_html"), "{name}: {field}|safe");
        }
        for expression in source.split("{{").skip(1) {
            let expression = expression.split("}}").next().unwrap_or_default();
            let html = expression.contains("_html") && !expression.contains("parts.");
            assert!(!html || expression.contains("_html|safe"), "{name}: {expression}");
        }
    }
}

#[test]
fn an_empty_book_has_a_front_page() {
    let site = site(&load(&[]), false);
    is_sound(&site);
    assert!(page(&site, "index.html").contains("nothing here yet"));
}
