//! What is said about Facebook and its Pages.

mod english;
mod german;

use crate::platform::words::{AccountWords, InEachLanguage, PlatformWords};

/// The sign-in at Facebook.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = InEachLanguage { english: english::SIGN_IN, german: german::SIGN_IN };

/// Pages.
pub(super) static PAGES: InEachLanguage<AccountWords> = InEachLanguage { english: english::PAGES, german: german::PAGES };
