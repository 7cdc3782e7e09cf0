//! docs/merchant.md, carried out line by line, in every language: what the page for merchants tells them to press is there, and leads where it says.
//!
//! The page is in English. For readers of another language each label and heading is the same word of that language.

mod follower;

use e2e::chromium::Setup;
use e2e::facebook::MERCHANTS_PIN;
use e2e::scenes::{self, Merchant};
use e2e::template::project_dir;
use shared::facts::{AccountState, Messages, StoreState, Unready};
use shared::providers::{NEXT, whatsapp::PHONE};
use shared::texts::{Language, Words};

use crate::chromium::{Stage, linked, numbers};

use follower::Follower;

/// A heading of the page, and the steps below it.
struct Section {
    title: String,
    steps: Vec<Step>,
    /// The rows of its table.
    rows: Vec<[String; 3]>,
}

/// What a line has its reader do, in order.
type Step = Vec<Act>;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    /// `**Label**`
    Press(String),
    /// `_Heading_`
    See(String),
}

impl Act {
    fn words(&self) -> &str {
        match self {
            Self::Press(words) | Self::See(words) => words,
        }
    }
}

/// What stands in bold or in italics, in the order in which it stands there.
fn acts(line: &str) -> Vec<Act> {
    let mut acts = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find(['*', '_']) {
        let (mark, is_bold) = if rest[at..].starts_with("**") { ("**", true) } else { (&rest[at..=at], false) };
        let (words, after) = rest[at + mark.len()..].split_once(mark).unwrap_or_else(|| panic!("no end of {mark} in {line}"));
        acts.push(if is_bold { Act::Press(words.to_owned()) } else { Act::See(words.to_owned()) });
        rest = after;
    }
    acts
}

fn page() -> Vec<Section> {
    let file = project_dir().join("docs/merchant.md");
    let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let section = |text: &str| {
        let (title, body) = text.split_once('\n').expect("a body");
        let is_step = |line: &&str| line.split_once(". ").is_some_and(|(number, _)| number.parse::<u8>().is_ok());
        let row = |line: &str| {
            let cells: Vec<String> = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
            <[String; 3]>::try_from(cells).ok()
        };
        Section {
            title: title.to_owned(),
            steps: body.lines().filter(is_step).map(acts).collect(),
            rows: body.lines().filter(|line| line.starts_with('|')).skip(2).filter_map(row).collect(),
        }
    };
    text.split("\n## ").skip(1).map(section).collect()
}

/// Every word that the page may name, in the order of [`known`] for any language.
fn known(words: &Words) -> Vec<String> {
    let (kind, platform, number) = (words.of(NEXT), NEXT.platform, words.of(&PHONE));
    let registering = number.registering.as_ref().expect("numbers are registered");
    let [account, store] = [account_states(words), store_states(words)];
    let labels = [
        words.store_connected.title,
        words.connections.title,
        words.connections.disconnect,
        words.connections.forget,
        words.connections.confirm_store,
        words.connections.ended.title,
        words.connections.sign_out,
        words.ways.manage,
        words.ways.move_here,
        words.ways.reconnect_store,
        (kind.connected.title)(1),
        (kind.connected.title)(2),
        kind.refusals.held_elsewhere.title,
        kind.listed.confirm,
        kind.ended.title,
        kind.deletion.deleted.title,
        kind.ways.connect,
        kind.ways.reconnect,
        kind.ways.ask_again,
        kind.ways.conversation_routing,
        kind.ways.own_page,
        kind.ways.test_message,
        words.of_platform(platform).linked_before.title,
        (number.connected.title)(1),
        number.listed.confirm,
        number.ended.title,
        number.ways.connect,
        registering.pin_label,
        registering.pin_submit,
    ];
    let about = words.about(&[NEXT, &PHONE]).title;
    let texts = labels.into_iter().chain([about]).map(str::to_owned);
    texts.chain([(words.connections.needed)(1, 4)]).chain(account).chain(store).collect()
}

fn account_states(words: &Words) -> Vec<String> {
    let states = [
        AccountState::Active(Messages::Ready),
        AccountState::Active(Messages::Shared),
        AccountState::Active(Messages::NotReady(Unready::NotChecked)),
        AccountState::Active(Messages::NotReady(Unready::MissingTask)),
        AccountState::ReconnectNeeded,
        AccountState::Moved,
        AccountState::Paused,
    ];
    states.map(|state| (words.connections.account_state)(state).to_owned()).into()
}

fn store_states(words: &Words) -> Vec<String> {
    [StoreState::Active, StoreState::ReconnectNeeded, StoreState::Disconnected]
        .map(|state| (words.connections.store_state)(state).to_owned())
        .into()
}

/// The same word for who reads this language.
fn said(english: &str, words: &Words) -> String {
    let place = known(Language::English.words()).iter().position(|known| known == english);
    let place = place.unwrap_or_else(|| panic!("docs/merchant.md names \"{english}\", which stands on no page"));
    known(words)[place].clone()
}

#[test]
fn the_page_for_merchants_tells_every_state_of_the_list_and_names_nothing_that_is_not_there() {
    let sections = page();
    let words = Language::English.words();
    for act in sections.iter().flat_map(|section| section.steps.iter().flatten()) {
        said(act.words(), words);
    }
    let rows: Vec<&[String; 3]> = sections.iter().flat_map(|section| &section.rows).collect();
    let told: Vec<String> = rows.iter().flat_map(|row| acts(&row[0])).map(|act| act.words().to_owned()).collect();
    for state in account_states(words).into_iter().chain(store_states(words)) {
        assert!(told.contains(&state), "docs/merchant.md does not tell of \"{state}\"");
    }
    for act in rows.iter().flat_map(|row| acts(&row[0]).into_iter().chain(acts(&row[2]))) {
        said(act.words(), words);
    }
    assert_eq!(told.len(), rows.len());
    assert!(sections.iter().filter(|section| !section.steps.is_empty()).count() >= 12, "the page is not read");
}

async fn follow_the_page(language: Language, setup: Setup) {
    let Some(stage) = Stage::set_in(scenes::world().whatsapp()).await else { return };
    let tab = stage.tab(setup.reading(language)).await;
    let merchant = Merchant::new(&stage.front, &tab, "acme");
    let number = merchant.gets_number("+1 631-555-0101");
    merchant.world.facebook.set_pin(&number, Some(MERCHANTS_PIN));
    let mut follower = Follower { merchant, words: language.words(), number };
    for section in page().iter().filter(|section| !section.steps.is_empty()) {
        follower.comes_to(&section.title).await;
        for act in section.steps.iter().flatten() {
            follower.does(&section.title, act).await;
        }
        match section.title.as_str() {
            "Connect your Facebook Pages" | "Mend a connection" => assert_eq!(linked(&follower.merchant).1, follower.merchant.pages),
            "Connect your WhatsApp number" => assert_eq!(numbers(&follower.merchant), [follower.number.as_str()]),
            "Enter the PIN of a number" => assert_eq!(follower.merchant.world.facebook.number(&follower.number).status, "CONNECTED"),
            "Move a Page or a number from another store" => assert_eq!(linked(&follower.merchant).1.len(), 1),
            "Disconnect a number" => assert_eq!(numbers(&follower.merchant), Vec::<String>::new()),
            "Have your data deleted" => {
                let other = follower.merchant.with_shop(&format!("{}-too", follower.merchant.shop));
                assert_eq!(linked(&other).1, Vec::<String>::new());
            }
            _ => {}
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_merchants_can_be_followed_line_by_line() {
    follow_the_page(Language::English, Setup::DESKTOP).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_merchants_holds_for_who_reads_german() {
    follow_the_page(Language::German, Setup::PHONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_merchants_holds_for_who_reads_spanish() {
    follow_the_page(Language::Spanish, Setup::PHONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_merchants_holds_for_who_reads_french() {
    follow_the_page(Language::French, Setup::PHONE).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_for_merchants_holds_for_who_reads_portuguese() {
    follow_the_page(Language::Portuguese, Setup::PHONE).await;
}
