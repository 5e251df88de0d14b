//! Cards: what is looked up, shown, exported and put in the browser. One form for all of them.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::book::Book;
use crate::book::model::{self, Answer, Common, LineContent, Markup, Ref, Volume};
use crate::language::Language;
use crate::markdown;
use crate::script::values::{Titles, defaults, hidden_variables};
use crate::template::spoken::{Values, fill};

/// What sort of part of a book a card shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CardKind {
    /// What the buyer says against going on, with its responses.
    Objection,
    /// What is not an objection but should be noticed.
    Signal,
    /// A way to ask for the decision.
    Close,
    /// A discovery question.
    Question,
    /// A battlecard.
    Competitor,
    /// A stage of a playbook.
    Stage,
}

impl CardKind {
    /// Every kind, in the order that breaks ties.
    pub const ALL: [CardKind; 6] = [
        CardKind::Objection,
        CardKind::Signal,
        CardKind::Close,
        CardKind::Question,
        CardKind::Competitor,
        CardKind::Stage,
    ];

    /// The name in JSON and in filters.
    pub fn as_str(self) -> &'static str {
        match self {
            CardKind::Objection => "objection",
            CardKind::Signal => "signal",
            CardKind::Close => "close",
            CardKind::Question => "question",
            CardKind::Competitor => "competitor",
            CardKind::Stage => "stage",
        }
    }
}

/// Something to say, ready to be read out: template variables filled with the book's defaults,
/// others left as visible blanks; Markdown put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CardResponse {
    /// The response's id within its card.
    pub id: String,
    /// How it answers: `laer`, `isolate`, …
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub technique: Option<String>,
    /// Which situation it fits.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub when: Option<String>,
    /// Said first.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub bridge: Option<String>,
    /// The answer; the steps of a response in turns, joined by line breaks.
    pub say: String,
    /// The question that hands the word back.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub ask: Option<String>,
    /// Claims behind it: the claim with its source.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub proof: Vec<String>,
    /// What not to do.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub avoid: Vec<String>,
}

/// A part of the book as it is looked up. `(playbook, kind, id, language)` is unique in a book.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    /// What it shows.
    pub kind: CardKind,
    /// The part's id.
    pub id: String,
    /// Ids it had before.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub was: Vec<String>,
    /// The playbook or library it is written in.
    pub playbook: String,
    /// Every playbook and library that may use it: its own and those that name its library, also by
    /// ids of before.
    pub used_by: Vec<String>,
    /// The stages it is prepared for, as `playbook/stage` (a stage card: itself), also by ids of
    /// before.
    pub stages: Vec<String>,
    /// The language it is written in.
    pub language: Language,
    /// The short code typed by heart.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub code: Option<String>,
    /// The heading, as plain text.
    pub title: String,
    /// The objection's category.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub category: Option<String>,
    /// The objection's kind: question, brush-off, smokescreen, objection or condition.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub objection_kind: Option<String>,
    /// Free tags.
    #[serde(skip_serializing_if = "BTreeMap::is_empty", default)]
    pub tags: BTreeMap<String, Vec<String>>,
    /// What the buyer says, in the buyer's words.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub utterances: Vec<String>,
    /// Why it is said, what to listen for: one line of plain text for the rep.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub why: Option<String>,
    /// What to say, best first. Other kinds than objections have one, with their words in `say`.
    pub responses: Vec<CardResponse>,
    /// Further plain text that is worth finding but not shown in a list of hits.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub more: Vec<String>,
    /// Whether the card is internal to the team.
    pub internal: bool,
    /// The file it is written in, relative to the book, with `/`.
    pub file: Arc<str>,
    /// The line it begins at, from 1.
    pub line: u32,
}

impl Card {
    /// The id that a person can quote: `saas-outbound/too-expensive`.
    pub fn path(&self) -> String {
        format!("{}/{}", self.playbook, self.id)
    }
}

/// What of a book may be seen; what may not leaves no trace in a card.
pub trait Seen: Sync {
    /// Whether a playbook or a library may, by its number.
    fn volume(&self, number: usize) -> bool;
    /// Whether a part may that carries this.
    fn part(&self, common: &Common) -> bool;
    /// Whether a variable may, of the volume of this number or of the book.
    fn variable(&self, volume: Option<usize>, variable: &model::Variable) -> bool;
    /// Whether a competitor may that a tag in a volume names.
    fn competitor(&self, volume: usize, id: &str) -> bool;
    /// The line at which a part begins, from 1. To find it out the places of its whole file are needed.
    fn line(&self, book: &Book, common: &Common) -> u32 {
        book.sources.line(&common.place)
    }
}

/// All may be seen.
struct All;

impl Seen for All {
    fn volume(&self, _: usize) -> bool {
        true
    }
    fn part(&self, _: &Common) -> bool {
        true
    }
    fn variable(&self, _: Option<usize>, _: &model::Variable) -> bool {
        true
    }
    fn competitor(&self, _: usize, _: &str) -> bool {
        true
    }
}

/// Every card of a book, sorted by playbook, kind, id and language. Variables are filled with the
/// book's defaults.
pub fn cards(book: &Book) -> Vec<Card> {
    let all: Vec<usize> = (0..book.volumes.len()).collect();
    let mut out: Vec<Card> = cards_of(book, &all, &All).into_iter().flatten().collect();
    out.sort_by(|a, b| {
        (&a.playbook, a.kind, &a.id, &a.language).cmp(&(&b.playbook, b.kind, &b.id, &b.language))
    });
    out
}

/// The cards of some volumes, by their numbers, as far as they may be seen: those of each by themselves, in the
/// order of the book.
pub fn cards_of(book: &Book, volumes: &[usize], seen: &dyn Seen) -> Vec<Vec<Card>> {
    if volumes.is_empty() {
        return Vec::new();
    }
    let stages = StageUse::of(book, seen);
    let of_one = |number: &usize| {
        let mut out = Vec::new();
        Maker::of(book, *number, &stages, seen).all(&mut out);
        out
    };
    volumes.par_iter().map(of_one).collect()
}

/// The cards of some objections of one volume, given by their numbers in it, without the stages that
/// they are prepared for.
pub fn objection_cards(book: &Book, volume: usize, objections: &[usize]) -> Vec<Card> {
    let stages = StageUse::default();
    let maker = Maker::of(book, volume, &stages, &All);
    let all = &book.volumes[volume].objections;
    objections.iter().filter_map(|index| all.get(*index)).map(|one| maker.objection(one, None)).collect()
}

/// The stages that prepare for each part: `(volume, index)` to `playbook/stage`.
#[derive(Default)]
struct StageUse {
    objections: BTreeMap<Ref<model::Objection>, Vec<String>>,
    closes: BTreeMap<Ref<model::Close>, Vec<String>>,
    questions: BTreeMap<Ref<model::Question>, Vec<String>>,
}

impl StageUse {
    fn of(book: &Book, seen: &dyn Seen) -> Self {
        let mut uses = StageUse::default();
        for (_, playbook) in book.playbooks().filter(|(number, _)| seen.volume(*number)) {
            for stage in playbook.stages.iter().filter(|stage| seen.part(&stage.common)) {
                let names = stage_names(playbook, stage);
                for objection in &stage.objections {
                    uses.objections.entry(*objection).or_default().extend_from_slice(&names);
                }
                for close in &stage.closes {
                    uses.closes.entry(*close).or_default().extend_from_slice(&names);
                }
                for line in stage.script.iter().filter(|line| seen.part(&line.common)) {
                    if let LineContent::Ask(question) = line.content {
                        uses.questions.entry(question).or_default().extend_from_slice(&names);
                    }
                }
            }
        }
        uses
    }
}

/// The id of a part, then those it had before.
fn ids<'a>(id: &'a model::Id, common: &'a Common) -> impl Iterator<Item = &'a model::Id> {
    std::iter::once(id).chain(&common.was)
}

/// `playbook/stage`, then the same with the ids that either had before.
fn stage_names(playbook: &Volume, stage: &model::Stage) -> Vec<String> {
    ids(&playbook.id, &playbook.common)
        .flat_map(|playbook| ids(&stage.id, &stage.common).map(move |stage| format!("{playbook}/{stage}")))
        .collect()
}

fn used_by(book: &Book, number: usize, seen: &dyn Seen) -> Vec<String> {
    let others = book.volumes.iter().enumerate();
    let users = others.filter(|(other, volume)| volume.uses.contains(&number) && seen.volume(*other));
    let users = users.map(|(_, volume)| volume).chain([&book.volumes[number]]);
    let mut names: Vec<String> =
        users.flat_map(|other| ids(&other.id, &other.common)).map(ToString::to_string).collect();
    names.sort();
    names.dedup();
    names
}

struct Maker<'a> {
    book: &'a Book,
    volume: &'a Volume,
    values: Values,
    titles: Titles,
    used_by: Vec<String>,
    stages: &'a StageUse,
    number: usize,
    seen: &'a dyn Seen,
}

impl<'a> Maker<'a> {
    fn of(book: &'a Book, number: usize, stages: &'a StageUse, seen: &'a dyn Seen) -> Self {
        let shown = |volume: Option<usize>, variable: &model::Variable| seen.variable(volume, variable);
        let mut values = defaults(book, number);
        hidden_variables(book, number, shown).iter().for_each(|name| values.blank(name));
        Maker {
            book,
            volume: &book.volumes[number],
            values,
            titles: Titles::seen(book, number, shown),
            used_by: used_by(book, number, seen),
            stages,
            number,
            seen,
        }
    }

    fn text(&self, markup: &Markup) -> String {
        markdown::to_plain(&self.titles.label(fill(markup.source(), &self.values)))
    }

    fn maybe(&self, markup: &Option<Markup>) -> Option<String> {
        markup.as_ref().map(|markup| self.text(markup))
    }

    fn many(&self, markups: &[Markup]) -> Vec<String> {
        markups.iter().map(|markup| self.text(markup)).collect()
    }

    fn base(&self, kind: CardKind, id: &model::Id, title: &str, common: &Common) -> Card {
        let file = self.book.sources.name(&common.place).clone();
        let line = self.seen.line(self.book, common);
        Card {
            kind,
            id: id.to_string(),
            was: common.was.iter().map(ToString::to_string).collect(),
            playbook: self.volume.id.to_string(),
            used_by: self.used_by.clone(),
            stages: Vec::new(),
            language: self.volume.language.clone(),
            code: None,
            title: title.to_string(),
            category: None,
            objection_kind: None,
            tags: BTreeMap::new(),
            utterances: Vec::new(),
            why: None,
            responses: Vec::new(),
            more: Vec::new(),
            internal: common.is_internal() || self.volume.common.is_internal(),
            file,
            line,
        }
    }

    fn all(&self, out: &mut Vec<Card>) {
        let volume = self.volume;
        let number = self.number;
        let seen = self.seen;
        for (index, objection) in
            volume.objections.iter().enumerate().filter(|(_, one)| seen.part(&one.common))
        {
            out.push(self.objection(objection, self.stages.objections.get(&Ref::at(number, index))));
        }
        for signal in volume.signals.iter().filter(|one| seen.part(&one.common)) {
            out.push(self.signal(signal));
        }
        for (index, close) in volume.closes.iter().enumerate().filter(|(_, one)| seen.part(&one.common)) {
            out.push(self.close(close, self.stages.closes.get(&Ref::at(number, index))));
        }
        for (index, question) in volume.questions.iter().enumerate().filter(|(_, one)| seen.part(&one.common))
        {
            out.push(self.question(question, self.stages.questions.get(&Ref::at(number, index))));
        }
        let competitors = volume.competitors.iter().filter(|one| seen.part(&one.common));
        out.extend(competitors.map(|competitor| self.competitor(competitor)));
        let stages = volume.stages.iter().filter(|one| seen.part(&one.common));
        out.extend(stages.map(|stage| self.stage(stage)));
    }

    fn target(&self, target: model::Target) -> bool {
        let volume = match target {
            model::Target::Stage(part) => part.volume,
            model::Target::Close(part) => part.volume,
            model::Target::Objection(part) => part.volume,
            model::Target::Outcome(part) => part.volume,
        };
        self.seen.volume(volume) && self.seen.part(self.book.target_common(target))
    }

    fn tags(&self, tags: &BTreeMap<String, Vec<String>>) -> BTreeMap<String, Vec<String>> {
        let mut tags = tags.clone();
        if let Some(named) = tags.get_mut("competitor") {
            named.retain(|id| self.seen.competitor(self.number, id));
        }
        tags.retain(|key, values| key != "competitor" || !values.is_empty());
        tags
    }

    fn said(&self, say: String, ask: Option<String>) -> Vec<CardResponse> {
        vec![CardResponse {
            id: "say".into(),
            technique: None,
            when: None,
            bridge: None,
            say,
            ask,
            proof: Vec::new(),
            avoid: Vec::new(),
        }]
    }

    fn proofs(&self, proofs: &[Ref<model::Proof>]) -> Vec<String> {
        let one = |reference: &Ref<model::Proof>| {
            let proof = self.book.get(*reference);
            let claim = self.text(&proof.claim);
            let told = match &proof.source {
                Some(source) => format!("{claim} ({source})"),
                None => claim,
            };
            (self.seen.volume(reference.volume) && self.seen.part(&proof.common)).then_some(told)
        };
        proofs.iter().filter_map(one).collect()
    }

    fn objection(&self, objection: &model::Objection, stages: Option<&Vec<String>>) -> Card {
        let response = |response: &model::Response| CardResponse {
            id: response.id.to_string(),
            technique: response.technique.clone(),
            when: self.maybe(&response.when),
            bridge: self.maybe(&response.bridge),
            say: match &response.answer {
                Answer::Say(say) => self.text(say),
                Answer::Steps(steps) => {
                    let turn = |step: &model::Step| match step.wait {
                        true => format!("{} …", self.text(&step.say)),
                        false => self.text(&step.say),
                    };
                    let steps = steps.iter().filter(|step| self.seen.part(&step.common));
                    steps.map(turn).collect::<Vec<_>>().join("\n")
                }
            },
            ask: self.maybe(&response.ask),
            proof: self.proofs(&response.proof),
            avoid: self.many(&response.avoid),
        };
        Card {
            stages: stages.cloned().unwrap_or_default(),
            code: objection.code.clone(),
            category: objection.category.clone(),
            objection_kind: Some(objection.kind.as_str().to_string()),
            tags: self.tags(&objection.tags),
            utterances: objection.utterances.clone(),
            why: self.maybe(&objection.why),
            responses: objection
                .responses
                .iter()
                .filter(|one| self.seen.part(&one.common))
                .map(response)
                .collect(),
            ..self.base(CardKind::Objection, &objection.id, &objection.title, &objection.common)
        }
    }

    fn signal(&self, signal: &model::Signal) -> Card {
        let go = signal.go.filter(|go| self.target(*go)).map(|go| self.book.target_title(go).to_string());
        let responses = match (&signal.say, go) {
            (Some(say), go) => self.said(self.text(say), go.map(|go| format!("→ {go}"))),
            (None, Some(go)) => self.said(format!("→ {go}"), None),
            (None, None) => Vec::new(),
        };
        Card {
            code: signal.code.clone(),
            tags: self.tags(&signal.tags),
            utterances: signal.utterances.clone(),
            why: signal.kind.clone(),
            responses,
            ..self.base(CardKind::Signal, &signal.id, &signal.title, &signal.common)
        }
    }

    fn close(&self, close: &model::Close, stages: Option<&Vec<String>>) -> Card {
        let mut more = self.many(&close.signals);
        more.extend(close.technique.clone());
        Card {
            stages: stages.cloned().unwrap_or_default(),
            code: close.code.clone(),
            tags: self.tags(&close.tags),
            why: self.maybe(&close.fact),
            responses: self.said(self.text(&close.say), None),
            more,
            ..self.base(CardKind::Close, &close.id, &close.title, &close.common)
        }
    }

    fn question(&self, question: &model::Question, stages: Option<&Vec<String>>) -> Card {
        let ask = self.text(&question.ask);
        let mut more = self.many(&question.listen_for);
        more.extend(self.many(&question.warning_signs));
        more.extend(self.many(&question.follow_ups));
        Card {
            stages: stages.cloned().unwrap_or_default(),
            code: question.code.clone(),
            tags: self.tags(&question.tags),
            why: self.maybe(&question.why),
            responses: self.said(ask.clone(), question.follow_ups.first().map(|text| self.text(text))),
            more,
            ..self.base(CardKind::Question, &question.id, &ask, &question.common)
        }
    }

    fn competitor(&self, competitor: &model::Competitor) -> Card {
        let mut more = self.many(&competitor.they_say);
        more.extend(self.many(&competitor.we_lose));
        more.extend(self.maybe(&competitor.summary));
        Card {
            code: competitor.code.clone(),
            tags: self.tags(&competitor.tags),
            utterances: competitor.aliases.clone(),
            why: self.maybe(&competitor.summary),
            responses: vec![CardResponse {
                proof: self.proofs(&competitor.proof),
                ..self
                    .said(
                        self.many(&competitor.we_win).join("\n"),
                        competitor.landmines.first().map(|text| self.text(text)),
                    )
                    .remove(0)
            }],
            more,
            ..self.base(CardKind::Competitor, &competitor.id, &competitor.title, &competitor.common)
        }
    }

    fn stage(&self, stage: &model::Stage) -> Card {
        let mut more = Vec::new();
        let mut say = None;
        for line in stage.script.iter().filter(|line| self.seen.part(&line.common)) {
            if let LineContent::Say(text) | LineContent::Verbatim(text) | LineContent::AskText(text) =
                &line.content
            {
                let text = self.text(text);
                match say {
                    None => say = Some(text),
                    Some(_) => more.push(text),
                }
            }
        }
        Card {
            stages: stage_names(self.volume, stage),
            why: self.maybe(&stage.goal),
            responses: say.map(|say| self.said(say, None)).unwrap_or_default(),
            more,
            ..self.base(CardKind::Stage, &stage.id, &stage.title, &stage.common)
        }
    }
}
