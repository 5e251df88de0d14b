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
use crate::site::pages::flow::{self, Flow};
use crate::site::pages::metrics::{self, MetricRow};
use crate::site::pages::stage;
use crate::site::view::{At, category_rank};

/// What the template is given.
#[derive(Debug, Serialize)]
pub(in crate::site) struct VolumePage {
    /// What stands around the page.
    frame: Frame,
    /// Whether it is a playbook or a library.
    playbook: bool,
    /// What it is, in a paragraph.
    summary_html: Option<String>,
    /// The way into the call screen.
    call: Option<Link>,
    /// How much there is in it, in words.
    counts: Vec<String>,
    /// What is known of the card itself.
    facts: Vec<Fact>,
    /// The sections that there are: anchor and heading.
    contents: Vec<Link>,
    /// The stages, in order.
    stages: Vec<StageRow>,
    /// Where the stages lead.
    flow: Option<Flow>,
    /// Ways that are always open.
    anytime: Vec<Way>,
    /// The objections by category.
    objections: Vec<Group>,
    /// The discovery questions.
    questions: Vec<Card>,
    /// The closes.
    closes: Vec<Card>,
    /// The battlecards.
    competitors: Vec<Card>,
    /// What discovery covers.
    frameworks: Vec<Coverage>,
    /// What should be noticed.
    signals: Vec<SignalCard>,
    /// The claims, with sources.
    proofs: Vec<ProofLine>,
    /// How it can end.
    outcomes: Vec<OutcomeLine>,
    /// What is measured.
    metrics: Vec<MetricRow>,
    /// Who takes part.
    roles: Vec<RoleLine>,
    /// What is filled in for a call.
    variables: Vec<VariableRow>,
    /// The libraries in use.
    libraries: Vec<LibraryLine>,
}

/// A stage in the list of stages.
#[derive(Debug, Serialize)]
struct StageRow {
    /// Its link, with the hint.
    card: Card,
    /// Whether it is the moment of truth.
    truth: bool,
    /// What to reach.
    goal_html: Option<String>,
    /// How long it may take, in words.
    minutes: Option<String>,
}

/// A framework and what covers it.
#[derive(Debug, Serialize)]
struct Coverage {
    /// What it is called.
    title: String,
    /// Its dimensions.
    dimensions: Vec<DimensionLine>,
}

/// A dimension and the questions that cover it.
#[derive(Debug, Serialize)]
struct DimensionLine {
    /// What it is called.
    title: String,
    /// The questions that cover it; none is a gap.
    questions: Vec<Card>,
}

/// What should be noticed.
#[derive(Debug, Serialize)]
struct SignalCard {
    /// The id of its element.
    anchor: String,
    /// What it is called.
    title: String,
    /// Its short code.
    code: Option<String>,
    /// What kind it is, in words.
    kind: Option<String>,
    /// How buyers say it.
    utterances: Vec<String>,
    /// What to say then.
    say_html: Option<String>,
    /// Where it leads.
    go: Option<Link>,
}

/// How a call can end.
#[derive(Debug, Serialize)]
struct OutcomeLine {
    /// The id of its element.
    anchor: String,
    /// What it is called.
    title: String,
    /// What it means for the deal, in words.
    result: String,
    /// Whether it is a gain.
    won: bool,
}

/// Who takes part.
#[derive(Debug, Serialize)]
struct RoleLine {
    /// The id of its element.
    anchor: String,
    /// What it is called.
    title: String,
}

/// What is filled in for a call.
#[derive(Debug, Serialize)]
struct VariableRow {
    /// Its name in texts.
    name: String,
    /// What it is called.
    title: String,
    /// What it is, unless it is set.
    default: Option<String>,
    /// What it may be.
    example: Option<String>,
    /// Whether it must be filled in.
    required: bool,
}

/// A library in use.
#[derive(Debug, Serialize)]
struct LibraryLine {
    /// The link to it.
    link: Link,
    /// How much there is in it, in words.
    counts: Vec<String>,
}

/// The page of a playbook or a library.
pub(in crate::site) fn page<'a>(site: &'a Site<'a>, number: usize) -> (&'static str, VolumePage) {
    let view = site.view;
    let volume = &view.book.volumes[number];
    let address = Address::volume(volume);
    let page = Page::new(site, address, &volume.language, Subject::Volume(number));
    let in_use = InUse::of(&page, number, volume);
    let libraries = volume.uses.iter().filter(|used| view.is_open(**used));
    let about = volume.summary.as_ref().map(|s| page.texts(number).plain(s)).unwrap_or_default();
    let mut data = VolumePage {
        playbook: volume.kind == VolumeKind::Playbook,
        summary_html: volume.summary.as_ref().map(|summary| page.html(number, summary)),
        call: crate::site::call::link(&page, number),
        counts: InUse::counts(&page, number),
        facts: facts(&page, number, volume),
        contents: Vec::new(),
        stages: stages(&page, number),
        flow: flow::of(&page, number, volume),
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
            .map(|used| LibraryLine { link: page.volume_link(*used), counts: InUse::counts(&page, *used) })
            .collect(),
        frame: page.frame(&volume.title, &about, Vec::new(), Some(&volume.common)),
    };
    data.contents = contents(&page, &data);
    ("volume.html", data)
}

/// What a volume shows: its own parts, and what its stages take from libraries.
pub(in crate::site) struct InUse {
    objections: Vec<At>,
    closes: Vec<At>,
    questions: Vec<At>,
}

impl InUse {
    /// How much there is, in the words of a language.
    pub fn counts(page: &Page, number: usize) -> Vec<String> {
        let (w, of) = (page.w, InUse::of(page, number, &page.view.book.volumes[number]));
        [
            (w.n_stages, page.view.parts::<Stage>(number).count()),
            (w.n_objections, of.objections.len()),
            (w.n_closes, of.closes.len()),
            (w.n_questions, of.questions.len()),
        ]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(phrase, count)| phrase.of(count))
        .collect()
    }

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
    let users = view.backlinks.users.get(&number).map_or(&[][..], Vec::as_slice);
    [
        page.fact(w.method, method),
        page.fact(w.sellers, sellers),
        page.fact(w.buyers, audience.persona.clone()),
        page.fact(w.segments, audience.segment.clone()),
        page.linked_fact(w.used_by, open(users)),
    ]
    .into_iter()
    .flatten()
    .chain(page.meta_facts(number, &volume.common))
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
    page.view.parts::<Competitor>(number).filter_map(|(at, _)| page.competitor_card(at)).collect()
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
            .map(|dimension| DimensionLine {
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
    page.view.parts::<Metric>(number).map(|(_, metric)| metrics::row(page, metric)).collect()
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
        ("flow", w.flow, data.flow.is_some()),
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
