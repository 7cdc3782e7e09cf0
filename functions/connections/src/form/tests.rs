use super::*;
use serde_json::json;
use shared::providers::{PLATFORMS, facebook::PAGE};

const OWN: &str = "https://link.example";

fn request(headers: &[(&str, &str)], body: &str) -> Request {
    let all = [("content-type", FORM)].into_iter().chain(headers.iter().copied());
    let headers: serde_json::Map<_, _> = all.map(|(name, value)| (name.to_owned(), json!(value))).collect();
    Request::from_event(&json!({ "headers": headers, "body": body }))
}

fn refusal(headers: &[(&str, &str)]) -> Option<Code> {
    check_sender(&request(headers, ""), OWN).err().map(|error| error.code)
}

#[test]
fn a_form_from_elsewhere_according_to_the_browser_is_refused() {
    for headers in
        [&[][..], &[("origin", OWN)], &[("sec-fetch-site", "same-origin")], &[("origin", OWN), ("sec-fetch-site", "same-origin")]]
    {
        assert_eq!(refusal(headers), None, "{headers:?}");
    }
    for origin in [
        "null",
        "",
        "https://evil.example",
        "http://link.example",
        "https://link.example:8443",
        "https://link.example/",
        "https://link.example,https://link.example",
    ] {
        assert_eq!(refusal(&[("origin", origin)]), Some(Code::Forbidden), "{origin}");
    }
    for site in ["cross-site", "same-site", "none", "", "Same-Origin", "same-origin, cross-site"] {
        assert_eq!(refusal(&[("origin", OWN), ("sec-fetch-site", site)]), Some(Code::Forbidden), "{site}");
    }
}

#[test]
fn origins_are_compared_as_browsers_send_them() {
    for (own, said) in [
        ("https://Link.Example", "https://link.example"),
        ("https://link.example:443", "https://link.example"),
        ("https://link.example:8443", "https://link.example:8443"),
        ("http://localhost:9000", "http://localhost:9000"),
        ("http://[::1]:80", "http://[::1]"),
    ] {
        assert!(check_sender(&request(&[("origin", said)], ""), own).is_ok(), "{own}");
    }
}

#[test]
fn a_body_of_another_size_or_type_is_refused_first() {
    let large = request(&[("origin", "null")], &"a".repeat(LARGEST_BODY + 1));
    assert_eq!(check_sender(&large, OWN).unwrap_err().code, Code::PayloadTooLarge);
    assert!(check_sender(&request(&[], &"a".repeat(LARGEST_BODY)), OWN).is_ok());
    for kind in ["", "text/plain", "application/json", "multipart/form-data; boundary=x", "application/x-www-form-urlencodedx"] {
        assert_eq!(refusal(&[("content-type", kind), ("origin", "null")]), Some(Code::MalformedParameter), "{kind}");
    }
    assert_eq!(refusal(&[("content-type", "Application/X-WWW-Form-URLEncoded; charset=UTF-8")]), None);
}

#[test]
fn a_form_names_an_account_or_the_store() {
    let wish = |body: &str| Form::read(&request(&[], body)).and_then(|form| form.wish(PLATFORMS));
    assert_eq!(wish("platform=facebook&account=12").unwrap(), Wish::Account(AccountId::parse(&PAGE, "12").unwrap()));
    let acme = || ShopDomain::parse("acme.myshopify.com").unwrap();
    assert_eq!(wish("platform=shopify&account=acme.myshopify.com").unwrap(), Wish::Store(acme(), false));
    assert_eq!(wish("platform=shopify&account=ACME.myshopify.com&uninstall=1").unwrap(), Wish::Store(acme(), true));
    for (body, code) in [
        ("", Code::MissingParameter),
        ("platform=facebook", Code::MissingParameter),
        ("account=12", Code::MissingParameter),
        ("platform=facebook&account=", Code::MissingParameter),
        ("platform=else&account=12", Code::MalformedParameter),
        ("platform=facebook&account=12a", Code::MalformedParameter),
        ("platform=facebook&account=acme.myshopify.com", Code::MalformedParameter),
        ("platform=shopify&account=acme", Code::MalformedParameter),
        ("platform=facebook&account=12&account=13", Code::RepeatedParameter),
        ("platform=facebook&account=%zz", Code::MalformedParameter),
    ] {
        assert_eq!(wish(body).unwrap_err().code, code, "{body}");
    }
}
