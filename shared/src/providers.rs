//! The only list of platforms. Each knows its own protocol and nothing of the others, of the tables
//! or of replies; what Meta's have in common is in [`meta`].

pub mod credentials;
pub mod facebook;
pub mod grantor;
pub mod load;
pub mod meta;
pub mod permissions;
pub mod shopify;
pub mod versions;

use crate::platform::{AccountKind, Platforms};
use crate::{Clock, Error, Vars};

use credentials::AppCredentials;
use grantor::Grantor;

/// All of them.
pub static PLATFORMS: Platforms = Platforms(&[&shopify::PLATFORM, &facebook::PLATFORM]);

/// What a store that was connected goes on to.
pub static NEXT: &AccountKind = &facebook::PAGE;

/// Those whose accounts rest on a grant.
///
/// # Errors
/// `misconfigured`.
pub fn grantors(vars: &Vars, clock: &Clock) -> Result<Vec<Box<dyn Grantor>>, Error> {
    Ok(vec![Box::new(facebook::Facebook::from_vars(vars, clock.clone())?)])
}

/// Our apps at those.
///
/// # Errors
/// `misconfigured`.
pub fn credentials(vars: &Vars) -> Result<Vec<AppCredentials>, Error> {
    Ok(vec![facebook::credentials(vars)?])
}
