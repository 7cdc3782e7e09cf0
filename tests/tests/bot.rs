//! The Python lines of the README, run as they stand there against the real function; and the sample bot.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "whatever goes wrong in a test's helper is a failed test")]

use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;

use e2e::facebook::{Consent, Sent};
use e2e::invoke_api::InvokeApi;
use e2e::sample::python;
use e2e::template::project_dir;
use e2e::world::World;
use serde_json::Value;
use tokio::process::Command;

/// What the test adds to the lines: a call, and its result as JSON.
const ASK: &str = "import json, sys, bot; print(json.dumps(bot.tokens(sys.argv[1])))";
/// The same with an answer to a customer; an error of Meta's as its own words.
const ANSWER: &str = "
import json, sys, bot
try:
    print(json.dumps(bot.send(bot.tokens(sys.argv[1])[1], sys.argv[2], sys.argv[3])))
except bot.urllib.request.HTTPError as error:
    print(error.read().decode())
";

/// The block behind the README's mark `<!-- bot.py -->`.
fn lines_of_the_readme() -> String {
    let readme = std::fs::read_to_string(project_dir().join("README.md")).unwrap();
    let (_, marked) = readme.split_once("<!-- bot.py -->\n```python\n").expect("the README has the marked block");
    marked.split_once("```").expect("the block ends").0.to_owned()
}

/// Does what the bot does.
async fn play(python: &PathBuf, api: &InvokeApi, world: &World, call: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bot.py"), lines_of_the_readme()).unwrap();
    let graph = format!("{}/v26.0", world.facebook.url());
    let variables = [
        ("GRAPH_URL", graph.as_str()),
        ("AWS_ENDPOINT_URL_LAMBDA", api.url()),
        ("AWS_REGION", "us-east-1"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_EC2_METADATA_DISABLED", "true"),
        ("CONNECTION_TOKENS", "connection-tokens"),
        ("PYTHONDONTWRITEBYTECODE", "1"),
    ];
    let mut command = Command::new(python);
    command.args(["-c", call]).args(arguments).current_dir(folder.path()).env_clear().envs(variables).stdin(Stdio::null());
    command.output().await.expect("Python starts")
}

/// A store with a Page, and what stands in for Lambda's own API.
async fn linked() -> (Arc<World>, InvokeApi, String, String) {
    let world = Arc::new(World::start().await);
    let browser = world.browser();
    let person = world.facebook.add_person("Jo Doe");
    let page = world.facebook.add_page(&person, "Acme Store");
    assert_eq!(world.link_shop(&browser, "acme").await.status(), 200);
    assert_eq!(world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
    let uuid = world.owner(&format!("page#{page}")).expect("the Page is linked");
    let api = InvokeApi::start(&world).await;
    (world, api, uuid, page)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_the_readme_get_the_tokens_of_a_page() {
    let Some(python) = python() else { return };
    let (world, api, uuid, page) = linked().await;
    let told = play(&python, &api, &world, ASK, &[&page]).await;
    assert!(told.status.success(), "{}\n{}", String::from_utf8_lossy(&told.stderr), world.function("connection-tokens").logs());
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    let (shop, found) = (&told[0], &told[1]);
    assert_eq!((&shop["shop"], &shop["status"]), (&"acme.myshopify.com".into(), &"active".into()));
    assert!(world.shopify.accepts(shop["access_token"].as_str().unwrap()));
    assert_eq!((&found["page_id"], &found["status"]), (&page.as_str().into(), &"active".into()));
    assert_eq!(found["access_token"], world.opened(&uuid, &format!("page#{page}"), "access_token"));

    let unknown = play(&python, &api, &world, ASK, &["999999999999"]).await;
    assert!(!unknown.status.success());
    let told = String::from_utf8_lossy(&unknown.stderr).into_owned();
    assert!(told.contains("RuntimeError") && told.contains("not_found"), "{told}");
}

/// The local Facebook refuses every call without a proof, and the bot has no app secret.
#[tokio::test(flavor = "multi_thread")]
async fn the_lines_of_the_readme_answer_a_customer_without_the_app_secret() {
    let Some(python) = python() else { return };
    let (world, api, _, page) = linked().await;
    let customer = world.facebook.add_writer(&page);
    let answer = async |text: &str| {
        let told = play(&python, &api, &world, ANSWER, &[&page, &customer, text]).await;
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        serde_json::from_slice::<Value>(&told.stdout).unwrap()
    };
    assert!(answer("Yes, in green as well: 12 €.").await.as_str().is_some_and(|id| id.starts_with("m_")));
    answer(&"ä".repeat(2001)).await;
    let sent = |text: &str| Sent { page: page.clone(), recipient: customer.clone(), text: text.to_owned() };
    assert_eq!(world.facebook.sent(), [sent("Yes, in green as well: 12 €."), sent(&"ä".repeat(2000))]);

    // Where another app holds the conversation the bot may not answer, and hears why.
    world.facebook.hold_conversations(&page);
    assert_eq!(answer("Hello?").await["error"]["code"], 10);
}

/// The sample's files by name.
fn sample() -> Vec<(String, String)> {
    let folder = std::fs::read_dir(project_dir().join("examples/bot")).expect("the sample is there");
    let paths = folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|kind| kind == "py"));
    paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap())).collect()
}

#[tokio::test]
async fn the_sample_passes_its_own_tests() {
    let Some(python) = python() else { return };
    let mut command = Command::new(python);
    command.args(["-B", "-m", "unittest", "discover", "examples/bot"]).current_dir(project_dir()).env_clear().stdin(Stdio::null());
    let told = command.output().await.expect("Python starts");
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
}

#[test]
fn the_sample_can_be_read_at_a_sitting() {
    let files = sample();
    let (_, bot) = files.iter().find(|(name, _)| name == "bot.py").expect("the sample has its heart");
    assert!(bot.lines().count() <= 150, "bot.py has {} lines", bot.lines().count());
    for (name, text) in files.iter().filter(|(name, _)| !name.starts_with("test_")) {
        let long = text.lines().position(|line| line.chars().count() > 100);
        assert_eq!(long, None, "a line of {name}, counted from 0, is over 100 columns");
    }
}

/// So that nobody copies what does not run.
#[test]
fn what_the_page_for_bots_shows_is_in_the_sample() {
    let page = std::fs::read_to_string(project_dir().join("docs/bot.md")).unwrap();
    let files = sample();
    let blocks: Vec<&str> = page.split("```python\n").skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect();
    assert!(blocks.len() > 8, "the page has its blocks");
    for block in blocks {
        assert!(files.iter().any(|(_, text)| text.contains(block)), "not in the sample:\n{block}");
    }
    for (name, _) in &files {
        assert!(page.contains(&format!("](../examples/bot/{name})")), "the page does not tell of {name}");
    }
}
