//! Words that sellers use among themselves and no buyer wants to hear.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::said::each;
use crate::book::{Book, brief};
use crate::language::Family;
use crate::lint::{Facts, Rule, Sink};
use crate::search::fold;

pub const RULE: Rule = Rule { id: "jargon", check };

/// The known ones, by language. A word with a plain meaning of its own is none, however it is worn out.
const WORDS: [(Family, &[&str]); 4] = [
    (
        Family::English,
        &[
            "synergy",
            "synergies",
            "synergistic",
            "leverage our",
            "leverage your",
            "leveraging",
            "paradigm",
            "paradigm shift",
            "best in class",
            "best of breed",
            "world class",
            "cutting edge",
            "bleeding edge",
            "state of the art",
            "turnkey",
            "holistic",
            "mission critical",
            "game changer",
            "game changing",
            "disruptive",
            "low hanging fruit",
            "move the needle",
            "circle back",
            "touch base",
            "deep dive",
            "value add",
            "value proposition",
            "value prop",
            "pain point",
            "pain points",
            "ideate",
            "actionable insights",
            "omnichannel",
            "frictionless",
            "next gen",
            "next generation",
            "deliverables",
            "learnings",
            "thought leader",
            "thought leadership",
            "go to market",
            "sales funnel",
            "buyer persona",
            "decision maker",
            "decision makers",
            "upsell",
            "cross sell",
        ],
    ),
    (
        Family::Vietnamese,
        &[
            "giải pháp toàn diện",
            "giải pháp tổng thể",
            "hệ sinh thái",
            "giá trị gia tăng",
            "đẳng cấp thế giới",
            "chuẩn quốc tế 5 sao",
            "điểm đau",
            "nỗi đau khách hàng",
            "phễu bán hàng",
            "tối ưu hóa nguồn lực",
            "chân dung khách hàng",
            "pain point",
            "insight",
            "value proposition",
            "synergy",
            "touchpoint",
            "upsell",
            "cross sell",
            "chốt sale",
            "chốt đơn",
        ],
    ),
    (
        Family::Chinese,
        &[
            "赋能",
            "抓手",
            "闭环",
            "痛点",
            "生态圈",
            "生态系统",
            "一站式解决方案",
            "全方位解决方案",
            "颗粒度",
            "底层逻辑",
            "顶层设计",
            "赛道",
            "价值主张",
            "协同效应",
            "综效",
            "销售漏斗",
            "转化率",
            "成交率",
            "客户画像",
        ],
    ),
    (
        Family::Malay,
        &[
            "sinergi",
            "penyelesaian menyeluruh",
            "penyelesaian holistik",
            "holistik",
            "ekosistem",
            "nilai tambah",
            "bertaraf dunia",
            "anjakan paradigma",
            "cadangan nilai",
            "titik kesakitan",
            "corong jualan",
            "memperkasa",
            "pain point",
            "value proposition",
            "upsell",
            "cross sell",
            "leverage",
        ],
    ),
];

/// Expressions by their first word; in Chinese by their first character.
type Table = HashMap<String, Vec<Vec<String>>>;

/// What is compared: folded words, and of scripts without spaces single characters.
fn cut(text: &str, family: Family) -> Vec<String> {
    let folded = match family {
        // Marks tell Vietnamese words apart, so they stay.
        Family::Vietnamese => text.to_lowercase(),
        _ => fold(&text.replace('-', " ")),
    };
    match family {
        Family::Chinese => folded.chars().filter(|c| !c.is_whitespace()).map(String::from).collect(),
        _ => {
            let word = |part: &str| part.trim_matches(|c: char| !c.is_alphanumeric()).to_string();
            folded.split([' ', '-', '\n', '/']).map(word).filter(|word| !word.is_empty()).collect()
        }
    }
}

fn table(book: &Book, family: Family) -> Table {
    let known: BTreeSet<Vec<String>> = book.check.known.iter().map(|word| cut(word, family)).collect();
    let shipped = WORDS.iter().filter(|(of, _)| *of == family).flat_map(|(_, words)| words.iter().copied());
    let mut table = Table::new();
    for words in shipped.chain(book.check.jargon.iter().map(String::as_str)).map(|word| cut(word, family)) {
        if let Some(first) = words.first().filter(|_| !known.contains(&words)) {
            table.entry(first.clone()).or_default().push(words);
        }
    }
    // The longest first, so that `value proposition` is told and not a part of it.
    table.values_mut().for_each(|list| list.sort_by_key(|words| std::cmp::Reverse(words.len())));
    table
}

/// Whether a text has a word that some expression begins with; quick, for most texts have none.
fn may_begin(text: &str, table: &Table, family: Family) -> bool {
    // What folding changes is not looked into here: it may begin one.
    if family == Family::Chinese || (family != Family::Vietnamese && !text.is_ascii()) {
        return true;
    }
    let mut lower = String::new();
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).any(|word| {
        lower.clear();
        lower.extend(word.chars().flat_map(char::to_lowercase));
        table.contains_key(&lower)
    })
}

fn check(book: &Book, facts: &Facts<'_>, sink: &mut Sink<'_>) {
    let mut tables: BTreeMap<Family, Table> = BTreeMap::new();
    for volume in &book.volumes {
        let family = volume.language.family();
        let table = tables.entry(family).or_insert_with(|| table(book, family));
        if table.is_empty() {
            continue;
        }
        each(volume, |said| {
            let Some(heard) = facts.of(said.text) else { return };
            if !may_begin(&heard.plain, table, family) {
                return;
            }
            let words = cut(&heard.plain, family);
            let found = (0..words.len()).find_map(|at| {
                let fits = |jargon: &&Vec<String>| words[at..].starts_with(jargon);
                table.get(&words[at]).and_then(|list| list.iter().find(fits))
            });
            if let Some(jargon) = found {
                let shown = jargon.join(if family == Family::Chinese { "" } else { " " });
                let message = format!("“{}” is a word of sellers, not of buyers", brief(&shown));
                let hint = "say what it does for them; a word that your buyers use goes into book.yaml, `check: {known: […]}`";
                sink.tell(&said.place(), message, hint);
            }
        });
    }
}
