//! The protocol's wire: JSON texts with a zero byte after each, answers by id and events in between.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{ChildStdin, ChildStdout};
use tokio::sync::watch;
use tokio::task::JoinHandle;

pub(super) struct Pipe {
    commands: tokio::sync::Mutex<(ChildStdin, u64)>,
    received: Arc<Received>,
    reader: JoinHandle<()>,
}

struct Received {
    answers: Mutex<HashMap<u64, Value>>,
    events: Mutex<Vec<Event>>,
    /// Raised with every message; gone with the browser.
    news: watch::Sender<u64>,
}

struct Event {
    session: String,
    kind: String,
    parameters: Value,
}

impl Pipe {
    pub(super) fn new(commands: ChildStdin, messages: ChildStdout) -> Self {
        let received = Arc::new(Received { answers: Mutex::default(), events: Mutex::default(), news: watch::channel(0).0 });
        let reader = tokio::spawn(read(messages, Arc::clone(&received)));
        Self { commands: tokio::sync::Mutex::new((commands, 0)), received, reader }
    }

    /// Sends a command and waits for its result.
    pub(super) async fn call(&self, session: Option<&str>, method: &str, parameters: Value) -> Value {
        let mut news = self.received.news.subscribe();
        let id = {
            let mut commands = self.commands.lock().await;
            commands.1 += 1;
            let mut command = json!({"id": commands.1, "method": method, "params": parameters});
            if let Some(session) = session {
                command["sessionId"] = json!(session);
            }
            let bytes = [command.to_string().as_bytes(), &[0]].concat();
            commands.0.write_all(&bytes).await.unwrap_or_else(|error| panic!("{method}: the browser is gone: {error}"));
            commands.1
        };
        loop {
            let answer = self.received.answers.lock().unwrap().remove(&id);
            if let Some(answer) = answer {
                assert!(answer["error"].is_null(), "{method}: {answer}");
                return answer["result"].clone();
            }
            assert!(!self.reader.is_finished(), "{method}: the browser ended");
            news.changed().await.expect("the sender lives as long as the pipe");
        }
    }

    /// The events of a kind in one session so far.
    pub(super) fn events(&self, session: &str, kind: &str) -> Vec<Value> {
        let events = self.received.events.lock().unwrap();
        events.iter().filter(|event| event.session == session && event.kind == kind).map(|event| event.parameters.clone()).collect()
    }

    /// How many events of a kind there were in one session.
    pub(super) fn count(&self, session: &str, kind: &str) -> usize {
        let events = self.received.events.lock().unwrap();
        events.iter().filter(|event| event.session == session && event.kind == kind).count()
    }

    /// Waits until there are so many events of a kind in one session.
    pub(super) async fn reached(&self, session: &str, kind: &str, count: usize) {
        let mut news = self.received.news.subscribe();
        while self.count(session, kind) < count {
            assert!(!self.reader.is_finished(), "{kind}: the browser ended");
            news.changed().await.expect("the sender lives as long as the pipe");
        }
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

async fn read(messages: ChildStdout, received: Arc<Received>) {
    let mut messages = BufReader::new(messages);
    let mut bytes = Vec::new();
    while messages.read_until(0, &mut bytes).await.is_ok_and(|length| length > 0) {
        bytes.pop();
        let message: Value = serde_json::from_slice(&bytes).unwrap_or_default();
        bytes.clear();
        if let Some(id) = message["id"].as_u64() {
            received.answers.lock().unwrap().insert(id, message);
        } else {
            let text = |name: &str| message[name].as_str().unwrap_or_default().to_owned();
            let event = Event { session: text("sessionId"), kind: text("method"), parameters: message["params"].clone() };
            received.events.lock().unwrap().push(event);
        }
        received.news.send_modify(|count| *count += 1);
    }
    // Whoever still waits learns of the end from one more change.
    received.news.send_modify(|count| *count += 1);
}
