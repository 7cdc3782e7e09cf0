//! A DynamoDB of the test's own: a real engine with the template's tables, behind a proxy that counts, can fail, and lets a function do what its role in the
//! template allows.

mod capacity;
mod other;
mod proxy;

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::config::{BehaviorVersion, Credentials, Region};
use serde_json::{Map, Value, json};
use tokio::task::JoinHandle;

use crate::privileges::{Privilege, Roles};
use crate::template::{Table, Template};

pub use capacity::{Capacity, Usage};
use other::Other;
use proxy::Proxy;
pub use proxy::{DatabaseFault, Held};

/// The engine, its tables and the proxy in front of it.
pub struct Database {
    engine: Engine,
    tables: Vec<Table>,
    /// The engine's own address, past the proxy.
    direct: String,
    proxy: Arc<Proxy>,
}

enum Engine {
    /// In this process, with its server.
    Own(dynoxide::Database, JoinHandle<()>),
    /// Elsewhere.
    Other(Other),
}

/// An item as it is stored.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredItem {
    /// `sessions` or `connections`.
    pub table: String,
    /// In DynamoDB's JSON, where a text is `{"S": "…"}`.
    pub attributes: Map<String, Value>,
}

impl Database {
    /// In memory, on a free port; or with tables of its own at the server that `E2E_DYNAMODB_ENDPOINT` names.
    pub async fn start() -> Self {
        match Other::from_env() {
            None => Self::serve(dynoxide::Database::memory().expect("an engine starts in memory"), 0).await.expect("a free port"),
            Some(other) => Self::elsewhere(other).await.expect("the server of E2E_DYNAMODB_ENDPOINT makes tables"),
        }
    }

    /// In a file that is made when missing, on the given port.
    ///
    /// # Errors
    ///
    /// When the file or the port can't be had.
    pub async fn open(file: &str, port: u16) -> Result<Self, String> {
        Self::serve(dynoxide::Database::new(file).map_err(|error| error.to_string())?, port).await
    }

    async fn serve(engine: dynoxide::Database, port: u16) -> Result<Self, String> {
        let template = Template::load();
        let tables = template.tables();
        for table in &tables {
            create(&engine, table)?;
        }
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let direct = format!("http://{}", listener.local_addr().map_err(|error| error.to_string())?);
        let server = tokio::spawn(dynoxide::server::serve_on(listener, engine.clone()));
        let proxy = Proxy::start(&direct, None, port, Roles::of(&template)).await.map_err(|error| error.to_string())?;
        Ok(Self { engine: Engine::Own(engine, server), tables, direct, proxy })
    }

    async fn elsewhere(other: Other) -> Result<Self, String> {
        let template = Template::load();
        let tables = template.tables();
        for table in &tables {
            other.call("CreateTable", &table.create)?;
            other.call("UpdateTimeToLive", &table.time_to_live)?;
        }
        let direct = other.endpoint.clone();
        let proxy = Proxy::start(&direct, Some(other.authorization()), 0, Roles::of(&template)).await.map_err(|error| error.to_string())?;
        Ok(Self { engine: Engine::Other(other), tables, direct, proxy })
    }

    /// Where the functions find it.
    pub fn endpoint(&self) -> String {
        self.proxy.endpoint()
    }

    /// Past the proxy: neither counted nor failing, and without the proxy's delay.
    pub fn direct_endpoint(&self) -> &str {
        &self.direct
    }

    /// The variables that lead a function here.
    pub fn env(&self) -> Vec<(String, String)> {
        let tables = self.tables.iter().map(|table| (table.variable(), table.name.clone()));
        tables.chain([("AWS_ENDPOINT_URL_DYNAMODB".to_owned(), self.endpoint())]).collect()
    }

    /// A client past the proxy, for tests that look or tamper.
    pub fn client(&self) -> Client {
        let account = match &self.engine {
            Engine::Own(..) => "local",
            Engine::Other(other) => &other.account,
        };
        let config = aws_sdk_dynamodb::Config::builder()
            .behavior_version(BehaviorVersion::v2026_01_12())
            .region(Region::new("us-east-1"))
            .endpoint_url(&self.direct)
            .credentials_provider(Credentials::new(account, "local", None, None, "e2e"))
            // Plain http: the default client would load the machine's certificates.
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        Client::from_conf(config)
    }

    /// Every item of every table, expired ones included.
    pub fn dump(&self) -> Vec<StoredItem> {
        self.tables.iter().flat_map(|table| self.scan(&table.name)).collect()
    }

    /// Every item of one table.
    pub fn scan(&self, table: &str) -> Vec<StoredItem> {
        let mut items = Vec::new();
        let mut start = Value::Null;
        loop {
            let mut request = json!({ "TableName": table, "ConsistentRead": true });
            if !start.is_null() {
                request["ExclusiveStartKey"] = start;
            }
            let page = match &self.engine {
                Engine::Own(engine, _) => {
                    let request = serde_json::from_value(request).expect("a scan request");
                    let page = engine.scan(request).unwrap_or_else(|error| panic!("scan of {table}: {error}"));
                    serde_json::to_value(page).expect("a scan reply is JSON")
                }
                Engine::Other(other) => other.call("Scan", &request).unwrap_or_else(|error| panic!("{table}: {error}")),
            };
            for item in page["Items"].as_array().into_iter().flatten() {
                let attributes = item.as_object().cloned().unwrap_or_default();
                items.push(StoredItem { table: table.to_owned(), attributes });
            }
            start = page["LastEvaluatedKey"].clone();
            if start.is_null() {
                return items;
            }
        }
    }

    /// Stores an item as it is.
    pub fn put(&self, item: &StoredItem) {
        let request = json!({ "TableName": item.table, "Item": item.attributes });
        match &self.engine {
            Engine::Own(engine, _) => {
                let request = serde_json::from_value(request).expect("an item in DynamoDB's JSON");
                engine.put_item(request).unwrap_or_else(|error| panic!("{item:?}: {error}"));
            }
            Engine::Other(other) => {
                other.call("PutItem", &request).unwrap_or_else(|error| panic!("{item:?}: {error}"));
            }
        }
    }

    /// Waits until something has been written since this was last waited for.
    pub async fn written(&self) {
        self.proxy.written().await;
    }

    /// The next `calls` calls of any operation fail this way.
    pub fn fail(&self, fault: DatabaseFault, calls: usize) {
        self.proxy.fail(None, fault, calls);
    }

    /// The next `calls` calls of one operation, such as `TransactWriteItems`, fail this way.
    pub fn fail_operation(&self, operation: &str, fault: DatabaseFault, calls: usize) {
        self.proxy.fail(Some(operation), fault, calls);
    }

    /// So many calls of any operation are let through, and all after them fail this way until the faults are cleared.
    pub fn fail_after(&self, passing: usize, fault: DatabaseFault) {
        self.proxy.fail_after(passing, fault);
    }

    /// The next call of one operation waits on its way until the test lets it go.
    pub fn hold(&self, operation: &str) -> Held {
        self.proxy.hold(operation)
    }

    /// Every call from now on takes this much longer.
    pub fn delay(&self, delay: Duration) {
        self.proxy.delay(delay);
    }

    /// Ends all faults and the delay.
    pub fn clear_faults(&self) {
        self.proxy.clear_faults();
    }

    /// Nothing listens at the endpoint any more, and open connections are cut. What is stored stays.
    pub async fn stop(&self) {
        self.proxy.stop().await;
    }

    /// Listens again, at the same address.
    pub async fn resume(&self) {
        self.proxy.resume().await;
    }

    /// Calls and capacity per operation since the start or the last `reset_usage`, failed calls included.
    pub fn usage(&self) -> Usage {
        self.proxy.usage()
    }

    /// What the calls of a function needed to be allowed until now, a transaction's parts one by one.
    pub fn needed_by(&self, function: &str) -> BTreeSet<Privilege> {
        self.proxy.needed_by(function)
    }

    /// Begins to count anew.
    pub fn reset_usage(&self) {
        self.proxy.reset_usage();
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        match &self.engine {
            Engine::Own(_, server) => server.abort(),
            Engine::Other(other) => {
                for table in &self.tables {
                    // Whoever runs the server ends it with everything in it.
                    let _best_effort = other.call("DeleteTable", &json!({ "TableName": table.name }));
                }
            }
        }
    }
}

impl StoredItem {
    /// A text or number attribute.
    pub fn text(&self, name: &str) -> Option<&str> {
        let attribute = self.attributes.get(name)?;
        attribute.get("S").or_else(|| attribute.get("N"))?.as_str()
    }

    /// Whether `needle` stands anywhere in it, in binary attributes too.
    pub fn contains(&self, needle: &str) -> bool {
        self.attributes.iter().any(|(name, value)| name.contains(needle) || holds(value, needle))
    }
}

fn holds(value: &Value, needle: &str) -> bool {
    use base64::Engine as _;
    match value {
        Value::Object(members) => members.iter().any(|(name, member)| {
            let bytes = member.as_str().filter(|_| name == "B");
            let bytes = bytes.and_then(|text| base64::engine::general_purpose::STANDARD.decode(text).ok());
            let in_bytes = bytes.is_some_and(|bytes| String::from_utf8_lossy(&bytes).contains(needle));
            in_bytes || name.contains(needle) || holds(member, needle)
        }),
        Value::Array(members) => members.iter().any(|member| holds(member, needle)),
        Value::String(text) => text.contains(needle),
        _ => false,
    }
}

fn create(engine: &dynoxide::Database, table: &Table) -> Result<(), String> {
    let known = engine.get_table_metadata(&table.name).map_err(|error| error.to_string())?;
    if known.is_some() {
        return Ok(());
    }
    let request = serde_json::from_value(table.create.clone()).map_err(|error| error.to_string())?;
    engine.create_table(request).map_err(|error| format!("{}: {error}", table.name))?;
    let request = serde_json::from_value(table.time_to_live.clone()).map_err(|error| error.to_string())?;
    engine.update_time_to_live(request).map_err(|error| format!("{}: {error}", table.name))?;
    Ok(())
}

#[cfg(test)]
mod tests;
