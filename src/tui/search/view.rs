//! What the search screen looks like.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::layout::Layout;
use super::{Search, Turning};
use crate::render::wrap::{cut, width};
use crate::tui::Theme;
use crate::tui::card::about;
use crate::tui::draw::{lines, rule, scrolled};
use crate::tui::page::{Page, ends};

const PROMPT: &str = "› ";

/// The page behind F1.
const HELP: [(&str, &str); 12] = [
    (
        "letters",
        "Type what you heard, in any of the book's languages, with or without tone marks. The best card is open already.",
    ),
    ("Enter", "Print the open card and leave."),
    ("Esc, Ctrl-C", "Leave and print nothing."),
    ("↑ ↓, Ctrl-P N", "Open the card above or below."),
    (
        "1-9",
        "Open the card of that number, behind a word or a space. Behind a space, with a digit, a space or a sign after it, it is a number of the query instead.",
    ),
    ("Alt-1-9", "Open the card of that number, wherever the cursor is."),
    ("PgUp, PgDn", "Scroll the open card."),
    ("Tab, Shift-Tab", "The next filter, the one before: a language, or a stage of a playbook."),
    ("F2, Ctrl-T", "Tab goes through stages, and through languages again."),
    ("Ctrl-U, Ctrl-W", "Take out what is before the cursor: all of it, or a word."),
    ("Ctrl-A, Ctrl-E", "To the beginning, to the end; the arrow keys go through the query."),
    ("F1, ?", "This page; ? while nothing is typed. Any key leads back."),
];

pub(super) fn draw(search: &Search<'_>, frame: &mut Frame<'_>) {
    let area = frame.area();
    let layout = Layout::of(area.width, area.height);
    query(search, frame, layout.query);
    filters(search, frame, layout.filters);
    if let Some(scroll) = search.help {
        let page = layout.page();
        let help = help(page.width, search.theme);
        lines(frame, page, help.lines.get(scroll..).unwrap_or_default());
        footer(search, frame, layout.help, &[("↑↓", "scroll"), ("any other key", "back")]);
        return;
    }
    list(search, frame, layout.list);
    let more = card(search, frame, layout.card);
    rule(frame, layout.rule, &more, search.theme);
    footer(search, frame, layout.help, search.words.keys);
}

fn query(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) {
    if area.is_empty() {
        return;
    }
    let prompt = width(PROMPT);
    let room = usize::from(area.width).saturating_sub(prompt);
    let mut spans = vec![Span::styled(PROMPT, search.theme.accent())];
    let visible = search.query.visible(room);
    if search.query.is_empty() {
        spans.push(Span::styled(cut(search.words.placeholder, room), search.theme.dim()));
    } else {
        spans.push(Span::styled(visible.text, search.theme.title()));
    }
    frame.render_widget(Line::from(spans), area);
    let column = u16::try_from(prompt + visible.cursor).unwrap_or(u16::MAX);
    if search.help.is_none() {
        frame.set_cursor_position((column.min(area.width - 1), area.y));
    }
}

/// The filters that hold, the one that Tab turns in angle brackets, and how many cards there are.
fn filters(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (theme, words) = (search.theme, search.words);
    let mut parts: Vec<(String, ratatui::style::Style)> = Vec::new();
    let mut part = |name: &str, value: String, turning: bool, narrowed: bool| {
        let text = format!("{name}{}{value}", words.colon);
        let text = if turning { format!("‹{text}›") } else { text };
        let style = if narrowed { theme.warning() } else { theme.dim() };
        parts.push((text, style));
        parts.push(("  ".into(), theme.text()));
    };
    let base = &search.base;
    if search.languages.len() > 1 {
        let value =
            search.language.as_ref().map_or(words.all.into(), |language| language.as_str().to_string());
        let turning = search.turning == Turning::Languages;
        part(words.language, value, turning, search.language.is_some());
    } else if let Some(language) = search.languages.first() {
        part(words.language, language.as_str().to_string(), false, false);
    }
    let titled = |path: &str| {
        let known = search.stages();
        let title = known.into_iter().find(|(known, _)| known == path).map(|(_, title)| title);
        title.map_or(path.to_string(), |title| format!("{title} ({path})"))
    };
    let stage = match (&search.stage, &base.stages[..]) {
        (Some(path), _) => titled(path),
        (None, []) => words.all.to_string(),
        (None, stages) => stages.join(", "),
    };
    part(words.stage, stage, search.turning == Turning::Stages, search.stage.is_some());
    for (name, values) in
        [("playbook", &base.playbooks), ("category", &base.categories), ("kind", &base.kinds)]
    {
        if !values.is_empty() {
            part(name, values.join(", "), false, false);
        }
    }
    if !base.tags.is_empty() {
        let tags: Vec<String> = base.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
        part("tag", tags.join(", "), false, false);
    }
    let total = search.found.total;
    let count = match (search.is_idle(), total) {
        (_, 0) => String::new(),
        (true, 1) => format!("1 {}", words.objection),
        (true, _) if base.kinds.is_empty() => format!("{total} {}", words.objections),
        (_, 1) => format!("1 {}", words.card),
        (_, _) => format!("{total} {}", words.cards),
    };
    frame.render_widget(ends(&parts, &count, theme.dim(), usize::from(area.width)), area);
}

fn list(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) {
    let hits = &search.found.hits;
    if hits.is_empty() {
        nothing(search, frame, area);
        return;
    }
    let rows = usize::from(area.height);
    // As far down as it takes to have the open one in sight.
    let top = (search.chosen + 1).saturating_sub(rows);
    let columns = usize::from(area.width);
    for (row, (number, hit)) in hits.iter().enumerate().skip(top).take(rows).enumerate() {
        let chosen = number == search.chosen;
        let theme = search.theme;
        let style = if chosen { theme.chosen() } else { theme.text() };
        let over = |other| if chosen { theme.chosen() } else { other };
        let mark = if chosen { "▸" } else { " " };
        let digit = if number < 9 { (number + 1).to_string() } else { " ".into() };
        let code = cut(hit.card.code.as_deref().unwrap_or(""), 5);
        let gap = " ".repeat(5_usize.saturating_sub(width(&code)));
        let line = ends(
            &[
                (format!("{mark}{digit} "), over(theme.accent())),
                (format!("{code}{gap} "), over(theme.accent())),
                (hit.card.title.clone(), style),
            ],
            &about(&hit.card),
            over(theme.dim()),
            columns,
        );
        // What is chosen is so from edge to edge.
        let line = if chosen { line.style(theme.chosen()) } else { line };
        let y = area.y + u16::try_from(row).unwrap_or(u16::MAX);
        frame.render_widget(line, Rect::new(area.x, y, area.width, 1));
    }
}

/// Why there is no card in the list.
fn nothing(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) {
    let (theme, words) = (search.theme, search.words);
    let mut page = Page::new(usize::from(area.width));
    let narrowed = search.language.is_some() || search.stage.is_some();
    if let Some(trouble) = &search.trouble {
        page.text(
            "  ",
            theme.warning(),
            &format!("{}{}{trouble}", words.unreadable, words.colon),
            theme.warning(),
        );
    } else if search.is_idle() && search.coming.is_some() {
        page.text("  ", theme.dim(), words.being_read, theme.dim());
    } else if search.is_idle() {
        page.text("  ", theme.dim(), words.empty_shelf, theme.dim());
    } else {
        let said = cut(search.query.text().trim(), 48);
        page.text("  ", theme.warning(), &words.nothing.replace("{}", &said), theme.warning());
        if narrowed {
            page.text("  ", theme.dim(), words.tab_leads_on, theme.dim());
        }
    }
    lines(frame, area, &page.lines);
}

/// What comes nearest where nothing fits.
fn near(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) {
    if search.found.near.is_empty() || area.is_empty() {
        return;
    }
    let theme = search.theme;
    let mut page = Page::new(usize::from(area.width));
    page.text("  ", theme.dim(), search.words.near, theme.dim());
    for hit in &search.found.near {
        page.text("  ", theme.dim(), &format!("{}  ({})", hit.card.title, about(&hit.card)), theme.dim());
    }
    lines(frame, area, &page.lines);
}

/// Draws the open card and tells what of it is out of sight.
fn card(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect) -> String {
    let Some(hit) = search.found.hits.get(search.chosen) else {
        near(search, frame, area);
        return String::new();
    };
    if area.is_empty() {
        return String::new();
    }
    let page = search.opened(hit, area.width);
    let scroll = search.scroll.min(page.lines.len().saturating_sub(usize::from(area.height)));
    scrolled(frame, area, &page.lines, scroll, &search.words)
}

fn footer(search: &Search<'_>, frame: &mut Frame<'_>, area: Rect, keys: &[(&str, &str)]) {
    let mut spans = Vec::new();
    let mut room = usize::from(area.width);
    for (key, does) in keys {
        let gap = if spans.is_empty() { "" } else { "  " };
        let need = gap.len() + width(key) + 1 + width(does);
        if need > room {
            break;
        }
        room -= need;
        spans.push(Span::raw(gap.to_string()));
        spans.push(Span::styled((*key).to_string(), search.theme.accent()));
        spans.push(Span::styled(format!(" {does}"), search.theme.dim()));
    }
    frame.render_widget(Line::from(spans), area);
}

/// The page of help.
pub(super) fn help(columns: u16, theme: Theme) -> Page {
    let mut page = Page::new(usize::from(columns).min(100));
    for (key, does) in HELP {
        page.text(&format!("{key:<15} "), theme.accent(), does, theme.text());
    }
    page
}
