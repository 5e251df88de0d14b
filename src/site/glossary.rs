//! What the words of the trade mean, in the handbook's own languages. One text a language: a key, for
//! general terms their name, and the meaning, with tabs between them.

use super::words::Words;

/// A word of the trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry {
    /// What it is of.
    pub of: Of,
    /// What it is called.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
}

/// What a word is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// The trade as a whole.
    Trade(&'static str),
    /// A kind of objection.
    Kind(&'static str),
    /// A way to answer or to close.
    Technique(&'static str),
}

/// The words of a language, in the order in which they are explained.
pub(super) fn entries(w: &'static Words) -> Vec<Entry> {
    let text = match w.tag {
        "vi" => include_str!("glossary/vi.txt"),
        "zh-Hant" => include_str!("glossary/zh_hant.txt"),
        "zh-Hans" => include_str!("glossary/zh_hans.txt"),
        "ms" => include_str!("glossary/ms.txt"),
        _ => include_str!("glossary/en.txt"),
    };
    text.lines().filter_map(|line| entry(line, w)).collect()
}

fn entry(line: &'static str, w: &Words) -> Option<Entry> {
    let (key, rest) = line.split_once('\t')?;
    let (of, name, meaning) = match key.split_once('/') {
        Some(("kind", id)) => (Of::Kind(id), w.kind_names.of(id), rest),
        Some((_, id)) => (Of::Technique(id), w.technique_names.of(id), rest),
        None => {
            let (name, meaning) = rest.split_once('\t')?;
            (Of::Trade(key), name, meaning)
        }
    };
    Some(Entry { of, name, meaning })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::Language;

    #[test]
    fn every_language_explains_the_same_words() {
        let of = |tag: &str| entries(Words::of(&Language::parse(tag).expect(tag)));
        let english = of("en");
        let keys = |list: &[Entry]| -> Vec<Of> { list.iter().map(|entry| entry.of).collect() };
        for tag in ["vi", "zh-Hant", "zh-Hans", "ms"] {
            assert_eq!(keys(&of(tag)), keys(&english), "{tag}");
            assert!(of(tag).iter().all(|entry| !entry.meaning.contains('\t') && !entry.name.is_empty()));
        }
        let w = Words::english();
        let lines = include_str!("glossary/en.txt").lines().count();
        assert_eq!(english.len(), lines, "a line that is not read");
        for (technique, _) in w.technique_names.0 {
            assert!(english.iter().any(|entry| entry.of == Of::Technique(technique)), "{technique}");
        }
        for (kind, _) in w.kind_names.0 {
            assert!(english.iter().any(|entry| entry.of == Of::Kind(kind)), "{kind}");
        }
    }
}
