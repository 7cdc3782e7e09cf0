//! What becomes of an account, how it is told (`account_update`), and what it means here.

use serde_json::{Value, json};

use crate::facebook::graph::State;

/// Something that becomes of an account.
#[derive(Clone, Debug)]
pub enum AccountEvent {
    /// It was shared with the app's business.
    Added,
    /// It was unshared.
    Removed,
    /// Its number is no longer in the WhatsApp Business app and here at the same time: for a reason
    /// such as `PRIMARY_INACTIVITY`, by `SYSTEM` or `USER`.
    Disconnected {
        /// `ACCOUNT_DISCONNECTED`, `BUSINESS_DOWNGRADE`, `CHANGE_NUMBER`, `COMPANION_INACTIVITY`,
        /// `PRIMARY_INACTIVITY` or `USER_RE_REGISTERED`.
        reason: &'static str,
        /// By whom.
        initiated_by: &'static str,
    },
    /// The app was given permissions for it.
    AppInstalled,
    /// The app's permissions for it were taken back.
    AppUninstalled,
    /// The same of another app.
    OtherAppUninstalled {
        /// Its id.
        app_id: &'static str,
    },
    /// It is off for a moment, as when a device changes.
    Offboarded,
    /// It is on again.
    Reconnected,
    /// It is gone.
    Deleted,
    /// `SCHEDULE_FOR_DISABLE`, `DISABLE` or `REINSTATE`.
    Ban {
        /// Which of them.
        state: &'static str,
        /// In words, such as `April 17, 2025`.
        date: &'static str,
    },
    /// It may do less, such as `RESTRICTED_BIZ_INITIATED_MESSAGING`.
    Restricted {
        /// What it may not.
        kind: &'static str,
        /// Until when, in seconds.
        expiration: Option<i64>,
    },
    /// It has violated a policy, such as `ADULT`.
    Violation {
        /// Which.
        kind: &'static str,
    },
    /// Any other: what stands in the value.
    Other(Value),
}

/// The reasons for which a number stops being in the app and here at the same time, with who caused
/// it.
pub(in crate::facebook::whatsapp) const REASONS: [(&str, &str); 6] = [
    ("ACCOUNT_DISCONNECTED", "USER"),
    ("BUSINESS_DOWNGRADE", "USER"),
    ("CHANGE_NUMBER", "USER"),
    ("COMPANION_INACTIVITY", "SYSTEM"),
    ("PRIMARY_INACTIVITY", "SYSTEM"),
    ("USER_RE_REGISTERED", "USER"),
];

impl AccountEvent {
    /// Whether the entry is the app's own business, and the account stands inside.
    pub(super) fn is_for_partner(&self) -> bool {
        matches!(
            self,
            Self::Added
                | Self::Removed
                | Self::Disconnected { .. }
                | Self::AppInstalled
                | Self::AppUninstalled
                | Self::OtherAppUninstalled { .. }
        )
    }

    /// The value of the change.
    pub(super) fn told(&self, account: &str, owner: &str, app_id: &str) -> Value {
        let info = || json!({ "waba_id": account, "owner_business_id": owner });
        let of_partner = |event: &str| json!({ "event": event, "waba_info": info() });
        let of_app = |event: &str, app_id: &str| {
            let mut value = of_partner(event);
            value["waba_info"]["partner_app_id"] = json!(app_id);
            value
        };
        match self {
            Self::Added => of_partner("PARTNER_ADDED"),
            Self::Removed => of_partner("PARTNER_REMOVED"),
            Self::Disconnected { reason, initiated_by } => {
                let mut value = of_partner("PARTNER_REMOVED");
                value["disconnection_info"] = json!({ "reason": reason, "initiated_by": initiated_by });
                value
            }
            Self::AppInstalled => of_app("PARTNER_APP_INSTALLED", app_id),
            Self::AppUninstalled => of_app("PARTNER_APP_UNINSTALLED", app_id),
            Self::OtherAppUninstalled { app_id } => of_app("PARTNER_APP_UNINSTALLED", app_id),
            Self::Offboarded => json!({ "event": "ACCOUNT_OFFBOARDED" }),
            Self::Reconnected => json!({ "event": "ACCOUNT_RECONNECTED" }),
            Self::Deleted => json!({ "event": "ACCOUNT_DELETED" }),
            Self::Ban { state, date } => {
                json!({ "event": "DISABLED_UPDATE", "ban_info": { "waba_ban_state": state, "waba_ban_date": date } })
            }
            Self::Restricted { kind, expiration } => {
                let mut restriction = json!({ "restriction_type": kind });
                if let Some(expiration) = expiration {
                    restriction["expiration"] = json!(expiration);
                }
                json!({ "event": "ACCOUNT_RESTRICTION", "restriction_info": [restriction] })
            }
            Self::Violation { kind } => json!({ "event": "ACCOUNT_VIOLATION", "violation_info": { "violation_type": kind } }),
            Self::Other(value) => value.clone(),
        }
    }
}

impl State {
    /// What an event means here. That statuses of numbers follow it is a choice: only the events
    /// are documented.
    pub(super) fn befalls(&mut self, account: &str, event: &AccountEvent) {
        match event {
            AccountEvent::Removed | AccountEvent::Disconnected { .. } | AccountEvent::AppUninstalled => self.unshare(account),
            AccountEvent::Deleted => {
                self.unshare(account);
                self.whatsapp.lasting.accounts.remove(account);
                self.whatsapp.lasting.numbers.retain(|_, number| number.account != account);
            }
            AccountEvent::Offboarded => self.set_statuses(account, "DISCONNECTED"),
            AccountEvent::Reconnected => self.set_statuses(account, "CONNECTED"),
            AccountEvent::Ban { state: "DISABLE", .. } => self.lock_account(account, true),
            AccountEvent::Ban { state: "REINSTATE", .. } => self.lock_account(account, false),
            AccountEvent::Restricted { .. } => self.set_statuses(account, "RESTRICTED"),
            AccountEvent::Added
            | AccountEvent::AppInstalled
            | AccountEvent::OtherAppUninstalled { .. }
            | AccountEvent::Ban { .. }
            | AccountEvent::Violation { .. }
            | AccountEvent::Other(_) => {}
        }
    }

    /// Takes an account out of every grant; one that reached nothing else is over.
    pub(in crate::facebook::whatsapp) fn unshare(&mut self, account: &str) {
        let known = &mut self.whatsapp.lasting;
        known.subscriptions.remove(account);
        known.grants.retain(|_, grant| {
            let before = grant.accounts.len();
            grant.accounts.retain(|shared| shared != account);
            before == grant.accounts.len() || !grant.accounts.is_empty()
        });
    }

    fn lock_account(&mut self, account: &str, is_locked: bool) {
        if let Some(account) = self.whatsapp.lasting.accounts.get_mut(account) {
            account.is_locked = is_locked;
        }
        self.set_statuses(account, if is_locked { "BANNED" } else { "CONNECTED" });
    }

    /// The status of an account's numbers, of those that were registered once.
    pub(in crate::facebook::whatsapp) fn set_statuses(&mut self, account: &str, status: &str) {
        let numbers = self.whatsapp.lasting.numbers.values_mut();
        let registered = numbers.filter(|number| number.account == account && number.platform_type == "CLOUD_API");
        registered.for_each(|number| status.clone_into(&mut number.status));
    }
}
