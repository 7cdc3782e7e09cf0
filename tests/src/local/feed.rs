//! Brings what is put on the buses to a bot, as a rule and a queue do in the cloud: at least
//! once, again where it was not taken, and one after the other within a conversation.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::Value;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::event_bus::{EventBus, LINK_BUS, MESSAGE_BUS};
use crate::provider::lock;
use crate::sample;

use super::output::Output;

/// The pauses between the tries.
const PAUSES: [Duration; 3] = [Duration::from_secs(1), Duration::from_secs(2), Duration::from_secs(4)];

/// Posts every message, and what happens to links, from now on to this URL.
pub(super) fn start(bus: &EventBus, url: String, output: Output) {
    let queues: Mutex<BTreeMap<String, UnboundedSender<Value>>> = Mutex::default();
    bus.on_put(move |put| {
        if ![MESSAGE_BUS, LINK_BUS].contains(&&*put.bus) {
            return;
        }
        let mut queues = lock(&queues);
        let queue = queues.entry(conversation(&put.detail)).or_insert_with(|| {
            let (queue, waiting) = unbounded_channel();
            tokio::spawn(serve(waiting, url.clone(), output.clone()));
            queue
        });
        // Nobody waits any more only when everything ends.
        let _ = queue.send(put.event());
    });
}

fn conversation(detail: &Value) -> String {
    ["platform", "account", "sender"].map(|name| detail[name].as_str().unwrap_or_default()).join(" ")
}

async fn serve(mut waiting: UnboundedReceiver<Value>, url: String, output: Output) {
    while let Some(event) = waiting.recv().await {
        let id = event["detail"]["event_id"].as_str().unwrap_or_default().to_owned();
        let mut pauses = PAUSES.into_iter();
        loop {
            let Err(problem) = post(&url, &event).await else { break };
            let Some(pause) = pauses.next() else {
                output.take(&format!("The bot did not take event {id}: {problem}. It is given up."));
                break;
            };
            output.take(&format!("The bot did not take event {id}: {problem}. It comes again."));
            tokio::time::sleep(pause).await;
        }
    }
}

async fn post(url: &str, event: &Value) -> Result<(), String> {
    match sample::bring(url, event, None).await? {
        200 => Ok(()),
        status => Err(format!("it answered {status}")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::Arc;

    use axum::Router;
    use axum::extract::State;
    use axum::http::StatusCode;
    use serde_json::json;
    use tokio::net::TcpListener;

    use super::super::folder::Folder;
    use super::*;
    use crate::gate::until;

    #[derive(Clone, Default)]
    struct Bot {
        events: Arc<Mutex<Vec<Value>>>,
        answers: Arc<Mutex<VecDeque<u16>>>,
    }

    async fn take(State(bot): State<Bot>, body: String) -> StatusCode {
        let status = lock(&bot.answers).pop_front().unwrap_or(200);
        lock(&bot.events).push(serde_json::from_str(&body).unwrap());
        StatusCode::from_u16(status).unwrap()
    }

    async fn put(bus: &EventBus, sender: &str, text: &str, name: &str) {
        let detail = json!({
            "event_id": format!("{text:0>64}"), "user_uuid": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043", "shop": "acme.myshopify.com", "platform": "facebook",
            "account": "1", "sender": sender, "message_id": text, "at": "2026-12-01T10:00:00Z", "kind": "text", "text": text, "raw": {},
        });
        let entry =
            json!({ "Source": "messenger-link.messages", "DetailType": "message", "Detail": detail.to_string(), "EventBusName": name });
        let request = crate::provider::tests::client().post(bus.url()).header("content-type", "application/x-amz-json-1.1");
        let request = request.header("x-amz-target", "AWSEvents.PutEvents").header("authorization", "x");
        let answer = request.body(json!({ "Entries": [entry] }).to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }

    /// The events a bot has been sent of one sender, by id.
    fn heard(bot: &Bot, sender: &str) -> Vec<String> {
        let events = lock(&bot.events);
        let of = |event: &&Value| event["detail"]["sender"] == sender;
        events.iter().filter(of).map(|event| event["detail"]["message_id"].as_str().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn messages_come_in_the_order_of_their_conversation_and_again_where_they_were_not_taken() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/events", listener.local_addr().unwrap());
        let bot = Bot::default();
        let router = Router::new().route("/events", axum::routing::post(take)).with_state(bot.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let folder = tempfile::tempdir().unwrap();
        let output = Output::start(&Folder::open(folder.path().to_owned()).unwrap(), "functions.log").unwrap();
        let bus = EventBus::start(&[MESSAGE_BUS]);
        start(&bus, url, output.clone());

        lock(&bot.answers).push_back(500);
        put(&bus, "jo", "1", MESSAGE_BUS).await;
        until("the first is refused", || heard(&bot, "jo").len() == 1).await;
        put(&bus, "jo", "2", MESSAGE_BUS).await;
        put(&bus, "kim", "3", MESSAGE_BUS).await;
        put(&bus, "jo", "4", "default").await;
        until("another conversation does not wait", || heard(&bot, "kim") == ["3"]).await;
        assert_eq!(heard(&bot, "jo"), ["1"]);
        until("all of it has come", || heard(&bot, "jo") == ["1", "1", "2"]).await;
        let event = lock(&bot.events)[0].clone();
        assert_eq!((&event["source"], &event["detail-type"]), (&json!("messenger-link.messages"), &json!("message")));
        assert_eq!(event["time"], "2026-12-01T10:00:00Z");
        let log = std::fs::read_to_string(output.path()).unwrap();
        let expected = format!("did not take event {:0>64}: it answered 500. It comes again.", 1);
        assert!(log.contains(&expected), "{log}");
    }
}
