//! A store or an account on the list: its state, and what can be done about it.

use std::borrow::Cow;

use crate::UnixSeconds;
use crate::clock::rfc3339;
use crate::facts::{AccountState, Messages, NextStep, StoreState, Unready, Way};
use crate::pages::name::{or_else, told_apart};
use crate::pages::{companion::CompanionLine, link::Link};
use crate::platform::{AccountId, AccountKind, Companion, words::RegisteringWords};
use crate::texts::Words;

/// What forms call the platform of stores.
const STORE: &str = "shopify";

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
pub(in crate::pages) struct Pill {
    pub(in crate::pages) tone: &'static str,
    pub(in crate::pages) text: &'static str,
}

/// One of them, as the page shows it.
pub(super) struct Entry<'a> {
    /// What kind of thing it is, where that is not said above.
    pub(super) label: &'static str,
    pub(super) platform: &'static str,
    pub(super) name: String,
    pub(super) id: &'a str,
    /// What says which one it is, where the name alone does not.
    pub(super) which: Option<String>,
    pub(super) companion: Option<CompanionLine>,
    pub(super) pill: Pill,
    pub(super) about: Option<Cow<'static, str>>,
    pub(super) way: Option<Link>,
    /// Moments: what happened, in RFC 3339, in words.
    pub(super) times: Vec<(&'static str, String, String)>,
    /// Where everybody sees it, and writes to it.
    pub(super) public: Vec<Link>,
    /// What disconnecting it is called, what that does, and what does it.
    pub(super) leave: Option<[Cow<'static, str>; 3]>,
    /// What asks for the PIN that is needed to register it.
    pub(super) registering: Option<&'static RegisteringWords>,
    pub(super) rank: Rank,
}

/// In which order entries are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// It needs the merchant, and stands before all others.
    Needing,
    /// It does not work, and nothing is the merchant's to do.
    Waiting,
    Working,
    /// It is not connected here any more.
    Note,
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
    pub(super) fn entry(&self, words: &'static Words, kinds: &[&AccountKind]) -> Entry<'_> {
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
    pub(super) fn entry(&self, words: &'static Words, store: &StoreEntry) -> Entry<'_> {
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

pub(in crate::pages) fn pill_of_messages(words: &'static Words, messages: Messages) -> Pill {
    let tone = match messages {
        Messages::Ready => "good",
        Messages::Shared => "wait",
        Messages::NotReady(unready) if unready.is_passing() => "wait",
        Messages::NotReady(_) => "warn",
    };
    Pill { tone, text: (words.connections.account_state)(AccountState::Active(messages)) }
}
