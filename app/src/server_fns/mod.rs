//! How the browser asks for data: each function is one use case, called as the signed-in person.
//!
//! They are public endpoints (`POST /fn/...`): the door refuses foreign sites, the use case checks access.

pub mod account;
pub mod admin;
pub mod caregiver;
pub mod doctor;
pub mod patient;
pub mod reports;
