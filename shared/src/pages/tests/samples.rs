//! One page of every kind, for the tests.

mod numbers;

use serde_json::json;

use super::*;
use crate::facts::{
    AccountState, Brand, Deletion, Found, LeftOut, Messages, NextStep, Notice, Offer, Permission, StoreState, Uninstalled, Unready,
    Unsubscribed,
};
use crate::platform::{AccountId, Companion, CompanionId};
use crate::providers::{NEXT, PLATFORMS, shopify};
use crate::{Code, Detail, Error, error::FirstUse, moving::MoveList, request::Request};

pub(super) const SHOP: &str = "acme.myshopify.com";
/// 2 November and 1 December 2026.
const TIMES: Times = Times { linked_at: Some(1_793_628_239), checked_at: Some(1_796_108_400) };

type Rendered = (String, Box<dyn Fn(Language) -> String>);

/// A brand.
pub(super) fn brand() -> Brand {
    Brand {
        name: Some("Käufer & Co".to_owned()),
        support: Some("mailto:help@a.example?subject=A&body=B".to_owned()),
        privacy: Some("https://a.example/privacy".to_owned()),
    }
}

/// A page under that brand.
pub(super) fn shown(page: &impl Page) -> String {
    page.html(Language::English, &brand())
}

fn sample(name: impl Into<String>, page: impl Page + 'static) -> Rendered {
    (name.into(), Box::new(move |language| page.html(language, &brand())))
}

fn error(name: impl Into<String>, path: &str, error: Error) -> Rendered {
    let event = json!({ "rawPath": path, "requestContext": { "requestId": "JKJaXmPLvHcESHA=", "http": { "method": "GET" } } });
    let request = Request::from_event(&event);
    (name.into(), Box::new(move |language| ErrorPage { error: &error, request: &request, platforms: PLATFORMS }.html(language, &brand())))
}

pub(super) fn all() -> Vec<Rendered> {
    let mut samples = vec![
        sample("store-connected", store()),
        sample("store-connected-bare", StoreConnected { name: None, found: Vec::new(), partial: true, ..store() }),
        sample("store-connected-partial", StoreConnected { partial: true, ..store() }),
        sample("starting", starting(Asked::Connect(NextStep::go_on(NEXT, SHOP, false)))),
        sample("starting-to-move", starting(Asked::Move(offers()))),
        sample("starting-to-move-what", starting(Asked::MoveWithoutIds(NextStep::go_on(NEXT, SHOP, false)))),
        sample("accounts-connected", accounts_connected()),
        sample("accounts-connected-some", some_connected()),
        sample("connections", connections()),
        sample("accounts-connected-shared", shared()),
        sample("welcome", Welcome { kinds: vec![NEXT], is_translated: false }),
        sample("welcome-translated", Welcome { kinds: vec![NEXT], is_translated: true }),
        sample("connections-end", Connections { csrf_token: None, notice: None, ..connections() }),
        sample("connections-empty", Connections { accounts: Vec::new(), notice: None, ..connections() }),
        sample("connections-reconnect", with_store(StoreState::ReconnectNeeded)),
        sample("connections-disconnected", with_store(StoreState::Disconnected)),
        sample("connections-of-one-name", of_one_name()),
    ];
    samples.extend(numbers::all());
    samples.extend(
        notices()
            .into_iter()
            .enumerate()
            .map(|(number, notice)| sample(format!("notice-{number}"), Connections { notice: Some(notice), ..connections() })),
    );
    samples.extend(
        [Deletion::InProgress, Deletion::NothingKept, Deletion::Deleted, Deletion::AccessDeleted]
            .map(|deletion| sample(format!("deletion-{deletion:?}"), deletion_status(deletion))),
    );
    samples.extend(Code::ALL.map(|code| error(format!("error-{}", code.as_str()), "/shopify/callback", Error::of(code))));
    samples.extend(details().into_iter().enumerate().map(|(number, (code, detail))| {
        let refusal = Error::new(code, detail).leading_to(NextStep::try_again(NEXT, SHOP));
        error(format!("detail-{number}-{}", code.as_str()), &format!("/{}/callback", NEXT.platform.name), refusal)
    }));
    samples
}

fn move_to_here(id: &str) -> NextStep {
    NextStep::move_here(NEXT, SHOP, false, &MoveList::first_of([id]), "q1w2e3")
}

pub(super) fn offers() -> Vec<Offer> {
    let offer = |id: &str, name: Option<&str>| Offer { id: id.to_owned(), name: name.map(str::to_owned), next: move_to_here(id) };
    vec![offer("104", Some("Ärmel Wien")), offer("106", None)]
}

pub(super) fn starting(asked: Asked) -> Starting {
    Starting { shop: SHOP.to_owned(), kind: NEXT, asked }
}

pub(super) fn store() -> StoreConnected {
    let count = |number, more| Count { number, more };
    StoreConnected {
        domain: SHOP.to_owned(),
        name: Some("Ärmel & Söhne".to_owned()),
        found: vec![(Found::Products, count(20, true)), (Found::Locations, count(2, false)), (Found::Discounts, count(0, false))],
        partial: false,
        next: NEXT,
        others: Vec::new(),
    }
}

fn connected(id: &str, name: &str, messages: Messages) -> ConnectedAccount {
    ConnectedAccount { id: id.to_owned(), name: name.to_owned(), display: None, companion: None, moved: false, kept: false, messages }
}

pub(super) fn accounts_connected() -> AccountsConnected {
    let pages = [("101", "Ärmel & Söhne"), ("102", "Ärmel Outlet 🧥")];
    AccountsConnected {
        shop: SHOP.to_owned(),
        kind: NEXT,
        connected: pages.map(|(id, name)| connected(id, name, Messages::Ready)).into(),
        left_out: Vec::new(),
        truncated: false,
        open: Vec::new(),
        back: NextStep::back(Some("https://a.example/?x=1&status=linked"), SHOP),
    }
}

fn shared() -> AccountsConnected {
    let pages = [("101", Messages::Ready), ("102", Messages::Shared)];
    AccountsConnected { connected: pages.map(|(id, messages)| connected(id, "Ärmel & Söhne", messages)).into(), ..accounts_connected() }
}

fn some_connected() -> AccountsConnected {
    let mut accounts: Vec<ConnectedAccount> =
        Unready::ALL.into_iter().map(|unready| connected("103", unready.as_str(), Messages::NotReady(unready))).collect();
    accounts.push(ConnectedAccount { moved: true, ..connected("104", "Moved", Messages::Ready) });
    accounts.push(ConnectedAccount { kept: true, ..connected("105", "Kept", Messages::Ready) });
    let reasons = [
        LeftOut::InsufficientTasks,
        LeftOut::MissingPermissions(vec!["pages_messaging".to_owned(), "pages_new".to_owned()]),
        LeftOut::Unreadable,
        LeftOut::Gone,
        LeftOut::RateLimited,
        LeftOut::HeldElsewhere,
        LeftOut::TooMany,
    ];
    let left_out = reasons.map(|reason| LeftOutAccount {
        id: "106".to_owned(),
        name: None,
        way: (reason == LeftOut::HeldElsewhere).then(|| move_to_here("106")),
        reason,
    });
    AccountsConnected { connected: accounts, left_out: left_out.into(), truncated: true, ..accounts_connected() }
}

fn account(id: &str, name: &str, state: AccountState) -> AccountEntry {
    AccountEntry { id: AccountId::parse(NEXT, id).unwrap(), name: name.to_owned(), display: None, companion: None, state, times: TIMES }
}

pub(super) fn connections() -> Connections {
    let unready = |unready| AccountState::Active(Messages::NotReady(unready));
    Connections {
        store: StoreEntry { domain: SHOP.to_owned(), name: Some("Ärmel & Söhne".to_owned()), state: StoreState::Active, times: TIMES },
        kinds: vec![NEXT],
        accounts: vec![
            account("201", "Ärmel & Söhne", AccountState::Active(Messages::Ready)),
            account("202", "Ärmel Outlet 🧥", unready(Unready::MissingPermission)),
            account("203", "Ärmel Wien", unready(Unready::NotChecked)),
            account("204", "Ärmel Graz", AccountState::ReconnectNeeded),
            account("205", "Ärmel Linz", AccountState::Moved),
            account("206", "Ärmel Salzburg", AccountState::Active(Messages::Shared)),
        ],
        csrf_token: Some("q1w2e3".to_owned()),
        notice: Some(Notice::Account { kind: NEXT, unsubscribed: Unsubscribed::Done, permission: Permission::Kept }),
    }
}

fn with_store(state: StoreState) -> Connections {
    let list = connections();
    let accounts = list.accounts.into_iter().map(|account| AccountEntry { state: AccountState::Paused, ..account }).collect();
    Connections { store: StoreEntry { state, name: None, ..list.store }, accounts, notice: None, ..list }
}

/// Two accounts with the same name, one with a companion; times are unknown.
fn of_one_name() -> Connections {
    let hanging = |id: &str, name: Option<&str>| {
        NEXT.companion.and_then(|kind| CompanionId::parse(kind, id)).map(|id| Companion { id, name: name.map(str::to_owned) })
    };
    let mut list = connections();
    list.accounts = ["301", "302", "303"].map(|id| account(id, "Ärmel Wien", AccountState::Active(Messages::Ready))).into();
    list.accounts.iter_mut().for_each(|account| account.times = Times::default());
    list.accounts[0].companion = hanging("901", Some("aermel.wien"));
    list.accounts[1].companion = hanging("902", None);
    list.accounts[2].name = "Ärmel Graz".to_owned();
    Connections { notice: None, ..list }
}

fn notices() -> Vec<Notice> {
    let unsubscribed = [Unsubscribed::Done, Unsubscribed::Later, Unsubscribed::NotPossible];
    let permission = [Permission::Revoked, Permission::Kept, Permission::Later, Permission::NotPossible];
    let mut notices: Vec<Notice> = unsubscribed
        .into_iter()
        .flat_map(|unsubscribed| permission.map(|permission| Notice::Account { kind: NEXT, unsubscribed, permission }))
        .collect();
    notices.extend([Uninstalled::Done, Uninstalled::Failed, Uninstalled::NotAsked].map(|uninstalled| Notice::Store { uninstalled }));
    notices.push(Notice::Note);
    notices
}

fn deletion_status(deletion: Deletion) -> DeletionStatus {
    DeletionStatus {
        kind: NEXT,
        deletion,
        requested_at: "2026-11-02T14:03:59Z".to_owned(),
        deleted_at: (deletion != Deletion::InProgress).then(|| "2026-11-02T14:04:01Z".to_owned()),
        records: 3,
        code: "0123456789abcdef0123456789abcdef".to_owned(),
    }
}

/// Every detail, with its code.
pub(super) fn details() -> Vec<(Code, Detail)> {
    let theirs: Vec<String> = ["pages_messaging", "pages_show_list", "pages_manage_metadata"].map(str::to_owned).into();
    let own: Vec<String> = ["read_products", "read_inventory", "read_discounts", "read_locations", "read_later"].map(str::to_owned).into();
    let mut details = vec![
        (Code::MissingPermission, Detail::MissingPermissions(&shopify::PLATFORM, own)),
        (Code::MissingPermission, Detail::MissingPermissions(NEXT.platform, theirs.clone())),
        (Code::MissingPermission, Detail::MissingForAccounts(NEXT, theirs)),
        (Code::MissingPermission, Detail::AccountsHidden(NEXT)),
        (Code::ProviderError, Detail::DialogFailed(NEXT.platform, Some("1349126".to_owned()))),
        (Code::ProviderError, Detail::DialogFailed(NEXT.platform, None)),
        (Code::TokenExchangeFailed, Detail::StoreChanged),
        (Code::MissingSession, Detail::StoreFirst(NEXT)),
        (Code::NotFound, Detail::UnknownConfirmationCode),
        (Code::HeldElsewhere, Detail::HeldElsewhere(NEXT, offers())),
        (Code::NoPage, Detail::NoAccount(NEXT)),
        (Code::TooManyAttempts, Detail::TooManyAttempts(NEXT)),
        (Code::Forbidden, Detail::NotStartedHere),
        (Code::MalformedParameter, Detail::from("The parameter 'hmac' can't be read.")),
    ];
    for provider in [&shopify::PLATFORM, NEXT.platform] {
        details
            .extend([FirstUse::Linked, FirstUse::InFlight, FirstUse::Failed].map(|use_| (Code::UsedState, Detail::Used(provider, use_))));
        details.extend([
            (Code::InvalidState, Detail::BegunElsewhere(provider)),
            (Code::AccessDenied, Detail::Declined(provider)),
            (Code::ProviderError, Detail::ProviderFailed(provider)),
            (Code::ProviderTimeout, Detail::NoAnswer(provider)),
            (Code::TokenExchangeFailed, Detail::SignInRefused(provider)),
        ]);
    }
    details
}
