//! The walk: wherever a call goes, it stands in a valid place, can be taken back, and its record gives
//! it back.

use std::sync::{Arc, LazyLock};

use callbook::book::Book;
use callbook::calls::{self, Header, Record, Titles};
use callbook::script::values::Given;
use callbook::script::walk::{Choice, Effect, Event, Input, MAX_CARDS, MAX_EVENTS, Place, Stamped, Walk};
use callbook::script::{Request, Script, for_call};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;

use crate::support::{TODAY, cases, checked, checked_on, faults, listed, starter};

const DEMO: &str = "\
playbook: demo
title: Demo
language: en
stages:
  - id: open
    title: Opening
    goal: G
    minutes: 2
    script: [{say: Hello.}, {ask: tools}, {ask: And how is business?}, {note: Wait.}]
    objections: [dear, loop]
    closes: [ask]
    next: [{when: They have little time, go: end-stage}, {go: middle}]
  - {id: middle, title: Middle, goal: G, script: [{ask: size}, {ask: when}, {ask: sure}], next: middle}
  - {id: end-stage, title: End, goal: G}
questions:
  - {id: tools, ask: What do you use?, field: tool, type: choice, options: [paper, {answer: nothing, go: end-stage}], confirm: 'So {{ answer }}?', required: true}
  - {id: size, ask: How many?, type: number}
  - {id: when, ask: When?, type: date}
  - {id: sure, ask: Sure?, type: yes_no}
objections:
  - id: dear
    title: It's dear
    utterances: [dear]
    limit: 2
    responses:
      - {id: one, say: Compared with what?, if_resists: two, next: middle}
      - {id: two, steps: [{say: I hear you., wait: true}, {say: Half then.}]}
      - {id: three, say: Last.}
  - id: loop
    title: Loop
    utterances: [loop]
    responses: [{id: a, say: A., if_resists: b, next: loop}, {id: b, say: B., if_resists: a, next: ask}, {id: c, say: C., if_resists: accept}]
closes:
  - {id: ask, title: Ask, say: Shall we?, if_yes: won, if_no: loop}
  - {id: again, title: Again, say: Shall we?, if_no: again}
signals: [{id: price, utterances: [what does it cost], go: ask}, {id: nod, utterances: [hm], say: Good.}]
outcomes: [{id: won, title: Won, result: won}, {id: later, title: Later, result: paused}]
anytime: [{when: They shout, go: later}]
";

/// Another playbook whose cards a buyer may bring up as well.
const OTHER: &str = "\
playbook: other
title: Other
language: en
stages: [{id: middle, title: Theirs, goal: G}]
objections:
  - {id: dear, title: Too dear for them, utterances: [x], responses: [{say: Theirs., next: middle}]}
  - {id: far, title: Too far, utterances: [far], responses: [{id: near, say: It is near., next: middle}]}
";

fn script_of(book: &Book, volume: usize) -> Arc<Script> {
    let given = [("prospect.first_name".to_string(), Given::Text("Linh".to_string()))];
    Arc::new(for_call(book, volume, &Request { given: given.into(), public: false }))
}

fn demo() -> Arc<Script> {
    static SCRIPT: LazyLock<Arc<Script>> = LazyLock::new(|| {
        let (book, findings) = checked(&[("demo.yaml", DEMO), ("other.yaml", OTHER)]);
        assert_eq!(
            callbook::lint::count(&findings, callbook::diagnostic::Severity::Error),
            0,
            "{}",
            listed(&findings)
        );
        let (number, _) = book.playbooks().find(|(_, volume)| volume.id.as_str() == "demo").expect("demo");
        script_of(&book, number)
    });
    SCRIPT.clone()
}

/// Every playbook of the starter book.
static STARTER: LazyLock<Vec<Arc<Script>>> = LazyLock::new(|| {
    let (book, _) = checked_on(starter(), TODAY);
    book.playbooks().map(|(number, _)| script_of(&book, number)).collect()
});

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_795_000_000 + seconds).expect("a time")
}

fn header(script: &Script) -> Header {
    serde_json::from_value(json!({
        "id": "k3f9", "playbook": script.playbook, "language": script.language, "rep": "An",
        "given": {"prospect.first_name": "Linh", "team_size": "12"}, "segment": ["mid"], "started": at(0).to_string(),
    }))
    .expect("a header")
}

fn event(value: serde_json::Value) -> Event {
    serde_json::from_value(value.clone()).unwrap_or_else(|error| panic!("{value}: {error}"))
}

/// One short line that says where a call stands.
pub fn place(walk: &Walk) -> String {
    match walk.place() {
        Place::Script { stage, line } => format!("{}:{line}", stage.map_or("-", |stage| &stage.id)),
        Place::Objection { objection, response, turn, used, accepting, times } => {
            let response = response.map_or("-", |response| &response.id);
            let flags = [(used, " used"), (accepting, " accept")];
            let flags: String = flags.iter().filter(|(on, _)| *on).map(|(_, flag)| *flag).collect();
            format!("{}/{} {response}.{turn} x{times}{flags}", objection.playbook, objection.id)
        }
        Place::Close { close } => format!("close {}", close.id),
        Place::Ending { outcome } => format!("ending {}", outcome.map_or("-", |outcome| &outcome.id)),
        Place::Ended => "ended".to_string(),
    }
}

/// Acts on events in turn, each a word or JSON, and compares where they lead; a refusal is `! message`.
#[track_caller]
fn check(steps: &[(&str, &str)]) -> Walk {
    let mut walk = Walk::new(demo(), at(0));
    for (number, (what, expected)) in steps.iter().enumerate() {
        let event = match what.split_once(' ') {
            _ if what.starts_with('{') => event(serde_json::from_str(what).expect("JSON")),
            None => event(json!({"do": what})),
            Some(("open", card)) => event(json!({"do": "open", "card": card})),
            Some(("choose", id)) => event(json!({"do": "choose", "response": id})),
            Some((what @ ("branch" | "line" | "anytime"), number)) => {
                event(json!({"do": what, "number": number.parse::<usize>().expect("a number")}))
            }
            Some(("answer", value)) => event(json!({"do": "answer", "value": value})),
            Some(("note", text)) => event(json!({"do": "note", "text": text})),
            Some((what, id)) => event(json!({"do": what, "id": id})),
        };
        let before = walk.clone();
        let actual = match walk.act(event, at(number as i64 + 1)) {
            Ok(_) => place(&walk),
            Err(refused) => {
                assert_eq!(walk, before, "what is refused changes nothing");
                format!("! {refused}")
            }
        };
        assert_eq!(actual, *expected, "step {} of {steps:?}", number + 1);
    }
    walk
}

#[test]
fn a_call_goes_where_the_script_says() {
    // Lines, the end of a stage, branches.
    check(&[
        ("back", "! there is nothing before this"),
        ("next", "open:1"),
        ("next", "open:2"),
        ("back", "open:1"),
        ("line 5", "open:4"),
        ("line 6", "! there is no line 6 here"),
        ("next", "! there are several ways on"),
        ("branch 3", "! there is no way on with the number 3"),
        ("branch 2", "middle:0"),
        ("line 4", "middle:3"),
        ("next", "middle:0"),
        ("stage end-stage", "end-stage:0"),
        ("next", "! there is no way on from here"),
        ("stage nowhere", "! no stage is called `nowhere`"),
        ("outcome won", "ending won"),
        ("next", "! this is the end of the call"),
        ("leave", "end-stage:0"),
        ("anytime 1", "ending later"),
        ("end", "ended"),
        ("next", "! the call is over"),
        ("undo", "ending later"),
    ]);
    // An objection, its responses, and back to the very line.
    check(&[
        ("line 3", "open:2"),
        ("open dear", "demo/dear one.0 x1"),
        ("open dear", "! this objection is open already"),
        ("next", "! that was all of the answer"),
        ("used", "demo/dear one.0 x1 used"),
        ("used", "! this response is noted as used"),
        ("resisted", "demo/dear two.0 x1"),
        ("next", "demo/dear two.1 x1"),
        ("back", "demo/dear two.0 x1"),
        ("branch 1", "! a card lies on the script"),
        // Two answers are its limit.
        ("resisted", "demo/dear -.0 x1 accept"),
        ("choose three", "! `dear` was answered 2 times, which is its limit"),
        ("landed", "! no response is shown"),
        ("accept", "open:2"),
        ("open dear", "demo/dear -.0 x2 accept"),
        ("undo", "open:2"),
        ("undo", "demo/dear -.0 x1 accept"),
        ("undo", "demo/dear two.0 x1"),
        ("landed", "open:2"),
        ("open dear", "demo/dear -.0 x2 accept"),
    ]);
    // What lands leads on; loops turn without piling up.
    check(&[
        ("open dear", "demo/dear one.0 x1"),
        ("landed", "middle:0"),
        ("open loop", "demo/loop a.0 x1"),
        ("resisted", "demo/loop b.0 x1"),
        ("resisted", "demo/loop a.0 x1"),
        ("landed", "demo/loop c.0 x2"),
        ("resisted", "demo/loop -.0 x2 accept"),
        ("choose b", "demo/loop b.0 x2"),
        ("landed", "close ask"),
        ("next", "! a close is open"),
        ("no", "demo/loop a.0 x3"),
        ("leave", "middle:0"),
        ("close again", "close again"),
        ("no", "close again"),
        ("yes", "middle:0"),
        ("close ask", "close ask"),
        ("yes", "ending won"),
    ]);
    // Cards on top of each other; those of other playbooks; signals.
    check(&[
        ("signal price", "close ask"),
        ("open other/far", "other/far near.0 x1"),
        ("open other/dear", "other/dear response.0 x1"),
        ("undo", "other/far near.0 x1"),
        // Their stages are not ours.
        ("landed", "close ask"),
        ("signal nod", "close ask"),
        ("leave", "open:0"),
        ("leave", "! nothing is open that could be left"),
        ("open deer", "! no objection is called `deer`"),
    ]);
}

#[test]
fn answers_are_typed_and_checked() {
    let walk = check(&[
        ("answer x", "! nothing is asked here"),
        ("line 2", "open:1"),
        ("answer stone", "! `stone` is not one of the answers"),
        ("answer PAPER", "open:1"),
        (r#"{"do": "answer", "question": "size", "value": "a few"}"#, "! `a few` is not a number"),
        (r#"{"do": "answer", "question": "size", "value": " 12.50 "}"#, "open:1"),
        (r#"{"do": "answer", "question": "when", "value": "soon"}"#, "! `soon` is not a date"),
        (r#"{"do": "answer", "question": "when", "value": "2027-02-29"}"#, "! `2027-02-29` is not a date"),
        (r#"{"do": "answer", "question": "when", "value": "2028-02-29"}"#, "open:1"),
        (r#"{"do": "answer", "question": "sure", "value": "perhaps"}"#, "! `perhaps` is not yes or no"),
        (r#"{"do": "answer", "question": "sure", "value": "không"}"#, "open:1"),
        (r#"{"do": "answer", "question": "open/3", "value": "fine"}"#, "open:1"),
        (r#"{"do": "answer", "question": "sise", "value": "1"}"#, "! no question is called `sise`"),
    ]);
    let record = Record::of(&walk, &header(walk.script()));
    let answers: Vec<String> =
        record.answers.iter().map(|(field, answer)| format!("{field}={}", answer.value)).collect();
    assert_eq!(
        answers,
        [
            "tool=\"PAPER\"".replace("PAPER", "paper"),
            "size=12.5".into(),
            "when=\"2028-02-29\"".into(),
            "sure=false".into(),
            "open/3=\"fine\"".into()
        ]
    );
    // An option may lead on, by its number as well, but only where it is asked.
    check(&[
        (r#"{"do": "answer", "question": "tools", "value": "nothing"}"#, "open:0"),
        ("next", "open:1"),
        ("answer 2", "end-stage:0"),
        ("undo", "open:1"),
        (r#"{"do": "answer", "value": ""}"#, "open:1"),
    ]);
}

#[test]
fn the_open_question_and_what_was_answered_are_at_hand() {
    let mut walk = check(&[("line 2", "open:1"), ("answer paper", "open:1")]);
    let asked = walk.question().expect("a question");
    assert_eq!((asked.name.as_str(), asked.field.as_str(), asked.answer), ("tools", "tool", Some("paper")));
    let confirm = walk.confirm(asked.question.expect("of the book")).expect("a confirmation");
    assert_eq!(callbook::markdown::to_plain(&confirm), "So paper?");
    assert!(walk.unanswered().is_empty());
    walk.act(Event::Undo, at(9)).expect("an undo");
    assert_eq!(walk.unanswered().iter().map(|asked| asked.name.as_str()).collect::<Vec<_>>(), ["tools"]);
    walk.act(Event::Answer { question: None, value: "paper".into() }, at(9)).expect("an answer");
    walk.act(Event::Answer { question: None, value: " ".into() }, at(9)).expect("an answer taken away");
    assert_eq!(walk.answer("tools"), None);
    assert!(Record::of(&walk, &header(walk.script())).answers.is_empty());
}

#[test]
fn time_never_runs_backwards_and_breaks_do_not_count() {
    let mut walk = Walk::new(demo(), at(0));
    let mut act = |event: Event, seconds: i64| walk.act(event, at(seconds)).map(|_| ()).expect("possible");
    act(Event::Next, 10);
    // The clock is set back: the record holds where it was, and what the clock said.
    act(Event::Next, 4);
    act(Event::Stage { id: "middle".into() }, 20);
    act(Event::Resume, 3620);
    act(Event::Next, 3630);
    act(Event::End, 3640);
    let record = Record::of(&walk, &header(walk.script()));
    let events = walk.events();
    assert_eq!((events[1].at, events[1].clock), (at(10), Some(at(4))));
    assert!(events.is_sorted_by_key(|event| event.at));
    assert_eq!(record.seconds, Some(40));
    assert_eq!(walk.time_in_stage(at(9999)), SignedDuration::from_secs(9999 - 20 - 3600));
    let path: Vec<_> = record.path.iter().map(|visit| (visit.stage.as_str(), visit.seconds)).collect();
    assert_eq!(path, [("open", Some(20)), ("middle", Some(20))]);
    let json = serde_json::to_value(&record.events[1]).expect("JSON");
    assert_eq!(json, json!({"at": at(10).to_string(), "clock": at(4).to_string(), "do": "next"}));
}

#[test]
fn a_record_holds_what_happened() {
    let walk = check(&[
        (r#"{"do": "open", "card": "dear", "heard": "that's steep"}"#, "demo/dear one.0 x1"),
        ("used", "demo/dear one.0 x1 used"),
        ("resisted", "demo/dear two.0 x1"),
        ("landed", "open:0"),
        (r#"{"do": "no_answer", "heard": "do you run on boats?"}"#, "open:0"),
        (r#"{"do": "no_answer"}"#, "! there is nothing to keep"),
        ("open loop", "demo/loop a.0 x1"),
        (r#"{"do": "heard", "words": "again and again"}"#, "demo/loop a.0 x1"),
        (r#"{"do": "no_answer"}"#, "open:0"),
        ("note they laughed", "open:0"),
        ("note nonsense", "open:0"),
        ("undo", "open:0"),
        (r#"{"do": "prospect", "field": "prospect.company", "value": "Harbour"}"#, "open:0"),
        (r#"{"do": "prospect", "field": "a b", "value": "x"}"#, "! `a b` cannot be the name of a field"),
        ("close ask", "close ask"),
        ("yes", "ending won"),
        (r#"{"do": "next_step", "what": "send the numbers", "date": "2026-11-25"}"#, "ending won"),
        ("end", "ended"),
    ]);
    let record = Record::of(&walk, &header(walk.script()));
    let heard = &record.objections[0];
    assert_eq!((heard.card.as_str(), heard.heard.as_deref(), heard.times), ("dear", Some("that's steep"), 1));
    assert_eq!((heard.response.as_deref(), heard.landed), (Some("two"), Some(true)));
    let tried: Vec<_> = heard.tried.iter().map(|tried| (tried.response.as_str(), tried.landed)).collect();
    assert_eq!(tried, [("one", Some(false)), ("two", Some(true))]);
    assert_eq!((heard.at, heard.left), (Some(at(1)), Some(at(4))));
    let missing: Vec<_> =
        record.no_answer.iter().map(|missing| (missing.heard.as_str(), missing.card.as_deref())).collect();
    assert_eq!(missing, [("do you run on boats?", None), ("again and again", Some("loop"))]);
    assert_eq!(record.notes.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), ["they laughed"]);
    let close = &record.closes[0];
    assert_eq!((close.close.as_str(), close.yes, close.led_to.as_deref()), ("ask", Some(true), Some("won")));
    assert_eq!((record.outcome.as_deref(), record.result.as_deref()), (Some("won"), Some("won")));
    assert_eq!(record.prospect_name(), "Linh, Harbour");
    assert_eq!(record.ended, Some(at(18)));
    assert_eq!(record.variables["team_size"], "12");
    for (name, is) in [("linh", true), (" LINH ", true), ("harbour", true), ("Lin", false), ("", false)] {
        assert_eq!(record.is_prospect(name), is, "{name}");
    }
    let titles = Titles::of(walk.script());
    let expected = "\
# Call: Linh, Harbour

Demo · 2026-11-18 11:06 · 1 min · by An

- **Outcome**: Won
- **Next step**: 2026-11-25 · send the numbers
- **Stages**: Opening

## Objections

- It's dear “that's steep” · Compared with what? (did not land) · I hear you. (landed)
- Loop “again and again”

## No answer for

- do you run on boats?
- again and again

## Closes

- Ask: yes

## Notes

- they laughed
";
    assert_eq!(calls::summary(&record, &titles, &TimeZone::UTC), expected);
}

#[test]
fn a_summary_speaks_the_language_of_the_call_and_nothing_typed_is_markup() {
    let mut walk = check(&[("outcome won", "ending won")]);
    let text = "<b>*x*</b> [a](javascript:b)\n# c\u{7} - d".to_string();
    walk.act(Event::Note { text }, at(9)).expect("a note");
    let mut record = Record::of(&walk, &header(walk.script()));
    for (language, word) in [
        ("vi", "**Kết quả**"),
        ("zh-Hant", "**結果**"),
        ("zh-TW", "**結果**"),
        ("zh-Hans", "**结果**"),
        ("zh-CN", "**结果**"),
        ("ms", "**Hasil**"),
        ("fr", "**Outcome**"),
        ("!", "**Outcome**"),
    ] {
        record.language = language.to_string();
        let summary = calls::summary(&record, &Titles::default(), &TimeZone::UTC);
        assert!(summary.contains(word), "{summary}");
        let html = callbook::markdown::to_html(&callbook::template::spoken::Filled::text(summary));
        assert!(html.contains("&lt;b&gt;*x*&lt;/b&gt; [a](javascript:b) # c - d"), "{html}");
        assert!(!html.contains("<b>") && !html.contains("<a") && !html.contains("<em>"), "{html}");
    }
}

#[test]
fn unknown_keys_events_and_versions_of_a_record_are_kept() {
    let given = json!({
        "version": 9, "id": "x1", "playbook": "gone", "started": at(0).to_string(), "mood": {"of": "them"},
        "path": [{"stage": "s", "entered": at(0).to_string(), "smile": true}],
        "answers": {"tool": "paper", "size": {"value": 3, "sure": 0.5}},
        "objections": [{"card": "c", "tone": "low", "tried": [{"response": "r", "loud": 1}]}],
        "events": [{"at": at(1).to_string(), "do": "dance", "with": "them"}, {"at": at(2).to_string(), "do": "next"}],
        "next_step": {"what": "w", "who": "me"},
    });
    let record: Record = serde_json::from_value(given.clone()).expect("a record");
    assert_eq!(
        record.check().expect("a record").as_deref(),
        Some("call `x1` is of version 9, and 1 is what is known here")
    );
    let again = serde_json::to_value(&record).expect("JSON");
    for pointer in [
        "/version",
        "/mood/of",
        "/path/0/smile",
        "/answers/size/sure",
        "/objections/0/tone",
        "/objections/0/tried/0/loud",
        "/events/0",
        "/next_step/who",
    ] {
        assert_eq!(again.pointer(pointer), given.pointer(pointer), "{pointer}");
    }
    assert_eq!(again.pointer("/answers/tool/value"), Some(&json!("paper")));
    assert_eq!(record.known_events().len(), 1);
    let twice: Record = serde_json::from_value(again).expect("a record");
    assert_eq!(twice, record);
    for (wrong, message) in [
        (json!({"id": "a b", "playbook": "p", "started": at(0).to_string()}), "cannot be the id of a call"),
        (json!({"id": "", "playbook": "p", "started": at(0).to_string()}), "cannot be the id of a call"),
        (json!({"id": "../x", "playbook": "p", "started": at(0).to_string()}), "cannot be the id of a call"),
        (
            json!({"id": "a", "playbook": "p", "started": at(5).to_string(), "ended": at(1).to_string()}),
            "ends before it begins",
        ),
    ] {
        let record: Record = serde_json::from_value(wrong).expect("a record");
        assert!(record.check().is_err_and(|error| error.contains(message)), "{message}");
    }
}

#[test]
fn events_of_a_changed_playbook_are_kept_and_told_of() {
    let old =
        check(&[("open dear", "demo/dear one.0 x1"), ("landed", "middle:0"), ("note well", "middle:0")]);
    let (book, _) = checked(&[("demo.yaml", &DEMO.replace("dear", "pricey"))]);
    let mut walk = Walk::replay(script_of(&book, 0), at(0), old.events());
    assert_eq!((place(&walk).as_str(), walk.lapsed()), ("open:0", 2));
    assert_eq!(walk.events(), old.events());
    let record = Record::of(&walk, &header(walk.script()));
    assert_eq!((record.events.len(), record.notes.len(), record.objections.len()), (3, 1, 0));
    for _ in 0..3 {
        walk.act(Event::Undo, at(99)).expect("an undo");
    }
    assert!(!walk.can_undo());
}

#[test]
fn what_is_too_much_is_refused() {
    let mut walk = Walk::new(demo(), at(0));
    let long = "x".repeat(10_001);
    assert!(walk.act(Event::Note { text: long }, at(1)).is_err());
    for _ in 0..MAX_CARDS / 2 {
        for card in ["dear", "far"] {
            walk.act(Event::Open { card: card.into(), heard: None }, at(1)).expect("room");
        }
    }
    assert!(walk.act(Event::Open { card: "dear".into(), heard: None }, at(1)).is_err());
    for number in walk.events().len()..MAX_EVENTS {
        let event = if number % 2 == 0 { Event::Note { text: "n".into() } } else { Event::Undo };
        walk.act(event, at(2)).expect("room");
    }
    assert!(walk.act(Event::Note { text: "n".into() }, at(3)).is_err());
    assert_eq!(walk.act(Event::End, at(4)), Ok(Effect::Ended));
}

#[test]
fn a_playbook_without_stages_can_be_called_with() {
    let text = "playbook: demo\ntitle: Demo\nlanguage: en\nobjections:\n  - {title: Dear, utterances: [dear], responses: [{say: Well.}]}\n";
    let (book, findings) = checked(&[("demo.yaml", text)]);
    assert_eq!(faults(&findings), [""; 0]);
    let mut walk = Walk::new(script_of(&book, 0), at(0));
    assert_eq!(place(&walk), "-:0");
    for choice in ["open", "landed"] {
        let event = match choice {
            "open" => Event::Open { card: "dear".into(), heard: None },
            _ => Event::Landed,
        };
        walk.act(event, at(1)).expect("possible");
    }
    walk.act(Event::End, at(2)).expect("possible");
    assert!(Record::of(&walk, &header(walk.script())).path.is_empty());
}

/// Something to type for an input.
fn typed(input: &Input, seed: usize) -> String {
    match input {
        Input::Text => ["quá đắt", "太貴了", "", "x"][seed % 4].to_string(),
        Input::Number => ["7", "-1.5", "1e3"][seed % 3].to_string(),
        Input::Date => "2027-01-31".to_string(),
        Input::YesNo => ["yes", "không", "是"][seed % 3].to_string(),
        Input::OneOf(options) => options[seed % options.len()].clone(),
    }
}

fn filled(choice: &Choice, seed: usize) -> Event {
    let text = choice.input.as_ref().map(|input| typed(input, seed)).unwrap_or_default();
    match choice.event.clone() {
        event if choice.input.is_none() => event,
        Event::Answer { question, .. } => Event::Answer { question, value: text },
        Event::Note { .. } => Event::Note { text: format!("note {text}") },
        Event::NoAnswer { .. } => Event::NoAnswer { heard: format!("heard {text}") },
        Event::Heard { .. } => Event::Heard { words: text },
        Event::NextStep { .. } => Event::NextStep { what: text, date: None },
        other => panic!("{other:?} takes no text"),
    }
}

/// Any event at all, fitting or not.
fn wild(script: &Script, kind: usize, seed: usize) -> Event {
    let pick = |names: Vec<String>| match names.len() {
        0 => "nobody".to_string(),
        count => names[seed % count].clone(),
    };
    let objections: Vec<String> = script.objections.iter().map(|card| card.id.clone()).collect();
    let responses = script.objections.iter().flat_map(|card| &card.responses).map(|one| one.id.clone());
    match kind % 21 {
        0 => Event::Next,
        1 => Event::Back,
        2 => Event::Line { number: seed % 9 },
        3 => Event::Branch { number: seed % 4 },
        4 => Event::Anytime { number: seed % 4 },
        5 => Event::Stage { id: pick(script.stages.iter().map(|stage| stage.id.clone()).collect()) },
        6 => Event::Open {
            card: pick(objections), heard: seed.is_multiple_of(2).then(|| "đắt".to_string())
        },
        7 => Event::Choose { response: pick(responses.collect()) },
        8 => Event::Used,
        9 => Event::Landed,
        10 => Event::Resisted,
        11 => Event::Accept,
        12 => Event::Leave,
        13 => Event::Close { id: pick(script.closes.iter().map(|close| close.id.clone()).collect()) },
        14 => Event::Yes,
        15 => Event::No,
        16 => Event::Answer { question: None, value: ["1", "yes", "", "2027-01-31"][seed % 4].to_string() },
        17 => Event::Outcome { id: pick(script.outcomes.iter().map(|outcome| outcome.id.clone()).collect()) },
        18 => Event::Resume,
        19 => Event::Undo,
        _ => Event::NoAnswer { heard: String::new() },
    }
}

/// Walks as the numbers say, and looks at everything at every step.
fn any_walk(script: &Arc<Script>, steps: &[(usize, usize, i16)]) {
    let mut walk = Walk::new(script.clone(), at(0));
    let start = walk.clone();
    let mut now = 0;
    for (kind, seed, seconds) in steps {
        now += i64::from(*seconds);
        let choices = walk.choices();
        if kind % 3 == 0 || choices.is_empty() {
            let before = walk.clone();
            if walk.act(wild(script, *kind / 3, *seed), at(now)).is_err() {
                assert_eq!(walk, before);
            }
        } else {
            let choice = &choices[seed % choices.len()];
            let event = filled(choice, *kind);
            walk.act(event.clone(), at(now))
                .unwrap_or_else(|refused| panic!("{event:?} was offered: {refused}"));
        }
        // Every place can be looked at, and is where the script has something.
        let _ = (place(&walk), walk.question(), walk.unanswered(), walk.time_in_stage(at(now)));
        assert!(walk.line() <= walk.stage().map_or(0, |stage| stage.lines.len()));
        assert!(walk.depth() <= MAX_CARDS);
        assert!(walk.events().is_sorted_by_key(|event| event.at));
    }
    // The record gives the call back, through JSON.
    let header = header(script);
    let record = Record::of(&walk, &header);
    let json = serde_json::to_string(&record).expect("JSON");
    let read: Record = serde_json::from_str(&json).expect("a record");
    assert_eq!(read, record);
    let events: Vec<Stamped> = read.known_events();
    let again = Walk::replay(script.clone(), read.started, &events);
    assert_eq!((again.lapsed(), &again), (0, &walk));
    assert_eq!(Record::of(&again, &header), record);
    let _ = calls::summary(&record, &Titles::of(script), &TimeZone::UTC);
    assert_eq!(record.check(), Ok(None));
    assert_eq!(record.ended.is_some(), walk.is_ended());
    // Whatever happened can be taken back.
    while walk.can_undo() {
        walk.act(Event::Undo, at(now)).expect("an undo");
    }
    assert!(walk.same_place(&start));
    let empty = Record::of(&walk, &header);
    assert!(empty.objections.is_empty() && empty.answers.is_empty() && empty.closes.is_empty());
}

/// Small playbooks with loops, references to themselves and ways that lead nowhere.
fn small_book() -> impl Strategy<Value = String> {
    let target = || prop::sample::select(vec!["s0", "s1", "s2", "o0", "o1", "c0", "c1", "end", ""]);
    let stage = (target(), target(), 0..3usize);
    let response = (target(), prop::sample::select(vec!["r0", "r1", "accept", ""]), 0..3usize);
    let objection = (prop::collection::vec(response, 2), 0..4u32);
    (
        prop::collection::vec(stage, 3),
        prop::collection::vec(objection, 2),
        prop::collection::vec((target(), target()), 2),
        target(),
    )
        .prop_map(|(stages, objections, closes, anytime)| {
            let key = |key: &str, value: &str| {
                if value.is_empty() { String::new() } else { format!(", {key}: {value}") }
            };
            let mut out = "playbook: small\ntitle: Small\nlanguage: en\nstages:\n".to_string();
            for (index, (first, second, lines)) in stages.iter().enumerate() {
                let next: Vec<String> = [("when: w, ", first), ("", second)]
                    .iter()
                    .filter(|(_, go)| !go.is_empty())
                    .map(|(when, go)| format!("{{{when}go: {go}}}"))
                    .collect();
                let next = if next.is_empty() { String::new() } else { format!(", next: [{}]", next.join(", ")) };
                let script = ["{say: a}", "{ask: q}", "{ask: Why is that?}"][..*lines].join(", ");
                out += &format!(
                    "  - {{id: s{index}, title: S, goal: G, script: [{script}], objections: [o0, o1], closes: [c1]{next}}}\n"
                );
            }
            out += "questions:\n  - {id: q, ask: Q?, type: choice, options: [a, {answer: b, go: s1}, {answer: c, go: o1}]}\n";
            out += "objections:\n";
            for (index, (responses, limit)) in objections.iter().enumerate() {
                let limit = if *limit == 0 { String::new() } else { format!(", limit: {limit}") };
                out += &format!("  - id: o{index}\n    title: O\n    utterances: [o]\n    x-l: 1\n");
                out += &limit.replace(", ", "    ");
                out += if limit.is_empty() { "" } else { "\n" };
                out += "    responses:\n";
                for (number, (next, resists, steps)) in responses.iter().enumerate() {
                    let say = match steps {
                        0 => "say: a".to_string(),
                        count => format!("steps: [{}]", vec!["{say: b, wait: true}"; *count].join(", ")),
                    };
                    let resists = if *resists == format!("r{number}") { "" } else { resists };
                    out += &format!(
                        "      - {{id: r{number}, {say}{}{}}}\n",
                        key("next", next),
                        key("if_resists", resists)
                    );
                }
            }
            out += "closes:\n";
            for (index, (yes, no)) in closes.iter().enumerate() {
                out += &format!("  - {{id: c{index}, title: C, say: c{}{}}}\n", key("if_yes", yes), key("if_no", no));
            }
            out += "outcomes: [{id: end, title: E, result: lost}]\nsignals: [{id: g, utterances: [g], go: c0}]\n";
            if !anytime.is_empty() {
                out += &format!("anytime: [{{when: w, go: {anytime}}}]\n");
            }
            out
        })
}

fn numbers(count: usize) -> impl Strategy<Value = Vec<(usize, usize, i16)>> {
    prop::collection::vec((0..9999usize, 0..9999usize, -30..300i16), 0..count)
}

proptest! {
    #![proptest_config(cases(120))]

    #[test]
    fn any_events_on_a_starter_playbook_end_in_a_valid_place(which in 0..99usize, steps in numbers(80)) {
        let scripts = &*STARTER;
        any_walk(&scripts[which % scripts.len()], &steps);
    }

    #[test]
    fn any_events_on_a_small_playbook_end_in_a_valid_place(text in small_book(), steps in numbers(120)) {
        let (book, findings) = checked(&[("small.yaml", &text)]);
        let errors = callbook::lint::count(&findings, callbook::diagnostic::Severity::Error);
        prop_assert!(errors == 0, "{text}\n{}", listed(&findings));
        any_walk(&script_of(&book, 0), &steps);
    }
}
