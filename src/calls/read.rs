//! Records as they come in: one, an array of them, or one a line. A faulty one is told of with its
//! place, and the rest is read.

use std::cell::Cell;
use std::fmt;
use std::io::{self, BufRead, Read};

use serde::Deserializer as _;
use serde::de::{self, SeqAccess, Visitor};
use serde_json::{Deserializer, Value};

use super::record::Record;

/// The greatest size of one record, in bytes.
pub const MAX_RECORD: u64 = 16 << 20;

/// A record with its place for people (`line 3`, `record 3`), or what is wrong with it.
pub type Read1 = (String, Result<Record, String>);

/// Gives every record to `each`, until it says false. An error where reading cannot go on.
pub fn read(mut from: impl BufRead, each: &mut dyn FnMut(Read1) -> bool) -> Result<(), String> {
    skip_space(&mut from)?;
    let start = from.fill_buf().map_err(|error| error.to_string())?.first().copied();
    match start {
        None => Ok(()),
        Some(b'[') => array(from, each),
        Some(_) => lines(from, each),
    }
}

fn skip_space(from: &mut impl BufRead) -> Result<(), String> {
    const BOM: &[u8] = "\u{FEFF}".as_bytes();
    let start = from.fill_buf().map_err(|error| error.to_string())?;
    if start.starts_with(BOM) {
        from.consume(BOM.len());
    }
    loop {
        let buffer = from.fill_buf().map_err(|error| error.to_string())?;
        let space = buffer.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        if space == 0 {
            return Ok(());
        }
        from.consume(space);
    }
}

/// A reader that ends in an error when one record is too long.
struct Metered<'a, R> {
    inner: R,
    left: &'a Cell<u64>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        match self.left.get().checked_sub(count as u64) {
            Some(left) => self.left.set(left),
            None => return Err(io::Error::other(too_long())),
        }
        Ok(count)
    }
}

fn too_long() -> String {
    format!("a record has more than {} MB", MAX_RECORD >> 20)
}

fn array(from: impl Read, each: &mut dyn FnMut(Read1) -> bool) -> Result<(), String> {
    struct Items<'a, 'b> {
        each: &'a mut dyn FnMut(Read1) -> bool,
        left: &'b Cell<u64>,
        stopped: &'a mut bool,
    }
    impl<'de> Visitor<'de> for Items<'_, '_> {
        type Value = ();
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an array of records")
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
            let mut number = 0;
            while let Some(value) = items.next_element::<Value>()? {
                number += 1;
                self.left.set(MAX_RECORD);
                if !(self.each)((format!("record {number}"), record(value))) {
                    *self.stopped = true;
                    return Err(de::Error::custom("stopped"));
                }
            }
            Ok(())
        }
    }
    let left = Cell::new(MAX_RECORD);
    let mut stopped = false;
    let mut reader = Deserializer::from_reader(Metered { inner: from, left: &left });
    let items = Items { each, left: &left, stopped: &mut stopped };
    let done = reader.deserialize_seq(items).and_then(|()| reader.end());
    match done {
        Err(_) if stopped => Ok(()),
        done => done.map_err(|error| error.to_string()),
    }
}

/// One record a line; or, where the first line is not a whole one, records that take several.
fn lines(mut from: impl BufRead, each: &mut dyn FnMut(Read1) -> bool) -> Result<(), String> {
    let mut number = 0;
    loop {
        let mut line = Vec::new();
        let length = (&mut from)
            .take(MAX_RECORD + 1)
            .read_until(b'\n', &mut line)
            .map_err(|error| error.to_string())?;
        if length == 0 {
            return Ok(());
        }
        number += 1;
        if length as u64 > MAX_RECORD {
            return Err(format!("line {number}: {}", too_long()));
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let read = match serde_json::from_slice::<Value>(&line) {
            Ok(value) => record(value),
            Err(error) if number == 1 && error.is_eof() => {
                return several(io::Cursor::new(line).chain(from), each);
            }
            Err(error) => Err(format!("this is not JSON: {error}")),
        };
        if !each((format!("line {number}"), read)) {
            return Ok(());
        }
    }
}

fn several(from: impl Read, each: &mut dyn FnMut(Read1) -> bool) -> Result<(), String> {
    let left = Cell::new(MAX_RECORD);
    let reader = Metered { inner: from, left: &left };
    for (index, value) in Deserializer::from_reader(reader).into_iter::<Value>().enumerate() {
        left.set(MAX_RECORD);
        let value = value.map_err(|error| format!("this is not JSON: {error}"))?;
        if !each((format!("record {}", index + 1), record(value))) {
            break;
        }
    }
    Ok(())
}

fn record(value: Value) -> Result<Record, String> {
    if !value.is_object() {
        return Err("this is not a record; expected an object with `id`, `playbook`, `started`".to_string());
    }
    let record: Record = serde_json::from_value(value).map_err(|error| error.to_string())?;
    record.check().map(|_| record)
}
