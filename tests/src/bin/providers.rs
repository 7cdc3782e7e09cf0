//! The local Shopify and the local Facebook by themselves, for a service that runs elsewhere. The
//! apps are those of the environment's variables, WhatsApp's if they name one. One line of JSON on
//! standard output says where they are. Each line on standard input rotates the Shopify app's
//! client secret to that one, an empty one revokes the older secrets; the end of the input ends
//! them.

use std::io::{self, Write as _};
use std::process::ExitCode;

use e2e::facebook::{FacebookApp, LocalFacebook, WhatsAppApp};
use e2e::shopify::{LocalShopify, ShopifyApp};
use serde_json::json;

#[tokio::main]
async fn main() -> io::Result<ExitCode> {
    let names = [
        "SHOPIFY_API_KEY",
        "SHOPIFY_API_SECRET",
        "SHOPIFY_REDIRECT_URI",
        "FACEBOOK_APP_ID",
        "FACEBOOK_APP_SECRET",
        "FACEBOOK_REDIRECT_URI",
    ];
    let values = names.map(|name| std::env::var(name).unwrap_or_default());
    if let Some((name, _)) = names.iter().zip(&values).find(|(_, value)| value.is_empty()) {
        writeln!(io::stderr(), "{name} is missing")?;
        return Ok(ExitCode::from(2));
    }
    let [api_key, api_secret, shopify_uri, app_id, app_secret, facebook_uri] = values;
    let shopify = LocalShopify::start(ShopifyApp::new(&api_key, &api_secret, &shopify_uri));
    let mut app = FacebookApp::new(&app_id, &app_secret, &facebook_uri);
    app.verify_token = std::env::var("META_VERIFY_TOKEN").unwrap_or_default();
    let variables =
        std::env::vars().filter(|(name, value)| !value.is_empty() && (name.starts_with("WHATSAPP_") || name.starts_with("FACEBOOK_")));
    app.whatsapp = WhatsAppApp::of(&variables.collect());
    let facebook = LocalFacebook::start(app);
    facebook.populate();
    writeln!(io::stdout(), "{}", json!({ "shopify": shopify.url(), "facebook": facebook.url() }))?;
    // Blocks this thread alone: the servers have others.
    for line in io::stdin().lines() {
        match line?.trim() {
            "" => shopify.revoke_old_secrets(),
            secret => shopify.rotate_secret(secret),
        }
    }
    Ok(ExitCode::SUCCESS)
}
