//! Screens in the terminal: a state that keys change, and a way to draw it. The only module that
//! names ratatui (and crossterm through it).
//!
//! | part | what it is |
//! | --- | --- |
//! | [`App`] | a screen: `act` on what comes in, `draw` what is; no terminal in either, so both are tested without one |
//! | [`run`] | shows an [`App`] until it is done, on a [`Tty`] that is always given back as it was |
//! | [`Key`], [`Input`] | what comes in, in words of our own |
//! | [`Field`] | a line of text with a cursor, right for every script |
//! | [`Page`] | texts in columns, as lines of a screen |
//! | [`Theme`] | how things look; nothing is told by colour alone |
//! | [`search`] | search as you type |
//! | [`call`] | the guided call |
//!
//! Invariants: only `screen` and `signals` touch the terminal; `act` is a function of the state and
//! of what came in (a clock is handed over, and files reach a screen through `tick` or a step of the
//! call); `draw` changes nothing.

pub mod call;
mod card;
mod clipboard;
mod draw;
mod field;
mod key;
mod page;
mod screen;
pub mod search;
#[cfg(unix)]
mod signals;
mod theme;

use std::time::Duration;

pub use card::open_card;
pub use clipboard::{LONGEST as LONGEST_COPY, sequence};
pub use field::{Edit, Field};
pub use key::{Input, Key};
pub use page::Page;
pub use ratatui::Frame;
pub use screen::{Open, Tty, Writer, run, size};
pub use theme::Theme;

/// A screen.
pub trait App {
    /// What is left when it is done.
    type Done;

    /// Acts on what came in. Something, when the screen is done.
    fn act(&mut self, input: Input) -> Option<Self::Done>;

    /// Does what can wait until all that came in has been acted on; called before drawing.
    fn settle(&mut self) {}

    /// How often to [`tick`](App::tick); never, if nothing is waited for.
    fn every(&self) -> Option<Duration> {
        None
    }

    /// Looks whether something has changed that nobody typed, and says whether to draw again.
    fn tick(&mut self) -> bool {
        false
    }

    /// A text that is to go to the clipboard; asked for after drawing.
    fn copied(&mut self) -> Option<String> {
        None
    }

    /// Draws it, whatever the size.
    fn draw(&self, frame: &mut Frame<'_>);
}
