//! Looks at patients in an emergency.

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use crate::{Result, clock::Moment, contact::Phone, ids::PatientId, people::Actor};

/// A doctor's look at a patient who is not theirs, as the patient is told of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Emergency {
    /// The doctor's name.
    pub doctor: String,
    /// Their clinic.
    pub clinic: Option<String>,
    /// Why, in their words.
    pub reason: String,
    /// When it began.
    pub from: Moment,
    /// When it ends or ended.
    pub until: Moment,
}

/// Looks at patients in an emergency.
#[async_trait]
pub trait Emergencies: Send + Sync {
    /// Lets a doctor read the data of a patient who is not theirs, found by their whole phone number, for some hours. Needs a
    /// reason and a fresh proof; the patient is told.
    async fn open(&self, actor: &Actor, phone: &Phone, reason: &str) -> Result<PatientId>;
    /// Those in which the actor is the patient, newest first, at most 50.
    async fn of_me(&self, actor: &Actor) -> Result<Vec<Emergency>>;
}
