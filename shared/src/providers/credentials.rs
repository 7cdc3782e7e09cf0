//! Our app at a platform: distinguishes our tokens from another app's, and proves that a call is
//! ours.

use std::fmt;

use crate::{Secret, platform::Platform};

/// Our app at a platform.
#[derive(Clone)]
pub struct AppCredentials {
    /// The platform.
    pub platform: &'static Platform,
    /// The app's id.
    pub id: String,
    secret: Secret,
    prove: fn(&Secret, &Secret) -> String,
}

impl AppCredentials {
    /// `prove` computes the proof from the app's secret and a token.
    #[must_use]
    pub const fn new(platform: &'static Platform, id: String, secret: Secret, prove: fn(&Secret, &Secret) -> String) -> Self {
        Self { platform, id, secret, prove }
    }

    /// Proves that a call with this token is the app's. Valid as long as both the secret and the
    /// token.
    #[must_use]
    pub fn proof(&self, token: &Secret) -> String {
        (self.prove)(&self.secret, token)
    }
}

impl fmt::Debug for AppCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppCredentials").field("platform", &self.platform).field("id", &self.id).finish_non_exhaustive()
    }
}
