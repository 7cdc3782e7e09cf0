//! The phone numbers that a token gives access to, by the WhatsApp Business Accounts it was granted
//! for (`embedded-signup/manage-accounts`).

use std::collections::HashSet;

use futures_util::{StreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;

use crate::http::{Answer, Outbound, provider_error};
use crate::platform::{AccountId, Companion, CompanionId, GrantedAccount};
use crate::providers::meta::{self, Asking, Graph, GraphError, Verdict, classify};
use crate::providers::permissions::{Granted, Permissions};
use crate::{Code, Detail, Error, Secret, facts::Unready};

use super::{MESSAGING, PHONE, PLATFORM};

/// The fields to request for numbers.
pub(super) const FIELDS: &str = "id,display_phone_number,verified_name,status,code_verification_status,is_on_biz_app,is_pin_enabled";
const PAGE_SIZE: &str = "100";
/// The most WhatsApp Business Accounts in one flow.
const MOST_ACCOUNTS: usize = 50;
/// The most numbers in one flow.
const MOST_NUMBERS: usize = 250;
/// WhatsApp Business Accounts read concurrently.
const CONCURRENCY: usize = 8;
/// The most parts of one account's list: full ones hold more numbers than a flow links.
const MAX_LISTS: usize = 5;

/// What was found, and what was not.
#[derive(Debug, Default)]
pub struct Numbers {
    /// Each number once.
    pub found: Vec<Number>,
    /// WhatsApp Business Accounts that were granted, but not for messages.
    pub without_messaging: Vec<CompanionId>,
    /// Those that could not be read.
    pub unreadable: Vec<CompanionId>,
    /// Those beyond what one flow links.
    pub accounts_beyond: Vec<CompanionId>,
    /// Numbers beyond that.
    pub beyond: Vec<AccountId>,
}

/// A number as its account lists it.
#[derive(Debug)]
pub struct Number {
    /// As it is linked.
    pub account: GrantedAccount,
    /// Whether it receives messages.
    pub state: NumberState,
}

/// Whether a number receives messages, according to its own data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NumberState {
    /// It does.
    Connected,
    /// It has to be registered. `has_pin`: two-step verification is on, so its own PIN is required.
    Unregistered {
        /// According to the number; none if it does not say.
        has_pin: Option<bool>,
    },
    /// Registering it would be refused, for this reason.
    Refused(Unready),
}

#[derive(Deserialize)]
struct ListReply {
    data: Vec<Value>,
    #[serde(default)]
    paging: Value,
}

#[derive(Deserialize)]
pub(super) struct NumberReply {
    id: Value,
    display_phone_number: Option<String>,
    verified_name: Option<String>,
    status: Option<String>,
    code_verification_status: Option<String>,
    is_on_biz_app: Option<bool>,
    is_pin_enabled: Option<bool>,
}

/// Why an account's numbers are missing.
enum Unlisted {
    /// The problem concerns this account only.
    Unreadable,
    Failed(Error),
}

/// Reads the numbers of all WhatsApp Business Accounts for which a token was granted.
///
/// # Errors
/// `missing_permission` without the messaging permission, or if it covers no account;
/// `token_exchange_failed`, `provider_error`, `provider_timeout`.
pub async fn list(graph: &Graph, outbound: &Outbound, token: &Secret, permissions: &Permissions) -> Result<Numbers, Error> {
    let (granted, mut numbers) = granted(permissions)?;
    let mut granted = granted;
    numbers.accounts_beyond = granted.split_off(granted.len().min(MOST_ACCOUNTS));
    let reading = granted.into_iter().map(|waba| async move {
        let listed = list_of(graph, outbound, token, &waba).await;
        (waba, listed)
    });
    let read: Vec<_> = stream::iter(reading.collect::<Vec<_>>()).buffered(CONCURRENCY).collect().await;
    let mut seen = HashSet::new();
    for (waba, listed) in read {
        match listed {
            Ok(listed) => numbers.found.extend(listed.into_iter().filter(|number| seen.insert(number.account.id.clone()))),
            Err(Unlisted::Unreadable) => numbers.unreadable.push(waba),
            Err(Unlisted::Failed(error)) => return Err(error),
        }
    }
    let beyond = numbers.found.split_off(numbers.found.len().min(MOST_NUMBERS));
    numbers.beyond = beyond.into_iter().map(|number| number.account.id).collect();
    Ok(numbers)
}

/// The accounts for which a token was granted: the union over its permissions, in order of id,
/// because Meta's own order changes.
fn granted(permissions: &Permissions) -> Result<(Vec<CompanionId>, Numbers), Error> {
    let missing = || Error::new(Code::MissingPermission, Detail::MissingPermissions(&PLATFORM, vec![MESSAGING.to_owned()]));
    if !permissions.scopes.iter().any(|scope| scope == MESSAGING) {
        return Err(missing());
    }
    let named = permissions.companions.iter().find(|(scope, _)| scope == MESSAGING).map(|(_, ids)| ids);
    if named.is_some_and(Vec::is_empty) {
        return Err(missing());
    }
    let mut all: Vec<CompanionId> = permissions.companions.iter().flat_map(|(_, ids)| ids).cloned().collect();
    all.sort();
    all.dedup();
    let (with, without) = all.into_iter().partition(|waba| permissions.granted_to(waba) == Granted::Yes);
    Ok((with, Numbers { without_messaging: without, ..Numbers::default() }))
}

/// The numbers of one account (`{waba}/phone_numbers`), by cursor. `paging.next` only says that
/// there is more: it carries the token and is never followed.
async fn list_of(graph: &Graph, outbound: &Outbound, token: &Secret, waba: &CompanionId) -> Result<Vec<Number>, Unlisted> {
    const NAME: &str = "phone_numbers";
    let (mut found, mut cursors, mut after): (Vec<Number>, _, Option<String>) = (Vec::new(), HashSet::new(), None);
    for _ in 0..MAX_LISTS {
        let mut request = graph.get(outbound, &format!("{waba}/phone_numbers"), token).query(&[("fields", FIELDS), ("limit", PAGE_SIZE)]);
        if let Some(after) = &after {
            request = request.query(&[("after", after)]);
        }
        let answer = graph.ask(outbound, Asking::WithToken, NAME, request).await;
        let answer = answer.map_err(|error| Unlisted::Failed(error.into_error(&PLATFORM, graph.call(NAME))))?;
        let reply: Option<ListReply> = if GraphError::of(&answer).is_none() { answer.json_of_success() } else { None };
        let Some(ListReply { data, paging }) = reply else { return Err(unlisted(graph, NAME, &answer)) };
        found.extend(data.into_iter().filter_map(|number| read(number, waba)));
        let cursor = paging.pointer("/cursors/after").and_then(Value::as_str).filter(|_| paging.get("next").is_some());
        after = cursor.filter(|cursor| cursor.len() <= 1024).map(str::to_owned).filter(|cursor| cursors.insert(cursor.clone()));
        if after.is_none() {
            break;
        }
    }
    Ok(found)
}

/// An account's own error leaves out that account; a transient failure concerns none in particular.
fn unlisted(graph: &Graph, name: &'static str, answer: &Answer) -> Unlisted {
    let error = GraphError::of(answer);
    let verdict = classify(Asking::WithToken, answer.status, error.as_ref());
    let cause = format!("{}: status {} {}", graph.call(name), answer.status, error.as_ref().map(GraphError::numbers).unwrap_or_default());
    if error.as_ref().is_some_and(|error| is_own(error.code)) && !matches!(verdict, Verdict::Retry | Verdict::Wait) {
        tracing::warn!(cause, "account left out");
        return Unlisted::Unreadable;
    }
    let provoked = verdict == Verdict::Wait && error.as_ref().is_some_and(GraphError::throttles_one);
    Unlisted::Failed(match verdict {
        Verdict::ReconnectNeeded | Verdict::TokenOfAnotherApp | Verdict::RestartLogin => {
            Error::new(Code::TokenExchangeFailed, Detail::SignInRefused(&PLATFORM)).caused_by(cause)
        }
        Verdict::OurConfiguration => provider_error(&PLATFORM).refusing_credentials(true).caused_by(cause),
        _ => provider_error(&PLATFORM).provoked(provoked).caused_by(cause),
    })
}

/// Whether an error concerns the requested account rather than the call.
pub(super) const fn is_own(code: i64) -> bool {
    matches!(code, 10 | 33 | 100 | 200..=299)
}

/// None if it is malformed.
fn read(number: Value, waba: &CompanionId) -> Option<Number> {
    let reply = NumberReply::deserialize(number).ok()?;
    let state = reply.state();
    let id = meta::account(&PHONE, reply.id)?;
    let shown = |text: String| text.chars().take(255).collect::<String>();
    let display = reply.display_phone_number.map(shown).filter(|text| !text.is_empty());
    let name = reply.verified_name.map(shown).filter(|text| !text.is_empty());
    let account = GrantedAccount {
        name: name.or_else(|| display.clone()).unwrap_or_else(|| id.to_string()),
        tasks: Vec::new(),
        may_move: false,
        category: None,
        display,
        access_token: None,
        companion: Some(Companion { id: waba.clone(), name: None }),
        id,
    };
    Some(Number { account, state })
}

impl NumberReply {
    /// Interprets its state (`business-phone-numbers/phone-numbers`).
    pub(super) fn state(&self) -> NumberState {
        let status = self.status.as_deref().unwrap_or_default();
        // A number in the WhatsApp Business app is already registered.
        if status == "CONNECTED" || self.is_on_biz_app == Some(true) {
            return NumberState::Connected;
        }
        match (status, self.code_verification_status.as_deref()) {
            ("BANNED" | "RESTRICTED", _) => NumberState::Refused(Unready::AccountRestricted),
            (_, Some("NOT_VERIFIED")) => NumberState::Refused(Unready::NotVerified),
            _ => NumberState::Unregistered { has_pin: self.is_pin_enabled },
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::providers::whatsapp::WABA;

    fn waba(id: &str) -> CompanionId {
        CompanionId::parse(&WABA, id).unwrap()
    }

    fn permissions(targets: &[(&str, &[&str])]) -> Permissions {
        let companions = targets.iter().map(|(scope, ids)| ((*scope).to_owned(), ids.iter().map(|id| waba(id)).collect()));
        Permissions { scopes: vec![MESSAGING.to_owned()], companions: companions.collect(), ..Permissions::default() }
    }

    fn granted_of(targets: &[(&str, &[&str])]) -> Option<(Vec<CompanionId>, Vec<CompanionId>)> {
        granted(&permissions(targets)).ok().map(|(with, numbers)| (with, numbers.without_messaging))
    }

    #[test]
    fn accounts_are_the_union_over_all_permissions() {
        const MANAGEMENT: &str = "whatsapp_business_management";
        assert_eq!(granted_of(&[(MANAGEMENT, &["2", "1"]), (MESSAGING, &["1", "2"])]), Some((vec![waba("1"), waba("2")], vec![])));
        assert_eq!(granted_of(&[(MANAGEMENT, &["2", "1"]), (MESSAGING, &["1"])]), Some((vec![waba("1")], vec![waba("2")])));
        assert_eq!(granted_of(&[(MANAGEMENT, &["1"])]), Some((vec![waba("1")], vec![])), "it names none, and holds for all");
        assert_eq!(granted_of(&[]), Some((vec![], vec![])));
        assert_eq!(granted_of(&[(MANAGEMENT, &["1"]), (MESSAGING, &[])]), None, "granted for none");
        let without = Permissions { scopes: vec![MANAGEMENT.to_owned()], ..permissions(&[(MANAGEMENT, &["1"])]) };
        assert_eq!(granted(&without).unwrap_err().code, Code::MissingPermission);
    }

    #[test]
    fn a_number_says_whether_it_needs_registration() {
        let state = |reply: Value| read(reply, &waba("1")).unwrap().state;
        let of = |status: &str, verified: &str| state(json!({ "id": "7", "status": status, "code_verification_status": verified }));
        assert_eq!(of("CONNECTED", "EXPIRED"), NumberState::Connected);
        assert_eq!(of("PENDING", "VERIFIED"), NumberState::Unregistered { has_pin: None });
        assert_eq!(of("PENDING", "NOT_VERIFIED"), NumberState::Refused(Unready::NotVerified));
        assert_eq!(of("BANNED", "VERIFIED"), NumberState::Refused(Unready::AccountRestricted));
        assert_eq!(state(json!({ "id": 7, "is_on_biz_app": true })), NumberState::Connected);
        assert_eq!(state(json!({ "id": 7, "is_pin_enabled": true })), NumberState::Unregistered { has_pin: Some(true) });
    }

    #[test]
    fn a_number_is_named_by_its_verified_name() {
        let account = |reply: Value| read(reply, &waba("1")).map(|number| (number.account.name, number.account.display));
        let of = |name: &str, display: &str| account(json!({ "id": "7", "verified_name": name, "display_phone_number": display })).unwrap();
        assert_eq!(of("Jasper's", "+1 631-555-5555"), ("Jasper's".to_owned(), Some("+1 631-555-5555".to_owned())));
        assert_eq!(of("", "+1 631-555-5555").0, "+1 631-555-5555");
        assert_eq!(of("", ""), ("7".to_owned(), None));
        assert_eq!(account(json!({ "id": "x" })), None);
        assert_eq!(account(json!(["7"])), None);
    }
}
