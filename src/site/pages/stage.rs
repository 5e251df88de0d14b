//! A stage: what to reach, what happens, what they may say, and where it goes from here.

use serde::Serialize;

use crate::book::model::{Days, Line, LineContent, Stage};
use crate::site::address::PartKind;
use crate::site::data::{Card, CriterionLine, Fact, Frame, Link, Way};
use crate::site::frame::{Page, Site};
use crate::site::view::At;
use crate::site::words::Words;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct StagePage {
    /// What stands around the page.
    frame: Frame,
    /// Its place among the stages that are shown, and how many those are.
    number: usize,
    /// How many stages there are.
    of: usize,
    /// Whether it is the moment of truth.
    truth: bool,
    /// What to reach.
    goal_html: Option<String>,
    /// What is known of it in a few words.
    marks: Vec<String>,
    /// When to begin.
    entry: Vec<CriterionLine>,
    /// What to have ready.
    checklist_html: Vec<String>,
    /// What happens, in order.
    script: Vec<ScriptLine>,
    /// When to move on.
    exit: Vec<CriterionLine>,
    /// What they may say here, likeliest first.
    dial: Vec<Card>,
    /// The closes that fit.
    closes: Vec<Card>,
    /// What is shown or sent.
    materials: Vec<MaterialLine>,
    /// What is in hand afterwards.
    outputs_html: Vec<String>,
    /// What ends it.
    disqualify_html: Vec<String>,
    /// What is sent afterwards.
    follow_ups: Vec<FollowUpLine>,
    /// Where it goes from here.
    next: Vec<Way>,
    /// Ways that are always open.
    anytime: Vec<Way>,
    /// The stage before.
    previous_stage: Option<Link>,
    /// The stage behind.
    next_stage: Option<Link>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
}

/// A line of the script.
#[derive(Debug, Serialize)]
pub(in crate::site) struct ScriptLine {
    /// `say`, `verbatim`, `ask` or `note`.
    kind: &'static str,
    /// What to do with it, in a word.
    label: &'static str,
    /// The text.
    text_html: String,
    /// The question's own page.
    question_html: Option<String>,
    /// Good signs in an answer.
    listen_for_html: Vec<String>,
    /// Bad signs in an answer.
    warning_signs_html: Vec<String>,
}

/// Something to show or send.
#[derive(Debug, Serialize)]
struct MaterialLine {
    /// What it is called.
    title: String,
    /// Where it can be read.
    link_html: Option<String>,
    /// When it is so.
    when_html: Option<String>,
}

/// What is sent afterwards.
#[derive(Debug, Serialize)]
struct FollowUpLine {
    /// How long after, in words.
    after: Option<String>,
    /// By which way, in words.
    channel: Option<String>,
    /// The words.
    say_html: String,
}

/// `3d` in words.
fn after(days: &Days, w: &Words) -> String {
    let written = days.to_string();
    let number = written.trim_end_matches(|c: char| !c.is_ascii_digit());
    let unit = written.chars().next_back();
    let Ok(number) = number.trim().parse::<usize>() else {
        return written;
    };
    match unit {
        Some('d') if number == 0 => w.same_day.to_string(),
        Some('h') => w.after_hours.of(number),
        Some('w') => w.after_weeks.of(number),
        Some('m') => w.after_months.of(number),
        Some('y') => w.after_years.of(number),
        _ => w.after_days.of(number),
    }
}

/// A number without digits that say nothing.
pub(in crate::site) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    rounded.to_string()
}

/// A length in minutes, in words.
pub(in crate::site) fn minutes(value: f64, w: &Words) -> String {
    let phrase = if value == 1.0 { w.n_minutes.one } else { w.n_minutes.many };
    phrase.replace("{n}", &number(value))
}

/// The page of a stage.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, at: At, stage: &'a Stage) -> (&'static str, StagePage) {
    let (view, volume) = (site.view, at.0);
    let page = Page::of_part(site, volume, PartKind::Stage, &stage.id);
    let w = page.w;
    // A playbook has a handful of stages; walking them for each is cheaper than keeping them.
    let all: Vec<(At, &Stage)> = view.parts::<Stage>(volume).collect();
    let number = all.iter().position(|(other, _)| *other == at).unwrap_or(0);
    let neighbour = |index: Option<usize>| {
        let (other, stage) = all.get(index?)?;
        Some(page.link(&view.address(PartKind::Stage, other.0, &stage.id), &stage.title))
    };
    let (previous_stage, next_stage) = (neighbour(number.checked_sub(1)), neighbour(Some(number + 1)));
    let role = stage.role.and_then(|role| view.part(role)).map(|role| role.title.clone());
    let buyer = stage.buyer_stage.map(|buyer| w.buyer_stage_names.of(buyer.as_str()).to_string());
    let marks = [stage.minutes.map(|value| minutes(value, w)), role, buyer];
    let materials = page.shown(&stage.materials, |material| &material.common).into_iter();
    let follow_ups = page.shown(&stage.follow_up, |follow| &follow.common).into_iter();
    let ways = |branches: &[crate::book::model::Branch]| -> Vec<Way> {
        branches.iter().filter_map(|branch| page.way(volume, branch)).collect()
    };
    let script = page.shown(&stage.script, |line| &line.common).into_iter();
    let about = stage.goal.as_ref().map(|goal| page.texts(volume).plain(goal)).unwrap_or_default();
    let crumbs = page.part_crumbs(PartKind::Stage, w.stages);
    let data = StagePage {
        number: number + 1,
        of: all.len(),
        truth: stage.moment_of_truth,
        goal_html: stage.goal.as_ref().map(|goal| page.inline(volume, goal)),
        marks: marks.into_iter().flatten().collect(),
        entry: page.criteria(volume, &stage.entry),
        checklist_html: page.lines(volume, &stage.checklist),
        script: script.filter_map(|line| script_line(&page, volume, line)).collect(),
        exit: page.criteria(volume, &stage.exit),
        dial: stage
            .objections
            .iter()
            .filter_map(|part| page.objection_card((part.volume, part.index)))
            .collect(),
        closes: stage.closes.iter().filter_map(|part| page.close_card((part.volume, part.index))).collect(),
        materials: materials
            .map(|material| MaterialLine {
                title: material.title.clone(),
                link_html: material.link.as_ref().and_then(|link| page.outside(link)),
                when_html: material.when.as_ref().map(|when| page.inline(volume, when)),
            })
            .collect(),
        outputs_html: page.lines(volume, &stage.outputs),
        disqualify_html: page.lines(volume, &stage.disqualify),
        follow_ups: follow_ups
            .map(|follow| FollowUpLine {
                after: follow.after.as_ref().map(|days| after(days, w)),
                channel: follow.channel.as_ref().map(|channel| w.channel_names.of(channel).to_string()),
                say_html: page.html(volume, &follow.say),
            })
            .collect(),
        next: ways(&stage.next),
        anytime: ways(&view.book.volumes[volume].anytime),
        previous_stage,
        next_stage,
        facts: page.meta_facts(volume, &stage.common),
        frame: page.frame(&stage.title, &about, crumbs, Some(&stage.common)),
    };
    ("stage.html", data)
}

/// A line of the script in words; none where it may not be shown.
pub(in crate::site) fn script_line(page: &Page, volume: usize, line: &Line) -> Option<ScriptLine> {
    let w = page.w;
    let plain = |kind, label, text_html| ScriptLine {
        kind,
        label,
        text_html,
        question_html: None,
        listen_for_html: Vec::new(),
        warning_signs_html: Vec::new(),
    };
    Some(match &line.content {
        LineContent::Say(text) => plain("say", w.say, page.html(volume, text)),
        LineContent::Verbatim(text) => plain("verbatim", w.verbatim, page.html(volume, text)),
        LineContent::AskText(text) => plain("ask", w.ask, page.html(volume, text)),
        LineContent::Note(text) => plain("note", w.note, page.html(volume, text)),
        LineContent::Ask(part) => {
            let question = page.view.part(*part)?;
            let address = page.view.address(PartKind::Question, part.volume, &question.id);
            ScriptLine {
                question_html: Some(page.href(&address)),
                listen_for_html: page.lines(part.volume, &question.listen_for),
                warning_signs_html: page.lines(part.volume, &question.warning_signs),
                ..plain("ask", w.ask, page.html(part.volume, &question.ask))
            }
        }
    })
}
