//! Callbacks and launches that Shopify's library signs, before the library's own checks and before ours.

use e2e::browser::Browser;
use e2e::world::World;
use serde_json::{Value, json};

use crate::counterparts::run::{Counterparts, app};
use crate::support::{case, parameter};

const SCRIPT: &str = "shopify.mjs";
const LINKED: (u16, &str) = (200, "");
const ACCEPTED: &str = "accepted";
/// Where the library believes to be.
const OURS: &str = "http://localhost:9000";
const SHOP: &str = "acme.myshopify.com";
const LED: (u16, &str) = (302, SHOP);

type Pairs = Vec<(String, String)>;
type Edit = Box<dyn Fn(&mut Pairs)>;

/// A callback or a launch, changed before or after the library signs it, and the two verdicts.
struct Case {
    name: &'static str,
    before: Edit,
    after: Edit,
    library: &'static str,
    ours: (u16, &'static str),
}

fn signed_as(name: &'static str, before: impl Fn(&mut Pairs) + 'static, library: &'static str, ours: (u16, &'static str)) -> Case {
    Case { name, before: Box::new(before), after: Box::new(|_| {}), library, ours }
}

fn changed(name: &'static str, after: impl Fn(&mut Pairs) + 'static, library: &'static str, ours: (u16, &'static str)) -> Case {
    Case { name, before: Box::new(|_| {}), after: Box::new(after), library, ours }
}

fn set(name: &'static str, value: impl Into<String>) -> impl Fn(&mut Pairs) {
    let value = value.into();
    move |pairs| match pairs.iter_mut().find(|(key, _)| key == name) {
        Some(pair) => pair.1.clone_from(&value),
        None => pairs.push((name.to_owned(), value.clone())),
    }
}

fn add(name: &'static str, value: &'static str) -> impl Fn(&mut Pairs) {
    move |pairs| pairs.push((name.to_owned(), value.to_owned()))
}

fn remove(name: &'static str) -> impl Fn(&mut Pairs) {
    move |pairs| pairs.retain(|(key, _)| key != name)
}

fn edit_value(name: &'static str, edit: impl Fn(&str) -> String) -> impl Fn(&mut Pairs) {
    move |pairs| pairs.iter_mut().filter(|(key, _)| key == name).for_each(|pair| pair.1 = edit(&pair.1))
}

fn seconds(name: &'static str, by: i64) -> impl Fn(&mut Pairs) {
    edit_value(name, move |value| (value.parse::<i64>().unwrap() + by).to_string())
}

/// The cases' queries as they arrive, signed by the library.
async fn signed(counterparts: &Counterparts, world: &World, cases: &[Case], mut queries: Vec<Pairs>) -> Vec<String> {
    for (case, pairs) in cases.iter().zip(&mut queries) {
        (case.before)(pairs);
    }
    let hmacs = counterparts.node(SCRIPT, json!({ "task": "sign", "app": app(world), "queries": queries })).await;
    for ((case, pairs), hmac) in cases.iter().zip(&mut queries).zip(hmacs.as_array().unwrap()) {
        pairs.push(("hmac".to_owned(), hmac.as_str().unwrap().to_owned()));
        (case.after)(pairs);
    }
    queries.iter().map(|pairs| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()).collect()
}

/// Runs the cases: for each a flow of its own, signed by the library, judged by both.
async fn judge(cases: Vec<Case>) {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let mut flows: Vec<(Browser, String)> = Vec::new();
    let mut queries = Vec::new();
    for _ in &cases {
        let browser = world.browser();
        let url = world.approve_shop(&browser, "acme").await;
        let query = url.split_once('?').unwrap().1;
        queries.push(form_urlencoded::parse(query.as_bytes()).into_owned().filter(|(name, _)| name != "hmac").collect());
        flows.push((browser, parameter(&url, "state").unwrap()));
    }
    let queries = signed(&counterparts, &world, &cases, queries).await;
    let urls: Vec<String> = queries.iter().map(|query| format!("/shopify/callback?{query}")).collect();
    let asked = urls.iter().zip(&flows).map(|(url, (_, state))| json!({ "url": format!("{OURS}{url}"), "state": state }));
    let asked: Vec<Value> = asked.collect();
    let verdicts = counterparts.node(SCRIPT, json!({ "task": "accepts", "app": app(&world), "callbacks": asked })).await;
    for (index, case_) in cases.iter().enumerate() {
        case(case_.name);
        let page = flows[index].0.get(&urls[index]).await;
        let found = (verdicts[index].as_str().unwrap(), (page.status(), page.code().unwrap_or_default()));
        assert_eq!(found, (case_.library, (case_.ours.0, case_.ours.1.to_owned())), "{}: {}", case_.name, page.text());
    }
}

/// The same for launches, as Shopify's admin sends them. The library leads to a store, and we to the same.
async fn judge_launches(cases: Vec<Case>) {
    let Some(counterparts) = Counterparts::find() else { return };
    let world = World::start().await;
    let now = world.shopify.now().to_string();
    let usual = [("host", "YWRtaW4uc2hvcGlmeS5jb20vc3RvcmUvYWNtZQ"), ("shop", SHOP), ("timestamp", &now)];
    let usual: Pairs = usual.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let queries = signed(&counterparts, &world, &cases, vec![usual; cases.len()]).await;
    let urls: Vec<String> = queries.iter().map(|query| format!("/shopify/login?{query}")).collect();
    let asked: Vec<String> = urls.iter().map(|url| format!("{OURS}{url}")).collect();
    let verdicts = counterparts.node(SCRIPT, json!({ "task": "launches", "app": app(&world), "urls": asked })).await;
    for (index, case_) in cases.iter().enumerate() {
        case(case_.name);
        let page = world.browser().get(&urls[index]).await;
        let ours = page.code().unwrap_or_else(|| {
            let to = page.location().strip_prefix(&world.shopify.url()).unwrap().trim_start_matches('/');
            to.split_once("/admin/oauth/authorize?").unwrap().0.to_owned()
        });
        let found = (verdicts[index].as_str().unwrap(), (page.status(), ours.as_str()));
        assert_eq!(found, (case_.library, case_.ours), "{}: {}", case_.name, page.text());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_signs_links_a_store() {
    let values = ["", "two words", "50% off", "a+b", "a&b=c", "é ✓ 😀", "it's ~ (so)!", "*-._", "%2526", "\"quoted\"", "a/b?c#d"];
    let noted = values.map(|value| signed_as(value, set("note", value), ACCEPTED, LINKED));
    let others = [
        signed_as("as it came", |_| {}, ACCEPTED, LINKED),
        signed_as("a name with a space", add("a note", "x"), ACCEPTED, LINKED),
        signed_as("a name with an underscore", add("id_token", "x"), ACCEPTED, LINKED),
        signed_as("a store in capitals", set("shop", "ACME.myshopify.com"), ACCEPTED, LINKED),
    ];
    judge(noted.into_iter().chain(others).collect()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_library_refuses_is_refused() {
    let cases = vec![
        changed("another code", set("code", "0123456789abcdef"), "InvalidOAuthError", (400, "invalid_hmac")),
        changed("another store", set("shop", "evil.myshopify.com"), "InvalidOAuthError", (400, "invalid_hmac")),
        changed("one more parameter", add("extra", "1"), "InvalidOAuthError", (400, "invalid_hmac")),
        changed("no signature", remove("hmac"), "InvalidHmacError", (400, "missing_parameter")),
        changed("an empty signature", set("hmac", ""), "InvalidHmacError", (400, "missing_parameter")),
        changed("a signature in capitals", edit_value("hmac", str::to_uppercase), "InvalidOAuthError", (400, "invalid_hmac")),
        changed("half a signature", edit_value("hmac", |hmac| hmac[..32].to_owned()), "InvalidOAuthError", (400, "invalid_hmac")),
        signed_as("no time", remove("timestamp"), "InvalidHmacError", (400, "missing_parameter")),
        signed_as("a time that is none", set("timestamp", "soon"), "InvalidHmacError", (400, "malformed_parameter")),
        signed_as(
            "a time of half seconds",
            edit_value("timestamp", |time| format!("{time}.5")),
            "InvalidHmacError",
            (400, "malformed_parameter"),
        ),
        signed_as("endless time", set("timestamp", "Infinity"), "InvalidHmacError", (400, "malformed_parameter")),
        signed_as("ten minutes ago", seconds("timestamp", -610), "InvalidHmacError", (400, "stale_request")),
        signed_as("ahead", seconds("timestamp", 100), "InvalidHmacError", (400, "stale_request")),
        signed_as("no state", remove("state"), "SafeCompareError", (400, "missing_parameter")),
        signed_as("another state", set("state", "0123456789"), "InvalidOAuthError", (400, "malformed_state")),
        signed_as("a store elsewhere", set("shop", "acme.example.com"), "InvalidShopError", (400, "invalid_shop")),
        signed_as("a store with a path", set("shop", "acme.myshopify.com/x"), "InvalidShopError", (400, "invalid_shop")),
    ];
    judge(cases).await;
}

/// Each with its reason in docs/counterparts.md.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_library_and_we_differ() {
    let cases = vec![
        // The merchant may have read the consent page, and the two clocks differ: ten minutes here, ninety seconds there.
        signed_as("two minutes ago", seconds("timestamp", -120), "InvalidHmacError", LINKED),
        // The library takes whatever JavaScript reads as a whole number.
        signed_as("a time with spaces", edit_value("timestamp", |time| format!(" {time} ")), ACCEPTED, (400, "malformed_parameter")),
        signed_as("a time of a fraction", edit_value("timestamp", |time| format!("{time}.0")), ACCEPTED, (400, "malformed_parameter")),
        // The last one counts there; here none of them.
        changed("a parameter twice", add("shop", "acme.myshopify.com"), ACCEPTED, (400, "repeated_parameter")),
        // The library leaves `signature` out of what is signed, wherever it comes from.
        changed("a signature beside the hmac", add("signature", "1"), ACCEPTED, (400, "invalid_hmac")),
        // The library sorts as a dictionary does, Shopify's documentation by bytes.
        signed_as("a name in capitals", add("Zebra", "1"), ACCEPTED, (400, "invalid_hmac")),
        // A list signs as one field of JSON texts in Shopify's older documentation.
        signed_as("a list", add("ids[]", "1"), ACCEPTED, (400, "invalid_hmac")),
        // Domains of Shopify's own work, and a character that no store's name has.
        signed_as("a store of Shopify's own", set("shop", "acme.shop.dev"), ACCEPTED, (400, "invalid_shop")),
        signed_as("a store with an underscore", set("shop", "ac_me.myshopify.com"), ACCEPTED, (400, "invalid_shop")),
        signed_as("a store with a slash", set("shop", "acme.myshopify.com/"), ACCEPTED, (400, "invalid_shop")),
        // There a state says nothing of the store that it was made for.
        signed_as("another store, rightly signed", set("shop", "other.myshopify.com"), ACCEPTED, (400, "invalid_state")),
        // It asks Shopify with a code that is none.
        signed_as("no code", remove("code"), ACCEPTED, (400, "missing_parameter")),
    ];
    judge(cases).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_the_library_signs_leads_to_its_store() {
    let from_the_admin = |pairs: &mut Pairs| {
        for (name, value) in [("embedded", "1"), ("id_token", "eyJ.e30.c-_"), ("locale", "de"), ("session", "0123456789abcdef")] {
            add(name, value)(pairs);
        }
    };
    judge_launches(vec![
        signed_as("as it comes", |_| {}, SHOP, LED),
        signed_as("without a host", remove("host"), SHOP, LED),
        signed_as("with all that the admin sends", from_the_admin, SHOP, LED),
        signed_as("a value with every kind of sign", set("note", "two words, 50% é ✓ 😀 it's ~ (so)! a+b&c=d"), SHOP, LED),
        signed_as("a store in capitals", set("shop", "ACME.myshopify.com"), SHOP, LED),
        signed_as("another store, rightly signed", set("shop", "other.myshopify.com"), "other.myshopify.com", (302, "other.myshopify.com")),
    ])
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_launch_that_the_library_refuses_is_refused() {
    judge_launches(vec![
        changed("another store", set("shop", "evil.myshopify.com"), "refused", (400, "invalid_hmac")),
        changed("another host", set("host", "x"), "refused", (400, "invalid_hmac")),
        changed("a second later", seconds("timestamp", 1), "refused", (400, "invalid_hmac")),
        changed("one more parameter", add("extra", "1"), "refused", (400, "invalid_hmac")),
        changed("one less", remove("host"), "refused", (400, "invalid_hmac")),
        changed("a parameter twice", add("shop", SHOP), "refused", (400, "repeated_parameter")),
        changed("no signature", remove("hmac"), "InvalidHmacError", (400, "missing_parameter")),
        changed("an empty signature", set("hmac", ""), "InvalidHmacError", (400, "missing_parameter")),
        changed("a signature in capitals", edit_value("hmac", str::to_uppercase), "refused", (400, "invalid_hmac")),
        changed("half a signature", edit_value("hmac", |hmac| hmac[..32].to_owned()), "refused", (400, "invalid_hmac")),
        signed_as("no time", remove("timestamp"), "InvalidHmacError", (400, "missing_parameter")),
        signed_as("a time that is none", set("timestamp", "soon"), "InvalidHmacError", (400, "malformed_parameter")),
        signed_as("ten minutes ago", seconds("timestamp", -610), "InvalidHmacError", (400, "stale_request")),
        signed_as("ahead", seconds("timestamp", 100), "InvalidHmacError", (400, "stale_request")),
        signed_as("a store elsewhere", set("shop", "acme.example.com"), "InvalidShopError", (400, "invalid_shop")),
    ])
    .await;
}

/// Each with its reason in docs/counterparts.md, where it stands for callbacks.
#[tokio::test(flavor = "multi_thread")]
async fn where_the_library_and_we_differ_about_launches() {
    judge_launches(vec![
        signed_as("two minutes ago", seconds("timestamp", -120), "InvalidHmacError", LED),
        changed("a signature beside the hmac", add("signature", "1"), SHOP, (400, "invalid_hmac")),
        signed_as("a store of Shopify's own", set("shop", "acme.shop.dev"), "acme.shop.dev", (400, "invalid_shop")),
    ])
    .await;
}
