//! Puts messages on a bus: Amazon EventBridge.
//!
//! A call takes up to ten entries with a total of 256 KiB
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html>; AWS has since
//! raised the size, but not for every target). It can fail for individual entries.

use std::time::Duration;

use aws_sdk_eventbridge::{
    Client,
    error::ProvideErrorMetadata as _,
    types::{PutEventsRequestEntry, PutEventsResultEntry},
};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::{Error, calls::timed, clients::Clients, config::Vars};

/// The `source` of all messages, which rules match on.
const SOURCE: &str = "messenger-link.messages";
const DETAIL_TYPE: &str = "message";
/// The most entries in a call.
const MAX_ENTRIES: usize = 10;
/// The most bytes in a call, over all entries.
const MAX_SIZE: usize = 256 * 1024;
/// What a target wraps around an event and counts too.
const ENVELOPE: usize = 1024;
/// Concurrent calls.
const CONCURRENCY: usize = 16;
/// Attempts at entries refused temporarily, each after a pause that doubles.
const TRIES: u32 = 4;
const PAUSE: Duration = Duration::from_millis(25);

/// Errors for which the bus refuses an entry permanently.
const FOR_GOOD: [&str; 3] = ["MalformedDetail", "InvalidArgument", "ValidationException"];
/// Errors for which a retry may succeed.
const PASSING: [&str; 4] = ["ThrottlingException", "InternalFailure", "InternalException", "ServiceUnavailable"];

/// The bus, and its name.
#[derive(Clone, Debug)]
pub struct MessageBus {
    client: Client,
    name: String,
}

impl MessageBus {
    /// Reads `MESSAGE_BUS_NAME`: a name or an ARN.
    ///
    /// # Errors
    /// `misconfigured`.
    pub fn from_vars(vars: &Vars, clients: &Clients) -> Result<Self, Error> {
        let is_name =
            |name: &str| (1..=1600).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.-_:".contains(&b));
        Ok(Self { name: vars.checked("MESSAGE_BUS_NAME", None, is_name)?, client: clients.eventbridge(vars)? })
    }

    /// Whether an event is small enough for the bus.
    #[must_use]
    pub const fn takes(detail: &str) -> bool {
        size(detail) + ENVELOPE <= MAX_SIZE
    }

    /// Puts events on the bus, and returns the indices of those that it refuses permanently.
    ///
    /// # Errors
    /// `storage_unavailable` if any other event is not on the bus. Some may be: an event may be put
    /// twice, under the same `event_id`.
    pub async fn put(&self, details: &[String]) -> Result<Vec<usize>, Error> {
        let calls: Vec<_> = calls(details).into_iter().map(|call| self.put_call(details, call)).collect();
        let refused: Vec<Vec<usize>> = stream::iter(calls).buffered(CONCURRENCY).try_collect().await?;
        Ok(refused.into_iter().flatten().collect())
    }

    /// Repeats one call until each entry is on the bus or refused permanently.
    async fn put_call(&self, details: &[String], mut left: Vec<usize>) -> Result<Vec<usize>, Error> {
        let mut refused = Vec::new();
        for tried in 0..TRIES {
            if tried > 0 {
                tokio::time::sleep(PAUSE * (1 << (tried - 1))).await;
            }
            let entries = left.iter().filter_map(|&at| details.get(at)).map(|detail| self.entry(detail)).collect();
            let request = self.client.put_events().set_entries(Some(entries));
            let results = match timed("eventbridge.put_events", request.send()).await {
                Ok(output) => output.entries.unwrap_or_default(),
                Err(error) => match error.as_service_error().map(|error| error.code().unwrap_or("unknown")) {
                    Some(code) if FOR_GOOD.contains(&code) => return Ok([refused, left].concat()),
                    code => return Err(failed(code.unwrap_or("no answer"))),
                },
            };
            if results.len() != left.len() {
                return Err(failed("unreadable answer"));
            }
            let mut again = Vec::new();
            for (at, result) in left.into_iter().zip(results) {
                match code(&result) {
                    None => {}
                    Some(code) if FOR_GOOD.contains(&code) => refused.push(at),
                    Some(code) if PASSING.contains(&code) => again.push(at),
                    Some(code) => return Err(failed(code)),
                }
            }
            left = again;
            if left.is_empty() {
                return Ok(refused);
            }
        }
        Err(failed("entries left over"))
    }

    fn entry(&self, detail: &str) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder().event_bus_name(&self.name).source(SOURCE).detail_type(DETAIL_TYPE).detail(detail).build()
    }
}

/// Why an entry was refused, if it was.
fn code(result: &PutEventsResultEntry) -> Option<&str> {
    result.error_code().or_else(|| result.event_id().is_none().then_some("neither id nor error"))
}

fn failed(code: &str) -> Error {
    Error::storage_unavailable(format!("put_events: {code}"))
}

/// The size of an entry as the bus counts it.
const fn size(detail: &str) -> usize {
    SOURCE.len() + DETAIL_TYPE.len() + detail.len()
}

/// The indices of the events, divided into calls that the bus accepts.
fn calls(details: &[String]) -> Vec<Vec<usize>> {
    let mut calls: Vec<Vec<usize>> = Vec::new();
    let mut filled = 0;
    for (at, detail) in details.iter().enumerate() {
        let size = size(detail);
        match calls.last_mut() {
            Some(call) if call.len() < MAX_ENTRIES && filled + size <= MAX_SIZE => {
                call.push(at);
                filled += size;
            }
            _ => {
                calls.push(vec![at]);
                filled = size;
            }
        }
    }
    calls
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_call_has_at_most_ten_entries() {
        let details = vec!["{}".to_owned(); 1000];
        let calls = calls(&details);
        assert!(calls.len() == 100 && calls.iter().all(|call| call.len() == 10));
    }

    #[test]
    fn an_entry_without_an_id_or_with_an_error_was_not_put() {
        let result = |id: Option<&str>, code: Option<&str>| {
            PutEventsResultEntry::builder().set_event_id(id.map(str::to_owned)).set_error_code(code.map(str::to_owned)).build()
        };
        assert_eq!(code(&result(Some("1"), None)), None);
        assert_eq!(code(&result(None, Some("ThrottlingException"))), Some("ThrottlingException"));
        assert_eq!(code(&result(None, None)), Some("neither id nor error"));
    }

    #[test]
    fn a_bus_has_a_name() {
        let named = |name: &str| {
            let vars =
                Vars::from_pairs([("MESSAGE_BUS_NAME", name), ("AWS_REGION", "eu-central-1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1")]);
            MessageBus::from_vars(&vars, &Clients::default()).is_ok()
        };
        assert!(named("messages") && named("arn:aws:events:eu-central-1:123456789012:event-bus/stack/messages"));
        assert!(!named("") && !named("a b") && !named("ä"));
    }

    proptest! {
        #[test]
        fn no_call_is_too_large_and_no_event_is_lost(sizes in prop::collection::vec(0..MAX_SIZE - ENVELOPE - 64, 0..60)) {
            let details: Vec<String> = sizes.iter().map(|size| "x".repeat(*size)).collect();
            prop_assert!(details.iter().all(|detail| MessageBus::takes(detail)));
            let calls = calls(&details);
            prop_assert_eq!(calls.concat(), (0..details.len()).collect::<Vec<_>>());
            for call in calls {
                prop_assert!((1..=MAX_ENTRIES).contains(&call.len()));
                prop_assert!(call.iter().map(|at| size(&details[*at])).sum::<usize>() <= MAX_SIZE);
            }
        }
    }
}
