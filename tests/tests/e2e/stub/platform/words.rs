//! The words: the sentences of another, which nobody reads here. `./dev platform` copies that
//! one's files instead of this.

use shared::platform::words::{AccountWords, InEachLanguage, PlatformWords};
use shared::providers::facebook;

/// The sign-in.
pub(super) static SIGN_IN: &InEachLanguage<PlatformWords> = facebook::PLATFORM.words;

/// Boxes.
pub(super) static BOXES: &InEachLanguage<AccountWords> = facebook::PAGE.words;
