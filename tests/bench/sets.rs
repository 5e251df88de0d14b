//! The relevance sets of `tests/search/` and what is measured on them.
//!
//! Each language has a set to tune on and one that is only ever measured; both were written by people
//! (or helpers) who knew the cards' ids and a dry description of each situation, never their words.

use std::path::Path;

use callbook::search::fold;
use serde::Deserialize;

/// The languages that have sets.
pub const LANGUAGES: [&str; 4] = ["en", "vi", "zh", "ms"];

/// Which of the two sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The one to tune on.
    Tune,
    /// The one that is only ever measured.
    Measured,
}

/// The sets of a language.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Set {
    /// Its language.
    pub language: String,
    /// What was heard and has an answer.
    pub heard: Vec<Row>,
    /// What was heard and has none.
    pub nothing: Vec<Row>,
}

/// One line of a set.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// What sort of line it is: paraphrase, spoken, stt, typo, keyword; small-talk, greeting, …
    pub kind: String,
    /// The words.
    pub heard: String,
    /// Chinese: the same in Simplified characters, as it is said on the mainland.
    #[serde(default)]
    pub hans: Option<String>,
    /// The ids of the cards that answer it, the best first; none for a line that has no answer.
    #[serde(default)]
    pub finds: Vec<String>,
}

/// Reads a set.
pub fn read(language: &str, part: Part) -> Set {
    let name = match part {
        Part::Tune => format!("{language}.tune.yaml"),
        Part::Measured => format!("{language}.measured.yaml"),
    };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/search").join(name);
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let set: Set = serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert_eq!(set.language, language, "{}", path.display());
    set
}

/// A card that an engine found.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// Its id.
    pub id: String,
    /// Its language.
    pub language: String,
    /// How well it fits.
    pub score: f32,
}

/// What an engine says to a query.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// What it shows, the best first.
    pub shown: Vec<Answer>,
    /// The best score that any card had, shown or not.
    pub best: f32,
}

/// Something that answers queries.
pub trait Engine {
    /// The best cards for a query.
    fn ask(&self, query: &str) -> Answers;
}

/// What was measured on some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Figures {
    /// How many rows.
    pub rows: usize,
    /// The share whose card came first.
    pub recall_1: f32,
    /// The share whose card was among the first three.
    pub recall_3: f32,
    /// The mean of one over the card's rank.
    pub mrr: f32,
}

/// How well lines with an answer are told from those without.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Telling {
    /// The chance that a line with an answer scores higher than one without; equal scores are half.
    pub auc: f32,
    /// The share of lines without an answer at or above the score that 90 % of the others reach.
    pub false_alarms: f32,
    /// The share of lines without an answer to which something is shown.
    pub shown: f32,
}

/// The rank of the card that was wanted, from 1, and the best score.
#[derive(Debug, Clone, Copy)]
pub struct Outcome {
    /// From 1; none if it was not shown.
    pub rank: Option<usize>,
    /// See [`Answers::best`].
    pub best: f32,
    /// Whether anything was shown.
    pub shown: bool,
}

/// Asks and judges. A card counts if its id is wanted and its language is the row's.
pub fn outcome(engine: &dyn Engine, language: &str, query: &str, finds: &[String]) -> Outcome {
    let answers = engine.ask(query);
    let wanted =
        |answer: &Answer| finds.contains(&answer.id) && answer.language.split('-').next() == Some(language);
    Outcome {
        rank: answers.shown.iter().position(wanted).map(|at| at + 1),
        best: answers.best,
        shown: !answers.shown.is_empty(),
    }
}

/// Sums outcomes up.
pub fn figures(outcomes: &[Outcome]) -> Figures {
    let share = |count: usize| count as f32 / outcomes.len().max(1) as f32;
    let within =
        |most: usize| share(outcomes.iter().filter(|one| one.rank.is_some_and(|r| r <= most)).count());
    let mrr = outcomes.iter().filter_map(|one| one.rank).map(|rank| 1.0 / rank as f32).sum::<f32>();
    Figures {
        rows: outcomes.len(),
        recall_1: within(1),
        recall_3: within(3),
        mrr: mrr / outcomes.len().max(1) as f32,
    }
}

/// How well the two sorts of lines are told apart.
pub fn telling(heard: &[Outcome], nothing: &[Outcome]) -> Telling {
    let mut wins = 0.0;
    for one in heard {
        for other in nothing {
            wins += match one.best.total_cmp(&other.best) {
                std::cmp::Ordering::Greater => 1.0,
                std::cmp::Ordering::Equal => 0.5,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    let mut scores: Vec<f32> = heard.iter().map(|one| one.best).collect();
    scores.sort_by(f32::total_cmp);
    let threshold = scores.get(scores.len() / 10).copied().unwrap_or(0.0);
    let count = nothing.len().max(1) as f32;
    Telling {
        auc: wins / (heard.len().max(1) * nothing.len().max(1)) as f32,
        false_alarms: nothing.iter().filter(|one| one.best >= threshold).count() as f32 / count,
        shown: nothing.iter().filter(|one| one.shown).count() as f32 / count,
    }
}

/// A line without marks, as it is typed in haste; the same where there are none.
pub fn without_marks(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let bare = text.nfd().filter(|c| !('\u{0300}'..='\u{036F}').contains(c));
    bare.map(|c| match c {
        'đ' => 'd',
        'Đ' => 'D',
        other => other,
    })
    .collect()
}

/// The line with one slip of the keyboard in its longest word of five letters or more: two letters
/// swapped, one left out, one doubled, or a neighbouring one, in turn by `seed`. Nothing if there is
/// no such word.
pub fn mistyped(text: &str, seed: usize) -> Option<String> {
    const ROWS: [&str; 3] = ["qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let words: Vec<&str> = text.split(' ').collect();
    let is_plain = |word: &&str| word.len() >= 5 && word.chars().all(|c| c.is_ascii_lowercase());
    let (place, word) = words
        .iter()
        .enumerate()
        .filter(|(_, word)| is_plain(word))
        .max_by_key(|(at, word)| (word.len(), *at))?;
    let mut letters: Vec<char> = word.chars().collect();
    let at = 1 + seed % (letters.len() - 2);
    match seed % 4 {
        0 if letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters.insert(at, letters[at]),
        _ => {
            let row = ROWS.iter().find(|row| row.contains(letters[at]))?;
            let column = row.find(letters[at])?;
            let next = if column + 1 < row.len() { column + 1 } else { column - 1 };
            letters[at] = row.as_bytes()[next] as char;
        }
    }
    let slipped: String = letters.into_iter().collect();
    let mut out: Vec<&str> = words.clone();
    out[place] = &slipped;
    let out = out.join(" ");
    (fold(&out) != fold(text)).then_some(out)
}
