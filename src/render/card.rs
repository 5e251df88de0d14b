//! Cards for the terminal: the best one whole, bridge first, and one line for each further hit.

use std::fmt::Write as _;

use anstyle::Style as Ansi;

use super::terminal::{ACCENT, BOLD, DIM};
use super::words::words;
use super::wrap::{cut, harmless, width, write_blocks};
use crate::calls::landed::Landed;
use crate::card::{Card, CardKind, CardResponse};
use crate::markdown::{Block, Run, Style};

/// A card within so many columns and lines. What does not fit is left out from the bottom, and
/// that is said; the bridge of the first response always stands.
pub fn card(card: &Card, matched: Option<&str>, columns: usize, lines: usize) -> String {
    card_with(card, matched, &Landed::default(), columns, lines)
}

/// The same, with how often its responses landed in calls.
pub fn card_with(
    card: &Card,
    matched: Option<&str>,
    landed: &Landed,
    columns: usize,
    lines: usize,
) -> String {
    let columns = columns.clamp(40, 100);
    let mut out = head(card, columns);
    if let Some(matched) = matched.filter(|matched| *matched != card.title) {
        let _ = writeln!(out, "{DIM}“{}”{DIM:#}", cut(matched, columns - 2));
    }
    let count = card.responses.len();
    for (index, response) in card.responses.iter().enumerate() {
        let landed = landed.of_card(card, &response.id).map(|rate| words(&card.language).landed_of(rate));
        let full = written(response, index + 1, count, columns, landed.as_deref(), true);
        let short = written(response, index + 1, count, columns, landed.as_deref(), false);
        let room = lines.saturating_sub(out.lines().count());
        let part = if full.lines().count() <= room { full } else { short };
        if index > 0 && part.lines().count() > room {
            let left = count - index;
            if room > 0 {
                let _ = writeln!(
                    out,
                    "{DIM}   + {left} more: callbook find {} -n 1{DIM:#}",
                    card.code.as_deref().unwrap_or(&card.id)
                );
            }
            break;
        }
        out.push_str(&part);
    }
    out
}

/// One line for a further hit: code, title, where it is from.
pub fn hit_line(number: usize, card: &Card, columns: usize) -> String {
    let columns = columns.clamp(40, 100);
    let code = card.code.as_deref().unwrap_or("");
    let tail = about(card);
    let title = cut(&card.title, columns.saturating_sub(12 + width(&tail)));
    let gap = " ".repeat(columns.saturating_sub(11 + width(&title) + width(&tail)).max(1));
    format!(
        "{BOLD}{number:>2}{BOLD:#}  {ACCENT}{:<5}{ACCENT:#} {title}{gap}{DIM}{tail}{DIM:#}\n",
        cut(code, 5)
    )
}

/// What a card is about and its language, in a few words: `price · en`.
pub fn about(card: &Card) -> String {
    let about = match (&card.category, card.kind) {
        (Some(category), _) => category.clone(),
        (None, kind) => kind.as_str().to_string(),
    };
    harmless(&format!("{about} · {}", card.language))
}

fn head(card: &Card, columns: usize) -> String {
    let code = card.code.as_deref().map(|code| format!("{} ", harmless(code))).unwrap_or_default();
    let tail = about(card);
    let title = cut(&card.title, columns.saturating_sub(width(&code) + width(&tail) + 2));
    let gap = " ".repeat(columns.saturating_sub(width(&code) + width(&title) + width(&tail)).max(2));
    let mark = if card.kind == CardKind::Objection { "" } else { card.kind.as_str() };
    let mark = if mark.is_empty() || tail.starts_with(mark) { String::new() } else { format!(" {mark}") };
    format!("{ACCENT}{code}{ACCENT:#}{BOLD}{title}{BOLD:#}{mark}{gap}{DIM}{tail}{DIM:#}\n")
}

fn written(
    response: &CardResponse,
    number: usize,
    of: usize,
    columns: usize,
    landed: Option<&str>,
    whole: bool,
) -> String {
    let mut out = String::new();
    let lead = if of > 1 { format!(" {ACCENT}{number}{ACCENT:#} ") } else { "   ".to_string() };
    let block = |text: &str| {
        vec![Block {
            runs: vec![Run { text: text.to_string(), style: Style::default() }],
            ..Block::default()
        }]
    };
    let mut first = lead.as_str();
    if let Some(when) = response.when.as_ref().filter(|_| whole && of > 1) {
        let _ = writeln!(out, "{first}{DIM}{}{DIM:#}", cut(when, columns - 4));
        first = "   ";
    }
    if let Some(bridge) = &response.bridge {
        write_blocks(&mut out, &block(bridge), first, "   ", BOLD, columns);
        first = "   ";
    }
    write_blocks(&mut out, &block(&response.say), first, "   ", Ansi::new(), columns);
    if let Some(ask) = &response.ask {
        write_blocks(&mut out, &block(ask), &format!(" {ACCENT}?{ACCENT:#} "), "   ", Ansi::new(), columns);
    }
    if let Some(landed) = landed {
        let _ = writeln!(out, "   {DIM}{landed}{DIM:#}");
    }
    if whole {
        for proof in &response.proof {
            write_blocks(&mut out, &block(proof), &format!(" {DIM}✓{DIM:#} "), "   ", DIM, columns);
        }
    }
    out
}
