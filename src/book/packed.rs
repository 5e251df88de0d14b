//! A file that was read, as bytes for the next time: what it says, and where everything stands in it. Only
//! what nothing is wrong with is packed; all else is read anew, and told of anew.

use std::collections::BTreeMap;

use serde_json::{Map, Number, Value};

use super::RawFile;
use super::raw::*;
use super::reader::{ReadFile, Said};
use crate::keep::{Reader, Writer};

/// What can be packed.
trait Pack: Sized {
    /// Writes it.
    fn pack(&self, out: &mut Writer);
    /// Reads it back; nothing where that is not what was written.
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self>;
}

impl Pack for u32 {
    fn pack(&self, out: &mut Writer) {
        out.number(*self);
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        bytes.number()
    }
}

impl Pack for bool {
    fn pack(&self, out: &mut Writer) {
        out.number(u32::from(*self));
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        match bytes.number()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }
}

impl Pack for f64 {
    fn pack(&self, out: &mut Writer) {
        out.bytes(&self.to_bits().to_le_bytes());
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        Some(f64::from_bits(u64::from_le_bytes(bytes.bytes()?.try_into().ok()?)))
    }
}

impl Pack for String {
    fn pack(&self, out: &mut Writer) {
        out.text(self);
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        bytes.text().map(str::to_owned)
    }
}

impl<T: Pack> Pack for Option<T> {
    fn pack(&self, out: &mut Writer) {
        self.is_some().pack(out);
        self.iter().for_each(|some| some.pack(out));
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        Some(if bool::unpack(bytes)? { Some(T::unpack(bytes)?) } else { None })
    }
}

impl<T: Pack> Pack for Box<T> {
    fn pack(&self, out: &mut Writer) {
        (**self).pack(out);
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        T::unpack(bytes).map(Box::new)
    }
}

impl<T: Pack> Pack for Vec<T> {
    fn pack(&self, out: &mut Writer) {
        out.number(self.len() as u32);
        self.iter().for_each(|one| one.pack(out));
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        bytes.all(T::unpack)
    }
}

impl<T: Pack> Pack for BTreeMap<String, T> {
    fn pack(&self, out: &mut Writer) {
        out.number(self.len() as u32);
        for (key, value) in self {
            key.pack(out);
            value.pack(out);
        }
    }
    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        let entries = bytes.all(|bytes| Some((String::unpack(bytes)?, T::unpack(bytes)?)))?;
        Some(entries.into_iter().collect())
    }
}

/// Values of a writer's own keys. A file that is read has few levels; what has more is not what was written.
impl Pack for Value {
    fn pack(&self, out: &mut Writer) {
        match self {
            Value::Null => out.number(0),
            Value::Bool(truth) => out.number(1 + u32::from(*truth)),
            Value::String(text) => {
                out.number(3);
                text.pack(out);
            }
            Value::Array(items) => {
                out.number(4);
                items.pack(out);
            }
            Value::Object(entries) => {
                out.number(5);
                out.number(entries.len() as u32);
                for (key, value) in entries {
                    key.pack(out);
                    value.pack(out);
                }
            }
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(whole), _) => {
                    out.number(6);
                    out.bytes(&whole.to_le_bytes());
                }
                (_, Some(whole)) => {
                    out.number(7);
                    out.bytes(&whole.to_le_bytes());
                }
                _ => {
                    out.number(8);
                    number.as_f64().unwrap_or_default().pack(out);
                }
            },
        }
    }

    fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
        fn value(bytes: &mut Reader<'_>, depth: usize) -> Option<Value> {
            const DEEPEST: usize = 200;
            let deeper = (depth < DEEPEST).then_some(depth + 1)?;
            Some(match bytes.number()? {
                0 => Value::Null,
                1 => Value::Bool(false),
                2 => Value::Bool(true),
                3 => Value::String(String::unpack(bytes)?),
                4 => Value::Array(bytes.all(|bytes| value(bytes, deeper))?),
                5 => {
                    let entries = bytes.all(|bytes| Some((String::unpack(bytes)?, value(bytes, deeper)?)))?;
                    Value::Object(entries.into_iter().collect::<Map<_, _>>())
                }
                6 => Value::Number(u64::from_le_bytes(bytes.bytes()?.try_into().ok()?).into()),
                7 => Value::Number(i64::from_le_bytes(bytes.bytes()?.try_into().ok()?).into()),
                8 => Value::Number(Number::from_f64(f64::unpack(bytes)?)?),
                _ => return None,
            })
        }
        value(bytes, 0)
    }
}

/// Texts with a meaning of their own.
macro_rules! texts {
    ($($name:ident)*) => {$(
        impl Pack for $name {
            fn pack(&self, out: &mut Writer) {
                self.0.pack(out);
            }
            fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
                String::unpack(bytes).map($name)
            }
        }
    )*};
}

/// Taken apart field by field, so that a new one is not forgotten.
macro_rules! parts {
    ($($name:ident { $($field:ident)* })*) => {$(
        impl Pack for $name {
            fn pack(&self, out: &mut Writer) {
                let $name { $($field),* } = self;
                $($field.pack(out);)*
            }
            fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
                Some($name { $($field: Pack::unpack(bytes)?),* })
            }
        }
    )*};
}

/// One of several with nothing in it.
macro_rules! names {
    ($($name:ident { $($case:ident = $number:literal)* })*) => {$(
        impl Pack for $name {
            fn pack(&self, out: &mut Writer) {
                out.number(match self { $($name::$case => $number),* });
            }
            fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
                match bytes.number()? {
                    $($number => Some($name::$case),)*
                    _ => None,
                }
            }
        }
    )*};
}

/// One of two with something in it.
macro_rules! either {
    ($($name:ident $(<$of:ident>)? { $one:ident $other:ident })*) => {$(
        impl $(<$of: Pack>)? Pack for $name $(<$of>)? {
            fn pack(&self, out: &mut Writer) {
                match self {
                    $name::$one(it) => {
                        out.number(0);
                        it.pack(out);
                    }
                    $name::$other(it) => {
                        out.number(1);
                        it.pack(out);
                    }
                }
            }
            fn unpack(bytes: &mut Reader<'_>) -> Option<Self> {
                match bytes.number()? {
                    0 => Pack::unpack(bytes).map($name::$one),
                    1 => Pack::unpack(bytes).map($name::$other),
                    _ => None,
                }
            }
        }
    )*};
}

texts! { Text Id Reference DimensionPath VariableName LanguageTag Date Duration Link }

names! {
    Visibility { Public = 0 Internal = 1 }
    CheckSeverity { Error = 0 Warning = 1 Info = 2 Off = 3 }
    ValueType { Text = 0 Choice = 1 Number = 2 Date = 3 YesNo = 4 }
    BuyerStage { Awareness = 0 Consideration = 1 Purchase = 2 Retention = 3 Advocacy = 4 }
    ObjectionKind { Question = 0 BrushOff = 1 Smokescreen = 2 Objection = 3 Condition = 4 }
    DealResult { Won = 0 Upgraded = 1 Paused = 2 Lost = 3 Open = 4 }
}

either! {
    IdOr<T> { Id Part }
    Variables { List Short }
    Criterion { Plain Reasoned }
    Ask { Text Question }
    Next { To Branches }
    NextItem { To Branch }
    Choice { Answer Leading }
}

parts! {
    Meta { owner source verified review_every confidence extra }
    Common { visibility meta was extra }
    BookFile { title language base_url edit_url variables lookup frameworks check extra }
    CheckSettings { severity jargon known extra }
    LookupFloors { recall_at_1 recall_at_3 extra }
    Variable { name title of_type default example required options common }
    PlaybookFile { playbook title language stages anytime shared }
    LibraryFile { library title language anytime shared }
    Shared {
        summary method frameworks audience owner uses roles variables questions objections closes signals
        competitors proofs outcomes metrics lookups common
    }
    LexiconFile { lexicon groups extra }
    LexiconGroup { id category expressions extra }
    Audience { role persona segment extra }
    Role { id title common }
    Framework { id title dimensions visibility extra }
    Dimension { id title visibility extra }
    Stage {
        id title goal buyer_stage moment_of_truth role minutes entry checklist script exit objections closes
        materials outputs disqualify follow_up next common
    }
    Reasoned { that because common }
    Line { say verbatim ask note common }
    Branch { when go common }
    Material { title link when common }
    FollowUp { after channel say common }
    Question {
        id code ask why dimension listen_for warning_signs follow_ups confirm field of_type options required
        tags common
    }
    Leading { answer go common }
    Objection {
        id code title kind category why utterances tags prevent limit escalate examples responses common
    }
    Escalate { to when common }
    Example { bad good why common }
    Response { id technique when bridge say steps ask proof avoid if_resists next common }
    Step { step say wait common }
    Close { id code title technique signals say if_yes if_no true_until fact avoid tags common }
    Signal { id code title kind utterances say go tags common }
    Competitor { id code title aliases summary we_win we_lose landmines they_say proof tags common }
    Proof { id claim source link date expires common }
    Outcome { id title result common }
    Metric { id title from to target per whose common }
    Lookup { heard finds common }
}

/// A file that was read, and of these bytes its places; nothing for a file that something is wrong with.
pub(super) fn pack(read: &ReadFile, of: u64) -> Option<(Vec<u8>, Box<[u8]>)> {
    let spans = read.source.as_ref()?.spans();
    if !read.findings.is_empty() || !read.whole || !spans.is_as_written() {
        return None;
    }
    let mut out = Writer(of.to_le_bytes().to_vec());
    said(read.said.as_ref()?, &mut out)?;
    let begin = out.0.len();
    spans.pack(&mut out);
    let places = out.0[begin..].into();
    Some((out.0, places))
}

/// What [`pack`] made of a file of this sum.
pub(super) fn unpack(kept: &[u8], of: u64) -> Option<(Said, Box<[u8]>)> {
    let (told, kept) = kept.split_first_chunk::<8>()?;
    if u64::from_le_bytes(*told) != of {
        return None;
    }
    let mut bytes = Reader(kept);
    let said = unpacked(&mut bytes)?;
    Some((said, bytes.0.into()))
}

/// What a file says, where nothing is wrong with it.
fn said(said: &Said, out: &mut Writer) -> Option<()> {
    fn sound<T: Pack>(number: u32, file: &RawFile<T>, out: &mut Writer) -> Option<()> {
        let RawFile { file: _, raw, dropped, incomplete, stand_in } = file;
        if !dropped.is_empty() || *incomplete || *stand_in {
            return None;
        }
        out.number(number);
        raw.pack(out);
        Some(())
    }
    match said {
        Said::Book(file) => sound(0, file, out),
        Said::Playbook(file) => sound(1, file, out),
        Said::Library(file) => sound(2, file, out),
        Said::Lexicon(file) => sound(3, file, out),
    }
}

/// What [`said`] wrote.
fn unpacked(bytes: &mut Reader<'_>) -> Option<Said> {
    fn file<T: Pack>(bytes: &mut Reader<'_>) -> Option<RawFile<T>> {
        let raw = T::unpack(bytes)?;
        Some(RawFile { file: 0, raw, dropped: Vec::new(), incomplete: false, stand_in: false })
    }
    Some(match bytes.number()? {
        0 => Said::Book(file(bytes)?),
        1 => Said::Playbook(Box::new(file(bytes)?)),
        2 => Said::Library(Box::new(file(bytes)?)),
        3 => Said::Lexicon(file(bytes)?),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::{InputFile, read};
    use super::*;

    fn file(name: &str, text: &str) -> InputFile {
        InputFile { name: name.into(), bytes: text.as_bytes().to_vec() }
    }

    const EVERYTHING: &str = "playbook: a
title: A
language: en
was: [b]
meta: {owner: Lan, verified: 2026-01-02, review_every: 6m, x-more: [1, -2, 2.5, true, null, {k: v}]}
uses: [core]
frameworks: [bant, {id: own, dimensions: [{id: one, title: One}]}]
audience: {role: [rep], persona: [owner]}
variables: [{name: a.b, type: number, default: 1, required: yes}]
stages:
  - {title: S, moment_of_truth: true, minutes: 2.5, buyer_stage: purchase, entry: [x, {that: y, because: z}],
     script: [{say: s}, {ask: q}, {ask: {ask: 'Who?', type: choice, options: [a, {answer: b, go: won}]}}, {note: n}],
     next: [won, {when: w, go: won}], materials: [{title: M, link: m.pdf}], follow_up: [{after: 3d, say: f}]}
  - {title: T, next: won, role: rep}
anytime: [{go: won}]
questions: [{id: q, ask: 'Why?', dimension: bant.need, tags: {a: [b]}}]
objections: &o
  - {id: p, title: P, kind: brush-off, limit: 2, utterances: [no, 1.50, yes], escalate: {to: L},
     examples: [{bad: b, good: g}], prevent: [q], responses: [{steps: [{say: x, wait: true}], proof: [{claim: c}]}]}
closes: [{title: C, say: s, if_yes: won, true_until: 2027-01-01, fact: f, technique: now-or-never}]
signals: [{id: s, utterances: [u]}]
competitors: [{title: K, we_win: [w]}]
proofs: [{claim: c, date: 2026-01-01, link: 'https://x.example'}]
outcomes: [{id: won, title: Won, result: upgraded}]
metrics: [{id: m, target: 0.25, for: team}]
lookups: [{heard: h, finds: p}]
roles: [{id: rep}]
x-own: *o
";

    #[test]
    fn what_was_packed_is_what_was_read() {
        let others = [
            (
                "book.yaml",
                "title: T\nlanguage: vi\nvariables: {a: b}\nlookup: {recall_at_1: 0.9}\ncheck: {severity: {x: off}, known: [CRM]}\n",
            ),
            ("l.yaml", "\u{feff}library: a\nlanguage: zh-Hant\nsummary: |\n  \u{592a}\u{8cb4}\n  x\n"),
            ("w.yaml", "lexicon: en\ngroups: [{id: a, category: price, expressions: [b, c]}]\n"),
            ("e.yaml", EVERYTHING),
        ];
        for (name, text) in others {
            let fresh = read(file(name, text));
            assert!(fresh.findings.is_empty(), "{name}: {:?}", fresh.findings);
            let (bytes, _) = pack(&fresh, 7).expect("a sound file");
            assert!(unpack(&bytes, 8).is_none(), "other bytes");
            let (said, places) = unpack(&bytes, 7).expect("what was packed");
            assert_eq!(format!("{said:?}"), format!("{:?}", fresh.said.as_ref().expect("something")));
            let spans = super::super::spans::Spans::unpack(&mut Reader(&places)).expect("places");
            let placed = fresh.source.expect("a source");
            assert_eq!(format!("{spans:?}"), format!("{:?}", placed.spans()), "{name}");
            // Cut short anywhere it is nothing, or what lacks is places alone.
            for end in 0..bytes.len() {
                drop(unpack(&bytes[..end], 7));
            }
        }
        for faulty in ["playbook: a\ntitle: A\nlanguage: en\nmisspelt: x\n", "a: [", "", "playbook: a\n"] {
            assert!(pack(&read(file("f.yaml", faulty)), 7).is_none(), "{faulty}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_unpacked_nothing_breaks(
            at in 8..400_usize, with in prop::collection::vec(any::<u8>(), 1..6),
        ) {
            let (mut bytes, _) = pack(&read(file("e.yaml", EVERYTHING)), 7).expect("a sound file");
            let end = (at + with.len()).min(bytes.len());
            bytes.splice(at.min(end)..end, with);
            if let Some((_, places)) = unpack(&bytes, 7) {
                drop(super::super::spans::Spans::unpack(&mut Reader(&places)));
            }
            drop(super::super::spans::Spans::unpack(&mut Reader(&bytes[at.min(bytes.len())..])));
        }
    }
}
