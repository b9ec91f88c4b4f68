//! A patient's own row: by what their figures are judged, and where they stand on a work list.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use domain::{clock::DEFAULT_ZONE, ids::PatientId, targets::Goals};
use sqlx::Error;

use super::{Store, Tx, in_tx, on_store, rows::from_row, targets::goals, time::to_ms};

/// Under what a patient's data is read.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PatientTerms {
    /// Their time zone: it cuts the days.
    pub zone: Tz,
    /// By what it is judged.
    pub goals: Goals,
}

from_row!(PatientTerms, row => Ok(Self {
    // A zone that a later release of the zone database no longer knows must not hide the data.
    zone: row.try_get::<&str, _>(0)?.parse().unwrap_or(DEFAULT_ZONE),
    goals: goals(row.try_get(1)?, row.try_get(2)?)?,
}));

/// Zone and goals of a patient, in one statement. None if there is no such user.
pub async fn terms(store: &Store, patient: PatientId) -> Result<Option<PatientTerms>, Error> {
    on_store!(store, pool => sqlx::query_as(
        "SELECT u.time_zone, p.preset, p.own_goals FROM users u LEFT JOIN patients p ON p.id = u.id WHERE u.id = $1",
    )
    .bind(patient.0)
    .fetch_optional(pool)
    .await)
}

/// Keeps a standing (JSON). An older computation never overwrites a newer one. Whether the patient has a row.
pub async fn set(tx: &mut Tx, patient: PatientId, standing: &str, computed_at: DateTime<Utc>) -> Result<bool, Error> {
    let changed = in_tx!(tx, conn => sqlx::query(
        "UPDATE patients SET standing = $2, standing_at = $3
         WHERE id = $1 AND (standing_at IS NULL OR standing_at <= $3)",
    )
    .bind(patient.0)
    .bind(standing.to_owned())
    .bind(to_ms(computed_at))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(changed > 0)
}
