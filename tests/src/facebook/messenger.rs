//! The local Messenger: a person is a customer of a Page, or of its Instagram account. What they do
//! is delivered to the app, and what the Send API brings is shown.

mod page;

pub(super) use page::STYLE;

use super::graph::{Facebook, State};
use super::send::{Action, ButtonKind, Message};
use super::webhook::{Happening, name};
use crate::provider::{RecordedRequest, Reply, first, lock};

/// The path of the list; the conversation with an account is below it.
pub(super) const PATH: &str = "/messenger";
/// So long "is typing" is shown (Messenger Platform, sender actions).
const TYPING_MILLIS: i64 = 20_000;
/// So long a page waits for an answer.
const PATIENCE_MILLIS: i64 = 30_000;

/// What was said between a customer and an account.
#[derive(Default)]
pub(super) struct Thread {
    said: Vec<Said>,
    /// When the customer last did what an account may answer, in milliseconds.
    pub(super) heard_at: Option<i64>,
    typing_since: Option<i64>,
    is_seen: bool,
    /// Whether the customer wants nothing from the account.
    pub(super) is_blocked: bool,
}

struct Said {
    what: What,
    at: i64,
}

/// A part of a conversation.
pub(super) enum What {
    /// Words of the customer.
    Customer(String),
    /// A picture of theirs, by its address.
    Picture(String),
    /// Something else that they did.
    Done(String),
    /// Words in the account's name that the app did not send.
    Colleague(String),
    /// What the app sent.
    App(Message),
}

impl What {
    fn is_customers(&self) -> bool {
        matches!(self, Self::Customer(_) | Self::Picture(_) | Self::Done(_))
    }

    /// What a happening is in a conversation, if anything.
    fn of(happening: &Happening) -> Option<Self> {
        Some(match happening {
            Happening::Text(text) | Happening::QuickReply { text, .. } => Self::Customer(text.clone()),
            Happening::Postback { title, .. } => Self::Customer(title.clone()),
            Happening::Picture(url) => Self::Picture(url.clone()),
            Happening::Reaction { is_taken_back: true, .. } => Self::Done("took a reaction back".to_owned()),
            Happening::Reaction { emoji, .. } => Self::Done(format!("reacted with {emoji}")),
            Happening::Link { .. } => Self::Done("came by a link".to_owned()),
            Happening::Ad { .. } => Self::Done("came by an ad".to_owned()),
            Happening::Echo { text, .. } => Self::Colleague(text.clone()),
            Happening::Standby(happening) => return Self::of(happening),
            Happening::Read | Happening::Delivered { .. } | Happening::Other(..) => return None,
        })
    }
}

impl Thread {
    /// Adds what was said at that time.
    pub(super) fn says(&mut self, what: What, at: i64) {
        if what.is_customers() {
            self.heard_at = Some(at);
            self.is_seen = false;
        } else {
            self.typing_since = None;
        }
        self.said.push(Said { what, at });
    }

    /// A sign of life from the account.
    pub(super) fn shows(&mut self, action: Action, now: i64) {
        match action {
            Action::Typing => self.typing_since = Some(now),
            Action::NotTyping => self.typing_since = None,
            Action::Seen => self.is_seen = true,
        }
    }

    fn is_typing(&self, now: i64) -> bool {
        self.typing_since.is_some_and(|since| now - since < TYPING_MILLIS)
    }

    /// Whether an answer may come any moment.
    fn is_awaited(&self, now: i64) -> bool {
        let is_asked = |said: &Said| said.what.is_customers() && now - said.at < PATIENCE_MILLIS;
        self.is_typing(now) || self.said.last().is_some_and(is_asked)
    }

    /// The message at a place, if it is the app's.
    fn message(&self, place: usize) -> Option<&Message> {
        match &self.said.get(place)?.what {
            What::App(message) => Some(message),
            _ => None,
        }
    }

    /// What a press on a button brings: the places of message, card and button.
    fn pressed(&self, place: &str) -> Option<Happening> {
        let mut numbers = place.split('-').map(|number| number.parse::<usize>().ok());
        let mut next = || numbers.next().flatten();
        let (message, card, button) = (next()?, next()?, next()?);
        let button = self.message(message)?.cards().get(card)?.buttons.get(button)?;
        let payload = button.payload.clone().filter(|_| button.kind == ButtonKind::Postback)?;
        Some(Happening::Postback { title: button.title.clone(), payload })
    }

    /// What an answer that is still offered brings: only the last message offers any.
    fn answered(&self, number: &str) -> Option<Happening> {
        let last = self.message(self.said.len().checked_sub(1)?)?;
        let answer = last.quick_replies.get(number.parse::<usize>().ok()?)?;
        Some(Happening::QuickReply { text: answer.title.clone(), payload: answer.payload.clone() })
    }
}

impl State {
    /// The conversation of a customer with an account.
    pub(super) fn thread(&mut self, account: &str, customer: &str) -> &mut Thread {
        self.threads.entry((account.to_owned(), customer.to_owned())).or_default()
    }

    /// Whether a customer ever did anything that an account may answer.
    pub(super) fn has_heard(&self, account: &str, customer: &str) -> bool {
        self.threads.get(&(account.to_owned(), customer.to_owned())).is_some_and(|thread| thread.heard_at.is_some())
    }

    /// Notes in a conversation what happens there.
    pub(super) fn note(&mut self, account: &str, customer: &str, happening: &Happening, at: i64) {
        if let Some(what) = What::of(happening) {
            self.thread(account, customer).says(what, at);
        }
    }
}

impl Facebook {
    /// `GET /messenger`: whom one can write to.
    pub(super) fn messenger(&self) -> Reply {
        Reply::html(200, page::accounts(&lock(&self.state)))
    }

    /// `GET /messenger/{account}`: the conversation, which shows what comes without a reload.
    pub(super) fn conversation(&self, account: &str) -> Reply {
        let now = self.provider.now_millis();
        let mut state = lock(&self.state);
        if state.account(account).is_none() {
            return Reply::html(404, page::nobody());
        }
        let customer = state.customer_of(account);
        let html = page::conversation(&state, account, &customer, now).unwrap_or_else(page::nobody);
        let is_on_its_way = lock(&state.told).iter().any(|told| !told.is_over);
        let reply = Reply::html(200, html);
        if is_on_its_way || state.thread(account, &customer).is_awaited(now) { reply.with_header("refresh", "1") } else { reply }
    }

    /// `POST /messenger/{account}`: what the customer writes or presses.
    pub(super) fn writes(&self, account: &str, request: &RecordedRequest) -> Reply {
        let form = request.form();
        let field = |name: &str| first(&form, name);
        let mut state = lock(&self.state);
        if state.account(account).is_none() {
            return Reply::html(404, page::nobody());
        }
        let customer = state.customer_of(account);
        let thread = state.thread(account, &customer);
        let happening = match (field("press"), field("answer"), field("text")) {
            (Some(place), ..) => thread.pressed(place),
            (_, Some(number), _) => thread.answered(number),
            (.., Some(text)) => Some(text.trim()).filter(|text| !text.is_empty()).map(|text| Happening::Text(text.to_owned())),
            _ => None,
        };
        match field("decision") {
            Some("block") => thread.is_blocked = true,
            Some("unblock") => thread.is_blocked = false,
            _ => {}
        }
        if let Some(happening) = happening.filter(|_| !thread.is_blocked) {
            let what = state.account(account).map(|(object, page)| format!("A customer writes in Messenger ({})", name(object, page)));
            self.tell(&mut state, account, what.unwrap_or_default(), happening);
        }
        Reply::redirect(303, format!("{PATH}/{account}"))
    }
}
