//! What Shopify delivers to the app (shopify.dev, webhooks and privacy law compliance): a body in JSON, signed as it is, and headers that are not signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{LocalShopify, Shop};
use crate::gateway::Request;
use crate::provider::{hmac_sha256, lock};

/// The route that the app names in its settings.
pub const ROUTE: &str = "/shopify/webhooks";

/// A delivery. Tests change its parts; the signature is made of the body as it is then.
#[derive(Clone, Debug)]
pub struct Webhook {
    /// Such as `app/uninstalled`.
    pub topic: Option<String>,
    /// The domain in the header.
    pub shop: Option<String>,
    /// The delivery's id, the same for each try.
    pub id: Option<String>,
    /// When it was triggered.
    pub triggered_at: Option<String>,
    /// The body.
    pub body: Vec<u8>,
    /// `X-Shopify-`, or `Shopify-` as with newer deliveries.
    pub family: &'static str,
    /// What the body is signed with.
    pub secret: String,
}

impl LocalShopify {
    /// A delivery of a topic about a store as it is now, triggered now. Signed with the oldest client secret that is not revoked (shopify.dev, rotate client
    /// credentials).
    ///
    /// # Panics
    /// For a topic that this app does not subscribe to.
    #[must_use]
    pub fn webhook(&self, topic: &str, domain: &str) -> Webhook {
        let secret = lock(&self.shopify.state).api_secrets.first().cloned().unwrap_or_default();
        Webhook {
            topic: Some(topic.to_owned()),
            shop: Some(domain.to_owned()),
            id: Some(crate::random::uuid().to_string()),
            triggered_at: Some(rfc3339(self.now())),
            body: body(topic, &self.shop(domain)).to_string().into_bytes(),
            family: "X-Shopify-",
            secret,
        }
    }
}

impl Webhook {
    /// The same, triggered at another time (Unix seconds).
    #[must_use]
    pub fn triggered(mut self, at: u64) -> Self {
        self.triggered_at = Some(rfc3339(i64::try_from(at).expect("a time before the year 292 billion")));
        self
    }

    /// The signature of the body.
    #[must_use]
    pub fn hmac(&self) -> String {
        STANDARD.encode(hmac_sha256(self.secret.as_bytes(), &self.body))
    }

    /// The request, rightly signed.
    #[must_use]
    pub fn request(&self) -> Request {
        self.signed(Some(&self.hmac()))
    }

    /// The request with any signature.
    #[must_use]
    pub fn signed(&self, hmac: Option<&str>) -> Request {
        let parts = [
            ("Hmac-Sha256", hmac),
            ("Topic", self.topic.as_deref()),
            ("Shop-Domain", self.shop.as_deref()),
            ("Webhook-Id", self.id.as_deref()),
            ("Triggered-At", self.triggered_at.as_deref()),
        ];
        let request = Request::get(ROUTE).with_method("POST").with_body("application/json", self.body.clone());
        parts.into_iter().fold(request, |request, (name, value)| match value {
            Some(value) => request.with_header(&format!("{}{name}", self.family), value),
            None => request,
        })
    }
}

fn body(topic: &str, shop: &Shop) -> Value {
    let customer = json!({ "id": 191_167, "email": "john@example.com", "phone": "555-625-1199" });
    match topic {
        "app/uninstalled" => json!({
            "id": shop.id, "name": shop.name, "email": "owner@example.com", "domain": "shop.example.com", "myshopify_domain": shop.domain,
            "currency": shop.currency, "plan_name": "basic", "created_at": "2026-01-01T00:00:00-05:00",
        }),
        "shop/redact" => json!({ "shop_id": shop.id, "shop_domain": shop.domain }),
        "customers/data_request" => json!({
            "shop_id": shop.id, "shop_domain": shop.domain, "orders_requested": [299_938], "customer": customer, "data_request": { "id": 9999 },
        }),
        "customers/redact" => {
            json!({ "shop_id": shop.id, "shop_domain": shop.domain, "customer": customer, "orders_to_redact": [299_938] })
        }
        "app/scopes_update" => json!({
            "id": shop.id + 1, "previous": ["read_products"], "current": ["read_products"], "updated_at": "2026-10-03T13:06:14.000Z",
        }),
        other => panic!("no webhook {other}"),
    }
}

fn rfc3339(at: i64) -> String {
    shared::store::events::rfc3339(u64::try_from(at).unwrap_or_default())
}
