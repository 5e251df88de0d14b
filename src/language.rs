//! Language tags (BCP 47), and which analyzer, units of length and name each language gets.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A well-formed BCP 47 tag in its canonical case: `en`, `vi`, `zh-Hant`, `ms-MY`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Language(String);

/// A family of languages that are written, cut into words and measured alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// English: English stems.
    English,
    /// Vietnamese: marks folded, words with marks kept exact as well.
    Vietnamese,
    /// Chinese in either script: single characters and pairs, Traditional folded to Simplified.
    Chinese,
    /// Malay and Indonesian: Indonesian stems at a low weight.
    Malay,
    /// Any other language: folded words, no stems.
    Other,
}

impl Family {
    /// Every family, in the order in which they are listed anywhere.
    pub const ALL: [Family; 5] =
        [Family::English, Family::Vietnamese, Family::Chinese, Family::Malay, Family::Other];

    /// The primary language subtag, and `und` for any other.
    pub fn tag(self) -> &'static str {
        match self {
            Family::English => "en",
            Family::Vietnamese => "vi",
            Family::Chinese => "zh",
            Family::Malay => "ms",
            Family::Other => "und",
        }
    }
}

/// Something in each of the languages that callbook itself speaks.
#[derive(Debug, Clone, Copy)]
pub struct Spoken<T> {
    /// English.
    pub en: T,
    /// Vietnamese.
    pub vi: T,
    /// Chinese in Traditional characters.
    pub zh_hant: T,
    /// Chinese in Simplified characters.
    pub zh_hans: T,
    /// Malay.
    pub ms: T,
}

impl Language {
    /// Reads a tag. Errors with what is wrong, in words for a person.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shown: String = text.chars().take(40).map(|c| if c.is_control() { ' ' } else { c }).collect();
        let wrong = || match text.replace(['_', ' '], "-") {
            dashed if dashed != text && Language::parse(&dashed).is_ok() => {
                format!("`{shown}` is not a language tag; write `{dashed}`")
            }
            _ => format!("`{shown}` is not a language tag; write one such as `en`, `vi`, `zh-Hant`, `ms`"),
        };
        let parts: Vec<&str> = text.split('-').collect();
        let alpha = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphabetic());
        let alnum = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric());
        if text.len() > 35 || !alpha(parts[0]) || !(2..=3).contains(&parts[0].len()) {
            return Err(wrong());
        }
        let mut tag = parts[0].to_ascii_lowercase();
        let (mut script, mut region, mut extension) = (false, false, false);
        for (index, part) in parts.iter().enumerate().skip(1) {
            tag.push('-');
            match part.len() {
                1 if alnum(part) && index + 1 < parts.len() => {
                    extension = true;
                    tag.push_str(&part.to_ascii_lowercase());
                }
                1..=8 if extension && alnum(part) => tag.push_str(&part.to_ascii_lowercase()),
                4 if alpha(part) && !script && !region => {
                    script = true;
                    tag.push_str(&part[..1].to_ascii_uppercase());
                    tag.push_str(&part[1..].to_ascii_lowercase());
                }
                2 if alpha(part) && !region => {
                    region = true;
                    tag.push_str(&part.to_ascii_uppercase());
                }
                3 if part.bytes().all(|b| b.is_ascii_digit()) && !region => {
                    region = true;
                    tag.push_str(part);
                }
                5..=8 if alnum(part) => tag.push_str(&part.to_ascii_lowercase()),
                4 if part.as_bytes()[0].is_ascii_digit() && alnum(part) => {
                    tag.push_str(&part.to_ascii_lowercase());
                }
                _ => return Err(wrong()),
            }
        }
        Ok(Language(tag))
    }

    /// English.
    pub fn english() -> Self {
        Language("en".to_string())
    }

    /// The tag in canonical case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The primary language subtag: `zh` of `zh-Hant`.
    pub fn primary(&self) -> &str {
        self.0.split('-').next().unwrap_or("und")
    }

    /// The family that decides analyzer, units and lexicon.
    pub fn family(&self) -> Family {
        match self.primary() {
            "en" => Family::English,
            "vi" => Family::Vietnamese,
            "zh" | "yue" | "cmn" | "nan" => Family::Chinese,
            "ms" | "id" | "zsm" => Family::Malay,
            _ => Family::Other,
        }
    }

    /// Whether this tag lies in a range (RFC 4647 basic filtering): `zh` takes in `zh-Hant`.
    pub fn in_range(&self, range: &Language) -> bool {
        self.0 == range.0
            || (self.0.starts_with(&range.0) && self.0.as_bytes().get(range.0.len()) == Some(&b'-'))
    }

    /// The language range among those known (tags as they are written) that is meant: the language
    /// itself, else the nearest wider one, else itself again.
    pub fn among(&self, known: &[String]) -> Language {
        let known: Vec<Language> = known.iter().filter_map(|tag| Language::parse(tag).ok()).collect();
        let has = |range: &Language| known.iter().any(|language| language.in_range(range));
        self.wider().into_iter().find(has).unwrap_or_else(|| self.clone())
    }

    /// The tag, and what may stand in for it, nearest first: `zh-TW`, `zh-Hant`, `zh`.
    pub fn wider(&self) -> Vec<Language> {
        let mut out = vec![self.clone()];
        let script = match self.0.as_str() {
            "zh-TW" | "zh-HK" | "zh-MO" => Some("zh-Hant"),
            "zh-CN" | "zh-SG" | "zh-MY" => Some("zh-Hans"),
            _ => None,
        };
        out.extend(script.map(|tag| Language(tag.to_string())));
        let mut tag = self.0.as_str();
        while let Some((shorter, _)) = tag.rsplit_once('-') {
            tag = shorter;
            // A single letter only announces what follows it.
            if tag.rsplit('-').next().is_some_and(|part| part.len() > 1) {
                out.push(Language(tag.to_string()));
            }
        }
        out.dedup();
        out
    }

    /// What is meant for this language; English for those that callbook does not speak.
    pub fn pick<T>(&self, each: Spoken<T>) -> T {
        match self.family() {
            Family::English | Family::Other => each.en,
            Family::Vietnamese => each.vi,
            Family::Malay => each.ms,
            Family::Chinese if self.is_simplified() => each.zh_hans,
            Family::Chinese => each.zh_hant,
        }
    }

    /// Whether it is Chinese in simplified characters: by its script, else by a region that writes them.
    /// `zh` alone is taken for traditional.
    pub fn is_simplified(&self) -> bool {
        let has = |part: &str| self.0.split('-').any(|own| own == part);
        self.family() == Family::Chinese
            && (has("Hans") || !has("Hant") && ["CN", "SG", "MY"].iter().any(|region| has(region)))
    }

    /// Whether it is written from right to left.
    pub fn is_rtl(&self) -> bool {
        matches!(self.primary(), "ar" | "he" | "fa" | "ur" | "yi" | "ps" | "sd" | "ug" | "dv" | "ckb")
            || self.0.contains("-Arab")
            || self.0.contains("-Hebr")
    }

    /// The language's own name, or the tag where we know none.
    pub fn native_name(&self) -> &str {
        match self.0.as_str() {
            "zh-Hant" | "zh-TW" | "zh-HK" => "繁體中文",
            "zh-Hans" | "zh-CN" | "zh-SG" | "zh-MY" => "简体中文",
            _ => match self.primary() {
                "en" => "English",
                "vi" => "Tiếng Việt",
                "zh" => "中文",
                "ms" => "Bahasa Melayu",
                "id" => "Bahasa Indonesia",
                "ja" => "日本語",
                "ko" => "한국어",
                "fr" => "Français",
                "de" => "Deutsch",
                "es" => "Español",
                "th" => "ไทย",
                "ar" => "العربية",
                "he" => "עברית",
                _ => &self.0,
            },
        }
    }

    /// How much text one may ask a rep to read or say: `(bridge, say)` in [`Language::length`]'s
    /// units. From `model.md`: 8 / 40 words, Vietnamese 12 / 55 syllables, Chinese 12 / 60
    /// characters.
    pub fn limits(&self) -> (usize, usize) {
        match self.family() {
            Family::Vietnamese => (12, 55),
            Family::Chinese => (12, 60),
            Family::English | Family::Malay | Family::Other => (8, 40),
        }
    }

    /// How long a text of a length takes, in seconds: `(to read, to say)`. The limit for an answer is
    /// what can be read in 10 s; English is spoken at 178 words a minute (`domain.md`), so the same
    /// takes 13.5 s to say, and other languages are taken to be spoken in proportion.
    pub fn seconds(&self, length: usize) -> (f64, f64) {
        let share = length as f64 / self.limits().1 as f64;
        (share * 10.0, share * 13.5)
    }

    /// What [`Language::length`] counts.
    pub fn unit(&self) -> &'static str {
        match self.family() {
            Family::Vietnamese => "syllables",
            Family::Chinese => "characters",
            Family::English | Family::Malay | Family::Other => "words",
        }
    }

    /// The length of a text in words, syllables or characters; in Chinese a run of Latin letters
    /// or digits counts as one, and punctuation as nothing.
    pub fn length(&self, text: &str) -> usize {
        if self.family() != Family::Chinese {
            return text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count();
        }
        let mut count = 0;
        let mut in_word = false;
        for c in text.chars() {
            let latin = c.is_alphanumeric() && (c as u32) < 0x2E80;
            if latin {
                count += usize::from(!in_word);
            } else if c.is_alphanumeric() {
                count += 1;
            }
            in_word = latin;
        }
        count
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Language {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Language::parse(&text)
    }
}

impl From<Language> for String {
    fn from(language: Language) -> String {
        language.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_and_cased() {
        for (given, tag) in [
            ("en", "en"),
            ("ZH-hant", "zh-Hant"),
            ("zh-hant-tw", "zh-Hant-TW"),
            ("ms-my", "ms-MY"),
            ("es-419", "es-419"),
            ("sl-rozaj", "sl-rozaj"),
            ("de-CH-1901", "de-CH-1901"),
            ("en-x-phone", "en-x-phone"),
        ] {
            assert_eq!(Language::parse(given).unwrap().as_str(), tag);
        }
        for wrong in ["", "e", "english", "en_US", "en-", "-en", "zh-Hant-", "日本", "en-x", "../x"] {
            assert!(Language::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ranges_take_in_what_is_narrower() {
        let tag = |t: &str| Language::parse(t).unwrap();
        assert!(tag("zh-Hant").in_range(&tag("zh")));
        assert!(!tag("zh").in_range(&tag("zh-Hant")));
        assert!(!tag("zhx").in_range(&tag("zh")));
        let wider: Vec<String> = tag("zh-TW").wider().into_iter().map(String::from).collect();
        assert_eq!(wider, ["zh-TW", "zh-Hant", "zh"]);
    }

    #[test]
    fn scripts_of_chinese() {
        for (tag, simplified) in [
            ("zh", false),
            ("zh-Hant", false),
            ("zh-Hans", true),
            ("zh-CN", true),
            ("zh-SG", true),
            ("zh-Hant-CN", false),
            ("zh-Hans-TW", true),
            ("zh-TW", false),
            ("cmn-Hans-CN", true),
            ("yue", false),
            ("en-SG", false),
            ("ms-MY", false),
        ] {
            assert_eq!(Language::parse(tag).unwrap().is_simplified(), simplified, "{tag}");
        }
    }

    #[test]
    fn lengths_count_what_is_said() {
        let tag = |t: &str| Language::parse(t).unwrap();
        assert_eq!(tag("en").length("That's fair – money is tight."), 5);
        assert_eq!(tag("zh-Hant").length("了解，用 Tideboard 三年了！"), 7);
        assert_eq!(tag("vi").length("Dạ em hiểu ạ"), 4);
    }
}
