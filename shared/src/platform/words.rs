//! The words that a platform brings along for people, in each language. General words are in
//! [`crate::texts`], as is the choice of one of these for a fact.

mod said;

pub(crate) use said::{account_words, in_each_language, saying, sign_in_words};

use std::borrow::Cow;

/// The same in each language. Leaving one out does not compile.
#[derive(Debug)]
pub struct InEachLanguage<T> {
    /// In English.
    pub english: T,
    /// In German.
    pub german: T,
    /// In Spanish.
    pub spanish: T,
    /// In French.
    pub french: T,
    /// In Brazilian Portuguese.
    pub portuguese: T,
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
    /// From its two parts.
    pub fn new(title: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { title, text: text.into() }
    }

    /// The same for fixed text.
    #[must_use]
    pub const fn fixed(title: &'static str, text: &'static str) -> Self {
        Self { title, text: Cow::Borrowed(text) }
    }
}

/// The words about signing in at a platform.
#[derive(Debug)]
pub struct PlatformWords {
    /// The state was used before, and the link was made.
    pub linked_before: Saying,
    /// The state was used before, and the link is being made.
    pub being_linked: Saying,
    /// The merchant declined, or the platform says so.
    pub declined: Saying,
    /// Permissions were not granted. Ends where their list begins.
    pub missing_permissions: Saying,
    /// The platform refused the code or the token.
    pub refused: Saying,
    /// The title if the platform failed.
    pub failed: &'static str,
    /// The title if it did not answer.
    pub no_answer: &'static str,
    /// What a permission allows, as the end of "allow the assistant to".
    pub permission: fn(&str) -> Option<&'static str>,
}

/// The words about a kind of account.
#[derive(Debug)]
pub struct AccountWords {
    /// The name of the step that connects them.
    pub step: &'static str,
    /// Several of them, with the platform's name, in a sentence.
    pub full_plural: &'static str,
    /// Several of them, when the platform is clear.
    pub plural: &'static str,
    /// Before a sign-in that did not start on one of our pages.
    pub starting: StartingWords,
    /// After the store was connected: the next step.
    pub next: &'static str,
    /// After they were connected.
    pub connected: ConnectedWords,
    /// In the list of connections.
    pub listed: ListedWords,
    /// Why an account's messages do not arrive, and what to do.
    pub unready: UnreadyWords,
    /// About registering an account before its messages arrive; none if that is not required.
    pub registering: Option<RegisteringWords>,
    /// Why an account was not connected, and what to do.
    pub left_out: LeftOutWords,
    /// What disconnecting one did.
    pub ended: EndedWords,
    /// For a person who requested deletion.
    pub deletion: DeletionSayings,
    /// The links.
    pub ways: WayWords,
    /// Refusals.
    pub refusals: RefusalWords,
}

/// Before a sign-in that did not start on one of our pages.
#[derive(Debug)]
pub struct StartingWords {
    /// Asks whether to connect accounts.
    pub title: &'static str,
    /// Asks whether to move one.
    pub move_title: &'static str,
    /// What that does.
    pub move_lead: &'static str,
    /// Says that something was to be moved, but not what.
    pub without_ids_title: &'static str,
    /// What to do then.
    pub without_ids_lead: &'static str,
    /// What gets connected, and what is requested.
    pub lines: [&'static str; 3],
    /// For an account of which only the number is known.
    pub unknown: &'static str,
}

/// After accounts were connected.
#[derive(Debug)]
pub struct ConnectedWords {
    /// The title, for this many.
    pub title: fn(usize) -> &'static str,
    /// All of them receive messages.
    pub all_ready: fn(usize) -> &'static str,
    /// For an account that came from another store.
    pub moved: &'static str,
    /// For an account that keeps its earlier access.
    pub kept: &'static str,
    /// Their list was cut off.
    pub truncated: &'static str,
}

/// In the list of connections.
#[derive(Debug)]
pub struct ListedWords {
    /// Above them.
    pub title: &'static str,
    /// There is none.
    pub none: &'static str,
    /// Leads to the platform if there are some already.
    pub more: &'static str,
    /// Several apps share the conversations.
    pub shared: &'static str,
    /// Our access has ended.
    pub reconnect: &'static str,
    /// Another store has it.
    pub moved: &'static str,
    /// What disconnecting one does.
    pub disconnect: &'static str,
    /// Confirms that.
    pub confirm: &'static str,
    /// What forgetting one that moved away does.
    pub forget: &'static str,
}

/// Why messages do not arrive, and what to do: one text per [`crate::facts::Unready`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct UnreadyWords {
    pub not_checked: &'static str,
    pub rate_limited: &'static str,
    pub missing_task: &'static str,
    pub missing_permission: &'static str,
    pub token_refused: &'static str,
    pub misconfigured: &'static str,
    pub not_subscribed: &'static str,
    pub app_not_subscribed: &'static str,
}

/// For accounts that have to be registered before their messages arrive: why that failed, and about
/// their PIN.
#[derive(Debug)]
pub struct RegisteringWords {
    /// It has a PIN that we do not know.
    pub pin_required: &'static str,
    /// The platform restricted it or its parent.
    pub account_restricted: &'static str,
    /// It has to be verified first.
    pub not_verified: &'static str,
    /// It is not registered yet; we will try again.
    pub not_registered: &'static str,
    /// The platform did not keep its parent's subscription.
    pub account_not_subscribed: &'static str,
    /// The label of the form's field.
    pub pin_label: &'static str,
    /// Which PIN to enter.
    pub pin_help: &'static str,
    /// Submits the form.
    pub pin_submit: &'static str,
    /// The PIN was correct.
    pub pin_taken: &'static str,
    /// It was not.
    pub pin_refused: &'static str,
    /// The platform could not be asked, or was asked too often.
    pub pin_later: &'static str,
    /// After a disconnect: the PIN stays.
    pub pin_kept: &'static str,
}

/// Why an account was not connected, and what to do: one text per [`crate::facts::LeftOut`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct LeftOutWords {
    pub insufficient_tasks: &'static str,
    /// Ends where the list of permissions begins.
    pub missing_permissions: &'static str,
    pub unreadable: &'static str,
    pub gone: &'static str,
    pub rate_limited: &'static str,
    pub held_elsewhere: &'static str,
    pub too_many: &'static str,
}

/// What disconnecting an account did.
#[derive(Debug)]
pub struct EndedWords {
    /// The summary.
    pub title: &'static str,
    /// What always applies.
    pub access: &'static str,
    /// Its messages no longer come here.
    pub unsubscribed: &'static str,
    /// We will try that again.
    pub unsubscribed_later: &'static str,
    /// That was impossible.
    pub not_unsubscribed: &'static str,
    /// The grant was revoked.
    pub revoked: &'static str,
    /// It stays.
    pub kept: &'static str,
    /// It will be revoked as soon as possible.
    pub revoked_later: &'static str,
    /// It could not be revoked from here.
    pub not_revoked: &'static str,
}

/// For a person whose deletion request is done.
#[derive(Debug)]
pub struct DeletionSayings {
    /// There was nothing to delete.
    pub nothing_kept: Saying,
    /// Everything was deleted.
    pub deleted: Saying,
    /// The app was removed, and the access with it.
    pub access_deleted: Saying,
}

/// The links to a platform: one text per [`crate::facts::Errand`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct WayWords {
    pub connect: &'static str,
    pub try_again: &'static str,
    pub reconnect: &'static str,
    pub ask_again: &'static str,
    pub go_on: &'static str,
    pub choose_others: &'static str,
    /// Choose at the platform which app gets a conversation first.
    pub conversation_routing: &'static str,
    /// See an account's public page.
    pub own_page: &'static str,
    /// Write to an account as a customer would.
    pub test_message: &'static str,
}

/// Refusals about accounts.
#[derive(Debug)]
pub struct RefusalWords {
    /// There is no account to link.
    pub none: Saying,
    /// Another store holds all of them.
    pub held_elsewhere: Saying,
    /// The platform was opened too often from one session.
    pub too_many_attempts: Saying,
    /// Permissions were granted, but for other accounts. Ends where their list begins.
    pub missing_for_these: Saying,
    /// The platform does not reveal which accounts there are.
    pub hidden: Saying,
    /// The platform was opened without a sign-in from the store.
    pub store_first: Saying,
}
