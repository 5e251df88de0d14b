//! Closes, signals, competitors, proofs, outcomes, metrics and lookups.

use std::collections::BTreeMap;

use super::super::gather::Gathered;
use super::super::model::{self, Id, Place, Target};
use super::super::raw;
use super::{Resolver, SCARCITY, common, tags, text, texts};

impl Resolver<'_> {
    pub(super) fn close(&mut self, part: &Gathered<raw::Close>) -> model::Close {
        let place = &part.place;
        let raw::Close {
            id: _,
            code,
            title,
            technique,
            signals,
            say,
            if_yes,
            if_no,
            true_until,
            fact,
            avoid,
            tags: raw_tags,
            common: raw_common,
        } = &part.raw;
        let scarce = technique.as_ref().is_some_and(|technique| SCARCITY.contains(&technique.0.as_str()));
        let written = |key: &str| self.sources.has(&place.key(key));
        if scarce && !(written("fact") && written("true_until")) {
            let message = format!("`{}` is a scarcity close: it needs `fact` and `true_until`", part.id);
            let hint =
                "write the fact, and the date until which it holds; without one, use another technique"
                    .to_string();
            self.error("scarcity-without-fact", &place.key("technique"), message, Some(hint));
        }
        model::Close {
            id: part.id.clone(),
            code: text(code),
            title: title.0.clone(),
            technique: text(technique),
            signals: self.many(signals, place, "signals"),
            say: self.markup(say, &place.key("say")),
            if_yes: self.maybe_target(if_yes, place, "if_yes"),
            if_no: self.maybe_target(if_no, place, "if_no"),
            true_until: true_until.as_ref().and_then(|date| model::parse_date(&date.0)),
            fact: self.maybe(fact, place, "fact"),
            avoid: self.many(avoid, place, "avoid"),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn signal(&mut self, part: &Gathered<raw::Signal>) -> model::Signal {
        let place = &part.place;
        let raw::Signal { id: _, code, title, kind, utterances, say, go, tags: raw_tags, common: raw_common } =
            &part.raw;
        let title = text(title).unwrap_or_else(|| utterances[0].0.clone());
        model::Signal {
            id: part.id.clone(),
            code: text(code),
            title,
            kind: text(kind),
            utterances: texts(utterances),
            say: self.maybe(say, place, "say"),
            go: self.maybe_target(go, place, "go"),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn competitor(&mut self, part: &Gathered<raw::Competitor>) -> model::Competitor {
        let place = &part.place;
        let raw::Competitor {
            id: _,
            code,
            title,
            aliases,
            summary,
            we_win,
            we_lose,
            landmines,
            they_say,
            proof,
            tags: raw_tags,
            common: raw_common,
        } = &part.raw;
        model::Competitor {
            id: part.id.clone(),
            code: text(code),
            title: title.0.clone(),
            aliases: texts(aliases),
            summary: self.maybe(summary, place, "summary"),
            we_win: self.many(we_win, place, "we_win"),
            we_lose: self.many(we_lose, place, "we_lose"),
            landmines: self.many(landmines, place, "landmines"),
            they_say: self.many(they_say, place, "they_say"),
            proof: self.proofs(proof, place),
            tags: tags(raw_tags),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn proof(&mut self, part: &Gathered<raw::Proof>) -> model::Proof {
        let place = &part.place;
        let raw::Proof { id: _, claim, source, link, date, expires, common: raw_common } = &part.raw;
        model::Proof {
            id: part.id.clone(),
            claim: self.markup(claim, &place.key("claim")),
            source: text(source),
            link: link.as_ref().map(|link| link.0.clone()),
            date: date.as_ref().and_then(|date| model::parse_date(&date.0)),
            expires: expires.as_ref().and_then(|date| model::parse_date(&date.0)),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn outcome(&mut self, part: &Gathered<raw::Outcome>) -> model::Outcome {
        let raw::Outcome { id: _, title, result, common: raw_common } = &part.raw;
        model::Outcome {
            id: part.id.clone(),
            title: text(title).unwrap_or_else(|| part.id.to_string()),
            result: *result,
            common: common(raw_common.clone(), part.place.clone()),
        }
    }

    pub(super) fn metric(&mut self, part: &Gathered<raw::Metric>) -> model::Metric {
        let place = &part.place;
        let raw::Metric { id: _, title, from, to, target, per, whose, common: raw_common } = &part.raw;
        model::Metric {
            id: part.id.clone(),
            title: text(title).unwrap_or_else(|| part.id.to_string()),
            from: self.maybe_target(from, place, "from"),
            to: self.maybe_target(to, place, "to"),
            target: *target,
            per: text(per),
            whose: text(whose),
            common: common(raw_common.clone(), place.clone()),
        }
    }

    pub(super) fn lookup(&mut self, raw: &raw::Lookup, place: Place) -> Option<model::Lookup> {
        let raw::Lookup { heard, finds, common: raw_common } = raw;
        let scope = self.scope;
        let id = finds.0.as_str();
        let known = scope.targets.get(id).is_some_and(|target| !matches!(target, Target::Outcome(_)))
            || scope.questions.contains_key(id)
            || scope.signals.contains_key(id)
            || scope.competitors.contains_key(id);
        if !known {
            let broken = ["targets", "questions", "signals", "competitors"];
            if !broken.iter().any(|space| scope.is_broken(space, id)) {
                self.look_up(&BTreeMap::<Id, ()>::new(), "targets", "card", finds, &place.key("finds"));
            }
            return None;
        }
        Some(model::Lookup {
            heard: heard.0.clone(),
            finds: Id::new(id),
            common: common(raw_common.clone(), place),
        })
    }
}
