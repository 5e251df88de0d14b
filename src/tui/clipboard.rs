//! The clipboard of the terminal, by OSC 52: a sequence that most terminals take, over ssh as well.

/// The longest text that is handed over, in bytes: what terminals take at most is some 75,000 of base64.
pub const LONGEST: usize = 50_000;

const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The sequence that puts a text on the clipboard. tmux gets it twice: for itself, which it takes where
/// `set-clipboard` is on, and to be passed through, which it does where `allow-passthrough` is on.
pub fn sequence(text: &str, tmux: bool) -> String {
    let plain = format!("\u{1b}]52;c;{}\u{7}", base64(text.as_bytes()));
    if tmux {
        let passed = plain.replace('\u{1b}', "\u{1b}\u{1b}");
        format!("{plain}\u{1b}Ptmux;{passed}\u{1b}\\")
    } else {
        plain
    }
}

fn base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let at = |index: usize| u32::from(three.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for digit in 0..4 {
            let value = (bits >> (18 - 6 * digit)) as usize & 63;
            out.push(if digit <= three.len() { char::from(DIGITS[value]) } else { '=' });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // The examples of RFC 4648, section 10.
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
            ("đắt", "xJHhuq90"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn tmux_gets_it_to_pass_it_on() {
        assert_eq!(sequence("f", false), "\u{1b}]52;c;Zg==\u{7}");
        let expected = "\u{1b}]52;c;Zg==\u{7}\u{1b}Ptmux;\u{1b}\u{1b}]52;c;Zg==\u{7}\u{1b}\\";
        assert_eq!(sequence("f", true), expected);
    }
}
