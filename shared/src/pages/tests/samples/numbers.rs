//! Pages with phone numbers, which say and ask for more than others.

use super::*;
use crate::facts::Registered;
use crate::platform::AccountKind;
use crate::providers::whatsapp::{PHONE, WABA};

/// What only numbers lack.
const UNREADY: [Unready; 5] =
    [Unready::PinRequired, Unready::AccountRestricted, Unready::NotVerified, Unready::NotRegistered, Unready::AccountNotSubscribed];

const BOTH: [&AccountKind; 2] = [NEXT, &PHONE];

pub(super) fn all() -> Vec<Rendered> {
    let mut samples = vec![
        sample("connections-numbers", list()),
        sample("accounts-connected-numbers", connected()),
        sample("store-connected-numbers", StoreConnected { others: vec![&PHONE], ..store() }),
        sample("welcome-numbers", Welcome { kinds: BOTH.to_vec(), is_translated: false }),
        sample("starting-numbers", Starting { kind: &PHONE, ..starting(Asked::Connect(NextStep::go_on(&PHONE, SHOP, false))) }),
    ];
    let disconnected = Notice::Account { kind: &PHONE, unsubscribed: Unsubscribed::Done, permission: Permission::Revoked };
    let registered = Registered::ALL.map(|registered| Notice::Registered { kind: &PHONE, registered });
    let notices = registered.into_iter().chain([disconnected]).enumerate();
    samples.extend(notices.map(|(n, notice)| sample(format!("notice-of-numbers-{n}"), Connections { notice: Some(notice), ..list() })));
    samples
}

fn waba() -> Option<Companion> {
    CompanionId::parse(&WABA, "102289599326934").map(|id| Companion { id, name: None })
}

fn list() -> Connections {
    let number = |state| AccountEntry {
        id: AccountId::parse(&PHONE, "401").unwrap(),
        name: "Ärmel & Söhne".to_owned(),
        display: Some("+43 660 1234567".to_owned()),
        companion: waba(),
        state,
        times: TIMES,
    };
    let states = UNREADY.map(|unready| AccountState::Active(Messages::NotReady(unready))).into_iter();
    let numbers = states.chain([AccountState::Active(Messages::Ready), AccountState::ReconnectNeeded, AccountState::Moved]).map(number);
    let list = connections();
    let accounts = list.accounts.into_iter().take(1).chain(numbers).collect();
    Connections { kinds: BOTH.to_vec(), accounts, notice: None, ..list }
}

fn connected() -> AccountsConnected {
    let messages = UNREADY.map(Messages::NotReady).into_iter().chain([Messages::Ready]);
    let number = |messages| ConnectedAccount {
        display: Some("+43 660 1234567".to_owned()),
        companion: waba(),
        ..super::connected("401", "Ärmel & Söhne", messages)
    };
    let left_out = [LeftOut::TooMany, LeftOut::Unreadable, LeftOut::MissingPermissions(vec!["whatsapp_business_messaging".to_owned()])];
    let left_out = left_out.map(|reason| LeftOutAccount { id: "102289599326934".to_owned(), name: None, way: None, reason });
    AccountsConnected {
        kind: &PHONE,
        connected: messages.map(number).collect(),
        left_out: left_out.into(),
        open: vec![NEXT],
        ..accounts_connected()
    }
}
