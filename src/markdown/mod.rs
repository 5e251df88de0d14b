//! The only user of pulldown-cmark, and of the sanitizer. Filled-in values pass through untouched:
//! they stand in the Markdown as marks and come back as characters at the end.

mod written;

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::sync::OnceLock;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

use crate::template::spoken::{Filled, Piece};

pub use written::{escape_markdown, to_markdown};

/// How a stretch of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Style {
    /// Strong.
    pub strong: bool,
    /// Emphasized.
    pub emphasis: bool,
    /// Code.
    pub code: bool,
    /// A value that was filled in.
    pub value: bool,
    /// A variable without a value.
    pub blank: bool,
}

/// A stretch of text in one style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The characters.
    pub text: String,
    /// How they look.
    pub style: Style,
}

/// A paragraph or a list item, for terminals and plain text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Block {
    /// How deep it stands in lists and quotations.
    pub depth: usize,
    /// The bullet or number before it.
    pub bullet: Option<String>,
    /// Its text; a run may have line breaks in it.
    pub runs: Vec<Run>,
}

impl Block {
    /// The characters alone.
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }
}

/// What a blank looks like where nothing better can be drawn.
pub fn blank(name: &str) -> String {
    format!("____ ({name})")
}

// Marks that stand for the pieces while the Markdown is read: private use, kept out of books and
// values by `book::shape` and `template::spoken`.
const OPEN: char = '\u{E000}';
const CLOSE: char = '\u{E001}';

fn marked(filled: &Filled) -> String {
    let mut out = String::new();
    for (index, piece) in filled.0.iter().enumerate() {
        match piece {
            Piece::Text(text) => out.push_str(&joined(text)),
            Piece::Value(_) | Piece::Named { .. } | Piece::Blank(_) => {
                let _ = write!(out, "{OPEN}{index}{CLOSE}");
            }
            Piece::Cases(_) => {}
        }
    }
    out
}

/// A line break within a Chinese or Japanese sentence is no space: text that was wrapped in the file
/// (or folded by YAML) is joined again.
fn joined(text: &str) -> Cow<'_, str> {
    let wide = |c: char| matches!(c as u32, 0x2E80..=0x303E | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0xFF00..=0xFF60 | 0x20000..=0x3FFFF);
    if !text.contains([' ', '\n']) || !text.chars().any(wide) {
        return Cow::Borrowed(text);
    }
    let chars: Vec<char> = text.chars().collect();
    let between = |index: usize| {
        let before = index.checked_sub(1).and_then(|before| chars.get(before));
        let after = chars.get(index + 1);
        before.is_some_and(|c| wide(*c)) && after.is_some_and(|c| wide(*c))
    };
    let kept = chars.iter().enumerate().filter(|(index, c)| !(matches!(c, ' ' | '\n') && between(*index)));
    Cow::Owned(kept.map(|(_, c)| *c).collect())
}

/// Splits a text at the marks: plain stretches, and the pieces that the marks stand for.
fn split<'a>(text: &'a str, filled: &'a Filled, mut each: impl FnMut(&str, Option<&'a Piece>)) {
    let mut rest = text;
    while let Some(at) = rest.find(OPEN) {
        if at > 0 {
            each(&rest[..at], None);
        }
        let body = &rest[at + OPEN.len_utf8()..];
        let Some(end) = body.find(CLOSE) else { return };
        if let Some(piece) = body[..end].parse::<usize>().ok().and_then(|index| filled.0.get(index)) {
            each("", Some(piece));
        }
        rest = &body[end + CLOSE.len_utf8()..];
    }
    if !rest.is_empty() {
        each(rest, None);
    }
}

fn options() -> Options {
    Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TABLES
}

/// Whether a text has more structure than any text that is meant to be read. The reader of Markdown
/// needs quadratic time for some of them; they are shown as the characters they are.
fn is_absurd(text: &str) -> bool {
    // Signs, and how many of them together are too many.
    const MOST: [(&[u8], usize); 8] = [
        (b">", 300),
        (b"<", 300),
        (b"[", 500),
        (b"]", 500),
        (b"&", 2000),
        (b"`", 1000),
        (b"*_~", 2000),
        (b"|", 2000),
    ];
    // How long the signs of lists, quotations and indentation at the start of a line may be.
    const LONGEST_START: usize = 200;
    if text.len() <= LONGEST_START {
        return false;
    }
    let mut counts = [0usize; 256];
    text.bytes().for_each(|byte| counts[usize::from(byte)] += 1);
    let start = |c: char| matches!(c, ' ' | '\t' | '>' | '-' | '+' | '*' | '.' | ')' | '0'..='9');
    MOST.iter()
        .any(|(signs, most)| signs.iter().map(|sign| counts[usize::from(*sign)]).sum::<usize>() > *most)
        || text.split(['\n', '\r']).any(|line| line.chars().take_while(|c| start(*c)).count() > LONGEST_START)
}

/// Whether a link may be published: https, http, mailto, tel, or a path that stays in the book.
pub fn is_safe_link(link: &str) -> bool {
    let lower: String = link
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .collect::<String>()
        .to_ascii_lowercase();
    match lower.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#', '.']) => {
            matches!(scheme, "http" | "https" | "mailto" | "tel")
        }
        _ => !lower.starts_with("//") && !lower.split(['/', '\\']).any(|part| part == ".."),
    }
}

/// The links of a text that may not be published: `javascript:` and its like, or out of the book.
pub fn unsafe_links(text: &str) -> Vec<String> {
    if !text.contains([']', '<']) || is_absurd(text) {
        return Vec::new();
    }
    Parser::new_ext(text, options())
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. })
                if !is_safe_link(&dest_url) =>
            {
                Some(dest_url.into_string())
            }
            _ => None,
        })
        .collect()
}

/// The links of a text, pictures among them, in order.
pub fn links(text: &str) -> Vec<String> {
    if !text.contains(']') || is_absurd(text) {
        return Vec::new();
    }
    Parser::new_ext(text, options())
        .filter_map(|event| match event {
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Some(dest_url.into_string())
            }
            _ => None,
        })
        .collect()
}

/// Raw HTML is shown as text, pictures become links (a page loads nothing from elsewhere), headings
/// become strong paragraphs so that a card's text cannot break the outline of its page.
fn events<'a>(source: &'a str) -> impl Iterator<Item = Event<'a>> {
    let plain = is_absurd(source);
    let as_it_is = [
        Event::Start(Tag::Paragraph),
        Event::Text(CowStr::Borrowed(source.trim())),
        Event::End(TagEnd::Paragraph),
    ];
    let read = Parser::new_ext(if plain { "" } else { source }, options());
    as_it_is.into_iter().filter(move |_| plain).chain(read.flat_map(|event| {
        let two = |a, b| vec![a, b];
        match event {
            Event::Start(Tag::Heading { .. }) => two(Event::Start(Tag::Paragraph), Event::Start(Tag::Strong)),
            Event::End(TagEnd::Heading(
                HeadingLevel::H1
                | HeadingLevel::H2
                | HeadingLevel::H3
                | HeadingLevel::H4
                | HeadingLevel::H5
                | HeadingLevel::H6,
            )) => two(Event::End(TagEnd::Strong), Event::End(TagEnd::Paragraph)),
            Event::Start(
                Tag::Image { link_type, dest_url, title, id } | Tag::Link { link_type, dest_url, title, id },
            ) => {
                let dest_url = if is_safe_link(&dest_url) { dest_url } else { CowStr::Borrowed("#") };
                vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
            }
            Event::End(TagEnd::Image) => vec![Event::End(TagEnd::Link)],
            Event::Rule => Vec::new(),
            event => vec![event],
        }
    }))
}

/// The elements that a text may have.
const TAGS: &str = "a b blockquote br code del em i kbd li mark ol p pre \
    q s small strong sub sup table tbody td th thead tr u ul";

fn sanitizer() -> &'static ammonia::Builder<'static> {
    static SANITIZER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    SANITIZER.get_or_init(|| {
        let mut builder = ammonia::Builder::default();
        builder
            .tags(TAGS.split_whitespace().collect())
            .generic_attributes(HashSet::from(["lang", "dir", "title"]))
            .url_schemes(HashSet::from(["http", "https", "mailto", "tel"]))
            .link_rel(Some("noopener noreferrer"));
        builder
    })
}

/// Escapes text for HTML, in elements and in quoted attributes.
pub fn escape_html(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
}

/// Safe HTML in blocks. Values are `<span class="value">`, blanks `<span class="blank">`; both carry
/// nothing but characters.
pub fn to_html(filled: &Filled) -> String {
    let filled = filled.now();
    finish(&blocks_html(&marked(filled)), filled)
}

/// Safe HTML without a paragraph around it where the text is a single one.
pub fn to_inline_html(filled: &Filled) -> String {
    let filled = filled.now();
    let out = blocks_html(&marked(filled));
    let trimmed = out.trim();
    let single = trimmed
        .strip_prefix("<p>")
        .and_then(|inner| inner.strip_suffix("</p>"))
        .filter(|inner| !inner.contains("<p>") && !inner.contains("</p>"));
    finish(single.unwrap_or(trimmed), filled)
}

/// Whether a text is one paragraph of words, for certain: nothing in it means anything to a reader of
/// Markdown or of HTML. Most texts of a book are.
fn is_plain(text: &str) -> bool {
    let mark = |c: char| matches!(c, OPEN..=CLOSE);
    text.starts_with(|c: char| c.is_alphabetic() || mark(c))
        && text.ends_with(|c: char| !c.is_whitespace())
        && !text.contains(|c: char| {
            matches!(
                c,
                '*' | '_'
                    | '`'
                    | '['
                    | ']'
                    | '<'
                    | '>'
                    | '&'
                    | '\\'
                    | '~'
                    | '|'
                    | '\u{85}'
                    | '\u{2028}'
                    | '\u{2029}'
            ) || c.is_ascii_control()
        })
}

fn blocks_html(source: &str) -> String {
    if is_plain(source) {
        return ["<p>", source, "</p>\n"].concat();
    }
    let mut out = String::with_capacity(source.len() + source.len() / 4);
    html::push_html(&mut out, events(source));
    // Without raw HTML and without links the renderer's own escaping is all that is needed.
    if source.contains(['<', '[']) && !is_absurd(source) { sanitizer().clean(&out).to_string() } else { out }
}

fn finish(html: &str, filled: &Filled) -> String {
    // Inside an address the renderer has encoded the marks; there a value stays encoded.
    let encoded_open = "%EE%80%80";
    let mut out = String::with_capacity(html.len());
    let mut decoded = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(encoded_open) {
        let digits = after.bytes().take(20).take_while(u8::is_ascii_digit).count();
        let Some(tail) = after[digits..].strip_prefix("%EE%80%81") else {
            decoded.push_str(&rest[..before.len() + encoded_open.len()]);
            rest = after;
            continue;
        };
        decoded.push_str(before);
        let piece = after[..digits].parse::<usize>().ok().and_then(|index| filled.0.get(index));
        if let Some(Piece::Value(text) | Piece::Named { value: text, .. }) = piece {
            for byte in text.bytes() {
                match byte {
                    b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                        decoded.push(byte as char)
                    }
                    _ => {
                        let _ = write!(decoded, "%{byte:02X}");
                    }
                }
            }
        }
        rest = tail;
    }
    let html: Cow<'_, str> =
        if decoded.is_empty() { Cow::Borrowed(rest) } else { Cow::Owned(decoded + rest) };
    split(&html, filled, |text, piece| match piece {
        None => out.push_str(text),
        Some(Piece::Text(_) | Piece::Cases(_)) => {}
        Some(Piece::Value(value)) => {
            out.push_str("<span class=\"value\">");
            escape_html(value, &mut out);
            out.push_str("</span>");
        }
        Some(Piece::Named { name, value }) => {
            out.push_str("<span class=\"value\" data-var=\"");
            escape_html(name, &mut out);
            out.push_str("\">");
            escape_html(value, &mut out);
            out.push_str("</span>");
        }
        Some(Piece::Blank(name)) => {
            out.push_str("<span class=\"blank\" data-var=\"");
            escape_html(name, &mut out);
            out.push_str("\">");
            escape_html(&blank(name), &mut out);
            out.push_str("</span>");
        }
    });
    out
}

/// Paragraphs and list items, for terminals.
pub fn blocks(filled: &Filled) -> Vec<Block> {
    let filled = filled.now();
    let source = marked(filled);
    let mut out: Vec<Block> = Vec::new();
    let mut here = Block::default();
    let mut style = Style::default();
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut quotes = 0usize;
    fn flush(here: &mut Block, out: &mut Vec<Block>) {
        let done = std::mem::take(here);
        if !done.runs.is_empty() {
            out.push(done);
        }
    }
    let push = |here: &mut Block, text: &str, style: Style| {
        split(text, filled, |text, piece| {
            let (text, style) = match piece {
                None => (text.to_string(), style),
                Some(Piece::Text(text)) => (text.clone(), style),
                Some(Piece::Value(value) | Piece::Named { value, .. }) => {
                    (value.clone(), Style { value: true, ..style })
                }
                Some(Piece::Blank(name)) => (blank(name), Style { blank: true, ..style }),
                Some(Piece::Cases(_)) => return,
            };
            match here.runs.last_mut() {
                Some(last) if last.style == style => last.text.push_str(&text),
                _ => here.runs.push(Run { text, style }),
            }
        });
    };
    for event in events(&source) {
        match event {
            Event::Start(Tag::Paragraph | Tag::CodeBlock(_) | Tag::TableRow | Tag::TableHead) => {
                if here.bullet.is_none() {
                    flush(&mut here, &mut out);
                }
                here.depth = lists.len().saturating_sub(usize::from(here.bullet.is_some())) + quotes;
            }
            Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::TableRow | TagEnd::TableHead,
            ) => {
                flush(&mut here, &mut out);
            }
            Event::Start(Tag::List(first)) => {
                flush(&mut here, &mut out);
                lists.push(first);
            }
            Event::End(TagEnd::List(_)) => {
                lists.pop();
            }
            Event::Start(Tag::Item) => {
                flush(&mut here, &mut out);
                here.depth = lists.len().saturating_sub(1) + quotes;
                here.bullet = Some(match lists.last_mut() {
                    Some(Some(number)) => {
                        let bullet = format!("{number}.");
                        *number += 1;
                        bullet
                    }
                    _ => "•".to_string(),
                });
            }
            Event::Start(Tag::BlockQuote(_)) => quotes += 1,
            Event::End(TagEnd::BlockQuote(_)) => quotes = quotes.saturating_sub(1),
            Event::Start(Tag::Strong) => style.strong = true,
            Event::End(TagEnd::Strong) => style.strong = false,
            Event::Start(Tag::Emphasis) => style.emphasis = true,
            Event::End(TagEnd::Emphasis) => style.emphasis = false,
            Event::End(TagEnd::TableCell) => push(&mut here, "  ", style),
            Event::Text(text) | Event::Html(text) | Event::InlineHtml(text) => push(&mut here, &text, style),
            Event::Code(text) => push(&mut here, &text, Style { code: true, ..style }),
            Event::SoftBreak => push(&mut here, " ", style),
            Event::HardBreak => push(&mut here, "\n", style),
            _ => {}
        }
    }
    flush(&mut here, &mut out);
    out
}

/// The characters alone, paragraphs and items joined by line breaks.
pub fn to_plain(filled: &Filled) -> String {
    let simple = |text: &str| {
        !text.contains(['*', '_', '`', '[', '<', '&', '\\', '#', '>', '~', '|', '\n'])
            && !text.starts_with(['-', '+', ' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9'])
    };
    if let [Piece::Text(text)] = &filled.0[..]
        && simple(text)
    {
        return joined(text.trim_end()).into_owned();
    }
    let lines: Vec<String> = blocks(filled)
        .iter()
        .map(|block| match &block.bullet {
            Some(bullet) => format!("{bullet} {}", block.text()),
            None => block.text(),
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pieces: &[Piece]) -> Filled {
        Filled(pieces.to_vec())
    }

    #[test]
    fn hostile_text_is_neutral() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "[x](javascript:alert(1))",
            "[x](JaVaScRiPt:alert(1))",
            "![x](https://evil.example/t.png)",
            "<a href=\"data:text/html,x\">y</a>",
            "<style>*{}</style><iframe src=x>",
        ] {
            let html = to_html(&Filled::text(hostile)).to_lowercase();
            for bad in ["<script", "onerror", "javascript:", "<img", "<iframe", "<style", "data:text"] {
                assert!(!html.contains(bad), "{hostile} gave {html}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn plain_texts_need_no_reader(text in "[a-zA-Zđ太\u{E000}][-a-z0-9 .,:;!?'\"()+=#/@%$^{}太貴。\u{a0}\u{3000}\u{AD}\u{200B}\u{301}]{0,30}") {
            if is_plain(&text) {
                let mut read = String::new();
                html::push_html(&mut read, events(&text));
                proptest::prop_assert_eq!(blocks_html(&text), read);
            }
        }
    }

    #[test]
    fn what_may_mean_something_is_read() {
        for text in [
            "a *b*", "- a", "1. a", "a\nb", "a ", " a", "# a", "a & b", "a<b", "a  \n", "a\tb", "", ">a",
            "=", "+ a",
        ] {
            assert!(!is_plain(text), "{text:?}");
        }
        assert!(is_plain("That's fair: 20 % of it (or so) - money is tight."));
    }

    #[test]
    fn values_come_out_as_they_went_in() {
        let value = "**x** <b>&\"' [y](javascript:1) {{ 7*7 }}";
        let text =
            filled(&[Piece::Text("Hi *".into()), Piece::Value(value.into()), Piece::Text("*.".into())]);
        assert_eq!(
            to_html(&text).trim(),
            "<p>Hi <em><span class=\"value\">**x** &lt;b&gt;&amp;&quot;&#39; [y](javascript:1) {{ 7*7 }}</span></em>.</p>"
        );
        assert_eq!(to_plain(&text), format!("Hi {value}."));
        let again = Filled::text(to_markdown(&text));
        assert_eq!(to_plain(&again), format!("Hi {value}."));
        let link = filled(&[
            Piece::Text("[x](https://a.example/".into()),
            Piece::Value("a/b\" onclick=1".into()),
            Piece::Text(")".into()),
        ]);
        assert!(to_html(&link).contains("https://a.example/a%2Fb%22%20onclick%3D1"), "{}", to_html(&link));
        let bare = filled(&[
            Piece::Text("[x](".into()),
            Piece::Value("javascript:alert(1)".into()),
            Piece::Text(")".into()),
        ]);
        assert!(!to_html(&bare).contains("javascript:"), "{}", to_html(&bare));
    }

    #[test]
    fn blocks_keep_lists_and_emphasis() {
        let text = Filled::text("One *two*.\n\n- a\n- b **c**\n\n1. x\n2. y");
        assert_eq!(to_plain(&text), "One two.\n• a\n• b c\n1. x\n2. y");
        assert_eq!(to_inline_html(&Filled::text("a **b**")), "a <strong>b</strong>");
        assert_eq!(to_plain(&Filled::text("# Big\ntext")), "Big\ntext");
        assert_eq!(
            to_plain(&Filled::text("太貴了，\n我們再想想 Tideboard 吧")),
            "太貴了，我們再想想 Tideboard 吧"
        );
    }

    /// Long texts that are made to keep a reader of Markdown busy.
    fn pathological() -> Vec<String> {
        let long = |text: &str| text.repeat(60_000 / text.len());
        let signs = [
            ">§> §[§![§]§[a](§[a](<§[]§[a]: §[a][§<§<a §<!--§<?§<![CDATA[§</a>§&§&a§&#1;§`§",
            "` §`` ` §*a_§*a **b §a**b§_ a§~~a §~a§|§a|§- §1. §* + §\\§\\`§#§# x\n§(§)§](§",
            "\n§\n\n§ § \n§\t§- x\n§> x\n§~~~\n§```\n§x\n---\n§***\n§a  \n§\"§a@b.c §",
            "http://a §%EE%80%800%EE%80%81§x\n\n§1) x\n\n§  - x\n§====\n§\u{0}§\r§:--§\\\n§",
            "-§=§'§!§<b>\n\n§",
        ];
        let signs = signs.iter().flat_map(|row| row.split_terminator('§'));
        let mut texts: Vec<String> = signs.map(long).collect();
        texts.push("> ".repeat(20_000) + " x" + &"[".repeat(20_000));
        texts.push(
            ">".repeat(100_000) + " x" + &"[".repeat(100_000) + &"*a_".repeat(50_000) + &"`".repeat(9_999),
        );
        texts.push((1..900).map(|n| "`".repeat(n) + " ").collect());
        texts.push((0..900).map(|n| " ".repeat(n) + "- x\n").collect());
        texts.push((0..99).map(|n| " ".repeat(2 * n) + "- x\n").collect::<String>() + &long("y\n"));
        texts.push("a|".repeat(900) + "\n" + &"-|".repeat(900) + "\n" + &long("x\n"));
        texts.push("[a]: b\n".repeat(400) + &long("x "));
        texts.push("> ".repeat(90) + &long("x\n"));
        texts.push("*a ".repeat(1900) + &"b* ".repeat(90) + &long("c "));
        texts.push("[".repeat(450) + &long("x ") + &"](a)".repeat(450));
        texts.push("<a ".repeat(290) + &long("x "));
        texts
    }

    #[test]
    fn absurd_texts_are_plain() {
        for text in pathological() {
            let filled = Filled::text(text.as_str());
            let about: String = text.chars().take(12).collect();
            let (html, plain) = (to_html(&filled), to_plain(&filled));
            let (markdown, links) = (to_markdown(&filled), unsafe_links(&text));
            assert!(links.is_empty(), "{about:?}");
            if is_absurd(&text) {
                assert_eq!(plain, text.trim(), "{about:?}");
                let mut wanted = String::new();
                escape_html(&plain, &mut wanted);
                let quotes = |html: &str| html.replace("&quot;", "\"").replace("&#39;", "'");
                assert!(!html.contains("<a ") && quotes(&html).contains(&quotes(&wanted)), "{about:?}");
                assert!(!markdown.contains("\n<") && !markdown.starts_with('<'), "{about:?}");
            }
        }
    }

    #[test]
    fn markdown_brings_nothing_active() {
        for (text, wanted) in [
            ("a < b <3 <b>x</b> <!-- c -->", "a < b <3 \\<b>x\\</b> \\<!-- c -->"),
            ("[c](javascript:alert(1)) [d](https://a.example/(x))", "[c](#) [d](https://a.example/(x))"),
            ("[c](< JavaScript:x y> \"t\")", "[c](# \"t\")"),
            ("[c](&#106;avascript:x) [d](java&Tab;script:x)", "[c](#) [d](#)"),
            ("[c](javascript\\:x)", "[c](#)"),
            ("![c](data:text/html,x)", "![c](#)"),
            ("<div>\n[c](javascript:x)\n</div>", "\\<div>\n[c](#)\n\\</div>"),
            ("[c][d]\n\n[d]: javascript:x", "[c][d]\n\n[d]: #"),
            (
                "<https://a.example> <me@a.example> <javascript:x>",
                "<https://a.example> <me@a.example> \\<javascript:x>",
            ),
            ("`<b>` and `[c](javascript:x)`", "`<b>` and `[c](javascript:x)`"),
            ("a ` b\n\nc `<b>` d", "a \\` b\n\nc \\`\\<b>\\` d"),
            ("<a title=\"`\">`<b>`", "\\<a title=\"\\`\">`<b>`"),
            ("    <b>", "    \\<b>"),
            ("\\<b> \\\\<b>", "\\<b> \\\\\\<b>"),
            ("[a](x.pdf) [b](../../x) [c](//evil)", "[a](x.pdf) [b](#) [c](#)"),
        ] {
            assert_eq!(to_markdown(&Filled::text(text)), wanted, "{text:?}");
        }
    }
}
