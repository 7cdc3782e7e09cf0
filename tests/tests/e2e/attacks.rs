//! Attacks on the link between a store and its Pages, each named with its source. RFC 9700 is "Best Current Practice for OAuth 2.0
//! Security"; BCP 6265bis the cookie specification.

mod cookies;
mod linking;
mod lists;
mod named;
