//! Switching messages on once accounts are linked. The link stands by then, whatever happens here:
//! anything that fails, or is late, is reported, noted, and left to the keeper.

use std::{collections::HashMap, time::Duration};

use tokio::time::{Instant, timeout_at};

use crate::facts::Unready;
use crate::platform::{AccountId, GrantId};
use crate::store::messaging::{MessagingNote, Seen};
use crate::store::{link::accounts::AccountsLinked, sessions::Session};

use super::Linking;

/// For all calls that switch messages on.
const TIMEOUT: Duration = Duration::from_secs(10);
/// After the end of the work on the link, which may have used up its time.
const GRACE: Duration = Duration::from_millis(1500);

/// The deadline for switching messages on, if the work on the link ends at `end`.
#[must_use]
pub fn switching_ends(end: Instant) -> Instant {
    (Instant::now() + TIMEOUT).min(end + GRACE)
}

impl Linking {
    /// Notes what was found out by `deadline`, when switching on has ended. The link has recorded
    /// that nothing was checked, so nothing else needs a note.
    pub async fn note_messages(
        &self,
        session: &Session,
        grant: &GrantId,
        linked: &AccountsLinked,
        seen: &HashMap<AccountId, Seen>,
        deadline: Instant,
    ) {
        let note = |(account, version): &(AccountId, u64)| {
            let seen = *seen.get(account)?;
            let seen = Seen { messaging: seen.messaging.filter(|messaging| *messaging != Err(Unready::NotChecked)), ..seen };
            (!seen.is_nothing()).then(|| MessagingNote {
                account: account.clone(),
                version: *version,
                granted_by: grant.as_str().to_owned(),
                seen,
            })
        };
        let notes: Vec<MessagingNote> = linked.written.iter().filter_map(note).collect();
        if notes.is_empty() {
            return;
        }
        let noted = timeout_at(deadline + GRACE, self.tables.note_messaging(session.user_uuid, session.generation, &notes)).await;
        let cause = match noted {
            Ok(Ok(())) => return,
            Ok(Err(error)) => error.cause.unwrap_or_else(|| error.code.as_str().to_owned()),
            Err(_elapsed) => "deadline".to_owned(),
        };
        tracing::warn!(cause, "messaging not noted");
    }
}
