//! A report for reading in a terminal.

use std::fmt::Write;

use super::sections::{Cell, Section, Table, percent, range, sections};
use super::words::{put, words};
use crate::calls::report::Report;
use crate::language::Language;
use crate::markdown::{Block, Run, Style};
use crate::rate::Rate;
use crate::render::terminal::{ACCENT, BOLD, DIM, STAR};
use crate::render::wrap::{cut, harmless, width, write_blocks};

/// The longest table, in rows.
const ROWS: usize = 15;
/// A bar, in columns.
const BAR: usize = 12;
/// What the widest column of words must keep.
const NARROWEST: usize = 10;

/// A report in so many columns.
pub fn terminal(report: &Report, language: &Language, columns: usize) -> String {
    let columns = columns.clamp(60, 120);
    let w = words(language);
    let mut out = String::new();
    let from = report.scope.since.or(report.first);
    let period =
        [from, Some(report.scope.until)].map(|day| day.map(|day| day.to_string()).unwrap_or_default());
    let _ = writeln!(out, "{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", w.title, period.join(" – "));
    let hours = format!("{:.1}", report.seconds as f64 / 3600.0);
    let mut about = vec![put(w.summary, &[("calls", &report.calls.to_string()), ("hours", &hours)])];
    about.extend(
        [&report.scope.playbook, &report.scope.rep, &report.scope.segment].into_iter().flatten().cloned(),
    );
    let _ = writeln!(out, "{}", cut(&about.join(" · "), columns));
    if report.scope.demo {
        let _ = writeln!(out, "{STAR}{}{STAR:#}", w.made_up);
    }
    for section in sections(report, w, ROWS) {
        write(&mut out, &section, columns);
        if section.more > 0 {
            let more = put(w.more, &[("n", &section.more.to_string())]);
            let _ = writeln!(out, "  {DIM}{}{DIM:#}", cut(&more, columns - 2));
        }
    }
    out.push('\n');
    sentence(&mut out, &put(w.method, &[("n", &report.minimum.to_string())]), DIM, "", columns);
    out
}

fn sentence(out: &mut String, text: &str, style: anstyle::Style, lead: &str, columns: usize) {
    let runs = vec![Run { text: text.to_string(), style: Style::default() }];
    write_blocks(out, &[Block { runs, ..Block::default() }], lead, lead, style, columns);
}

fn write(out: &mut String, section: &Section, columns: usize) {
    let _ = writeln!(out, "\n{ACCENT}{}{ACCENT:#}", cut(&section.title, columns));
    for (marked, text) in &section.lead {
        sentence(out, &harmless(text), if *marked { STAR } else { anstyle::Style::new() }, "  ", columns);
    }
    if let Some(table) = section.table.as_ref().filter(|table| !table.rows.is_empty()) {
        write_table(out, table, columns);
    }
}

/// A bar of blocks: a share of it full.
fn bar(share: f64) -> String {
    let full = (share * BAR as f64).round() as usize;
    let full = full.clamp(usize::from(share > 0.0), BAR);
    format!("{}{}", "█".repeat(full), " ".repeat(BAR - full))
}

/// A share as a bar: full up to the lower end of the interval, grey up to the upper.
fn interval(rate: Rate) -> String {
    if rate.of == 0 {
        return " ".repeat(BAR);
    }
    let (low, high) = rate.interval();
    let at = |share: f64| ((share * BAR as f64).round() as usize).min(BAR);
    let (low, high) = (at(low), at(high).max(at(low) + 1).min(BAR));
    format!("{}{}{}", "█".repeat(low), "▒".repeat(high - low), "·".repeat(BAR - high))
}

/// The cell as a text; figures of a column stand under one another by `counts`, the width of the
/// longest count of the column.
fn shown(cell: &Cell, counts: usize, bars: bool) -> String {
    match cell {
        Cell::Text(text) | Cell::Number(text) => harmless(text).replace('\n', " "),
        Cell::Bar(share, figure) => format!("{} {}", bar(*share), left(figure, counts)),
        Cell::Rate(rate) => {
            let count = left(&format!("{}/{}", rate.count, rate.of), counts);
            let share = rate.share().map(percent).unwrap_or_else(|| "–".to_string());
            let range = if rate.of > 0 { range(*rate) } else { String::new() };
            let bar = if bars { format!(" {}", interval(*rate)) } else { String::new() };
            format!("{count} {}{bar} {}", left(&share, 5), left(&range, 8))
        }
    }
}

/// A text with spaces before it, up to so many columns.
fn left(text: &str, columns: usize) -> String {
    format!("{}{text}", " ".repeat(columns.saturating_sub(width(text))))
}

fn count_width(cell: &Cell) -> usize {
    match cell {
        Cell::Rate(rate) => format!("{}/{}", rate.count, rate.of).len(),
        Cell::Bar(_, figure) => width(figure),
        Cell::Text(_) | Cell::Number(_) => 0,
    }
}

fn write_table(out: &mut String, table: &Table, columns: usize) {
    let rows: Vec<&Vec<Cell>> = table.rows.iter().filter(|row| !row.heading).map(|row| &row.cells).collect();
    let count = table.heads.len();
    let counts: Vec<usize> = (0..count)
        .map(|column| rows.iter().filter_map(|row| row.get(column)).map(count_width).max().unwrap_or(0))
        .collect();
    let measure = |bars: bool| -> Vec<usize> {
        let widest = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            let cells = cells.map(|cell| width(&shown(cell, counts[column], bars))).max().unwrap_or(0);
            // A heading gets a little room of its own.
            cells.max(width(table.heads[column]).min(if column == 0 { 24 } else { 10 }))
        };
        (0..count).map(widest).collect()
    };
    let is_text = |column: usize| rows.iter().any(|row| matches!(row.get(column), Some(Cell::Text(_))));
    let room = columns.saturating_sub(2 + 2 * count.saturating_sub(1));
    let mut bars = true;
    let mut widths = measure(bars);
    // What columns of words are given before bars: the first names the row.
    let kept = |column: usize| if column == 0 { 30 } else { 14 };
    let fixed = |widths: &[usize]| -> usize {
        (0..count)
            .map(|column| if is_text(column) { widths[column].min(kept(column)) } else { widths[column] })
            .sum()
    };
    if fixed(&widths) > room {
        bars = false;
        widths = measure(bars);
    }
    // The column of words that has most beyond that gives way first.
    while widths.iter().sum::<usize>() > room {
        let beyond = |column: &usize| widths[*column] as i64 - kept(*column) as i64;
        let gives = |column: &usize| is_text(*column) && widths[*column] > NARROWEST;
        match (0..count).filter(gives).max_by_key(beyond) {
            Some(column) => widths[column] -= 1,
            None => break,
        }
    }
    let line = |cells: &[String], right: &dyn Fn(usize) -> bool| {
        let mut line = String::from("  ");
        for (column, cell) in cells.iter().enumerate() {
            let cell = cut(cell, widths[column]);
            let gap = " ".repeat(widths[column].saturating_sub(width(&cell)));
            line += &if right(column) { format!("{gap}{cell}") } else { format!("{cell}{gap}") };
            line += "  ";
        }
        cut(line.trim_end(), columns)
    };
    let heads: Vec<String> = table.heads.iter().map(|head| (*head).to_string()).collect();
    if heads.iter().any(|head| !head.is_empty()) {
        let right = |column: usize| rows.iter().any(|row| matches!(row.get(column), Some(Cell::Number(_))));
        let _ = writeln!(out, "{DIM}{}{DIM:#}", line(&heads, &right));
    }
    for row in &table.rows {
        if row.heading {
            if let Some(Cell::Text(text)) = row.cells.first() {
                let _ = writeln!(out, "  {BOLD}{}{BOLD:#}", cut(text, columns - 2));
            }
            continue;
        }
        let cells: Vec<String> =
            row.cells.iter().enumerate().map(|(column, cell)| shown(cell, counts[column], bars)).collect();
        let right = |column: usize| matches!(row.cells.get(column), Some(Cell::Number(_)));
        let _ = writeln!(out, "{}", line(&cells, &right));
    }
}

#[cfg(test)]
mod tests {
    use super::super::sections::shared;
    use super::*;

    #[test]
    fn bars_show_the_interval() {
        let check = |count, of, expected: &str| assert_eq!(interval(Rate::new(count, of)), expected);
        check(0, 0, "            ");
        check(50, 100, "█████▒▒·····");
        check(100, 100, "████████████");
        assert_eq!(width(&interval(Rate::new(1, 3))), BAR);
        assert_eq!(shared(Rate::new(14, 19)), "74 % (51–88 %)");
        assert_eq!(bar(0.001), "█           ");
        assert_eq!(bar(0.0), "            ");
    }
}
