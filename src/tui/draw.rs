//! What several screens draw alike: lines in a part of the screen, and the rule that tells how many
//! there are above and below.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::search::Words;
use super::theme::Theme;
use crate::render::wrap::{cut, width};

/// Draws as many lines as there is room for.
pub(super) fn lines(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'static>]) {
    for (line, row) in lines.iter().zip(area.rows()) {
        frame.render_widget(line, row);
    }
}

/// Draws what of a page there is room for below its first so many lines, and says how much of it is
/// out of sight; nothing where all of it is seen.
pub(super) fn scrolled(
    frame: &mut Frame<'_>,
    area: Rect,
    page: &[Line<'static>],
    top: usize,
    words: &Words,
) -> String {
    lines(frame, area, page.get(top..).unwrap_or_default());
    match (top, page.len().saturating_sub(top + usize::from(area.height))) {
        (0, 0) => String::new(),
        (0, below) => format!(" {below} {} ▾ ", words.more),
        (above, 0) => format!(" ▴ {above} {} ", words.above),
        (above, below) => format!(" ▴ {above} {}, {below} {} ▾ ", words.above, words.more),
    }
}

/// A rule from edge to edge, with a text at its end.
pub(super) fn rule(frame: &mut Frame<'_>, area: Rect, text: &str, theme: Theme) {
    let columns = usize::from(area.width);
    let tail = cut(text, columns);
    let line = "─".repeat(columns.saturating_sub(width(&tail)));
    frame.render_widget(Line::styled(format!("{line}{tail}"), theme.dim()), area);
}
