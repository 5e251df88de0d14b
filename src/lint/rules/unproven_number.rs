//! A number that convinces, and nothing that proves it.

use super::numbers::Count;
use crate::book::Book;
use crate::book::model::{Answer, Markup, Place};
use crate::lint::{Facts, Rule, Sink};

pub const RULE: Rule = Rule { id: "unproven-number", check };

/// What a claim counts: shares, multiples, and customers. Minutes, days and prices are offers as often.
const CLAIMS: [&str; 31] = [
    "%",
    "percent",
    "per",
    "times",
    "fold",
    "fewer",
    "teams",
    "customers",
    "companies",
    "clients",
    "firms",
    "phần",
    "lần",
    "khách",
    "đội",
    "nhóm",
    "công",
    "doanh",
    "peratus",
    "kali",
    "pasukan",
    "pelanggan",
    "syarikat",
    "倍",
    "成",
    "家",
    "位",
    "客",
    "个",
    "百",
    "趴",
];
/// The second word of those that need one.
const SECOND: [(&str, &str); 8] = [
    ("per", "cent"),
    ("phần", "trăm"),
    ("công", "ty"),
    ("doanh", "nghiệp"),
    ("khách", "hàng"),
    ("个", "团"),
    ("位", "客"),
    ("家", "公"),
];
/// From so many on, a count of customers is meant to convince.
const MANY: f64 = 5.0;
/// What makes a multiple of `times`: twice in a row is none.
const MORE: [&str; 14] = [
    "as", "more", "less", "fewer", "faster", "quicker", "the", "better", "cheaper", "ganda", "lebih",
    "lipat", "nhanh", "so",
];

/// Words of an offer or a reckoning, in which a number claims nothing.
const OFFERS: [&str; 40] = [
    "if", "say", "discount", "off", "we'll", "i'll", "i'd", "can", "could", "would", "your", "you",
    "imagine", "next", "nếu", "giảm", "chiết", "giả", "anh", "chị", "em", "kalau", "jika", "diskaun",
    "katakan", "tuan", "puan", "encik", "anda", "saya", "折", "如", "果", "假", "若", "你", "您", "优", "惠",
    "我",
];

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
            if !response.proof.is_empty() || book.sources.has(&response.common.place.key("proof")) {
                continue;
            }
            match &response.answer {
                Answer::Say(text) => look(text, &response.common.place, facts, sink),
                Answer::Steps(steps) => {
                    steps.iter().for_each(|step| look(&step.say, &step.common.place, facts, sink));
                }
            }
        }
    }
}

fn look(text: &Markup, place: &Place, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let mut stated = facts.of(text).into_iter().flat_map(|heard| &heard.stated);
    if let Some(what) = stated.find_map(claim) {
        let message = format!("this claims “{what}”, and no proof stands behind it");
        let hint = "add `proof: […]` with a claim that has a source and a date, or say it without the number";
        sink.tell(&place.key("say"), message, hint);
    }
}

/// The number that a clause claims, with what it counts.
fn claim(count: &Count) -> Option<String> {
    if count.words().any(|word| OFFERS.contains(&word)) {
        return None;
    }
    count.windows().find_map(|(number, before, next, after)| {
        let next = next?;
        let second = SECOND.iter().find(|(first, _)| *first == next).map(|(_, second)| *second);
        let fits = CLAIMS.contains(&next)
            && second.is_none_or(|second| after == Some(second))
            && match next {
                "times" | "lần" | "kali" => {
                    before == Some("gấp") || after.is_some_and(|after| MORE.contains(&after))
                }
                "%" | "percent" | "per" | "phần" | "peratus" | "倍" | "成" | "趴" | "fold" | "fewer" => {
                    true
                }
                _ => number.replace(',', "").parse::<f64>().is_ok_and(|number| number >= MANY),
            };
        let gap = if next == "%" || !next.is_ascii() && next.chars().count() == 1 { "" } else { " " };
        fits.then(|| {
            format!("{number}{gap}{next}{}", second.map(|word| format!(" {word}")).unwrap_or_default())
        })
    })
}
