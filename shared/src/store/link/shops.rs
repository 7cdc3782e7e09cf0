//! Links a store: its identity, its token pair, its session.

mod writes;

use uuid::Uuid;

use crate::error::{Code, Detail, Error};

use super::super::{
    Tables,
    erasing::mark_when,
    events::{self, EventType},
    flows::Outcome,
    identity::{owner, shop},
    records::{Shop, Status, attributes::*},
    table::{Answer, Condition, Key, Transaction, Write, Written},
};

pub use writes::{LinkedShop, NewLink};
use writes::{ending, new_shop, relink, with_link};

/// A link whose shop was read.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The link, under another identity if the domain was another shop's.
    pub linked: LinkedShop,
    /// Whether the tables say so.
    pub confirmation: Confirmation,
}

/// Whether the tables say which shop a link belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// They do, and earlier links continue to work.
    Written,
    /// The store left or was linked again: the tables are newer than this link.
    Outdated,
    /// They could not be reached. The keeper will ask soon.
    Failed,
}

impl Tables {
    /// The store that a shop was linked as, unless it has been erased.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn known_shop(&self, domain: &str) -> Result<Option<Shop>, Error> {
        let Some(user_uuid) = owner(self, Key::owner_of_shop(domain)).await? else { return Ok(None) };
        let shop = shop(self, user_uuid).await?.filter(|shop| shop.status != Status::Erasing);
        if shop.is_none() {
            // It is erased or being erased, which deletes its owner item too; a leftover one must
            // not make the shop's new link fail.
            let forget = Write::delete(Key::owner_of_shop(domain)).when_is(&IDENTITY, user_uuid);
            self.database.write_one("dynamodb.forget_owner", forget).await?;
        }
        Ok(shop)
    }

    /// Writes the link in one transaction: the pair, the session, the outcome of the state, and the
    /// end of the lease. `known` was read after taking the lease and before sending the code, so
    /// this does not revive a link that has been uninstalled or erased since.
    ///
    /// # Errors
    /// `token_exchange_failed` when the store left in between or the lease is lost;
    /// `storage_unavailable`.
    pub async fn link_shop(&self, link: &NewLink<'_>, known: Option<&Shop>) -> Result<LinkedShop, Error> {
        let now = self.clock.now();
        let ends_flow = Transaction::repeated("dynamodb.link_store", link.claim.token()).and_as("state", link.claim.end(Outcome::Linked));
        let Some(revived) = known.filter(|known| !known.counts_as_redacted(now)) else {
            let linked = LinkedShop::new(None)?;
            let former = known.map(|known| (known.user_uuid, known.same_pair(), "uninstalled_30_days"));
            self.link_anew(ends_flow, link, &linked, new_shop(self, link, &linked)?, former).await?;
            return Ok(linked);
        };
        let linked = LinkedShop::again(revived);
        let ending = ending(&revived.sessions, now);
        let transaction = with_link(ends_flow, link, &linked, relink(self, link, revived, &ending)?, now)?;
        // An erasure would not find sessions that the store no longer lists.
        self.write_link(transaction.and_each(ending.iter().map(|session| Write::delete(Key::session(session))))).await?;
        Ok(linked)
    }

    /// Fills in which shop it is, once that is known; until then the store is due soon. The same
    /// domain with another id is another shop: it gets an identity of its own, and the old one is
    /// erased.
    ///
    /// # Errors
    /// `storage_unavailable` when that other shop could not get its own identity.
    pub async fn identify_shop(&self, link: &NewLink<'_>, linked: LinkedShop, id: &str, name: Option<&str>) -> Result<Identified, Error> {
        if linked.known_shop_id.as_deref().is_some_and(|known| known != id) {
            let linked = self.replace_identity(link, &linked, id, name).await?;
            return Ok(Identified { linked, confirmation: Confirmation::Written });
        }
        // The id belongs to this link's token, and says nothing about another's.
        let identify = Write::change(Key::store(linked.user_uuid))
            .when(linked.is_current())
            .when(SHOP_ID.absent().or(SHOP_ID.is(id)))
            .set(&SHOP_ID, id)
            .set(&NAME, name.unwrap_or(link.shop))
            .set(&DUE_AT, link.due_at(linked.user_uuid, self.clock.now()))
            .remove_each([&UNCONFIRMED, &UNCOMPARED]);
        let confirmation = match self.database.write_one("dynamodb.identify_store", identify).await {
            Ok(Answer::Written(_)) => Confirmation::Written,
            Ok(Answer::Refused(_)) => Confirmation::Outdated,
            Err(failure) => {
                tracing::warn!(cause = failure.cause, "shop id not noted");
                Confirmation::Failed
            }
        };
        Ok(Identified { linked, confirmation })
    }

    /// Makes a new identity for a domain that changed hands, in one transaction with the end of the
    /// old one, and then erases what the old one held. If that stops half-way, the old identity is
    /// marked as erasing and nothing leads to it any more. The lease is over by now: if another
    /// link has stored a newer pair since, it has to replace the identity, because our pair is
    /// retired.
    async fn replace_identity(&self, link: &NewLink<'_>, old: &LinkedShop, shop_id: &str, name: Option<&str>) -> Result<LinkedShop, Error> {
        let new = LinkedShop::new(Some(shop_id.to_owned()))?;
        let shop = new_shop(self, link, &new)?
            .set(&SHOP_ID, shop_id)
            .set(&NAME, name.unwrap_or(link.shop))
            .set(&DUE_AT, link.due_at(new.user_uuid, self.clock.now()));
        let former = Some((old.user_uuid, old.is_current(), "changed_hands"));
        self.link_anew(Transaction::new("dynamodb.replace_identity")?, link, &new, shop, former).await?;
        Ok(new)
    }

    /// Gives the shop a new identity. A former one, if it is still as read, ends in the same
    /// transaction and is then erased.
    async fn link_anew(
        &self,
        transaction: Transaction<&'static str>,
        link: &NewLink<'_>,
        linked: &LinkedShop,
        shop: Write,
        former: Option<(Uuid, Condition, &str)>,
    ) -> Result<(), Error> {
        let now = self.clock.now();
        let transaction = with_link(transaction, link, linked, shop, now)?;
        let Some((former, as_read, what)) = former else {
            return self.write_link(transaction.and_as("owner", link.own(linked.user_uuid, None))).await;
        };
        let transaction = transaction
            .and_as("owner", link.own(linked.user_uuid, Some(former)))
            // The session moves to the new identity.
            .and_as("former", mark_when(as_read, former, what, now).remove(&link.session.listed()))
            .and(events::of_shop(former, link.shop, EventType::Erased, None, now)?);
        self.write_link(transaction).await?;
        // The new link is valid no matter how the rest ends.
        if let Err(error) = self.erase(former, None).await {
            tracing::error!(cause = error.cause, "old identity not yet erased");
        }
        Ok(())
    }

    async fn write_link(&self, transaction: Transaction<&'static str>) -> Result<(), Error> {
        let Written::Refused(refused) = self.database.write(transaction).await? else { return Ok(()) };
        let roles: Vec<&str> = refused.roles().copied().collect();
        let error = Error::new(Code::TokenExchangeFailed, Detail::StoreChanged);
        Err(error.caused_by(format!("link: refused for {}", roles.join(", "))))
    }
}
