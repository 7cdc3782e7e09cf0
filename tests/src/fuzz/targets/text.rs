//! What is read before anything is known of it: cookies and queries.

use serde_json::json;
use shared::providers::shopify::{ShopDomain, parse_timestamp, verify_query};
use shared::reply::cookie::{Name, Presented, Token};
use shared::request::{CookieValue, Cookies, Query, Request};

use super::{CURRENT, secrets, text_of};
use crate::fuzz::Target;
use crate::provider::{hex, hmac_sha256};

/// `Cookie` headers, one a line.
pub(super) const COOKIES: Target = Target {
    name: "cookies",
    seeds: || {
        let token = "q".repeat(42) + "w";
        ["session_id", "__Host-session_id", "__Host-browser_id"]
            .iter()
            .flat_map(|name| [format!("{name}={token}"), format!("a=1; {name}={token};b=2"), format!("{name}={token}\n{name}={token}")])
            .map(String::into_bytes)
            .collect()
    },
    words: &["session_id=", "__Host-session_id=", "__Host-browser_id=", "browser_id=", "; ", "\n", "\u{a0}", "\u{b}"],
    run: |input| {
        let text = text_of(input);
        let event = json!({ "headers": { "cookie": text }, "cookies": text.split('\n').collect::<Vec<_>>() });
        let request = Request::from_event(&event);
        let mut said = String::new();
        for (name, https, written) in [
            (Name::Session, false, "session_id"),
            (Name::Session, true, "__Host-session_id"),
            (Name::Browser, false, "browser_id"),
            (Name::Browser, true, "__Host-browser_id"),
        ] {
            // Written down once more, by another way: what stands before the first `=` of each part, blanks aside.
            let parts = text.split(['\n', ';']).filter_map(|part| part.split_once('='));
            let values: Vec<&str> = parts
                .filter(|(found, _)| found.trim_matches([' ', '\t']) == written)
                .map(|(_, value)| value.trim_matches([' ', '\t']))
                .collect();
            match (Token::presented(&request.cookies, name, https), values.as_slice()) {
                (Presented::Token(token), [value]) => {
                    assert!(token.set(name, https).starts_with(&format!("{written}={value};")), "a token has one spelling");
                    said += "token ";
                }
                (Presented::Missing, []) => said += "missing ",
                (Presented::Unusable, [_, ..]) => said += "unusable ",
                (presented, values) => panic!("{written}: {presented:?} of {} values", values.len()),
            }
        }
        let once = Cookies::parse(std::iter::once(text.as_str()));
        assert!(!matches!(once.get("a;b"), CookieValue::One(_) | CookieValue::Several));
        said
    },
};

/// The query of a callback or a launch.
pub(super) const CALLBACK: Target = Target {
    name: "callback",
    seeds: || {
        [
            "code=abc&shop=acme.myshopify.com&state=AQdz&timestamp=1790000000&hmac=00",
            "code=a&host=YWRtaW4&shop=acme.myshopify.com&timestamp=1790000000",
            "ids%5B%5D=1&ids[]=2&shop=a.myshopify.com",
            "error=access_denied&error_code=200&error_description=Permissions+error&state=x",
        ]
        .map(|query| query.as_bytes().to_vec())
        .to_vec()
    },
    words: &["code=", "&shop=", "&state=", "&hmac=", "&timestamp=", "&ids[]=", ".myshopify.com", "%3D", "%26", "%25", "%C3%A9"],
    run: |input| {
        let text = text_of(input);
        let query = match Query::parse(&text) {
            Ok(query) => query,
            Err(error) => return error.code.as_str().to_owned(),
        };
        let pairs: Vec<(String, String)> = query.pairs().iter().filter(|(name, _)| name != "hmac").cloned().collect();
        let encode = |pairs: &[(String, String)]| form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let again = Query::parse(&encode(query.pairs()));
        assert!(again.is_ok_and(|again| again.pairs() == query.pairs()), "what was read is read the same again");
        assert!(verify_query(&query, &secrets()).is_err(), "nobody signed it");
        if let Some(shop) = query.get("shop").and_then(|shop| ShopDomain::parse(shop).ok()) {
            let handle = shop.as_str().strip_suffix(".myshopify.com").expect("a shop's domain");
            assert!(
                handle.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                    && !handle.starts_with('-')
                    && handle.len() < 64
            );
        }
        let stamp = query.get("timestamp").map(|stamp| parse_timestamp(stamp).is_ok());
        let is_list = pairs.iter().any(|(name, _)| name.ends_with("[]"));
        if is_list || pairs.is_empty() {
            return format!("read {stamp:?} {is_list}");
        }
        // Signed as a form is, it passes; with one value changed it does not.
        let mut sorted = pairs.clone();
        sorted.sort();
        let hmac = hex(&hmac_sha256(CURRENT.as_bytes(), encode(&sorted).as_bytes()));
        let with = |pairs: &[(String, String)]| Query::parse(&format!("{}&hmac={hmac}", encode(pairs)));
        assert!(with(&pairs).is_ok_and(|query| verify_query(&query, &secrets()).is_ok()), "what is signed passes");
        let mut other = pairs;
        if let Some((_, value)) = other.first_mut() {
            value.push('x');
        }
        assert!(with(&other).map_or(true, |query| verify_query(&query, &secrets()).is_err()), "a changed value passes");
        format!("signed {stamp:?}")
    },
};
