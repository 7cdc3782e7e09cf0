//! The words about a sign-in at Shopify.

mod messages;

use crate::platform::words::{InEachLanguage, PlatformWords, in_each_language, sign_in_words};

/// The sign-in at Shopify.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = in_each_language!(messages, sign_in);

/// The words of one language's messages module.
macro_rules! sign_in {
    ($said:ident) => {
        sign_in_words!($said, {
            "read_products" | "read_product_listings" => PERMISSION_PRODUCTS,
            "read_inventory" => PERMISSION_INVENTORY,
            "read_discounts" => PERMISSION_DISCOUNTS,
            "read_locations" => PERMISSION_LOCATIONS,
        })
    };
}
use sign_in;
