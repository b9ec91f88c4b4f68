//! The use cases of `domain::ports`: access first, then one transaction with its audit line and its event.

pub mod access;
pub mod accounts;
pub mod admin;
pub mod care_team;
pub mod following;
pub mod meals;
mod otp;
mod paging;
pub mod people;
pub mod readings;
mod write;

use std::sync::Arc;

use domain::clock::Clock;

use crate::{
    auth::{AuthSettings, LiveSessions},
    cache::Cache,
    crypto::{Keyring, PurposeKeys},
    messages::CodeSender,
    storage::Store,
};

/// What the use cases stand on. Cheap to clone.
#[derive(Clone)]
pub struct Deps {
    /// The database.
    pub store: Store,
    /// Seals and opens.
    pub keys: Arc<Keyring>,
    /// Blind index and code keys.
    pub purposes: Arc<PurposeKeys>,
    /// What is worth computing once.
    pub cache: Cache,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Limits and token keys.
    pub auth: Arc<AuthSettings>,
    /// Who is signed in.
    pub sessions: Arc<LiveSessions>,
    /// Carries one-time passwords.
    pub codes: Arc<dyn CodeSender>,
}
