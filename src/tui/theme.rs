//! How things look. Colours are of the sixteen that every terminal has and every person sets up to
//! their liking; without colours the same things are bold, dim or reversed. Nothing is told by
//! either alone: what is chosen has a mark, what is wrong has a word.

use ratatui::style::{Color, Modifier, Style};

use crate::markdown;

/// How things look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Theme {
    colours: bool,
}

impl Theme {
    /// With colours or without.
    pub fn new(colours: bool) -> Self {
        Theme { colours }
    }

    fn coloured(self, colour: Color, modifier: Modifier) -> Style {
        let style = Style::new().add_modifier(modifier);
        if self.colours { style.fg(colour) } else { style }
    }

    /// Ordinary text.
    pub fn text(self) -> Style {
        Style::new()
    }

    /// What is said first: it has to be seen before anything else.
    pub fn bridge(self) -> Style {
        self.coloured(Color::Green, Modifier::BOLD)
    }

    /// Headings.
    pub fn title(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    /// Codes, numbers and marks that lead the eye.
    pub fn accent(self) -> Style {
        self.coloured(Color::Cyan, Modifier::BOLD)
    }

    /// What stands around.
    pub fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    /// What went well; has words besides.
    pub fn good(self) -> Style {
        self.coloured(Color::Green, Modifier::empty())
    }

    /// What is for the rep and never spoken; has a bar of its own besides.
    pub fn aside(self) -> Style {
        Style::new().add_modifier(Modifier::DIM | Modifier::ITALIC)
    }

    /// A stretch of a text, over the style of the text around it.
    pub fn run(self, base: Style, run: markdown::Style) -> Style {
        let mut style = base;
        for (on, modifier) in [
            (run.strong, Modifier::BOLD),
            (run.emphasis, Modifier::ITALIC),
            (run.value || run.code, Modifier::UNDERLINED),
        ] {
            if on {
                style = style.add_modifier(modifier);
            }
        }
        if run.blank { style.patch(self.warning()) } else { style }
    }

    /// What is chosen; has a mark besides.
    pub fn chosen(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED | Modifier::BOLD)
    }

    /// What is wrong or does not fit; has words besides.
    pub fn warning(self) -> Style {
        self.coloured(Color::Yellow, Modifier::BOLD)
    }
}
