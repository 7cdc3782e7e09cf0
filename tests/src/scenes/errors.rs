//! Errors that are not about the state of a sign-in.

use serde_json::json;
use shared::Code;

use super::{Merchant, Scene, Way, error};
use crate::database::DatabaseFault;
use crate::faults::{Fault, Times};

pub(super) const SCENES: &[Scene] = &[
    error("invalid-shop", Code::InvalidShop, Way::Admin),
    error("missing-session", Code::MissingSession, Way::Shopify),
    error("invalid-session", Code::InvalidSession, Way::Shopify),
    error("access-denied", Code::AccessDenied, Way::Facebook),
    error("missing-permission", Code::MissingPermission, Way::Facebook),
    error("missing-permission-at-shopify", Code::MissingPermission, Way::Shopify),
    error("no-page", Code::NoPage, Way::Facebook),
    error("held-elsewhere", Code::HeldElsewhere, Way::Facebook),
    error("too-many-attempts", Code::TooManyAttempts, Way::Shopify),
    error("token-exchange-failed", Code::TokenExchangeFailed, Way::Shopify),
    error("token-exchange-failed-at-facebook", Code::TokenExchangeFailed, Way::Facebook),
    error("provider-error", Code::ProviderError, Way::Shopify),
    error("provider-error-at-facebook", Code::ProviderError, Way::Facebook),
    error("provider-timeout", Code::ProviderTimeout, Way::Shopify),
    error("storage-unavailable", Code::StorageUnavailable, Way::Shopify),
    error("storage-unavailable-before-facebook", Code::StorageUnavailable, Way::Shopify),
    error("not-found", Code::NotFound, Way::Admin),
    error("invalid-signature", Code::InvalidSignature, Way::Admin),
    error("payload-too-large", Code::PayloadTooLarge, Way::Admin),
];

pub(super) async fn reach(merchant: &Merchant<'_>, name: &str) {
    let Merchant { world, tab, person, pages, .. } = merchant;
    match name {
        "invalid-shop" => merchant.opens("/shopify/not_a_store!/login").await,
        "missing-session" => merchant.opens(&format!("/facebook/login?shop={}", merchant.domain())).await,
        "invalid-session" => {
            merchant.connects_store().await;
            tab.plant_cookie(&merchant.origin, "session_id", &crate::random::token()).await;
            tab.follow("#next").await;
        }
        "access-denied" => {
            merchant.comes_to_facebook().await;
            tab.follow("#decline").await;
        }
        "missing-permission" => {
            merchant.comes_to_facebook().await;
            tab.click("#permissions-pages_messaging").await;
            tab.follow("#approve").await;
        }
        "missing-permission-at-shopify" => {
            merchant.comes_to_shopify().await;
            tab.click("#scopes-read_inventory").await;
            tab.follow("#approve").await;
        }
        "no-page" => {
            pages.iter().for_each(|page| world.facebook.remove_page(page));
            merchant.comes_to_facebook().await;
            tab.follow("#approve").await;
        }
        "held-elsewhere" => {
            merchant.with_shop(&format!("{}-before", merchant.shop)).connects_pages().await;
            merchant.comes_to_facebook().await;
            tab.follow("#approve").await;
        }
        "too-many-attempts" => {
            merchant.connects_store().await;
            let sessions = world.database.scan("sessions");
            let own = sessions.iter().find(|item| item.text("shop") == Some(&merchant.domain())).and_then(|item| item.text("pk"));
            world.set_number(own.expect("the store's session"), "", "attempts", 20).await;
            tab.follow("#next").await;
        }
        "token-exchange-failed" => {
            let refused = Fault::json(400, &json!({"error": "invalid_request", "error_description": "The code was not found"}));
            world.shopify.switch_on("token", refused, Times::Once);
            merchant.comes_to_shopify().await;
            tab.follow("#approve").await;
        }
        "token-exchange-failed-at-facebook" => {
            merchant.comes_to_facebook().await;
            tab.follow("#foreign_token").await;
        }
        "provider-error" => {
            world.shopify.switch_on("token", Fault::HtmlBody, Times::Once);
            merchant.comes_to_shopify().await;
            tab.follow("#approve").await;
        }
        "provider-error-at-facebook" => {
            merchant.comes_to_facebook().await;
            tab.follow("#fail").await;
        }
        "provider-timeout" => {
            world.shopify.switch_on("token", Fault::Hang, Times::Once);
            merchant.comes_to_shopify().await;
            tab.follow("#approve").await;
        }
        "storage-unavailable" => {
            merchant.comes_to_shopify().await;
            world.database.fail(DatabaseFault::InternalError, usize::MAX);
            tab.follow("#approve").await;
        }
        "storage-unavailable-before-facebook" => {
            merchant.connects_store().await;
            world.database.fail(DatabaseFault::InternalError, usize::MAX);
            tab.follow("#next").await;
        }
        "not-found" => merchant.opens(&format!("/facebook/data-deletion/{}", "A".repeat(43))).await,
        "invalid-signature" => posts(merchant, "/facebook/data-deletion", &format!("signed_request={person}.none")).await,
        "payload-too-large" => posts(merchant, "/shopify/webhooks", &format!("much={}", "a".repeat(1024 * 1024))).await,
        _ => panic!("no scene {name}"),
    }
}

/// Sends a form from a page of somebody else's. The name and the value are sent as they are: neither has a character that a form would change.
async fn posts(merchant: &Merchant<'_>, path: &str, field: &str) {
    let (name, value) = field.split_once('=').unwrap_or((field, ""));
    let tab = merchant.tab;
    tab.open("about:blank").await;
    let send = format!(
        "(() => {{ const form = document.createElement('form'); form.method = 'post'; form.action = {}; \
         const field = document.createElement('input'); field.name = {}; field.value = {}; form.append(field); \
         document.body.append(form); setTimeout(() => form.submit()); }})()",
        json!(merchant.at(path)),
        json!(name),
        json!(value)
    );
    tab.loading(tab.evaluate(&send)).await;
}
