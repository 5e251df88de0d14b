//! What comes in from a terminal, in words of our own.

use ratatui::crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

/// A key, with what was held down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Key {
    /// A character, as it is to be written.
    Char(char),
    /// A letter with Ctrl, in lower case.
    Ctrl(char),
    /// A character with Alt.
    Alt(char),
    /// A function key, from 1.
    F(u8),
    Enter,
    Esc,
    Tab,
    BackTab,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    /// To the beginning of a word: Ctrl or Alt with the arrow.
    WordLeft,
    /// To the end of a word.
    WordRight,
    /// The word before the cursor: Alt or Ctrl with Backspace.
    DeleteWord,
    Home,
    End,
    PageUp,
    PageDown,
}

/// What comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A key.
    Key(Key),
    /// A text that was pasted, as it was.
    Paste(String),
    /// The screen has so many columns and lines from now on; also told at the beginning.
    Resize(u16, u16),
}

impl Input {
    /// What an event of the terminal means to us, if anything.
    pub(super) fn of(event: Event) -> Option<Input> {
        match event {
            Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Input::Key),
            Event::Paste(text) => Some(Input::Paste(text)),
            Event::Resize(columns, lines) => Some(Input::Resize(columns, lines)),
            _ => None,
        }
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    let ctrl = event.modifiers.contains(KeyModifiers::CONTROL);
    let alt = event.modifiers.contains(KeyModifiers::ALT);
    let word = ctrl || alt;
    Some(match event.code {
        // Both together are AltGr, which writes.
        KeyCode::Char(c) if ctrl && !alt => Key::Ctrl(c.to_ascii_lowercase()),
        KeyCode::Char(c) if alt && !ctrl => Key::Alt(c),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::F(number) => Key::F(number),
        KeyCode::Enter => Key::Enter,
        KeyCode::Esc => Key::Esc,
        KeyCode::Tab if event.modifiers.contains(KeyModifiers::SHIFT) => Key::BackTab,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace if word => Key::DeleteWord,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left if word => Key::WordLeft,
        KeyCode::Left => Key::Left,
        KeyCode::Right if word => Key::WordRight,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_become_keys() {
        let none = KeyModifiers::NONE;
        let (ctrl, alt) = (KeyModifiers::CONTROL, KeyModifiers::ALT);
        for (code, held, expected) in [
            (KeyCode::Char('ệ'), none, Some(Key::Char('ệ'))),
            (KeyCode::Char('U'), ctrl | KeyModifiers::SHIFT, Some(Key::Ctrl('u'))),
            (KeyCode::Char('3'), alt, Some(Key::Alt('3'))),
            (KeyCode::Char('@'), ctrl | alt, Some(Key::Char('@'))),
            (KeyCode::Backspace, alt, Some(Key::DeleteWord)),
            (KeyCode::Left, ctrl, Some(Key::WordLeft)),
            (KeyCode::Tab, KeyModifiers::SHIFT, Some(Key::BackTab)),
            (KeyCode::CapsLock, none, None),
        ] {
            assert_eq!(key(KeyEvent::new(code, held)), expected, "{code:?} with {held:?}");
        }
        let released = KeyEvent::new_with_kind(KeyCode::Enter, none, KeyEventKind::Release);
        assert_eq!(Input::of(Event::Key(released)), None);
    }
}
