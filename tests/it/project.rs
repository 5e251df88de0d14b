//! Effects in temporary folders: finding and reading a book, its index on disk, writing a site.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use callbook::book::BOOK_FILE;
use callbook::project::{
    Lookup, ProjectError, STARTER, Written, init, locate, open, read, stamps, write_file, write_site,
};
use callbook::search::Filters;
use tempfile::TempDir;

use crate::support::{BOOK, walk, write_all};

fn temp() -> TempDir {
    tempfile::tempdir().expect("a folder")
}

/// A playbook with one card that is found by these words.
fn playbook(id: &str, words: &str) -> String {
    format!(
        "playbook: {id}\ntitle: T\nlanguage: en\nobjections:\n  - {{id: {id}-card, title: A card, utterances: [{words}], responses: [{{id: r, say: S}}]}}\n"
    )
}

/// A book with one playbook in a folder, and an empty cache beside it.
fn small(words: &str) -> (TempDir, PathBuf, PathBuf) {
    let temp = temp();
    let (book, cache) = (temp.path().join("book"), temp.path().join("cache"));
    write_all(&book, &[(BOOK_FILE, BOOK), ("demo.yaml", &playbook("demo", words))]);
    (temp, book, cache)
}

fn opened(book: &Path, cache: &Path) -> Lookup {
    open(book, Some(cache)).expect("a lookup")
}

/// The cards that are found for words.
fn found(lookup: &Lookup, words: &str) -> Vec<String> {
    let found = lookup.index.find(words, &Filters::default(), 10).expect("an answer");
    found.hits.into_iter().map(|hit| hit.card.id).collect()
}

#[test]
fn an_index_is_made_once() {
    let (_temp, book, cache) = small("purple zebras");
    let first = opened(&book, &cache);
    assert!(first.notes.made && first.notes.warning.is_none(), "{:?}", first.notes);
    assert_eq!((first.notes.cards, first.notes.errors), (1, 0));
    assert_eq!(found(&first, "purple zebras"), ["demo-card"]);
    let second = opened(&book, &cache);
    assert!(!second.notes.made, "{:?}", second.notes);
    assert_eq!((second.notes.cards, second.notes.errors), (1, 0));
    assert_eq!(found(&second, "purple zebras"), ["demo-card"]);
    // Another book of the same name, elsewhere, has an index of its own.
    let (_other_temp, other, _) = small("yellow giraffes");
    let third = opened(&other, &cache);
    assert!(third.notes.made);
    assert_eq!(found(&third, "yellow giraffes"), ["demo-card"]);
    assert_eq!(found(&opened(&book, &cache), "yellow giraffes"), [""; 0]);
}

#[test]
fn what_changes_is_found_and_what_went_is_not() {
    let (_temp, book, cache) = small("purple zebras");
    let demo = book.join("demo.yaml");
    assert_eq!(found(&opened(&book, &cache), "zebras"), ["demo-card"]);
    // Edited.
    fs::write(&demo, playbook("demo", "crimson walruses")).expect("an edit");
    let lookup = opened(&book, &cache);
    assert!(lookup.notes.made);
    assert_eq!(found(&lookup, "crimson walruses"), ["demo-card"]);
    assert_eq!(found(&lookup, "purple zebras"), [""; 0]);
    // Edited to the same length, with the same time of change.
    let modified = fs::metadata(&demo).and_then(|metadata| metadata.modified()).expect("a time");
    fs::write(&demo, playbook("demo", "crimson pelicans")).expect("an edit");
    fs::File::options()
        .append(true)
        .open(&demo)
        .and_then(|file| file.set_modified(modified))
        .expect("a time");
    let lookup = opened(&book, &cache);
    assert_eq!(found(&lookup, "pelicans"), ["demo-card"]);
    assert_eq!(found(&lookup, "walruses"), [""; 0]);
    // Added, also in a folder below.
    write_all(&book, &[("en/more.yaml", &playbook("more", "orange otters"))]);
    let lookup = opened(&book, &cache);
    assert_eq!(lookup.notes.cards, 2);
    assert_eq!(found(&lookup, "otters"), ["more-card"]);
    // Renamed: found still, at its new place.
    fs::rename(book.join("en/more.yaml"), book.join("en/other.yaml")).expect("a new name");
    let lookup = opened(&book, &cache);
    assert!(lookup.notes.made);
    let hits = lookup.index.find("otters", &Filters::default(), 1).expect("an answer").hits;
    assert_eq!(&*hits[0].card.file, "en/other.yaml");
    // Deleted.
    fs::remove_file(&demo).expect("deleted");
    let lookup = opened(&book, &cache);
    assert_eq!(found(&lookup, "pelicans"), [""; 0]);
    assert_eq!(lookup.notes.cards, 1);
    // Faulty: what is sound of it is found, and the errors are counted.
    fs::write(&demo, playbook("demo", "violet bees") + "colour: green\n").expect("an edit");
    let lookup = opened(&book, &cache);
    assert_eq!((found(&lookup, "violet bees"), lookup.notes.errors), (vec!["demo-card".to_string()], 1));
    assert_eq!(opened(&book, &cache).notes.errors, 1, "the count is kept with the index");
    // A book's own lexicon counts as well.
    fs::write(&demo, playbook("demo", "violet bees")).expect("an edit");
    assert_eq!(found(&opened(&book, &cache), "bumblers"), [""; 0]);
    write_all(
        &book,
        &[("lexicon.yaml", "lexicon: en\ngroups:\n  - {id: bees, expressions: [bees, bumblers]}\n")],
    );
    assert_eq!(found(&opened(&book, &cache), "bumblers"), ["demo-card"]);
}

/// Of many files one changes: only that one is read again, and the answer is that of an index made anew.
#[test]
fn what_did_not_change_is_not_read_again() {
    let (_temp, book, cache) = small("purple zebras");
    for number in 0..8 {
        let name = format!("n{number}");
        fs::write(book.join(format!("{name}.yaml")), playbook(&name, &format!("gadget{number} stripes")))
            .expect("a file");
    }
    // Old enough for stamps to be trusted.
    std::thread::sleep(std::time::Duration::from_millis(2_100));
    opened(&book, &cache);
    let folder = || -> PathBuf {
        let current = walk(&cache).into_iter().find(|name| name.ends_with("current.json")).expect("current");
        let json: serde_json::Value =
            serde_json::from_slice(&fs::read(cache.join(&current)).expect("current")).expect("JSON");
        let home = cache.join(&current);
        home.parent().expect("a home").join(json["folder"].as_str().expect("a folder"))
    };
    let inode = |path: PathBuf| std::os::unix::fs::MetadataExt::ino(&fs::metadata(path).expect("a file"));
    let before = folder();
    for (number, words) in [(3, "violet walruses"), (5, "orange lemurs"), (3, "green newts")] {
        fs::write(book.join(format!("n{number}.yaml")), playbook(&format!("n{number}"), words))
            .expect("an edit");
        let lookup = opened(&book, &cache);
        assert_eq!(found(&lookup, words), [format!("n{number}-card")]);
        assert_eq!((lookup.notes.cards, lookup.notes.made), (9, true));
        // The lexicon and the old segment are the same files.
        assert_eq!(inode(folder().join("lexicon")), inode(before.join("lexicon")), "{words}");
        let anew = open(&book, None).expect("a lookup");
        for query in ["purple zebras", "gadget4", "violet walruses", words, "stripes"] {
            let scores = |lookup: &Lookup| -> Vec<(String, f32)> {
                let hits = lookup.index.find(query, &Filters::default(), 20).expect("an answer").hits;
                hits.into_iter().map(|hit| (hit.card.id, hit.score)).collect()
            };
            assert_eq!(scores(&lookup), scores(&anew), "{query}");
        }
    }
}

#[test]
fn without_a_cache_it_works_in_memory() {
    let (temp, book, cache) = small("purple zebras");
    let lookup = open(&book, None).expect("a lookup");
    assert!(lookup.notes.made && lookup.notes.warning.is_none());
    assert_eq!(found(&lookup, "zebras"), ["demo-card"]);
    assert!(!cache.exists());
    // A place where no folder can be made, whoever asks.
    for cache in
        [Path::new("/proc/callbook"), &book.join("demo.yaml"), &temp.path().join("book/demo.yaml/below")]
    {
        let lookup = opened(&book, cache);
        assert_eq!(found(&lookup, "zebras"), ["demo-card"]);
        let warning = lookup.notes.warning.expect("a warning");
        assert!(warning.contains("could not be kept"), "{warning}");
    }
    // An index that is there is read, though nothing can be written beside it.
    opened(&book, &cache);
    let folders: Vec<PathBuf> =
        fs::read_dir(&cache).expect("a cache").map(|entry| entry.expect("one").path()).collect();
    for folder in &folders {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).expect("permissions");
    }
    let lookup = opened(&book, &cache);
    assert!(!lookup.notes.made && lookup.notes.warning.is_none(), "{:?}", lookup.notes);
    assert_eq!(found(&lookup, "zebras"), ["demo-card"]);
    for folder in &folders {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("permissions");
    }
}

/// Whatever happens to the files of an index, the answer is right.
#[test]
fn a_damaged_cache_is_made_anew() {
    let (_temp, book, cache) = small("purple zebras");
    opened(&book, &cache);
    let files: Vec<String> = walk(&cache);
    assert!(files.iter().any(|name| name.ends_with("/current.json")) && files.len() > 5, "{files:?}");
    let check = |what: &str| {
        let lookup = opened(&book, &cache);
        assert_eq!(found(&lookup, "purple zebras"), ["demo-card"], "{what}");
        assert!(lookup.notes.warning.is_none(), "{what}: {:?}", lookup.notes);
    };
    let kinds: BTreeSet<String> =
        files.iter().filter_map(|name| name.rsplit(['/', '.']).next()).map(String::from).collect();
    for kind in kinds {
        for damage in ["gone", "empty", "half", "other", "longer"] {
            // The names change with every new index: damage the newest of this kind.
            let current = fs::read_to_string(
                cache.join(walk(&cache).iter().find(|n| n.ends_with("current.json")).expect("current")),
            )
            .expect("current");
            let now = walk(&cache);
            let hit: Vec<&String> = now
                .iter()
                .filter(|name| name.rsplit(['/', '.']).next() == Some(&kind))
                .filter(|name| {
                    name.split('/')
                        .nth(1)
                        .is_some_and(|folder| current.contains(folder) || folder == "current.json")
                })
                .collect();
            for name in hit {
                let path = cache.join(name);
                let bytes = fs::read(&path).expect("a file");
                let done = match damage {
                    "gone" => fs::remove_file(&path),
                    "empty" => fs::write(&path, b""),
                    "half" => fs::write(&path, &bytes[..bytes.len() / 2]),
                    "other" => fs::write(&path, bytes.iter().map(|byte| byte ^ 0x55).collect::<Vec<_>>()),
                    _ => fs::write(&path, [&bytes[..], b"x"].concat()),
                };
                done.expect("damage");
            }
            check(&format!("{kind} {damage}"));
        }
    }
    // A `current.json` that means something else.
    let current =
        cache.join(walk(&cache).iter().find(|name| name.ends_with("current.json")).expect("current"));
    let text = fs::read_to_string(&current).expect("current");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let with = |key: &str, to: serde_json::Value| {
        let mut value = value.clone();
        value[key] = to;
        value.to_string()
    };
    for other in [
        with("folder", "i-nowhere".into()),
        with("folder", "../../book".into()),
        with("folder", "i-x/../../../book".into()),
        with("fingerprint", "an older one".into()),
        with("files", serde_json::json!([])),
        with("looked", serde_json::json!("yesterday")),
        "[]".into(),
        "null".into(),
        "{".into(),
        text.repeat(2),
    ] {
        fs::write(&current, &other).expect("a change");
        check(&other);
    }
    // A folder where the file should be.
    fs::remove_file(&current).expect("gone");
    fs::create_dir(&current).expect("a folder");
    let lookup = opened(&book, &cache);
    assert_eq!(found(&lookup, "purple zebras"), ["demo-card"]);
}

#[test]
fn many_at_once_all_get_an_answer() {
    let (_temp, book, cache) = small("purple zebras");
    std::thread::scope(|scope| {
        for reader in 0..4 {
            let (book, cache) = (&book, &cache);
            scope.spawn(move || {
                for round in 0..4 {
                    // Everybody changes a file of their own and wants to see that change.
                    let words = format!("gadget{reader}x{round} purple");
                    fs::write(book.join(format!("r{reader}.yaml")), playbook(&format!("r{reader}"), &words))
                        .expect("an edit");
                    let lookup = opened(book, cache);
                    let first = found(&lookup, &format!("gadget{reader}x{round}"));
                    assert_eq!(first.first().map(String::as_str), Some(format!("r{reader}-card").as_str()));
                    assert!(lookup.notes.warning.is_none(), "{:?}", lookup.notes);
                }
            });
        }
    });
    let lookup = opened(&book, &cache);
    for reader in 0..4 {
        assert_eq!(found(&lookup, &format!("gadget{reader}x3")), [format!("r{reader}-card")]);
    }
}

#[test]
fn links_are_followed_once_and_never_out_of_the_book() {
    let (temp, book, _) = small("purple zebras");
    let outside = temp.path().join("outside");
    write_all(&outside, &[("secret.yaml", &playbook("secret", "secrets"))]);
    write_all(
        &book,
        &[("en/parts.yaml", &playbook("parts", "parts")), (".hidden/x.yaml", "x"), ("notes.txt", "x")],
    );
    symlink(&book, book.join("loop")).expect("a link");
    symlink("../en", book.join("en/loop")).expect("a link");
    symlink(outside.join("secret.yaml"), book.join("secret.yaml")).expect("a link");
    symlink(&outside, book.join("elsewhere")).expect("a link");
    symlink("en/parts.yaml", book.join("again.yaml")).expect("a link");
    symlink("nowhere.yaml", book.join("nowhere.yaml")).expect("a link");
    let (files, findings) = stamps(&book).expect("a listing");
    let names: Vec<&str> = files.iter().map(|stamp| stamp.name.as_str()).collect();
    assert_eq!(names, ["book.yaml", "demo.yaml", "en/parts.yaml"]);
    let told: Vec<(&str, &str)> = findings.iter().map(|finding| (&*finding.file, finding.code)).collect();
    for name in ["loop", "en/loop", "secret.yaml", "elsewhere", "nowhere.yaml"] {
        assert!(told.contains(&(name, "file-link")), "{name}: {told:?}");
    }
    // The book itself may be reached by a link.
    let link = temp.path().join("link");
    symlink(&book, &link).expect("a link");
    assert_eq!(stamps(&link).expect("a listing").0, files);
    assert_eq!(read(&link, &files).0.len(), 3);
    // A folder that is none.
    assert!(stamps(&temp.path().join("missing")).is_err());
    assert!(stamps(&book.join("demo.yaml")).is_err());
}

#[test]
fn a_book_is_found_by_the_rules_of_the_command_line() {
    let temp = temp();
    let at = |path: &str| temp.path().join(path);
    write_all(
        temp.path(),
        &[
            ("a/book.yaml", BOOK),
            ("a/b/c/x.txt", ""),
            ("d/playbooks/book.yaml", BOOK),
            ("d/e/f/x.txt", ""),
            ("d/e/book.yaml", BOOK),
        ],
    );
    let found = |named: Option<&str>, here: &str| {
        locate(named.map(&at).as_deref(), &at(here)).map_err(|error| error.to_string())
    };
    // The nearest one here or upwards, looking into ./playbooks at each level.
    assert_eq!(found(None, "a"), Ok(at("a")));
    assert_eq!(found(None, "a/b/c"), Ok(at("a")));
    assert_eq!(found(None, "d"), Ok(at("d/playbooks")));
    assert_eq!(found(None, "d/playbooks"), Ok(at("d/playbooks")));
    assert_eq!(found(None, "d/e/f"), Ok(at("d/e")));
    // A name is taken at its word: no looking about.
    assert_eq!(found(Some("d/playbooks"), "a"), Ok(at("d/playbooks")));
    assert_eq!(found(Some("d/playbooks/book.yaml"), "a"), Ok(at("d/playbooks")));
    let error = found(Some("d"), "a").expect_err("no book");
    assert!(error.contains("no book.yaml in"), "{error}");
    let error = found(Some("nowhere"), "a").expect_err("no folder");
    assert!(error.contains("there is no folder"), "{error}");
    assert!(locate(Some(&at("a/b/c/x.txt")), &at("a")).is_err());
    // None at all: what to do is told. (The root of the machine has no book.)
    let error = locate(None, Path::new("/proc")).expect_err("no book");
    assert!(error.hint.is_some_and(|hint| hint.contains("callbook init")));
    // A folder called book.yaml is no book.
    fs::create_dir_all(at("g/book.yaml")).expect("a folder");
    assert!(locate(None, &at("g")).map_or(true, |folder| folder != at("g")));
    assert!(found(Some("g"), "a").is_err(), "a folder is no book file");
}

#[test]
fn the_starter_is_written_whole_or_not_at_all() {
    let temp = temp();
    let folder = temp.path().join("new/book");
    let written = init(&folder).expect("a book");
    assert_eq!(written.len(), STARTER.len());
    // The schemas for editors lie beside it, and each file names its own in its first line.
    let (schemas, names): (Vec<String>, Vec<String>) =
        walk(&folder).into_iter().partition(|name| name.starts_with(".callbook/"));
    assert_eq!(names, STARTER.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>());
    assert_eq!(schemas.len(), 4);
    for (name, text) in STARTER {
        let written = fs::read_to_string(folder.join(name)).expect("a file");
        let (first, rest) = written.split_once('\n').expect("lines");
        let schema = first.strip_prefix("# yaml-language-server: $schema=").expect("the schema's line");
        assert!(folder.join(name).parent().expect("a folder").join(schema).is_file(), "{name}: {schema}");
        assert!(rest == *text, "{name}");
    }
    // Again: nothing is overwritten.
    fs::write(folder.join("book.yaml"), "mine").expect("an edit");
    let error = init(&folder).expect_err("it is there").to_string();
    assert!(error.contains("is there already, so nothing was written"), "{error}");
    assert_eq!(fs::read_to_string(folder.join("book.yaml")).expect("a file"), "mine");
    // One file in the way, a dangling link even, and nothing at all is written.
    let folder = temp.path().join("half");
    fs::create_dir_all(folder.join("vi")).expect("a folder");
    symlink("nowhere", folder.join("vi/nam-buoc.yaml")).expect("a link");
    assert!(init(&folder).is_err());
    assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1);
    // Other files may be there.
    let folder = temp.path().join("mine");
    write_all(&folder, &[("README.md", "mine")]);
    init(&folder).expect("a book");
    assert_eq!(fs::read_to_string(folder.join("README.md")).expect("a file"), "mine");
    // A place where nothing can be made.
    assert!(init(&folder.join("README.md")).is_err());
    assert!(init(Path::new("/proc/callbook")).is_err());
}

fn write(out: &Path, files: &BTreeMap<String, Vec<u8>>) -> Result<Written, ProjectError> {
    write_site(out, files, false)
}

fn site(files: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    files.iter().map(|(name, text)| (name.to_string(), text.as_bytes().to_vec())).collect()
}

/// Everything that stands in the output, but for the list of what was made.
fn pages(out: &Path) -> Vec<String> {
    walk(out).into_iter().filter(|name| !name.starts_with('.')).collect()
}

#[test]
fn a_site_is_written_where_it_differs() {
    let temp = temp();
    let out = temp.path().join("deep/site");
    let first = site(&[("index.html", "one"), ("en/a/index.html", "a"), ("en/b/index.html", "b")]);
    let done = write(&out, &first).expect("a site");
    assert_eq!((done.written, done.unchanged, done.removed), (3, 0, 0));
    assert_eq!(pages(&out), ["en/a/index.html", "en/b/index.html", "index.html"]);
    // What is the same is not written again: its time of change stays.
    let old = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    for name in first.keys() {
        fs::File::options()
            .append(true)
            .open(out.join(name))
            .and_then(|file| file.set_modified(old))
            .expect("a time");
    }
    let second = site(&[("index.html", "two"), ("en/a/index.html", "a"), ("en/c/index.html", "c")]);
    let done = write(&out, &second).expect("a site");
    assert_eq!((done.written, done.unchanged, done.removed), (2, 1, 1));
    let time =
        |name: &str| fs::metadata(out.join(name)).and_then(|metadata| metadata.modified()).expect("a time");
    assert_eq!(time("en/a/index.html"), old);
    assert_ne!(time("index.html"), old);
    // What is stale is gone with its folder.
    assert_eq!(pages(&out), ["en/a/index.html", "en/c/index.html", "index.html"]);
    assert!(!out.join("en/b").exists());
    // Pages are for everyone who may see the folder.
    let mode = fs::metadata(out.join("en/c/index.html")).expect("a page").permissions().mode();
    assert_eq!(mode & 0o777, 0o644);
    // Twice the same leaves nothing to do, and the same bytes.
    let bytes = |out: &Path| {
        walk(out)
            .into_iter()
            .map(|name| (fs::read(out.join(&name)).expect("a file"), name))
            .collect::<Vec<_>>()
    };
    let before = bytes(&out);
    let done = write(&out, &second).expect("a site");
    assert_eq!((done.written, done.unchanged, done.removed), (0, 3, 0));
    assert!(bytes(&out) == before);
    // All of it anew, when that is asked for.
    let done = write_site(&out, &second, true).expect("a site");
    assert_eq!((done.written, done.unchanged, done.removed), (3, 0, 0));
    assert_ne!(time("en/a/index.html"), old);
}

#[test]
fn what_callbook_did_not_make_stays() {
    let temp = temp();
    let out = temp.path().join("site");
    write_all(&out, &[("CNAME", "handbook.example.com"), ("img/logo.png", "png")]);
    let first = site(&[("index.html", "one"), ("img/icon.svg", "svg")]);
    write(&out, &first).expect("a site");
    write(&out, &site(&[("index.html", "two")])).expect("a site");
    assert_eq!(pages(&out), ["CNAME", "img/logo.png", "index.html"]);
    assert_eq!(fs::read_to_string(out.join("CNAME")).expect("a file"), "handbook.example.com");
    // In the way of a page: refused before anything is written.
    let error = write(&out, &site(&[("CNAME", "x"), ("index.html", "three"), ("zebra.html", "z")]))
        .expect_err("in the way")
        .to_string();
    assert!(error.contains("CNAME") && error.contains("callbook did not make it"), "{error}");
    assert_eq!(fs::read_to_string(out.join("index.html")).expect("a file"), "two");
    assert_eq!(pages(&out), ["CNAME", "img/logo.png", "index.html"]);
    // The same bytes already there are nobody's loss, and stay when the page goes.
    write(&out, &site(&[("CNAME", "handbook.example.com"), ("index.html", "two")])).expect("a site");
    write(&out, &site(&[("index.html", "two")])).expect("a site");
    assert_eq!(fs::read_to_string(out.join("CNAME")).expect("a file"), "handbook.example.com");
    // A folder in the way of a page, and a page in the way of a folder.
    assert!(write(&out, &site(&[("img", "x")])).is_err());
    assert!(write(&out, &site(&[("img/logo.png/index.html", "x"), ("index.html", "three")])).is_err());
    assert_eq!(fs::read_to_string(out.join("index.html")).expect("a file"), "two", "nothing was written");
    assert_eq!(fs::read_to_string(out.join("img/logo.png")).expect("a file"), "png");
    // A list that somebody wrote by hand takes nothing away outside.
    let victim = temp.path().join("victim.html");
    fs::write(&victim, "mine").expect("a file");
    fs::write(
        out.join(".callbook-site"),
        "../victim.html\n/etc/hostname\nimg/../../victim.html\nindex.html\n",
    )
    .expect("a list");
    write(&out, &site(&[("index.html", "three")])).expect("a site");
    assert_eq!(fs::read_to_string(&victim).expect("a file"), "mine");
}

#[test]
fn a_site_is_not_written_where_it_cannot_be_meant() {
    let temp = temp();
    let page = site(&[("index.html", "x")]);
    let refused = |out: &Path, files: &BTreeMap<String, Vec<u8>>, why: &str| {
        let error = write(out, files).expect_err(why).to_string();
        assert!(error.contains(why), "{error}");
    };
    let file = temp.path().join("file");
    fs::write(&file, "mine").expect("a file");
    refused(&file, &page, "is a file");
    assert_eq!(fs::read_to_string(&file).expect("a file"), "mine");
    // A book.
    let book = temp.path().join("book");
    write_all(&book, &[(BOOK_FILE, BOOK)]);
    refused(&book, &page, "is a book");
    // Through links, of files and of folders.
    let (out, target) = (temp.path().join("out"), temp.path().join("target"));
    fs::create_dir_all(&out).expect("a folder");
    fs::create_dir_all(&target).expect("a folder");
    symlink(&target, out.join("en")).expect("a link");
    refused(&out, &site(&[("en/index.html", "x")]), "is a link");
    symlink(&file, out.join("index.html")).expect("a link");
    refused(&out, &page, "is a link");
    assert_eq!(fs::read_dir(&target).expect("a folder").count(), 0);
    assert_eq!(fs::read_to_string(&file).expect("a file"), "mine");
    // Names that lead elsewhere.
    for name in ["../x.html", "/x.html", "a//b.html", "a/./b.html", "c:x.html", "a\\b.html", ""] {
        refused(&temp.path().join("names"), &site(&[(name, "x")]), "cannot be the name of a page");
    }
    // Where nothing can be written.
    assert!(write(Path::new("/proc/callbook"), &page).is_err());
    assert!(write(&file.join("below"), &page).is_err());
    // A single file, whole or not at all.
    let single = temp.path().join("script.html");
    write_file(&single, b"one").expect("a file");
    write_file(&single, b"two").expect("a file");
    assert_eq!(fs::read_to_string(&single).expect("a file"), "two");
    assert!(write_file(&out, b"x").is_err() && write_file(&temp.path().join("no/such/x"), b"x").is_err());
    assert_eq!(
        fs::read_dir(temp.path())
            .expect("a folder")
            .flatten()
            .filter(|e| e.file_name().to_string_lossy().starts_with('.'))
            .count(),
        0
    );
}

/// The handbook of the starter book: the same twice, and a second build changes nothing.
#[test]
fn the_starter_site_is_the_same_every_time() {
    let (book, _) = crate::support::checked_on(crate::support::starter(), crate::support::TODAY);
    let options = callbook::site::Options { generator: "test", ..Default::default() };
    let one = callbook::site::build(&book, &options).expect("a site");
    let two = callbook::site::build(&book, &options).expect("a site");
    assert!(one == two, "two builds differ");
    assert!(one.files.len() > 100 && one.files.contains_key("index.html"));
    let temp = temp();
    let out = temp.path().join("site");
    let done = write(&out, &one.files).expect("a site");
    assert_eq!((done.written, done.unchanged), (one.files.len(), 0));
    let done = write(&out, &two.files).expect("a site");
    assert_eq!((done.written, done.unchanged, done.removed), (0, one.files.len(), 0));
}
