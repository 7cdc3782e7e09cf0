//! What is connected, with its state and what can be done about it.

mod entry;

pub use entry::{AccountEntry, StoreEntry, Times};
pub(super) use entry::{Pill, pill_of_messages};

use askama::Template;

use super::frame::{Frame, LIST, rendered};
use super::{Page, link::Link, name::ambiguous};
use crate::facts::{Brand, NextStep, Notice, Registered, StoreState, Way};
use crate::platform::{AccountKind, words::ListedWords};
use crate::texts::{ConnectionsWords, Language, NoticeWords, Words};

use entry::{Entry, Rank};

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
