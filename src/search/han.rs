//! Traditional → Simplified Chinese, character by character.
//!
//! Both the cards and the query are put through the same table, so a query in either script finds
//! cards in either, with the same score (`dependencies.md`: dictionary segmenters cost 160–210 ms
//! at every start and miss across scripts). The data is OpenCC's; see `NOTICE-opencc.txt`.

use std::sync::LazyLock;

/// One pair a line, sorted by the first character.
pub(super) const TABLE: &str = include_str!("t2s.txt");

static PAIRS: LazyLock<Vec<(char, char)>> = LazyLock::new(|| {
    TABLE
        .lines()
        .filter_map(|line| {
            let mut chars = line.chars();
            Some((chars.next()?, chars.next()?))
        })
        .collect()
});

/// What Taiwan writes otherwise and OpenCC leaves alone: "you", "it", and the aspect particle.
pub(super) const BESIDES: [char; 3] = ['妳', '牠', '著'];

/// The Simplified form of a character; any other comes back as it is.
pub fn simplified(c: char) -> char {
    match c {
        // Below the first entry of the table: Latin, kana, Hangul and punctuation pay nothing.
        '\0'..'\u{3400}' => c,
        // See `BESIDES`.
        '妳' => '你',
        '牠' => '它',
        '著' => '着',
        _ => PAIRS.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| PAIRS[at].1),
    }
}

/// Whether a character is Han: written alike by Chinese, Japanese and Korean.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3005}' | '\u{3007}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}'
        | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Whether a script is written without spaces between words, or agglutinates so much that pairs
/// of characters serve better than words: Han, kana, Hangul, Thai, Lao, Burmese and Khmer.
pub fn is_unspaced(c: char) -> bool {
    is_han(c)
        || matches!(c, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}'
            | '\u{1780}'..='\u{17FF}' | '\u{2E80}'..='\u{2FDF}' | '\u{3021}'..='\u{3029}'
            | '\u{3040}'..='\u{31BF}' | '\u{31F0}'..='\u{31FF}' | '\u{A960}'..='\u{A97F}'
            | '\u{AC00}'..='\u{D7FF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_whole_and_settled() {
        assert_eq!(PAIRS.len(), TABLE.lines().count());
        assert!(PAIRS.is_sorted_by(|a, b| a.0 < b.0));
        assert!(PAIRS[0].0 >= '\u{3400}');
        for (from, to) in PAIRS.iter() {
            assert_ne!(from, to);
            assert_eq!(simplified(*to), *to, "{from} goes on beyond {to}");
        }
    }

    #[test]
    fn both_scripts_meet() {
        let fold = |text: &str| text.chars().map(simplified).collect::<String>();
        assert_eq!(fold("價格太貴了"), "价格太贵了");
        assert_eq!(fold("先寄資料給我"), fold("先寄资料给我"));
        assert_eq!(fold("妳們"), "你们");
        assert_eq!(fold("Tideboard 三年"), "Tideboard 三年");
    }
}
