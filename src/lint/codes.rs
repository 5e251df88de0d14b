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

const fn info(id: &'static str, title: &'static str, explain: &'static str) -> Code {
    Code { id, severity: Severity::Info, title, explain }
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
        "broken-link",
        "a link leads to nothing",
        "A text, a material or a proof links to a file that the book does not have, or that may not be published, or \
         to a card (`[words](#its-id)`) that neither the playbook nor a library it uses has. Files are copied into \
         the handbook; paths begin at the book's folder.",
    ),
    error(
        "broken-theme",
        "a file of the theme cannot be used",
        "A template in the book's `theme/` takes the place of the handbook's own one with that name. This one cannot \
         be read, asks for something that there is not, or has a name that no template has.",
    ),
    warning(
        "theme-file",
        "a file of the theme is left out",
        "The files of the book's `theme/` get addresses of their own in the handbook, so their names are of letters from \
         a to z, digits, `-`, `_` and `.`, without spaces; there are 200 at most, and each can be read. What is left out \
         keeps nothing from working.",
    ),
    error(
        "duplicate-id",
        "two parts have one id",
        "A reference could mean either. Stages, objections, closes and outcomes share one name space within a \
         playbook and the libraries that it uses; every other kind of part has its own. A playbook's id is unique \
         together with its language: translations share the id.",
    ),
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
        "check-setting",
        "a setting of `check` cannot be meant",
        "`check: {severity: …}` in book.yaml and remarks such as `# callbook: allow too-long - the law wants it word \
         for word` name rules by their codes. Only what rules find can be changed or allowed, and an allowance needs a \
         reason that the next reader can judge.",
    ),
    info(
        "unused-allow",
        "an allowance that silences nothing",
        "What was allowed here is no longer found. Take the remark away, so that the next finding is seen.",
    ),
    info(
        "derived-id",
        "an id is made from the title",
        "Where no id is written, one is made from the words of the title. It changes when the title does, and \
         links and call records lose the part. Write the id before others link to it.",
    ),
    warning(
        "curly-quotes",
        "a text in curly quotation marks",
        "Word processors and phones write curly quotation marks. YAML takes them for letters: they are read out with the \
         text, and a comma or a colon between them ends it. Straight ones hold a text together.",
    ),
    info(
        "no-stages",
        "a playbook without stages",
        "Cards can be looked up without stages, but nobody can be led through the sale. A file that only holds parts \
         for others is a library.",
    ),
    warning(
        "no-goal",
        "a stage has no goal",
        "The goal says what is true when the stage has worked. Without it a rep cannot tell when to go on, and a \
         report cannot tell what was reached.",
    ),
    warning(
        "journey-gap",
        "a process leaves out where the buyer is",
        "Buyers go from awareness over consideration to purchase, and on to retention and advocacy. A process of three \
         or more stages says with `buyer_stage` which of these each stage serves, and skips none in between: a phase \
         that nobody serves is where buyers are lost.",
    ),
    warning(
        "monologue",
        "a stage in which only the rep talks",
        "Three or more lines to say, and neither a question nor a close: the buyer is talked at. Good calls are more \
         listening than talking. Add a question that gives them the word.",
    ),
    info(
        "no-confirm",
        "nothing is said back",
        "A buyer who hears their own words knows that they were understood, and puts right what was not. Add `confirm` \
         to at least one of the open questions.",
    ),
    warning(
        "unprepared",
        "a talk without prepared objections",
        "The few most likely objections of a stage belong on keys 1 to 9, no search needed. This stage is a talk with a \
         buyer before the purchase and has none, or the whole playbook knows none.",
    ),
    info(
        "category-gap",
        "an everyday sort of objection that nothing answers",
        "Price, trust, competitor, need, timing, authority: every sale meets all six. The playbook and the libraries \
         that it uses answer some of them and leave these out.",
    ),
    warning(
        "rigid",
        "a process without a single branch",
        "Three or more stages that follow one another whatever the buyer says, no close with an `if_no`, no branch that \
         is open at any time: the first buyer who is different falls out of it.",
    ),
    warning(
        "nothing-measured",
        "a process that is never evaluated",
        "Without a metric nobody knows whether the process works or where prospects leak. Add at least one under \
         `metrics`, in the playbook or in a library that it uses.",
    ),
    warning(
        "all-closing",
        "more ways to close than questions",
        "The stages offer more closes than they ask questions. Who has not been asked has no reason to sign.",
    ),
    warning(
        "too-long",
        "words that do not fit into the pause of a call",
        "A rep reads about 4 words a second and has two seconds: the bridge has at most 8 words (12 syllables in \
         Vietnamese, 12 characters in Chinese), the answer at most 40 (55 syllables, 60 characters).",
    ),
    warning(
        "card-too-tall",
        "a card that does not fit on the screen of a call",
        "A rep in a call does not scroll. At 80 columns and 24 lines the end of this card is cut off; the lookup says \
         how many answers are hidden. Shorten it, or keep the two or three answers that work best.",
    ),
    warning(
        "breathless",
        "a sentence that nobody can say in one breath",
        "A sentence of more than 12 seconds, or 8 seconds without a comma, is written and not spoken. Nobody says it as \
         it stands, so everybody says something else. Make two of it.",
    ),
    warning(
        "jargon",
        "a word of sellers that no buyer wants to hear",
        "Words such as synergy or pain point mark a script as a script. callbook knows some for each language; book.yaml \
         adds those of your trade with `check: {jargon: [word]}`, and `check: {known: [word]}` takes one out.",
    ),
    warning(
        "abbreviation",
        "an abbreviation that is explained nowhere",
        "Capitals that a rep reads out and a buyer may not know. It counts as explained where words in brackets stand \
         beside it, where buyers use it in an utterance, or in book.yaml: `check: {known: [SSO]}`.",
    ),
    warning(
        "closed-question",
        "a discovery question that yes or no answers",
        "A question that covers a dimension of a framework is there to make the buyer talk. Asked so that yes or no \
         answers it, it ends the talk. A question that needs no more than that says so with `type: yes_no`, or has \
         `options`.",
    ),
    warning(
        "unproven-number",
        "a claim with a number and no proof",
        "A share, a multiple or a count of customers convinces only as long as nobody asks where it comes from. Name a \
         proof with a source and a date.",
    ),
    warning(
        "contradiction",
        "two numbers for one thing",
        "Two cards say the same sentence with different numbers, or a card counts what its proof counts and comes to \
         another number. Reps and buyers notice, and believe neither.",
    ),
    warning(
        "undated-proof",
        "a proof without its day",
        "A claim without the day on which it was found out gets old without anybody seeing it. Add `date`, and \
         `expires` if you know until when it may be used.",
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
    warning(
        "no-utterances",
        "an objection has no utterances",
        "Lookup finds a card by what buyers say. Without utterances only the title and the answers can match.",
    ),
    info(
        "few-utterances",
        "an objection that lookup knows in a few words only",
        "Buyers say the same thing in many ways, and lookup lives on their words. With five utterances most of them \
         are near one.",
    ),
    warning(
        "alike-utterances",
        "utterances that lookup takes for one",
        "Case, marks and small words make no difference to lookup. Utterances that differ in nothing else find what one \
         of them finds; write what another buyer says.",
    ),
    warning(
        "shared-utterance",
        "two cards with one utterance",
        "Whoever looks these words up gets either card, by chance. Keep the utterance on the card that answers it.",
    ),
    warning(
        "uncovered-dimension",
        "discovery that leaves out a part of its framework",
        "The playbook says what discovery has to cover, and no question of its stages or its own covers these \
         dimensions. Add one, or choose a framework that fits.",
    ),
    info(
        "translation-missing",
        "a translation without all parts of the original",
        "The original is the volume of the same id in the book's own language. Parts are compared by their ids, so a \
         translation keeps them.",
    ),
    warning(
        "translation-old",
        "a translation older than its original",
        "`meta.verified` says that the original was looked at after this part was. What has changed there has probably \
         not changed here.",
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
        "endless-loop",
        "parts that lead only to one another",
        "A close whose yes and no, or an objection whose every answer, leads on in a circle, or responses that stand in \
         for one another: the call could never end there. Let one of them lead to an outcome, back to the stage, or \
         `accept`.",
    ),
    info(
        "unused-part",
        "a part that nothing refers to",
        "A proof that no card names, a question that no stage asks, a close that no stage offers, a library that no playbook uses: kept up for nothing, or forgotten where it belongs.",
    ),
    warning(
        "unused-variable",
        "a variable that no text uses",
        "Reps are asked for its value before the call, and it appears nowhere. Often the name is written differently in \
         the text.",
    ),
];
