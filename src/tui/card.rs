//! An open card: the bridge first, so that it is seen first; then what to say, what to ask, what
//! stands behind it, and why the buyer says so.

use super::page::Page;
use super::theme::Theme;
use crate::calls::landed::Landed;
use crate::card::{Card, CardKind, CardResponse};
use crate::render::words;
use crate::site::{Named, called};

/// A card as lines of so many columns, from its heading to its last remark. `matched` is what it was
/// found by, `landed` what calls say of its responses.
pub fn open_card(card: &Card, matched: Option<&str>, landed: &Landed, columns: usize, theme: Theme) -> Page {
    let mut page = Page::new(columns);
    let words = words(&card.language);
    let mut head = Vec::new();
    if let Some(code) = &card.code {
        head.push((format!("{code} "), theme.accent()));
    }
    head.push((card.title.clone(), theme.title()));
    page.ends(&head, &about(card), theme.dim());
    if let Some(matched) = matched.filter(|matched| *matched != card.title) {
        page.text("", theme.dim(), &format!("“{matched}”"), theme.dim());
    }
    for (index, response) in card.responses.iter().enumerate() {
        page.gap();
        let number = (card.responses.len() > 1).then_some(index + 1);
        one(&mut page, response, number, words.avoid, theme);
        if let Some(rate) = landed.of_card(card, &response.id) {
            page.text("   ", theme.dim(), &words.landed_of(rate), theme.dim());
        }
    }
    page.gap();
    if let Some(why) = &card.why {
        page.text(&format!("{}: ", words.why), theme.dim(), why, theme.text());
    }
    // What an objection is found by is its own business; elsewhere it is worth reading.
    if card.kind != CardKind::Objection {
        for text in &card.more {
            page.text("· ", theme.dim(), text, theme.text());
        }
    }
    while page.lines.last().is_some_and(|line| line.width() == 0) {
        page.lines.pop();
    }
    page
}

/// What a card is about and its language, in that language: `Price · en`.
pub(super) fn about(card: &Card) -> String {
    let language = &card.language;
    let about = match (&card.category, card.kind) {
        (Some(category), _) => called(language, Named::Category, category),
        (None, CardKind::Signal) => words(language).signals,
        (None, kind) => called(language, Named::Card, kind.as_str()),
    };
    format!("{about} · {language}")
}

fn one(page: &mut Page, response: &CardResponse, number: Option<usize>, avoid: &str, theme: Theme) {
    let mut lead = number.map_or("   ".to_string(), |number| format!("{number:>2} "));
    if let Some(bridge) = &response.bridge {
        page.text(&format!("{lead}▌ "), theme.bridge(), bridge, theme.bridge());
        lead = "   ".into();
    }
    if let Some(when) = &response.when {
        page.text(&lead, theme.accent(), &format!("({when})"), theme.dim());
        lead = "   ".into();
    }
    page.text(&lead, theme.accent(), &response.say, theme.text());
    if let Some(ask) = &response.ask {
        page.text(" ? ", theme.accent(), ask, theme.title());
    }
    for proof in &response.proof {
        page.text(" ✓ ", theme.dim(), proof, theme.dim());
    }
    for text in &response.avoid {
        page.text(&format!(" ✗ {avoid}: "), theme.dim(), text, theme.dim());
    }
}
