//! What a token is worth today: the records of an identity with their tokens opened.

use aws_sdk_dynamodb::types::KeysAndAttributes;
use uuid::Uuid;

use crate::{
    calls::timed,
    clock::UnixSeconds,
    encryption::{OpenError, Place},
    error::Error,
    facts::delivery::{self, Messaging, ThreadRouting},
    providers::{facebook, shopify},
    secret::Secret,
};

use super::{
    Connections, Item, Pause, TRIES,
    item::{self, identity_key, s},
    leaving::counts_as_redacted,
    pages::THREAD_ROUTING,
    unavailable,
};

/// Whether a credential can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// As far as is known it works.
    Active,
    /// It is dead, and only the merchant can give another.
    ReconnectNeeded,
    /// The store uninstalled the app.
    Uninstalled,
    /// What is left of an identity that is being erased.
    Erasing,
    /// A Page that another identity holds now.
    Moved,
}

/// A store with its token pair.
#[derive(Clone, Debug)]
pub struct StoreTokens {
    /// Its identity.
    pub user_uuid: Uuid,
    /// The domain.
    pub shop: String,
    /// The numeric id of the shop, once it is known.
    pub shop_id: Option<String>,
    /// Whether the pair can be used.
    pub status: Status,
    /// Why it can't.
    pub reason: Option<String>,
    /// Since when it can't.
    pub dead_since: Option<UnixSeconds>,
    /// When it was first found dead, where too many were for that to be believed.
    pub dead_seen_at: Option<UnixSeconds>,
    /// Raised by whatever ends a link.
    pub generation: u64,
    /// Counts the pairs.
    pub version: u64,
    /// For the Admin API.
    pub access_token: Option<Secret>,
    /// Its end; none when it does not expire.
    pub access_expires_at: Option<UnixSeconds>,
    /// For the next pair.
    pub refresh_token: Option<Secret>,
    /// Its end, if it was stated.
    pub refresh_expires_at: Option<UnixSeconds>,
    /// When the pair was issued.
    pub issued_at: UnixSeconds,
    /// What was granted.
    pub scopes: Vec<String>,
    /// The client id that it was issued to.
    pub app_id: String,
    /// Linked again after an uninstall, and not yet known to be the same shop.
    pub unconfirmed: bool,
    /// Linked again, and not yet compared with the shop that it was. It works meanwhile.
    pub uncompared: bool,
    /// When the keeper looks at it again.
    pub due_at: Option<UnixSeconds>,
    /// When the store uninstalled the app.
    pub uninstalled_at: Option<UnixSeconds>,
    /// Sealed with another key than the one for new writes.
    pub old_key: bool,
}

/// A Page with its token.
#[derive(Clone, Debug)]
pub struct PageTokens {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether the token can be used, as far as the Page alone tells.
    pub status: Status,
    /// Why it can't.
    pub reason: Option<String>,
    /// For calls in the Page's name. It does not expire.
    pub access_token: Option<Secret>,
    /// The app that it was issued to.
    pub app_id: String,
    /// Whether messages are known to arrive.
    pub messaging: Messaging,
    /// Whether several apps share its conversations.
    pub thread_routing: ThreadRouting,
}

/// An identity: its store and the Pages that were asked for.
#[derive(Clone, Debug)]
pub struct Identity {
    /// The store, which is what makes it one.
    pub store: StoreTokens,
    /// Its Pages, those that moved away left out.
    pub pages: Vec<PageTokens>,
}

impl StoreTokens {
    /// Whether Shopify has yet to say which shop this is, or whether it is the one that it was.
    #[must_use]
    pub fn is_unidentified(&self) -> bool {
        self.shop_id.is_none() || self.unconfirmed || self.uncompared
    }
}

impl Connections {
    /// The identity that holds a Page, with that Page alone: one read for the owner and one for both items.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity_of_page(&self, page_id: &str) -> Result<Option<Identity>, Error> {
        let page_key = format!("page#{page_id}");
        // The Page may change hands between the two reads; the owner then names another identity.
        for _ in 0..TRIES {
            let Some(owner) = self.get(page_key.clone(), "owner").await? else { return Ok(None) };
            let user_uuid = item::uuid(&owner, "uuid").ok_or_else(|| Error::storage_unavailable("a Page without identity"))?;
            let identity = self.read_identity(user_uuid, self.batch_get(user_uuid, ["store", &page_key]).await?)?;
            match identity {
                Some(identity) if identity.pages.iter().any(|page| page.id == page_id) => return Ok(Some(identity)),
                // It is gone, or going.
                None => return Ok(None),
                Some(_) => {}
            }
        }
        Err(Error::storage_unavailable("a Page keeps changing hands"))
    }

    /// The identity of a shop, with all its Pages.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity_of_shop(&self, shop: &str) -> Result<Option<Identity>, Error> {
        let Some(owner) = self.get(format!("shop#{shop}"), "owner").await? else { return Ok(None) };
        let user_uuid = item::uuid(&owner, "uuid").ok_or_else(|| Error::storage_unavailable("a store without identity"))?;
        self.identity(user_uuid).await
    }

    /// An identity with all its Pages.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn identity(&self, user_uuid: Uuid) -> Result<Option<Identity>, Error> {
        self.read_identity(user_uuid, self.everything(user_uuid).await?)
    }

    /// A store as it is at this moment.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn store_tokens(&self, user_uuid: Uuid) -> Result<Option<StoreTokens>, Error> {
        self.get(identity_key(user_uuid), "store").await?.map(|found| self.read_store(user_uuid, &found)).transpose()
    }

    async fn batch_get(&self, user_uuid: Uuid, sort_keys: [&str; 2]) -> Result<Vec<Item>, Error> {
        let key = |sk: &str| item::item([("pk", s(identity_key(user_uuid))), ("sk", s(sk))]);
        let mut wanted = sort_keys.map(key).to_vec();
        let (mut items, mut pause) = (Vec::new(), Pause::default());
        loop {
            let keys = KeysAndAttributes::builder().consistent_read(true).set_keys(Some(wanted)).build();
            let keys = keys.map_err(super::stores_write::incomplete)?;
            let read = self.client.batch_get_item().request_items(&self.table, keys);
            let output = timed("dynamodb.identity", read.send()).await.map_err(|e| unavailable("identity", &e))?;
            items.extend(output.responses.unwrap_or_default().into_values().flatten());
            // What DynamoDB left out under load has to be asked for again.
            wanted = output.unprocessed_keys.unwrap_or_default().into_values().flat_map(|left| left.keys).collect();
            if wanted.is_empty() {
                return Ok(items);
            }
            if pause.tries >= TRIES {
                return Err(Error::storage_unavailable("identity: keys left over"));
            }
            pause.wait().await;
        }
    }

    /// None when there is no store, or one that is being erased or is to be.
    fn read_identity(&self, user_uuid: Uuid, items: Vec<Item>) -> Result<Option<Identity>, Error> {
        let (mut store, mut pages) = (None, Vec::new());
        for found in &items {
            match item::text(found, "sk") {
                Some("store") => store = Some(self.read_store(user_uuid, found)?),
                Some(sk) => {
                    if let Some(id) = sk.strip_prefix("page#") {
                        pages.extend(Some(self.read_page(user_uuid, id, found)?).filter(|page| page.status != Status::Moved));
                    }
                }
                None => {}
            }
        }
        let now = self.clock.now();
        let is_gone = |store: &StoreTokens| store.status == Status::Erasing || counts_as_redacted(store.status, store.uninstalled_at, now);
        Ok(store.filter(|store| !is_gone(store)).map(|store| Identity { store, pages }))
    }

    pub(super) fn read_store(&self, user_uuid: Uuid, found: &Item) -> Result<StoreTokens, Error> {
        let shop = item::text(found, "shop").ok_or_else(|| Error::storage_unavailable("a store without a domain"))?;
        let open = |attribute| self.open(found, attribute, Place { user_uuid, platform: shopify::PLATFORM.name, account: shop, attribute });
        let sealed = ["access_token", "refresh_token"].into_iter().filter_map(|name| item::bytes(found, name));
        let linked_at = item::number(found, "linked_at").unwrap_or_default();
        Ok(StoreTokens {
            user_uuid,
            shop_id: item::text(found, "shop_id").map(str::to_owned),
            status: Status::read(found),
            reason: item::text(found, "reason").map(str::to_owned),
            dead_since: item::number(found, "dead_since"),
            dead_seen_at: item::number(found, "dead_seen_at"),
            generation: item::number(found, "generation").unwrap_or_default(),
            version: item::number(found, "version").unwrap_or_default(),
            access_token: open("access_token")?,
            access_expires_at: item::number(found, "access_expires_at"),
            refresh_token: open("refresh_token")?,
            refresh_expires_at: item::number(found, "refresh_expires_at"),
            issued_at: item::number(found, "issued_at").unwrap_or(linked_at),
            scopes: item::texts(found, "scopes"),
            app_id: item::text(found, "app_id").unwrap_or_default().to_owned(),
            unconfirmed: found.contains_key("unconfirmed"),
            uncompared: found.contains_key("uncompared"),
            due_at: item::number(found, "due_at"),
            uninstalled_at: item::number(found, "uninstalled_at"),
            old_key: sealed.into_iter().any(|sealed| self.keys.needs_resealing(sealed)),
            shop: shop.to_owned(),
        })
    }

    fn read_page(&self, user_uuid: Uuid, id: &str, found: &Item) -> Result<PageTokens, Error> {
        let place = Place { user_uuid, platform: facebook::PLATFORM.name, account: id, attribute: "page_token" };
        Ok(PageTokens {
            id: id.to_owned(),
            name: item::text(found, "name").unwrap_or_default().to_owned(),
            status: Status::read(found),
            reason: item::text(found, "reason").map(str::to_owned),
            access_token: self.open(found, "access_token", place)?,
            app_id: item::text(found, "app_id").unwrap_or_default().to_owned(),
            messaging: delivery::noted(item::flag(found, "messaging_ready").unwrap_or_default(), item::text(found, "messaging_reason")),
            thread_routing: item::flag(found, THREAD_ROUTING),
        })
    }

    /// Opens a sealed attribute. A key that is not known here yet may be in the secret by now.
    pub(super) fn open(&self, found: &Item, attribute: &str, place: Place<'_>) -> Result<Option<Secret>, Error> {
        let Some(sealed) = item::bytes(found, attribute) else { return Ok(None) };
        match self.keys.open(place, sealed) {
            Ok(secret) => Ok(Some(secret)),
            Err(OpenError::UnknownKey(id)) => {
                Err(Error::storage_unavailable(format!("{attribute}: sealed with key {id}, which is not known here"))
                    .refusing_credentials(true))
            }
            Err(OpenError::Corrupt) => Err(Error::storage_unavailable(format!("{attribute} does not open"))),
        }
    }
}

impl Status {
    /// The word in an item and in a reply.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReconnectNeeded => "reconnect_needed",
            Self::Uninstalled => "uninstalled",
            Self::Erasing => "erasing",
            Self::Moved => "moved",
        }
    }

    /// A word that is not known gives nothing away.
    pub(super) fn read(found: &Item) -> Self {
        match item::text(found, "status") {
            Some("active") => Self::Active,
            Some("uninstalled") => Self::Uninstalled,
            Some("erasing") => Self::Erasing,
            Some("moved") => Self::Moved,
            _ => Self::ReconnectNeeded,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn record(user_uuid: Uuid, issued_at: UnixSeconds, refresh_expires_at: Option<UnixSeconds>) -> StoreTokens {
        StoreTokens {
            user_uuid,
            shop: "acme.myshopify.com".to_owned(),
            shop_id: None,
            status: Status::Active,
            reason: None,
            dead_since: None,
            dead_seen_at: None,
            generation: 1,
            version: 1,
            access_token: Some(Secret::new("a")),
            access_expires_at: Some(issued_at + 3600),
            refresh_token: Some(Secret::new("r")),
            refresh_expires_at,
            issued_at,
            scopes: Vec::new(),
            app_id: "app".to_owned(),
            unconfirmed: false,
            uncompared: false,
            due_at: None,
            uninstalled_at: None,
            old_key: false,
        }
    }

    #[test]
    fn a_status_that_is_not_known_gives_nothing_away() {
        for status in [Status::Active, Status::ReconnectNeeded, Status::Uninstalled, Status::Erasing, Status::Moved] {
            assert_eq!(Status::read(&item::item([("status", s(status.as_str()))])), status);
        }
        assert_eq!(Status::read(&item::item([("status", s("else"))])), Status::ReconnectNeeded);
        assert_eq!(Status::read(&Item::new()), Status::ReconnectNeeded);
    }
}
