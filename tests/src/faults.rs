//! Ways in which a provider fails, switched on per call.
//!
//! A refused connection can't be told apart by call on one port: it happens before there is a request. So for a call
//! that follows another one in its chain the port is shut right before that other call is answered (see
//! [`crate::provider::Provider::switch_on`]), and for the first call of a chain at once; either way until the faults
//! are cleared. For a provider that is never there use [`crate::provider::ClosedPort`].

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};

use crate::provider::Reply;

/// What goes wrong.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nobody listens. Counts are ignored: it lasts until the faults are cleared.
    ConnectionRefused,
    /// The TCP connection is reset after the request was read; the provider did nothing with the request.
    Reset,
    /// As `Reset`, but the provider did what it was asked for: only the answer is lost.
    LostReply,
    /// No answer, until the client gives up or the provider is dropped.
    Hang,
    /// The provider's form of 429; it did nothing with the request.
    Throttled429,
    /// The provider's form of 500; it did nothing with the request.
    ServerError500,
    /// 200 with a page instead of JSON; the provider did nothing with the request.
    HtmlBody,
    /// The true answer, cut in half.
    TruncatedJson,
    /// The true answer, every value of another JSON type.
    WrongTypes,
    /// The true answer behind 10 MB of padding: valid JSON, sent in chunks, without a length in front.
    HugeBody,
    /// 307 to another path of the provider. Who follows it sends the body again and shows up as call `redirected`.
    Redirect,
    /// The true answer, later.
    Delay(Duration),
    /// An answer of the test's own; the provider did nothing with the request.
    Reply {
        /// HTTP status.
        status: u16,
        /// Content type.
        content_type: &'static str,
        /// The body as it is.
        body: String,
    },
    /// The true answer, changed by the test.
    Edit(Edit),
}

impl Fault {
    /// The failures every provider call has to survive, with a name for messages and forms.
    #[must_use]
    pub fn matrix() -> Vec<(&'static str, Self)> {
        vec![
            ("connection refused", Self::ConnectionRefused),
            ("reset", Self::Reset),
            ("hang", Self::Hang),
            ("429", Self::Throttled429),
            ("500", Self::ServerError500),
            ("HTML body", Self::HtmlBody),
            ("truncated JSON", Self::TruncatedJson),
            ("wrong types", Self::WrongTypes),
            ("10 MB body", Self::HugeBody),
            ("redirect", Self::Redirect),
        ]
    }

    /// An answer of the test's own in JSON.
    #[must_use]
    pub fn json(status: u16, body: &Value) -> Self {
        Self::Reply { status, content_type: "application/json", body: body.to_string() }
    }

    /// The true answer's JSON, changed by `edit`.
    #[must_use]
    pub fn edit(edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        Self::Edit(Edit(Arc::new(edit)))
    }

    /// What the true answer becomes, for the faults that begin with it.
    pub(crate) fn distort(&self, mut reply: Reply) -> Reply {
        match self {
            Self::TruncatedJson => reply.body.truncate(reply.body.len() / 2),
            Self::WrongTypes => edit_json(&mut reply, wrong_types),
            Self::HugeBody => pad(&mut reply),
            Self::Edit(edit) => edit_json(&mut reply, |value| (edit.0)(value)),
            _ => {}
        }
        reply
    }
}

/// A test's change to a JSON answer.
#[derive(Clone)]
pub struct Edit(Arc<dyn Fn(&mut Value) + Send + Sync>);

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Edit")
    }
}

fn edit_json(reply: &mut Reply, edit: impl FnOnce(&mut Value)) {
    if let Ok(mut value) = serde_json::from_slice(&reply.body) {
        edit(&mut value);
        reply.body = value.to_string().into_bytes();
    }
}

fn wrong_types(value: &mut Value) {
    match value {
        Value::Object(object) => object.values_mut().for_each(wrong_types),
        Value::String(_) => *value = json!(7),
        Value::Number(_) => *value = json!("seven"),
        Value::Bool(_) => *value = json!({"yes": 1}),
        Value::Array(_) => *value = json!("a list"),
        Value::Null => *value = json!([]),
    }
}

/// The padding comes first: a reader that gives up never sees what it looks for, one that reads on would take it.
fn pad(reply: &mut Reply) {
    const PADDING: usize = 10 * 1024 * 1024;
    if reply.body.first() == Some(&b'{') {
        let mut padded = b"{\"padding\":\"".to_vec();
        padded.resize(padded.len() + PADDING, b'x');
        padded.extend_from_slice(if reply.body == b"{}" { b"\"" } else { b"\"," });
        padded.extend_from_slice(reply.body.get(1..).unwrap_or_default());
        reply.body = padded;
    } else {
        reply.body.resize(reply.body.len() + PADDING, b' ');
    }
}

/// How often a fault happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// At the next call only.
    Once,
    /// At the next so many calls.
    Exactly(u32),
    /// At every call until the faults are cleared.
    UntilCleared,
}

/// The faults that are switched on.
#[derive(Default)]
pub(crate) struct Plan {
    faults: Vec<(&'static str, Fault, Times)>,
    /// When the last of these has been answered, connections are refused.
    pub(crate) refuse_after: Vec<&'static str>,
}

impl Plan {
    pub(crate) fn add(&mut self, call: &'static str, fault: Fault, times: Times) {
        self.faults.push((call, fault, times));
    }

    /// The fault for this call, in the order they were switched on; counts down.
    pub(crate) fn take(&mut self, call: &str) -> Option<Fault> {
        let position = self.faults.iter().position(|(name, ..)| *name == call)?;
        let (_, fault, times) = self.faults.get_mut(position)?;
        let fault = fault.clone();
        match times {
            Times::UntilCleared => {}
            Times::Exactly(left) if *left > 1 => *left -= 1,
            Times::Once | Times::Exactly(_) => {
                self.faults.remove(position);
            }
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_happens_as_often_as_it_was_asked_for() {
        let mut plan = Plan::default();
        plan.add("token", Fault::Hang, Times::Exactly(2));
        plan.add("token", Fault::Reset, Times::Once);
        assert!(plan.take("graphql").is_none());
        assert!(matches!(plan.take("token"), Some(Fault::Hang)));
        assert!(matches!(plan.take("token"), Some(Fault::Hang)));
        assert!(matches!(plan.take("token"), Some(Fault::Reset)));
        assert!(plan.take("token").is_none());
    }

    #[test]
    fn distorted_answers_are_what_their_names_say() {
        let answer = || Reply::json(200, &json!({"access_token": "T", "expires_in": 3600, "list": [1]}));
        let read = |reply: Reply| serde_json::from_slice::<Value>(&reply.body);
        assert!(read(Fault::TruncatedJson.distort(answer())).is_err());
        let wrong = read(Fault::WrongTypes.distort(answer())).unwrap();
        assert_eq!(wrong, json!({"access_token": 7, "expires_in": "seven", "list": "a list"}));
        let huge = Fault::HugeBody.distort(answer());
        assert!(huge.body.len() > 10_000_000);
        assert_eq!(read(huge).unwrap()["access_token"], "T");
        let edited = Fault::edit(|answer| answer["expires_in"] = Value::Null).distort(answer());
        assert_eq!(read(edited).unwrap()["expires_in"], Value::Null);
    }
}
