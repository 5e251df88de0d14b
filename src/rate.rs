//! A share of what was counted, and how sure it is.

use serde::{Deserialize, Serialize, Serializer};

/// So many must have been counted before shares are compared or ranked.
pub const ENOUGH: usize = 10;

/// The share of the normal distribution's middle that intervals stand for.
pub const CONFIDENCE: f64 = 0.95;
/// The quantile that belongs to [`CONFIDENCE`].
const Z: f64 = 1.959_963_984_540_054;

/// So many out of so many. As JSON `{"count", "of", "share", "low", "high"}`, shares from 0 to 1 with four
/// decimals and `share` null where nothing was counted; read from `count` and `of`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
pub struct Rate {
    /// Those that are meant.
    pub count: usize,
    /// Those that were counted.
    pub of: usize,
}

impl Rate {
    /// So many out of so many.
    pub fn new(count: usize, of: usize) -> Self {
        Rate { count: count.min(of), of }
    }

    /// Counts one more.
    pub fn add(&mut self, is_meant: bool) {
        self.of += 1;
        self.count += usize::from(is_meant);
    }

    /// The share, from 0 to 1; none where nothing was counted.
    pub fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }

    /// The lower and upper end of the 95 % score interval, from 0 to 1 (E. B. Wilson, "Probable
    /// inference, the law of succession, and statistical inference", JASA 22, 1927). It stays within 0
    /// and 1 and is honest about few and about extreme counts.
    pub fn interval(self) -> (f64, f64) {
        if self.of == 0 {
            return (0.0, 1.0);
        }
        let (count, of, zz) = (self.count as f64, self.of as f64, Z * Z);
        let middle = (count + zz / 2.0) / (of + zz);
        let half = Z / (of + zz) * (count * (of - count) / of + zz / 4.0).sqrt();
        // At the ends the formula is exact but its floating point is not.
        let low = if self.count == 0 { 0.0 } else { (middle - half).max(0.0) };
        let high = if self.count == self.of { 1.0 } else { (middle + half).min(1.0) };
        (low, high)
    }

    /// The lower end of the interval: by this shares are ranked.
    pub fn low(self) -> f64 {
        self.interval().0
    }

    /// The upper end of the interval.
    pub fn high(self) -> f64 {
        self.interval().1
    }

    /// Whether it is enough to be compared and ranked.
    pub fn is_enough(self) -> bool {
        self.of >= ENOUGH
    }

    /// Whether it is higher than another by more than chance: both are enough, and the intervals do not
    /// overlap. That is stricter than a test of the difference at the same level, which is welcome
    /// where many are compared at once.
    pub fn is_above(self, other: Rate) -> bool {
        self.is_enough() && other.is_enough() && self.low() > other.high()
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Full {
            count: usize,
            of: usize,
            share: Option<f64>,
            low: f64,
            high: f64,
        }
        let (low, high) = self.interval();
        let share = self.share().map(rounded);
        Full { count: self.count, of: self.of, share, low: rounded(low), high: rounded(high) }
            .serialize(serializer)
    }
}

/// A number with four decimals.
pub fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Sorts the items whose rate is [enough](Rate::is_enough) by the lower ends of their intervals, the highest
/// first, among the places that they hold; the others stay where they are, because nothing is known
/// of them. Of equals the first stays first.
pub fn order<T>(items: &mut Vec<T>, rate: impl Fn(&T) -> Option<Rate>) {
    let known = |item: &T| rate(item).filter(|rate| rate.is_enough());
    let places: Vec<usize> = (0..items.len()).filter(|place| known(&items[*place]).is_some()).collect();
    let mut sorted = places.clone();
    let low = |place: &usize| known(&items[*place]).map_or(0.0, Rate::low);
    sorted.sort_by(|a, b| low(b).total_cmp(&low(a)));
    if sorted == places {
        return;
    }
    let mut slots: Vec<Option<T>> = std::mem::take(items).into_iter().map(Some).collect();
    let mut from: Vec<usize> = (0..slots.len()).collect();
    for (place, source) in places.iter().zip(&sorted) {
        from[*place] = *source;
    }
    items.extend(from.into_iter().filter_map(|source| slots[source].take()));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intervals_are_as_published() {
        let check = |count, of, low: f64, high: f64| {
            let (found_low, found_high) = Rate::new(count, of).interval();
            assert!((found_low - low).abs() < 1e-3 && (found_high - high).abs() < 1e-3, "{count}/{of}");
        };
        // Newcombe 1998, "Two-sided confidence intervals for the single proportion", table I, method 3.
        check(81, 263, 0.2553, 0.3662);
        check(15, 148, 0.0624, 0.1605);
        check(0, 20, 0.0, 0.1611);
        check(1, 29, 0.0061, 0.1718);
        check(29, 29, 0.8830, 1.0);
        check(0, 0, 0.0, 1.0);
    }

    #[test]
    fn few_are_never_ranked() {
        let check = |rates: &[(usize, usize)], expected: &[usize]| {
            let mut items: Vec<(usize, Rate)> =
                rates.iter().map(|(count, of)| Rate::new(*count, *of)).enumerate().collect();
            order(&mut items, |item| Some(item.1));
            let found: Vec<usize> = items.iter().map(|item| item.0).collect();
            assert_eq!(found, expected, "{rates:?}");
        };
        check(&[], &[]);
        check(&[(1, 20), (19, 20)], &[1, 0]);
        // Nine of nine is no reason to move.
        check(&[(1, 20), (9, 9), (19, 20)], &[2, 1, 0]);
        check(&[(0, 0), (5, 10), (5, 10)], &[0, 1, 2]);
        // More of the same share is surer.
        check(&[(8, 10), (80, 100)], &[1, 0]);
    }

    #[test]
    fn more_than_chance() {
        assert!(Rate::new(90, 100).is_above(Rate::new(50, 100)));
        assert!(!Rate::new(55, 100).is_above(Rate::new(50, 100)));
        assert!(!Rate::new(9, 9).is_above(Rate::new(0, 100)));
    }
}
