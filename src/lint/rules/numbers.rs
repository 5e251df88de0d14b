//! Numbers in what is said and claimed: what a clause counts, and of what.

use super::said::{asks, clauses, sentences};
use crate::language::Family;

/// A clause with its numbers taken out. Both texts are lists: nothing in them has a space of its own.
#[derive(Debug, PartialEq)]
pub struct Count {
    /// Its words (in Chinese its characters), lower case, `#` for a number, a space between each two.
    pub words: String,
    /// Its numbers in order, as digits, a space between each two.
    pub numbers: String,
}

/// A number with the word before it and the two words behind it.
pub type Window<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

/// What a number word is worth: units and tens are added, the others multiply what stands before them.
const ENGLISH: [(&str, u64); 32] = [
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
    ("thirteen", 13),
    ("fourteen", 14),
    ("fifteen", 15),
    ("sixteen", 16),
    ("seventeen", 17),
    ("eighteen", 18),
    ("nineteen", 19),
    ("twenty", 20),
    ("thirty", 30),
    ("forty", 40),
    ("fifty", 50),
    ("sixty", 60),
    ("seventy", 70),
    ("eighty", 80),
    ("ninety", 90),
    ("hundred", HUNDRED),
    ("thousand", THOUSAND),
    ("dozen", 12),
    ("million", MILLION),
    ("couple", 2),
];
const VIETNAMESE: [(&str, u64); 17] = [
    ("một", 1),
    ("hai", 2),
    ("ba", 3),
    ("bốn", 4),
    ("tư", 4),
    ("năm", 5),
    ("lăm", 5),
    ("sáu", 6),
    ("bảy", 7),
    ("tám", 8),
    ("chín", 9),
    ("mười", 10),
    ("mươi", TEN),
    ("trăm", HUNDRED),
    ("nghìn", THOUSAND),
    ("ngàn", THOUSAND),
    ("mốt", 1),
];
const MALAY: [(&str, u64); 18] = [
    ("satu", 1),
    ("dua", 2),
    ("tiga", 3),
    ("empat", 4),
    ("lima", 5),
    ("enam", 6),
    ("tujuh", 7),
    ("lapan", 8),
    ("sembilan", 9),
    ("sepuluh", 10),
    ("sebelas", 11),
    ("belas", TEEN),
    ("puluh", TEN),
    ("ratus", HUNDRED),
    ("seratus", 100),
    ("ribu", THOUSAND),
    ("seribu", 1000),
    ("juta", MILLION),
];
const CHINESE: [(char, u64); 18] = [
    ('一', 1),
    ('二', 2),
    ('兩', 2),
    ('两', 2),
    ('三', 3),
    ('四', 4),
    ('五', 5),
    ('六', 6),
    ('七', 7),
    ('八', 8),
    ('九', 9),
    ('十', TEN),
    ('百', HUNDRED),
    ('千', THOUSAND),
    ('萬', MYRIAD),
    ('万', MYRIAD),
    ('〇', 0),
    ('零', 0),
];
// Beyond what any unit is worth.
const TEEN: u64 = 1 << 32;
const TEN: u64 = TEEN + 10;
const HUNDRED: u64 = TEEN + 100;
const THOUSAND: u64 = TEEN + 1_000;
const MYRIAD: u64 = TEEN + 10_000;
const MILLION: u64 = TEEN + 1_000_000;

/// What a run of number words comes to.
fn value(run: &[u64]) -> u64 {
    let (mut total, mut done, mut unit) = (0u64, 0u64, 0u64);
    for worth in run {
        match *worth {
            TEEN => unit += 10,
            TEN | HUNDRED => {
                done += unit.max(1) * (worth - TEEN);
                unit = 0;
            }
            THOUSAND | MYRIAD | MILLION => {
                total += (done + unit).max(1).saturating_mul(worth - TEEN);
                (done, unit) = (0, 0);
            }
            tens if tens % 10 == 0 => done += tens,
            small => unit = small,
        }
    }
    total.saturating_add(done + unit)
}

/// Whether a text may have a number in it; without any doubt where it says no. Most texts have none, and
/// this is quick.
pub fn may_count(text: &str, family: Family) -> bool {
    if text.bytes().any(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let among = |table: &[(&str, u64)]| {
        let words = text.split(|c: char| !c.is_alphabetic());
        let counts = |word: &str| {
            table.iter().any(|(name, worth)| {
                *worth != 1
                    && name.len() == word.len()
                    && (name.eq_ignore_ascii_case(word) || !word.is_ascii() && word.to_lowercase() == *name)
            })
        };
        words.filter(|word| !word.is_empty()).any(counts)
    };
    match family {
        Family::English => among(&ENGLISH),
        Family::Vietnamese => among(&VIETNAMESE),
        Family::Malay => among(&MALAY),
        Family::Chinese => text.contains(|c| CHINESE.iter().any(|(name, worth)| *name == c && *worth != 1)),
        Family::Other => false,
    }
}

/// The clauses of a plain text that have a number in them.
pub fn counts(text: &str, family: Family) -> Vec<Count> {
    if !may_count(text, family) {
        return Vec::new();
    }
    let counted = clauses(text).into_iter().map(|clause| count(clause, family));
    counted.filter(|count| !count.numbers.is_empty()).collect()
}

/// The same of the sentences that ask nothing.
pub fn stated(text: &str, family: Family) -> Vec<Count> {
    if !may_count(text, family) {
        return Vec::new();
    }
    let told = sentences(text).into_iter().filter(|sentence| !asks(sentence));
    told.flat_map(|sentence| counts(sentence, family)).collect()
}

/// Words one behind the other, and where each of them ends.
#[derive(Default)]
struct Words {
    text: String,
    ends: Vec<usize>,
}

impl Words {
    fn get(&self, at: usize) -> Option<&str> {
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(&self.text[start..*self.ends.get(at)?])
    }

    /// The word that has no end yet.
    fn open(&self) -> &str {
        &self.text[self.ends.last().copied().unwrap_or(0)..]
    }

    fn end(&mut self) {
        if self.open().is_empty() {
            return;
        }
        if self.open().is_ascii() {
            let start = self.text.len() - self.open().len();
            self.text[start..].make_ascii_lowercase();
        } else {
            let lower = self.open().to_lowercase();
            self.text.truncate(self.text.len() - self.open().len());
            self.text.push_str(&lower);
        }
        self.ends.push(self.text.len());
    }
}

/// The words of a clause; in Chinese its characters. Digits are a word of their own, and so is `%`.
fn cut(clause: &str, family: Family) -> Words {
    let mut out = Words { text: String::with_capacity(clause.len()), ends: Vec::new() };
    let mut chars = clause.chars().peekable();
    while let Some(c) = chars.next() {
        let digits = out.open().starts_with(|c: char| c.is_ascii_digit());
        let han = family == Family::Chinese && c as u32 >= 0x2E80;
        if c.is_alphanumeric() && !han {
            if digits != c.is_ascii_digit() {
                out.end();
            }
            out.text.push(c);
        } else if matches!(c, '.' | ',') && digits && chars.peek().is_some_and(char::is_ascii_digit)
            || matches!(c, '\'' | '’') && !out.open().is_empty() && !digits
        {
            out.text.push(if c == '’' { '\'' } else { c });
        } else {
            out.end();
            if han && c.is_alphanumeric() || matches!(c, '%' | '％') {
                out.text.push(if c == '％' { '%' } else { c });
                out.end();
            }
        }
    }
    out.end();
    out
}

/// What a word is worth, if it is a number word.
fn worth(word: &str, before: Option<&str>, after: Option<&str>, family: Family) -> Option<u64> {
    let among = |table: &[(&str, u64)]| table.iter().find(|(name, _)| *name == word).map(|(_, worth)| *worth);
    match family {
        Family::English => among(&ENGLISH),
        Family::Malay => among(&MALAY),
        // It also means year, and then counts nothing.
        Family::Vietnamese if word == "năm" => {
            let counted = [
                "mươi", "trăm", "nghìn", "người", "khách", "giờ", "ngày", "tuần", "tháng", "phút", "lần",
                "đội", "nhóm",
            ];
            let fits = after.is_some_and(|after| counted.contains(&after)) || before == Some("mươi");
            fits.then_some(5)
        }
        Family::Vietnamese => among(&VIETNAMESE),
        Family::Chinese => {
            let mut chars = word.chars();
            let only = chars.next().filter(|_| chars.next().is_none())?;
            CHINESE.iter().find(|(name, _)| *name == only).map(|(_, worth)| *worth)
        }
        Family::Other => None,
    }
}

fn count(clause: &str, family: Family) -> Count {
    let words = cut(clause, family);
    let mut out = Count { words: String::with_capacity(clause.len()), numbers: String::new() };
    let add = |list: &mut String, first: bool, word: &str| {
        if !first {
            list.push(' ');
        }
        list.push_str(word);
    };
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let first = at == 0;
        let mut run = Vec::new();
        while let Some(one) = words.get(at + run.len()) {
            let here = at + run.len();
            let before = here.checked_sub(1).and_then(|before| words.get(before));
            match worth(one, before, words.get(here + 1), family) {
                Some(worth) => run.push(worth),
                None => break,
            }
        }
        let digits = word.starts_with(|c: char| c.is_ascii_digit());
        // A single one is an article as often.
        if digits || !run.is_empty() && run != [1] {
            let only = out.numbers.is_empty();
            add(&mut out.words, first, "#");
            match digits {
                true => add(&mut out.numbers, only, word),
                false => add(&mut out.numbers, only, &value(&run).to_string()),
            }
            at += run.len().max(1);
        } else {
            match family == Family::Chinese && word != "%" {
                true => add(&mut out.words, first, &crate::search::fold(word)),
                false => add(&mut out.words, first, word),
            }
            at += 1;
        }
    }
    out
}

impl Count {
    /// Each of its words.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.words.split(' ')
    }

    /// Each number with what stands around it.
    pub fn windows(&self) -> impl Iterator<Item = Window<'_>> {
        let (mut words, mut numbers, mut last) = (self.words.split(' '), self.numbers.split(' '), None);
        std::iter::from_fn(move || {
            loop {
                let word = words.next()?;
                let before = last.replace(word);
                if word == "#" {
                    let mut behind = words.clone();
                    return Some((numbers.next()?, before, behind.next(), behind.next()));
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(family: Family, text: &str, words: &str, numbers: &[&str]) {
        let found = counts(text, family);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].words.as_str(), found[0].numbers.as_str()), (words, numbers.join(" ").as_str()));
    }

    #[test]
    fn numbers_are_taken_out_of_clauses() {
        check(
            Family::English,
            "Ten teams saved 6 hours a week.",
            "# teams saved # hours a week",
            &["10", "6"],
        );
        check(Family::English, "It is 1.5 times as fast", "it is # times as fast", &["1.5"]);
        check(Family::English, "40% fewer mistakes", "# % fewer mistakes", &["40"]);
        check(Family::Vietnamese, "Tiết kiệm sáu giờ mỗi tuần", "tiết kiệm # giờ mỗi tuần", &["6"]);
        check(Family::Chinese, "十家團隊省下6小時", "# 家 团 队 省 下 # 小 时", &["10", "6"]);
        check(Family::Chinese, "每一百家有九十三家", "每 # 家 有 # 家", &["100", "93"]);
        check(
            Family::English,
            "a hundred and ninety-three teams in one year",
            "a # and # teams in one year",
            &["100", "93"],
        );
        check(Family::Vietnamese, "một trăm khách, năm nay", "# khách", &["100"]);
        check(
            Family::Vietnamese,
            "chín mươi ba khách dùng tiếp sau năm đầu",
            "# khách dùng tiếp sau năm đầu",
            &["93"],
        );
        check(Family::Malay, "sembilan puluh tiga pelanggan", "# pelanggan", &["93"]);
        check(Family::Malay, "Jimat enam jam seminggu", "jimat # jam seminggu", &["6"]);
        assert!(counts("No number here.", Family::English).is_empty());
    }
}
