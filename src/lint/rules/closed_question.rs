//! A discovery question that can be answered with yes or no.

use super::said::{asks, sentences};
use crate::book::model::{Question, ValueType};
use crate::book::{Book, brief};
use crate::language::Family;
use crate::lint::{Facts, Rule, Sink};
use crate::search::fold;

pub const RULE: Rule = Rule { id: "closed-question", check };

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    for volume in &book.volumes {
        let family = volume.language.family();
        for question in volume.questions.iter().filter(|question| discovers(question)) {
            let Some(heard) = facts.of(&question.ask) else { continue };
            let sentences = sentences(&heard.plain);
            let mut asked = sentences.iter().filter(|sentence| asks(sentence)).peekable();
            if asked.peek().is_none() || asked.any(|sentence| !is_closed(sentence, family)) {
                continue;
            }
            let message =
                format!("“{}” can be answered with yes or no, and ends the talk there", brief(&heard.plain));
            let hint = match family {
                Family::Vietnamese => {
                    "ask with gì, sao, nào, thế nào; or set `type: yes_no` if that is all you need"
                }
                Family::Chinese => "ask with 什麼, 怎麼, 哪些; or set `type: yes_no` if that is all you need",
                Family::Malay => {
                    "ask with apa, bagaimana, kenapa; or set `type: yes_no` if that is all you need"
                }
                Family::English | Family::Other => {
                    "begin with what, how or why; or set `type: yes_no` if that is all you need"
                }
            };
            sink.tell(&question.common.place.key("ask"), message, hint);
        }
    }
}

/// Whether a question is there to learn something in the buyer's own words.
fn discovers(question: &Question) -> bool {
    question.dimension.is_some() && question.of_type == ValueType::Text && question.options.is_empty()
}

const ENGLISH: [&str; 28] = [
    "do", "does", "did", "is", "are", "was", "were", "have", "has", "had", "can", "could", "will", "would",
    "should", "may", "might", "shall", "am", "isnt", "arent", "dont", "doesnt", "didnt", "havent", "hasnt",
    "wont", "wouldnt",
];
const ENGLISH_OPEN: [&str; 13] = [
    "what", "how", "why", "which", "who", "whom", "whose", "when", "where", "describe", "walk", "tell", "or",
];
const VIETNAMESE_CLOSED: [&str; 6] = ["không", "chưa", "à", "hả", "nhỉ", "hông"];
const VIETNAMESE_OPEN: [&str; 12] =
    ["gì", "nào", "sao", "ai", "đâu", "mấy", "bao", "hay", "nhiêu", "lâu", "kể", "chi"];
const CHINESE_CLOSED: [&str; 14] = [
    "吗",
    "是不是",
    "有没有",
    "能不能",
    "会不会",
    "可不可以",
    "要不要",
    "好不好",
    "对不对",
    "行不行",
    "是否",
    "可否",
    "够不够",
    "方不方便",
];
const CHINESE_OPEN: [&str; 15] = [
    "什么", "甚么", "怎么", "怎样", "哪", "谁", "几", "多少", "多久", "多大", "为何", "如何", "何时", "还是",
    "聊聊",
];
const MALAY_CLOSED: [&str; 12] = [
    "adakah",
    "bolehkah",
    "sudahkah",
    "pernahkah",
    "perlukah",
    "mahukah",
    "tak",
    "ke",
    "boleh",
    "ada",
    "sudah",
    "pernah",
];
const MALAY_OPEN: [&str; 14] = [
    "apa",
    "apakah",
    "bagaimana",
    "bagaimanakah",
    "macam",
    "siapa",
    "siapakah",
    "bila",
    "bilakah",
    "mana",
    "kenapa",
    "mengapa",
    "berapa",
    "ceritakan",
];

/// Whether yes or no answers a question; languages that are not known are never closed.
fn is_closed(sentence: &str, family: Family) -> bool {
    match family {
        Family::English => {
            let folded = fold(sentence);
            let words: Vec<&str> = folded.split(' ').collect();
            let mut first =
                words.iter().copied().skip_while(|word| ["and", "so", "but", "then"].contains(word));
            first.next().is_some_and(|first| ENGLISH.contains(&first))
                && !words.iter().any(|word| ENGLISH_OPEN.contains(word))
        }
        Family::Vietnamese => {
            let lower = sentence.to_lowercase();
            let trimmed = lower.trim_end_matches(|c: char| !c.is_alphabetic());
            let words: Vec<&str> =
                trimmed.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
            let last = words.iter().rev().copied().find(|word| !["ạ", "vậy", "thế", "nhé"].contains(word));
            last.is_some_and(|last| VIETNAMESE_CLOSED.contains(&last))
                && !words.iter().any(|word| VIETNAMESE_OPEN.contains(word))
        }
        Family::Chinese => {
            let folded = fold(sentence);
            CHINESE_CLOSED.iter().any(|mark| folded.contains(mark))
                && !CHINESE_OPEN.iter().any(|mark| folded.contains(mark))
        }
        Family::Malay => {
            let folded = fold(sentence);
            let words: Vec<&str> = folded.split(' ').collect();
            let closes = |word: Option<&&str>| word.is_some_and(|word| MALAY_CLOSED.contains(word));
            (closes(words.first()) || closes(words.last()))
                && !words.iter().any(|word| MALAY_OPEN.contains(word))
        }
        Family::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_questions_are_known_in_four_languages() {
        let check = |family, text: &str, closed| assert_eq!(is_closed(text, family), closed, "{text}");
        check(Family::English, "Do you have a budget?", true);
        check(Family::English, "And is that a problem?", true);
        check(Family::English, "Can you tell me how you do it today?", false);
        check(Family::English, "How do you do it today?", false);
        check(Family::English, "Is it the price or the time?", false);
        check(Family::Vietnamese, "Anh có ngân sách cho việc này không ạ?", true);
        check(Family::Vietnamese, "Bên mình đã dùng phần mềm chưa?", true);
        check(Family::Vietnamese, "Hiện anh đang theo dõi việc này thế nào ạ?", false);
        check(Family::Vietnamese, "Có điều gì khiến anh chưa yên tâm không?", false);
        check(Family::Chinese, "您有預算嗎？", true);
        check(Family::Chinese, "你們是不是已經有供應商？", true);
        check(Family::Chinese, "你們現在怎麼追蹤進度？", false);
        check(Family::Malay, "Adakah tuan ada bajet?", true);
        check(Family::Malay, "Dah ada pembekal ke?", true);
        check(Family::Malay, "Bagaimana tuan urus perkara ini sekarang?", false);
        check(Family::Other, "Avez-vous un budget ?", false);
    }
}
