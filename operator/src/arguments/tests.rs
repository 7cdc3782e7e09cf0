use std::path::Path;

use clap::CommandFactory as _;

use super::*;

#[test]
fn the_command_line_is_consistent() {
    Arguments::command().debug_assert();
}

#[test]
fn each_state_is_named_as_stored() {
    for state in State::value_variants() {
        assert_eq!(state.to_possible_value().unwrap().get_name(), state.as_str());
    }
}

/// Every command line in the pages for operators, and in the helps themselves, is understood.
#[test]
fn documented_command_lines_parse() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let mut pages: Vec<String> = std::fs::read_dir(docs)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .map(|path| std::fs::read_to_string(path).unwrap())
        .collect();
    pages.extend([EXAMPLES, LIST_EXAMPLES, EVENTS_EXAMPLES].map(str::to_owned));
    let mut understood = 0;
    for line in pages.iter().flat_map(|page| page.split(['\n', '`'])) {
        let Some(line) = line.trim_start().strip_prefix("operator ").filter(|line| !line.starts_with("() {")) else { continue };
        // What follows the command: a comment, another command, or its description in a help text.
        let end = [" #", " && ", " || ", " | ", "; ", "   "].iter().filter_map(|end| line.find(end)).min();
        let words: Vec<&str> = line[..end.unwrap_or(line.len())].split_whitespace().map(|word| word.trim_matches(['\'', '"'])).collect();
        if let [command] = words[..]
            && Arguments::command().find_subcommand(command).is_some()
        {
            continue;
        }
        let parsed = Arguments::try_parse_from(["operator"].into_iter().chain(words));
        let is_help = |error: &clap::Error| !error.use_stderr();
        assert!(parsed.as_ref().map_or_else(is_help, |_| true), "{line}\n{}", parsed.unwrap_err());
        understood += 1;
    }
    assert!(understood > 15, "{understood}");
}
