//! Which words a platform brings along for people, in each language. General words are in
//! [`crate::texts`], and so is what picks one of these for a fact.

mod said;

pub(crate) use said::{account_words, in_each_language, saying, sign_in_words};

use std::borrow::Cow;

/// The same in each language. Without one of them it does not compile.
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
    /// In the Portuguese of Brazil.
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
    /// Both of them.
    pub fn new(title: &'static str, text: impl Into<Cow<'static, str>>) -> Self {
        Self { title, text: text.into() }
    }

    /// The same, for what is always said in these words.
    #[must_use]
    pub const fn fixed(title: &'static str, text: &'static str) -> Self {
        Self { title, text: Cow::Borrowed(text) }
    }
}

/// The sign-in at a platform.
#[derive(Debug)]
pub struct PlatformWords {
    /// The state was used before, and the link was made.
    pub linked_before: Saying,
    /// The state was used before, and the link is being made.
    pub being_linked: Saying,
    /// The merchant said no, or the platform says so.
    pub declined: Saying,
    /// Permissions were not granted. Ends where their list begins.
    pub missing_permissions: Saying,
    /// The platform refused the code or the token.
    pub refused: Saying,
    /// The title where the platform failed.
    pub failed: &'static str,
    /// The title where it did not answer.
    pub no_answer: &'static str,
    /// What a permission allows, as the end of "allow the assistant to".
    pub permission: fn(&str) -> Option<&'static str>,
}

/// A kind of accounts.
#[derive(Debug)]
pub struct AccountWords {
    /// What the step that connects them is called.
    pub step: &'static str,
    /// Several of them, with the platform's name, in a sentence.
    pub full_plural: &'static str,
    /// Several of them, where the platform is known.
    pub plural: &'static str,
    /// Before a sign-in that was not begun on a page of ours.
    pub starting: StartingWords,
    /// After the store was connected: what comes next.
    pub next: &'static str,
    /// After they were connected.
    pub connected: ConnectedWords,
    /// In the list of connections.
    pub listed: ListedWords,
    /// Why the messages of one don't arrive, and what to do.
    pub unready: UnreadyWords,
    /// What is said where one has to be registered before its messages arrive; none where that is
    /// not so.
    pub registering: Option<RegisteringWords>,
    /// Why one was not connected, and what to do.
    pub left_out: LeftOutWords,
    /// What disconnecting one did.
    pub ended: EndedWords,
    /// What a person is told who asked to be forgotten.
    pub deletion: DeletionSayings,
    /// The ways on.
    pub ways: WayWords,
    /// What is refused.
    pub refusals: RefusalWords,
}

/// Before a sign-in that was not begun on a page of ours.
#[derive(Debug)]
pub struct StartingWords {
    /// Asks whether accounts are to be connected.
    pub title: &'static str,
    /// Asks whether one is to move.
    pub move_title: &'static str,
    /// What that does.
    pub move_lead: &'static str,
    /// Says that something was to move, and that it is not known what.
    pub without_ids_title: &'static str,
    /// What to do then.
    pub without_ids_lead: &'static str,
    /// What is connected, and what is asked.
    pub lines: [&'static str; 3],
    /// Of one that only its number is known of.
    pub unknown: &'static str,
}

/// After accounts were connected.
#[derive(Debug)]
pub struct ConnectedWords {
    /// The title, for that many.
    pub title: fn(usize) -> &'static str,
    /// All of them receive messages.
    pub all_ready: fn(usize) -> &'static str,
    /// Of one that came from another store.
    pub moved: &'static str,
    /// Of one that keeps the access it had.
    pub kept: &'static str,
    /// Their list did not end.
    pub truncated: &'static str,
}

/// In the list of connections.
#[derive(Debug)]
pub struct ListedWords {
    /// Above them.
    pub title: &'static str,
    /// There is none.
    pub none: &'static str,
    /// Leads to the platform where there are some already.
    pub more: &'static str,
    /// Several apps share the conversations.
    pub shared: &'static str,
    /// Our access is over.
    pub reconnect: &'static str,
    /// Another store has it.
    pub moved: &'static str,
    /// What disconnecting one does.
    pub disconnect: &'static str,
    /// Does it.
    pub confirm: &'static str,
    /// What forgetting one that moved away does.
    pub forget: &'static str,
}

/// Why messages don't arrive, and what to do: one text for each [`crate::facts::Unready`].
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

/// Where an account has to be registered before its messages arrive: why that did not succeed, and
/// what is said about its PIN.
#[derive(Debug)]
pub struct RegisteringWords {
    /// It has a PIN that is not known here.
    pub pin_required: &'static str,
    /// The platform restricted it, or what it belongs to.
    pub account_restricted: &'static str,
    /// It has to be verified first.
    pub not_verified: &'static str,
    /// It is not registered yet; that is tried again.
    pub not_registered: &'static str,
    /// The platform did not keep the subscription of what it belongs to.
    pub account_not_subscribed: &'static str,
    /// The label of the form's field.
    pub pin_label: &'static str,
    /// Which PIN is meant.
    pub pin_help: &'static str,
    /// Sends the form.
    pub pin_submit: &'static str,
    /// The PIN was the right one.
    pub pin_taken: &'static str,
    /// It was not.
    pub pin_refused: &'static str,
    /// The platform could not be asked, or was asked too often.
    pub pin_later: &'static str,
    /// After a disconnect: the PIN stays.
    pub pin_kept: &'static str,
}

/// Why an account was not connected, and what to do: one text for each [`crate::facts::LeftOut`].
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
    /// The whole.
    pub title: &'static str,
    /// What is so in any case.
    pub access: &'static str,
    /// Its messages come here no more.
    pub unsubscribed: &'static str,
    /// That is tried again.
    pub unsubscribed_later: &'static str,
    /// It could not be asked for.
    pub not_unsubscribed: &'static str,
    /// The grant was taken back.
    pub revoked: &'static str,
    /// It stays.
    pub kept: &'static str,
    /// It is taken back as soon as possible.
    pub revoked_later: &'static str,
    /// It could not be taken back from here.
    pub not_revoked: &'static str,
}

/// What a person is told whose request to be forgotten is done.
#[derive(Debug)]
pub struct DeletionSayings {
    /// There was nothing to delete.
    pub nothing_kept: Saying,
    /// All is deleted.
    pub deleted: Saying,
    /// The app was removed, and the access with it.
    pub access_deleted: Saying,
}

/// The ways on to a platform: one text for each [`crate::facts::Errand`].
#[derive(Debug)]
#[expect(missing_docs, reason = "each is told there")]
pub struct WayWords {
    pub connect: &'static str,
    pub try_again: &'static str,
    pub reconnect: &'static str,
    pub ask_again: &'static str,
    pub go_on: &'static str,
    pub choose_others: &'static str,
    /// Say at the platform which app a conversation goes to first.
    pub conversation_routing: &'static str,
    /// See an account as everybody does.
    pub own_page: &'static str,
    /// Write to an account as a customer does.
    pub test_message: &'static str,
}

/// What is refused where accounts are concerned.
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
    /// The platform does not show which accounts there are.
    pub hidden: Saying,
    /// The platform was opened without a sign-in from the store.
    pub store_first: Saying,
}
