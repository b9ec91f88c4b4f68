//! The conformance suite: every public function of `server::storage`, on both engines.

mod imports;
mod links;
mod meals;
mod otp;
mod panel;
mod people;
mod readings;
mod schema;
mod sessions;
mod trail;
