//! Small numbers as text that stands in a script as it is: no escapes, one byte a letter, and letters
//! that go with numbers, so that gzip finds the common ones.
//!
//! The letters are `!` and `#` to `|`, without the backslash: 90. The first 45 end a number, the others say
//! that more follows: numbers below 45 are one letter, below 2,025 two, below 91,125 three.

/// Numbers below this are one letter.
const BASE: u32 = 45;

/// A text of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digits(String);

impl Digits {
    /// Numbers behind a text.
    pub(super) fn behind(text: String) -> Self {
        Digits(text)
    }

    /// Adds a number.
    pub fn put(&mut self, number: u32) {
        let mut power = 1_u32;
        while let Some(more) = power.checked_mul(BASE).filter(|more| *more <= number) {
            power = more;
        }
        while power > 1 {
            self.letter(BASE + number / power % BASE);
            power /= BASE;
        }
        self.letter(number % BASE);
    }

    /// Adds numbers that only grow, as what each is more than the one before, with a value to each. Most values
    /// are nought: twice the difference, and one more where a value less one follows.
    pub fn put_rising(&mut self, numbers: impl IntoIterator<Item = (u32, u32)>) {
        let mut next = 0;
        for (number, value) in numbers {
            self.put(number.saturating_sub(next) * 2 + u32::from(value > 0));
            if let Some(less) = value.checked_sub(1) {
                self.put(less);
            }
            next = number + 1;
        }
    }

    /// The text.
    pub fn into_text(self) -> String {
        self.0
    }

    fn letter(&mut self, number: u32) {
        let byte = match number {
            // A backslash would have to be escaped.
            57 => b'!',
            other => b'#' + other as u8,
        };
        self.0.push(char::from(byte));
    }
}

impl FromIterator<u32> for Digits {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut digits = Digits::default();
        numbers.into_iter().for_each(|number| digits.put(number));
        digits
    }
}

/// Reads numbers back, as the script does.
#[cfg(test)]
pub(super) fn read(text: &str) -> Vec<u32> {
    let (mut numbers, mut sum) = (Vec::new(), 0);
    for byte in text.bytes() {
        let letter = if byte == b'!' { 57 } else { u32::from(byte - b'#') };
        sum = sum * BASE + letter % BASE;
        if letter < BASE {
            numbers.push(sum);
            sum = 0;
        }
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_is_put_in_comes_out(numbers in prop::collection::vec(
            prop_oneof![0..100_u32, 2_000..2_100_u32, 91_000..91_200_u32, 0..=u32::MAX], 0..40,
        )) {
            let digits: Digits = numbers.iter().copied().collect();
            prop_assert_eq!(&read(&digits.0), &numbers);
            prop_assert_eq!(serde_json::to_string(&digits.0).unwrap().len(), digits.0.len() + 2);
            // What parts records is no digit.
            let parting = ['~', '}', ' '];
            prop_assert!(!digits.0.contains(parting));
        }
    }
}
