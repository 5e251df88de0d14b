//! The terminal's screens, without a terminal: states by the keys that lead to them, pictures of
//! whole screens, and any keys at all.

use std::sync::LazyLock;

use callbook::book::Book;
use callbook::card::cards;
use callbook::language::Language;
use callbook::search::{Filters, Lexicons, SearchIndex};
use callbook::tui::search::{Answer, Search, Shelf};
use callbook::tui::{App, Input, Key, Theme};
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

use crate::support::{cases, checked_on, errors, file, golden, listed, root, walk};

static BOOK: LazyLock<Book> = LazyLock::new(|| {
    let folder = root().join("tests/tui");
    let read = |name: &String| file(name, std::fs::read(folder.join(name)).expect("a file"));
    let (book, findings) = checked_on(walk(&folder).iter().map(read).collect(), crate::support::TODAY);
    assert_eq!(errors(&findings), 0, "{}", listed(&findings));
    book
});

static INDEX: LazyLock<SearchIndex> =
    LazyLock::new(|| SearchIndex::in_memory(&cards(&BOOK), &Lexicons::new(&[])).expect("an index"));

fn screen(base: Filters) -> Search<'static> {
    Search::new(&INDEX, base, Theme::new(true)).with_shelf(Shelf::of(&BOOK))
}

/// Keys as they are written in these tests: letters for themselves, names in `<>`, a paste in `«»`.
pub fn inputs(keys: &str) -> Vec<Input> {
    let mut out = Vec::new();
    let mut rest = keys;
    while let Some(c) = rest.chars().next() {
        let close = match c {
            '<' => '>',
            '«' => '»',
            _ => {
                out.push(Input::Key(Key::Char(c)));
                rest = &rest[c.len_utf8()..];
                continue;
            }
        };
        let (name, after) = rest[c.len_utf8()..].split_once(close).expect("an end");
        rest = after;
        if c == '«' {
            out.push(Input::Paste(name.into()));
            continue;
        }
        let size =
            name.split_once('x').and_then(|(columns, lines)| columns.parse().ok().zip(lines.parse().ok()));
        out.push(match (name, size) {
            (_, Some((columns, lines))) => Input::Resize(columns, lines),
            ("enter", _) => Input::Key(Key::Enter),
            ("esc", _) => Input::Key(Key::Esc),
            ("tab", _) => Input::Key(Key::Tab),
            ("back", _) => Input::Key(Key::BackTab),
            ("up", _) => Input::Key(Key::Up),
            ("down", _) => Input::Key(Key::Down),
            ("left", _) => Input::Key(Key::Left),
            ("right", _) => Input::Key(Key::Right),
            ("home", _) => Input::Key(Key::Home),
            ("pgdn", _) => Input::Key(Key::PageDown),
            ("pgup", _) => Input::Key(Key::PageUp),
            ("bs", _) => Input::Key(Key::Backspace),
            ("f1", _) => Input::Key(Key::F(1)),
            ("f2", _) => Input::Key(Key::F(2)),
            (name, _) if name.starts_with("alt-") => {
                Input::Key(Key::Alt(name.chars().next_back().expect("a key")))
            }
            (name, _) if name.starts_with("ctrl-") => {
                Input::Key(Key::Ctrl(name.chars().next_back().expect("a key")))
            }
            (name, _) => panic!("what is <{name}>?"),
        });
    }
    out
}

/// Presses keys one after another; what was answered, if anything.
fn press(screen: &mut Search<'_>, keys: &str) -> Option<Answer> {
    for input in inputs(keys) {
        if let Some(answer) = screen.act(input) {
            return Some(answer);
        }
        screen.settle();
    }
    screen.settle();
    None
}

/// The screen in a sentence: query, open card, filters; or what was answered.
fn state(screen: &mut Search<'_>, keys: &str) -> String {
    match press(screen, keys) {
        Some(Answer::Left) => "left".into(),
        Some(Answer::Taken { hit, rank, query }) => {
            format!("took {} {} at {rank} for “{query}”", hit.card.language, hit.card.id)
        }
        None => {
            let open = screen.hits().get(screen.chosen());
            let open = open.map_or("-".into(), |hit| format!("{} {}", hit.card.language, hit.card.id));
            let Filters { languages, stages, .. } = screen.filters();
            let languages: Vec<&str> = languages.iter().map(Language::as_str).collect();
            format!("“{}” {}: {open} {languages:?} {stages:?}", screen.query(), screen.chosen() + 1)
        }
    }
}

fn check(keys: &str, expected: &str) {
    assert_eq!(state(&mut screen(Filters::default()), keys), expected, "{keys}");
}

#[test]
fn keys_do_what_the_help_says() {
    // Before anything is typed: the speed dials in order, the handbook's language first.
    check("", "“” 1: en no-time [] []");
    check("<down><down>", "“” 3: en boss [] []");
    check("<down><up><up>", "“” 1: en no-time [] []");
    check("<ctrl-n><ctrl-n><ctrl-p>", "“” 2: en too-expensive [] []");
    check("<down><down><down><down><down><down><down><down><down>", "“” 6: zh-Hant too-expensive [] []");
    check("<enter>", "took en no-time at 1 for “”");
    // Typing opens the best card, whatever was open before.
    check("<down>expensive", "“expensive” 1: en too-expensive [] []");
    check("too expensive <enter>", "took en too-expensive at 1 for “too expensive”");
    check("đắt quá", "“đắt quá” 1: vi too-expensive [] []");
    check("dat qua", "“dat qua” 1: vi too-expensive [] []");
    check("太贵了", "“太贵了” 1: zh-Hant too-expensive [] []");
    check("mahal sangat", "“mahal sangat” 1: ms too-expensive [] []");
    check("da\u{306}\u{301}t qua\u{301}", "“da\u{306}\u{301}t qua\u{301}” 1: vi too-expensive [] []");
    // Nothing fits: Enter stays, Backspace goes on.
    check("zzzz<enter>", "“zzzz” 1: - [] []");
    check("bossx<bs>", "“boss” 1: en boss [] []");
    check("boss<ctrl-u>", "“” 1: en no-time [] []");
    check("«my\n  boss»<enter>", "took en boss at 1 for “my boss”");
    check("sso<home>bo<ctrl-e><bs>", "“boss” 1: en boss [] []");
    // Leaving.
    check("<esc>", "left");
    check("boss<ctrl-c>", "left");
    check("<f1><esc>boss", "“boss” 1: en boss [] []");
    check("<f1><pgdn><down><up><pgup>boss", "“boss” 1: en boss [] []");
    check("?boss", "“boss” 1: en boss [] []");
    check("<f1><ctrl-c>", "left");
    check("boss?", "“boss?” 1: en boss [] []");
}

#[test]
fn digits_open_cards_and_are_never_lost() {
    check("2", "“” 2: en too-expensive [] []");
    check("2<enter>", "took en too-expensive at 2 for “”");
    check("23", "“23” 1: - [] []");
    check("2%", "“2%” 1: - [] []");
    // A letter begins a word of its own: the card that was open has done its work.
    check("2boss", "“boss” 1: en boss [] []");
    // The list has no such card, or no card has a 0.
    check("7", "“7” 1: - [] []");
    check("0", "“0” 1: - [] []");
    // In the midst of a query.
    check("P1", "“P1” 1: en too-expensive [] []");
    check("P1 2<bs>", "“P1 ” 1: en too-expensive [] []");
    check("P1 2<bs><bs>", "“P1” 1: en too-expensive [] []");
    check("P1 2", "“P1 ” 2: ms too-expensive [] []");
    check("P1 3<enter>", "took vi too-expensive at 3 for “P1”");
    check("too expensive 2 ", "“too expensive 2 ” 1: en too-expensive [] []");
    // Right behind a word.
    check("ask boss expensive2", "“ask boss expensive” 2: en too-expensive [] []");
    check("ask boss expensive21<enter>", "took en boss at 1 for “ask boss expensive”");
    check("ask boss expensive2<bs>", "“ask boss expensive” 1: en boss [] []");
    check("ask boss expensive2 for", "“ask boss expensive for” 1: en boss [] []");
    check("P1<alt-2>", "“P1” 2: ms too-expensive [] []");
    check("P1<alt-9>", "“P1” 1: en too-expensive [] []");
    check("2<down>x", "“x” 1: - [] []");
    check("boss<home>2", "“2boss” 1: - [] []");
}

#[test]
fn filters_turn_and_hold() {
    check("<tab>", "“” 1: en no-time [\"en\"] []");
    check("<tab><tab><tab>", "“” 1: vi too-expensive [\"vi\"] []");
    check("<tab><tab><tab><tab><tab>", "“” 1: en no-time [] []");
    check("<back>", "“” 1: zh-Hant too-expensive [\"zh-Hant\"] []");
    check("<back><tab>", "“” 1: en no-time [] []");
    check("<f2><tab><tab>", "“” 1: en boss [] [\"demo/close\"]");
    check("<ctrl-t><back>", "“” 1: en boss [] [\"demo/close\"]");
    check("<f2><tab><tab>expensive", "“expensive” 1: - [] [\"demo/close\"]");
    // A language that has no such stage lets go of it; one that has keeps it.
    check("<f2><tab><tab><f2><tab><tab>", "“” 1: ms too-expensive [\"ms\"] []");
    check("<f2><tab><f2><tab><tab>", "“” 1: ms too-expensive [\"ms\"] [\"demo/open\"]");
    // From the command line.
    let with = |base: Filters, keys: &str, expected: &str| {
        assert_eq!(state(&mut screen(base), keys), expected, "{keys}");
    };
    let language = |tag: &str| Language::parse(tag).expect("a tag");
    let zh = Filters { languages: vec![language("zh")], ..Filters::default() };
    with(zh.clone(), "", "“” 1: zh-Hant too-expensive [\"zh\"] []");
    with(zh.clone(), "P1", "“P1” 1: zh-Hant too-expensive [\"zh\"] []");
    // One language is left, so Tab goes through the stages.
    with(zh, "<tab>", "“” 1: zh-Hant too-expensive [\"zh\"] [\"demo/open\"]");
    let two = Filters { languages: vec![language("vi"), language("ms")], ..Filters::default() };
    with(two.clone(), "<tab>", "“” 1: ms too-expensive [\"ms\"] []");
    with(two, "<tab><tab><tab>", "“” 1: ms too-expensive [\"vi\", \"ms\"] []");
    let stage = Filters { stages: vec!["Close".into()], ..Filters::default() };
    with(stage.clone(), "", "“” 1: en boss [] [\"Close\"]");
    with(stage, "<f2><tab><tab><tab>", "“” 1: en boss [] [\"demo/close\"]");
    for (kind, open) in
        [("close", "en date"), ("brush-off", "en no-time"), ("stage", "en open"), ("signal", "-")]
    {
        let base = Filters { kinds: vec![kind.into()], ..Filters::default() };
        let open_now = |search: &Search<'_>| {
            let open = search.hits().first();
            open.map_or("-".into(), |hit| format!("{} {}", hit.card.language, hit.card.id))
        };
        let mut search = screen(base);
        press(&mut search, "");
        // Stages come by their ids, and `close` before `open`.
        assert_eq!(open_now(&search), if kind == "stage" { "en close" } else { open });
    }
    let tags = Filters { tags: vec![("Persona".into(), "finance".into())], ..Filters::default() };
    with(tags, "", "“” 1: en no-time [] []");
    let category = Filters { categories: vec!["authority".into()], ..Filters::default() };
    with(category, "", "“” 1: en boss [] []");
}

/// What the shelf lets through is what the index lets through.
#[test]
fn the_shelf_is_filtered_as_the_index_is() {
    let shelf = Shelf::of(&BOOK);
    let text = |values: &[&str]| values.iter().map(ToString::to_string).collect::<Vec<_>>();
    let languages = |tags: &[&str]| tags.iter().map(|tag| Language::parse(tag).expect("a tag")).collect();
    for filters in [
        Filters::default(),
        Filters { languages: languages(&["zh", "vi"]), ..Filters::default() },
        Filters { playbooks: text(&["Demo"]), ..Filters::default() },
        Filters { playbooks: text(&["other"]), ..Filters::default() },
        Filters { stages: text(&["open"]), ..Filters::default() },
        Filters { stages: text(&["demo/OPEN", "close"]), ..Filters::default() },
        Filters { categories: text(&["price", "timing"]), ..Filters::default() },
        Filters { kinds: text(&["brush-off"]), ..Filters::default() },
        Filters { tags: vec![("persona".into(), "Finance".into())], ..Filters::default() },
    ] {
        let name = |card: &callbook::card::Card| format!("{} {}", card.language, card.id);
        let mut shelved: Vec<String> = shelf.matching(&filters).map(name).collect();
        // By its code, each objection is found whatever it says.
        let mut found: Vec<String> = Vec::new();
        for code in ["A1", "P1", "T1"] {
            let hits = INDEX.find(code, &filters, 100).expect("an answer").hits;
            found.extend(
                hits.iter().filter(|hit| hit.card.code.as_deref() == Some(code)).map(|hit| name(&hit.card)),
            );
        }
        shelved.sort();
        found.sort();
        assert_eq!(shelved, found, "{filters:?}");
    }
}

/// A screen as text, line by line.
pub fn picture(screen: &mut impl App, columns: u16, lines: u16) -> String {
    screen.act(Input::Resize(columns, lines));
    screen.settle();
    let mut terminal = Terminal::new(TestBackend::new(columns, lines)).expect("a terminal");
    let mut cursor = None;
    let drawn = terminal.draw(|frame| {
        screen.draw(frame);
        cursor = Some(frame.area());
    });
    let buffer = drawn.expect("a picture").buffer.clone();
    let mut out = String::new();
    for y in 0..lines {
        let (mut line, mut x) = (String::new(), 0);
        while x < columns {
            let symbol = buffer[(x, y)].symbol();
            line.push_str(symbol);
            x += u16::try_from(symbol.width().max(1)).expect("a width");
        }
        out += line.trim_end();
        out.push('\n');
    }
    let at = terminal.get_cursor_position().expect("a cursor");
    format!("{out}[cursor {}:{}]\n", at.y + 1, at.x + 1)
}

#[test]
fn whole_screens_look_as_they_did() {
    for (name, keys, base) in [
        ("shelf", "", Filters::default()),
        ("en", "too expensive", Filters::default()),
        ("vi", "đắt quá", Filters::default()),
        ("zh", "太贵了", Filters::default()),
        ("ms", "mahal sangat", Filters::default()),
        ("nothing", "<tab>good morning", Filters::default()),
        ("help", "<f1>", Filters::default()),
        ("help-below", "<40x12><f1><pgdn><down>", Filters::default()),
        ("scrolled", "too expensive<40x12><pgdn>", Filters::default()),
        (
            "filtered",
            "<f2><tab>",
            Filters {
                categories: vec!["price".into()],
                playbooks: vec!["demo".into()],
                ..Filters::default()
            },
        ),
    ] {
        for (columns, lines) in [(80, 24), (40, 12)] {
            let mut screen = screen(base.clone());
            press(&mut screen, keys);
            golden(&format!("tui/{name}-{columns}x{lines}.txt"), &picture(&mut screen, columns, lines));
        }
    }
    let mut wide = screen(Filters::default());
    press(&mut wide, "P1<down>");
    golden("tui/wide-200x40.txt", &picture(&mut wide, 200, 40));
}

/// Colours are of the sixteen, and go when they are not wanted; what is open has its mark without.
#[test]
fn colours_are_few_and_can_go() {
    for colours in [true, false] {
        let mut search =
            Search::new(&INDEX, Filters::default(), Theme::new(colours)).with_shelf(Shelf::of(&BOOK));
        press(&mut search, "too expensive");
        let mut terminal = Terminal::new(TestBackend::new(80, 24)).expect("a terminal");
        let buffer = terminal.draw(|frame| search.draw(frame)).expect("a picture").buffer.clone();
        let mut seen = 0;
        for cell in buffer.content() {
            for colour in [cell.fg, cell.bg] {
                assert!(!matches!(colour, Color::Rgb(..) | Color::Indexed(_)), "{colour:?}");
                seen += usize::from(colour != Color::Reset);
            }
        }
        assert_eq!(seen > 0, colours);
        let marked = (0..24).filter(|y| buffer[(0, *y)].symbol() == "▸").count();
        assert_eq!(marked, 1);
        assert!(buffer[(0, 2)].modifier.contains(Modifier::REVERSED));
    }
}

/// The shelf comes when it is ready, and disturbs nobody who types.
#[test]
fn the_shelf_may_come_late() {
    let (send, coming) = std::sync::mpsc::channel();
    let mut search = Search::new(&INDEX, Filters::default(), Theme::new(false)).with_shelf_from(coming);
    assert_eq!(state(&mut search, ""), "“” 1: - [] []");
    assert!(search.every().is_some() && !search.tick());
    assert!(picture(&mut search, 80, 24).contains("the book is being read"));
    assert_eq!(state(&mut search, "boss"), "“boss” 1: en boss [] []");
    send.send(Shelf::of(&BOOK)).expect("a screen");
    assert!(search.tick() && search.every().is_none());
    assert_eq!(state(&mut search, ""), "“boss” 1: en boss [] []");
    assert_eq!(state(&mut search, "<ctrl-u>"), "“” 1: en no-time [] []");
    // Or never: the thread has gone.
    let (send, coming) = std::sync::mpsc::channel();
    let mut search = Search::new(&INDEX, Filters::default(), Theme::new(false)).with_shelf_from(coming);
    drop(send);
    assert!(search.tick() && search.every().is_none());
    assert_eq!(state(&mut search, "2<tab><f2><tab>"), "“2” 1: - [\"en\"] []");
}

pub fn any_key() -> impl Strategy<Value = Input> {
    let letters = "abeo 太貴đắ\u{301}\u{302}12390%?\u{200D}👩\u{7}".chars().collect::<Vec<_>>();
    let key = prop_oneof![
        8 => proptest::sample::select(letters).prop_map(Key::Char),
        1 => any::<char>().prop_map(Key::Char),
        2 => proptest::sample::select(vec!['a', 'b', 'd', 'e', 'f', 'h', 'k', 'n', 'p', 't', 'u', 'w', 'z'])
            .prop_map(Key::Ctrl),
        1 => proptest::sample::select(vec!['1', '2', '9', 'b', 'd', 'f']).prop_map(Key::Alt),
        8 => proptest::sample::select(vec![
            Key::Tab, Key::BackTab, Key::Up, Key::Down, Key::Left, Key::Right, Key::WordLeft, Key::WordRight,
            Key::Home, Key::End, Key::PageUp, Key::PageDown, Key::Backspace, Key::Delete, Key::DeleteWord,
            Key::F(1), Key::F(2), Key::F(12),
        ]),
    ];
    prop_oneof![
        20 => key.prop_map(Input::Key),
        1 => ".{0,40}".prop_map(Input::Paste),
        2 => (0u16..240, 0u16..70).prop_map(|(columns, lines)| Input::Resize(columns, lines)),
    ]
}

proptest! {
    #![proptest_config(cases(96))]

    /// Whatever is pressed, in whatever size: nothing breaks, and what is open is in the list.
    #[test]
    fn any_keys_end_in_a_valid_state(
        inputs in proptest::collection::vec(any_key(), 0..40),
        columns in 0u16..130,
        lines in 0u16..30,
    ) {
        let mut search = screen(Filters::default());
        for input in &inputs {
            prop_assert!(search.act(input.clone()).is_none(), "{input:?} ended it");
            let hits = search.hits().len();
            prop_assert!(search.chosen() < hits.max(1));
        }
        search.settle();
        prop_assert!(search.chosen() < search.hits().len().max(1));
        prop_assert!(!search.query().chars().any(char::is_control));
        let first = picture(&mut search, columns.max(1), lines.max(1));
        // The same keys, the same screen.
        let mut again = screen(Filters::default());
        for input in inputs {
            again.act(input);
            again.settle();
        }
        prop_assert_eq!(again.query(), search.query());
        prop_assert_eq!(picture(&mut again, columns.max(1), lines.max(1)), first);
        // Enter takes just what is open.
        let open = search.hits().get(search.chosen()).cloned();
        search.act(Input::Key(Key::Esc)).map_or_else(|| search.act(Input::Key(Key::Esc)), Some);
        let taken = search.act(Input::Key(Key::Enter));
        match (open, taken) {
            (Some(open), Some(Answer::Taken { hit, .. })) => prop_assert_eq!(*hit, open),
            (None, None) => {}
            (open, taken) => prop_assert!(false, "{open:?} {taken:?}"),
        }
    }
}
