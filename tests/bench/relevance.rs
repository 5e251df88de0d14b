//! How good lookup is, measured on the sets of `tests/search/`, SQLite FTS5 beside it.
//!
//! `cargo bench --bench relevance` prints the table of the README; `-- tune` measures the sets that may
//! be tuned on instead, and `-- tune misses` lists what they miss.

// A benchmark is there to print.
#![allow(clippy::print_stdout)]

mod peers;
mod sets;

use std::collections::BTreeMap;

use peers::{Callbook, Fts5, starter_cards};
use sets::{Engine, LANGUAGES, Outcome, Part, figures, outcome, telling};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let has = |word: &str| words.iter().any(|one| one == word);
    let part = if has("tune") { Part::Tune } else { Part::Measured };
    for utterances in [false, true] {
        let cards = starter_cards(utterances);
        let (ours, fts5) = (Callbook::new(&cards), Fts5::new(&cards));
        println!("\n### {}\n", if utterances { "With utterances" } else { "Title and answer only" });
        println!("| | rows | R@1 | R@3 | MRR | AUC | alarms at 90 % | shown | FTS5 R@1 | R@3 | AUC |");
        println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for language in LANGUAGES {
            let chosen = words.iter().any(|word| LANGUAGES.contains(&word.as_str()));
            if !chosen || has(language) {
                measure(language, part, &ours, &fts5, has("misses") && part == Part::Tune);
            }
        }
    }
}

fn measure(language: &str, part: Part, ours: &dyn Engine, fts5: &dyn Engine, misses: bool) {
    let set = sets::read(language, part);
    let ask = |engine: &dyn Engine, form: &dyn Fn(&sets::Row) -> Option<String>, rows: &[sets::Row]| {
        let asked = rows.iter().filter_map(|row| Some((row, form(row)?)));
        asked.map(|(row, text)| outcome(engine, language, &text, &row.finds)).collect::<Vec<Outcome>>()
    };
    let as_written = |row: &sets::Row| Some(row.heard.clone());
    let line = |name: &str, form: &dyn Fn(&sets::Row) -> Option<String>| {
        let (heard, nothing) = (ask(ours, form, &set.heard), ask(ours, form, &set.nothing));
        let (peer, peer_nothing) = (ask(fts5, form, &set.heard), ask(fts5, form, &set.nothing));
        let (own, told) = (figures(&heard), telling(&heard, &nothing));
        let (other, other_told) = (figures(&peer), telling(&peer, &peer_nothing));
        println!(
            "| {name} | {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            own.rows,
            own.recall_1,
            own.recall_3,
            own.mrr,
            told.auc,
            told.false_alarms,
            told.shown,
            other.recall_1,
            other.recall_3,
            other_told.auc,
        );
    };
    line(&format!("**{language}**"), &as_written);
    match language {
        "vi" => line("vi, without marks", &|row| Some(sets::without_marks(&row.heard))),
        "zh" => line("zh, in Simplified", &|row| row.hans.clone()),
        _ => {
            let number = std::cell::Cell::new(0);
            let next = || number.replace(number.get() + 1);
            line(&format!("{language}, one slip"), &|row| sets::mistyped(&row.heard, next()));
            line(&format!("{language}, those rows clean"), &|row| {
                sets::mistyped(&row.heard, next()).map(|_| row.heard.clone())
            });
        }
    }
    if part == Part::Tune {
        let spread = |rows: &[sets::Row]| {
            let mut best: Vec<f32> = ask(ours, &as_written, rows).iter().map(|one| one.best).collect();
            best.sort_by(f32::total_cmp);
            [0.05, 0.1, 0.5, 0.9].map(|share| best[(best.len() as f32 * share) as usize])
        };
        println!("| scores at 5, 10, 50, 90 %: {:.1?} of {:.1?} |", spread(&set.heard), spread(&set.nothing));
        // What a floor keeps of those with an answer, and lets through of those without.
        let over = |rows: &[sets::Row], floor: f32| {
            let reached = ask(ours, &as_written, rows).iter().filter(|one| one.best >= floor).count();
            reached as f32 / rows.len().max(1) as f32
        };
        for floor in [4.0, 5.0, 5.5, 6.0, 6.5, 7.0, 8.0] {
            let (kept, let_through) = (over(&set.heard, floor), over(&set.nothing, floor));
            println!("| floor {floor}: keeps {kept:.2}, lets through {let_through:.2} |");
        }
    }
    let mut kinds: BTreeMap<&str, Vec<Outcome>> = BTreeMap::new();
    for row in &set.heard {
        kinds.entry(&row.kind).or_default().push(outcome(ours, language, &row.heard, &row.finds));
    }
    for (kind, outcomes) in &kinds {
        let own = figures(outcomes);
        println!(
            "| {language} {kind} | {} | {:.2} | {:.2} | {:.2} |",
            own.rows, own.recall_1, own.recall_3, own.mrr
        );
    }
    if misses {
        for row in &set.heard {
            let answers = ours.ask(&row.heard);
            let right = |a: &sets::Answer| row.finds.contains(&a.id) && a.language.starts_with(language);
            if !answers.shown.first().is_some_and(right) {
                let rank = answers.shown.iter().position(right).map(|at| at + 1);
                let got: Vec<String> = answers
                    .shown
                    .iter()
                    .take(3)
                    .map(|a| format!("{}/{} {:.1}", a.language, a.id, a.score))
                    .collect();
                println!("  miss [{}] {} → {:?} at {rank:?}; got {got:?}", row.kind, row.heard, row.finds);
            }
        }
        for row in &set.nothing {
            let answers = ours.ask(&row.heard);
            if let Some(first) = answers.shown.first() {
                println!("  alarm [{}] {} → {} {:.1}", row.kind, row.heard, first.id, first.score);
            }
        }
    }
}
