//! English.

use crate::platform::words::{PlatformWords, Saying};

/// The sign-in.
pub(super) const SIGN_IN: PlatformWords = PlatformWords {
    linked_before: Saying::fixed(
        "Your store is connected",
        "Your store is connected already; this page was only opened once more. You can go on.",
    ),
    being_linked: Saying::fixed(
        "Your store is being connected",
        "Your store is being connected at this moment. If nothing happens within a minute, please start again.",
    ),
    declined: Saying::fixed(
        "Nothing was connected",
        "Shopify reports that the connection was not approved. Nothing was stored; you can start again whenever you like.",
    ),
    missing_permissions: Saying::fixed(
        "A permission is missing",
        "Not everything was allowed that the assistant needs to sell your products. Please start again and allow it to:",
    ),
    refused: Saying::fixed("Shopify refused the sign-in", "Shopify did not accept this sign-in. Please start again from your store."),
    failed: "Shopify made a mistake",
    no_answer: "Shopify did not answer",
    permission: |name| {
        Some(match name {
            "read_products" | "read_product_listings" => "see what you sell",
            "read_inventory" => "see what is in stock",
            "read_discounts" => "see your discounts",
            "read_locations" => "see where your goods are",
            _ => return None,
        })
    },
};
