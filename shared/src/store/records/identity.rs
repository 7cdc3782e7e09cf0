//! Everything of an identity, each item parsed once.

use uuid::Uuid;

use crate::store::table::{Key, Row, Sealed};

use super::{Page, Person, Shop, Status, attributes::*, key};

/// An identity: its store, which is what makes it one, and its Pages.
#[derive(Clone, Debug)]
pub struct Identity<T = Option<Sealed>> {
    /// The store.
    pub shop: Shop<T>,
    /// Its Pages.
    pub pages: Vec<Page<T>>,
}

/// The items in an identity's partition.
#[derive(Debug, Default)]
pub(in crate::store) struct Everything {
    pub(in crate::store) shop: Option<Shop>,
    /// In the order of their ids, those that moved away among them.
    pub(in crate::store) pages: Vec<Page>,
    pub(in crate::store) persons: Vec<Person>,
    pub(in crate::store) events: Vec<StoredEvent>,
    /// A doubt, and whatever else there may be.
    pub(in crate::store) others: Vec<Key>,
}

/// An event on its way to the bus.
#[derive(Debug)]
pub(in crate::store) struct StoredEvent {
    pub(in crate::store) key: Key,
    /// The shop or the Page that it tells of.
    pub(in crate::store) account: Option<String>,
    pub(in crate::store) reason: Option<String>,
}

impl Everything {
    pub(in crate::store) fn read(user_uuid: Uuid, rows: &[Row]) -> Self {
        let mut all = Self::default();
        for row in rows {
            let Some(sk) = row.sk() else { continue };
            if sk == key::STORE {
                all.shop = Shop::read(user_uuid, row);
            } else if let Some(page) = Page::read(row) {
                all.pages.push(page);
            } else if let Some(person) = Person::read(row) {
                all.persons.push(person);
            } else if let Some(event) = StoredEvent::read(user_uuid, row) {
                all.events.push(event);
            } else {
                all.others.push(Key::under(user_uuid, sk));
            }
        }
        all
    }

    /// The identity, for whom something is listed, shown or given out; none when it is erased or
    /// being erased.
    pub(in crate::store) fn into_identity(self) -> Option<Identity> {
        let shop = self.shop.filter(|shop| shop.status != Status::Erasing)?;
        Some(Identity { shop, pages: self.pages })
    }

    /// The Page with this id.
    pub(in crate::store) fn page(&self, id: &str) -> Option<&Page> {
        self.pages.iter().find(|page| page.id.as_str() == id)
    }

    /// The person with this id.
    pub(in crate::store) fn person(&self, user_id: &str) -> Option<&Person> {
        self.persons.iter().find(|person| person.user_id == user_id)
    }
}

impl StoredEvent {
    /// None for anything but an event.
    pub(in crate::store) fn read(user_uuid: Uuid, row: &Row) -> Option<Self> {
        let sk = row.sk().filter(|sk| sk.starts_with(key::EVENTS))?;
        Some(Self { key: Key::under(user_uuid, sk), account: row.get(&ACCOUNT), reason: row.get(&REASON) })
    }
}

impl<T> Identity<T> {
    /// Whether it holds any Page, working or not.
    #[must_use]
    pub fn holds_pages(&self) -> bool {
        self.pages.iter().any(|page| page.status != Status::Moved)
    }

    /// The same, now that the shop is known to be the one it was.
    #[must_use]
    pub fn confirmed(mut self, name: Option<&str>) -> Self {
        self.shop.unconfirmed = false;
        self.shop.name = name.map(str::to_owned).or(self.shop.name);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{super::samples, *};

    #[test]
    fn an_identity_that_is_being_erased_is_nobody_s_any_more() {
        let of = |status| Everything {
            shop: Some(Shop { status, ..samples::shop() }),
            pages: vec![samples::page("1")],
            ..Everything::default()
        };
        for status in [Status::Active, Status::ReconnectNeeded, Status::Uninstalled] {
            assert_eq!(of(status).into_identity().map(|identity| identity.pages.len()), Some(1), "{status:?}");
        }
        assert!(of(Status::Erasing).into_identity().is_none());
    }

    #[test]
    fn a_page_that_moved_away_is_not_held() {
        let holds = |statuses: &[Status]| {
            let pages = statuses.iter().map(|&status| Page { status, ..samples::page("1") }).collect();
            Identity { shop: samples::shop(), pages }.holds_pages()
        };
        assert!(holds(&[Status::Moved, Status::ReconnectNeeded]));
        assert!(!holds(&[Status::Moved]) && !holds(&[]));
    }
}
