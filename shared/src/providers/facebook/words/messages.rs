//! The messages, as the build reads them from the files of words beside this one.

include!(concat!(env!("OUT_DIR"), "/facebook.rs"));
