//! What a state and its reason mean, and what to tell the merchant. docs/support.md has the same
//! table.

use crate::arguments::State;

/// What the state is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    Store,
    Account,
}

/// What it means.
#[derive(Debug)]
pub(crate) struct Meaning {
    of: Of,
    state: State,
    /// Empty for no reason, and for any other reason.
    reason: &'static str,
    /// What happened.
    pub(crate) means: &'static str,
    /// What to tell the merchant; empty if there is nothing to tell.
    pub(crate) tell: &'static str,
    /// Whether the merchant must sign in from the store again.
    pub(crate) needs_login: bool,
}

/// What a state means for this reason.
pub(crate) fn of(of: Of, state: State, reason: Option<&str>) -> Option<&'static Meaning> {
    let all = || ALL.iter().filter(|meaning| meaning.of == of && meaning.state == state);
    all().find(|meaning| Some(meaning.reason) == reason).or_else(|| all().find(|meaning| meaning.reason.is_empty()))
}

const fn meaning(of: Of, state: State, reason: &'static str, means: &'static str, tell: &'static str) -> Meaning {
    Meaning { of, state, reason, means, tell, needs_login: false }
}

/// A state that a sign-in from the store ends.
const fn login(of: Of, state: State, reason: &'static str, means: &'static str, tell: &'static str) -> Meaning {
    Meaning { needs_login: true, ..meaning(of, state, reason, means, tell) }
}

use Of::{Account, Store};
use State::{Active, Erasing, Moved, ReconnectNeeded, Silent, Uninstalled};

const ALL: &[Meaning] = &[
    meaning(Store, Active, "", "The store is connected.", ""),
    login(Store, ReconnectNeeded, "token_refused", "Shopify no longer takes our access.", "Open the login link and approve the app again."),
    login(
        Store,
        ReconnectNeeded,
        "no_refresh_token",
        "Our access ended, and Shopify gave nothing to renew it with.",
        "Open the login link and approve the app again.",
    ),
    login(
        Store,
        ReconnectNeeded,
        "missing_scope",
        "A permission that the assistant needs was taken away.",
        "Open the login link and allow all that is asked for.",
    ),
    login(
        Store,
        ReconnectNeeded,
        "another_shop",
        "Another shop has this domain by now.",
        "Open the login link; the Pages have to be connected anew.",
    ),
    login(Store, ReconnectNeeded, "", "Our access to the store is dead.", "Open the login link and approve the app again."),
    login(
        Store,
        Uninstalled,
        "disconnected",
        "The store was disconnected on our page of connections.",
        "Open the login link within 30 days, and all is as before. After that it is erased.",
    ),
    login(
        Store,
        Uninstalled,
        "",
        "The app was removed from the store.",
        "Open the login link within 30 days, and all is as before. After that it is erased.",
    ),
    meaning(Store, Erasing, "", "The store is being erased; that takes minutes.", "It can be connected again afterwards, as a new one."),
    meaning(Account, Active, "", "Messages arrive, as far as we know.", ""),
    login(
        Account,
        Silent,
        "missing_task",
        "Who connected it may not switch its messages on.",
        "Have somebody connect it who may manage or moderate it.",
    ),
    login(
        Account,
        Silent,
        "missing_permission",
        "The permission for its messages is missing.",
        "Open the login link, connect it again, and allow all that is asked for.",
    ),
    login(Account, Silent, "token_refused", "Facebook no longer takes our access to it.", "Open the login link and connect it again."),
    meaning(
        Account,
        Silent,
        "misconfigured",
        "A mistake of ours: Facebook refuses what we ask for.",
        "We mend it; nothing has to be done.",
    ),
    meaning(
        Account,
        Silent,
        "page_not_subscribed",
        "Facebook did not keep the subscription. The Page may have apps switched off.",
        "Look whether the Page's settings allow apps. We try again within a day.",
    ),
    meaning(
        Account,
        Silent,
        "app_not_subscribed",
        "Our app itself does not listen: ours to switch on.",
        "We switch it on; nothing has to be done.",
    ),
    meaning(
        Account,
        Silent,
        "not_subscribed",
        "Meta did not keep the subscription of the WhatsApp Business Account.",
        "We try again within a day; nothing has to be done.",
    ),
    login(
        Account,
        Silent,
        "pin_required",
        "The number has a PIN for two-step verification that we don't know.",
        "Open the login link, and enter the PIN in the list; or turn two-step verification off in WhatsApp Manager.",
    ),
    meaning(
        Account,
        Silent,
        "account_restricted",
        "Meta restricts the number or its WhatsApp Business Account.",
        "See why in WhatsApp Manager; a review can be asked for in Business Support Home.",
    ),
    login(
        Account,
        Silent,
        "not_verified",
        "The number is not verified at WhatsApp.",
        "Verify it in WhatsApp Manager by SMS or call, then open the login link and connect it again.",
    ),
    meaning(Account, Silent, "not_registered", "The number is not registered yet.", "We try again within a day; nothing has to be done."),
    login(
        Account,
        ReconnectNeeded,
        "app_removed",
        "Who connected it removed the app at Facebook.",
        "Open the login link and connect it again.",
    ),
    login(
        Account,
        ReconnectNeeded,
        "checkpoint",
        "Facebook wants to check the person who connected it.",
        "Sign in at facebook.com, pass the check, then open the login link and connect it again.",
    ),
    login(
        Account,
        ReconnectNeeded,
        "password_changed",
        "Who connected it changed their password at Facebook.",
        "Open the login link and connect it again.",
    ),
    login(Account, ReconnectNeeded, "expired", "Our access ended before it could be renewed.", "Open the login link and connect it again."),
    login(
        Account,
        ReconnectNeeded,
        "unconfirmed",
        "The Facebook account of who connected it is not confirmed.",
        "Confirm that account at facebook.com, then open the login link and connect it again.",
    ),
    login(
        Account,
        ReconnectNeeded,
        "page_role_lost",
        "Who connected it has no role on the Page any more.",
        "Have somebody with a role on it open the login link and connect it.",
    ),
    login(
        Account,
        ReconnectNeeded,
        "missing_permission",
        "A permission was taken away at Facebook.",
        "Open the login link, connect it again, and allow all that is asked for.",
    ),
    login(Account, ReconnectNeeded, "", "Facebook no longer takes our access to it.", "Open the login link and connect it again."),
    meaning(Account, Uninstalled, "", "Its store is away.", "Connect the store; this comes back by itself."),
    meaning(
        Account,
        Moved,
        "",
        "Another store holds it now.",
        "Who wants it back connects it from the store that shall have it, and confirms the move.",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{facts::Unready, providers::meta::debug_token::Death};

    #[test]
    fn every_reason_has_a_meaning() {
        let known = |of: Of, state, reason: &str| super::of(of, state, Some(reason)).is_some_and(|meaning| meaning.reason == reason);
        for unready in Unready::ALL.into_iter().filter(|unready| !unready.is_passing()) {
            assert!(known(Account, Silent, unready.as_str()), "{unready:?}");
        }
        for death in Death::ALL.into_iter().filter(|death| *death != Death::TokenInvalid) {
            assert!(known(Account, ReconnectNeeded, death.as_str()), "{death:?}");
        }
        assert_eq!(of(Store, ReconnectNeeded, Some("new")).unwrap().means, "Our access to the store is dead.");
        assert!(of(Store, Moved, None).is_none());
    }

    #[test]
    fn support_md_has_the_same_table() {
        let page = include_str!("../../docs/support.md");
        let rows = ALL.iter().map(|Meaning { of, state, reason, means, tell, .. }| {
            let of = if *of == Store { "store" } else { "Page" };
            let reason = if reason.is_empty() { String::new() } else { format!("`{reason}`") };
            format!("| {of} | `{}` | {reason} | {means} | {tell} |\n", state.as_str())
        });
        let table: String = rows.map(|row| row.replace("|  |", "| |")).collect();
        assert!(page.contains(&table), "docs/support.md has to hold:\n{table}");
    }
}
