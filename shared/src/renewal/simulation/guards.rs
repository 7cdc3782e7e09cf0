//! Shows that the simulation works: without a guard it finds the harm, in far fewer schedules than
//! it runs with all of them.
//!
//! Two guards cause no harm if only they are missing. Reading the record again after a 401 only
//! saves a check: marking a death also requires the version (without both, live pairs are marked).
//! And a refresh token sent on a lease that ends in between retires nothing newer; two calls merely
//! overlap. A code is different.

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
/// Some guards matter only for late arrivals.
const ECHOING: Setting = Setting { echoing: true, ..HARM };

/// Requires that one of this many schedules does this harm.
fn finds(what: &str, among: u64, setting: Setting, guards: Guards) {
    let setting = Setting { guards, ..setting };
    let found = (0..among).any(|seed| Schedule::of_seed(seed, setting).is_err_and(|violation| violation.what == what));
    assert!(found, "not found in {among} schedules without a guard: {what}");
}

#[test]
fn a_pair_saved_without_any_condition() {
    finds(DEAD, 5_000, HARM, Guards { save_version: false, save_lease: false, ..ALL });
}

#[test]
fn a_pair_saved_without_its_lease() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { save_lease: false, ..ALL });
}

#[test]
fn a_pair_saved_over_another_version() {
    finds(DEAD, 30_000, ECHOING, Guards { save_version: false, ..ALL });
}

#[test]
fn a_link_without_any_condition() {
    finds(DEAD, 5_000, HARM, Guards { link_version: false, link_lease: false, ..ALL });
}

#[test]
fn a_link_without_its_lease() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { link_lease: false, ..ALL });
}

#[test]
fn a_link_over_another_version() {
    finds(DEAD, 30_000, ECHOING, Guards { link_version: false, ..ALL });
}

#[test]
fn a_link_that_revives_what_ended() {
    finds(REVIVED, 2_000, HARM, Guards { generation: false, ..ALL });
}

#[test]
fn a_death_marked_over_another_version() {
    finds(MARKED, 30_000, HARM, Guards { condemn_version: false, ..ALL });
}

#[test]
fn links_and_renewals_side_by_side() {
    finds(LINK_LOST, 2_000, HARM, Guards { one_lease: false, ..ALL });
}

#[test]
fn leases_that_anyone_may_take() {
    finds(LINK_LOST, 1_000, HARM, Guards { exclusive: false, ..ALL });
}

#[test]
fn a_lease_made_shorter_by_an_earlier_try() {
    finds(LINK_LOST, 30_000, ECHOING, Guards { never_shorter: false, ..ALL });
}

#[test]
fn a_code_sent_on_a_lease_that_is_nearly_over() {
    finds(OVERLAP, 1_000, Setting::PLAIN, Guards { link_lasts: false, ..ALL });
}

#[test]
fn a_refresh_token_sent_on_a_lease_that_is_nearly_over_overlaps_and_does_no_harm() {
    let guards = Guards { renewal_lasts: false, ..ALL };
    finds(OVERLAP, 1_000, Setting::PLAIN, guards);
    run(0..2_000, Setting { guards, ..HARM });
}

#[test]
fn a_record_not_read_again_is_covered_by_its_version() {
    run(0..2_000, Setting { guards: Guards { read_again: false, ..ALL }, ..HARM });
    finds(MARKED, 30_000, ECHOING, Guards { read_again: false, condemn_version: false, ..ALL });
}
