//! The book as the rest of the program knows it: resolved, and unable to hold nonsense. Every
//! reference points at a part that exists, every id is well-formed, every date is a date.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Serialize;

use super::raw;
use crate::language::Language;

pub use super::place::{Place, Sources};
pub use super::raw::{BuyerStage, CheckSeverity, DealResult, Extra, ObjectionKind, ValueType, Visibility};
pub use super::values::{Days, Id, Markup, parse_date, slug};
pub use jiff::civil::Date;

/// A part of a volume, of one kind. Copies freely; [`Book::get`] gives the part.
pub struct Ref<T> {
    /// The volume's number in the book.
    pub volume: usize,
    /// The part's number in its list.
    pub index: usize,
    kind: PhantomData<fn() -> T>,
}

impl<T> Ref<T> {
    /// A reference; whoever makes one has seen the part.
    pub fn at(volume: usize, index: usize) -> Self {
        Ref { volume, index, kind: PhantomData }
    }
}

impl<T> Clone for Ref<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Ref<T> {}
impl<T> PartialEq for Ref<T> {
    fn eq(&self, other: &Self) -> bool {
        (self.volume, self.index) == (other.volume, other.index)
    }
}
impl<T> Eq for Ref<T> {}
impl<T> PartialOrd for Ref<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Ref<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.volume, self.index).cmp(&(other.volume, other.index))
    }
}
impl<T> fmt::Debug for Ref<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.volume, self.index)
    }
}

/// What `go`, `next`, `if_yes` and `if_no` can reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A stage.
    Stage(Ref<Stage>),
    /// A close.
    Close(Ref<Close>),
    /// An objection.
    Objection(Ref<Objection>),
    /// An outcome.
    Outcome(Ref<Outcome>),
}

/// What any part carries.
#[derive(Debug, Clone, PartialEq)]
pub struct Common {
    /// Where it is written.
    pub place: Place,
    /// Who may see it.
    pub visibility: Visibility,
    /// Owner, source and review.
    pub meta: Option<Meta>,
    /// Ids it had before.
    pub was: Vec<Id>,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

impl Common {
    /// Whether it must leave no trace in a public build.
    pub fn is_internal(&self) -> bool {
        self.visibility == Visibility::Internal
    }
}

/// Owner, source and review.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Meta {
    /// Who answers for it.
    pub owner: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// When somebody last made sure that it is true.
    pub verified: Option<Date>,
    /// How long it may stand until the next look.
    pub review_every: Option<Days>,
    /// How sure the owner is.
    pub confidence: Option<String>,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

impl Meta {
    /// The day from which it should be looked at again.
    pub fn review_due(&self) -> Option<Date> {
        let every = self.review_every.as_ref()?.days;
        self.verified?.checked_add(jiff::Span::new().days(i64::from(every))).ok()
    }
}

/// A whole book.
#[derive(Debug)]
pub struct Book {
    /// The handbook's title.
    pub title: String,
    /// The handbook's own language.
    pub language: Language,
    /// Where the handbook will be published.
    pub base_url: Option<String>,
    /// The edit link of every card, with `{file}` and `{line}`.
    pub edit_url: Option<String>,
    /// Variables of every playbook.
    pub variables: Vec<Variable>,
    /// What `callbook test` must reach.
    pub lookup: LookupFloors,
    /// The shipped frameworks, then the book's own.
    pub frameworks: Vec<Framework>,
    /// Playbooks and libraries, by language and id.
    pub volumes: Vec<Volume>,
    /// The book's own lexicons; the shipped ones stand apart.
    pub lexicons: Vec<Lexicon>,
    /// How `check` looks at the book.
    pub check: CheckSettings,
    /// The keys of `book.yaml` that begin with `x-`.
    pub extra: Extra,
    /// The files.
    pub sources: Sources,
}

/// How `check` looks at a book.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CheckSettings {
    /// How bad the findings of a rule are, by its code; the codes are as they were written.
    pub severity: BTreeMap<String, CheckSeverity>,
    /// Words that no buyer should hear.
    pub jargon: Vec<String>,
    /// Words and abbreviations that buyers know.
    pub known: Vec<String>,
    /// Where it is written, if it is.
    pub place: Option<Place>,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// What `callbook test` must reach, as shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LookupFloors {
    /// The share of lookups whose card comes first.
    pub recall_at_1: Option<f64>,
    /// The share of lookups whose card is among the first three.
    pub recall_at_3: Option<f64>,
}

/// Whether a volume is led through or referred to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum VolumeKind {
    /// A playbook.
    Playbook,
    /// A library: everything but stages.
    Library,
}

/// A playbook or a library.
#[derive(Debug, Clone, PartialEq)]
pub struct Volume {
    /// Which of the two.
    pub kind: VolumeKind,
    /// Its id; with the language it is unique in the book.
    pub id: Id,
    /// The heading.
    pub title: String,
    /// The language of every text in it.
    pub language: Language,
    /// One paragraph.
    pub summary: Option<Markup>,
    /// How we sell, apart from the steps.
    pub method: Option<String>,
    /// What discovery has to cover.
    pub frameworks: Vec<Framework>,
    /// Who it is for.
    pub audience: Audience,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The libraries it names, and theirs, itself left out; by number in the book.
    pub uses: Vec<usize>,
    /// Who takes part.
    pub roles: Vec<Role>,
    /// What is filled in for a call.
    pub variables: Vec<Variable>,
    /// The steps, in order.
    pub stages: Vec<Stage>,
    /// Discovery questions; those written in place as well.
    pub questions: Vec<Question>,
    /// Objections; those written in place as well.
    pub objections: Vec<Objection>,
    /// Closes; those written in place as well.
    pub closes: Vec<Close>,
    /// What should be noticed.
    pub signals: Vec<Signal>,
    /// Battlecards.
    pub competitors: Vec<Competitor>,
    /// Claims; those written in place as well.
    pub proofs: Vec<Proof>,
    /// How a call can end.
    pub outcomes: Vec<Outcome>,
    /// Branches that are open at every stage.
    pub anytime: Vec<Branch>,
    /// What is measured.
    pub metrics: Vec<Metric>,
    /// Tests of the lookup.
    pub lookups: Vec<Lookup>,
    /// Common to all parts.
    pub common: Common,
}

/// Who a playbook is for.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Audience {
    /// Who sells with it.
    pub role: Vec<String>,
    /// Who is sold to.
    pub persona: Vec<String>,
    /// What sort of company.
    pub segment: Vec<String>,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// Somebody who takes part.
#[derive(Debug, Clone, PartialEq)]
pub struct Role {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// Common to all parts.
    pub common: Common,
}

/// A discovery framework.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Framework {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// What it asks for, in order.
    pub dimensions: Vec<Dimension>,
    /// Whether it must leave no trace in a public build.
    pub internal: bool,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// One thing that a framework asks for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Dimension {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// Whether it must leave no trace in a public build.
    pub internal: bool,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// Something that is filled in for a call.
#[derive(Debug, Clone, PartialEq)]
pub struct Variable {
    /// What templates call it.
    pub name: String,
    /// What people call it.
    pub title: Option<String>,
    /// What it holds.
    pub of_type: ValueType,
    /// What it is when nobody says otherwise.
    pub default: Option<String>,
    /// What one looks like.
    pub example: Option<String>,
    /// Whether a script is incomplete without it.
    pub required: bool,
    /// The answers to pick from.
    pub options: Vec<String>,
    /// Common to all parts.
    pub common: Common,
}

/// A step of the sale.
#[derive(Debug, Clone, PartialEq)]
pub struct Stage {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// What is true when it has worked.
    pub goal: Option<Markup>,
    /// Where the buyer is meanwhile.
    pub buyer_stage: Option<BuyerStage>,
    /// Whether the sale is decided here.
    pub moment_of_truth: bool,
    /// Who does it.
    pub role: Option<Ref<Role>>,
    /// How long it should take, in minutes.
    pub minutes: Option<f64>,
    /// What must hold before it begins.
    pub entry: Vec<Criterion>,
    /// What to have done beforehand.
    pub checklist: Vec<Markup>,
    /// What happens, in order.
    pub script: Vec<Line>,
    /// What must hold before the next stage.
    pub exit: Vec<Criterion>,
    /// The speed dial, most likely first.
    pub objections: Vec<Ref<Objection>>,
    /// The closes that fit here.
    pub closes: Vec<Ref<Close>>,
    /// What is shown or sent.
    pub materials: Vec<Material>,
    /// What must be in hand afterwards.
    pub outputs: Vec<Markup>,
    /// What shows that this is not a customer.
    pub disqualify: Vec<Markup>,
    /// What is sent afterwards.
    pub follow_up: Vec<FollowUp>,
    /// Where it goes on, top down; empty where the playbook's order decides.
    pub next: Vec<Branch>,
    /// Common to all parts.
    pub common: Common,
}

/// A condition and why it matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Criterion {
    /// What must hold.
    pub that: Markup,
    /// Why it matters.
    pub because: Option<Markup>,
    /// Common to all parts.
    pub common: Common,
}

/// One line of a script.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it is.
    pub content: LineContent,
    /// Common to all parts.
    pub common: Common,
}

/// What a line of a script is.
#[derive(Debug, Clone, PartialEq)]
pub enum LineContent {
    /// Words to say, in one's own way.
    Say(Markup),
    /// Words that must be said exactly so.
    Verbatim(Markup),
    /// A question of the book.
    Ask(Ref<Question>),
    /// A question that stands only here.
    AskText(Markup),
    /// For the rep; never spoken.
    Note(Markup),
}

/// A way on.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// When it is taken; always, where nothing is said.
    pub when: Option<Markup>,
    /// Where it leads.
    pub go: Target,
    /// Common to all parts.
    pub common: Common,
}

/// Something that is shown or sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Material {
    /// What it is called.
    pub title: String,
    /// Where it is.
    pub link: Option<String>,
    /// When it is used.
    pub when: Option<Markup>,
    /// Common to all parts.
    pub common: Common,
}

/// What is sent afterwards.
#[derive(Debug, Clone, PartialEq)]
pub struct FollowUp {
    /// How long afterwards.
    pub after: Option<Days>,
    /// By which way.
    pub channel: Option<String>,
    /// The words.
    pub say: Markup,
    /// Common to all parts.
    pub common: Common,
}

/// A discovery question.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// The id.
    pub id: Id,
    /// A short code.
    pub code: Option<String>,
    /// The question, as it is asked.
    pub ask: Markup,
    /// What the answer is good for.
    pub why: Option<Markup>,
    /// The framework and the dimension that it covers.
    pub dimension: Option<(Id, Id)>,
    /// Good signs.
    pub listen_for: Vec<Markup>,
    /// Bad signs.
    pub warning_signs: Vec<Markup>,
    /// What to ask then.
    pub follow_ups: Vec<Markup>,
    /// How to say back what was understood.
    pub confirm: Option<Markup>,
    /// Where the answer is kept.
    pub field: Option<String>,
    /// What the answer is.
    pub of_type: ValueType,
    /// The answers to pick from.
    pub options: Vec<Choice>,
    /// Whether the stage is incomplete without an answer.
    pub required: bool,
    /// Free tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Common to all parts.
    pub common: Common,
}

/// An answer to pick.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The answer.
    pub answer: String,
    /// Where it leads.
    pub go: Option<Target>,
    /// Common to all parts.
    pub common: Common,
}

/// What a buyer says against going on.
#[derive(Debug, Clone, PartialEq)]
pub struct Objection {
    /// The id.
    pub id: Id,
    /// A short code.
    pub code: Option<String>,
    /// The objection in a few words.
    pub title: String,
    /// What sort of thing it is.
    pub kind: ObjectionKind,
    /// What it is about.
    pub category: Option<String>,
    /// What is usually behind it.
    pub why: Option<Markup>,
    /// What buyers say.
    pub utterances: Vec<String>,
    /// Free tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Questions that make it come up less.
    pub prevent: Vec<Ref<Question>>,
    /// After so many times, accept it and leave.
    pub limit: Option<u32>,
    /// Whom to bring in, and when.
    pub escalate: Option<Escalate>,
    /// How not to answer, and how.
    pub examples: Vec<Example>,
    /// The answers, best first; at least one.
    pub responses: Vec<Response>,
    /// Common to all parts.
    pub common: Common,
}

/// Whom to bring in, and when.
#[derive(Debug, Clone, PartialEq)]
pub struct Escalate {
    /// Whom.
    pub to: String,
    /// When.
    pub when: Option<Markup>,
    /// Common to all parts.
    pub common: Common,
}

/// How not to answer, and how.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// What not to say.
    pub bad: Option<Markup>,
    /// What to say instead.
    pub good: Option<Markup>,
    /// What makes the difference.
    pub why: Option<Markup>,
    /// Common to all parts.
    pub common: Common,
}

/// One way to answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    /// The id within its objection.
    pub id: Id,
    /// How it answers.
    pub technique: Option<String>,
    /// Which situation it fits.
    pub when: Option<Markup>,
    /// Said first.
    pub bridge: Option<Markup>,
    /// The answer.
    pub answer: Answer,
    /// The question that hands the word back.
    pub ask: Option<Markup>,
    /// The claims behind it.
    pub proof: Vec<Ref<Proof>>,
    /// What not to do.
    pub avoid: Vec<Markup>,
    /// What to do if it does not land.
    pub if_resists: Option<IfResists>,
    /// Where it leads when it lands.
    pub next: Option<Target>,
    /// Common to all parts.
    pub common: Common,
}

/// The answer itself.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// In one go.
    Say(Markup),
    /// In turns; at least one.
    Steps(Vec<Step>),
}

/// One turn of a response.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What it does.
    pub step: Option<String>,
    /// The words.
    pub say: Markup,
    /// Whether to wait for their answer.
    pub wait: bool,
    /// Common to all parts.
    pub common: Common,
}

/// What to do if a response does not land.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IfResists {
    /// Another response of the same objection, by its number.
    Response(usize),
    /// Accept it and leave.
    Accept,
}

/// A way to ask for the decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Close {
    /// The id.
    pub id: Id,
    /// A short code.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// Which technique it is.
    pub technique: Option<String>,
    /// What shows that its moment has come.
    pub signals: Vec<Markup>,
    /// The words.
    pub say: Markup,
    /// Where a yes leads.
    pub if_yes: Option<Target>,
    /// Where a no leads.
    pub if_no: Option<Target>,
    /// Until when the fact holds.
    pub true_until: Option<Date>,
    /// The fact behind a scarcity close.
    pub fact: Option<Markup>,
    /// What not to do.
    pub avoid: Vec<Markup>,
    /// Free tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Common to all parts.
    pub common: Common,
}

/// What is not an objection but should be noticed.
#[derive(Debug, Clone, PartialEq)]
pub struct Signal {
    /// The id.
    pub id: Id,
    /// A short code.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// What it tells.
    pub kind: Option<String>,
    /// What buyers say then; at least one.
    pub utterances: Vec<String>,
    /// Words to say then.
    pub say: Option<Markup>,
    /// Where it leads.
    pub go: Option<Target>,
    /// Free tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Common to all parts.
    pub common: Common,
}

/// A battlecard.
#[derive(Debug, Clone, PartialEq)]
pub struct Competitor {
    /// The id.
    pub id: Id,
    /// A short code.
    pub code: Option<String>,
    /// What it is called.
    pub title: String,
    /// What buyers call it.
    pub aliases: Vec<String>,
    /// One paragraph.
    pub summary: Option<Markup>,
    /// Where we win.
    pub we_win: Vec<Markup>,
    /// Where we lose.
    pub we_lose: Vec<Markup>,
    /// Questions that expose a gap of theirs.
    pub landmines: Vec<Markup>,
    /// What they claim.
    pub they_say: Vec<Markup>,
    /// The claims behind ours.
    pub proof: Vec<Ref<Proof>>,
    /// Free tags.
    pub tags: BTreeMap<String, Vec<String>>,
    /// Common to all parts.
    pub common: Common,
}

/// A claim with a source and a date.
#[derive(Debug, Clone, PartialEq)]
pub struct Proof {
    /// The id.
    pub id: Id,
    /// What is claimed.
    pub claim: Markup,
    /// Who says so.
    pub source: Option<String>,
    /// Where it can be read.
    pub link: Option<String>,
    /// When it was found.
    pub date: Option<Date>,
    /// When it may no longer be used.
    pub expires: Option<Date>,
    /// Common to all parts.
    pub common: Common,
}

/// How a call can end.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// What it means for the deal.
    pub result: DealResult,
    /// Common to all parts.
    pub common: Common,
}

/// What is measured, and what is aimed at.
#[derive(Debug, Clone, PartialEq)]
pub struct Metric {
    /// The id.
    pub id: Id,
    /// What it is called.
    pub title: String,
    /// What is counted.
    pub from: Option<Target>,
    /// Which share of those is meant.
    pub to: Option<Target>,
    /// What is aimed at.
    pub target: Option<f64>,
    /// In which time.
    pub per: Option<String>,
    /// Whose target it is.
    pub whose: Option<String>,
    /// Common to all parts.
    pub common: Common,
}

/// A test of the lookup.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    /// What was heard.
    pub heard: String,
    /// The id of the card that must be found.
    pub finds: Id,
    /// Common to all parts.
    pub common: Common,
}

/// Words that mean the same to a seller, in one language.
#[derive(Debug, Clone, PartialEq)]
pub struct Lexicon {
    /// The language.
    pub language: Language,
    /// The groups.
    pub groups: Vec<LexiconGroup>,
    /// Where it is written.
    pub place: Place,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// Expressions that mean the same to a seller.
#[derive(Debug, Clone, PartialEq)]
pub struct LexiconGroup {
    /// The id.
    pub id: Id,
    /// The category that these words hint at.
    pub category: Option<String>,
    /// The words and phrases.
    pub expressions: Vec<String>,
    /// The keys that begin with `x-`.
    pub extra: Extra,
}

/// A kind of part that lives in a list of a volume.
pub trait Part: Sized {
    /// What it is called in messages.
    const NOUN: &'static str;
    /// The key of its list.
    const LIST: &'static str;
    /// Its list in a volume.
    fn list(volume: &Volume) -> &Vec<Self>;
    /// Its id.
    fn id(&self) -> &Id;
    /// What any part carries.
    fn common(&self) -> &Common;
}

macro_rules! parts {
    ($($kind:ident $noun:literal $list:ident),* $(,)?) => {$(
        impl Part for $kind {
            const NOUN: &'static str = $noun;
            const LIST: &'static str = stringify!($list);
            fn list(volume: &Volume) -> &Vec<Self> {
                &volume.$list
            }
            fn id(&self) -> &Id {
                &self.id
            }
            fn common(&self) -> &Common {
                &self.common
            }
        }
    )*};
}

parts! {
    Stage "stage" stages,
    Question "question" questions,
    Objection "objection" objections,
    Close "close" closes,
    Signal "signal" signals,
    Competitor "competitor" competitors,
    Proof "proof" proofs,
    Outcome "outcome" outcomes,
    Metric "metric" metrics,
    Role "role" roles,
}

impl Book {
    /// The part that a reference means.
    pub fn get<T: Part + 'static>(&self, reference: Ref<T>) -> &T {
        &T::list(&self.volumes[reference.volume])[reference.index]
    }

    /// The id of a target.
    pub fn target_id(&self, target: Target) -> &Id {
        match target {
            Target::Stage(stage) => &self.get(stage).id,
            Target::Close(close) => &self.get(close).id,
            Target::Objection(objection) => &self.get(objection).id,
            Target::Outcome(outcome) => &self.get(outcome).id,
        }
    }

    /// The title of a target.
    pub fn target_title(&self, target: Target) -> &str {
        match target {
            Target::Stage(stage) => &self.get(stage).title,
            Target::Close(close) => &self.get(close).title,
            Target::Objection(objection) => &self.get(objection).title,
            Target::Outcome(outcome) => &self.get(outcome).title,
        }
    }

    /// What any part carries, of a target.
    pub fn target_common(&self, target: Target) -> &Common {
        match target {
            Target::Stage(stage) => &self.get(stage).common,
            Target::Close(close) => &self.get(close).common,
            Target::Objection(objection) => &self.get(objection).common,
            Target::Outcome(outcome) => &self.get(outcome).common,
        }
    }

    /// The playbooks, with their numbers.
    pub fn playbooks(&self) -> impl Iterator<Item = (usize, &Volume)> {
        self.volumes.iter().enumerate().filter(|(_, volume)| volume.kind == VolumeKind::Playbook)
    }

    /// The same volume in the other languages of the book.
    pub fn translations(&self, volume: usize) -> impl Iterator<Item = (usize, &Volume)> {
        let this = &self.volumes[volume];
        let same = move |(number, other): &(usize, &Volume)| {
            *number != volume && other.id == this.id && other.kind == this.kind
        };
        self.volumes.iter().enumerate().filter(same)
    }

    /// A volume and the libraries it may refer to, itself first.
    pub fn scope(&self, volume: usize) -> impl Iterator<Item = (usize, &Volume)> {
        std::iter::once(volume)
            .chain(self.volumes[volume].uses.iter().copied())
            .map(|number| (number, &self.volumes[number]))
    }

    /// Every variable that texts of a volume may use: its own first, then its libraries', the book's.
    pub fn variables(&self, volume: usize) -> Vec<&Variable> {
        let mut out: Vec<&Variable> = Vec::new();
        let own = self.scope(volume).flat_map(|(_, volume)| &volume.variables);
        for variable in own.chain(&self.variables) {
            if !out.iter().any(|known| known.name == variable.name) {
                out.push(variable);
            }
        }
        out
    }

    /// A place as people quote it: the file's name and the line.
    pub fn line_of(&self, place: &Place) -> (Arc<str>, u32) {
        (self.sources.name(place).clone(), self.sources.line(place))
    }
}

impl raw::ObjectionKind {
    /// The name in YAML, JSON and filters.
    pub fn as_str(self) -> &'static str {
        match self {
            ObjectionKind::Question => "question",
            ObjectionKind::BrushOff => "brush-off",
            ObjectionKind::Smokescreen => "smokescreen",
            ObjectionKind::Objection => "objection",
            ObjectionKind::Condition => "condition",
        }
    }
}

impl raw::BuyerStage {
    /// The name in YAML and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            BuyerStage::Awareness => "awareness",
            BuyerStage::Consideration => "consideration",
            BuyerStage::Purchase => "purchase",
            BuyerStage::Retention => "retention",
            BuyerStage::Advocacy => "advocacy",
        }
    }
}

impl raw::DealResult {
    /// The name in YAML and JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            DealResult::Won => "won",
            DealResult::Upgraded => "upgraded",
            DealResult::Paused => "paused",
            DealResult::Lost => "lost",
            DealResult::Open => "open",
        }
    }
}
