//! Every example in the README is run: the commands as transcripts, the YAML as a book.

mod program;

use std::fs;
use std::path::Path;
use std::process::Command;
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

/// What stands in a block of the README.
fn block(fence: &str, mark: &str) -> String {
    let readme =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).expect("a README");
    let open = format!("```{fence}\n");
    let mut blocks = readme.split(&open).skip(1).filter_map(|rest| rest.split("```").next());
    blocks.find(|block| block.contains(mark)).expect("a block").to_string()
}

#[test]
fn the_hook_keeps_mistakes_out_and_the_workflow_tells_of_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let program = Path::new(env!("CARGO_BIN_EXE_callbook")).parent().expect("a folder");
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths([program.to_path_buf()].into_iter().chain(std::env::split_paths(&path)));
    let path = path.expect("a path");
    let sh = |script: &str| {
        let out = Command::new("sh")
            .args(["-c", script])
            .current_dir(folder.path())
            .env("PATH", &path)
            .env("HOME", folder.path())
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env_remove("CALLBOOK_BOOK")
            .output()
            .expect("a shell");
        let said =
            format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
        (out.status.code(), said)
    };
    let good = |script: &str| {
        let (code, said) = sh(script);
        assert_eq!(code, Some(0), "{script}: {said}");
        said
    };
    good("git init -q . && git config user.name T && git config user.email t@example.com && callbook init .");
    good(&block("sh", ".git/hooks/pre-commit"));
    good("git add -A && git commit -qm starter");
    let card = fs::read_to_string(folder.path().join("en/saas-outbound.yaml")).expect("a playbook");
    let faulty = card.replacen("utterances:", "uterances:", 1);
    fs::write(folder.path().join("en/saas-outbound.yaml"), faulty).expect("a file");
    let (code, said) = sh("git commit -qam typo");
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("did you mean `utterances`?"), "{said}");
    // What the workflow runs, on the same book.
    let workflow: serde_json::Value =
        serde_yaml::from_str(&block("yml", "callbook check")).expect("a workflow");
    let steps = workflow["jobs"]["check"]["steps"].as_array().expect("steps").clone();
    let run = steps.iter().filter_map(|step| step["run"].as_str()).filter(|run| run.starts_with("callbook "));
    let runs: Vec<&str> = run.collect();
    assert_eq!(runs.len(), 2, "check and test");
    let (code, said) = sh(runs[0]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("::error file=en/saas-outbound.yaml,line="), "{said}");
    good("git checkout -q .");
    for run in runs {
        good(run);
    }
    good("git commit -q --allow-empty -m 'as it was'");
}
