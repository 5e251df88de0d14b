//! A discovery question: why it is asked, what to listen for, and what to ask then.

use serde::Serialize;

use crate::book::model::{Dimension, Id, Question, Volume};
use crate::site::address::{Address, PartKind};
use crate::site::data::{Card, Fact, Frame, Link};
use crate::site::frame::{Page, Site};
use crate::site::view::At;

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct QuestionPage {
    /// What stands around the page.
    frame: Frame,
    /// Its short code.
    code: Option<String>,
    /// The framework and the dimension that it covers, in words.
    dimension: Option<String>,
    /// Why it is asked.
    why_html: Option<String>,
    /// Good signs in an answer.
    listen_for_html: Vec<String>,
    /// Bad signs in an answer.
    warning_signs_html: Vec<String>,
    /// What to ask then.
    follow_ups_html: Vec<String>,
    /// How to say it back.
    confirm_html: Option<String>,
    /// Answers to pick from.
    options: Vec<Choice>,
    /// The stages that ask it.
    stages: Vec<Card>,
    /// The objections that it makes come up less.
    objections: Vec<Card>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
    /// The framework that it belongs to, and what covers the rest of it.
    covers: Option<Covers>,
}

/// A framework as it is covered.
#[derive(Debug, Serialize)]
struct Covers {
    /// The framework's page.
    link: Link,
    /// Its dimensions in order.
    rows: Vec<CoverRow>,
}

/// A dimension as it is covered.
#[derive(Debug, Serialize)]
struct CoverRow {
    /// What it is called, with its place on the framework's page.
    link: Link,
    /// How many questions cover it.
    count: usize,
    /// Whether it is this question's own.
    current: bool,
}

/// How the question's framework is covered in its language.
fn covers(page: &Page, question: &Question) -> Option<Covers> {
    let (framework, dimension) = question.dimension.as_ref()?;
    let covered = page.view.framework(page.language, framework.as_str())?;
    let address = Address::framework(page.language, framework.as_str());
    let row = |(part, questions): &(&Dimension, Vec<At>)| CoverRow {
        link: page.link(&address.clone().at(format!("d-{}", part.id)), &part.title),
        count: questions.len(),
        current: part.id == *dimension,
    };
    // Of a dimension that may not be shown nothing is said.
    covered.rows.iter().any(|(part, _)| part.id == *dimension).then(|| Covers {
        link: page.link(&address, &covered.framework.title),
        rows: covered.rows.iter().map(row).collect(),
    })
}

/// An answer to pick.
#[derive(Debug, Serialize)]
struct Choice {
    /// The answer.
    answer: String,
    /// Where it leads.
    go: Option<Link>,
}

/// A framework and one of its dimensions, in words: the volume's own first, then the book's. Nothing if
/// it must leave no trace.
fn dimension(page: &Page, volume: &Volume, (framework, dimension): &(Id, Id)) -> Option<String> {
    let known = volume.frameworks.iter().chain(&page.view.book.frameworks);
    let found = known.filter(|known| known.id == *framework).find_map(|known| {
        let found = known.dimensions.iter().find(|part| part.id == *dimension)?;
        let hidden = page.view.public && (known.internal || found.internal);
        Some((!hidden).then(|| format!("{} · {}", known.title, found.title)))
    });
    found.unwrap_or_else(|| Some(format!("{framework}.{dimension}")))
}

/// The page of a question.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    at: At,
    question: &'a Question,
) -> (&'static str, QuestionPage) {
    let (view, volume) = (site.view, at.0);
    let page = Page::of_part(site, volume, PartKind::Question, &question.id);
    let w = page.w;
    let (stages, objections) = (
        view.backlinks.question_stages.get(&at).map_or(&[][..], Vec::as_slice),
        view.backlinks.question_objections.get(&at).map_or(&[][..], Vec::as_slice),
    );
    let required = question.required.then(|| w.required.to_string());
    let kind = w.type_names.of(type_name(question.of_type)).to_string();
    let mut facts: Vec<Fact> = page.fact(w.field, question.field.clone()).into_iter().collect();
    facts.extend(page.fact(w.of_type, std::iter::once(kind).chain(required)));
    facts.extend(page.tag_facts(volume, &question.tags));
    facts.extend(page.meta_facts(volume, &question.common));
    let options = page.shown(&question.options, |choice| &choice.common).into_iter();
    let title = page.texts(volume).plain(&question.ask);
    let about = question.why.as_ref().map(|why| page.texts(volume).plain(why)).unwrap_or_default();
    let crumbs = page.part_crumbs(PartKind::Question, w.questions);
    let of = &view.book.volumes[volume];
    let data = QuestionPage {
        code: question.code.clone(),
        dimension: question.dimension.as_ref().and_then(|pair| dimension(&page, of, pair)),
        why_html: question.why.as_ref().map(|why| page.inline(volume, why)),
        listen_for_html: page.lines(volume, &question.listen_for),
        warning_signs_html: page.lines(volume, &question.warning_signs),
        follow_ups_html: page.lines(volume, &question.follow_ups),
        confirm_html: question.confirm.as_ref().map(|confirm| page.html(volume, confirm)),
        options: options
            .map(|choice| Choice {
                answer: choice.answer.clone(),
                go: choice.go.and_then(|target| page.target(target)),
            })
            .collect(),
        stages: stages.iter().filter_map(|stage| page.stage_card(*stage, Some(volume))).collect(),
        objections: objections.iter().filter_map(|part| page.objection_card(*part)).collect(),
        facts,
        covers: covers(&page, question),
        frame: page.frame(&title, &about, crumbs, Some(&question.common)),
    };
    ("question.html", data)
}

/// The name of a type in YAML.
fn type_name(of: crate::book::model::ValueType) -> &'static str {
    use crate::book::model::ValueType;
    match of {
        ValueType::Text => "text",
        ValueType::Choice => "choice",
        ValueType::Number => "number",
        ValueType::Date => "date",
        ValueType::YesNo => "yes_no",
    }
}
