//! Which general words there are; those of a platform are in its folder, and stand in
//! [`crate::platform::words`]. A text that holds a name from outside is made of two: the name
//! stands in an element of its own.

use crate::Code;
use crate::facts::{AccountState, Found, StoreState, Uninstalled};
use crate::platform::words::Saying;

use super::Language;

/// Everything general that is said to people, in one language.
#[derive(Debug)]
pub struct Words {
    /// The language.
    pub language: Language,
    /// Around every page.
    pub frame: FrameWords,
    /// Before a sign-in that was not begun on a page of ours.
    pub starting: GeneralStartingWords,
    /// After the store was connected.
    pub store_connected: StoreConnectedWords,
    /// After accounts were connected.
    pub accounts_connected: AccountsConnectedWords,
    /// The list of connections.
    pub connections: ConnectionsWords,
    /// What a person is told who asked to be forgotten.
    pub deletion: DeletionWords,
    /// For whoever comes to its address without more.
    pub welcome: WelcomeWords,
    /// Another language was chosen just now: this one.
    pub language_chosen: Saying,
    /// What a refusal says in general.
    pub error: fn(Code) -> Saying,
    /// What more is known of it.
    pub detail: DetailWords,
    /// The ways on that lead to no platform.
    pub ways: GeneralWays,
    /// The end of a list: all but the last, and the last.
    pub list_end: fn(&str, &str) -> String,
    /// The months.
    pub months: [&'static str; 12],
    /// A moment: day, month, year, time of day in UTC.
    pub in_words: fn(usize, &str, &str, &str) -> String,
    /// A day: day, month, year.
    pub on_day: fn(usize, &str, &str) -> String,
    /// The id of an account, where its name does not say which one it is.
    pub id: fn(&str) -> String,
}

/// For whoever comes to the service's address without more.
#[derive(Debug)]
pub struct WelcomeWords {
    /// What this service is; with what it connects.
    pub about: fn(&str) -> Saying,
    /// Above the name of who runs it.
    pub run_by: &'static str,
    /// Leads to where one asks for help.
    pub ask: &'static str,
    /// Whom to ask where there is no such place.
    pub ask_sender: &'static str,
}

/// Around every page.
#[derive(Debug)]
pub struct FrameWords {
    /// What the language calls itself.
    pub language_name: &'static str,
    /// Names the links to the other languages.
    pub languages: &'static str,
    /// Names the list of steps.
    pub steps: &'static str,
    /// The first step.
    pub step_store: &'static str,
    /// Said of a step behind us.
    pub done: &'static str,
    /// Between what something is and its name.
    pub colon: &'static str,
    /// In front of the reference of an error.
    pub reference: &'static str,
    /// What a reference is good for.
    pub reference_hint: &'static str,
    /// Leads to where one asks for help.
    pub support: &'static str,
    /// Leads to what becomes of one's data.
    pub privacy: &'static str,
}

/// Before a sign-in that was not begun on a page of ours.
#[derive(Debug)]
pub struct GeneralStartingWords {
    /// Why it is asked.
    pub lead: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// Above what another store holds.
    pub held: &'static str,
}

/// After the store was connected.
#[derive(Debug)]
pub struct StoreConnectedWords {
    /// The title.
    pub title: &'static str,
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

/// After accounts were connected.
#[derive(Debug)]
pub struct AccountsConnectedWords {
    /// Some receive no messages, or it is not known.
    pub some_unready: &'static str,
    /// All of them do, as far as other apps leave them to this one.
    pub some_shared: &'static str,
    /// Which store they are answered for.
    pub store: &'static str,
    /// Above what is connected.
    pub connected: &'static str,
    /// Above what is not.
    pub left_out: &'static str,
    /// Nothing is left to do.
    pub done: &'static str,
}

/// The list of connections. Where accounts stand in a sentence, it is given what they are called.
#[derive(Debug)]
pub struct ConnectionsWords {
    /// The title.
    pub title: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// That many connections need the merchant, of that many.
    pub needed: fn(usize, usize) -> String,
    /// In front of the day since when something is connected.
    pub linked: &'static str,
    /// In front of the moment at which it was last found working.
    pub checked: &'static str,
    /// The state of a store in a word or two.
    pub store_state: fn(StoreState) -> &'static str,
    /// Our access to the store is over.
    pub store_reconnect: &'static str,
    /// The app was removed from the store, or it was disconnected; with its accounts.
    pub store_disconnected: fn(&str) -> String,
    /// The state of an account in a word or two.
    pub account_state: fn(AccountState) -> &'static str,
    /// Opens what a disconnect would do.
    pub disconnect: &'static str,
    /// What disconnecting the store does; with its accounts.
    pub disconnect_store: fn(&str) -> String,
    /// Opens what forgetting an account that moved away would do.
    pub forget: &'static str,
    /// Does it.
    pub confirm_forget: &'static str,
    /// Wishes that the app is removed as well.
    pub uninstall: &'static str,
    /// Does it.
    pub confirm_store: &'static str,
    /// What the last disconnect did, where that was a store.
    pub ended: StoreEndedWords,
    /// The note of an account that moved away was removed.
    pub note_removed: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
}

/// What disconnecting a store did.
#[derive(Debug)]
pub struct StoreEndedWords {
    /// The whole.
    pub title: &'static str,
    /// What is so in any case; with its accounts.
    pub access: fn(&str) -> String,
    /// What became of the app in the store.
    pub app: fn(Uninstalled) -> &'static str,
}

/// What a person is told who asked to be forgotten.
#[derive(Debug)]
pub struct DeletionWords {
    /// It is not done yet.
    pub in_progress: Saying,
    /// When it was asked for.
    pub requested: &'static str,
    /// When it was done.
    pub deleted: &'static str,
    /// How much it was.
    pub records: &'static str,
    /// What the request is known by.
    pub code: &'static str,
}

/// What is known of a refusal beyond its code. What needs the name of a platform is given it.
#[derive(Debug)]
pub struct DetailWords {
    /// The state is not from this browser, or not ours.
    pub begun_elsewhere: fn(&str) -> Saying,
    /// The state was used before, and the link was not made.
    pub used: Saying,
    /// A sign-in that was begun elsewhere, or a move without the session's token.
    pub not_started_here: Saying,
    /// The platform failed.
    pub failed: fn(&str) -> String,
    /// Its dialog failed, with this number.
    pub dialog_failed: fn(&str, Option<&str>) -> String,
    /// It did not answer.
    pub no_answer: fn(&str) -> String,
    /// Something else changed the store while it was being connected.
    pub store_changed: Saying,
    /// No request for deletion has this code.
    pub unknown_code: Saying,
}

/// The ways on that lead to no platform: one text for each [`crate::facts::Way`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct GeneralWays {
    pub start_again: &'static str,
    pub manage: &'static str,
    pub reconnect_store: &'static str,
    /// Take over what is connected elsewhere.
    pub move_here: &'static str,
    pub connections: &'static str,
    pub reload: &'static str,
    pub shopify_admin: &'static str,
    /// To who has no name.
    pub back: &'static str,
    /// To who has this name.
    pub back_to: fn(&str) -> String,
    pub back_to_admin: &'static str,
}
