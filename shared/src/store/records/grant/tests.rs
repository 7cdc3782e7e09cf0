use super::*;
use crate::{
    providers::facebook::PAGE,
    store::records::samples::{account_id, grant_id},
};

#[test]
fn the_index_has_a_grant_by_platform_and_id() {
    assert_eq!(grant_id("7").mark(), "facebook#7");
}

#[test]
fn progress_survives_a_round_trip_and_anything_else_is_none() {
    for step in [Step::Tokens, Step::Messages] {
        for after in [None, Some(account_id("102"))] {
            let progress = Progress { step, after };
            assert_eq!(Progress::read(&progress.written(), &PAGE), Some(progress));
        }
    }
    for other in ["", "tokens", "tokens#x", "else#1", "#", "tokens#1#2"] {
        assert_eq!(Progress::read(other, &PAGE), None, "{other}");
    }
}
