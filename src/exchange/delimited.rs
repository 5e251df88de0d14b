//! Tables in text: commas, semicolons, tabs or bars between the cells.

use super::sheet::{LONGEST, Left, MOST_COLUMNS, MOST_ROWS, Row, Sheet, Where, clean};

/// How many records tell what stands between cells.
const LOOK: usize = 50;

fn reader(text: &str, between: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(between)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// What stands between the cells: what gives most rows the same number of columns.
fn delimiter(text: &str) -> u8 {
    // Excel says it in the first line, if asked.
    if let Some(between) = text.lines().next().and_then(|line| line.strip_prefix("sep=")) {
        return between.bytes().next().filter(u8::is_ascii).unwrap_or(b',');
    }
    let score = |between: u8| {
        let mut counts = std::collections::BTreeMap::<usize, usize>::new();
        for record in reader(text, between).records().take(LOOK).flatten() {
            *counts.entry(record.len()).or_default() += 1;
        }
        counts.into_iter().filter(|(columns, _)| *columns > 1).map(|(columns, rows)| (rows, columns)).max()
    };
    let all = [b',', b';', b'\t', b'|'];
    all.into_iter().rev().max_by_key(|between| score(*between)).unwrap_or(b',')
}

pub(super) fn read(text: &str) -> Result<(Sheet, Vec<Left>), String> {
    // Line breaks of one sort, so that lines are counted as editors do.
    let text = &text.replace("\r\n", "\n").replace('\r', "\n");
    let between = delimiter(text);
    let told = text.starts_with("sep=");
    let mut sheet = Sheet { name: None, rows: Vec::new() };
    let mut left = Vec::new();
    for record in reader(text, between).records() {
        let record = record.map_err(|error| format!("it is no table: {error}"))?;
        // Blank lines before a record are told to be its own.
        let line = record.position().map_or(1, |place| {
            let rest = text.as_bytes().get(place.byte() as usize..).unwrap_or_default();
            place.line() + rest.iter().take_while(|byte| **byte == b'\n').count() as u64
        });
        let place = Where { sheet: None, row: line.min(u64::from(u32::MAX)) as u32, unit: "line" };
        if told && line == 1 {
            continue;
        }
        let whole: String = record.iter().take(3).collect::<Vec<_>>().join(" | ");
        if record.iter().any(|cell| cell.chars().count() > LONGEST) {
            let why = format!("a cell has more than {LONGEST} characters; is a quote left open here?");
            left.push(Left::at(&place, why, &whole));
            continue;
        }
        if record.len() > MOST_COLUMNS {
            left.push(Left::at(&place, format!("it has more than {MOST_COLUMNS} columns"), &whole));
            continue;
        }
        let row = Row { place, cells: record.iter().map(clean).collect() };
        if row.is_blank() {
            continue;
        }
        if sheet.rows.len() == MOST_ROWS {
            return Err(format!("it has more than {MOST_ROWS} rows; split it"));
        }
        sheet.rows.push(row);
    }
    Ok((sheet, left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(u32, &[&str])]) {
        let (sheet, left) = read(text).unwrap();
        let rows: Vec<(u32, Vec<&str>)> = sheet
            .rows
            .iter()
            .map(|row| (row.place.row, row.cells.iter().map(String::as_str).collect()))
            .collect();
        let expected: Vec<(u32, Vec<&str>)> =
            expected.iter().map(|(line, cells)| (*line, cells.to_vec())).collect();
        assert_eq!((rows, left), (expected, Vec::new()), "{text}");
    }

    #[test]
    fn cells_and_lines() {
        check("a,b\n1,\"x\ny\"\n\n2,z\n", &[(1, &["a", "b"]), (2, &["1", "x\ny"]), (5, &["2", "z"])]);
        check("a;b\r\n1,5;x\r\n", &[(1, &["a", "b"]), (2, &["1,5", "x"])]);
        check("a\tb, c\n1\t2\n", &[(1, &["a", "b, c"]), (2, &["1", "2"])]);
        check("sep=;\na;b\n", &[(2, &["a", "b"])]);
        check(
            "a,b\n\"say \"\"no\"\"\", x \n'=SUM(A1),\u{7}y\u{202E}\n",
            &[(1, &["a", "b"]), (2, &["say \"no\"", "x"]), (3, &["=SUM(A1)", "y"])],
        );
        check("", &[]);
    }

    #[test]
    fn a_quote_that_is_never_closed_is_told_of() {
        let (sheet, left) = read(&format!("a,b\n1,2\n3,\"x{}", "\ny,z".repeat(9000))).unwrap();
        assert_eq!((sheet.rows.len(), left.len()), (2, 1));
        assert!(left[0].why.contains("quote") && left[0].place.as_ref().is_some_and(|place| place.row == 3));
    }
}
