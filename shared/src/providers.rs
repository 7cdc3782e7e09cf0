//! The only list of platforms. Each knows its own protocol, but neither the others nor the tables
//! or replies. [`meta`] is what Meta's platforms share.

pub mod credentials;
pub mod facebook;
pub mod grantor;
pub mod load;
pub mod meta;
pub mod news;
pub mod permissions;
pub mod shopify;
pub mod versions;
pub mod whatsapp;

use crate::platform::{AccountKind, Platforms};
use crate::{Clock, Error, Vars};

use credentials::AppCredentials;
use grantor::{Grantor, Revoker};
use meta::webhook::{Inbox, Reported};

/// All of them.
pub static PLATFORMS: Platforms = Platforms(&[&shopify::PLATFORM, &facebook::PLATFORM, &whatsapp::PLATFORM]);

/// What a merchant is offered after connecting a store.
pub static NEXT: &AccountKind = &facebook::PAGE;

/// What can be connected to a store: the account kinds of the enabled platforms.
///
/// # Errors
/// `misconfigured`.
pub fn offered(vars: &Vars) -> Result<Vec<&'static AccountKind>, Error> {
    Ok([NEXT].into_iter().chain(whatsapp::is_on(vars)?.then_some(&whatsapp::PHONE)).collect())
}

/// The enabled platforms whose accounts rest on a grant.
///
/// # Errors
/// `misconfigured`.
pub fn grantors(vars: &Vars, clock: &Clock) -> Result<Vec<Box<dyn Grantor>>, Error> {
    let mut grantors: Vec<Box<dyn Grantor>> = vec![Box::new(facebook::Facebook::from_vars(vars, clock.clone())?)];
    if whatsapp::is_on(vars)? {
        grantors.push(Box::new(whatsapp::WhatsApp::from_vars(vars, clock.clone())?));
    }
    Ok(grantors)
}

/// The same for functions that only end things.
///
/// # Errors
/// `misconfigured`.
pub fn revokers(vars: &Vars, clock: &Clock) -> Result<Vec<Box<dyn Revoker>>, Error> {
    let mut revokers: Vec<Box<dyn Revoker>> = vec![Box::new(facebook::Revocation::from_vars(vars, clock.clone())?)];
    if whatsapp::is_on(vars)? {
        revokers.push(Box::new(whatsapp::Revocation::from_vars(vars, clock.clone())?));
    }
    Ok(revokers)
}

/// Our apps at those platforms.
///
/// # Errors
/// `misconfigured`.
pub fn credentials(vars: &Vars) -> Result<Vec<AppCredentials>, Error> {
    let facebook = facebook::credentials(vars)?;
    let whatsapp = if whatsapp::is_on(vars)? { Some(whatsapp::credentials(vars)?) } else { None };
    Ok([facebook].into_iter().chain(whatsapp).collect())
}

/// The platforms whose messages Meta delivers.
///
/// # Errors
/// `misconfigured`.
pub fn inboxes(vars: &Vars) -> Result<Vec<Inbox>, Error> {
    let facebook = facebook::messages::inbox(vars)?;
    let whatsapp = if whatsapp::is_on(vars)? { Some(whatsapp::messages::inbox(vars)?) } else { None };
    Ok([facebook].into_iter().chain(whatsapp).collect())
}

/// The platforms about whose accounts Meta sends reports.
///
/// # Errors
/// `misconfigured`.
pub fn reported(vars: &Vars, clock: &Clock) -> Result<Vec<Reported>, Error> {
    let whatsapp = if whatsapp::is_on(vars)? { Some(whatsapp::updates::reported(vars, clock.clone())?) } else { None };
    Ok(whatsapp.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Key prefixes of the store itself, in addition to accounts, grants and companions.
    const OWN_PLACES: [&str; 15] = [
        "pin", "uuid", "shop", "store", "doubt", "event", "told", "deletion", "session", "flow", "job", "audit", "delivery", "body",
        "owner",
    ];

    fn are_unique<'a>(names: impl IntoIterator<Item = &'a str>) {
        let mut seen = HashSet::new();
        for name in names {
            assert!(seen.insert(name), "{name} means two things");
        }
    }

    #[test]
    fn each_name_is_unique() {
        let (accounts, companions) = (|| PLATFORMS.accounts(), || PLATFORMS.companions());
        are_unique(PLATFORMS.0.iter().map(|platform| platform.name));
        let places = accounts().map(|kind| kind.key).chain(PLATFORMS.grants().map(|kind| kind.key));
        are_unique(places.chain(companions().map(|kind| kind.key)).chain(OWN_PLACES));
        let jobs = accounts().map(|kind| kind.job).chain(PLATFORMS.grants().map(|kind| kind.job));
        are_unique(jobs.chain(companions().filter_map(|kind| kind.doubt)));
        are_unique(accounts().map(|kind| kind.list).chain(["user_uuid", "shops"]));
        are_unique(accounts().map(|kind| kind.id).chain(companions().filter_map(|kind| kind.id)).chain(["user_uuid", "shop"]));
    }

    #[test]
    fn stored_names_never_change() {
        let (page, person) = (&facebook::PAGE, &facebook::PERSON);
        assert_eq!((page.key, page.sealed, page.job), ("page", "page_token", "unsubscribe"));
        assert_eq!((person.key, person.sealed, person.job), ("person", "user_token", "revoke"));
        assert_eq!(page.companion.unwrap().key, "instagram");
    }
}
