//! The page on which a person plays customers and colleagues: what they do is delivered to the app.

use super::deliver::{self, Told};
use super::{Delivery, Happening, Update, handshake, new_mid, payload};
use crate::consent;
use crate::facebook::graph::{Facebook, State};
use crate::facebook::messenger::PATH as MESSENGER;
use crate::facebook::people::Page;
use crate::provider::{RecordedRequest, Reply, first, lock};
use crate::random;

/// The page's path.
pub(in crate::facebook) const PATH: &str = "/inbox";
/// The buttons of an account, what they say, and how a list tells it later.
const BUTTONS: [(&str, &str, &str); 9] = [
    ("text", "A customer writes this", "A customer writes"),
    ("postback", "A customer presses a button", "A customer presses a button"),
    ("quick_reply", "A customer answers by quick reply", "A customer answers by quick reply"),
    ("reaction", "A customer reacts to the last message", "A customer reacts"),
    ("link", "A customer comes by a link", "A customer comes by a link"),
    ("ad", "A customer comes by an ad", "A customer comes by an ad"),
    ("picture", "A customer sends a picture", "A customer sends a picture"),
    ("echo", "A colleague answers in the inbox", "A colleague answers"),
    ("standby", "A customer writes while another app has the thread", "A customer writes to another app"),
];

impl Facebook {
    /// `GET /inbox`: every Page and Instagram account with its buttons, and what the app answered.
    pub(in crate::facebook) fn inbox(&self) -> Reply {
        let state = lock(&self.state);
        let accounts: String = state.pages.values().map(|page| forms(&state, page)).collect();
        let verify = format!(
            "<form method=\"post\" action=\"{PATH}\"><label>Verify token \
             <input name=\"verify_token\" id=\"verify_token\" value=\"{}\"></label>{}</form>",
            consent::escape(&self.app.verify_token),
            button("verify", "verify", "Meta verifies the address"),
        );
        let log = lock(&state.told).clone();
        let told: String = log.iter().rev().map(list_item).collect();
        let whatsapp = if self.app.whatsapp.is_some() { " <a id=\"whatsapp\" href=\"/whatsapp\">WhatsApp Manager</a>" } else { "" };
        let bus = if state.bus.is_some() { " <a id=\"bus\" href=\"/bus\">What came out of the bus</a>" } else { "" };
        let body = format!(
            "<p>Webhooks of the app go to <code>{}{}</code>. Only what the app is subscribed to is delivered.</p>\
             <p><a id=\"settings\" href=\"/settings\">Where people leave the app</a>{whatsapp}{bus}</p>\
             {}<p>What the app answered, the latest first:</p><ol id=\"deliveries\" reversed>{told}</ol>{accounts}",
            consent::escape(self.app.origin()),
            super::META_ROUTE,
            consent::group("The app's address", &verify),
        );
        let reply = Reply::html(200, consent::page("Facebook", "Inbox", &body));
        // Whoever waits for an answer sees it without a reload.
        if log.iter().all(|told| told.is_over) { reply } else { reply.with_header("refresh", "1") }
    }

    /// `POST /inbox`: one of the buttons. The page does not wait for what the app answers.
    pub(in crate::facebook) fn press(&self, request: &RecordedRequest) -> Reply {
        let form = request.form();
        let field = |name: &str| first(&form, name).unwrap_or_default();
        match field("decision") {
            "verify" => self.verify(field("verify_token")),
            decision => {
                if let Some((.., what)) = BUTTONS.iter().find(|(id, ..)| *id == decision) {
                    self.happens(field("account"), decision, what, field("text"));
                }
            }
        }
        Reply::redirect(303, PATH.to_owned())
    }

    fn verify(&self, verify_token: &str) {
        let log = lock(&self.state).told.clone();
        let challenge = u32::from_be_bytes(random::bytes()).to_string();
        let request = handshake(verify_token, &challenge);
        let what = format!("Meta verifies the address, which has to answer {challenge}");
        deliver::send(log, what, self.app.origin(), request, 1, |_| true);
    }

    fn happens(&self, account: &str, decision: &str, what: &str, text: &str) {
        let mut state = lock(&self.state);
        let Some((object, page)) = state.account(account) else { return };
        let what = format!("{what} ({})", name(object, page));
        let what = if ["reaction", "picture"].contains(&decision) { what } else { format!("{what}, {text:?}") };
        let last = state.last_mids.get(account).cloned().unwrap_or_else(new_mid);
        if let Some(happening) = happening(decision, text, last) {
            self.tell(&mut state, account, what, happening);
        }
    }

    /// Something that happens to an account: noted in its conversation, and delivered where the app
    /// is subscribed to it. `what` says so to a person.
    pub(in crate::facebook) fn tell(&self, state: &mut State, account: &str, what: String, mut happening: Happening) {
        let Some((object, page)) = state.account(account) else { return };
        let page = page.id.clone();
        let customer = state.customer_of(account);
        let is_of_customer = !matches!(happening, Happening::Echo { .. } | Happening::Standby(_));
        if object == "page" && is_of_customer && state.held_by_others.contains(&page) {
            happening = Happening::Standby(Box::new(happening));
        }
        let now = self.provider.now_millis();
        state.note(account, &customer, &happening, now);
        let update = Update::of(object, account, &customer, &happening, now);
        if let Some(mid) = update.mid() {
            state.last_mids.insert(account.to_owned(), mid.to_owned());
        }
        if let Some(why) = state.why_silent(&update) {
            lock(&state.told).push(Told::unsent(what, &why));
            return;
        }
        let delivery = Delivery::of(&payload(object, &[update], now), &self.app.app_secret);
        deliver::deliver(state.told.clone(), what, self.app.origin(), delivery.request());
    }

    /// `GET /bus`: the events that came of it, where a bus is shown.
    pub(in crate::facebook) fn bus(&self) -> Reply {
        let puts = lock(&self.state).bus.as_ref().map(crate::event_bus::Journal::puts).unwrap_or_default();
        let item = |put: &crate::event_bus::Put| {
            let detail = serde_json::to_string_pretty(&put.detail).unwrap_or_default();
            let [bus, source, kind, detail] = [&put.bus, &put.source, &put.detail_type, &detail].map(|text| consent::escape(text));
            format!("<li><strong>{kind}</strong> from {source} on {bus}<pre>{detail}</pre></li>")
        };
        let items: String = puts.iter().rev().map(item).collect();
        let body = format!(
            "<p>Events on the local message bus, the latest first (reload for more). \
             <a id=\"inbox\" href=\"{PATH}\">Back to the inbox</a></p><ol id=\"events\" reversed>{items}</ol>"
        );
        Reply::html(200, consent::page("Facebook", "What came out of the bus", &body))
    }
}

impl State {
    /// The customer who writes to an account from the pages, always the same one.
    pub(in crate::facebook) fn customer_of(&mut self, account: &str) -> String {
        if let Some(customer) = self.customers.get(account) {
            return customer.clone();
        }
        let customer = self.next_customer();
        self.customers.insert(account.to_owned(), customer.clone());
        customer
    }
}

/// A Page's buttons, and those of its Instagram account.
fn forms(state: &State, page: &Page) -> String {
    let of_instagram = page.instagram.as_ref().map(|(id, _)| form(state, "instagram", id, page));
    form(state, "page", &page.id, page) + &of_instagram.unwrap_or_default()
}

fn form(state: &State, object: &'static str, account: &str, page: &Page) -> String {
    let asked = Update::of(object, account, "", &Happening::Text(String::new()), 0);
    let note = match state.why_silent(&asked) {
        Some(why) => format!("<p>Messages are not delivered: {}.</p>", consent::escape(&why)),
        None => String::new(),
    };
    let buttons: String = BUTTONS.iter().map(|(id, label, _)| button(&format!("{id}-{account}"), id, label)).collect();
    let content = format!(
        "{note}<p><a id=\"messenger-{account}\" href=\"{MESSENGER}/{account}\">Write to it as in Messenger</a></p>\
         <form method=\"post\" action=\"{PATH}\">{}<label>Text \
         <input name=\"text\" id=\"text-of-{account}\" value=\"Do you have a blue mug?\"></label>{buttons}</form>",
        consent::hidden("account", account),
    );
    consent::group(&name(object, page), &content)
}

/// What a person calls an account.
pub(in crate::facebook) fn name(object: &str, page: &Page) -> String {
    match &page.instagram {
        Some((_, username)) if object == "instagram" => format!("{username}, the Instagram account of {}", page.name),
        _ => page.name.clone(),
    }
}

fn button(id: &str, decision: &str, label: &str) -> String {
    format!("<button type=\"submit\" id=\"{id}\" name=\"decision\" value=\"{decision}\">{}</button>", consent::escape(label))
}

fn list_item(told: &Told) -> String {
    let answers = if told.answers.is_empty() { "on its way".to_owned() } else { told.answers.join(", then ") };
    let sent = match &*told.sent {
        "" => String::new(),
        sent => format!("<details><summary>What was sent</summary><code>{}</code></details>", consent::escape(sent)),
    };
    let [what, answers, body] = [&told.what, &answers, &told.body].map(|text| consent::escape(text));
    format!("<li>{what}: <strong>{answers}</strong> <code>{body}</code>{sent}</li>")
}

fn happening(decision: &str, text: &str, last_mid: String) -> Option<Happening> {
    let text = text.to_owned();
    Some(match decision {
        "text" => Happening::Text(text),
        "postback" => Happening::Postback { title: text, payload: "LOCAL_BUTTON".to_owned() },
        "quick_reply" => Happening::QuickReply { text, payload: "LOCAL_ANSWER".to_owned() },
        "reaction" => {
            Happening::Reaction { mid: last_mid, name: "love".to_owned(), emoji: "\u{2764}\u{fe0f}".to_owned(), is_taken_back: false }
        }
        "link" => Happening::Link { reference: text },
        "ad" => Happening::Ad { reference: text, ad_id: "120200000000000001".to_owned() },
        "picture" => Happening::Picture("https://cdn.example/v/mug.jpg?oh=1&oe=2".to_owned()),
        "echo" => Happening::Echo { text, app_id: None },
        "standby" => Happening::Standby(Box::new(Happening::Text(text))),
        _ => return None,
    })
}
