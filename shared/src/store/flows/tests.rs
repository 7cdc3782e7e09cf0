use super::*;
use crate::{Clock, clients::Clients, config::Vars, error::Code};

#[test]
fn a_code_is_sent_only_if_the_lease_outlasts_the_exchange() {
    let clock = Clock::fixed(1_700_000_000);
    // Makes no call: the claim knows when the lease ends.
    let vars = Vars::from_pairs([("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("SESSIONS_TABLE", "sessions")]);
    let sessions = Sessions::from_vars(&vars, &Clients::default(), clock.clone()).unwrap();
    let claim = Claim {
        platform: &crate::providers::shopify::PLATFORM,
        key: Key::in_sessions(""),
        nonce: String::new(),
        id: String::new(),
        leased: true,
        lease_until: clock.now_millis() + 15_000,
        stale: Vec::new(),
    };
    let needed = Duration::from_secs(6);
    clock.advance(Duration::from_secs(9));
    assert!(sessions.check_lease(&claim, needed).is_ok());
    clock.advance(Duration::from_millis(1));
    assert_eq!(sessions.check_lease(&claim, needed).unwrap_err().code, Code::StorageUnavailable);
}

#[test]
fn a_flow_is_in_flight_until_it_ends_or_must_have_died() {
    let flows = |name: &str, outcome: Outcome| {
        let state = Row::default().with(&USED_STATE_ENDS, 1000).with(&OUTCOME, outcome);
        Row::default().with(&Attribute::dynamic(name.to_owned()), state)
    };
    let is_in_flight = |flows: Row, now| is_in_flight(&flows, 30, now);
    assert!(is_in_flight(flows("c_x", Outcome::InFlight), 900) && is_in_flight(flows("c_x", Outcome::InFlight), 1029));
    assert!(!is_in_flight(flows("c_x", Outcome::InFlight), 1030));
    assert!(!is_in_flight(flows("c_x", Outcome::Linked), 900) && !is_in_flight(flows("c_x", Outcome::Failed), 900));
    assert!(!is_in_flight(flows("x", Outcome::InFlight), 900) && !is_in_flight(Row::default(), 0));
}
