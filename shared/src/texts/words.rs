//! The general words; a platform's are in its folder, as declared in [`crate::platform::words`]. A
//! text with a name from outside is split in two: the name is in its own element.

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
    /// Before a sign-in that was not begun on one of our pages.
    pub starting: GeneralStartingWords,
    /// After the store was connected.
    pub store_connected: StoreConnectedWords,
    /// After accounts were connected.
    pub accounts_connected: AccountsConnectedWords,
    /// The list of connections.
    pub connections: ConnectionsWords,
    /// For a person who asked for deletion.
    pub deletion: DeletionWords,
    /// The home page.
    pub welcome: WelcomeWords,
    /// This language was just chosen.
    pub language_chosen: Saying,
    /// The general text of an error.
    pub error: fn(Code) -> Saying,
    /// More details about it.
    pub detail: DetailWords,
    /// The next steps that don't lead to a platform.
    pub ways: GeneralWays,
    /// The end of a list: all but the last, and the last.
    pub list_end: fn(&str, &str) -> String,
    /// The months.
    pub months: [&'static str; 12],
    /// A time: day, month, year, time of day in UTC.
    pub in_words: fn(usize, &str, &str, &str) -> String,
    /// A day: day, month, year.
    pub on_day: fn(usize, &str, &str) -> String,
    /// The id of an account, if its name does not identify it.
    pub id: fn(&str) -> String,
}

/// The home page.
#[derive(Debug)]
pub struct WelcomeWords {
    /// What this service is; given what it connects.
    pub about: fn(&str) -> Saying,
    /// Above the operator's name.
    pub run_by: &'static str,
    /// The link to get help.
    pub ask: &'static str,
    /// Whom to ask if there is no such link.
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
    /// For a completed step.
    pub done: &'static str,
    /// Between a label and a name.
    pub colon: &'static str,
    /// Before the reference of an error.
    pub reference: &'static str,
    /// What a reference is for.
    pub reference_hint: &'static str,
    /// The link to get help.
    pub support: &'static str,
    /// The link to the privacy policy.
    pub privacy: &'static str,
}

/// Before a sign-in that was not begun on one of our pages.
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
    /// A kind of thing that was found.
    pub kind: fn(Found) -> &'static str,
    /// That many or more.
    pub or_more: fn(usize) -> String,
    /// Nothing of the store could be read.
    pub nothing_read: &'static str,
    /// Something of the store could not be read.
    pub partly_read: &'static str,
}

/// After accounts were connected.
#[derive(Debug)]
pub struct AccountsConnectedWords {
    /// Some receive no messages, or it is unknown.
    pub some_unready: &'static str,
    /// All of them do, but share conversations with other apps.
    pub some_shared: &'static str,
    /// Which store they answer for.
    pub store: &'static str,
    /// Above what is connected.
    pub connected: &'static str,
    /// Above what is not.
    pub left_out: &'static str,
    /// Nothing is left to do.
    pub done: &'static str,
}

/// The list of connections. Sentences about accounts get their name as a parameter.
#[derive(Debug)]
pub struct ConnectionsWords {
    /// The title.
    pub title: &'static str,
    /// Above the store.
    pub store: &'static str,
    /// That many connections need the merchant, of that many.
    pub needed: fn(usize, usize) -> String,
    /// Before the day since when something is connected.
    pub linked: &'static str,
    /// Before the time when it was last found working.
    pub checked: &'static str,
    /// The state of a store in a word or two.
    pub store_state: fn(StoreState) -> &'static str,
    /// Our access to the store was lost.
    pub store_reconnect: &'static str,
    /// The app was removed from the store, or it was disconnected; given its accounts.
    pub store_disconnected: fn(&str) -> String,
    /// The state of an account in a word or two.
    pub account_state: fn(AccountState) -> &'static str,
    /// Opens what a disconnect would do.
    pub disconnect: &'static str,
    /// What disconnecting the store does; given its accounts.
    pub disconnect_store: fn(&str) -> String,
    /// Opens what removing an account that moved away would do.
    pub forget: &'static str,
    /// The button for it.
    pub confirm_forget: &'static str,
    /// The option to also remove the app.
    pub uninstall: &'static str,
    /// The button for it.
    pub confirm_store: &'static str,
    /// What the last disconnect of a store did.
    pub ended: StoreEndedWords,
    /// The note of an account that moved away was removed.
    pub note_removed: &'static str,
    /// Ends the session.
    pub sign_out: &'static str,
}

/// What disconnecting a store did.
#[derive(Debug)]
pub struct StoreEndedWords {
    /// The result.
    pub title: &'static str,
    /// What holds in any case; given its accounts.
    pub access: fn(&str) -> String,
    /// The outcome for the app in the store.
    pub app: fn(Uninstalled) -> &'static str,
}

/// For a person who asked for deletion.
#[derive(Debug)]
pub struct DeletionWords {
    /// It is not done yet.
    pub in_progress: Saying,
    /// When it was requested.
    pub requested: &'static str,
    /// When it was done.
    pub deleted: &'static str,
    /// How much it was.
    pub records: &'static str,
    /// The request's code.
    pub code: &'static str,
}

/// Details of an error beyond its code, with the platform's name if needed.
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

/// The next steps that don't lead to a platform: one text for each [`crate::facts::Way`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct GeneralWays {
    pub start_again: &'static str,
    pub manage: &'static str,
    pub reconnect_store: &'static str,
    /// Move what is connected elsewhere.
    pub move_here: &'static str,
    pub connections: &'static str,
    pub reload: &'static str,
    pub shopify_admin: &'static str,
    /// Back to a brand without a name.
    pub back: &'static str,
    /// Back to the brand with this name.
    pub back_to: fn(&str) -> String,
    pub back_to_admin: &'static str,
}
