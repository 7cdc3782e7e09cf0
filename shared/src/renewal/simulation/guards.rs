//! Proves that the simulation has teeth: with a guard removed it finds the harm, in far fewer
//! schedules than it runs with all of them.
//!
//! Removing either of two guards does no harm by itself. Rereading the record after a 401 only
//! saves a round: marking a death requires the version too (without both, live pairs are marked).
//! And a refresh token sent on a lease that ends during the call retires nothing newer; two calls
//! merely overlap. For a code it is different.

use super::{
    run,
    schedule::{Schedule, Setting},
    tables::Guards,
};

const DEAD: &str = "the stored refresh token is dead";
const LINK_LOST: &str = "a link was refused within the time of its lease";
const MARKED: &str = "a usable pair was marked as dead";
const REVIVED: &str = "a link revived what had ended meanwhile";
const OVERLAP: &str = "two asked Shopify at once";

const ALL: Guards = Guards::ALL;
const HARM: Setting = Setting { harm_only: true, ..Setting::PLAIN };
/// Some guards only matter for late arrivals.
const ECHOING: Setting = Setting { echoing: true, ..HARM };

/// Asserts that one of this many schedules does this harm.
fn finds(what: &str, among: u64, setting: Setting, guards: Guards) {
    let setting = Setting { guards, ..setting };
    let found = (0..among).any(|seed| Schedule::of_seed(seed, setting).is_err_and(|violation| violation.what == what));
    assert!(found, "not found in {among} schedules without a guard: {what}");
}

#[test]
fn a_pair_saved_unconditionally_is_found() {
    finds(DEAD, 5_000, HARM, Guards { save_version: false, save_lease: false, ..ALL });
}

#[test]
fn a_pair_saved_without_its_lease_is_found() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { save_lease: false, ..ALL });
}

#[test]
fn a_pair_saved_over_another_version_is_found() {
    finds(DEAD, 30_000, ECHOING, Guards { save_version: false, ..ALL });
}

#[test]
fn an_unconditional_link_is_found() {
    finds(DEAD, 5_000, HARM, Guards { link_version: false, link_lease: false, ..ALL });
}

#[test]
fn a_link_without_its_lease_is_found() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { link_lease: false, ..ALL });
}

#[test]
fn a_link_over_another_version_is_found() {
    finds(DEAD, 30_000, ECHOING, Guards { link_version: false, ..ALL });
}

#[test]
fn a_link_that_revives_an_ended_one_is_found() {
    finds(REVIVED, 2_000, HARM, Guards { generation: false, ..ALL });
}

#[test]
fn a_death_marked_over_another_version_is_found() {
    finds(MARKED, 30_000, HARM, Guards { condemn_version: false, ..ALL });
}

#[test]
fn concurrent_links_and_renewals_are_found() {
    finds(LINK_LOST, 2_000, HARM, Guards { one_lease: false, ..ALL });
}

#[test]
fn unguarded_leases_are_found() {
    finds(LINK_LOST, 1_000, HARM, Guards { exclusive: false, ..ALL });
}

#[test]
fn a_lease_shortened_by_an_earlier_attempt_is_found() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { never_shorter: false, ..ALL });
}

#[test]
fn a_code_sent_on_an_expiring_lease_is_found() {
    finds(OVERLAP, 1_000, Setting::PLAIN, Guards { link_lasts: false, ..ALL });
}

#[test]
fn a_refresh_token_sent_on_an_expiring_lease_overlaps_harmlessly() {
    let guards = Guards { renewal_lasts: false, ..ALL };
    finds(OVERLAP, 1_000, Setting::PLAIN, guards);
    run(0..2_000, Setting { guards, ..HARM });
}

#[test]
fn a_record_not_reread_is_covered_by_its_version() {
    run(0..2_000, Setting { guards: Guards { read_again: false, ..ALL }, ..HARM });
    finds(MARKED, 30_000, ECHOING, Guards { read_again: false, condemn_version: false, ..ALL });
}
