//! Files beside the pages, named after what is in them: a changed file has a new address, so that no
//! browser goes on showing an old one.

use super::address::Address;

/// The style sheet.
pub(super) const CSS: &str =
    concat!(include_str!("../../templates/site/site.css"), include_str!("../../templates/site/finder.css"));
/// The icon: a card with two lines and a mark.
pub(super) const ICON: &str = include_str!("../../templates/site/icon.svg");

/// The script that looks cards up, then the window in which it is asked.
pub(super) fn search() -> String {
    let sources =
        [include_str!("../../templates/site/search.js"), include_str!("../../templates/site/finder.js")];
    sources.into_iter().map(slim).collect()
}

/// A script without remarks on lines of their own, empty lines and indents.
fn slim(source: &str) -> String {
    let lines = source.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// The address of a file: `assets/site.<hash>.css`.
pub(super) fn address(stem: &str, extension: &str, bytes: &[u8]) -> Address {
    address_in("assets", stem, extension, bytes)
}

/// The same in another folder.
pub(super) fn address_in(folder: &str, stem: &str, extension: &str, bytes: &[u8]) -> Address {
    Address::file(format!("{folder}/{stem}.{:016x}.{extension}", fingerprint(bytes)))
}

/// FNV-1a, 64 bits: small, and the same everywhere and for ever.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_are_stable() {
        assert_eq!(fingerprint(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fingerprint(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(address("site", "css", b"a").path, "assets/site.af63dc4c8601ec8c.css");
    }
}
