//! The words around a report, in the languages that callbook speaks. What stands in braces is put in.

mod en;
mod ms;
mod vi;
mod zh_hans;
mod zh_hant;

use crate::language::{Language, Spoken};

/// What stands around the figures of a report.
#[derive(Debug)]
#[allow(missing_docs)]
pub(super) struct Words {
    pub title: &'static str,
    pub made_up: &'static str,
    pub summary: &'static str,
    pub calls: &'static str,
    pub results: &'static str,
    pub won: &'static str,
    pub upgraded: &'static str,
    pub paused: &'static str,
    pub lost: &'static str,
    pub open: &'static str,
    pub none: &'static str,
    pub conversions: &'static str,
    pub calls_won: &'static str,
    pub truth_won: &'static str,
    pub prospects_won: &'static str,
    pub prospects_truth: &'static str,
    pub way: &'static str,
    pub gone: &'static str,
    pub stage: &'static str,
    pub reached: &'static str,
    pub passed: &'static str,
    pub minutes: &'static str,
    pub leak: &'static str,
    pub no_leak: &'static str,
    pub truth: &'static str,
    pub objections: &'static str,
    pub objection: &'static str,
    pub category: &'static str,
    pub by_category: &'static str,
    pub other: &'static str,
    pub times: &'static str,
    pub came_back: &'static str,
    pub landed: &'static str,
    pub met_in: &'static str,
    pub responses: &'static str,
    pub response: &'static str,
    pub said: &'static str,
    pub few: &'static str,
    pub clearly: &'static str,
    pub closes: &'static str,
    pub close: &'static str,
    pub tried: &'static str,
    pub yes: &'static str,
    pub led_to: &'static str,
    pub no_answer: &'static str,
    pub heard: &'static str,
    pub no_words: &'static str,
    pub next: &'static str,
    pub metrics: &'static str,
    pub metric: &'static str,
    pub target: &'static str,
    pub now: &'static str,
    pub stand: &'static str,
    pub above: &'static str,
    pub below: &'static str,
    pub unclear: &'static str,
    pub too_few: &'static str,
    pub unmeasured: &'static str,
    pub per_day: &'static str,
    pub per_week: &'static str,
    pub per_month: &'static str,
    pub per_quarter: &'static str,
    pub per_year: &'static str,
    pub per_call: &'static str,
    pub person: &'static str,
    pub reps: &'static str,
    pub rep: &'static str,
    pub nobody: &'static str,
    pub next_steps: &'static str,
    pub common: &'static str,
    pub common_few: &'static str,
    pub what: &'static str,
    pub in_won: &'static str,
    pub in_others: &'static str,
    pub kind_objection: &'static str,
    pub kind_response: &'static str,
    pub kind_question: &'static str,
    pub kind_close: &'static str,
    pub kind_signal: &'static str,
    pub board: &'static str,
    pub prospect: &'static str,
    pub days: &'static str,
    pub next_step: &'static str,
    pub overdue: &'static str,
    pub unnamed: &'static str,
    pub weeks: &'static str,
    pub week: &'static str,
    pub more: &'static str,
    pub maturity: &'static str,
    pub level_none: &'static str,
    pub level_non_standard: &'static str,
    pub level_standard: &'static str,
    pub level_followed: &'static str,
    pub level_improving: &'static str,
    pub evidence: &'static str,
    pub wanted: &'static str,
    pub by_playbook: &'static str,
    pub ended: &'static str,
    pub noted: &'static str,
    pub measured: &'static str,
    pub compared: &'static str,
    pub earlier: &'static str,
    pub later: &'static str,
    pub share: &'static str,
    pub method: &'static str,
}

/// The words for a language; English for those that callbook does not speak.
pub(super) fn words(language: &Language) -> &'static Words {
    language.pick(Spoken {
        en: &en::WORDS,
        vi: &vi::WORDS,
        zh_hant: &zh_hant::WORDS,
        zh_hans: &zh_hans::WORDS,
        ms: &ms::WORDS,
    })
}

/// A phrase with its values put in, each once: a value that looks like a place for another stays as it is.
pub(super) fn put(phrase: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = phrase;
    while let Some(start) = rest.find('{') {
        let Some(end) = rest[start..].find('}').map(|end| start + end) else { break };
        out.push_str(&rest[..start]);
        let name = &rest[start + 1..end];
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => out.push_str(value),
            None => out.push_str(&rest[start..=end]),
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_places_of_english() {
        let places = |words: &Words| {
            let text = format!("{words:?}");
            let mut found: Vec<String> = Vec::new();
            for (field, phrase) in text.split("\", ").filter_map(|part| part.split_once(": \"")) {
                let mut names: Vec<&str> =
                    phrase.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
                names.sort_unstable();
                found.push(format!("{} {names:?}", field.trim_start_matches("Words { ")));
            }
            found
        };
        let english = places(&en::WORDS);
        assert!(english.len() > 90 && english.iter().any(|line| line.contains("other_count")), "{english:?}");
        for words in [&vi::WORDS, &zh_hant::WORDS, &zh_hans::WORDS, &ms::WORDS] {
            assert_eq!(places(words), english);
        }
    }

    #[test]
    fn values_are_put_in_once() {
        let check = |phrase: &str, expected: &str| {
            assert_eq!(put(phrase, &[("a", "{b}"), ("b", "2")]), expected);
        };
        check("{a} of {b}", "{b} of 2");
        check("{c} and {", "{c} and {");
        check("", "");
    }
}
