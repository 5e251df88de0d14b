//! A part more in a file that somebody has written: nothing else of it changes.

use callbook::book::insert::{Entry, Written, append};
use callbook::project::STARTER;
use proptest::prelude::*;

use crate::support::{cases, file};

const LISTS: [&str; 8] =
    ["stages", "objections", "questions", "closes", "signals", "competitors", "proofs", "outcomes"];

fn part(text: &str) -> Vec<Entry> {
    vec![
        Entry::Key("id", Written::Text("added-here".into())),
        Entry::Remark("a remark"),
        Entry::Key("x-text", Written::Text(text.into())),
        Entry::Key("x-list", Written::Texts(vec![text.into(), "two".into()])),
    ]
}

/// The new text is the old one with one stretch more.
#[track_caller]
fn only_more(name: &str, old: &str, new: &str) {
    let same = old.bytes().zip(new.bytes()).take_while(|(a, b)| a == b).count();
    assert!(new.len() > old.len(), "{name}: nothing was added");
    assert!(new.as_bytes().ends_with(&old.as_bytes()[same..]), "{name}: something else has changed");
}

#[test]
fn every_list_of_the_starter_takes_a_part() {
    for (name, text) in STARTER.iter().filter(|(name, _)| *name != "book.yaml") {
        for list in LISTS {
            for text in [text.to_string(), text.replace('\n', "\r\n"), text.trim_end().to_string()] {
                let new = append(&text, list, &part("It's: one"))
                    .unwrap_or_else(|why| panic!("{name} {list}: {why}"));
                only_more(name, &text, &new);
                let (raw, _) = callbook::book::read_one(file("demo.yaml", new));
                assert!(raw.is_some(), "{name} {list}");
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(300))]
    #[test]
    fn any_file_and_any_text(
        lines in prop::collection::vec("( {0,6}(- |-  )?([a-c]|closes): ?(\\[\\]|\\[x, y\\]|[|]|\"q # r\"|v # w|))|( {0,6}- z)|( {0,4}# r)|", 0..12),
        text in "\\PC{0,30}",
        crlf in any::<bool>(),
    ) {
        let old = lines.join(if crlf { "\r\n" } else { "\n" });
        // It is done so that it reads the same with one more, or it is not done.
        if let Ok(new) = append(&old, "closes", &part(&text)) {
            only_more(&old, &old, &new);
        }
    }
}
