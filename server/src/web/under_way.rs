//! What a browser's session keeps from one page to the next: a code that was sent or typed, until it is used.

use app::context::SignInState;
use chrono::{DateTime, TimeDelta, Utc};
use domain::{
    Result,
    contact::Phone,
    ids::ChallengeId,
    ports::{Challenge, CodeOwner},
};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;

use super::session::{drop_value, get, put};

/// A sign-in under way.
const SIGN_IN: &str = "sign-in";
/// Another phone number on its way.
const NEW_PHONE: &str = "new-phone";
/// A doctor's code that was typed.
const CONNECTION: &str = "connection";

/// A sign-in under way: the code was sent, it has to be typed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SignIn {
    /// Given with the code.
    pub challenge: ChallengeId,
    /// Canonical.
    pub phone: String,
    /// For the page.
    pub phone_masked: String,
    /// When another code can be sent, UTC.
    pub resend_at: DateTime<Utc>,
    /// Where they wanted to go.
    pub next: Option<String>,
}

impl SignIn {
    /// The code of this challenge was sent to a phone now.
    pub fn begun(challenge: &Challenge, phone: &Phone, now: DateTime<Utc>, next: Option<String>) -> Self {
        Self {
            challenge: challenge.challenge_id,
            phone: phone.e164().to_owned(),
            phone_masked: phone.masked(),
            resend_at: now + TimeDelta::seconds(i64::from(challenge.resend_in)),
            next,
        }
    }

    /// As the page shows it.
    pub fn shown(self, now: DateTime<Utc>) -> SignInState {
        let left = (self.resend_at - now).num_seconds().max(0);
        SignInState { phone_masked: self.phone_masked, resend_in: u32::try_from(left).unwrap_or(0) }
    }
}

/// A doctor's code that was typed: the patient sees whose it is before they agree.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct TypedCode {
    /// As typed.
    pub code: String,
    /// Whose it is.
    pub owner: CodeOwner,
    /// From when on it cannot be used any more, UTC.
    pub until: DateTime<Utc>,
}

/// The sign-in under way.
pub async fn sign_in(session: &Session) -> Result<Option<SignIn>> {
    get(session, SIGN_IN).await
}

/// Notes a sign-in under way.
pub async fn begin_sign_in(session: &Session, sign_in: &SignIn) -> Result<()> {
    put(session, SIGN_IN, sign_in).await
}

/// It became a session.
pub async fn forget_sign_in(session: &Session) -> Result<()> {
    drop_value(session, SIGN_IN).await
}

/// Another phone number under way: the code was sent there.
pub async fn new_phone(session: &Session) -> Result<Option<SignIn>> {
    get(session, NEW_PHONE).await
}

/// Notes another phone number under way.
pub async fn begin_new_phone(session: &Session, under_way: &SignIn) -> Result<()> {
    put(session, NEW_PHONE, under_way).await
}

/// It is the person's now, or it never will be.
pub async fn forget_new_phone(session: &Session) -> Result<()> {
    drop_value(session, NEW_PHONE).await
}

/// The doctor's code that was typed, if it can still be used.
pub async fn connection(session: &Session, now: DateTime<Utc>) -> Result<Option<TypedCode>> {
    Ok(get::<TypedCode>(session, CONNECTION).await?.filter(|typed| typed.until > now))
}

/// Notes a doctor's code.
pub async fn keep_connection(session: &Session, typed: &TypedCode) -> Result<()> {
    put(session, CONNECTION, typed).await
}

/// It is used, or of no use.
pub async fn forget_connection(session: &Session) -> Result<()> {
    drop_value(session, CONNECTION).await
}
