//! One place silenced, with a reason: `# callbook: allow too-long - the law wants it word for word`.
//!
//! A remark and not a key, because findings stand on items of lists and on book.yaml as well as on
//! cards, and a remark can stand everywhere. Behind something it speaks of its own line; on a line of
//! its own, of the next line that is none. Where that line only opens a text (`say: |`), of the text's
//! first line as well, for that is where findings on a text stand.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{SETTING, no_rule};
use crate::book::Book;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::{Position, SourceFile, Span};

/// How a remark to callbook begins, behind the `#`.
const MARK: &str = "callbook:";

struct Allowed<'a> {
    codes: Vec<&'a str>,
    reason: bool,
    /// The lines that it speaks of.
    lines: [u32; 2],
    span: Span,
    used: Vec<bool>,
}

/// The remarks of a file, and which of them speak of each line.
#[derive(Default)]
struct Remarks<'a> {
    all: Vec<Allowed<'a>>,
    by_line: BTreeMap<u32, Vec<usize>>,
}

/// Takes what the book allows out of the findings, and tells of remarks that do nothing.
pub fn apply(book: &Book, findings: &mut Vec<Diagnostic>) {
    let mut more = Vec::new();
    let mut files: BTreeMap<Arc<str>, Remarks<'_>> = BTreeMap::new();
    for (number, file) in book.sources.files().enumerate() {
        // Most files have none, and a search for one word is quick.
        if !file.text().contains(MARK) {
            continue;
        }
        let mut here = Remarks { all: remarks(book, number, file, &mut more), ..Remarks::default() };
        for (index, remark) in here.all.iter().enumerate() {
            remark.lines.iter().for_each(|line| here.by_line.entry(*line).or_default().push(index));
        }
        files.insert(file.name().clone(), here);
    }
    if files.is_empty() && more.is_empty() {
        return;
    }
    findings.retain(|finding| {
        let Some(Remarks { all, by_line }) = files.get_mut(&finding.file) else { return true };
        let mut silent = false;
        for index in by_line.get(&finding.span.start.line).into_iter().flatten() {
            let remark = &mut all[*index];
            for (code, used) in remark.codes.iter().zip(&mut remark.used) {
                if *code == finding.code {
                    *used = true;
                    silent |= remark.reason;
                }
            }
        }
        !silent
    });
    for (name, remarks) in &files {
        remarks.all.iter().for_each(|remark| unused(book, name, remark, &mut more));
    }
    findings.append(&mut more);
}

/// Tells of codes that a remark allows and that no finding here has.
fn unused(book: &Book, name: &Arc<str>, remark: &Allowed<'_>, out: &mut Vec<Diagnostic>) {
    let off =
        |code: &str| book.check.severity.get(code).is_some_and(|level| *level == super::CheckSeverity::Off);
    for (code, used) in remark.codes.iter().zip(&remark.used) {
        // What is not a rule has been told of, what is off cannot be found.
        if *used || no_rule(code).is_some() || off(code) {
            continue;
        }
        let message = format!("nothing here is `{code}`, so there is nothing to allow");
        let finding = Diagnostic::error("unused-allow", name, remark.span, message);
        out.push(finding.severity(Severity::Info).hint("take the remark away"));
    }
}

fn remarks<'a>(
    book: &Book,
    number: usize,
    file: &'a SourceFile,
    out: &mut Vec<Diagnostic>,
) -> Vec<Allowed<'a>> {
    let mut all = Vec::new();
    let lines: Vec<&str> = file.text().lines().collect();
    // What looks like a remark within a text is part of the text.
    let texts = book.sources.texts(number);
    for (index, line) in lines.iter().enumerate() {
        let Some((hash, order)) = remark(line) else { continue };
        let column = line[..hash].chars().count() as u32 + 1;
        let start = Position::new(index as u32 + 1, column);
        let before = texts.partition_point(|text| text.start <= start);
        if before > 0 && start < texts[before - 1].end {
            continue;
        }
        let end = Position::new(start.line, line.trim_end().chars().count() as u32 + 1);
        let span = Span { start, end };
        let mut fault = |message: String, hint: String| {
            let finding = Diagnostic::error(SETTING, file.name(), span, message);
            out.push(finding.severity(Severity::Warning).hint(hint));
        };
        let Some(rest) =
            order.strip_prefix("allow").filter(|rest| rest.starts_with([' ', ':']) || rest.is_empty())
        else {
            fault(
                "this remark speaks to callbook, but not in words that it knows".into(),
                "write `# callbook: allow CODE - reason`".into(),
            );
            continue;
        };
        let (codes, reason) = halves(rest.trim_start_matches(':'));
        let codes: Vec<&str> = codes.split([',', ' ']).filter(|code| !code.is_empty()).collect();
        if codes.is_empty() {
            fault(
                "this remark does not say what to allow".into(),
                "write `# callbook: allow CODE - reason`".into(),
            );
            continue;
        }
        for code in &codes {
            if let Some((message, hint)) = no_rule(code) {
                fault(message, hint.unwrap_or_default());
            }
        }
        if reason.is_empty() {
            let hint = format!("write why: `# callbook: allow {} - the reason`", codes.join(", "));
            fault("this remark gives no reason, so it silences nothing".into(), hint);
        }
        let target = target(&lines, index, line[..hash].trim().is_empty());
        let used = vec![false; codes.len()];
        all.push(Allowed { codes, reason: !reason.is_empty(), lines: target, span, used });
    }
    all
}

/// Where a remark to callbook begins in a line, and what it says.
fn remark(line: &str) -> Option<(usize, &str)> {
    line.match_indices('#').find_map(|(at, _)| {
        let begins = at == 0 || line[..at].ends_with([' ', '\t']);
        let order = line[at + 1..].trim_start().strip_prefix(MARK)?;
        begins.then_some((at, order.trim()))
    })
}

/// The codes and the reason of a remark: ` - ` or a dash parts them.
fn halves(rest: &str) -> (&str, &str) {
    let dash = [" - ", " – ", " — ", ": "];
    let cut = dash.iter().filter_map(|dash| rest.find(dash).map(|at| (at, dash.len()))).min();
    match cut {
        Some((at, length)) => (rest[..at].trim(), rest[at + length..].trim()),
        None => (rest.trim().trim_end_matches(['-', '–', '—', ':']).trim_end(), ""),
    }
}

/// The lines that the remark on a line speaks of, from 1.
fn target(lines: &[&str], index: usize, alone: bool) -> [u32; 2] {
    let silent = |line: &str| line.trim().is_empty() || line.trim_start().starts_with('#');
    let mut target = index;
    if alone {
        target = (index + 1..lines.len()).find(|next| !silent(lines[*next])).unwrap_or(index);
    }
    let said = lines[target].split(" #").next().unwrap_or_default().trim_end();
    let opens = said.ends_with(['|', '>']) || [":|-", ": |-", ": >-"].iter().any(|end| said.ends_with(end));
    let next = if opens || said.ends_with(':') { target + 1 } else { target };
    [target as u32 + 1, next as u32 + 1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_are_cut_into_codes_and_a_reason() {
        assert_eq!(remark("a: b # callbook: allow x - y"), Some((5, "allow x - y")));
        assert_eq!(remark("a: b#callbook: allow x"), None);
        assert_eq!(remark("# a callbook: b"), None);
        assert_eq!(halves(" too-long, jargon - for the law"), ("too-long, jargon", "for the law"));
        assert_eq!(halves(" too-long -"), ("too-long", ""));
        assert_eq!(halves(" too-long"), ("too-long", ""));
    }

    #[test]
    fn a_remark_speaks_of_its_line_or_of_the_next() {
        let lines = ["a: b # x", "# x", "# y", "", "say: |  # z", "  text", "c: d"];
        assert_eq!(target(&lines, 0, false), [1, 1]);
        assert_eq!(target(&lines, 1, true), [5, 6]);
        assert_eq!(target(&lines, 4, false), [5, 6]);
        assert_eq!(target(&lines, 6, false), [7, 7]);
    }
}
