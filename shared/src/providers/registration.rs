//! A platform whose accounts rest on a grant, as the list in [`crate::providers`] has it.

use crate::platform::AccountKind;
use crate::{Clock, Error, Vars};

use super::credentials::AppCredentials;
use super::grantor::{Grantor, Revoker};

/// Reads the variables of a platform, and makes its implementation.
pub type Make<T> = fn(&Vars, Clock) -> Result<Box<T>, Error>;

/// What the list requires of a platform. Each function may fail with `misconfigured`.
#[derive(Debug)]
pub struct Registration {
    /// What can be connected to a store.
    pub account: &'static AccountKind,
    /// Whether the platform is enabled. If it is not, nothing else is asked.
    pub is_on: fn(&Vars) -> Result<bool, Error>,
    /// Maintains the accounts.
    pub grantor: Make<dyn Grantor>,
    /// The same for functions that only end things, and have no other variables.
    pub revoker: Make<dyn Revoker>,
    /// Our app at the platform.
    pub credentials: fn(&Vars) -> Result<AppCredentials, Error>,
}
