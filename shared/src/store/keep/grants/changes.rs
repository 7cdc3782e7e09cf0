//! What the keeper writes about a grant and its accounts.
//!
//! It changes only what is still as it was read: each write has the identity's generation, the
//! grant's sealed token, and an account's version, status and grant as conditions. Accounts go
//! first and the grant last, so that whatever fails in between is repeated from the start.

use crate::store::{
    Tables,
    events::{self, EventType},
    identity::{at_generation, hold_alone, unhang},
    leases::Lease,
    messaging::{MessagingNote, Seen},
    records::{Account, Kept, Progress, Status, attributes::*, place_of_account, place_of_grant, seal},
    table::{Key, Transaction, Write, Written, last_part},
};
use crate::{Error, Secret, UnixSeconds, facts::Unready, platform::AccountId};

use super::Holding;

/// At most three writes per account, and three for the rest: below a transaction's limit of 100.
const BATCH: usize = 32;
/// Attempts at one batch, each without the items that turned out to have changed.
const TRIES: usize = 5;

/// What to write about an account.
#[derive(Clone, Debug)]
pub enum AccountChange {
    /// Stores its token, sealed with the first key.
    Token(Secret),
    /// Its token is dead, for this reason. Published as an event.
    Dead(&'static str),
    /// Its token works again. Published as an event.
    Recovered,
    /// It works but soon will not, for this reason, unless its merchant extends it. Published as an
    /// event, once per link.
    ExpiringSoon(&'static str),
    /// Deletes a token that has been dead for too long.
    Forget,
    /// The platform reports that a permission covers no account; acted on once it reports it again.
    Withheld,
    /// It no longer reports that.
    NotWithheld,
    /// The same for a permission of its companion.
    CompanionWithheld,
    /// It no longer reports that.
    CompanionNotWithheld,
    /// We have lost access to its companion.
    Alone,
}

/// What to write about the grant.
#[derive(Clone, Debug, Default)]
pub struct GrantChange {
    /// The token, sealed with the first key.
    pub token: Option<Secret>,
    /// The token is new, with these times of issue and expiry.
    pub issued: Option<(UnixSeconds, Option<UnixSeconds>)>,
    /// When access to the grantor's data ends.
    pub data_access_expires_at: Option<UnixSeconds>,
    /// The token is dead, for this reason.
    pub dead: Option<&'static str>,
    /// The token works again.
    pub recovered: bool,
    /// Deletes a token that has been dead for too long.
    pub forget: bool,
    /// The grant or an account was found dead, which is not yet believed: due from now on, behind
    /// records that have waited longer.
    pub seen_dead: bool,
    /// The platform was asked about everything that rests on it.
    pub checked: bool,
    /// When the grant is due next.
    pub due: Due,
}

/// When a grant is due next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Due {
    /// As it was.
    #[default]
    Unchanged,
    /// At this time: this visit is over.
    At(UnixSeconds),
    /// At this time, to resume this visit.
    GoesOn(UnixSeconds, Progress),
    /// Nothing is left to maintain.
    Never,
}

/// What was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// Accounts.
    pub accounts: usize,
    /// The grant.
    pub grant: bool,
    /// The lease was returned with it.
    pub lease_over: bool,
    /// The identity is no longer the one that was read, or another holds the lease: nothing more
    /// was written.
    pub ended: bool,
}

/// What a write in a transaction is for, so that its failed condition can be interpreted.
#[derive(PartialEq)]
enum Role<'a> {
    /// The identity and its generation, or the lease.
    Frame,
    Grant,
    Account(&'a AccountId),
}

impl GrantChange {
    /// Whether nothing is written about the token or whether it works. Then the grant's own
    /// conditions are enough, since everything that ends a grant writes or deletes its item.
    const fn is_only_of_time(&self) -> bool {
        self.token.is_none() && self.dead.is_none() && !self.recovered && !self.forget
    }
}

impl AccountChange {
    /// The event that reports it, with its reason.
    const fn told(&self) -> Option<(EventType, Option<&'static str>)> {
        match self {
            Self::Dead(reason) => Some((EventType::ReconnectNeeded, Some(reason))),
            Self::Recovered => Some((EventType::Recovered, None)),
            Self::ExpiringSoon(reason) => Some((EventType::ExpiringSoon, Some(reason))),
            _ => None,
        }
    }
}

impl Tables {
    /// Writes those changes that still apply, and ends the lease with the last of them. Of two
    /// visits without news the later one writes nothing, because the due time has changed by then.
    ///
    /// # Errors
    /// `storage_unavailable`; batches before that may have been written.
    pub async fn change_grant(
        &self,
        holding: &Holding,
        accounts: &[(&Account<Kept>, AccountChange)],
        grant: Option<&GrantChange>,
        lease: Option<&Lease>,
    ) -> Result<Changed, Error> {
        let mut changed = Changed::default();
        // A visit without news: one write instead of a transaction.
        if let (true, Some(change), None) = (accounts.is_empty(), grant.filter(|change| change.is_only_of_time()), lease) {
            let write = self.change_itself(holding, change)?.when(DUE_AT.is_still(holding.grant.due_at));
            changed.grant = self.database.write_one("dynamodb.change_grant", write).await?.is_written();
            return Ok(changed);
        }
        let (first, rest) = accounts.split_at(last_part(accounts.len(), BATCH));
        let parts = first.chunks(BATCH).map(|part| (part, None, None)).chain([(rest, grant, lease)]);
        for (part, mut grant, lease) in parts {
            let (mut accounts, mut tries): (Vec<_>, _) = (part.iter().collect(), 0);
            while !accounts.is_empty() || grant.is_some() {
                let mut batch = Transaction::new("dynamodb.change_grant")?;
                batch.push_as(Role::Frame, at_generation(holding.user_uuid, holding.generation));
                if let Some(lease) = lease {
                    batch.push_as(Role::Frame, lease.end());
                }
                for (account, change) in &accounts {
                    batch.push_as(Role::Account(&account.id), self.change_account(holding, account, change)?);
                    if let AccountChange::Alone = change {
                        batch.push_as(Role::Account(&account.id), hold_alone(&account.id, holding.user_uuid));
                        batch = batch.and_each(unhang(account));
                    }
                    if let Some((event, reason)) = change.told() {
                        batch.push(events::of_account(holding.user_uuid, &account.id, event, reason, self.clock.now())?);
                    }
                }
                if let Some(change) = grant {
                    batch.push_as(Role::Grant, self.change_itself(holding, change)?);
                }
                let Written::Refused(refused) = self.database.write(batch).await? else {
                    changed.accounts += accounts.len();
                    changed.grant |= grant.is_some();
                    changed.lease_over |= lease.is_some();
                    break;
                };
                tries += 1;
                if tries == TRIES {
                    return Err(Error::storage_unavailable("change_grant: the grant keeps changing"));
                }
                if refused.has(&Role::Frame) {
                    return Ok(Changed { ended: true, ..changed });
                }
                grant = grant.filter(|_| !refused.has(&Role::Grant));
                accounts.retain(|(account, _)| !refused.has(&Role::Account(&account.id)));
            }
        }
        Ok(changed)
    }

    /// Notes findings about the messages of accounts that are still as they were read. A lifted
    /// restriction is published as an event.
    ///
    /// # Errors
    /// As [`Tables::note_messaging`].
    pub async fn note_messaging_of(&self, holding: &Holding, found: &[(AccountId, Seen)]) -> Result<(), Error> {
        let note = |(id, seen): &(AccountId, Seen)| {
            let account = holding.accounts.iter().find(|account| account.id == *id)?;
            Some(MessagingNote { account: id.clone(), version: account.version, granted_by: account.granted_by.clone(), seen: *seen })
        };
        let notes: Vec<MessagingNote> = found.iter().filter_map(note).collect();
        let works_again = |account: &&Account<Kept>| {
            let now = found.iter().find(|(id, _)| *id == account.id).and_then(|(_, seen)| seen.messaging);
            account.messaging() == Err(Unready::AccountRestricted) && now == Some(Ok(()))
        };
        let recovered: Vec<AccountId> = holding.accounts.iter().filter(works_again).map(|account| account.id.clone()).collect();
        self.note_recovered(holding.user_uuid, holding.generation, &notes, &recovered).await
    }

    /// A death does not raise the version, so that a link in flight, which brings a working token,
    /// wins.
    fn change_account(&self, holding: &Holding, account: &Account<Kept>, change: &AccountChange) -> Result<Write, Error> {
        let now = self.clock.now();
        let write = Write::change(Key::account(holding.user_uuid, &account.id))
            .when_is(&STATUS, account.status)
            .when_is(&GRANTED_BY, &account.granted_by)
            .when_is(&VERSION, account.version);
        let next = account.version.saturating_add(1);
        Ok(match change {
            AccountChange::Token(token) => {
                let place = place_of_account(holding.user_uuid, &account.id);
                write.set(&ACCESS_TOKEN, seal(&self.keys, place, token)?).set(&VERSION, next)
            }
            AccountChange::Dead(reason) => write.set(&STATUS, Status::ReconnectNeeded).set(&REASON, *reason).set(&DEAD_SINCE, now),
            AccountChange::Recovered => {
                let is_same_death = DEAD_SINCE.is_still(account.dead_since);
                write.when(is_same_death).set(&STATUS, Status::Active).remove_each([&REASON, &DEAD_SINCE, &WITHHELD_SINCE])
            }
            AccountChange::ExpiringSoon(_) => write.when(EXPIRING_TOLD.absent()).set(&EXPIRING_TOLD, now),
            // The grant's token may go as well, and the grant's item with a privacy request.
            AccountChange::Forget => {
                write.set(&VERSION, next).set_some(&GRANT_MARK, account.grant().map(|grant| grant.mark())).remove(&ACCESS_TOKEN)
            }
            AccountChange::Withheld => write.set(&WITHHELD_SINCE, now),
            AccountChange::NotWithheld => write.remove(&WITHHELD_SINCE),
            AccountChange::CompanionWithheld => write.set(&COMPANION_WITHHELD_SINCE, now),
            AccountChange::CompanionNotWithheld => write.remove(&COMPANION_WITHHELD_SINCE),
            AccountChange::Alone => write.remove_each([&COMPANION, &COMPANION_NAME, &COMPANION_WITHHELD_SINCE]),
        })
    }

    fn change_itself(&self, holding: &Holding, change: &GrantChange) -> Result<Write, Error> {
        let (grant, now) = (&holding.grant, self.clock.now());
        let place = place_of_grant(holding.user_uuid, &grant.id);
        let token = change.token.as_ref().map(|token| seal(&self.keys, place, token)).transpose()?;
        let mut write = Write::change(Key::grant(holding.user_uuid, &grant.id))
            .when_is(&STATUS, grant.status)
            .when(ACCESS_TOKEN.is_still(grant.as_read.access_token.clone()))
            .set_some(&ACCESS_TOKEN, token)
            .set_some(&DATA_ACCESS_EXPIRES_AT, change.data_access_expires_at)
            .set_some(&CHECKED_AT, change.checked.then_some(now));
        if let Some((issued_at, expires_at)) = change.issued {
            write = write.set(&ISSUED_AT, issued_at).set_or_remove(&EXPIRES_AT, expires_at);
        }
        if let Some(reason) = change.dead {
            write = write.set(&STATUS, Status::ReconnectNeeded).set(&REASON, reason).set(&DEAD_SINCE, now);
        }
        if change.recovered {
            write = write.set(&STATUS, Status::Active).remove_each([&REASON, &DEAD_SINCE]);
        }
        if change.forget {
            write = write.remove(&ACCESS_TOKEN);
        }
        write = match &change.due {
            Due::Unchanged => write,
            Due::At(at) => write.set(&DUE_AT, *at).remove_each(NOTES).remove(&PROGRESS),
            Due::GoesOn(at, progress) => write.set(&DUE_AT, *at).set(&PROGRESS, progress.written()).remove_each(NOTES),
            Due::Never => write.remove_each([&DUE_AT, &PROGRESS]).remove_each(NOTES),
        };
        if change.seen_dead {
            write = write.set(&DEAD_SEEN_AT, grant.dead_seen_at.unwrap_or(now)).set(&DUE_AT, now);
        }
        Ok(write)
    }
}
