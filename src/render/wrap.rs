//! Text in columns: breaks lines where its language allows, keeps styles, and lets no control
//! character through to a terminal.

use anstyle::{AnsiColor, Style as Ansi};
use unicode_width::UnicodeWidthChar;

use crate::markdown::{Block, Run, Style};

/// How a style looks in a terminal.
pub fn ansi(style: Style) -> Ansi {
    let mut ansi = Ansi::new();
    if style.strong {
        ansi = ansi.bold();
    }
    if style.emphasis {
        ansi = ansi.italic();
    }
    if style.code {
        ansi = ansi.fg_color(Some(AnsiColor::Cyan.into()));
    }
    if style.value {
        ansi = ansi.underline();
    }
    if style.blank {
        ansi = ansi.fg_color(Some(AnsiColor::Yellow.into())).bold();
    }
    ansi
}

/// Takes out what a terminal could take for a command.
pub fn harmless(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// How many columns a text takes.
pub fn width(text: &str) -> usize {
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// A text cut to so many columns, with an ellipsis where something is left out.
pub fn cut(text: &str, columns: usize) -> String {
    let text = harmless(text).replace('\n', " ");
    if width(&text) <= columns {
        return text;
    }
    let mut out = String::new();
    let mut used = 0;
    for c in text.chars() {
        let wide = c.width().unwrap_or(0);
        if used + wide + 1 > columns {
            break;
        }
        used += wide;
        out.push(c);
    }
    out.push('…');
    out
}

/// Marks that must not begin a line, and marks that must not end one, in Chinese typesetting.
const NOT_FIRST: &str = "，。！？：；、」』）》〉】”’,.!?:;)…%％";
const NOT_LAST: &str = "「『（《〈【“‘(";

/// Breaks runs into lines of at most so many columns. A word longer than a line is cut.
pub fn wrap(runs: &[Run], columns: usize) -> Vec<Vec<Run>> {
    let columns = columns.max(8);
    let mut lines: Vec<Vec<(char, Style)>> = vec![Vec::new()];
    let mut used = 0;
    // The word that is being read, and the spaces before it.
    let mut word: Vec<(char, Style)> = Vec::new();
    let mut spaces: Vec<(char, Style)> = Vec::new();
    let wide = |c: char| c.width().unwrap_or(0);
    fn columns_of(word: &[(char, Style)]) -> usize {
        word.iter().map(|(c, _)| c.width().unwrap_or(0)).sum()
    }
    let place = |lines: &mut Vec<Vec<(char, Style)>>,
                 used: &mut usize,
                 spaces: &mut Vec<(char, Style)>,
                 word: &mut Vec<(char, Style)>| {
        if word.is_empty() {
            return;
        }
        let need = columns_of(word);
        let gap = columns_of(spaces);
        let Some(line) = lines.last_mut() else { return };
        if *used > 0 && *used + gap + need <= columns {
            line.append(spaces);
            *used += gap;
        } else if *used > 0 {
            lines.push(Vec::new());
            *used = 0;
        }
        spaces.clear();
        for (c, style) in word.drain(..) {
            if *used + wide(c) > columns {
                lines.push(Vec::new());
                *used = 0;
            }
            if let Some(line) = lines.last_mut() {
                line.push((c, style));
            }
            *used += wide(c);
        }
    };
    for run in runs {
        for c in run.text.chars() {
            if c == '\n' {
                place(&mut lines, &mut used, &mut spaces, &mut word);
                spaces.clear();
                lines.push(Vec::new());
                used = 0;
            } else if c.is_control() {
                continue;
            } else if c.is_whitespace() && c != '\u{A0}' {
                place(&mut lines, &mut used, &mut spaces, &mut word);
                spaces.push((' ', run.style));
            } else {
                let breaks = match word.last() {
                    Some((last, _)) => {
                        (wide(c) == 2 || wide(*last) == 2)
                            && !NOT_FIRST.contains(c)
                            && !NOT_LAST.contains(*last)
                    }
                    None => false,
                };
                if breaks {
                    place(&mut lines, &mut used, &mut spaces, &mut word);
                }
                word.push((c, run.style));
            }
        }
    }
    place(&mut lines, &mut used, &mut spaces, &mut word);
    lines.into_iter().map(regroup).collect()
}

fn regroup(line: Vec<(char, Style)>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (c, style) in line {
        match runs.last_mut() {
            Some(last) if last.style == style => last.text.push(c),
            _ => runs.push(Run { text: c.to_string(), style }),
        }
    }
    runs
}

/// Writes blocks below one another: the first line behind `first`, the others behind `rest`, which
/// take up the same columns.
pub fn write_blocks(out: &mut String, blocks: &[Block], first: &str, rest: &str, base: Ansi, columns: usize) {
    let mut lead = first;
    for block in blocks {
        let indent = "  ".repeat(block.depth);
        let bullet = block.bullet.as_deref().map(|bullet| format!("{bullet} ")).unwrap_or_default();
        let hang = " ".repeat(width(&bullet));
        let room = columns.saturating_sub(visible(first).max(visible(rest)) + indent.len() + hang.len());
        for (index, line) in wrap(&block.runs, room).iter().enumerate() {
            out.push_str(lead);
            out.push_str(&indent);
            out.push_str(if index == 0 { &bullet } else { &hang });
            for run in line {
                let style = merge(base, ansi(run.style));
                out.push_str(&format!("{style}{}{style:#}", run.text));
            }
            out.push('\n');
            lead = rest;
        }
    }
}

fn merge(base: Ansi, over: Ansi) -> Ansi {
    Ansi::new()
        .fg_color(over.get_fg_color().or(base.get_fg_color()))
        .effects(base.get_effects() | over.get_effects())
}

/// The columns of a text that has colours in it.
fn visible(text: &str) -> usize {
    let mut plain = String::new();
    let mut escape = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            _ => plain.push(c),
        }
    }
    width(&plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, columns: usize) -> Vec<String> {
        let run = Run { text: text.into(), style: Style::default() };
        let joined = |line: Vec<Run>| line.into_iter().map(|run| run.text).collect();
        wrap(&[run], columns).into_iter().map(joined).collect()
    }

    #[test]
    fn lines_break_where_the_language_allows() {
        assert_eq!(lines("one two three four", 9), ["one two", "three", "four"]);
        assert_eq!(lines("這個價格真的太貴了，我們再想想。", 16), ["這個價格真的太貴", "了，我們再想想。"]);
        assert_eq!(lines("這個價格真的太貴，想想", 16), ["這個價格真的太", "貴，想想"]);
        assert_eq!(lines("a\nb", 9), ["a", "b"]);
        assert_eq!(lines("averyveryverylongword", 9), ["averyvery", "verylongw", "ord"]);
        assert_eq!(lines("\u{1b}[31mred", 20), ["[31mred"]);
    }

    #[test]
    fn cuts_count_columns() {
        assert_eq!(cut("太貴了，太貴了", 8), "太貴了…");
        assert_eq!(cut("short", 8), "short");
    }
}
