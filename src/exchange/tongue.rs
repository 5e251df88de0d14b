//! In which language a list is written, by its letters and its commonest words.

use unicode_normalization::UnicodeNormalization;

use crate::language::Language;
use crate::search::fold;

/// Words that hardly a sentence does without, and that the other language has not.
const ENGLISH: [&str; 20] = [
    "the", "is", "are", "we", "you", "it", "to", "and", "not", "for", "of", "that", "this", "have", "what",
    "your", "our", "with", "i", "do",
];
const MALAY: [&str; 24] = [
    "yang", "tak", "tidak", "saya", "kami", "dan", "untuk", "dengan", "ini", "itu", "boleh", "ada", "nak",
    "kalau", "anda", "awak", "apa", "dah", "dulu", "perlu", "sudah", "tuan", "puan", "kita",
];

/// The language of texts, if it is one of those that callbook knows and they leave no doubt.
pub fn tongue<'a>(texts: impl Iterator<Item = &'a str>) -> Option<Language> {
    /// More tells no more.
    const ENOUGH: usize = 20_000;
    let (mut letters, mut han, mut traditional, mut marked) = (0, 0, 0, 0);
    let (mut english, mut malay) = (0, 0);
    for text in texts {
        for c in text.chars().filter(|c| c.is_alphabetic()) {
            letters += 1;
            if ('\u{4E00}'..='\u{9FFF}').contains(&c) {
                han += 1;
                let mut bytes = [0; 4];
                let own: &str = c.encode_utf8(&mut bytes);
                traditional += usize::from(fold(own) != own);
            }
            marked += usize::from(is_vietnamese(c));
        }
        let lower = text.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphabetic()) {
            english += usize::from(ENGLISH.contains(&word));
            malay += usize::from(MALAY.contains(&word));
        }
        if letters > ENOUGH {
            break;
        }
    }
    let tag = match () {
        () if letters < 8 => return None,
        () if han * 4 > letters && traditional > 0 => "zh-Hant",
        () if han * 4 > letters => "zh-Hans",
        () if marked * 12 > letters => "vi",
        () if malay >= 3 && malay > english * 2 => "ms",
        () if english >= 3 && english > malay * 2 => "en",
        () => return None,
    };
    Language::parse(tag).ok()
}

/// Whether a letter is one that Vietnamese has and its neighbours have not, or hardly.
fn is_vietnamese(c: char) -> bool {
    if "đĐơƠưƯăĂ".contains(c) {
        return true;
    }
    // A letter with a tone above or below another mark, a hook, or a dot below.
    let marks: Vec<char> = c.nfd().skip(1).collect();
    marks.len() > 1 || marks.iter().any(|mark| matches!(mark, '\u{0309}' | '\u{0323}' | '\u{031B}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_tells_its_language() {
        let check = |texts: &[&str], expected: Option<&str>| {
            let found = tongue(texts.iter().copied());
            assert_eq!(found.as_ref().map(Language::as_str), expected, "{texts:?}");
        };
        check(&["Đắt quá", "Dạ, em hiểu ạ. Anh đang so với bên nào ạ?"], Some("vi"));
        check(&["太貴了", "我明白。您是跟什麼比較呢？"], Some("zh-Hant"));
        check(&["太贵了", "我明白。您是跟什么比较呢？"], Some("zh-Hans"));
        check(
            &["Mahal sangat", "Saya faham. Tuan nak banding dengan apa? Kalau boleh saya tahu."],
            Some("ms"),
        );
        check(
            &["It's too expensive", "What are you comparing it with, and is that the whole of it?"],
            Some("en"),
        );
        check(&["C'est trop cher", "À quoi le comparez-vous exactement ?"], None);
        check(&["OK"], None);
        check(&["Zu teuer, über dem Budget", "Womit vergleichen Sie es?"], None);
    }
}
