//! Lookup as a whole, on a small book in four languages.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Arc;

use proptest::prelude::*;

use crate::book::{self, InputFile};
use crate::card::{Card, CardKind, CardResponse};
use crate::language::Language;

use super::*;

fn tag(text: &str) -> Language {
    Language::parse(text).unwrap()
}

/// An objection; `about` is `language id code category`.
fn objection(about: &str, title: &str, utterances: &[&str], say: &str) -> Card {
    let about: Vec<&str> = about.split(' ').collect();
    let [language, id, code, category] = about[..] else { panic!("{about:?}") };
    Card {
        kind: CardKind::Objection,
        id: id.into(),
        was: vec![],
        playbook: "core".into(),
        used_by: vec!["core".into(), "outbound".into()],
        stages: vec!["outbound/open".into()],
        language: tag(language),
        code: Some(code.into()),
        title: title.into(),
        category: Some(category.into()),
        objection_kind: Some("objection".into()),
        tags: BTreeMap::new(),
        utterances: utterances.iter().map(|&text| text.into()).collect(),
        why: None,
        responses: vec![CardResponse {
            id: "one".into(),
            technique: None,
            when: None,
            bridge: None,
            say: say.into(),
            ask: None,
            proof: vec![],
            avoid: vec![],
        }],
        more: vec![],
        internal: false,
        file: Arc::from("core.yaml"),
        line: 1,
    }
}

fn cards() -> Vec<Card> {
    let mut cards = vec![
        objection(
            "en too-expensive P1 price",
            "It's too expensive",
            &[
                "that's more than we wanted to spend",
                "costs an arm and a leg",
                "your price is way too high",
                "we could never pay that much",
            ],
            "Compared with what?",
        ),
        objection(
            "en not-now T1 timing",
            "Not now",
            &[
                "now is a bad time",
                "we have other priorities this quarter",
                "maybe next year",
                "it's not the right moment",
            ],
            "What would make it the right time?",
        ),
        objection(
            "en send-email D1 deflection",
            "Send me an email",
            &[
                "just send me some information",
                "put it in writing and I'll look at it",
                "drop me a line with the details",
            ],
            "Gladly: what should it answer?",
        ),
        objection(
            "en not-interested D2 deflection",
            "I'm not interested",
            &["no thanks", "we're good, thank you", "this is not for us"],
            "Fair enough. What did you think this was about?",
        ),
        objection(
            "en using-a-competitor C1 competitor",
            "We already use somebody else",
            &[
                "we have a vendor for that",
                "we've been with Boardly for years",
                "there is already a tool in place",
            ],
            "What made you choose them?",
        ),
        objection(
            "vi too-expensive P1 price",
            "Đắt quá em ơi",
            &["giá cao hơn bên khác", "chị không nghĩ là mắc vậy", "tiền đâu mà trả từng đó"],
            "Chị đang so với bên nào ạ?",
        ),
        objection(
            "vi land V1 fit",
            "Bên anh buôn đất",
            &["công ty bán đất nền", "đất quận chín thì sao"],
            "Dạ, đội mình bao nhiêu người ạ?",
        ),
        objection(
            "vi send-email D1 deflection",
            "Gửi email cho anh xem đi",
            &["có tài liệu thì gửi qua mail", "nhắn qua zalo rồi anh coi"],
            "Dạ, anh muốn xem phần nào trước ạ?",
        ),
        objection(
            "vi think-about-it D3 deflection",
            "Để chị suy nghĩ thêm",
            &["để anh nghĩ đã", "từ từ rồi tính em"],
            "Dạ, còn điểm nào chị phân vân ạ?",
        ),
        objection(
            "zh-Hant too-expensive P1 price",
            "太貴了",
            &["價格比我們想的高", "這個價錢我們付不起", "預算沒有那麼多"],
            "請問您是和什麼比較呢？",
        ),
        objection(
            "zh-Hant send-email D1 deflection",
            "先寄資料給我",
            &["傳個 email 過來就好", "有沒有簡介可以先看"],
            "好的，您最想先看哪個部分？",
        ),
        objection(
            "zh-Hant not-interested D2 deflection",
            "我們沒興趣",
            &["不用了謝謝", "我們不需要"],
            "了解，請問目前是怎麼做的呢？",
        ),
        objection(
            "ms too-expensive P1 price",
            "Mahal sangat ni",
            &["harga tu tinggi betul", "tak larat kami nak bayar"],
            "Mahal berbanding apa ya?",
        ),
        objection(
            "ms not-interested D2 deflection",
            "Saya tak berminat",
            &["tak nak lah", "tak payah susah-susah"],
            "Faham. Sekarang guna cara apa?",
        ),
    ];
    cards[0].tags.insert("persona".into(), vec!["Finance".into()]);
    cards[0].objection_kind = Some("smokescreen".into());
    cards
}

fn index() -> SearchIndex {
    SearchIndex::in_memory(&cards(), &Lexicons::default()).unwrap()
}

fn first(index: &SearchIndex, query: &str, filters: &Filters) -> Option<String> {
    let found = index.find(query, filters, 3).unwrap();
    let hit = found.hits.first()?;
    assert!(found.total >= found.hits.len());
    assert!(hit.score >= FLOOR);
    assert!(found.hits.is_sorted_by(|a, b| a.score >= b.score));
    Some(format!("{} {}", hit.card.language, hit.card.id))
}

#[test]
fn what_was_heard_finds_the_card() {
    let index = index();
    for (query, expected) in [
        ("it's too expensive", "en too-expensive"),
        ("IT’S TOO EXPENSIVE!!!", "en too-expensive"),
        ("too pricey for us", "en too-expensive"),
        ("way over what we wanted to pay", "en too-expensive"),
        ("expensve", "en too-expensive"),
        (
            "well you know um that is honestly way more than we wanted to spend on this sort of thing",
            "en too-expensive",
        ),
        ("not now", "en not-now"),
        ("this is really not a good moment for us right now maybe next year", "en not-now"),
        ("email me something", "en send-email"),
        ("e-mail me the details", "en send-email"),
        ("not interested", "en not-interested"),
        ("no thank you", "en not-interested"),
        ("we are using a different vendor", "en using-a-competitor"),
        ("boardly", "en using-a-competitor"),
        ("đắt quá", "vi too-expensive"),
        ("dat qua", "vi too-expensive"),
        ("DAT QUA EM OI", "vi too-expensive"),
        ("đất nền", "vi land"),
        ("gửi email cho chị", "vi send-email"),
        ("gui email", "vi send-email"),
        ("de anh nghi da", "vi think-about-it"),
        ("để anh nghĩ đã", "vi think-about-it"),
        ("太貴了", "zh-Hant too-expensive"),
        ("太贵了", "zh-Hant too-expensive"),
        ("价格太高", "zh-Hant too-expensive"),
        ("先寄資料給我", "zh-Hant send-email"),
        ("先寄资料给我", "zh-Hant send-email"),
        ("寄email給我", "zh-Hant send-email"),
        ("没兴趣", "zh-Hant not-interested"),
        ("mahal sangat", "ms too-expensive"),
        ("harganya mahal", "ms too-expensive"),
        ("tak berminat lah", "ms not-interested"),
    ] {
        assert_eq!(first(&index, query, &Filters::default()).as_deref(), Some(expected), "{query}");
    }
}

#[test]
fn both_scripts_score_alike() {
    let index = index();
    for (one, two) in [("太貴了", "太贵了"), ("先寄資料給我", "先寄资料给我"), ("ＥＭＡＩＬ", "email")]
    {
        let all = Filters::default();
        assert_eq!(index.find(one, &all, 9).unwrap(), index.find(two, &all, 9).unwrap());
    }
}

#[test]
fn marks_put_the_exact_word_first() {
    let index = index();
    let only = Filters { languages: vec![tag("vi")], ..Filters::default() };
    assert_eq!(first(&index, "đắt", &only).as_deref(), Some("vi too-expensive"));
    assert_eq!(first(&index, "đất", &only).as_deref(), Some("vi land"));
    // Without marks both are meant.
    let found = index.find("dat", &only, 9).unwrap();
    let ids: Vec<&str> = found.hits.iter().map(|hit| hit.card.id.as_str()).collect();
    assert!(ids.contains(&"too-expensive") && ids.contains(&"land"), "{ids:?}");
}

#[test]
fn a_slip_in_the_last_word_is_no_beginning() {
    let index = index();
    for (typed, expected) in
        [("that is too expensve", "en too-expensive"), ("your prics", "en too-expensive")]
    {
        let found = index.suggest(typed, &Filters::default(), 1).unwrap();
        let first = found.hits.first().map(|hit| format!("{} {}", hit.card.language, hit.card.id));
        assert_eq!(first.as_deref(), Some(expected), "{typed}");
    }
}

#[test]
fn what_fits_nothing_finds_nothing() {
    let index = index();
    for query in [
        "",
        " ",
        "?!",
        "…",
        "hello how are you",
        "good morning to you",
        "chúc mừng sinh nhật chị",
        "你好嗎",
        "yes",
        "thanks, hello",
        "uh huh",
        "dạ, cảm ơn em",
        "謝謝，了解",
        "betul, terima kasih",
        "xyzzy",
        "🤷",
        "apa khabar",
    ] {
        assert_eq!(index.find(query, &Filters::default(), 5).unwrap(), Found::default(), "{query}");
    }
    // Some words of it are a buyer's: what is nearest is told, and is no hit.
    let found = index.find("what is the weather", &Filters::default(), 5).unwrap();
    assert_eq!((found.hits, found.total), (vec![], 0));
    let none = Found::default();
    let empty = SearchIndex::in_memory(&[], &Lexicons::default()).unwrap();
    assert!(empty.is_empty());
    assert_eq!(empty.find("too expensive", &Filters::default(), 5).unwrap(), none);
    // No hits were asked for, but they are counted.
    let counted = index.find("too expensive", &Filters::default(), 0).unwrap();
    assert!(counted.hits.is_empty() && counted.total > 0);
}

#[test]
fn a_card_asked_for_by_name_comes_first() {
    let index = index();
    for (query, expected) in [
        ("P1", "en too-expensive"),
        (" p1 ", "en too-expensive"),
        ("T1", "en not-now"),
        ("too-expensive", "en too-expensive"),
        ("core/land", "vi land"),
        ("using-a-competitor", "en using-a-competitor"),
    ] {
        assert_eq!(first(&index, query, &Filters::default()).as_deref(), Some(expected), "{query}");
    }
    let malay = Filters { languages: vec![tag("ms")], ..Filters::default() };
    assert_eq!(first(&index, "P1", &malay).as_deref(), Some("ms too-expensive"));
}

/// The small book, with cards whose words say nothing of themselves.
fn bare_words() -> SearchIndex {
    let mut all = cards();
    for (id, language, title, utterances) in [
        ("busy", "zh-Hant", "沒空", &["忙", "現在很忙"][..]),
        ("dear", "zh-Hant", "貴", &["這個好貴喔"]),
        ("no", "zh-Hant", "拒絕", &["不", "免了"]),
        ("greets", "en", "Only greets", &["hello there", "How are you?", "hello, it's too expensive"]),
        ("the", "en", "The", &["is it the price"]),
        ("dear-marked", "vi", "Giá", &["đắt"]),
        ("land-marked", "vi", "Nền", &["đất"]),
        ("long", "en", "Long", &[&"now and then ".repeat(1_000)]),
        ("ja", "ja", "高い", &["ちょっと"]),
    ] {
        all.push(objection(&format!("{language} {id} X{} other", all.len()), title, utterances, "…"));
    }
    SearchIndex::in_memory(&all, &Lexicons::default()).unwrap()
}

#[test]
fn what_a_card_says_word_for_word_finds_it_first() {
    let index = bare_words();
    for (query, expected) in [
        ("忙", "zh-Hant busy"),
        ("貴", "zh-Hant dear"),
        ("贵！", "zh-Hant dear"),
        ("不", "zh-Hant no"),
        ("hello there", "en greets"),
        ("how are you", "en greets"),
        ("Hello. It’s too expensive", "en greets"),
        ("the", "en the"),
        ("is it the price?", "en the"),
        ("đắt", "vi dear-marked"),
        ("ĐẤT", "vi land-marked"),
        ("高い", "ja ja"),
        ("it's too expensive", "en too-expensive"),
        ("not now", "en not-now"),
    ] {
        assert_eq!(first(&index, query, &Filters::default()).as_deref(), Some(expected), "{query}");
    }
    let long = "now and then ".repeat(1_000);
    assert_eq!(first(&index, &long, &Filters::default()).as_deref(), Some("en long"));
    // A greeting finds nothing else.
    for greeting in ["how are you", "hello there"] {
        assert_eq!(index.find(greeting, &Filters::default(), 9).unwrap().total, 1, "{greeting}");
        assert_eq!(self::index().find(greeting, &Filters::default(), 9).unwrap().total, 0, "{greeting}");
    }
    // The very words are shown beside the hit.
    for (query, expected) in [("is it the price", "is it the price"), ("how are you", "How are you?")] {
        let found = index.find(query, &Filters::default(), 1).unwrap();
        assert_eq!(found.hits[0].matched.as_deref(), Some(expected));
    }
}

#[test]
fn every_utterance_and_title_finds_a_card_that_has_it() {
    let index = bare_words();
    for card in cards() {
        for text in card.utterances.iter().chain([&card.title]) {
            let found = index.find(text, &Filters::default(), 1).unwrap();
            let hit = &found.hits[0].card;
            let same = |own: &String| fold(own) == fold(text);
            assert!(hit.utterances.iter().chain([&hit.title]).any(same), "{text}: {}", hit.path());
        }
    }
}

#[test]
fn a_few_characters_that_stand_in_a_card_find_it() {
    let index = bare_words();
    let ids = |query: &str| -> Vec<String> {
        let found = index.find(query, &Filters::default(), 9).unwrap();
        found.hits.into_iter().map(|hit| hit.card.id).collect()
    };
    // The one that says nothing else comes first, then the shorter text, or the one that has it twice.
    assert_eq!(ids("貴"), ["dear", "too-expensive"]);
    assert_eq!(ids("贵"), ids("貴"));
    assert_eq!(ids("很忙"), ["busy"]);
    assert_eq!(ids("簡介"), ["send-email"]);
    assert_eq!(ids("付不起")[0], "too-expensive");
    // What no card has finds nothing.
    assert_eq!(ids("貓"), [""; 0]);
    let found = index.find("簡介", &Filters::default(), 1).unwrap();
    assert!(found.hits[0].score >= FLOOR && found.hits[0].matched.as_deref() == Some("有沒有簡介可以先看"));
}

#[test]
fn an_index_tells_the_names_it_can_be_filtered_by() {
    let mut all = cards();
    all[0].language = tag("zh");
    all[1].language = tag("en-GB-x-old");
    let index = SearchIndex::in_memory(&all, &Lexicons::default()).unwrap();
    let names = |what| index.names(what).unwrap();
    assert_eq!(names(Names::Languages), ["en", "en-GB-x-old", "ms", "vi", "zh", "zh-Hant"]);
    assert_eq!(self::index().names(Names::Languages).unwrap(), ["en", "ms", "vi", "zh-Hant"]);
    assert_eq!(names(Names::Playbooks), ["core", "outbound"]);
    assert_eq!(names(Names::Stages), ["open", "outbound/open"]);
    assert!(names(Names::Categories).contains(&"price".to_owned()));
    assert_eq!(names(Names::Kinds), ["objection", "smokescreen"]);
    let empty = SearchIndex::in_memory(&[], &Lexicons::default()).unwrap();
    assert!(empty.names(Names::Languages).unwrap().is_empty());
}

#[test]
fn a_card_is_found_by_the_ids_it_had() {
    let mut all = cards();
    let land = all.iter_mut().find(|card| card.id == "land").unwrap();
    land.was = vec!["Plot-of-land".into(), "too-dear".into()];
    let index = SearchIndex::in_memory(&all, &Lexicons::default()).unwrap();
    for query in ["plot-of-land", "too-dear", "core/too-dear", "land"] {
        assert_eq!(first(&index, query, &Filters::default()).as_deref(), Some("vi land"), "{query}");
    }
    // From a book, filters by old ids of playbooks and stages hold as well.
    let files = [
        ("book.yaml", "title: Test book\nlanguage: en\n"),
        (
            "calls.yaml",
            "playbook: calls\nwas: [phone]\ntitle: Calls\nlanguage: en\nstages:\n  - {id: open, was: [start], title: Open, objections: [dear]}\nobjections:\n  - {id: dear, was: [pricey], title: Too dear, responses: [{say: Hm}]}\n",
        ),
    ];
    let files = files.map(|(name, text)| InputFile { name: name.into(), bytes: text.into() });
    let from_book = crate::card::cards(&book::load(files.into()).0);
    let index = SearchIndex::in_memory(&from_book, &Lexicons::default()).unwrap();
    assert_eq!(first(&index, "pricey", &Filters::default()).as_deref(), Some("en dear"));
    for stage in ["open", "start", "calls/open", "calls/start", "phone/open"] {
        let filters =
            Filters { stages: vec![stage.into()], playbooks: vec!["phone".into()], ..Filters::default() };
        assert_eq!(first(&index, "too dear", &filters).as_deref(), Some("en dear"), "{stage}");
    }
    let json = serde_json::to_string(&cards()[0]).unwrap();
    assert!(!json.contains("\"was\"") && serde_json::from_str::<Card>(&json).is_ok());
}

#[test]
fn filters_narrow() {
    let index = index();
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    let check = |filters: Filters, expected: &[&str]| {
        let found = index.find("P1", &filters, 20).unwrap();
        let mut seen: Vec<String> = found.hits.iter().map(|hit| hit.card.language.to_string()).collect();
        seen.sort();
        assert_eq!(seen, expected, "{filters:?}");
        assert_eq!(found.total, expected.len());
    };
    let none = Filters::default;
    let all = ["en", "ms", "vi", "zh-Hant"];
    check(none(), &all);
    check(Filters { languages: vec![tag("zh")], ..none() }, &["zh-Hant"]);
    check(Filters { languages: vec![tag("zh-Hant")], ..none() }, &["zh-Hant"]);
    check(Filters { languages: vec![tag("zh-Hans")], ..none() }, &[]);
    check(Filters { languages: vec![tag("vi"), tag("ms")], ..none() }, &["ms", "vi"]);
    check(Filters { playbooks: words(&["outbound"]), ..none() }, &all);
    check(Filters { playbooks: words(&["core"]), ..none() }, &all);
    check(Filters { playbooks: words(&["inbound"]), ..none() }, &[]);
    check(Filters { stages: words(&["open"]), ..none() }, &all);
    check(Filters { stages: words(&["outbound/open"]), ..none() }, &all);
    check(Filters { stages: words(&["outbound"]), ..none() }, &[]);
    check(Filters { categories: words(&["Price"]), ..none() }, &all);
    check(Filters { categories: words(&["timing"]), ..none() }, &[]);
    check(Filters { kinds: words(&["objection"]), ..none() }, &all);
    check(Filters { kinds: words(&["smokescreen"]), ..none() }, &["en"]);
    check(Filters { kinds: words(&["close"]), ..none() }, &[]);
    let tags = vec![("persona".to_owned(), "finance".to_owned())];
    check(Filters { tags: tags.clone(), ..none() }, &["en"]);
    check(Filters { tags, languages: vec![tag("vi")], ..none() }, &[]);
}

#[test]
fn the_nearest_utterance_is_shown_as_it_is_written() {
    let index = index();
    for (query, expected) in [
        ("that is way too high a price", "your price is way too high"),
        ("dat qua", "Đắt quá em ơi"),
        ("tai lieu gui qua mail", "có tài liệu thì gửi qua mail"),
        ("价格比较高", "價格比我們想的高"),
        ("boardly", "we've been with Boardly for years"),
    ] {
        let found = index.find(query, &Filters::default(), 1).unwrap();
        assert_eq!(found.hits[0].matched.as_deref(), Some(expected), "{query}");
    }
    // Who asks for a card by its code or id has heard nothing.
    for query in ["P1", "p1 ", "too-expensive", "core/too-expensive"] {
        let found = index.find(query, &Filters::default(), 1).unwrap();
        assert_eq!(
            (found.hits[0].card.id.as_str(), found.hits[0].matched.as_deref()),
            ("too-expensive", None),
            "{query}"
        );
    }
}

#[test]
fn the_order_of_the_cards_does_not_matter() {
    let mut shuffled = cards();
    shuffled.reverse();
    shuffled.swap(1, 7);
    let (one, two) = (index(), SearchIndex::in_memory(&shuffled, &Lexicons::default()).unwrap());
    for query in ["too expensive", "P1", "dat qua", "email", "太贵了", "not", "a b c d"] {
        let all = Filters::default();
        assert_eq!(one.find(query, &all, 20).unwrap(), two.find(query, &all, 20).unwrap());
    }
}

#[test]
fn a_book_adds_words_of_its_own() {
    let text =
        "{lexicon: en, groups: [{id: dear, category: price, expressions: [too expensive, moonshot money]}]}";
    let own: Lexicon = serde_yaml::from_str(text).unwrap();
    let index = SearchIndex::in_memory(&cards(), &Lexicons::new(&[own])).unwrap();
    let found = first(&index, "moonshot money", &Filters::default());
    assert_eq!(found.as_deref(), Some("en too-expensive"));
    assert_eq!(first(&self::index(), "moonshot money", &Filters::default()), None);
}

#[test]
fn an_index_on_disk_answers_like_one_in_memory() {
    let dir = tempfile::tempdir().unwrap();
    let lexicons = Lexicons::default();
    SearchIndex::create(dir.path(), &cards(), &lexicons).unwrap();
    for entry in fs::read_dir(dir.path()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.ends_with(".lock") && !name.ends_with(".new"), "{name} was left");
    }
    let (disk, memory) = (SearchIndex::open(dir.path(), None).unwrap().0, index());
    assert_eq!(disk.len(), cards().len());
    for query in ["too expensive", "P1", "dat qua", "pricey", "太贵了", "expensve"] {
        let all = Filters::default();
        assert_eq!(disk.find(query, &all, 20).unwrap(), memory.find(query, &all, 20).unwrap());
    }
    // A folder that is not empty is left alone.
    assert!(matches!(SearchIndex::create(dir.path(), &cards(), &lexicons), Err(SearchError::Io { .. })));
}

#[cfg(unix)]
#[test]
fn an_index_opens_from_a_folder_that_cannot_be_written_to() {
    use std::os::unix::fs::PermissionsExt;
    let dir = tempfile::tempdir().unwrap();
    SearchIndex::create(dir.path(), &cards(), &Lexicons::default()).unwrap();
    let modes: Vec<u32> = fs::read_dir(dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().metadata().unwrap().permissions().mode() & 0o777)
        .collect();
    assert!(modes.windows(2).all(|two| two[0] == two[1]), "{modes:?}");
    let before = fs::read_dir(dir.path()).unwrap().count();
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let found = first(&SearchIndex::open(dir.path(), None).unwrap().0, "P1", &Filters::default());
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(found.as_deref(), Some("en too-expensive"));
    // Root may write anywhere: what counts is that nothing was.
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), before);
}

#[test]
fn what_is_no_whole_index_of_ours_is_refused() {
    let none = tempfile::tempdir().unwrap();
    let missing = SearchIndex::open(none.path(), None).unwrap_err();
    assert!(missing.is_mended_by_rebuilding(), "{missing}");
    assert!(SearchIndex::open(&none.path().join("nowhere"), None).is_err());

    let good = tempfile::tempdir().unwrap();
    SearchIndex::create(good.path(), &cards(), &Lexicons::default()).unwrap();
    let names: Vec<String> = fs::read_dir(good.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.len() >= 8, "{names:?}");
    for name in &names {
        let path = good.path().join(name);
        let whole = fs::read(&path).unwrap();
        let middle = whole.len() / 2;
        let mut flipped = whole.clone();
        flipped[middle] ^= 0x41;
        for broken in [&flipped[..], &whole[..middle], b"", b"not an index at all"] {
            fs::write(&path, broken).unwrap();
            let error = SearchIndex::open(good.path(), None).expect_err(name);
            assert!(error.is_mended_by_rebuilding(), "{name}: {error:?}");
        }
        fs::remove_file(&path).unwrap();
        assert!(SearchIndex::open(good.path(), None).is_err(), "{name} was missing");
        fs::write(&path, &whole).unwrap();
    }
    assert!(SearchIndex::open(good.path(), None).is_ok());

    // One that another version wrote.
    let marker = good.path().join(marker::MARKER);
    let text = fs::read_to_string(&marker).unwrap();
    fs::write(&marker, text.replace(&fingerprint(), "0123456789abcdef")).unwrap();
    let stale = SearchIndex::open(good.path(), None).unwrap_err();
    assert!(matches!(stale, SearchError::Stale { .. }), "{stale}");
}

#[test]
fn an_index_serves_many_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<SearchIndex>();
    shared::<SearchError>();
    shared::<Lexicons>();
}

#[test]
fn the_fingerprint_stands_still() {
    assert_eq!(fingerprint(), fingerprint());
    assert!(fingerprint().starts_with(env!("CARGO_PKG_VERSION")));
}

#[test]
fn long_and_strange_queries_are_bounded() {
    let index = index();
    let long = "too expensive ".repeat(50_000);
    assert_eq!(first(&index, &long, &Filters::default()).as_deref(), Some("en too-expensive"));
    for query in ["\u{0}", "\u{0}\u{0} \u{FFFF}", "a\u{300}\u{301}\u{302}", "\" OR * ~2 ^9 +-!(){}[]:\\"] {
        index.find(query, &Filters::default(), 5).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_query_fails_on_any_cards(
        texts in prop::collection::vec("\\PC{0,24}|[a-zđắ ]{0,16}|[太貴了不a ]{0,8}", 0..6),
        query in "\\PC{0,40}|[a-zđắ ]{0,24}|[太貴了不a ]{0,12}",
    ) {
        let mut cards = Vec::new();
        for (number, text) in texts.iter().enumerate() {
            let language = ["en", "vi", "zh-Hant", "ms", "ja"][number % 5];
            let about = format!("{language} card-{number} C{number} price");
            cards.push(objection(&about, text, &[text, &query], text));
        }
        let lexicons = Lexicons::compile([]);
        let index = SearchIndex::in_memory(&cards, &lexicons).unwrap();
        let found = index.find(&query, &Filters::default(), 3).unwrap();
        prop_assert!(found.hits.len() <= 3 && found.total <= cards.len());
        prop_assert!(found.hits.iter().all(|hit| hit.score.is_finite() && hit.score >= FLOOR));
    }
}
