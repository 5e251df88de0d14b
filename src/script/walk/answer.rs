//! Answers: what was typed, as what the question wants.

use serde_json::Value;

use super::event::Refused;
use crate::book::brief;
use crate::book::model::{ValueType, parse_date};
use crate::script::{Choice, Question};

/// What has to be typed or picked for an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// Any text.
    Text,
    /// A number.
    Number,
    /// A date, year-month-day.
    Date,
    /// Yes or no.
    YesNo,
    /// One of these.
    OneOf(Vec<String>),
}

impl Input {
    /// What a question wants; one that stands only in its line wants text.
    pub fn of(question: Option<&Question>) -> Self {
        match question.map(|question| question.of_type) {
            Some(ValueType::Number) => Input::Number,
            Some(ValueType::Date) => Input::Date,
            Some(ValueType::YesNo) => Input::YesNo,
            Some(ValueType::Choice) => match question.map(|question| &question.options) {
                Some(options) if !options.is_empty() => {
                    Input::OneOf(options.iter().map(|option| option.answer.clone()).collect())
                }
                _ => Input::Text,
            },
            Some(ValueType::Text) | None => Input::Text,
        }
    }
}

/// Yes and no, in the languages that callbook speaks.
const YES: [&str; 14] =
    ["yes", "y", "true", "có", "co", "vâng", "dạ", "đúng", "是", "有", "對", "对", "ya", "betul"];
const NO: [&str; 13] =
    ["no", "n", "false", "không", "khong", "chưa", "否", "不", "沒有", "没有", "不是", "tidak", "tak"];

/// The option that an answer picks: by its words, else by its number from 1.
pub(super) fn option<'a>(question: &'a Question, value: &str) -> Option<&'a Choice> {
    let value = value.trim();
    let lower = value.to_lowercase();
    let options = &question.options;
    options.iter().find(|option| option.answer.trim() == value).or_else(|| {
        let same = |option: &&Choice| option.answer.trim().to_lowercase() == lower;
        let number = || value.parse::<usize>().ok()?.checked_sub(1).and_then(|index| options.get(index));
        let picked = options.iter().find(same);
        if question.of_type == ValueType::Choice { picked.or_else(number) } else { picked }
    })
}

/// An answer as a value: a number, true or false, or text. An empty one is nothing.
pub(crate) fn typed(question: Option<&Question>, value: &str) -> Result<Value, Refused> {
    let value = value.trim();
    let Some(question) = question.filter(|_| !value.is_empty()) else {
        return Ok(if value.is_empty() { Value::Null } else { Value::from(value) });
    };
    let shown = brief(value);
    let refused = |wanted: &str| Refused::new(format!("`{shown}` is not {wanted}"));
    match question.of_type {
        ValueType::Text => Ok(Value::from(value)),
        ValueType::Number => number(value).ok_or_else(|| refused("a number").hint("write one such as 12.5")),
        ValueType::Date => match parse_date(value) {
            Some(date) => Ok(Value::from(date.to_string())),
            None => Err(refused("a date").hint("write year-month-day, such as 2027-01-31")),
        },
        ValueType::YesNo => {
            let lower = value.to_lowercase();
            match (YES.contains(&lower.as_str()), NO.contains(&lower.as_str())) {
                (true, _) => Ok(Value::from(true)),
                (_, true) => Ok(Value::from(false)),
                _ => Err(refused("yes or no").hint("write yes or no")),
            }
        }
        ValueType::Choice if question.options.is_empty() => Ok(Value::from(value)),
        ValueType::Choice => match option(question, value) {
            Some(option) => Ok(Value::from(option.answer.as_str())),
            None => {
                let known: Vec<&str> = question.options.iter().map(|option| option.answer.as_str()).collect();
                Err(refused("one of the answers").hint(format!("choose one of: {}", known.join(", "))))
            }
        },
    }
}

fn number(value: &str) -> Option<Value> {
    if let Ok(whole) = value.parse::<i64>() {
        return Some(Value::from(whole));
    }
    value.parse::<f64>().ok().filter(|number| number.is_finite()).map(Value::from)
}
