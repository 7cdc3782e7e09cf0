//! The words about a sign-in at Shopify.

mod messages;

use crate::platform::words::{InEachLanguage, PlatformWords, in_each_language, saying};

/// The sign-in at Shopify.
pub(super) static SIGN_IN: InEachLanguage<PlatformWords> = in_each_language!(messages, sign_in);

/// The words of one language's messages module.
macro_rules! sign_in {
    ($said:ident) => {
        PlatformWords {
            linked_before: saying!($said::linked_before),
            being_linked: saying!($said::being_linked),
            declined: saying!($said::declined),
            missing_permissions: saying!($said::missing_permissions),
            refused: saying!($said::refused),
            failed: $said::FAILED,
            no_answer: $said::NO_ANSWER,
            permission: |name| {
                Some(match name {
                    "read_products" | "read_product_listings" => $said::PERMISSION_PRODUCTS,
                    "read_inventory" => $said::PERMISSION_INVENTORY,
                    "read_discounts" => $said::PERMISSION_DISCOUNTS,
                    "read_locations" => $said::PERMISSION_LOCATIONS,
                    _ => return None,
                })
            },
        }
    };
}
use sign_in;
