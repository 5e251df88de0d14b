//! Objections as Markdown that people read and `import` reads again.
//!
//! An objection is a heading of the second level, an answer one of the third; keys are items `- key:
//! text`; the words to say stand as a quotation, so that nothing in them is taken for anything else.

use std::fmt::Write;

use crate::book::model::{Answer, Book, Objection, Step, Volume};

/// The turns of an answer: what each does, its words, and whether to wait.
pub type Turn = (Option<String>, String, bool);

/// The turns of an answer as lines: `1. (explore, wait) Compared with what?`.
pub(super) fn turns(steps: &[Step]) -> String {
    let line = |(index, step): (usize, &Step)| {
        let does = step.step.as_deref().unwrap_or("say");
        let wait = if step.wait { ", wait" } else { "" };
        let say = step.say.source().trim().replace('\n', " ");
        format!("{}. ({does}{wait}) {say}", index + 1)
    };
    steps.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
}

/// The same read again; nothing where a text is no turns.
pub(super) fn turns_of(text: &str) -> Option<Vec<Turn>> {
    let turn = |(index, line): (usize, &str)| -> Option<Turn> {
        let rest = line.strip_prefix(&format!("{}. (", index + 1))?;
        let (does, say) = rest.split_once(") ")?;
        let (does, wait) = does.strip_suffix(", wait").map_or((does, false), |does| (does, true));
        let named = !does.is_empty() && !does.contains(['(', ',', '\n']);
        named.then(|| ((does != "say").then(|| does.to_string()), say.trim().to_string(), wait))
    };
    text.lines().enumerate().map(turn).collect()
}

fn key(out: &mut String, key: &str, text: &str) {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let _ = writeln!(out, "- {key}: {}", lines.join(" "));
}

fn objection(out: &mut String, objection: &Objection) {
    let _ = writeln!(out, "\n## {}\n", objection.title.replace('\n', " "));
    key(out, "id", objection.id.as_str());
    let known = [
        ("code", objection.code.as_deref()),
        ("kind", Some(objection.kind.as_str())),
        ("category", objection.category.as_deref()),
    ];
    known.into_iter().for_each(|(name, text)| text.into_iter().for_each(|text| key(out, name, text)));
    objection.why.iter().for_each(|why| key(out, "why", why.source()));
    objection.utterances.iter().for_each(|heard| key(out, "heard", heard));
    for response in &objection.responses {
        let _ = writeln!(out, "\n### {}\n", response.id);
        let mut head = String::new();
        response.technique.iter().for_each(|text| key(&mut head, "technique", text));
        response.when.iter().for_each(|text| key(&mut head, "when", text.source()));
        response.bridge.iter().for_each(|text| key(&mut head, "bridge", text.source()));
        response.ask.iter().for_each(|text| key(&mut head, "ask", text.source()));
        response.avoid.iter().for_each(|text| key(&mut head, "avoid", text.source()));
        if !head.is_empty() {
            *out += &head;
            out.push('\n');
        }
        let say = match &response.answer {
            Answer::Say(say) => say.source().trim().to_string(),
            Answer::Steps(steps) => turns(steps),
        };
        for line in say.lines() {
            let _ = writeln!(out, "{}", format!("> {line}").trim_end());
        }
    }
}

/// The objections of some volumes, as they are written, templates and all.
pub fn markdown<'a>(book: &Book, volumes: impl IntoIterator<Item = &'a Volume>) -> String {
    let mut out = String::new();
    for volume in volumes.into_iter().filter(|volume| !volume.objections.is_empty()) {
        let gap = if out.is_empty() { "" } else { "\n" };
        let _ = writeln!(
            out,
            "{gap}# {}\n\n<!-- {} · {} -->",
            volume.title.replace('\n', " "),
            volume.id,
            volume.language
        );
        volume.objections.iter().for_each(|one| objection(&mut out, one));
    }
    if out.is_empty() {
        let _ = writeln!(out, "# {}", book.title);
    }
    out
}
