//! Every call of the flow × every way in which it can fail: the contract's answer, nothing half-written, and the next try works.

mod database;
mod facebook;
mod hang;
mod shopify;
mod storage_steps;

use e2e::faults::Fault;

use crate::support::Dump;

/// The faults that need no waiting, and besides the matrix an answer that is lost after the provider did its part.
fn quick_faults() -> Vec<(&'static str, Fault)> {
    let mut faults = Fault::matrix();
    faults.retain(|(_, fault)| !matches!(fault, Fault::Hang));
    faults.push(("lost reply", Fault::LostReply));
    faults
}

/// Everything but the memory of used states.
fn without_flows(dump: Dump) -> Dump {
    dump.into_iter().filter(|((_, pk, _), _)| !pk.starts_with("flow#")).collect()
}
