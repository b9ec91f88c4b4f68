//! SQL, written once for both engines. Functions take a [`Tx`] (to write) or a [`Store`] (one reading statement) first.
//!
//! No rules live here: who may, what a value means and what has to happen together are the services' business.

pub mod audit;
pub mod audit_chain;
pub mod clinics;
pub mod connections;
pub mod consents;
pub mod emergency;
mod engine;
mod entries;
pub mod erasures;
pub mod handovers;
pub mod imports;
pub mod inbox;
pub mod links;
pub mod meals;
pub mod otp;
pub mod outbox;
pub mod panel;
pub mod passkeys;
pub mod patient_keys;
pub mod purpose_keys;
pub mod readings;
pub mod record_files;
pub mod records;
pub mod refresh_tokens;
pub mod reviews;
mod rows;
pub mod saved_views;
pub mod sealed_values;
pub mod second_factor;
pub mod sessions;
pub mod standing;
pub mod tags;
pub mod targets;
pub mod time;
pub mod trail;
pub mod users;
pub mod web_sessions;

pub use engine::{Store, Tx};
pub(crate) use engine::{in_tx, on_store};
