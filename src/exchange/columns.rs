//! What the columns of a list hold: by their headings in four languages, else by what stands in them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Serialize;

use super::sheet::{Row, Sheet, letters};
use crate::book::known::CATEGORIES;
use crate::diagnostic::did_you_mean;
use crate::search::fold;

/// In how many rows at the top a heading is looked for.
const TOP: usize = 20;
/// How many rows tell what stands in a column.
const LOOK: usize = 300;

macro_rules! roles {
    ($($role:ident $name:literal $doc:literal [$($heading:literal)*];)*) => {
        /// What a column holds.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(rename_all = "lowercase")]
        pub enum Role { $(#[doc = $doc] $role,)* }

        impl Role {
            /// Every role, in the order of the format.
            pub const ALL: &[Role] = &[$(Role::$role),*];

            /// The name on the command line and in files that callbook writes.
            pub fn name(self) -> &'static str {
                match self { $(Role::$role => $name,)* }
            }

            /// What people call it, in the languages that callbook knows.
            fn headings(self) -> &'static [&'static str] {
                match self { $(Role::$role => &[$($heading),*],)* }
            }
        }
    };
}

roles! {
    Card "card" "What sort of card it is; only objections are taken." ["card type"];
    Id "id" "The objection's id." ["objection id" "mã số" "編號" "nombor"];
    Code "code" "The code that is typed by heart." ["short code" "mã" "代碼" "代號" "kod" "no" "nr" "#" "stt" "序號" "bil"];
    Language "language" "Its language; other languages are left out." ["lang" "ngôn ngữ" "語言" "bahasa"];
    Title "title" "The objection in a few words." [
        "objection" "objections" "name" "heading" "concern" "pushback" "issue"
        "từ chối" "lời từ chối" "phản đối" "lời phản đối" "tiêu đề" "tình huống"
        "異議" "反對意見" "異議處理" "拒絕理由" "標題" "客戶異議" "抗拒點" "疑慮" "顧慮" "客戶疑慮"
        "bantahan" "keberatan" "tajuk" "alasan"];
    Kind "kind" "question, brush-off, smokescreen, objection or condition." ["objection kind" "loại phản đối" "異議類型" "jenis bantahan"];
    Category "category" "What it is about." [
        "type" "theme" "topic" "group" "area" "loại" "nhóm" "chủ đề" "phân loại" "danh mục"
        "類別" "分類" "類型" "主題" "kategori" "jenis" "kumpulan" "tema"];
    Why "why" "What is behind it." [
        "reason" "root cause" "meaning" "what it means" "behind it" "background" "lý do" "nguyên nhân" "ý nghĩa"
        "原因" "真正原因" "背後原因" "意思" "sebab" "punca" "maksud"];
    Heard "heard" "What buyers say; several with line breaks, bars or semicolons between them." [
        "utterance" "utterances" "buyer says" "customer says" "prospect says" "they say" "what they say"
        "what you hear" "you hear" "example" "examples" "phrases" "variations" "wording"
        "khách nói" "khách hàng nói" "câu nói" "ví dụ" "cách nói" "客戶說" "顧客說" "客戶的話" "說法" "例句"
        "pelanggan kata" "kata pelanggan" "ayat" "contoh"];
    Response "response-id" "The id of the answer." [];
    Technique "technique" "How it answers." ["method" "framework" "kỹ thuật" "phương pháp" "技巧" "方法" "話術類型" "teknik" "kaedah"];
    When "when" "Which situation the answer fits." ["situation" "if" "context" "khi nào" "trường hợp" "情境" "何時" "場景" "bila" "situasi"];
    Bridge "bridge" "What is said first." ["acknowledge" "acknowledgement" "empathy" "opener" "đồng cảm" "câu nối" "同理" "認同" "緩衝" "empati" "pembuka"];
    Say "say" "The answer." [
        "response" "responses" "answer" "answers" "reply" "rebuttal" "rebuttals" "script" "we say" "what to say" "you say"
        "how to respond" "handling" "talk track" "suggested response" "best response"
        "trả lời" "câu trả lời" "phản hồi" "cách xử lý" "xử lý" "kịch bản" "lời đáp"
        "回應" "回答" "話術" "應對" "應對話術" "處理方式" "答覆" "回覆" "回复" "怎麼說" "回話" "jawapan" "respons" "jawab" "balasan" "skrip" "cara jawab"];
    Ask "ask" "The question that hands the word back." [
        "question" "follow up question" "follow-up" "followup" "next question" "câu hỏi" "hỏi lại" "問題" "反問" "追問" "soalan" "tanya"];
    Avoid "avoid" "What not to do." ["do not" "don't" "dont" "never say" "mistakes" "tránh" "không nên" "避免" "不要" "禁忌" "elakkan" "jangan"];
}

/// How it is known what a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sure {
    /// Somebody said so.
    Told,
    /// By its heading.
    Heading,
    /// By what stands in it.
    Content,
}

/// A column and what it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its letters, as spreadsheets count.
    pub letters: String,
    /// Its heading; empty where it has none.
    pub heading: String,
    /// What it holds; nothing where it is not taken over.
    pub role: Option<Role>,
    /// How that is known.
    pub sure: Sure,
    /// Its number, from 0.
    #[serde(skip)]
    pub index: usize,
}

/// A heading without marks, numbers at its end and signs.
fn plain(heading: &str) -> String {
    let words = fold(heading);
    let words: String =
        words.chars().map(|c| if c.is_alphanumeric() || c == '#' { c } else { ' ' }).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    words.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end().to_string()
}

/// What a heading says that a column holds, and how well it fits: 2 word for word, 1 in part.
pub(super) fn role_of(heading: &str) -> Option<(Role, u8)> {
    static KNOWN: LazyLock<BTreeMap<String, Role>> = LazyLock::new(|| {
        let mut known = BTreeMap::new();
        for role in Role::ALL {
            for heading in role.headings().iter().chain([&role.name()]) {
                known.entry(plain(heading)).or_insert(*role);
            }
        }
        known
    });
    let plain = plain(heading);
    if plain.is_empty() || plain.chars().count() > 40 {
        return None;
    }
    if let Some(role) = KNOWN.get(&plain) {
        return Some((*role, 2));
    }
    // Part of a heading: whole words of it, or characters where there are no words; the longest fits best.
    let spaced = format!(" {plain} ");
    let within = |known: &&String| match known.is_ascii() {
        true => known.len() >= 4 && spaced.contains(&format!(" {known} ")),
        false => known.chars().count() >= 2 && plain.contains(known.as_str()),
    };
    let part = KNOWN.keys().filter(within).max_by_key(|known| known.len())?;
    Some((KNOWN[part], 1))
}

/// What somebody said on the command line: `Objection=title` or `B=say`; `-` leaves a column out.
/// Errors in words for a person.
fn told(
    rows: &[Row],
    header: Option<usize>,
    width: usize,
    given: &[(String, String)],
) -> Result<BTreeMap<usize, Option<Role>>, String> {
    let mut out = BTreeMap::new();
    let headings: Vec<&str> =
        (0..width).map(|column| header.map_or("", |row| rows[row].cell(column))).collect();
    for (name, role) in given {
        let role = match role.as_str() {
            "-" | "ignore" => None,
            role => Some(*Role::ALL.iter().find(|known| known.name() == role).ok_or_else(|| {
                let names: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                let hint = did_you_mean(role, names.iter().copied());
                format!(
                    "no column can be `{role}`; {}",
                    hint.unwrap_or_else(|| format!("known are {}, and - for none", names.join(", ")))
                )
            })?),
        };
        let same = |heading: &&str| !heading.is_empty() && fold(heading).trim() == fold(name).trim();
        let column = headings.iter().position(same);
        let column = column.or_else(|| (0..width).find(|column| letters(*column).eq_ignore_ascii_case(name)));
        let known = headings.iter().copied().filter(|heading| !heading.is_empty());
        let column = column.ok_or_else(|| {
            let hint =
                did_you_mean(name, known).unwrap_or_else(|| "name it by its heading or its letter".into());
            format!("there is no column `{name}`; {hint}")
        })?;
        out.insert(column, role);
    }
    Ok(out)
}

/// What the columns of a sheet hold, and at which of its rows the list begins. Errors where somebody
/// named a column that is not there.
pub fn guess(sheet: &Sheet, given: &[(String, String)]) -> Result<(Vec<Column>, usize), String> {
    let rows = &sheet.rows;
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    // The heading is the row with most cells that say what stands below them.
    let score = |row: &Row| -> (usize, u32) {
        let found: Vec<(Role, u8)> = row.cells.iter().filter_map(|cell| role_of(cell)).collect();
        let exact = found.iter().filter(|(_, fit)| *fit == 2).count();
        (exact, found.iter().map(|(_, fit)| u32::from(*fit)).sum())
    };
    let best = rows.iter().take(TOP).enumerate().map(|(index, row)| (score(row), index));
    let best = best.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let filled = |index: usize| rows[index].cells.iter().filter(|cell| !cell.is_empty()).count();
    let named_here = |index: usize| {
        let cells = &rows[index].cells;
        given.iter().any(|(name, _)| cells.iter().any(|cell| !cell.is_empty() && fold(cell) == fold(name)))
    };
    let header = match best {
        _ if !given.is_empty() && (0..rows.len().min(TOP)).any(named_here) => {
            (0..rows.len()).find(|row| named_here(*row))
        }
        // One word that happens to be a heading does not make a row of them.
        Some(((exact, sum), index)) if exact >= 2 || (exact >= 1 && (sum >= 3 || filled(index) <= 2)) => {
            Some(index)
        }
        // Who names a column by no letter has seen a heading.
        _ if given.iter().any(|(name, _)| !(0..width).any(|at| letters(at).eq_ignore_ascii_case(name))) => {
            (!rows.is_empty()).then_some(0)
        }
        _ => None,
    };
    let told = told(rows, header, width, given)?;
    let first = header.map_or(0, |header| header + 1);
    let mut columns: Vec<Column> = (0..width)
        .map(|index| {
            let heading = header.map_or("", |header| rows[header].cell(index)).to_string();
            let (role, sure) = match told.get(&index) {
                Some(role) => (*role, Sure::Told),
                None => (role_of(&heading).map(|(role, _)| role), Sure::Heading),
            };
            Column { letters: letters(index), heading, role, sure, index }
        })
        .collect();
    single(&mut columns);
    by_content(&mut columns, &rows[first.min(rows.len())..]);
    Ok((columns, first))
}

/// Of columns that can only be there once, the one whose heading fits best stays.
fn single(columns: &mut [Column]) {
    let fit = |column: &Column| match column.sure {
        Sure::Told => 3,
        _ => role_of(&column.heading).map_or(0, |(_, fit)| fit),
    };
    for role in Role::ALL.iter().filter(|role| !matches!(role, Role::Heard | Role::Say | Role::Avoid)) {
        let of: Vec<usize> = (0..columns.len()).filter(|index| columns[*index].role == Some(*role)).collect();
        let best = of.iter().copied().max_by_key(|index| (fit(&columns[*index]), std::cmp::Reverse(*index)));
        for index in of.into_iter().filter(|index| Some(*index) != best) {
            columns[index].role = None;
        }
    }
}

/// Finds what headings did not tell: the objection and the answer have to be somewhere.
fn by_content(columns: &mut [Column], rows: &[Row]) {
    let has = |columns: &[Column], role| columns.iter().any(|column: &Column| column.role == Some(role));
    let free = |column: &&mut Column| column.role.is_none() && column.sure != Sure::Told;
    let cells =
        |index: usize| rows.iter().take(LOOK).map(move |row| row.cell(index)).filter(|cell| !cell.is_empty());
    let share = |index: usize, test: &dyn Fn(&str) -> bool| {
        let (all, good) =
            cells(index).fold((0, 0), |(all, good), cell| (all + 1, good + usize::from(test(cell))));
        if all == 0 { 0.0 } else { good as f64 / all as f64 }
    };
    let set = |columns: &mut [Column], index: usize, role| {
        columns[index].role = Some(role);
        columns[index].sure = Sure::Content;
    };
    if !has(columns, Role::Category) {
        let known =
            |cell: &str| super::draft::category(cell).is_some_and(|name| CATEGORIES.contains(&name.as_str()));
        let found = columns
            .iter_mut()
            .filter(free)
            .find(|column| share(column.index, &known) > 0.6)
            .map(|column| column.index);
        found.into_iter().for_each(|index| set(columns, index, Role::Category));
    }
    let length = |index: usize| {
        let (count, sum) =
            cells(index).fold((0, 0), |(count, sum), cell| (count + 1, sum + cell.chars().count()));
        sum.checked_div(count).unwrap_or(0)
    };
    let prose = |cell: &str| cell.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    let mut texts: Vec<usize> = Vec::new();
    for column in columns.iter_mut().filter(free) {
        if share(column.index, &prose) > 0.8 && cells(column.index).count() * 2 >= rows.len().min(LOOK) {
            texts.push(column.index);
        }
    }
    // With headings that say nothing of a column it is left out, unless the list would be of no use.
    let objection = has(columns, Role::Title) || has(columns, Role::Heard);
    match (objection, has(columns, Role::Say)) {
        (true, false) => {
            let longest = texts.iter().copied().max_by_key(|index| length(*index));
            longest.into_iter().for_each(|index| set(columns, index, Role::Say));
        }
        (false, true) => {
            let first = texts.first().copied();
            first.into_iter().for_each(|index| set(columns, index, Role::Title));
        }
        (false, false) if texts.len() >= 2 => {
            let Some(longest) = texts.iter().copied().max_by_key(|index| length(*index)) else { return };
            let Some(first) = texts.iter().copied().find(|index| *index != longest) else { return };
            set(columns, longest, Role::Say);
            set(columns, first, Role::Title);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exchange::delimited;

    /// The roles of the columns, and the first row of the list.
    #[track_caller]
    fn check(text: &str, expected: &str) {
        let (sheet, _) = delimited::read(text).unwrap();
        let (columns, first) = guess(&sheet, &[]).unwrap();
        let role = |column: &Column| match (column.role, column.sure) {
            (Some(role), Sure::Content) => format!("({})", role.name()),
            (Some(role), _) => role.name().to_string(),
            (None, _) => "-".to_string(),
        };
        let roles: Vec<String> = columns.iter().map(role).collect();
        assert_eq!(format!("{} @{first}", roles.join(" ")), expected, "{text}");
    }

    #[test]
    fn headings_in_four_languages() {
        check("Objection,Category,Response\nToo much,Price,Compared with what?\n", "title category say @1");
        check(
            "STT,Lời từ chối,Khách nói,Câu trả lời\n1,Đắt,đắt quá,So với gì ạ?\n",
            "code title heard say @1",
        );
        check("異議,分類,應對話術,追問\n太貴,價格,跟什麼比呢,還有嗎\n", "title category say ask @1");
        check("Bantahan;Jenis;Jawapan\nMahal;harga;Banding dengan apa?\n", "title category say @1");
        check("Loi tu choi,Tra loi\nDat,So voi gi a\n", "title say @1");
        check(
            "What the customer says,Rebuttal 1,Rebuttal 2,Owner\nNo money,a b,c d,Kim\n",
            "heard say say - @1",
        );
        check("Our objections,,\n,,\nObjection,Response,Notes\nToo much,Why?,x\n", "title say - @2");
    }

    #[test]
    fn columns_without_a_heading() {
        check(
            "too expensive,price,Many teams felt that before they counted\nno time,timing,That is why I keep it to two minutes\n",
            "(title) (category) (say) @0",
        );
        check(
            "1,too expensive,Many teams felt that before\n2,no time,That is why I keep it short\n",
            "- (title) (say) @0",
        );
        check("Objection,Owner\nToo much,Kim\nNo time,Lee\n", "title (say) @1");
        check("a\nb\n", "- @0");
    }

    #[test]
    fn columns_that_somebody_named() {
        let (sheet, _) = delimited::read("Was,Danach,Q\nx,y,z\n").unwrap();
        let given = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
            pairs.iter().map(|(name, role)| (name.to_string(), role.to_string())).collect()
        };
        let roles = |pairs: &[(&str, &str)]| {
            guess(&sheet, &given(pairs))
                .map(|(columns, first)| (columns.iter().map(|column| column.role).collect::<Vec<_>>(), first))
        };
        let expected = (vec![Some(Role::Title), Some(Role::Say), None], 1);
        assert_eq!(roles(&[("was", "title"), ("Danach", "say"), ("Q", "-")]), Ok(expected));
        assert_eq!(roles(&[("B", "title"), ("A", "say"), ("C", "-")]).map(|(_, first)| first), Ok(0));
        assert!(roles(&[("was", "titel")]).unwrap_err().contains("did you mean `title`"));
        assert!(roles(&[("Danch", "say")]).unwrap_err().contains("did you mean `Danach`"));
    }
}
