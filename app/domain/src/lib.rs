//! ProCare's rules, with nothing around them.
//!
//! Map: who ([`people`], [`contact`], [`ids`]), who may ([`access`], [`consent`], [`connection`]), what is recorded ([`glucose`], [`meal`], [`records`]),
//! by what it is judged ([`targets`]),
//! what it means ([`metrics`], [`triage`], [`insights`], [`analytics`]), who looked ([`review`], [`trail`]), what a doctor keeps beside it ([`desk`]), how it is typed in ([`forms`], [`field`]), when ([`clock`]),
//! and the use cases that the doors call ([`ports`]).
//!
//! One rule: **no I/O here**. No clock, no randomness, no database, no network; they are passed in. The crate builds for
//! the browser too, so that a value is judged by the same code on both sides.
#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod access;
pub mod analytics;
pub mod clock;
pub mod connection;
pub mod consent;
pub mod contact;
pub mod desk;
pub mod error;
pub mod events;
pub mod field;
pub mod forms;
pub mod glucose;
pub mod ids;
pub mod insights;
pub mod meal;
pub mod metrics;
pub mod page;
pub mod people;
pub mod ports;
pub mod records;
pub mod review;
pub mod rights;
pub mod targets;
pub mod trail;
pub mod triage;

pub use error::{Error, Result};
