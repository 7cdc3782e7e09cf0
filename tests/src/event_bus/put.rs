//! The call itself: what is checked, in which order, and what is answered.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde::Deserialize;
use serde_json::{Value, json};

use super::{Journal, PUT_EVENTS, Put};
use crate::faults::Times;
use crate::provider::{Answers, Provider, RecordedRequest, Reply, lock};
use crate::random;

/// Bytes of all entries of a call. EventBridge takes more today; who keeps to the older limit is
/// right wherever it has not been raised.
pub const LARGEST_CALL: usize = 256 * 1024;
const MOST_ENTRIES: usize = 10;
/// What a time counts, however it is written.
const TIME_BYTES: usize = 14;
const TARGET: &str = "AWSEvents.PutEvents";
const CONTENT_TYPE: &str = "application/x-amz-json-1.1";

type Listener = Box<dyn Fn(&Put) + Send + Sync>;

/// What is behind the server.
pub(super) struct Buses {
    pub(super) provider: Arc<Provider>,
    names: BTreeSet<String>,
    pub(super) journal: Journal,
    pub(super) listeners: Mutex<Vec<Listener>>,
    pub(super) refusals: Mutex<Vec<Refusal>>,
}

/// Entries that are refused whatever they say.
pub(super) struct Refusal {
    pub(super) code: &'static str,
    pub(super) times: Times,
    pub(super) is_meant: Box<dyn Fn(&Put) -> bool + Send + Sync>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Call {
    entries: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    time: Option<Value>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    detail_type: String,
    #[serde(default)]
    detail: String,
    #[serde(default)]
    resources: Vec<String>,
    event_bus_name: Option<String>,
}

impl Entry {
    /// As documented ("Calculating PutEvents event entry size").
    fn size(&self) -> usize {
        let resources: usize = self.resources.iter().map(String::len).sum();
        self.time.as_ref().map_or(0, |_| TIME_BYTES) + self.source.len() + self.detail_type.len() + self.detail.len() + resources
    }
}

impl Buses {
    pub(super) fn new(provider: Arc<Provider>, names: BTreeSet<String>) -> Self {
        Self { provider, names, journal: Journal::default(), listeners: Mutex::default(), refusals: Mutex::default() }
    }

    fn put_events(&self, call: Call) -> Reply {
        let count = call.entries.len();
        if count == 0 || count > MOST_ENTRIES {
            let message = format!(
                "1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and {MOST_ENTRIES}"
            );
            return error(400, "ValidationException", &message);
        }
        if call.entries.iter().map(Entry::size).sum::<usize>() > LARGEST_CALL {
            return error(400, "ValidationException", "Total size of the entries in the request is over the limit.");
        }
        let taken: Vec<Result<(), (&str, String)>> = call.entries.into_iter().map(|entry| self.put(entry)).collect();
        let failed = taken.iter().filter(|taken| taken.is_err()).count();
        let entries: Vec<Value> = taken
            .into_iter()
            .map(|taken| match taken {
                Ok(()) => json!({ "EventId": random::uuid().to_string() }),
                Err((code, message)) => json!({ "ErrorCode": code, "ErrorMessage": message }),
            })
            .collect();
        reply(200, &json!({ "FailedEntryCount": failed, "Entries": entries }))
    }

    fn put(&self, entry: Entry) -> Result<(), (&'static str, String)> {
        for (name, value) in [("Source", &entry.source), ("DetailType", &entry.detail_type), ("Detail", &entry.detail)] {
            if value.is_empty() {
                return Err(("InvalidArgument", format!("Parameter {name} is not valid. Reason: {name} is a required argument.")));
            }
        }
        // EventBridge takes 1000 levels of nesting, this reader 128; nothing that is put here comes near.
        let detail: Value = serde_json::from_str(&entry.detail)
            .ok()
            .filter(Value::is_object)
            .ok_or_else(|| ("MalformedDetail", "Detail is malformed.".to_owned()))?;
        // A name, or an ARN that ends with it.
        let bus = entry.event_bus_name.unwrap_or_else(|| "default".to_owned());
        let bus = bus.rsplit_once(":event-bus/").map_or(&*bus, |(_, name)| name);
        if !self.names.contains(bus) {
            return Err(("ResourceNotFound", format!("Event bus {bus} does not exist.")));
        }
        let put = Put { source: entry.source, detail_type: entry.detail_type, detail, bus: bus.to_owned() };
        if let Some(code) = self.refusal(&put) {
            return Err((code, "Refused on request.".to_owned()));
        }
        self.take(put);
        Ok(())
    }

    pub(super) fn take(&self, put: Put) {
        lock(&self.listeners).iter().for_each(|listener| listener(&put));
        self.journal.push(put);
    }

    /// The first refusal that means this entry; counts down.
    fn refusal(&self, put: &Put) -> Option<&'static str> {
        let mut refusals = lock(&self.refusals);
        let position = refusals.iter().position(|refusal| (refusal.is_meant)(put))?;
        let refusal = refusals.get_mut(position)?;
        let code = refusal.code;
        match &mut refusal.times {
            Times::UntilCleared => {}
            Times::Exactly(left) if *left > 1 => *left -= 1,
            Times::Once | Times::Exactly(_) => {
                refusals.remove(position);
            }
        }
        Some(code)
    }
}

impl Answers for Buses {
    fn name(&self, request: &RecordedRequest) -> &'static str {
        if request.header("x-amz-target") == Some(TARGET) { PUT_EVENTS } else { "other" }
    }

    fn answer(&self, request: &RecordedRequest) -> Reply {
        if request.header("x-amz-target") != Some(TARGET) {
            return error(400, "UnknownOperationException", "This stand-in knows PutEvents alone.");
        }
        if request.header("content-type") != Some(CONTENT_TYPE) {
            return error(400, "SerializationException", "The content type is not that of AWS JSON 1.1.");
        }
        if request.header("authorization").is_none() {
            return error(400, "MissingAuthenticationToken", "The call is not signed.");
        }
        match serde_json::from_slice(&request.body) {
            Ok(call) => self.put_events(call),
            Err(problem) => error(400, "SerializationException", &problem.to_string()),
        }
    }

    fn throttled(&self) -> Reply {
        error(400, "ThrottlingException", "Rate exceeded")
    }

    fn failed(&self) -> Reply {
        error(500, "InternalException", "An internal error occurred.")
    }
}

fn error(status: u16, kind: &str, message: &str) -> Reply {
    reply(status, &json!({ "__type": kind, "message": message }))
}

fn reply(status: u16, body: &Value) -> Reply {
    Reply::new(status, CONTENT_TYPE, body.to_string()).with_header("x-amzn-requestid", random::uuid().to_string())
}
