//! A platform, as the neutral code knows it. Its value is in the platform's own folder under
//! [`crate::providers`], and on the one list in `providers.rs`.
//!
//! A merchant *grants* access, and the *accounts* that the grant covers are linked to an identity:
//! a person's grant covers Pages. A platform whose accounts are the stores themselves has neither:
//! a store is the identity's root.

mod id;
mod kind;
mod list;
pub mod words;

pub use id::{AccountId, Addressee, Companion, CompanionId, GrantId, GrantedAccount, Subject};
pub use kind::{AccountKind, CompanionKind, FlowsOf, GrantKind, Platform, PublicLinks};
pub use list::Platforms;
