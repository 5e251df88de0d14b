use std::sync::Arc;
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let mut files = vec![];
    for e in walkdir::WalkDir::new(&root) {
        let e = e.unwrap();
        if e.file_type().is_file()
            && e.path()
                .extension()
                .is_some_and(|x| x == "yaml" || x == "yml")
        {
            let name = e
                .path()
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .into_owned();
            files.push(callbook::book::InputFile {
                name: Arc::from(name.as_str()),
                bytes: std::fs::read(e.path()).unwrap(),
            });
        }
    }
    let t = std::time::Instant::now();
    let (book, f) = callbook::book::load(files);
    #[allow(clippy::print_stdout)]
    {
        println!(
            "{:?} volumes {} objections {}",
            t.elapsed(),
            book.volumes.len(),
            book.volumes
                .iter()
                .map(|v| v.objections.len())
                .sum::<usize>()
        );
        for d in f {
            println!(
                "{}:{}:{} {:?} {} {} | {:?}",
                d.file,
                d.span.start.line,
                d.span.start.column,
                d.severity,
                d.code,
                d.message,
                d.hint
            );
        }
    }
}
