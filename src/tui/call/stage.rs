//! The words of a stage: the line that is said now, large; what comes after it; at the end the ways on.

use super::Call;
use super::view::Body;
use crate::script::walk::Asked;
use crate::script::{Criterion, Line, Stage};
use crate::template::spoken::Filled;
use crate::tui::page::Page;

impl Call<'_> {
    pub(super) fn script_body(
        &self,
        mut page: Page,
        stage: Option<&Stage>,
        line: usize,
        height: usize,
    ) -> Body {
        let theme = self.theme;
        let Some(stage) = stage else {
            page.text("", theme.text(), self.words.no_stages, theme.text());
            return self.ways_body(page);
        };
        let Some(now) = stage.lines.get(line) else {
            return self.end_of_stage(page, stage, height);
        };
        if let Some(goal) = &stage.goal {
            let parts = self.parts;
            let lead = match stage.moment_of_truth {
                true => self.label(&format!("★ {} · ", parts.moment_of_truth), parts.goal),
                false => self.label("", parts.goal),
            };
            page.filled((&lead, "  "), theme.dim(), goal, theme.dim(), theme);
            page.gap();
        }
        let focus = page.lines.len();
        self.now(&mut page, now);
        let ends = page.lines.len();
        if line == 0 && !(stage.checklist.is_empty() && stage.entry.is_empty()) {
            page.gap();
            self.list(&mut page, self.parts.prepare, &stage.checklist, "□ ");
            self.criteria(&mut page, self.parts.before, &stage.entry);
        }
        // What comes next, as far as there is room; it is read, not scrolled to.
        let mut coming = stage.lines[line + 1..].iter();
        let mut first = true;
        while page.lines.len() < height {
            let before = page.lines.len();
            let Some(next) = coming.next() else { break };
            if std::mem::take(&mut first) {
                page.gap();
            }
            self.coming(&mut page, next);
            if page.lines.len() > height && before > ends {
                page.lines.truncate(before);
                break;
            }
        }
        if coming.as_slice().is_empty() && page.lines.len() < height {
            let before = page.lines.len();
            page.gap();
            self.criteria(&mut page, self.parts.done_when, &stage.exit);
            self.list(&mut page, self.parts.disqualify, &stage.disqualify, "! ");
            if page.lines.len() > height {
                page.lines.truncate(before);
            }
        }
        // The words to say now are seen whole before anything else.
        let over = ends.saturating_sub(height).min(focus);
        page.lines.drain(..over);
        page.into()
    }

    /// The line that is said, asked or read now.
    fn now(&self, page: &mut Page, line: &Line) {
        let theme = self.theme;
        match line {
            Line::Say { text } => {
                page.filled(("▌ ", "▌ "), theme.bridge(), text, theme.title(), theme);
            }
            Line::Verbatim { text } => {
                let label = self.parts.verbatim.to_uppercase();
                page.line(&[("║ ".into(), theme.warning()), (label, theme.warning())]);
                page.filled(("║ ", "║ "), theme.warning(), text, theme.title(), theme);
            }
            Line::Note { text, .. } => self.note(page, "▌  ┆ ", text),
            Line::Ask { text, .. } => {
                page.filled(("▌ ? ", "▌   "), theme.bridge(), text, theme.title(), theme);
                if let Some(asked) = self.session.walk().question() {
                    self.question(page, &asked);
                }
            }
        }
    }

    fn note(&self, page: &mut Page, bar: &str, text: &Filled) {
        let theme = self.theme;
        let lead = self.label(bar, self.parts.note);
        page.filled((&lead, bar), theme.dim(), text, theme.aside(), theme);
    }

    /// A line that comes later.
    fn coming(&self, page: &mut Page, line: &Line) {
        let theme = self.theme;
        match line {
            Line::Say { text } => page.filled(("  ", "  "), theme.dim(), text, theme.dim(), theme),
            Line::Verbatim { text } => page.filled(("  ║ ", "  ║ "), theme.dim(), text, theme.dim(), theme),
            Line::Ask { text, .. } => page.filled(("  ? ", "    "), theme.dim(), text, theme.dim(), theme),
            Line::Note { text, .. } => self.note(page, "   ┆ ", text),
        }
    }

    /// What belongs to the question: the answer so far, what to listen for, what to ask then.
    fn question(&self, page: &mut Page, asked: &Asked<'_>) {
        let (theme, parts) = (self.theme, self.parts);
        if let Some(answer) = asked.answer {
            let shown = match (asked.question.map(|question| question.of_type), answer) {
                (Some(crate::book::model::ValueType::YesNo), "yes") => self.words.answer_yes,
                (Some(crate::book::model::ValueType::YesNo), "no") => self.words.answer_no,
                _ => answer,
            };
            page.text("  ✎ ", theme.good(), shown, theme.text());
        }
        let Some(question) = asked.question else { return };
        if question.required && asked.answer.is_none() {
            page.text("  * ", theme.warning(), self.words.required, theme.dim());
        }
        if let Some(confirm) = self.session.walk().confirm(question).filter(|_| asked.answer.is_some()) {
            let lead = self.label("▌ ", parts.confirm);
            page.filled((&lead, "▌ "), theme.bridge(), &confirm, theme.title(), theme);
        }
        page.gap();
        if asked.answer.is_none() {
            for option in &question.options {
                let leads = option.go.as_ref().map(|go| format!(" → {}", go.title)).unwrap_or_default();
                page.text("  ○ ", theme.accent(), &format!("{}{leads}", option.answer), theme.text());
            }
        }
        self.list(page, parts.listen_for, &question.listen_for, "✓ ");
        self.list(page, parts.warning_signs, &question.warning_signs, "! ");
        self.list(page, parts.then_ask, &question.follow_ups, "? ");
        if let Some(why) = &question.why {
            self.labelled(page, parts.why, why);
        }
    }

    /// A label before what it is of.
    pub(super) fn label(&self, lead: &str, label: &str) -> String {
        format!("{lead}{label}{}", self.words.searching.colon)
    }

    /// Words that somebody said.
    pub(super) fn quoted(&self, said: &str) -> String {
        self.words.searching.quoted.replace("{}", said)
    }

    pub(super) fn labelled(&self, page: &mut Page, label: &str, text: &Filled) {
        let theme = self.theme;
        page.filled((&self.label("  ", label), "    "), theme.dim(), text, theme.dim(), theme);
    }

    /// A list with its name; a single item stands behind it.
    pub(super) fn list(&self, page: &mut Page, label: &str, items: &[Filled], mark: &str) {
        let theme = self.theme;
        if let [only] = items {
            page.filled((&(self.label("  ", label) + mark), "    "), theme.dim(), only, theme.text(), theme);
            return;
        }
        if !items.is_empty() {
            page.line(&[(self.label("  ", label).trim_end().to_string(), theme.dim())]);
        }
        for item in items {
            page.filled((&format!("    {mark}"), "      "), theme.accent(), item, theme.text(), theme);
        }
    }

    fn criteria(&self, page: &mut Page, label: &str, items: &[Criterion]) {
        let texts: Vec<Filled> = items.iter().map(|item| item.that.clone()).collect();
        self.list(page, label, &texts, "□ ");
    }

    /// The ways on, and what should hold before one is taken.
    fn end_of_stage(&self, mut page: Page, stage: &Stage, height: usize) -> Body {
        let (theme, parts) = (self.theme, self.parts);
        let title = if stage.next.is_empty() { parts.choose_outcome } else { parts.next };
        page.line(&[(title.to_string(), theme.title())]);
        let mut body = self.ways_body(page);
        let page = &mut body.page;
        page.gap();
        self.criteria(page, parts.done_when, &stage.exit);
        let unanswered: Vec<Filled> =
            self.session.walk().unanswered().iter().map(|asked| asked.text.clone()).collect();
        self.list(page, self.words.open, &unanswered, "? ");
        self.list(page, parts.disqualify, &stage.disqualify, "! ");
        self.list(page, parts.outputs, &stage.outputs, "□ ");
        for material in &stage.materials {
            let link = material.link.as_deref().map(|link| format!(" {link}")).unwrap_or_default();
            let lead = self.label("  ", parts.materials);
            page.text(&lead, theme.dim(), &format!("{}{link}", material.title), theme.text());
        }
        for follow in &stage.follow_up {
            let parts_of = [follow.after.as_deref(), follow.channel.as_deref()];
            let when: Vec<&str> = parts_of.into_iter().flatten().collect();
            let lead = self.label("  ", &format!("{} ({})", parts.follow_up, when.join(", ")));
            page.filled((&lead, "    "), theme.dim(), &follow.say, theme.dim(), theme);
        }
        // The mark is followed only where the ways do not fit; else the page can be scrolled.
        body.focus = body.focus.filter(|focus| focus + 2 > height);
        body
    }

    fn ways_body(&self, mut page: Page) -> Body {
        let mut focus = None;
        for (number, way) in self.ways().iter().enumerate() {
            let chosen = number == self.way;
            if chosen {
                focus = Some(page.lines.len());
            }
            self.option(&mut page, chosen, "", &way.title);
        }
        Body { page, focus, cursor: None }
    }
}
