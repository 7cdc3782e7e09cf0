//! The only list of providers. Each knows its own protocol and nothing of the others, of the tables or of replies.

pub mod facebook;
pub mod shopify;
pub mod versions;

use crate::flow::Platform;

/// All of them.
pub const PLATFORMS: [Platform; 2] = [shopify::PLATFORM, facebook::PLATFORM];
