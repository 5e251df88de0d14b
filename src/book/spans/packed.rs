//! Places as bytes, a few for each.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Kind, Node, Spans};
use crate::keep::{Reader, Writer};
use crate::source::{Position, Span};

impl Spans {
    /// Whether everything is at its place, under its own name.
    pub(in super::super) fn is_as_written(&self) -> bool {
        self.renumbered.is_empty() && self.meant.is_empty()
    }

    /// To be read by [`Spans::unpack`], where everything is [as it was written](Spans::is_as_written).
    pub(in super::super) fn pack(&self, out: &mut Writer) {
        let mut names: HashMap<&str, u32> = HashMap::new();
        let mut listed: Vec<&str> = Vec::new();
        let maps = self.nodes.iter().filter_map(|node| match &node.kind {
            Kind::Map(entries) => Some(entries),
            _ => None,
        });
        for entry in maps.flatten() {
            names.entry(&entry.key).or_insert_with(|| {
                listed.push(&entry.key);
                listed.len() as u32 - 1
            });
        }
        out.number(listed.len() as u32);
        listed.iter().for_each(|name| out.text(name));
        out.number(self.nodes.len() as u32);
        out.number(self.root.map_or(0, |root| root as u32 + 1));
        let mut line = 0;
        let mut span = |out: &mut Writer, span: Span| {
            // A map begins at its first key, so lines go back now and then.
            let step = span.start.line.wrapping_sub(line) as i32;
            out.number(((step << 1) ^ (step >> 31)) as u32);
            line = span.start.line;
            out.number(span.start.column);
            out.number(span.end.line - span.start.line);
            out.number(span.end.column);
        };
        for (id, node) in self.nodes.iter().enumerate() {
            span(out, node.span);
            match &node.kind {
                Kind::Scalar(None) => out.number(0),
                Kind::Scalar(Some(raw)) => {
                    out.number(1);
                    out.text(raw);
                }
                Kind::Alias(target) => {
                    out.number(2);
                    out.number((id - target) as u32);
                }
                Kind::List(items) => {
                    out.number(3);
                    out.number(items.len() as u32);
                    items.iter().for_each(|item| out.number((item - id) as u32));
                }
                Kind::Map(entries) => {
                    out.number(4);
                    out.number(entries.len() as u32);
                    for entry in entries {
                        out.number(names.get(&*entry.key).copied().unwrap_or_default());
                        span(out, entry.key_span);
                        out.number((entry.value - id) as u32);
                    }
                }
            }
        }
    }

    /// What [`Spans::pack`] wrote.
    pub(in super::super) fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        let names = bytes.all(|bytes| bytes.text().map(Arc::<str>::from))?;
        let many = bytes.number()? as usize;
        let root = (bytes.number()? as usize).checked_sub(1);
        if many > bytes.0.len() || root.is_some_and(|root| root >= many) {
            return None;
        }
        let mut line = 0_u32;
        let mut span = |bytes: &mut Reader<'_>| {
            let step = bytes.number()?;
            line = line.wrapping_add((step >> 1) ^ (step & 1).wrapping_neg());
            let start = Position::new(line, bytes.number()?);
            Some(Span { start, end: Position::new(line.checked_add(bytes.number()?)?, bytes.number()?) })
        };
        let mut nodes = Vec::with_capacity(many);
        for id in 0..many {
            // What is in a node comes behind it, and what an alias means before it.
            let inner = |bytes: &mut Reader<'_>| {
                let other = id.checked_add(bytes.number()? as usize)?;
                (id < other && other < many).then_some(other)
            };
            let span_of = span(bytes)?;
            let kind = match bytes.number()? {
                0 => Kind::Scalar(None),
                1 => Kind::Scalar(Some(bytes.text()?.into())),
                2 => Kind::Alias(id.checked_sub(bytes.number()? as usize).filter(|target| *target < id)?),
                3 => Kind::List(bytes.all(inner)?),
                4 => Kind::Map(bytes.all(|bytes| {
                    let key = names.get(bytes.number()? as usize)?.clone();
                    Some(Entry { key, key_span: span(bytes)?, value: inner(bytes)? })
                })?),
                _ => return None,
            };
            nodes.push(Node { span: span_of, kind });
        }
        Some(Spans { nodes, root, ..Spans::default() })
    }
}
