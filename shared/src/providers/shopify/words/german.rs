//! German.

use crate::platform::words::{PlatformWords, Saying};

/// The sign-in.
pub(super) const SIGN_IN: PlatformWords = PlatformWords {
    linked_before: Saying::fixed(
        "Ihr Shop ist verbunden",
        "Ihr Shop ist bereits verbunden; diese Seite wurde nur noch einmal geöffnet. Sie können weitermachen.",
    ),
    being_linked: Saying::fixed(
        "Ihr Shop wird gerade verbunden",
        "Ihr Shop wird in diesem Augenblick verbunden. Geschieht binnen einer Minute nichts, beginnen Sie bitte neu.",
    ),
    declined: Saying::fixed(
        "Es wurde nichts verbunden",
        "Laut Shopify wurde die Verbindung nicht erlaubt. Es wurde nichts gespeichert; Sie können jederzeit neu beginnen.",
    ),
    missing_permissions: Saying::fixed(
        "Eine Berechtigung fehlt",
        "Nicht alles wurde erlaubt, was der Assistent braucht, um Ihre Produkte zu verkaufen. Bitte beginnen Sie neu und erlauben Sie ihm:",
    ),
    refused: Saying::fixed(
        "Shopify hat die Anmeldung abgelehnt",
        "Shopify hat diese Anmeldung nicht angenommen. Bitte beginnen Sie noch einmal in Ihrem Shop.",
    ),
    failed: "Bei Shopify ging etwas schief",
    no_answer: "Shopify hat nicht geantwortet",
    permission: |name| {
        Some(match name {
            "read_products" | "read_product_listings" => "sehen, was Sie verkaufen",
            "read_inventory" => "sehen, was auf Lager ist",
            "read_discounts" => "Ihre Rabatte sehen",
            "read_locations" => "sehen, wo Ihre Ware ist",
            _ => return None,
        })
    },
};
