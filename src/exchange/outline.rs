//! Objections in Markdown: those that callbook wrote, and lists as people write them, with headings, keys
//! such as `Response: …`, items and tables.
//!
//! It is read line by line. A heading with text of its own is an objection, and headings below it are its
//! answers; the deepest headings are objections where those above have no text. Where there are tables
//! and no headings below them, the tables are the list.

use super::Found;
use super::columns::{Role, role_of};
use super::draft::{Draft, bullet, category, unquoted};
use super::sheet::{LONGEST, Left, MOST_ROWS, Row, Sheet, Where, clean};

/// A heading and what stands below it, up to the next one.
struct Section {
    place: Where,
    /// 0 for what stands before the first heading.
    level: usize,
    title: String,
    lines: Vec<(u32, String)>,
}

fn at(line: u32) -> Where {
    Where { sheet: None, row: line, unit: "line" }
}

/// A heading: how deep, and its text.
fn heading(line: &str) -> Option<(usize, String)> {
    let rest = line.trim_start_matches('#');
    let level = line.len() - rest.len();
    ((1..=6).contains(&level) && (rest.is_empty() || rest.starts_with(' ')))
        .then(|| (level, clean(rest.trim().trim_end_matches('#'))))
}

/// The cells of a line of a table.
fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.trim().strip_prefix('|')?;
    let inner = inner.strip_suffix('|').unwrap_or(inner).replace("\\|", "\u{E000}");
    let cell = |cell: &str| {
        clean(&plain(&cell.replace('\u{E000}', "|").replace("<br>", "\n").replace("<br/>", "\n")))
    };
    Some(inner.split('|').map(cell).collect())
}

/// A text without the signs of bold and code around it.
fn plain(text: &str) -> String {
    let mut text = text.trim();
    for sign in ["**", "__", "`"] {
        if let Some(inner) = text.strip_prefix(sign).and_then(|rest| rest.strip_suffix(sign))
            && !inner.is_empty()
            && !inner.contains(sign)
        {
            text = inner;
        }
    }
    text.to_string()
}

fn is_rule(cells: &[String]) -> bool {
    cells.iter().all(|cell| cell.contains('-') && cell.chars().all(|c| matches!(c, '-' | ':' | ' ')))
}

pub(super) fn read(text: &str) -> Found {
    let mut sections = vec![Section { place: at(1), level: 0, title: String::new(), lines: Vec::new() }];
    let (mut left, mut rows): (Vec<Left>, Vec<Row>) = (Vec::new(), Vec::new());
    let mut comment = false;
    for (line, number) in text.lines().zip(1u32..) {
        if number as usize > MOST_ROWS * 10 {
            left.push(Left::at(&at(number), "the file goes on; split it", line));
            break;
        }
        if line.chars().count() > LONGEST {
            left.push(Left::at(&at(number), format!("the line has more than {LONGEST} characters"), line));
            continue;
        }
        let trimmed = line.trim();
        if comment || trimmed.starts_with("<!--") {
            comment = !trimmed.ends_with("-->");
            continue;
        }
        if let Some((level, title)) = heading(line) {
            sections.push(Section { place: at(number), level, title, lines: Vec::new() });
        } else if let Some(cells) = cells(line) {
            if !is_rule(&cells) {
                rows.push(Row { place: at(number), cells });
            }
        } else if !trimmed.is_empty()
            && !trimmed.chars().all(|c| matches!(c, '-' | '*' | '_' | '=' | ' '))
            && let Some(last) = sections.last_mut()
        {
            last.lines.push((number, line.to_string()));
        } else if trimmed.is_empty()
            && let Some(last) = sections.last_mut()
        {
            last.lines.push((number, String::new()));
        }
    }
    for section in &mut sections {
        while section.lines.last().is_some_and(|(_, line)| line.is_empty()) {
            section.lines.pop();
        }
    }
    // A table is the list, whatever is said around it.
    if rows.len() >= 2 {
        for section in &sections {
            for (number, line) in section.lines.iter().filter(|(_, line)| !line.is_empty()) {
                left.push(Left::at(&at(*number), "it stands outside of the table", line));
            }
        }
        return Found::Sheets(vec![Sheet { name: None, rows }], left);
    }
    let drafts = of_sections(&sections, &mut left);
    Found::Drafts(drafts, left)
}

fn of_sections(sections: &[Section], left: &mut Vec<Left>) -> Vec<Draft> {
    let text = |section: &Section| section.lines.iter().any(|(_, line)| !line.is_empty());
    let parent = |index: usize| {
        let level = sections[index].level;
        (0..index).rev().find(|above| sections[*above].level < level && sections[*above].level > 0)
    };
    let has_below =
        |index: usize| sections.get(index + 1).is_some_and(|next| next.level > sections[index].level);
    // The one heading at the very top is the name of the list.
    let top = sections.iter().filter(|section| section.level == 1).count();
    let mut what: Vec<Option<usize>> = vec![None; sections.len()];
    let mut drafts: Vec<Draft> = Vec::new();
    for (index, section) in sections.iter().enumerate() {
        let name = section.level == 1 && has_below(index) && (top == 1 || !text(section) || intro(section));
        if section.level == 0 || name {
            for (number, line) in section.lines.iter().filter(|(_, line)| !line.is_empty()) {
                left.push(Left::at(&at(*number), "it stands above the first objection", line));
            }
            continue;
        }
        let above = parent(index).and_then(|above| what[above]);
        if let Some(number) = above {
            // An answer of the objection above.
            what[index] = Some(number);
            answer(&mut drafts[number], section, left);
            continue;
        }
        if !text(section) {
            if !has_below(index) {
                left.push(Left::at(&section.place, "there is nothing below this heading", &section.title));
            }
            continue;
        }
        let mut draft = Draft::at(section.place.clone());
        draft.title = unquoted(&bullet(&plain(&section.title))).to_string();
        draft.category = parent(index).and_then(|above| category(&sections[above].title));
        body(&mut draft, section, left);
        drafts.push(draft);
        what[index] = Some(drafts.len() - 1);
    }
    let mut done = Vec::new();
    for draft in drafts {
        match draft.finish() {
            Ok(draft) => done.push(draft),
            Err(why) => left.push(why),
        }
    }
    done
}

/// Whether what a section says is nothing but sentences.
fn intro(section: &Section) -> bool {
    section.lines.iter().all(|(_, line)| keyed(line).is_none() && !line.starts_with(['-', '*', '>']))
}

/// A line `- key: text` or `**Key:** text`, where the key is known.
fn keyed(line: &str) -> Option<(Role, String)> {
    let line = bullet(line);
    let bold = line.strip_prefix("**").and_then(|rest| rest.split_once("**"));
    let (key, text) = match bold {
        Some((key, text)) => (key.trim().trim_end_matches([':', '：']), text.trim_start_matches([':', '：'])),
        None => line.split_once([':', '：'])?,
    };
    let known = role_of(key).filter(|(_, fit)| *fit == 2 && key.chars().count() <= 30);
    known.map(|(role, _)| (role, text.trim().to_string()))
}

/// What is being read: the words of an answer, or what belongs to a key that stood alone on its line.
enum Reading {
    Nothing,
    Quote(String),
    Under(Role),
}

/// The keys and answers of an objection.
fn body(draft: &mut Draft, section: &Section, left: &mut Vec<Left>) {
    let mut reading = Reading::Nothing;
    let mut waiting: Vec<(u32, Role, String)> = Vec::new();
    let take = |draft: &mut Draft, number: u32, role: Role, text: &str, left: &mut Vec<Left>| {
        // The title of a section is its heading, and what a table calls the objection is what was heard.
        let role = if role == Role::Title { Role::Heard } else { role };
        if let Some(fault) = draft.take(role, &clean(text)) {
            left.push(Left::at(&at(number), fault, text));
        }
    };
    for (number, line) in &section.lines {
        let number = *number;
        if let Some(quote) = line.trim_start().strip_prefix('>') {
            let quote = quote.strip_prefix(' ').unwrap_or(quote);
            match &mut reading {
                Reading::Quote(said) => {
                    said.push('\n');
                    said.push_str(quote);
                }
                _ => reading = Reading::Quote(quote.to_string()),
            }
            continue;
        }
        if let Reading::Quote(said) = &reading {
            take(draft, number, Role::Say, said, left);
            reading = Reading::Nothing;
        }
        if line.trim().is_empty() {
            continue;
        }
        match (keyed(line), &reading) {
            (Some((role, text)), _) if text.is_empty() => reading = Reading::Under(role),
            (Some((role, text)), _) => {
                // What belongs to an answer may stand before it.
                match draft.responses.is_empty() && is_of_answer(role) {
                    true => waiting.push((number, role, text)),
                    false => take(draft, number, role, &text, left),
                }
                reading = Reading::Nothing;
            }
            (None, Reading::Under(role)) => {
                let (role, text) = (*role, plain(&bullet(line)));
                take(draft, number, role, unquoted(&text), left);
            }
            (None, _) => {
                let text = plain(&bullet(line));
                // A line that goes on where the one above was broken.
                let item = bullet(line) != line.trim();
                let near = section.lines.iter().find(|(other, _)| *other + 1 == number);
                let goes_on = !item
                    && near.is_some_and(|(_, above)| !above.trim().is_empty() && keyed(above).is_none());
                match draft.responses.last_mut().filter(|_| goes_on) {
                    Some(last) => {
                        last.say.push(' ');
                        last.say.push_str(&clean(&text));
                    }
                    None => take(draft, number, Role::Say, &text, left),
                }
            }
        }
    }
    if let Reading::Quote(said) = &reading {
        let last = section.lines.last().map_or(section.place.row, |(number, _)| *number);
        take(draft, last, Role::Say, said, left);
    }
    for (number, role, text) in waiting {
        take(draft, number, role, &text, left);
    }
}

fn is_of_answer(role: Role) -> bool {
    matches!(role, Role::Response | Role::Technique | Role::When | Role::Bridge | Role::Ask | Role::Avoid)
}

/// An answer with a heading of its own.
fn answer(draft: &mut Draft, section: &Section, left: &mut Vec<Left>) {
    let mut one = Draft::at(section.place.clone());
    body(&mut one, section, left);
    if one.responses.is_empty() {
        left.push(Left::at(&section.place, "there are no words to say below this heading", &section.title));
    }
    let title = unquoted(&bullet(&plain(&section.title))).to_string();
    if let Some(first) = one.responses.first_mut().filter(|first| first.id.is_none()) {
        let is_id = crate::book::id_fault(&title).is_none();
        match is_id {
            true => first.id = Some(title),
            false if first.when.is_none() && role_of(&title).is_none() => first.when = Some(title),
            false => {}
        }
    }
    for heard in &one.utterances {
        draft.take(Role::Heard, heard);
    }
    draft.responses.append(&mut one.responses);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each objection as `title [category] = answers | …`, then what was left out as `line: why`.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let Found::Drafts(drafts, left) = read(text) else { panic!("a table: {text}") };
        let mut found: Vec<String> = drafts
            .iter()
            .map(|draft| {
                let says: Vec<&str> = draft.responses.iter().map(|one| one.say.as_str()).collect();
                let heard = draft.utterances.join("; ");
                let category = draft.category.as_deref().unwrap_or("-");
                format!("{} [{category}] ({heard}) = {}", draft.title, says.join(" | "))
            })
            .collect();
        found.extend(
            left.iter()
                .map(|left| format!("{}: {}", left.place.as_ref().map_or(0, |place| place.row), left.why)),
        );
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn lists_as_people_write_them() {
        check(
            "# Our objections\nHow to use this.\n\n## Price\n\n### \"It's too expensive\"\nResponse: Compared with what?\n\n### No budget\n- Whose budget\n  is it?\n- When is the next one?\n",
            &[
                "It's too expensive [price] (It's too expensive) = Compared with what?",
                "No budget [price] (No budget) = Whose budget is it? | When is the next one?",
                "2: it stands above the first objection",
            ],
        );
        check(
            "## Đắt quá\n**Khách nói:**\n- đắt thế\n- mắc quá\n\n**Trả lời:** So với gì ạ?\n\n## 太貴\n回應：跟什麼比呢？\n## Nothing\n",
            &[
                "Đắt quá [-] (đắt thế; mắc quá) = So với gì ạ?",
                "太貴 [-] (太貴) = 跟什麼比呢？",
                "10: there is nothing below this heading",
            ],
        );
        check(
            "just text\nand more\n",
            &["1: it stands above the first objection", "2: it stands above the first objection"],
        );
    }

    #[test]
    fn tables_are_lists() {
        let Found::Sheets(sheets, left) =
            read("# T\n| Objection | Answer |\n|---|:-:|\n| **Too much** | a \\| b<br>c |\n")
        else {
            panic!("no table")
        };
        assert_eq!(sheets[0].rows.len(), 2);
        assert_eq!(sheets[0].rows[1].cells, ["Too much", "a | b\nc"]);
        assert_eq!((sheets[0].rows[1].place.row, left.len()), (4, 0));
    }
}
