//! The live handbook as a whole program: started on a book of its own, asked over a socket.

mod npm;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// The longest that anything may take on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

const BOOK: &str = "title: Test handbook\nlanguage: en\n";

fn playbook(say: &str) -> String {
    format!(
        "playbook: demo\ntitle: Demo\nlanguage: en\nobjections:\n  - id: too-expensive\n    title: It's too expensive\n    \
         category: price\n    utterances: [too pricey, over our budget]\n    responses:\n      - id: isolate\n        \
         bridge: I hear you.\n        say: {say}\n        ask: What else?\n"
    )
}

fn program(home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_callbook"));
    command.env_clear().env("HOME", home).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("SOURCE_DATE_EPOCH", "1795305600").current_dir(home).stdin(Stdio::null());
    command
}

/// A server on a book of its own. It ends when this goes.
struct Live {
    home: TempDir,
    child: Child,
    port: u16,
}

struct Answer {
    status: u16,
    head: String,
    body: String,
}

impl Answer {
    fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value).next()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

impl Live {
    fn start(files: &[(&str, &str)]) -> Live {
        Self::start_with(files, &[])
    }

    fn start_with(files: &[(&str, &str)], arguments: &[&str]) -> Live {
        let home = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            let path = home.path().join("book").join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let mut child = program(home.path())
            .args(["serve", "book", "--port", "0"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("an address");
        let port = line.trim().trim_end_matches('/').rsplit(':').next().and_then(|port| port.parse().ok());
        Live { home, child, port: port.unwrap_or_else(|| panic!("no port in {line:?}")) }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.home.path().join("book").join(name)
    }

    /// Saves as editors do: writes beside, then renames.
    fn save(&self, name: &str, text: &str) {
        let aside = self.file(".swap");
        fs::write(&aside, text).expect("a file");
        fs::rename(aside, self.file(name)).expect("a rename");
    }

    /// Sends bytes as they are and reads the answer.
    fn raw(&self, request: &[u8]) -> Answer {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        // The server may have answered and gone before everything was sent.
        let _ = stream.write_all(request);
        let mut bytes = Vec::new();
        let _ = stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
        Answer { status, head: head.to_string(), body: body.to_string() }
    }

    fn get(&self, path: &str) -> Answer {
        let port = self.port;
        self.raw(
            format!("GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n").as_bytes(),
        )
    }

    /// Waits until a page is as it should be.
    fn until(&self, path: &str, what: &str, fits: impl Fn(&Answer) -> bool) -> Answer {
        let begun = Instant::now();
        loop {
            let answer = self.get(path);
            if fits(&answer) {
                return answer;
            }
            assert!(begun.elapsed() < PATIENCE, "{what}: {path} is still\n{}", answer.body);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn events(&self) -> BufReader<TcpStream> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream.set_read_timeout(Some(PATIENCE)).expect("a limit");
        stream.write_all(b"GET /.live/events HTTP/1.1\r\nHost: localhost\r\n\r\n").expect("asked");
        BufReader::new(stream)
    }

    fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a state").is_none()
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next state that an open stream tells of.
fn next(events: &mut BufReader<TcpStream>) -> String {
    loop {
        let mut line = String::new();
        assert!(events.read_line(&mut line).expect("an event") > 0, "the stream has ended");
        if let Some(state) = line.trim().strip_prefix("data: ") {
            return state.to_string();
        }
    }
}

const PAGE: &str = "/en/demo/objections/too-expensive/";

#[test]
fn a_saved_file_is_on_the_page_and_a_fault_above_it() {
    let mut live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &playbook("First words."))]);
    live.until(PAGE, "the first build", |page| page.status == 200 && page.body.contains("First words."));
    let mut events = live.events();
    let first = next(&mut events);

    live.save("demo.yaml", &playbook("Second words."));
    assert_ne!(next(&mut events), first, "a new state has a new name");
    live.until(PAGE, "the edit", |page| page.body.contains("Second words."));

    live.save("demo.yaml", &playbook("Third words.").replace("category: price", "categorie: price"));
    let faulty = live.until(PAGE, "the fault", |page| page.body.contains("live-errors"));
    assert!(faulty.body.contains("demo.yaml:7"), "file and line:\n{}", faulty.body);
    assert!(faulty.body.contains("<mark>categorie</mark>: price"), "the line itself");
    assert!(faulty.body.contains("Second words."), "the last good page");
    assert!(!faulty.body.contains("Third words."));

    live.save("demo.yaml", &playbook("Fourth words."));
    let mended = live.until(PAGE, "the mending", |page| page.body.contains("Fourth words."));
    assert!(!mended.body.contains("live-errors"));
    // Whatever came in between, the stream ends up at the state of the page.
    let name = mended.body.split("data-state=\"").nth(1).and_then(|rest| rest.split('"').next());
    let name = name.expect("a state").to_string();
    while next(&mut events) != name {}

    // Ctrl-C ends it at once, though the stream is open.
    if cfg!(unix) {
        let begun = Instant::now();
        let pid = live.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &pid]).status().expect("kill").success());
        while live.is_running() {
            assert!(begun.elapsed() < Duration::from_secs(1), "Ctrl-C takes too long");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(live.child.wait().expect("a status").code(), Some(0));
    }
}

#[test]
fn files_and_folders_come_and_go() {
    let mut live = Live::start(&[("book.yaml", BOOK), ("a/demo.yaml", &playbook("Words of a."))]);
    live.until(PAGE, "the first build", |page| page.body.contains("Words of a."));
    // A folder moved away, with all that is in it, and back.
    fs::rename(live.file("a"), live.home.path().join("away")).expect("a rename");
    live.until(PAGE, "the folder is gone", |page| page.status == 404);
    fs::rename(live.home.path().join("away"), live.file("b")).expect("a rename");
    live.until(PAGE, "the folder is back", |page| page.status == 200);
    // What happens in it is still noticed.
    live.save("b/demo.yaml", &playbook("Words of b."));
    live.until(PAGE, "an edit in the folder", |page| page.body.contains("Words of b."));
    // A file deleted, and another one in a folder that is new.
    fs::remove_file(live.file("b/demo.yaml")).expect("gone");
    fs::create_dir(live.file("c")).expect("a folder");
    fs::write(live.file("c/new.yaml"), playbook("Words of c.")).expect("a file");
    live.until(PAGE, "a file in a new folder", |page| page.body.contains("Words of c."));
    // The whole book moved away: told of, above the pages that were there; then back.
    fs::rename(live.file(""), live.home.path().join("elsewhere")).expect("a rename");
    let gone = live.until(PAGE, "the book is gone", |page| page.body.contains("live-errors"));
    assert!(gone.body.contains("Words of c."));
    fs::rename(live.home.path().join("elsewhere"), live.file("")).expect("a rename");
    live.until(PAGE, "the book is back", |page| !page.body.contains("live-errors"));
    live.save("c/new.yaml", &playbook("Words after all."));
    live.until(PAGE, "an edit after all that", |page| page.body.contains("Words after all."));
    assert!(live.is_running());
}

/// A picture that a page links to, and the book's theme.
#[test]
fn files_beside_the_pages_are_followed() {
    let linked = playbook("Look at [the chart](chart.svg).");
    let live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &linked)]);
    live.until(PAGE, "a link that leads nowhere is told of", |page| {
        page.body.contains("no file `chart.svg`")
    });
    live.save("chart.svg", "<svg>one</svg>");
    live.until("/chart.svg", "the file", |file| file.body == "<svg>one</svg>");
    live.save("chart.svg", "<svg>two</svg>");
    live.until("/chart.svg", "the file as it is now", |file| file.body == "<svg>two</svg>");
    fs::create_dir(live.file("theme")).expect("a folder");
    let style = |page: &Answer| {
        let hash = page.body.split("assets/site.").nth(1).and_then(|rest| rest.split('.').next());
        hash.expect("a style sheet").to_string()
    };
    let before = style(&live.get(PAGE));
    live.save("theme/extra.css", "body { color: red }");
    live.until(PAGE, "the theme", |page| style(page) != before);
}

#[test]
fn hundreds_of_edits_settle_to_the_last() {
    let mut live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &playbook("Words 0."))]);
    for number in 1..=300 {
        match number % 3 {
            0 => live.save("demo.yaml", &playbook(&format!("Words {number}."))),
            1 => fs::write(live.file("demo.yaml"), playbook(&format!("Words {number}."))).expect("a file"),
            _ => fs::write(live.file("demo.yaml"), "playbook: [half a fi").expect("a file"),
        }
        fs::write(live.file(&format!("other-{}.yaml", number % 40)), "").expect("a file");
    }
    for number in 0..40 {
        fs::remove_file(live.file(&format!("other-{number}.yaml"))).expect("gone");
    }
    live.until(PAGE, "the last state", |page| {
        page.body.contains("Words 300.")
            && !page.body.contains("live-errors")
            && !page.body.contains("live-warnings")
    });
    assert!(live.is_running());
    // At rest it is at rest: looking costs next to nothing, once the index is made.
    let Some(mut before) = cpu(live.child.id()) else { return };
    let begun = Instant::now();
    loop {
        std::thread::sleep(Duration::from_secs(2));
        let now = cpu(live.child.id()).expect("still there");
        if now - before < 20 {
            return;
        }
        assert!(
            begun.elapsed() < PATIENCE,
            "{} hundredths of a second of CPU in two seconds of rest",
            now - before
        );
        before = now;
    }
}

/// What a process has spent, in hundredths of a second, where the system tells.
fn cpu(pid: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit(") ").next()?.split(' ').collect();
    Some(fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?)
}

#[test]
fn a_book_that_is_faulty_from_the_start_shows_what_it_can() {
    let broken = playbook("Sound words.").replace("    category: price", "    categorie: price");
    let live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &broken), ("worse.yaml", "playbook: [")]);
    let page = live.until(PAGE, "what is sound", |page| page.status == 200);
    assert!(page.body.contains("Sound words.") && page.body.contains("demo.yaml:7"), "{}", page.body);
    assert!(page.body.contains("worse.yaml:1"), "{}", page.body);
    // A book of which nothing can be shown still tells why.
    let live = Live::start(&[("book.yaml", "title: [")]);
    let page = live.until("/", "a page for nothing", |page| page.body.contains("live-errors"));
    assert!(page.body.contains("book.yaml:1"), "{}", page.body);
}

#[test]
fn what_is_hostile_is_refused() {
    let mut live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &playbook("Words."))]);
    live.until(PAGE, "the first build", |page| page.status == 200);
    // On a busy machine the first index takes its time.
    live.until("/api/card?id=none", "the first index", |answer| answer.status == 404);
    let ask = |line: &str, headers: &str, body: &str| {
        live.raw(format!("{line} HTTP/1.1\r\n{headers}Connection: close\r\n\r\n{body}").as_bytes())
    };
    let check = |line: &str, headers: &str, body: &str, statuses: &[u16]| {
        let answer = ask(line, headers, body);
        let shown = &line[..line.len().min(80)];
        assert!(statuses.contains(&answer.status), "{shown} {headers:?}: {} {}", answer.status, answer.body);
        assert!(!answer.body.contains("root:"), "{shown}");
        answer
    };
    let local = "Host: localhost\r\n";
    for path in [
        "/../../../../etc/passwd",
        "/..%2f..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "/en/%00",
        "/en/%0d%0aX-Evil:1",
        "/en\\..\\..",
        "/%c0%ae%c0%ae/etc/passwd",
        "//etc/passwd",
        "/%",
        "/.callbook/book.json",
        "/book.yaml",
        "/demo.yaml",
        "/.live/../book.yaml",
        "/api/find",
        "/api/find?q=",
        "/api/find?q=x&limit=0",
        "/api/find?q=x&limit=99999999999999999999",
        "/api/find?q=x&lang=!!",
        "/api/find?q=x&q=y",
        "/api/find?quarry=x",
        "/api/card?id=%00",
        "/api/card?id=nothing-such",
        "/api/card?tag=x",
        "*",
    ] {
        check(&format!("GET {path}"), local, "", &[400, 404]);
    }
    check(&format!("GET /{}", "a/".repeat(6_000)), local, "", &[414, 431]);
    check(&format!("GET /api/find?q={}", "a".repeat(3_000)), local, "", &[414]);
    check(&format!("GET /{}", "a".repeat(600_000)), local, "", &[414, 431]);
    check(&format!("GET /api/find?{}", "lang=en&".repeat(200)), local, "", &[400]);
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"] {
        let answer = check(&format!("{method} /"), local, "", &[405]);
        assert_eq!(answer.header("allow"), Some("GET, HEAD"), "{method}");
    }
    check("GET /", &format!("{local}Content-Length: 9\r\n"), "some body", &[413]);
    check("GET /", &format!("{local}Content-Length: 99999999999\r\n"), "", &[413]);
    check("GET /", &format!("{local}Transfer-Encoding: chunked\r\n"), "4\r\nbody\r\n0\r\n\r\n", &[413]);
    check("POST /api/find", &format!("{local}Content-Length: 3\r\n"), "q=x", &[405]);
    // A name elsewhere that leads here (DNS rebinding).
    for host in
        ["evil.example", "evil.example:80", "localhost.evil.example", "127.0.0.1.evil.example", "0.0.0.0", ""]
    {
        check("GET /", &format!("Host: {host}\r\n"), "", &[400, 421]);
    }
    check("GET /", "", "", &[400, 421]);
    check("GET /", "Host: localhost\r\nHost: evil.example\r\n", "", &[400, 421]);
    check("GET http://evil.example/", local, "", &[421]);
    check("GET /", &format!("Host: 127.0.0.1:{}\r\n", live.port), "", &[200]);
    check("GET /", "Host: [::1]\r\n", "", &[200]);
    // Not HTTP at all, and half a question.
    live.raw(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03");
    live.raw(&[0; 5000]);
    let half = TcpStream::connect(("127.0.0.1", live.port)).expect("a connection");
    (&half).write_all(b"GET / HTTP/1.1\r\nHost: local").expect("half of it");
    half.shutdown(Shutdown::Both).expect("gone");
    assert!(live.is_running());
    assert_eq!(live.get("/").status, 200);
}

#[test]
fn every_answer_keeps_to_itself() {
    let live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &playbook("Words."))]);
    let page = live.until(PAGE, "the first build", |page| page.status == 200);
    let style =
        page.body.split("href=\"").filter_map(|rest| rest.split('"').next()).find(|to| to.contains("site."));
    let style = format!("{PAGE}{}", style.expect("a style sheet"));
    let style = Path::new(&style).components().fold(PathBuf::new(), |mut path, part| {
        match part {
            std::path::Component::ParentDir => drop(path.pop()),
            part => path.push(part),
        }
        path
    });
    let style = style.to_string_lossy().into_owned();
    live.until("/api/find?q=pricey", "the index", |one| one.status == 200);
    for (path, kind) in [
        (PAGE, "text/html; charset=utf-8"),
        (style.as_str(), "text/css; charset=utf-8"),
        ("/.live/live.js", "text/javascript; charset=utf-8"),
        ("/.live/live.css", "text/css; charset=utf-8"),
        ("/api/find?q=pricey", "application/json"),
        ("/api/card?id=no", "application/json"),
        ("/nowhere", "text/html; charset=utf-8"),
        ("/..", "text/plain; charset=utf-8"),
    ] {
        let answer = live.get(path);
        assert_eq!(answer.header("content-type"), Some(kind), "{path}: {}", answer.head);
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"), "{path}");
        let policy = answer.header("content-security-policy").expect("a policy");
        assert!(
            policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert!(
            !policy.contains("unsafe") && !policy.contains('*') && !policy.contains("http"),
            "{path}: {policy}"
        );
    }
    let head =
        live.raw(format!("HEAD {PAGE} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").as_bytes());
    assert_eq!((head.status, head.body.as_str()), (200, ""));
    assert_eq!(live.get("/en/demo").header("location"), Some("/en/demo/"));
    // Every page that a build makes becomes a live one, and only there.
    assert!(
        page.body.contains("/.live/live.js") && !page.body.contains("http-equiv=\"Content-Security-Policy\"")
    );
    let out =
        program(live.home.path()).args(["--book", "book", "build", "-o", "out"]).output().expect("a build");
    assert!(out.status.success());
    let built =
        fs::read_to_string(live.home.path().join("out").join(&PAGE[1..]).join("index.html")).expect("a page");
    assert!(!built.contains(".live") && built.contains("http-equiv=\"Content-Security-Policy\""));
}

#[test]
fn lookup_answers_as_find_does() {
    let live = Live::start(&[("book.yaml", BOOK), ("demo.yaml", &playbook("Words."))]);
    let mut asked =
        live.until("/api/find?q=too+pricey&lang=en&limit=2", "the index", |one| one.status == 200).json();
    let find = ["--book", "book", "find", "too pricey", "--lang", "en", "-n", "2", "--format", "json"];
    let Output { stdout, .. } = program(live.home.path()).args(find).output().expect("an answer");
    let mut told: Value = serde_json::from_slice(&stdout).expect("JSON");
    for value in [&mut asked, &mut told] {
        assert!(value["elapsed_us"].is_u64());
        value["elapsed_us"] = Value::Null;
    }
    assert_eq!(asked, told);
    assert_eq!(asked["hits"][0]["id"], "too-expensive");
    // Nothing fits, and a card.
    let nothing = live.get("/api/find?q=zzzz").json();
    assert_eq!((&nothing["total"], nothing["hits"].as_array().map(Vec::len)), (&Value::from(0), Some(0)));
    let card = live.get("/api/card?id=too-expensive").json();
    assert_eq!(card["cards"][0]["responses"], asked["hits"][0]["responses"]);
    assert_eq!(card["cards"][0]["utterances"][1], "over our budget");
    assert_eq!(live.get("/api/card?id=to-expensive").json()["hint"], "did you mean `too-expensive`?");
    // The index follows the book.
    live.save("demo.yaml", &playbook("Words.").replace("too pricey", "an arm and a leg"));
    live.until("/api/find?q=an+arm+and+a+leg&limit=1", "the new index", |one| {
        one.json()["hits"][0]["matched"] == "an arm and a leg"
    });
}

#[test]
fn a_port_that_is_taken_is_told_of_or_passed_over() {
    let home = tempfile::tempdir().expect("a folder");
    fs::create_dir(home.path().join("book")).expect("a folder");
    fs::write(home.path().join("book/book.yaml"), BOOK).expect("a file");
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let out = program(home.path()).args(["serve", "book", "--port", &port]).output().expect("an end");
    let said = String::from_utf8_lossy(&out.stderr).into_owned();
    assert_eq!(out.status.code(), Some(2), "{said}");
    assert!(said.contains(&format!("port {port} is in use")) && said.contains("--port 0"), "{said}");
    // Where none was asked for, two servers get two ports.
    let start = || {
        let mut child = program(home.path())
            .args(["serve", "book"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("a pipe")).read_line(&mut line).expect("an address");
        (child, line)
    };
    let ((mut a, first), (mut b, second)) = (start(), start());
    for child in [&mut a, &mut b] {
        child.kill().and_then(|()| child.wait()).expect("ended");
    }
    assert!(first.starts_with("http://127.0.0.1:") && second.starts_with("http://127.0.0.1:"));
    assert_ne!(first, second);
    let out =
        program(home.path()).args(["serve", "book", "--host", "no such host"]).output().expect("an end");
    assert_eq!(out.status.code(), Some(2));
    let out = program(home.path()).args(["serve", "nowhere"]).output().expect("an end");
    assert_eq!(out.status.code(), Some(2));
}

#[test]
fn a_reader_stays_where_they_are() {
    let (Some(folder), Some(chromium)) = (npm::installed("browser"), npm::chromium()) else { return };
    let work = tempfile::tempdir().expect("a folder");
    let out = Command::new("node")
        .arg(folder.join("live.mjs"))
        .arg(work.path())
        .arg(env!("CARGO_BIN_EXE_callbook"))
        .env("CHROMIUM", chromium)
        .output()
        .expect("node");
    let said = format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    assert!(out.status.success(), "{said}");
}
