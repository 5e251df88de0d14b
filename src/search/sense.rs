//! Which situations a text speaks of: the groups of the lexicons, and how surely.
//!
//! Every feature of a text lends its weight to the groups whose sayings have it; the sums are
//! compared as the logarithms that they are (naive Bayes over the sayings, each group a class).

use std::collections::BTreeMap;

use super::table::Table;

/// How finely a card's share in a group is kept.
pub(super) const LEVELS: f32 = 16.0;
/// A card is in no group of which it has less than this.
pub(super) const LEAST: f32 = 0.05;
/// How much of a card's situation its title tells, where it has utterances too.
const TITLE: f32 = 0.7;
/// A title whose strongest sum is this tells half of what it could.
const UNSURE: f32 = 1.0;

/// How strongly features, by their [hashes](super::table::sense_hash), speak of each group.
pub(super) fn sums(table: &Table, features: impl IntoIterator<Item = u64>) -> BTreeMap<usize, f32> {
    let mut sums = vec![0.0; table.groups()];
    for feature in features {
        table.senses_of(feature, |group, weight| {
            if let Some(sum) = sums.get_mut(group) {
                *sum += weight;
            }
        });
    }
    sums.into_iter().enumerate().filter(|(_, sum)| *sum > 0.0).collect()
}

/// The category of groups that are no objection at all: small talk, greetings, how-to. No card is in
/// them, and what speaks of them speaks against every card.
pub(super) const CHATTER: &str = "chatter";

fn is_chatter(table: &Table, group: usize) -> bool {
    table.group(group).is_some_and(|group| group.category == Some(CHATTER))
}

/// The share of each group, where any is worth naming.
pub(super) fn shares(sums: &BTreeMap<usize, f32>) -> BTreeMap<usize, f32> {
    let most = sums.values().copied().fold(0.0, f32::max);
    let lifted: Vec<(usize, f32)> = sums.iter().map(|(&group, sum)| (group, (sum - most).exp())).collect();
    let all: f32 = lifted.iter().map(|(_, share)| share).sum();
    lifted
        .into_iter()
        .map(|(group, share)| (group, share / all))
        .filter(|(_, share)| *share > LEAST)
        .collect()
}

/// The groups that a card is in, in [sixteenths](LEVELS), from the features of its texts, each once:
/// its title and, a little, its body say it together, each utterance by itself: of them the [shares].
pub(super) fn of_card(
    table: &Table,
    title: &[u64],
    utterances: &[BTreeMap<usize, f32>],
    body: &[u64],
) -> Vec<(usize, u8)> {
    let mut own = sums(table, title.iter().copied());
    let quiet = ((body.len() + 1) as f32).sqrt();
    for (group, sum) in sums(table, body.iter().copied()) {
        *own.entry(group).or_insert(0.0) += sum / quiet;
    }
    own.retain(|&group, _| !is_chatter(table, group));
    let mut shared = shares(&own);
    if !utterances.is_empty() {
        // A title that tells nothing leaves all to the utterances.
        let most = own.values().copied().fold(0.0, f32::max);
        let title = TITLE * most / (most + UNSURE);
        shared.values_mut().for_each(|share| *share *= title);
        let each = (1.0 - title) / utterances.len() as f32;
        for utterance in utterances {
            for (&group, share) in utterance {
                *shared.entry(group).or_insert(0.0) += share * each;
            }
        }
    }
    let level = |share: f32| (share * LEVELS).round().min(255.0) as u8;
    shared.retain(|&group, _| !is_chatter(table, group));
    shared.into_iter().map(|(group, share)| (group, level(share))).filter(|(_, level)| *level > 0).collect()
}

/// A group as it stands in the index.
pub(super) fn term(group: usize) -> String {
    group.to_string()
}
