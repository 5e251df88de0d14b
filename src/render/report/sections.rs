//! A report in sections of sentences and tables: what terminal and HTML are both made from.

use super::words::{Words, put};
use crate::calls::report::{
    FEWEST_WON, Funnel, Level, Measure, MetricLine, ObjectionLine, ProspectLine, Report, Stand,
};
use crate::rate::Rate;

/// A part of a report.
pub(super) struct Section {
    /// What links call it.
    pub id: &'static str,
    /// The heading.
    pub title: String,
    /// Sentences before the table; those with a mark want to be noticed.
    pub lead: Vec<(bool, String)>,
    /// The figures.
    pub table: Option<Table>,
    /// How many rows were left out.
    pub more: usize,
}

/// Figures in rows and columns. The first column names the row.
pub(super) struct Table {
    /// The headings of the columns.
    pub heads: Vec<&'static str>,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
pub(super) struct Row {
    /// What is in it.
    pub cells: Vec<Cell>,
    /// Whether it stands above the rows that follow, as their heading.
    pub heading: bool,
}

/// What is in a row and a column.
#[derive(Clone)]
pub(super) enum Cell {
    /// Words of people.
    Text(String),
    /// A figure.
    Number(String),
    /// A figure as a bar: a share of the widest from 0 to 1, and the figure.
    Bar(f64, String),
    /// A share with its interval.
    Rate(Rate),
}

/// How many percent, rounded.
pub(super) fn percent(share: f64) -> String {
    format!("{:.0} %", share * 100.0)
}

/// A share with its interval, in words: `74 % (51–88 %)`.
pub(super) fn shared(rate: Rate) -> String {
    match rate.share() {
        Some(share) => format!("{} ({})", percent(share), range(rate)),
        None => "–".to_string(),
    }
}

/// The same between brackets of the sentence's own: `74 %, 51–88 %`.
fn beside(rate: Rate) -> String {
    format!("{}, {}", percent(rate.share().unwrap_or(0.0)), range(rate))
}

/// The ends of an interval: `51–88 %`.
pub(super) fn range(rate: Rate) -> String {
    let (low, high) = rate.interval();
    format!("{:.0}–{:.0} %", low * 100.0, high * 100.0)
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_string())
}

fn number(number: impl ToString) -> Cell {
    Cell::Number(number.to_string())
}

fn row(cells: Vec<Cell>) -> Row {
    Row { cells, heading: false }
}

struct Maker<'a> {
    report: &'a Report,
    words: &'static Words,
    /// The longest table.
    rows: usize,
}

/// The sections of a report, no table of them with more than so many rows.
pub(super) fn sections(report: &Report, words: &'static Words, rows: usize) -> Vec<Section> {
    let maker = Maker { report, words, rows };
    let mut out = vec![maker.conversions(), maker.maturity()];
    out.extend(report.playbooks.iter().take(rows).map(|funnel| maker.funnel(funnel)));
    out.extend([
        maker.objections(),
        maker.categories(),
        maker.responses(),
        maker.closes(),
        maker.no_answer(),
        maker.metrics(),
        maker.reps(),
        maker.common(),
        maker.board(),
        maker.weeks(),
    ]);
    out.retain(|section| {
        !section.lead.is_empty() || section.table.as_ref().is_some_and(|table| !table.rows.is_empty())
    });
    out
}

impl Maker<'_> {
    fn section(&self, id: &'static str, title: &str, heads: &[&'static str], mut rows: Vec<Row>) -> Section {
        let more = rows.iter().skip(self.rows).filter(|row| !row.heading).count();
        rows.truncate(self.rows);
        let table = Some(Table { heads: heads.to_vec(), rows });
        Section { id, title: title.to_string(), lead: Vec::new(), table, more }
    }

    fn result(&self, result: &str) -> &'static str {
        match result {
            "won" => self.words.won,
            "upgraded" => self.words.upgraded,
            "paused" => self.words.paused,
            "lost" => self.words.lost,
            "open" => self.words.open,
            _ => self.words.none,
        }
    }

    fn conversions(&self) -> Section {
        let (w, report) = (self.words, self.report);
        let mut truth = Rate::default();
        for funnel in &report.playbooks {
            let part = funnel.moment_of_truth;
            truth = Rate::new(truth.count + part.count, truth.of + part.of);
        }
        let rates = [
            (w.calls_won, report.won),
            (w.truth_won, truth),
            (w.prospects_won, report.prospects.won),
            (w.prospects_truth, report.prospects.moment_of_truth),
        ];
        let rows = rates.into_iter().map(|(label, rate)| row(vec![text(label), Cell::Rate(rate)])).collect();
        let mut section = self.section("conversions", w.conversions, &["", w.share], rows);
        let order = ["won", "upgraded", "open", "paused", "lost", "none"];
        let counts = order.iter().filter_map(|result| Some((result, report.results.get(*result)?)));
        let counts: Vec<String> =
            counts.map(|(result, count)| format!("{} {count}", self.result(result))).collect();
        section.lead.push((false, format!("{}: {}", w.results, counts.join(" · "))));
        section
    }

    fn maturity(&self) -> Section {
        let w = self.words;
        let maturity = &self.report.maturity;
        let level = match maturity.level {
            Level::None => w.level_none,
            Level::NonStandard => w.level_non_standard,
            Level::Standard => w.level_standard,
            Level::Followed => w.level_followed,
            Level::Improving => w.level_improving,
        };
        let evidence = &maturity.evidence;
        let rows = [
            (w.by_playbook, w.level_standard, "≥ 80 %", evidence.by_playbook),
            (w.ended, w.level_followed, "≥ 80 %", evidence.ended),
            (w.noted, w.level_followed, "≥ 50 %", evidence.noted),
            (w.measured, w.level_improving, "≥ 1", evidence.measured),
            (w.compared, w.level_improving, "≥ 1", evidence.compared),
            (w.earlier, w.level_improving, "", evidence.earlier),
            (w.later, w.level_improving, "", evidence.later),
        ];
        let rows = rows.into_iter().map(|(label, step, needed, rate)| {
            row(vec![text(label), Cell::Rate(rate), text(format!("{step} {needed}").trim())])
        });
        let title = put(w.maturity, &[("level", level)]);
        self.section("maturity", &title, &[w.evidence, w.share, w.wanted], rows.collect())
    }

    fn funnel(&self, funnel: &Funnel) -> Section {
        let w = self.words;
        let most = funnel.stages.iter().map(|stage| stage.reached).max().unwrap_or(0).max(1);
        let last = funnel.stages.iter().filter(|stage| stage.known).count();
        let rows = funnel.stages.iter().enumerate().filter(|(_, stage)| stage.known || stage.reached > 0);
        let rows = rows.map(|(index, stage)| {
            let star = if stage.moment_of_truth { "★ " } else { "" };
            let gone = if stage.known { String::new() } else { format!(" ({})", w.gone) };
            let planned = stage.minutes.map(|minutes| format!(" ({minutes})")).unwrap_or_default();
            let minutes = stage.seconds.map(|seconds| format!("{:.1}{planned}", seconds as f64 / 60.0));
            let passed = if index + 1 == last { w.won } else { "" };
            row(vec![
                Cell::Text(format!("{star}{}{gone}", stage.title)),
                Cell::Bar(stage.reached as f64 / most as f64, stage.reached.to_string()),
                Cell::Rate(stage.passed),
                text(passed),
                Cell::Number(minutes.unwrap_or_default()),
            ])
        });
        let gone = if funnel.known { String::new() } else { format!(" ({})", w.gone) };
        let title = put(w.way, &[("title", &funnel.title)]);
        let title = format!("{title} · {}{gone} · {} {}", funnel.language, w.calls, funnel.calls);
        let heads = [w.stage, w.reached, w.passed, "", w.minutes];
        let mut section = self.section("way", &title, &heads, rows.collect());
        for leak in &funnel.leaks {
            let (lost, other) = (leak.lost, leak.elsewhere);
            let values = [
                ("stage", leak.title.as_str()),
                ("count", &lost.count.to_string()),
                ("of", &lost.of.to_string()),
                ("share", &beside(lost)),
                ("other_count", &other.count.to_string()),
                ("other_of", &other.of.to_string()),
                ("other", &beside(other)),
            ];
            section.lead.push((true, put(w.leak, &values)));
        }
        if funnel.leaks.is_empty() && funnel.stages.iter().any(|stage| stage.passed.is_enough()) {
            section.lead.push((false, w.no_leak.to_string()));
        }
        if funnel.moment_of_truth.of > 0 {
            let rate = funnel.moment_of_truth;
            let rate = format!("{}/{}, {}", rate.count, rate.of, beside(rate));
            section.lead.push((false, put(w.truth, &[("rate", &rate)])));
        }
        section
    }

    fn named(&self, line: &ObjectionLine) -> String {
        let code = line.code.as_deref().map(|code| format!("{code} ")).unwrap_or_default();
        let gone = if line.known { String::new() } else { format!(" ({})", self.words.gone) };
        format!("{code}{}{gone}", line.title)
    }

    fn objections(&self) -> Section {
        let w = self.words;
        let rows = self.report.objections.iter().map(|line| {
            let most = line.stages.first().map_or("", |met| met.title.as_str());
            row(vec![
                Cell::Text(self.named(line)),
                number(line.times),
                Cell::Rate(line.landed),
                Cell::Number(if line.came_back.count > 0 { shared(line.came_back) } else { "–".into() }),
                text(most),
            ])
        });
        let heads = [w.objection, w.times, w.landed, w.came_back, w.met_in];
        self.section("objections", w.objections, &heads, rows.collect())
    }

    fn categories(&self) -> Section {
        let w = self.words;
        let most = self.report.categories.iter().map(|line| line.times).max().unwrap_or(0).max(1);
        let rows = self.report.categories.iter().map(|line| {
            row(vec![
                text(line.category.as_deref().unwrap_or(w.other)),
                Cell::Bar(line.times as f64 / most as f64, line.times.to_string()),
                Cell::Rate(line.landed),
            ])
        });
        self.section("categories", w.by_category, &[w.category, w.times, w.landed], rows.collect())
    }

    fn responses(&self) -> Section {
        let w = self.words;
        let mut rows = Vec::new();
        // First where there is something to choose between.
        let is_ranked = |line: &&ObjectionLine| line.responses.iter().any(|response| response.rank.is_some());
        let (ranked, others): (Vec<_>, Vec<_>) = self.report.objections.iter().partition(is_ranked);
        for line in ranked.into_iter().chain(others).filter(|line| !line.responses.is_empty()) {
            rows.push(Row { cells: vec![Cell::Text(self.named(line))], heading: true });
            for response in &line.responses {
                let rank = response.rank.map(|rank| format!("{rank}. ")).unwrap_or_default();
                let note = match response.landed.is_enough() {
                    true if response.clearly => w.clearly,
                    true => "",
                    false => w.few,
                };
                rows.push(row(vec![
                    Cell::Text(format!("{rank}{}", response.id)),
                    number(response.said),
                    Cell::Rate(response.landed),
                    text(note),
                ]));
            }
        }
        self.section("responses", w.responses, &[w.response, w.said, w.landed, ""], rows)
    }

    fn closes(&self) -> Section {
        let w = self.words;
        let rows = self.report.closes.iter().map(|line| {
            let gone = if line.known { String::new() } else { format!(" ({})", w.gone) };
            let mut led: Vec<(&String, &usize)> = line.led_to.iter().collect();
            led.sort_by_key(|(_, times)| std::cmp::Reverse(**times));
            let led: Vec<String> = led.into_iter().map(|(to, times)| format!("{to} {times}")).collect();
            row(vec![
                Cell::Text(format!("{}{gone}", line.title)),
                number(line.tried),
                Cell::Rate(line.yes),
                Cell::Number(shared(line.won)),
                Cell::Text(led.join(" · ")),
            ])
        });
        self.section("closes", w.closes, &[w.close, w.tried, w.yes, w.won, w.led_to], rows.collect())
    }

    fn no_answer(&self) -> Section {
        let w = self.words;
        let rows = self.report.no_answer.iter().map(|line| {
            let heard = if line.heard.is_empty() { w.no_words } else { &line.heard };
            row(vec![text(heard), number(line.times), text(&line.call)])
        });
        let mut section = self.section("no-answer", w.no_answer, &[w.heard, w.times, "CALL"], rows.collect());
        if self.report.no_answer.iter().any(|line| !line.heard.is_empty()) {
            // One command for all: beside every row there would be no room for the words.
            section.lead.push((false, format!("{}: callbook new objection --from-call CALL", w.next)));
        }
        section
    }

    fn aim(&self, metric: &MetricLine) -> String {
        let w = self.words;
        let per = match metric.per.as_deref() {
            _ if metric.measure == Measure::Share => "",
            Some("day") => w.per_day,
            Some("week") => w.per_week,
            Some("month") => w.per_month,
            Some("quarter") => w.per_quarter,
            Some("year") => w.per_year,
            Some("call") => w.per_call,
            _ => "",
        };
        let target = metric.target.map_or_else(
            || "–".to_string(),
            |target| if metric.measure == Measure::Share { percent(target) } else { target.to_string() },
        );
        let person = if metric.whose.as_deref() == Some("person") { w.person } else { "" };
        let parts = [target.as_str(), per, person];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    }

    fn metrics(&self) -> Section {
        let w = self.words;
        let stand = |stand: Option<Stand>| match stand {
            Some(Stand::Above) => w.above,
            Some(Stand::Below) => w.below,
            Some(Stand::Unclear) => w.unclear,
            Some(Stand::TooFew) => w.too_few,
            None => "",
        };
        let now = |rate: Rate, value: Option<f64>| match value {
            Some(value) => Cell::Number(format!("{:.1} ({})", value, rate.count)),
            None => Cell::Rate(rate),
        };
        let mut rows = Vec::new();
        for metric in &self.report.metrics {
            let name = format!("{} · {}", metric.title, metric.language);
            let (measured, said) = match metric.measure {
                Measure::Unmeasured => (Cell::Number("–".into()), w.unmeasured),
                _ => (now(metric.rate, metric.value), stand(metric.stand)),
            };
            rows.push(row(vec![Cell::Text(name), Cell::Number(self.aim(metric)), measured, text(said)]));
            for person in &metric.people {
                let name = Cell::Text(format!("  {}", person.rep));
                let cells = vec![name, number(""), now(person.rate, person.value), text(stand(person.stand))];
                rows.push(row(cells));
            }
        }
        self.section("metrics", w.metrics, &[w.metric, w.target, w.now, w.stand], rows)
    }

    fn reps(&self) -> Section {
        let w = self.words;
        let rows = self.report.reps.iter().map(|line| {
            let rank = line.rank.map(|rank| format!("{rank}. ")).unwrap_or_default();
            let name = line.rep.as_deref().unwrap_or(w.nobody);
            row(vec![
                Cell::Text(format!("{rank}{name}")),
                Cell::Number(format!("{} ({:.1} {})", line.calls, line.per_day, w.per_day)),
                Cell::Rate(line.won),
                Cell::Number(shared(line.landed)),
                Cell::Number(shared(line.next_steps)),
            ])
        });
        self.section("reps", w.reps, &[w.rep, w.calls, w.won, w.landed, w.next_steps], rows.collect())
    }

    fn common(&self) -> Section {
        let w = self.words;
        let common = &self.report.common;
        let rows = common.traits.iter().map(|one| {
            let kind = match one.kind {
                "objection" => w.kind_objection,
                "response" => w.kind_response,
                "question" => w.kind_question,
                "close" => w.kind_close,
                _ => w.kind_signal,
            };
            let name = Cell::Text(format!("{} ({kind})", one.title));
            row(vec![name, Cell::Rate(one.won), Cell::Number(shared(one.others))])
        });
        let title = put(w.common, &[("n", &common.won.to_string())]);
        let mut section = self.section("common", &title, &[w.what, w.in_won, w.in_others], rows.collect());
        if common.won < FEWEST_WON {
            section.lead.push((false, put(w.common_few, &[("n", &FEWEST_WON.to_string())])));
        }
        section
    }

    fn board(&self) -> Section {
        let w = self.words;
        let line = |line: &ProspectLine| {
            let overdue = line.overdue.map(|days| put(w.overdue, &[("n", &days.to_string())]));
            let date = line.next_date.map(|date| date.to_string());
            let step: Vec<String> = date.into_iter().chain(overdue).chain(line.next_step.clone()).collect();
            let stage = line.stage_title.as_deref().unwrap_or("–");
            row(vec![
                text(&line.prospect),
                text(stage),
                number(line.days),
                text(self.result(line.result.as_deref().unwrap_or("none"))),
                Cell::Text(step.join(" · ")),
            ])
        };
        let heads = [w.prospect, w.stage, w.days, w.results, w.next_step];
        let rows = self.report.board.iter().map(line).collect();
        let mut section = self.section("board", w.board, &heads, rows);
        let unnamed = self.report.prospects.unnamed_calls;
        if unnamed > 0 {
            section.lead.push((false, put(w.unnamed, &[("n", &unnamed.to_string())])));
        }
        section
    }

    fn weeks(&self) -> Section {
        let w = self.words;
        // The last ones: what was long ago is in the JSON.
        let weeks = &self.report.weeks;
        let left_out = weeks.len().saturating_sub(self.rows);
        let most = weeks.iter().map(|week| week.won.of).max().unwrap_or(0).max(1);
        let rows = weeks[left_out..].iter().map(|week| {
            row(vec![
                text(&week.week.to_string()),
                Cell::Bar(week.won.of as f64 / most as f64, week.won.of.to_string()),
                Cell::Rate(week.won),
            ])
        });
        let mut section = self.section("weeks", w.weeks, &[w.week, w.calls, w.won], rows.collect());
        section.more = left_out;
        section
    }
}
