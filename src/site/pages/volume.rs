//! A playbook or a library: what it is for, its stages, and lists of everything in it. A playbook
//! lists what its stages take from libraries as well; each card has one page, where it is written.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::book::model::{
    Close, Competitor, LineContent, Metric, Objection, Outcome, Proof, Question, Role, Signal, Stage, Volume,
    VolumeKind,
};
use crate::site::address::{Address, PartKind};
use crate::site::data::{Card, Fact, Frame, Group, Link, ProofLine, Way};
use crate::site::frame::{Page, Site, Subject};
use crate::site::pages::{home, stage};
use crate::site::view::{At, category_rank};

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct VolumePage {
    frame: Frame,
    playbook: bool,
    summary_html: Option<String>,
    /// The way into the call screen.
    call: Option<Link>,
    counts: Vec<String>,
    facts: Vec<Fact>,
    /// The sections that there are: anchor and heading.
    contents: Vec<Link>,
    stages: Vec<StageRow>,
    anytime: Vec<Way>,
    objections: Vec<Group>,
    questions: Vec<Card>,
    closes: Vec<Card>,
    competitors: Vec<Card>,
    frameworks: Vec<Coverage>,
    signals: Vec<SignalCard>,
    proofs: Vec<ProofLine>,
    outcomes: Vec<OutcomeLine>,
    metrics: Vec<MetricRow>,
    roles: Vec<RoleLine>,
    variables: Vec<VariableRow>,
    libraries: Vec<LibraryLine>,
}

/// A stage in the list of stages.
#[derive(Debug, Serialize)]
struct StageRow {
    card: Card,
    truth: bool,
    goal_html: Option<String>,
    minutes: Option<String>,
}

/// A framework and what covers it.
#[derive(Debug, Serialize)]
struct Coverage {
    title: String,
    dimensions: Vec<DimensionRow>,
}

/// A dimension and the questions that cover it.
#[derive(Debug, Serialize)]
struct DimensionRow {
    title: String,
    questions: Vec<Card>,
}

/// What should be noticed.
#[derive(Debug, Serialize)]
struct SignalCard {
    anchor: String,
    title: String,
    code: Option<String>,
    kind: Option<String>,
    utterances: Vec<String>,
    say_html: Option<String>,
    go: Option<Link>,
}

/// How a call can end.
#[derive(Debug, Serialize)]
struct OutcomeLine {
    anchor: String,
    title: String,
    result: String,
    won: bool,
}

/// What is measured.
#[derive(Debug, Serialize)]
struct MetricRow {
    anchor: String,
    title: String,
    from: Option<Link>,
    to: Option<Link>,
    target: Option<String>,
    per: Option<String>,
    whose: Option<String>,
}

/// Who takes part.
#[derive(Debug, Serialize)]
struct RoleLine {
    anchor: String,
    title: String,
}

/// What is filled in for a call.
#[derive(Debug, Serialize)]
struct VariableRow {
    name: String,
    title: String,
    default: Option<String>,
    example: Option<String>,
    required: bool,
}

/// A library in use.
#[derive(Debug, Serialize)]
struct LibraryLine {
    link: Link,
    counts: Vec<String>,
}

/// The page of a playbook or a library.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, number: usize) -> (&'static str, VolumePage) {
    let view = site.view;
    let volume = &view.book.volumes[number];
    let address = Address::volume(volume);
    let page = Page::new(site, address, &volume.language, Subject::Volume(number));
    let w = page.w;
    let in_use = InUse::of(&page, number, volume);
    let libraries = volume.uses.iter().filter(|used| view.is_open(**used));
    let about = volume.summary.as_ref().map(|s| page.texts(number).plain(s)).unwrap_or_default();
    let mut data = VolumePage {
        playbook: volume.kind == VolumeKind::Playbook,
        summary_html: volume.summary.as_ref().map(|summary| page.html(number, summary)),
        call: crate::site::call::link(&page, number),
        counts: home::counts(view, number, w),
        facts: facts(&page, number, volume),
        contents: Vec::new(),
        stages: stages(&page, number),
        anytime: volume.anytime.iter().filter_map(|branch| page.way(number, branch)).collect(),
        objections: by_category(&page, &in_use.objections),
        questions: in_use.questions.iter().filter_map(|at| page.question_card(*at)).collect(),
        closes: in_use.closes.iter().filter_map(|at| page.close_card(*at)).collect(),
        competitors: competitors(&page, number),
        frameworks: coverage(&page, volume, &in_use.questions),
        signals: signals(&page, number),
        proofs: view.parts::<Proof>(number).map(|(at, proof)| page.proof(at.0, proof)).collect(),
        outcomes: outcomes(&page, number),
        metrics: metrics(&page, number),
        roles: roles(&page, number),
        variables: variables(&page, volume),
        libraries: libraries
            .map(|used| LibraryLine { link: page.volume_link(*used), counts: home::counts(view, *used, w) })
            .collect(),
        frame: page.frame(&volume.title, &about, Vec::new(), Some(&volume.common)),
    };
    data.contents = contents(&page, &data);
    ("volume.html", data)
}

/// What a volume shows: its own parts, and what its stages take from libraries.
struct InUse {
    objections: Vec<At>,
    closes: Vec<At>,
    questions: Vec<At>,
}

impl InUse {
    fn of(page: &Page, number: usize, volume: &Volume) -> Self {
        let view = page.view;
        let own = |kind| view.each(number, kind).into_iter().map(|(index, ..)| (number, index));
        let mut objections: BTreeSet<At> = own(PartKind::Objection).collect();
        let mut closes: BTreeSet<At> = own(PartKind::Close).collect();
        let mut questions: BTreeSet<At> = own(PartKind::Question).collect();
        for stage in page.shown(&volume.stages, |stage| &stage.common) {
            objections.extend(stage.objections.iter().map(|part| (part.volume, part.index)));
            closes.extend(stage.closes.iter().map(|part| (part.volume, part.index)));
            for line in page.shown(&stage.script, |line| &line.common) {
                if let LineContent::Ask(part) = &line.content {
                    questions.insert((part.volume, part.index));
                }
            }
        }
        // Its own first, then the libraries', each in the order of its file.
        let order = |set: BTreeSet<At>| {
            let mut list: Vec<At> = set.into_iter().collect();
            list.sort_by_key(|at| at.0 != number);
            list
        };
        InUse {
            objections: order(objections)
                .into_iter()
                .filter(|at| view.at::<Objection>(*at).is_some())
                .collect(),
            closes: order(closes).into_iter().filter(|at| view.at::<Close>(*at).is_some()).collect(),
            questions: order(questions).into_iter().filter(|at| view.at::<Question>(*at).is_some()).collect(),
        }
    }
}

fn facts(page: &Page, number: usize, volume: &Volume) -> Vec<Fact> {
    let (view, w) = (page.view, page.w);
    let open = |list: &[usize]| -> Vec<Link> {
        let open = list.iter().filter(|used| view.is_open(**used));
        open.map(|used| page.volume_link(*used)).collect()
    };
    let method = volume.method.as_ref().map(|method| w.method_names.of(method).to_string());
    let audience = &volume.audience;
    let sellers = audience.role.iter().map(|role| page.role(number, role));
    let owner = volume
        .owner
        .clone()
        .filter(|_| volume.common.meta.as_ref().and_then(|meta| meta.owner.as_ref()).is_none());
    let users = view.backlinks.users.get(&number).map_or(&[][..], Vec::as_slice);
    [
        page.fact(w.method, method),
        page.fact(w.sellers, sellers),
        page.fact(w.buyers, audience.persona.clone()),
        page.fact(w.segments, audience.segment.clone()),
        page.linked_fact(w.uses, open(&volume.uses)),
        page.linked_fact(w.used_by, open(users)),
        page.fact(w.owner, owner),
    ]
    .into_iter()
    .flatten()
    .chain(page.meta_facts(&volume.common))
    .collect()
}

fn stages(page: &Page, number: usize) -> Vec<StageRow> {
    let row = |(at, stage): (At, &Stage)| {
        Some(StageRow {
            card: page.stage_card(at, Some(number))?,
            truth: stage.moment_of_truth,
            goal_html: stage.goal.as_ref().map(|goal| page.inline(number, goal)),
            minutes: stage.minutes.map(|value| stage::minutes(value, page.w)),
        })
    };
    page.view.parts::<Stage>(number).filter_map(row).collect()
}

fn by_category(page: &Page, objections: &[At]) -> Vec<Group> {
    let (view, w) = (page.view, page.w);
    let mut groups: BTreeMap<(usize, Option<&str>), Vec<At>> = BTreeMap::new();
    for at in objections {
        let Some(objection) = view.at::<Objection>(*at) else {
            continue;
        };
        let name = objection.category.as_deref();
        // What has no category comes last.
        let rank = name.map_or(usize::MAX, category_rank);
        groups.entry((rank, name)).or_default().push(*at);
    }
    let group = |((_, name), parts): ((usize, Option<&str>), Vec<At>)| {
        let cards: Vec<Card> = parts.iter().filter_map(|at| page.objection_card(*at)).collect();
        let found = name.and_then(|name| view.category(page.language, name));
        Group {
            title: name.map_or(w.uncategorized, |name| w.category_names.of(name)).to_string(),
            href_html: found.map(|found| page.href(&Address::category(page.language, &found.slug))),
            count: cards.len().to_string(),
            cards,
        }
    };
    groups.into_iter().map(group).collect()
}

fn competitors(page: &Page, number: usize) -> Vec<Card> {
    let card = |(at, competitor): (At, &Competitor)| Card {
        href_html: page.href(&page.view.address(PartKind::Competitor, at.0, &competitor.id)),
        title: competitor.title.clone(),
        code: competitor.code.clone(),
        hint_html: competitor.we_win.first().map(|win| page.inline(at.0, win)),
        from: None,
    };
    page.view.parts::<Competitor>(number).map(card).collect()
}

fn coverage(page: &Page, volume: &Volume, questions: &[At]) -> Vec<Coverage> {
    let mut covered: BTreeMap<(&str, &str), Vec<Card>> = BTreeMap::new();
    for at in questions {
        let question = page.view.at::<Question>(*at);
        if let Some((framework, dimension)) = question.and_then(|q| q.dimension.as_ref()) {
            let key = (framework.as_str(), dimension.as_str());
            covered.entry(key).or_default().extend(page.question_card(*at));
        }
    }
    let shown = |internal: bool| !(page.view.public && internal);
    let frameworks = volume.frameworks.iter().filter(|framework| shown(framework.internal));
    let frameworks = frameworks.map(|framework| Coverage {
        title: framework.title.clone(),
        dimensions: framework
            .dimensions
            .iter()
            .filter(|dimension| shown(dimension.internal))
            .map(|dimension| DimensionRow {
                title: dimension.title.clone(),
                questions: covered
                    .remove(&(framework.id.as_str(), dimension.id.as_str()))
                    .unwrap_or_default(),
            })
            .collect(),
    });
    frameworks.collect()
}

fn signals(page: &Page, number: usize) -> Vec<SignalCard> {
    let card = |(_, signal): (At, &Signal)| SignalCard {
        anchor: format!("signal-{}", signal.id),
        title: signal.title.clone(),
        code: signal.code.clone(),
        kind: signal.kind.as_ref().map(|kind| page.w.signal_names.of(kind).to_string()),
        utterances: signal.utterances.clone(),
        say_html: signal.say.as_ref().map(|say| page.inline(number, say)),
        go: signal.go.and_then(|target| page.target(target)),
    };
    page.view.parts::<Signal>(number).map(card).collect()
}

fn outcomes(page: &Page, number: usize) -> Vec<OutcomeLine> {
    let line = |(_, outcome): (At, &Outcome)| OutcomeLine {
        anchor: format!("outcome-{}", outcome.id),
        title: outcome.title.clone(),
        result: page.w.result_names.of(outcome.result.as_str()).to_string(),
        won: matches!(outcome.result.as_str(), "won" | "upgraded"),
    };
    page.view.parts::<Outcome>(number).map(line).collect()
}

fn metrics(page: &Page, number: usize) -> Vec<MetricRow> {
    let row = |(_, metric): (At, &Metric)| MetricRow {
        anchor: format!("metric-{}", metric.id),
        title: metric.title.clone(),
        from: metric.from.and_then(|target| page.target(target)),
        to: metric.to.and_then(|target| page.target(target)),
        // A share where it can be one of something.
        target: metric.target.map(|target| match metric.to.is_some() && target <= 1.0 {
            true => format!("{}%", stage::number(target * 100.0)),
            false => stage::number(target),
        }),
        per: metric.per.as_ref().map(|per| page.w.per.replace("{period}", page.w.period_names.of(per))),
        whose: metric.whose.clone(),
    };
    page.view.parts::<Metric>(number).map(row).collect()
}

fn roles(page: &Page, number: usize) -> Vec<RoleLine> {
    let line =
        |(_, role): (At, &Role)| RoleLine { anchor: format!("role-{}", role.id), title: role.title.clone() };
    page.view.parts::<Role>(number).map(line).collect()
}

fn variables(page: &Page, volume: &Volume) -> Vec<VariableRow> {
    let shown = page.shown(&volume.variables, |variable| &variable.common);
    let row = |variable: &crate::book::model::Variable| VariableRow {
        name: variable.name.clone(),
        title: variable.title.clone().unwrap_or_else(|| variable.name.clone()),
        default: variable.default.clone(),
        example: variable.example.clone(),
        required: variable.required,
    };
    shown.into_iter().map(row).collect()
}

/// The links within the page, for what there is.
fn contents(page: &Page, data: &VolumePage) -> Vec<Link> {
    let w = page.w;
    [
        ("stages", w.stages, !data.stages.is_empty()),
        ("objections", w.objections, !data.objections.is_empty()),
        ("closes", w.closes, !data.closes.is_empty()),
        ("questions", w.questions, !data.questions.is_empty()),
        ("competitors", w.competitors, !data.competitors.is_empty()),
        ("frameworks", w.frameworks, !data.frameworks.is_empty()),
        ("signals", w.signals, !data.signals.is_empty()),
        ("proofs", w.proofs, !data.proofs.is_empty()),
        ("outcomes", w.outcomes, !data.outcomes.is_empty()),
        ("metrics", w.metrics, !data.metrics.is_empty()),
        ("variables", w.variables, !data.variables.is_empty()),
    ]
    .into_iter()
    .filter(|(.., there)| *there)
    .map(|(anchor, title, _)| Link { href_html: format!("#{anchor}"), title: title.to_string() })
    .collect()
}
