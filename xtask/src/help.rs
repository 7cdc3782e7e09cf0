//! What `./dev help` shows, and what more there is to know of a command.

use crate::{
    commands::{COMMANDS, Command, Group},
    progress::folded,
};

/// How wide a terminal is at least.
const WIDTH: usize = 100;

/// Every command, on one screen.
pub(crate) fn overview() -> String {
    let groups = Group::ALL.into_iter().map(|group| {
        let commands = COMMANDS.iter().filter(|command| command.group == group);
        let lines: String = commands.map(|command| format!("  {:<13} {}\n", command.name, command.brief)).collect();
        format!("{}\n{lines}", group.title())
    });
    let groups = groups.collect::<Vec<_>>().join("\n");
    format!("./dev COMMAND [ARGUMENTS]\n\n{groups}\n./dev help COMMAND tells more.")
}

/// A command with its arguments and all that there is to know.
pub(crate) fn detail(command: &Command) -> String {
    let usage = format!("./dev {} {}", command.name, command.arguments);
    // It begins as a line of the overview does.
    let text = format!("{}. {}", command.brief, command.more);
    let mut signs = text.chars();
    let text = signs.next().map(|first| first.to_uppercase().chain(signs).collect::<String>()).unwrap_or_default();
    format!("{}\n\n{}", usage.trim_end(), folded(&text, WIDTH).join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_overview_fits_on_one_screen() {
        let text = overview();
        assert!((24..=40).contains(&text.lines().count()), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn it_names_every_command_once() {
        let text = overview();
        for command in COMMANDS {
            let names = text.lines().filter_map(|line| line.strip_prefix("  ")?.split(' ').next());
            assert_eq!(names.filter(|name| *name == command.name).count(), 1, "{}", command.name);
        }
    }

    #[test]
    fn the_detail_has_arguments_and_all_that_there_is_to_know() {
        for command in COMMANDS {
            let text = detail(command);
            assert!(text.starts_with(&format!("./dev {}", command.name)), "{text}");
            assert!(text.contains(command.arguments), "{text}");
            let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(words.contains(command.more), "{text}");
        }
    }
}
