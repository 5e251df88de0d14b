//! What the handbook's own words are: headings, labels and the names of known categories, kinds and
//! techniques, in English, Vietnamese, Chinese (both scripts) and Malay. Other languages have English.

mod en;
pub(super) mod find;
mod ms;
mod vi;
mod zh_hans;
mod zh_hant;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::{Serialize, Serializer};

use crate::language::{Family, Language, Spoken};
use crate::template::pages::Shared;
use find::Find;

/// A phrase with a number in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Count {
    /// For one.
    pub one: &'static str,
    /// For any other number.
    pub many: &'static str,
}

impl Count {
    /// The phrase with its number.
    pub fn of(&self, n: usize) -> String {
        let phrase = if n == 1 { self.one } else { self.many };
        phrase.replace("{n}", &n.to_string())
    }
}

/// Known names and what they are called, for texts that a book writes as it likes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Names(pub &'static [(&'static str, &'static str)]);

impl Names {
    /// What a name is called; an unknown one is shown as it is written.
    pub fn of<'a>(&self, name: &'a str) -> &'a str {
        let known = self.0.iter().find(|(known, _)| *known == name);
        known.map_or(name, |(_, called)| called)
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().copied())
    }
}

/// The words of one language. What templates use is serialized; the rest is put together in Rust.
#[derive(Debug, Serialize)]
pub(super) struct Words {
    /// The language that these words are in.
    pub tag: &'static str,

    // Around every page
    /// The link past the header.
    pub skip: &'static str,
    /// The name of the language switcher.
    pub languages: &'static str,
    /// The name of the path to this page.
    pub breadcrumbs: &'static str,
    /// The name of the links within a page.
    pub contents: &'static str,
    /// The first step of the path.
    pub home: &'static str,
    /// The switcher, where a part has no translation but its playbook has.
    pub to_volume: &'static str,
    /// The switcher, where nothing here is translated.
    pub to_home: &'static str,
    /// The link to the source.
    pub edit: &'static str,
    /// The heading over the same part in other languages.
    pub translations: &'static str,
    /// Before the program's name.
    pub made_with: &'static str,
    /// The heading of the page for wrong addresses.
    pub not_found: &'static str,
    /// What to do then.
    pub not_found_text: &'static str,
    /// The heading of the page at an old address.
    pub moved: &'static str,
    /// Since when a claim holds.
    pub dated: &'static str,
    /// In which time it is counted.
    pub measure: &'static str,
    /// The button that copies a line.
    pub copy: &'static str,
    /// After copying.
    pub copied: &'static str,
    /// The link to a line.
    pub anchor: &'static str,
    /// What was changed last.
    pub whats_new: &'static str,
    /// What changed since a revision.
    pub what_changed: &'static str,
    /// With what the book is compared: `{rev}`.
    pub compared_with: &'static str,
    /// How many changes there are.
    #[serde(skip)]
    pub changes: Count,
    /// It is new.
    pub added: &'static str,
    /// It is gone.
    pub removed: &'static str,
    /// It has another id.
    pub renamed: &'static str,
    /// It stands in another playbook.
    pub moved_to: &'static str,
    /// It says something with other words.
    pub reworded: &'static str,
    /// Its value is another one.
    pub changed: &'static str,
    /// The same in another order.
    pub reordered: &'static str,
    /// The words of before.
    pub before: &'static str,
    /// The words of now.
    pub now: &'static str,
    /// What the pieces of a card are called.
    pub piece_names: Names,
    /// The objections that are met most.
    pub most_needed: &'static str,
    /// What the words of the trade mean.
    pub glossary: &'static str,
    /// Everything on one page.
    pub print_all: &'static str,
    /// One of the lists of what to find out.
    pub framework: &'static str,
    /// When it was last changed.
    pub last_change: &'static str,
    /// The picture of the stages.
    pub flow: &'static str,
    /// The picture in words.
    pub flow_list: &'static str,
    /// Other objections like this one.
    pub related_cards: &'static str,
    /// What points at it.
    pub used_in: &'static str,
    /// How many of how many dimensions.
    pub covered: &'static str,
    /// Between which two points.
    pub from_to: &'static str,
    /// Whose measure it is.
    pub whose: &'static str,

    // What there is
    /// One of them.
    pub playbook: &'static str,
    /// All of them.
    pub playbooks: &'static str,
    /// One of them.
    pub library: &'static str,
    /// All of them.
    pub libraries: &'static str,
    /// One of them.
    pub category: &'static str,
    /// All of them.
    pub categories: &'static str,
    /// One of them.
    pub stage: &'static str,
    /// All of them.
    pub stages: &'static str,
    /// One of them.
    pub objection: &'static str,
    /// All of them.
    pub objections: &'static str,
    /// One of them.
    pub close: &'static str,
    /// All of them.
    pub closes: &'static str,
    /// One of them.
    pub question: &'static str,
    /// All of them.
    pub questions: &'static str,
    /// One of them.
    pub competitor: &'static str,
    /// All of them.
    pub competitors: &'static str,
    /// What should be noticed.
    pub signals: &'static str,
    /// The claims with their sources.
    pub proofs: &'static str,
    /// How a call can end.
    pub outcomes: &'static str,
    /// What is measured.
    pub metrics: &'static str,
    /// Who takes part.
    pub roles: &'static str,
    /// What is filled in for a call.
    pub variables: &'static str,
    /// What discovery covers.
    pub frameworks: &'static str,
    /// Branches that are always open.
    pub anytime: &'static str,
    /// How many.
    #[serde(skip)]
    pub n_playbooks: Count,
    /// How many.
    #[serde(skip)]
    pub n_stages: Count,
    /// How many.
    #[serde(skip)]
    pub n_objections: Count,
    /// How many.
    #[serde(skip)]
    pub n_closes: Count,
    /// How many.
    #[serde(skip)]
    pub n_questions: Count,
    /// How long.
    #[serde(skip)]
    pub n_minutes: Count,

    // A playbook or a library
    /// How we sell.
    pub method: &'static str,
    /// Who sells with it.
    pub sellers: &'static str,
    /// Who is sold to.
    pub buyers: &'static str,
    /// What sort of company.
    pub segments: &'static str,
    /// Who answers for it.
    pub owner: &'static str,
    /// The libraries it names.
    pub uses: &'static str,
    /// The playbooks that name it.
    pub used_by: &'static str,
    /// A dimension that no question covers.
    pub not_covered: &'static str,
    /// Before a default.
    pub default: &'static str,
    /// Before an example.
    pub example: &'static str,
    /// A mark.
    pub required: &'static str,
    /// In which time.
    pub per: &'static str,
    /// The group of what has no category.
    pub uncategorized: &'static str,
    /// The lists of libraries in use.
    pub from_libraries: &'static str,
    /// A home without playbooks.
    pub empty: &'static str,

    // An objection
    /// The buyers' wordings.
    pub they_say: &'static str,
    /// The answers.
    pub responses: &'static str,
    /// The question at the end.
    pub then_ask: &'static str,
    /// After a step.
    pub wait: &'static str,
    /// The claims behind an answer.
    pub proof: &'static str,
    /// Until when a claim holds.
    pub expires: &'static str,
    /// What not to do.
    pub avoid: &'static str,
    /// Where a no leads.
    pub if_resists: &'static str,
    /// The end of the answers.
    pub accept: &'static str,
    /// Where a yes leads.
    pub when_lands: &'static str,
    /// Bad and good.
    pub examples: &'static str,
    /// How not to answer.
    pub bad: &'static str,
    /// How to answer.
    pub good: &'static str,
    /// Questions that prevent it.
    pub prevent: &'static str,
    /// How often to answer it.
    pub limit_title: &'static str,
    /// Whom to bring in.
    pub escalate: &'static str,
    /// The stages that prepare for it.
    pub comes_up: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// When it was last looked at.
    pub verified: &'static str,
    /// When it must be looked at.
    pub review_due: &'static str,
    /// How sure the owner is.
    pub confidence: &'static str,
    /// An answer without a condition.
    #[serde(skip)]
    pub response_n: Count,
    /// The wordings that are folded away.
    #[serde(skip)]
    pub more_wordings: Count,
    /// How often to answer it.
    #[serde(skip)]
    pub limit: Count,

    // A stage
    /// Where the sale is decided.
    pub moment_of_truth: &'static str,
    /// What must hold before.
    pub entry: &'static str,
    /// What to have done.
    pub checklist: &'static str,
    /// What happens.
    pub script: &'static str,
    /// A line to say.
    pub say: &'static str,
    /// A line to say exactly.
    pub verbatim: &'static str,
    /// A question.
    pub ask: &'static str,
    /// For the rep only.
    pub note: &'static str,
    /// Good signs.
    pub listen_for: &'static str,
    /// Bad signs.
    pub warning_signs: &'static str,
    /// What must hold after.
    pub exit: &'static str,
    /// The likely objections.
    pub speed_dial: &'static str,
    /// The closes that fit.
    pub ways_to_ask: &'static str,
    /// What is shown or sent.
    pub materials: &'static str,
    /// What must be in hand.
    pub outputs: &'static str,
    /// What ends it.
    pub disqualify: &'static str,
    /// What is sent afterwards.
    pub follow_up: &'static str,
    /// Where it goes on.
    pub next: &'static str,
    /// The last branch.
    pub otherwise: &'static str,
    /// The link back.
    pub previous_stage: &'static str,
    /// The link on.
    pub next_stage: &'static str,
    /// When something is sent.
    #[serde(skip)]
    pub after_hours: Count,
    /// When something is sent.
    #[serde(skip)]
    pub after_days: Count,
    /// When something is sent.
    #[serde(skip)]
    pub after_weeks: Count,
    /// When something is sent.
    #[serde(skip)]
    pub after_months: Count,
    /// When something is sent.
    #[serde(skip)]
    pub after_years: Count,
    /// When something is sent at once.
    pub same_day: &'static str,

    // A close, a question, a competitor
    /// When a close fits.
    pub signs: &'static str,
    /// Where a yes leads.
    pub if_yes: &'static str,
    /// Where a no leads.
    pub if_no: &'static str,
    /// What makes it true.
    pub fact: &'static str,
    /// Until when.
    pub true_until: &'static str,
    /// What an answer is good for.
    pub purpose: &'static str,
    /// What to ask then.
    pub follow_ups: &'static str,
    /// How to say it back.
    pub confirm: &'static str,
    /// Answers to pick from.
    pub options: &'static str,
    /// The stages that ask it.
    pub asked_in: &'static str,
    /// The objections it prevents.
    pub prevents: &'static str,
    /// Where the answer is kept.
    pub field: &'static str,
    /// What the answer is.
    pub of_type: &'static str,
    /// What buyers call it.
    pub also_called: &'static str,
    /// Where we win.
    pub we_win: &'static str,
    /// Where we lose.
    pub we_lose: &'static str,
    /// Questions that expose a gap.
    pub landmines: &'static str,
    /// What they claim.
    pub they_claim: &'static str,
    /// The objections that name it.
    pub related: &'static str,
    /// A blank for the rep's name.
    pub rep: &'static str,
    /// A blank for the date.
    pub today: &'static str,
    /// A blank for the answer.
    pub answer: &'static str,

    // Names
    /// Known categories.
    #[serde(skip)]
    pub category_names: Names,
    /// Kinds of objection.
    #[serde(skip)]
    pub kind_names: Names,
    /// Known techniques.
    #[serde(skip)]
    pub technique_names: Names,
    /// Steps of a technique.
    #[serde(skip)]
    pub step_names: Names,
    /// The buyer's journey.
    #[serde(skip)]
    pub buyer_stage_names: Names,
    /// What an outcome means.
    #[serde(skip)]
    pub result_names: Names,
    /// Known ways of selling.
    #[serde(skip)]
    pub method_names: Names,
    /// How sure an owner is.
    #[serde(skip)]
    pub confidence_names: Names,
    /// Stretches of time.
    #[serde(skip)]
    pub period_names: Names,
    /// Kinds of signal.
    #[serde(skip)]
    pub signal_names: Names,
    /// What an answer or a value is.
    #[serde(skip)]
    pub type_names: Names,
    /// Known tags.
    #[serde(skip)]
    pub tag_names: Names,
    /// Ways to reach somebody.
    #[serde(skip)]
    pub channel_names: Names,
}

impl Words {
    /// The words for a language: its own, or English.
    pub fn of(language: &Language) -> &'static Words {
        language.pick(Spoken {
            en: &en::WORDS,
            vi: &vi::WORDS,
            zh_hant: &zh_hant::WORDS,
            zh_hans: &zh_hans::WORDS,
            ms: &ms::WORDS,
        })
    }

    /// The same as templates are given them, with those of the search.
    pub fn shared(&'static self) -> (Shared<&'static Words>, Shared<&'static Find>) {
        type Both = (Shared<&'static Words>, Shared<&'static Find>);
        static READY: Mutex<BTreeMap<&str, Both>> = Mutex::new(BTreeMap::new());
        let mut ready = READY.lock().unwrap_or_else(PoisonError::into_inner);
        ready.entry(self.tag).or_insert_with(|| (Shared::new(self), Shared::new(Find::of(self)))).clone()
    }

    /// The words in English.
    pub fn english() -> &'static Words {
        &en::WORDS
    }

    /// Whether a language has words of its own here.
    pub fn knows(language: &Language) -> bool {
        language.family() != Family::Other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_its_words() {
        for (tag, words) in [
            ("en", "en"),
            ("vi-VN", "vi"),
            ("zh-Hant", "zh-Hant"),
            ("zh-TW", "zh-Hant"),
            ("zh", "zh-Hant"),
            ("zh-CN", "zh-Hans"),
            ("yue", "zh-Hant"),
            ("ms-MY", "ms"),
            ("id", "ms"),
            ("ar", "en"),
        ] {
            let language = Language::parse(tag).expect(tag);
            assert_eq!(Words::of(&language).tag, words, "{tag}");
        }
        assert_eq!(en::WORDS.n_stages.of(1), "1 stage");
        assert_eq!(en::WORDS.n_stages.of(7), "7 stages");
        assert_eq!(vi::WORDS.category_names.of("price"), "Giá");
        assert_eq!(vi::WORDS.category_names.of("giá sỉ"), "giá sỉ");
    }
}
