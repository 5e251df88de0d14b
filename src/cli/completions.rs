//! `completions`: what a shell needs to complete commands, options, and the ids of the book.

use clap::{CommandFactory, ValueEnum};
use clap_complete::{Shell, generate};

use super::Cli;
use super::ui::{Stop, Ui};
use crate::card::cards;

/// The arguments of `completions`.
#[derive(clap::Args)]
pub struct Args {
    /// Which shell
    shell: Shell,
}

/// The arguments of the helper that the scripts call.
#[derive(clap::Args)]
pub struct Ids {
    /// What to list
    #[arg(value_enum)]
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum What {
    /// The ids of playbooks.
    Playbooks,
    /// The ids of playbooks and libraries.
    Volumes,
    /// The ids of stages.
    Stages,
    /// The ids of cards, their codes with them.
    Cards,
    /// The codes of findings.
    Codes,
}

/// Which option, and which argument of a command, takes which ids.
const OPTIONS: [(&str, &str); 4] =
    [("--playbook", "playbooks"), ("--stage", "stages"), ("--in", "volumes"), ("--explain", "codes")];
const ARGUMENTS: [(&str, &str); 2] = [("script", "playbooks"), ("call", "playbooks")];

impl Args {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let mut bytes = Vec::new();
        generate(self.shell, &mut Cli::command(), "callbook", &mut bytes);
        let mut script = String::from_utf8_lossy(&bytes).into_owned();
        match self.shell {
            Shell::Bash => script += &bash(),
            Shell::Zsh => script = zsh(&script),
            Shell::Fish => script += &fish(),
            _ => {}
        }
        ui.out(&script)
    }
}

impl Ids {
    pub fn run(&self, ui: &mut Ui) -> Result<(), Stop> {
        let mut names: Vec<String> = match self.what {
            What::Codes => crate::lint::CODES.iter().map(|code| code.id.to_string()).collect(),
            what => {
                // Nobody wants to read about faults while they press a key.
                let Ok(book) = ui.book() else { return Ok(()) };
                match what {
                    What::Playbooks => book.playbooks().map(|(_, volume)| volume.id.to_string()).collect(),
                    What::Volumes => book.volumes.iter().map(|volume| volume.id.to_string()).collect(),
                    What::Stages => {
                        let stages = book.volumes.iter().flat_map(|volume| &volume.stages);
                        stages.map(|stage| stage.id.to_string()).collect()
                    }
                    What::Cards | What::Codes => cards(&book)
                        .into_iter()
                        .flat_map(|card| [Some(card.id), card.code])
                        .flatten()
                        .collect(),
                }
            }
        };
        names.sort();
        names.dedup();
        // Codes are free text, and one word a line is what shells take.
        names
            .retain(|name| !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control()));
        ui.out(&names.iter().map(|name| format!("{name}\n")).collect::<String>())
    }
}

/// Ids before what the generated function offers; everything else goes on to it.
fn bash() -> String {
    let mut cases = String::new();
    for (option, what) in OPTIONS {
        cases += &format!("        {option}) what={what} ;;\n");
    }
    let mut commands = String::new();
    for (command, what) in ARGUMENTS {
        commands += &format!("            {command}) what={what} ;;\n");
    }
    format!(
        r#"
_callbook_book() {{
    local i
    for ((i = 1; i < COMP_CWORD; i++)); do
        case "${{COMP_WORDS[i]}}" in
            --book) printf '%s\n' --book "${{COMP_WORDS[i + 1]}}"; return ;;
        esac
    done
}}

_callbook_with_ids() {{
    local cur="${{COMP_WORDS[COMP_CWORD]}}" prev="${{COMP_WORDS[COMP_CWORD - 1]}}" what="" word i book=()
    case "$prev" in
{cases}    esac
    if [[ -z $what && $cur != -* ]]; then
        case "$prev" in
{commands}            find) what=cards ;;
        esac
    fi
    if [[ -n $what ]]; then
        while IFS= read -r word; do book+=("$word"); done < <(_callbook_book)
        COMPREPLY=()
        while IFS= read -r word; do
            [[ $word == "$cur"* ]] && COMPREPLY+=("$word")
        done < <("${{COMP_WORDS[0]}}" "${{book[@]}}" __complete "$what" 2>/dev/null)
        [[ ${{#COMPREPLY[@]}} -gt 0 ]] && return 0
    fi
    _callbook "$@"
}}

if [[ "${{BASH_VERSINFO[0]}}" -eq 4 && "${{BASH_VERSINFO[1]}}" -ge 4 || "${{BASH_VERSINFO[0]}}" -gt 4 ]]; then
    complete -F _callbook_with_ids -o nosort -o bashdefault -o default callbook
else
    complete -F _callbook_with_ids -o bashdefault -o default callbook
fi
"#
    )
}

/// The generated specs take ids where they would take any text.
fn zsh(script: &str) -> String {
    let mut out = script.to_string();
    for (option, what) in OPTIONS {
        let lines: Vec<String> = out
            .lines()
            .map(|line| {
                let takes = line.trim_start().starts_with(&format!("'*{option}="))
                    || line.trim_start().starts_with(&format!("'{option}="));
                match takes {
                    true => line.replace(":_default'", &format!(":_callbook_ids_{what}'")),
                    false => line.to_string(),
                }
            })
            .collect();
        out = lines.join("\n") + "\n";
    }
    let lines: Vec<String> = out
        .lines()
        .map(|line| match line.trim_start() {
            start if start.starts_with("':playbook ") => {
                line.replace(":_default'", ":_callbook_ids_playbooks'")
            }
            start if start.starts_with("'*::words ") => line.replace(":_default'", ":_callbook_ids_cards'"),
            _ => line.to_string(),
        })
        .collect();
    out = lines.join("\n") + "\n";
    let mut helpers = String::new();
    for what in ["playbooks", "volumes", "stages", "codes", "cards"] {
        helpers += &format!("_callbook_ids_{what}() {{ _callbook_ids {what} }}\n");
    }
    // Within a command the words before it are out of sight; the line is not.
    helpers += r#"
_callbook_ids() {
    local -a line book ids
    local i
    line=(${(z)LBUFFER})
    for ((i = 1; i < $#line; i++)); do
        [[ $line[i] == --book ]] && book=(--book ${(Q)line[i+1]})
    done
    ids=(${(f)"$(callbook $book __complete $1 2>/dev/null)"})
    compadd -a ids
}
"#;
    match out.split_once('\n') {
        Some((first, rest)) => format!("{first}\n\n{helpers}{rest}"),
        None => out,
    }
}

fn fish() -> String {
    let mut out = String::from(
        r#"
function __callbook_ids
    set -l words (commandline -opc)
    set -l book
    for i in (seq (count $words))
        if test "$words[$i]" = --book; and test $i -lt (count $words)
            set book --book $words[(math $i + 1)]
        end
    end
    callbook $book __complete $argv[1] 2>/dev/null
end

"#,
    );
    let program = Cli::command();
    for (option, what) in OPTIONS {
        let name = option.trim_start_matches('-');
        let takes = |command: &clap::Command| command.get_arguments().any(|one| one.get_long() == Some(name));
        let commands: Vec<&str> = program
            .get_subcommands()
            .filter(|command| takes(command) || command.get_subcommands().any(takes))
            .map(clap::Command::get_name)
            .collect();
        out += &format!(
            "complete -c callbook -n '__fish_seen_subcommand_from {}' -l {name} -x -a '(__callbook_ids {what})'\n",
            commands.join(" ")
        );
    }
    for (command, what) in ARGUMENTS.iter().chain(&[("find", "cards")]) {
        out += &format!(
            "complete -c callbook -n '__fish_seen_subcommand_from {command}' -f -a '(__callbook_ids {what})'\n"
        );
    }
    out
}
