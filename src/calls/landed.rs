//! Which responses landed, so that the next call can have the better one first.

use std::collections::HashMap;

use crate::book::Book;
use crate::card::{Card, CardKind};
use crate::rate::{Rate, order};
use crate::script::Script;

/// How often each response landed, by language, volume, objection and response. Only real calls count: what
/// a rep is told to say does not come from dice.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Landed {
    rates: HashMap<String, HashMap<String, Rate>>,
}

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
        let rates: HashMap<String, Rate> = card
            .responses
            .iter()
            .filter_map(|response| Some((response.id.clone(), self.of_card(card, &response.id)?)))
            .collect();
        order(&mut card.responses, |response| rates.get(&response.id).copied());
    }
}
