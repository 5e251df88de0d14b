//! The page about what changed since a revision.

use super::{load_with, options, page, starter};
use crate::diff::diff;
use crate::site::{Options, Since, Site, build};

const BASE: &str = "title: B\nlanguage: en\n";
const OLD: &str = "playbook: a
title: A
language: en
stages: [{id: s, title: S, goal: G}]
objections:
  - {id: dear, title: Too dear, responses: [{id: r, say: 'Old <words>'}]}
  - {id: gone, title: Gone, responses: [{say: x}]}
";

fn since(new: &str, public: bool) -> Site {
    let vi = "playbook: a\ntitle: A vi\nlanguage: vi\nobjections: [{id: dear, title: Đắt quá, responses: [{id: r, say: CŨ}]}]\n";
    let old = load_with(BASE, &[("a.yaml", OLD), ("vi.yaml", vi)]);
    let book = load_with(BASE, &[("a.yaml", new), ("vi.yaml", &vi.replace("CŨ", "MỚI"))]);
    let changes = diff(&old, &book);
    let since = Some(Since { revision: "v1 <b>".to_string(), changes });
    build(&book, &Options { since, ..options(public) }).expect("a site")
}

#[test]
fn what_changed_is_told_in_the_language_of_the_page() {
    let new = OLD.replace("Old <words>", "New <words>").replace(
        "  - {id: gone, title: Gone, responses: [{say: x}]}\n",
        "  - {id: fresh, title: 'Fresh {', responses: [{say: y}]}\n",
    );
    let site = since(&new, false);
    let en = page(&site, "en/changes/index.html");
    for wanted in [
        "Compared with v1 &lt;b&gt; · 3 changes",
        "<a href=\"../a/objections/dear/index.html\">Too dear</a>",
        "answer <code>r</code> › what is said: <strong>reworded</strong>",
        "<del>Old &lt;words&gt;</del>",
        "<ins>New &lt;words&gt;</ins>",
        "<a href=\"../a/objections/fresh/index.html\">Fresh {</a>",
    ] {
        assert!(en.contains(wanted), "{wanted} in {en}");
    }
    assert!(en.contains("Gone</p>"), "what is gone has no page: {en}");
    assert!(!en.contains("MỚI"), "another language's");
    let vi = page(&site, "vi/changes/index.html");
    assert!(vi.contains("<h1>Những gì đã thay đổi</h1>") && vi.contains("<ins>MỚI</ins>"), "{vi}");
    assert!(vi.contains("câu trả lời <code>r</code> › lời nói: <strong>viết lại</strong>"), "{vi}");
    assert!(page(&site, "en/index.html").contains("changes/index.html"), "linked from home");
}

#[test]
fn nothing_is_told_where_nobody_asked_or_all_may_read() {
    let of = |site: &Site| site.files.keys().filter(|path| path.contains("changes")).count();
    assert_eq!(of(&since(OLD, true)), 0, "what is gone may have been internal");
    assert_eq!(of(&build(starter(), &options(false)).expect("a site")), 0);
    let site = since(OLD, false);
    assert!(page(&site, "en/changes/index.html").contains("0 changes"));
}
