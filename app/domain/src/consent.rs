//! Links between a patient and those who may see their data: who asked, who agreed, for which data, until when.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    glucose::choice,
    ids::{LinkId, PatientId, UserId},
    people::{Language, Role},
};

choice! {
    /// What a link is for.
    LinkKind {
        /// A doctor who treats the patient.
        Care = "CARE",
        /// A caregiver whom the patient invited.
        Family = "FAMILY",
    }
}

choice! {
    /// Where a link stands.
    LinkStatus {
        /// Asked for, not yet agreed to.
        Pending = "PENDING",
        /// In force.
        Active = "ACTIVE",
        /// Left, removed or declined.
        Ended = "ENDED",
    }
}

choice! {
    /// Data that a patient grants a caregiver one by one.
    DataType {
        /// Glucose readings, the curve and figures made from them.
        Glucose = "GLUCOSE",
        /// Meals.
        Meals = "MEALS",
        /// Alerts.
        Alerts = "ALERTS",
        /// Health records: reports of laboratories, medicines, weight, blood pressure.
        Records = "RECORDS",
    }
}

/// Version of the words that a person agrees to; the words are in `app/locales`, and every version of them in the tests.
pub const CONSENT_TEXT_VERSION: &str = "2026-11.3";

/// Consent that a patient gave or withdrew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ConsentLine {
    /// Its id.
    pub id: Uuid,
    /// When, UTC.
    pub at: DateTime<Utc>,
    /// Given, or withdrawn.
    pub given: bool,
    /// What for.
    pub purpose: LinkKind,
    /// What the one who was let in is.
    pub role: Option<Role>,
    /// Their name: a doctor's own, a caregiver's as the patient calls them.
    pub name: Option<String>,
    /// Which data.
    pub data_types: Vec<DataType>,
    /// Version of the words.
    pub text_version: String,
    /// Language of the words.
    pub language: Language,
    /// Until when, UTC.
    pub until: Option<DateTime<Utc>>,
}

/// A link as its two sides see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Link {
    /// Its id.
    pub id: LinkId,
    /// What it is for.
    pub kind: LinkKind,
    /// Where it stands.
    pub status: LinkStatus,
    /// Whose data.
    pub patient: PatientId,
    /// Who may see it.
    pub viewer: UserId,
    /// The other side's name, or their masked phone number before they gave a name.
    pub name: String,
    /// The other side's clinic, for a doctor.
    pub clinic: Option<String>,
    /// What may be seen.
    pub data_types: Vec<DataType>,
    /// Whether the one who reads this is asked to agree.
    pub awaits_me: bool,
    /// Since when it is in force, UTC.
    pub since: Option<DateTime<Utc>>,
    /// When it ends by itself, UTC.
    pub until: Option<DateTime<Utc>>,
}
