//! Objections on their way into a book.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::columns::{Column, Role};
use super::sheet::{Left, Row, Where};
use crate::book::insert::{Entry, Written};
use crate::book::known::CATEGORIES;
use crate::book::{brief, id_fault};
use crate::search::fold;

/// No title has more characters; the whole of it is kept as what buyers say.
const LONGEST_TITLE: usize = 100;

/// An objection of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Where it begins.
    pub place: Where,
    /// The id that the list gives it.
    pub id: Option<String>,
    /// Its code.
    pub code: Option<String>,
    /// The heading.
    pub title: String,
    /// Its kind, by the names of the format.
    pub kind: Option<String>,
    /// Its category.
    pub category: Option<String>,
    /// Whether the category is a guess.
    pub guessed: bool,
    /// What is behind it.
    pub why: Option<String>,
    /// What buyers say.
    pub utterances: Vec<String>,
    /// The answers.
    pub responses: Vec<DraftResponse>,
}

/// An answer of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub struct DraftResponse {
    pub id: Option<String>,
    pub technique: Option<String>,
    pub when: Option<String>,
    pub bridge: Option<String>,
    /// The words, or the turns as the Markdown that callbook writes has them.
    pub say: String,
    pub ask: Option<String>,
    pub avoid: Vec<String>,
}

impl Draft {
    /// An objection of which nothing is known yet.
    pub fn at(place: Where) -> Self {
        Draft {
            place,
            id: None,
            code: None,
            title: String::new(),
            kind: None,
            category: None,
            guessed: false,
            why: None,
            utterances: Vec::new(),
            responses: Vec::new(),
        }
    }

    /// What it is called in reports.
    pub fn name(&self) -> String {
        brief(&self.title)
    }

    fn hear(&mut self, text: &str) {
        if !text.is_empty() && !self.utterances.iter().any(|known| fold(known) == fold(text)) {
            self.utterances.push(text.to_string());
        }
    }

    /// Takes a value in; gives back why not. What belongs to an answer goes to the last one.
    pub(super) fn take(&mut self, role: Role, text: &str) -> Option<String> {
        let once = |slot: &mut Option<String>, text: &str| -> Option<String> {
            match slot {
                Some(there) if there != text => {
                    return Some(format!("there are two of `{}`; the first was kept", role.name()));
                }
                _ => *slot = Some(text.to_string()),
            }
            None
        };
        let last = || self.responses.len().checked_sub(1);
        match role {
            Role::Card | Role::Language => None,
            Role::Id => match id_fault(text) {
                Some((fault, _)) => Some(fault),
                None => once(&mut self.id, text),
            },
            Role::Code => once(&mut self.code, text),
            Role::Title => {
                if self.title.is_empty() {
                    self.title = text.replace('\n', " ");
                }
                None
            }
            Role::Kind => match kind(text) {
                Some(kind) => once(&mut self.kind, kind),
                None => Some(format!(
                    "`{}` is no kind: question, brush-off, smokescreen, objection or condition",
                    brief(text)
                )),
            },
            Role::Category => {
                let name = category(text).unwrap_or_else(|| text.replace('\n', " "));
                once(&mut self.category, &name)
            }
            Role::Why => once(&mut self.why, text),
            Role::Heard => {
                said(text).iter().for_each(|one| self.hear(one));
                None
            }
            Role::Say => {
                self.responses.push(DraftResponse { say: text.to_string(), ..DraftResponse::default() });
                None
            }
            Role::Response | Role::Technique | Role::When | Role::Bridge | Role::Ask | Role::Avoid => {
                let Some(last) = last() else {
                    return Some(format!("`{}` without an answer beside it", role.name()));
                };
                let response = &mut self.responses[last];
                match role {
                    Role::Response => match id_fault(text) {
                        Some((fault, _)) => Some(fault),
                        None => once(&mut response.id, text),
                    },
                    Role::Technique => once(&mut response.technique, text),
                    Role::When => once(&mut response.when, text),
                    Role::Bridge => once(&mut response.bridge, text),
                    Role::Ask => once(&mut response.ask, text),
                    _ => {
                        response.avoid.extend(text.lines().map(bullet).filter(|line| !line.is_empty()));
                        None
                    }
                }
            }
        }
    }

    /// Puts the last touches on it: a title, words of the buyer, no answer twice. Errors with why it
    /// cannot be a card.
    pub(super) fn finish(mut self) -> Result<Draft, Left> {
        if self.title.is_empty() {
            self.title = self.utterances.first().cloned().unwrap_or_default();
        }
        let place = self.place.clone();
        let words = |text: &str| text.chars().any(char::is_alphanumeric);
        if !words(&self.title) {
            let text = self.responses.first().map_or("", |one| one.say.as_str()).to_string();
            return Err(Left::at(&place, "there is no objection in it", &text));
        }
        let title = unquoted(&self.title).to_string();
        if self.utterances.is_empty() {
            self.hear(&title);
        }
        if title.chars().count() > LONGEST_TITLE {
            self.hear(&title);
            self.title = brief(&title);
        } else {
            self.title = title;
        }
        let mut kept: Vec<DraftResponse> = Vec::new();
        for response in std::mem::take(&mut self.responses) {
            if words(&response.say) && !kept.iter().any(|known| known.say == response.say) {
                kept.push(response);
            }
        }
        self.responses = kept;
        if self.responses.is_empty() {
            return Err(Left::at(&place, "there is no answer to it, and a card needs one", &self.title));
        }
        Ok(self)
    }
}

/// A kind by its name, however it is spelled.
fn kind(text: &str) -> Option<&'static str> {
    let plain = text.trim().to_lowercase().replace([' ', '_'], "-");
    ["question", "brush-off", "smokescreen", "objection", "condition"]
        .into_iter()
        .find(|known| *known == plain || known.replace('-', "") == plain)
}

/// Words for the known categories in the languages that callbook knows.
const WORDS: [(&str, &str); 14] = [
    ("price", "pricing|cost|budget|money|giá|giá cả|chi phí|價格|價錢|預算|费用|harga|kos|bajet"),
    ("value", "roi|worth|giá trị|價值|nilai"),
    ("need", "no need|interest|nhu cầu|需求|需要|keperluan"),
    ("timing", "time|urgency|later|thời gian|thời điểm|時間|時機|急迫性|masa|waktu"),
    (
        "authority",
        "decision|decision maker|boss|thẩm quyền|người quyết định|quyết định|權限|決策|決定權|kuasa|keputusan",
    ),
    ("trust", "credibility|confidence|niềm tin|tin tưởng|uy tín|信任|信賴|kepercayaan|percaya"),
    (
        "competitor",
        "competition|competitors|rival|đối thủ|đối thủ cạnh tranh|競爭|競爭對手|競品|pesaing|saingan",
    ),
    ("status-quo", "status quo|change|existing solution|hiện trạng|現狀|keadaan sekarang"),
    ("fit", "features|product|product fit|tính năng|sản phẩm|phù hợp|適合|產品|功能|kesesuaian|produk"),
    ("risk", "security|rủi ro|風險|risiko"),
    ("effort", "implementation|complexity|nỗ lực|triển khai|導入|麻煩|usaha"),
    ("terms", "contract|conditions|điều khoản|hợp đồng|條款|合約|terma|kontrak"),
    ("deflection", "brush-off|brush off|stall|né tránh|trì hoãn|推託|拖延|mengelak"),
    ("past-experience", "past experience|bad experience|kinh nghiệm cũ|過去經驗|pengalaman lepas"),
];

/// The category that a word means, if it is a known one.
pub(super) fn category(text: &str) -> Option<String> {
    static KNOWN: LazyLock<BTreeMap<String, &'static str>> = LazyLock::new(|| {
        let own = CATEGORIES.iter().map(|name| (fold(name), *name));
        let more =
            WORDS.iter().flat_map(|(name, words)| words.split('|').map(move |word| (fold(word), *name)));
        own.chain(more).collect()
    });
    KNOWN.get(&fold(text.trim())).map(|name| (*name).to_string())
}

/// A line without what makes it an item of a list.
pub(super) fn bullet(line: &str) -> String {
    let line = line.trim();
    let rest = line.trim_start_matches(['-', '*', '•', '·', '–', '‣']);
    if rest.len() < line.len() && (rest.starts_with(' ') || line.starts_with('•')) {
        return rest.trim().to_string();
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.strip_prefix(['.', ')']).and_then(|rest| rest.strip_prefix(' ')) {
        Some(rest) if digits.len() < line.len() && line.len() - digits.len() <= 3 => rest.trim().to_string(),
        _ => line.to_string(),
    }
}

/// A text without the quotation marks around it.
pub(super) fn unquoted(text: &str) -> &str {
    let text = text.trim();
    let pairs = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」'), ('『', '』'), ('‘', '’')];
    for (open, close) in pairs {
        if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
            && !inner.trim().is_empty()
        {
            return inner.trim();
        }
    }
    text
}

/// The things that buyers say in one cell: a line each, or with bars between them; semicolons where
/// each piece is short.
fn said(text: &str) -> Vec<String> {
    let split = |sign: &str| -> Vec<String> { text.split(sign).map(str::to_string).collect() };
    let pieces = match text {
        _ if text.contains('\n') => split("\n"),
        _ if text.contains(" | ") => split(" | "),
        _ if text.matches(';').count() >= 2 && split(";").iter().all(|one| one.len() < 80) => split(";"),
        _ => vec![text.to_string()],
    };
    pieces.iter().map(|one| unquoted(&bullet(one)).to_string()).filter(|one| !one.is_empty()).collect()
}

/// The objections of a table whose columns are known. Rows of one objection (the same id, or the same
/// title) become one; a row without either goes on with the one above it.
pub(super) fn of_rows(rows: &[Row], columns: &[Column], language: Option<&str>) -> (Vec<Draft>, Vec<Left>) {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut by_key: BTreeMap<String, usize> = BTreeMap::new();
    let mut left = Vec::new();
    let mut above: Option<usize> = None;
    let of = |role: Role| columns.iter().filter(move |column| column.role == Some(role));
    let first = |row: &Row, role: Role| {
        of(role).map(|column| row.cell(column.index).to_string()).find(|cell| !cell.is_empty())
    };
    for row in rows {
        if let Some(card) = first(row, Role::Card).filter(|card| card != "objection") {
            left.push(Left::at(
                &row.place,
                format!("it is a {}, and only objections are taken over", brief(&card)),
                &row.text(),
            ));
            above = None;
            continue;
        }
        if let (Some(wanted), Some(other)) = (language, first(row, Role::Language))
            && !other.eq_ignore_ascii_case(wanted)
        {
            left.push(Left::at(
                &row.place,
                format!("it is in `{}`, not in `{wanted}`", brief(&other)),
                &row.text(),
            ));
            above = None;
            continue;
        }
        let name = first(row, Role::Title).or_else(|| first(row, Role::Heard));
        let id = first(row, Role::Id);
        let key = match (&id, &name) {
            (Some(id), _) => Some(format!("id {}", id.to_lowercase())),
            (None, Some(name)) => Some(format!("title {}", fold(unquoted(name)))),
            (None, None) => None,
        };
        let number = match (key, above) {
            (Some(key), _) => *by_key.entry(key).or_insert_with(|| {
                drafts.push(Draft::at(row.place.clone()));
                drafts.len() - 1
            }),
            (None, Some(above)) => above,
            (None, None) => {
                left.push(Left::at(&row.place, "there is no objection in it", &row.text()));
                continue;
            }
        };
        above = Some(number);
        let draft = &mut drafts[number];
        // Answers first, so that what belongs to one finds it.
        let order = |column: &&Column| (column.role != Some(Role::Say), column.index);
        let mut taken: Vec<&Column> = columns.iter().filter(|column| column.role.is_some()).collect();
        taken.sort_by_key(order);
        let before = draft.responses.len();
        let mut odd = Vec::new();
        for column in taken {
            let (Some(role), text) = (column.role, row.cell(column.index)) else { continue };
            if text.is_empty() {
                continue;
            }
            // What stands beside two answers belongs to the first of them.
            let later = draft.responses.split_off((before + 1).min(draft.responses.len()));
            let fault = match role {
                Role::Say => {
                    draft.responses.extend(later);
                    draft.take(role, text)
                }
                _ if draft.responses.len() == before && is_of_answer(role) => {
                    draft.responses.extend(later);
                    Some(format!("`{}` without an answer beside it", role.name()))
                }
                _ => {
                    let fault = draft.take(role, text);
                    draft.responses.extend(later);
                    fault
                }
            };
            odd.extend(fault.map(|fault| (column.letters.clone(), fault, text.to_string())));
        }
        for (column, fault, text) in odd {
            left.push(Left::at(&row.place, format!("column {column}: {fault}"), &text));
        }
    }
    let mut done = Vec::new();
    for draft in drafts {
        match draft.finish() {
            Ok(draft) => done.push(draft),
            Err(why) => left.push(why),
        }
    }
    (done, left)
}

fn is_of_answer(role: Role) -> bool {
    matches!(role, Role::Response | Role::Technique | Role::When | Role::Bridge | Role::Ask | Role::Avoid)
}

/// A draft as the keys of an objection, under an id.
pub fn entries(draft: &Draft, id: &str) -> Vec<Entry> {
    let text = |key, text: &str| Entry::Key(key, Written::Text(text.to_string()));
    let mut out = vec![text("id", id)];
    let maybe = |out: &mut Vec<Entry>, key, value: &Option<String>| {
        out.extend(value.as_deref().map(|value| text(key, value)));
    };
    maybe(&mut out, "code", &draft.code);
    out.push(text("title", &draft.title));
    maybe(&mut out, "kind", &draft.kind);
    maybe(&mut out, "category", &draft.category);
    if draft.guessed {
        out.push(text("x-guessed", "category"));
    }
    maybe(&mut out, "why", &draft.why);
    out.push(Entry::Key("utterances", Written::Texts(draft.utterances.clone())));
    let mut ids: Vec<String> = Vec::new();
    let mut responses = Vec::new();
    for (index, response) in draft.responses.iter().enumerate() {
        let wish = response.id.clone().unwrap_or_else(|| format!("answer-{}", index + 1));
        let mut id = wish.clone();
        let mut number = 2;
        while ids.contains(&id) || id == "accept" {
            id = format!("{wish}-{number}");
            number += 1;
        }
        let mut keys = vec![text("id", &id)];
        ids.push(id);
        maybe(&mut keys, "technique", &response.technique);
        maybe(&mut keys, "when", &response.when);
        maybe(&mut keys, "bridge", &response.bridge);
        match super::written::turns_of(&response.say) {
            None => keys.push(text("say", &response.say)),
            Some(turns) => {
                let turn = |(step, say, wait): &(Option<String>, String, bool)| {
                    let mut keys = Vec::new();
                    maybe(&mut keys, "step", step);
                    keys.push(text("say", say));
                    if *wait {
                        keys.push(text("wait", "yes"));
                    }
                    keys
                };
                keys.push(Entry::Key("steps", Written::Parts(turns.iter().map(turn).collect())));
            }
        }
        maybe(&mut keys, "ask", &response.ask);
        if !response.avoid.is_empty() {
            keys.push(Entry::Key("avoid", Written::Texts(response.avoid.clone())));
        }
        responses.push(keys);
    }
    out.push(Entry::Key("responses", Written::Parts(responses)));
    out
}

/// The objections of sheets whose columns are known, all together.
pub fn drafts(
    sheet: &super::Sheet,
    columns: &[Column],
    first: usize,
    language: Option<&str>,
) -> (Vec<Draft>, Vec<Left>) {
    let rows = &sheet.rows[first.min(sheet.rows.len())..];
    let (drafts, mut left) = of_rows(rows, columns, language);
    for row in &sheet.rows[..first.saturating_sub(1).min(sheet.rows.len())] {
        left.push(Left::at(&row.place, "it stands above the headings", &row.text()));
    }
    (drafts, left)
}
