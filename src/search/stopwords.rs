//! Words that say nothing of themselves: stop words, greetings, and what is neither.
//!
//! They are left out of queries only, never of cards: buyers say "not now" and "who are you". The
//! lists in `stopwords/` have a word or a phrase a line, `#` begins a remark.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::LazyLock;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::Family;

use super::analyzer::{self, Token};
use super::features::{letter, word_key};
use super::table::{Shelf, Table};
use super::table_builder::Builder;

/// Words that turn a sentence round. They never count as stop words, whatever a list says.
pub(super) const NEGATIONS: [&str; 40] = [
    "not", "no", "never", "none", "nothing", "dont", "doesnt", "didnt", "cant", "cannot", "wont", "isnt",
    "arent", "without", "nope", "không", "chưa", "chẳng", "chả", "đừng", "hông", "ko", "不", "没", "无",
    "别", "未", "沒", "無", "tak", "tidak", "bukan", "jangan", "belum", "tiada", "takde", "takda", "usah",
    "nggak", "gak",
];

/// What people say on the phone before they say anything. It is cut out of a query, so that a line
/// of nothing else finds nothing, whereas stop words count when there is nothing else.
pub(super) const GREETINGS: [&str; 30] = [
    "hello",
    "hi there",
    "good morning",
    "good afternoon",
    "how are you",
    "how are you doing",
    "how are you today",
    "how's it going",
    "nice to meet you",
    "can you hear me",
    "can you hear me now",
    "happy birthday",
    "xin chào",
    "alo",
    "anh khỏe không",
    "chị khỏe không",
    "bạn khỏe không",
    "em khỏe không",
    "nghe rõ không",
    "chúc mừng sinh nhật",
    "你好嗎",
    "您好嗎",
    "最近好嗎",
    "聽得到嗎",
    "聽得見嗎",
    "生日快樂",
    "apa khabar",
    "selamat pagi",
    "dengar tak",
    "selamat hari jadi",
];

/// What is said in every talk and tells nothing where nothing else is said. Beside other words it is read as
/// they are: "you too" is small talk, "too much for you" is not.
pub(super) const SMALL_TALK: [&str; 129] = [
    "yes",
    "yeah",
    "yep",
    "yup",
    "ok",
    "okay",
    "sure",
    "right",
    "alright",
    "exactly",
    "absolutely",
    "indeed",
    "really",
    "and",
    "you",
    "i",
    "me",
    "so",
    "well",
    "oh",
    "ah",
    "hmm",
    "mhm",
    "uh huh",
    "mm hmm",
    "thanks",
    "thank you",
    "thank you very much",
    "thanks a lot",
    "cheers",
    "great",
    "good",
    "fine",
    "perfect",
    "lovely",
    "cool",
    "nice",
    "got it",
    "i see",
    "of course",
    "no problem",
    "no worries",
    "you too",
    "same to you",
    "talk soon",
    "bye",
    "bye bye",
    "goodbye",
    "take care",
    "have a nice day",
    "haha",
    "lol",
    "sorry",
    "pardon",
    "excuse me",
    "please",
    "hi",
    "hey",
    "good evening",
    "hold on",
    "one moment",
    "dạ",
    "vâng",
    "ừ",
    "ờ",
    "à",
    "thế à",
    "vậy à",
    "vậy hả",
    "rồi",
    "được rồi",
    "cảm ơn",
    "cám ơn",
    "cảm ơn em",
    "cảm ơn anh",
    "cảm ơn chị",
    "chào em",
    "chào anh",
    "chào chị",
    "tạm biệt",
    "không có gì",
    "đúng rồi",
    "hiểu rồi",
    "chờ chút",
    "xin lỗi",
    "ha ha",
    "好",
    "好的",
    "是",
    "是的",
    "對",
    "對啊",
    "嗯",
    "嗯嗯",
    "喔",
    "哦",
    "了解",
    "明白",
    "知道了",
    "謝謝",
    "謝謝你",
    "多謝",
    "不客氣",
    "掰掰",
    "拜拜",
    "再見",
    "等一下",
    "請稍等",
    "不好意思",
    "哈哈",
    "你好",
    "您好",
    "喂",
    "早安",
    "當然",
    "沒問題",
    "收到",
    "ya",
    "betul",
    "baik",
    "faham",
    "terima kasih",
    "sama sama",
    "jumpa lagi",
    "selamat tinggal",
    "maaf",
    "sekejap",
    "tunggu sekejap",
    "helo",
];

/// Neither a greeting nor a stop phrase has more words.
pub(super) const LONGEST: usize = 5;

/// A query without greetings; nothing of one that is small talk and no more.
pub(super) fn without_greetings(tokens: &[Token], table: &Table) -> Vec<Token> {
    let greets = |phrase: &[Token]| table.has(Shelf::Greeting, &folded_key(phrase));
    // With its marks: "rồi" is small talk, "ROI" is not.
    let small = |phrase: &[Token]| greets(phrase) || table.has(Shelf::SmallTalk, &exact_key(phrase));
    match without(tokens, small) {
        nothing if nothing.is_empty() => nothing,
        _ => without(tokens, greets),
    }
}

/// A query without phrases.
fn without(tokens: &[Token], is_one: impl Fn(&[Token]) -> bool) -> Vec<Token> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let most = LONGEST.min(tokens.len() - at);
        let phrase = (1..=most).rev().find(|length| is_one(&tokens[at..at + length]));
        if phrase.is_none() {
            let mut token = tokens[at].clone();
            // What stood before it may be gone.
            token.joined &= kept.last().is_some_and(|last: &Token| last.position + 1 == token.position);
            kept.push(token);
        }
        at += phrase.unwrap_or(1);
    }
    kept
}

/// Which tokens are stop words, or part of a stop phrase, by how a word or phrase is found in a list: as it
/// was said, or where the whole text is without marks also without them.
fn marked(tokens: &[Token], on: impl Fn(Shelf, &str) -> bool) -> Vec<bool> {
    let unmarked = !tokens.iter().any(Token::is_marked);
    let mut stops = vec![false; tokens.len()];
    for start in 0..tokens.len() {
        if is_negation(&tokens[start].exact) {
            continue;
        }
        let has = |key: &str| on(Shelf::Stop, key) || (unmarked && on(Shelf::BareStop, key));
        stops[start] |= has(&tokens[start].exact);
        // Few words begin a phrase.
        let most = if on(Shelf::StopHead, &tokens[start].exact) { LONGEST } else { 1 };
        for end in start + 2..=tokens.len().min(start + most) {
            if is_negation(&tokens[end - 1].exact) {
                break;
            }
            if has(&exact_key(&tokens[start..end])) {
                stops[start..end].fill(true);
            }
        }
    }
    stops
}

/// The stop words of a family as an index carries them.
pub(super) fn stops_of(table: &Table, family: Family, tokens: &[Token]) -> Vec<bool> {
    let key = RefCell::new(String::from(letter(family)));
    marked(tokens, |shelf, word| {
        let mut key = key.borrow_mut();
        key.truncate(letter(family).len_utf8());
        key.push_str(word);
        table.has(shelf, &key)
    })
}

/// Whether a word is a stop word of a family, where the whole query is with or without marks.
pub(super) fn is_stop(table: &Table, family: Family, exact: &str, unmarked: bool) -> bool {
    let key = word_key(family, exact);
    !is_negation(exact) && (table.has(Shelf::Stop, &key) || (unmarked && table.has(Shelf::BareStop, &key)))
}

/// Puts stop words and greetings into a table.
pub(super) fn shelve(builder: &mut Builder) {
    for family in Family::ALL {
        let words = stop_words(family);
        words.exact.iter().for_each(|word| builder.put(Shelf::Stop, &word_key(family, word), 1));
        words.folded.iter().for_each(|word| builder.put(Shelf::BareStop, &word_key(family, word), 1));
        words.heads.iter().for_each(|word| builder.put(Shelf::StopHead, &word_key(family, word), 1));
    }
    for phrase in GREETINGS {
        builder.put(Shelf::Greeting, &folded_key(&analyzer::analyze(phrase)), 1);
    }
    for phrase in SMALL_TALK {
        builder.put(Shelf::SmallTalk, &exact_key(&analyzer::analyze(phrase)), 1);
    }
}

/// The stop words and phrases of a family: exact forms, and the same without marks.
#[derive(Debug, Default)]
pub(super) struct StopWords {
    pub exact: BTreeSet<String>,
    pub folded: BTreeSet<String>,
    /// First words of phrases, both ways.
    heads: BTreeSet<String>,
    /// The shelves that each of them is on, a bit each.
    shelves: FxHashMap<String, u8>,
}

impl StopWords {
    fn read(list: &str) -> Self {
        let mut words = StopWords::default();
        let lines = list.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        for line in lines.filter(|line| !line.is_empty()) {
            let tokens = analyzer::analyze(line);
            if !tokens.iter().any(|token| is_negation(&token.exact)) {
                if tokens.len() > 1 {
                    words.heads.extend([tokens[0].exact.clone(), tokens[0].folded.clone()]);
                }
                words.folded.insert(folded_key(&tokens));
                words.exact.insert(exact_key(&tokens));
            }
        }
        let StopWords { exact, folded, heads, shelves } = &mut words;
        for (keys, shelf) in [(exact, Shelf::Stop), (folded, Shelf::BareStop), (heads, Shelf::StopHead)] {
            keys.iter().for_each(|key| *shelves.entry(key.clone()).or_default() |= 1 << shelf as u8);
        }
        words
    }

    /// Which tokens are stop words, or part of a stop phrase.
    pub fn marked(&self, tokens: &[Token]) -> Vec<bool> {
        marked(tokens, |shelf, key| self.shelves.get(key).is_some_and(|bits| bits & (1 << shelf as u8) != 0))
    }
}

fn is_negation(word: &str) -> bool {
    static ALL: LazyLock<FxHashSet<&str>> = LazyLock::new(|| NEGATIONS.into_iter().collect());
    ALL.contains(word)
}

/// The stop words of a family's language; none for a language of which we know nothing.
pub(super) fn stop_words(family: Family) -> &'static StopWords {
    static LISTS: [LazyLock<StopWords>; 5] = [
        LazyLock::new(|| StopWords::read(include_str!("stopwords/en.txt"))),
        LazyLock::new(|| StopWords::read(include_str!("stopwords/vi.txt"))),
        LazyLock::new(|| StopWords::read(include_str!("stopwords/zh.txt"))),
        LazyLock::new(|| StopWords::read(include_str!("stopwords/ms.txt"))),
        LazyLock::new(StopWords::default),
    ];
    match family {
        Family::English => &LISTS[0],
        Family::Vietnamese => &LISTS[1],
        Family::Chinese => &LISTS[2],
        Family::Malay => &LISTS[3],
        Family::Other => &LISTS[4],
    }
}

pub(super) fn folded_key(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.folded.as_str()).collect();
    words.join(" ")
}

pub(super) fn exact_key(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.exact.as_str()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::Lexicons;

    #[test]
    fn stop_words_are_never_negations_but_may_be_phrases() {
        let list = StopWords::read("# the\nthe\nnot\nvậy\n我們\nno\nhow are you\nnot at all\n");
        let marked = |text: &str| list.marked(&analyzer::analyze(text));
        assert_eq!(marked("the vậy not no"), [true, true, false, false]);
        assert_eq!(marked("vay the"), [true, true]);
        assert_eq!(marked("vay thế"), [false, false]);
        assert_eq!(marked("我們不貴"), [true, true, false, false]);
        assert_eq!(marked("how are you not at all"), [true, true, true, false, false, false]);
        let table = Lexicons::default().table;
        for family in Family::ALL {
            assert!(NEGATIONS.iter().all(|word| !is_stop(&table, family, word, true)));
        }
    }

    #[test]
    fn an_index_carries_the_same_lists() {
        let table = Lexicons::default().table;
        for (family, text) in [
            (Family::English, "well honestly it's not the right time for us"),
            (Family::Vietnamese, "dạ em ơi bên chị chưa cần đâu ạ"),
            (Family::Vietnamese, "da em oi ben chi chua can dau a"),
            (Family::Chinese, "其實我們現在不是時候"),
            (Family::Malay, "sebenarnya saya tak nak lah"),
        ] {
            let tokens = analyzer::analyze(text);
            let stops = stops_of(&table, family, &tokens);
            assert_eq!(stops, stop_words(family).marked(&tokens), "{text}");
            assert!(stops.contains(&true) && stops.contains(&false), "{text}");
        }
    }

    #[test]
    fn greetings_are_cut_out() {
        let table = Lexicons::default().table;
        let left = |query: &str| folded_key(&without_greetings(&analyzer::analyze(query), &table));
        assert_eq!(left("Hello, how are you today?"), "");
        assert_eq!(left("hello it's too expensive"), "its too expensive");
        assert_eq!(left("how are you different"), "different");
        assert_eq!(left("您好嗎"), "");
        let after = without_greetings(&analyzer::analyze("你好嗎太貴"), &table);
        assert_eq!(after.iter().map(|token| token.joined).collect::<Vec<_>>(), [false, true]);
        assert!(GREETINGS.iter().chain(&SMALL_TALK).all(|phrase| left(phrase).is_empty()));
        assert_eq!(left("yes, thanks, hello"), "");
        assert_eq!(left("rồi"), "");
        assert_eq!(left("ROI"), "roi");
        assert_eq!(left("yes but the price"), "yes but the price");
    }
}
