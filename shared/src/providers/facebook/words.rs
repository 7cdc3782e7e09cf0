//! The words about Facebook and its Pages.

mod messages;

use crate::platform::words::{AccountWords, InEachLanguage, PlatformWords, account_words, in_each_language, sign_in_words};

/// The sign-in at Facebook.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = in_each_language!(messages, sign_in);

/// Pages.
pub(super) static PAGES: InEachLanguage<AccountWords> = in_each_language!(messages, pages);

/// The words of a messages module.
macro_rules! sign_in {
    ($said:ident) => {
        sign_in_words!($said, {
            "pages_messaging" => PERMISSION_MESSAGING,
            "pages_show_list" => PERMISSION_SHOW_LIST,
            "pages_manage_metadata" => PERMISSION_METADATA,
            "pages_read_engagement" => PERMISSION_ENGAGEMENT,
            "business_management" => PERMISSION_BUSINESS,
        })
    };
}
use sign_in;

/// The same for Pages.
macro_rules! pages {
    ($said:ident) => {
        account_words!($said, [PAGES_STEP, PAGES_FULL, PAGES], None)
    };
}
use pages;
