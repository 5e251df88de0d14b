//! The parts of a book as keys and values that can be laid side by side. Every model type is taken apart
//! field by field, so that a new key cannot be forgotten here.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::book::Book;
use crate::book::model::*;

/// What a key holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    /// A name, a number, a reference: it changes.
    Plain(String),
    /// Something said or read: it is reworded.
    Words(String),
    /// A list of either.
    List(Vec<String>, bool),
    /// Pieces with keys of their own.
    Pieces(Vec<Piece>),
}

/// A piece of a part: a response, a line, a branch.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Piece {
    /// What it is called: `response`.
    pub noun: &'static str,
    /// Its id, where it has one.
    pub id: Option<String>,
    /// What it says, in a few words.
    pub title: String,
    /// Its keys.
    pub fields: Fields,
}

/// Keys and values, in the order of the format.
pub(super) type Fields = Vec<(String, Value)>;

/// A part of a volume.
pub(super) struct PartOf {
    pub noun: &'static str,
    pub id: String,
    pub title: String,
    pub was: Vec<String>,
    pub fields: Fields,
}

/// New ids by old ones, of one kind of part or volume in one language.
pub(super) type Renames = BTreeMap<(String, &'static str, String), String>;

/// Reads parts of one of the two books; ids of the old one are told as they are now.
pub(super) struct Reader<'a> {
    pub book: &'a Book,
    pub language: String,
    pub renames: &'a Renames,
}

struct Keys(Fields);

impl Keys {
    fn plain(&mut self, key: &str, value: Option<impl ToString>) -> &mut Self {
        self.0.extend(value.map(|value| (key.to_string(), Value::Plain(value.to_string()))));
        self
    }
    fn flag(&mut self, key: &str, value: bool) -> &mut Self {
        self.plain(key, value.then_some("yes"))
    }
    fn words(&mut self, key: &str, value: Option<&Markup>) -> &mut Self {
        self.0.extend(value.map(|value| (key.to_string(), Value::Words(value.source().to_string()))));
        self
    }
    fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.0.push((key.to_string(), Value::Words(value.to_string())));
        self
    }
    fn list(&mut self, key: &str, items: Vec<String>, said: bool) -> &mut Self {
        if !items.is_empty() {
            self.0.push((key.to_string(), Value::List(items, said)));
        }
        self
    }
    fn many(&mut self, key: &str, items: &[Markup]) -> &mut Self {
        self.list(key, items.iter().map(|item| item.source().to_string()).collect(), true)
    }
    fn pieces(&mut self, key: &str, pieces: Vec<Piece>) -> &mut Self {
        if !pieces.is_empty() {
            self.0.push((key.to_string(), Value::Pieces(pieces)));
        }
        self
    }
    fn tags(&mut self, tags: &BTreeMap<String, Vec<String>>) -> &mut Self {
        let tags = tags.iter().flat_map(|(key, values)| values.iter().map(move |one| format!("{key}={one}")));
        self.list("tags", tags.collect(), false)
    }
    fn extra(&mut self, extra: &Extra) -> &mut Self {
        for (key, value) in extra {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_string);
            self.plain(key, Some(text));
        }
        self
    }
    fn common(&mut self, common: &Common) -> &mut Self {
        let Common { place: _, visibility, meta, was: _, extra } = common;
        self.plain("visibility", (*visibility == Visibility::Internal).then_some("internal"));
        if let Some(Meta { owner, source, verified, review_every, confidence, extra }) = meta {
            self.plain("meta.owner", owner.as_ref()).plain("meta.source", source.as_ref());
            self.plain("meta.verified", *verified).plain("meta.review_every", review_every.as_ref());
            self.plain("meta.confidence", confidence.as_ref()).extra(extra);
        }
        self.extra(extra)
    }
}

fn keys() -> Keys {
    Keys(Fields::new())
}

fn piece(noun: &'static str, id: Option<String>, title: impl Into<String>, keys: Keys) -> Piece {
    Piece { noun, id, title: title.into(), fields: keys.0 }
}

fn name(value: impl Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|value| value.as_str().map(str::to_string)).unwrap_or_default()
}

fn sources(items: &[String]) -> Vec<String> {
    items.to_vec()
}

impl Reader<'_> {
    fn id(&self, noun: &'static str, language: &str, id: &Id) -> String {
        let key = (language.to_string(), noun, id.to_string());
        self.renames.get(&key).cloned().unwrap_or_else(|| id.to_string())
    }

    fn of<T: Part + 'static>(&self, reference: Ref<T>) -> String {
        self.id(T::NOUN, &self.language, self.book.get(reference).id())
    }

    fn all<T: Part + 'static>(&self, references: &[Ref<T>]) -> Vec<String> {
        references.iter().map(|reference| self.of(*reference)).collect()
    }

    fn target(&self, target: Target) -> String {
        match target {
            Target::Stage(to) => self.of(to),
            Target::Close(to) => self.of(to),
            Target::Objection(to) => self.of(to),
            Target::Outcome(to) => self.of(to),
        }
    }

    fn to(&self, target: Option<Target>) -> Option<String> {
        target.map(|target| self.target(target))
    }

    fn branches(&self, branches: &[Branch]) -> Vec<Piece> {
        let one = |branch: &Branch| {
            let Branch { when, go, common } = branch;
            let go = self.target(*go);
            let mut fields = keys();
            fields.words("when", when.as_ref()).plain("go", Some(&go)).common(common);
            let title = when.as_ref().map_or(go, |when| when.source().to_string());
            piece("branch", None, title, fields)
        };
        branches.iter().map(one).collect()
    }

    fn criteria(&self, criteria: &[Criterion]) -> Vec<Piece> {
        let one = |criterion: &Criterion| {
            let Criterion { that, because, common } = criterion;
            let mut fields = keys();
            fields.text("that", that.source()).words("because", because.as_ref()).common(common);
            piece("criterion", None, that.source(), fields)
        };
        criteria.iter().map(one).collect()
    }

    fn line(&self, line: &Line) -> Piece {
        let Line { content, common } = line;
        let mut fields = keys();
        let (noun, id, title) = match content {
            LineContent::Say(say) => ("line", None, say.source().to_string()),
            LineContent::Verbatim(say) => ("word-for-word line", None, say.source().to_string()),
            LineContent::Ask(question) => ("question", Some(self.of(*question)), self.of(*question)),
            LineContent::AskText(ask) => ("question", None, ask.source().to_string()),
            LineContent::Note(note) => ("note", None, note.source().to_string()),
        };
        if id.is_none() {
            fields.text("", &title);
        }
        fields.common(common);
        piece(noun, id, title, fields)
    }

    /// Every part of a volume, kind by kind, and the volume's own keys.
    pub fn volume(&self, volume: &Volume) -> (Fields, Vec<PartOf>) {
        let Volume {
            kind: _,
            id: _,
            title,
            language: _,
            summary,
            method,
            frameworks,
            audience,
            owner,
            uses,
            roles,
            variables,
            stages,
            questions,
            objections,
            closes,
            signals,
            competitors,
            proofs,
            outcomes,
            anytime,
            metrics,
            lookups,
            common,
        } = volume;
        let Audience { role, persona, segment, extra } = audience;
        let mut own = keys();
        own.text("title", title).words("summary", summary.as_ref()).plain("method", method.as_ref());
        own.pieces("frameworks", frameworks.iter().map(framework).collect());
        own.list("audience.role", sources(role), false).list("audience.persona", sources(persona), false);
        own.list("audience.segment", sources(segment), false).extra(extra).plain("owner", owner.as_ref());
        let used = |number: &usize| {
            let used = &self.book.volumes[*number];
            self.id("library", used.language.as_str(), &used.id)
        };
        let mut libraries: Vec<String> = uses.iter().map(used).collect();
        libraries.sort();
        own.list("uses", libraries, false);
        own.pieces("variables", variables.iter().map(variable).collect());
        own.pieces("anytime", self.branches(anytime));
        own.pieces("lookups", lookups.iter().map(|lookup| self.lookup(lookup)).collect()).common(common);
        let mut parts = Vec::new();
        parts.extend(stages.iter().map(|part| of(part, &part.title, self.stage(part))));
        parts.extend(questions.iter().map(|part| of(part, part.ask.source(), self.question(part))));
        parts.extend(objections.iter().map(|part| of(part, &part.title, self.objection(part))));
        parts.extend(closes.iter().map(|part| of(part, &part.title, self.close(part))));
        parts.extend(signals.iter().map(|part| of(part, &part.title, self.signal(part))));
        parts.extend(competitors.iter().map(|part| of(part, &part.title, self.competitor(part))));
        parts.extend(proofs.iter().map(|part| of(part, part.claim.source(), proof(part))));
        parts.extend(outcomes.iter().map(|part| of(part, &part.title, outcome(part))));
        parts.extend(metrics.iter().map(|part| of(part, &part.title, self.metric(part))));
        parts.extend(roles.iter().map(|part| {
            let Role { id: _, title, common } = part;
            let mut fields = keys();
            fields.text("title", title).common(common);
            of(part, title, fields)
        }));
        (own.0, parts)
    }

    fn lookup(&self, lookup: &Lookup) -> Piece {
        let Lookup { heard, finds, common } = lookup;
        let mut fields = keys();
        // The id of a card of whichever kind.
        let kinds = ["objection", "signal", "close", "question", "competitor", "stage"];
        let found =
            kinds.iter().map(|kind| self.id(kind, &self.language, finds)).find(|now| now != finds.as_str());
        fields.plain("finds", Some(found.unwrap_or_else(|| finds.to_string()))).common(common);
        piece("lookup", Some(heard.clone()), heard, fields)
    }

    fn stage(&self, stage: &Stage) -> Keys {
        let Stage {
            id: _,
            title,
            goal,
            buyer_stage,
            moment_of_truth,
            role,
            minutes,
            entry,
            checklist,
            script,
            exit,
            objections,
            closes,
            materials,
            outputs,
            disqualify,
            follow_up,
            next,
            common,
        } = stage;
        let mut fields = keys();
        fields.text("title", title).words("goal", goal.as_ref());
        fields.plain("buyer_stage", buyer_stage.map(name)).flag("moment_of_truth", *moment_of_truth);
        fields.plain("role", role.map(|role| self.of(role))).plain("minutes", *minutes);
        fields.pieces("entry", self.criteria(entry)).many("checklist", checklist);
        fields.pieces("script", script.iter().map(|line| self.line(line)).collect());
        fields.pieces("exit", self.criteria(exit));
        fields.list("objections", self.all(objections), false).list("closes", self.all(closes), false);
        fields.pieces("materials", materials.iter().map(material).collect());
        fields.many("outputs", outputs).many("disqualify", disqualify);
        fields.pieces("follow_up", follow_up.iter().map(followed).collect());
        fields.pieces("next", self.branches(next)).common(common);
        fields
    }

    fn question(&self, question: &Question) -> Keys {
        let Question {
            id: _,
            code,
            ask,
            why,
            dimension,
            listen_for,
            warning_signs,
            follow_ups,
            confirm,
            field,
            of_type,
            options,
            required,
            tags,
            common,
        } = question;
        let mut fields = keys();
        fields.plain("code", code.as_ref()).text("ask", ask.source()).words("why", why.as_ref());
        fields.plain("dimension", dimension.as_ref().map(|(framework, one)| format!("{framework}.{one}")));
        fields.many("listen_for", listen_for).many("warning_signs", warning_signs);
        fields.many("follow_ups", follow_ups).words("confirm", confirm.as_ref());
        fields.plain("field", field.as_ref());
        fields.plain("type", (*of_type != ValueType::default()).then(|| name(of_type)));
        let choice = |choice: &Choice| {
            let Choice { answer, go, common } = choice;
            let mut fields = keys();
            fields.plain("go", self.to(*go)).common(common);
            piece("option", Some(answer.clone()), answer, fields)
        };
        fields.pieces("options", options.iter().map(choice).collect());
        fields.flag("required", *required).tags(tags).common(common);
        fields
    }

    fn objection(&self, objection: &Objection) -> Keys {
        let Objection {
            id: _,
            code,
            title,
            kind,
            category,
            why,
            utterances,
            tags,
            prevent,
            limit,
            escalate,
            examples,
            responses,
            common,
        } = objection;
        let mut fields = keys();
        fields.plain("code", code.as_ref()).text("title", title).plain("kind", Some(kind.as_str()));
        fields.plain("category", category.as_ref()).words("why", why.as_ref());
        fields.list("utterances", sources(utterances), true).tags(tags);
        fields.list("prevent", self.all(prevent), false).plain("limit", *limit);
        let escalated = escalate.iter().map(|escalate| {
            let Escalate { to, when, common } = escalate;
            let mut fields = keys();
            fields.plain("to", Some(to)).words("when", when.as_ref()).common(common);
            piece("escalation", Some(String::new()), to, fields)
        });
        fields.pieces("escalate", escalated.collect());
        let example = |example: &Example| {
            let Example { bad, good, why, common } = example;
            let mut fields = keys();
            fields.words("bad", bad.as_ref()).words("good", good.as_ref()).words("why", why.as_ref());
            fields.common(common);
            let title = bad.as_ref().or(good.as_ref()).map_or("", Markup::source);
            piece("example", None, title, fields)
        };
        fields.pieces("examples", examples.iter().map(example).collect());
        let response = |response| self.response(objection, response);
        fields.pieces("responses", responses.iter().map(response).collect()).common(common);
        fields
    }

    fn response(&self, objection: &Objection, response: &Response) -> Piece {
        let Response { id, technique, when, bridge, answer, ask, proof, avoid, if_resists, next, common } =
            response;
        let mut fields = keys();
        fields.plain("technique", technique.as_ref()).words("when", when.as_ref());
        fields.words("bridge", bridge.as_ref());
        match answer {
            Answer::Say(say) => fields.text("say", say.source()),
            Answer::Steps(steps) => fields.pieces("steps", steps.iter().map(turn).collect()),
        };
        fields.words("ask", ask.as_ref()).list("proof", self.all(proof), false).many("avoid", avoid);
        let resists = if_resists.map(|resists| match resists {
            IfResists::Accept => "accept".to_string(),
            IfResists::Response(index) => objection.responses[index].id.to_string(),
        });
        fields.plain("if_resists", resists).plain("next", self.to(*next)).common(common);
        piece("response", Some(id.to_string()), id.as_str(), fields)
    }

    fn close(&self, close: &Close) -> Keys {
        let Close {
            id: _,
            code,
            title,
            technique,
            signals,
            say,
            if_yes,
            if_no,
            true_until,
            fact,
            avoid,
            tags,
            common,
        } = close;
        let mut fields = keys();
        fields.plain("code", code.as_ref()).text("title", title).plain("technique", technique.as_ref());
        fields.many("signals", signals).text("say", say.source());
        fields.plain("if_yes", self.to(*if_yes)).plain("if_no", self.to(*if_no));
        fields.plain("true_until", *true_until).words("fact", fact.as_ref()).many("avoid", avoid);
        fields.tags(tags).common(common);
        fields
    }

    fn signal(&self, signal: &Signal) -> Keys {
        let Signal { id: _, code, title, kind, utterances, say, go, tags, common } = signal;
        let mut fields = keys();
        fields.plain("code", code.as_ref()).text("title", title).plain("kind", kind.as_ref());
        fields.list("utterances", sources(utterances), true).words("say", say.as_ref());
        fields.plain("go", self.to(*go)).tags(tags).common(common);
        fields
    }

    fn competitor(&self, competitor: &Competitor) -> Keys {
        let Competitor {
            id: _,
            code,
            title,
            aliases,
            summary,
            we_win,
            we_lose,
            landmines,
            they_say,
            proof,
            tags,
            common,
        } = competitor;
        let mut fields = keys();
        fields.plain("code", code.as_ref()).text("title", title).list("aliases", sources(aliases), false);
        fields.words("summary", summary.as_ref()).many("we_win", we_win).many("we_lose", we_lose);
        fields.many("landmines", landmines).many("they_say", they_say);
        fields.list("proof", self.all(proof), false).tags(tags).common(common);
        fields
    }

    fn metric(&self, metric: &Metric) -> Keys {
        let Metric { id: _, title, from, to, target, per, whose, common } = metric;
        let mut fields = keys();
        fields.text("title", title).plain("from", self.to(*from)).plain("to", self.to(*to));
        fields.plain("target", *target).plain("per", per.as_ref()).plain("for", whose.as_ref());
        fields.common(common);
        fields
    }

    /// The keys of `book.yaml`.
    pub fn whole(&self) -> Fields {
        let Book {
            title,
            language,
            base_url,
            edit_url,
            variables,
            lookup,
            frameworks,
            volumes: _,
            lexicons: _,
            check,
            extra,
            sources: _,
        } = self.book;
        let LookupFloors { recall_at_1, recall_at_3 } = lookup;
        let CheckSettings { severity, jargon, known, place: _, extra: more } = check;
        let mut fields = keys();
        fields.text("title", title).plain("language", Some(language));
        fields.plain("base_url", base_url.as_ref()).plain("edit_url", edit_url.as_ref());
        fields.pieces("variables", variables.iter().map(variable).collect());
        fields.plain("lookup.recall_at_1", *recall_at_1).plain("lookup.recall_at_3", *recall_at_3);
        // Those that ship are the same in both.
        fields.pieces("frameworks", frameworks.iter().map(framework).collect());
        let severity = severity.iter().map(|(code, severity)| format!("{code}: {}", name(severity)));
        fields.list("check.severity", severity.collect(), false);
        fields.list("check.jargon", sources(jargon), false).list("check.known", sources(known), false);
        fields.extra(more).extra(extra);
        fields.0
    }
}

/// The groups of a lexicon.
pub(super) fn lexicon(lexicon: &Lexicon) -> Fields {
    let Lexicon { language: _, groups, place: _, extra } = lexicon;
    let group = |group: &LexiconGroup| {
        let LexiconGroup { id, category, expressions, extra } = group;
        let mut fields = keys();
        fields.plain("category", category.as_ref());
        fields.list("expressions", sources(expressions), true).extra(extra);
        piece("group", Some(id.to_string()), id.as_str(), fields)
    };
    let mut fields = keys();
    fields.pieces("groups", groups.iter().map(group).collect()).extra(extra);
    fields.0
}

fn of<T: Part>(part: &T, title: &str, fields: Keys) -> PartOf {
    PartOf {
        noun: T::NOUN,
        id: part.id().to_string(),
        title: title.to_string(),
        was: part.common().was.iter().map(ToString::to_string).collect(),
        fields: fields.0,
    }
}

fn proof(proof: &Proof) -> Keys {
    let Proof { id: _, claim, source, link, date, expires, common } = proof;
    let mut fields = keys();
    fields.text("claim", claim.source()).plain("source", source.as_ref()).plain("link", link.as_ref());
    fields.plain("date", *date).plain("expires", *expires).common(common);
    fields
}

fn outcome(outcome: &Outcome) -> Keys {
    let Outcome { id: _, title, result, common } = outcome;
    let mut fields = keys();
    fields.text("title", title).plain("result", Some(result.as_str())).common(common);
    fields
}

fn turn(step: &Step) -> Piece {
    let Step { step: does, say, wait, common } = step;
    let mut fields = keys();
    fields.plain("step", does.as_ref()).text("say", say.source()).flag("wait", *wait).common(common);
    piece("step", None, say.source(), fields)
}

fn material(material: &Material) -> Piece {
    let Material { title, link, when, common } = material;
    let mut fields = keys();
    fields.plain("link", link.as_ref()).words("when", when.as_ref()).common(common);
    piece("material", Some(title.clone()), title, fields)
}

fn followed(follow_up: &FollowUp) -> Piece {
    let FollowUp { after, channel, say, common } = follow_up;
    let mut fields = keys();
    fields.plain("after", after.as_ref()).plain("channel", channel.as_ref()).text("say", say.source());
    fields.common(common);
    piece("follow-up", None, say.source(), fields)
}

fn variable(variable: &Variable) -> Piece {
    let Variable { name: id, title, of_type, default, example, required, options, common } = variable;
    let mut fields = keys();
    fields.plain("title", title.as_ref());
    fields.plain("type", (*of_type != ValueType::default()).then(|| name(of_type)));
    fields.plain("default", default.as_ref()).plain("example", example.as_ref());
    fields.flag("required", *required).list("options", sources(options), false).common(common);
    piece("variable", Some(id.clone()), id, fields)
}

fn framework(framework: &Framework) -> Piece {
    let Framework { id, title, dimensions, internal, extra } = framework;
    let dimension = |dimension: &Dimension| {
        let Dimension { id, title, internal, extra } = dimension;
        let mut fields = keys();
        fields.text("title", title).flag("internal", *internal).extra(extra);
        piece("dimension", Some(id.to_string()), title, fields)
    };
    let mut fields = keys();
    fields.text("title", title).flag("internal", *internal);
    fields.pieces("dimensions", dimensions.iter().map(dimension).collect()).extra(extra);
    piece("framework", Some(id.to_string()), title, fields)
}
