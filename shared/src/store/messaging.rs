//! Notes whether an account's messages arrive. A note does not change who holds the account or with
//! which token, so it raises no version; and it applies only to the account as it was written when
//! its messages were checked.

use uuid::Uuid;

use crate::{
    Error,
    facts::{Messaging, ThreadRouting, Unready},
    platform::AccountId,
};

use super::{
    Tables,
    events::{self, EventType},
    identity::at_generation,
    records::{Account, Status, attributes::*, key},
    sessions,
    table::{Key, Query, Transaction, Write, Written},
};

/// With the identity itself, the 100 writes of a transaction.
const BATCH: usize = 99;

/// Findings about an account's messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Whether they arrive; none if that is unknown, and then the earlier note stays.
    pub messaging: Option<Messaging>,
    /// Whether several apps share its conversations; none as above.
    pub thread_routing: ThreadRouting,
}

/// The same, and the version of the account that it applies to.
#[derive(Clone, Debug)]
pub struct MessagingNote {
    /// The account.
    pub account: AccountId,
    /// The version of its item when its token was read.
    pub version: u64,
    /// The grant that gave that token.
    pub granted_by: String,
    /// What to note.
    pub seen: Seen,
}

/// What a write in the transaction is for.
#[derive(PartialEq)]
enum Role<'a> {
    Identity,
    Account(&'a AccountId),
}

impl Seen {
    /// Whether there is nothing to note.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl<T> Account<T> {
    /// Whether this is already known about its messages.
    #[must_use]
    pub fn says(&self, seen: &Seen) -> bool {
        let says = |messaging: Messaging| {
            let reason = messaging.err().map(Unready::as_str);
            self.messaging_ready == messaging.is_ok() && self.messaging_reason.as_deref() == reason
        };
        seen.messaging.is_none_or(says) && seen.thread_routing.is_none_or(|shared| self.thread_routing == Some(shared))
    }
}

impl Tables {
    /// Notes the findings. An account that was rewritten, moved or deleted since is left alone.
    ///
    /// # Errors
    /// `invalid_session` when the identity's generation was raised since: nothing more may be
    /// written; `storage_unavailable`.
    pub async fn note_messaging(&self, user_uuid: Uuid, generation: u64, notes: &[MessagingNote]) -> Result<(), Error> {
        self.note_recovered(user_uuid, generation, notes, &[]).await
    }

    /// The same, if some of these accounts were restricted and work again: that is published as an
    /// event.
    pub(super) async fn note_recovered(
        &self,
        user_uuid: Uuid,
        generation: u64,
        notes: &[MessagingNote],
        recovered: &[AccountId],
    ) -> Result<(), Error> {
        let notes: Vec<&MessagingNote> = notes.iter().filter(|note| !note.seen.is_nothing()).collect();
        // A single write costs less than half of a transaction. In between, the account's version
        // says enough about the identity: whatever ends a grant writes the account or deletes it.
        if let [note] = notes.as_slice()
            && recovered.is_empty()
        {
            let query = Query::partition(&key::identity(user_uuid)).at(key::STORE);
            let found = self.database.query("dynamodb.generation", &query).await?;
            let is_same = found.iter().any(|store| store.get(&GENERATION) == Some(generation));
            let note = is_same.then(|| note.write(user_uuid)).ok_or_else(sessions::invalid)?;
            return Ok(self.database.write_one("dynamodb.note_messaging", note).await.map(drop)?);
        }
        for batch in notes.chunks(if recovered.is_empty() { BATCH } else { BATCH / 2 }) {
            let mut batch = batch.to_vec();
            while !batch.is_empty() {
                let mut transaction =
                    Transaction::new("dynamodb.note_messaging")?.and_as(Role::Identity, at_generation(user_uuid, generation));
                for note in &batch {
                    let mut write = note.write(user_uuid);
                    if recovered.contains(&note.account) {
                        // Of two workers that find it working, one reports it.
                        write = write.when_is(&MESSAGING_REASON, Unready::AccountRestricted.as_str());
                        transaction.push(events::of_account(user_uuid, &note.account, EventType::Recovered, None, self.clock.now())?);
                    }
                    transaction.push_as(Role::Account(&note.account), write);
                }
                let Written::Refused(refused) = self.database.write(transaction).await? else { break };
                if refused.has(&Role::Identity) {
                    return Err(sessions::invalid());
                }
                // The others are written without them; each attempt has fewer.
                batch.retain(|note| !refused.has(&Role::Account(&note.account)));
            }
        }
        Ok(())
    }
}

impl MessagingNote {
    fn write(&self, user_uuid: Uuid) -> Write {
        let note = Write::change(Key::account(user_uuid, &self.account))
            .when_is(&STATUS, Status::Active)
            .when_is(&VERSION, self.version)
            .when_is(&GRANTED_BY, &self.granted_by)
            .set_some(&THREAD_ROUTING, self.seen.thread_routing);
        match self.seen.messaging {
            Some(messaging) => {
                note.set(&MESSAGING_READY, messaging.is_ok()).set_or_remove(&MESSAGING_REASON, messaging.err().map(Unready::as_str))
            }
            None => note,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::records::samples::account, *};

    #[test]
    fn unchanged_findings_about_a_page_are_not_noted_again() {
        let account = |messaging_ready, reason: Option<&str>| Account {
            messaging_ready,
            messaging_reason: reason.map(str::to_owned),
            ..account("1")
        };
        let seen = |messaging: Messaging| Seen { messaging: Some(messaging), thread_routing: None };
        let not_checked = Unready::NotChecked.as_str();
        assert!(account(true, None).says(&seen(Ok(()))) && account(false, Some(not_checked)).says(&seen(Err(Unready::NotChecked))));
        assert!(!account(true, None).says(&seen(Err(Unready::NotChecked))) && !account(false, Some(not_checked)).says(&seen(Ok(()))));
        assert!(!account(false, None).says(&seen(Ok(()))) && !account(false, None).says(&seen(Err(Unready::NotChecked))));
        assert!(!account(false, Some(not_checked)).says(&seen(Err(Unready::MissingTask))));

        let routed = |thread_routing| Seen { messaging: None, thread_routing };
        let known = Account { thread_routing: Some(false), ..account(true, None) };
        assert!(known.says(&routed(Some(false))) && known.says(&routed(None)) && known.says(&seen(Ok(()))));
        assert!(!known.says(&routed(Some(true))) && !account(true, None).says(&routed(Some(false))));
    }
}
