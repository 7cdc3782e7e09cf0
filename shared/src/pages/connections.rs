//! What is connected, with its state and what can be done about it.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Frame, LIST, rendered};
use super::{Page, companion::CompanionLine, link::Link, name::or_else};
use crate::facts::{AccountState, Messages, NextStep, Notice, StoreState, Unready, Way};
use crate::platform::{AccountId, AccountKind};
use crate::platform::{Companion, words::ListedWords};
use crate::texts::{ConnectionsWords, Language, NoticeWords, Words};

/// The list of connections.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The store.
    pub store: StoreEntry,
    /// The kinds of accounts that are listed, also where there are none of them.
    pub kinds: Vec<&'static AccountKind>,
    /// Its accounts.
    pub accounts: Vec<AccountEntry>,
    /// What a form has to bring along. Without it there are no forms: the page is the end of a
    /// sign-in, and leads to the list itself.
    pub csrf_token: Option<String>,
    /// What the last disconnect did.
    pub notice: Option<Notice>,
}

/// The store.
#[derive(Clone, Debug)]
pub struct StoreEntry {
    /// Its domain, which is checked.
    pub domain: String,
    /// Its name, from outside.
    pub name: Option<String>,
    /// How it is.
    pub state: StoreState,
}

/// An account.
#[derive(Clone, Debug)]
pub struct AccountEntry {
    /// Its id.
    pub id: AccountId,
    /// Its name, from outside.
    pub name: String,
    /// What hangs on it.
    pub companion: Option<Companion>,
    /// How it is.
    pub state: AccountState,
}

/// A state in a word, with its colour and sign.
pub(super) struct Pill {
    pub(super) tone: &'static str,
    pub(super) text: &'static str,
}

struct Entry<'a> {
    name: String,
    id: &'a str,
    companion: Option<CompanionLine>,
    pill: Pill,
    about: Option<Cow<'static, str>>,
    way: Option<Link>,
    /// What disconnecting it is called, what that does, and what does it.
    leave: Option<[Cow<'static, str>; 3]>,
    attention: bool,
}

/// The accounts of one kind.
struct List<'a> {
    platform: &'static str,
    words: &'static ListedWords,
    accounts: Vec<Entry<'a>>,
    connect: Option<Link>,
}

#[derive(Template)]
#[template(path = "connections.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static ConnectionsWords,
    store: Entry<'a>,
    lists: Vec<List<'a>>,
    csrf_token: Option<&'a str>,
    notice: Option<NoticeWords>,
    manage: Link,
}

impl Page for Connections {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        let own = &words.connections;
        rendered(&View {
            frame: Frame::new(words, own.title).translated_at(LIST),
            words: own,
            store: self.store.entry(words, &self.kinds),
            lists: self.kinds.iter().copied().map(|kind| self.list(words, kind)).collect(),
            csrf_token: self.csrf_token.as_deref(),
            notice: self.notice.map(|notice| words.notice(notice, &self.kinds)),
            manage: Link::new(words, NextStep { way: Way::Manage, ..NextStep::connections() }),
        })
    }

    fn has_form(&self) -> bool {
        self.csrf_token.is_some()
    }
}

impl Connections {
    fn list(&self, words: &'static Words, kind: &'static AccountKind) -> List<'_> {
        let own = &words.of(kind).listed;
        let accounts = self.accounts.iter().filter(|account| account.id.kind() == kind);
        let mut accounts: Vec<Entry<'_>> = accounts.map(|account| account.entry(words, &self.store)).collect();
        accounts.sort_by_key(|account| !account.attention);
        // Accounts are connected from a session, and for a store that works.
        let connect = (self.store.state == StoreState::Active).then(|| {
            let link = Link::new(words, NextStep::connect(kind, &self.store.domain));
            if accounts.is_empty() { link } else { link.called(own.more) }
        });
        List { platform: kind.platform.name, words: own, accounts, connect }
    }
}

impl StoreEntry {
    fn entry(&self, words: &'static Words, kinds: &[&AccountKind]) -> Entry<'_> {
        let own = &words.connections;
        let works = self.state == StoreState::Active;
        let accounts = words.plural(kinds);
        Entry {
            name: or_else(self.name.as_deref(), &self.domain),
            id: &self.domain,
            companion: None,
            pill: Pill {
                tone: match self.state {
                    StoreState::Active => "good",
                    StoreState::ReconnectNeeded => "warn",
                    StoreState::Disconnected => "off",
                },
                text: (own.store_state)(self.state),
            },
            about: match self.state {
                StoreState::Active => None,
                StoreState::ReconnectNeeded => Some(own.store_reconnect.into()),
                StoreState::Disconnected => Some((own.store_disconnected)(&accounts).into()),
            },
            way: (!works).then(|| Link::new(words, NextStep { way: Way::ReconnectStore, ..NextStep::store_login(&self.domain) })),
            leave: (self.state != StoreState::Disconnected)
                .then(|| [own.disconnect.into(), (own.disconnect_store)(&accounts).into(), own.confirm_store.into()]),
            attention: !works,
        }
    }
}

impl AccountEntry {
    fn entry(&self, words: &'static Words, store: &StoreEntry) -> Entry<'_> {
        let (own, kind) = (&words.connections, self.id.kind());
        let listed = &words.of(kind).listed;
        let pill = match self.state {
            AccountState::Active(messages) => pill_of_messages(words, messages),
            state => Pill { tone: if state == AccountState::ReconnectNeeded { "warn" } else { "off" }, text: (own.account_state)(state) },
        };
        let next = match self.state {
            AccountState::Active(Messages::NotReady(Unready::MissingPermission)) => Some(NextStep::ask_again(kind, &store.domain)),
            AccountState::ReconnectNeeded | AccountState::Active(Messages::NotReady(Unready::TokenRefused)) => {
                Some(NextStep::reconnect(kind, &store.domain))
            }
            AccountState::Active(Messages::Shared) => NextStep::conversation_routing(kind),
            _ => None,
        };
        let leave = match self.state {
            AccountState::Moved => [own.forget, listed.forget, own.confirm_forget],
            _ => [own.disconnect, listed.disconnect, listed.confirm],
        };
        Entry {
            name: or_else(Some(&self.name), self.id.as_str()),
            id: self.id.as_str(),
            companion: self.companion.as_ref().map(CompanionLine::new),
            attention: pill.tone == "warn",
            pill,
            about: words.about_account(kind, self.state).map(Cow::Borrowed),
            way: next.filter(|_| store.state == StoreState::Active).map(|next| Link::new(words, next)),
            leave: Some(leave.map(Cow::Borrowed)),
        }
    }
}

pub(super) fn pill_of_messages(words: &'static Words, messages: Messages) -> Pill {
    let tone = match messages {
        Messages::Ready => "good",
        Messages::Shared => "wait",
        Messages::NotReady(unready) if unready.is_passing() => "wait",
        Messages::NotReady(_) => "warn",
    };
    Pill { tone, text: (words.connections.account_state)(AccountState::Active(messages)) }
}
