//! The terminal that a person sits at: where screens are drawn, which is not always stdout.

use std::io::{self, IsTerminal};

use anstream::{AutoStream, ColorChoice};

use super::Color;
use crate::tui::{Open, Tty};

/// The terminal to show a screen on. The keys come from stdin, so that must be one; the screen goes
/// to stdout, or where that leads elsewhere (`callbook find | pbcopy`) to stderr, else to the
/// terminal itself.
pub(super) fn tty(color: Color) -> Option<Tty> {
    let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    if dumb || !io::stdin().is_terminal() {
        return None;
    }
    let (open, choice): (Open, _) = if io::stdout().is_terminal() {
        (|| Ok(Box::new(io::stdout())), AutoStream::choice(&io::stdout()))
    } else if io::stderr().is_terminal() {
        (|| Ok(Box::new(io::stderr())), AutoStream::choice(&io::stderr()))
    } else {
        let terminal = own().ok()?;
        (|| Ok(Box::new(own()?)), AutoStream::choice(&terminal))
    };
    let colours = match color {
        Color::Auto => choice != ColorChoice::Never,
        Color::Always => true,
        Color::Never => false,
    };
    // Shells tell of a signal by 128 and its number.
    let tmux = std::env::var_os("TMUX").is_some_and(|name| !name.is_empty());
    Some(Tty { open, colours, tmux, ended: |signal| std::process::exit(128 + signal) })
}

/// The terminal of the process, wherever its streams lead.
fn own() -> io::Result<std::fs::File> {
    std::fs::OpenOptions::new().write(true).open("/dev/tty")
}
