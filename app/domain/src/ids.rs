//! Identifiers: one type per kind of thing, so that a reading's id cannot be passed where a patient's is meant.
//!
//! All are UUIDs; the ones we make are version 7 (RFC 9562), whose order is the order of their making.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    )* };
}

id! {
    /// Anyone who can sign in.
    UserId,
    /// A patient. The same number as their [`UserId`]: a patient is a user whose data this is.
    PatientId,
    /// One signed-in device: a browser session or a mobile token family.
    SessionId,
    /// A glucose reading.
    ReadingId,
    /// A meal.
    MealId,
    /// A health record.
    RecordId,
    /// A clinic.
    ClinicId,
    /// A link between a patient and a doctor or a caregiver.
    LinkId,
    /// An uploaded file of readings, from preview to undo.
    ImportId,
    /// A doctor's look at a patient in an emergency.
    EmergencyId,
    /// A doctor's tag.
    TagId,
    /// A doctor's saved view of the work list.
    ViewId,
    /// A patient's passing from one doctor to another.
    HandoverId,
    /// A passkey.
    PasskeyId,
    /// A challenge that waits for a passkey's signature.
    CeremonyId,
    /// A sent one-time password.
    ChallengeId,
    /// An event in the outbox.
    EventId,
}

impl From<UserId> for PatientId {
    fn from(user: UserId) -> Self {
        Self(user.0)
    }
}

impl From<PatientId> for UserId {
    fn from(patient: PatientId) -> Self {
        Self(patient.0)
    }
}
