//! A Script for reading in a terminal.

use anstyle::{AnsiColor, Style as Ansi};

use super::words::{Words, words};
use super::wrap::{cut, harmless, write_blocks};
use crate::language::Language;
use crate::markdown;
use crate::script::{Branch, Close, Criterion, Line, Link, Objection, Question, Response, Script, Stage};
use crate::template::spoken::Filled;

/// Lines longer than this are hard to read, however wide the terminal is.
const WIDEST: usize = 92;

pub(super) const BOLD: Ansi = Ansi::new().bold();
pub(super) const DIM: Ansi = Ansi::new().dimmed();
pub(super) const ACCENT: Ansi = Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Cyan))).bold();
pub(super) const STAR: Ansi = Ansi::new().fg_color(Some(anstyle::Color::Ansi(AnsiColor::Yellow))).bold();

struct Page<'a> {
    out: String,
    words: &'a Words,
    columns: usize,
}

pub fn script(script: &Script, width: usize) -> String {
    let language = Language::parse(&script.language).unwrap_or_else(|_| Language::english());
    let mut page = Page { out: String::new(), words: words(&language), columns: width.clamp(40, WIDEST) };
    page.head(script);
    for stage in &script.stages {
        page.stage(stage);
    }
    if !script.anytime.is_empty() {
        page.heading(page.words.anytime);
        page.branches(&script.anytime);
    }
    if !script.objections.is_empty() {
        page.heading(page.words.objections);
        script.objections.iter().for_each(|objection| page.objection(objection));
    }
    if !script.closes.is_empty() {
        page.heading(page.words.closes);
        script.closes.iter().for_each(|close| page.close(close));
    }
    if !script.outcomes.is_empty() {
        page.heading(page.words.outcomes);
        for outcome in &script.outcomes {
            let title = harmless(&outcome.title);
            page.line(&format!("  {title} {DIM}({}){DIM:#}", outcome.result));
        }
    }
    page.out
}

impl Page<'_> {
    fn line(&mut self, line: &str) {
        self.out.push_str(line);
        self.out.push('\n');
    }

    fn heading(&mut self, text: &str) {
        self.out.push('\n');
        self.line(&format!("{ACCENT}{}{ACCENT:#}", text.to_uppercase()));
    }

    /// A text behind a lead; the lines below it are indented as far.
    fn text(&mut self, lead: &str, text: &Filled, style: Ansi) {
        let rest = " ".repeat(super::wrap::width(&strip(lead)));
        write_blocks(&mut self.out, &markdown::blocks(text), lead, &rest, style, self.columns);
    }

    /// A text that is no Markdown, behind a lead.
    fn plain(&mut self, lead: &str, text: &str) {
        let runs = vec![markdown::Run { text: text.to_string(), style: markdown::Style::default() }];
        let block = markdown::Block { runs, ..markdown::Block::default() };
        let rest = " ".repeat(super::wrap::width(&strip(lead)).min(5));
        write_blocks(&mut self.out, &[block], lead, &rest, Ansi::new(), self.columns);
    }

    fn labelled(&mut self, label: &str, text: &Filled) {
        self.text(&format!("   {DIM}{label}:{DIM:#} "), text, Ansi::new());
    }

    fn list(&mut self, label: &str, items: &[Filled]) {
        if items.is_empty() {
            return;
        }
        self.line(&format!("   {DIM}{label}:{DIM:#}"));
        for item in items {
            self.text("     • ", item, Ansi::new());
        }
    }

    fn criteria(&mut self, label: &str, items: &[Criterion]) {
        if items.is_empty() {
            return;
        }
        self.line(&format!("   {DIM}{label}:{DIM:#}"));
        for item in items {
            self.text("     • ", &item.that, Ansi::new());
            if let Some(because) = &item.because {
                self.text("       ", because, DIM);
            }
        }
    }

    fn head(&mut self, script: &Script) {
        let title = harmless(&script.title);
        self.line(&format!("{BOLD}{title}{BOLD:#}  {DIM}{} · {}{DIM:#}", script.playbook, script.language));
        if let Some(summary) = &script.summary {
            self.text("", summary, Ansi::new());
        }
        let missing: Vec<String> = script
            .missing
            .iter()
            .filter(|missing| missing.required)
            .map(|missing| match &missing.title {
                Some(title) => format!("{} ({})", harmless(title), missing.name),
                None => missing.name.clone(),
            })
            .collect();
        if !missing.is_empty() {
            let label = self.words.to_fill_in;
            self.plain(&format!("{STAR}{label}:{STAR:#} "), &missing.join(", "));
        }
    }

    fn stage(&mut self, stage: &Stage) {
        let words = self.words;
        self.out.push('\n');
        let title = harmless(&stage.title);
        let mut line = format!("{ACCENT}{}  {title}{ACCENT:#}", stage.number);
        if stage.moment_of_truth {
            line += &format!("  {STAR}★ {}{STAR:#}", words.moment_of_truth);
        }
        let mut facts: Vec<String> = Vec::new();
        facts.extend(stage.minutes.map(|minutes| format!("{minutes} {}", words.minutes)));
        facts.extend(stage.role.as_ref().map(|role| harmless(role)));
        let facts = facts.join(" · ");
        let room = self.columns.saturating_sub(super::wrap::width(&strip(&line)));
        if !facts.is_empty() && super::wrap::width(&facts) + 2 <= room {
            line += &format!("  {DIM}{facts}{DIM:#}");
            self.line(&line);
        } else {
            self.line(&line);
            if !facts.is_empty() {
                self.plain("   ", &facts);
            }
        }
        if let Some(goal) = &stage.goal {
            self.labelled(words.goal, goal);
        }
        self.criteria(words.before, &stage.entry);
        self.list(words.prepare, &stage.checklist);
        for line in &stage.lines {
            self.script_line(line);
        }
        self.criteria(words.done_when, &stage.exit);
        if !stage.objections.is_empty() {
            self.line(&format!("   {DIM}{}:{DIM:#}", words.objections));
            for (index, dial) in stage.objections.iter().enumerate() {
                let code = dial.code.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
                let title = cut(&dial.title, self.columns.saturating_sub(14));
                self.line(&format!(
                    "     {BOLD}{}{BOLD:#} {DIM}{}{DIM:#}{title}",
                    index + 1,
                    harmless(&code)
                ));
            }
        }
        if !stage.closes.is_empty() {
            let titles: Vec<&str> = stage.closes.iter().map(|dial| dial.title.as_str()).collect();
            self.plain(&format!("   {DIM}{}:{DIM:#} ", words.closes), &titles.join(" · "));
        }
        for material in &stage.materials {
            self.plain(&format!("   {DIM}{}:{DIM:#} ", words.materials), &material.title);
            if let Some(link) = &material.link {
                self.plain("     ", &format!("<{link}>"));
            }
            if let Some(when) = &material.when {
                self.text("     ", when, DIM);
            }
        }
        self.list(words.outputs, &stage.outputs);
        self.list(words.disqualify, &stage.disqualify);
        for follow in &stage.follow_up {
            let how: Vec<String> =
                follow.after.iter().chain(&follow.channel).map(|text| harmless(text)).collect();
            self.labelled(&format!("{} ({})", words.follow_up, how.join(", ")), &follow.say);
        }
        if stage.ends {
            self.line(&format!("   {BOLD}→ {}{BOLD:#}", words.choose_outcome));
        }
        self.branches(&stage.next);
    }

    fn branches(&mut self, branches: &[Branch]) {
        for (index, branch) in branches.iter().enumerate() {
            let go = format!("{BOLD}→ {}{BOLD:#}", harmless(&branch.go.title));
            match &branch.when {
                Some(when) => {
                    self.text("   ", when, DIM);
                    // The way stands behind its condition where there is room for both.
                    let last = self.out.trim_end_matches('\n').rsplit('\n').next().unwrap_or_default();
                    let used = super::wrap::width(&strip(last)) + super::wrap::width(&branch.go.title) + 3;
                    if used <= self.columns {
                        self.out.pop();
                        self.line(&format!(" {go}"));
                    } else {
                        self.line(&format!("     {go}"));
                    }
                }
                None if index > 0 => self.line(&format!("   {DIM}{}{DIM:#} {go}", self.words.otherwise)),
                None => self.line(&format!("   {go}")),
            }
        }
    }

    fn script_line(&mut self, line: &Line) {
        let words = self.words;
        match line {
            Line::Say { text } => self.text(&format!(" {ACCENT}▸{ACCENT:#} "), text, Ansi::new()),
            Line::Verbatim { text } => {
                self.text(&format!(" {STAR}▸ {}:{STAR:#} ", words.verbatim), text, BOLD);
            }
            Line::Note { text, internal } => {
                let label =
                    if *internal { format!("{}, {}", words.note, words.internal) } else { words.note.into() };
                self.text(&format!("   {DIM}{label}:{DIM:#} "), text, DIM);
            }
            Line::Ask { text, question } => {
                self.text(&format!(" {ACCENT}?{ACCENT:#} "), text, BOLD);
                if let Some(question) = question {
                    self.question(question);
                }
            }
        }
    }

    fn question(&mut self, question: &Question) {
        let words = self.words;
        if let Some(why) = &question.why {
            self.labelled(words.why, why);
        }
        for (label, items) in [
            (words.listen_for, &question.listen_for),
            (words.warning_signs, &question.warning_signs),
            (words.then_ask, &question.follow_ups),
        ] {
            if !items.is_empty() {
                let joined = join(items, " · ");
                self.labelled(label, &joined);
            }
        }
        if let Some(confirm) = &question.confirm {
            self.labelled(words.confirm, confirm);
        }
        for option in &question.options {
            let way = option.go.as_ref().map(|go| format!(" → {}", go.title)).unwrap_or_default();
            self.plain("     ○ ", &format!("{}{way}", option.answer));
        }
    }

    fn objection(&mut self, objection: &Objection) {
        let words = self.words;
        let code = objection.code.as_deref().map(|code| format!("{} ", harmless(code))).unwrap_or_default();
        let title = harmless(&objection.title);
        let about: Vec<&str> = objection.category.as_deref().into_iter().chain([objection.kind]).collect();
        self.out.push('\n');
        self.line(&format!("{BOLD}{code}{title}{BOLD:#}  {DIM}{}{DIM:#}", harmless(&about.join(" · "))));
        if let Some(why) = &objection.why {
            self.text("   ", why, DIM);
        }
        for (index, response) in objection.responses.iter().enumerate() {
            self.response(index + 1, response);
        }
        if let Some(limit) = objection.limit {
            self.line(&format!("   {DIM}{}:{DIM:#} {limit}×", words.limit));
        }
        if let Some(escalate) = &objection.escalate {
            self.line(&format!("   {DIM}{}:{DIM:#} {}", words.escalate, harmless(&escalate.to)));
            if let Some(when) = &escalate.when {
                self.text("     ", when, DIM);
            }
        }
    }

    fn response(&mut self, number: usize, response: &Response) {
        let words = self.words;
        let mut line = format!(" {ACCENT}{number}{ACCENT:#} {DIM}{}{DIM:#}", response.id);
        if let Some(when) = &response.when {
            line += &format!(
                " {DIM}– {}{DIM:#}",
                cut(&markdown::to_plain(when), self.columns.saturating_sub(10))
            );
        }
        self.line(&line);
        if let Some(rate) = response.landed {
            self.line(&format!("   {DIM}{}{DIM:#}", words.landed_of(rate)));
        }
        if let Some(bridge) = &response.bridge {
            self.text("   ", bridge, BOLD);
        }
        for turn in &response.turns {
            self.text("   ", &turn.say, Ansi::new());
            if turn.wait {
                self.line(&format!("   {DIM}… {}{DIM:#}", words.wait));
            }
        }
        if let Some(ask) = &response.ask {
            self.text(&format!(" {ACCENT}?{ACCENT:#} "), ask, Ansi::new());
        }
        for proof in &response.proof {
            self.labelled(words.proof, &proof.claim);
        }
        for avoid in &response.avoid {
            self.labelled(words.avoid, avoid);
        }
        if let Some(resists) = &response.if_resists {
            let then = if resists == "accept" { words.accept } else { resists };
            self.line(&format!("   {DIM}{}:{DIM:#} {then}", words.if_resists));
        }
        if let Some(next) = &response.next {
            self.link(words.next, next);
        }
    }

    fn link(&mut self, label: &str, link: &Link) {
        self.line(&format!("   {DIM}{label}:{DIM:#} → {}", harmless(&link.title)));
    }

    fn close(&mut self, close: &Close) {
        let words = self.words;
        self.out.push('\n');
        let technique = close.technique.as_deref().unwrap_or_default();
        self.line(&format!("{BOLD}{}{BOLD:#}  {DIM}{}{DIM:#}", harmless(&close.title), harmless(technique)));
        self.text(&format!(" {ACCENT}▸{ACCENT:#} "), &close.say, Ansi::new());
        if !close.signals.is_empty() {
            let joined = join(&close.signals, " · ");
            self.labelled(words.signals, &joined);
        }
        if let Some(fact) = &close.fact {
            self.labelled(words.fact, fact);
            if let Some(until) = &close.true_until {
                self.line(&format!("   {DIM}{} {until}{DIM:#}", words.until));
            }
        }
        for avoid in &close.avoid {
            self.labelled(words.avoid, avoid);
        }
        if let Some(yes) = &close.if_yes {
            self.link(words.if_yes, yes);
        }
        if let Some(no) = &close.if_no {
            self.link(words.if_no, no);
        }
    }
}

fn strip(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn join(items: &[Filled], between: &str) -> Filled {
    let mut pieces = Vec::new();
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            pieces.push(crate::template::spoken::Piece::Text(between.to_string()));
        }
        pieces.extend(item.0.iter().cloned());
    }
    Filled(pieces)
}
