//! The pages. Each is a type that holds what happened; its template renders HTML in the reader's
//! language and escapes every value.
//!
//! The templates are in `shared/templates`, the words in [`crate::texts`].

mod accounts_connected;
mod companion;
mod connections;
mod deletion;
mod error;
mod frame;
mod link;
mod name;
mod offer;
mod starting;
mod store_connected;
mod welcome;

pub use accounts_connected::{AccountsConnected, ConnectedAccount, LeftOutAccount};
pub use connections::{AccountEntry, Connections, StoreEntry, Times};
pub use deletion::DeletionStatus;
pub use error::ErrorPage;
pub(crate) use frame::content_security_policy;
pub use starting::{Asked, Starting};
pub use store_connected::{Count, StoreConnected};
pub use welcome::Welcome;

use crate::{facts::Brand, texts::Language};

/// A page for people.
pub trait Page {
    /// Renders the page in a language, under a brand.
    fn html(&self, language: Language, brand: &Brand) -> String;

    /// Whether it contains a form. A form without a referrer would be sent with `Origin: null`,
    /// which looks the same from a stranger's site.
    fn has_form(&self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests;
