//! A number that convinces, and nothing that proves it.

use super::numbers::{Count, counts, may_count};
use super::said::{asks, plain, sentences};
use crate::book::Book;
use crate::book::model::{Answer, Markup, Place};
use crate::language::Family;
use crate::lint::{Context, Rule, Sink};

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

fn check(book: &Book, _: &Context, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        let family = volume.language.family();
        for response in volume.objections.iter().flat_map(|objection| &objection.responses) {
            if !response.proof.is_empty() || book.sources.has(&response.common.place.key("proof")) {
                continue;
            }
            match &response.answer {
                Answer::Say(text) => look(text, &response.common.place, family, sink),
                Answer::Steps(steps) => {
                    steps.iter().for_each(|step| look(&step.say, &step.common.place, family, sink));
                }
            }
        }
    }
}

fn look(text: &Markup, place: &Place, family: Family, sink: &mut Sink<'_>) {
    let plain = plain(text);
    if !may_count(&plain, family) {
        return;
    }
    let told = sentences(&plain).into_iter().filter(|sentence| !asks(sentence));
    for count in told.flat_map(|sentence| counts(sentence, family)) {
        let Some(what) = claim(&count) else { continue };
        let message = format!("this claims “{what}”, and no proof stands behind it");
        let hint = "add `proof: […]` with a claim that has a source and a date, or say it without the number";
        sink.tell(&place.key("say"), message, hint);
        return;
    }
}

/// The number that a clause claims, with what it counts.
fn claim(count: &Count) -> Option<String> {
    if count.words.iter().any(|word| OFFERS.contains(&word.as_str())) {
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
