//! The general words; a platform's own are in its folder, with their types in
//! [`crate::platform::words`]. A text with a name from outside consists of two: the name is in an
//! element of its own.

use crate::Code;
use crate::facts::{AccountState, Found, StoreState, Uninstalled};
use crate::platform::words::Saying;

use super::Language;

/// All general words for people, in one language.
#[derive(Debug)]
pub struct Words {
    /// The language.
    pub language: Language,
    /// Around every page.
    pub frame: FrameWords,
    /// Before a sign-in that did not start on one of our pages.
    pub starting: GeneralStartingWords,
    /// After the store was connected.
    pub store_connected: StoreConnectedWords,
    /// After accounts were connected.
    pub accounts_connected: AccountsConnectedWords,
    /// The list of connections.
    pub connections: ConnectionsWords,
    /// For a person who requested deletion.
    pub deletion: DeletionWords,
    /// For visitors of the bare URL.
    pub welcome: WelcomeWords,
    /// This language was just chosen.
    pub language_chosen: Saying,
    /// A refusal in general.
    pub error: fn(Code) -> Saying,
    /// Its details.
    pub detail: DetailWords,
    /// The links that lead to no platform.
    pub ways: GeneralWays,
    /// The end of a list: all but the last, and the last.
    pub list_end: fn(&str, &str) -> String,
    /// The months.
    pub months: [&'static str; 12],
    /// A time: day, month, year, time of day in UTC.
    pub in_words: fn(usize, &str, &str, &str) -> String,
    /// A day: day, month, year.
    pub on_day: fn(usize, &str, &str) -> String,
    /// An account's id, if its name is ambiguous.
    pub id: fn(&str) -> String,
}

/// For visitors of the service's bare URL.
#[derive(Debug)]
pub struct WelcomeWords {
    /// What this service is, and what it connects.
    pub about: fn(&str) -> Saying,
    /// Above the name of who runs it.
    pub run_by: &'static str,
    /// Leads to support.
    pub ask: &'static str,
    /// Whom to ask if there is no support link.
    pub ask_sender: &'static str,
}

/// Around every page.
#[derive(Debug)]
pub struct FrameWords {
    /// The language's own name.
    pub language_name: &'static str,
    /// Names the links to the other languages.
    pub languages: &'static str,
    /// Names the list of steps.
    pub steps: &'static str,
    /// The first step.
    pub step_store: &'static str,
    /// Marks a completed step.
    pub done: &'static str,
    /// Between a label and its value.
    pub colon: &'static str,
    /// Before an error's reference.
    pub reference: &'static str,
    /// What a reference is for.
    pub reference_hint: &'static str,
    /// Leads to support.
    pub support: &'static str,
    /// Leads to the privacy policy.
    pub privacy: &'static str,
}

/// Before a sign-in that did not start on one of our pages.
#[derive(Debug)]
pub struct GeneralStartingWords {
    /// Why we ask.
    pub lead: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// Above accounts that another store holds.
    pub held: &'static str,
}

/// After the store was connected.
#[derive(Debug)]
pub struct StoreConnectedWords {
    /// The title.
    pub title: &'static str,
    /// Above what was found.
    pub found: &'static str,
    /// A kind of item that was found.
    pub kind: fn(Found) -> &'static str,
    /// This many or more.
    pub or_more: fn(usize) -> String,
    /// Nothing of the store could be read.
    pub nothing_read: &'static str,
    /// Something of the store could not be read.
    pub partly_read: &'static str,
}

/// After accounts were connected.
#[derive(Debug)]
pub struct AccountsConnectedWords {
    /// Some receive no messages, or that is unknown.
    pub some_unready: &'static str,
    /// All of them do, as far as other apps leave messages to this one.
    pub some_shared: &'static str,
    /// The store for which the bot answers.
    pub store: &'static str,
    /// Above what is connected.
    pub connected: &'static str,
    /// Above what was not.
    pub left_out: &'static str,
    /// Nothing is left to do.
    pub done: &'static str,
}

/// The list of connections. Sentences about accounts are given their names.
#[derive(Debug)]
pub struct ConnectionsWords {
    /// The title.
    pub title: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// How many connections, of how many, need the merchant.
    pub needed: fn(usize, usize) -> String,
    /// Before the day since when something has been connected.
    pub linked: &'static str,
    /// Before the time when it was last found working.
    pub checked: &'static str,
    /// The state of a store in a word or two.
    pub store_state: fn(StoreState) -> &'static str,
    /// Our access to the store has ended.
    pub store_reconnect: &'static str,
    /// The app was removed from the store, or it was disconnected; with its accounts.
    pub store_disconnected: fn(&str) -> String,
    /// The state of an account in a word or two.
    pub account_state: fn(AccountState) -> &'static str,
    /// Opens the explanation of a disconnect.
    pub disconnect: &'static str,
    /// What disconnecting the store does; with its accounts.
    pub disconnect_store: fn(&str) -> String,
    /// Opens the explanation of forgetting an account that moved away.
    pub forget: &'static str,
    /// Confirms that.
    pub confirm_forget: &'static str,
    /// Also removes the app.
    pub uninstall: &'static str,
    /// Confirms the disconnect.
    pub confirm_store: &'static str,
    /// What the last disconnect did, if it was of a store.
    pub ended: StoreEndedWords,
    /// The note of an account that moved away was deleted.
    pub note_removed: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
}

/// What disconnecting a store did.
#[derive(Debug)]
pub struct StoreEndedWords {
    /// The summary.
    pub title: &'static str,
    /// What always applies; with its accounts.
    pub access: fn(&str) -> String,
    /// What happened to the app in the store.
    pub app: fn(Uninstalled) -> &'static str,
}

/// For a person who requested deletion.
#[derive(Debug)]
pub struct DeletionWords {
    /// It is not done yet.
    pub in_progress: Saying,
    /// When it was requested.
    pub requested: &'static str,
    /// When it was completed.
    pub deleted: &'static str,
    /// How many records.
    pub records: &'static str,
    /// The request's confirmation code.
    pub code: &'static str,
}

/// Details of a refusal beyond its code. Those that need a platform's name are given it.
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
    /// No deletion request has this code.
    pub unknown_code: Saying,
}

/// The links that lead to no platform: one text per [`crate::facts::Way`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct GeneralWays {
    pub start_again: &'static str,
    pub manage: &'static str,
    pub reconnect_store: &'static str,
    /// Take over accounts that are connected elsewhere.
    pub move_here: &'static str,
    pub connections: &'static str,
    pub reload: &'static str,
    pub shopify_admin: &'static str,
    /// Back to a site without a name.
    pub back: &'static str,
    /// Back to this brand.
    pub back_to: fn(&str) -> String,
    pub back_to_admin: &'static str,
}
