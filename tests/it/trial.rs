//! `trial`: a book's own lookups, tried on an index of it.

use callbook::book::Book;
use callbook::card::cards;
use callbook::language::Language;
use callbook::search::{Filters, Lexicons, SearchIndex};
use callbook::trial::{Among, Trial, trial};

use crate::support::{checked, errors, listed};

const HEAD: &str = "playbook: demo\ntitle: Demo\nlanguage: en\n";

fn index_of(book: &Book) -> SearchIndex {
    SearchIndex::in_memory(&cards(book), &Lexicons::new(&[])).expect("an index")
}

fn tried(files: &[(&str, &str)], among: &Among) -> Trial {
    let (book, findings) = checked(files);
    assert_eq!(errors(&findings), 0, "{}", listed(&findings));
    trial(&book, &index_of(&book), among).expect("an answer")
}

/// `heard → rank, what came`, a miss each.
fn misses(trial: &Trial) -> Vec<String> {
    let one = |miss: &callbook::trial::Miss| {
        let came = miss.came.as_ref().map_or("nothing", |card| &card.id);
        let rank = miss.rank.map_or("not found".to_string(), |rank| format!("number {rank}"));
        format!("{}:{}:{} {}: {rank}, {came}", miss.file, miss.line, miss.column, miss.heard)
    };
    trial.misses.iter().map(one).collect()
}

/// `language lookups first three`, a language each.
fn scores(trial: &Trial) -> Vec<String> {
    let one = |score: &callbook::trial::Score| {
        format!("{} {} {} {}", score.language, score.lookups, score.first, score.first_three)
    };
    trial.scores.iter().map(one).collect()
}

fn objection(id: &str, title: &str, utterance: &str) -> String {
    format!("  - {{id: {id}, title: {title}, utterances: [{utterance}], responses: [{{id: a, say: Yes}}]}}\n")
}

#[test]
fn lookups_are_counted_and_misses_have_their_place() {
    let text = [
        HEAD,
        "objections:\n",
        &objection("cost", "Costs", "far too expensive"),
        &objection("time", "Busy", "call again tomorrow"),
        "lookups:\n",
        "  - {heard: this is too expensive by far, finds: cost}\n",
        "  - {heard: far too expensive really, finds: time}\n",
        "  - heard: quite unheard of\n    finds: cost\n",
    ]
    .concat();
    let trial = tried(&[("demo.yaml", &text)], &Among::default());
    assert_eq!(scores(&trial), ["en 3 1 1"]);
    assert_eq!(
        misses(&trial),
        [
            "demo.yaml:9:13 far too expensive really: not found, cost",
            "demo.yaml:10:12 quite unheard of: not found, nothing"
        ]
    );
    assert_eq!((trial.misses[0].title.as_str(), trial.lookups()), ("Busy", 3));
    // A book that asks for nothing is content.
    assert!(trial.passed());
}

#[test]
fn every_language_must_reach_the_floors() {
    let demo = [
        HEAD,
        "objections:\n",
        &objection("cost", "Costs", "far too expensive"),
        "lookups: [{heard: so far too expensive, finds: cost}, {heard: zzz qqq, finds: cost}]\n",
    ]
    .concat();
    let other = demo
        .replace("demo", "thu")
        .replace("language: en", "language: vi")
        .replace("far too expensive", "mắc quá đi mất");
    let with = |floors: &str, among: &Among| {
        let book = format!("title: T\nlanguage: en\nlookup: {floors}\n");
        tried(&[("book.yaml", &book), ("demo.yaml", &demo), ("thu.yaml", &other)], among)
    };
    let all = Among::default();
    // In English one of two; the same words in a Vietnamese playbook are cards of another language.
    let passed = |floors: &str, among: &Among| with(floors, among).passed();
    assert_eq!(scores(&with("{}", &all)).len(), 2);
    assert!(
        passed("{recall_at_1: 0, recall_at_3: 0.5}", &all),
        "{:?} {:?}",
        scores(&with("{}", &all)),
        misses(&with("{}", &all))
    );
    assert!(!passed("{recall_at_3: 0.51}", &all));
    assert!(!passed("{recall_at_1: 1}", &all));
    // Only what is tried must reach them.
    let of = |languages: &[&str], playbooks: &[&str]| Among {
        languages: languages.iter().map(|tag| Language::parse(tag).expect("a tag")).collect(),
        playbooks: playbooks.iter().map(ToString::to_string).collect(),
    };
    for (among, tried) in [
        (of(&["en"], &[]), 2),
        (of(&["vi", "en"], &[]), 4),
        (of(&[], &["Demo"]), 2),
        (of(&["vi"], &["demo"]), 0),
        (of(&["ms"], &[]), 0),
    ] {
        let trial = with("{recall_at_3: 1}", &among);
        assert_eq!((trial.lookups(), trial.passed()), (tried, tried == 0), "{among:?}");
    }
}

/// The right card is the one in the lookup's own scope and language, also by an id of before.
#[test]
fn the_card_must_be_the_one_that_is_meant() {
    let library = "library: core\ntitle: Core\nlanguage: en\nobjections:\n  - {id: cost, was: [price], title: Costs, \
                   utterances: [far too expensive], responses: [{id: a, say: Yes}]}\n";
    let user = "playbook: user\ntitle: User\nlanguage: en\nuses: [core]\nlookups: [{heard: far too expensive now, finds: price}]\n";
    let trial = tried(&[("core.yaml", library), ("user.yaml", user)], &Among::default());
    assert_eq!(scores(&trial), ["en 1 1 1"], "{:?}", misses(&trial));
    // A card of the same id elsewhere is another card.
    let own = [
        "playbook: user\ntitle: User\nlanguage: en\nobjections:\n",
        &objection("cost", "Delivery", "how long until it is here"),
        "lookups: [{heard: far too expensive now, finds: cost}]\n",
    ]
    .concat();
    let trial = tried(&[("core.yaml", library), ("user.yaml", &own)], &Among::default());
    assert_eq!(misses(&trial), ["user.yaml:6:19 far too expensive now: not found, cost"]);
    assert_eq!(trial.misses[0].came.as_ref().map(|card| card.playbook.as_str()), Some("core"));
}

/// What was held out to test with is in no index: its words find nothing.
#[test]
fn lookups_are_never_indexed() {
    let text = [
        HEAD,
        "objections:\n",
        &objection("cost", "Costs", "far too expensive"),
        "lookups: [{heard: xylophone marmalade, finds: cost}]\n",
    ]
    .concat();
    let (book, _) = checked(&[("demo.yaml", &text)]);
    let cards = cards(&book);
    assert!(!format!("{cards:?}").contains("marmalade"), "a card holds the words of a lookup");
    let index = index_of(&book);
    for query in ["xylophone marmalade", "marmalade"] {
        let found = index.find(query, &Filters::default(), 10).expect("an answer");
        assert_eq!(found.total, 0, "{query}");
    }
    let trial = trial(&book, &index, &Among::default()).expect("an answer");
    assert_eq!(misses(&trial), ["demo.yaml:6:19 xylophone marmalade: not found, nothing"]);
}

/// A rank beyond the first look is found, and the order of files makes no difference.
#[test]
fn ranks_go_as_deep_as_the_book() {
    let mut text = format!("{HEAD}objections:\n");
    for number in 0..30 {
        text += &objection(&format!("card-{number:02}"), "Card", "much too expensive");
    }
    text += "lookups: [{heard: that is too expensive, finds: card-29}]\n";
    let trial = tried(&[("demo.yaml", &text)], &Among::default());
    assert_eq!(trial.misses[0].rank, Some(30), "{:?}", misses(&trial));
}
