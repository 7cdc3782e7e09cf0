//! The lines of docs/operator.md and docs/support.md, carried out one after the other as they stand there, and what the pages show of their answers.

use e2e::privileges::operator::statements;
use e2e::template::project_dir;

use crate::operator::{ACME, Desk};

/// A command line of a page, and what the page says that it prints.
struct Block {
    lines: Vec<String>,
    /// Where the page shows it.
    shown: Option<String>,
}

/// The blocks of a page with lines for `operator`, in which a reader's words stand for `filled`.
fn blocks(page: &str, filled: &[(&str, &str)]) -> Vec<Block> {
    let text = std::fs::read_to_string(project_dir().join(page)).unwrap();
    let fenced: Vec<&str> = text.split("\n```").collect();
    let mut blocks: Vec<Block> = Vec::new();
    for (at, block) in fenced.iter().enumerate() {
        if let Some(commands) = block.strip_prefix("sh\n") {
            let lines = commands.lines().filter(|line| line.starts_with("operator "));
            let lines: Vec<String> = lines.map(|line| fill(line, filled)).collect();
            // What follows the fence that ends the block is text between blocks, and then what is shown.
            let between = fenced.get(at + 1).is_some_and(|between| between.trim().is_empty());
            let shown = fenced.get(at + 2).filter(|_| between).and_then(|shown| shown.strip_prefix("text\n"));
            if !lines.is_empty() {
                blocks.push(Block { lines, shown: shown.map(str::to_owned) });
            }
        }
    }
    blocks
}

/// Words in capitals are the reader's.
fn fill(line: &str, filled: &[(&str, &str)]) -> String {
    let words = line
        .split(' ')
        .map(|word| filled.iter().find(|(name, _)| *name == word).map_or(word.to_owned(), |(_, value)| format!("'{value}'")));
    words.collect::<Vec<_>>().join(" ")
}

/// What is the same whoever asks and whenever: ids, moments and numbers are as good as others, and so are spaces.
fn alike(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let words: Vec<String> = line.split_whitespace().map(alike_word).collect();
        words.join(" ").replace("less than a unit", "0 unit")
    });
    let mut lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.sort();
    lines
}

fn alike_word(word: &str) -> String {
    if word.len() == 32 && word.bytes().all(|letter| letter.is_ascii_hexdigit()) {
        return "ID".to_owned();
    }
    if word == "once" {
        return "0 unit".to_owned();
    }
    let unit = word.trim_end_matches([',', ';', 's']);
    if ["minute", "hour", "day", "time"].contains(&unit) {
        return word.replace(unit, "unit").replace("units", "unit");
    }
    let mut alike = String::new();
    let mut rest = word;
    while let Some(letter) = rest.chars().next() {
        let uuid =
            rest.get(..36).filter(|text| text.bytes().filter(|letter| *letter == b'-').count() == 4 && !text.contains(['.', '#', '/']));
        if uuid.is_some_and(|text| text.bytes().all(|letter| letter == b'-' || letter.is_ascii_hexdigit())) {
            alike.push_str("UUID");
            rest = &rest[36..];
        } else if letter.is_ascii_digit() {
            alike.push('0');
            rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit());
        } else {
            alike.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    alike
}

/// Carries out what the page says, each line with the rights that docs/operator.md gives its command, and compares what it shows.
async fn carry_out(desk: &Desk, page: &str, filled: &[(&str, &str)]) -> Vec<String> {
    let (statements, mut done, mut wrong) = (statements(), Vec::new(), Vec::new());
    for Block { lines, shown } in blocks(page, filled) {
        let mut told = String::new();
        for line in lines {
            let command = line.split_whitespace().nth(1).unwrap_or_default();
            let rights = statements.get(command).unwrap_or_else(|| panic!("{page} gives no rights for {command}")).join(" ");
            let answer = desk.line(&rights, &line).await;
            assert_eq!(answer.code, 0, "{page}: {line}\n{}{}", answer.out, answer.complaint);
            told += &answer.out;
            done.push(line);
        }
        if let Some(shown) = shown {
            // A page may show the beginning of an answer.
            let (shown, answered) = (alike(&shown), alike(&told));
            let missing: Vec<&String> = shown.iter().filter(|line| !answered.contains(line)).collect();
            if !missing.is_empty() {
                wrong.push(format!("{}\nmissing in it: {missing:#?}\n{answered:#?}", told.trim_end()));
            }
        }
    }
    assert!(wrong.is_empty(), "{page} shows other answers than\n{}", wrong.join("\n\n"));
    done
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operators_day_goes_as_its_page_says() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    let (one, _two) = (desk.signed_in("acme").await, desk.signed_in("acme").await);
    let bloom = desk.merchant("bloom", "Bloom").await;
    let leaver = desk.merchant("left", "Left Behind").await;
    desk.loses_its_page(&acme).await;
    let (record, job) = (desk.fails_to_renew(&bloom).await, desk.leaves_a_job("gone").await);
    let page = format!("page#{}", acme.page);
    let partition = format!("uuid#{}", acme.uuid);
    let dead_since: u64 = desk.world.item(&partition, &page).unwrap().text("dead_since").unwrap().parse().unwrap();
    desk.world.set_number(&partition, &page, "dead_since", dead_since - 3 * 3600 - 60).await;

    let done = carry_out(&desk, "docs/operator.md", &[("RECORD", &record), ("JOB", &job), ("PERSON", &leaver.person)]).await;
    for command in statements().into_keys() {
        assert!(done.iter().any(|line| line.split(' ').nth(1) == Some(&command)), "the page shows no {command}");
    }
    // What the lines were for.
    assert_eq!(one.get("/connections").await.code().as_deref(), Some("invalid_session"));
    assert!(desk.world.owner(&format!("page#{}", leaver.page)).is_none(), "the person is forgotten");
    assert!(desk.world.owner("shop#bloom.myshopify.com").is_none() && desk.world.owner(&format!("shop#{ACME}")).is_some());
    assert!(desk.world.item(job.split_once('/').unwrap().0, "unsubscribe").is_none(), "the job is given up");
    desk.replays.asked();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_support_call_goes_as_its_page_says() {
    let desk = Desk::open().await;
    let acme = desk.merchant("acme", "Acme Store").await;
    let browser = desk.signed_in("acme").await;
    desk.loses_its_page(&acme).await;
    let done = carry_out(&desk, "docs/support.md", &[]).await;
    assert_eq!(done.len(), 2, "{done:?}");
    assert_eq!(browser.get("/connections").await.code().as_deref(), Some("invalid_session"));
    // The desk may do what the page takes and no more than sign merchants out.
    assert!(desk.world.owner(&format!("page#{}", acme.page)).is_some());
}

#[test]
fn what_is_the_same_whoever_asks_is_alike() {
    let one = "  next   looked after 2026-12-01T08:00:00Z, in 2 hours; failed once\n  uuid 7d9f3c1e-4b5a-4c6d-8e7f-901234567890";
    let other = "uuid 00000000-0000-4000-8000-0000000000aa\nnext looked after 2027-01-01T18:00:00Z, in 59 minutes; failed 3 times";
    assert_eq!(alike(one), alike(other));
    assert_ne!(alike(one), alike(&one.replace("looked", "put")));
    assert_eq!(alike("0123456789abcdef0123456789abcdef"), ["ID"]);
}
