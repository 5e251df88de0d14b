//! The screen of a call, without a terminal: where keys lead, pictures of whole screens, and any keys at
//! all on a store of its own.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use callbook::book::Book;
use callbook::calls::landed::{Kept, Landed};
use callbook::calls::{Header, Record};
use callbook::card::cards;
use callbook::script::values::Given;
use callbook::script::walk::{Event, Walk};
use callbook::script::{Request, Script, for_call};
use callbook::search::{Lexicons, SearchIndex};
use callbook::store::Session;
use callbook::store::journal::unfinished;
use callbook::tui::call::{Call, Needs};
use callbook::tui::search::Shelf;
use callbook::tui::{App, Input, Key, Theme};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use serde_json::{Value, json};

use crate::support::{TODAY, cases, checked_on, day, errors, file, golden, listed, root, walk};
use crate::tui::{any_key, inputs, picture};

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let folder = root().join("tests/call");
    let read = |name: &String| file(name, std::fs::read(folder.join(name)).expect("a file"));
    let (book, findings) = checked_on(walk(&folder).iter().map(read).collect(), TODAY);
    assert_eq!(errors(&findings), 0, "{}", listed(&findings));
    book
});

static INDEX: LazyLock<SearchIndex> =
    LazyLock::new(|| SearchIndex::in_memory(&cards(&BOOK), &Lexicons::new(&[])).expect("an index"));

const STARTED: i64 = 1_795_341_600;

fn volume(language: &str) -> usize {
    let found = BOOK.playbooks().find(|(_, volume)| volume.language.as_str() == language);
    found.expect("a playbook").0
}

fn script(language: &str, values: &BTreeMap<String, String>) -> Arc<Script> {
    let given = values.iter().map(|(name, value)| (name.clone(), Given::Text(value.clone()))).collect();
    Arc::new(for_call(&BOOK, volume(language), &Request { given, public: false }))
}

/// What is known before the call.
fn known(names: &[(&str, &str)]) -> BTreeMap<String, String> {
    names.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

const ALL: [(&str, &str); 3] =
    [("rep", "An"), ("prospect.first_name", "Linh"), ("prospect.company", "Harbour Joinery")];

/// A screen on a store of its own, and the clock that it goes by.
struct Stage {
    call: Call<'static>,
    clock: Rc<Cell<i64>>,
    folder: tempfile::TempDir,
}

fn needs(language: &'static str, base: BTreeMap<String, String>, clock: &Rc<Cell<i64>>) -> Needs<'static> {
    let clock = clock.clone();
    let fill = move |more: &BTreeMap<String, String>| {
        let mut values = base.clone();
        values.extend(more.clone());
        match values.get("team_size").filter(|size| size.parse::<f64>().is_err()) {
            Some(_) => Err("this should be a number".to_string()),
            None => Ok(script(language, &values)),
        }
    };
    Needs {
        index: Some(&INDEX),
        shelf: Shelf::of(&BOOK),
        fill: Box::new(fill),
        clock: Box::new(move || Timestamp::from_second(STARTED + clock.get()).expect("a time")),
        today: day(TODAY),
        zone: TimeZone::UTC,
        theme: Theme::new(true),
    }
}

fn stage(language: &'static str, names: &[(&str, &str)]) -> Stage {
    let folder = tempfile::tempdir().expect("a folder");
    let base = known(names);
    let header: Header = serde_json::from_value(json!({
        "id": "k3f9", "playbook": "demo", "language": language, "rep": base.get("rep"),
        "given": base.iter().filter(|(name, _)| *name != "rep").collect::<BTreeMap<_, _>>(),
        "started": Timestamp::from_second(STARTED).expect("a time").to_string(),
    }))
    .expect("a header");
    let session = Session::begin(&folder.path().join("calls.db"), script(language, &base), header);
    assert!(session.trouble().is_none());
    let clock = Rc::new(Cell::new(5));
    Stage { call: Call::new(session, needs(language, base, &clock)), clock, folder }
}

/// Presses keys; whether the screen was left.
fn press(stage: &mut Stage, keys: &str) -> bool {
    for input in inputs(keys) {
        stage.clock.set(stage.clock.get() + 1);
        if stage.call.act(input).is_some() {
            return true;
        }
        stage.call.settle();
    }
    false
}

/// Where keys lead, in a word, and what is told below the screen.
#[track_caller]
fn leads(keys: &str, expected: &str, told: &str) -> Stage {
    let mut stage = stage("en", &ALL);
    let left = press(&mut stage, keys);
    let place = crate::walk::place(stage.call.session().walk());
    let place = if left { format!("{place}, left") } else { place };
    assert_eq!(place, expected, "{keys}");
    let shown = picture(&mut stage.call, 120, 24);
    assert!(shown.contains(told), "{keys}: no “{told}” in\n{shown}");
    stage
}

#[test]
fn the_script_is_led_through() {
    leads("", "open:0", "▌ Hi Linh, it's An from Tideway");
    leads("<enter>", "open:1", "┆ Note: Let them laugh");
    leads("<right><down>", "open:2", "║ SAY EXACTLY");
    leads(" <enter><up><left>", "open:0", "Stand up");
    leads("<enter><esc>", "open:0", "");
    leads("<esc>", "open:0", "the stage begins here; Ctrl-Z takes your last step back");
    // At the end the way that needs no condition is marked.
    leads("<enter><enter><enter><enter>", "open:4", "▸ → What hurts");
    leads("<enter><enter><enter><enter><enter>", "discover:0", "▸2★ What hurts");
    leads("<enter><enter><enter><enter><up><enter>", "ending no-fit", "Outcome: Not a fit");
    leads("<enter><enter><enter><enter><esc>", "open:3", "? How do you keep track");
    // Out of a stage in which nothing happened; not past what was kept.
    leads("<enter><enter><enter><enter><enter><esc>", "open:4", "Next");
    leads("<enter><enter><enter><enter><enter><ctrl-n>hm<enter><esc>", "discover:0", "Ctrl-Z takes");
    leads("<enter><enter><enter><enter><enter><ctrl-z><ctrl-u>", "open:3", "taken back");
    leads("<ctrl-z>", "open:0", "there is nothing to take back");
    leads("+", "open:0", "! that is not possible here");
    leads("<ctrl-c>", "open:0, left", "");
    // The last stage has no way on: the call ends there.
    leads(".7<enter><enter>", "ending booked", "Meeting booked");
}

#[test]
fn objections_are_answered_and_lead_back() {
    leads("1", "demo/too-expensive compare.0 x1", "▌ That's fair, money is tight.");
    leads("<enter>1<esc>", "open:1", "");
    leads("<enter>1<enter>", "demo/too-expensive compare.0 x1 used", "✓ said it");
    leads("1<enter><enter>", "demo/too-expensive compare.0 x1 used", "! say how it went");
    leads("<enter>2+", "open:1", "· landed");
    leads("1+", "discover:0", "landed");
    leads("1=", "discover:0", "landed");
    // Another answer, steps one at a time, and after two of them there is nothing left to say.
    leads("1-", "demo/too-expensive turns.0 x1", "1/3 Acknowledge");
    leads("1-<enter>", "demo/too-expensive turns.1 x1", "2/3 Explore");
    leads("1-<enter><enter><left>", "demo/too-expensive turns.1 x1", "… wait");
    leads("1--", "demo/too-expensive -.0 x1 accept", "ACCEPT IT AND LEAVE");
    leads("<enter>1--<enter>", "open:1", "");
    leads("1--<tab>", "demo/too-expensive -.0 x1 accept", "which is its limit");
    leads("1<tab>", "demo/too-expensive turns.0 x1", "▸2 The sum is truly");
    leads("1<back>", "demo/too-expensive last.0 x1", "▸3 I see.");
    leads("2<tab>", "demo/no-time later.0 x1", "! that is not possible here");
    leads("1<esc>1", "demo/too-expensive compare.0 x2", "time 2 in this call");
    // One card on the other, and back in order.
    leads("<enter>12<esc><esc>", "open:1", "");
    leads("9", "open:0", "! there is nothing on 9 here");
    leads("1\"too dear<enter>", "demo/too-expensive compare.0 x1", "They said: “too dear”");
    leads("\"", "open:0", "! that is not possible here");
    // No answer: the words are kept.
    leads("0on boats?<enter>", "open:0", "kept as unanswered: on boats?");
    leads("0<enter>", "open:0", "there is nothing to keep");
    leads("0hm<esc>", "open:0", "");
    leads("10<enter>", "open:0", "");
    let stage = leads("too dear<enter>0", "open:0", "kept as unanswered: too dear");
    assert_eq!(stage.call.session().record().no_answer[0].heard, "too dear");
    // The signs of a Chinese input method.
    leads("1＋", "discover:0", "landed");
    leads("？", "open:0", "Search every card");
}

#[test]
fn closes_lead_on_with_yes_and_no() {
    leads("*", "close date", "▌ Shall we say Tuesday");
    leads("*+", "ending booked", "Outcome: Meeting booked");
    leads("*-", "demo/send-email gladly.0 x1", "");
    leads("<enter>*<esc>", "open:1", "");
    leads(".", "open:0", "Where to");
    leads(".3", "close date", "");
    leads("3+", "close date", "");
    // A signal that was noticed: its words first, then where it leads.
    leads(".8", "close date", "▌ It starts at nine a head, Linh.");
    leads(".8<enter>+", "ending booked", "");
    leads("cost to start<enter><esc>", "close date", "▌ Shall we say Tuesday");
    // Several: a list.
    leads("<enter><enter><enter><enter><enter>*", "discover:0", "▸1 Name a date");
    leads("<enter><enter><enter><enter><enter>*2", "close pilot", "Fact (until 2099-12-31)");
}

#[test]
fn any_letter_searches_every_card() {
    leads("that costs far<enter>", "demo/too-expensive compare.0 x1", "They said: “that costs far”");
    leads("boss", "open:0", "A1    I have to ask my boss");
    leads("boss<esc>", "open:0", "Hi Linh");
    leads("boss<esc>c", "open:0", "› c");
    leads("/<down><enter>", "demo/no-time later.0 x1", "");
    leads("«my manager decides»<enter>", "demo/boss join.0 x1", "");
    leads("on boats<ctrl-x>", "open:0", "kept as unanswered: on boats");
    leads("1boss<enter>", "demo/boss join.0 x1", "");
    leads("1boss<enter>+<esc><esc>", "open:0", "");
    leads("3boss<enter>", "demo/boss join.0 x1", "They said: “boss”");
    leads(".boss<enter>", "demo/boss join.0 x1", "");
    leads("boss<f1>", "open:0", "Search every card of the book");
    leads("boss<f1><esc><enter>", "demo/boss join.0 x1", "");
    // A card in another language is read in it, and answered for in the call.
    leads("mahal sangat<back><enter>", "demo/too-expensive compare.0 x1", "P1 Mahal sangat");
    leads("mahal sangat<back><enter><esc>+", "discover:0", "landed");
    leads("mahal sangat<back><enter>+", "discover:0", "landed");
    leads("What hurts<enter>", "discover:0", "");
}

#[test]
fn answers_are_typed_or_chosen_and_checked() {
    let to = |keys: &str| format!("<enter><enter><enter>{keys}");
    leads(&to("<tab>a sheet<enter>"), "open:3", "Say back: So it is a sheet. Is that right?");
    leads(&to("<tab>a sheet<esc>"), "open:3", "* required");
    leads(&to("<tab>a<enter><tab>b<enter>"), "open:3", "✎ ab");
    leads(&to("<tab>a<enter><tab><bs><enter>"), "open:3", "* required");
    leads("<tab>", "open:0", "! that is not possible here");
    let at = |keys: &str| format!("<enter><enter><enter><enter><enter>{keys}");
    leads(&at("<tab>many<enter>"), "discover:0", "`many` is not a number");
    leads(&at("<tab>12<enter>"), "discover:0", "12 people, did I count right?");
    leads(&at("<enter><tab>"), "discover:1", "2 Some day → Call again");
    leads(&at("<enter><tab><enter>"), "discover:1", "✎ This quarter");
    leads(&at("<enter><tab>2"), "ending later", "Call again");
    leads(&at("<enter><enter><tab>soon<enter>"), "discover:2", "`soon` is not a date");
    leads(&at("<enter><enter><tab>+3d<enter>"), "discover:2", "✎ 2026-11-25");
    leads(&at("<enter><enter><enter><tab><down><enter>"), "discover:3", "✎ no");
    leads(&at("<enter><enter><enter><enter><tab>Jo's<enter>"), "discover:4", "✎ Jo's");
}

#[test]
fn the_call_ends_with_outcome_next_step_and_summary() {
    leads("<ctrl-e>", "open:0", "▸1 Meeting booked (Won)");
    leads("<ctrl-e><enter>", "ending booked", "Not answered yet");
    leads("<ctrl-e>1<esc>", "open:0", "");
    leads("<ctrl-e>1<tab>send it<enter>tomorrow<enter>", "ending booked", "2026-11-23 (Monday) · send it");
    leads("<ctrl-e>1<tab>send it<enter>some day<enter>", "ending booked", "! that is not a day");
    leads("<ctrl-e>1<tab>send it<enter><enter>", "ending booked", "Next step: send it");
    leads("<ctrl-e>1<enter>", "ended", "✓ The call is over");
    leads("<ctrl-e>1<enter><esc>", "ending booked", "taken back");
    leads("<ctrl-e>1<enter>x1+-*", "ended", "");
    leads("<ctrl-e>1<enter><enter>", "ended, left", "");
    leads("<ctrl-e>1boss<enter>", "demo/boss join.0 x1", "");
    let mut stage = leads("<ctrl-n>hm<enter><ctrl-e>1<enter>c", "ended", "handed to the clipboard");
    let copied = stage.call.copied().expect("a text");
    assert!(copied.starts_with("# Call: Linh, Harbour Joinery") && copied.contains("- hm"), "{copied}");
    assert_eq!(stage.call.copied(), None);
    let session = stage.call.into_session();
    let record = session.finish().expect("a record");
    assert_eq!((record.outcome.as_deref(), record.notes.len()), (Some("booked"), 1));
}

#[test]
fn what_the_script_lacks_is_asked_first() {
    let mut stage = stage("en", &[]);
    assert!(picture(&mut stage.call, 80, 24).contains("Before you begin"));
    press(&mut stage, "An<enter>Maya<enter>Harbour<enter>");
    assert!(picture(&mut stage.call, 80, 24).contains("▌ Hi Maya, it's An from Tideway"));
    let record = stage.call.session().record();
    assert_eq!((record.rep.as_deref(), record.prospect["first_name"].as_str()), (Some("An"), "Maya"));
    // Taken back, they are blanks again; and everything can be changed later.
    press(&mut stage, "<ctrl-z>");
    press(&mut stage, "<ctrl-z>");
    assert!(picture(&mut stage.call, 80, 24).contains("Hi ____ (First name)"));
    press(&mut stage, "<ctrl-p><down>Jo<down><down><ctrl-u>many<enter>");
    assert!(picture(&mut stage.call, 80, 24).contains("! this should be a number"));
    press(&mut stage, "<ctrl-u>12<enter>");
    let record = stage.call.session().record();
    assert_eq!(
        (record.prospect["first_name"].as_str(), record.variables["team_size"].as_str()),
        ("Jo", "12")
    );
    // Skipped, the call begins all the same; what was left behind is kept.
    let mut stage = self::stage("en", &[]);
    press(&mut stage, "An<enter>Maya<esc>");
    let record = stage.call.session().record();
    assert_eq!((record.rep.as_deref(), record.prospect.len()), (Some("An"), 0));
}

/// Said on the screen as long as it lasts, tried again with every key, whether or not the key is a step,
/// and not left behind without a word.
#[test]
fn a_disk_that_fails_is_told_of_and_the_call_goes_on() {
    let mut stage = stage("en", &ALL);
    press(&mut stage, "<enter>");
    let blocked = stage.folder.path().join("no");
    let store = blocked.join("such").join("calls.db");
    std::fs::write(&blocked, "a file in the way").expect("a file");
    let header = stage.call.session().header().clone();
    let script = stage.call.session().walk().script().clone();
    let session = Session::begin(&store, script, header);
    assert!(session.trouble().is_some());
    let mut call = Call::new(session, needs("en", known(&ALL), &stage.clock));
    let act = |call: &mut Call<'static>, keys: &str| {
        let left = inputs(keys).into_iter().map(|input| call.act(input).is_some()).collect::<Vec<_>>();
        call.settle();
        left.contains(&true)
    };
    act(&mut call, "<enter><enter>");
    for (columns, lines) in [(80, 24), (40, 12)] {
        let shown = picture(&mut call, columns, lines);
        assert!(shown.contains("! NOT ON DISK (2): "), "{shown}");
    }
    assert_eq!(crate::walk::place(call.session().walk()), "open:2");
    // Ctrl-C says what would be lost; another key means that nobody wants to leave.
    assert!(!act(&mut call, "<ctrl-c>"));
    assert!(picture(&mut call, 80, 24).contains("! 2 steps are not on disk; make room, or press again"));
    assert!(!act(&mut call, "?<ctrl-c>"));
    assert!(!act(&mut call, "<esc>boss<ctrl-c>"));
    assert!(picture(&mut call, 80, 24).contains("! 2 steps are not on disk"));
    // There is room again: the next key, though it is no step, has it all written.
    std::fs::remove_file(&blocked).expect("out of the way");
    act(&mut call, "?");
    let shown = picture(&mut call, 80, 24);
    assert!(call.session().trouble().is_none() && !shown.contains("NOT ON DISK"), "{shown}");
    assert!(act(&mut call, "<ctrl-c>"));
    let events = call.session().walk().events().to_vec();
    drop(call);
    assert_eq!((events.len(), on_disk(&blocked.join("such"))), (2, events));
}

/// A clock that is set back, also between a call and what is resumed of it, makes no time negative.
#[test]
fn a_clock_that_is_set_back_takes_no_time_away() {
    let mut stage = stage("en", &ALL);
    stage.clock.set(600);
    press(&mut stage, "<enter><enter>1");
    stage.clock.set(-86_400);
    press(&mut stage, "+<enter><ctrl-n>hm<enter>");
    assert!(stage.call.tick());
    let shown = picture(&mut stage.call, 80, 24);
    assert!(shown.contains("10:03") && shown.contains("0:00 / 5 min"), "{shown}");
    let script = stage.call.session().walk().script().clone();
    drop(stage.call);
    let store = stage.folder.path().join("calls.db");
    let (all, _) = unfinished(&store).expect("a list");
    let before = Timestamp::from_second(STARTED - 1_000_000).expect("a time");
    let mut session = Session::resume(&store, script, &all[0], before).expect("a call");
    for event in [Event::Outcome { id: "booked".into() }, Event::End] {
        session.act(event, before).expect("possible");
    }
    let record = session.finish().expect("kept");
    assert_eq!(record.seconds, Some(603));
    assert!(record.path.iter().all(|visit| visit.seconds >= Some(0) && visit.left >= Some(visit.entered)));
    assert!(record.objections.iter().all(|heard| heard.left >= heard.at));
    let times: Vec<Timestamp> = record.known_events().iter().map(|event| event.at).collect();
    assert!(times.is_sorted() && times[0] >= record.started && record.ended >= times.last().copied());
}

/// What landed before stands first and says so, on cards, on cards that are searched, and as long as the
/// call lasts: what is put into the store meanwhile changes nothing.
#[test]
fn what_landed_stands_first_for_the_whole_call() {
    let kept = json!({"demo/too-expensive": {"compare": [2, 20], "last": [18, 20], "turns": [5, 5]}});
    let kept: Kept = serde_json::from_value(kept).expect("rates");
    let landed = Landed::of_kept("en", &kept);
    assert_eq!(landed.kept("en")["demo/too-expensive"].keys().collect::<Vec<_>>(), ["compare", "last"]);
    let mut script = Script::clone(&script("en", &known(&ALL)));
    landed.show_in_script(&mut script);
    let script = Arc::new(script);
    let Stage { call, clock, folder } = stage("en", &ALL);
    let mut header = call.session().header().clone();
    (header.id, header.landed) = ("k4".into(), kept);
    let store = folder.path().join("calls.db");
    let session = Session::begin(&store, script.clone(), header);
    let mut needs = needs("en", known(&ALL), &clock);
    needs.shelf = needs.shelf.with_landed(landed);
    let mut stage = Stage { call: Call::new(session, needs), clock, folder };
    press(&mut stage, "too dear");
    let shown = picture(&mut stage.call, 100, 40);
    let at = |text: &str| shown.find(text).unwrap_or_else(|| panic!("no {text:?} in\n{shown}"));
    assert!(at("I see.") < at("landed 18 of 20") && at("landed 18 of 20") < at("landed 2 of 20"), "{shown}");
    press(&mut stage, "<enter>");
    assert_eq!(crate::walk::place(stage.call.session().walk()), "demo/too-expensive last.0 x1");
    golden("call/en-landed-80x24.txt", &picture(&mut stage.call, 80, 24));
    press(&mut stage, "-");
    let walk = stage.call.session().walk().clone();
    drop(stage.call);
    let (all, _) = unfinished(&store).expect("a list");
    let again = Walk::replay(script, walk.started(), &all[0].events);
    assert!(all[0].header.landed.len() == 1 && again == walk);
}

/// A card that was searched is used like one of the speed dial, wherever in the stage it was wanted and
/// from wherever in the book it is.
#[test]
fn what_is_searched_is_used_like_the_speed_dial() {
    let question = "<enter><enter><enter>";
    for (keys, expected, tried) in [
        ("more than we wanted<enter>", "demo/too-expensive compare.0 x1", json!([])),
        (
            "more than we wanted<enter><enter>",
            "demo/too-expensive compare.0 x1 used",
            json!(["compare", null]),
        ),
        ("more than we wanted<enter>-", "demo/too-expensive turns.0 x1", json!(["compare", false])),
        ("more than we wanted<enter>-<esc>", "open:3", json!(["compare", false])),
        ("put it in writing<enter>+", "open:3", json!(["gladly", true])),
        ("put it in writing<enter><enter>+", "open:3", json!(["gladly", true])),
        ("my manager decides<enter><esc>", "open:3", json!([])),
    ] {
        let keys = format!("{question}{keys}");
        let stage = leads(&keys, expected, "");
        let record = stage.call.session().record();
        let [heard] = &record.objections[..] else { panic!("{keys}: {:?}", record.objections) };
        let words = heard.heard.as_deref().expect("the words that were typed");
        assert!(keys.contains(words) && heard.stage.as_deref() == Some("open"), "{keys}: {heard:?}");
        let found: Vec<Value> =
            heard.tried.iter().flat_map(|one| [json!(one.response), json!(one.landed)]).collect();
        assert_eq!(json!(found), tried, "{keys}");
        assert_eq!(heard.left.is_some(), expected == "open:3", "{keys}");
    }
}

/// What every situation looks like. `UPDATE_GOLDEN=1` draws them anew; look at them.
#[test]
fn whole_screens_look_as_they_did() {
    let question = "<enter><enter><enter>";
    let situations: &[(&str, &str)] = &[
        ("first", ""),
        ("note", "<enter>"),
        ("verbatim", "<enter><enter>"),
        ("question", question),
        ("answering", "<enter><enter><enter><tab>a sheet of"),
        ("answered", "<enter><enter><enter><tab>a sheet<enter>"),
        ("ways", "<enter><enter><enter><enter>"),
        ("choosing", "<enter><enter><enter><enter><enter><enter><tab>"),
        ("moment", "<enter><enter><enter><enter><enter>"),
        ("objection", "1"),
        ("used", "1\"that is steep<enter><enter>"),
        ("steps", "1-<enter>"),
        ("accept", "1--"),
        ("again", "2+2"),
        ("close", "*"),
        ("signal", ".8"),
        ("search", "P1"),
        ("nothing", "qqqq"),
        ("go", "."),
        ("noting", "<ctrl-n>she laughed"),
        ("unanswered", "0"),
        ("outcomes", "<ctrl-e>"),
        (
            "ending",
            "<enter><enter><enter><tab>a sheet<enter>1-+<ctrl-n>Asks for Jo<enter><ctrl-e>1<tab>send it<enter>fri<enter>",
        ),
        ("day", "<ctrl-e>1<tab>send it<enter>"),
        ("ended", "2-*+<ctrl-n>Asks for Jo<enter><enter>"),
        ("help", "?"),
        ("fields", "<ctrl-p>"),
    ];
    for (name, keys) in situations {
        let mut stage = stage("en", &ALL);
        press(&mut stage, keys);
        golden(&format!("call/en-{name}-80x24.txt"), &picture(&mut stage.call, 80, 24));
        if ["first", "question", "objection", "ways", "ending", "answering", "search"].contains(name) {
            for (columns, lines) in [(40, 12), (140, 45)] {
                let shown = picture(&mut stage.call, columns, lines);
                golden(&format!("call/en-{name}-{columns}x{lines}.txt"), &shown);
            }
        }
    }
    let mut asked = stage("en", &[]);
    press(&mut asked, "An<enter>");
    golden("call/en-form-80x24.txt", &picture(&mut asked.call, 80, 24));
    for (language, name) in [("vi", "Hạnh"), ("zh-Hant", "雅婷經理"), ("zh-Hans", "雅婷"), ("ms", "Aiman")]
    {
        let names = [("rep", "An"), ("prospect.first_name", name)];
        for (situation, keys) in [
            ("first", ""),
            ("question", "<enter><enter>"),
            ("answered", "<enter><enter><tab>ABC<enter>"),
            ("ways", "<enter><enter><enter>"),
            ("objection", "1"),
            ("accept", "1-"),
            ("close", "*"),
            ("search", "qqqq"),
            ("help", "?"),
            ("ending", "<ctrl-e>1<tab>ABC<enter>+3d<enter>"),
            ("ended", "1+<ctrl-e>1<enter>"),
        ] {
            let mut stage = stage(language, &names);
            press(&mut stage, keys);
            golden(&format!("call/{language}-{situation}-80x24.txt"), &picture(&mut stage.call, 80, 24));
        }
        let mut asked = stage(language, &[]);
        golden(&format!("call/{language}-form-80x24.txt"), &picture(&mut asked.call, 80, 24));
    }
}

/// The time in a stage, against its minutes; more of it than there should be has a sign.
#[test]
fn the_clock_runs_against_the_stage() {
    let mut stage = stage("en", &ALL);
    for (seconds, expected) in [(65, "1:05 / 2 min"), (121, "! 2:01 / 2 min"), (3_725, "! 62:05 / 2 min")] {
        stage.clock.set(seconds);
        assert!(stage.call.tick() && stage.call.every().is_some());
        let shown = picture(&mut stage.call, 80, 24);
        let hours = "! 1:02:05 / 2 min";
        assert!(shown.contains(expected) || seconds > 3600 && shown.contains(hours), "{shown}");
    }
}

/// Nothing is told by colour alone: without colours the same characters are on the screen.
#[test]
fn colours_can_go() {
    for keys in ["", "1", "1--", "*", "<ctrl-e>1", "<enter><enter><enter><enter>", "+"] {
        let draw = |colours: bool| {
            let clock = Rc::new(Cell::new(5));
            let Stage { call, folder: _folder, .. } = stage("en", &ALL);
            let mut needs = needs("en", known(&ALL), &clock);
            needs.theme = Theme::new(colours);
            let mut call = Call::new(call.into_session(), needs);
            inputs(keys).into_iter().for_each(|input| assert!(call.act(input).is_none()));
            call.settle();
            let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
            terminal.draw(|frame| call.draw(frame)).expect("a picture").buffer.clone()
        };
        let (with, without) = (draw(true), draw(false));
        let text = |buffer: &ratatui::buffer::Buffer| {
            buffer.content().iter().map(|cell| cell.symbol().to_string()).collect::<String>()
        };
        assert_eq!(text(&with), text(&without));
        assert!(without.content().iter().all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
        assert!(with.content().iter().any(|cell| cell.fg != Color::Reset));
    }
}

fn call_key() -> impl Strategy<Value = Input> {
    let own = proptest::sample::select(vec![
        Key::Char('1'),
        Key::Char('2'),
        Key::Char('3'),
        Key::Char('+'),
        Key::Char('-'),
        Key::Char('*'),
        Key::Char('0'),
        Key::Char('.'),
        Key::Char('"'),
        Key::Char('/'),
        Key::Enter,
        Key::Esc,
        Key::Tab,
        Key::Ctrl('e'),
        Key::Ctrl('n'),
        Key::Ctrl('p'),
        Key::Ctrl('z'),
        Key::Ctrl('x'),
    ]);
    prop_oneof![3 => any_key(), 5 => own.prop_map(Input::Key), 3 => Just(Input::Key(Key::Enter))]
}

proptest! {
    #![proptest_config(cases(64))]

    /// Whatever is pressed, in whatever size: nothing breaks, what the record holds is the call, and what
    /// is on disk is the record.
    #[test]
    fn any_keys_are_a_call_that_its_record_gives_back(
        keys in proptest::collection::vec(call_key(), 0..80),
        asked in any::<bool>(),
        columns in 1u16..150,
        lines in 1u16..50,
    ) {
        let mut stage = stage("en", if asked { &[] } else { &ALL });
        for (number, input) in keys.into_iter().enumerate() {
            stage.clock.set(stage.clock.get() + 1);
            if stage.call.act(input).is_some() {
                break;
            }
            stage.call.settle();
            if number % 8 == 0 {
                picture(&mut stage.call, columns, lines);
            }
        }
        picture(&mut stage.call, columns, lines);
        picture(&mut stage.call, 80, 24);
        let session = stage.call.into_session();
        prop_assert!(session.trouble().is_none());
        let (walk, record) = (session.walk(), session.record());
        let events = record.known_events();
        let again = Walk::replay(walk.script().clone(), walk.started(), &events);
        prop_assert_eq!(&again, walk);
        prop_assert_eq!(Record::of(&again, session.header()), record);
        // As long as it lives the journal is its own.
        drop(session);
        prop_assert_eq!(on_disk(stage.folder.path()), events);
    }
}

fn on_disk(folder: &Path) -> Vec<callbook::script::walk::Stamped> {
    let (all, faults) = unfinished(&folder.join("calls.db")).expect("a folder");
    assert!(faults.is_empty());
    all.first().map(|one| one.events.clone()).unwrap_or_default()
}
