//! The cards that lie on the script: an objection with the answer that is said now, a close.

use super::Call;
use crate::render::wrap::{cut, width};
use crate::script::walk::Place;
use crate::script::{Close, Objection, Response};
use crate::site::{Named, called};
use crate::tui::page::Page;

impl Call<'_> {
    pub(super) fn objection_body(&self, mut page: Page, place: &Place<'_>) -> Page {
        let Place::Objection { objection, response, turn, used, accepting, times } = place else {
            return page;
        };
        let theme = self.theme;
        self.objection_head(&mut page, objection, *times);
        if let Some(heard) = Some(self.heard_now()).filter(|heard| !heard.is_empty()) {
            page.text(&self.label("", self.words.heard), theme.dim(), &self.quoted(&heard), theme.dim());
        }
        page.gap();
        if *accepting {
            self.accepting(&mut page, objection);
            return page;
        }
        let Some(response) = response else { return page };
        self.response(&mut page, response, *turn, *used);
        page.gap();
        self.others(&mut page, objection, response);
        if let Some(why) = &objection.why {
            self.labelled(&mut page, self.parts.why, why);
        }
        self.escalation(&mut page, objection);
        page
    }

    fn objection_head(&self, page: &mut Page, objection: &Objection, times: usize) {
        let (theme, words) = (self.theme, self.words);
        let mut head = Vec::new();
        if let Some(code) = &objection.code {
            head.push((format!("{code} "), theme.accent()));
        }
        head.push((objection.title.clone(), theme.title()));
        let mut about = Vec::new();
        if times > 1 {
            about.push(words.times.replace("{}", &times.to_string()));
        }
        if let Some(category) = objection.category.as_deref().filter(|_| times <= 1) {
            about.push(called(&self.language, Named::Category, category).to_string());
        }
        let style = if times > 1 { theme.warning() } else { theme.dim() };
        page.ends(&head, &about.join(" · "), style);
    }

    /// Nothing is left to say: leave well.
    fn accepting(&self, page: &mut Page, objection: &Objection) {
        let (theme, parts) = (self.theme, self.parts);
        page.text("▌ ", theme.bridge(), &parts.accept.to_uppercase(), theme.bridge());
        if let Some(limit) = objection.limit {
            page.text("  ", theme.dim(), &format!("{} {limit}×", parts.limit), theme.dim());
        }
        page.gap();
        self.escalation(page, objection);
    }

    /// The answer: bridge first and large, then what to say, what to ask, what stands behind it, what
    /// to keep from.
    fn response(&self, page: &mut Page, response: &Response, turn: usize, used: bool) {
        let (theme, parts) = (self.theme, self.parts);
        let stepped = response.turns.len() > 1 || response.turns.iter().any(|turn| turn.step.is_some());
        if let Some(bridge) = &response.bridge {
            page.filled(("▌ ", "▌ "), theme.bridge(), bridge, theme.bridge(), theme);
            page.gap();
        }
        let count = response.turns.len();
        for (number, part) in response.turns.iter().enumerate().take(turn + 1) {
            let now = number == turn;
            let (lead, style) = if now { ("▌ ", theme.title()) } else { ("✓ ", theme.dim()) };
            if stepped && now {
                let step = called(&self.language, Named::Step, part.step.as_deref().unwrap_or_default());
                page.line(&[(format!("  {}/{count} {step}", number + 1), theme.accent())]);
            }
            let plain = if stepped { style } else { theme.text() };
            let lead = if stepped { lead } else { "  " };
            let rest = if stepped && now { "▌ " } else { "  " };
            page.filled((lead, rest), theme.bridge(), &part.say, plain, theme);
            if now && part.wait {
                page.line(&[(format!("  … {}", parts.wait), theme.warning())]);
            }
        }
        if turn + 1 >= count {
            if let Some(ask) = &response.ask {
                page.gap();
                page.filled(("? ", "  "), theme.accent(), ask, theme.title(), theme);
            }
            if !response.proof.is_empty() || !response.avoid.is_empty() || used {
                page.gap();
            }
            for proof in &response.proof {
                page.filled(("  ✓ ", "    "), theme.good(), &proof.claim, theme.text(), theme);
                let source = [proof.source.as_deref(), proof.date.as_deref()];
                let source: Vec<&str> = source.into_iter().flatten().collect();
                if !source.is_empty() {
                    page.text("    ", theme.dim(), &source.join(", "), theme.dim());
                }
            }
            for avoid in &response.avoid {
                let lead = self.label("  ✗ ", parts.avoid);
                page.filled((&lead, "    "), theme.warning(), avoid, theme.text(), theme);
            }
        }
        if used {
            page.text("  ✓ ", theme.good(), self.words.said, theme.good());
        }
    }

    /// Which answer of how many it is, what it fits, where it leads, and the others.
    fn others(&self, page: &mut Page, objection: &Objection, shown: &Response) {
        let (theme, parts) = (self.theme, self.parts);
        let count = objection.responses.len();
        for (number, response) in objection.responses.iter().enumerate() {
            let here = response.id == shown.id;
            // What it fits, else how it begins.
            let first = response.bridge.as_ref().or(response.turns.first().map(|turn| &turn.say));
            let what = response.when.as_ref().or(first).map(crate::markdown::to_plain);
            let next = response.next.as_ref().filter(|_| here);
            let arrow = next.map(|next| format!(" → {}", next.title)).unwrap_or_default();
            let landed = response.landed.map(|rate| parts.landed_of(rate)).unwrap_or_default();
            if count > 1 || here && (response.next.is_some() || response.when.is_some()) {
                let mark = if here { "▸" } else { " " };
                let style = if here { theme.text() } else { theme.dim() };
                let lead = (format!(" {mark}{} ", number + 1), theme.accent());
                let room = page.columns().saturating_sub(6 + width(&arrow) + width(&landed)).max(10);
                let what = (cut(&what.unwrap_or_default(), room) + &arrow, style);
                page.ends(&[lead, what], &landed, theme.dim());
            } else if here && !landed.is_empty() {
                page.text("  ", theme.dim(), &landed, theme.dim());
            }
        }
        let resists = shown.if_resists.as_deref().map(|id| match id {
            "accept" => parts.accept.to_string(),
            id => {
                let at = objection.responses.iter().position(|response| response.id == id);
                at.map_or_else(|| id.to_string(), |at| (at + 1).to_string())
            }
        });
        if let Some(resists) = resists {
            page.text(&self.label("  ", parts.if_resists), theme.dim(), &resists, theme.dim());
        }
        if let Some(limit) = objection.limit {
            page.text("  ", theme.dim(), &format!("{} {limit}×", parts.limit), theme.dim());
        }
    }

    fn escalation(&self, page: &mut Page, objection: &Objection) {
        let Some(escalate) = &objection.escalate else { return };
        let when = escalate.when.as_ref().map(crate::markdown::to_plain);
        let when = when.map(|when| format!(" ({when})")).unwrap_or_default();
        let lead = self.label("  ", self.words.escalate);
        page.text(&lead, self.theme.dim(), &format!("{}{when}", escalate.to), self.theme.dim());
    }

    pub(super) fn close_body(&self, mut page: Page, close: &Close) -> Page {
        let (theme, parts) = (self.theme, self.parts);
        let technique =
            called(&self.language, Named::Technique, close.technique.as_deref().unwrap_or_default());
        page.ends(&[(close.title.clone(), theme.title())], technique, theme.dim());
        page.gap();
        page.filled(("▌ ", "▌ "), theme.bridge(), &close.say, theme.title(), theme);
        page.gap();
        for (key, label, link) in [("+", parts.if_yes, &close.if_yes), ("-", parts.if_no, &close.if_no)] {
            let leads = link.as_ref().map_or("…", |link| link.title.as_str());
            page.text(&self.label(&format!("  {key} "), label), theme.accent(), leads, theme.text());
        }
        page.gap();
        self.list(&mut page, parts.signals, &close.signals, "✓ ");
        if let Some(fact) = &close.fact {
            let until = close.true_until.as_deref().map(|day| format!(" ({} {day})", parts.until));
            let label = format!("{}{}", parts.fact, until.unwrap_or_default());
            self.labelled(&mut page, &label, fact);
        }
        for avoid in &close.avoid {
            let lead = self.label("  ✗ ", parts.avoid);
            page.filled((&lead, "    "), theme.warning(), avoid, theme.text(), theme);
        }
        page
    }

    pub(super) fn signal_body(&self, mut page: Page, number: usize) -> Page {
        let theme = self.theme;
        let Some(signal) = self.script().signals.get(number) else { return page };
        page.ends(&[(signal.title.clone(), theme.title())], self.parts.signals, theme.dim());
        for words in &signal.utterances {
            page.text("", theme.dim(), &self.quoted(words), theme.dim());
        }
        page.gap();
        if let Some(say) = &signal.say {
            page.filled(("▌ ", "▌ "), theme.bridge(), say, theme.title(), theme);
        }
        if let Some(go) = &signal.go {
            page.gap();
            page.text("  → ", theme.accent(), &go.title, theme.text());
        }
        page
    }
}
