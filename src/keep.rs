//! What is dear to make and most often the same as the last time, kept from one build to the next as bytes.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, PoisonError};

use crate::digest::hash_of;

/// A place for what is made, by name. What was put may be gone when it is asked for; what is given is
/// what was put.
pub trait Keep: Sync {
    /// What was kept under a name.
    fn get(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps it under a name.
    fn put(&self, name: &str, bytes: Vec<u8>);
}

/// Keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Nowhere;

impl Keep for Nowhere {
    fn get(&self, _: &str) -> Option<Vec<u8>> {
        None
    }
    fn put(&self, _: &str, _: Vec<u8>) {}
}

/// Keeps in memory what was put last under each name.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<String, Vec<u8>>>);

impl Keep for Memory {
    fn get(&self, name: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }
    fn put(&self, name: &str, bytes: Vec<u8>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_string(), bytes);
    }
}

/// A name for what is made of something by this very build of the program.
pub fn name(stem: &str, of: impl Hash) -> String {
    format!("{stem}-{:016x}", hash_of((env!("CALLBOOK_BUILD"), of)))
}

/// Numbers and texts, one behind the other.
#[derive(Debug, Default)]
pub struct Writer(pub Vec<u8>);

impl Writer {
    /// A number: seven bits a byte, the lowest first.
    pub fn number(&mut self, mut number: u32) {
        while number >= 0x80 {
            self.0.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.0.push(number as u8);
    }

    /// Bytes with their length.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.number(bytes.len() as u32);
        self.0.extend_from_slice(bytes);
    }

    /// A text with its length.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// How many texts there are, and each.
    pub fn texts(&mut self, texts: &[impl AsRef<str>]) {
        self.number(texts.len() as u32);
        texts.iter().for_each(|text| self.text(text.as_ref()));
    }
}

/// Reads what a [`Writer`] wrote; nothing where that is not what it wrote.
#[derive(Debug)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    /// A number.
    pub fn number(&mut self) -> Option<u32> {
        let mut number = 0u32;
        for shift in (0..35).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7F).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    /// Bytes of any length.
    pub fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.number()? as usize;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// A text.
    pub fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// Texts, as many as a number says.
    pub fn texts(&mut self) -> Option<Vec<String>> {
        self.all(|bytes| bytes.text().map(str::to_owned))
    }

    /// As many as a number says, each as `one` reads it.
    pub fn all<T>(&mut self, mut one: impl FnMut(&mut Self) -> Option<T>) -> Option<Vec<T>> {
        let many = self.number()? as usize;
        // Every one of them has a byte at least, so no false number takes the memory.
        let mut out = Vec::with_capacity(many.min(self.0.len()));
        for _ in 0..many {
            out.push(one(self)?);
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_written_is_read(numbers in prop::collection::vec(any::<u32>(), 0..20), text in ".*") {
            let mut writer = Writer::default();
            writer.number(numbers.len() as u32);
            numbers.iter().for_each(|number| writer.number(*number));
            writer.text(&text);
            let mut reader = Reader(&writer.0);
            prop_assert_eq!(reader.all(Reader::number), Some(numbers));
            prop_assert_eq!(reader.text(), Some(text.as_str()));
            prop_assert!(reader.0.is_empty());
        }

        #[test]
        fn whatever_is_read_nothing_breaks(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let mut reader = Reader(&bytes);
            while reader.all(|reader| reader.text().map(str::len)).is_some() && !reader.0.is_empty() {}
        }
    }
}
