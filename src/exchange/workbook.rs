//! Excel workbooks. The only user of calamine.
//!
//! Cells are read one by one and never as a range: a single cell at the far corner of a sheet would make
//! a range of billions.

use std::collections::BTreeMap;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx};

use super::sheet::{LONGEST, Left, MOST_COLUMNS, MOST_ROWS, Row, Sheet, Where, clean, letters};

/// A workbook that says it unfolds to more than this, in bytes, is not unfolded.
const MOST_UNFOLDED: u64 = 400 << 20;

/// What the files of an archive say they unfold to, by its directory at the end.
fn unfolded(bytes: &[u8]) -> u64 {
    let number = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
        u64::from(four.map_or(0, u32::from_le_bytes))
    };
    let entries = bytes.windows(4).enumerate().filter(|(_, four)| *four == b"PK\x01\x02");
    entries.map(|(at, _)| number(at + 24)).sum()
}

pub(super) fn read(bytes: &[u8]) -> Result<(Vec<Sheet>, Vec<Left>), String> {
    if unfolded(bytes) > MOST_UNFOLDED {
        return Err(format!("it unfolds to more than {} MB; save the list alone", MOST_UNFOLDED >> 20));
    }
    let broken = |error: String| format!("it is no sound Excel workbook: {error}");
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(bytes))
        .map_err(|error: calamine::XlsxError| broken(error.to_string()))?;
    let about = book.sheets_metadata().to_vec();
    let (mut sheets, mut left) = (Vec::new(), Vec::new());
    for sheet in about {
        let whole = |why: &str| Left {
            place: None,
            why: format!("sheet `{}`: {why}", crate::book::brief(&sheet.name)),
            text: String::new(),
        };
        if sheet.typ != SheetType::WorkSheet {
            left.push(whole("it is no table"));
            continue;
        }
        if sheet.visible != SheetVisible::Visible {
            left.push(whole("it is hidden, so it was left alone"));
            continue;
        }
        match one(&mut book, &sheet.name, &mut left) {
            Ok(rows) if rows.is_empty() => {}
            Ok(rows) => sheets.push(Sheet { name: Some(sheet.name), rows }),
            Err(error) => left.push(whole(&format!("it cannot be read: {error}"))),
        }
    }
    Ok((sheets, left))
}

fn one(book: &mut Xlsx<Cursor<&[u8]>>, name: &str, left: &mut Vec<Left>) -> Result<Vec<Row>, String> {
    let merged = book.merge_cells_by_sheet_name(name).unwrap_or_default();
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let at = |row: u32| Where { sheet: Some(crate::book::brief(name)), row: row + 1, unit: "row" };
    {
        let mut cells = book.worksheet_cells_reader(name).map_err(|error| error.to_string())?;
        while let Some(cell) = cells.next_cell().map_err(|error| error.to_string())? {
            let (row, column) = cell.get_position();
            let text = match cell.get_value() {
                DataRef::Empty => continue,
                DataRef::Error(error) => {
                    let why = format!("the formula in column {} gives no value", letters(column as usize));
                    left.push(Left::at(&at(row), why, &error.to_string()));
                    continue;
                }
                DataRef::Int(number) => number.to_string(),
                DataRef::Float(number) => number.to_string(),
                DataRef::Bool(truth) => truth.to_string(),
                DataRef::String(text) => text.clone(),
                DataRef::SharedString(text) => (*text).to_string(),
                DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
                DataRef::DateTime(date) if date.is_datetime() => {
                    let (year, month, day, hour, minute, ..) = date.to_ymd_hms_milli();
                    let time = if (hour, minute) == (0, 0) {
                        String::new()
                    } else {
                        format!(" {hour:02}:{minute:02}")
                    };
                    format!("{year:04}-{month:02}-{day:02}{time}")
                }
                DataRef::DateTime(date) => date.as_f64().to_string(),
            };
            let text = clean(&text);
            if text.is_empty() {
                continue;
            }
            if text.chars().count() > LONGEST || column as usize >= MOST_COLUMNS {
                let why = match column as usize >= MOST_COLUMNS {
                    true => format!("it stands in column {}, beyond any list", letters(column as usize)),
                    false => format!(
                        "the cell in column {} has more than {LONGEST} characters",
                        letters(column as usize)
                    ),
                };
                left.push(Left::at(&at(row), why, &text));
                continue;
            }
            let cells = rows.entry(row).or_default();
            if cells.len() <= column as usize {
                cells.resize(column as usize + 1, String::new());
            }
            cells[column as usize] = text;
            if rows.len() > MOST_ROWS {
                return Err(format!("it has more than {MOST_ROWS} rows; split it"));
            }
        }
    }
    // What is merged over several rows holds for each of them.
    for area in merged {
        let Some(text) = rows.get(&area.start.0).and_then(|cells| cells.get(area.start.1 as usize)).cloned()
        else {
            continue;
        };
        if area.end.0 <= area.start.0 || text.is_empty() {
            continue;
        }
        for (_, cells) in rows.range_mut(area.start.0 + 1..=area.end.0) {
            let column = area.start.1 as usize;
            if cells.len() <= column {
                cells.resize(column + 1, String::new());
            }
            cells[column].clone_from(&text);
        }
    }
    Ok(rows.into_iter().map(|(row, cells)| Row { place: at(row), cells }).collect())
}
