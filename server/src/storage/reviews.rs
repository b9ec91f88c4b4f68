//! When a doctor looked at a patient.

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{PatientId, UserId};
use sqlx::Error;
use uuid::Uuid;

use super::{Tx, in_tx, time::to_ms};

/// Notes a review, and on which local day the next one is due.
pub async fn add(
    tx: &mut Tx,
    id: Uuid,
    patient: PatientId,
    doctor: UserId,
    due_on: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    in_tx!(tx, conn => sqlx::query(
        "INSERT INTO reviews (id, patient_id, doctor_id, reviewed_at, due_on) VALUES ($1, $2, $3, $4, $5)")
        .bind(id)
        .bind(patient.0)
        .bind(doctor.0)
        .bind(to_ms(now))
        .bind(due_on.map(|day| day.to_string()))
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Undoes the doctor's newest review of the patient; whether there was one.
pub async fn undo_newest(tx: &mut Tx, patient: PatientId, doctor: UserId, now: DateTime<Utc>) -> Result<bool, Error> {
    let undone = in_tx!(tx, conn => sqlx::query(
        "UPDATE reviews SET undone_at = $3 WHERE id = (
             SELECT id FROM reviews WHERE patient_id = $1 AND doctor_id = $2 AND undone_at IS NULL
             ORDER BY reviewed_at DESC, id DESC LIMIT 1)",
    )
    .bind(patient.0)
    .bind(doctor.0)
    .bind(to_ms(now))
    .execute(conn)
    .await
    .map(|done| done.rows_affected()))?;
    Ok(undone > 0)
}
