//! The general messages, as the build reads them from the files of words beside this one: a module
//! for each language. See the crate `ftl`.

include!(concat!(env!("OUT_DIR"), "/texts.rs"));
