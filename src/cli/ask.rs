//! Questions to the person at the terminal, asked again until an answer will do.

use std::io::{BufRead, Write};

use crate::book::brief;
use crate::diagnostic::did_you_mean;

/// Where answers come from: flags first, then the person at the terminal.
pub struct Asker {
    /// Whether somebody can be asked.
    pub terminal: bool,
    /// The flags whose answers are missing.
    pub missing: Vec<&'static str>,
}

/// What a person said to a question.
pub enum Said {
    /// Words, without blanks around them.
    Words(String),
    /// The line was empty.
    Nothing,
    /// There are no more lines (Ctrl-D), so asking again is of no use.
    End,
}

impl Asker {
    /// Nothing is missing yet.
    pub fn new(terminal: bool) -> Self {
        Asker { terminal, missing: Vec::new() }
    }

    /// Asks once.
    pub fn line(&mut self, question: &str) -> Said {
        let mut err = std::io::stderr();
        let _ = write!(err, "{question}: ").and_then(|()| err.flush());
        let mut line = String::new();
        let read = std::io::stdin().lock().read_line(&mut line);
        match (read, line.trim()) {
            (Ok(0) | Err(_), _) => {
                let _ = writeln!(err);
                Said::End
            }
            (_, "") => Said::Nothing,
            (_, words) => Said::Words(words.to_string()),
        }
    }

    /// An answer that must be there.
    pub fn need(&mut self, given: &Option<String>, flag: &'static str, question: &str) -> String {
        self.need_one(given, flag, question, |words| Ok(words.to_string()))
    }

    /// The same where not every answer will do: `fits` takes it, or tells what is wrong with it.
    pub fn need_one(
        &mut self,
        given: &Option<String>,
        flag: &'static str,
        question: &str,
        fits: impl Fn(&str) -> Result<String, String>,
    ) -> String {
        if let Some(given) = given.as_ref().map(|text| text.trim()).filter(|text| !text.is_empty()) {
            return given.to_string();
        }
        while self.terminal {
            match self.line(question) {
                Said::Words(words) => match fits(&words) {
                    Ok(answer) => return answer,
                    Err(why) => self.again(&why),
                },
                Said::Nothing => self.again("this one is needed (Ctrl-C gives up, and nothing is written)"),
                Said::End => break,
            }
        }
        self.missing.push(flag);
        String::new()
    }

    /// An answer that may be left out.
    pub fn may(
        &mut self,
        given: &Option<String>,
        question: &str,
        fits: impl Fn(&str) -> Result<String, String>,
    ) -> Option<String> {
        let given = given.clone().filter(|text| !text.trim().is_empty());
        if given.is_some() || !self.terminal {
            return given;
        }
        let mut refused = None;
        loop {
            match self.line(&format!("{question} (may be empty)")) {
                // Who says the same again means it.
                Said::Words(words) => match fits(&words) {
                    Err(_) if refused.as_ref() == Some(&words) => return Some(words),
                    Err(why) => {
                        self.again(&format!("{why} (say it again to keep it)"));
                        refused = Some(words);
                    }
                    Ok(answer) => return Some(answer),
                },
                Said::Nothing | Said::End => return None,
            }
        }
    }

    /// Several answers, one a line, up to an empty one.
    pub fn many(&mut self, given: &[String], question: &str) -> Vec<String> {
        let mut all = given.to_vec();
        if all.is_empty() && self.terminal {
            let _ = writeln!(std::io::stderr(), "{question}, one a line, an empty line ends:");
            while let Said::Words(line) = self.line(" ") {
                all.push(line);
            }
        }
        all
    }

    /// Tells why the same is asked again.
    pub fn again(&mut self, why: &str) {
        let _ = writeln!(std::io::stderr(), "  {why}");
    }
}

/// Takes one of a few names; of another one tells the nearest.
pub fn one_of(names: &[&str], said: &str) -> Result<String, String> {
    if let Some(name) = names.iter().find(|name| name.eq_ignore_ascii_case(said)) {
        return Ok(name.to_string());
    }
    let hint = did_you_mean(said, names.iter().copied());
    Err(format!(
        "`{}` is none of them{}",
        brief(said),
        hint.map(|hint| format!("; {hint}")).unwrap_or_default()
    ))
}
