//! Which part of the search screen stands where, for any size.

use ratatui::layout::Rect;

/// From so many columns on, the list stands beside the card and not above it.
const WIDE: u16 = 110;

/// Lines longer than this are hard to read.
const WIDEST: u16 = 100;

/// Where everything stands; what there is no room for is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub query: Rect,
    pub filters: Rect,
    pub list: Rect,
    pub rule: Rect,
    pub card: Rect,
    pub help: Rect,
}

impl Layout {
    pub fn of(columns: u16, lines: u16) -> Self {
        let all = Rect::new(0, 0, columns, lines);
        let row = |y: u16, height: u16| Rect::new(0, y, columns, height).intersection(all);
        let filters = u16::from(lines >= 7);
        let rule = u16::from(lines >= 9);
        let help = u16::from(lines >= 6);
        let help_row = row(lines.saturating_sub(help), help);
        let top = 1 + filters;
        let below = lines.saturating_sub(top + help);
        if columns >= WIDE && lines >= 12 {
            let left = (columns * 2 / 5).min(72);
            let body = top + rule;
            let height = lines.saturating_sub(body + help);
            return Layout {
                query: row(0, 1),
                filters: row(1, filters),
                rule: row(top, rule),
                list: Rect::new(0, body, left, height),
                card: Rect::new(left + 2, body, (columns - left - 2).min(WIDEST), height),
                help: help_row,
            };
        }
        let list = (lines / 4).clamp(1, 9).min(below);
        let body = (top + list + rule).min(lines);
        Layout {
            query: row(0, 1),
            filters: row(1, filters),
            list: row(top, list),
            rule: row(top + list, rule),
            card: Rect::new(0, body, columns.min(WIDEST), lines.saturating_sub(body + help)),
            help: help_row,
        }
    }

    /// All that is between query and keys, for a page of its own.
    pub fn page(&self) -> Rect {
        let top = self.query.height + self.filters.height;
        let bottom = if self.help.is_empty() { self.card.bottom().max(top) } else { self.help.y };
        Rect::new(0, top, self.query.width, bottom.saturating_sub(top))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_overlap_nor_leave_the_screen() {
        for columns in 0..=220 {
            for lines in 0..=70 {
                let layout = Layout::of(columns, lines);
                let Layout { query, filters, list, rule, card, help } = layout;
                let parts = [query, filters, list, rule, card, help];
                for (number, part) in parts.iter().enumerate() {
                    let page = layout.page();
                    assert!(page.is_empty() || page.right() <= columns && page.bottom() <= lines);
                    let inside = part.right() <= columns && part.bottom() <= lines;
                    assert!(inside || part.is_empty(), "{columns}×{lines}: {part:?}");
                    for other in &parts[number + 1..] {
                        let apart = part.is_empty() || other.is_empty() || !part.intersects(*other);
                        assert!(apart, "{columns}×{lines}: {part:?} {other:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn eighty_by_twenty_four_has_room_for_all() {
        let layout = Layout::of(80, 24);
        assert_eq!((layout.list.height, layout.card.height), (6, 14));
        let small = Layout::of(40, 10);
        assert_eq!((small.list.height, small.card.height, small.help.height), (2, 4, 1));
        let large = Layout::of(200, 60);
        assert!(large.card.x > large.list.right() && large.card.width == 100 && large.list.height == 56);
    }
}
