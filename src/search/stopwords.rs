//! Words that say nothing of themselves: stop words, greetings, and what is neither.
//!
//! They are left out of queries only, never of cards: buyers say "not now" and "who are you". The
//! lists in `stopwords/` have a word or a phrase a line, `#` begins a remark.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::language::Family;

use super::analyzer::{self, Token};
use super::lexicon::folded_key;

/// Words that turn a sentence round. They never count as stop words, whatever a list says.
const NEGATIONS: [&str; 40] = [
    "not", "no", "never", "none", "nothing", "dont", "doesnt", "didnt", "cant", "cannot", "wont", "isnt",
    "arent", "without", "nope", "không", "chưa", "chẳng", "chả", "đừng", "hông", "ko", "不", "没", "无",
    "别", "未", "沒", "無", "tak", "tidak", "bukan", "jangan", "belum", "tiada", "takde", "takda", "usah",
    "nggak", "gak",
];

/// What people say on the phone before they say anything. It is cut out of a query, so that a line
/// of nothing else finds nothing, whereas stop words count when there is nothing else.
const GREETINGS: [&str; 30] = [
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

/// A query without greetings.
pub(super) fn without_greetings(tokens: &[Token]) -> Vec<Token> {
    static PHRASES: LazyLock<BTreeSet<String>> =
        LazyLock::new(|| GREETINGS.iter().map(|p| folded_key(&analyzer::analyze(p))).collect());
    const LONGEST: usize = 5;
    let mut kept = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while at < tokens.len() {
        let most = LONGEST.min(tokens.len() - at);
        let greeting =
            (1..=most).rev().find(|&length| PHRASES.contains(&folded_key(&tokens[at..at + length])));
        if greeting.is_none() {
            let mut token = tokens[at].clone();
            // What stood before it may be gone.
            token.joined &= kept.last().is_some_and(|last: &Token| last.position + 1 == token.position);
            kept.push(token);
        }
        at += greeting.unwrap_or(1);
    }
    kept
}

/// The stop words and phrases of a family: exact forms, and the same without marks.
#[derive(Debug, Default)]
pub(super) struct StopWords {
    exact: BTreeSet<String>,
    folded: BTreeSet<String>,
    longest: usize,
}

impl StopWords {
    fn read(list: &str) -> Self {
        let mut words = StopWords::default();
        let lines = list.lines().map(|line| line.split('#').next().unwrap_or("").trim());
        for line in lines.filter(|line| !line.is_empty()) {
            let tokens = analyzer::analyze(line);
            if !tokens.iter().any(|token| is_negation(&token.exact)) {
                words.folded.insert(folded_key(&tokens));
                words.exact.insert(exact_key(&tokens));
                words.longest = words.longest.max(tokens.len());
            }
        }
        words
    }

    /// Whether a word is one; where the whole query is without marks, so is the comparison.
    pub fn has(&self, exact: &str, unmarked: bool) -> bool {
        self.exact.contains(exact) || (unmarked && self.folded.contains(exact) && !is_negation(exact))
    }

    /// Marks what tokens of a query are stop words, or part of a stop phrase.
    pub fn mark(&self, tokens: &[Token], stops: &mut [bool]) {
        let unmarked = !tokens.iter().any(Token::is_marked);
        for start in 0..tokens.len() {
            for end in start + 1..=tokens.len().min(start + self.longest) {
                let said = &tokens[start..end];
                if said.iter().any(|token| is_negation(&token.exact)) {
                    break;
                }
                if self.has(&exact_key(said), unmarked) {
                    stops[start..end].fill(true);
                }
            }
        }
    }
}

fn is_negation(word: &str) -> bool {
    NEGATIONS.contains(&word)
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

pub(super) fn exact_key(tokens: &[Token]) -> String {
    let words: Vec<&str> = tokens.iter().map(|token| token.exact.as_str()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_are_never_negations_but_may_be_phrases() {
        let list = StopWords::read("# the\nthe\nnot\nvậy\n我們\nno\n");
        assert!(list.has("the", true) && list.has("vậy", false) && list.has("vay", true));
        assert!(!list.has("vay", false) && !list.has("not", true) && !list.has("no", true));
        let mut stops = [false; 4];
        list.mark(&analyzer::analyze("我們不貴"), &mut stops);
        assert_eq!(stops, [true, true, false, false]);
        let phrases = StopWords::read("how are you\nnot at all\n");
        let mut stops = [false; 6];
        phrases.mark(&analyzer::analyze("how are you not at all"), &mut stops);
        assert_eq!(stops, [true, true, true, false, false, false]);
        for family in Family::ALL {
            assert!(NEGATIONS.iter().all(|word| !stop_words(family).has(word, true)));
        }
    }

    #[test]
    fn greetings_are_cut_out() {
        let left = |query: &str| folded_key(&without_greetings(&analyzer::analyze(query)));
        assert_eq!(left("Hello, how are you today?"), "");
        assert_eq!(left("hello it's too expensive"), "its too expensive");
        assert_eq!(left("how are you different"), "different");
        assert_eq!(left("您好嗎"), "");
        let after = without_greetings(&analyzer::analyze("你好嗎太貴"));
        assert_eq!(after.iter().map(|token| token.joined).collect::<Vec<_>>(), [false, true]);
        assert!(GREETINGS.iter().all(|phrase| left(phrase).is_empty()));
    }
}
