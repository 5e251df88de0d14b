//! Texts of a volume as they stand on a page: variables filled with their defaults, what is missing
//! shown as a blank with its title in it, links into the book's folder pointing up to the site's root.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use super::words::Words;
use crate::book::Book;
use crate::book::model::Markup;
use crate::markdown;
use crate::script::values;
use crate::template::spoken::{self, Values};

/// What the texts of one volume are filled with.
#[derive(Debug, Default)]
pub(super) struct Texts {
    values: Values,
    /// What people call the variables, by name.
    titles: BTreeMap<String, String>,
}

/// The links to files of the book that were put on a page.
#[derive(Debug, Default)]
pub(super) struct Noted(Mutex<BTreeSet<String>>);

impl Noted {
    fn note(&self, link: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(link.to_string());
    }

    /// Takes over what was noted elsewhere.
    pub fn extend(&self, links: impl IntoIterator<Item = String>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(links);
    }

    /// The links so far.
    pub fn links(self) -> BTreeSet<String> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Texts {
    /// The defaults of a volume's variables. In a public build internal variables are blanks without
    /// a title: `shown` says which volumes and variables may leave a trace.
    pub fn new(
        book: &Book,
        volume: usize,
        shown: impl Fn(Option<usize>, &crate::book::model::Variable) -> bool,
    ) -> Self {
        let words = Words::of(&book.volumes[volume].language);
        let mut values = values::defaults(book, volume);
        let mut titles: BTreeMap<String, String> = BTreeMap::new();
        let mut seen: Vec<&str> = Vec::new();
        let own =
            book.scope(volume).flat_map(|(number, of)| of.variables.iter().map(move |v| (Some(number), v)));
        for (number, variable) in own.chain(book.variables.iter().map(|v| (None, v))) {
            if seen.contains(&variable.name.as_str()) {
                continue;
            }
            seen.push(&variable.name);
            if !shown(number, variable) {
                values.blank(&variable.name);
            } else if let Some(title) = &variable.title {
                titles.insert(variable.name.to_lowercase(), title.clone());
            }
        }
        for (name, title) in [("rep", words.rep), ("today", words.today), ("answer", words.answer)] {
            titles.entry(name.to_string()).or_insert(title.to_string());
        }
        Texts { values, titles }
    }

    /// Blocks of safe HTML.
    pub fn html(&self, text: &Markup, up: &str, noted: &Noted) -> String {
        let filled = spoken::fill(text.source(), &self.values);
        self.finish(markdown::to_html(&filled), up, noted)
    }

    /// Safe HTML without a paragraph around it where it is a single one.
    pub fn inline(&self, text: &Markup, up: &str, noted: &Noted) -> String {
        let filled = spoken::fill(text.source(), &self.values);
        self.finish(markdown::to_inline_html(&filled), up, noted)
    }

    /// A text that is filled already, as [`Texts::inline`]; one with cases in each of them, of which the others
    /// than that of now are hidden.
    pub fn filled(&self, filled: &spoken::Filled, up: &str, noted: &Noted) -> String {
        if let [spoken::Piece::Cases(cases)] = &filled.0[..] {
            let texts: Vec<String> = cases.texts.iter().map(|text| self.filled(text, up, noted)).collect();
            let of = if texts.iter().any(|text| has_blocks(text)) { "div" } else { "span" };
            let mut out = format!("<{of} data-if=\"");
            markdown::escape_html(&cases.conditions, &mut out);
            out.push_str("\">");
            for (number, text) in texts.iter().enumerate() {
                let hidden = if number == cases.now { "" } else { " hidden" };
                out.push_str(&format!("<{of}{hidden}>{text}</{of}>"));
            }
            return out + &format!("</{of}>");
        }
        self.finish(markdown::to_inline_html(filled), up, noted)
    }

    /// The characters alone, on one line; blanks are their titles in brackets.
    pub fn plain(&self, text: &Markup) -> String {
        self.filled_plain(&spoken::fill(text.source(), &self.values))
    }

    /// The same of a text that is filled already.
    pub fn filled_plain(&self, filled: &spoken::Filled) -> String {
        let mut filled = filled.now().clone();
        for piece in &mut filled.0 {
            if let spoken::Piece::Blank(name) = piece {
                let title = self.titles.get(name).unwrap_or(name);
                *piece = spoken::Piece::Value(format!("[{title}]"));
            }
        }
        one_line(&markdown::to_plain(&filled))
    }

    fn finish(&self, html: String, up: &str, noted: &Noted) -> String {
        lift_links(self.title_blanks(html), up, noted)
    }

    /// Puts a variable's title into its blank. The markup looked for cannot come from a text: there
    /// `<` is escaped, and no class survives the sanitizer.
    fn title_blanks(&self, html: String) -> String {
        const OPEN: &str = "<span class=\"blank\" data-var=\"";
        let mut rest = html.trim();
        if rest.len() == html.len() && !html.contains(OPEN) {
            return html;
        }
        let mut out = String::with_capacity(html.len());
        while let Some((before, after)) = rest.split_once(OPEN) {
            out.push_str(before);
            let parts =
                after.split_once("\">").and_then(|(name, tail)| Some((name, tail.split_once("</span>")?)));
            let Some((name, (shown, tail))) = parts else {
                out.push_str(OPEN);
                rest = after;
                continue;
            };
            out.push_str(OPEN);
            out.push_str(name);
            out.push_str("\">");
            match self.titles.get(name) {
                Some(title) => markdown::escape_html(title, &mut out),
                None => out.push_str(shown),
            }
            out.push_str("</span>");
            rest = tail;
        }
        out.push_str(rest);
        out
    }
}

/// Whether HTML has elements that no line can hold.
fn has_blocks(html: &str) -> bool {
    ["<p>", "<ul>", "<ol", "<blockquote>", "<pre>", "<table>"].iter().any(|open| html.contains(open))
}

/// Links relative to the book's folder, seen from a page.
fn lift_links(html: String, up: &str, noted: &Noted) -> String {
    const OPEN: &str = "<a href=\"";
    if !html.contains(OPEN) {
        return html;
    }
    let mut pieces = html.split(OPEN);
    let mut out = pieces.next().unwrap_or_default().to_string();
    for piece in pieces {
        out.push_str(OPEN);
        let link = piece.split('"').next().unwrap_or_default();
        if is_relative(link) {
            noted.note(&link.replace("&amp;", "&"));
            out.push_str(up);
        }
        out.push_str(piece);
    }
    out
}

fn scheme(link: &str) -> Option<&str> {
    let (scheme, _) = link.split_once(':')?;
    (!scheme.contains(['/', '?', '#'])).then_some(scheme)
}

/// Whether a link leads to a file of the book.
pub(super) fn is_relative(link: &str) -> bool {
    !link.is_empty() && !link.starts_with(['/', '#', '?', '\\']) && scheme(link).is_none()
}

/// A link as [`outside_link`] gives it, noted where it leads to a file of the book.
pub(super) fn noted_link(link: &str, up: &str, noted: &Noted) -> Option<String> {
    let safe = outside_link(link, up)?;
    if is_relative(link.trim()) {
        noted.note(link.trim());
    }
    Some(safe)
}

/// A link that a book names, ready for an attribute; `None` where it may not be published.
/// `check` has said so already: this is the second lock.
pub(super) fn outside_link(link: &str, up: &str) -> Option<String> {
    let link = link.trim();
    let safe = match scheme(link) {
        Some(scheme) => {
            ["http", "https", "mailto", "tel"].iter().any(|known| scheme.eq_ignore_ascii_case(known))
        }
        None => is_relative(link) && !link.split(['/', '\\']).any(|part| part == ".."),
    };
    if !safe || link.chars().any(char::is_control) {
        return None;
    }
    let mut out = String::new();
    if is_relative(link) {
        out.push_str(up);
    }
    markdown::escape_html(&link.replace(' ', "%20"), &mut out);
    Some(out)
}

/// Joins lines and runs of spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most so many characters, cut at a space where there is one near.
pub(super) fn shorten(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_string();
    }
    let cut: String = text.chars().take(most).collect();
    let at = cut.rfind(' ').filter(|at| *at > cut.len() / 2);
    format!("{}…", cut[..at.unwrap_or(cut.len())].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_of_the_book_are_seen_from_the_page() {
        let up = "../../";
        let link = |text: &str| outside_link(text, up);
        assert_eq!(link("a b.pdf").as_deref(), Some("../../a%20b.pdf"));
        assert_eq!(
            link("https://a.example/?x=1&y=\"2\"").as_deref(),
            Some("https://a.example/?x=1&amp;y=&quot;2&quot;")
        );
        for bad in ["javascript:alert(1)", "JAVASCRIPT:x", "data:x", "../../x", "//evil", "/\\evil", ""] {
            assert_eq!(link(bad), None, "{bad}");
        }
        let texts = Texts::default();
        let html =
            texts.inline(&Markup("[x](a.pdf) [y](https://b.example) [z](#c)".into()), up, &Noted::default());
        assert!(html.contains("href=\"../../a.pdf\""), "{html}");
        assert!(html.contains("href=\"https://b.example\""), "{html}");
        assert!(html.contains("href=\"#c\""), "{html}");
    }

    #[test]
    fn blanks_have_titles() {
        let mut texts = Texts::default();
        texts.values.blank("prospect.name");
        texts.titles.insert("prospect.name".into(), "First <name>".into());
        let text = Markup("Hi {{ prospect.name }}, <span class=\"blank\" data-var=\"x\">y</span>".into());
        let html = texts.inline(&text, "", &Noted::default());
        assert!(
            html.starts_with(
                "Hi <span class=\"blank\" data-var=\"prospect.name\">First &lt;name&gt;</span>, "
            ),
            "{html}"
        );
        assert_eq!(html.matches("class=\"blank\" data").count(), 1, "{html}");
        assert!(texts.plain(&text).starts_with("Hi [First <name>],"));
    }

    #[test]
    fn long_texts_are_cut_at_words() {
        assert_eq!(shorten("one two three", 9), "one two…");
        assert_eq!(shorten("太貴了太貴了", 3), "太貴了…");
    }
}
