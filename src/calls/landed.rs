//! Which responses landed, so that the next call can have the better one first.

use std::collections::BTreeMap;

use crate::book::Book;
use crate::card::{Card, CardKind};
use crate::rate::{Rate, order};
use crate::script::Script;

/// How often each response landed, by language, volume, objection and response. Only real calls count: what
/// a rep is told to say does not come from dice.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Landed {
    rates: BTreeMap<String, BTreeMap<String, Rate>>,
}

/// What a call keeps of them from its beginning to its end, in one language: by `volume/card` and then by
/// response how often it landed and how often it was said. Those are in here that are enough.
pub type Kept = BTreeMap<String, BTreeMap<String, (usize, usize)>>;

/// Of so many responses a call keeps it at most, so that the first line of its journal stays short.
const KEPT: usize = 2000;

fn key(language: &str, volume: &str, card: &str) -> String {
    format!("{language}\u{1}{volume}\u{1}{card}")
}

impl Landed {
    /// Adds what calls say of a response.
    pub fn add(&mut self, language: &str, volume: &str, card: &str, response: &str, rate: Rate) {
        let of_card = self.rates.entry(key(language, volume, card)).or_default();
        let sum = of_card.entry(response.to_string()).or_default();
        *sum = Rate::new(sum.count + rate.count, sum.of + rate.of);
    }

    /// Whether calls say nothing.
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty()
    }

    /// What calls say of a response, where they are enough.
    pub fn of(&self, language: &str, volume: &str, card: &str, response: &str) -> Option<Rate> {
        let rate = self.rates.get(&key(language, volume, card))?.get(response)?;
        Some(*rate).filter(|rate| rate.is_enough())
    }

    /// How often calls used a response of a card, whichever.
    pub fn met(&self, language: &str, volume: &str, card: &str) -> usize {
        let of_card = self.rates.get(&key(language, volume, card)).into_iter().flatten();
        of_card.map(|(_, rate)| rate.of).sum()
    }

    /// Lets what was counted under ids of before count for those of today.
    pub fn follow(&mut self, book: &Book) {
        for volume in &book.volumes {
            let language = volume.language.as_str();
            for card in &volume.objections {
                let mut moved = Vec::new();
                for old_volume in std::iter::once(&volume.id).chain(&volume.common.was) {
                    for old_card in std::iter::once(&card.id).chain(&card.common.was) {
                        let old = key(language, old_volume.as_str(), old_card.as_str());
                        moved.extend(self.rates.remove(&old).into_iter().flatten());
                    }
                }
                for (id, rate) in moved {
                    let called = card.responses.iter().find(|response| {
                        response.id.as_str() == id || response.common.was.iter().any(|was| was.as_str() == id)
                    });
                    let id = called.map_or(id.as_str(), |response| response.id.as_str());
                    self.add(language, volume.id.as_str(), card.id.as_str(), id, rate);
                }
            }
        }
    }

    /// What a call keeps of a language: of the responses that were said most often.
    pub fn kept(&self, language: &str) -> Kept {
        let mut all = Vec::new();
        for (key, of_card) in &self.rates {
            if let [own, volume, card] = key.split('\u{1}').collect::<Vec<_>>()[..]
                && own == language
            {
                let enough = of_card.iter().filter(|(_, rate)| rate.is_enough());
                all.extend(enough.map(|(response, rate)| (format!("{volume}/{card}"), response, *rate)));
            }
        }
        all.sort_by(|a, b| (b.2.of, &a.0, a.1).cmp(&(a.2.of, &b.0, b.1)));
        let mut kept = Kept::new();
        for (card, response, rate) in all.into_iter().take(KEPT) {
            kept.entry(card).or_default().insert(response.clone(), (rate.count, rate.of));
        }
        kept
    }

    /// What a call kept.
    pub fn of_kept(language: &str, kept: &Kept) -> Self {
        let mut landed = Landed::default();
        for (card, responses) in kept {
            let (volume, card) = card.split_once('/').unwrap_or_default();
            for (response, (count, of)) in responses {
                landed.add(language, volume, card, response, Rate::new(*count, *of));
            }
        }
        landed
    }

    /// Writes into a script how often its responses landed, and [orders](order) them by it.
    pub fn show_in_script(&self, script: &mut Script) {
        for objection in &mut script.objections {
            for response in &mut objection.responses {
                response.landed = self.of(&script.language, &objection.playbook, &objection.id, &response.id);
            }
            order(&mut objection.responses, |response| response.landed);
        }
    }

    /// What calls say of a card's response, also under the card's ids of before, where it is enough.
    pub fn of_card(&self, card: &Card, response: &str) -> Option<Rate> {
        if card.kind != CardKind::Objection {
            return None;
        }
        let mut sum = Rate::default();
        for id in std::iter::once(&card.id).chain(&card.was) {
            let of_card = self.rates.get(&key(card.language.as_str(), &card.playbook, id));
            if let Some(rate) = of_card.and_then(|of_card| of_card.get(response)) {
                sum = Rate::new(sum.count + rate.count, sum.of + rate.of);
            }
        }
        Some(sum).filter(|sum| sum.is_enough())
    }

    /// [Orders](order) the responses of a card by how often they landed.
    pub fn order_card(&self, card: &mut Card) {
        if self.is_empty() || card.responses.len() < 2 {
            return;
        }
        let rates: BTreeMap<String, Rate> = card
            .responses
            .iter()
            .filter_map(|response| Some((response.id.clone(), self.of_card(card, &response.id)?)))
            .collect();
        order(&mut card.responses, |response| rates.get(&response.id).copied());
    }
}
