//! What Shopify delivers to the app (shopify.dev, webhooks and privacy law compliance): a body in JSON, signed as it is, and headers that are not signed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};

use super::{LocalShopify, Shop, Shopify};
use crate::consent;
use crate::gateway::Request;
use crate::provider::{RecordedRequest, Reply, hmac_sha256, lock};

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
        self.shopify.webhook(topic, domain)
    }
}

impl Shopify {
    fn webhook(&self, topic: &str, domain: &str) -> Webhook {
        let mut state = lock(&self.state);
        let body = body(topic, state.shop(domain)).to_string().into_bytes();
        Webhook {
            topic: Some(topic.to_owned()),
            shop: Some(domain.to_owned()),
            id: Some(crate::random::uuid().to_string()),
            triggered_at: Some(rfc3339(self.provider.now())),
            body,
            family: "X-Shopify-",
            secret: state.api_secrets.first().cloned().unwrap_or_default(),
        }
    }

    /// The store's admin, as far as it is about the app.
    pub(super) fn admin_page(&self, shop: &str) -> Reply {
        let body = format!(
            "<p>The admin of <strong>{}</strong>.</p><p><a id=\"open-app\" href=\"{}\">Open the app</a></p>\
             <form method=\"post\" action=\"/{}/admin/leave\">{}{}</form>",
            consent::escape(shop),
            consent::escape(&self.launch_url(shop)),
            consent::escape(shop),
            consent::decision("uninstall", "Uninstall the app"),
            consent::decision("redact", "Have the store forgotten (48 hours after an uninstall)"),
        );
        Reply::html(200, consent::page("Shopify", "Store admin", &body))
    }

    /// Tells the app that it was uninstalled, if it can be reached.
    pub(super) fn announce_uninstall(&self, domain: &str) {
        if self.app.is_reachable {
            let url = self.app.app_url.replace("/shopify/login", ROUTE);
            tokio::spawn(send(url, self.webhook("app/uninstalled", domain).request()));
        }
    }

    /// The buttons of the store's admin: `uninstall` ends all tokens and says so to the app, `redact` asks it to forget the store, as Shopify does 48 hours later. The page does
    /// not wait for what the app answers.
    pub(super) fn leave(&self, domain: &str, request: &RecordedRequest) -> Reply {
        let (topic, done) = match request.field("decision").as_deref() {
            Some("uninstall") => ("app/uninstalled", "The app is uninstalled, and all its tokens are dead."),
            Some("redact") => ("shop/redact", "The app is asked to forget the store."),
            _ => return Reply::json(404, &json!({"errors": "Not Found"})),
        };
        if topic == "app/uninstalled" {
            lock(&self.state).revoke(domain);
        }
        let url = self.app.app_url.replace("/shopify/login", ROUTE);
        tokio::spawn(send(url.clone(), self.webhook(topic, domain).request()));
        let body = format!(
            "<p id=\"delivered\">{done} The webhook <code>{topic}</code> goes to <code>{}</code>.</p><p><a id=\"admin\" href=\"/{}/admin\">Back to the store's admin</a></p>",
            consent::escape(&url),
            consent::escape(domain)
        );
        Reply::html(200, consent::page("Shopify", "Delivered", &body))
    }
}

/// Delivers once: whoever watches the service's log sees what came of it.
async fn send(url: String, request: Request) {
    let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
    let built = request.headers.iter().fold(hyper::Request::post(url), |built, (name, value)| built.header(name, value));
    if let Ok(built) = built.body(Full::from(request.body)) {
        let _ = client.request(built).await;
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
    shared::clock::rfc3339(u64::try_from(at).unwrap_or_default())
}
