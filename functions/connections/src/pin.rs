//! Registers an account with a PIN from its merchant, if it has one other than ours.

use std::time::Duration;

use shared::{
    Error, Secret,
    facts::{Messaging, Notice, Registered, Unready},
    platform::AccountId,
    providers::grantor::Receiver,
    registering,
    store::{
        messaging::{MessagingNote, Seen},
        records::Status,
        sessions::SessionKey,
    },
};
use tokio::time::timeout;

use crate::list::ConnectionList;

/// The limit for the call to the platform.
const REGISTERING: Duration = Duration::from_secs(12);

impl ConnectionList {
    /// Tries once, and notes the result for the list and the account. An account that is not, or no
    /// longer, connected here is left alone.
    ///
    /// # Errors
    /// `invalid_session`, `storage_unavailable`.
    pub(crate) async fn register(&self, key: &SessionKey, id: &AccountId, pin: &Secret) -> Result<(), Error> {
        let session = self.session(key).await?;
        let Some(identity) = self.tables.identity(session.user_uuid).await? else { return Ok(()) };
        let account = identity.accounts.iter().find(|account| account.id == *id && account.status == Status::Active);
        let (shop, Some(account)) = (&identity.shop, account) else { return Ok(()) };
        if shop.generation != session.generation {
            return Ok(());
        }
        let platform = id.kind().platform;
        let revoker = self.revokers.iter().find(|revoker| revoker.platform() == platform && revoker.app_id() == account.app_id);
        let (Some(revoker), Some(token)) = (revoker, &account.access_token) else { return Ok(()) };
        let companion = account.companion.as_ref().map(|companion| &companion.id);
        let receiver = Receiver { id, companion, token, tasks: &account.tasks };
        let outbound = self.http.outbound()?;
        let registered = registering::register(&self.tables, revoker.as_ref(), &outbound, receiver, Some(pin));
        let messaging = timeout(REGISTERING, registered).await.unwrap_or(Err(Unready::NotChecked));
        let note = MessagingNote {
            account: id.clone(),
            version: account.version(),
            granted_by: account.granted_by.clone(),
            // A result that says nothing about the account leaves it unchanged.
            seen: Seen { messaging: Some(messaging).filter(|messaging| *messaging != Err(Unready::NotChecked)), thread_routing: None },
        };
        self.tables.note_messaging(session.user_uuid, session.generation, &[note]).await?;
        self.sessions.tell(key, &session, Notice::Registered { kind: id.kind(), registered: outcome(messaging) }).await
    }
}

const fn outcome(messaging: Messaging) -> Registered {
    match messaging {
        Ok(()) => Registered::Done,
        Err(Unready::PinRequired) => Registered::Refused,
        Err(_) => Registered::Later,
    }
}
