//! Webhooks that Shopify's library signs, before the library and before us.

use e2e::gateway::Request;
use e2e::shopify::WEBHOOKS;
use e2e::world::World;
use serde_json::{Value, json};
use shared::providers::shopify::versions;

use crate::counterparts::run::{Counterparts, app};
use crate::support::case;

const SCRIPT: &str = "shopify.mjs";
const SHOP: &str = "acme.myshopify.com";
const TAKEN: (u16, &str) = (200, "");

/// Changes headers and body.
type Edit = Box<dyn Fn(&mut Vec<(String, String)>, &mut String)>;

/// A delivery, its headers without their family, and the two verdicts.
struct Case {
    name: &'static str,
    families: &'static [&'static str],
    body: String,
    edit: Edit,
    library: &'static str,
    ours: (u16, &'static str),
}

fn body() -> String {
    let customer = json!({ "id": 1, "email": "zoë@example.com", "phone": "555 ✓" });
    json!({ "shop_id": 7, "shop_domain": SHOP, "orders_requested": [], "customer": customer, "data_request": { "id": 9 } }).to_string()
}

fn delivery(name: &'static str, library: &'static str, ours: (u16, &'static str)) -> Case {
    Case { name, families: &["x-shopify-"], body: body(), edit: Box::new(|_, _| {}), library, ours }
}

impl Case {
    fn of(mut self, families: &'static [&'static str]) -> Self {
        self.families = families;
        self
    }

    fn saying(mut self, body: &str) -> Self {
        body.clone_into(&mut self.body);
        self
    }

    fn without(self, header: &'static str) -> Self {
        self.edited(move |headers, _| headers.retain(|(name, _)| !name.ends_with(header)))
    }

    fn edited(mut self, edit: impl Fn(&mut Vec<(String, String)>, &mut String) + 'static) -> Self {
        self.edit = Box::new(edit);
        self
    }
}

async fn judge(cases: Vec<Case>) {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let bodies: Vec<&str> = cases.iter().map(|case| case.body.as_str()).collect();
    let hmacs = counterparts.node(SCRIPT, json!({ "task": "sign_bodies", "app": app(&world), "bodies": bodies })).await;
    let deliveries: Vec<(Vec<(String, String)>, String)> = cases
        .iter()
        .zip(hmacs.as_array().unwrap())
        .map(|(case, hmac)| {
            let id = e2e::random::uuid().to_string();
            let parts = [
                ("hmac-sha256", hmac.as_str().unwrap()),
                ("topic", "customers/data_request"),
                ("shop-domain", SHOP),
                ("api-version", versions::DEFAULT),
                ("webhook-id", &id),
                ("triggered-at", "2026-10-03T13:06:14.000Z"),
            ];
            let of = |family: &&str| parts.map(|(name, value)| (format!("{family}{name}"), value.to_owned()));
            let (mut headers, mut body) = (case.families.iter().flat_map(of).collect(), case.body.clone());
            (case.edit)(&mut headers, &mut body);
            (headers, body)
        })
        .collect();
    let asked: Vec<Value> = deliveries.iter().map(|(headers, body)| json!({ "headers": headers, "body": body })).collect();
    let verdicts = counterparts.node(SCRIPT, json!({ "task": "webhooks", "app": app(&world), "deliveries": asked })).await;
    for (index, case_) in cases.iter().enumerate() {
        case(case_.name);
        let (headers, body) = &deliveries[index];
        let request = Request::get(WEBHOOKS).with_method("POST").with_body("application/json", body.clone());
        let request = headers.iter().fold(request, |request, (name, value)| request.with_header(name, value));
        let reply = world.gateway().send(&request).await;
        let code = reply.json()["code"].as_str().unwrap_or_default().to_owned();
        let found = (verdicts[index].as_str().unwrap(), (reply.status, code.as_str()));
        assert_eq!(found, (case_.library, case_.ours), "{}: {}", case_.name, reply.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_signs_is_taken_and_what_it_refuses_is_refused() {
    let wrong = |headers: &mut Vec<(String, String)>, _: &mut String| headers[0].1 = "AAAA".to_owned();
    let unpadded = |headers: &mut Vec<(String, String)>, _: &mut String| headers[0].1 = headers[0].1.trim_end_matches('=').to_owned();
    judge(vec![
        delivery("as it is", "accepted", TAKEN),
        delivery("of the newer family", "accepted", TAKEN).of(&["shopify-"]),
        delivery("of both", "accepted", TAKEN).of(&["x-shopify-", "shopify-"]),
        delivery("without a time", "accepted", TAKEN).without("triggered-at"),
        delivery("not signed", "missing_hmac", (401, "invalid_signature")).without("hmac-sha256"),
        delivery("wrongly signed", "invalid_hmac", (401, "invalid_signature")).edited(wrong),
        delivery("a signature without its padding", "invalid_hmac", (401, "invalid_signature")).edited(unpadded),
        delivery("a space more", "invalid_hmac", (401, "invalid_signature")).edited(|_, body| body.push(' ')),
        delivery("without a topic", "missing_headers", (400, "missing_parameter")).without("topic"),
        delivery("without an id", "missing_headers", (400, "missing_parameter")).without("webhook-id"),
        delivery("without a store", "missing_headers", (400, "malformed_parameter")).without("shop-domain"),
        delivery("nothing", "missing_body", (400, "malformed_parameter")).saying(""),
    ])
    .await;
}

/// Each with its reason in docs/counterparts.md.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_library_and_we_differ() {
    let wrong = |headers: &mut Vec<(String, String)>, _: &mut String| headers[0].1 = "AAAA".to_owned();
    judge(vec![
        // Nothing here rests on the version, so a delivery without it is none the worse.
        delivery("without a version", "missing_headers", TAKEN).without("api-version"),
        // The library looks at the newer family alone; here every signature has to hold.
        delivery("one of two signatures", "accepted", (401, "invalid_signature")).of(&["x-shopify-", "shopify-"]).edited(wrong),
        // The same secret signs what merchants can read; only an object can be a webhook.
        delivery("a list", "accepted", (400, "malformed_parameter")).saying("[1]"),
        delivery("a query", "accepted", (400, "malformed_parameter")).saying("shop=acme.myshopify.com&timestamp=1"),
        // The header is not signed; the body is.
        delivery("another store in the body", "accepted", (400, "malformed_parameter")).saying(&body().replace("acme.", "evil.")),
    ])
    .await;
}
