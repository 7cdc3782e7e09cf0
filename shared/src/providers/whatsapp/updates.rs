//! Meta's unsolicited reports about WhatsApp Business Accounts: a merchant took one back or deleted
//! it, or Meta restricts it (`webhooks/reference/account_update`).

use serde_json::{Value, value::RawValue};

use crate::facts::Unready;
use crate::json;
use crate::platform::CompanionId;
use crate::providers::meta::digits;
use crate::providers::meta::messages::millis;
use crate::providers::meta::webhook::{Delivery, Reported};
use crate::providers::news::{End, News, Removal, Updates};
use crate::{Clock, Error, UnixSeconds, Vars};

use super::{OBJECT, PLATFORM, Revocation, WABA};

const FIELD: &str = "account_update";
/// Reason: the merchant took the account back.
const APP_REMOVED: &str = "app_removed";
/// Reason: the account no longer exists.
const ACCOUNT_DELETED: &str = "account_deleted";
/// Reason: a number has to be linked again, and Meta's reason can't be repeated.
const DISCONNECTED: &str = "account_disconnected";
/// The longest reason to repeat, in bytes.
const MAX_REASON: usize = 64;
/// After this many seconds a change of device is over, even if nobody says so.
const MENDED_AFTER: u64 = 15 * 60;

/// What an event implies.
enum Word {
    Removed(End, String),
    Fares(Option<Unready>, Option<u64>),
}

/// Reads the settings for Meta's reports about WhatsApp Business Accounts.
///
/// # Errors
/// `misconfigured`.
pub fn reported(vars: &Vars, clock: Clock) -> Result<Reported, Error> {
    Ok(Reported { revoker: Box::new(Revocation::from_vars(vars, clock)?), updates: read })
}

/// Reads what was delivered to WhatsApp's app, which has this id, at this moment, in Unix
/// milliseconds. Repetitions within one delivery are read once.
#[must_use]
pub fn read(delivery: &Delivery<'_>, app_id: &str, now: u64) -> Updates {
    let mut updates = Updates::default();
    if !delivery.is_for(&PLATFORM) || delivery.object().as_deref() != Some(OBJECT) {
        return updates;
    }
    for entry in delivery.entries() {
        let time = entry.time.and_then(|time| millis(&json::read(time))).filter(|time| *time <= now);
        let at = time.unwrap_or(now) / 1000;
        for change in entry.changes(FIELD) {
            take(&mut updates, &json::read(change), entry.id, app_id, at);
        }
    }
    updates
}

fn take(updates: &mut Updates, value: &Value, entry: Option<&RawValue>, app_id: &str, at: UnixSeconds) {
    let Some(word) = word(value, app_id) else { return };
    // In a report to a partner, the entry is the app's own business.
    let inside = value.pointer("/waba_info/waba_id").cloned();
    let Some(id) = inside.or_else(|| entry.map(json::read)).and_then(digits) else { return };
    let Some(companion) = CompanionId::parse(&WABA, &id) else { return };
    match word {
        Word::Removed(end, reason) => once(&mut updates.removals, Removal { companion, end, reason, at }),
        Word::Fares(unready, look_within) => once(&mut updates.news, News { companion, unready, look_within, at }),
    }
}

fn once<T: PartialEq>(list: &mut Vec<T>, item: T) {
    if !list.contains(&item) {
        list.push(item);
    }
}

fn word(value: &Value, app_id: &str) -> Option<Word> {
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str);
    let restricted = Word::Fares(Some(Unready::AccountRestricted), None);
    // The keeper checks in its next run.
    let is_back = Word::Fares(None, Some(0));
    Some(match text("/event")? {
        // The number left the WhatsApp Business app, or that app left it here; it can be linked
        // again.
        "PARTNER_REMOVED" if value.get("disconnection_info").is_some_and(Value::is_object) => {
            Word::Removed(End::NeedsLink, reason(text("/disconnection_info/reason")))
        }
        "PARTNER_REMOVED" => Word::Removed(End::Gone, APP_REMOVED.to_owned()),
        "PARTNER_APP_UNINSTALLED" => {
            let removed = value.pointer("/waba_info/partner_app_id").cloned().and_then(digits);
            let is_ours = removed.is_none_or(|id| id == app_id);
            return is_ours.then(|| Word::Removed(End::Gone, APP_REMOVED.to_owned()));
        }
        "ACCOUNT_DELETED" => Word::Removed(End::Gone, ACCOUNT_DELETED.to_owned()),
        "DISABLED_UPDATE" => match text("/ban_info/waba_ban_state")? {
            "DISABLE" | "SCHEDULE_FOR_DISABLE" => restricted,
            "REINSTATE" => is_back,
            _ => return None,
        },
        "ACCOUNT_RESTRICTION" | "ACCOUNT_VIOLATION" => restricted,
        // As when a device changes: that resolves itself in minutes.
        "ACCOUNT_OFFBOARDED" => Word::Fares(Some(Unready::NotChecked), Some(MENDED_AFTER)),
        "ACCOUNT_RECONNECTED" => is_back,
        _ => return None,
    })
}

/// Meta's reason as a word.
fn reason(text: Option<&str>) -> String {
    let word = text.map(str::to_ascii_lowercase).filter(|word| word.len() <= MAX_REASON && is_word(word));
    word.unwrap_or_else(|| DISCONNECTED.to_owned())
}

fn is_word(text: &str) -> bool {
    let is_sign = |sign: u8| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == b'_';
    text.starts_with(|first: char| first.is_ascii_lowercase()) && text.bytes().all(is_sign)
}

#[cfg(test)]
mod tests;
