//! Style sheets and scripts as they are sent: without what only their readers need.

/// Takes away whole-line comments, indentation and empty lines. A script keeps its line breaks, and has
/// no text over several lines.
pub(super) fn slim(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut comment = false;
    for line in source.lines().map(str::trim) {
        comment |= line.starts_with("/*");
        if !comment && !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
        comment &= !line.ends_with("*/");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_for_readers_goes() {
        let check = |source: &str, expected: &str| assert_eq!(slim(source), expected, "{source}");
        check("// one\na();\n\n  b(); // two\n", "a();\nb(); // two\n");
        check("/* one\n   two */\n  p { a: b; }\n/* three */\nq {}\n", "p { a: b; }\nq {}\n");
        check("x = '/* no */'\n", "x = '/* no */'\n");
    }
}
