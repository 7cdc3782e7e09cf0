//! The Python lines of the README, run as they stand there against the real function; and the sample bot.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Output, Stdio};
use std::sync::Arc;

use e2e::facebook::{Consent, Sent};
use e2e::invoke_api::InvokeApi;
use e2e::sample::{Language, bring, python};
use e2e::template::project_dir;
use e2e::world::World;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, BufReader};
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

/// The files of the sample in one language, by name, without its tests.
fn sample(language: Language) -> Vec<(String, String)> {
    let (folder, kind) = match language {
        Language::Python => ("python", "py"),
        Language::Node => ("node", "mjs"),
    };
    let folder = std::fs::read_dir(project_dir().join("examples/bot").join(folder)).expect("the sample is there");
    let paths = folder.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|found| found == kind));
    let named = paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(&path).unwrap()));
    named.filter(|(name, _)| !name.contains("test")).collect()
}

async fn passes_its_own_tests(language: Language, arguments: &[&str]) {
    let Some(program) = language.program() else { return };
    let mut command = Command::new(program);
    command.args(arguments).current_dir(project_dir()).env_clear().stdin(Stdio::null());
    let told = command.output().await.expect("the program starts");
    assert!(told.status.success(), "{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
}

#[tokio::test]
async fn the_sample_in_python_passes_its_own_tests() {
    passes_its_own_tests(Language::Python, &["-B", "-m", "unittest", "discover", "examples/bot/python"]).await;
}

#[tokio::test]
async fn the_sample_for_node_passes_its_own_tests() {
    passes_its_own_tests(Language::Node, &["--test", "examples/bot/node/bot.test.mjs"]).await;
}

#[test]
fn the_sample_can_be_read_at_a_sitting() {
    for (name, text) in [Language::Python, Language::Node].into_iter().flat_map(sample) {
        assert!(text.lines().count() < 150, "{name} has {} lines", text.lines().count());
        let long = text.lines().position(|line| line.chars().count() > 100);
        assert_eq!(long, None, "a line of {name}, counted from 0, is over 100 columns");
    }
}

/// Whoever knows one of them finds everything in the other, and customers hear the same from both.
#[test]
fn the_sample_is_the_same_in_both_languages() {
    let (python, node) = (sample(Language::Python), sample(Language::Node));
    let names = |files: &[(String, String)]| -> BTreeSet<String> {
        files.iter().filter_map(|(name, _)| name.split_once('.')).map(|(name, _)| name.to_owned()).collect()
    };
    assert_eq!(names(&python), names(&node));
    let text = |files: &[(String, String)], name: &str| files.iter().find(|(found, _)| found.starts_with(name)).unwrap().1.clone();
    let quoted = |files: &[(String, String)]| -> Vec<String> {
        let lines = text(files, "words").replace("=\n  \"", "= \"");
        let sentences =
            lines.lines().filter_map(|line| line.split_once(" = \"")).map(|(_, rest)| rest.trim_end_matches(['"', ';']).to_owned());
        sentences.take(8).collect()
    };
    assert_eq!((quoted(&python), quoted(&python).len()), (quoted(&node), 8));
    let stop_words = |files: &[(String, String)]| -> Vec<String> {
        let words = text(files, "words");
        let from = words.find("about all").expect("the stop words begin");
        let to = words.find("ya yo\n").expect("the stop words end");
        words.get(from..to).unwrap_or_default().split_whitespace().map(str::to_owned).collect()
    };
    assert_eq!(stop_words(&python), stop_words(&node));
    let refusals = |files: &[(String, String)], name: &str| -> Vec<(String, String)> {
        let code = text(files, name);
        let lines = code.lines().filter_map(|line| line.trim().split_once(": \""));
        let known = lines.filter(|(code, _)| code.parse::<u32>().is_ok());
        known.map(|(code, word)| (code.to_owned(), word.split('"').next().unwrap_or_default().to_owned())).collect()
    };
    for name in ["messenger", "whatsapp"] {
        assert_eq!(refusals(&python, name), refusals(&node, name));
        assert!(refusals(&node, name).len() >= 5, "{name}");
    }
}

/// The lines of the page for a bot on this machine, with the addresses of a world in place of those
/// of `./dev run`.
fn lines_for_this_machine(world: &World, api: &InvokeApi, program: &str) -> String {
    let page = std::fs::read_to_string(project_dir().join("docs/bot.md")).unwrap();
    let blocks = blocks(&page, "sh");
    let block = |beginning: &str| *blocks.iter().find(|block| block.starts_with(beginning)).expect("the page has the lines");
    let lines = format!("{}exec {}", block("export AWS_ENDPOINT_URL_LAMBDA="), block(program));
    let profile = format!("{}/.well-known", world.gateway().origin());
    let lines = lines.replace("http://localhost:9000/.well-known", &profile).replace("http://localhost:9000", api.url());
    lines.replace("http://localhost:9001", &world.shopify.url()).replace("http://localhost:9002", &world.facebook.url())
}

async fn answers_by_the_lines_of_the_page(language: Language, program: &str) {
    let Some(found) = language.program() else { return };
    let (world, api, uuid, page) = linked().await;
    // The reader's own program of that name, at a free port, and with the secret of an endpoint.
    let name = program.split(' ').next().unwrap();
    let own = format!("exec {}", found.display());
    let lines = lines_for_this_machine(&world, &api, program).replace(&format!("exec {name}"), &own).replace(" 9004", " 0");
    let mut command = Command::new("bash");
    command.args(["-euc", &lines]).current_dir(project_dir()).env_clear().kill_on_drop(true).stdin(Stdio::null());
    command.envs([("EVENTS_SECRET", "a secret"), ("NODE_NO_WARNINGS", "1"), ("PYTHONDONTWRITEBYTECODE", "1"), ("PYTHONUNBUFFERED", "1")]);
    let mut process = command.stdout(Stdio::piped()).spawn().expect("bash starts");
    let mut first = String::new();
    let mut output = BufReader::new(process.stdout.take().unwrap());
    output.read_line(&mut first).await.unwrap();
    let url = first.trim_end().rsplit_once(' ').expect("it says where it listens").1.to_owned();

    let customer = world.facebook.add_writer(&page);
    let detail = json!({
        "event_id": "1", "user_uuid": uuid, "shop": "acme.myshopify.com", "platform": "facebook", "account": page,
        "sender": customer, "message_id": "m_1", "at": "2026-12-01T09:30:00Z", "kind": "text", "text": "Do you have mugs?",
    });
    let event = json!({ "source": "messenger-link.messages", "detail-type": "message", "detail": detail });
    for (said, status) in [(None, 401), (Some("Bearer another secret"), 401), (Some("Bearer a secret"), 200)] {
        assert_eq!(bring(&url, &event, said).await, Ok(status), "{said:?}");
        assert_eq!(world.facebook.sent().len(), usize::from(status == 200));
    }
    assert_eq!(world.facebook.sent().first().unwrap().text, "Stoneware mug\nEnamel mug");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_s_lines_for_this_machine_start_a_bot_in_python() {
    answers_by_the_lines_of_the_page(Language::Python, "python3 examples/bot/python").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_s_lines_for_this_machine_start_a_bot_for_node() {
    answers_by_the_lines_of_the_page(Language::Node, "node examples/bot/node").await;
}

/// The blocks of a page in a language.
fn blocks<'a>(page: &'a str, language: &str) -> Vec<&'a str> {
    let fence = format!("```{language}\n");
    page.split(&*fence).skip(1).map(|rest| rest.split("```").next().unwrap_or_default()).collect()
}

/// So that nobody copies what does not run.
#[test]
fn what_the_page_for_bots_shows_is_in_the_sample() {
    let page = std::fs::read_to_string(project_dir().join("docs/bot.md")).unwrap();
    for (language, fence, folder) in [(Language::Python, "python", "python"), (Language::Node, "js", "node")] {
        let (files, blocks) = (sample(language), blocks(&page, fence));
        assert!(blocks.len() > 8, "the page has its blocks");
        for block in blocks {
            assert!(files.iter().any(|(_, text)| text.contains(block)), "not in the sample:\n{block}");
        }
        for (name, _) in &files {
            assert!(page.contains(&format!("](../examples/bot/{folder}/{name})")), "the page does not tell of {name}");
        }
    }
}
