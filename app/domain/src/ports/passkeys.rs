//! Passkeys.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{Origin, SignedIn};
use crate::{
    Result,
    ids::{CeremonyId, PasskeyId, SessionId, UserId},
    people::Actor,
};

/// A challenge for a browser to have signed by a passkey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ceremony {
    /// To be given back with the answer.
    pub id: CeremonyId,
    /// What the browser's `navigator.credentials` gets, as JSON (W3C Web Authentication, section 5.1.8 and 5.1.9).
    pub options: String,
}

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CeremonyPurpose {
    /// A new passkey.
    Add,
    /// To prove who one is.
    Prove,
    /// To sign in.
    SignIn,
}

/// One of one's own passkeys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ShownPasskey {
    /// Its id.
    pub id: PasskeyId,
    /// The device it was made on.
    pub device: Option<String>,
    /// When it was made, UTC.
    pub created_at: DateTime<Utc>,
    /// When it was last used, UTC.
    pub last_used_at: Option<DateTime<Utc>>,
}

/// Passkeys: a sign-in and a proof of identity of their own, for everyone who wants one. A wrong answer is
/// [`Error::Unauthenticated`](crate::Error::Unauthenticated), and its challenge is used up. Where the service does not know
/// its own address there are none: [`Error::NotFound`](crate::Error::NotFound).
#[async_trait]
pub trait Passkeys: Send + Sync {
    /// The name of the host that passkeys are bound to, if there are any.
    fn host(&self) -> Option<String>;
    /// Whether somebody has one.
    async fn has_any(&self, user: UserId) -> Result<bool>;
    /// One's own, newest first.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<ShownPasskey>>;
    /// Begins a new one; needs a fresh proof. Twenty at most ([`Error::Conflict`](crate::Error::Conflict)).
    async fn begin_add(&self, actor: &Actor) -> Result<Ceremony>;
    /// Keeps it.
    async fn add(&self, actor: &Actor, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<()>;
    /// Takes one away; needs a fresh proof.
    async fn remove(&self, actor: &Actor, id: PasskeyId) -> Result<()>;
    /// Begins a proof of a session; [`Error::Conflict`](crate::Error::Conflict) for somebody without any.
    async fn begin_prove(&self, actor: &Actor) -> Result<Ceremony>;
    /// Ends it: the session has its second factor, and a fresh proof.
    async fn prove(&self, actor: &Actor, ceremony: CeremonyId, answer: &str) -> Result<()>;
    /// Begins a sign-in.
    async fn begin_sign_in(&self) -> Result<Ceremony>;
    /// Ends it: who it is, and their browser session, which lacks nothing.
    async fn sign_in(&self, ceremony: CeremonyId, answer: &str, origin: &Origin) -> Result<(SignedIn, SessionId)>;
}
