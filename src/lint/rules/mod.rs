//! One rule a file.

mod dead_end;
mod duplicate_code;
mod expired_proof;
mod lookup_copied;
mod no_goal;
mod no_utterances;
mod past_scarcity;
mod review_due;
mod too_long;
mod unknown_name;
mod unreachable_stage;

mod ways;

use super::Rule;

/// Every rule, in the order of the documentation.
pub(super) const ALL: &[Rule] = &[
    no_goal::RULE,
    no_utterances::RULE,
    too_long::RULE,
    unknown_name::RULE,
    duplicate_code::RULE,
    lookup_copied::RULE,
    unreachable_stage::RULE,
    dead_end::RULE,
    expired_proof::RULE,
    past_scarcity::RULE,
    review_due::RULE,
];
