//! Records as a table: one row a call, the same columns always, nothing that a spreadsheet would run.

use serde_json::Value;

use super::record::Record;

/// The columns, in order. New ones come last.
pub const COLUMNS: [&str; 24] = [
    "id",
    "started",
    "ended",
    "seconds",
    "playbook",
    "language",
    "rep",
    "prospect",
    "company",
    "outcome",
    "result",
    "next_step",
    "next_step_date",
    "stages",
    "last_stage",
    "objections",
    "responses_landed",
    "no_answer",
    "closes",
    "answers",
    "variables",
    "notes",
    "segment",
    "demo",
];

/// The row of a call. Lists are joined by ` | `.
pub fn row(record: &Record) -> [String; 24] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let join = |items: Vec<String>| items.join(" | ");
    let landed = record.objections.iter().flat_map(|heard| {
        let good = heard.tried.iter().filter(|tried| tried.landed == Some(true));
        good.map(|tried| format!("{}/{}", heard.card, tried.response))
    });
    let step = record.next_step.as_ref();
    let last = record.path.last().map(|visit| visit.stage.clone());
    let plain = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = [
        record.id.clone(),
        record.started.to_string(),
        record.ended.map(|ended| ended.to_string()).unwrap_or_default(),
        record.seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        record.playbook.clone(),
        record.language.clone(),
        text(&record.rep),
        record.prospect_name(),
        record.prospect.get("company").cloned().unwrap_or_default(),
        text(&record.outcome),
        text(&record.result),
        step.map(|step| step.what.clone()).unwrap_or_default(),
        step.and_then(|step| step.date).map(|date| date.to_string()).unwrap_or_default(),
        join(record.path.iter().map(|visit| visit.stage.clone()).collect()),
        last.unwrap_or_default(),
        join(record.objections.iter().map(|heard| heard.card.clone()).collect()),
        join(landed.collect()),
        join(record.no_answer.iter().map(|missing| missing.heard.clone()).collect()),
        join(record.closes.iter().map(|closing| closing.close.clone()).collect()),
        join(record.answers.iter().map(|(field, one)| format!("{field}: {}", plain(&one.value))).collect()),
        join(record.variables.iter().map(|(name, value)| format!("{name}: {value}")).collect()),
        join(record.notes.iter().map(|note| note.text.clone()).collect()),
        join(record.segment.clone()),
        record.demo.to_string(),
    ];
    row.map(harmless)
}

/// Whether a spreadsheet would take a text for a formula. Full-width signs count, because some take
/// them for the others.
pub fn is_formula(text: &str) -> bool {
    let sign = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠');
    text.trim_start_matches(' ').starts_with(sign)
}

/// A cell that no spreadsheet runs: what begins like a formula gets an apostrophe before it.
fn harmless(cell: String) -> String {
    let cell = cell.replace('\0', "");
    if is_formula(&cell) { format!("'{cell}") } else { cell }
}

/// A whole table as CSV (RFC 4180), with its heading.
pub struct Csv(csv::Writer<Vec<u8>>);

impl Default for Csv {
    fn default() -> Self {
        Csv::new()
    }
}

impl Csv {
    /// A table with its heading.
    pub fn new() -> Self {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        // Writing to memory does not fail.
        let _ = writer.write_record(COLUMNS);
        Csv(writer)
    }

    /// Adds a call.
    pub fn add(&mut self, record: &Record) {
        let _ = self.0.write_record(row(record));
    }

    /// What was added since the last time, as text.
    pub fn take(&mut self) -> String {
        let _ = self.0.flush();
        let done = std::mem::replace(
            &mut self.0,
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new()),
        );
        String::from_utf8(done.into_inner().unwrap_or_default()).unwrap_or_default()
    }
}
