//! The call screen: one document, which nothing outside of it is needed for.

use super::{file, is_sound, options, page, site, starter, starter_site};
use crate::book;
use crate::book::model::VolumeKind;
use crate::calls::landed::Landed;
use crate::rate::Rate;
use crate::site::sha256;
use crate::site::{Options, build};

/// The one element of this name, whose content the page's policy names by its digest.
pub(super) fn is_named(element: &str, html: &str) {
    let (open, close) = (format!("<{element}>"), format!("</{element}>"));
    assert_eq!(html.matches(&format!("<{element}")).count(), 1, "{element}");
    let content = html.split_once(&open).and_then(|(_, rest)| rest.split_once(&close)).expect(element).0;
    let digest = sha256::source(content).replace('\'', "&#39;").replace('/', "&#x2f;");
    let policy =
        html.split("Content-Security-Policy\" content=\"").nth(1).and_then(|rest| rest.split('"').next());
    let policy = policy.expect("a policy").replace("&#x27;", "&#39;");
    // The handbook's search may be asked besides.
    let besides = if element == "script" { "&#39;self&#39; " } else { "" };
    assert!(policy.contains(&format!("{element}-src {besides}{digest};")), "{digest} in {policy}");
    assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
}

#[test]
fn every_playbook_has_one() {
    let (book, site) = (starter(), starter_site());
    for volume in &book.volumes {
        let path = format!("{}/{}/call.html", volume.language, volume.id);
        let home = format!("{}/{}/index.html", volume.language, volume.id);
        let is_led = volume.kind == VolumeKind::Playbook;
        assert_eq!(site.files.contains_key(&path), is_led, "{path}");
        assert_eq!(page(site, &home).contains("href=\"call.html\""), is_led, "{home}");
        if !is_led {
            continue;
        }
        let html = page(site, &path);
        for stage in &volume.stages {
            assert!(html.contains(&format!("id=\"stage-{}\"", stage.id)), "{path}: {}", stage.id);
        }
        let number =
            book.volumes.iter().position(|one| one.id == volume.id && one.language == volume.language);
        for (_, of) in book.scope(number.expect("a volume")) {
            for card in &of.objections {
                assert!(html.contains(&format!("id=\"objection-{}\"", card.id)), "{path}: {}", card.id);
            }
        }
        // Nothing that another file would be needed for.
        for asked in ["<link rel=\"stylesheet", " src=", "@import", "url("] {
            assert!(!html.contains(asked), "{asked} in {path}");
        }
    }
}

#[test]
fn values_can_be_filled_in_later() {
    let html = page(starter_site(), "en/saas-outbound/call.html");
    for expected in [
        "<span class=\"blank\" data-var=\"prospect.first_name\">First name</span>",
        "<span class=\"value\" data-var=\"company\">Tideway</span>",
        "<span class=\"value\" data-var=\"team_size\">20</span>",
        "<span class=\"blank\" data-var=\"answer\">",
        "name=\"prospect.first_name\" type=\"text\"",
        "name=\"team_size\" type=\"number\"",
    ] {
        assert!(html.contains(expected), "{expected}");
    }
}

#[test]
fn what_landed_stands_first_in_it() {
    let mut landed = Landed::default();
    let book = starter();
    let card = book.volumes.iter().flat_map(|volume| &volume.objections);
    let card = card.into_iter().find(|card| card.responses.len() > 1 && card.id.as_str() == "too-expensive");
    let second = card.expect("an objection with two answers").responses[1].id.as_str();
    let first = card.expect("an objection").responses[0].id.as_str();
    landed.add("en", "core-objections", "too-expensive", first, Rate::new(1, 20));
    landed.add("en", "core-objections", "too-expensive", second, Rate::new(19, 20));
    let site = build(book, &Options { landed, ..options(false) }).expect("a site");
    let html = page(&site, "en/saas-outbound/call.html");
    let card = html.split("id=\"objection-too-expensive\"").nth(1).expect("the card");
    let first = card.split("<article class=\"response\" data-id=\"").nth(1).expect("an answer");
    assert!(first.starts_with(second), "{}", &first[..80]);
    assert!(first.contains("landed 19 of 20"));
    assert!(!page(starter_site(), "en/saas-outbound/call.html").contains("landed 19 of 20"));
}

#[test]
fn a_big_library_is_told_of() {
    let cards: String = (0..crate::script::MOST_ON_PAGE + 1)
        .map(|number| {
            format!(
                "  - {{id: o{number}, title: T{number}, utterances: [u{number}], responses: [{{say: s}}]}}\n"
            )
        })
        .collect();
    let (book, _) = book::load(vec![
        file("book.yaml", "title: T\nlanguage: en\n"),
        file(
            "a.yaml",
            "playbook: p\ntitle: P\nlanguage: en\nuses: [l]\nstages: [{id: a, title: A, objections: [o2000], script: [{say: x}]}]\n",
        ),
        file("b.yaml", &format!("library: l\ntitle: L\nlanguage: en\nobjections:\n{cards}")),
    ]);
    let site = site(&book, false);
    is_sound(&site);
    assert!(
        site.warnings.iter().any(|told| told.contains("2000 of its 2001 objections")),
        "{:?}",
        site.warnings
    );
    let html = page(&site, "en/p/call.html");
    assert!(html.contains("id=\"objection-o2000\"") && !html.contains("id=\"objection-o1999\""));
}
