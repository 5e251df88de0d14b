//! The end of a call: the outcome, what happens next and when, and what it all came to.

use super::Call;
use crate::calls::day::weekday;
use crate::script::walk::Place;
use crate::site::{Named, called};
use crate::tui::page::Page;

impl Call<'_> {
    pub(super) fn ending_body(&self, mut page: Page) -> Page {
        let (theme, words) = (self.theme, self.words);
        if let Place::Ending { outcome } = self.place() {
            let title = outcome.map_or(words.none, |outcome| outcome.title.as_str());
            let result = outcome.map_or("", |outcome| called(&self.language, Named::Result, outcome.result));
            let lead = self.label("▌ ", words.outcome);
            page.ends(&[(lead, theme.bridge()), (title.to_string(), theme.bridge())], result, theme.dim());
            let step = self.step().map(|step| {
                let date = step.date.map(|date| format!("{date} ({})", weekday(date, &self.language)));
                let parts = [date, Some(step.what.clone()).filter(|what| !what.is_empty())];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
            });
            let lead = self.label("▌ ", words.next_step);
            let (text, style) = match &step {
                Some(step) => (step.as_str(), theme.title()),
                None => (words.none, theme.dim()),
            };
            page.text(&lead, theme.bridge(), text, style);
            let unanswered = self.session.walk().unanswered();
            let texts: Vec<_> = unanswered.iter().map(|asked| asked.text.clone()).collect();
            self.list(&mut page, words.open, &texts, "? ");
        } else {
            page.text("✓ ", theme.good(), words.over, theme.good());
        }
        page.gap();
        for line in self.summary().lines() {
            let style = if line.starts_with('#') { theme.title() } else { theme.text() };
            let (lead, text) = match line.strip_prefix("- ") {
                Some(text) => ("- ", text),
                None => ("", line),
            };
            match text {
                "" => page.gap(),
                text => page.text(lead, theme.dim(), text, style),
            }
        }
        page
    }
}
