//! The only list of platforms. Each knows its own protocol, but neither the others nor the tables
//! or replies. [`meta`] is what Meta's platforms share.

pub mod credentials;
pub mod facebook;
pub mod grantor;
pub mod load;
pub mod meta;
pub mod news;
pub mod permissions;
pub mod registration;
pub mod shopify;
pub mod versions;
pub mod whatsapp;

use crate::platform::{AccountKind, Platforms};
use crate::{Clock, Error, Vars};

use credentials::AppCredentials;
use grantor::{Grantor, Revoker};
use meta::webhook::{Inbox, Reported};
use registration::Registration;

/// All of them.
pub static PLATFORMS: Platforms = Platforms(&[&shopify::PLATFORM, &facebook::PLATFORM, &whatsapp::PLATFORM]);

/// Those whose accounts rest on a grant.
static GRANTING: &[&Registration] = &[&facebook::REGISTRATION, &whatsapp::REGISTRATION];

/// What a merchant is offered after connecting a store.
pub static NEXT: &AccountKind = &facebook::PAGE;

/// What can be connected to a store: the account kinds of the enabled platforms.
///
/// # Errors
/// `misconfigured`.
pub fn offered(vars: &Vars) -> Result<Vec<&'static AccountKind>, Error> {
    enabled(vars, |platform| Ok(platform.account))
}

/// The enabled platforms whose accounts rest on a grant.
///
/// # Errors
/// `misconfigured`.
pub fn grantors(vars: &Vars, clock: &Clock) -> Result<Vec<Box<dyn Grantor>>, Error> {
    enabled(vars, |platform| (platform.grantor)(vars, clock.clone()))
}

/// The same for functions that only end things.
///
/// # Errors
/// `misconfigured`.
pub fn revokers(vars: &Vars, clock: &Clock) -> Result<Vec<Box<dyn Revoker>>, Error> {
    enabled(vars, |platform| (platform.revoker)(vars, clock.clone()))
}

/// Our apps at those platforms.
///
/// # Errors
/// `misconfigured`.
pub fn credentials(vars: &Vars) -> Result<Vec<AppCredentials>, Error> {
    enabled(vars, |platform| (platform.credentials)(vars))
}

fn enabled<T>(vars: &Vars, of: impl Fn(&Registration) -> Result<T, Error>) -> Result<Vec<T>, Error> {
    let on = |platform: &&Registration| Ok(if (platform.is_on)(vars)? { Some(of(platform)?) } else { None });
    GRANTING.iter().filter_map(|platform| on(platform).transpose()).collect()
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
