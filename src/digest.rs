//! Numbers that tell contents apart. None of them holds against malice.

use std::hash::{DefaultHasher, Hash, Hasher};

/// What tells two contents apart, the same everywhere and for ever.
pub fn sum(bytes: &[u8]) -> u64 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let folded = |one: u64, other: u64| {
        let product = u128::from(one) * u128::from(other);
        product as u64 ^ (product >> 64) as u64
    };
    let mut state = folded(bytes.len() as u64 ^ FACTOR, FACTOR);
    for chunk in bytes.chunks(8) {
        let mut word = [0; 8];
        word[..chunk.len()].copy_from_slice(chunk);
        state = folded(state ^ u64::from_le_bytes(word), FACTOR).wrapping_add(state.rotate_left(29));
    }
    folded(state ^ (state >> 32), FACTOR)
}

/// FNV-1a, 64 bits: small, and the same everywhere and for ever.
pub fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// What tells two values apart on one machine, for one build of the program.
pub fn hash_of(value: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
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
    fn fingerprints_are_stable() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
    }
}
