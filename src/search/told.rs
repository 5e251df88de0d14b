//! What each text of a card is compared by when it is asked which of them is nearest to what was heard: kept
//! beside the card, so that showing a hit cuts nothing.

use std::collections::BTreeMap;

use crate::keep::{Reader, Writer};

use super::schema::Cut;
use super::table::sense_hash;

/// The title of a card, or one of its utterances.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Text {
    /// How many words it has.
    pub words: u32,
    /// The text word for word, as [keys](key).
    pub whole: Vec<u32>,
    /// Its features, as keys in their order.
    pub features: Vec<u32>,
    /// The groups that it speaks of, each with its share.
    pub groups: Vec<(usize, f32)>,
}

/// What a feature or a whole text is compared by.
pub(super) fn key(text: &str) -> u32 {
    sense_hash(text) as u32
}

/// Shares are kept so finely.
const LEVELS: f32 = 255.0;

/// Puts down the texts of a card, the title first; each with the [shares](super::sense::shares) of groups.
pub(super) fn pack(texts: &[(&Cut, &BTreeMap<usize, f32>)]) -> Vec<u8> {
    let mut out = Writer::default();
    out.number(texts.len() as u32);
    for (cut, groups) in texts {
        let mut features: Vec<u32> = cut.keys.iter().map(|(feature, _)| key(feature)).collect();
        features.sort_unstable();
        features.dedup();
        let whole: Vec<u32> = cut.whole.iter().map(|whole| key(whole)).collect();
        out.number(cut.words);
        for keys in [whole, features] {
            out.bytes(&keys.into_iter().flat_map(u32::to_le_bytes).collect::<Vec<u8>>());
        }
        out.number(groups.len() as u32);
        for (group, share) in *groups {
            out.number(*group as u32);
            out.number((share * LEVELS).round() as u32);
        }
    }
    out.0
}

/// What was put down; nothing where it is not that.
pub(super) fn read(bytes: &[u8]) -> Option<Vec<Text>> {
    let mut bytes = Reader(bytes);
    let keys = |bytes: &mut Reader<'_>| -> Option<Vec<u32>> {
        Some(bytes.bytes()?.as_chunks().0.iter().map(|four| u32::from_le_bytes(*four)).collect())
    };
    bytes.all(|bytes| {
        Some(Text {
            words: bytes.number()?,
            whole: keys(bytes)?,
            features: keys(bytes)?,
            groups: bytes.all(|bytes| Some((bytes.number()? as usize, bytes.number()? as f32 / LEVELS)))?,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::super::features::Sort;
    use super::*;

    #[test]
    fn what_was_put_down_is_read() {
        let cut = Cut {
            keys: vec![
                ("eprice".into(), Sort::Word),
                ("ehigh".into(), Sort::Word),
                ("eprice".into(), Sort::Word),
            ],
            whole: vec!["the price is high".into()],
            words: 4,
        };
        let groups = BTreeMap::from([(3, 1.0), (900, 0.2)]);
        let packed = pack(&[(&cut, &groups), (&Cut::default(), &BTreeMap::new())]);
        let [title, none] = read(&packed).unwrap().try_into().unwrap();
        let mut features = vec![key("eprice"), key("ehigh")];
        features.sort_unstable();
        assert_eq!((title.words, title.whole, title.features), (4, vec![key("the price is high")], features));
        assert_eq!(title.groups, [(3, 1.0), (900, 0.2)]);
        assert_eq!(none, Text::default());
        for end in 0..packed.len() {
            assert_eq!(read(&packed[..end]), None);
        }
    }
}
