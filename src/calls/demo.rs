//! Made-up calls, so that reports can be tried before there is anything to report. They walk the book's
//! playbooks by the same [`Walk`] as real calls, by dice that a seed decides.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::record::{Header, Record, VERSION};
use crate::digest::fingerprint;
use crate::language::{Family, Language};
use crate::script::walk::{Event, Input, Place, Walk};
use crate::script::{Objection, Script};

/// How many events a made-up call has at most.
const LONGEST: usize = 400;
/// Over how many days before the last one the calls are spread.
const DAYS: u64 = 120;

/// Dice (SplitMix64, Steele and others 2014): the same seed throws the same.
struct Dice(u64);

impl Dice {
    fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to below a bound; 0 where the bound is 0.
    fn below(&mut self, bound: usize) -> usize {
        if bound == 0 { 0 } else { (self.throw() % bound as u64) as usize }
    }

    /// Whether something happens that happens so many times in a hundred.
    fn is(&mut self, percent: u64) -> bool {
        self.throw() % 100 < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

/// Names that calls are made up with.
struct Cast {
    reps: [&'static str; 4],
    first: [&'static str; 8],
    company: [&'static str; 6],
    answer: [&'static str; 4],
    unanswered: [&'static str; 3],
    step: &'static str,
    note: &'static str,
}

fn cast(language: &str) -> &'static Cast {
    match Language::parse(language).map(|language| language.family()) {
        Ok(Family::Vietnamese) => &Cast {
            reps: ["An", "Bình", "Chi", "Dũng"],
            first: ["Hạnh", "Tuấn", "Ngọc", "Quân", "Thảo", "Minh", "Lan", "Phúc"],
            company: [
                "Nhựa Tân Phú",
                "May Sao Mai",
                "Gạo Đồng Xanh",
                "Xưởng Hòa Bình",
                "Vận tải Ba Sao",
                "Gốm Lái Thiêu",
            ],
            answer: ["bảng tính", "ghi sổ tay", "nhắn tin trong nhóm", "chưa có gì"],
            unanswered: [
                "có chạy được khi mất mạng không?",
                "bên em có xuất hóa đơn đỏ không?",
                "ai giữ dữ liệu của anh?",
            ],
            step: "gửi số liệu",
            note: "khách nói chuyện cởi mở",
        },
        Ok(Family::Chinese) => &Cast {
            reps: ["雅雯", "建宏", "怡君", "家豪"],
            first: ["志明", "佩珊", "雅婷", "俊傑", "淑芬", "冠宇", "美玲", "承翰"],
            company: ["晨光設計", "永興機械", "禾豐食品", "海岸物流", "青田建設", "日昇印刷"],
            answer: ["用試算表", "靠群組訊息", "記在筆記本", "目前沒有"],
            unanswered: ["沒有網路也能用嗎？", "資料放在哪裡？", "可以分期嗎？"],
            step: "寄出數字",
            note: "對方很客氣",
        },
        Ok(Family::Malay) => &Cast {
            reps: ["Aina", "Farid", "Mei Ling", "Suresh"],
            first: ["Aiman", "Siti", "Hafiz", "Nurul", "Kumar", "Wei", "Zarina", "Daniel"],
            company: [
                "Binaan Cahaya",
                "Perabot Muar Jaya",
                "Kedai Roti Seri",
                "Logistik Pantai",
                "Percetakan Indah",
                "Teknik Utara",
            ],
            answer: ["guna helaian Excel", "catat dalam buku", "hantar mesej kumpulan", "belum ada apa-apa"],
            unanswered: ["boleh guna tanpa internet?", "data disimpan di mana?", "boleh bayar ansuran?"],
            step: "hantar angka",
            note: "pembeli mesra",
        },
        _ => &Cast {
            reps: ["Ada", "Ben", "Cleo", "Dev"],
            first: ["Maya", "Jonas", "Priya", "Tom", "Elena", "Marcus", "Ruth", "Omar"],
            company: [
                "Harbour Joinery",
                "Fellside Events",
                "Brightwater Foods",
                "Oak Lane Print",
                "Northgate Fleet",
                "Pell & Sons",
            ],
            answer: ["spreadsheets", "someone's memory", "a group chat", "nothing yet"],
            unanswered: [
                "does it work without a network?",
                "where is the data kept?",
                "can we pay in parts?",
            ],
            step: "send the numbers",
            note: "friendly and to the point",
        },
    }
}

/// Makes up the call with a number. Its id says the seed and the number, so that making the same
/// calls again adds none. `last` is the day of the latest calls.
pub fn call(scripts: &[Arc<Script>], seed: u64, number: usize, last: Date) -> Option<Record> {
    let mut dice = Dice(seed.wrapping_mul(0x2545_F491_4F6C_DD1D) ^ number as u64);
    dice.throw();
    let script = scripts.get(dice.below(scripts.len()))?;
    let cast = cast(&script.language);
    // On a working day, from nine to five.
    let mut day = last.checked_sub(SignedDuration::from_hours(24 * (dice.throw() % DAYS) as i64)).ok()?;
    while matches!(day.weekday(), jiff::civil::Weekday::Saturday | jiff::civil::Weekday::Sunday) {
        day = day.yesterday().ok()?;
    }
    let minute = 9 * 60 + dice.below(8 * 60) as i64;
    let midnight = day.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp();
    let started = midnight.checked_add(SignedDuration::from_mins(minute)).ok()?;
    let rep = dice.below(cast.reps.len());
    let mut given = BTreeMap::new();
    given.insert("prospect.first_name".to_string(), (*dice.pick(&cast.first)?).to_string());
    given.insert("prospect.company".to_string(), (*dice.pick(&cast.company)?).to_string());
    let header = Header {
        version: VERSION,
        id: format!("demo-{seed}-{number}"),
        playbook: script.playbook.clone(),
        language: script.language.clone(),
        rep: Some(cast.reps[rep].to_string()),
        given,
        segment: dice
            .pick(script.audience.get("segment").map_or(&[][..], Vec::as_slice))
            .cloned()
            .into_iter()
            .collect(),
        started,
        landed: Default::default(),
        demo: true,
    };
    let mut call =
        Made { walk: Walk::new(script.clone(), started), now: started, dice, cast, skill: rep as u64 * 4 };
    call.lead(day);
    Some(Record::of(&call.walk, &header))
}

struct Made {
    walk: Walk,
    now: Timestamp,
    dice: Dice,
    cast: &'static Cast,
    /// What a rep adds to the chance that an answer lands, in percent.
    skill: u64,
}

impl Made {
    /// Lets something happen after some seconds; what is refused does not happen.
    fn act(&mut self, event: Event, seconds: usize) -> bool {
        let later = 2 + self.dice.below(seconds) as i64;
        self.now = self.now.checked_add(SignedDuration::from_secs(later)).unwrap_or(self.now);
        self.walk.act(event, self.now).is_ok()
    }

    fn lead(&mut self, day: Date) {
        let mut objections = 0;
        while self.walk.events().len() < LONGEST && !self.walk.is_ended() {
            match self.walk.place() {
                Place::Ended => return,
                Place::Ending { outcome } => {
                    let result = outcome.map_or("open", |outcome| outcome.result);
                    return self.end(result, day);
                }
                Place::Objection { objection, response, accepting, .. } => {
                    let chance = response.map(|response| quality(objection, &response.id));
                    self.answer_objection(chance, accepting);
                }
                Place::Close { close } => {
                    let chance = 35 + self.skill + weight(&close.id) % 20;
                    let event = if self.dice.is(chance) { Event::Yes } else { Event::No };
                    self.act(event, 40);
                }
                Place::Script { .. } => self.script(&mut objections),
            }
        }
        self.act(Event::End, 5);
    }

    /// A line of the script, or what the buyer says to it.
    fn script(&mut self, objections: &mut usize) {
        let dial: Vec<String> = self.walk.dial().iter().map(|dial| dial.id.clone()).collect();
        if !dial.is_empty() && *objections < 4 && self.dice.is(9) {
            *objections += 1;
            // What stands first on the dial is likeliest.
            let which = self.dice.below(dial.len()).min(self.dice.below(dial.len()));
            let heard = self.walk.objection(&dial[which]).map(|card| card.title.clone());
            self.act(Event::Open { card: dial[which].clone(), heard }, 30);
            return;
        }
        if self.dice.is(1) {
            let heard =
                self.dice.pick(&self.cast.unanswered).map_or_else(String::new, |text| (*text).to_string());
            self.act(Event::NoAnswer { heard }, 20);
        }
        if let Some(value) = self.value() {
            self.act(Event::Answer { question: None, value }, 40);
        }
        let (stage, line) = (self.walk.stage().map(|stage| stage.id.clone()), self.walk.line());
        let lines = self.walk.stage().map_or(0, |stage| stage.lines.len());
        if stage.is_some() && line < lines {
            self.act(Event::Next, 25);
            return;
        }
        self.stage_end(stage.as_deref());
    }

    /// What is answered to the question of the line, for most questions.
    fn value(&mut self) -> Option<String> {
        let input = self.walk.question().map(|asked| Input::of(asked.question))?;
        if self.dice.is(20) {
            return None;
        }
        Some(match input {
            Input::Text => (*self.dice.pick(&self.cast.answer)?).to_string(),
            Input::Number => (2 + self.dice.below(60)).to_string(),
            Input::Date => "2026-12-15".to_string(),
            Input::YesNo => if self.dice.is(60) { "yes" } else { "no" }.to_string(),
            Input::OneOf(options) => self.dice.pick(&options)?.clone(),
        })
    }

    /// At the end of a stage some hang up; the others go on, over a close where there is one.
    fn stage_end(&mut self, stage: Option<&str>) {
        let closes: Vec<String> = self
            .walk
            .stage()
            .map_or(&[][..], |stage| &stage.closes)
            .iter()
            .map(|close| close.id.clone())
            .collect();
        if self.dice.is(8 + weight(stage.unwrap_or_default()) % 14) {
            return self.hang_up();
        }
        if let Some(close) = self.dice.pick(&closes).cloned()
            && self.dice.is(55)
            && self.act(Event::Close { id: close }, 30)
        {
            return;
        }
        let branches = self.walk.stage().map_or(0, |stage| stage.next.len());
        // The last way on is the one without a condition.
        let number = if self.dice.is(70) { branches } else { 1 + self.dice.below(branches) };
        if branches == 0 || !self.act(Event::Branch { number }, 15) {
            self.hang_up();
        }
    }

    fn hang_up(&mut self) {
        let outcomes = &self.walk.script().outcomes;
        let lost: Vec<String> = outcomes
            .iter()
            .filter(|outcome| matches!(outcome.result, "lost" | "paused" | "open"))
            .map(|outcome| outcome.id.clone())
            .collect();
        match self.dice.pick(&lost).cloned() {
            Some(id) => self.act(Event::Outcome { id }, 20),
            None => self.act(Event::End, 10),
        };
    }

    fn answer_objection(&mut self, chance: Option<u64>, accepting: bool) {
        let Some(chance) = chance.filter(|_| !accepting) else {
            self.act(Event::Accept, 20);
            return;
        };
        while self.act(Event::Next, 12) {}
        if self.dice.is(4) {
            self.act(Event::NoAnswer { heard: String::new() }, 10);
        } else if self.dice.is(chance + self.skill) {
            self.act(Event::Landed, 40);
        } else if self.dice.is(85) {
            self.act(Event::Resisted, 30);
        } else {
            self.act(Event::Used, 20);
            self.act(Event::Leave, 5);
        }
    }

    fn end(&mut self, result: &str, day: Date) {
        if result != "lost" && self.dice.is(80) {
            let days = 1 + self.dice.below(20) as i64;
            let date = day.checked_add(SignedDuration::from_hours(24 * days)).ok();
            self.act(Event::NextStep { what: self.cast.step.to_string(), date }, 30);
        }
        if self.dice.is(20) {
            self.act(Event::Note { text: self.cast.note.to_string() }, 20);
        }
        self.act(Event::End, 10);
    }
}

/// How often a made-up buyer takes a response, in percent: the same for all calls, so that a report
/// has something to find.
fn quality(objection: &Objection, response: &str) -> u64 {
    25 + weight(&format!("{}/{response}", objection.id)) % 45
}

/// A number that a name always has.
fn weight(name: &str) -> u64 {
    fingerprint(name.as_bytes()) >> 7
}
