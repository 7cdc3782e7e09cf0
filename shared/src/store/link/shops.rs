//! Linking a store: its identity, its token pair, its session.

mod writes;

use uuid::Uuid;

use crate::{
    error::{Code, Detail, Error},
    providers::shopify::{self, token::Tokens},
    random,
};

use super::super::{
    Tables, erasing,
    events::{Event, EventType},
    flows::{Claim, Outcome},
    identity::{owner, shop},
    records::{
        Shop, Status,
        attributes::{DUE_AT, IDENTITY, NAME, SHOP_ID, UNCOMPARED, UNCONFIRMED},
    },
    sessions::{SessionKey, new_session},
    table::{Answer, Key, Transaction, Write, Written},
};

/// What a link writes.
#[derive(Debug)]
pub struct NewLink<'a> {
    /// The shop's domain.
    pub shop: &'a str,
    /// What Shopify issued.
    pub tokens: &'a Tokens,
    /// The client id it was issued to.
    pub api_key: &'a str,
    /// The new session.
    pub session: &'a SessionKey,
    /// The state that this link uses, with its lease.
    pub claim: &'a Claim,
}

/// A store that has just been linked.
#[derive(Clone, Debug)]
pub struct LinkedShop {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The identity's generation.
    pub generation: u64,
    /// The numeric id it was known by before.
    pub known_shop_id: Option<String>,
    /// Of the token pair: another one after this retired it.
    pub(in crate::store) version: u64,
}

/// A link whose shop was read.
#[derive(Clone, Debug)]
pub struct Identified {
    /// The link; under another identity where the domain was another shop's.
    pub linked: LinkedShop,
    /// Whether that stands in the tables.
    pub confirmation: Confirmation,
}

/// Whether the tables say which shop a link is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmation {
    /// They do, and what was linked before works on.
    Written,
    /// The store left, or was linked once more: what they say is newer than this link.
    Outdated,
    /// They could not be reached. The keeper asks soon.
    Failed,
}

impl Tables {
    /// The store that a shop was linked as, unless it was erased since.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn known_shop(&self, domain: &str) -> Result<Option<Shop>, Error> {
        let Some(user_uuid) = owner(self, Key::owner_of_shop(domain)).await? else { return Ok(None) };
        let shop = shop(self, user_uuid).await?.filter(|shop| shop.status != Status::Erasing);
        if shop.is_none() {
            // It is erased, or being erased, and takes the way to it along; where that was left
            // over, the link of the shop must not fail for it.
            let forget = Write::delete(Key::owner_of_shop(domain)).when_is(&IDENTITY, user_uuid);
            self.database.write_one("dynamodb.forget_owner", forget).await?;
        }
        Ok(shop)
    }

    /// Writes the link in one transaction: the pair, the session, the outcome of the state, and the
    /// lease's end. `known` is what was read after the lease was taken and before the code went out,
    /// so a link that was uninstalled or erased since is not revived by it.
    ///
    /// # Errors
    /// `token_exchange_failed` when the store left in between or the lease is lost;
    /// `storage_unavailable`.
    pub async fn link_shop(&self, link: &NewLink<'_>, known: Option<&Shop>) -> Result<LinkedShop, Error> {
        let now = self.clock.now();
        let is_redacted = known.is_some_and(|known| known.counts_as_redacted(now));
        let (former, revived) = if is_redacted { (known, None) } else { (None, known) };
        let linked = match revived {
            Some(known) => LinkedShop {
                user_uuid: known.user_uuid,
                generation: known.generation,
                known_shop_id: known.shop_id.clone(),
                version: known.version.saturating_add(1),
            },
            None => LinkedShop { user_uuid: random::uuid()?, generation: 1, known_shop_id: None, version: 1 },
        };
        let mut transaction = Transaction::repeated("dynamodb.link_store", link.claim.token())
            .and_as("state", link.claim.end(Outcome::Linked))
            .and(new_session(link.session, linked.user_uuid, link.shop, linked.generation, now))
            .and(link.linked(linked.user_uuid).write(now)?);
        match revived {
            Some(known) => {
                let ending = writes::ending(&known.sessions, now);
                transaction.push_as("store", self.relink(link, known, &ending)?);
                // What the store no longer lists, an erasure would not find.
                transaction = transaction.and_each(ending.iter().map(|session| Write::delete(Key::session(session))));
            }
            None => {
                transaction = transaction
                    .and_as("store", self.new_shop(link, &linked)?)
                    .and_as("owner", link.own(linked.user_uuid, former.map(|former| former.user_uuid)));
            }
        }
        if let Some(former) = former {
            let former = (former.user_uuid, former.generation, former.version);
            transaction = self.end_former(transaction, link, former, "uninstalled_30_days")?;
        }
        self.write_link(transaction).await?;
        if let Some(former) = former {
            self.erase_former(former.user_uuid).await;
        }
        Ok(linked)
    }

    /// Fills in who the shop is, once that is known; until then the store is due soon. The same
    /// domain with another id is another shop: it gets an identity of its own, and the old one is
    /// erased.
    ///
    /// # Errors
    /// `storage_unavailable` when that other shop could not get its own identity.
    pub async fn identify_shop(
        &self,
        link: &NewLink<'_>,
        linked: LinkedShop,
        shop_id: &str,
        name: Option<&str>,
    ) -> Result<Identified, Error> {
        if linked.known_shop_id.as_deref().is_some_and(|known| known != shop_id) {
            let linked = self.replace_identity(link, &linked, shop_id, name).await?;
            return Ok(Identified { linked, confirmation: Confirmation::Written });
        }
        // It is the shop of this link's token, and says nothing of another's.
        let identify = Write::change(Key::store(linked.user_uuid))
            .when(linked.is_current())
            .when(SHOP_ID.absent().or(SHOP_ID.is(shop_id)))
            .set(&SHOP_ID, shop_id)
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

    /// A new identity for a domain that changed hands, in one transaction with the end of the old
    /// one; what the old one held is erased after that. If that stops half-way, the old identity is
    /// marked as erasing and nothing leads to it any more. The lease is over by now: where another
    /// link has stored a newer pair since, it is that one's part to replace the identity, since ours
    /// is retired.
    async fn replace_identity(&self, link: &NewLink<'_>, old: &LinkedShop, shop_id: &str, name: Option<&str>) -> Result<LinkedShop, Error> {
        let now = self.clock.now();
        let known_shop_id = Some(shop_id.to_owned());
        let new = LinkedShop { user_uuid: random::uuid()?, generation: 1, known_shop_id, version: 1 };
        let shop = self
            .new_shop(link, &new)?
            .set(&SHOP_ID, shop_id)
            .set(&NAME, name.unwrap_or(link.shop))
            .set(&DUE_AT, link.due_at(new.user_uuid, now));
        let transaction = Transaction::new("dynamodb.replace_identity")?
            .and_as("store", shop)
            .and_as("owner", link.own(new.user_uuid, Some(old.user_uuid)))
            .and(new_session(link.session, new.user_uuid, link.shop, new.generation, now))
            .and(link.linked(new.user_uuid).write(now)?);
        let former = (old.user_uuid, old.generation, old.version);
        self.write_link(self.end_former(transaction, link, former, "changed_hands")?).await?;
        self.erase_former(old.user_uuid).await;
        Ok(new)
    }

    /// With the end of a shop's former identity, in the transaction in which the shop gets another
    /// one.
    fn end_former(
        &self,
        transaction: Transaction<&'static str>,
        link: &NewLink<'_>,
        (former, generation, version): (Uuid, u64, u64),
        what: &str,
    ) -> Result<Transaction<&'static str>, Error> {
        let now = self.clock.now();
        let erased = Event { event_type: EventType::Erased, ..link.linked(former) };
        let mark = erasing::mark(former, generation, version, what, link.session, now);
        Ok(transaction.and_as("former", mark).and(erased.write(now)?))
    }

    async fn write_link(&self, transaction: Transaction<&'static str>) -> Result<(), Error> {
        match self.database.write(transaction).await? {
            Written::Whole => Ok(()),
            Written::Refused(refused) => {
                let roles: Vec<&str> = refused.roles().copied().collect();
                let error = Error::new(Code::TokenExchangeFailed, Detail::StoreChanged);
                Err(error.caused_by(format!("link: refused for {}", roles.join(", "))))
            }
        }
    }

    /// The new link stands whatever happens to the rest.
    async fn erase_former(&self, user_uuid: Uuid) {
        if let Err(error) = erasing::erase(self, user_uuid, None).await {
            tracing::error!(cause = error.cause, "old identity not yet erased");
        }
    }
}

impl NewLink<'_> {
    /// Tells that the shop is linked under this identity.
    fn linked(&self, user_uuid: Uuid) -> Event<'_> {
        let platform = shopify::PLATFORM.name;
        Event { event_type: EventType::Linked, user_uuid, platform, account: self.shop, reason: None }
    }
}
