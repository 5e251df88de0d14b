//! Texts in columns, as lines of a screen.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::Theme;
use crate::markdown::{self, Run};
use crate::render::wrap::{cut, harmless, width, wrap};
use crate::template::spoken::Filled;

/// Lines of a screen, so many columns wide, written from the top down.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// The lines so far.
    pub lines: Vec<Line<'static>>,
    columns: usize,
}

impl Page {
    /// An empty page.
    pub fn new(columns: usize) -> Self {
        Page { lines: Vec::new(), columns }
    }

    /// A text behind a lead; the lines below it are indented as far.
    pub fn text(&mut self, lead: &str, lead_style: Style, text: &str, style: Style) {
        let lead = harmless(lead);
        let indent = width(&lead);
        let run = Run { text: text.to_string(), style: markdown::Style::default() };
        for (index, line) in wrap(&[run], self.columns.saturating_sub(indent)).into_iter().enumerate() {
            let front = if index == 0 { lead.clone() } else { " ".repeat(indent) };
            let mut spans = vec![Span::styled(front, lead_style)];
            spans.extend(line.into_iter().map(|run| Span::styled(run.text, style)));
            self.lines.push(Line::from(spans));
        }
    }

    /// A text of the book behind a lead; the lines below it stand behind `rest`.
    pub fn filled(
        &mut self,
        lead: (&str, &str),
        lead_style: Style,
        text: &Filled,
        style: Style,
        theme: Theme,
    ) {
        let (first, rest) = (harmless(lead.0), harmless(lead.1));
        let indent = width(&first).max(width(&rest));
        let mut front = Some(first);
        for block in markdown::blocks(text) {
            let bullet = block.bullet.as_deref().map(|bullet| format!("{bullet} ")).unwrap_or_default();
            let mut hang = "  ".repeat(block.depth.min(6)) + &bullet;
            let room = self.columns.saturating_sub(indent + width(&hang));
            for line in wrap(&block.runs, room) {
                let front = front.take().unwrap_or_else(|| rest.clone());
                let mut spans = vec![Span::styled(front, lead_style)];
                let spaces = " ".repeat(width(&hang));
                spans.push(Span::styled(std::mem::replace(&mut hang, spaces), style));
                spans.extend(line.into_iter().map(|run| Span::styled(run.text, theme.run(style, run.style))));
                self.lines.push(Line::from(spans));
            }
        }
    }

    /// One line, cut where it is too long.
    pub fn line(&mut self, parts: &[(String, Style)]) {
        self.ends(parts, "", Style::new());
    }

    /// How many columns it has.
    pub fn columns(&self) -> usize {
        self.columns
    }

    /// An empty line, unless there is one already or nothing at all.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// One line: something on the left, cut as far as need be, and something at the right edge.
    pub fn ends(&mut self, left: &[(String, Style)], right: &str, right_style: Style) {
        self.lines.push(ends(left, right, right_style, self.columns));
    }
}

/// A line of so many columns: parts on the left, the last of them cut where there is no room, and a
/// text at the right edge, which goes before all else does.
pub fn ends(left: &[(String, Style)], right: &str, right_style: Style, columns: usize) -> Line<'static> {
    let right = harmless(right);
    let tail = width(&right);
    let tail = if tail * 2 > columns { 0 } else { tail };
    let mut room = columns.saturating_sub(if tail > 0 { tail + 1 } else { 0 });
    let mut spans = Vec::new();
    for (text, style) in left {
        let text = if room == 0 { String::new() } else { cut(text, room) };
        room = room.saturating_sub(width(&text));
        spans.push(Span::styled(text, *style));
    }
    if tail > 0 {
        spans.push(Span::raw(" ".repeat(room + 1)));
        spans.push(Span::styled(right, right_style));
    }
    Line::from(spans)
}
