//! What is connected, with its state and what can be done about it.

use askama::Template;

use super::frame::{Frame, rendered};
use super::{Page, name::or_else};
use crate::facts::{Messages, NextStep, Notice, PageState, StoreState, Unready, Way};
use crate::texts::{ConnectionsWords, Language, NoticeWords, Words};

/// The list of connections.
#[derive(Clone, Debug)]
pub struct Connections {
    /// The store.
    pub store: StoreEntry,
    /// Its Pages.
    pub pages: Vec<PageEntry>,
    /// What a form has to bring along. Without it there are no forms: the page is the end of a sign-in, and leads to the list itself.
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

/// A Page.
#[derive(Clone, Debug)]
pub struct PageEntry {
    /// Its id.
    pub id: String,
    /// Its name, from outside.
    pub name: String,
    /// How it is.
    pub state: PageState,
}

/// A state in a word, with its colour and sign.
pub(super) struct Pill {
    pub(super) tone: &'static str,
    pub(super) text: &'static str,
}

struct Entry<'a> {
    name: String,
    id: &'a str,
    pill: Pill,
    about: Option<&'static str>,
    way: Option<(String, &'static str)>,
    /// What disconnecting it is called, what that does, and what does it.
    leave: Option<[&'static str; 3]>,
    attention: bool,
}

#[derive(Template)]
#[template(path = "connections.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static ConnectionsWords,
    store: Entry<'a>,
    pages: Vec<Entry<'a>>,
    csrf_token: Option<&'a str>,
    notice: Option<NoticeWords>,
    connect: Option<(String, &'static str)>,
    manage: (String, &'static str),
}

impl Page for Connections {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        let own = &words.connections;
        let link = |next: NextStep| (next.href, (words.way)(next.way));
        let mut pages: Vec<Entry<'_>> = self.pages.iter().map(|page| page.entry(words, &self.store)).collect();
        pages.sort_by_key(|page| !page.attention);
        // Pages are connected from a session, and for a store that works.
        let connect = (self.store.state == StoreState::Active).then(|| {
            let (href, label) = link(NextStep::facebook_login(&self.store.domain));
            (href, if self.pages.is_empty() { label } else { own.more_pages })
        });
        rendered(&View {
            frame: Frame::new(words, own.title),
            words: own,
            store: self.store.entry(words),
            pages,
            csrf_token: self.csrf_token.as_deref(),
            notice: self.notice.map(own.notice),
            connect,
            manage: link(NextStep { way: Way::Manage, ..NextStep::connections() }),
        })
    }

    fn has_form(&self) -> bool {
        self.csrf_token.is_some()
    }
}

impl StoreEntry {
    fn entry(&self, words: &'static Words) -> Entry<'_> {
        let own = &words.connections;
        let works = self.state == StoreState::Active;
        let next = NextStep { way: Way::ReconnectStore, ..NextStep::store_login(&self.domain) };
        Entry {
            name: or_else(self.name.as_deref(), &self.domain),
            id: &self.domain,
            pill: Pill {
                tone: match self.state {
                    StoreState::Active => "good",
                    StoreState::ReconnectNeeded => "warn",
                    StoreState::Disconnected => "off",
                },
                text: (own.store_state)(self.state),
            },
            about: (own.about_store)(self.state),
            way: (!works).then(|| (next.href, (words.way)(next.way))),
            leave: (self.state != StoreState::Disconnected).then_some([own.disconnect, own.disconnect_store, own.confirm_store]),
            attention: !works,
        }
    }
}

impl PageEntry {
    fn entry(&self, words: &'static Words, store: &StoreEntry) -> Entry<'_> {
        let own = &words.connections;
        let pill = match self.state {
            PageState::Active(messages) => pill_of_messages(words, messages),
            state => Pill { tone: if state == PageState::ReconnectNeeded { "warn" } else { "off" }, text: (own.page_state)(state) },
        };
        let next = match self.state {
            PageState::Active(Messages::NotReady(Unready::MissingPermission)) => Some(NextStep::facebook_rerequest(&store.domain)),
            PageState::ReconnectNeeded | PageState::Active(Messages::NotReady(Unready::TokenRefused)) => {
                Some(NextStep { way: Way::ReconnectPage, ..NextStep::facebook_login(&store.domain) })
            }
            PageState::Active(Messages::Shared) => Some(NextStep::conversation_routing()),
            _ => None,
        };
        Entry {
            name: or_else(Some(&self.name), &self.id),
            id: &self.id,
            attention: pill.tone == "warn",
            pill,
            about: (own.about_page)(self.state),
            way: next.filter(|_| store.state == StoreState::Active).map(|next| (next.href, (words.way)(next.way))),
            leave: Some(match self.state {
                PageState::Moved => [own.forget, own.forget_page, own.confirm_forget],
                _ => [own.disconnect, own.disconnect_page, own.confirm_page],
            }),
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
    Pill { tone, text: (words.connections.page_state)(PageState::Active(messages)) }
}
