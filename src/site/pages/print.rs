//! A whole language's handbook on one page, for paper: the stages in order, then the cards by category,
//! short enough that a trainer can hand it out. Each volume is made on its own, then they are put together.

use serde::Serialize;

use crate::book::model::{Close, Competitor, Objection, Outcome, Proof, Question, Stage};
use crate::site::address::Shelf;
use crate::site::data::{Card, CriterionLine, Frame, Link, ProofLine, Way};
use crate::site::frame::{Page, Site};
use crate::site::pages::objection::{self, AnswerCard};
use crate::site::pages::stage::{self, ScriptLine};
use crate::site::view::{At, category_rank};
use crate::site::words::Words;
use crate::template::pages::Shared;

/// How many wordings of an objection are printed.
const WORDINGS: usize = 3;

/// Of a language with more objections than this, paper has their first words alone: nobody carries the rest.
const WHOLE: usize = 2_000;

/// What the template of the page is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct PrintPage {
    /// What stands around the page.
    frame: Frame,
    /// The volumes: anchor and title.
    contents: Vec<Link>,
    /// The volumes, each filled already.
    volumes_html: Vec<String>,
}

/// What the template of a volume is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct PrintVolume {
    /// Headings and labels.
    w: Shared<&'static Words>,
    /// The id of its element.
    anchor: String,
    /// What it is called.
    title: String,
    /// Whether it is a playbook or a library.
    playbook: bool,
    /// What it is for.
    summary_html: Option<String>,
    /// The stages in order.
    stages: Vec<PrintStage>,
    /// The objections by category.
    groups: Vec<PrintGroup>,
    /// The closes.
    closes: Vec<PrintClose>,
    /// The questions.
    questions: Vec<PrintQuestion>,
    /// The battlecards.
    competitors: Vec<PrintCompetitor>,
    /// The claims.
    proofs: Vec<ProofLine>,
    /// How it can end.
    outcomes: Vec<String>,
}

/// A stage on paper.
#[derive(Debug, Serialize)]
struct PrintStage {
    /// Its title.
    title: String,
    /// Whether it is the moment of truth.
    truth: bool,
    /// How long it may take, in words.
    minutes: Option<String>,
    /// What to reach.
    goal_html: Option<String>,
    /// What happens, in order.
    script: Vec<ScriptLine>,
    /// When to move on.
    exit: Vec<CriterionLine>,
    /// The likely objections, by key.
    dial: Vec<Card>,
    /// Where it goes from here.
    next: Vec<Way>,
}

/// The objections of a category.
#[derive(Debug, Serialize)]
struct PrintGroup {
    /// The category.
    title: String,
    /// Its objections.
    cards: Vec<PrintObjection>,
}

/// An objection on paper.
#[derive(Debug, Serialize)]
struct PrintObjection {
    /// Its short code.
    code: Option<String>,
    /// What they say.
    title: String,
    /// Its kind, in words.
    kind: String,
    /// What is behind it.
    why_html: Option<String>,
    /// Some of the wordings.
    utterances: Vec<String>,
    /// The first words of the first answer, where paper has no room for more.
    bridge_html: Option<String>,
    /// What to say, best first.
    answers: Vec<AnswerCard>,
}

/// A close on paper.
#[derive(Debug, Serialize)]
struct PrintClose {
    /// Its short code.
    code: Option<String>,
    /// Its title.
    title: String,
    /// The words.
    say_html: String,
    /// Where a yes leads.
    if_yes: Option<Link>,
    /// Where a no leads.
    if_no: Option<Link>,
}

/// A question on paper.
#[derive(Debug, Serialize)]
struct PrintQuestion {
    /// The question.
    ask: String,
    /// What to listen for.
    listen_for_html: Vec<String>,
    /// What warns.
    warning_signs_html: Vec<String>,
}

/// A battlecard on paper.
#[derive(Debug, Serialize)]
struct PrintCompetitor {
    /// Who it is.
    title: String,
    /// Where we win.
    we_win_html: Vec<String>,
    /// Where we lose.
    we_lose_html: Vec<String>,
    /// Questions that show the difference.
    landmines_html: Vec<String>,
}

fn anchor(number: usize) -> String {
    format!("v{number}")
}

/// A volume on the print page of the language of this number.
pub(in crate::site) fn volume<'a>(
    site: &'a Site<'a>,
    language: usize,
    number: usize,
) -> (&'static str, PrintVolume) {
    let view = site.view;
    let page = Page::of_shelf(site, view.languages[language], Shelf::Print);
    let (w, of) = (page.w, &view.book.volumes[number]);
    let volumes = view.volumes().filter(|(_, volume)| volume.language == *page.language);
    let brief = volumes.map(|(_, volume)| volume.objections.len()).sum::<usize>() > WHOLE;
    let inline = |text: &Option<_>| text.as_ref().map(|text| page.inline(number, text));
    let stages = view.parts::<Stage>(number).map(|(_, stage)| PrintStage {
        title: stage.title.clone(),
        truth: stage.moment_of_truth,
        minutes: stage.minutes.map(|value| stage::minutes(value, w)),
        goal_html: inline(&stage.goal),
        script: page
            .shown(&stage.script, |line| &line.common)
            .into_iter()
            .filter_map(|line| stage::script_line(&page, number, line))
            .collect(),
        exit: page.criteria(number, &stage.exit),
        dial: stage
            .objections
            .iter()
            .filter_map(|part| page.objection_card((part.volume, part.index)))
            .collect(),
        next: stage.next.iter().filter_map(|branch| page.way(number, branch)).collect(),
    });
    let mut objections: Vec<(At, &Objection)> = view.parts::<Objection>(number).collect();
    let rank = |objection: &Objection| {
        let name = objection.category.clone();
        (name.as_deref().map_or(usize::MAX, category_rank), name)
    };
    objections.sort_by_cached_key(|(_, objection)| rank(objection));
    let group = |of_one: &[(At, &Objection)]| PrintGroup {
        title: of_one[0]
            .1
            .category
            .as_deref()
            .map_or(w.uncategorized, |name| w.category_names.of(name))
            .into(),
        cards: of_one
            .iter()
            .map(|(_, objection)| PrintObjection {
                code: objection.code.clone(),
                title: objection.title.clone(),
                kind: w.kind_names.of(objection.kind.as_str()).to_string(),
                why_html: if brief { None } else { inline(&objection.why) },
                utterances: match brief {
                    true => Vec::new(),
                    false => objection.utterances.iter().take(WORDINGS).cloned().collect(),
                },
                bridge_html: brief.then(|| page.first_bridge(number, objection)).flatten(),
                answers: if brief { Vec::new() } else { objection::answers(&page, number, objection) },
            })
            .collect(),
    };
    let data = PrintVolume {
        w: w.shared().0,
        anchor: anchor(number),
        title: of.title.clone(),
        playbook: of.kind == crate::book::model::VolumeKind::Playbook,
        summary_html: of.summary.as_ref().map(|summary| page.html(number, summary)),
        stages: stages.collect(),
        groups: objections.chunk_by(|one, other| one.1.category == other.1.category).map(group).collect(),
        closes: view
            .parts::<Close>(number)
            .map(|(_, close)| PrintClose {
                code: close.code.clone(),
                title: close.title.clone(),
                say_html: page.inline(number, &close.say),
                if_yes: close.if_yes.and_then(|target| page.target(target)),
                if_no: close.if_no.and_then(|target| page.target(target)),
            })
            .collect(),
        questions: view
            .parts::<Question>(number)
            .map(|(_, question)| PrintQuestion {
                ask: page.texts(number).plain(&question.ask),
                listen_for_html: page.lines(number, &question.listen_for),
                warning_signs_html: page.lines(number, &question.warning_signs),
            })
            .collect(),
        competitors: view
            .parts::<Competitor>(number)
            .map(|(_, competitor)| PrintCompetitor {
                title: competitor.title.clone(),
                we_win_html: page.lines(number, &competitor.we_win),
                we_lose_html: page.lines(number, &competitor.we_lose),
                landmines_html: page.lines(number, &competitor.landmines),
            })
            .collect(),
        proofs: view.parts::<Proof>(number).map(|(_, proof)| page.proof(number, proof)).collect(),
        outcomes: view.parts::<Outcome>(number).map(|(_, outcome)| outcome.title.clone()).collect(),
    };
    ("print-volume.html", data)
}

/// The page, of volumes that are filled already.
pub(in crate::site) fn page<'a>(
    site: &'a Site<'a>,
    language: usize,
    volumes: Vec<(usize, String)>,
) -> (&'static str, PrintPage) {
    let page = Page::of_shelf(site, site.view.languages[language], Shelf::Print);
    let link = |(number, _): &(usize, String)| Link {
        href_html: format!("#{}", anchor(*number)),
        title: site.view.book.volumes[*number].title.clone(),
    };
    let contents = volumes.iter().map(link).collect();
    let volumes_html = volumes.into_iter().map(|(_, html)| html).collect();
    let frame = page.frame(page.w.print_all, "", Vec::new(), None);
    ("print.html", PrintPage { frame, contents, volumes_html })
}
