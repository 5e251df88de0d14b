//! Bytes as text: UTF-8, UTF-16, and Windows-1252, which old exports still are.

/// What Windows-1252 has at 0x80–0x9F; five of them are nothing.
const WINDOWS: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
    '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

/// The text, and what had to be assumed. Errors where it is no text, or in an encoding that cannot be
/// known.
pub(super) fn decode(bytes: &[u8]) -> Result<(String, Option<String>), String> {
    let units = |bytes: &[u8], big: bool| -> Result<String, String> {
        let pairs = bytes.chunks_exact(2).map(|pair| {
            let pair = [pair[0], pair[1]];
            if big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) }
        });
        String::from_utf16(&pairs.collect::<Vec<_>>())
            .map_err(|_| "it begins as UTF-16 and is not; save it as UTF-8".to_string())
    };
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => (utf8(rest)?, None),
        [0xFF, 0xFE, rest @ ..] => (units(rest, false)?, None),
        [0xFE, 0xFF, rest @ ..] => (units(rest, true)?, None),
        // Without a mark: every other byte of Latin text is zero.
        [a, 0, _, 0, ..] if *a != 0 => (units(bytes, false)?, Some("read as UTF-16".to_string())),
        [0, a, 0, _, ..] if *a != 0 => (units(bytes, true)?, Some("read as UTF-16".to_string())),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => (text.to_string(), None),
            Err(_) => windows(bytes)?,
        },
    };
    if text.0.contains('\0') {
        return Err("it is no text; save it as .csv, .xlsx, .md or .json".into());
    }
    Ok(text)
}

fn utf8(bytes: &[u8]) -> Result<String, String> {
    String::from_utf8(bytes.to_vec())
        .map_err(|_| "it begins as UTF-8 and is not further on; save it as UTF-8".to_string())
}

fn windows(bytes: &[u8]) -> Result<(String, Option<String>), String> {
    let high = bytes.iter().filter(|byte| **byte >= 0x80).count();
    let letters = bytes.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    if high > letters / 2 {
        // Chinese in Big5 or GBK is nearly all high bytes.
        return Err("its encoding is not known; save it as UTF-8 (in Excel: CSV UTF-8)".into());
    }
    let one = |byte: &u8| match byte {
        0x80..=0x9F => WINDOWS[usize::from(byte - 0x80)],
        byte => char::from(*byte),
    };
    let note = "it is not in UTF-8, so it was read as Windows-1252; look at the accents, or save it as UTF-8";
    Ok((bytes.iter().map(one).collect(), Some(note.to_string())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], text: &str, told: bool) {
        let (read, note) = decode(bytes).unwrap();
        assert_eq!((read.as_str(), note.is_some()), (text, told));
    }

    #[test]
    fn texts_are_read_however_they_were_saved() {
        check("đắt, 太貴".as_bytes(), "đắt, 太貴", false);
        check(b"\xEF\xBB\xBFa,b", "a,b", false);
        let wide = |text: &str, big: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect()
        };
        check(&wide("\u{FEFF}太貴, đắt", false), "太貴, đắt", false);
        check(&wide("\u{FEFF}太貴", true), "太貴", false);
        check(&wide("title,say", false), "title,say", true);
        check(&wide("title,say", true), "title,say", true);
        check(b"at the caf\xE9: \x80 5, \x93no way\x94", "at the café: € 5, “no way”", true);
        check(b"", "", false);
    }

    #[test]
    fn what_is_no_text_or_cannot_be_known_is_refused() {
        // Big5 for 太貴了, and bytes of a picture.
        assert!(decode(b"\xA4\xD3\xB6Q\xA4F,\xA4\xD3\xB6Q").is_err());
        assert!(decode(b"GIF89a\x00\x00\x01\x00,abc").is_err());
        assert!(decode(b"\xEF\xBB\xBFa\xFF").is_err());
        assert!(decode(b"\xFF\xFE\x00\xD8").is_err());
    }
}
