//! The general messages, which the build generates from the word files beside this one: a module
//! per language. See the crate `ftl`.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
