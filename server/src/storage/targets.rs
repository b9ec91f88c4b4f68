//! By what a patient is judged, and who set that when.

use chrono::{DateTime, Utc};
use domain::{
    ids::{PatientId, UserId},
    people::Preset,
    targets::{Goals, OwnGoals},
};
use sqlx::Error;
use uuid::Uuid;

use super::{
    Store, Tx, in_tx, on_store,
    rows::{from_row, known},
    time::{from_ms, to_ms},
};

/// Newest changes that are read.
const MOST: i64 = 100;

/// The goals of the columns `preset` and `own_goals`; an adult's for a user who has no patient's row.
pub(super) fn goals(preset: Option<&str>, own: Option<&str>) -> Result<Goals, Error> {
    match own {
        Some(json) => known(serde_json::from_str::<OwnGoals>(json), "own_goals").map(Goals::Own),
        None => preset.map_or(Ok(Preset::Adult), |p| known(Preset::parse(p), "preset")).map(Goals::Preset),
    }
}

/// Sets by what a patient is judged; whether the patient has a row.
pub async fn set(tx: &mut Tx, patient: PatientId, goals: &Goals) -> Result<bool, Error> {
    let (preset, own) = match goals {
        Goals::Preset(preset) => (Some(preset.as_str()), None),
        Goals::Own(own) => (None, Some(json(own)?)),
    };
    let changed = in_tx!(tx, conn => sqlx::query(
        "UPDATE patients SET preset = COALESCE($2, preset), own_goals = $3 WHERE id = $1",
    )
    .bind(patient.0)
    .bind(preset)
    .bind(own)
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}

fn json(value: &impl serde::Serialize) -> Result<String, Error> {
    serde_json::to_string(value).map_err(|error| Error::Encode(error.into()))
}

/// Notes who set what.
pub async fn note(
    tx: &mut Tx,
    id: Uuid,
    patient: PatientId,
    by: UserId,
    goals: &Goals,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let goals = json(goals)?;
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO target_changes (id, patient_id, set_by, goals, at) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(id)
    .bind(patient.0)
    .bind(by.0)
    .bind(goals)
    .bind(to_ms(at))
    .execute(conn)
    .await
    .map(|_| ()))
}

/// A change, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// What was set.
    pub goals: Goals,
    /// When.
    pub at: DateTime<Utc>,
    /// Who set it.
    pub by: UserId,
    /// Their name, sealed for table `users`.
    pub name_sealed: Option<Vec<u8>>,
    /// Their phone number, sealed for table `users`.
    pub phone_sealed: Vec<u8>,
    /// When name or phone last changed, UTC milliseconds.
    pub updated_at: i64,
}

from_row!(Change, row => Ok(Self {
    goals: known(serde_json::from_str(row.try_get(0)?), "goals")?,
    at: from_ms(row.try_get(1)?),
    by: UserId(row.try_get(2)?),
    name_sealed: row.try_get(3)?,
    phone_sealed: row.try_get(4)?,
    updated_at: row.try_get(5)?,
}));

/// A patient's changes, newest first.
pub async fn history(store: &Store, patient: PatientId) -> Result<Vec<Change>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT c.goals, c.at, u.id, u.name_sealed, u.phone_sealed, u.updated_at
         FROM target_changes c JOIN users u ON u.id = c.set_by
         WHERE c.patient_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2",
    )
    .bind(patient.0)
    .bind(MOST)
    .fetch_all(pool)
    .await)
}
