//! The words around a call that is led in the browser. What a script's own parts are called is with the
//! renderers, in [`render::words`](crate::render::words); the words of its summary are with the calls.

mod en;
mod ms;
mod vi;
mod zh_hans;
mod zh_hant;

use serde::Serialize;

use crate::language::{Language, Spoken};

/// What stands around a call. Where a text has braces, something goes there.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub(in crate::site) struct Words {
    pub title: &'static str,
    pub skip: &'static str,
    // Before it.
    pub start: &'static str,
    pub resume: &'static str,
    pub drop: &'static str,
    pub before_hint: &'static str,
    pub stored: &'static str,
    pub rep: &'static str,
    pub required: &'static str,
    // What keys and buttons do.
    pub next: &'static str,
    pub back: &'static str,
    pub before_turn: &'static str,
    pub search: &'static str,
    pub said: &'static str,
    pub landed: &'static str,
    pub resisted: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub answer: &'static str,
    pub answer_yes: &'static str,
    pub answer_no: &'static str,
    pub write_heard: &'static str,
    pub unanswered: &'static str,
    pub unanswered_hint: &'static str,
    pub other: &'static str,
    pub others: &'static str,
    pub note: &'static str,
    pub goto: &'static str,
    pub close: &'static str,
    pub names: &'static str,
    pub end: &'static str,
    pub end_without: &'static str,
    pub undo: &'static str,
    pub keys: &'static str,
    pub keys_on: &'static str,
    pub more: &'static str,
    pub save: &'static str,
    pub shut: &'static str,
    pub change: &'static str,
    // What parts of the screen are called.
    /// With `{n}` and `{of}`.
    pub step: &'static str,
    pub heard: &'static str,
    pub notes: &'static str,
    pub outcome: &'static str,
    pub next_step: &'static str,
    pub open: &'static str,
    pub over: &'static str,
    pub summary: &'static str,
    pub no_stages: &'static str,
    // What is asked.
    pub what_said: &'static str,
    pub search_hint: &'static str,
    pub what_next: &'static str,
    pub which_day: &'static str,
    pub tomorrow: &'static str,
    pub three_days: &'static str,
    pub one_week: &'static str,
    // After it.
    pub download: &'static str,
    pub copy: &'static str,
    pub print: &'static str,
    pub new: &'static str,
    pub forget: &'static str,
    /// The link on the playbook's page.
    pub lead: &'static str,
    /// Every key, for the page behind `?`.
    pub help: &'static [(&'static str, &'static str)],
    /// What is told.
    #[serde(skip)]
    pub told: Told,
}

/// What the page says by itself, handed to its script.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub(in crate::site) struct Told {
    pub not_here: &'static str,
    pub limit: &'static str,
    pub say_how: &'static str,
    pub nothing: &'static str,
    pub not_number: &'static str,
    pub no_close: &'static str,
    pub none: &'static str,
    pub times: &'static str,
    pub kept: &'static str,
    pub kept_unanswered: &'static str,
    pub taken_back: &'static str,
    pub copied: &'static str,
    /// With how many.
    pub all: &'static str,
}

impl Words {
    /// The words for a language; English for those that callbook does not speak.
    pub fn of(language: &Language) -> &'static Words {
        language.pick(Spoken {
            en: &en::WORDS,
            vi: &vi::WORDS,
            zh_hant: &zh_hant::WORDS,
            zh_hans: &zh_hans::WORDS,
            ms: &ms::WORDS,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_says_everything() {
        let of = |tag: &str| Words::of(&Language::parse(tag).expect("a tag"));
        let view = |words: &Words| {
            let mut view = serde_json::to_value(words).expect("JSON");
            view["told"] = serde_json::to_value(&words.told).expect("JSON");
            view
        };
        let english = view(of("en"));
        let keys = |view: &serde_json::Value| -> Vec<String> {
            let rows = view["help"].as_array().into_iter().flatten();
            rows.map(|row| row[0].as_str().unwrap_or_default().split([',', '、']).count().to_string())
                .collect()
        };
        for tag in ["vi", "zh-Hant", "zh-Hans", "ms"] {
            let other = view(of(tag));
            assert_eq!(keys(&other).len(), keys(&english).len(), "{tag} tells of all keys");
            let (ours, theirs) = (english.as_object().expect("words"), other.as_object().expect("words"));
            for (name, text) in ours.iter().chain(english["told"].as_object().expect("words")) {
                let there = theirs.get(name).or(other["told"].get(name)).expect("every word");
                let (Some(text), Some(there)) = (text.as_str(), there.as_str()) else { continue };
                assert_ne!(text, there, "{tag}: {name} is English");
                for brace in ["{}", "{n}", "{of}"] {
                    assert_eq!(text.contains(brace), there.contains(brace), "{tag}: {name}");
                }
            }
        }
        assert_eq!(of("zh").title, of("zh-TW").title);
        assert_ne!(of("zh-CN").undo, of("zh-TW").undo);
        assert_eq!(of("fr").title, of("en").title);
    }
}
