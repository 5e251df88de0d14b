//! Days as people type them during a call: `tomorrow`, `+3d`, `2026-12-01`, `Friday`, and the same in
//! the languages that callbook speaks.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use crate::book::model::parse_date;
use crate::language::{Family, Language};

/// Words for days, counted from today. All languages at once: people mix them.
const WORDS: [(&str, i64); 23] = [
    ("today", 0),
    ("tomorrow", 1),
    ("hôm nay", 0),
    ("hom nay", 0),
    ("ngày mai", 1),
    ("ngay mai", 1),
    ("mai", 1),
    ("ngày kia", 2),
    ("ngay kia", 2),
    ("mốt", 2),
    ("今天", 0),
    ("今日", 0),
    ("明天", 1),
    ("明日", 1),
    ("後天", 2),
    ("后天", 2),
    ("hari ini", 0),
    ("esok", 1),
    ("besok", 1),
    ("lusa", 2),
    ("next week", 7),
    ("tuần sau", 7),
    ("minggu depan", 7),
];

/// The days of the week from Monday, as they are shown, by language.
const ENGLISH: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const VIETNAMESE: [&str; 7] = ["thứ hai", "thứ ba", "thứ tư", "thứ năm", "thứ sáu", "thứ bảy", "chủ nhật"];
const CHINESE: [&str; 7] = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"];
const MALAY: [&str; 7] = ["Isnin", "Selasa", "Rabu", "Khamis", "Jumaat", "Sabtu", "Ahad"];

/// Other ways to write them.
const ALSO: [(&str, usize); 23] = [
    ("t2", 0),
    ("t3", 1),
    ("t4", 2),
    ("t5", 3),
    ("t6", 4),
    ("t7", 5),
    ("cn", 6),
    ("thu hai", 0),
    ("thu ba", 1),
    ("thu tu", 2),
    ("thu nam", 3),
    ("thu sau", 4),
    ("thu bay", 5),
    ("chu nhat", 6),
    ("週一", 0),
    ("週二", 1),
    ("週三", 2),
    ("週四", 3),
    ("週五", 4),
    ("週六", 5),
    ("週日", 6),
    ("星期天", 6),
    ("周日", 6),
];

/// The day that somebody typed: a word, a day of the week (the next one, never today), so many days,
/// weeks or months on (`+3d`, `2w`, `+1m`), or year-month-day. Nothing where it is none of these.
pub fn day(text: &str, today: Date) -> Option<Date> {
    let text = text.trim().to_lowercase();
    if let Some(date) = parse_date(&text) {
        return Some(date);
    }
    if let Some((_, days)) = WORDS.iter().find(|(word, _)| *word == text) {
        return today.checked_add(days.days()).ok();
    }
    weekday_of(&text).and_then(|weekday| next(weekday, today)).or_else(|| later(&text, today))
}

/// What a day of the week is called in a language.
pub fn weekday(date: Date, language: &Language) -> &'static str {
    let names = match language.family() {
        Family::English | Family::Other => ENGLISH,
        Family::Vietnamese => VIETNAMESE,
        Family::Chinese => CHINESE,
        Family::Malay => MALAY,
    };
    names[date.weekday().to_monday_zero_offset().unsigned_abs() as usize % 7]
}

/// The number of a day of the week, from Monday; English ones by their first three letters too.
fn weekday_of(text: &str) -> Option<usize> {
    let english = || {
        let long = text.len() >= 3 && text.is_ascii();
        ENGLISH.iter().position(|name| long && name.to_lowercase().starts_with(text))
    };
    let simplified = text.replace('周', "週");
    let named = |names: &[&str; 7]| names.iter().position(|name| name.to_lowercase() == text);
    named(&VIETNAMESE)
        .or_else(|| named(&CHINESE))
        .or_else(|| named(&MALAY))
        .or_else(|| ALSO.iter().find(|(name, _)| *name == simplified).map(|(_, number)| *number))
        .or_else(english)
}

fn next(number: usize, today: Date) -> Option<Date> {
    let weekday = Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()?;
    today.nth_weekday(1, weekday).ok()
}

/// `+3d`, `3d`, `+2w`, `1m`; a bare `+3` is days.
fn later(text: &str, today: Date) -> Option<Date> {
    let plus = text.strip_prefix('+');
    let body = plus.unwrap_or(text);
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (count, unit) = body.split_at(digits);
    let count: i64 = count.parse().ok().filter(|count| *count <= 3660)?;
    let span = match unit.trim() {
        "d" | "days" | "day" | "ngày" | "hari" | "天" | "日" => count.days(),
        "w" | "weeks" | "week" | "tuần" | "minggu" | "週" | "周" => count.weeks(),
        "m" | "months" | "month" | "tháng" | "bulan" | "個月" | "个月" => count.months(),
        "" if plus.is_some() => count.days(),
        _ => return None,
    };
    today.checked_add(span).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_people_type_them() {
        // A Sunday.
        let today = parse_date("2026-11-22").expect("a date");
        for (typed, expected) in [
            ("tomorrow", "2026-11-23"),
            (" Tomorrow ", "2026-11-23"),
            ("+3d", "2026-11-25"),
            ("3d", "2026-11-25"),
            ("+3", "2026-11-25"),
            ("2w", "2026-12-06"),
            ("+1m", "2026-12-22"),
            ("2026-12-01", "2026-12-01"),
            ("fri", "2026-11-27"),
            ("Sunday", "2026-11-29"),
            ("ngày mai", "2026-11-23"),
            ("thứ sáu", "2026-11-27"),
            ("t2", "2026-11-23"),
            ("3 ngày", "2026-11-25"),
            ("後天", "2026-11-24"),
            ("周三", "2026-11-25"),
            ("星期五", "2026-11-27"),
            ("2週", "2026-12-06"),
            ("esok", "2026-11-23"),
            ("Jumaat", "2026-11-27"),
            ("lusa", "2026-11-24"),
        ] {
            assert_eq!(day(typed, today).map(|date| date.to_string()).as_deref(), Some(expected), "{typed}");
        }
        for typed in ["", "3", "soon", "mo", "2026-13-01", "99999d", "+d", "-3d", "２d", "t8"] {
            assert_eq!(day(typed, today), None, "{typed}");
        }
        let language = |tag| Language::parse(tag).expect("a tag");
        let shown = ["en", "vi", "zh-Hant", "ms"].map(|tag| weekday(today, &language(tag)));
        assert_eq!(shown, ["Sunday", "chủ nhật", "星期日", "Ahad"]);
    }
}
