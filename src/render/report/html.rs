//! A report as one self-contained HTML file: no script, no request. Every chart is in its table or has one
//! beside it.

use serde::Serialize;

use super::sections::{Cell, Section, percent, range, sections};
use super::words::{put, words};
use crate::calls::report::{Report, WeekLine};
use crate::language::Language;
use crate::rate::Rate;
use crate::template::pages::{TemplateError, Templates};

/// The longest table, in rows.
const ROWS: usize = 200;
/// How many weeks the chart shows.
const WEEKS: usize = 53;
/// The height of the chart of weeks, in its own units.
const HEIGHT: f64 = 100.0;

#[derive(Serialize)]
struct Page {
    lang: String,
    rtl: bool,
    css: &'static str,
    title: &'static str,
    book: String,
    period: String,
    about: String,
    made_up: Option<&'static str>,
    method: String,
    sections: Vec<PageSection>,
    weeks: Option<Weeks>,
}

#[derive(Serialize)]
struct PageSection {
    id: String,
    /// Whether the chart of weeks belongs to it.
    weeks: bool,
    title: String,
    lead: Vec<(bool, String)>,
    heads: Vec<&'static str>,
    /// Whether a column holds figures.
    figures: Vec<bool>,
    rows: Vec<PageRow>,
    more: Option<String>,
}

#[derive(Serialize)]
struct PageRow {
    heading: bool,
    cells: Vec<PageCell>,
}

#[derive(Serialize, Default)]
struct PageCell {
    kind: &'static str,
    text: String,
    share: String,
    range: String,
    /// Shares of the width, in percent with one decimal.
    low: f64,
    high: f64,
    at: f64,
}

/// The chart of weeks: a column a week, the part that was won at its foot.
#[derive(Serialize)]
struct Weeks {
    label: String,
    width: f64,
    height: f64,
    columns: Vec<WeekColumn>,
    first: String,
    last: String,
    calls: &'static str,
    won: &'static str,
}

#[derive(Serialize)]
struct WeekColumn {
    x: f64,
    y: f64,
    height: f64,
    won_y: f64,
    won: f64,
    title: String,
}

fn tenth(share: f64) -> f64 {
    (share * 1000.0).round() / 10.0
}

fn cell(cell: &Cell) -> PageCell {
    match cell {
        Cell::Text(text) => PageCell { kind: "text", text: text.clone(), ..PageCell::default() },
        Cell::Number(text) => PageCell { kind: "number", text: text.clone(), ..PageCell::default() },
        Cell::Bar(share, text) => {
            PageCell { kind: "bar", text: text.clone(), at: tenth(*share), ..PageCell::default() }
        }
        Cell::Rate(rate) => rated(*rate),
    }
}

fn rated(rate: Rate) -> PageCell {
    let (low, high) = rate.interval();
    PageCell {
        kind: "rate",
        text: format!("{}/{}", rate.count, rate.of),
        share: rate.share().map(percent).unwrap_or_default(),
        range: if rate.of > 0 { range(rate) } else { String::new() },
        low: tenth(low),
        high: tenth(high - low),
        at: tenth(rate.share().unwrap_or(0.0)),
    }
}

fn section(number: usize, section: Section, more: &str) -> PageSection {
    let (heads, rows) = section.table.map_or((Vec::new(), Vec::new()), |table| (table.heads, table.rows));
    let figures = (0..heads.len())
        .map(|column| rows.iter().any(|row| matches!(row.cells.get(column), Some(Cell::Number(_)))))
        .collect();
    PageSection {
        id: format!("{}-{number}", section.id),
        weeks: section.id == "weeks",
        title: section.title,
        lead: section.lead,
        heads,
        figures,
        rows: rows
            .iter()
            .map(|row| PageRow { heading: row.heading, cells: row.cells.iter().map(cell).collect() })
            .collect(),
        more: (section.more > 0).then(|| put(more, &[("n", &section.more.to_string())])),
    }
}

/// The columns of the last weeks; weeks without calls leave their gap.
fn weeks(lines: &[WeekLine], label: &str, calls: &'static str, won: &'static str) -> Option<Weeks> {
    let (last, _) = (lines.last()?, lines.get(1)?);
    let back =
        |line: &WeekLine| usize::try_from((last.week - line.week).get_days() / 7).unwrap_or(usize::MAX);
    let shown: Vec<(usize, &WeekLine)> =
        lines.iter().map(|line| (back(line), line)).filter(|(back, _)| *back < WEEKS).collect();
    let (count, first) = shown.first().map(|(back, line)| (back + 1, line.week))?;
    let most = shown.iter().map(|(_, line)| line.won.of).max().unwrap_or(0).max(1) as f64;
    let unit = |number: usize| (number as f64 / most * HEIGHT * 10.0).round() / 10.0;
    let columns = shown.iter().map(|(back, line)| {
        let (height, part) = (unit(line.won.of), unit(line.won.count));
        WeekColumn {
            x: ((count - 1 - back) * 12) as f64,
            y: HEIGHT - height,
            height,
            won_y: HEIGHT - part,
            won: part,
            title: format!("{}: {} {}, {} {}", line.week, calls, line.won.of, won, line.won.count),
        }
    });
    Some(Weeks {
        label: label.to_string(),
        width: (count * 12 - 2) as f64,
        height: HEIGHT,
        columns: columns.collect(),
        first: first.to_string(),
        last: last.week.to_string(),
        calls,
        won,
    })
}

/// A report as a page; `book` is the handbook's title.
pub fn html(report: &Report, language: &Language, book: &str) -> Result<String, TemplateError> {
    let w = words(language);
    let templates = Templates::new(&[("report.html", include_str!("../../../templates/report.html.j2"))])?;
    let from = report.scope.since.or(report.first).map(|day| day.to_string()).unwrap_or_default();
    let hours = format!("{:.1}", report.seconds as f64 / 3600.0);
    let mut about = vec![put(w.summary, &[("calls", &report.calls.to_string()), ("hours", &hours)])];
    about.extend(
        [&report.scope.playbook, &report.scope.rep, &report.scope.segment].into_iter().flatten().cloned(),
    );
    let page = Page {
        lang: language.to_string(),
        rtl: language.is_rtl(),
        css: include_str!("../../../templates/report.css"),
        title: w.title,
        book: book.to_string(),
        period: format!("{from} – {}", report.scope.until),
        about: about.join(" · "),
        made_up: report.scope.demo.then_some(w.made_up),
        method: put(w.method, &[("n", &report.minimum.to_string())]),
        weeks: weeks(&report.weeks, w.weeks, w.calls, w.won),
        sections: sections(report, w, ROWS)
            .into_iter()
            .enumerate()
            .map(|(number, one)| section(number + 1, one, w.more))
            .collect(),
    };
    templates.render("report.html", page)
}
