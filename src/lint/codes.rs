//! Every code that `check` can report, with its page for `check --explain`.

use crate::diagnostic::Severity;

/// A code and what it means.
#[derive(Debug)]
pub struct Code {
    /// The code, stable.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// One line.
    pub title: &'static str,
    /// Why it matters and what to do, in a few plain sentences.
    pub explain: &'static str,
}

const fn error(id: &'static str, title: &'static str, explain: &'static str) -> Code {
    Code { id, severity: Severity::Error, title, explain }
}

const fn warning(id: &'static str, title: &'static str, explain: &'static str) -> Code {
    Code { id, severity: Severity::Warning, title, explain }
}

/// The page of a code.
pub fn code(id: &str) -> Option<&'static Code> {
    CODES.iter().find(|code| code.id == id)
}

/// Every code: files first, then keys, names, texts, and what rules find in a book that can be read.
pub const CODES: &[Code] = &[
    error(
        "file-unreadable",
        "a file cannot be opened",
        "The file is there, but the computer does not let callbook read it: look at its permissions, or whether a \
         link leads nowhere. The rest of the book is checked all the same.",
    ),
    error(
        "file-encoding",
        "a file is not UTF-8 text",
        "Playbooks are plain text in UTF-8. A file that was saved in another encoding, or that is no text at all, \
         cannot be read from the marked place on. Save it as UTF-8; most editors ask for it when saving.",
    ),
    error(
        "file-too-large",
        "a file is larger than 64 MB",
        "No playbook is that large; the file is probably something else. Split it, or take it out of the book.",
    ),
    warning(
        "file-empty",
        "there is nothing in a file",
        "The file is empty, or all of its lines are comments. Write a playbook into it, or delete it.",
    ),
    error(
        "file-kind",
        "a file does not say what it is",
        "Every file but book.yaml has exactly one of the keys `playbook`, `library`, `lexicon` at its top, and that \
         key tells what it is: a playbook is led through, a library holds parts that playbooks use, a lexicon holds \
         words that mean the same.",
    ),
    warning(
        "file-link",
        "a link leads out of the book, or in a circle",
        "A symbolic link is followed once, and only to a place inside the book. What it leads to was left out.",
    ),
    error(
        "yaml-broken",
        "a file is not YAML",
        "The file cannot be read as YAML. Most often a text has a colon or a hash in it and needs quotes around it, \
         a line is indented by one space too many or too few, or a quotation mark or bracket is not closed.",
    ),
    error(
        "yaml-second-document",
        "a file holds a second document",
        "The line `---` begins a new document, and a file of a book is just one. Take the line away, or put what \
         follows into a file of its own.",
    ),
    error(
        "yaml-too-large",
        "a file unfolds to far too much",
        "Aliases (`*name`) repeat a part that was marked with `&name`. Here they repeat one another so often, or the \
         file is nested so deeply, that it would fill the memory.",
    ),
    error(
        "duplicate-key",
        "a key stands twice in one part",
        "YAML takes the last of two equal keys and says nothing, so what stands under the first one is lost. Join \
         the two.",
    ),
    error(
        "unknown-key",
        "a key is not part of the format",
        "callbook knows every key by name, so that a slip of the pen is found and not silently ignored. Keys of your \
         own begin with `x-`: they are kept and handed on to templates and exports.",
    ),
    error(
        "missing-key",
        "a part lacks something that it needs",
        "Few keys are required: a title and a language for a playbook, a title and at least one response for an \
         objection, `say` or `steps` for a response, `heard` and `finds` for a lookup, and so on.",
    ),
    error(
        "conflicting-keys",
        "two keys exclude each other",
        "A line of a script is one of `say`, `verbatim`, `ask`, `note`; a response has `say` or `steps`. Make two \
         items of it.",
    ),
    warning(
        "empty-value",
        "a key has nothing behind it",
        "A key without a value says nothing, and is treated as if it were not there.",
    ),
    error(
        "wrong-type",
        "a value is of the wrong kind",
        "A list where a text is expected, a text where a list is, and so on. A list has a `- ` before each item, or \
         stands in `[ ]`.",
    ),
    error(
        "bad-value",
        "a value cannot be meant",
        "Some keys take one of a closed list (kind, buyer_stage, result, visibility, type), or a number within \
         bounds.",
    ),
    error(
        "bad-character",
        "a text has a character that cannot be shown",
        "Control characters, and characters that turn the direction of text around, come in by copy and paste. They \
         would garble a terminal or hide what is really written.",
    ),
    error(
        "bad-id",
        "an id is not well-formed",
        "Ids become addresses and file names: `a-z`, `0-9` and `-`, at most 64 characters, and none of the names \
         that Windows keeps for devices.",
    ),
    error(
        "bad-language",
        "a language tag is not well-formed",
        "Languages are named as on the web: `en`, `vi`, `zh-Hant`, `ms`, `pt-BR`.",
    ),
    error(
        "bad-date",
        "a date is not a date",
        "Dates are written year-month-day, and the day has to exist: `2027-01-31`.",
    ),
    error(
        "bad-link",
        "a link cannot be published",
        "Links lead to https:, http:, mailto: or tel: addresses, or to files below the book. Anything else could run \
         code in the reader's browser or show files that are nobody's business.",
    ),
    error(
        "duplicate-id",
        "two parts have one id",
        "A reference could mean either. Stages, objections, closes and outcomes share one name space within a \
         playbook and the libraries that it uses; every other kind of part has its own. A playbook's id is unique \
         together with its language: translations share the id.",
    ),
    Code {
        id: "derived-id",
        severity: Severity::Info,
        title: "an id is made from the title",
        explain: "Where no id is written, one is made from the words of the title. It changes when the title does, and \
                  links and call records lose the part. Write the id before others link to it.",
    },
    error(
        "unknown-reference",
        "nothing has the id that is named",
        "`go`, `next`, `if_yes`, `if_no` lead to a stage, close, objection or outcome of the same playbook or of a \
         library that it `uses`, in the same language. The hint names the nearest id that exists.",
    ),
    error(
        "template-syntax",
        "a text's variables cannot be read",
        "Variables are written `{{ name }}`, conditions `{% if name %} … {% endif %}`. A text that should show two \
         braces writes them as `{{ '{{' }}`.",
    ),
    error(
        "template-variable",
        "a text uses a variable that is not declared",
        "Declare it under `variables:` of the playbook, of a library that it uses, or of book.yaml. `rep` and `today` \
         are always there, `answer` inside `confirm`.",
    ),
    error(
        "template-forbidden",
        "a text uses a part of the template language that is not available",
        "Texts may use variables, filters, `if` and `for`. They cannot include or import other files.",
    ),
    error(
        "template-too-costly",
        "a text takes too much work to fill in",
        "A loop in a loop, or a text times a large number, would keep the rep waiting. Write the text out.",
    ),
    error(
        "scarcity-without-fact",
        "a scarcity close without its fact",
        "\"Only today\" is honest only when it is true. Such a close needs the `fact` and the date until which it \
         holds (`true_until`).",
    ),
    warning(
        "no-goal",
        "a stage has no goal",
        "The goal says what is true when the stage has worked. Without it a rep cannot tell when to go on, and a \
         report cannot tell what was reached.",
    ),
    warning(
        "no-utterances",
        "an objection has no utterances",
        "Lookup finds a card by what buyers say. Without utterances only the title and the answers can match.",
    ),
    warning(
        "too-long",
        "words that do not fit into the pause of a call",
        "A rep reads about 4 words a second and has two seconds: the bridge has at most 8 words (12 syllables in \
         Vietnamese, 12 characters in Chinese), the answer at most 40 (55 syllables, 60 characters).",
    ),
    warning(
        "unknown-name",
        "a category, technique, method or kind that callbook does not know",
        "These lists are open, so a name of your own is kept. It is told because most often it is a slip: `prise` \
         for `price` would split a category in two.",
    ),
    warning(
        "duplicate-code",
        "two cards have one short code",
        "Codes are typed by heart, in the middle of a call. One code must mean one card within a playbook and the \
         libraries that it uses.",
    ),
    warning(
        "lookup-copied",
        "a lookup is the very words of its card",
        "A lookup is a test: words that the card does not have must find it all the same. Words that are the card's \
         own title or utterance always find it, so they measure nothing. Write down how a buyer would say it \
         otherwise; tone marks, capitals and punctuation make no difference.",
    ),
    warning(
        "unreachable-stage",
        "no way leads to a stage",
        "Starting from the first stage, neither a branch nor the order of the stages comes here. Add a branch, or \
         move the stage.",
    ),
    warning(
        "dead-end",
        "from a stage no way leads to an outcome",
        "The stages lead around in a circle: the call could never end. Let one of them lead to an outcome.",
    ),
    warning(
        "expired-proof",
        "a proof has expired",
        "A claim that was true last year costs trust today. Find out whether it still holds.",
    ),
    warning(
        "past-scarcity",
        "the fact behind a close no longer holds",
        "The date in `true_until` has passed. Saying it now would be a lie.",
    ),
    warning(
        "review-due",
        "a card is due to be looked at again",
        "`meta` says when the card was last verified and how often that should happen. Look at it, and set \
         `verified`.",
    ),
];
