//! What is said about a sign-in at Shopify.

mod english;
mod german;

use crate::platform::words::{InEachLanguage, PlatformWords};

/// The sign-in at Shopify.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = InEachLanguage { english: english::SIGN_IN, german: german::SIGN_IN };
