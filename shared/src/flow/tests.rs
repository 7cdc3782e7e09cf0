use super::*;
use serde_json::json;

const SHOPIFY: &Platform = &crate::providers::shopify::PLATFORM;
const FACEBOOK: &Platform = &crate::providers::facebook::PLATFORM;

fn flow() -> Flow {
    Flow {
        secrets: SecretPair { current: Secret::new("0123456789abcdef0123456789abcdef"), previous: None },
        https: false,
        clock: Clock::fixed(1_700_000_000),
    }
}

fn request(cookie: Option<&str>) -> Request {
    Request::from_event(&json!({ "cookies": cookie.into_iter().collect::<Vec<_>>() }))
}

fn pair(begun: &Begun) -> String {
    begun.cookie.split(';').next().unwrap().to_owned()
}

fn code(result: Result<Returned, Error>) -> Code {
    result.unwrap_err().code
}

#[test]
fn a_flow_ends_in_the_browser_in_which_it_began() {
    let flow = flow();
    let begun = flow.begin(SHOPIFY, &request(None), b"acme".to_vec()).unwrap();
    let cookie = pair(&begun);
    let returned = flow.verify(SHOPIFY, &request(Some(&cookie)), &begun.state, |extra| extra == b"acme").unwrap();
    assert!(returned.check_age().is_ok());

    let other = pair(&flow.begin(SHOPIFY, &request(None), Vec::new()).unwrap());
    let doubled = format!("{cookie}; {cookie}");
    for wrong in [None, Some(other.as_str()), Some(doubled.as_str()), Some("browser_id=x")] {
        assert_eq!(code(flow.verify(SHOPIFY, &request(wrong), &begun.state, |_| true)), Code::InvalidState, "{wrong:?}");
    }
    assert_eq!(code(flow.verify(FACEBOOK, &request(Some(&cookie)), &begun.state, |_| true)), Code::InvalidState);
    assert_eq!(code(flow.verify(SHOPIFY, &request(Some(&cookie)), &begun.state, |_| false)), Code::InvalidState);
    assert_eq!(code(flow.verify(SHOPIFY, &request(Some(&cookie)), "x", |_| true)), Code::MalformedState);
}

#[test]
fn a_second_tab_keeps_the_cookie_and_a_broken_one_is_replaced() {
    let flow = flow();
    let first = flow.begin(SHOPIFY, &request(None), Vec::new()).unwrap();
    let second = flow.begin(SHOPIFY, &request(Some(&pair(&first))), Vec::new()).unwrap();
    assert_eq!(first.cookie, second.cookie);
    assert_ne!(first.state, second.state);
    for broken in ["browser_id=x".to_owned(), format!("{0}; {0}", pair(&first))] {
        assert_ne!(flow.begin(SHOPIFY, &request(Some(&broken)), Vec::new()).unwrap().cookie, first.cookie);
    }
}

#[test]
fn a_state_is_valid_from_its_time_until_its_lifetime_ends() {
    let flow = flow();
    let begun = flow.begin(FACEBOOK, &request(None), Vec::new()).unwrap();
    let cookie = pair(&begun);
    let verify = || flow.verify(FACEBOOK, &request(Some(&cookie)), &begun.state, |_| true).unwrap();
    flow.clock.advance(Duration::from_secs(300));
    assert!(verify().check_age().is_ok());
    flow.clock.advance(Duration::from_secs(1));
    assert_eq!(verify().check_age().unwrap_err().code, Code::ExpiredState);

    let early = Flow { clock: Clock::fixed(1_700_000_000 - 91), ..flow.clone() };
    assert_eq!(code(early.verify(FACEBOOK, &request(Some(&cookie)), &begun.state, |_| true)), Code::InvalidState);
    let nearly = Flow { clock: Clock::fixed(1_700_000_000 - 90), ..flow.clone() };
    assert!(nearly.verify(FACEBOOK, &request(Some(&cookie)), &begun.state, |_| true).is_ok());
}

#[test]
fn the_verifier_matches_the_challenge() {
    let flow = flow();
    let begun = flow.begin(FACEBOOK, &request(None), Vec::new()).unwrap();
    let returned = flow.verify(FACEBOOK, &request(Some(&pair(&begun))), &begun.state, |_| true).unwrap();
    assert_eq!(base64url(&Sha256::digest(returned.code_verifier.expose())), begun.code_challenge);
    // RFC 7636, appendix B.
    assert_eq!(base64url(&Sha256::digest(b"dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

#[test]
fn ten_thousand_states_are_all_different() {
    let flow = flow();
    let states: std::collections::HashSet<_> =
        (0..10_000).map(|_| flow.begin(SHOPIFY, &request(None), Vec::new()).unwrap().state).collect();
    assert_eq!(states.len(), 10_000);
}
