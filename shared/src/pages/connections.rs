//! What is connected, with its state and what can be done about it.

use std::borrow::Cow;

use askama::Template;

use super::frame::{Frame, LIST, rendered};
use super::name::{ambiguous, or_else, told_apart};
use super::{Page, companion::CompanionLine, link::Link};
use crate::UnixSeconds;
use crate::clock::rfc3339;
use crate::facts::{AccountState, Brand, Messages, NextStep, Notice, Registered, StoreState, Unready, Way};
use crate::platform::{AccountId, AccountKind};
use crate::platform::{Companion, words::ListedWords, words::RegisteringWords};
use crate::texts::{ConnectionsWords, Language, NoticeWords, Words};

/// What forms call the platform of stores.
const STORE: &str = "shopify";

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
    /// What the last form did.
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
    /// When it was linked and last found working, as far as that is known.
    pub times: Times,
}

/// An account.
#[derive(Clone, Debug)]
pub struct AccountEntry {
    /// Its id.
    pub id: AccountId,
    /// Its name, from outside.
    pub name: String,
    /// How people know it besides by its name, from outside.
    pub display: Option<String>,
    /// What comes with it.
    pub companion: Option<Companion>,
    /// How it is.
    pub state: AccountState,
    /// When it was linked and last found working, as far as that is known.
    pub times: Times,
}

/// When something was linked and last found working, as far as that is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Times {
    /// When it was linked.
    pub linked_at: Option<UnixSeconds>,
    /// When it was last found working.
    pub checked_at: Option<UnixSeconds>,
}

/// A state in a word, with its colour and sign.
pub(super) struct Pill {
    pub(super) tone: &'static str,
    pub(super) text: &'static str,
}

struct Entry<'a> {
    /// What kind of thing it is, where that is not said above.
    label: &'static str,
    platform: &'static str,
    name: String,
    id: &'a str,
    /// What says which one it is, where the name alone does not.
    which: Option<String>,
    companion: Option<CompanionLine>,
    pill: Pill,
    about: Option<Cow<'static, str>>,
    way: Option<Link>,
    /// Moments: what happened, in RFC 3339, in words.
    times: Vec<(&'static str, String, String)>,
    /// Where everybody sees it, and writes to it.
    public: Vec<Link>,
    /// What disconnecting it is called, what that does, and what does it.
    leave: Option<[Cow<'static, str>; 3]>,
    /// What asks for the PIN that is needed to register it.
    registering: Option<&'static RegisteringWords>,
    rank: Rank,
}

/// In which order entries are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// It needs the merchant, and stands before all others.
    Needing,
    /// It does not work, and nothing is the merchant's to do.
    Waiting,
    Working,
    /// It is not connected here any more.
    Note,
}

/// The accounts of one kind.
struct List<'a> {
    words: &'static ListedWords,
    /// Those that don't need the merchant.
    accounts: Vec<Entry<'a>>,
    /// There are none, nor any that do.
    is_empty: bool,
    connect: Option<Link>,
}

#[derive(Template)]
#[template(path = "connections.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static ConnectionsWords,
    /// How many of them need the merchant, and these.
    needed: Option<String>,
    needing: Vec<Entry<'a>>,
    /// Unless it is one of them.
    store: Option<Entry<'a>>,
    lists: Vec<List<'a>>,
    csrf_token: Option<&'a str>,
    notice: Option<NoticeWords>,
    /// The last form did nothing.
    is_refusal: bool,
    manage: Link,
}

impl Page for Connections {
    fn html(&self, language: Language, brand: &Brand) -> String {
        let words = language.words();
        let own = &words.connections;
        let (mut store, mut lists) = (Some(self.store.entry(words, &self.kinds)), Vec::new());
        let mut needing: Vec<Entry<'_>> = store.take_if(|store| store.rank == Rank::Needing).into_iter().collect();
        // The store itself, and what is connected to it.
        let mut connections = 1;
        for kind in &self.kinds {
            let mut list = self.list(words, kind);
            connections += list.accounts.iter().filter(|account| account.rank != Rank::Note).count();
            let working = list.accounts.partition_point(|account| account.rank == Rank::Needing);
            needing.extend(list.accounts.drain(..working));
            lists.push(list);
        }
        rendered(&View {
            frame: Frame::new(words, brand, own.title).translated_at(LIST),
            words: own,
            needed: (!needing.is_empty()).then(|| (own.needed)(needing.len(), connections)),
            needing,
            store,
            lists,
            csrf_token: self.csrf_token.as_deref(),
            is_refusal: matches!(self.notice, Some(Notice::Registered { registered: Registered::Refused | Registered::Later, .. })),
            notice: self.notice.map(|notice| words.notice(notice, &self.kinds)),
            manage: Link::new(words, NextStep { way: Way::Manage, ..NextStep::connections() }),
        })
    }

    fn has_form(&self) -> bool {
        self.csrf_token.is_some()
    }
}

impl Connections {
    /// Those that need the merchant come first.
    fn list(&self, words: &'static Words, kind: &'static AccountKind) -> List<'_> {
        let own = &words.of(kind).listed;
        let accounts = self.accounts.iter().filter(|account| account.id.kind() == kind);
        let mut accounts: Vec<Entry<'_>> = accounts.map(|account| account.entry(words, &self.store)).collect();
        let shared = ambiguous(accounts.iter().map(|account| account.name.as_str()));
        for account in &mut accounts {
            if account.which.is_none() && shared.contains(&account.name) {
                account.which = Some((words.id)(account.id));
            }
        }
        accounts.sort_by_key(|account| account.rank);
        // Accounts are connected from a session, and for a store that works.
        let connect = (self.store.state == StoreState::Active).then(|| {
            let link = Link::new(words, NextStep::connect(kind, &self.store.domain));
            if accounts.is_empty() { link } else { link.called(own.more) }
        });
        List { words: own, is_empty: accounts.is_empty(), accounts, connect }
    }
}

impl Times {
    fn told(self, words: &'static Words) -> Vec<(&'static str, String, String)> {
        let own = &words.connections;
        let linked = self.linked_at.filter(|at| *at > 0).map(rfc3339).map(|at| (own.linked, words.day(&at), at));
        let checked = self.checked_at.filter(|at| *at > 0).map(rfc3339).map(|at| (own.checked, words.moment(&at), at));
        linked.into_iter().chain(checked).map(|(what, told, at)| (what, at, told)).collect()
    }
}

impl StoreEntry {
    fn entry(&self, words: &'static Words, kinds: &[&AccountKind]) -> Entry<'_> {
        let own = &words.connections;
        let works = self.state == StoreState::Active;
        let accounts = words.plural(kinds);
        let name = or_else(self.name.as_deref(), &self.domain);
        Entry {
            label: own.store,
            platform: STORE,
            which: (name != self.domain).then(|| self.domain.clone()),
            name,
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
            times: if works { self.times.told(words) } else { Vec::new() },
            public: Vec::new(),
            leave: (self.state != StoreState::Disconnected)
                .then(|| [own.disconnect.into(), (own.disconnect_store)(&accounts).into(), own.confirm_store.into()]),
            registering: None,
            rank: if works { Rank::Working } else { Rank::Needing },
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
        let leave = match self.state {
            AccountState::Moved => [own.forget, listed.forget, own.confirm_forget],
            _ => [own.disconnect, listed.disconnect, listed.confirm],
        };
        let works = matches!(self.state, AccountState::Active(_));
        let needs_pin = self.state == AccountState::Active(Messages::NotReady(Unready::PinRequired));
        Entry {
            label: listed.title,
            platform: kind.platform.name,
            name: or_else(Some(&self.name), self.id.as_str()),
            id: self.id.as_str(),
            which: told_apart(self.display.as_deref(), &self.name),
            companion: self.companion.as_ref().map(CompanionLine::new),
            rank: self.rank(store),
            pill,
            about: words.about_account(kind, self.state).map(Cow::Borrowed),
            way: self.repair(store).map(|next| Link::new(words, next)),
            times: if works { self.times.told(words) } else { Vec::new() },
            public: self.public().into_iter().map(|next| Link::new(words, next)).collect(),
            leave: Some(leave.map(Cow::Borrowed)),
            registering: words.of(kind).registering.as_ref().filter(|_| needs_pin),
        }
    }

    /// What mends it, or makes it better: from a session, and for a store that works.
    fn repair(&self, store: &StoreEntry) -> Option<NextStep> {
        let kind = self.id.kind();
        let next = match self.state {
            AccountState::Active(Messages::NotReady(Unready::MissingPermission)) => Some(NextStep::ask_again(kind, &store.domain)),
            AccountState::Active(Messages::Shared) => NextStep::conversation_routing(kind),
            // A form asks for the one, and the other is for the platform to lift.
            AccountState::Active(Messages::NotReady(Unready::PinRequired | Unready::AccountRestricted)) => None,
            state => state.needs_merchant().then(|| NextStep::reconnect(kind, &store.domain)),
        };
        next.filter(|_| store.state == StoreState::Active)
    }

    /// Where everybody sees it, and, where messages arrive, writes to it.
    fn public(&self) -> Vec<NextStep> {
        let AccountState::Active(messages) = self.state else { return Vec::new() };
        let message = if messages.are_ready() { NextStep::test_message(&self.id, &self.name) } else { None };
        NextStep::own_page(&self.id, &self.name).into_iter().chain(message).collect()
    }

    /// Without its store nothing about it is to be done.
    fn rank(&self, store: &StoreEntry) -> Rank {
        match self.state {
            AccountState::Moved => Rank::Note,
            state if state.needs_merchant() && store.state == StoreState::Active => Rank::Needing,
            AccountState::Active(messages) if messages.are_ready() => Rank::Working,
            _ => Rank::Waiting,
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
