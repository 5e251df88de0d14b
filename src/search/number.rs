//! Amounts, however they are said: "20%", "twenty per cent", "20 phần trăm", "百分之二十", "dua puluh
//! peratus" are one feature, and so are "$20k", "twenty grand" and "20,000".
//!
//! An amount is told only where something makes it one: a sign, a unit, or a thousand. "Two of us", "hai
//! người" and the Vietnamese year (`năm`, also five) are words like any other.

use crate::language::Family;

use super::analyzer::Token;

/// An amount in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Amount {
    /// The tokens that say it: the first, and the one after the last.
    pub at: (usize, usize),
    /// What it is compared by: `20%`, `20000`.
    pub key: String,
    /// What sort of thing it is an amount of: `%` a share, `$` money; nothing if that is not said.
    pub of: Option<&'static str>,
}

/// A word of a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Piece {
    /// A digit, or a number below a hundred that is one word.
    Digit(f64),
    /// Ten or a hundred: times what was said just before.
    Times(f64),
    /// A thousand and more: times all that was said before.
    Thousands(f64),
    /// `belas`: ten more than what was said just before.
    Teen,
    /// Says nothing within a number: "and", "lẻ".
    And,
}

/// What stands behind (or, in Chinese, before) a number.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Unit {
    Percent,
    /// Chinese 成: tenths.
    Tenths,
    /// Chinese 折: what is left to pay, in tenths.
    LeftToPay,
    Money,
}

fn piece(family: Family, word: &str) -> Option<Piece> {
    use Piece::{And, Digit, Teen, Thousands, Times};
    let place = |words: &[&str]| words.iter().position(|one| *one == word);
    let digits: &[&str] = match family {
        Family::English => &[
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ],
        Family::Vietnamese => {
            &["khong", "mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin", "muoi"]
        }
        Family::Chinese => &["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
        Family::Malay => &[
            "kosong", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "lapan", "sembilan",
            "sepuluh", "sebelas",
        ],
        Family::Other => &[],
    };
    if let Some(digit) = place(digits) {
        return Some(Digit(digit as f64));
    }
    let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    match (family, word) {
        (Family::English, _) if place(&tens).is_some() => {
            place(&tens).map(|ten| Digit(20.0 + 10.0 * ten as f64))
        }
        (Family::English, "hundred") | (Family::Vietnamese, "tram") | (Family::Chinese, "百") => {
            Some(Times(100.0))
        }
        (Family::English, "thousand" | "grand" | "k") => Some(Thousands(1e3)),
        (Family::English, "million" | "mil") => Some(Thousands(1e6)),
        (Family::English, "and") | (Family::Vietnamese, "le" | "linh") => Some(And),
        (Family::Vietnamese, "lam") => Some(Digit(5.0)),
        (Family::Vietnamese, "tu") => Some(Digit(4.0)),
        (Family::Vietnamese, "nghin" | "ngan" | "k") => Some(Thousands(1e3)),
        (Family::Vietnamese, "trieu" | "tr" | "cu") => Some(Thousands(1e6)),
        (Family::Vietnamese, "ty") => Some(Thousands(1e9)),
        (Family::Chinese, "两") => Some(Digit(2.0)),
        (Family::Chinese, "十") | (Family::Malay, "puluh") => Some(Times(10.0)),
        (Family::Chinese, "千") => Some(Times(1e3)),
        (Family::Chinese, "万") => Some(Thousands(1e4)),
        (Family::Chinese, "亿") => Some(Thousands(1e8)),
        (Family::Malay, "belas") => Some(Teen),
        (Family::Malay, "ratus") => Some(Times(100.0)),
        (Family::Malay, "seratus") => Some(Digit(100.0)),
        (Family::Malay, "ribu" | "k") => Some(Thousands(1e3)),
        (Family::Malay, "seribu") => Some(Digit(1e3)),
        (Family::Malay, "juta") => Some(Thousands(1e6)),
        _ => None,
    }
}

/// The unit that begins at a token, and how many tokens it is.
fn unit(family: Family, tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
    let word = |ahead: usize| tokens.get(at + ahead).map(|token| token.folded.as_str());
    let unit = match (family, word(0)?) {
        (Family::English, "per") if word(1) == Some("cent") => return Some((Unit::Percent, 2)),
        (Family::Vietnamese, "phan") if word(1) == Some("tram") => return Some((Unit::Percent, 2)),
        (Family::English, "percent" | "percentage" | "pct") => Unit::Percent,
        (Family::Malay, "peratus" | "persen") => Unit::Percent,
        (Family::Chinese, "成") => Unit::Tenths,
        (Family::Chinese, "折") => Unit::LeftToPay,
        (Family::English, "dollars" | "dollar" | "bucks" | "usd" | "sgd" | "pounds" | "quid" | "gbp")
        | (Family::English, "euros" | "euro" | "eur" | "ringgit" | "rupees")
        | (Family::Vietnamese, "dong" | "vnd" | "usd" | "do")
        | (Family::Chinese, "元" | "块" | "圆")
        | (Family::Malay, "ringgit" | "rm" | "rupiah" | "dolar") => Unit::Money,
        _ => return None,
    };
    Some((unit, 1))
}

/// What follows in a word like `RM500`.
fn ringgit(family: Family, token: &Token) -> Option<&str> {
    let sum = token.folded.strip_prefix("rm").filter(|_| family == Family::Malay)?;
    sum.starts_with(|c: char| c.is_ascii_digit()).then_some(sum)
}

/// A token of digits: `20`, `2.5`, `20k`, `3tr`, with what its letters make of it.
fn figures(family: Family, token: &Token) -> Option<(f64, f64)> {
    let text = ringgit(family, token).unwrap_or(&token.folded);
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let value: f64 = text[..end].parse().ok()?;
    let scale = match &text[end..] {
        "" => 1.0,
        letters => match piece(family, letters)? {
            Piece::Thousands(scale) => scale,
            _ => return None,
        },
    };
    (value.is_finite() && value < 1e12).then_some((value, scale))
}

/// The number that begins at a token: its value, the token after it, and whether anything says that it is
/// more than a word.
fn number(family: Family, tokens: &[Token], start: usize) -> Option<(f64, usize, bool)> {
    let (mut total, mut section, mut last) = (0.0, 0.0, 0.0);
    let (mut at, mut said, mut sure) = (start, false, false);
    while let Some(token) = tokens.get(at) {
        if let Some((value, scale)) = figures(family, token) {
            // Two figures side by side are two numbers.
            if said {
                break;
            }
            last = value * scale;
            sure |= scale > 1.0 || value >= 1e3;
        } else {
            match piece(family, &token.folded) {
                Some(Piece::Digit(digit)) => {
                    section += last;
                    last = digit;
                }
                Some(Piece::Times(scale)) => {
                    section += if last == 0.0 { scale } else { last * scale };
                    last = 0.0;
                }
                // "mươi" folds like "mười": ten after a digit is tens.
                Some(Piece::Thousands(scale)) => {
                    let before = if said { section + last } else { 1.0 };
                    total += before * scale;
                    (section, last, sure) = (0.0, 0.0, true);
                }
                Some(Piece::Teen) if said => last += 10.0,
                Some(Piece::And) if said && tokens.get(at + 1).is_some_and(|next| is_digit(family, next)) => {
                }
                _ => break,
            }
        }
        said = true;
        at += 1;
        if family == Family::Vietnamese
            && tokens.get(at).is_some_and(|next| next.folded == "muoi")
            && (1.0..10.0).contains(&last)
        {
            last *= 10.0;
            at += 1;
        }
        // "hai mươi phần trăm": what follows is no hundred.
        if unit(family, tokens, at).is_some() {
            break;
        }
    }
    said.then_some((total + section + last, at, sure))
}

fn is_digit(family: Family, token: &Token) -> bool {
    matches!(piece(family, &token.folded), Some(Piece::Digit(_)))
}

/// Every amount of a text.
pub(super) fn amounts(family: Family, tokens: &[Token]) -> Vec<Amount> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let word = |ahead: usize| tokens.get(at + ahead).map(|token| token.folded.as_str());
        // 百分之二十
        let chinese = family == Family::Chinese && [0, 1, 2].map(word) == ["百", "分", "之"].map(Some);
        let paid_in = family == Family::Malay && word(0) == Some("rm");
        let start = at + if chinese { 3 } else { usize::from(paid_in) };
        let Some((value, behind, sure)) = number(family, tokens, start) else {
            at += 1;
            continue;
        };
        let sign = |sign: &[char]| tokens[start..behind].iter().any(|token| token.exact.contains(sign));
        let unit = unit(family, tokens, behind);
        let end = behind + unit.map_or(0, |(_, length)| length);
        let unit = unit.map(|(unit, _)| unit);
        let share = match unit {
            Some(Unit::Tenths) => Some(value * 10.0),
            Some(Unit::LeftToPay) if value < 10.0 => Some(100.0 - value * 10.0),
            Some(Unit::LeftToPay) => Some(100.0 - value),
            Some(Unit::Percent) => Some(value),
            _ if chinese || sign(&['%']) => Some(value),
            _ => None,
        };
        let written = tokens[start..behind].iter().any(|token| ringgit(family, token).is_some());
        let money = paid_in || written || unit == Some(Unit::Money) || sign(&super::analyzer::CURRENCIES);
        match share {
            Some(share) => found.push(Amount { at: (at, end), key: format!("{share}%"), of: Some("%") }),
            None if money || sure => {
                let of = if money { Some("$") } else { None };
                found.push(Amount { at: (at, end), key: format!("{value}"), of });
            }
            None => {}
        }
        at = end.max(at + 1);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::analyzer::analyze;
    use super::*;
    use proptest::prelude::*;

    fn keys(family: Family, text: &str) -> Vec<String> {
        amounts(family, &analyze(text))
            .into_iter()
            .map(|amount| format!("{}{}", amount.key, amount.of.filter(|of| *of == "$").unwrap_or("")))
            .collect()
    }

    #[test]
    fn an_amount_is_one_however_it_is_said() {
        for (family, texts, key) in [
            (Family::English, &["20%", "20 %", "twenty percent", "twenty per cent", "20 pct"][..], "20%"),
            (Family::English, &["twenty-five percent off", "25% off"], "25%"),
            (Family::English, &["$20", "20 dollars", "twenty bucks", "20 quid"], "20$"),
            (Family::English, &["20k", "20,000", "twenty thousand", "20 thousand"], "20000"),
            (Family::English, &["$20k", "20 grand pounds", "twenty thousand pounds"], "20000$"),
            (Family::English, &["one hundred and fifty dollars", "$150"], "150$"),
            (Family::English, &["two point"], ""),
            (Family::English, &["two of us", "a hundred"], ""),
            (Family::Vietnamese, &["20%", "hai mươi phần trăm", "20 phần trăm", "hai muoi phan tram"], "20%"),
            (Family::Vietnamese, &["mười lăm phần trăm", "15%"], "15%"),
            (Family::Vietnamese, &["hai mươi lăm triệu", "25 triệu", "25tr", "25.000.000"], "25000000"),
            (Family::Vietnamese, &["năm trăm nghìn đồng", "500 ngàn đồng", "500k đồng"], "500000$"),
            (Family::Vietnamese, &["năm nay chưa có", "hai người", "ba tôi"], ""),
            (Family::Chinese, &["20%", "百分之二十", "兩成", "八折"], "20%"),
            (Family::Chinese, &["三萬塊", "30000元", "3萬元"], "30000$"),
            (Family::Chinese, &["一百二十塊", "120 元"], "120$"),
            (Family::Chinese, &["三個人", "十分"], ""),
            (Family::Malay, &["20%", "dua puluh peratus", "20 peratus"], "20%"),
            (Family::Malay, &["lima belas peratus", "15 persen"], "15%"),
            (Family::Malay, &["RM500", "rm 500", "lima ratus ringgit"], "500$"),
            (Family::Malay, &["dua ribu", "2,000", "2k"], "2000"),
            (Family::Malay, &["dua orang"], ""),
        ] {
            for text in texts {
                let expected: Vec<&str> = Some(key).filter(|key| !key.is_empty()).into_iter().collect();
                assert_eq!(keys(family, text), expected, "{text}");
            }
        }
        assert_eq!(keys(Family::English, "from 10% to 15%, 3 people"), ["10%", "15%"]);
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_its_end(
            text in "((one|hundred|thousand|and|percent|20|k|%|\\$|hai|muoi|tram|phan|trieu|百|分|之|万|折|rm|belas|puluh|9{1,30})[ ]?){0,12}"
        ) {
            let tokens = analyze(&text);
            for family in Family::ALL {
                let mut end = 0;
                for amount in amounts(family, &tokens) {
                    prop_assert!(amount.at.0 >= end && amount.at.0 < amount.at.1 && amount.at.1 <= tokens.len());
                    end = amount.at.1;
                }
            }
        }
    }
}
