//! The program `operator` as it was built, over a real table, the real keeper, and Lambda's and EventBridge's own calls as they are emulated: alone, and by the
//! very lines of docs/operator.md and docs/support.md.

mod commands;
mod documents;
mod replays;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use e2e::browser::Browser;
use e2e::facebook::Consent;
use e2e::faults::{Fault, Times};
use e2e::invoke_api::InvokeApi;
use e2e::lambda::binary;
use e2e::world::World;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use replays::Replays;

pub(crate) const ACME: &str = "acme.myshopify.com";
pub(crate) const BLOOM: &str = "bloom.myshopify.com";

/// Where an operator sits.
pub(crate) struct Desk {
    pub(crate) world: Arc<World>,
    pub(crate) replays: Replays,
    lambda: InvokeApi,
    folder: TempDir,
}

/// What came of a line.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) complaint: String,
}

/// A merchant's store with its Page.
pub(crate) struct Merchant {
    pub(crate) uuid: String,
    pub(crate) person: String,
    pub(crate) page: String,
}

impl Desk {
    pub(crate) async fn open() -> Self {
        Self::at(World::start().await).await
    }

    async fn at(world: World) -> Self {
        let world = Arc::new(world);
        let (lambda, replays) = (InvokeApi::start(&world).await, Replays::start().await);
        let folder = tempfile::tempdir().unwrap();
        let outputs = [
            ("ConnectionsTable", "connections"),
            ("TokenKeeperFunction", "token-keeper"),
            ("LoginUrl", "https://link.example.com/shopify/{shop_name}/login"),
            ("EventArchiveArn", replays::ARCHIVE),
            ("EventBusArn", replays::BUS),
        ];
        let outputs: Vec<Value> = outputs.iter().map(|(name, value)| json!({ "OutputKey": name, "OutputValue": value })).collect();
        std::fs::write(folder.path().join("outputs.json"), json!(outputs).to_string()).unwrap();
        Self { world, replays, lambda, folder }
    }

    /// A line as somebody types it who may do what these statements of docs/operator.md say.
    pub(crate) async fn line(&self, statements: &str, line: &str) -> Told {
        let program: PathBuf = binary("operator");
        let folder = self.folder.path();
        let variables: BTreeMap<&str, String> = [
            ("PATH", format!("{}:/usr/bin:/bin", program.parent().unwrap().display())),
            ("HOME", folder.display().to_string()),
            ("STACK_OUTPUTS", folder.join("outputs.json").display().to_string()),
            ("AWS_REGION", "us-east-1".to_owned()),
            ("AWS_ACCESS_KEY_ID", format!("operator {statements}").replace(' ', "-")),
            ("AWS_SECRET_ACCESS_KEY", "local".to_owned()),
            ("AWS_ENDPOINT_URL_DYNAMODB", self.world.database.endpoint()),
            ("AWS_ENDPOINT_URL_LAMBDA", self.lambda.url().to_owned()),
            ("AWS_ENDPOINT_URL_EVENTBRIDGE", self.replays.url().to_owned()),
        ]
        .into();
        let mut bash = Command::new("bash");
        bash.args(["-c", line]).env_clear().envs(variables).current_dir(folder).stdin(std::process::Stdio::null()).kill_on_drop(true);
        let done = bash.output().await.unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Told { code: done.status.code().unwrap(), out: text(done.stdout), complaint: text(done.stderr) }
    }

    /// The same where it has to do what it was asked for.
    #[track_caller]
    pub(crate) fn run(&self, statements: &'static str, line: &str) -> impl Future<Output = String> {
        let line = line.to_owned();
        async move {
            let told = self.line(statements, &line).await;
            assert_eq!(told.code, 0, "{line}\n{}{}\n{}", told.out, told.complaint, self.world.function("token-keeper").logs());
            told.out
        }
    }

    pub(crate) async fn json(&self, statements: &'static str, line: &str) -> Value {
        serde_json::from_str(&self.run(statements, line).await).unwrap()
    }

    /// A store with a Page of one person.
    pub(crate) async fn merchant(&self, handle: &str, page: &str) -> Merchant {
        let browser = self.world.browser();
        let person = self.world.facebook.add_person("Jo Doe");
        let page = self.world.facebook.add_page(&person, page);
        assert_eq!(self.world.link_shop(&browser, handle).await.status(), 200);
        assert_eq!(self.world.link_pages(&browser, &Consent::of(&person)).await.status(), 200);
        let uuid = self.world.owner(&format!("page#{page}")).expect("the Page is linked");
        Merchant { uuid, person, page }
    }

    /// A browser that is signed in to a store that is linked.
    pub(crate) async fn signed_in(&self, handle: &str) -> Browser {
        let browser = self.world.browser();
        assert_eq!(self.world.link_shop(&browser, handle).await.status(), 200);
        browser
    }

    /// The merchant's person changes their password, and the keeper finds out.
    pub(crate) async fn loses_its_page(&self, merchant: &Merchant) {
        self.world.facebook.change_password(&merchant.person);
        self.world.make_due(&merchant.uuid, &format!("person#{}", merchant.person)).await;
        let told = self.world.invoke("token-keeper", json!({})).await;
        assert_eq!(told["failed"], 0, "{told}");
    }

    /// Shopify fails when a store's pair is to be renewed; the name of the record that fails.
    pub(crate) async fn fails_to_renew(&self, merchant: &Merchant) -> String {
        let partition = format!("uuid#{}", merchant.uuid);
        self.world.set_number(&partition, "store", "issued_at", 1).await;
        self.world.make_due(&merchant.uuid, "store").await;
        self.world.shopify.switch_on("refresh", Fault::ServerError500, Times::UntilCleared);
        let told = self.world.invoke("token-keeper", json!({})).await;
        assert_eq!(told["failed"], 1, "{told}");
        self.world.shopify.clear_faults();
        format!("{partition}/store")
    }

    /// A store was erased, and Facebook fails when its Page is to be unsubscribed; the name of the job that fails.
    pub(crate) async fn leaves_a_job(&self, handle: &str) -> String {
        self.merchant(handle, "Gone").await;
        assert_eq!(self.world.invoke("token-keeper", json!({ "erase": handle })).await, json!({ "erased": "whole" }));
        self.world.facebook.switch_on("unsubscribe", Fault::ServerError500, Times::UntilCleared);
        let told = self.world.invoke("token-keeper", json!({})).await;
        assert_eq!(told["failed"], 1, "{told}");
        self.world.facebook.clear_faults();
        let items = self.world.database.scan("connections");
        let job = items.iter().find_map(|item| item.text("pk").filter(|pk| pk.starts_with("job#"))).expect("a job");
        format!("{job}/unsubscribe")
    }
}
