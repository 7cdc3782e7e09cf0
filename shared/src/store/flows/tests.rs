use super::*;
use crate::{clients::Clients, clock::Clock, config::Vars, error::Code};

#[test]
fn a_code_goes_out_only_while_the_lease_outlasts_the_exchange() {
    let clock = Clock::fixed(1_700_000_000);
    // Nothing is called: the lease's end is known to the claim.
    let vars = Vars::from_pairs([("AWS_REGION", "us-east-1"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("SESSIONS_TABLE", "sessions")]);
    let sessions = Sessions::from_vars(&vars, &Clients::default(), clock.clone()).unwrap();
    let claim = Claim {
        key: String::new(),
        attribute: String::new(),
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
