//! The Pages are connected: each with what became of it.

use askama::Template;

use super::connections::{Pill, pill_of_messages};
use super::frame::{Frame, Step, rendered};
use super::{Page, name::or_else};
use crate::facts::{LeftOut, Messages, NextStep, PageState};
use crate::texts::{Language, PagesConnectedWords, Words};

/// The end of the Facebook flow.
#[derive(Clone, Debug)]
pub struct PagesConnected {
    /// The store's domain, which is checked.
    pub shop: String,
    /// The Pages that are connected.
    pub connected: Vec<ConnectedPage>,
    /// Those that are not.
    pub left_out: Vec<LeftOutPage>,
    /// Facebook's list of Pages did not end.
    pub truncated: bool,
}

/// A Page that is connected.
#[derive(Clone, Debug)]
pub struct ConnectedPage {
    /// Its id.
    pub id: String,
    /// Its name, from outside.
    pub name: String,
    /// It came from another store.
    pub moved: bool,
    /// It keeps the access it had, which can do more.
    pub kept: bool,
    /// Whether its messages arrive.
    pub messages: Messages,
}

/// A Page that is not connected.
#[derive(Clone, Debug)]
pub struct LeftOutPage {
    /// Its id.
    pub id: String,
    /// Its name, from outside, if it is known.
    pub name: Option<String>,
    /// Why.
    pub reason: LeftOut,
    /// The way to connect it all the same, where there is one of its own.
    pub way: Option<NextStep>,
}

struct Entry<'a> {
    name: String,
    pill: Option<Pill>,
    lines: Vec<&'static str>,
    /// Permissions, with what they allow.
    permissions: Vec<(&'a str, Option<&'static str>)>,
    way: Option<(String, &'static str)>,
}

#[derive(Template)]
#[template(path = "pages_connected.html")]
struct View<'a> {
    frame: Frame<'a>,
    words: &'static PagesConnectedWords,
    page: &'a PagesConnected,
    lead: &'static str,
    connected: Vec<Entry<'a>>,
    left_out: Vec<Entry<'a>>,
    /// Nothing is left to do.
    is_done: bool,
    manage: (String, &'static str),
}

impl PagesConnected {
    /// What may be said of all Pages together: no more than was seen.
    fn lead(&self, own: &PagesConnectedWords) -> &'static str {
        let any = |wanted: fn(Messages) -> bool| self.connected.iter().any(|page| wanted(page.messages));
        if any(|messages| !messages.are_ready()) {
            own.some_unready
        } else if any(|messages| messages == Messages::Shared) {
            own.some_shared
        } else {
            (own.all_ready)(self.connected.len())
        }
    }
}

impl Page for PagesConnected {
    fn html(&self, language: Language) -> String {
        let words = language.words();
        let own = &words.pages_connected;
        let count = self.connected.len();
        let link = |next: NextStep| (next.href, (words.way)(next.way));
        let mut connected: Vec<Entry<'_>> = self.connected.iter().map(|page| entry(words, page)).collect();
        connected.sort_by_key(|page| page.pill.as_ref().is_some_and(|pill| pill.tone == "good"));
        let held = self.left_out.iter().any(|page| page.reason == LeftOut::HeldElsewhere);
        rendered(&View {
            frame: Frame::new(words, (own.title)(count)).at(Step::Done),
            words: own,
            page: self,
            lead: self.lead(own),
            connected,
            left_out: self.left_out.iter().map(|page| left_out(words, page)).collect(),
            is_done: !held,
            manage: link(NextStep::store_manage(&self.shop)),
        })
    }
}

fn entry<'a>(words: &'static Words, page: &'a ConnectedPage) -> Entry<'a> {
    let own = &words.pages_connected;
    let about = (words.connections.about_page)(PageState::Active(page.messages));
    let lines = [page.moved.then_some(own.moved), page.kept.then_some(own.kept), about];
    let routing = (page.messages == Messages::Shared).then(NextStep::conversation_routing);
    Entry {
        name: or_else(Some(&page.name), &page.id),
        pill: Some(pill_of_messages(words, page.messages)),
        lines: lines.into_iter().flatten().collect(),
        permissions: Vec::new(),
        way: routing.map(|next| (next.href, (words.way)(next.way))),
    }
}

fn left_out<'a>(words: &'static Words, page: &'a LeftOutPage) -> Entry<'a> {
    let permissions = match &page.reason {
        LeftOut::MissingPermissions(names) => names.iter().map(|name| (name.as_str(), (words.permission)(name))).collect(),
        _ => Vec::new(),
    };
    Entry {
        name: or_else(page.name.as_deref(), &page.id),
        pill: None,
        lines: vec![(words.left_out)(&page.reason)],
        permissions,
        way: page.way.as_ref().map(|next| (next.href.clone(), (words.way)(next.way))),
    }
}
