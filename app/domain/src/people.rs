//! Who uses the service, and as whom a request acts.

use serde::{Deserialize, Serialize};

use crate::{
    glucose::{Unit, choice},
    ids::{SessionId, UserId},
};

choice! {
    /// What someone is. Decides what they may do at most; a link decides with whom ([`crate::access`]).
    Role {
        /// Whose data it is.
        Patient = "PATIENT",
        /// Treats patients who are linked to them.
        Doctor = "DOCTOR",
        /// Follows patients who invited them.
        Caregiver = "CAREGIVER",
        /// Runs the service; reads no patient data by default.
        Admin = "ADMIN",
    }
}

impl Role {
    /// Whether someone works for the service or a clinic: they need a second factor, and are signed out sooner.
    pub fn is_staff(self) -> bool {
        matches!(self, Self::Doctor | Self::Admin)
    }
}

choice! {
    /// The languages that every page exists in.
    Language {
        /// English.
        English = "en",
        /// Hindi.
        Hindi = "hi",
    }
}

impl Language {
    /// By its own name.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Hindi => "हिन्दी",
        }
    }
}

choice! {
    /// Which ranges and targets a patient's figures are judged by (`metrics::range`).
    Preset {
        /// Adult, type 1 or 2.
        Adult = "ADULT",
        /// Older or at high risk of lows.
        OlderHighRisk = "OLDER_HIGH_RISK",
        /// Pregnancy, type 1.
        PregnancyType1 = "PREGNANCY_TYPE_1",
        /// Pregnancy, type 2 or gestational.
        PregnancyType2OrGestational = "PREGNANCY_TYPE_2_OR_GDM",
    }
}

/// As whom a request acts. Made by the doors from a checked session or token, with the role read from the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// Who.
    pub user: UserId,
    /// What they are.
    pub role: Role,
    /// Through which signed-in device.
    pub session: SessionId,
}

/// The signed-in person, as their pages need them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Me {
    /// Their id.
    pub id: UserId,
    /// What they are.
    pub role: Role,
    /// Their name, once given.
    pub name: Option<String>,
    /// Their phone number with only the last digits.
    pub phone_masked: String,
    /// The unit they read glucose in.
    pub unit: Unit,
    /// Their IANA time zone.
    pub time_zone: String,
    /// Their language.
    pub language: Language,
    /// Whether they follow somebody: opens the caregiver's pages, whatever the role.
    pub follows: bool,
}
