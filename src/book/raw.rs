//! The YAML as it is written. These types and their doc comments *are* the reference of the
//! format: the JSON Schema that editors use and that [`super::shape`] checks files against is made
//! from them, and serde reads files into them. Nothing here is resolved yet: that is the next pass.
//!
//! Every mapping also takes keys that begin with `x-`; they are kept and handed on.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whatever a key that begins with `x-` holds.
pub type Extra = BTreeMap<String, serde_json::Value>;

/// Text: anything written on a line counts as text, `no`, `20%`, `12:30` and plain numbers included.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(pub String);

/// Text with a meaning of its own that [`super::shape`] checks: the `format` names which.
macro_rules! formatted {
    ($($(#[$doc:meta])* $name:ident = $format:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }
            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": ["string", "number", "boolean"], "format": $format })
            }
        }
    )*};
}

impl JsonSchema for Text {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

formatted! {
    /// A name that other parts refer to: `a-z`, `0-9` and `-`, at most 64 characters.
    Id = "id";
    /// The id of a part that stands elsewhere.
    Reference = "reference";
    /// A dimension of a framework: `bant.need`.
    DimensionPath = "dimension";
    /// A variable's name: letters, digits and `_`, parts joined by dots.
    VariableName = "variable";
    /// A BCP 47 language tag: `en`, `vi`, `zh-Hant`, `ms`.
    LanguageTag = "language";
    /// A date: `2027-01-31`.
    Date = "date";
    /// A stretch of time: `3d`, `2w`, `6m`, `1y`, and for hours `4h`.
    Duration = "duration";
    /// A web address, or a path relative to the book.
    Link = "link";
}

/// A part by its id, or the part itself, written in place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum IdOr<T> {
    /// The id of a part that stands elsewhere.
    Id(Reference),
    /// The part itself.
    Part(Box<T>),
}

/// Who may see a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// Everyone who has the handbook.
    #[default]
    Public,
    /// The team; a public build leaves no trace of it.
    Internal,
}

/// Where a card comes from and when it must be looked at again.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Meta {
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Where it comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// When somebody last made sure that it is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verified: Option<Date>,
    /// How long it may stand until the next look.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_every: Option<Duration>,
    /// How sure the owner is: low, medium or high.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confidence: Option<Text>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// What any part of a book may carry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Common {
    /// `internal` keeps the part out of a public build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Owner, source and review.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meta: Option<Meta>,
    /// Ids that this part had before; old addresses and references go on working.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub was: Vec<Id>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// `book.yaml`: the book as a whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct BookFile {
    /// The handbook's title.
    pub title: Text,
    /// The handbook's own language; playbooks name theirs.
    pub language: LanguageTag,
    /// Where the handbook will be published: for the sitemap, canonical links and the feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<Link>,
    /// The edit link of every card; `{file}` and `{line}` are filled in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub edit_url: Option<Link>,
    /// Variables of every playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variables: Option<Variables>,
    /// What `callbook test` must reach.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lookup: Option<LookupFloors>,
    /// Frameworks of your own, for every playbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<Framework>,
    /// How `callbook check` looks at this book.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<Box<CheckSettings>>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How `callbook check` looks at a book. One place is silenced where it stands, by a remark on its
/// line or on the line before it: `# callbook: allow too-long - the law wants it word for word`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct CheckSettings {
    /// How bad the findings of a rule are, by its code: `{too-long: info, jargon: off}`. Only what
    /// rules find can be changed; faults of shape and references to nothing stay errors.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub severity: BTreeMap<String, CheckSeverity>,
    /// Words of your trade that no buyer should hear, besides those that callbook knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub jargon: Vec<Text>,
    /// Words and abbreviations that your buyers know: neither jargon nor in need of words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<Text>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// How bad the findings of a rule are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CheckSeverity {
    /// `check` fails.
    Error,
    /// `check --deny warnings` fails.
    Warning,
    /// Worth knowing.
    Info,
    /// Not told.
    Off,
}

/// What `callbook test` must reach, as shares from 0 to 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LookupFloors {
    /// The share of lookups whose card comes first.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall_at_1: Option<f64>,
    /// The share of lookups whose card is among the first three.
    #[schemars(range(min = 0, max = 1))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall_at_3: Option<f64>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A list of variables, or the short form `{name: default}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Variables {
    /// One entry a variable.
    List(Vec<Variable>),
    /// Each name with its default.
    Short(BTreeMap<String, Text>),
}

/// Something that is filled in for a call: a name, a number, a date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Variable {
    /// What templates call it: `prospect.first_name`.
    pub name: VariableName,
    /// What people call it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it holds.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub of_type: Option<ValueType>,
    /// What it is when nobody says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<Text>,
    /// What one looks like.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub example: Option<Text>,
    /// Whether a script is incomplete without it.
    #[serde(default)]
    pub required: bool,
    /// The answers to pick from, for `choice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What a variable or an answer holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ValueType {
    /// Any text.
    #[default]
    Text,
    /// One of the options.
    Choice,
    /// A number.
    Number,
    /// A date.
    Date,
    /// Yes or no.
    YesNo,
}

/// A playbook: everything that one kind of sale needs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PlaybookFile {
    /// The playbook's id; with the language it is unique in the book.
    pub playbook: Id,
    /// The heading.
    pub title: Text,
    /// The language of every text in this file.
    pub language: LanguageTag,
    /// The steps of the sale, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Branches that are open at every stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anytime: Vec<Branch>,
    /// What libraries may hold as well.
    #[serde(flatten)]
    pub shared: Shared,
}

/// A library: parts that several playbooks use. It may hold everything but stages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LibraryFile {
    /// The library's id; with the language it is unique in the book.
    pub library: Id,
    /// The heading; the id where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// The language of every text in this file.
    pub language: LanguageTag,
    /// Branches that are open at every stage of the playbooks that use this library.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anytime: Vec<Branch>,
    /// What playbooks may hold as well.
    #[serde(flatten)]
    pub shared: Shared,
}

/// What playbooks and libraries may both hold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Shared {
    /// One paragraph: who it is for and what it is good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// How we sell, apart from the steps we take: consultative, solution, inbound, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<Text>,
    /// What discovery has to cover: shipped frameworks by id, or your own in place.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frameworks: Vec<IdOr<Framework>>,
    /// Who it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audience: Option<Audience>,
    /// Who answers for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// Libraries whose parts this file may refer to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uses: Vec<Reference>,
    /// Who takes part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// What is filled in for a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub variables: Option<Variables>,
    /// Discovery questions.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// What buyers say against going on, and how to answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<Objection>,
    /// Ways to ask for the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<Close>,
    /// What is not an objection but should be noticed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Signal>,
    /// Battlecards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub competitors: Vec<Competitor>,
    /// Claims with a source and a date.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub proofs: Vec<Proof>,
    /// How a call can end.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outcomes: Vec<Outcome>,
    /// What is measured, and what is aimed at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<Metric>,
    /// Tests of the lookup: what was heard must find the card. Never indexed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lookups: Vec<Lookup>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// Words that mean the same to a seller; they widen lookup.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LexiconFile {
    /// The language whose words these are.
    pub lexicon: LanguageTag,
    /// The groups.
    pub groups: Vec<LexiconGroup>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Expressions that mean the same to a seller.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct LexiconGroup {
    /// The group's id.
    pub id: Id,
    /// The category of objection that these words hint at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Text>,
    /// The words and phrases.
    #[schemars(length(min = 1))]
    pub expressions: Vec<Text>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Who a playbook is for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Audience {
    /// Who sells with it.
    pub role: Vec<Text>,
    /// Who is sold to.
    pub persona: Vec<Text>,
    /// What sort of company.
    pub segment: Vec<Text>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Somebody who takes part in the sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [{"required": ["id"]}, {"required": ["title"]}]))]
pub struct Role {
    /// The role's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A discovery framework: what has to be found out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Framework {
    /// The framework's id.
    pub id: Id,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it asks for, in order.
    #[schemars(length(min = 1))]
    pub dimensions: Vec<Dimension>,
    /// `internal` keeps it out of a public build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// One thing that a framework asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dimension {
    /// The dimension's id.
    pub id: Id,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// `internal` keeps it out of a public build.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Keys of your own.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A step of the sale.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// The stage's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// What it is called.
    pub title: Text,
    /// What is true when it has worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<Text>,
    /// Where the buyer is meanwhile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub buyer_stage: Option<BuyerStage>,
    /// Whether the sale is decided here more than at the close.
    #[serde(default)]
    pub moment_of_truth: bool,
    /// Who does it: a role.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Reference>,
    /// How long it should take, in minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub minutes: Option<f64>,
    /// What must hold before it begins.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entry: Vec<Criterion>,
    /// What to have done beforehand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checklist: Vec<Text>,
    /// What happens, in order; one key a line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub script: Vec<Line>,
    /// What must hold before the next stage.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exit: Vec<Criterion>,
    /// The objections to expect, most likely first: the speed dial, keys 1–9.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub objections: Vec<IdOr<Objection>>,
    /// The closes that fit here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closes: Vec<IdOr<Close>>,
    /// What is shown or sent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<Material>,
    /// What must be in hand afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Text>,
    /// What shows that this is not a customer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disqualify: Vec<Text>,
    /// What is sent afterwards.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_up: Vec<FollowUp>,
    /// Where it goes on: branches, taken top down, or a plain id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// Where the buyer is on the way to buying.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BuyerStage {
    /// They learn that there is a problem or a way out of it.
    Awareness,
    /// They compare ways.
    Consideration,
    /// They decide.
    Purchase,
    /// They stay.
    Retention,
    /// They tell others.
    Advocacy,
}

/// A condition, plain or with its reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Criterion {
    /// The condition.
    Plain(Text),
    /// The condition and why it matters.
    Reasoned(Box<Reasoned>),
}

/// A condition and why it matters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reasoned {
    /// What must hold.
    pub that: Text,
    /// Why it matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub because: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// One line of a script: exactly one of `say`, `verbatim`, `ask`, `note`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("oneOf" = [{"required": ["say"]}, {"required": ["verbatim"]}, {"required": ["ask"]}, {"required": ["note"]}]))]
pub struct Line {
    /// Words to say, in one's own way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<Text>,
    /// Words that must be said exactly so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verbatim: Option<Text>,
    /// A question by its id, the question itself as text, or a question written in place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<Ask>,
    /// For the rep; never spoken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A question by its id, the question itself as text, or a question written in place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Ask {
    /// An id, where it is one by the grammar of ids; else the question itself.
    Text(Text),
    /// The question with all its keys.
    Question(Box<Question>),
}

/// Where a stage goes on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Next {
    /// Always there.
    To(Reference),
    /// The first branch that fits.
    Branches(Vec<NextItem>),
}

/// A branch, or a plain id that always fits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum NextItem {
    /// Always there.
    To(Reference),
    /// With a condition.
    Branch(Box<Branch>),
}

/// A way on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Branch {
    /// When it is taken; always, where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// A stage, close, objection or outcome.
    pub go: Reference,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// Something that is shown or sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Material {
    /// What it is called.
    pub title: Text,
    /// Where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// When it is used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What is sent afterwards.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct FollowUp {
    /// How long afterwards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Duration>,
    /// By which way: email, call, message, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<Text>,
    /// The words.
    pub say: Text,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A discovery question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Question {
    /// The question's id; made from its words where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// A short code, typed by heart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// The question, as it is asked.
    pub ask: Text,
    /// What the answer is good for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// Which dimension of which framework it covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dimension: Option<DimensionPath>,
    /// What in the answer is a good sign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub listen_for: Vec<Text>,
    /// What in the answer is a bad sign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warning_signs: Vec<Text>,
    /// What to ask then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub follow_ups: Vec<Text>,
    /// How to say back what was understood; `{{ answer }}` is what they said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm: Option<Text>,
    /// Where the answer is kept in the call record.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<VariableName>,
    /// What the answer is.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub of_type: Option<ValueType>,
    /// The answers to pick from, for `choice`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// Whether the stage is incomplete without an answer.
    #[serde(default)]
    pub required: bool,
    /// Free tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<Text>>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// An answer to pick.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Choice {
    /// The answer.
    Answer(Text),
    /// The answer and where it leads.
    Leading(Box<Leading>),
}

/// An answer and where it leads.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Leading {
    /// The answer.
    pub answer: Text,
    /// A stage, close, objection or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<Reference>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What a buyer says against going on, and how to answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Objection {
    /// The objection's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// A short code, typed by heart: `P1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// The objection in a few of the buyer's words.
    pub title: Text,
    /// What sort of thing it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<ObjectionKind>,
    /// What it is about: price, value, need, timing, authority, trust, competitor, status-quo,
    /// fit, risk, effort, terms, deflection, past-experience, or one of your own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<Text>,
    /// What is usually behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// What buyers say, as they say it; lookup lives on these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub utterances: Vec<Text>,
    /// Free tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<Text>>,
    /// Questions that, asked earlier, make it come up less.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prevent: Vec<IdOr<Question>>,
    /// After so many times, accept it and leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1))]
    pub limit: Option<u32>,
    /// Whom to bring in, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escalate: Option<Escalate>,
    /// How not to answer, and how.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<Example>,
    /// The answers, best first.
    #[schemars(length(min = 1))]
    pub responses: Vec<Response>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What sort of thing an objection is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ObjectionKind {
    /// They want to know.
    Question,
    /// A reflex to end the call.
    BrushOff,
    /// A plausible cover for something else.
    Smokescreen,
    /// A true concern.
    Objection,
    /// A real blocker that no words fix.
    Condition,
}

/// Whom to bring in, and when.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Escalate {
    /// Whom.
    pub to: Text,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// How not to answer, and how.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [{"required": ["bad"]}, {"required": ["good"]}]))]
pub struct Example {
    /// What not to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bad: Option<Text>,
    /// What to say instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub good: Option<Text>,
    /// What makes the difference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// One way to answer an objection: either `say`, or `steps` where it takes turns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("oneOf" = [{"required": ["say"]}, {"required": ["steps"]}]))]
pub struct Response {
    /// The response's id; made from its technique where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// How it answers: laer, laarc, lair, feel-felt-found, ledge-disrupt-ask, boomerang, isolate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<Text>,
    /// Which situation it fits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Text>,
    /// The acknowledgement said first: at most 8 words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bridge: Option<Text>,
    /// The answer: at most 40 words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<Text>,
    /// The answer in turns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(min = 1))]
    pub steps: Vec<Step>,
    /// The question that hands the word back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ask: Option<Text>,
    /// The claims behind it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<IdOr<Proof>>,
    /// What not to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub avoid: Vec<Text>,
    /// What to do if it does not land: another response of this objection, or `accept`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_resists: Option<Reference>,
    /// Where it leads when it lands: a stage, close, objection or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<Reference>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// One turn of a response.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// What it does: listen, acknowledge, explore, respond, confirm, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<Text>,
    /// The words.
    pub say: Text,
    /// Whether to wait for their answer.
    #[serde(default)]
    pub wait: bool,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A way to ask for the decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Close {
    /// The close's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// A short code, typed by heart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// What it is called.
    pub title: Text,
    /// Which technique it is: direct, assumptive, summary, trial, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub technique: Option<Text>,
    /// What shows that its moment has come.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Text>,
    /// The words: at most 40.
    pub say: Text,
    /// Where a yes leads: an outcome, a stage, a close or an objection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_yes: Option<Reference>,
    /// Where a no leads: an objection, a stage, a close or an outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub if_no: Option<Reference>,
    /// Until when the fact of a scarcity close holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub true_until: Option<Date>,
    /// The fact behind a scarcity close.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fact: Option<Text>,
    /// What not to do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub avoid: Vec<Text>,
    /// Free tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<Text>>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What is not an objection but should be noticed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [{"required": ["id"]}, {"required": ["title"]}]))]
pub struct Signal {
    /// The signal's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// A short code, typed by heart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it tells: buying, warning, …
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Text>,
    /// What buyers say then.
    #[schemars(length(min = 1))]
    pub utterances: Vec<Text>,
    /// Words to say then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub say: Option<Text>,
    /// Where it leads: a stage, close, objection or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub go: Option<Reference>,
    /// Free tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<Text>>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A battlecard: one competitor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Competitor {
    /// The competitor's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// A short code, typed by heart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub code: Option<Text>,
    /// What it is called.
    pub title: Text,
    /// What buyers call it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<Text>,
    /// One paragraph.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// Where we win.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub we_win: Vec<Text>,
    /// Where we lose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub we_lose: Vec<Text>,
    /// Questions that expose a gap of theirs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub landmines: Vec<Text>,
    /// What they claim.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub they_say: Vec<Text>,
    /// The claims behind ours.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proof: Vec<IdOr<Proof>>,
    /// Free tags.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<Text>>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A claim with a source and a date.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proof {
    /// The proof's id; made from the claim where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// What is claimed.
    pub claim: Text,
    /// Who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<Text>,
    /// Where it can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<Link>,
    /// When it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
    /// When it may no longer be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires: Option<Date>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// How a call can end.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [{"required": ["id"]}, {"required": ["title"]}]))]
pub struct Outcome {
    /// The outcome's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What it means for the deal.
    pub result: DealResult,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// What an outcome means for the deal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DealResult {
    /// It was reached.
    Won,
    /// A customer took more.
    Upgraded,
    /// It rests.
    Paused,
    /// It is over.
    Lost,
    /// It goes on.
    Open,
}

/// What is measured, and what is aimed at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("anyOf" = [{"required": ["id"]}, {"required": ["title"]}]))]
pub struct Metric {
    /// The metric's id; made from the title where it is not written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Id>,
    /// What it is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// What is counted: a stage, close, objection or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Reference>,
    /// Which share of those is meant: the ones that came to this stage, close or outcome.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<Reference>,
    /// What is aimed at: a share from 0 to 1 where there is a `to`, else a number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<f64>,
    /// In which time: day, week, month, quarter, year, call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per: Option<Text>,
    /// Whose target it is: person, team or company.
    #[serde(rename = "for", skip_serializing_if = "Option::is_none")]
    pub whose: Option<Text>,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}

/// A test of the lookup. What was heard is never indexed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Lookup {
    /// What was heard.
    pub heard: Text,
    /// The id of the card that must be found.
    pub finds: Reference,
    /// Common to all parts.
    #[serde(flatten)]
    pub common: Common,
}
