//! Which words there are. A text that holds a name from outside is made of two: the name stands in an element of its own.

use std::borrow::Cow;

use crate::facts::{Deletion, Found, LeftOut, Notice, PageState, StoreState, Unready, Way};
use crate::{Code, Detail};

/// Everything that is said to people, in one language.
#[derive(Debug)]
pub struct Words {
    /// The language's tag.
    pub tag: &'static str,
    /// Around every page.
    pub frame: FrameWords,
    /// Before a sign-in that was not begun on a page of ours.
    pub starting: StartingWords,
    /// After the store was connected.
    pub store_connected: StoreConnectedWords,
    /// After the Pages were connected.
    pub pages_connected: PagesConnectedWords,
    /// The list of connections.
    pub connections: ConnectionsWords,
    /// What a person is told who asked to be forgotten.
    pub deletion: DeletionWords,
    /// What this service is, for whoever comes to its address without more.
    pub welcome: Saying,
    /// What a refusal says in general.
    pub error: fn(Code) -> Saying,
    /// What more is known of it.
    pub detail: fn(&Detail) -> Option<Saying>,
    /// A way on.
    pub way: fn(Way) -> &'static str,
    /// Why a Page's messages don't arrive, and what to do.
    pub unready: fn(Unready) -> &'static str,
    /// Why a Page was not connected, and what to do. Ends where the list of permissions begins, if there is one.
    pub left_out: fn(&LeftOut) -> &'static str,
    /// What a permission allows, as the end of "allow the assistant to".
    pub permission: fn(&str) -> Option<&'static str>,
    /// The months.
    pub months: [&'static str; 12],
    /// A moment: day, month, year, time of day in UTC.
    pub in_words: fn(u8, &str, &str, &str) -> String,
}

/// What happened, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Saying {
    /// What happened.
    pub title: &'static str,
    /// What it means, and what to do.
    pub text: Cow<'static, str>,
}

impl Saying {
    /// Both of them.
    pub fn new(title: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { title, text: text.into() }
    }
}

/// Around every page.
#[derive(Debug)]
pub struct FrameWords {
    /// Names the list of steps.
    pub steps: &'static str,
    /// The first step.
    pub step_store: &'static str,
    /// The second step.
    pub step_pages: &'static str,
    /// Said of a step behind us.
    pub done: &'static str,
    /// In front of the reference of an error.
    pub reference: &'static str,
    /// What a reference is good for.
    pub reference_hint: &'static str,
}

/// Before a sign-in that was not begun on a page of ours.
#[derive(Debug)]
pub struct StartingWords {
    /// Asks whether Pages are to be connected.
    pub title: &'static str,
    /// Why it is asked.
    pub lead: &'static str,
    /// Asks whether a Page is to move.
    pub move_title: &'static str,
    /// What that does.
    pub move_lead: &'static str,
    /// Says that something was to move, and that it is not known what.
    pub without_ids_title: &'static str,
    /// What to do then.
    pub without_ids_lead: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// What is connected, and what is asked.
    pub lines: [&'static str; 3],
    /// Above what another store holds.
    pub held: &'static str,
    /// Of something that only its number is known of.
    pub unknown: &'static str,
}

/// After the store was connected.
#[derive(Debug)]
pub struct StoreConnectedWords {
    /// The title.
    pub title: &'static str,
    /// What comes next.
    pub next: &'static str,
    /// Above what was found.
    pub found: &'static str,
    /// A kind of things that were found.
    pub kind: fn(Found) -> &'static str,
    /// That many, and there are more.
    pub or_more: fn(usize) -> String,
    /// Nothing of the store could be read.
    pub nothing_read: &'static str,
    /// Something of the store could not be read.
    pub partly_read: &'static str,
}

/// After the Pages were connected.
#[derive(Debug)]
pub struct PagesConnectedWords {
    /// The title, for that many Pages.
    pub title: fn(usize) -> &'static str,
    /// All of them receive messages.
    pub all_ready: fn(usize) -> &'static str,
    /// Some don't, or it is not known.
    pub some_unready: &'static str,
    /// All of them do, as far as other apps leave them to this one.
    pub some_shared: &'static str,
    /// Which store they are answered for.
    pub store: &'static str,
    /// Above the connected Pages.
    pub connected: &'static str,
    /// Above the Pages that were not connected.
    pub left_out: &'static str,
    /// Of a Page that came from another store.
    pub moved: &'static str,
    /// Of a Page that keeps the access it had.
    pub kept: &'static str,
    /// The list of Pages did not end.
    pub truncated: &'static str,
    /// Nothing is left to do.
    pub done: &'static str,
}

/// The list of connections.
#[derive(Debug)]
pub struct ConnectionsWords {
    /// The title.
    pub title: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// Above the Pages.
    pub pages: &'static str,
    /// There is no Page.
    pub no_pages: &'static str,
    /// Leads to Facebook where there are Pages already.
    pub more_pages: &'static str,
    /// The state of a store in a word or two.
    pub store_state: fn(StoreState) -> &'static str,
    /// What it means; nothing where there is nothing to say.
    pub about_store: fn(StoreState) -> Option<&'static str>,
    /// The state of a Page in a word or two.
    pub page_state: fn(PageState) -> &'static str,
    /// What it means, and what to do.
    pub about_page: fn(PageState) -> Option<&'static str>,
    /// Opens what a disconnect would do.
    pub disconnect: &'static str,
    /// What disconnecting a Page does.
    pub disconnect_page: &'static str,
    /// Does it.
    pub confirm_page: &'static str,
    /// What disconnecting the store does.
    pub disconnect_store: &'static str,
    /// Opens what forgetting a Page that moved away would do.
    pub forget: &'static str,
    /// What it does.
    pub forget_page: &'static str,
    /// Does it.
    pub confirm_forget: &'static str,
    /// Wishes that the app is removed as well.
    pub uninstall: &'static str,
    /// Does it.
    pub confirm_store: &'static str,
    /// What the last disconnect did.
    pub notice: fn(Notice) -> NoticeWords,
    /// Ends the session.
    pub sign_out: &'static str,
}

/// What a disconnect did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeWords {
    /// The whole.
    pub title: &'static str,
    /// Its parts.
    pub parts: Vec<&'static str>,
}

/// What a person is told who asked to be forgotten.
#[derive(Debug)]
pub struct DeletionWords {
    /// What became of it.
    pub saying: fn(Deletion) -> Saying,
    /// When it was asked for.
    pub requested: &'static str,
    /// When it was done.
    pub deleted: &'static str,
    /// How much it was.
    pub records: &'static str,
    /// What the request is known by.
    pub code: &'static str,
}
