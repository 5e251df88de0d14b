//! The terminal while a screen is shown: taken, drawn on, and given back as it was. By the end of
//! the screen, by a panic, by a signal: whichever comes first gives it back, and only that one.

use std::io::{self, BufWriter, Write};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use ratatui::backend::{Backend, CrosstermBackend};
use ratatui::crossterm::cursor::Show;
use ratatui::crossterm::event::{self, DisableBracketedPaste, EnableBracketedPaste};
use ratatui::crossterm::execute;
use ratatui::crossterm::style::force_color_output;
use ratatui::crossterm::terminal::{
    self, Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::App;
use super::clipboard::sequence;
use super::key::Input;

/// How many events are acted on before the screen is drawn again.
const AT_ONCE: usize = 512;

/// What a terminal that does not tell its size is taken for.
const UNTOLD: Rect = Rect { x: 0, y: 0, width: 80, height: 24 };

/// What a screen is written to.
pub type Writer = Box<dyn Write + Send>;

/// Opens what a screen is written to.
pub type Open = fn() -> io::Result<Writer>;

type Drawn = Terminal<CrosstermBackend<BufWriter<Writer>>>;

/// The terminal to draw on, as the program hands it over.
#[derive(Debug, Clone, Copy)]
pub struct Tty {
    /// Opens it for writing. Called again to give it back from a panic or a signal.
    pub open: Open,
    /// Whether there are colours.
    pub colours: bool,
    /// Whether tmux stands between us and the terminal.
    pub tmux: bool,
    /// Ends the process when a signal (its number) says so; the terminal has been given back.
    pub ended: fn(i32),
}

/// The columns and lines of the terminal; nothing where there is none or it does not tell.
pub fn size() -> Option<(usize, usize)> {
    match terminal::size() {
        Ok((columns, lines)) if columns > 0 && lines > 0 => Some((columns.into(), lines.into())),
        _ => None,
    }
}

/// Shows a screen until it is done. Errors where the terminal cannot be read or written.
pub fn run<A: App>(app: &mut A, tty: &Tty) -> io::Result<A::Done> {
    let mut screen = Screen::take(tty)?;
    let area = screen.terminal.get_frame().area();
    if let Some(done) = app.act(Input::Resize(area.width, area.height)) {
        return Ok(done);
    }
    loop {
        app.settle();
        screen.terminal.draw(|frame| app.draw(frame))?;
        if let Some(text) = app.copied() {
            let writer = screen.terminal.backend_mut();
            writer.write_all(sequence(&text, tty.tmux).as_bytes())?;
            Write::flush(writer)?;
        }
        if !comes(app)? {
            continue;
        }
        // All that has come, before it is drawn: letters may come faster than a slow line shows them.
        for number in 0..AT_ONCE {
            if number > 0 && !event::poll(Duration::ZERO)? {
                break;
            }
            if let Some(input) = Input::of(event::read()?)
                && let Some(done) = app.act(input)
            {
                return Ok(done);
            }
        }
    }
}

/// Waits until something comes in (true) or there is something new to draw (false).
fn comes<A: App>(app: &mut A) -> io::Result<bool> {
    loop {
        // A day is as good as for ever, and some systems take no more.
        let wait = app.every().unwrap_or(Duration::from_secs(86_400));
        if event::poll(wait)? {
            return Ok(true);
        }
        if app.tick() {
            return Ok(false);
        }
    }
}

/// Whether a terminal is taken, so that it is given back once.
static TAKEN: AtomicBool = AtomicBool::new(false);

struct Screen {
    terminal: Drawn,
    open: Open,
}

impl Screen {
    fn take(tty: &Tty) -> io::Result<Self> {
        let mut writer = (tty.open)()?;
        give_back_in_a_panic(tty.open);
        #[cfg(unix)]
        super::signals::watch(tty)?;
        // crossterm looks at NO_COLOR itself, but what was asked for on the command line wins.
        force_color_output(tty.colours);
        TAKEN.store(true, Ordering::SeqCst);
        let taken = enable_raw_mode()
            // ratatui's own way to clear asks the terminal where the cursor is, on stdout.
            .and_then(|()| {
                execute!(writer, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste)
            })
            .and_then(|()| terminal_on(BufWriter::with_capacity(1 << 16, writer)));
        match taken {
            Ok(terminal) => Ok(Screen { terminal, open: tty.open }),
            Err(error) => {
                give_back(tty.open);
                Err(error)
            }
        }
    }
}

fn terminal_on(writer: BufWriter<Writer>) -> io::Result<Drawn> {
    let backend = CrosstermBackend::new(writer);
    let viewport = match backend.size() {
        Ok(size) if size.width > 0 && size.height > 0 => Viewport::Fullscreen,
        _ => Viewport::Fixed(UNTOLD),
    };
    Terminal::with_options(backend, TerminalOptions { viewport })
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back(self.open);
    }
}

/// Gives the terminal back as it was, if it is taken. What goes wrong here cannot be told anywhere.
pub(super) fn give_back(open: Open) {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    if let Ok(mut writer) = open() {
        let _ = execute!(writer, DisableBracketedPaste, LeaveAlternateScreen, Show);
    }
    let _ = disable_raw_mode();
}

/// A panic is told on a screen that people can read.
fn give_back_in_a_panic(open: Open) {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back(open);
            before(panic);
        }));
    });
}
