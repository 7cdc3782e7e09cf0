//! The grant screen: what an app asks a merchant for, and the callback that follows.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::tokens::Code;
use super::{Canonical, Shopify, is_shop_domain, scopes, sign};
use crate::consent;
use crate::provider::{RecordedRequest, Reply, encode, first, lock, with_query};

/// How a merchant answers.
#[derive(Clone, Debug, Default)]
pub struct Approval {
    /// The scopes granted; without them those that were asked for. A merchant can edit the list in the URL.
    pub scopes: Option<Vec<String>>,
    /// A token of the person instead of the store, as after `grant_options[]=per-user` was added to the URL.
    pub online: bool,
    /// What is wrong with the callback.
    pub misbehaviour: Option<Misbehaviour>,
    /// The secret that signs; without it the current one. Which one signs during a rotation is not documented.
    pub secret: Option<String>,
    /// The form of the signed text.
    pub canonical: Canonical,
}

/// A callback as Shopify would never send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// One digit of the signature is another one.
    TamperedHmac,
    /// Signed an hour ago.
    StaleTimestamp,
    /// The code is there twice.
    RepeatedParameter,
    /// Rightly signed, but for this other store.
    OtherShop(String),
}

/// An authorize request that Shopify would show the grant screen for.
pub(super) struct Authorization {
    shop: String,
    scopes: Vec<String>,
    redirect_uri: String,
    state: String,
    online: bool,
}

impl Shopify {
    /// Checks an authorize request; the error is what Shopify's error page says.
    pub(super) fn authorization(&self, shop: &str, query: &[(String, String)]) -> Result<Authorization, String> {
        let parameter = |name: &str| first(query, name).unwrap_or_default().to_owned();
        let refuse = |error: &str, description: &str| Err(format!("Oauth error {error}: {description}"));
        if !is_shop_domain(shop) {
            return Err("This store is unavailable".to_owned());
        }
        if parameter("client_id") != self.app.api_key {
            return refuse("application_cannot_be_found", "The application could not be found");
        }
        let redirect_uri = parameter("redirect_uri");
        // https://prodopsy.com/?p=1710 quotes this text.
        if origin(&redirect_uri) != origin(&self.app.app_url) {
            return refuse("invalid_request", "The redirect_uri and application url must have matching hosts");
        }
        // It must equal a configured one exactly (shopify.dev, authorization code grant).
        if !self.app.redirect_uris.contains(&redirect_uri) {
            return refuse("invalid_request", "The redirect_uri is not whitelisted");
        }
        // Without a list in the URL the one in the app's configuration counts.
        let asked = scopes::parse(first(query, "scope").unwrap_or(&self.app.scopes));
        if let Some(unknown) = asked.iter().find(|scope| !scopes::is_scope(scope)) {
            return refuse("invalid_scope", &format!("The access scope is invalid: {unknown}"));
        }
        Ok(Authorization {
            shop: shop.to_owned(),
            scopes: asked,
            redirect_uri,
            state: parameter("state"),
            online: first(query, "grant_options[]") == Some("per-user"),
        })
    }

    /// `GET /{shop}/admin/oauth/authorize`.
    pub(super) fn grant_screen(&self, shop: &str, request: &RecordedRequest) -> Reply {
        match self.authorization(shop, &request.query()) {
            // Who has granted everything is not asked again (shopify.dev, authorization code grant).
            Ok(authorization) if lock(&self.state).has_granted(shop, &authorization.scopes) => {
                Reply::redirect(302, self.callback(&authorization, &Approval::default()))
            }
            Ok(authorization) => Reply::html(200, self.screen(&authorization, request)),
            Err(message) => error_page(&message),
        }
    }

    fn screen(&self, authorization: &Authorization, request: &RecordedRequest) -> String {
        let scopes: String = authorization.scopes.iter().map(|scope| consent::ticked("scopes", scope, scope)).collect();
        let misbehave = [
            ("tampered_hmac", "Approve with a tampered hmac"),
            ("stale_timestamp", "Approve with a timestamp of an hour ago"),
            ("repeated_parameter", "Approve with a repeated parameter"),
            ("other_shop", "Approve in the name of another store"),
        ];
        let misbehave: String = misbehave.iter().map(|(id, label)| consent::decision(id, label)).collect();
        let body = format!(
            "<p>An app wants to use the store <strong id=\"shop\">{shop}</strong>.</p>\
             <form method=\"post\" action=\"{action}\">{scopes}{approve}{decline}{misbehave}</form>{faults}\
             <p>It returns to <code>{redirect_uri}</code>.</p>",
            shop = consent::escape(&authorization.shop),
            action = consent::escape(&request.path_and_query),
            scopes = consent::group("The app may (untick to grant less than it asked for)", &scopes),
            approve = consent::decision("approve", "Install app"),
            decline = consent::decision("decline", "Cancel"),
            misbehave = consent::group("Misbehave", &misbehave),
            faults = consent::faults_form(&self.provider, &request.path_and_query),
            redirect_uri = consent::escape(&authorization.redirect_uri),
        );
        consent::page("Shopify", "Install app", &body)
    }

    /// The grant screen's form, sent to the same URL.
    pub(super) fn decide(&self, shop: &str, request: &RecordedRequest) -> Reply {
        let authorization = match self.authorization(shop, &request.query()) {
            Ok(authorization) => authorization,
            Err(message) => return error_page(&message),
        };
        let form = request.form();
        let misbehaviour = match first(&form, "decision") {
            Some("approve") => None,
            Some("tampered_hmac") => Some(Misbehaviour::TamperedHmac),
            Some("stale_timestamp") => Some(Misbehaviour::StaleTimestamp),
            Some("repeated_parameter") => Some(Misbehaviour::RepeatedParameter),
            Some("other_shop") => Some(Misbehaviour::OtherShop("another-store.myshopify.com".to_owned())),
            // Where a merchant ends who declines is not documented; the app is not called.
            _ => return declined(shop),
        };
        let scopes = form.into_iter().filter(|(name, _)| name == "scopes").map(|(_, scope)| scope).collect();
        let approval = Approval { scopes: Some(scopes), misbehaviour, ..Approval::default() };
        Reply::redirect(302, self.callback(&authorization, &approval))
    }

    /// The URL a merchant's browser is sent to: `code`, `hmac`, `host`, `shop`, `state`, `timestamp`.
    pub(super) fn callback(&self, authorization: &Authorization, approval: &Approval) -> String {
        let code = self.provider.issue("");
        let granted = approval.scopes.as_ref().map(|scopes| scopes::parse(&scopes.join(",")));
        let mut state = lock(&self.state);
        state.codes.push(Code {
            value: code.clone(),
            shop: authorization.shop.clone(),
            scopes: granted.unwrap_or_else(|| authorization.scopes.clone()),
            online: approval.online || authorization.online,
            used: false,
        });
        let secret = approval.secret.clone().unwrap_or_else(|| state.current_secret());
        drop(state);
        let shop = match &approval.misbehaviour {
            Some(Misbehaviour::OtherShop(other)) => other.clone(),
            _ => authorization.shop.clone(),
        };
        let age = if approval.misbehaviour == Some(Misbehaviour::StaleTimestamp) { 3600 } else { 0 };
        let pairs = [
            ("code", code),
            ("host", host(&shop)),
            ("shop", shop),
            ("state", authorization.state.clone()),
            ("timestamp", (self.provider.now() - age).to_string()),
        ];
        let mut query = signed(&pairs, &secret, approval.canonical);
        match approval.misbehaviour {
            Some(Misbehaviour::TamperedHmac) => query = tampered(&query),
            Some(Misbehaviour::RepeatedParameter) => query.push_str("&code=again"),
            _ => {}
        }
        with_query(&authorization.redirect_uri, &query)
    }
}

/// Pairs as a query with their signature.
pub(super) fn signed(pairs: &[(&str, String)], secret: &str, canonical: Canonical) -> String {
    let mut pairs: Vec<_> = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    pairs.push(("hmac".to_owned(), sign(&pairs, secret, canonical)));
    pairs.sort();
    encode(pairs)
}

fn tampered(query: &str) -> String {
    let digit = query.find("hmac=").map(|start| start + "hmac=".len());
    let is_digit = |index: usize| Some(index) == digit;
    let other = |character: char| if character == '0' { '1' } else { '0' };
    query.char_indices().map(|(index, character)| if is_digit(index) { other(character) } else { character }).collect()
}

/// Base64 without padding of the store's place in the admin (shopify.dev, authorization code grant).
pub(super) fn host(shop: &str) -> String {
    let handle = shop.split('.').next().unwrap_or_default();
    STANDARD_NO_PAD.encode(format!("admin.shopify.com/store/{handle}"))
}

fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |scheme| scheme + 3);
    let end = url[host..].find(['/', '?', '#']).map_or(url.len(), |end| host + end);
    &url[..end]
}

pub(super) fn error_page(message: &str) -> Reply {
    let body = format!("<p id=\"error\">{}</p>", consent::escape(message));
    Reply::html(400, consent::page("Shopify", "Something went wrong", &body))
}

fn declined(shop: &str) -> Reply {
    let body = format!(
        "<p id=\"declined\">The app was not installed.</p><p><a id=\"admin\" href=\"/{}/admin\">Back to the store's \
         admin</a></p>",
        consent::escape(shop)
    );
    Reply::html(200, consent::page("Shopify", "Cancelled", &body))
}
