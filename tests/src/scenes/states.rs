//! Sign-ins that are refused because of what came back, in which browser, or when.

use shared::reply::cookie::{Name, Presented, Token};
use shared::request::Cookies;
use shared::signing::state::State;
use shared::{Code, Secret};

use super::{Merchant, Scene, Way, error};
use crate::faults::{Fault, Times};
use crate::gate::Gate;

pub(super) const SCENES: &[Scene] = &[
    error("used-state-store-connected", Code::UsedState, Way::Facebook),
    error("used-state-pages-connected", Code::UsedState, Way::Back),
    error("used-state-in-flight", Code::UsedState, Way::Shopify),
    error("used-state-failed", Code::UsedState, Way::Shopify),
    error("used-state-failed-at-facebook", Code::UsedState, Way::Facebook),
    error("invalid-hmac", Code::InvalidHmac, Way::Admin),
    error("stale-request", Code::StaleRequest, Way::Shopify),
    error("repeated-parameter", Code::RepeatedParameter, Way::Admin),
    error("missing-parameter", Code::MissingParameter, Way::Admin),
    error("malformed-parameter", Code::MalformedParameter, Way::Admin),
    error("malformed-state", Code::MalformedState, Way::Shopify),
    error("malformed-state-at-facebook", Code::MalformedState, Way::Question),
    error("invalid-state", Code::InvalidState, Way::Shopify),
    error("invalid-state-at-facebook", Code::InvalidState, Way::Admin),
    error("expired-state", Code::ExpiredState, Way::Shopify),
];

pub(super) async fn reach(merchant: &Merchant<'_>, name: &str) {
    let Merchant { world, tab, .. } = merchant;
    match name {
        "used-state-store-connected" => {
            merchant.connects_store().await;
            tab.reload().await;
        }
        "used-state-pages-connected" => {
            merchant.connects_pages().await;
            tab.reload().await;
        }
        "used-state-in-flight" => {
            let callback = merchant.approved_at_shopify().await;
            let gate = Gate::closed();
            world.shopify.switch_on("token", gate.fault(), Times::Once);
            let first = tab.beside().await;
            let (_loaded, ()) = tokio::join!(first.open(&callback), async {
                gate.reached(1).await;
                tab.open(&callback).await;
                gate.open();
            });
        }
        "used-state-failed" => {
            world.shopify.switch_on("token", Fault::ServerError500, Times::Once);
            merchant.comes_to_shopify().await;
            tab.follow("#approve").await;
            tab.reload().await;
        }
        "used-state-failed-at-facebook" => {
            merchant.comes_to_facebook().await;
            world.facebook.switch_on("code_exchange", Fault::ServerError500, Times::Once);
            tab.follow("#approve").await;
            tab.reload().await;
        }
        "invalid-hmac" => approves(merchant, "#tampered_hmac").await,
        "stale-request" => approves(merchant, "#stale_timestamp").await,
        "repeated-parameter" => approves(merchant, "#repeated_parameter").await,
        "missing-parameter" => merchant.opens("/shopify/callback").await,
        "malformed-parameter" => merchant.opens("/shopify/callback?code=%zz").await,
        "malformed-state" => returns(merchant, "0.6784241404160823").await,
        "malformed-state-at-facebook" => {
            merchant.connects_store().await;
            merchant.opens("/facebook/callback?code=x&state=x").await;
        }
        "invalid-state" => {
            let callback = merchant.approved_at_shopify().await;
            tab.drop_cookie(&merchant.origin, "browser_id").await;
            tab.open(&callback).await;
        }
        "invalid-state-at-facebook" => {
            merchant.comes_to_facebook().await;
            tab.follow("#tampered_state").await;
        }
        "expired-state" => {
            merchant.comes_to_shopify().await;
            let state = old_state(merchant).await;
            returns(merchant, &state).await;
        }
        _ => panic!("no scene {name}"),
    }
}

async fn approves(merchant: &Merchant<'_>, button: &str) {
    merchant.comes_to_shopify().await;
    merchant.tab.follow(button).await;
}

/// Comes back from Shopify with another state, rightly signed.
async fn returns(merchant: &Merchant<'_>, state: &str) {
    let now = merchant.world.shopify.now().to_string();
    let pairs = [("code", "never-issued"), ("shop", &merchant.domain()), ("state", state), ("timestamp", &now)];
    merchant.opens(&format!("/shopify/callback?{}", merchant.world.shopify.sign_query(&pairs))).await;
}

/// A state of this browser for this store, issued an hour ago.
async fn old_state(merchant: &Merchant<'_>) -> String {
    let cookies = merchant.tab.cookies(&merchant.origin).await;
    let browser = cookies.iter().find(|cookie| cookie["name"] == "browser_id").expect("the browser has begun a flow");
    let cookie = format!("browser_id={}", browser["value"].as_str().unwrap_or_default());
    let Presented::Token(token) = Token::presented(&Cookies::parse([cookie.as_str()].into_iter()), Name::Browser, false) else {
        panic!("{cookie} is not in the service's form");
    };
    let now = u64::try_from(merchant.world.shopify.now()).expect("it is after 1970");
    let state = State {
        issued_at: now - 3600,
        nonce: crate::random::bytes(),
        browser: token.hash(Name::Browser),
        extra: merchant.domain().into_bytes(),
    };
    state.sign("shopify", &Secret::new(merchant.world.setting("STATE_TOKEN_SECRET")))
}
