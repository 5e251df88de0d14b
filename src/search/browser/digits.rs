//! Small numbers as text that stands in a script as it is: no escapes, one byte a letter, and letters
//! that go with numbers, so that gzip finds the common ones.
//!
//! The letters are `!` and `#` to `~`, without the backslash: 92. Numbers below 80 are one letter,
//! below 1,000 two, below 9,464 three, all others five.

/// How many letters there are.
const LETTERS: u32 = 92;
/// Numbers below this are one letter.
const ONE: u32 = 80;
/// Numbers below this are two.
const TWO: u32 = 1000;
/// Numbers below this are three.
const THREE: u32 = TWO + LETTERS * LETTERS;
/// No number is greater.
const MOST: u32 = LETTERS * LETTERS * LETTERS * LETTERS - 1;

/// A text of numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digits(String);

impl Digits {
    /// Adds a number; one beyond 71 million is that.
    pub fn put(&mut self, number: u32) {
        let number = number.min(MOST);
        match number {
            0..ONE => self.letter(number),
            ONE..TWO => {
                self.letter(ONE + (number - ONE) / LETTERS);
                self.letter((number - ONE) % LETTERS);
            }
            TWO..THREE => {
                self.letter(LETTERS - 2);
                self.letter((number - TWO) / LETTERS);
                self.letter((number - TWO) % LETTERS);
            }
            _ => {
                self.letter(LETTERS - 1);
                for power in (0..4).rev() {
                    self.letter(number / LETTERS.pow(power) % LETTERS);
                }
            }
        }
    }

    /// Adds numbers that only grow, as what each is more than the one before.
    pub fn put_rising(&mut self, numbers: impl IntoIterator<Item = u32>) {
        let mut next = 0;
        for number in numbers {
            self.put(number.saturating_sub(next));
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
    let mut letters = text.bytes().map(|byte| match byte {
        b'!' => 57,
        other => u32::from(other - b'#'),
    });
    let mut numbers = Vec::new();
    while let Some(first) = letters.next() {
        let mut more = || letters.next().expect("a letter more");
        numbers.push(match first {
            0..ONE => first,
            90 => TWO + more() * LETTERS + more(),
            91 => (0..4).fold(0, |sum, _| sum * LETTERS + more()),
            _ => ONE + (first - ONE) * LETTERS + more(),
        });
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
            prop_oneof![0..100_u32, 900..1100_u32, 9_400..9_500_u32, 0..=MOST], 0..40,
        )) {
            let digits: Digits = numbers.iter().copied().collect();
            prop_assert_eq!(&read(&digits.0), &numbers);
            prop_assert_eq!(serde_json::to_string(&digits.0).unwrap().len(), digits.0.len() + 2);
        }
    }
}
