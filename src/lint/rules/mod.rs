//! One rule a file.

mod abbreviation;
mod alike_utterances;
mod all_closing;
mod breathless;
mod card_too_tall;
mod category_gap;
mod closed_question;
mod contradiction;
mod curly_quotes;
mod dead_end;
mod derived_id;
mod duplicate_code;
mod endless_loop;
mod expired_proof;
mod few_utterances;
mod jargon;
mod journey_gap;
mod lookup_copied;
mod monologue;
mod no_confirm;
mod no_goal;
mod no_stages;
mod no_utterances;
mod nothing_measured;
mod past_scarcity;
mod review_due;
mod rigid;
mod shared_utterance;
mod too_long;
mod translation_missing;
mod translation_old;
mod uncovered_dimension;
mod undated_proof;
mod unknown_name;
mod unprepared;
mod unproven_number;
mod unreachable_stage;
mod unused_part;
mod unused_variable;

// What several rules share.
pub(super) mod numbers;
mod process;
pub(super) mod said;
mod translation;
mod ways;

use super::Rule;

/// Every rule, in the order of the documentation.
pub(super) const ALL: &[Rule] = &[
    derived_id::RULE,
    curly_quotes::RULE,
    // The process.
    no_stages::RULE,
    no_goal::RULE,
    journey_gap::RULE,
    monologue::RULE,
    no_confirm::RULE,
    unprepared::RULE,
    category_gap::RULE,
    rigid::RULE,
    nothing_measured::RULE,
    all_closing::RULE,
    // What is said.
    too_long::RULE,
    card_too_tall::RULE,
    breathless::RULE,
    jargon::RULE,
    abbreviation::RULE,
    closed_question::RULE,
    // What is claimed.
    unproven_number::RULE,
    contradiction::RULE,
    undated_proof::RULE,
    expired_proof::RULE,
    past_scarcity::RULE,
    review_due::RULE,
    // What is missing.
    no_utterances::RULE,
    few_utterances::RULE,
    alike_utterances::RULE,
    shared_utterance::RULE,
    uncovered_dimension::RULE,
    translation_missing::RULE,
    translation_old::RULE,
    // What does not hang together.
    unknown_name::RULE,
    duplicate_code::RULE,
    lookup_copied::RULE,
    unreachable_stage::RULE,
    dead_end::RULE,
    endless_loop::RULE,
    unused_part::RULE,
    unused_variable::RULE,
];
