//! Plans what a privacy request removes from an identity: only what rests on that grant, and only
//! what was linked before.

use crate::platform::Subject;
use crate::store::records::{Account, AsRead, Everything, Grant};

use super::{Asked, PrivacyRequest};

/// What to remove, as read.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// The accounts.
    pub(super) accounts: Vec<&'a Account>,
    /// The grant's own item.
    pub(super) grant: Option<&'a Grant>,
    /// Accounts that outlive that item, and that the index would not find without it.
    pub(super) unmarked: Vec<&'a Account>,
}

impl<'a> Plan<'a> {
    pub(super) fn of(request: &PrivacyRequest, subject: &Subject, all: &'a Everything) -> Self {
        let rests_on_it = |account: &Account| match subject {
            Subject::Grant(grant) => account.is_granted_by(grant),
            // Only a person can request data deletion; an account's request removes only its own
            // token.
            Subject::Account(id) => request.asked == Asked::Deauthorize && account.id == *id,
            Subject::Nobody => false,
        };
        let goes = |account: &&Account| {
            request.came_after(&account.as_read) && rests_on_it(account) && (request.asked == Asked::Deletion || account.rests())
        };
        let mut plan = Self { accounts: all.accounts.iter().filter(goes).collect(), ..Self::default() };
        if let Subject::Grant(grant) = subject {
            let own = all.grant(grant);
            plan.grant = own.filter(|own| request.came_after(&own.as_read));
            if own.is_none() || plan.grant.is_some() {
                let stays = |account: &&Account| account.is_unmarked(grant) && !plan.accounts.iter().any(|going| going.id == account.id);
                plan.unmarked = all.accounts.iter().filter(stays).collect();
            }
        }
        plan
    }

    pub(super) fn is_empty(&self) -> bool {
        self.accounts.is_empty() && self.grant.is_none() && self.unmarked.is_empty()
    }
}

impl PrivacyRequest {
    /// Whether a record was linked before this request. The platform's time has whole seconds, so
    /// that second counts as before; records linked after the request first came are spared
    /// regardless, so that a repetition reaches nothing new.
    fn came_after(&self, record: &AsRead) -> bool {
        let linked_at = record.linked_at.unwrap_or_default();
        let linked_ms = record.linked_ms.unwrap_or_else(|| linked_at.saturating_mul(1000));
        linked_at <= self.issued_at && linked_ms <= self.received_ms
    }
}

#[cfg(test)]
mod tests;
