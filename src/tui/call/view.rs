//! What the call's screen looks like: head, speed dial and keys, and the body between them.

use jiff::SignedDuration;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::asking::{Form, Menu};
use super::keys::visited;
use super::layout::{Layout, Wanted};
use super::{Call, Mode};
use crate::render::wrap::{cut, width};
use crate::script::walk::Place;
use crate::tui::draw::{lines, rule, scrolled};
use crate::tui::open_card;
use crate::tui::page::{Page, ends};

/// What stands between head and dial.
pub(super) struct Body {
    pub page: Page,
    /// The line that has to be in sight, whatever is scrolled.
    pub focus: Option<usize>,
    /// Where the cursor is: line and column.
    pub cursor: Option<(usize, usize)>,
}

impl From<Page> for Body {
    fn from(page: Page) -> Self {
        Body { page, focus: None, cursor: None }
    }
}

pub(super) fn draw(call: &Call<'_>, frame: &mut Frame<'_>) {
    if let (Mode::Search, Some(search)) = (&call.mode, &call.search) {
        return crate::tui::App::draw(search, frame);
    }
    let area = frame.area();
    let layout = call.layout(area.width, area.height);
    head(call, frame, &layout);
    let body = call.body(usize::from(layout.body.width), usize::from(layout.body.height));
    let more = draw_body(call, frame, layout.body, &body);
    for row in layout.wall.rows() {
        frame.render_widget(Line::styled("│", call.theme.dim()), row);
    }
    lines(frame, layout.side, &call.side(usize::from(layout.side.width)).lines);
    rule(frame, layout.fold, &more, call.theme);
    dial(call, frame, &layout);
    prompt(call, frame, &layout);
    footer(call, frame, layout.keys);
}

impl Call<'_> {
    fn layout(&self, columns: u16, lines: u16) -> Layout {
        let dial = match (&self.mode, self.place()) {
            (_, Place::Ending { .. } | Place::Ended) => 0,
            (Mode::Call | Mode::Prompt(_), _) => self.session.walk().dial().len(),
            _ => 0,
        };
        let prompt = matches!(self.mode, Mode::Prompt(_));
        let with = Layout::of(columns, lines, Wanted { dial: u16::try_from(dial).unwrap_or(9), prompt });
        // A card needs the room more than the dial does.
        let is_card = matches!(self.place(), Place::Objection { .. } | Place::Close { .. });
        let height = usize::from(with.body.height);
        if is_card
            && !with.dial.is_empty()
            && self.body(usize::from(with.body.width), height).page.lines.len() > height
        {
            return Layout::of(columns, lines, Wanted { dial: 0, prompt });
        }
        with
    }

    /// How many lines a page down goes.
    pub(super) fn page(&self) -> usize {
        usize::from(self.layout(self.size.0, self.size.1).body.height).saturating_sub(1).max(1)
    }

    /// How far the body can be scrolled.
    pub(super) fn farthest(&self) -> usize {
        let area = self.layout(self.size.0, self.size.1).body;
        let (columns, height) = (usize::from(area.width), usize::from(area.height));
        self.body(columns, height).page.lines.len().saturating_sub(height)
    }

    fn body(&self, columns: usize, height: usize) -> Body {
        let page = Page::new(columns);
        match &self.mode {
            Mode::Help { .. } => self.help(page).into(),
            Mode::Menu(menu) => self.menu(page, menu),
            Mode::Form(form) => self.form_body(page, form),
            Mode::Card(card) => open_card(card, None, &self.landed, columns, self.theme).into(),
            Mode::Signal(number) => self.signal_body(page, *number).into(),
            Mode::Call | Mode::Prompt(_) | Mode::Search => match self.place() {
                Place::Script { stage, line } => self.script_body(page, stage, line, height),
                place @ Place::Objection { .. } => self.objection_body(page, &place).into(),
                Place::Close { close } => self.close_body(page, close).into(),
                Place::Ending { .. } | Place::Ended => self.ending_body(page).into(),
            },
        }
    }

    fn help(&self, mut page: Page) -> Page {
        for (key, does) in self.words.help {
            let gap = " ".repeat(13_usize.saturating_sub(width(key)));
            page.text(&format!("{key}{gap} "), self.theme.accent(), does, self.theme.text());
        }
        page
    }

    fn menu(&self, mut page: Page, menu: &Menu) -> Body {
        let theme = self.theme;
        page.text("", theme.title(), &menu.title, theme.title());
        page.gap();
        let mut focus = None;
        for (number, item) in menu.items.iter().enumerate() {
            if let Some(group) = item.group {
                page.gap();
                page.line(&[(group.to_string(), theme.dim())]);
            }
            let chosen = number == menu.chosen;
            if chosen {
                focus = Some(page.lines.len());
            }
            let digit = if number < 9 { (number + 1).to_string() } else { " ".into() };
            self.option(&mut page, chosen, &digit, &item.title);
        }
        Body { page, focus, cursor: None }
    }

    /// Something that can be chosen; what is marked has a sign besides its look.
    pub(super) fn option(&self, page: &mut Page, chosen: bool, lead: &str, title: &str) {
        let theme = self.theme;
        let (mark, style) = if chosen { ("▸", theme.chosen()) } else { (" ", theme.text()) };
        let lead = if lead.is_empty() { format!("{mark} ") } else { format!("{mark}{lead} ") };
        page.text(&lead, if chosen { style } else { theme.accent() }, title, style);
    }

    fn form_body(&self, mut page: Page, form: &Form) -> Body {
        let (theme, words) = (self.theme, self.words);
        let title = if form.first { words.form } else { words.fields };
        page.text("", theme.title(), title, theme.title());
        page.text("", theme.dim(), words.form_hint, theme.dim());
        page.gap();
        let (mut focus, mut cursor) = (None, None);
        let widest = form.blanks.iter().map(|blank| width(&blank.title)).max().unwrap_or(0);
        let label = widest.min(page.columns() / 3).max(8);
        for (number, blank) in form.blanks.iter().enumerate() {
            let here = number == form.at;
            let mark = if here { "▸" } else { " " };
            let title = cut(&blank.title, label);
            let lead = format!("{mark}{}{title} ", " ".repeat(label.saturating_sub(width(&title))));
            let star = if blank.required { "*" } else { " " };
            let front = width(&lead) + 2;
            let room = page.columns().saturating_sub(front);
            let visible = blank.field.visible(room);
            let (text, style) = match blank.field.is_empty() {
                true if blank.example.is_empty() => (String::new(), theme.dim()),
                true => (cut(&format!("({})", blank.example), room), theme.dim()),
                false => (visible.text, theme.text()),
            };
            if here {
                focus = Some(page.lines.len());
                cursor = Some((page.lines.len(), front + visible.cursor));
            }
            let lead_style = if here { theme.accent() } else { theme.text() };
            page.line(&[(lead, lead_style), (format!("{star} "), theme.warning()), (text, style)]);
        }
        page.gap();
        page.text("* ", theme.warning(), words.required, theme.dim());
        Body { page, focus, cursor }
    }

    /// What stands beside the script on a wide screen: the speed dial, the closes, what was kept.
    fn side(&self, columns: usize) -> Page {
        let mut page = Page::new(columns);
        if columns == 0 {
            return page;
        }
        let (theme, words) = (self.theme, self.words);
        let heading = |page: &mut Page, title: &str| {
            page.gap();
            page.line(&[(title.to_string(), theme.dim())]);
        };
        let dial = self.session.walk().dial();
        if !dial.is_empty() {
            heading(&mut page, self.parts.objections);
        }
        for number in 0..dial.len().min(9) {
            page.lines.push(self.dialled(number, columns));
        }
        let closes = self.closes();
        if !closes.is_empty() {
            heading(&mut page, self.parts.closes);
        }
        for close in closes {
            page.line(&[("* ".into(), theme.accent()), (close.title, theme.text())]);
        }
        let record = &self.record;
        if !record.answers.is_empty() || !record.notes.is_empty() {
            heading(&mut page, words.notes);
        }
        for (field, answer) in &record.answers {
            let text = match &answer.value {
                serde_json::Value::String(text) => text.clone(),
                serde_json::Value::Bool(true) => words.answer_yes.to_string(),
                serde_json::Value::Bool(false) => words.answer_no.to_string(),
                other => other.to_string(),
            };
            let asked = self.titles.question(answer.question.as_deref().unwrap_or(field));
            page.text("", theme.dim(), asked, theme.dim());
            page.text("✎ ", theme.good(), &text, theme.text());
        }
        for note in &record.notes {
            page.text("· ", theme.dim(), &note.text, theme.text());
        }
        page
    }

    /// An objection of the speed dial: its number, how often it was answered, code and title.
    fn dialled(&self, number: usize, columns: usize) -> Line<'static> {
        let Some(dial) = self.session.walk().dial().get(number) else { return Line::default() };
        let theme = self.theme;
        let code = dial.code.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
        let answered = self.session.walk().answered(&dial.id);
        let times = if answered > 0 { format!("×{answered}") } else { String::new() };
        let title = (dial.title.clone(), theme.text());
        ends(
            &[(format!("{} ", number + 1), theme.accent()), (code, theme.dim()), title],
            &times,
            theme.warning(),
            columns,
        )
    }
}

/// Title, whom we talk to and the time of the call; then the stages and the time in this one.
fn head(call: &Call<'_>, frame: &mut Frame<'_>, layout: &Layout) {
    let (theme, walk) = (call.theme, call.session.walk());
    let columns = usize::from(layout.stages.width);
    let mut title = vec![(call.script().title.clone(), theme.title())];
    let who = call.record.prospect_name();
    if !who.is_empty() {
        title.push((format!(" · {who}"), theme.text()));
    }
    let clock = clock(walk.time(call.now));
    let trouble = call.session.trouble();
    if trouble.is_some() {
        title = vec![(call.trouble(), theme.warning())];
    }
    frame.render_widget(ends(&title, &clock, theme.dim(), columns), layout.title);
    let line = match trouble {
        Some(_) if layout.title.is_empty() => ends(&title, "", theme.dim(), columns),
        _ => stages(call, columns),
    };
    frame.render_widget(line, layout.stages);
    rule(frame, layout.rule, "", theme);
}

/// The stages in a line: ✓ for those that were, ▸ and its title for the one that is, ★ for the moment
/// of truth. All titles where there is room.
fn stages(call: &Call<'_>, columns: usize) -> Line<'static> {
    let (theme, walk) = (call.theme, call.session.walk());
    let here = walk.stage();
    let spent = walk.time_in_stage(call.now);
    let planned = here.and_then(|stage| stage.minutes);
    let over = planned.is_some_and(|minutes| spent.as_secs_f64() > minutes * 60.0);
    let time = match planned {
        Some(minutes) => {
            format!("{}{} / {minutes} {}", if over { "! " } else { "" }, clock(spent), call.parts.minutes)
        }
        None => clock(spent),
    };
    let room = columns.saturating_sub(width(&time) + 2);
    let built = |titles: bool| {
        let mut parts: Vec<(String, Style)> = Vec::new();
        for (index, stage) in call.script().stages.iter().enumerate() {
            let current = here.is_some_and(|here| here.id == stage.id);
            let star = if stage.moment_of_truth { "★" } else { "" };
            let gap = if parts.is_empty() {
                ""
            } else if titles {
                "  "
            } else {
                " "
            };
            let (mark, style) = match (current, visited(walk, index)) {
                (true, _) => ("▸", theme.accent()),
                (false, true) => ("✓", theme.dim()),
                (false, false) => ("", theme.dim()),
            };
            let title = if titles || current { format!(" {}", stage.title) } else { String::new() };
            let gap = if current && !parts.is_empty() { "  " } else { gap };
            let tail = if current && !titles && index + 1 < call.script().stages.len() { " " } else { "" };
            parts.push((format!("{gap}{mark}{}{star}{title}{tail}", stage.number), style));
        }
        parts
    };
    let wide = |parts: &[(String, Style)]| parts.iter().map(|(text, _)| width(text)).sum::<usize>();
    let (all, one) = (built(true), built(false));
    let parts = match here {
        _ if wide(&all) <= room => all,
        _ if wide(&one) <= room => one,
        Some(stage) => {
            let star = if stage.moment_of_truth { "★" } else { "" };
            let count = call.script().stages.len();
            vec![(format!("▸{}/{count}{star} {}", stage.number, stage.title), theme.accent())]
        }
        None => one,
    };
    let style = if over { theme.warning() } else { theme.dim() };
    ends(&parts, &time, style, columns)
}

fn clock(span: SignedDuration) -> String {
    let seconds = span.as_secs().max(0);
    match seconds / 3600 {
        0 => format!("{}:{:02}", seconds / 60, seconds % 60),
        hours => format!("{hours}:{:02}:{:02}", seconds / 60 % 60, seconds % 60),
    }
}

/// Draws the body and tells what of it is out of sight.
fn draw_body(call: &Call<'_>, frame: &mut Frame<'_>, area: Rect, body: &Body) -> String {
    let (shown, count) = (usize::from(area.height), body.page.lines.len());
    let last = count.saturating_sub(shown);
    let top = match body.focus {
        Some(focus) => (focus + 2).saturating_sub(shown).min(last),
        None => call.scroll.min(last),
    };
    if let Some((line, column)) = body.cursor
        && (top..top + shown).contains(&line)
        && !area.is_empty()
    {
        let column = u16::try_from(column).unwrap_or(u16::MAX).min(area.width - 1);
        let line = u16::try_from(line - top).unwrap_or(u16::MAX);
        frame.set_cursor_position((area.x + column, area.y + line));
    }
    scrolled(frame, area, &body.page.lines, top, &call.words.searching)
}

/// The speed dial, in columns that are read downwards.
fn dial(call: &Call<'_>, frame: &mut Frame<'_>, layout: &Layout) {
    let area = layout.dial;
    if area.is_empty() {
        return;
    }
    let column = area.width / layout.dial_columns.max(1);
    for number in 0..call.session.walk().dial().len().min(9) {
        let at = u16::try_from(number).unwrap_or(u16::MAX);
        let (x, y) = (at / area.height * column, at % area.height);
        if x + column <= area.width {
            let line = call.dialled(number, usize::from(column.saturating_sub(1)));
            frame.render_widget(line, Rect::new(area.x + x, area.y + y, column, 1));
        }
    }
}

fn prompt(call: &Call<'_>, frame: &mut Frame<'_>, layout: &Layout) {
    let Mode::Prompt(prompt) = &call.mode else { return };
    let (theme, area) = (call.theme, layout.field);
    let label = [(prompt.label.clone(), theme.title())];
    let columns = usize::from(layout.label.width);
    frame.render_widget(ends(&label, "", theme.dim(), columns), layout.label);
    if area.is_empty() {
        return;
    }
    let room = usize::from(area.width).saturating_sub(2);
    let visible = prompt.field.visible(room);
    let text = match prompt.field.is_empty() {
        true => Span::styled(cut(&prompt.hint, room), theme.dim()),
        false => Span::styled(visible.text, theme.title()),
    };
    let spans = [Span::styled("› ", theme.accent()), text];
    frame.render_widget(Line::from(spans.to_vec()), area);
    let column = u16::try_from(2 + visible.cursor).unwrap_or(u16::MAX);
    frame.set_cursor_position((area.x + column.min(area.width - 1), area.y));
}

/// What the keys do here, or what there is to tell about the last one.
fn footer(call: &Call<'_>, frame: &mut Frame<'_>, area: Rect) {
    let theme = call.theme;
    let columns = usize::from(area.width);
    let mut spans = Vec::new();
    let mut room = columns + 2;
    if let Some(message) = &call.message {
        let (mark, style) = if message.refusal { ("! ", theme.warning()) } else { ("· ", theme.good()) };
        let text = cut(&format!("{mark}{}", message.text), columns);
        room = room.saturating_sub(width(&text) + 2);
        spans.push(Span::styled(format!("{text}  "), style));
    }
    // The way to all the other keys is never left out, where it leads there.
    let all = [("?", call.words.keys)];
    let all = if matches!(call.mode, Mode::Call) { &all[..] } else { &[] };
    let need = |key: &str, does: &str| width(key) + 1 + width(does) + 2;
    let last: usize = all.iter().map(|(key, does)| need(key, does)).sum();
    let all = if last <= room { all } else { &[] };
    room -= if all.is_empty() { 0 } else { last };
    let mut put = |key: &'static str, does: &'static str| {
        spans.push(Span::styled(key, theme.accent()));
        spans.push(Span::styled(format!(" {does}  "), theme.dim()));
    };
    for (key, does) in call.keys() {
        if need(key, does) > room {
            break;
        }
        room -= need(key, does);
        put(key, does);
    }
    all.iter().for_each(|(key, does)| put(key, does));
    frame.render_widget(Line::from(spans), area);
}

impl Call<'_> {
    /// The keys that matter here, the most needed first.
    fn keys(&self) -> Vec<(&'static str, &'static str)> {
        let words = self.words;
        match &self.mode {
            Mode::Search => Vec::new(),
            Mode::Prompt(_) => vec![("Enter", words.keep), ("Esc", words.cancel)],
            Mode::Menu(_) => vec![("↑↓ Enter", words.choose), ("Esc", words.back)],
            Mode::Form(form) => {
                let leave = if form.first { words.skip } else { words.back };
                vec![("Enter", words.keep), ("↑↓", words.choose), ("Esc", leave)]
            }
            Mode::Card(_) | Mode::Signal(_) | Mode::Help { .. } => {
                vec![("Esc", words.back), ("↑↓", words.scroll)]
            }
            Mode::Call => self.call_keys(),
        }
    }

    fn call_keys(&self) -> Vec<(&'static str, &'static str)> {
        let words = self.words;
        match self.place() {
            Place::Script { .. } => {
                let mut keys = vec![("Enter", words.on)];
                if self.is_at_ways() {
                    keys[0] = ("↑↓ Enter", words.choose);
                } else if self.session.walk().question().is_some() {
                    keys.push(("Tab", words.answer));
                }
                keys.extend([(words.letters, words.search), (".", words.go)]);
                if !self.closes().is_empty() {
                    keys.push(("*", words.close));
                }
                keys.extend([("^N", words.note), ("^E", words.end), ("^Z", words.undo), ("Esc", words.back)]);
                keys
            }
            Place::Objection { accepting: true, .. } => {
                vec![
                    ("Enter", words.accept),
                    ("0", words.unanswered),
                    ("Esc", words.back),
                    ("^Z", words.undo),
                ]
            }
            Place::Objection { objection, response, turn, used, .. } => {
                let mut keys = Vec::new();
                if response.is_some_and(|response| turn + 1 < response.turns.len()) {
                    keys.push(("Enter", words.on));
                } else if !used {
                    keys.push(("Enter", words.said));
                }
                keys.extend([("+", words.landed), ("-", words.resisted), ("0", words.unanswered)]);
                if objection.responses.len() > 1 {
                    keys.push(("Tab", words.other));
                }
                keys.extend([("Esc", words.back), ("^Z", words.undo)]);
                keys
            }
            Place::Close { .. } => {
                vec![("+", words.yes), ("-", words.no), ("Esc", words.back), ("^Z", words.undo)]
            }
            Place::Ending { .. } => vec![
                ("Enter", words.end),
                ("Tab", words.step),
                ("^N", words.note),
                ("^E", words.outcome),
                ("Esc", words.back),
            ],
            Place::Ended => {
                vec![("Enter", words.finish), ("c", words.copy), ("PgDn", words.scroll), ("Esc", words.back)]
            }
        }
    }
}
