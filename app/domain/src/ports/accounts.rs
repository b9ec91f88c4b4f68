//! Sign-in and one's own account.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    Result,
    contact::Phone,
    glucose::Unit,
    ids::{ChallengeId, SessionId, UserId},
    people::{Actor, Language, Me, Role},
};

/// From where a request comes, for limits and the list of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// The client's address, as told by the socket or a trusted proxy.
    pub address: Option<std::net::IpAddr>,
    /// What the device calls itself, at most 120 characters.
    pub device: Option<String>,
}

/// A one-time password was sent (or would have been: unknown and limited phones get the same answer).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Challenge {
    /// To be given back with the code.
    pub challenge_id: ChallengeId,
    /// Seconds until the code is too old.
    pub expires_in: u32,
    /// Seconds until another code can be sent.
    pub resend_in: u32,
}

/// Who signed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub user: UserId,
    /// What they are.
    pub role: Role,
}

/// The pair of tokens of a mobile session.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tokens {
    /// A signed JWT, good for `expires_in` seconds.
    pub access_token: String,
    /// Seconds.
    pub expires_in: u32,
    /// Opaque, good once.
    pub refresh_token: String,
    /// Whose.
    pub user: TokenUser,
}

/// Whose tokens they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenUser {
    /// Their id.
    pub id: UserId,
    /// What they are.
    pub role: Role,
}

/// A signed-in device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// Its session.
    pub id: SessionId,
    /// What it calls itself.
    pub name: Option<String>,
    /// When it signed in, UTC.
    pub signed_in_at: DateTime<Utc>,
    /// When it was last used, UTC.
    pub last_used_at: DateTime<Utc>,
    /// Whether it is the one asking.
    pub current: bool,
}

/// A change to one's own settings; absent fields stay.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MeChange {
    /// A name, parsed.
    pub name: Option<String>,
    /// Unit to read glucose in.
    pub unit: Option<Unit>,
    /// IANA time zone, parsed.
    pub time_zone: Option<chrono_tz::Tz>,
    /// Language.
    pub language: Option<Language>,
}

/// Sign-in and one's own account.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Sends a one-time password. The answer is the same for known, unknown, blocked and limited phones; a flood from one
    /// address, or over the day's budget, is [`Error::TooMany`](crate::Error::TooMany).
    async fn request_otp(&self, phone: &Phone, origin: &Origin) -> Result<Challenge>;
    /// Checks a code; exactly one caller wins. An unknown phone becomes a patient. Whatever is wrong (the code, its age, the
    /// challenge, a limit, somebody who may not sign in) is [`Error::Unauthenticated`](crate::Error::Unauthenticated).
    async fn verify_otp(&self, challenge: ChallengeId, phone: &Phone, code: &str, origin: &Origin) -> Result<SignedIn>;
    /// Starts a browser session's record (the cookie is the door's business). What it may do before the second factor is
    /// proven, [`SecondFactor::standing`] says.
    async fn start_session(&self, user: UserId, origin: &Origin) -> Result<SessionId>;
    /// Starts a mobile session and gives its tokens; they let nobody in who lacks a second factor
    /// ([`SecondFactor::next_step`]).
    async fn start_tokens(&self, user: UserId, origin: &Origin) -> Result<Tokens>;
    /// Exchanges a refresh token; a reused one ends its family.
    async fn refresh(&self, refresh_token: &str) -> Result<Tokens>;
    /// Whom a session acts as; the role comes from the database, an ended session from nowhere. One that lacks its second
    /// factor acts as nobody.
    async fn actor(&self, session: SessionId) -> Result<Actor>;
    /// Whom an access token acts as.
    async fn bearer(&self, access_token: &str) -> Result<Actor>;
    /// Ends one of the actor's own sessions; effective everywhere within a second.
    async fn end_session(&self, actor: &Actor, session: SessionId) -> Result<()>;
    /// The signed-in devices.
    async fn devices(&self, actor: &Actor) -> Result<Vec<Device>>;
    /// Oneself.
    async fn me(&self, actor: &Actor) -> Result<Me>;
    /// Changes one's own settings.
    async fn change_me(&self, actor: &Actor, change: MeChange) -> Result<Me>;
    /// Sends a code to the number that the actor wants to sign in with from now on; needs a fresh proof. The answer is the same
    /// whosever the number is.
    async fn begin_phone_change(&self, actor: &Actor, phone: &Phone, origin: &Origin) -> Result<Challenge>;
    /// Makes it their number, by that code and in the session that asked for it; ends all their other sessions and tells the old
    /// number. A wrong code is [`Error::Unauthenticated`](crate::Error::Unauthenticated); whoever has the right one for a number
    /// that is somebody else's is told [`Error::Conflict`](crate::Error::Conflict).
    async fn change_phone(
        &self,
        actor: &Actor,
        challenge: ChallengeId,
        phone: &Phone,
        code: &str,
        origin: &Origin,
    ) -> Result<()>;
}
