//! Links that a book's texts have to files of the book and to cards: `[the guide](guide.pdf)`,
//! `[what to say then](#too-expensive)`.

use std::sync::Arc;

use crate::book::Book;
use crate::book::model::{Material, Part, Proof, Stage};
use crate::markdown;
use crate::source::Span;

/// A link within the book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookLink {
    /// What it leads to, as it is written: `guide.pdf`, `#too-expensive`.
    pub target: String,
    /// The file that it stands in.
    pub file: Arc<str>,
    /// Its place there.
    pub span: Span,
}

/// What a link means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Means {
    /// A place elsewhere, or none of the book's.
    Elsewhere,
    /// A file, by its path from the book's folder.
    File(String),
    /// A card, by its id.
    Card(String),
}

/// What a link means, by its form alone.
pub fn means(link: &str) -> Means {
    if let Some(id) = link.strip_prefix('#') {
        return if id.is_empty() { Means::Elsewhere } else { Means::Card(id.to_string()) };
    }
    if !super::text::is_relative(link) {
        return Means::Elsewhere;
    }
    let path = link.split(['#', '?']).next().unwrap_or_default();
    Means::File(decoded(path.strip_prefix("./").unwrap_or(path)))
}

/// `%20` and the like as the characters that they stand for; what is no text stays as it is.
fn decoded(path: &str) -> String {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let digits = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.filter(|_| *first == b'%').and_then(|two| u8::from_str_radix(two, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| path.to_string())
}

/// The links within the book, in the order of its files.
pub fn of(book: &Book) -> Vec<BookLink> {
    let mut out = Vec::new();
    for (number, source) in book.sources.files().enumerate() {
        if !source.text().contains("](") {
            continue;
        }
        for span in book.sources.texts(number) {
            let text = &source.text()[source.offset(span.start)..source.offset(span.end)];
            if !text.contains("](") {
                continue;
            }
            // An indent of YAML's is none of Markdown's.
            let plain: Vec<&str> = text.lines().map(str::trim_start).collect();
            for target in markdown::links(plain.join("\n").trim_start_matches(['|', '>', '-', '+'])) {
                if means(&target) == Means::Elsewhere {
                    continue;
                }
                let at = text.find(&format!("]({target}")).map_or(0, |at| at + 2);
                let start = source.position(source.offset(span.start) + at);
                let end = source.position(source.offset(span.start) + at + target.len());
                out.push(BookLink { target, file: source.name().clone(), span: Span { start, end } });
            }
        }
    }
    for volume in &book.volumes {
        let of_stage = |stage: &Stage| stage.materials.clone();
        let materials = volume.stages.iter().flat_map(of_stage);
        let materials = materials.map(|Material { link, common, .. }| (link, common.place));
        let proofs =
            volume.proofs.iter().map(|proof: &Proof| (proof.link.clone(), proof.common().place.clone()));
        for (link, place) in materials.chain(proofs) {
            let Some(target) = link.filter(|link| matches!(means(link), Means::File(_))) else { continue };
            let place = place.key("link");
            let (file, span) = (book.sources.name(&place).clone(), book.sources.span(&place));
            out.push(BookLink { target, file, span });
        }
    }
    out
}

/// The links to cards that lead nowhere, each with the ids that it could have meant.
pub fn lost(book: &Book) -> Vec<(BookLink, Vec<String>)> {
    let links = of(book).into_iter().filter_map(|link| match means(&link.target) {
        Means::Card(id) => Some((link, id)),
        _ => None,
    });
    let mut out = Vec::new();
    for (link, id) in links {
        let of_file =
            |volume: &crate::book::model::Volume| *book.sources.name(&volume.common.place) == link.file;
        let Some(number) = book.volumes.iter().position(of_file) else { continue };
        let mut known: Vec<String> = Vec::new();
        for (_, volume) in book.scope(number) {
            fn ids<T: Part>(list: &[T]) -> impl Iterator<Item = String> + use<'_, T> {
                list.iter().map(|part| part.id().to_string())
            }
            known.extend(ids(&volume.stages).chain(ids(&volume.objections)).chain(ids(&volume.closes)));
            known.extend(ids(&volume.questions).chain(ids(&volume.competitors)));
        }
        if !known.contains(&id) {
            out.push((link, known));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::{self, InputFile};

    #[test]
    fn a_link_means_a_file_a_card_or_something_else() {
        assert_eq!(means("a%20b/c.pdf#page=2"), Means::File("a b/c.pdf".into()));
        assert_eq!(means("./c.pdf"), Means::File("c.pdf".into()));
        assert_eq!(means("100%.pdf"), Means::File("100%.pdf".into()));
        assert_eq!(means("#x"), Means::Card("x".into()));
        for link in ["https://a.example/x", "mailto:a@b.example", "#", "", "/x"] {
            assert_eq!(means(link), Means::Elsewhere, "{link}");
        }
    }

    #[test]
    fn links_have_their_places() {
        let text = "playbook: a\ntitle: A\nlanguage: en\nsummary: |\n        See [it](one.pdf) and\n        [there](#gone)\nobjections:\n  - {id: x, title: X, responses: [{say: 'Go [on](#x), [out](https://e.example)'}]}\nproofs: [{id: p, claim: C, link: two.pdf}]\n";
        let file = |name: &str, text: &str| InputFile { name: name.into(), bytes: text.as_bytes().to_vec() };
        let (book, _) = book::load(vec![file("book.yaml", "title: T\nlanguage: en\n"), file("a.yaml", text)]);
        let found: Vec<String> = of(&book)
            .iter()
            .map(|link| format!("{} {}:{}", link.target, link.span.start.line, link.span.start.column))
            .collect();
        assert_eq!(found, ["one.pdf 5:18", "#gone 6:17", "#x 8:50", "two.pdf 9:34"]);
        let lost = lost(&book);
        assert_eq!(lost.len(), 1, "{lost:?}");
        assert_eq!((lost[0].0.target.as_str(), &lost[0].1[..]), ("#gone", &["x".to_string()][..]));
    }
}
