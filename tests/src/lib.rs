//! What the end-to-end tests, the benchmark and the local run stand on.
//!
//! The functions themselves are never linked here: they run as the built binaries, each polled by an emulated Lambda
//! Runtime API, against a real DynamoDB engine and providers that live on loopback.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "whatever goes wrong in here is a failed test or a failed start, and the panic says so"
)]

pub mod accept;
pub mod browser;
pub mod certificate;
pub mod chart;
pub mod chromium;
pub mod consent;
pub mod database;
pub mod diagram;
pub mod event_bus;
pub mod facebook;
pub mod faults;
pub mod front;
pub mod fuzz;
pub mod gate;
pub mod gateway;
pub mod golden;
pub mod inspect;
pub mod invoke_api;
pub mod lambda;
pub mod local;
pub mod outbox;
pub mod privileges;
pub mod provider;
pub mod random;
pub mod sample;
pub mod scenes;
pub mod schemas;
pub mod search;
pub mod secret_store;
pub mod settings;
pub mod shopify;
pub mod stored;
pub mod svg;
pub mod template;
pub mod world;
