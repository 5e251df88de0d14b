//! What calls say: every figure against a slow and obvious recount, the loop back into script and cards,
//! records that fit the book only in part, hostile names.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use callbook::book::Book;
use callbook::calls::landed::Landed;
use callbook::calls::report::{Level, Measure, Report, Reporter, Scope, Stand};
use callbook::calls::{Record, demo, folded};
use callbook::language::Language;
use callbook::rate::{ENOUGH, Rate};
use callbook::render::report::{html, json, terminal};
use callbook::script::{Request, build, for_call};
use callbook::store::{Filter, Store};
use jiff::tz::TimeZone;
use serde_json::{Value, json as value};

use crate::support::{TODAY, checked, checked_on, day, starter};

static BOOK: LazyLock<Book> = LazyLock::new(|| checked_on(starter(), TODAY).0);

/// Made-up calls, newest first.
static CALLS: LazyLock<Vec<Record>> = LazyLock::new(|| {
    let scripts: Vec<_> =
        BOOK.playbooks().map(|(number, _)| Arc::new(for_call(&BOOK, number, &Request::default()))).collect();
    let mut calls: Vec<Record> =
        (1..=400).filter_map(|number| demo::call(&scripts, 5, number, day(TODAY))).collect();
    calls.sort_by(|a, b| (b.started, &a.id).cmp(&(a.started, &b.id)));
    calls
});

fn scope() -> Scope {
    Scope {
        since: None,
        until: day(TODAY),
        playbook: None,
        rep: None,
        segment: None,
        demo: true,
        zone: TimeZone::UTC,
    }
}

fn report_on(book: &Book, calls: &[Record], scope: Scope) -> Report {
    let mut reporter = Reporter::new(book, scope);
    calls.iter().for_each(|call| reporter.add(call));
    reporter.finish()
}

fn record(id: &str, more: Value) -> Record {
    let mut record =
        value!({"id": id, "playbook": "demo", "language": "en", "started": "2026-11-20T09:00:00Z"});
    for (key, more) in more.as_object().expect("an object") {
        record[key] = more.clone();
    }
    serde_json::from_value(record).expect("a record")
}

fn count(calls: &[Record], is_meant: impl Fn(&Record) -> bool) -> usize {
    calls.iter().filter(|call| is_meant(call)).count()
}

fn won(call: &Record) -> bool {
    matches!(call.result.as_deref(), Some("won" | "upgraded"))
}

fn visits(call: &Record, stage: &str) -> bool {
    call.path.iter().any(|visit| visit.stage == stage)
}

#[test]
fn totals_are_what_a_recount_finds() {
    let report = report_on(&BOOK, &CALLS, scope());
    assert_eq!(report.calls, CALLS.len());
    assert_eq!(report.won, Rate::new(count(&CALLS, won), CALLS.len()));
    assert_eq!(report.seconds, CALLS.iter().filter_map(|call| call.seconds).sum::<i64>());
    assert_eq!(report.results.values().sum::<usize>(), CALLS.len());
    for (result, found) in &report.results {
        let expected = count(&CALLS, |call| call.result.as_deref().unwrap_or("none") == result);
        assert_eq!(*found, expected, "{result}");
    }
    assert_eq!(report.weeks.iter().map(|week| week.won.of).sum::<usize>(), CALLS.len());
    for week in &report.weeks {
        let days: Vec<_> = (0..7).map(|n| week.week + jiff::Span::new().days(n)).collect();
        let within = |call: &Record| days.contains(&call.started.to_zoned(TimeZone::UTC).date());
        let expected = Rate::new(count(&CALLS, |call| within(call) && won(call)), count(&CALLS, within));
        assert_eq!(week.won, expected, "{}", week.week);
    }
}

#[test]
fn funnels_are_what_a_recount_finds() {
    let report = report_on(&BOOK, &CALLS, scope());
    assert_eq!(report.playbooks.iter().map(|funnel| funnel.calls).sum::<usize>(), CALLS.len());
    let mut leaks = 0;
    for (_, volume) in BOOK.playbooks() {
        let own: Vec<Record> = CALLS
            .iter()
            .filter(|call| call.playbook == volume.id.as_str() && call.language == volume.language.as_str())
            .cloned()
            .collect();
        let Some(funnel) = report
            .playbooks
            .iter()
            .find(|one| one.playbook == volume.id.as_str() && one.language == volume.language.as_str())
        else {
            assert!(own.is_empty());
            continue;
        };
        assert_eq!(funnel.stages.len(), volume.stages.len());
        let mut lost = Vec::new();
        for (number, (stage, line)) in volume.stages.iter().zip(&funnel.stages).enumerate() {
            let id = stage.id.as_str();
            let reached = count(&own, |call| visits(call, id));
            let later = &volume.stages[number + 1..];
            let goes_on = |call: &Record| later.iter().any(|stage| visits(call, stage.id.as_str()));
            let passed = count(&own, |call| visits(call, id) && (won(call) || goes_on(call)));
            assert_eq!((line.reached, line.passed), (reached, Rate::new(passed, reached)), "{id}");
            let met = own
                .iter()
                .flat_map(|call| &call.objections)
                .filter(|heard| heard.stage.as_deref() == Some(id));
            assert_eq!(line.objections, met.count(), "{id}");
            let seconds: i64 = own
                .iter()
                .flat_map(|call| &call.path)
                .filter(|visit| visit.stage == id)
                .filter_map(|visit| visit.seconds)
                .sum();
            let average = (reached > 0).then(|| (seconds as f64 / reached as f64).round() as i64);
            assert_eq!(line.seconds, average, "{id}");
            lost.push((id, reached - passed, reached));
        }
        let truth: Vec<&str> = volume
            .stages
            .iter()
            .filter(|stage| stage.moment_of_truth)
            .map(|stage| stage.id.as_str())
            .collect();
        let there = |call: &Record| truth.iter().any(|stage| visits(call, stage));
        let expected = Rate::new(count(&own, |call| there(call) && won(call)), count(&own, there));
        assert_eq!(funnel.moment_of_truth, expected);
        lost.pop();
        for (id, gone, of) in &lost {
            let others = lost.iter().filter(|(other, ..)| other != id);
            let (other_gone, other_of) = others.fold((0, 0), |sum, (_, gone, of)| (sum.0 + gone, sum.1 + of));
            let (here, there) = (Rate::new(*gone, *of), Rate::new(other_gone, other_of));
            let is_leak = here.of >= ENOUGH && there.of >= ENOUGH && here.interval().0 > there.interval().1;
            assert_eq!(funnel.leaks.iter().any(|leak| leak.stage == *id), is_leak, "{id}");
            leaks += usize::from(is_leak);
        }
    }
    assert!(leaks > 0, "the made-up calls have no leak to find");
}

#[test]
fn objections_responses_and_closes_are_what_a_recount_finds() {
    let report = report_on(&BOOK, &CALLS, scope());
    // By hand: language, card without its path, response.
    let short = |card: &str| card.rsplit('/').next().unwrap_or_default().to_string();
    let mut times: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut calls: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    let mut back: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    let mut responses: BTreeMap<(String, String, String), (usize, usize, usize)> = BTreeMap::new();
    let mut closes: BTreeMap<(String, String), (usize, usize, usize)> = BTreeMap::new();
    let mut heard_all = 0;
    for call in CALLS.iter() {
        for heard in &call.objections {
            let key = (call.language.clone(), short(&heard.card));
            heard_all += 1;
            *times.entry(key.clone()).or_default() += 1;
            calls.entry(key.clone()).or_default().insert(&call.id);
            if heard.times > 1 {
                back.entry(key.clone()).or_default().insert(&call.id);
            }
            for tried in &heard.tried {
                let sum =
                    responses.entry((key.0.clone(), key.1.clone(), tried.response.clone())).or_default();
                sum.0 += 1;
                sum.1 += usize::from(tried.landed == Some(true));
                sum.2 += usize::from(tried.landed.is_some());
            }
        }
        for closing in &call.closes {
            let sum = closes.entry((call.language.clone(), short(&closing.close))).or_default();
            sum.0 += 1;
            sum.1 += usize::from(closing.yes == Some(true));
            sum.2 += usize::from(closing.yes.is_some());
        }
    }
    assert_eq!(report.objections.len(), times.len());
    assert_eq!(report.categories.iter().map(|line| line.times).sum::<usize>(), heard_all);
    let mut ranked = 0;
    for line in &report.objections {
        let key = (line.language.clone(), line.id.clone());
        assert!(line.known, "{key:?}");
        assert_eq!((line.times, line.calls), (times[&key], calls[&key].len()), "{key:?}");
        let expected = Rate::new(back.get(&key).map_or(0, BTreeSet::len), line.calls);
        assert_eq!(line.came_back, expected, "{key:?}");
        assert_eq!(line.stages.iter().map(|met| met.times).sum::<usize>(), line.times, "{key:?}");
        for response in &line.responses {
            let (said, landed, noted) = responses[&(key.0.clone(), key.1.clone(), response.id.clone())];
            assert_eq!((response.said, response.landed), (said, Rate::new(landed, noted)));
            assert!(response.rank.is_none() || noted >= ENOUGH, "{key:?} is ranked on {noted}");
            ranked += usize::from(response.rank.is_some());
        }
        let in_order: Vec<f64> = line
            .responses
            .iter()
            .filter(|one| one.rank.is_some())
            .map(|one| one.landed.interval().0)
            .collect();
        assert!(in_order.is_sorted_by(|a, b| a >= b), "{key:?}: {in_order:?}");
    }
    assert_eq!(report.objections.iter().map(|line| line.responses.len()).sum::<usize>(), responses.len());
    assert!(ranked > 1, "nothing could be ranked");
    assert_eq!(report.closes.len(), closes.len());
    for line in &report.closes {
        let (tried, yes, noted) = closes[&(line.language.clone(), line.id.clone())];
        assert_eq!((line.tried, line.yes), (tried, Rate::new(yes, noted)), "{}", line.id);
    }
}

#[test]
fn reps_the_board_and_what_had_no_answer_are_what_a_recount_finds() {
    let report = report_on(&BOOK, &CALLS, scope());
    let reps: BTreeSet<&str> = CALLS.iter().filter_map(|call| call.rep.as_deref()).collect();
    assert_eq!(report.reps.len(), reps.len());
    for line in &report.reps {
        let own: Vec<Record> = CALLS.iter().filter(|call| call.rep == line.rep).cloned().collect();
        let days: BTreeSet<_> = own.iter().map(|call| call.started.to_zoned(TimeZone::UTC).date()).collect();
        assert_eq!((line.calls, line.days), (own.len(), days.len()));
        assert_eq!(line.won, Rate::new(count(&own, won), own.len()));
    }
    let mut missing: BTreeMap<String, usize> = BTreeMap::new();
    for heard in CALLS.iter().flat_map(|call| &call.no_answer) {
        let key = folded(&heard.heard).trim_matches(|c: char| !c.is_alphanumeric()).to_string();
        *missing.entry(key).or_default() += 1;
    }
    let mut expected: Vec<usize> = missing.into_values().collect();
    let mut found: Vec<usize> = report.no_answer.iter().map(|line| line.times).collect();
    expected.sort_unstable();
    found.sort_unstable();
    assert_eq!(found, expected);
    let names: BTreeSet<String> = CALLS.iter().map(|call| folded(&call.prospect_name())).collect();
    assert_eq!(report.board.len(), names.len());
    for line in &report.board {
        let own: Vec<&Record> =
            CALLS.iter().filter(|call| folded(&call.prospect_name()) == folded(&line.prospect)).collect();
        let newest = own[0];
        assert_eq!((&line.call, line.calls), (&newest.id, own.len()));
        assert_eq!(line.stage, newest.path.last().map(|visit| visit.stage.clone()));
        let same = |call: &&&Record| {
            (&call.playbook, &call.language, call.path.last().map(|visit| &visit.stage))
                == (&newest.playbook, &newest.language, newest.path.last().map(|visit| &visit.stage))
        };
        let since = own.iter().take_while(same).last().and_then(|call| call.path.last()).expect("a stage");
        let since = since.entered.to_zoned(TimeZone::UTC).date();
        assert_eq!(line.days, i64::from((day(TODAY) - since).get_days()), "{}", line.prospect);
        let late = newest.next_step.as_ref().and_then(|step| step.date);
        let late = late.map(|date| i64::from((day(TODAY) - date).get_days())).filter(|late| *late > 0);
        assert_eq!(line.overdue, late, "{}", line.prospect);
    }
    assert!(report.board.iter().any(|line| line.overdue.is_some()));
    let everyone = report.board.len();
    let winners = names
        .iter()
        .filter(|name| CALLS.iter().any(|call| won(call) && folded(&call.prospect_name()) == **name));
    assert_eq!(report.prospects.won, Rate::new(winners.count(), everyone));
}

const METRICS: &str = "playbook: demo\ntitle: Demo\nlanguage: en\nstages:\n  - {id: open, title: Opening, goal: G}\n  \
    - {id: show, title: Showing, goal: G, moment_of_truth: true}\noutcomes:\n  - {id: booked, title: Booked, result: open}\n  \
    - {id: sold, title: Sold, result: won}\nmetrics:\n  - {id: shown, title: Shown, from: open, to: show, target: 0.5}\n  \
    - {id: kept, title: Kept, from: booked, to: sold, target: 0.5}\n  \
    - {id: sales, title: Sales, from: sold, target: 9, per: quarter, for: person}\n  \
    - {id: hope, title: Hope, target: 3}\n";

#[test]
fn metrics_stand_to_their_targets() {
    let (book, _) = checked(&[("demo.yaml", METRICS)]);
    let stage = |stage: &str| value!({"stage": stage, "entered": "2026-11-20T09:00:00Z"});
    let mut calls = Vec::new();
    for number in 0..40 {
        let path = if number < 38 { vec![stage("open"), stage("show")] } else { vec![stage("open")] };
        // Each of the first ten prospects is sold to in the newer of two calls.
        let outcome = match number {
            0..10 => Some(("sold", "won")),
            10..25 => Some(("booked", "open")),
            _ => None,
        };
        calls.push(record(
            &format!("c{number:02}"),
            value!({"path": path, "prospect": {"name": format!("P{}", number % 10)}, "rep": if number < 5 {"An"} else {"Bo"},
                "outcome": outcome.map(|outcome| outcome.0), "result": outcome.map(|outcome| outcome.1)}),
        ));
    }
    let report = report_on(&book, &calls, Scope { since: Some(day("2026-11-01")), ..scope() });
    let metric = |id: &str| report.metrics.iter().find(|metric| metric.id == id).expect("a metric");
    let shown = metric("shown");
    assert_eq!((shown.rate, shown.stand, shown.counted), (Rate::new(38, 40), Some(Stand::Above), "calls"));
    // An outcome that comes after another is in a later call with the same prospect.
    let kept = metric("kept");
    assert_eq!((kept.rate, kept.stand, kept.counted), (Rate::new(10, 10), Some(Stand::Above), "prospects"));
    // Three weeks are not blown up to a quarter; each person has a line.
    let sales = metric("sales");
    assert_eq!((sales.measure, sales.value, sales.stand), (Measure::Number, Some(5.0), Some(Stand::TooFew)));
    let people: Vec<_> = sales.people.iter().map(|person| (person.rep.as_str(), person.value)).collect();
    assert_eq!(people, [("An", Some(5.0)), ("Bo", Some(5.0))]);
    assert_eq!((metric("hope").measure, metric("hope").stand), (Measure::Unmeasured, None));
    assert_eq!(report.maturity.level, Level::Standard, "{:?}", report.maturity);
    assert_eq!(report.prospects.moment_of_truth, Rate::new(10, 10));
}

#[test]
fn the_same_calls_make_the_same_report() {
    let (one, two) = (report_on(&BOOK, &CALLS, scope()), report_on(&BOOK, &CALLS, scope()));
    assert_eq!(json(&one), json(&two));
    let english = Language::english();
    assert_eq!(html(&one, &english, "B").expect("a page"), html(&two, &english, "B").expect("a page"));
    // A call more changes it.
    assert_ne!(json(&one), json(&report_on(&BOOK, &CALLS[1..], scope())));
    let value: Value = serde_json::from_str(&json(&one)).expect("JSON");
    assert_eq!(value["version"], 1);
    for rate in ["count", "of", "share", "low", "high"] {
        assert!(value["won"].get(rate).is_some(), "{rate}");
    }
    // A segment leaves the others out.
    let segment = CALLS[0].segment[0].clone();
    let some = report_on(&BOOK, &CALLS, Scope { segment: Some(segment.to_uppercase()), ..scope() });
    assert_eq!(some.calls, count(&CALLS, |call| call.segment.contains(&segment)));
    assert!(some.calls > 0 && some.calls < CALLS.len());
}

#[test]
fn every_language_fits_its_columns() {
    let report = report_on(&BOOK, &CALLS, scope());
    for language in ["en", "vi", "zh-Hant", "zh-Hans", "ms"] {
        let language = Language::parse(language).expect("a language");
        for columns in [60, 80, 120] {
            let text = terminal(&report, &language, columns);
            let plain = anstream::adapter::strip_str(&text).to_string();
            for line in plain.lines() {
                assert!(callbook::render::wrap::width(line) <= columns, "{language} {columns}: {line}");
            }
        }
        let page = html(&report, &language, "Book").expect("a page");
        assert!(page.contains(&format!("<html lang=\"{language}\"")) && !page.contains("<script"));
    }
}

#[test]
fn what_the_book_no_longer_has_is_counted_by_its_ids() {
    let (book, _) = checked(&[("demo.yaml", METRICS)]);
    let calls = [
        record(
            "a",
            value!({"playbook": "old", "path": [{"stage": "s", "entered": "2026-11-20T09:00:00Z"}],
            "objections": [{"card": "gone", "response": "r", "landed": true}], "closes": [{"close": "c", "yes": true}]}),
        ),
        record(
            "b",
            value!({"version": 9, "path": [{"stage": "none", "entered": "2026-11-20T09:00:00Z"}],
            "objections": [{"card": "x/gone", "tried": [{"response": "r", "landed": false}]}], "new-key": 1,
            "result": "splendid", "outcome": "zzz"}),
        ),
        record("c", value!({"language": "not a language", "no_answer": [{"heard": ""}], "seconds": -5})),
    ];
    let report = report_on(&book, &calls, scope());
    assert_eq!(report.odd.gone, BTreeMap::from([("old".to_string(), 1)]));
    assert_eq!(report.odd.newer, 1);
    let gone = report.playbooks.iter().find(|funnel| funnel.playbook == "old").expect("a funnel");
    assert!(!gone.known && gone.stages[0].stage == "s" && gone.leaks.is_empty());
    let objections: Vec<_> = report.objections.iter().map(|line| (line.id.as_str(), line.known)).collect();
    assert_eq!(objections, [("gone", false), ("gone", false)]);
    let homes: Vec<_> = report.objections.iter().map(|line| line.playbook.as_str()).collect();
    assert_eq!(homes, ["old", "x"]);
    assert_eq!(report.objections[0].responses[0].landed, Rate::new(1, 1));
    assert_eq!(report.results["none"], 3);
    assert_eq!(report.seconds, 0);
    assert!(report.no_answer[0].heard.is_empty());
    for columns in [60, 120] {
        assert!(terminal(&report, &Language::english(), columns).contains("no longer in the book"));
    }
}

#[test]
fn hostile_names_stay_names() {
    let (book, _) = checked(&[("demo.yaml", METRICS)]);
    let evil = "<script>alert(1)</script>\u{1b}[31m\"'{{ 7*7 }}\n# x\u{202e}";
    let call = record(
        "a",
        value!({"playbook": evil, "rep": evil, "prospect": {"name": evil}, "result": "open", "outcome": evil,
            "path": [{"stage": evil, "entered": "2026-11-20T09:00:00Z"}],
            "objections": [{"card": evil, "stage": evil, "tried": [{"response": evil, "landed": true}]}],
            "no_answer": [{"heard": evil, "card": evil}], "closes": [{"close": evil, "led_to": evil}],
            "answers": {evil: evil}, "next_step": {"what": evil}}),
    );
    let scope = Scope { playbook: Some(evil.into()), rep: Some(evil.into()), ..scope() };
    let report = report_on(&book, &[call], scope);
    let english = Language::english();
    let text = anstream::adapter::strip_str(&terminal(&report, &english, 80)).to_string();
    assert!(!text.contains('\u{1b}') && text.contains("alert(1)"), "{text}");
    assert!(text.lines().all(|line| !line.starts_with('#')), "{text}");
    let page = html(&report, &english, evil).expect("a page");
    assert!(!page.contains("<script") && !page.contains("49") && page.contains("&lt;script&gt;"), "{page}");
    let back: Value = serde_json::from_str(&json(&report)).expect("JSON");
    assert_eq!(back["board"][0]["prospect"], evil);
}

/// A store with real calls in which a response landed so many times out of so many.
fn tried(store: &mut Store, card: &str, response: &str, landed: usize, of: usize, demo: bool) {
    let records: Vec<Record> = (0..of)
        .map(|number| {
            record(
                &format!("{response}-{number}-{demo}"),
                value!({"playbook": "saas-outbound", "demo": demo, "started": "2026-11-20T09:00:00Z",
                    "objections": [{"card": card, "playbook": "core-objections",
                        "tried": [{"response": response, "landed": number < landed}, {"response": "other"}]}]}),
            )
        })
        .collect();
    store.put_all(&records).expect("put");
}

#[test]
fn what_lands_comes_first_the_next_day() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("calls.db");
    let mut store = Store::open(&path).expect("a store");
    let playbook = BOOK
        .playbooks()
        .find(|(_, volume)| volume.id.as_str() == "saas-outbound" && volume.language.as_str() == "en");
    let (number, _) = playbook.expect("a playbook");
    let plain = build(&BOOK, number, &Request::default());
    let card =
        plain.objections.iter().find(|card| card.responses.len() > 1 && card.playbook == "core-objections");
    let card = card.expect("an objection with a choice");
    let (first, second) = (card.responses[0].id.clone(), card.responses[1].id.clone());
    let shown = |store: &Store, before: &str| {
        let mut landed = store.landed(before.parse().expect("a time"), None).expect("figures");
        landed.follow(&BOOK);
        let mut script = plain.clone();
        landed.show_in_script(&mut script);
        script.objections.into_iter().find(|one| one.id == card.id).expect("the card").responses
    };
    let (evening, morning) = ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z");
    tried(&mut store, &card.id, &first, 3, 19, false);
    tried(&mut store, &card.id, &second, 9, 9, false);
    // Nine of nine are not enough.
    let responses = shown(&store, morning);
    assert_eq!((&responses[0].id, responses[0].landed), (&first, Some(Rate::new(3, 19))));
    assert_eq!(responses[1].landed, None);
    // Made-up ones do not count.
    tried(&mut store, &card.id, &second, 50, 50, true);
    assert_eq!(shown(&store, morning), responses);
    tried(&mut store, &format!("core-objections/{}", card.id), &second, 10, 11, false);
    let responses = shown(&store, morning);
    assert_eq!((&responses[0].id, responses[0].landed), (&second, Some(Rate::new(10, 11))));
    assert_eq!(responses[1].id, first);
    // Of one card alone it is the same, and of another nothing.
    let at: jiff::Timestamp = morning.parse().expect("a time");
    let one = store.landed(at, Some(&[card.id.as_str()])).expect("figures");
    assert_eq!(one.of("en", "core-objections", &card.id, &second), Some(Rate::new(10, 11)));
    assert_eq!(store.landed(at, Some(&["nothing"])).expect("figures"), Landed::default());
    // Today's calls wait for tomorrow.
    assert_eq!(shown(&store, evening), card.responses);
    // What is deleted has no say.
    store.delete_all(&Filter::default()).expect("deleted");
    assert_eq!(store.landed(at, None).expect("figures"), Landed::default());
}

#[test]
fn a_store_of_before_learns_what_landed() {
    let temp = tempfile::tempdir().expect("a folder");
    let path = temp.path().join("calls.db");
    let mut store = Store::open(&path).expect("a store");
    store.put_all(&CALLS).expect("put");
    let real: Vec<Record> = CALLS
        .iter()
        .map(|call| Record { demo: false, id: format!("r{}", call.id), ..call.clone() })
        .collect();
    store.put_all(&real).expect("put");
    let at: jiff::Timestamp = "2027-01-01T00:00:00Z".parse().expect("a time");
    let expected = store.landed(at, None).expect("figures");
    assert!(!expected.is_empty());
    drop(store);
    let connection = rusqlite::Connection::open(&path).expect("SQLite");
    let before = "DROP TRIGGER calls_tried; DROP VIEW tries; DROP TABLE tried; PRAGMA user_version = 1";
    connection.execute_batch(before).expect("a store of before");
    drop(connection);
    let store = Store::open(&path).expect("the store");
    assert_eq!(store.landed(at, None).expect("figures"), expected);
}

#[test]
fn every_format_of_a_script_says_how_often_a_response_landed() {
    use callbook::render::{Format, script};
    let volume = BOOK.playbooks().next().expect("a playbook").0;
    let mut made = build(&BOOK, volume, &Request::default());
    for format in [Format::Terminal, Format::Markdown, Format::Html] {
        assert!(!script(&made, format, 80).expect("a script").contains("7116"), "{format:?}: not yet");
    }
    let card = made.objections.iter_mut().find(|card| !card.responses.is_empty()).expect("an objection");
    card.responses[0].landed = Some(Rate::new(7116, 9219));
    for format in [Format::Terminal, Format::Markdown, Format::Html, Format::Json] {
        let text = script(&made, format, 80).expect("a script");
        assert!(text.contains("7116") && text.contains("9219"), "{format:?}");
    }
}

/// Reports read less of a record than there is, and count the same: also of one that is odd.
#[test]
fn what_is_read_for_a_report_is_all_that_it_counts() {
    let odd = record(
        "odd",
        value!({"future": {"x": [1]}, "answers": {"a": "bare", "b": 3, "c": null, "d": [1, {}], "e": {"question": "no-value"},
            "f": {"value": {"x": 1}, "question": "q", "at": "2026-11-20T09:00:01Z", "more": true}},
            "objections": [{"card": "x/dear", "heard": "đắt", "response": "one", "landed": true, "y": 1}],
            "no_answer": [{"heard": "boats?", "stage": "open", "card": "dear"}], "signals": [{"signal": "s"}],
            "closes": [{"close": "date", "yes": true, "led_to": "won", "z": 2}], "next_step": {"what": "call", "date": "2026-12-01"},
            "path": [{"stage": "open", "entered": "2026-11-20T09:00:00Z", "left": "2026-11-20T09:01:00Z", "seconds": 60}],
            "notes": [{"text": "n"}], "events": [{"do": "dance"}], "version": 9, "segment": ["a"], "rep": "An", "result": "won"}),
    );
    let mut calls = vec![odd];
    calls.extend(CALLS.iter().cloned());
    let read = |call: &Record| {
        let text = serde_json::to_string(call).expect("JSON");
        Record::counted(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    };
    let counted: Vec<Record> = calls.iter().map(read).collect();
    assert!(counted.iter().all(|call| call.events.is_empty() && call.extra.is_empty()));
    let seen = |calls: &[Record]| json(&report_on(&BOOK, calls, scope()));
    assert_eq!(seen(&counted), seen(&calls));
    for wrong in ["", "[]", "{}", r#"{"id": 3, "playbook": "p", "started": "2026-11-20T09:00:00Z"}"#] {
        assert!(Record::counted(wrong).is_err(), "{wrong}");
    }
}
