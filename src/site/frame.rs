//! A page in the making: where it stands, what it says in which language, and what is around it.

use super::Options;
use super::address::{Address, PartKind, up};
use super::data::{Alternate, Card, CriterionLine, Fact, Frame, LanguageLink, Link, ProofLine, Way};
use super::text::{Texts, escape, outside_link, shorten};
use super::view::{At, View};
use super::words::Words;
use crate::book::model::{
    Branch, Close, Common, Criterion, Id, Markup, Objection, Part, Proof, Question, Ref, Stage, Target,
    Volume,
};
use crate::language::Language;

/// What a page may load: its own style sheet and pictures. Nothing inline, nothing from elsewhere.
pub(super) const POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'";

/// What is the same for all pages of a build.
pub(super) struct Site<'a> {
    /// The book.
    pub view: &'a View<'a>,
    /// The options of the build.
    pub options: &'a Options,
    /// The style sheet's file.
    pub css: Address,
    /// The icon's file.
    pub icon: Address,
}

/// What a page is of, as the language switcher sees it.
#[derive(Clone, Copy)]
pub(super) enum Subject<'a> {
    /// The front page, or a page without a language of its own.
    Book,
    /// The home of a language.
    Home,
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
        self.texts(volume).html(text, &self.up)
    }

    /// Safe HTML in a line.
    pub fn inline(&self, volume: usize, text: &Markup) -> String {
        self.texts(volume).inline(text, &self.up)
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

    /// A target's link, where it may be shown.
    pub fn target(&self, target: Target) -> Option<Link> {
        let to = self.view.target(target)?;
        Some(self.link(&to, self.view.book.target_title(target)))
    }

    /// A way on, where it may be shown.
    pub fn way(&self, volume: usize, branch: &Branch) -> Option<Way> {
        if !self.view.shows(&branch.common) {
            return None;
        }
        let when_html = branch.when.as_ref().map(|when| self.inline(volume, when));
        Some(Way { when_html, to: self.target(branch.go)? })
    }

    /// Criteria as lines: what must hold, and why.
    pub fn criteria(&self, volume: usize, criteria: &[Criterion]) -> Vec<CriterionLine> {
        self.shown(criteria, |criterion| &criterion.common)
            .into_iter()
            .map(|criterion| {
                let because = criterion.because.as_ref();
                CriterionLine {
                    that_html: self.inline(volume, &criterion.that),
                    because_html: because.map(|because| self.inline(volume, because)),
                }
            })
            .collect()
    }

    fn card(&self, kind: PartKind, at: At, id: &Id, title: String, code: &Option<String>) -> Card {
        Card {
            href_html: self.href(&self.view.address(kind, at.0, id)),
            title,
            code: code.clone(),
            hint_html: None,
            from: None,
        }
    }

    /// An objection in a list; its hint is the first bridge.
    pub fn objection_card(&self, at: At) -> Option<Card> {
        let objection: &Objection = self.view.at(at)?;
        let title = objection.title.clone();
        let mut card = self.card(PartKind::Objection, at, &objection.id, title, &objection.code);
        let first = objection.responses.iter().find(|response| self.view.shows(&response.common));
        let bridge = first.and_then(|response| response.bridge.as_ref());
        card.hint_html = bridge.map(|bridge| self.inline(at.0, bridge));
        Some(card)
    }

    /// A close in a list; its hint is its technique.
    pub fn close_card(&self, at: At) -> Option<Card> {
        let close: &Close = self.view.at(at)?;
        let mut card = self.card(PartKind::Close, at, &close.id, close.title.clone(), &close.code);
        card.hint_html = close.technique.as_ref().map(|technique| {
            let mut out = String::new();
            escape(self.w.technique_names.of(technique), &mut out);
            out
        });
        Some(card)
    }

    /// A question in a list; its title is the question.
    pub fn question_card(&self, at: At) -> Option<Card> {
        let question: &Question = self.view.at(at)?;
        let title = self.texts(at.0).plain(&question.ask);
        Some(self.card(PartKind::Question, at, &question.id, title, &question.code))
    }

    /// A stage in a list, with the playbook it is of where that is another one.
    pub fn stage_card(&self, at: At, beside: Option<usize>) -> Option<Card> {
        let stage: &Stage = self.view.at(at)?;
        let title = stage.title.clone();
        let mut card = self.card(PartKind::Stage, at, &stage.id, title, &None);
        if beside != Some(at.0) {
            card.from = Some(self.view.book.volumes[at.0].title.clone());
        }
        Some(card)
    }

    /// Claims with their sources, where they may be shown.
    pub fn proofs(&self, proofs: &[Ref<Proof>]) -> Vec<ProofLine> {
        let shown = proofs.iter().filter_map(|proof| Some((proof, self.view.part(*proof)?)));
        shown.map(|(at, proof)| self.proof(at.volume, proof)).collect()
    }

    /// A claim with its source.
    pub fn proof(&self, volume: usize, proof: &Proof) -> ProofLine {
        let anchor = format!("proof-{}", proof.id);
        let page = Address::volume(&self.view.book.volumes[volume]).at(&anchor);
        let mut notes: Vec<String> = proof.source.iter().cloned().collect();
        notes.extend(proof.date.map(|date| date.to_string()));
        notes.extend(proof.expires.map(|date| format!("{} {date}", self.w.expires)));
        ProofLine {
            href_html: self.href(&page),
            anchor,
            claim_html: self.inline(volume, &proof.claim),
            notes,
            link_html: proof.link.as_ref().and_then(|link| outside_link(link, &self.up)),
        }
    }

    /// A fact without links; `None` where there is nothing to say.
    pub fn fact(&self, name: &str, values: impl IntoIterator<Item = String>) -> Option<Fact> {
        let plain = |title| Link { href_html: String::new(), title };
        self.linked_fact(name, values.into_iter().map(plain))
    }

    /// A fact with links; `None` where there is nothing to say.
    pub fn linked_fact(&self, name: &str, values: impl IntoIterator<Item = Link>) -> Option<Fact> {
        let values: Vec<Link> = values.into_iter().collect();
        (!values.is_empty()).then(|| Fact { name: name.to_string(), values })
    }

    /// Free tags as facts; a competitor's leads to its page.
    pub fn tag_facts(
        &self,
        volume: usize,
        tags: &std::collections::BTreeMap<String, Vec<String>>,
    ) -> Vec<Fact> {
        let fact = |(name, values): (&String, &Vec<String>)| {
            let links = values.iter().map(|value| {
                let known = (name == "competitor").then(|| self.view.competitor(volume, value));
                let competitor = known.flatten().and_then(|at| {
                    let part: &crate::book::model::Competitor = self.view.at(at)?;
                    let page = self.view.address(PartKind::Competitor, at.0, &part.id);
                    Some(self.link(&page, &part.title))
                });
                let plain = || Link { href_html: String::new(), title: value.clone() };
                competitor.unwrap_or_else(plain)
            });
            self.linked_fact(self.w.tag_names.of(name), links)
        };
        tags.iter().filter_map(fact).collect()
    }

    /// Owner, source and review as facts.
    pub fn meta_facts(&self, common: &Common) -> Vec<Fact> {
        let Some(meta) = &common.meta else {
            return Vec::new();
        };
        let w = self.w;
        let confidence = meta.confidence.as_ref().map(|c| w.confidence_names.of(c).to_string());
        [
            self.fact(w.owner, meta.owner.clone()),
            self.fact(w.source, meta.source.clone()),
            self.fact(w.verified, meta.verified.map(|date| date.to_string())),
            self.fact(w.review_due, meta.review_due().map(|date| date.to_string())),
            self.fact(w.confidence, confidence),
        ]
        .into_iter()
        .flatten()
        .collect()
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
        use crate::book::model::Competitor;
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
                let address = format!("{base}{}", to.path);
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
            alternates.push(Alternate { tag: "x-default".into(), address: format!("{base}index.html") });
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
        let home = match self.subject {
            Subject::Book => Address::root(),
            _ => Address::home(self.language),
        };
        Frame {
            lang: self.language.to_string(),
            dir: direction(self.language),
            words_lang: (!Words::knows(self.language)).then_some(self.w.tag),
            title: super::text::one_line(title),
            book: book.title.clone(),
            description: shorten(description, 160),
            csp: POLICY,
            css_html: self.href(&self.site.css),
            icon_html: self.href(&self.site.icon),
            home_html: self.href(&home),
            crumbs: way,
            languages,
            language_name: self.language.native_name().to_string(),
            canonical: base.map(|base| format!("{base}{}", self.address.path)),
            alternates,
            edit_html: edit,
            generator: format!("callbook {}", self.site.options.generator),
            w: self.w,
        }
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
