//! An account that an identity holds, or held.

use uuid::Uuid;

use crate::{
    Error, Secret, UnixSeconds,
    encryption::KeyRing,
    facts::{Messaging, ThreadRouting, noted},
    platform::{AccountId, AccountKind, Companion, CompanionId, GrantId, GrantedAccount, Platforms},
    store::table::Row,
};

use super::{AsRead, Grant, Kept, Status, attributes::*, open, place_of_account, place_of_grant};

record! {
    /// An account with its token, sealed as stored or opened.
    Account from (row: &Row, platforms: Platforms);
    tokens {
        /// For calls on the account's behalf. It does not expire.
        access_token = row.get(&ACCESS_TOKEN),
    }
    /// The id.
    pub id: AccountId = platforms.account_at(row.sk()?)?,
    /// The name.
    pub name: String = row.get_or_default(&NAME),
    /// Whether the token can be used, as far as the account alone tells.
    pub status: Status = row.get_or_default(&STATUS),
    /// Why it can't.
    pub reason: Option<String> = row.get(&REASON),
    /// Since when it can't.
    pub dead_since: Option<UnixSeconds> = row.get(&DEAD_SINCE),
    /// The app that the token was issued to.
    pub app_id: String = row.get_or_default(&APP_ID),
    /// When it was linked, if noted.
    pub linked_at: Option<UnixSeconds> = row.get(&LINKED_AT),
    /// The id of the grant that gave it; empty if unknown.
    pub granted_by: String = row.get_or_default(&GRANTED_BY),
    /// What the grantor may do with it.
    pub tasks: Vec<String> = row.get_or_default(&TASKS),
    /// How people know it, other than by its name.
    pub display: Option<String> = row.get(&DISPLAY),
    /// Whether messages are known to arrive, and why not.
    pub messaging_ready: bool = row.get_or_default(&MESSAGING_READY),
    /// Why they are not.
    pub messaging_reason: Option<String> = row.get(&MESSAGING_REASON),
    /// Its companion.
    pub companion: Option<Companion> = companion(row, platforms.account_at(row.sk()?)?.kind()),
    /// Whether several apps share its conversations.
    pub thread_routing: ThreadRouting = row.get(&THREAD_ROUTING),
    /// When its merchant was told that it ends soon.
    pub expiring_told: Option<UnixSeconds> = row.get(&EXPIRING_TOLD),
    /// Since when the platform has reported that a permission covers no account.
    pub withheld_since: Option<UnixSeconds> = row.get(&WITHHELD_SINCE),
    /// The same for a permission of its companion.
    pub companion_withheld_since: Option<UnixSeconds> = row.get(&COMPANION_WITHHELD_SINCE),
    pub(in crate::store) version: u64 = row.get_or_default(&VERSION),
    /// Whether it carries the mark by which the index finds its grant, whose own item is gone.
    pub(in crate::store) is_marked: bool = row.has(&GRANT_MARK),
    /// When its token ends; none if it does not expire.
    pub expires_at: Option<UnixSeconds> = row.get(&EXPIRES_AT),
    /// Whether there is a token, its own or its grant's.
    pub(in crate::store) has_token: bool = row.has(&ACCESS_TOKEN),
    pub(in crate::store) as_read: AsRead = AsRead::of(row),
}

fn companion(row: &Row, kind: &AccountKind) -> Option<Companion> {
    let id = CompanionId::parse(kind.companion?, row.text(&COMPANION)?)?;
    Some(Companion { name: row.get(&COMPANION_NAME), id })
}

impl Account {
    /// Whether it works through this grant.
    pub(in crate::store) fn works_through(&self, grant: &GrantId) -> bool {
        self.status == Status::Active && self.is_granted_by(grant)
    }

    /// Whether its current grant must stay: it works, is another grant, and allows something that
    /// the new one does not. (A new grant from the same grantor always replaces the old, whose
    /// tokens it may have ended.)
    pub(in crate::store) fn outranks(&self, account: &GrantedAccount, grant: &GrantId) -> bool {
        let can_do_more = self.tasks.iter().any(|task| !account.tasks.contains(task));
        self.status == Status::Active && !self.is_granted_by(grant) && can_do_more
    }

    /// Whether this grant gave it, in any status.
    pub(in crate::store) fn is_granted_by(&self, grant: &GrantId) -> bool {
        self.id.kind().grant == grant.kind() && self.granted_by == grant.as_str()
    }

    /// Whether it names this grant but the index would not find it.
    pub(in crate::store) fn is_unmarked(&self, grant: &GrantId) -> bool {
        self.is_granted_by(grant) && !self.is_marked
    }

    /// Takes the token of its grant, if it has none of its own.
    pub(in crate::store) fn borrow_token(&mut self, grants: &[Grant]) {
        let lender = self.grant().filter(|_| self.id.kind().borrows_token && self.status != Status::Moved);
        if let Some(lender) = lender.and_then(|id| grants.iter().find(|grant| grant.id == id)) {
            self.access_token = lender.token.clone();
            self.has_token = lender.token.is_some();
            self.expires_at = lender.expires_at;
        }
    }

    /// Its token, opened. A borrowed one is resealed with its grant.
    ///
    /// # Errors
    /// `storage_unavailable` when its key is not known here yet.
    pub(in crate::store) fn token(&self, user_uuid: Uuid, keys: &KeyRing) -> Result<Kept, Error> {
        let Some(lender) = self.grant().filter(|_| self.id.kind().borrows_token) else {
            return open(keys, place_of_account(user_uuid, &self.id), self.access_token.as_ref());
        };
        Ok(match open(keys, place_of_grant(user_uuid, &lender), self.access_token.as_ref())? {
            Kept::Open { token, .. } => Kept::Open { token, old_key: false },
            kept => kept,
        })
    }

    /// The same account with the result of opening its token.
    ///
    /// # Errors
    /// As [`Account::token`].
    pub(in crate::store) fn open(self, user_uuid: Uuid, keys: &KeyRing) -> Result<Account<Kept>, Error> {
        self.token(user_uuid, keys).map(|token| self.with(token))
    }

    /// The same account with its token, which has to open.
    ///
    /// # Errors
    /// `storage_unavailable` when it does not, or its key is not known here yet.
    pub(in crate::store) fn with_secret(self, user_uuid: Uuid, keys: &KeyRing) -> Result<Account<Option<Secret>>, Error> {
        let token = self.token(user_uuid, keys)?.required(ACCESS_TOKEN.name())?;
        Ok(self.with(token))
    }
}

impl<T> Account<T> {
    /// The grant that gave it, if known.
    pub(in crate::store) fn grant(&self) -> Option<GrantId> {
        GrantId::parse(self.id.kind().grant, &self.granted_by)
    }

    /// Counts its writes: findings about it apply to this version only.
    #[must_use]
    pub const fn version(&self) -> u64 {
        self.version
    }

    /// Whether it rests on its grant: a note of a moved account does not, nor does an account that
    /// lost its token.
    #[must_use]
    pub fn rests(&self) -> bool {
        self.status == Status::Active || self.has_token
    }

    /// Whether messages are known to arrive.
    ///
    /// # Errors
    /// Why they are not.
    pub fn messaging(&self) -> Messaging {
        noted(self.messaging_ready, self.messaging_reason.as_deref())
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::samples::{account, account_id, grant_id},
        *,
    };

    #[test]
    fn a_page_works_through_the_grant_that_gave_it() {
        assert!(account("1").works_through(&grant_id("7")));
        assert!(!account("1").works_through(&grant_id("8")));
        let dead = Account { status: Status::ReconnectNeeded, ..account("1") };
        assert!(!dead.works_through(&grant_id("7")) && !dead.works_through(&grant_id("8")));
    }

    #[test]
    fn an_account_is_unmarked_only_for_its_own_grant_and_without_a_mark() {
        assert!(account("1").is_unmarked(&grant_id("7")));
        assert!(!account("1").is_unmarked(&grant_id("8")));
        let marked = Account { is_marked: true, ..account("1") };
        assert!(!marked.is_unmarked(&grant_id("7")) && !marked.is_unmarked(&grant_id("8")));
    }

    #[test]
    fn a_grant_stays_only_if_it_works_is_another_persons_and_can_do_more() {
        let texts = |tasks: &[&str]| tasks.iter().map(|&task| task.to_owned()).collect();
        let granted = |tasks: &[&str]| GrantedAccount {
            id: account_id("1"),
            name: "Page".to_owned(),
            tasks: texts(tasks),
            may_move: false,
            category: None,
            display: None,
            access_token: Some(Secret::new("t")),
            companion: None,
        };
        let held = Account { tasks: texts(&["MANAGE", "MODERATE"]), ..account("1") };
        assert!(held.outranks(&granted(&["MODERATE"]), &grant_id("8")));
        assert!(!held.outranks(&granted(&["MODERATE"]), &grant_id("7")));
        assert!(!held.outranks(&granted(&["MODERATE", "MANAGE", "ANALYZE"]), &grant_id("8")));
        assert!(!Account { status: Status::ReconnectNeeded, ..held }.outranks(&granted(&[]), &grant_id("8")));
    }
}
