//! Pieces of pages that point at parts: links, cards in lists, claims, facts beside the text. What may
//! not be shown gives nothing.

use std::collections::BTreeMap;

use super::address::{Address, PartKind};
use super::data::{Card, CriterionLine, Fact, Link, ProofLine, Way};
use super::frame::Page;
use super::view::At;
use crate::book::model::{
    Branch, Close, Common, Competitor, Criterion, Id, Meta, Objection, Proof, Question, Ref, Role, Stage,
    Target,
};
use crate::markdown::escape_html;

impl Page<'_> {
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

    /// What a role is called, where the text is the id of one that the volume may refer to.
    pub fn role(&self, volume: usize, text: &str) -> String {
        let mut known = self.view.book.scope(volume).flat_map(|(number, _)| self.view.parts::<Role>(number));
        let found = known.find(|(_, role)| role.id.as_str() == text);
        found.map_or_else(|| text.to_string(), |(_, role)| role.title.clone())
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
        card.hint_html = self.first_bridge(at.0, objection);
        Some(card)
    }

    /// What is said first to an objection.
    pub fn first_bridge(&self, volume: usize, objection: &Objection) -> Option<String> {
        let first = objection.responses.iter().find(|response| self.view.shows(&response.common));
        let bridge = first.and_then(|response| response.bridge.as_ref());
        bridge.map(|bridge| self.inline(volume, bridge))
    }

    /// A close in a list; its hint is its technique.
    pub fn close_card(&self, at: At) -> Option<Card> {
        let close: &Close = self.view.at(at)?;
        let mut card = self.card(PartKind::Close, at, &close.id, close.title.clone(), &close.code);
        card.hint_html = close.technique.as_ref().map(|technique| {
            let mut out = String::new();
            escape_html(self.w.technique_names.of(technique), &mut out);
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

    /// A competitor in a list; its hint is the first point where we win.
    pub fn competitor_card(&self, at: At) -> Option<Card> {
        let competitor: &Competitor = self.view.at(at)?;
        let title = competitor.title.clone();
        let mut card = self.card(PartKind::Competitor, at, &competitor.id, title, &competitor.code);
        card.hint_html = competitor.we_win.first().map(|win| self.inline(at.0, win));
        Some(card)
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
            link_html: proof.link.as_ref().and_then(|link| self.outside(link)),
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

    /// Free tags as facts; a competitor's leads to its page, or shows nothing where that is internal.
    pub fn tag_facts(&self, volume: usize, tags: &BTreeMap<String, Vec<String>>) -> Vec<Fact> {
        let plain = |value: &str| Link { href_html: String::new(), title: value.to_string() };
        let competitor = |value: &String| match self.view.competitor(volume, value) {
            Some(at) => {
                let part: &Competitor = self.view.at(at)?;
                let page = self.view.address(PartKind::Competitor, at.0, &part.id);
                Some(self.link(&page, &part.title))
            }
            None => (!self.view.hides_competitor(volume, value)).then(|| plain(value)),
        };
        let fact = |(name, values): (&String, &Vec<String>)| {
            let links: Vec<Link> = match name.as_str() {
                "competitor" => values.iter().filter_map(competitor).collect(),
                _ => values.iter().map(|value| plain(value)).collect(),
            };
            self.linked_fact(self.w.tag_names.of(name), links)
        };
        tags.iter().filter_map(fact).collect()
    }

    /// Owner, last change, source and review as facts. What has no owner is its volume's.
    pub fn meta_facts(&self, volume: usize, common: &Common) -> Vec<Fact> {
        let (w, meta) = (self.w, common.meta.as_ref());
        let confidence = meta.and_then(|meta| meta.confidence.as_ref());
        let of = &self.view.book.volumes[volume];
        let whole = of.common.meta.as_ref().and_then(|meta| meta.owner.as_ref());
        let owner = meta.and_then(|meta| meta.owner.as_ref()).or(whole).or(of.owner.as_ref());
        let changes = &self.site.options.changes;
        let changed = if self.view.public { None } else { changes.of(self.view.book, common) };
        [
            self.fact(w.owner, owner.cloned()),
            self.fact(w.last_change, changed.map(|date| date.to_string())),
            self.fact(w.source, meta.and_then(|meta| meta.source.clone())),
            self.fact(w.verified, meta.and_then(|meta| meta.verified).map(|date| date.to_string())),
            self.fact(w.review_due, meta.and_then(Meta::review_due).map(|date| date.to_string())),
            self.fact(w.confidence, confidence.map(|name| w.confidence_names.of(name).to_string())),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}
