//! Numbers that tell contents apart. None of them holds against malice.

use std::hash::{Hash, Hasher};

const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// A product of 128 bits, its halves laid over each other.
fn folded(one: u64, other: u64) -> u64 {
    let product = u128::from(one) * u128::from(other);
    product as u64 ^ (product >> 64) as u64
}

/// Takes in eight bytes at a time.
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = folded(self.0 ^ u64::from_le_bytes(word), FACTOR).wrapping_add(self.0.rotate_left(29));
        }
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        // "a" and "a\0" fill a word alike.
        self.0 ^= bytes.len() as u64;
        self.mix(bytes);
    }

    fn finish(&self) -> u64 {
        folded(self.0 ^ (self.0 >> 32), FACTOR)
    }
}

/// What tells two contents apart, the same everywhere and for ever.
pub fn sum(bytes: &[u8]) -> u64 {
    let mut mixer = Mixer(folded(bytes.len() as u64 ^ FACTOR, FACTOR));
    mixer.mix(bytes);
    mixer.finish()
}

/// FNV-1a, 64 bits: small, and the same everywhere and for ever.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// What tells two values apart on one machine, for one build of the program.
pub fn hash_of(value: impl Hash) -> u64 {
    let mut mixer = Mixer(FACTOR);
    value.hash(&mut mixer);
    mixer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_stable_and_apart() {
        let texts = ["", "\0", "a", "b", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaab", "baaaaaaaa"];
        let sums: std::collections::BTreeSet<u64> = texts.iter().map(|text| sum(text.as_bytes())).collect();
        assert_eq!(sums.len(), texts.len());
        assert_eq!(sum(b"callbook"), 0xf4dd_73c9_ba36_f2db);
    }

    #[test]
    fn values_are_told_apart() {
        let of = [hash_of(""), hash_of("a"), hash_of(["a", ""]), hash_of(["", "a"]), hash_of([0_u8; 3])];
        let more =
            [hash_of([0_u8; 4]), hash_of(0_u64), hash_of(1_u64), hash_of((1_u32, 0_u32)), hash_of("a\0")];
        let all: std::collections::BTreeSet<u64> = of.into_iter().chain(more).collect();
        assert_eq!(all.len(), 10);
    }

    #[test]
    fn fingerprints_are_stable() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
