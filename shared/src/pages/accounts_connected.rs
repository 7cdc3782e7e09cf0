//! The page after connecting accounts, with the outcome for each.

use askama::Template;

use super::connections::{Pill, pill_of_messages};
use super::frame::{Frame, LIST, Step, rendered};
use super::name::{ambiguous, or_else, told_apart};
use super::{Page, companion::CompanionLine, link::Link};
use crate::facts::{AccountState, Brand, LeftOut, Messages, NextStep};
use crate::platform::words::ConnectedWords;
use crate::platform::{AccountKind, Companion};
use crate::texts::{AccountsConnectedWords, Language, Words};

/// The end of a flow that links accounts.
#[derive(Clone, Debug)]
pub struct AccountsConnected {
    /// The store's domain, checked.
    pub shop: String,
    /// The kind of accounts.
    pub kind: &'static AccountKind,
    /// Those that are connected.
    pub connected: Vec<ConnectedAccount>,
    /// Those that are not.
    pub left_out: Vec<LeftOutAccount>,
    /// Whether the platform's list of them was cut off.
    pub truncated: bool,
    /// The kinds that can be connected next, in the same session.
    pub open: Vec<&'static AccountKind>,
    /// Back to where the merchant came from.
    pub back: NextStep,
}

/// A connected account.
#[derive(Clone, Debug)]
pub struct ConnectedAccount {
    /// Its id.
    pub id: String,
    /// Its name, from outside.
    pub name: String,
    /// How people know it, other than by its name; from outside.
    pub display: Option<String>,
    /// Its companion.
    pub companion: Option<Companion>,
    /// Whether it came from another store.
    pub moved: bool,
    /// Whether it keeps its earlier access, which allows more.
    pub kept: bool,
    /// Whether its messages arrive.
    pub messages: Messages,
}

/// An account that was not connected.
#[derive(Clone, Debug)]
pub struct LeftOutAccount {
    /// Its id.
    pub id: String,
    /// Its name, from outside, if known.
    pub name: Option<String>,
    /// Why.
    pub reason: LeftOut,
    /// The link to connect it anyway, if it has one.
    pub way: Option<NextStep>,
}

struct Entry<'a> {
    name: String,
    /// What identifies it if the name alone does not.
    id: Option<String>,
    companion: Option<CompanionLine>,
    pill: Option<Pill>,
    lines: Vec<&'static str>,
    /// Permissions, with what they allow.
    permissions: Vec<(&'a str, Option<&'static str>)>,
    way: Option<Link>,
}

#[derive(Template)]
#[template(path = "accounts_connected.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static AccountsConnectedWords,
    own: &'static ConnectedWords,
    page: &'a AccountsConnected,
    lead: &'static str,
    connected: Vec<Entry<'a>>,
    left_out: Vec<Entry<'a>>,
    /// Whether nothing is left to do.
    is_done: bool,
    open: Vec<Link>,
    back: Link,
    manage: Link,
}

impl AccountsConnected {
    /// What can be said about all of them: no more than was checked.
    fn lead(&self, words: &Words) -> &'static str {
        let any = |wanted: fn(Messages) -> bool| self.connected.iter().any(|account| wanted(account.messages));
        if any(|messages| !messages.are_ready()) {
            words.accounts_connected.some_unready
        } else if any(|messages| messages == Messages::Shared) {
            words.accounts_connected.some_shared
        } else {
            (words.of(self.kind).connected.all_ready)(self.connected.len())
        }
    }

    fn entry<'a>(&self, words: &'static Words, account: &'a ConnectedAccount) -> Entry<'a> {
        let own = &words.of(self.kind).connected;
        let about = words.about_account(self.kind, AccountState::Active(account.messages));
        let lines = [account.moved.then_some(own.moved), account.kept.then_some(own.kept), about];
        let routing = (account.messages == Messages::Shared).then(|| NextStep::conversation_routing(self.kind)).flatten();
        Entry {
            name: or_else(Some(&account.name), &account.id),
            id: told_apart(account.display.as_deref(), &account.name),
            companion: account.companion.as_ref().map(CompanionLine::new),
            pill: Some(pill_of_messages(words, account.messages)),
            lines: lines.into_iter().flatten().collect(),
            permissions: Vec::new(),
            way: routing.map(|next| Link::new(words, next)),
        }
    }

    fn left_out<'a>(&self, words: &'static Words, account: &'a LeftOutAccount) -> Entry<'a> {
        let permission = words.of_platform(self.kind.platform).permission;
        let permissions = match &account.reason {
            LeftOut::MissingPermissions(names) => names.iter().map(|name| (name.as_str(), permission(name))).collect(),
            _ => Vec::new(),
        };
        Entry {
            name: or_else(account.name.as_deref(), &account.id),
            id: None,
            companion: None,
            pill: None,
            lines: vec![words.left_out(self.kind, &account.reason)],
            permissions,
            way: account.way.clone().map(|next| Link::new(words, next)),
        }
    }
}

impl Page for AccountsConnected {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let own = &words.of(self.kind).connected;
        let mut connected: Vec<Entry<'_>> = self.connected.iter().map(|account| self.entry(words, account)).collect();
        let mut left_out: Vec<Entry<'_>> = self.left_out.iter().map(|account| self.left_out(words, account)).collect();
        let shared = ambiguous(connected.iter().chain(&left_out).map(|entry| entry.name.as_str()));
        let ids = self.connected.iter().map(|account| &account.id).chain(self.left_out.iter().map(|account| &account.id));
        for (entry, id) in connected.iter_mut().chain(&mut left_out).zip(ids) {
            if entry.id.is_none() && shared.contains(&entry.name) {
                entry.id = Some((words.id)(id));
            }
        }
        connected.sort_by_key(|account| account.pill.as_ref().is_some_and(|pill| pill.tone == "good"));
        let held = self.left_out.iter().any(|account| account.reason == LeftOut::HeldElsewhere);
        let frame = Frame::new(words, brand, (own.title)(self.connected.len())).at(Step::Done, self.kind);
        rendered(&View {
            // Accounts held elsewhere, or not yet connected, keep the session alive.
            frame: if held || !self.open.is_empty() { frame.translated_at(LIST) } else { frame },
            words: &words.accounts_connected,
            own,
            page: self,
            lead: self.lead(words),
            connected,
            left_out,
            is_done: !held,
            open: self.open.iter().map(|kind| Link::new(words, NextStep::connect(kind, &self.shop))).collect(),
            back: Link::of_brand(words, brand, self.back.clone()),
            manage: Link::new(words, NextStep::store_manage(&self.shop)),
        })
    }
}
