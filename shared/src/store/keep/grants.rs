//! A Facebook person's grant under an identity, with the Pages that rest on it: what the keeper
//! looks after.

mod changes;

use uuid::Uuid;

use crate::Error;
use crate::store::records::{Kept, Page, Person, Status};
use crate::store::{Tables, identity};

pub use changes::{Changed, Due, PageChange, PersonChange};

/// A grant as it is stored, and what it is stored under.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The identity.
    pub user_uuid: Uuid,
    /// The identity's store. Without one that is linked, nothing is done in its name.
    pub store: Status,
    /// The store was linked again after an uninstall, and is not yet known to be the same shop.
    pub unconfirmed: bool,
    /// The person who gave it.
    pub person: Person<Kept>,
    /// The Pages that this identity holds through this person, dead ones included.
    pub pages: Vec<Page<Kept>>,
    pub(in crate::store) generation: u64,
}

impl Grant {
    /// Whether the identity's store is linked, so that something may be done in its name.
    #[must_use]
    pub const fn is_wanted(&self) -> bool {
        matches!(self.store, Status::Active | Status::ReconnectNeeded) && !self.unconfirmed
    }

    /// Whether a Page of this identity rests on it. Without one the person's token is of no use
    /// here, and would open Pages of others.
    #[must_use]
    pub fn is_used(&self) -> bool {
        self.pages.iter().any(Page::rests)
    }
}

impl Tables {
    /// A person's grant with its Pages, strongly consistent; none when it or its identity is gone.
    ///
    /// # Errors
    /// `storage_unavailable`, also when the key of a token is not known here yet.
    pub async fn load_grant(&self, user_uuid: Uuid, user_id: &str) -> Result<Option<Grant>, Error> {
        let all = identity::everything(self, user_uuid).await?;
        let person = all.persons.into_iter().find(|person| person.user_id == user_id);
        let (Some(shop), Some(person)) = (all.shop, person) else { return Ok(None) };
        let is_held = |page: &Page| matches!(page.status, Status::Active | Status::ReconnectNeeded);
        let pages = all.pages.into_iter().filter(|page| page.is_granted_by(user_id) && is_held(page));
        Ok(Some(Grant {
            user_uuid,
            store: shop.status,
            unconfirmed: shop.unconfirmed,
            person: person.open(user_uuid, &self.keys)?,
            pages: pages.map(|page| page.open(user_uuid, &self.keys)).collect::<Result<_, _>>()?,
            generation: shop.generation,
        }))
    }
}

#[cfg(test)]
pub(in crate::store) mod tests {
    use super::{super::super::records::samples::person, *};

    /// A grant of a person whose token is gone, without Pages.
    pub(in crate::store) fn grant(store: Status, unconfirmed: bool) -> Grant {
        Grant { user_uuid: Uuid::from_u128(7), store, unconfirmed, person: person(), pages: Vec::new(), generation: 1 }
    }

    #[test]
    fn nothing_is_done_for_a_store_that_left_or_may_be_another() {
        assert!(grant(Status::Active, false).is_wanted() && grant(Status::ReconnectNeeded, false).is_wanted());
        assert!(!grant(Status::Uninstalled, false).is_wanted() && !grant(Status::Erasing, false).is_wanted());
        assert!(!grant(Status::Active, true).is_wanted());
    }
}
