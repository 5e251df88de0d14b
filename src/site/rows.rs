//! What search in the page shows of cards, and what it knows of each besides what it is found by: of a volume
//! at a time, and kept, so that the cards of a volume that did not change need not be made.

use crate::card::{Card, CardKind};
use crate::keep::{Reader, Writer};
use crate::search::browser::order;

/// Kinds of objections.
pub(super) const SORTS: [&str; 5] = ["question", "brush-off", "smokescreen", "objection", "condition"];

/// A card.
pub(super) struct Row {
    /// What decides its place.
    order: String,
    /// What is shown of it, as JSON: its id and title; what is said first; the answer. And its code.
    pub shown: String,
    /// How many bytes of text that is, more or less.
    pub length: u32,
    /// The place of its kind among all kinds, and that of its kind of objection among [`SORTS`].
    pub kind: usize,
    pub sort: Option<usize>,
    pub category: Option<String>,
    /// Ids, also those of before, and its code.
    pub names: Vec<String>,
    /// The stages that it is prepared for, as `playbook/stage`.
    pub stages: Vec<String>,
}

/// The cards of a volume, in order.
pub(super) struct Rows {
    pub rows: Vec<Row>,
    /// Under which names is kept what is cut up of them.
    pub cut: Vec<String>,
}

impl Row {
    fn of(card: &Card) -> Self {
        let first = card.responses.first();
        let bridge = first.and_then(|response| response.bridge.as_deref()).unwrap_or_default();
        let answer = first.map(|response| response.say.as_str()).unwrap_or_default();
        // The words of a question are its title.
        let say =
            if card.kind == CardKind::Question { card.why.as_deref().unwrap_or_default() } else { answer };
        let mut shown = vec![card.id.as_str(), card.title.as_str(), bridge, say];
        shown.extend(card.code.as_deref());
        let names = card.was.iter().chain([&card.id]).chain(&card.code);
        let sort = card.objection_kind.as_deref();
        Row {
            order: order(card),
            shown: serde_json::to_string(&shown).unwrap_or_default(),
            length: (card.title.len() + bridge.len() + answer.len()) as u32,
            kind: CardKind::ALL.iter().position(|kind| *kind == card.kind).unwrap_or(0),
            sort: sort.and_then(|kind| SORTS.iter().position(|sort| *sort == kind)),
            category: card.category.clone(),
            names: names.map(|name| name.trim().to_lowercase()).collect(),
            stages: card.stages.clone(),
        }
    }

    fn write(&self, out: &mut Writer) {
        let Row { order, shown, length, kind, sort, category, names, stages } = self;
        out.text(order);
        out.text(shown);
        out.number(*length);
        out.number(*kind as u32);
        out.number(sort.map_or(0, |sort| sort as u32 + 1));
        out.texts(&category.iter().collect::<Vec<_>>());
        out.texts(names);
        out.texts(stages);
    }

    fn read(bytes: &mut Reader<'_>) -> Option<Self> {
        let (order, shown, length) = (bytes.text()?.to_owned(), bytes.text()?.to_owned(), bytes.number()?);
        let (kind, sort) = (bytes.number()? as usize, (bytes.number()? as usize).checked_sub(1));
        if kind >= CardKind::ALL.len() || sort.is_some_and(|sort| sort >= SORTS.len()) {
            return None;
        }
        let category = bytes.texts()?.pop();
        Some(Row {
            order,
            shown,
            length,
            kind,
            sort,
            category,
            names: bytes.texts()?,
            stages: bytes.texts()?,
        })
    }
}

impl Rows {
    /// Of cards that are in order.
    pub fn of(cards: &[Card], cut: Vec<String>) -> Self {
        Rows { rows: cards.iter().map(Row::of).collect(), cut }
    }

    /// The order of each.
    pub fn orders(&self) -> Vec<&str> {
        self.rows.iter().map(|row| row.order.as_str()).collect()
    }

    /// To be read by [`Rows::read`], where they are made of what has this number.
    pub fn written(&self, of: u64) -> Vec<u8> {
        let mut out = Writer(of.to_le_bytes().to_vec());
        out.texts(&self.cut);
        out.number(self.rows.len() as u32);
        self.rows.iter().for_each(|row| row.write(&mut out));
        out.0
    }

    /// What was written of the same.
    pub fn read(bytes: &[u8], of: u64) -> Option<Self> {
        let (told, bytes) = bytes.split_first_chunk::<8>()?;
        let mut bytes = (u64::from_le_bytes(*told) == of).then_some(Reader(bytes))?;
        Some(Rows { cut: bytes.texts()?, rows: bytes.all(Row::read)? })
    }
}
