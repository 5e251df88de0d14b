//! A page in the making: where it stands, what it says in which language, and what is around it.

use super::Options;
use super::address::{Address, PartKind, Shelf, up};
use super::assets::{FEED, Files, MANIFEST, WORKER};
use super::changes::Dated;
use super::data::{Alternate, Frame, LanguageLink, Link};
use super::text::{Noted, Texts, noted_link, outside_link, shorten};
use super::view::{At, View};
use super::words::Words;
use crate::book::model::{Close, Common, Competitor, Id, Markup, Objection, Part, Question, Stage, Volume};
use crate::language::Language;
use crate::search::browser::letter;

/// What is the same for all pages of a build.
pub(super) struct Site<'a> {
    /// The book.
    pub view: &'a View<'a>,
    /// The options of the build.
    pub options: &'a Options,
    /// The files beside the pages.
    pub files: &'a Files,
    /// The cards that have a day of change, newest first.
    pub dated: &'a [Dated<'a>],
    /// The files of the book that pages link to.
    pub noted: Noted,
}

impl<'a> Site<'a> {
    /// The same with nothing noted yet.
    pub fn afresh(&self) -> Site<'a> {
        let Site { view, options, files, dated, .. } = *self;
        Site { view, options, files, dated, noted: Noted::default() }
    }
}

/// What a page is of, as the language switcher sees it.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The front page, or a page without a language of its own.
    Book,
    /// The home of a language.
    Home,
    /// A page about a whole language's handbook.
    Shelf(Shelf),
    /// A framework, by its id.
    Framework(&'a str),
    /// A category, by the name that the book writes.
    Category(&'a str),
    /// A playbook or a library.
    Volume(usize),
    /// A part with a page of its own.
    Part(usize, PartKind, &'a Id),
}

/// A page in the making.
pub(super) struct Page<'a> {
    /// What all pages share.
    pub site: &'a Site<'a>,
    /// The book.
    pub view: &'a View<'a>,
    /// Where it stands.
    pub address: Address,
    /// Its language.
    pub language: &'a Language,
    /// The words of its language.
    pub w: &'static Words,
    /// What it is of.
    pub subject: Subject<'a>,
    up: String,
}

impl<'a> Page<'a> {
    /// A page of a subject in a language.
    pub fn new(site: &'a Site<'a>, address: Address, language: &'a Language, subject: Subject<'a>) -> Self {
        let up = up(&address.path);
        let w = Words::of(language);
        let view = site.view;
        Page { site, view, address, language, w, subject, up }
    }

    /// The page of a part.
    pub fn of_part(site: &'a Site<'a>, volume: usize, kind: PartKind, id: &'a Id) -> Self {
        let of = &site.view.book.volumes[volume];
        let address = Address::part(of, kind, id);
        Self::new(site, address, &of.language, Subject::Part(volume, kind, id))
    }

    /// A page about the whole handbook of a language.
    pub fn of_shelf(site: &'a Site<'a>, language: &'a Language, shelf: Shelf) -> Self {
        Self::new(site, Address::shelf(language, shelf), language, Subject::Shelf(shelf))
    }

    /// The link to an address from here.
    pub fn href(&self, to: &Address) -> String {
        to.seen_from(&self.address.path)
    }

    /// A link with its title.
    pub fn link(&self, to: &Address, title: impl Into<String>) -> Link {
        Link { href_html: self.href(to), title: title.into() }
    }

    /// The way up to the site's root.
    pub fn up(&self) -> &str {
        &self.up
    }

    /// The texts of a volume.
    pub fn texts(&self, volume: usize) -> &'a Texts {
        self.view.texts(volume)
    }

    /// Blocks of safe HTML.
    pub fn html(&self, volume: usize, text: &Markup) -> String {
        self.link_cards(volume, self.texts(volume).html(text, &self.up, &self.site.noted))
    }

    /// Safe HTML in a line.
    pub fn inline(&self, volume: usize, text: &Markup) -> String {
        self.link_cards(volume, self.texts(volume).inline(text, &self.up, &self.site.noted))
    }

    /// Links to cards (`#too-expensive`) lead to their pages; what may not be shown is no link.
    pub fn link_cards(&self, volume: usize, html: String) -> String {
        const OPEN: &str = "<a href=\"#";
        if !html.contains(OPEN) {
            return html;
        }
        let mut pieces = html.split(OPEN);
        let mut out = pieces.next().unwrap_or_default().to_string();
        for piece in pieces {
            let Some((id, rest)) = piece.split_once('"') else { continue };
            let known = |(number, _): (usize, &Volume)| {
                let kinds = PartKind::ALL.into_iter();
                kinds.filter_map(|kind| Some((kind, self.view.part_in(number, kind, id)?))).next()
            };
            let found = self.view.book.scope(volume).find_map(known);
            // What `rel` says is of other sites; an element without a link has no attribute at all.
            let text = rest.split_once('>').map_or(rest, |(_, text)| text);
            match found {
                Some((kind, (number, _))) => {
                    let address = self.view.address(kind, number, &Id::new(id));
                    out.push_str(&format!("<a href=\"{}\">{text}", self.href(&address)));
                }
                None => out.push_str(&format!("<a>{text}")),
            }
        }
        out
    }

    /// A link that the book names, ready for an attribute; `None` where it may not be published.
    pub fn outside(&self, link: &str) -> Option<String> {
        noted_link(link, &self.up, &self.site.noted)
    }

    /// Each of several texts as safe HTML in a line.
    pub fn lines(&self, volume: usize, texts: &[Markup]) -> Vec<String> {
        texts.iter().map(|text| self.inline(volume, text)).collect()
    }

    /// The items of a list that may be shown.
    pub fn shown<'b, T>(&self, items: &'b [T], common: impl Fn(&T) -> &Common) -> Vec<&'b T> {
        items.iter().filter(|item| self.view.shows(common(item))).collect()
    }

    /// A volume's link.
    pub fn volume_link(&self, volume: usize) -> Link {
        let of = &self.view.book.volumes[volume];
        self.link(&Address::volume(of), &of.title)
    }

    /// The page's volume, where it has one.
    fn volume(&self) -> Option<usize> {
        match self.subject {
            Subject::Volume(volume) | Subject::Part(volume, ..) => Some(volume),
            _ => None,
        }
    }

    /// Where the subject is in another language: its address, what it leads to where that is not the
    /// very same, and what it is called there.
    fn elsewhere(&self, language: &Language) -> (Address, Option<&'static str>, Option<String>) {
        let view = self.view;
        let home = || (Address::home(language), Some(self.w.to_home), None);
        let there = |volume: usize| view.volume_in(&view.book.volumes[volume], language);
        match self.subject {
            Subject::Book | Subject::Home => (Address::home(language), None, None),
            Subject::Shelf(shelf) => match view.has_shelf(language, shelf) {
                true => (Address::shelf(language, shelf), None, None),
                false => home(),
            },
            Subject::Framework(id) => match view.framework(language, id) {
                Some(found) => (Address::framework(language, id), None, Some(found.framework.title.clone())),
                None => home(),
            },
            Subject::Category(name) => match view.category(language, name) {
                Some(found) => {
                    let title = Words::of(language).category_names.of(found.name).to_string();
                    (Address::category(language, &found.slug), None, Some(title))
                }
                None => home(),
            },
            Subject::Volume(volume) => match there(volume) {
                Some(other) => {
                    let other = &view.book.volumes[other];
                    (Address::volume(other), None, Some(other.title.clone()))
                }
                None => home(),
            },
            Subject::Part(volume, kind, id) => match there(volume) {
                Some(other) => match view.part_in(other, kind, id.as_str()) {
                    Some(at) => {
                        let title = self.part_title(kind, at);
                        (view.address(kind, other, id), None, title)
                    }
                    None => {
                        let other = &view.book.volumes[other];
                        (Address::volume(other), Some(self.w.to_volume), None)
                    }
                },
                None => home(),
            },
        }
    }

    fn part_title(&self, kind: PartKind, at: At) -> Option<String> {
        fn title<'a, T: Part + 'static>(
            view: &View<'a>,
            at: At,
            of: impl Fn(&'a T) -> &'a str,
        ) -> Option<String> {
            view.at(at).map(|part| of(part).to_string())
        }
        match kind {
            PartKind::Stage => title::<Stage>(self.view, at, |part| &part.title),
            PartKind::Objection => title::<Objection>(self.view, at, |part| &part.title),
            PartKind::Close => title::<Close>(self.view, at, |part| &part.title),
            PartKind::Competitor => title::<Competitor>(self.view, at, |part| &part.title),
            PartKind::Question => {
                let question: &Question = self.view.at(at)?;
                Some(self.texts(at.0).plain(&question.ask))
            }
        }
    }

    /// What stands around the page. `crumbs` is the way here below the language's home.
    pub fn frame(&self, title: &str, description: &str, crumbs: Vec<Link>, source: Option<&Common>) -> Frame {
        let (view, book) = (self.view, self.view.book);
        let direction = |language: &Language| if language.is_rtl() { "rtl" } else { "ltr" };
        let base = book.base_url.as_ref().map(|base| format!("{}/", base.trim_end_matches('/')));
        let mut alternates = Vec::new();
        let mut languages = Vec::new();
        for language in &view.languages {
            let current = *language == self.language;
            let (to, note, title) = match current {
                true => (self.address.clone(), None, None),
                false => self.elsewhere(language),
            };
            if let (Some(base), None) = (&base, note) {
                let address = to.on_web(base);
                alternates.push(Alternate { tag: language.to_string(), address });
            }
            languages.push(LanguageLink {
                href_html: self.href(&to),
                tag: language.to_string(),
                name: language.native_name().to_string(),
                dir: direction(language),
                current,
                note,
                title,
            });
        }
        if let (Some(base), Subject::Book | Subject::Home) = (&base, self.subject) {
            alternates.push(Alternate { tag: "x-default".into(), address: base.clone() });
        } else if alternates.len() < 2 {
            alternates.clear();
        }
        let mut way = Vec::new();
        if self.address != Address::root() {
            way.push(self.link(&Address::root(), self.w.home));
        }
        if !matches!(self.subject, Subject::Book | Subject::Home) {
            way.push(self.link(&Address::home(self.language), self.language.native_name()));
        }
        way.extend(crumbs);
        let edit = source.filter(|_| !view.public).and_then(|common| self.edit_link(common));
        let files = &self.site.files;
        let home = match self.subject {
            Subject::Book => Address::root(),
            _ => Address::home(self.language),
        };
        let (w, find) = self.w.shared();
        Frame {
            lang: self.language.to_string(),
            dir: direction(self.language),
            family: letter(self.language.family()),
            words_lang: (!Words::knows(self.language)).then_some(self.w.tag),
            title: super::text::one_line(title),
            book: book.title.clone(),
            description: shorten(description, 160),
            css_html: self.href(&files.css),
            js_html: self.href(&files.js),
            icon_html: self.href(&files.icon),
            manifest_html: self.href(&Address::file(MANIFEST)),
            feed_html: files.feed.then(|| self.href(&Address::file(FEED))),
            offline_html: self.site.options.offline.then(|| self.href(&Address::file(WORKER))),
            up_html: self.up.clone(),
            files: files.theme.iter().map(|(name, to)| (name.clone(), self.href(to))).collect(),
            shelf: self.shelf(),
            home_html: self.href(&home),
            crumbs: way,
            languages,
            language_name: self.language.native_name().to_string(),
            canonical: base.map(|base| self.address.on_web(&base)),
            alternates,
            edit_html: edit,
            generator: format!("callbook {}", self.site.options.generator),
            find,
            search_html: self.href(&files.search),
            w,
        }
    }

    /// The links to the pages about the whole handbook, those that there are.
    fn shelf(&self) -> Vec<Link> {
        let there = Shelf::ALL.into_iter().filter(|shelf| self.view.has_shelf(self.language, *shelf));
        there.map(|shelf| self.link(&Address::shelf(self.language, shelf), shelf.title(self.w))).collect()
    }

    /// The crumbs of a part: its volume, and its section there.
    pub fn part_crumbs(&self, kind: PartKind, section: &str) -> Vec<Link> {
        let Some(volume) = self.volume() else {
            return Vec::new();
        };
        let of: &Volume = &self.view.book.volumes[volume];
        let page = Address::volume(of);
        vec![self.link(&page, &of.title), self.link(&page.clone().at(kind.folder()), section)]
    }

    /// The link to the source. A public build has none: a line number moves with internal text.
    fn edit_link(&self, common: &Common) -> Option<String> {
        let pattern = self.view.book.edit_url.as_ref()?;
        let (file, line) = self.view.book.line_of(&common.place);
        let mut encoded = String::new();
        for byte in file.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                    encoded.push(byte as char);
                }
                _ => encoded.push_str(&format!("%{byte:02X}")),
            }
        }
        let link = pattern.replace("{file}", &encoded).replace("{line}", &line.to_string());
        outside_link(&link, &self.up)
    }
}
