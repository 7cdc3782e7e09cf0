//! Chooses the platform's words for a fact.

use std::borrow::Cow;

use super::{Saying, Words};
use crate::facts::{AccountState, Deletion, Errand, LeftOut, Messages, Notice, Permission, Registered, Unready, Unsubscribed, Way};
use crate::platform::words::{AccountWords, PlatformWords, RegisteringWords};
use crate::platform::{AccountKind, Platform};

/// What a disconnect did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeWords {
    /// The summary.
    pub title: &'static str,
    /// Its parts.
    pub parts: Vec<Cow<'static, str>>,
}

impl Words {
    /// The words about signing in at a platform.
    #[must_use]
    pub fn of_platform(&self, platform: &Platform) -> &'static PlatformWords {
        self.language.of(platform.words)
    }

    /// The words about a kind of account.
    #[must_use]
    pub fn of(&self, kind: &AccountKind) -> &'static AccountWords {
        self.language.of(kind.words)
    }

    /// What this service is, for visitors of its bare URL.
    #[must_use]
    pub fn about(&self, kinds: &[&AccountKind]) -> Saying {
        (self.welcome.about)(&self.joined(kinds.iter().map(|kind| self.of(kind).full_plural)))
    }

    /// The name of accounts of these kinds together.
    #[must_use]
    pub fn plural(&self, kinds: &[&AccountKind]) -> String {
        self.joined(kinds.iter().map(|kind| self.of(kind).plural))
    }

    fn joined(&self, names: impl Iterator<Item = &'static str>) -> String {
        let names: Vec<&str> = names.collect();
        match names.split_last() {
            Some((last, others)) if !others.is_empty() => (self.list_end)(&others.join(", "), last),
            _ => names.concat(),
        }
    }

    /// What an account's state means, and what to do; none if there is nothing to say.
    #[must_use]
    pub fn about_account(&self, kind: &AccountKind, state: AccountState) -> Option<&'static str> {
        let own = &self.of(kind).listed;
        match state {
            // The store says why.
            AccountState::Active(Messages::Ready) | AccountState::Paused => None,
            AccountState::Active(Messages::Shared) => Some(own.shared),
            AccountState::Active(Messages::NotReady(reason)) => Some(self.unready(kind, reason)),
            AccountState::ReconnectNeeded => Some(own.reconnect),
            AccountState::Moved => Some(own.moved),
        }
    }

    /// Why an account's messages do not arrive, and what to do.
    #[must_use]
    pub fn unready(&self, kind: &AccountKind, reason: Unready) -> &'static str {
        let words = self.of(kind);
        let own = &words.unready;
        let registering = |text: fn(&RegisteringWords) -> &'static str| words.registering.as_ref().map_or(own.not_checked, text);
        match reason {
            Unready::NotChecked => own.not_checked,
            Unready::RateLimited => own.rate_limited,
            Unready::MissingTask => own.missing_task,
            Unready::MissingPermission => own.missing_permission,
            Unready::TokenRefused => own.token_refused,
            Unready::Misconfigured => own.misconfigured,
            Unready::NotSubscribed => own.not_subscribed,
            Unready::AppNotSubscribed => own.app_not_subscribed,
            Unready::AccountNotSubscribed => registering(|words| words.account_not_subscribed),
            Unready::PinRequired => registering(|words| words.pin_required),
            Unready::AccountRestricted => registering(|words| words.account_restricted),
            Unready::NotVerified => registering(|words| words.not_verified),
            Unready::NotRegistered => registering(|words| words.not_registered),
        }
    }

    /// Why an account was not connected, and what to do. Ends where the list of permissions begins,
    /// if there is one.
    #[must_use]
    pub fn left_out(&self, kind: &AccountKind, reason: &LeftOut) -> &'static str {
        let own = &self.of(kind).left_out;
        match reason {
            LeftOut::InsufficientTasks => own.insufficient_tasks,
            LeftOut::MissingPermissions(_) => own.missing_permissions,
            LeftOut::Unreadable => own.unreadable,
            LeftOut::Gone => own.gone,
            LeftOut::RateLimited => own.rate_limited,
            LeftOut::HeldElsewhere => own.held_elsewhere,
            LeftOut::TooMany => own.too_many,
        }
    }

    /// A link's text.
    #[must_use]
    pub fn way(&self, way: Way) -> &'static str {
        match way {
            Way::StartAgain => self.ways.start_again,
            Way::Manage => self.ways.manage,
            Way::ReconnectStore => self.ways.reconnect_store,
            Way::Connections => self.ways.connections,
            Way::Reload => self.ways.reload,
            Way::ShopifyAdmin => self.ways.shopify_admin,
            Way::Back => self.ways.back,
            Way::BackToAdmin => self.ways.back_to_admin,
            Way::OwnPage(kind) => self.of(kind).ways.own_page,
            Way::TestMessage(kind) => self.of(kind).ways.test_message,
            Way::Begin(_, Errand::Move) => self.ways.move_here,
            Way::Begin(kind, Errand::Connect) => self.of(kind).ways.connect,
            Way::Begin(kind, Errand::TryAgain) => self.of(kind).ways.try_again,
            Way::Begin(kind, Errand::Reconnect) => self.of(kind).ways.reconnect,
            Way::Begin(kind, Errand::AskAgain) => self.of(kind).ways.ask_again,
            Way::Begin(kind, Errand::GoOn) => self.of(kind).ways.go_on,
            Way::Begin(kind, Errand::ChooseOthers) => self.of(kind).ways.choose_others,
            Way::ConversationRouting(kind) => self.of(kind).ways.conversation_routing,
        }
    }

    /// What the last disconnect did, for a store with accounts of these kinds.
    #[must_use]
    pub fn notice(&self, notice: Notice, kinds: &[&AccountKind]) -> NoticeWords {
        match notice {
            Notice::Account { kind, unsubscribed, permission } => {
                let own = &self.of(kind).ended;
                let messages = match unsubscribed {
                    Unsubscribed::Done => own.unsubscribed,
                    Unsubscribed::Later => own.unsubscribed_later,
                    Unsubscribed::NotPossible => own.not_unsubscribed,
                };
                let grant = match permission {
                    Permission::Revoked => own.revoked,
                    Permission::Kept => own.kept,
                    Permission::Later => own.revoked_later,
                    Permission::NotPossible => own.not_revoked,
                };
                let pin = self.of(kind).registering.as_ref().map(|words| words.pin_kept);
                let parts = [own.access, messages, grant].into_iter().chain(pin).map(Cow::Borrowed);
                NoticeWords { title: own.title, parts: parts.collect() }
            }
            Notice::Registered { kind, registered } => self.registered(kind, registered),
            Notice::Note => NoticeWords { title: self.connections.note_removed, parts: Vec::new() },
            Notice::Store { uninstalled } => {
                let own = &self.connections.ended;
                let parts = vec![(own.access)(&self.plural(kinds)).into(), (own.app)(uninstalled).into()];
                NoticeWords { title: own.title, parts }
            }
        }
    }

    /// The outcome of registering an account with its merchant's PIN. A kind without a PIN has
    /// nothing to say.
    fn registered(&self, kind: &AccountKind, registered: Registered) -> NoticeWords {
        let words = self.of(kind);
        let text = words.registering.as_ref().map(|own| match registered {
            Registered::Done => own.pin_taken,
            Registered::Refused => own.pin_refused,
            Registered::Later => own.pin_later,
        });
        NoticeWords { title: words.listed.title, parts: text.into_iter().map(Cow::Borrowed).collect() }
    }

    /// The outcome of a deletion request.
    #[must_use]
    pub fn deletion(&self, kind: &AccountKind, deletion: Deletion) -> &Saying {
        let own = &self.of(kind).deletion;
        match deletion {
            Deletion::InProgress => &self.deletion.in_progress,
            Deletion::NothingKept => &own.nothing_kept,
            Deletion::Deleted => &own.deleted,
            Deletion::AccessDeleted => &own.access_deleted,
        }
    }
}
