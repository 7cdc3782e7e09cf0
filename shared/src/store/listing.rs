//! What a merchant is shown of an identity: everything that is linked, without a token being opened.

use uuid::Uuid;

use crate::{error::Error, facts::delivery::ThreadRouting};

use super::{Connections, Item, item, pages::THREAD_ROUTING, tokens::Status};

/// Everything that is linked under an identity.
#[derive(Clone, Debug)]
pub struct Listing {
    /// The identity.
    pub user_uuid: Uuid,
    /// Raised by whatever ends a link.
    pub generation: u64,
    /// The store.
    pub store: ListedStore,
    /// Its Pages, those that moved away among them.
    pub pages: Vec<ListedPage>,
}

/// A store as it is listed.
#[derive(Clone, Debug)]
pub struct ListedStore {
    /// The domain.
    pub shop: String,
    /// The name, once it is known.
    pub name: Option<String>,
    /// Whether it is linked.
    pub status: Status,
    /// Why it is not.
    pub reason: Option<String>,
    /// The client id that its tokens were issued to.
    pub app_id: String,
    /// Linked again after it was away, and not yet known to be the same shop: nothing of the former link counts until then.
    pub unconfirmed: bool,
}

/// A Page as it is listed.
#[derive(Clone, Debug)]
pub struct ListedPage {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// Whether its token works, as far as the Page alone tells.
    pub status: Status,
    /// Why it does not.
    pub reason: Option<String>,
    /// The app that its token was issued to.
    pub app_id: String,
    /// Whether messages are known to arrive.
    pub messaging_ready: bool,
    /// Why they are not.
    pub messaging_reason: Option<String>,
    /// Whether several apps share its conversations.
    pub thread_routing: ThreadRouting,
}

impl Listing {
    /// Whether the identity holds any Page, working or not.
    #[must_use]
    pub fn holds_pages(&self) -> bool {
        self.pages.iter().any(|page| page.status != Status::Moved)
    }

    /// The same, now that the shop is known to be the one it was.
    #[must_use]
    pub fn confirmed(mut self, name: Option<&str>) -> Self {
        self.store.unconfirmed = false;
        self.store.name = name.map(str::to_owned).or(self.store.name);
        self
    }

    /// None without a store, or with one that is being erased.
    fn of(user_uuid: Uuid, everything: &[Item]) -> Option<Self> {
        let root = everything.iter().find(|found| item::text(found, "sk") == Some("store"))?;
        let store = ListedStore {
            shop: item::text(root, "shop")?.to_owned(),
            name: item::text(root, "name").map(str::to_owned),
            status: Status::read(root),
            reason: item::text(root, "reason").map(str::to_owned),
            app_id: item::text(root, "app_id").unwrap_or_default().to_owned(),
            unconfirmed: root.contains_key("unconfirmed"),
        };
        (store.status != Status::Erasing).then(|| Self {
            user_uuid,
            generation: item::number(root, "generation").unwrap_or_default(),
            store,
            pages: everything.iter().filter_map(ListedPage::of).collect(),
        })
    }
}

impl ListedPage {
    fn of(found: &Item) -> Option<Self> {
        let id = item::text(found, "sk")?.strip_prefix("page#")?;
        Some(Self {
            id: id.to_owned(),
            name: item::text(found, "name").unwrap_or_default().to_owned(),
            status: Status::read(found),
            reason: item::text(found, "reason").map(str::to_owned),
            app_id: item::text(found, "app_id").unwrap_or_default().to_owned(),
            messaging_ready: item::flag(found, "messaging_ready").unwrap_or_default(),
            messaging_reason: item::text(found, "messaging_reason").map(str::to_owned),
            thread_routing: item::flag(found, THREAD_ROUTING),
        })
    }
}

impl Connections {
    /// Everything of an identity in one strongly consistent query; none when it is erased or being erased.
    ///
    /// # Errors
    /// `storage_unavailable`.
    pub async fn listing(&self, user_uuid: Uuid) -> Result<Option<Listing>, Error> {
        Ok(Listing::of(user_uuid, &self.everything(user_uuid).await?))
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::item::{n, s},
        *,
    };

    fn store(status: &str) -> Item {
        item::item([("sk", s("store")), ("shop", s("acme.myshopify.com")), ("status", s(status)), ("generation", n(3))])
    }

    fn page(id: &str, status: &str) -> Item {
        item::item([("sk", s(format!("page#{id}"))), ("name", s("A Page")), ("status", s(status))])
    }

    #[test]
    fn an_identity_is_listed_with_all_its_pages_and_nothing_else() {
        let person = item::item([("sk", s("person#7")), ("status", s("active"))]);
        let listing = Listing::of(Uuid::nil(), &[page("1", "active"), page("2", "moved"), person, store("active")]).unwrap();
        assert_eq!((listing.generation, listing.store.shop.as_str()), (3, "acme.myshopify.com"));
        let pages: Vec<_> = listing.pages.iter().map(|page| (page.id.as_str(), page.status, page.messaging_ready)).collect();
        assert_eq!(pages, [("1", Status::Active, false), ("2", Status::Moved, false)]);
        assert!(listing.holds_pages());
    }

    #[test]
    fn what_moved_away_is_not_held_and_what_is_erased_is_not_listed() {
        let listing = |items: &[Item]| Listing::of(Uuid::nil(), items);
        assert!(!listing(&[store("active"), page("1", "moved")]).unwrap().holds_pages());
        assert!(listing(&[store("active"), page("1", "reconnect_needed")]).unwrap().holds_pages());
        assert!(listing(&[store("erasing"), page("1", "active")]).is_none() && listing(&[page("1", "active")]).is_none());
    }
}
