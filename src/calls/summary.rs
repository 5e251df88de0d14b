//! What a call came to, in Markdown: to be read at once, kept in a mail or pasted into a CRM.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;

use super::record::{Heard, Record};
use crate::language::Language;
use crate::markdown;
use crate::script::walk::asked_names;
use crate::script::{Line, Script};

/// What people call the ids of a record.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Titles {
    names: BTreeMap<String, String>,
    questions: BTreeMap<String, String>,
    /// By `playbook/card/response`: when it fits, else how it begins.
    responses: BTreeMap<String, String>,
}

impl Titles {
    /// The titles of a script made for a call.
    pub fn of(script: &Script) -> Self {
        let mut titles = Titles::default();
        let mut name = |id: &str, title: &str| {
            titles.names.entry(id.to_string()).or_insert_with(|| title.to_string());
        };
        script.stages.iter().for_each(|part| name(&part.id, &part.title));
        script.objections.iter().for_each(|part| name(&part.id, &part.title));
        script.closes.iter().for_each(|part| name(&part.id, &part.title));
        script.outcomes.iter().for_each(|part| name(&part.id, &part.title));
        script.signals.iter().for_each(|part| name(&part.id, &part.title));
        for (part, playbook, title) in script
            .objections
            .iter()
            .map(|card| (&card.id, &card.playbook, &card.title))
            .chain(script.closes.iter().map(|card| (&card.id, &card.playbook, &card.title)))
        {
            name(&format!("{playbook}/{part}"), title);
        }
        name(&format!("playbook {}", script.playbook), &script.title);
        for card in &script.objections {
            for response in &card.responses {
                let first = response.bridge.as_ref().or(response.turns.first().map(|turn| &turn.say));
                if let Some(text) = response.when.as_ref().or(first) {
                    let name = format!("{}/{}/{}", card.playbook, card.id, response.id);
                    titles.responses.entry(name).or_insert_with(|| shortened(&markdown::to_plain(text)));
                }
            }
        }
        for stage in &script.stages {
            for (number, line) in stage.lines.iter().enumerate() {
                if let Line::Ask { text, question } = line {
                    let (name, _) = asked_names(stage, number, question.as_deref());
                    titles.questions.entry(name).or_insert_with(|| markdown::to_plain(text));
                }
            }
        }
        titles
    }

    fn get_playbook<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(&format!("playbook {id}")).map_or(id, String::as_str)
    }

    /// What a response of an objection is known by; its id where there is nothing else.
    fn response<'a>(&'a self, heard: &Heard, response: &'a str) -> &'a str {
        let card = heard.card.rsplit('/').next().unwrap_or_default();
        let playbook = heard.playbook.as_deref().unwrap_or_default();
        self.responses.get(&format!("{playbook}/{card}/{response}")).map_or(response, String::as_str)
    }

    /// The words of a question; its id where there are none.
    pub fn question<'a>(&'a self, id: &'a str) -> &'a str {
        self.questions.get(id).map_or(id, String::as_str)
    }

    /// A title; the id itself where there is none.
    pub fn get<'a>(&'a self, id: &'a str) -> &'a str {
        self.names.get(id).map_or(id, String::as_str)
    }
}

/// A text of not much more than a line.
fn shortened(text: &str) -> String {
    const MOST: usize = 60;
    match text.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_string(),
    }
}

/// The words around a summary.
#[derive(Debug, Serialize)]
#[allow(missing_docs)]
pub struct Words {
    pub colon: &'static str,
    pub quoted: &'static str,
    pub call: &'static str,
    pub by: &'static str,
    pub minutes: &'static str,
    pub outcome: &'static str,
    pub not_ended: &'static str,
    pub next_step: &'static str,
    pub path: &'static str,
    pub answers: &'static str,
    pub objections: &'static str,
    pub landed: &'static str,
    pub resisted: &'static str,
    pub accepted: &'static str,
    pub no_answer: &'static str,
    pub closes: &'static str,
    pub yes: &'static str,
    pub no: &'static str,
    pub notes: &'static str,
}

const ENGLISH: Words = Words {
    colon: ": ",
    quoted: "“{}”",
    call: "Call",
    by: "by {}",
    minutes: "min",
    outcome: "Outcome",
    not_ended: "the call was not ended",
    next_step: "Next step",
    path: "Stages",
    answers: "Answers",
    objections: "Objections",
    landed: "landed",
    resisted: "did not land",
    accepted: "accepted",
    no_answer: "No answer for",
    closes: "Closes",
    yes: "yes",
    no: "no",
    notes: "Notes",
};

const VIETNAMESE: Words = Words {
    colon: ": ",
    quoted: "“{}”",
    call: "Cuộc gọi",
    by: "người gọi: {}",
    minutes: "phút",
    outcome: "Kết quả",
    not_ended: "cuộc gọi chưa kết thúc",
    next_step: "Bước tiếp theo",
    path: "Các giai đoạn",
    answers: "Câu trả lời",
    objections: "Phản đối",
    landed: "có tác dụng",
    resisted: "chưa thuyết phục",
    accepted: "đã chấp nhận",
    no_answer: "Chưa có câu trả lời cho",
    closes: "Lời chốt",
    yes: "đồng ý",
    no: "chưa đồng ý",
    notes: "Ghi chú",
};

const TRADITIONAL: Words = Words {
    colon: "：",
    quoted: "「{}」",
    call: "通話",
    by: "撥打人：{}",
    minutes: "分鐘",
    outcome: "結果",
    not_ended: "通話尚未結束",
    next_step: "下一步",
    path: "階段",
    answers: "回答",
    objections: "異議",
    landed: "有效",
    resisted: "無效",
    accepted: "已接受",
    no_answer: "沒有答案",
    closes: "成交嘗試",
    yes: "同意",
    no: "不同意",
    notes: "備註",
};

const SIMPLIFIED: Words = Words {
    colon: "：",
    quoted: "“{}”",
    call: "通话",
    by: "拨打人：{}",
    minutes: "分钟",
    outcome: "结果",
    not_ended: "通话尚未结束",
    next_step: "下一步",
    path: "阶段",
    answers: "回答",
    objections: "异议",
    landed: "有效",
    resisted: "无效",
    accepted: "已接受",
    no_answer: "没有答案",
    closes: "成交尝试",
    yes: "同意",
    no: "不同意",
    notes: "备注",
};

const MALAY: Words = Words {
    colon: ": ",
    quoted: "“{}”",
    call: "Panggilan",
    by: "oleh {}",
    minutes: "minit",
    outcome: "Hasil",
    not_ended: "panggilan belum ditamatkan",
    next_step: "Langkah seterusnya",
    path: "Peringkat",
    answers: "Jawapan",
    objections: "Bantahan",
    landed: "berkesan",
    resisted: "tidak berkesan",
    accepted: "diterima",
    no_answer: "Tiada jawapan untuk",
    closes: "Penutup jualan",
    yes: "ya",
    no: "tidak",
    notes: "Nota",
};

/// The words for a language tag; English for those that callbook does not speak.
pub fn words(language: &str) -> &'static Words {
    use crate::language::Spoken;
    let Ok(language) = Language::parse(language) else {
        return &ENGLISH;
    };
    language.pick(Spoken {
        en: &ENGLISH,
        vi: &VIETNAMESE,
        zh_hant: &TRADITIONAL,
        zh_hans: &SIMPLIFIED,
        ms: &MALAY,
    })
}

/// A summary in Markdown, in the call's own language and with its time in the reader's zone. What was
/// typed and heard is data in it: no character of it makes markup.
pub fn summary(record: &Record, titles: &Titles, zone: &TimeZone) -> String {
    let words = words(&record.language);
    let mut out = String::new();
    let who = record.prospect_name();
    let playbook = titles.get_playbook(&record.playbook);
    let title = if who.is_empty() { playbook } else { &who };
    let _ = writeln!(out, "# {}{}{}\n", words.call, words.colon, plain(title));
    let started = record.started.to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    let mut facts = vec![plain(playbook), started];
    if let Some(seconds) = record.seconds {
        facts.push(format!("{} {}", (seconds + 59) / 60, words.minutes));
    }
    if let Some(rep) = record.rep.as_deref().filter(|rep| !rep.trim().is_empty()) {
        facts.push(words.by.replace("{}", &plain(rep)));
    }
    let _ = writeln!(out, "{}\n", facts.join(" · "));
    let outcome = record.outcome.as_deref().map(|id| plain(titles.get(id)));
    let unended = (record.ended.is_none()).then(|| words.not_ended.to_string());
    if let Some(outcome) = outcome.or(unended) {
        let _ = writeln!(out, "- **{}**{}{outcome}", words.outcome, words.colon);
    }
    if let Some(step) = &record.next_step {
        let date = step.date.map(|date| date.to_string());
        let parts = [date, Some(plain(&step.what)).filter(|what| !what.is_empty())];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let _ = writeln!(out, "- **{}**{}{}", words.next_step, words.colon, parts.join(" · "));
    }
    let path: Vec<String> = record.path.iter().map(|visit| plain(titles.get(&visit.stage))).collect();
    if !path.is_empty() {
        let _ = writeln!(out, "- **{}**{}{}", words.path, words.colon, path.join(" → "));
    }
    let answers = record.answers.iter().map(|(field, answer)| {
        let asked = titles.question(answer.question.as_deref().unwrap_or(field));
        format!("{} {}", plain(asked), bold(&value(&answer.value, words)))
    });
    section(&mut out, words.answers, answers);
    let objections = record.objections.iter().map(|heard| {
        let mut line = plain(titles.get(&heard.card));
        if let Some(said) = &heard.heard {
            line += &format!(" {}", words.quoted.replace("{}", &plain(said)));
        }
        for tried in &heard.tried {
            let how = match tried.landed {
                Some(true) => format!(" ({})", words.landed),
                Some(false) => format!(" ({})", words.resisted),
                None => String::new(),
            };
            line += &format!(" · {}{how}", plain(titles.response(heard, &tried.response)));
        }
        if heard.accepted {
            line += &format!(" · {}", words.accepted);
        }
        line
    });
    section(&mut out, words.objections, objections);
    section(&mut out, words.no_answer, record.no_answer.iter().map(|missing| plain(&missing.heard)));
    let closes = record.closes.iter().map(|closing| {
        let how = match closing.yes {
            Some(true) => format!("{}{}", words.colon, words.yes),
            Some(false) => format!("{}{}", words.colon, words.no),
            None => String::new(),
        };
        format!("{}{how}", plain(titles.get(&closing.close)))
    });
    section(&mut out, words.closes, closes);
    section(&mut out, words.notes, record.notes.iter().map(|note| plain(&note.text)));
    out
}

fn section(out: &mut String, title: &str, lines: impl Iterator<Item = String>) {
    let mut begun = false;
    for line in lines.filter(|line| !line.is_empty()) {
        if !begun {
            let _ = writeln!(out, "\n## {title}\n");
            begun = true;
        }
        let _ = writeln!(out, "- {line}");
    }
}

fn value(value: &Value, words: &Words) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Bool(true) => words.yes.to_string(),
        Value::Bool(false) => words.no.to_string(),
        other => other.to_string(),
    }
}

fn bold(text: &str) -> String {
    let text = plain(text);
    if text.is_empty() { text } else { format!("**{text}**") }
}

/// Text on one line in which nothing is markup.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !out.is_empty() {
            out.push(' ');
        }
        for c in word.chars() {
            // What would begin a list within the list.
            let lists = match c {
                '-' | '+' => out.is_empty(),
                '.' | ')' => !out.is_empty() && out.bytes().all(|b| b.is_ascii_digit()),
                _ => false,
            };
            if lists
                || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '&' | '!')
            {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}
