//! The program: arguments, printing, exit codes. The only floor that reads the environment.

mod ask;
mod build;
mod call;
mod calls;
mod check;
mod completions;
mod diff;
mod excerpt;
mod export;
mod fill;
mod find;
mod findings;
mod git;
mod import;
mod init;
mod landed;
mod man;
mod new;
mod report;
mod schema;
mod script;
mod serve;
mod test;
mod tty;
mod ui;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{Parser, Subcommand, ValueEnum};

use crate::book::model::{Date, parse_date};
use ui::{Stop, Ui};

/// Sales scripts and objection-handling playbooks in plain files: the right answer in the two
/// seconds that a call leaves.
#[derive(Parser)]
#[command(name = "callbook", version, max_term_width = 100, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    everywhere: Everywhere,
    #[command(subcommand)]
    command: Command,
}

/// The branch of the tree of commands that a look-up needs.
#[derive(Parser)]
#[command(name = "callbook", version, propagate_version = true)]
struct InHaste {
    #[command(flatten)]
    everywhere: Everywhere,
    #[command(subcommand)]
    command: Hasty,
}

#[derive(Subcommand)]
enum Hasty {
    Find(find::Args),
}

/// The options of every command.
#[derive(clap::Args)]
struct Everywhere {
    /// The folder of the book [default: the nearest book.yaml here or upwards, or in ./playbooks]
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "CALLBOOK_BOOK",
        hide_env_values = true,
        value_parser = OsStringValueParser::new().map(PathBuf::from),
        help_heading = EVERYWHERE
    )]
    book: Option<PathBuf>,
    /// When to use colours
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto", help_heading = EVERYWHERE)]
    color: Color,
    /// The day that dates are compared with [default: SOURCE_DATE_EPOCH, else today]
    #[arg(long, global = true, value_name = "DATE", value_parser = date, help_heading = EVERYWHERE)]
    today: Option<Date>,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, help_heading = EVERYWHERE)]
    quiet: bool,
}

const EVERYWHERE: &str = "Options of every command";

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Color {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

#[derive(Subcommand)]
enum Command {
    /// Find the best cards for what was heard
    Find(find::Args),
    /// Show the guided call script of a playbook, filled in
    Script(script::Args),
    /// Lead a call through a playbook, and keep what happened
    Call(call::Args),
    /// The records of calls: list, show, import, export, delete
    Calls(calls::Args),
    /// Show what calls say: funnel, objections, which responses land, metrics, reps, the board
    Report(report::Args),
    /// Show everything that is wrong with the book
    Check(check::Args),
    /// Try whether what was heard finds its card: the book's own lookups
    Test(test::Args),
    /// Make the static handbook
    Build(build::Args),
    /// Show the handbook in the browser, live: every saved file is there at once
    Serve(serve::Args),
    /// Write the starter book, to begin with
    Init(init::Args),
    /// Add a playbook, a library or a part of one
    New(new::Args),
    /// Take in a list of objections: CSV, Excel, Markdown, JSON
    Import(import::Args),
    /// Write the book for other programs: JSON, CSV, Markdown, Anki
    Export(export::Args),
    /// Show what changed in the book since a revision
    Diff(diff::Args),
    /// Print the JSON Schema of a kind of file, for editors
    Schema(schema::Args),
    /// Print the completions of a shell
    Completions(completions::Args),
    /// Write the man pages
    Man(man::Args),
    /// List ids, for the completions
    #[command(name = "__complete", hide = true)]
    Ids(completions::Ids),
}

fn date(text: &str) -> Result<Date, String> {
    parse_date(text).ok_or_else(|| "write year-month-day, such as 2027-01-31".to_string())
}

/// Runs the program on the arguments of the process.
pub fn main() -> ExitCode {
    run(&std::env::args_os().collect::<Vec<_>>())
}

/// Reads the arguments. The whole tree of commands takes as long to grow as a look-up; where the one
/// branch does not understand them (help, a fault, another command), the tree says what there is to say.
fn parse(arguments: &[OsString]) -> Result<Cli, clap::Error> {
    if arguments.iter().any(|argument| argument == "find")
        && let Ok(InHaste { everywhere, command: Hasty::Find(args) }) = InHaste::try_parse_from(arguments)
    {
        return Ok(Cli { everywhere, command: Command::Find(args) });
    }
    Cli::try_parse_from(arguments)
}

fn run(arguments: &[OsString]) -> ExitCode {
    let cli = match parse(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version go to stdout with 0, faults of usage to stderr with 2.
            let code = if error.use_stderr() { 2 } else { 0 };
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    let Cli { everywhere: Everywhere { book, color, today, quiet }, command } = cli;
    let mut ui = Ui::new(color, quiet, book, today);
    let done = match command {
        Command::Find(args) => args.run(&mut ui),
        Command::Script(args) => args.run(&mut ui),
        Command::Call(args) => args.run(&mut ui),
        Command::Calls(args) => args.run(&mut ui),
        Command::Report(args) => args.run(&mut ui),
        Command::Check(args) => args.run(&mut ui),
        Command::Test(args) => args.run(&mut ui),
        Command::Build(args) => args.run(&mut ui),
        Command::Serve(args) => args.run(&mut ui),
        Command::Init(args) => args.run(&mut ui),
        Command::New(args) => args.run(&mut ui),
        Command::Import(args) => args.run(&mut ui),
        Command::Export(args) => args.run(&mut ui),
        Command::Diff(args) => args.run(&mut ui),
        Command::Schema(args) => args.run(&mut ui),
        Command::Completions(args) => args.run(&mut ui),
        Command::Man(args) => args.run(&mut ui),
        Command::Ids(args) => args.run(&mut ui),
    };
    match done {
        Ok(()) | Err(Stop::Pipe) => ExitCode::SUCCESS,
        Err(Stop::Nothing) => ExitCode::from(1),
        Err(Stop::Failed(failure)) => {
            ui.failure(&failure);
            ExitCode::from(2)
        }
    }
}
