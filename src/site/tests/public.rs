//! Nothing internal leaves a trace in a public site.

use super::{file, is_sound, page, site};
use crate::book::{self, Book};

/// A book with internal parts wherever there can be some; `secret` is what they say.
fn guarded(secret: &str) -> Book {
    let calls = format!(
        "playbook: calls
title: Calls
language: en
uses: [inner, shared]
summary: 'See [what to say](#mine) and [the other](#theirs).'
frameworks:
  - {{id: wombats, title: '{secret}', visibility: internal, dimensions: [{{id: who, title: '{secret}'}}]}}
  - {{id: trio, title: Trio, dimensions: [{{id: what, title: '{secret}', visibility: internal}}, {{id: when, title: When}}]}}
variables: [{{name: firm, title: '{secret}', default: '{secret}', visibility: internal}}]
roles: [{{id: rep, title: '{secret}', visibility: internal}}]
stages:
  - id: hidden
    title: '{secret}'
    visibility: internal
    objections: [{{title: '{secret} in place', utterances: ['{secret}'], responses: [{{say: '{secret}'}}]}}]
    script: [{{ask: {{id: placed, ask: '{secret}'}}}}]
  - id: open
    title: Open
    goal: For {{{{ firm }}}}
    role: rep
    script: [{{say: Hello}}, {{say: '{secret}', visibility: internal}}]
    exit: [{{that: '{secret}', visibility: internal}}]
    objections: [mine, theirs, deep]
    closes: [ask]
    materials: [{{title: '{secret}', visibility: internal}}]
    follow_up: [{{say: '{secret}', visibility: internal}}]
    next: [{{when: '{secret}', go: mine, visibility: internal}}, {{when: Always, go: hidden}}, {{go: done}}]
questions:
  - {{id: q2, ask: Who, dimension: wombats.who}}
  - {{id: q3, ask: Which, dimension: trio.what}}
  - {{id: q, ask: What, options: [{{answer: '{secret}', visibility: internal}}, {{answer: Fine, go: hidden}}], type: choice}}
objections:
  - id: mine
    title: '{secret}'
    visibility: internal
    was: [mine-before]
    category: '{secret}'
    code: '{secret}'
    utterances: ['{secret}']
    prevent: [{{id: asked, ask: '{secret}'}}]
    responses: [{{say: '{secret}', proof: [{{claim: '{secret}'}}]}}]
  - id: theirs
    title: Public
    utterances: [too dear]
    category: price
    tags: {{competitor: [bunyip]}}
    examples: [{{bad: '{secret}', visibility: internal}}]
    escalate: {{to: '{secret}', visibility: internal}}
    responses:
      - {{id: a, say: '{secret}', bridge: '{secret}', visibility: internal}}
      - {{id: b, say: Words, if_resists: a, next: mine, proof: [p]}}
      - {{id: c, steps: [{{say: '{secret}', visibility: internal}}, {{say: Two}}]}}
closes: [{{id: ask, title: Ask, say: Well, if_yes: secret-end, if_no: mine}}]
competitors: [{{id: bunyip, title: '{secret}', visibility: internal, we_win: ['{secret}']}}]
proofs: [{{id: p, claim: '{secret}', visibility: internal}}]
outcomes: [{{id: secret-end, title: '{secret}', result: lost, visibility: internal}}, {{id: done, title: Done, result: won}}]
metrics: [{{id: m, title: '{secret}', visibility: internal}}, {{id: n, title: N, from: hidden, to: done}}]
signals: [{{id: s, utterances: ['{secret}'], visibility: internal}}]
anytime: [{{when: Ever, go: mine}}]
"
    );
    let inner = format!(
        "library: inner\ntitle: '{secret}'\nlanguage: en\nvisibility: internal\nvariables: [{{name: inside, default: '{secret}'}}]\nobjections: [{{id: deep, title: '{secret}', category: trust, was: [deeper], responses: [{{say: '{secret}'}}]}}]\n"
    );
    let shared = "library: shared\ntitle: Shared\nlanguage: en\nobjections: [{id: common, title: Common, responses: [{say: Yes}]}]\n";
    let (book, findings) = book::load(vec![
        file("book.yaml", "title: T\nlanguage: en\nedit_url: 'https://g.example/{file}#L{line}'\n"),
        file("a.yaml", &calls),
        file("b.yaml", &inner),
        file("c.yaml", shared),
    ]);
    let errors: Vec<_> =
        findings.iter().filter(|finding| finding.severity == crate::diagnostic::Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:#?}");
    book
}

#[test]
fn a_public_site_has_no_trace_of_what_is_internal() {
    let (one, two) = (guarded("quokka"), guarded("giraffe\n                of several lines {{ rep }}"));
    let site = site(&one, true);
    assert_eq!(site, super::site(&two, true), "internal text shows");
    is_sound(&site);
    for (path, bytes) in &site.files {
        let html = std::str::from_utf8(bytes).expect("UTF-8").to_lowercase();
        for trace in [
            "quokka",
            "/mine/",
            "/hidden/",
            "/deep/",
            "inner/",
            "secret-end",
            "g.example",
            "bunyip",
            "wombats",
        ] {
            assert!(!html.contains(trace) && !path.contains(trace), "{trace} in {path}");
        }
    }
    assert!(page(&site, "en/calls/objections/theirs/index.html").contains("Words"));
    let team = super::site(&one, false);
    is_sound(&team);
    assert!(page(&team, "en/calls/objections/mine/index.html").contains("quokka"));
    assert!(page(&team, "en/calls/objections/mine/index.html").contains("g.example"));
}
