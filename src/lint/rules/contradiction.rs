//! Numbers that contradict each other: a card and its proof, or two cards of one playbook.

use std::collections::{BTreeSet, HashMap};

use super::numbers::{Count, Window, counts};
use crate::book::Book;
use crate::book::model::{Answer, Markup, Place, Response, Volume};
use crate::language::Family;
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "contradiction", check };

/// So many words besides its numbers make a clause a statement that can be known again.
const WORDS: usize = 3;
/// The same in characters.
const CHARACTERS: usize = 5;

/// Words of a clause that talks about the two who talk, or about what might be: an offer or a
/// reckoning, which may well differ from card to card.
const PERSONAL: [&str; 46] = [
    "i", "i'll", "i'd", "me", "you", "your", "you'll", "you'd", "us", "let", "let's", "can", "could",
    "would", "if", "say", "shall", "next", "anh", "chị", "em", "mình", "tôi", "bạn", "nếu", "giả", "saya",
    "tuan", "puan", "encik", "kita", "anda", "awak", "jika", "kalau", "katakan", "我", "你", "您", "咱",
    "若", "如", "果", "假", "每", "each",
];

/// A statement with its numbers, and where it is written first.
#[derive(Clone, Copy)]
struct Stated<'a> {
    numbers: &'a str,
    id: &'a str,
    part: &'a Place,
    key: &'static str,
}

impl Stated<'_> {
    fn place(&self) -> Place {
        self.part.key(self.key)
    }
}

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    let known: Vec<_> = book.volumes.iter().map(|volume| own(volume, facts, &mut told, sink)).collect();
    for (number, volume) in book.volumes.iter().enumerate() {
        // Against the libraries that the volume uses; within itself has been looked at.
        let own = known[number].iter().filter(|_| !volume.uses.is_empty());
        for (key, here) in own {
            let there = volume.uses.iter().find_map(|used| known[*used].get(key));
            if let Some(there) = there.filter(|there| there.numbers != here.numbers) {
                tell(here, there, sink);
            }
        }
        let family = volume.language.family();
        for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
            for reference in &response.proof {
                let proof = book.get(*reference);
                let Some(heard) = facts.of(&proof.claim) else { continue };
                let claimed = counts(&heard.plain, family);
                let place = &proof.common.place.key("claim");
                spoken(response).into_iter().for_each(|(text, at)| {
                    if told.contains(&at) {
                        return;
                    }
                    let said = facts.of(text).map_or(&[][..], |heard| &heard.stated);
                    against_proof(said, &at, &claimed, (place, proof.id.as_str()), sink);
                });
            }
        }
    }
}

fn tell(here: &Stated<'_>, there: &Stated<'_>, sink: &mut Sink<'_>) {
    let numbers = |stated: &Stated<'_>| stated.numbers.replace(' ', ", ");
    let message =
        format!("`{}` says {} here and `{}` says {}", here.id, numbers(here), there.id, numbers(there));
    let hint = "find out which is true, and write it in both places";
    sink.tell_both(&here.place(), message, hint, (&there.place(), "the other one"));
}

fn spoken(response: &Response) -> Vec<(&Markup, Place)> {
    match &response.answer {
        Answer::Say(text) => vec![(text, response.common.place.key("say"))],
        Answer::Steps(steps) => steps.iter().map(|step| (&step.say, step.common.place.key("say"))).collect(),
    }
}

/// What a volume states with numbers, by its words; what it states twice and differently is told.
fn own<'a>(
    volume: &'a Volume,
    facts: &'a Facts<'_>,
    told: &mut BTreeSet<Place>,
    sink: &mut Sink<'_>,
) -> HashMap<&'a str, Stated<'a>> {
    let family = volume.language.family();
    let mut out: HashMap<&str, Stated<'_>> = HashMap::new();
    let mut look = |text: &Markup, id: &'a str, part: &'a Place, key: &'static str| {
        let stated = facts.of(text).into_iter().flat_map(|heard| &heard.stated);
        for count in stated.filter(|count| is_statement(count, family)) {
            let here = Stated { numbers: &count.numbers, id, part, key };
            match out.get(count.words.as_str()) {
                Some(first)
                    if first.numbers != here.numbers && (first.part, first.key) != (here.part, here.key) =>
                {
                    tell(&here, first, sink);
                    told.insert(here.place());
                }
                Some(_) => {}
                None => {
                    out.insert(&count.words, here);
                }
            }
        }
    };
    for proof in &volume.proofs {
        look(&proof.claim, proof.id.as_str(), &proof.common.place, "claim");
    }
    for objection in &volume.objections {
        for response in &objection.responses {
            match &response.answer {
                Answer::Say(text) => look(text, objection.id.as_str(), &response.common.place, "say"),
                Answer::Steps(steps) => steps.iter().for_each(|step| {
                    look(&step.say, objection.id.as_str(), &step.common.place, "say");
                }),
            }
        }
    }
    for close in &volume.closes {
        look(&close.say, close.id.as_str(), &close.common.place, "say");
    }
    out
}

/// Whether a clause states a number as a fact, in words that can be known again.
fn is_statement(count: &Count, family: Family) -> bool {
    let words = count.words().filter(|word| *word != "#").count();
    let least = if family == Family::Chinese { CHARACTERS } else { WORDS };
    words >= least && !count.words().any(|word| PERSONAL.contains(&word))
}

/// A card that counts the same thing as its proof, and another number of it.
fn against_proof(
    said: &[Count],
    at: &Place,
    claimed: &[Count],
    (place, id): (&Place, &str),
    sink: &mut Sink<'_>,
) {
    let supposes =
        |count: &&Count| count.words().any(|word| ["if", "nếu", "kalau", "jika", "如"].contains(&word));
    let alike = |a: &Window<'_>, b: &Window<'_>| match (a.2, b.2) {
        (Some(one), Some(other)) if one == other => match (a.3, b.3) {
            (Some(next), Some(after)) => next == after,
            _ => a.1.is_some() && a.1 == b.1,
        },
        _ => false,
    };
    for window in said.iter().filter(|count| !supposes(count)).flat_map(Count::windows) {
        let same: Vec<Window<'_>> =
            claimed.iter().flat_map(Count::windows).filter(|other| alike(&window, other)).collect();
        let Some(first) = same.first().filter(|_| same.iter().all(|other| other.0 != window.0)) else {
            continue;
        };
        let what = format!("{} {}", window.2.unwrap_or_default(), window.3.unwrap_or_default());
        let message =
            format!("this says {} {}, but its proof `{id}` says {}", window.0, what.trim_end(), first.0);
        let hint = "write what the proof says, or name a proof for this number";
        sink.tell_both(at, message, hint, (place, "the proof"));
    }
}
