//! Every example in the README is run: the commands as transcripts, the YAML as a book.

mod program;

use std::path::Path;
use std::sync::Arc;

use callbook::book::{self, InputFile};

#[test]
fn commands_do_what_the_readme_says() {
    program::transcripts().case("README.md");
}

#[test]
fn yaml_in_the_readme_is_a_sound_book() {
    let readme =
        std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let blocks: Vec<&str> =
        readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert_eq!(blocks.len(), 3, "book.yaml, the small playbook, the large one");
    let file = |name: &str, text: &str| InputFile { name: Arc::from(name), bytes: text.as_bytes().to_vec() };
    let files = vec![
        file("book.yaml", blocks[0]),
        file("cold-call.yaml", blocks[1]),
        file("renewals.yaml", blocks[2]),
    ];
    let (book, mut findings) = book::load(files);
    let today = callbook::book::model::parse_date("2026-11-22").expect("a date");
    findings.extend(callbook::lint::lint(&book, &callbook::lint::Context { today }));
    // A short example has few words, and that is merely worth knowing.
    findings.retain(|finding| finding.severity != callbook::diagnostic::Severity::Info);
    assert!(findings.is_empty(), "{findings:#?}");
    assert_eq!(book.playbooks().count(), 2);
}
