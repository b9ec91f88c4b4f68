//! The second factor, and fresh proofs of who one is.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::{Challenge, Origin, SignedIn, Tokens};
use crate::{
    Result,
    ids::{ChallengeId, SessionId, UserId},
    people::Actor,
};

/// What a session may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Everything that is its person's to do.
    Full,
    /// Nothing but prove the second factor.
    SecondFactor,
    /// Nothing but set up a second factor: staff have to have one.
    Enrol,
}

/// What a sign-in by one-time password still lacks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextStep {
    /// Nothing.
    Done,
    /// The second factor: a code, with this challenge, within so many seconds.
    SecondFactor {
        /// To be given back with the code.
        challenge: ChallengeId,
        /// Seconds.
        expires_in: u32,
    },
    /// A second factor has to be set up first.
    Enrol,
}

/// Somebody's second factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SecondFactorState {
    /// None yet: what an authenticator app is given.
    Setup {
        /// As people type it.
        secret: String,
        /// As an app scans it: SVG.
        qr: String,
    },
    /// In force.
    On {
        /// Unused recovery codes.
        codes_left: u32,
        /// Whether its owner may take it away: staff may not.
        removable: bool,
    },
}

/// The second factor: an authenticator app, recovery codes, and fresh proofs of identity.
#[async_trait]
pub trait SecondFactor: Send + Sync {
    /// Whom a session acts as, and what it may do.
    async fn standing(&self, session: SessionId) -> Result<(Actor, Standing)>;
    /// What a sign-in by one-time password still lacks.
    async fn next_step(&self, signed_in: &SignedIn) -> Result<NextStep>;
    /// Ends a sign-in of the app that lacked the second factor.
    async fn finish_tokens(&self, challenge: ChallengeId, code: &str, origin: &Origin) -> Result<Tokens>;
    /// Proves the second factor (a code of the app, or a recovery code) for a session. A wrong code is
    /// [`Error::Unauthenticated`](crate::Error::Unauthenticated), one guess too many
    /// [`Error::TooMany`](crate::Error::TooMany).
    async fn prove(&self, actor: &Actor, code: &str) -> Result<()>;
    /// Whether a session's fresh proof is the second factor (else a one-time password).
    async fn proves_by_app(&self, actor: &Actor) -> Result<bool>;
    /// Sends a one-time password to the actor's own phone, to prove anew who they are.
    async fn send_proof(&self, actor: &Actor, origin: &Origin) -> Result<Challenge>;
    /// Proves by it who they are; nobody with a second factor can.
    async fn prove_by_phone(&self, actor: &Actor, challenge: ChallengeId, code: &str) -> Result<()>;
    /// One's own second factor. If there is none a secret is made, and shown again until it is confirmed.
    async fn state(&self, actor: &Actor) -> Result<SecondFactorState>;
    /// Puts it in force by a code of the app; gives the recovery codes, this once.
    async fn confirm(&self, actor: &Actor, code: &str) -> Result<Vec<String>>;
    /// New recovery codes in place of all earlier ones; needs a fresh proof.
    async fn renew_codes(&self, actor: &Actor) -> Result<Vec<String>>;
    /// Takes one's own second factor away; needs a fresh proof; not for staff.
    async fn remove(&self, actor: &Actor) -> Result<()>;
    /// An admin takes somebody else's away, who lost it, and ends their sessions; needs a fresh proof.
    async fn reset(&self, actor: &Actor, user: UserId) -> Result<()>;
    /// In development, shows the code that the demonstration's staff would read off their app. Nothing elsewhere.
    async fn show_demo_code(&self, user: UserId) -> Result<()>;
}
