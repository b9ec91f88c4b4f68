//! What a person may ask of the service about their own data: all of it in one file, and its erasure.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    Result,
    consent::ConsentLine,
    ids::UserId,
    people::Actor,
    targets::{Goals, StoredChange},
};

/// How long an erasure can be taken back.
pub const ERASURE_GRACE: TimeDelta = TimeDelta::days(7);

/// What is known of somebody besides what they logged.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Profile {
    /// Their id.
    pub id: UserId,
    /// What they are.
    pub role: &'static str,
    /// Their name.
    pub name: Option<String>,
    /// Their phone number, whole.
    pub phone_number: String,
    /// The unit they read glucose in.
    pub unit: &'static str,
    /// Their IANA time zone.
    pub time_zone: String,
    /// Their language.
    pub language: &'static str,
    /// Year of birth, of a patient who gave it.
    pub birth_year: Option<i32>,
    /// By what a patient's figures are judged.
    pub goals: Option<Goals>,
    /// When the file was asked for, UTC.
    pub exported_at: DateTime<Utc>,
}

/// A person's rights over their own data.
#[async_trait]
pub trait Rights: Send + Sync {
    /// Begins a full export; the rest is read through the use cases that show it.
    async fn begin_export(&self, actor: &Actor) -> Result<Profile>;
    /// Asks for everything to be erased once [`ERASURE_GRACE`] is over; gives when. Asked twice, the first stands. Staff are
    /// removed by an admin.
    async fn ask_erasure(&self, actor: &Actor) -> Result<DateTime<Utc>>;
    /// When everything is going to be erased, if it was asked for.
    async fn erasure(&self, actor: &Actor) -> Result<Option<DateTime<Utc>>>;
    /// What one agreed to and took back, newest first, at most so many.
    async fn consents(&self, actor: &Actor, most: u32) -> Result<Vec<ConsentLine>>;
    /// Who set which targets for oneself, newest first.
    async fn targets(&self, actor: &Actor) -> Result<Vec<StoredChange>>;
    /// Takes an erasure back.
    async fn keep(&self, actor: &Actor) -> Result<()>;
}
