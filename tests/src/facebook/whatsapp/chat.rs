//! Conversations between customers and numbers.

use serde_json::Value;

use super::LocalFacebook;
use super::message::Message;
use super::webhook::Said;
use crate::facebook::graph::State;
use crate::provider::lock;
use crate::random;

/// How long a typing indicator is shown.
const TYPING_SECONDS: i64 = 25;
/// How long an answer is waited for.
const PATIENCE_SECONDS: i64 = 20;

/// A customer of WhatsApp's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The phone number, digits alone. Who has a username need not show it.
    pub wa_id: Option<String>,
    /// The id that they have for one business, such as `DE.1234`.
    pub user_id: String,
    /// The name they gave themselves.
    pub name: String,
}

/// A conversation.
#[derive(Default)]
pub(super) struct Chat {
    pub(super) said: Vec<Line>,
    /// When the customer wrote last, in seconds.
    pub(super) heard_at: Option<i64>,
    pub(super) is_seen: bool,
    typing_since: Option<i64>,
    pub(super) is_blocked: bool,
}

/// Something that was said.
pub(super) struct Line {
    pub(super) id: String,
    pub(super) what: What,
    at: i64,
}

/// By whom, and what.
pub(super) enum What {
    Customer(String),
    App(Message),
}

/// A message that the app sent to a customer.
#[derive(Clone, Debug, PartialEq)]
pub struct SentByNumber {
    /// The number in whose name.
    pub number: String,
    /// The customer, by their id for the business.
    pub user_id: String,
    /// The message's id.
    pub message_id: String,
    /// What it says, of a choice its text.
    pub text: String,
    /// All of it, as it was sent.
    pub body: Value,
}

impl LocalFacebook {
    /// A customer whose number everybody sees.
    #[must_use]
    pub fn add_contact(&self) -> Contact {
        lock(&self.facebook.state).new_contact(true)
    }

    /// A customer with a username, whose number nobody sees.
    #[must_use]
    pub fn add_hidden_contact(&self) -> Contact {
        lock(&self.facebook.state).new_contact(false)
    }

    /// The customer who writes from the pages.
    #[must_use]
    pub fn own_contact(&self) -> Contact {
        lock(&self.facebook.state).own_contact()
    }

    /// A customer who has just written to a number, which may answer.
    ///
    /// # Panics
    /// When there is no such number.
    #[must_use]
    pub fn add_contact_who_wrote(&self, number: &str) -> Contact {
        let contact = self.add_contact();
        let _told = self.number_update(number, &contact, &Said::Text("Hello".to_owned()));
        contact
    }

    /// Lets a customer block a number, which can't write to them any more.
    pub fn block_number(&self, number: &str, contact: &Contact) {
        lock(&self.facebook.state).chat(number, contact).is_blocked = true;
    }

    /// The messages that numbers have sent to customers.
    #[must_use]
    pub fn sent_by_numbers(&self) -> Vec<SentByNumber> {
        lock(&self.facebook.state).whatsapp.sent.clone()
    }
}

impl State {
    /// A new customer, whose number is shown or not.
    pub(super) fn new_contact(&mut self, is_shown: bool) -> Contact {
        let number = u64::from_be_bytes(random::bytes());
        let contact = Contact {
            wa_id: is_shown.then(|| format!("49151{:08}", number % 100_000_000)),
            user_id: format!("DE.{}", self.next_id(3_100_000_000_000_000)),
            name: "Sam Poe".to_owned(),
        };
        self.whatsapp.contacts.push(contact.clone());
        contact
    }

    /// The customer who writes from the pages, always the same one.
    pub(super) fn own_contact(&mut self) -> Contact {
        match self.whatsapp.own_contact.clone() {
            Some(contact) => contact,
            None => {
                let contact = self.new_contact(true);
                self.whatsapp.own_contact = Some(contact.clone());
                contact
            }
        }
    }

    pub(super) fn chat(&mut self, number: &str, contact: &Contact) -> &mut Chat {
        self.whatsapp.chats.entry((number.to_owned(), contact.user_id.clone())).or_default()
    }

    /// Notes what happens in a conversation.
    pub(super) fn note_said(&mut self, number: &str, contact: &Contact, said: &Said, id: &str, now: i64) {
        if let Some(words) = said.words() {
            self.chat(number, contact).says(Line { id: id.to_owned(), what: What::Customer(words), at: now });
        }
    }
}

impl Line {
    pub(super) fn of_app(id: &str, message: Message, at: i64) -> Self {
        Self { id: id.to_owned(), what: What::App(message), at }
    }

    fn is_customers(&self) -> bool {
        matches!(self.what, What::Customer(_))
    }
}

impl Chat {
    pub(super) fn says(&mut self, line: Line) {
        if line.is_customers() {
            self.heard_at = Some(line.at);
            self.is_seen = false;
        }
        self.typing_since = None;
        self.said.push(line);
    }

    /// The number has read this message, if it is the customer's; perhaps it is typing.
    pub(super) fn shows(&mut self, id: &str, is_typing: bool, now: i64) -> bool {
        let is_known = self.said.iter().any(|line| line.is_customers() && line.id == id);
        if is_known {
            self.is_seen = true;
            self.typing_since = is_typing.then_some(now);
        }
        is_known
    }

    pub(super) fn is_typing(&self, now: i64) -> bool {
        self.typing_since.is_some_and(|since| now - since < TYPING_SECONDS)
    }

    /// Whether the customer's word is the last one.
    pub(super) fn is_last_customers(&self) -> bool {
        self.said.last().is_some_and(Line::is_customers)
    }

    /// Whether an answer may come any moment.
    pub(super) fn is_awaited(&self, now: i64) -> bool {
        let is_asked = |line: &Line| line.is_customers() && now - line.at < PATIENCE_SECONDS;
        self.is_typing(now) || self.said.last().is_some_and(is_asked)
    }

    /// What a press on a choice brings: the places of message and choice.
    pub(super) fn pressed(&self, place: &str) -> Option<Said> {
        let (line, choice) = place.split_once('-')?;
        match &self.said.get(line.parse::<usize>().ok()?)?.what {
            What::App(message) => message.choices().get(choice.parse::<usize>().ok()?).map(|choice| choice.said()),
            What::Customer(_) => None,
        }
    }
}
