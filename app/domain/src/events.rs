//! What happened, for those who react to it. Written to the outbox in the transaction of the change; payloads carry ids only.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::ids::{EventId, PatientId};

/// What happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    /// Readings of a patient were added, changed, deleted or restored.
    ReadingsChanged,
    /// Meals of a patient were added, changed, deleted or restored.
    MealsChanged,
    /// Health records of a patient were added, changed, deleted or restored.
    RecordsChanged,
    /// A link of a patient began or ended.
    LinksChanged,
    /// A doctor marked a patient as reviewed, or undid it.
    PatientReviewed,
    /// A doctor passed a patient to a colleague, or that ended.
    HandoverChanged,
    /// A doctor who does not treat a patient opened their record in an emergency.
    EmergencyOpened,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 7] = [
        Self::ReadingsChanged,
        Self::MealsChanged,
        Self::RecordsChanged,
        Self::LinksChanged,
        Self::PatientReviewed,
        Self::HandoverChanged,
        Self::EmergencyOpened,
    ];

    /// Name in the outbox and routing key on the bus.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ReadingsChanged => "readings-changed",
            Self::MealsChanged => "meals-changed",
            Self::RecordsChanged => "records-changed",
            Self::LinksChanged => "links-changed",
            Self::PatientReviewed => "patient-reviewed",
            Self::HandoverChanged => "handover-changed",
            Self::EmergencyOpened => "emergency-opened",
        }
    }

    /// Reads [`EventKind::as_str`].
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id: a consumer that has seen it does nothing.
    pub id: EventId,
    /// What happened.
    pub kind: EventKind,
    /// To whose data.
    pub patient: PatientId,
    /// When, UTC.
    pub at: DateTime<Utc>,
}
