//! Which part of the call's screen stands where, for any size.

use ratatui::layout::Rect;

/// From so many columns on, the speed dial and what was kept stand beside the script.
const WIDE: u16 = 110;

/// Lines longer than this are hard to read.
const WIDEST: u16 = 92;

/// The narrowest column of a speed dial.
const DIAL: u16 = 13;
/// A column of one in which titles can be read; more of them rather than more lines.
const WELL: u16 = 38;

/// What a screen has to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Wanted {
    /// How many objections are on the speed dial, where it is shown.
    pub dial: u16,
    /// Whether a line is being typed.
    pub prompt: bool,
}

/// Where everything stands; what there is no room for is empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Layout {
    pub title: Rect,
    pub stages: Rect,
    pub rule: Rect,
    pub body: Rect,
    /// The line between script and side.
    pub wall: Rect,
    pub side: Rect,
    /// Tells what of the body is out of sight.
    pub fold: Rect,
    pub dial: Rect,
    /// How many columns the speed dial has.
    pub dial_columns: u16,
    pub label: Rect,
    pub field: Rect,
    pub keys: Rect,
}

impl Layout {
    pub fn of(columns: u16, lines: u16, wanted: Wanted) -> Self {
        let all = Rect::new(0, 0, columns, lines);
        let row = |y: u16, height: u16| Rect::new(0, y, columns, height).intersection(all);
        let wide = columns >= WIDE && lines >= 16;
        let title = u16::from(lines >= 14);
        let stages = u16::from(lines >= 4);
        let rule = u16::from(lines >= 16);
        let keys = u16::from(lines >= 5);
        let fold = u16::from(lines >= 8);
        let prompt = if wanted.prompt { 2.min(lines.saturating_sub(stages + keys)) } else { 0 };
        let (dial, dial_columns) =
            if wide || lines < 10 { (0, 1) } else { dial(columns, lines, wanted.dial.min(9)) };
        let top = title + stages + rule;
        let bottom = fold + dial + prompt + keys;
        let height = lines.saturating_sub(top + bottom);
        let side = if wide { (columns * 2 / 5).min(60) } else { 0 };
        let body = if wide { columns - side - 3 } else { columns };
        let mut y = top + height;
        let mut next = |height: u16| {
            let part = row(y, height);
            y += height;
            part
        };
        let (fold, dial) = (next(fold), next(dial));
        let (label, field) = (next(prompt / 2), next(prompt - prompt / 2));
        Layout {
            title: row(0, title),
            stages: row(title, stages),
            rule: row(title + stages, rule),
            body: Rect::new(0, top, body.min(WIDEST), height).intersection(all),
            wall: Rect::new(body + 1, top, u16::from(wide), height).intersection(all),
            side: Rect::new(body + 3, top, side, height).intersection(all),
            fold,
            dial,
            dial_columns,
            label,
            field,
            keys: next(keys),
        }
    }
}

/// The lines and columns of a speed dial: few lines, but columns that can be read.
fn dial(columns: u16, lines: u16, count: u16) -> (u16, u16) {
    if count == 0 {
        return (0, 1);
    }
    let rows = (lines / 4).clamp(1, 5);
    let readable = (columns / WELL).clamp(1, count);
    let wanted = count.div_ceil(rows).min((columns / DIAL).max(1)).max(readable);
    (count.div_ceil(wanted).min(rows), wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_never_overlap_nor_leave_the_screen() {
        for columns in (0..=220).step_by(3) {
            for lines in 0..=70 {
                for (dial, prompt) in [(0, false), (0, true), (5, false), (9, true), (40, false)] {
                    let layout = Layout::of(columns, lines, Wanted { dial, prompt });
                    let Layout {
                        title, stages, rule, body, wall, side, fold, dial, label, field, keys, ..
                    } = layout;
                    let parts = [title, stages, rule, body, wall, side, fold, dial, label, field, keys];
                    for (number, part) in parts.iter().enumerate() {
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
    }

    #[test]
    fn there_is_room_for_what_to_say() {
        let body =
            |columns, lines, dial, prompt| Layout::of(columns, lines, Wanted { dial, prompt }).body.height;
        assert_eq!(body(80, 24, 9, false), 14);
        assert_eq!(body(80, 24, 0, false), 19);
        assert_eq!(body(80, 24, 9, true), 12);
        assert_eq!(body(40, 12, 9, false), 6);
        assert_eq!(body(140, 45, 9, false), 40);
        assert!(Layout::of(140, 45, Wanted { dial: 9, prompt: false }).side.width >= 50);
        assert_eq!(Layout::of(40, 12, Wanted { dial: 9, prompt: false }).dial.height, 3);
    }
}
