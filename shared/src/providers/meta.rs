//! What Meta's platforms share: the Graph API, its errors and limits, tokens, and what Meta signs.
//!
//! Source of each rule, unless named otherwise:
//! <https://developers.facebook.com/documentation/facebook-login/>.

pub mod debug_token;
mod ending;
mod errors;
pub mod exchange;
mod graph;
mod id;
pub mod messages;
mod permissions;
mod proof;
pub mod settings;
pub mod signed_request;
mod trouble;
mod usage;
pub mod versions;
pub mod webhook;

pub use ending::{end, end_as};
pub use errors::{Asking, GraphError, Setback, Verdict, classify};
pub use graph::{App, Graph};
pub use id::{account, digits, is_id, is_person};
pub use proof::appsecret_proof;
pub use usage::{Usage, exhaust, note, note_account};
