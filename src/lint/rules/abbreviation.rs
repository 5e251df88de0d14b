//! An abbreviation that is said aloud and explained nowhere.

use std::collections::{BTreeMap, BTreeSet};

use super::said::each;
use crate::book::Book;
use crate::book::model::{Place, Volume};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "abbreviation", check };

/// What everybody knows, words that are in capitals for stress, and money.
const KNOWN: [&str; 64] = [
    "OK", "IT", "HR", "PR", "CEO", "CFO", "TV", "PC", "PDF", "SMS", "USB", "UK", "US", "USA", "EU", "UN",
    "ID", "AM", "PM", "FAQ", "GPS", "ATM", "VAT", "GST", "SST", "AI", "VIP", "DIY", "ASAP", "CCTV", "QR",
    "PIN", "IBM", "BMW", "II", "III", "IV", "NOT", "NO", "YES", "ALL", "ONE", "ANY", "AND", "OR", "NEVER",
    "NOW", "YOU", "WE", "USD", "EUR", "GBP", "SGD", "MYR", "RM", "VND", "NT", "NTD", "TWD", "HKD", "CNY",
    "IDR", "KPI", "LINE",
];

/// The longest that is one; longer runs of capitals are words.
const LONGEST: usize = 5;

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let known: BTreeSet<String> = book.check.known.iter().map(|word| word.to_uppercase()).collect();
    for volume in &book.volumes {
        let mut said_first: BTreeMap<String, Place> = BTreeMap::new();
        let mut explained: BTreeSet<String> = BTreeSet::new();
        each(volume, |said| {
            // Most texts have no two capitals in a row.
            if !said.text.source().as_bytes().windows(2).any(|pair| pair.iter().all(u8::is_ascii_uppercase)) {
                return;
            }
            let plain = facts.of(said.text).map_or("", |heard| &heard.plain);
            for (short, is_explained) in abbreviations(plain) {
                let short = short.strip_suffix('s').unwrap_or(short);
                if is_explained {
                    explained.insert(short.to_string());
                } else if !KNOWN.contains(&short) && !known.contains(short) && !said_first.contains_key(short)
                {
                    said_first.insert(short.to_string(), said.place());
                }
            }
        });
        if said_first.is_empty() {
            continue;
        }
        let heard = words_of_buyers(volume);
        for (short, place) in
            said_first.iter().filter(|(short, _)| !explained.contains(*short) && !heard.contains(*short))
        {
            let message = format!("`{short}` is said and explained nowhere");
            let hint = format!(
                "say it in words, or add it to book.yaml if your buyers know it: `check: {{known: [{short}]}}`"
            );
            sink.tell(place, message, hint);
        }
    }
}

/// What buyers say themselves, and the names in the volume: no need to explain those.
fn words_of_buyers(volume: &Volume) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let mut add =
        |text: &str| out.extend(abbreviations(text).into_iter().map(|(short, _)| short.to_string()));
    volume.objections.iter().for_each(|part| {
        add(&part.title);
        part.utterances.iter().for_each(|text| add(text));
    });
    volume.signals.iter().flat_map(|part| &part.utterances).for_each(|text| add(text));
    volume.competitors.iter().for_each(|part| {
        add(&part.title);
        part.aliases.iter().for_each(|text| add(text));
    });
    out
}

/// The runs of capitals in a text, and whether words in brackets explain them, behind or before.
fn abbreviations(text: &str) -> Vec<(&str, bool)> {
    let mut out = Vec::new();
    let mut at = 0;
    let word = |c: char| c.is_alphanumeric();
    while at < text.len() {
        let Some(start) = text[at..].find(|c: char| c.is_ascii_alphanumeric()).map(|found| at + found) else {
            break;
        };
        let end = text[start..]
            .find(|c: char| !c.is_ascii_alphanumeric())
            .map_or(text.len(), |found| start + found);
        at = end;
        let run = &text[start..end];
        let letters = run.strip_suffix('s').unwrap_or(run);
        let joined = text[..start].chars().next_back().is_some_and(|c| word(c) && (c as u32) < 0x2E80)
            || text[end..].chars().next().is_some_and(|c| word(c) && (c as u32) < 0x2E80);
        if joined
            || !(2..=LONGEST).contains(&letters.len())
            || !letters.bytes().all(|b| b.is_ascii_uppercase())
        {
            continue;
        }
        let after = text[end..].trim_start().starts_with(['(', '（']);
        let before = text[..start].ends_with(['(', '（']);
        out.push((run, after || before));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn abbreviations_are_runs_of_capitals() {
        assert_eq!(abbreviations("Your ERPs, or SSO (one login)?"), [("ERPs", false), ("SSO", true)]);
        assert_eq!(abbreviations("你們的ERP系統"), [("ERP", false)]);
        assert_eq!(abbreviations("ĐƯỢC không, QUARTERLY, B2B, A, Ok"), []);
    }
}
