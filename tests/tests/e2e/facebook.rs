//! The Facebook flow from a linked store to its Pages, as the contract describes it.

mod answers;
mod back;
mod callback;
mod events;
mod holders;
mod instagram;
mod limits;
mod lists;
mod login;
mod messages;
mod partial;
mod routing;
mod session;
