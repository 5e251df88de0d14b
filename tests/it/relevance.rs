//! Lookup must not become worse: floors under what was measured on the sets that are only ever measured.
//! The whole table is printed by `cargo bench --bench relevance`.

#[path = "../bench/peers.rs"]
#[allow(dead_code)]
mod peers;
#[path = "../bench/sets.rs"]
#[allow(dead_code)]
mod sets;

use peers::{Callbook, starter_cards};
use sets::{LANGUAGES, Outcome, Part, figures, outcome, telling};

/// Recall at 1, recall at 3 and area under the curve must be at least these, less what a single row is.
fn floors(utterances: bool, language: &str) -> [f32; 3] {
    match (utterances, language) {
        (false, "en") => [0.76, 0.86, 0.95],
        (false, "vi") => [0.77, 0.88, 0.95],
        (false, "zh") => [0.82, 0.91, 0.93],
        (false, _) => [0.79, 0.88, 0.94],
        (true, "en") => [0.80, 0.90, 0.95],
        (true, "vi") => [0.84, 0.93, 0.95],
        (true, "zh") => [0.87, 0.95, 0.95],
        (true, _) => [0.83, 0.91, 0.94],
    }
}

#[test]
fn lookup_is_as_good_as_it_was() {
    for utterances in [false, true] {
        let engine = Callbook::new(&starter_cards(utterances));
        for language in LANGUAGES {
            let set = sets::read(language, Part::Measured);
            let ask = |rows: &[sets::Row]| -> Vec<Outcome> {
                rows.iter().map(|row| outcome(&engine, language, &row.heard, &row.finds)).collect()
            };
            let (heard, nothing) = (ask(&set.heard), ask(&set.nothing));
            let (own, told) = (figures(&heard), telling(&heard, &nothing));
            let reached = [own.recall_1, own.recall_3, told.auc];
            let floors = floors(utterances, language);
            assert!(
                reached.iter().zip(floors).all(|(reached, floor)| *reached >= floor),
                "{language}, utterances {utterances}: {reached:.3?} under {floors:?}"
            );
            // The same words without marks, and in the other script, must find nearly as much.
            let bare: Vec<Outcome> = set
                .heard
                .iter()
                .map(|row| {
                    let text = row.hans.clone().unwrap_or_else(|| sets::without_marks(&row.heard));
                    outcome(&engine, language, &text, &row.finds)
                })
                .collect();
            let bare = figures(&bare);
            let most = if language == "zh" { 0.05 } else { 0.04 };
            assert!(
                own.recall_1 - bare.recall_1 <= most,
                "{language}: {} against {}",
                bare.recall_1,
                own.recall_1
            );
        }
    }
}

/// The two sets of a language have nothing in common.
#[test]
fn what_is_measured_is_not_tuned_on() {
    for language in LANGUAGES {
        let (tune, measured) = (sets::read(language, Part::Tune), sets::read(language, Part::Measured));
        let least = [("en", 200), ("vi", 120), ("zh", 120), ("ms", 80)];
        let least = least.iter().find(|(one, _)| *one == language).map_or(0, |(_, least)| *least);
        assert!(measured.heard.len() >= least && measured.nothing.len() >= 60, "{language}");
        for row in tune.heard.iter().chain(&tune.nothing) {
            let same = |other: &sets::Row| {
                callbook::search::fold(&other.heard) == callbook::search::fold(&row.heard)
            };
            assert!(!measured.heard.iter().chain(&measured.nothing).any(same), "{}", row.heard);
        }
    }
}

/// No line of the sets is a saying of the lexicons that ship, nor an utterance of a card.
#[test]
fn what_is_measured_was_not_written_into_the_lexicons() {
    let known: std::collections::BTreeSet<String> = callbook::search::shipped()
        .iter()
        .flat_map(|lexicon| &lexicon.groups)
        .flat_map(|group| &group.expressions)
        .map(|text| callbook::search::fold(text))
        .collect();
    let (mut rows, mut found) = (0, Vec::new());
    for language in LANGUAGES {
        for row in sets::read(language, Part::Measured).heard {
            rows += 1;
            // A keyword of one or two words may well be one.
            if known.contains(&callbook::search::fold(&row.heard)) && row.kind != "keyword" {
                found.push(row.heard);
            }
        }
    }
    assert!(found.len() * 50 <= rows, "{} of {rows}: {found:?}", found.len());
}
