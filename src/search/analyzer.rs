//! Text → tokens: the one place where cards and queries are cut into words.
//!
//! Both sides go through [`analyze`]: compatibility forms and composition (NFKC), lower case, then
//! for each word an *exact* form and a *folded* one without marks, and for scripts without spaces
//! one token a character, Traditional folded to Simplified (see [`super::han`]). Stems are an
//! extra form ([`stem`]). Stop words are no business of this module: they are dropped from queries
//! only, never from cards, because buyers say function words ("not now").
//!
//! Measured on 156 paraphrases in four languages (`dependencies.md`): these forms take recall at 1
//! from .55–.77 (and 0 for Chinese, .23 for Vietnamese without marks) to .67–.89.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::language::Family;

use super::han::{is_unspaced, simplified};

/// Goes up with every change of what tokens a text gives, so that older indexes are rebuilt.
pub const VERSION: u32 = 3;

/// The signs that a sum of money begins with.
pub(super) const CURRENCIES: [char; 6] = ['$', '€', '£', '¥', '₫', '₹'];

/// No word is longer: what goes beyond is somebody's key or a slip of the keyboard.
pub(super) const LONGEST: usize = 64;

/// One word, or one character of a script without spaces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Normalised and in lower case, with its marks or signs: `đắt`, `20%`, `$20`.
    pub exact: String,
    /// The same without marks: `dat`, `20`.
    pub folded: String,
    /// Which word of the text it is, from 0.
    pub position: usize,
    /// Whether it is one character of a script without spaces.
    pub single: bool,
    /// Whether it is such a character and follows another with nothing between them.
    pub joined: bool,
}

impl Token {
    /// Whether folding took marks away, so that the exact form says more. A number's signs are no marks.
    pub fn is_marked(&self) -> bool {
        self.exact != self.folded && !self.folded.starts_with(|c: char| c.is_ascii_digit())
    }
}

/// Cuts a text into tokens. Never fails, whatever the text.
pub fn analyze(text: &str) -> Vec<Token> {
    let text = normalize(text);
    let chars: Vec<char> = text.chars().collect();
    let mut tokens: Vec<Token> = Vec::new();
    let mut at = 0;
    let mut last_single = None;
    while at < chars.len() {
        let c = chars[at];
        if is_unspaced(c) && (c.is_alphanumeric() || is_combining_mark(c)) {
            let form = simplified(c).to_string();
            tokens.push(Token {
                exact: form.clone(),
                folded: form,
                position: tokens.len(),
                single: true,
                joined: at > 0 && last_single == Some(at - 1),
            });
            last_single = Some(at);
            at += 1;
        } else if c.is_alphanumeric() {
            let (mut word, next) = read_word(&chars, at);
            let before = at.checked_sub(1).map(|before| chars[before]);
            if c.is_ascii_digit()
                && let Some(sign) = before.filter(|before| CURRENCIES.contains(before))
            {
                word.insert(0, sign);
            }
            at = next;
            let folded = fold_word(&word);
            if !folded.is_empty() {
                tokens.push(Token {
                    exact: settle_tone(word),
                    folded,
                    position: tokens.len(),
                    single: false,
                    joined: false,
                });
            }
        } else {
            at += 1;
        }
    }
    tokens
}

/// A text in the form in which texts are compared: folded words one space apart, scripts without
/// spaces closed up, punctuation gone.
///
/// ```
/// # use callbook::search::fold;
/// assert_eq!(fold("It’s ĐẮT quá!"), "its dat qua");
/// assert_eq!(fold("太貴了， Tideboard"), "太贵了 tideboard");
/// ```
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for token in analyze(text) {
        if !out.is_empty() && !token.joined {
            out.push(' ');
        }
        out.push_str(&token.folded);
    }
    out
}

/// The stem of a folded word in a family's language, as an extra form of low weight. Vietnamese
/// syllables have none; Latin words inside Chinese are taken for English.
pub fn stem(family: Family, folded: &str) -> Option<Cow<'_, str>> {
    static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::English));
    static INDONESIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::new(Algorithm::Indonesian));
    if !folded.bytes().all(|b| b.is_ascii_lowercase()) {
        return None;
    }
    let (stemmer, language) = match family {
        Family::English | Family::Chinese => (&ENGLISH, 0),
        Family::Malay => (&INDONESIAN, 1),
        Family::Vietnamese | Family::Other => return None,
    };
    Some(STEMS.with_borrow_mut(|stems| {
        let known = &mut stems[language];
        if let Some(stem) = known.get(folded) {
            return Cow::Owned(stem.to_string());
        }
        let stem = stemmer.stem(folded);
        if known.len() >= MOST_STEMS {
            known.clear();
        }
        known.insert(folded.into(), stem.as_ref().into());
        stem
    }))
}

/// So many stems of a language are remembered: the same few thousand words make up nearly all texts.
const MOST_STEMS: usize = 20_000;

thread_local! {
    /// Stems by their words, English and Malay.
    static STEMS: RefCell<[FxHashMap<Box<str>, Box<str>>; 2]> = RefCell::default();
}

/// Takes the marks off a word that is in lower case already: diacritics of Latin, Greek and
/// Cyrillic, vowel points of Hebrew and Arabic; and spells out the letters that no decomposition
/// takes apart (đ, ß, æ …). Vowel signs of other scripts are letters of their own and stay.
pub fn fold_word(word: &str) -> String {
    if word.is_ascii() {
        return word.replace(['%', '$'], "");
    }
    let mut out = String::with_capacity(word.len());
    for c in word.nfkd() {
        match c {
            '\u{0300}'..='\u{036F}'
            | '\u{0591}'..='\u{05C7}'
            | '\u{064B}'..='\u{065F}'
            | '\u{0670}'
            | '\u{1AB0}'..='\u{1AFF}'
            | '\u{1DC0}'..='\u{1DFF}'
            | '\u{20D0}'..='\u{20FF}'
            | '\u{FE20}'..='\u{FE2F}'
            | '%'
            | '$'
            | '€'
            | '£'
            | '¥'
            | '₫'
            | '₹' => {}
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ł' => out.push('l'),
            'ø' => out.push('o'),
            'ħ' => out.push('h'),
            'ŧ' => out.push('t'),
            'ς' => out.push('σ'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            _ => out.push(c),
        }
    }
    if out.is_ascii() { out } else { out.nfc().collect() }
}

/// NFKC, lower case, one kind of apostrophe; joiners and marks of direction taken out.
fn normalize(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return if text.bytes().any(|b| b.is_ascii_uppercase() || b == b'`') {
            Cow::Owned(text.to_ascii_lowercase().replace('`', "'"))
        } else {
            Cow::Borrowed(text)
        };
    }
    let plain = text.chars().filter_map(|c| match c {
        '\u{00AD}' | '\u{200C}'..='\u{200F}' | '\u{2060}' | '\u{FEFF}' => None,
        '\u{2018}' | '\u{2019}' | '\u{201B}' | '\u{02BC}' | '\u{02BB}' | '\u{00B4}' | '`' | '\u{2032}'
        | '\u{FF07}' => Some('\''),
        '\u{2010}' | '\u{2011}' => Some('-'),
        other => Some(other),
    });
    let folded = plain.nfkc().collect::<String>().to_lowercase();
    // Lower case may leave a letter and its mark apart (`İ`).
    Cow::Owned(folded.nfc().collect())
}

/// Reads the word that begins at `start`; returns it and the place after it.
fn read_word(chars: &[char], start: usize) -> (String, usize) {
    let is_word = |at: usize| {
        chars.get(at).is_some_and(|&c| (c.is_alphanumeric() || is_combining_mark(c)) && !is_unspaced(c))
    };
    let is_digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
    let mut word = String::new();
    let mut length = 0;
    let mut at = start;
    let mut number = true;
    while at < chars.len() {
        let c = chars[at];
        if is_word(at) {
            number &= c.is_ascii_digit();
            length += 1;
            if length <= LONGEST {
                word.push(c);
            }
            at += 1;
        } else if c == '\'' && is_word(at + 1) {
            // `it's` and `its` meet.
            at += 1;
        } else if c == '-' && at == start + 1 && chars[start].is_alphabetic() && {
            // `e-mail` and `email` meet.
            is_word(at + 1) && is_word(at + 2) && !is_digit(at + 1)
        } {
            at += 1;
        } else if matches!(c, '.' | ',') && number && is_digit(at + 1) {
            // `1,000` and `1.000` are a thousand, `2.5` and `2,5` are two and a half.
            let digits = (at + 1..).take_while(|&next| is_digit(next)).count();
            if digits != 3 && length < LONGEST {
                word.push('.');
                length += 1;
            }
            at += 1;
        } else {
            break;
        }
    }
    if number {
        let sign = at + usize::from(chars.get(at) == Some(&' '));
        if chars.get(sign) == Some(&'%') {
            word.push('%');
            at = sign + 1;
        }
    }
    (word, at)
}

/// One spelling for a Vietnamese tone mark on `oa`, `oe` and `uy` at the end of a syllable:
/// `hoá` → `hóa`, `thuỷ` → `thủy`. Both are in use; they fold alike but were two exact words.
fn settle_tone(word: String) -> String {
    const NEW: [(&str, &str); 15] = [
        ("oà", "òa"),
        ("oá", "óa"),
        ("oả", "ỏa"),
        ("oã", "õa"),
        ("oạ", "ọa"),
        ("oè", "òe"),
        ("oé", "óe"),
        ("oẻ", "ỏe"),
        ("oẽ", "õe"),
        ("oẹ", "ọe"),
        ("uỳ", "ùy"),
        ("uý", "úy"),
        ("uỷ", "ủy"),
        ("uỹ", "ũy"),
        ("uỵ", "ụy"),
    ];
    if word.is_ascii() {
        return word;
    }
    for (new, old) in NEW {
        if let Some(head) = word.strip_suffix(new) {
            return if head.ends_with('q') { word } else { format!("{head}{old}") };
        }
    }
    word
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn exact(text: &str) -> Vec<String> {
        analyze(text).into_iter().map(|token| token.exact).collect()
    }

    #[test]
    fn folding() {
        for (text, folded) in [
            ("", ""),
            ("  ?! … ", ""),
            ("It's TOO expensive!", "its too expensive"),
            ("it’s", "its"),
            ("its", "its"),
            ("itʼs it´s it`s", "its its its"),
            ("‘quoted’ rock 'n' roll", "quoted rock n roll"),
            ("Đắt quá", "dat qua"),
            // The same, decomposed.
            ("Đa\u{0306}\u{0301}t qua\u{0301}", "dat qua"),
            ("đất", "dat"),
            ("ＥＭＡＩＬ　ｍｅ　２０％", "email me 20"),
            ("20%", "20"),
            ("20 % off", "20 off"),
            ("100%.", "100"),
            ("1,000 1.000 2.5 2,5 12:30", "1000 1000 2.5 2.5 12 30"),
            ("1,234,567.", "1234567"),
            ("e-mail E-Mail email", "email email email"),
            ("follow-up on-premise", "follow up on premise"),
            ("B2B P1 40k", "b2b p1 40k"),
            ("太貴了，先寄資料給我！", "太贵了 先寄资料给我"),
            ("我們用Tideboard三年了", "我们用 tideboard 三年了"),
            ("ｶﾞｷﾞ", "ガギ"),
            ("Straße Æsir Œuvre Øre Łódź naïve", "strasse aesir oeuvre ore lodz naive"),
            ("İstanbul ISPARTA ısparta", "istanbul isparta isparta"),
            ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
            ("ﬁne ½", "fine 1 2"),
            ("कि की", "कि की"),
            ("مُحَمَّد", "محمد"),
            ("zero\u{200B}width co\u{00AD}operate", "zero width cooperate"),
            ("🤷 no 👍🏽 budget", "no budget"),
            ("kawan-kawan tak nak lah", "kawan kawan tak nak lah"),
        ] {
            assert_eq!(fold(text), folded, "{text}");
        }
    }

    #[test]
    fn exact_forms_keep_what_folding_drops() {
        assert_eq!(exact("Đắt quá 20%"), ["đắt", "quá", "20%"]);
        assert_eq!(exact("hoá đơn thuỷ quý hoàn"), exact("hóa đơn thủy quý hoàn"));
        assert_eq!(exact("quý"), ["quý"]);
        let tokens = analyze("rẻ hơn 20% email");
        let marked: Vec<bool> = tokens.iter().map(Token::is_marked).collect();
        assert_eq!(marked, [true, true, false, false]);
    }

    #[test]
    fn characters_without_spaces_know_their_neighbours() {
        let tokens = analyze("很貴 email給我");
        let seen: Vec<(&str, bool, bool)> =
            tokens.iter().map(|t| (t.folded.as_str(), t.single, t.joined)).collect();
        assert_eq!(
            seen,
            [
                ("很", true, false),
                ("贵", true, true),
                ("email", false, false),
                ("给", true, false),
                ("我", true, true)
            ]
        );
        assert!(tokens.iter().enumerate().all(|(at, token)| token.position == at));
    }

    #[test]
    fn stems_are_for_words_of_the_language() {
        let of = |family, word: &'static str| stem(family, word).map(Cow::into_owned);
        assert_eq!(of(Family::English, "expenses"), of(Family::English, "expensive"));
        assert_eq!(of(Family::Malay, "membayar").as_deref(), Some("bayar"));
        assert_eq!(of(Family::Vietnamese, "bayar"), None);
        assert_eq!(of(Family::English, "b2b"), None);
    }

    #[test]
    fn long_words_are_cut() {
        let tokens = analyze(&"x".repeat(100_000));
        assert_eq!(tokens.len(), 1);
        assert_eq!(tokens[0].exact.len(), LONGEST);
    }

    proptest! {
        #[test]
        fn any_text_is_cut_and_folding_is_settled(text in "\\PC{0,40}|[\\x00-\\u{10FFFF}]{0,20}") {
            let tokens = analyze(&text);
            prop_assert!(tokens.iter().all(|t| !t.exact.is_empty() && !t.folded.is_empty()));
            for family in Family::ALL {
                for token in &tokens {
                    let _ = stem(family, &token.folded);
                }
            }
            let once = fold(&text);
            prop_assert!(!once.starts_with(' ') && !once.contains("  "));
        }

        #[test]
        fn case_and_composition_do_not_matter(text in "[a-zA-ZàáảãạăằắâấêếôốơớưứđĐĂÂÊÔƠƯỳỹ0-9 ,.]{0,30}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(fold(&text), fold(&decomposed));
            prop_assert_eq!(fold(&text), fold(&text.to_uppercase()));
            prop_assert_eq!(fold(&fold(&text)), fold(&text));
        }
    }
}
