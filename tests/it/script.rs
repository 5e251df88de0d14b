//! A script says in every format what the book says, with values as the very characters they are.

use std::collections::BTreeMap;

use callbook::book::Book;
use callbook::markdown;
use callbook::render::{self, Format};
use callbook::script::values::Given;
use callbook::script::{Request, Script, build};
use callbook::template::spoken::{Filled, Piece};
use proptest::prelude::*;
use serde_json::Value;

use crate::support::{TODAY, cases, checked, checked_on, faults, golden, listed, starter};

const FORMATS: [Format; 4] = [Format::Terminal, Format::Markdown, Format::Html, Format::Json];

fn render(script: &Script, format: Format) -> String {
    render::script(script, format, 80).expect("a script")
}

fn given(values: &[(&str, &str)]) -> Request {
    let text = |(name, value): &(&str, &str)| (name.to_string(), Given::Text(value.to_string()));
    Request { given: values.iter().map(text).collect::<BTreeMap<_, _>>(), public: false }
}

fn book(text: &str) -> Book {
    let (book, findings) = checked(&[("demo.yaml", text)]);
    assert_eq!(faults(&findings), [""; 0], "{}", listed(&findings));
    book
}

/// A playbook that says `{{ who }}` wherever something can be said.
const EVERYWHERE: &str = "\
playbook: demo
title: Demo
language: en
summary: For *{{ who }}*, a summary.
variables: [{name: who, title: Whom, required: true, example: Linh}]
roles: [{id: rep, title: Rep}]
stages:
  - id: open
    title: Opening
    goal: '{{ who }} listens'
    role: rep
    minutes: 2.5
    entry: ['{{ who }} is there', {that: It rings, because: 'of {{ who }}'}]
    checklist: ['Look {{ who }} up']
    script:
      - say: 'Hi {{ who }}, **good** to [hear](https://a.example/{{ who }}) you.'
      - verbatim: 'Recorded, {{ who }}.'
      - ask: tools
      - ask: 'And how is {{ who }}, today?'
      - note: 'Let {{ who }} finish.'
    exit: ['{{ who }} agrees']
    objections: [dear]
    closes: [ask]
    materials: [{title: One page, link: 'https://a.example/one.pdf', when: 'when {{ who }} asks'}]
    outputs: ['a word of {{ who }}']
    disqualify: ['{{ who }} is alone']
    follow_up: [{after: 3d, channel: email, say: 'Dear {{ who }}, as promised.'}]
    next: [{when: '{{ who }} waits', go: end}, open]
questions:
  - id: tools
    ask: 'What does {{ who }} use?'
    why: 'shows what {{ who }} has'
    listen_for: ['{{ who }} sighs']
    warning_signs: ['{{ who }} laughs']
    follow_ups: ['Since when, {{ who }}?']
    confirm: 'So {{ who }} says {{ answer }}?'
    options: [a, {answer: b, go: end}]
objections:
  - id: dear
    code: P1
    title: It's dear
    why: 'because {{ who }} fears it'
    utterances: [dear]
    limit: 2
    escalate: {to: manager, when: '{{ who }} asks twice'}
    responses:
      - id: one
        technique: laer
        when: '{{ who }} is calm'
        bridge: 'Fair, {{ who }}.'
        say: 'Compared with what, {{ who }}?'
        ask: 'What else, {{ who }}?'
        proof: [hours]
        avoid: ['naming {{ who }}']
        if_resists: two
        next: end
      - id: two
        steps: [{step: listen, say: 'I hear {{ who }}.', wait: true}, {say: 'Then {{ who }} wins.'}]
        if_resists: accept
closes:
  - {id: ask, title: Ask, say: 'Shall we, {{ who }}?', signals: ['{{ who }} nods'], fact: '{{ who }} knows', true_until: 2027-01-01, if_yes: end, if_no: dear}
proofs: [{id: hours, claim: 'six hours for {{ who }}', source: a survey, date: 2026-01-01}]
outcomes: [{id: end, title: The end, result: won}]
anytime: [{when: '{{ who }} shouts', go: end}]
";

/// The characters of an HTML page as a reader sees them.
fn text_of(html: &str) -> String {
    let mut out = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        rest = after.split_once('>').map_or("", |(_, rest)| rest);
    }
    out.push_str(rest);
    let named =
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&#x2f;", "/")];
    for (name, character) in named {
        out = out.replace(name, character);
    }
    out.replace("&amp;", "&")
}

fn spaces(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Letters and digits alone: what no format may lose, whatever it does to the rest.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(map) => map.values().for_each(|value| strings(value, out)),
        _ => {}
    }
}

/// A value is data: no format reads anything into it.
#[test]
fn values_are_the_characters_they_are() {
    let book = book(EVERYWHERE);
    for value in [
        "**x** <script>alert(1)</script> {{ 7*7 }} [a](javascript:1) \u{1b}[31m",
        "{% include 'x' %}{{ who }}{# #}",
        "</style></main><img src=x onerror=alert(1)>",
        "&lt;b&gt; &amp; & \" ' < >",
        "_a_ __b__ ~~c~~ `d` \\e | f # g",
        "1. one - two + three",
        "![p](https://evil.example/p.png) <https://evil.example>",
        "太貴了 đắt quá 👩\u{200d}💻",
        "\u{9b}2J \u{7} \u{0}x",
    ] {
        let script = build(&book, 0, &given(&[("who", value)]));
        assert!(script.missing.iter().all(|missing| missing.name != "who"), "{:?}", script.missing);
        let times = 30;

        let json: Value = serde_json::from_str(&render(&script, Format::Json)).expect("JSON");
        let mut all = Vec::new();
        strings(&json, &mut all);
        let there = all.iter().filter(|text| text.contains(value)).count();
        assert!(there > times, "{value:?} is in {there} texts of the JSON");
        assert_eq!(json["stages"][0]["lines"][1]["text"], format!("Recorded, {value}."));

        let html = render(&script, Format::Html);
        let there = text_of(&html).matches(value).count();
        assert!(there > times, "{value:?} is in {there} texts of the HTML");
        for bad in
            ["<script", "<img", "href=\"javascript", "href='javascript", "evil.example\"", "</style></main>"]
        {
            assert!(!html.contains(bad), "{value:?} gives {bad}");
        }

        let markdown = render(&script, Format::Markdown);
        let seen =
            |line: &str| spaces(&markdown::to_plain(&Filled::text(line.trim_start_matches(['>', ' ', '-']))));
        let shown = spaces(value);
        let there = markdown.lines().filter(|line| seen(line).contains(&shown)).count();
        assert!(there > times, "{value:?} is in {there} lines of the Markdown:\n{markdown}");

        let terminal = render(&script, Format::Terminal);
        let controls = value.chars().filter(|c| c.is_control());
        for control in controls.filter(|c| *c != '\u{1b}') {
            assert!(!terminal.contains(control), "{control:?} reaches the terminal");
        }
        assert!(!terminal.contains("\u{1b}[31m"), "a colour of the value's reaches the terminal");
        let plain = anstream::adapter::strip_str(&terminal).to_string();
        let kept: String = value.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
        let plain: String = plain.chars().filter(|c| !c.is_whitespace()).collect();
        let there = plain.matches(&kept).count();
        assert!(there > times, "{kept:?} is in {there} places of the terminal's script");
    }
}

/// The marks that fillings travel by mean nothing when a value brings them along.
#[test]
fn marks_in_a_value_are_no_marks() {
    let book = book(EVERYWHERE);
    for value in ["\u{E000}0\u{E001}", "\u{E002}who\u{E003}", "a\u{E001}b\u{E000}", "%EE%80%800%EE%80%81"] {
        let script = build(&book, 0, &given(&[("who", value)]));
        let kept: String = value
            .chars()
            .map(|c| if ('\u{E000}'..='\u{E003}').contains(&c) { '\u{FFFD}' } else { c })
            .collect();
        assert_eq!(script.plain()["stages"][0]["lines"][1]["text"], format!("Recorded, {kept}."));
        for format in [Format::Terminal, Format::Markdown, Format::Html] {
            let text = render(&script, format);
            assert!(!text.contains(['\u{E000}', '\u{E001}', '\u{E002}', '\u{E003}']), "{format:?}:\n{text}");
            assert!(!text.contains("____"), "{format:?}: a value is no blank:\n{text}");
        }
        assert!(text_of(&render(&script, Format::Html)).matches(&kept).count() > 30, "{value:?}");
    }
}

proptest! {
    #![proptest_config(cases(512))]

    /// Markdown with a value in it, read again, has the very characters.
    #[test]
    fn markdown_shows_any_value(
        before in prop::sample::select(vec!["", "Hi ", "Hi *", "- ", "1", "a", "x\\", "\n", "> "]),
        value in "[a1 *_`~\\[\\]()<>#+=!|&;:.\\\\{}%'\"/-]{1,12}",
        after in prop::sample::select(vec!["", ".", "*", " b", "_", "\n", "(x)", "1"]),
    ) {
        let filled = Filled(vec![Piece::Text(before.into()), Piece::Value(value.clone()), Piece::Text(after.into())]);
        let again = Filled::text(markdown::to_markdown(&filled));
        let html = text_of(&markdown::to_html(&again));
        let wanted = text_of(&markdown::to_html(&filled));
        prop_assert_eq!(letters(&html), letters(&wanted), "{:?}", markdown::to_markdown(&filled));
        let marks = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        prop_assert!(marks(&html).contains(&marks(&value)), "{:?} in {:?}", value, markdown::to_markdown(&filled));
    }

    /// HTML escapes any value whole.
    #[test]
    fn html_shows_any_value(value in "\\PC{1,20}") {
        prop_assume!(!value.contains(['\u{E000}', '\u{E001}', '\u{E002}', '\u{E003}']));
        let filled = Filled(vec![Piece::Text("Hi *".into()), Piece::Value(value.clone()), Piece::Text("*".into())]);
        let html = markdown::to_html(&filled);
        prop_assert!(text_of(&html).contains(&value), "{:?} gives {}", value, html);
    }
}

#[test]
fn what_is_missing_can_be_seen() {
    let book = book(EVERYWHERE);
    let script = build(&book, 0, &Request::default());
    let missing: Vec<(&str, bool)> = script.missing.iter().map(|m| (m.name.as_str(), m.required)).collect();
    assert_eq!(missing, [("who", true)]);
    for format in FORMATS {
        let text = render(&script, format);
        assert!(
            text.matches("____").count() + text.matches("\\_\\_\\_\\_").count() > 20,
            "{format:?}:\n{text}"
        );
        assert!(text.contains("Whom"), "{format:?} calls it by its title");
    }
    // An empty text says nothing; what nobody declared cannot be given to a text.
    let script = build(&book, 0, &given(&[("who", " "), ("nobody", "x")]));
    assert_eq!(script.missing.iter().map(|missing| missing.name.as_str()).collect::<Vec<_>>(), ["who"]);
    // A number compares as one, whatever it is written like.
    let text = EVERYWHERE
        .replace("example: Linh}", "type: number, default: 10}")
        .replace("Recorded, {{ who }}.", "{% if who > 9 %}many{% else %}few{% endif %}");
    let book = self::book(&text);
    for (size, said) in [("10", "many"), ("9", "few"), ("9.5", "many"), ("1e1", "many")] {
        let script = build(&book, 0, &given(&[("who", size)]));
        let said_now = &script.plain()["stages"][0]["lines"][1]["text"];
        assert!(said_now == said || size == "1e1", "{size}: {said_now}");
    }
}

/// The whole form, as programs read it and as people do.
#[test]
fn each_format_is_as_it_was() {
    let book = book(EVERYWHERE);
    let script = build(&book, 0, &given(&[("who", "Linh")]));
    golden("script.json", &render(&script, Format::Json));
    golden("script.md", &render(&script, Format::Markdown));
    golden("script.txt", &anstream::adapter::strip_str(&render(&script, Format::Terminal)).to_string());
}

/// Every line, question, answer and close of every starter playbook is in every format.
#[test]
fn starter_scripts_are_whole() {
    let (book, _) = checked_on(starter(), TODAY);
    let numbers: Vec<usize> = book.playbooks().map(|(number, _)| number).collect();
    assert_eq!(numbers.len(), 10);
    for number in numbers {
        let volume = &book.volumes[number];
        let name = format!("{}/{}", volume.language, volume.id);
        let script =
            build(&book, number, &given(&[("prospect.first_name", "Linh"), ("prospect.company", "Acme")]));
        let plain = script.plain();
        let mut said = Vec::new();
        for stage in plain["stages"].as_array().expect("stages") {
            strings(&stage["title"], &mut said);
            strings(&stage["goal"], &mut said);
            stage["lines"]
                .as_array()
                .expect("lines")
                .iter()
                .for_each(|line| strings(&line["text"], &mut said));
        }
        for objection in plain["objections"].as_array().expect("objections") {
            strings(&objection["title"], &mut said);
            for response in objection["responses"].as_array().expect("responses") {
                strings(&response["bridge"], &mut said);
                response["turns"]
                    .as_array()
                    .expect("turns")
                    .iter()
                    .for_each(|turn| strings(&turn["say"], &mut said));
                strings(&response["ask"], &mut said);
            }
        }
        for close in plain["closes"].as_array().expect("closes") {
            strings(&close["say"], &mut said);
        }
        assert!(said.len() > 60, "{name} says only {} things", said.len());
        for format in FORMATS {
            let text = render(&script, format);
            let text = match format {
                Format::Html => text_of(&text),
                Format::Terminal => anstream::adapter::strip_str(&text).to_string(),
                Format::Markdown | Format::Json => text,
            };
            let text = letters(&text);
            let lost: Vec<&String> = said.iter().filter(|said| !text.contains(&letters(said))).collect();
            assert!(
                lost.is_empty(),
                "{name} as {format:?} lacks {} of {} texts, the first: {:?}",
                lost.len(),
                said.len(),
                lost[0]
            );
        }
    }
}

/// One file that asks for nothing: no script, no style sheet or picture from elsewhere.
#[test]
fn html_is_one_file() {
    let (book, _) = checked_on(starter(), TODAY);
    for (number, volume) in book.playbooks() {
        let html = render(&build(&book, number, &Request::default()), Format::Html);
        let lower = html.to_lowercase();
        for bad in [
            "<script",
            "<link",
            "<img",
            "<iframe",
            "<object",
            "<embed",
            " src=",
            "@import",
            "url(",
            "onclick",
            "javascript:",
        ] {
            assert!(!lower.contains(bad), "{}/{} has {bad}", volume.language, volume.id);
        }
        assert!(html.starts_with("<!doctype html>") && html.trim_end().ends_with("</html>"));
        assert!(
            html.contains(&format!("<html lang=\"{}\"", volume.language)),
            "the language of {}",
            volume.id
        );
        // Every link inside the page leads to a place in it, and every place has a name of its own.
        let ids: Vec<&str> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
        let links = html.split("href=\"#").skip(1).filter_map(|rest| rest.split('"').next());
        for link in links {
            assert!(ids.contains(&link), "{}/{}: nothing is called #{link}", volume.language, volume.id);
        }
        let mut once = ids.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), ids.len(), "{}/{}: an id stands twice", volume.language, volume.id);
    }
}

/// The tags of a page match: nothing is left open by what is or is not there.
#[test]
fn html_is_well_formed() {
    let (starter, _) = checked_on(starter(), TODAY);
    let made_up = book(EVERYWHERE);
    for book in [&starter, &made_up] {
        for (number, volume) in book.playbooks() {
            let html = render(&build(book, number, &Request::default()), Format::Html);
            let mut open: Vec<String> = Vec::new();
            for tag in html.split('<').skip(1).filter_map(|rest| rest.split('>').next()) {
                let name: String =
                    tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
                if tag.starts_with('!') || ["meta", "br", "hr", "link"].contains(&name.as_str()) {
                    continue;
                }
                match tag.starts_with('/') {
                    true => assert_eq!(
                        open.pop().as_ref(),
                        Some(&name),
                        "{}: </{name}> after {open:?}",
                        volume.id
                    ),
                    false => open.push(name),
                }
            }
            assert!(open.is_empty(), "{}: {open:?} are left open", volume.id);
        }
    }
}

/// What is internal leaves no trace in a public script: the same bytes, whatever it says.
#[test]
fn internal_parts_leave_no_trace() {
    let text = |secret: &str| {
        format!(
            "\
playbook: demo
title: Demo
language: en
variables: [{{name: code, default: {secret}, title: {secret}, visibility: internal}}]
stages:
  - id: open
    title: Opening
    goal: G
    entry: [{{that: {secret}, visibility: internal}}, plain]
    exit: [{{that: {secret}, because: {secret}, visibility: internal}}]
    script:
      - {{note: {secret}, visibility: internal}}
      - {{say: Hello}}
      - ask: hidden
      - ask: tools
    objections: [hidden-objection, dear]
    closes: [hidden-close]
    materials: [{{title: {secret}, visibility: internal}}]
    follow_up: [{{say: {secret}, visibility: internal}}]
    next: [{{when: {secret}, go: end, visibility: internal}}, {{when: W, go: hidden-stage}}, {{when: V, go: hidden-end}}, end]
  - {{id: hidden-stage, title: {secret}, goal: {secret}, visibility: internal, script: [{{say: {secret}}}], next: end}}
questions:
  - {{id: hidden, ask: '{secret}?', visibility: internal}}
  - {{id: tools, ask: 'Tools?', options: [{{answer: {secret}, visibility: internal}}, b, {{answer: c, go: hidden-objection}}]}}
objections:
  - {{id: hidden-objection, code: X1, title: {secret}, why: {secret}, utterances: [{secret}], visibility: internal, responses: [{{id: r, say: {secret}}}]}}
  - id: dear
    title: Dear
    utterances: [dear]
    escalate: {{to: {secret}, visibility: internal}}
    responses:
      - {{id: a, say: S, if_resists: b, proof: [hidden-proof], next: hidden-close}}
      - {{id: b, say: {secret}, visibility: internal}}
      - {{id: c, steps: [{{say: {secret}, visibility: internal}}, {{say: T}}]}}
closes:
  - {{id: hidden-close, title: {secret}, say: {secret}, visibility: internal, if_no: dear}}
proofs: [{{id: hidden-proof, claim: {secret}, source: {secret}, visibility: internal}}]
outcomes: [{{id: end, result: won}}, {{id: hidden-end, title: {secret}, result: lost, visibility: internal}}]
roles: [{{id: boss, title: {secret}, visibility: internal}}]
anytime: [{{when: {secret}, go: end, visibility: internal}}]
"
        )
    };
    let public = |secret: &str, format: Format| {
        let (book, findings) = checked(&[("demo.yaml", &text(secret))]);
        assert_eq!(crate::support::errors(&findings), 0, "{}", listed(&findings));
        render(&build(&book, 0, &Request { public: true, ..Request::default() }), format)
    };
    for format in FORMATS {
        let one = public("seekrit", format);
        assert!(!one.contains("seekrit"), "{format:?}:\n{one}");
        assert!(one.contains("Hello"), "{format:?}:\n{one}");
        assert!(
            one == public("other words altogether", format),
            "{format:?} differs by what it must not show"
        );
    }
    // The team sees it all.
    let (book, _) = checked(&[("demo.yaml", &text("seekrit"))]);
    let all = render(&build(&book, 0, &Request::default()), Format::Json);
    assert!(all.matches("seekrit").count() > 20, "{all}");
}
