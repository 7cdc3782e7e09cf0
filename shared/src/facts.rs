//! What there is to say, independent of language: texts put it into words, pages show it, and the
//! store keeps some of it.

mod brand;
mod deletion;
mod delivery;
mod linked;
mod next;
mod notice;

pub use brand::Brand;
pub use deletion::Deletion;
pub use delivery::{Messages, Messaging, ThreadRouting, Unready, noted};
pub use linked::{AccountState, Found, LeftOut, StoreState};
pub use next::{Errand, NextStep, Offer, Way};
pub use notice::{Notice, Permission, Registered, Uninstalled, Unsubscribed};
