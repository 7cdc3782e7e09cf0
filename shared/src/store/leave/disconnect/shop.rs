//! Disconnecting the store.

use crate::store::{
    Tables,
    events::{self, EventType},
    leave::uninstall::{DISCONNECTED, end_link},
    records::{OpenShop, Status, attributes::*},
    table::Transaction,
};
use crate::{Error, facts::Notice};

use super::{Acting, Attempt, Noted, note_in_session};

impl Tables {
    /// Disconnects the store: its tokens are deleted at once, and raising the generation ends every
    /// other session and every flow under way. The accounts stay, unusable until the same shop is
    /// linked again or erased for having been away too long. The acting session stays for the list
    /// alone. A doubt stays for the keeper, as with an uninstall.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn disconnect_store(&self, acting: Acting<'_>, shop: &OpenShop, notice: Notice) -> Result<Attempt<Noted>, Error> {
        if shop.status == Status::Uninstalled {
            return Ok(Attempt::Gone);
        }
        if shop.generation != acting.session.generation {
            return Ok(Attempt::Changed);
        }
        let (now, noted) = (self.clock.now(), Noted { notice, at_ms: self.clock.now_millis() });
        // The session moves to the new generation and begins no more flows.
        let moved = note_in_session(acting, noted, now).set(&GENERATION, shop.generation.saturating_add(1)).set(&LIST_ONLY, true);
        let disconnect = Transaction::new("dynamodb.disconnect_store")?
            .and_each(end_link(shop, Some(DISCONNECTED), Some(acting.key), now))
            .and(events::of_shop(shop.user_uuid, &shop.shop, EventType::Disconnected, None, now)?)
            .and(moved);
        Ok(Attempt::of(&self.database.write(disconnect).await?, noted))
    }
}
