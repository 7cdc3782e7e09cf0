//! What a platform reports unasked about how accounts fare: we note it or check soon. Such a report
//! ends nothing.

use uuid::Uuid;

use crate::store::{
    Tables,
    companions::{Found, Sought},
    messaging::{MessagingNote, Seen},
    records::{Account, Status, attributes::*},
    table::{Key, Write},
};
use crate::{
    Code, Error,
    facts::{Messaging, Unready},
    providers::news::News,
};

/// Attempts at reading an identity that is changing.
const TRIES: usize = 3;

impl Tables {
    /// Notes a report about accounts of this app, regardless of who holds them. Accounts linked
    /// later, or checked with the platform since, are left alone.
    /// # Errors
    /// `storage_unavailable`.
    pub async fn take_news(&self, news: &News, app_id: &str) -> Result<(), Error> {
        let sought = Sought { companion: &news.companion, before: news.at, app_id, status: &[Status::Active] };
        for user_uuid in self.identities_of_companion(&news.companion).await? {
            self.take_news_of(user_uuid, news, sought).await?;
        }
        Ok(())
    }

    async fn take_news_of(&self, user_uuid: Uuid, news: &News, sought: Sought<'_>) -> Result<(), Error> {
        for _ in 0..TRIES {
            let mut noted = Ok(());
            for found in self.find_accounts(user_uuid, sought).await? {
                noted = noted.and(self.note_news(&found, news).await);
            }
            match noted {
                // Its generation has been raised since.
                Err(error) if error.code == Code::InvalidSession => {}
                noted => return noted,
            }
        }
        Err(Error::storage_unavailable("take_news: the identity keeps changing"))
    }

    async fn note_news(&self, found: &Found, news: &News) -> Result<(), Error> {
        let grant = found.grant.as_ref().and_then(|id| found.all.grant(id));
        if grant.and_then(|grant| grant.checked_at).is_some_and(|at| at > news.at) {
            return Ok(());
        }
        if let Some(unready) = news.unready {
            let of = |account: &Account| note(account, unready);
            let notes: Vec<MessagingNote> = found.accounts().filter_map(of).collect();
            self.note_messaging(found.user_uuid, found.generation, &notes).await?;
        }
        if let Some((seconds, grant)) = news.look_within.zip(grant) {
            let due_at = self.clock.now().saturating_add(seconds);
            let sooner = Write::change(Key::grant(found.user_uuid, &grant.id)).when(DUE_AT.above(due_at)).set(&DUE_AT, due_at);
            self.database.write_one("dynamodb.look_soon", sooner).await?;
        }
        Ok(())
    }
}

/// None if it is already noted, or something more certain is.
fn note(account: &Account, unready: Unready) -> Option<MessagingNote> {
    let messaging: Messaging = Err(unready);
    let seen = Seen { messaging: Some(messaging), thread_routing: None };
    let is_news = if unready.is_passing() { account.messaging().is_ok() } else { !account.says(&seen) };
    is_news.then(|| MessagingNote { account: account.id.clone(), version: account.version, granted_by: account.granted_by.clone(), seen })
}
