//! What a live page has on top of what `build` makes: the faults of the book above everything, and a
//! script that hears of changes. The page's own policy goes into the header, widened by just that.

use std::sync::OnceLock;

use serde::Serialize;

use super::state::{Fault, MOST_SHOWN, Shared, Shown};
use super::words::{Words, words};
use crate::diagnostic::Severity;
use crate::template::pages::Templates;

/// Where pages hear of changes. No page of a site begins with a dot.
pub const EVENTS: &str = "/.live/events";
/// The script of live pages.
pub const SCRIPT: &str = "/.live/live.js";
/// Their style sheet.
pub const STYLE: &str = "/.live/live.css";

pub const SCRIPT_TEXT: &str = include_str!("../../templates/serve/live.js");
pub const STYLE_TEXT: &str = include_str!("../../templates/serve/live.css");

const TEMPLATE: (&str, &str) = ("faults.html", include_str!("../../templates/serve/faults.html.j2"));

/// A page as it is served.
pub struct Live {
    pub html: String,
    /// The content security policy of the answer.
    pub policy: String,
}

/// What the template is given.
#[derive(Serialize)]
struct Panel<'a> {
    state: String,
    lang: &'a str,
    headline: Option<String>,
    below: &'static str,
    errors: Vec<Item<'a>>,
    more: Option<String>,
    warnings: Vec<Item<'a>>,
    warned: Option<String>,
    gone: &'static str,
}

#[derive(Serialize)]
struct Item<'a> {
    place: Option<String>,
    code: &'static str,
    message: &'a str,
    hint: Option<&'a str>,
    line: Option<usize>,
    /// The line of the file: before the place, the place, behind it.
    text: Option<[&'a str; 3]>,
}

impl<'a> Item<'a> {
    fn of(fault: &'a Fault) -> Self {
        let excerpt = fault.excerpt.as_ref();
        let text = excerpt.and_then(|excerpt| {
            let (text, range) = (&excerpt.text, &excerpt.range);
            Some([text.get(..range.start)?, text.get(range.clone())?, text.get(range.end..)?])
        });
        Item {
            place: fault.file.as_ref().map(|file| format!("{file}:{}:{}", fault.at.0, fault.at.1)),
            code: fault.code,
            message: &fault.message,
            hint: fault.hint.as_deref(),
            line: excerpt.map(|excerpt| excerpt.line),
            text,
        }
    }
}

/// A page of the site with what makes it live.
pub fn live(shared: &Shared, shown: &Shown, html: &str) -> Live {
    let (html, policy) = take_policy(html);
    let panel = panel(shared, shown, language_of(&html));
    let scripts =
        format!("<link rel=\"stylesheet\" href=\"{STYLE}\">\n<script src=\"{SCRIPT}\" defer></script>\n");
    // First of all scripts, so that it sees the page as it was sent.
    let head = html.find("<script").into_iter().chain(html.find("</head>")).min().unwrap_or(0);
    let body = html.find("<body").and_then(|at| Some(at + html[at..].find('>')? + 1));
    let body = body.unwrap_or(head).max(head);
    let html = format!("{}{scripts}{}\n{panel}{}", &html[..head], &html[head..body], &html[body..]);
    Live { html, policy: widened(&policy) }
}

/// A page for a book of which there is none.
pub fn bare() -> String {
    "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>callbook</title>\n</head>\n<body>\n<main id=\"main\"></main>\n</body>\n</html>\n".to_string()
}

fn language_of(html: &str) -> &str {
    let start = html.find("<html lang=\"").map(|at| at + "<html lang=\"".len());
    let tag = start.and_then(|start| html[start..].split('"').next());
    tag.unwrap_or("en")
}

/// The page without its policy, and the policy.
fn take_policy(html: &str) -> (String, String) {
    const BEGIN: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";
    let found = html.find(BEGIN).and_then(|start| {
        let (policy, _) = html[start + BEGIN.len()..].split_once('"')?;
        let end = start + BEGIN.len() + policy.len();
        let end = end + html[end..].find('>')? + 1;
        Some((start, end, policy))
    });
    let Some((start, end, policy)) = found else {
        return (html.to_string(), "default-src 'none'".to_string());
    };
    let plain = policy.replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&");
    (format!("{}{}", &html[..start], &html[end..]), plain)
}

/// A policy that also lets the page run scripts of its own server, ask it, and wear its style sheets.
fn widened(policy: &str) -> String {
    let mut rules: Vec<String> = policy
        .split(';')
        .map(|rule| rule.trim().to_string())
        .filter(|rule| !rule.is_empty() && !rule.starts_with("frame-ancestors"))
        .collect();
    for name in ["script-src", "style-src", "connect-src"] {
        match rules.iter_mut().find(|rule| rule.split(' ').next() == Some(name)) {
            Some(rule) if rule.contains("'self'") => {}
            Some(rule) => *rule = format!("{} 'self'", rule.trim_end_matches(" 'none'")),
            None => rules.push(format!("{name} 'self'")),
        }
    }
    rules.push("frame-ancestors 'none'".into());
    rules.join("; ")
}

fn panel(shared: &Shared, shown: &Shown, lang: &str) -> String {
    static TEMPLATES: OnceLock<Option<Templates>> = OnceLock::new();
    let w = words(lang);
    let both = [&shown.faults, &shown.remarks];
    let of = |severity| {
        let all = both.into_iter().flat_map(|faults| &faults.first);
        let items = all.filter(move |fault| fault.severity == severity).take(MOST_SHOWN);
        items.map(Item::of).collect::<Vec<_>>()
    };
    let count = |of: fn(&super::state::Faults) -> usize| both.into_iter().map(of).sum::<usize>();
    let (errors, warnings) = (count(|faults| faults.errors), count(|faults| faults.warnings));
    let listed = of(Severity::Error);
    let panel = Panel {
        state: shared.name(shown),
        lang,
        headline: (errors > 0).then(|| Words::count(&w.error, errors)),
        // Rules may count as errors as well; pages are of the book as it is then.
        below: match shown.faults.errors {
            0 => "",
            _ if shown.sound => w.last_good,
            _ => w.sound_rest,
        },
        more: (errors > listed.len()).then(|| w.more.replace("{n}", &(errors - listed.len()).to_string())),
        errors: listed,
        warnings: of(Severity::Warning),
        warned: (warnings > 0).then(|| Words::count(&w.warning, warnings)),
        gone: w.gone,
    };
    let templates = TEMPLATES.get_or_init(|| Templates::new(&[TEMPLATE]).ok());
    let done = templates.as_ref().and_then(|templates| templates.render(TEMPLATE.0, panel).ok());
    done.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_policy_is_widened_by_no_more_than_is_needed() {
        let check = |policy: &str, expected: &str| assert_eq!(widened(policy), expected, "{policy}");
        check(
            "default-src 'none'; style-src 'self'; img-src 'self'",
            "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; frame-ancestors 'none'",
        );
        check(
            "default-src 'none'; connect-src 'none'; script-src 'sha256-x'",
            "default-src 'none'; connect-src 'self'; script-src 'sha256-x' 'self'; style-src 'self'; frame-ancestors 'none'",
        );
    }

    #[test]
    fn the_policy_moves_from_the_page_to_the_header() {
        let page = "<head><meta http-equiv=\"Content-Security-Policy\" content=\"a &#x27;self&#x27;\">\n<title>x</title>";
        let (html, policy) = take_policy(page);
        assert_eq!((html.as_str(), policy.as_str()), ("<head>\n<title>x</title>", "a 'self'"));
        assert_eq!(take_policy("<p>").1, "default-src 'none'");
    }

    #[test]
    fn the_template_is_sound() {
        assert!(Templates::new(&[TEMPLATE]).is_ok());
    }
}
