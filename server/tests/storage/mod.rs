//! The conformance suite: every public function of `server::storage`, on both engines.

mod links;
mod otp;
mod people;
mod schema;
mod sessions;
mod trail;
